"""Which captures of a coverage hold a post that was withdrawn: these are kept, and handed to nobody.

A capture is let through only where it is certain that the post is not in it: its posts have ids of their
own, of the same kind as in the content files (some are there), none of them is the withdrawn one, and
neither id nor address stands anywhere in what was captured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from html import escape
from pathlib import Path

from msgspec import Struct

from archiver.diagnostics import Report
from archiver.fields import ENTRY, Reading, read_fields
from archiver.files import RESERVED_FOLDERS, cut_folder, read_source
from archiver.importers.capture import Capture
from archiver.importers.readers import find_reader
from archiver.importers.record import Record
from archiver.importers.sources import SourceError, open_source
from archiver.matter import read_matter
from archiver.model import Origin
from archiver.times import find_zone

CAPTURES = "captures"
NOTE = ".note.json"
# What an import notes for the next one: names of files, and addresses of media.
_IMPORTED = "imported.json"


class Withheld(Struct, frozen=True):
    """A file in captures/ that holds a withdrawn post, or may: its path below the archive's root and
    the SHA-256 of its bytes in hexadecimal digits. `certain` says that the post was found in it."""

    path: str
    sha256: str
    certain: bool

    @property
    def is_note(self) -> bool:
        """Whether it is no capture, but what was noted of one, or of an import."""
        return self.path.endswith((NOTE, f"/{_IMPORTED}"))


def list_withheld_captures(root: Path, withdrawn: Iterable[str]) -> tuple[Withheld, ...]:
    """The files in captures/ that hold posts that were withdrawn, by the paths of these posts' files;
    sorted by path. A capture's note goes with it, and the notes of the imports with any.

    Where it can't be told (the post has no `source`, the capture cannot be read) it counts as held.
    """
    by_folder: dict[str, list[Origin]] = {}
    for post in sorted(withdrawn):
        by_folder.setdefault(cut_folder(post), []).append(read_origin(root, post))
    found: list[Withheld] = []
    for folder, origins in by_folder.items():
        files = [path for path in sorted((root / folder / CAPTURES).rglob("*")) if path.is_file()]
        known = _list_ids(root, folder).difference(origin.id for origin in origins)
        notes = {path for path in files if path.name.endswith(NOTE) or path.name == _IMPORTED}
        for path in files:
            if path in notes:
                continue
            held = _holds(path, origins, known)
            note = path.with_name(path.name + NOTE)
            if held is not False:
                withheld = (path, note) if note in notes else (path,)
                found += [_withhold(root, one, held is True) for one in withheld]
        found += [_withhold(root, path, False) for path in notes if path.name == _IMPORTED]
    return tuple(sorted(found, key=lambda one: one.path))


def read_origin(root: Path, path: str) -> Origin:
    """The id and address of a post at its publisher, as its file says."""
    source = read_source(root, path, Report())
    matter = read_matter(source, Report()) if source else None
    zone = find_zone("UTC")
    assert zone is not None, "tzdata holds UTC"
    if matter is None or "source" not in matter.fields:
        return Origin()
    fields = read_fields(
        {"source": matter.fields["source"]}, ENTRY, Reading(matter, zone, Report())
    )
    origin: Origin = fields.get("source") or Origin()
    return origin


def _list_ids(root: Path, folder: str) -> frozenset[str]:
    """The ids of all posts of a coverage at their publisher."""
    home = root / folder
    paths = (path.relative_to(home) for path in home.rglob("*.md"))
    posts = (path.as_posix() for path in paths if path.parts[0] not in RESERVED_FOLDERS)
    return frozenset(read_origin(root, f"{folder}/{path}").id for path in posts) - {""}


def _holds(path: Path, origins: Iterable[Origin], known: frozenset[str]) -> bool | None:
    """Whether a capture holds one of some posts; None where it can't be told. `known` are ids of others."""
    try:
        records = list(open_source(path))
    except SourceError:
        return None
    captures = [_read_capture(record) for record in records]
    answers = [_names(records, captures, origin, known) for origin in origins]
    if any(answers):
        return True
    return None if None in answers or not records else False


def _names(
    records: list[Record],
    captures: list[Capture | None],
    origin: Origin,
    known: frozenset[str],
) -> bool | None:
    """Whether records name a post by its id or address; None where they might without our knowing."""
    if not origin.id and not origin.url:
        return None
    for capture in captures:
        for post in capture.posts if capture else ():
            if (origin.id and post.id == origin.id) or (origin.url and post.url == origin.url):
                return True
    if any(_mentions(record, origin) for record in records):
        return True
    sure = all(
        capture is not None
        and capture.has_own_ids
        and all(post.id for post in capture.posts)
        and any(post.id in known for post in capture.posts)
        for capture in captures
    )
    return False if sure and origin.id else None


def _mentions(record: Record, origin: Origin) -> bool:
    """Whether an id or an address stands anywhere in a record, or in what was kept with it."""
    text = record.text
    names = [name for name in (origin.id, origin.url) if name]
    # In scripts a slash may have its backslash, in attributes an ampersand is spelled out.
    spelled = [one for name in names for one in (name, name.replace("/", "\\/"), escape(name))]
    if any(name in text for name in spelled):
        return True
    kept = record.resources.values()
    return any(name.encode() in data for data in kept for name in spelled)


def _read_capture(record: Record) -> Capture | None:
    """What a reader makes of a record; None where there is no post to be found in it."""
    reader = find_reader(record)
    capture = reader.read(record, None) if reader else None
    return capture if capture and capture.posts else None


def _withhold(root: Path, path: Path, certain: bool) -> Withheld:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Withheld(path.relative_to(root).as_posix(), digest, certain)
