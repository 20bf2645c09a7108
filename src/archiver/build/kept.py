"""What is kept of a coverage from one build to the next."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import Struct

from archiver.diagnostics import Place, Problem
from archiver.load import Heading, Kept
from archiver.media import Judgement
from archiver.model import Link, Signature
from archiver.pages import Brief, Outline, Recent
from archiver.search import PartName
from archiver.staging import Written

Value = TypeVar("Value")
# By the paths of content files of other coverages: the answer when their pages were asked for.
Elsewhere = dict[str, str]


class Copy(Struct, frozen=True):
    """A file that was made of a picture, a path below the archive's root."""

    original: str
    file: Written


class Album(Struct, frozen=True):
    """The media of a coverage, as they were judged, and the copies of its pictures."""

    judgements: tuple[Judgement, ...] = ()
    copies: tuple[Copy, ...] = ()


class Developed(Struct, frozen=True, array_like=True):
    """The widths of the copies that were made of a picture with this digest by this recipe."""

    path: str
    signature: Signature | None
    digest: bytes
    recipe: bytes
    widths: tuple[int, ...]


class Gallery(Struct, frozen=True):
    """What is kept of a coverage's media. Judgements hold for the same `tools`, copies for others, too."""

    tools: bytes
    judgements: tuple[Judgement, ...] = ()
    developed: tuple[Developed, ...] = ()


class Summary(Struct, frozen=True):
    """What the site needs of a coverage. `aliases` says where the page of each older permalink is asked
    for; `unread` are files with errors of their own; `gone` are sealed permalinks without a page here, and
    `secret` what stands for permalinks that may not be told any more; `parts` are those of the index of
    words, `names` and `tags` how often each stands in the coverage."""

    slug: str
    path: str
    size: int
    outline: Outline | None = None
    problems: tuple[Problem, ...] = ()
    outward: tuple[Link, ...] = ()
    fragments: dict[str, tuple[str, ...]] = {}
    aliases: dict[str, Place] = {}
    elsewhere: Elsewhere = {}
    unread: frozenset[str] = frozenset()
    gone: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    parts: tuple[PartName, ...] = ()
    names: dict[str, int] = {}
    tags: dict[str, int] = {}


class Account(Struct, frozen=True):
    """A coverage as a build has left it: nothing of it need be looked at while all of this holds.

    `base` stands for archiver, the theme, the site's settings and the seals, `listing` for its files;
    `outputs` are the files that were made of it.
    """

    base: bytes
    listing: bytes
    outputs: tuple[Written, ...]
    summary: Summary


class Shelf(Struct, frozen=True):
    """What spares work in a coverage of which something has changed.

    Headings hold as long as the coverage's `zone` does, briefs (by slug) as long as `frame`. The entries
    stand in the `coverage.json` of this key in the order of `slugs`, after so many bytes of `head`.
    """

    tools: bytes
    zone: str
    frame: bytes
    headings: tuple[Heading, ...]
    briefs: dict[str, Brief]
    data: bytes
    head: int
    slugs: tuple[str, ...]
    revisions: tuple[Kept, ...] = ()


class Resource(Struct, frozen=True):
    """What is handed to the building of a coverage of the build before: the shelf and the gallery, still
    packed, the files that were made, the newest posts with what is known of them, and the parts of the
    index. `is_near` says that most of it should still hold."""

    shelf: bytes | None = None
    gallery: bytes | None = None
    outputs: tuple[Written, ...] = ()
    recent: tuple[Recent, ...] = ()
    posts: bytes | None = None
    parts: tuple[PartName, ...] = ()
    is_near: bool = False


def pack(value: Struct) -> bytes:
    """A value as a ledger keeps it."""
    return msgspec.msgpack.encode(value)


def unpack(packed: bytes | None, kind: type[Value]) -> Value | None:
    """A value of a ledger; None where it is none of this kind."""
    if packed is None:
        return None
    try:
        return msgspec.msgpack.decode(packed, type=kind)
    except (msgspec.MsgspecError, ValueError, OverflowError):
        return None
