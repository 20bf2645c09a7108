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

from archiver.importers.capture import Capture, Post
from archiver.importers.record import Record
from archiver.importers.writer import name_posts, write_coverage, write_posts

NOTES = "captures/imported.json"


class Holdings(Struct, frozen=True):
    """What a coverage's folder holds: the texts of its Markdown files by name, their names by the
    posts' own ids, the notes of the last import (`digests` of files as they were written, `captures`),
    and the names of all its other files.
    """

    texts: Mapping[str, str]
    ids: Mapping[str, str]
    notes: Mapping[str, Any]
    others: frozenset[str] = frozenset()


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
) -> Accession:
    """All that importing a capture into a coverage's folder changes there."""
    notes = holdings.notes
    names = name_posts(capture, zone, holdings.ids)
    texts = write_posts(capture, zone, names)
    kept = list(notes.get("captures") or [])
    files: dict[str, bytes] = {}
    for record in records:
        _keep_record(record, capture, files, kept, holdings)
    texts["coverage.md"] = write_coverage(capture, zone, kept)
    digests = dict(notes.get("digests") or {})
    told: dict[str, list[str]] = {"new": [], "changed": [], "same": [], "edited": []}
    for name, text in texts.items():
        state = _judge(name, text, holdings, digests)
        if state in ("new", "changed"):
            files[name] = text.encode()
            digests[name] = _digest(text.encode())
        if state == "changed" and (name != "coverage.md" or _says_else(text, holdings.texts[name])):
            files[_name_revision(name, capture, kept)] = holdings.texts[name].encode()
        elif state == "edited":
            files[_name_revision(name, capture, kept, "new")] = text.encode()
        if name != "coverage.md":
            told[state].append(name)
    files |= {f"media/{name}": data for name, data in media.items()}
    written = {"captures": kept, "digests": dict(sorted(digests.items()))}
    files[NOTES] = (json.dumps(written, ensure_ascii=False, indent=1) + "\n").encode()
    present = {path for path in files if path in holdings.others}
    kept_files = {
        path: data for path, data in files.items() if path not in present or path == NOTES
    }
    posts = {names[number]: post for number, post in enumerate(capture.posts)}
    return Accession(kept_files, posts, *(tuple(told[state]) for state in told))


def _judge(name: str, text: str, holdings: Holdings, digests: Mapping[str, str]) -> str:
    """Whether a file is new, the same, changed at its publisher, or edited here."""
    there = holdings.texts.get(name)
    if there is None:
        return "new"
    if there == text:
        return "same"
    return "changed" if digests.get(name) == _digest(there.encode()) else "edited"


def _says_else(text: str, other: str) -> bool:
    """Whether two texts of a coverage differ in more than the captures that they come from."""
    without = re.compile(r"^source:\n(?: .*\n)*", re.MULTILINE)
    return without.sub("", text) != without.sub("", other)


def _keep_record(
    record: Record,
    capture: Capture,
    files: dict[str, bytes],
    kept: list[dict[str, Any]],
    holdings: Holdings,
) -> None:
    """The record behind the record: its bytes by their digest, and what is known of them."""
    digest = _digest(record.data)
    if any(one.get("sha256") == digest for one in kept):
        return
    ending = "json" if record.looks_like_json else "html" if record.looks_like_html else "txt"
    path = f"captures/{digest[:16]}.{ending}"
    moment = record.captured.isoformat() if record.captured else ""
    known = {
        "file": path,
        "url": record.address or capture.url,
        "captured": moment,
        "format": capture.reader,
        "sha256": digest,
    }
    kept.append({name: value for name, value in known.items() if value})
    note = {**known, "name": record.name, "size": len(record.data)}
    files[path] = record.data
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
