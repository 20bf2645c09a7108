"""What an import would change in content/: files to write, and what is told of them. Nothing is written here.

A post's file is named once and found by its id ever after. A file that was edited since it was
imported is never written over: the new text is laid beside it, among the post's revisions.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from archiver.files import NOTES
from archiver.importers.capture import Capture, Post
from archiver.importers.merge import tell_pages
from archiver.importers.record import Record
from archiver.importers.writer import name_posts, write_coverage, write_posts


class Holdings(Struct, frozen=True):
    """What a coverage's folder holds: the texts of its Markdown files by name, their names by the
    posts' own ids, the notes of the last import (`digests` of files as they were written, `captures`,
    `doubts` about posts), and the names of all its other files; the names of those that are tombstones,
    and the digests of permalinks that are gone for good (see `model.Withdrawal`).
    """

    texts: Mapping[str, str]
    ids: Mapping[str, str]
    notes: Mapping[str, Any]
    others: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


class Accession(Struct, frozen=True):
    """Files to write, by path below the coverage's folder, and which posts are new, changed, the same,
    or edited by somebody since (those are left alone)."""

    files: dict[str, bytes]
    posts: dict[str, Post]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    edited: tuple[str, ...]


def plan_accession(
    capture: Capture,
    records: Iterable[Record],
    media: Mapping[str, bytes],
    holdings: Holdings,
    zone: ZoneInfo,
    names_of_media: Mapping[str, str] | None = None,
    pages: Iterable[tuple[int, int]] = (),
) -> Accession:
    """All that importing a capture into a coverage's folder changes there.

    `names_of_media` are files in media/ by the addresses that they were at; `pages` are those of the
    coverage that the captures are, each with how many there are.
    """
    notes = holdings.notes
    seen = {(int(page), int(of)) for page, of in notes.get("pages") or []} | set(pages)
    capture = replace(capture, missing=tell_pages(capture.missing, seen))
    names = name_posts(capture, zone, holdings.ids)
    texts = write_posts(capture, zone, names)
    kept = list(notes.get("captures") or [])
    kept += [dict(one) for one in capture.captures if dict(one) not in kept]
    files: dict[str, bytes] = {}
    digests = dict(notes.get("digests") or {})
    beside = dict(notes.get("beside") or {})
    texts["coverage.md"] = write_coverage(capture, zone, kept)
    tells = any(_tells(name, text, holdings, digests, beside) for name, text in texts.items())
    for record in records:
        if tells or not record.kept:
            _keep_record(record, capture, files, kept)
    texts["coverage.md"] = write_coverage(capture, zone, kept)
    posts = {names[number]: post for number, post in enumerate(capture.posts)}
    told: dict[str, list[str]] = {"new": [], "changed": [], "same": [], "edited": []}
    for name, text in texts.items():
        state = _judge(name, text, holdings, digests)
        if state in ("new", "changed"):
            files[name] = text.encode()
            digests[name] = _digest(text.encode())
        if state == "new" and name in posts:
            stem = name.removesuffix(".md")
            for file, earlier in posts[name].revisions.items():
                files[f"revisions/{stem}/{file}"] = earlier.encode()
        if state == "changed" and _says_else(name, text, holdings.texts[name]):
            files[_name_revision(name, capture, kept)] = holdings.texts[name].encode()
        elif state == "edited" and _tells(name, text, holdings, digests, beside):
            beside[name] = _digest(_drop_source(name, text).encode())
            files[_name_revision(name, capture, kept, "new")] = text.encode()
        if name != "coverage.md":
            told[state].append(name)
    files |= {f"media/{name}": data for name, data in media.items()}
    addresses = {**(notes.get("media") or {}), **(names_of_media or {})}
    addresses = {one: name for one, name in addresses.items() if is_of_the_web(one)}
    written: dict[str, Any] = {"captures": kept, "digests": dict(sorted(digests.items()))}
    if seen:
        written["pages"] = [list(one) for one in sorted(seen)]
    doubts = {**(notes.get("doubts") or {}), **dict.fromkeys(names.values())}
    doubts |= {names[number]: post.doubt for number, post in enumerate(capture.posts)}
    doubts = {name: doubt for name, doubt in doubts.items() if doubt}
    for note, known in (("beside", beside), ("doubts", doubts), ("media", addresses)):
        if known:
            written[note] = dict(sorted(known.items()))
    files[NOTES] = (json.dumps(written, ensure_ascii=False, indent=1) + "\n").encode()
    present = {path for path in files if path in holdings.others}
    kept_files = {
        path: data for path, data in files.items() if path not in present or path == NOTES
    }
    return Accession(kept_files, posts, *(tuple(told[state]) for state in told))


def _judge(name: str, text: str, holdings: Holdings, digests: Mapping[str, str]) -> str:
    """Whether a file is new, the same, changed at its publisher, or edited here."""
    there = holdings.texts.get(name)
    if there is None:
        return "new"
    if there == text:
        return "same"
    return "changed" if digests.get(name) == _digest(there.encode()) else "edited"


def _tells(
    name: str,
    text: str,
    holdings: Holdings,
    digests: Mapping[str, str],
    beside: Mapping[str, str],
) -> bool:
    """Whether a text says what no file here says yet: the file, or what was laid beside an edited one.

    What was fetched is kept where it does: pages differ from minute to minute in what no reader sees.
    """
    match _judge(name, text, holdings, digests):
        case "changed":
            return _says_else(name, text, holdings.texts[name])
        case "edited":
            return beside.get(name) != _digest(_drop_source(name, text).encode())
        case state:
            return state == "new"


def _says_else(name: str, text: str, other: str) -> bool:
    """Whether two texts differ: those of a coverage in more than the captures that they come from."""
    return _drop_source(name, text) != _drop_source(name, other)


def _drop_source(name: str, text: str) -> str:
    if name != "coverage.md":
        return text
    return re.sub(r"^source:\n(?: .*\n)*", "", text, flags=re.MULTILINE)


def list_known_media(holdings: Holdings) -> dict[str, str]:
    """The files in media/ that are there, by the addresses on the web that they were at."""
    known = holdings.notes.get("media")
    return {
        address: name
        for address, name in (known.items() if isinstance(known, dict) else ())
        if f"media/{name}" in holdings.others
    }


def is_of_the_web(address: str) -> bool:
    """Whether an address is the same wherever it stands."""
    return address.startswith(("http://", "https://"))


def _keep_record(
    record: Record,
    capture: Capture,
    files: dict[str, bytes],
    kept: list[dict[str, Any]],
) -> None:
    """The record behind the record: its bytes by their digest, and what is known of them."""
    data = record.kept or record.original or record.data
    digest = _digest(data)
    if any(one.get("sha256") == digest for one in kept):
        return
    ending = "json" if record.looks_like_json else "html" if record.looks_like_html else "txt"
    if record.kept:
        ending = "warc.gz"
    elif record.original and record.name.lower().endswith((".mhtml", ".mht")):
        ending = "mhtml"
    path = f"captures/{digest[:16]}.{ending}"
    moment = record.captured.isoformat() if record.captured else ""
    known = {
        "file": path,
        "url": record.address or capture.url,
        "captured": moment,
        "format": capture.reader,
        "tool": record.tool,
        "sha256": digest,
    }
    kept.append({name: value for name, value in known.items() if value})
    note = {**known, "name": record.name, "size": len(data)}
    files[path] = data
    files[f"captures/{digest[:16]}.{ending}.note.json"] = (
        json.dumps(note, ensure_ascii=False, indent=1) + "\n"
    ).encode()


def _name_revision(name: str, capture: Capture, kept: list[dict[str, Any]], kind: str = "") -> str:
    """Where an earlier text goes, named by the capture that it came from or that replaced it."""
    moment = f"{capture.captured:%Y-%m-%dT%H%M%SZ}" if capture.captured else f"{len(kept):03}"
    stem = name.removesuffix(".md")
    return f"revisions/{stem}/{moment}{'.' + kind if kind else ''}.md"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
