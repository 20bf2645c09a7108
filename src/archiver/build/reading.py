"""The files of a coverage read, but for those that are known from an earlier build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from archiver.build.kept import Shelf
from archiver.build.settled import digest_files, is_settled
from archiver.diagnostics import Report
from archiver.files import Folder, read_source
from archiver.load import Heading, Kept, Manuscripts, Overview, Remembered, move_entry, read_heading
from archiver.media import Judgement
from archiver.model import Byline
from archiver.regular import sign_file
from archiver.workers import map_jobs

_HEADINGS_A_JOB = 500


class Reader(Struct, frozen=True):
    """How the headings of a coverage are read. `clock` is the file system's when the build began."""

    root: Path
    folder: Folder
    zone: ZoneInfo
    clock: int
    manuscripts: Manuscripts

    def read(self, paths: Sequence[str]) -> list[Heading]:
        """The headings of some files."""
        slug = self.folder.slug
        return [
            settle(read_heading(path, slug, self.zone, self.manuscripts), self.clock)
            for path in paths
        ]


def read_headings(reader: Reader, shelf: Shelf | None, jobs: int) -> list[Heading]:
    """The headings of all files of a coverage, in the order of their paths."""
    found: dict[str, Heading] = {}
    restorer = Restorer(reader.folder, reader.zone)
    if shelf is not None and shelf.zone == reader.zone.key:
        found = {
            heading.path: restorer.restore(heading)
            for heading in shelf.headings
            if heading.signature and heading.signature == sign_file(f"{reader.root}/{heading.path}")
        }
    new = [path for path in reader.folder.entries if path not in found]
    parts = [new[n : n + _HEADINGS_A_JOB] for n in range(0, len(new), _HEADINGS_A_JOB)]
    if jobs == 1:
        for part in parts:
            found |= {heading.path: heading for heading in reader.read(part)}
    else:
        sizes = [len(part) for part in parts]
        for packed in map_jobs(_read_packed, reader, parts, sizes, jobs):
            headings, texts = _HEADINGS.decode(packed)
            found |= {heading.path: restorer.restore(heading) for heading in headings}
            reader.manuscripts.remember(texts)
    return [found[path] for path in reader.folder.entries]


def keep_revisions(root: Path, folder: Folder, clock: int, shelf: Shelf | None) -> list[Kept]:
    """The files of all earlier texts of a coverage: of those that changed, the digest is another."""
    known = {kept.path: kept for kept in shelf.revisions} if shelf else {}
    found: list[Kept] = []
    for path in folder.revisions:
        kept = known.get(path)
        if kept is None or not kept.signature or kept.signature != sign_file(f"{root}/{path}"):
            kept = keep_revision(root, path)
            if not is_settled(kept.signature, clock):
                kept = replace(kept, signature=None)
        found.append(kept)
    return found


def keep_revision(root: Path, path: str) -> Kept:
    """The file of one earlier text; what is wrong with it is told when it is read."""
    signature = sign_file(f"{root}/{path}")
    source = read_source(root, path, Report())
    return Kept(path, source.digest if source else b"", signature)


def digest_read(
    folder: Folder,
    overview: Overview,
    headings: Sequence[Heading],
    media: Sequence[Judgement],
    revisions: Sequence[Kept],
    clock: int,
) -> bytes:
    """What stands for the files of a coverage as they were read; nothing where one may have changed
    since without any sign of it."""
    signature = overview.matter.source.signature if overview.matter else None
    signatures = [signature if is_settled(signature, clock) else None]
    signatures += [heading.signature for heading in headings]
    signatures += [judgement.signature for judgement in media]
    signatures += [kept.signature for kept in revisions]
    if folder.notes:
        noted = overview.notes_signature
        signatures.append(noted if is_settled(noted, clock) else None)
    return digest_files(folder, signatures) if all(signatures) else b""


def settle(heading: Heading, clock: int) -> Heading:
    """A heading without a signature where the file may change without any sign of it."""
    return heading if is_settled(heading.signature, clock) else replace(heading, signature=None)


class Restorer:
    """Makes headings that were packed what they were: moments are in their zone again, and what many of
    them say in the same words is in memory once."""

    def __init__(self, folder: Folder, zone: ZoneInfo) -> None:
        self._folder, self._zone = folder, zone
        self._paths = {path: path for path in folder.entries}
        self._bylines: dict[tuple[Byline, ...], tuple[Byline, ...]] = {}
        self._tags: dict[tuple[str, ...], tuple[str, ...]] = {}

    def restore(self, heading: Heading) -> Heading:
        """One heading."""
        path, entry = self._paths.get(heading.path, heading.path), heading.entry
        if entry is None:
            return replace(heading, path=path)
        entry = move_entry(
            entry,
            self._zone,
            path=path,
            coverage=self._folder.slug,
            slug=heading.slug,
            byline=self._bylines.setdefault(entry.byline, entry.byline),
            tags=self._tags.setdefault(entry.tags, entry.tags),
        )
        return replace(heading, path=path, entry=entry)


def _read_packed(reader: Reader, paths: Sequence[str]) -> bytes:
    return msgspec.msgpack.encode((reader.read(paths), reader.manuscripts.hand_over()))


_HEADINGS = msgspec.msgpack.Decoder(tuple[list[Heading], dict[str, Remembered]])
