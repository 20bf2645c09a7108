"""Pictures, films and sound that were kept with a capture, named by what is in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from urllib.parse import urljoin

from msgspec import Struct
from msgspec.structs import replace

from archiver.importers.capture import Block, Capture, Embedded, Listing, Medium, Quotation
from archiver.model import Media

# How the kinds that browsers show begin.
_BEGINNINGS: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"\xff\xd8\xff", 0, "jpg"),
    (b"GIF8", 0, "gif"),
    (b"WEBP", 8, "webp"),
    (b"ftypavif", 4, "avif"),
    (b"ftypavis", 4, "avif"),
    (b"ftypheic", 4, "heic"),
    (b"ftypheix", 4, "heic"),
    (b"ftypmif1", 4, "heic"),
    (b"ftypqt  ", 4, "mov"),
    (b"ftypM4V", 4, "m4v"),
    (b"ftypM4A", 4, "m4a"),
    (b"ftyp", 4, "mp4"),
    (b"\x1aE\xdf\xa3", 0, "webm"),
    (b"OggS", 0, "ogg"),
    (b"ID3", 0, "mp3"),
    (b"\xff\xfb", 0, "mp3"),
    (b"fLaC", 0, "flac"),
    (b"WAVE", 8, "wav"),
    (b"%PDF-", 0, "pdf"),
)


class Fetched(Struct, frozen=True):
    """The names of files by their whole addresses, and why others were not fetched, by the page's own."""

    names: dict[str, str]
    reasons: dict[str, str]


class Kept(Struct, frozen=True):
    """A capture whose media that are there point into media/, those files by their names, and the
    names by the addresses of the web that they were at."""

    capture: Capture
    files: dict[str, bytes]
    names: dict[str, str]
    lost: tuple[str, ...]


def keep_media(
    capture: Capture, resources: Mapping[str, bytes], known: Mapping[str, str] | None = None
) -> Kept:
    """Name each medium that is among the resources after its digest; what is not there stays a gap.

    `known` are names of files that are kept already, by their whole addresses on the web.
    """
    known = known or {}
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    lost: list[str] = []

    def find(address: str) -> str:
        spelled = _spell(address, capture.url)
        data = next((found for one in spelled if (found := resources.get(one)) is not None), None)
        if data and find_ending(data):
            name = name_medium(data)
            files[name] = data
        elif spelled[1] in known:
            name = known[spelled[1]]
        else:
            lost.append(address)
            return address
        names[spelled[1]] = name
        return f"media/{name}"

    for path in capture.files:
        parts = path.split("/")
        data = resources.get(path)
        if data and parts[0] == "media" and not {"", ".", ".."} & set(parts) and "\\" not in path:
            files[path.removeprefix("media/")] = data
        else:
            lost.append(path)
    for path, address in capture.origins.items():
        if path.removeprefix("media/") in files:
            names[address] = path.removeprefix("media/")
    posts = tuple(replace(post, blocks=_rewrite(post.blocks, find)) for post in capture.posts)
    introduction = _rewrite(capture.introduction, find)
    kept = replace(capture, posts=posts, introduction=introduction)
    return Kept(kept, files, names, tuple(dict.fromkeys(lost)))


def name_medium(data: bytes) -> str:
    """The name of a file, by its digest, with the ending that its first bytes ask for."""
    return f"{hashlib.sha256(data).hexdigest()[:16]}.{find_ending(data)}"


def find_ending(data: bytes) -> str:
    """The ending that a file's first bytes ask for; empty where no browser shows it."""
    for beginning, place, ending in _BEGINNINGS:
        if data[place : place + len(beginning)] == beginning:
            return ending
    return ""


def _spell(address: str, home: str) -> tuple[str, ...]:
    """How resources may name an address: as it is, as seen from the page, and without its query."""
    try:
        whole = urljoin(home, address) if home else address
    except ValueError:
        whole = address
    return address, whole, address.partition("?")[0]


def _rewrite(blocks: tuple[Block, ...], find: Callable[[str], str]) -> tuple[Block, ...]:
    return tuple(_rewrite_block(block, find) for block in blocks)


def _rewrite_block(block: Block, find: Callable[[str], str]) -> Block:
    match block:
        case Medium():
            return replace(block, address=find(block.address))
        case Listing(items):
            return replace(block, items=tuple(_rewrite(item, find) for item in items))
        case Quotation(blocks):
            return replace(block, blocks=_rewrite(blocks, find))
        case Embedded(embed) if embed.media:
            media = tuple(_rewrite_media(medium, find) for medium in embed.media)
            return Embedded(replace(embed, media=media))
        case _:
            return block


def _rewrite_media(medium: Media, find: Callable[[str], str]) -> Media:
    return replace(medium, address=find(medium.address)) if not medium.href else medium
