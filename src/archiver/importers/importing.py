"""The pipeline of an import: sources to records, captures, one capture a coverage, files, a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from archiver.diagnostics import Report
from archiver.importers.accession import Accession, Holdings, plan_accession
from archiver.importers.capture import Capture, Post
from archiver.importers.loss import Loss, find_loss, list_words
from archiver.importers.media import keep_media
from archiver.importers.merge import group_captures, merge_captures
from archiver.importers.readers import find_reader
from archiver.importers.record import Record
from archiver.importers.report import Imported, Refusal, describe_import
from archiver.importers.sources import SourceError, list_files, open_source
from archiver.importers.writer import spell_words
from archiver.markdown import Context, render_body
from archiver.matter import Matter, read_matter
from archiver.model import Source, Stamp
from archiver.times import find_zone


class Read(Struct, frozen=True):
    """A record, the capture that was read of it, and the file that it came from."""

    source: str
    record: Record
    capture: Capture


class Options(Struct, frozen=True):
    """What the archivist asks for: a reader by name, the zone of times without one, media or none."""

    reader: str = ""
    zone: ZoneInfo | None = None
    media: bool = True


def read_sources(paths: Iterable[Path], options: Options, refused: list[Refusal]) -> Iterator[Read]:
    """The captures in files and folders; what cannot be read is refused, and the next comes."""
    for path in paths:
        files = list_files(path) if path.is_dir() else [path]
        if not files:
            refused.append(Refusal(str(path), "the folder holds no page, answer or text"))
        for file in files:
            found = False
            try:
                for record in open_source(file):
                    reader = find_reader(record, options.reader)
                    capture = reader.read(record, options.zone) if reader else None
                    if capture is not None and capture.posts:
                        found = True
                        captured = capture.captured or record.captured
                        yield Read(str(file), record, replace(capture, captured=captured))
                    elif capture is not None and capture.missing:
                        refused.append(Refusal(str(file), "; ".join(capture.missing)))
                        found = True
            except SourceError as error:
                refused.append(Refusal(str(file), str(error)))
                continue
            if not found:
                refused.append(Refusal(str(file), "no live coverage was found in it"))


def group_reads(reads: list[Read], together: bool) -> list[list[Read]]:
    """What is of one coverage together; all of it, where the archivist says so."""
    if together:
        return [reads] if reads else []
    by_capture = {id(read.capture): read for read in reads}
    groups = group_captures(read.capture for read in reads)
    return [[by_capture[id(capture)] for capture in group] for group in groups]


def name_folder(capture: Capture) -> str:
    """The coverage's folder: the first words of its title, and the year where it is known."""
    words = spell_words(capture.title) or "coverage"
    first = next((post.published for post in capture.posts if post.published), None)
    year = f"{first.day:%Y}" if first else ""
    return f"{words}-{year}" if year and year not in words else words


def import_coverage(
    folder: str, group: list[Read], holdings: Holdings, options: Options
) -> tuple[Accession, Imported]:
    """What a coverage's folder becomes, and the report of it."""
    captures: list[Capture] = []
    media: dict[str, bytes] = {}
    lost: list[str] = []
    for read in group:
        resources = read.record.resources if options.media else {}
        kept = keep_media(read.capture, resources)
        captures.append(kept.capture)
        media |= kept.files
        lost += kept.lost
    capture = date_posts(merge_captures(captures))
    zone = options.zone or find_zone(capture.timezone or "UTC") or ZoneInfo("UTC")
    accession = plan_accession(capture, (read.record for read in group), media, holdings, zone)
    seen, losses = audit_losses(
        folder, accession, frozenset(f"media/{name}" for name in media), zone
    )
    readers = tuple(dict.fromkeys(read.capture.reader for read in group))
    sources = tuple(dict.fromkeys(read.source for read in group))
    report = describe_import(
        folder, capture, readers, sources, accession, media, tuple(lost), seen, losses
    )
    return accession, report


def date_posts(capture: Capture) -> Capture:
    """Posts without any date get the day of the post beside them, and a doubt that says so."""
    days = [post.published.day if post.published else None for post in capture.posts]
    if None not in days:
        return capture
    dated: list[Post] = []
    fallback = next((day for day in days if day), None)
    if fallback is None and capture.started:
        fallback = capture.started.day
    for post, day in zip(capture.posts, days, strict=True):
        fallback = day or fallback
        if post.published is None and fallback is not None:
            doubt = "; ".join(
                one for one in (post.doubt, "its day is that of the post beside it") if one
            )
            post = replace(post, published=Stamp(fallback), doubt=doubt)
        if post.published is not None:
            dated.append(post)
    lost = len(capture.posts) - len(dated)
    if lost:
        text = f"{lost} posts have no date, and nothing beside them has one"
        return replace(capture, posts=tuple(dated), missing=(*capture.missing, text))
    return replace(capture, posts=tuple(dated))


def audit_losses(
    folder: str, accession: Accession, media: frozenset[str], zone: ZoneInfo
) -> tuple[int, tuple[Loss, ...]]:
    """How many words readers saw, and those that the files lack."""
    seen = 0
    losses: list[Loss] = []
    for name, post in accession.posts.items():
        data = accession.files.get(name)
        if data is None:
            continue
        matter = read_matter(Source(f"content/{folder}/{name}", data.decode()), Report())
        if matter is None:
            continue
        context = _make_context(matter, folder, media, zone)
        seen += len(list_words(post.seen))
        loss = find_loss(name, post, render_body(matter.body, context))
        if loss:
            losses.append(loss)
    return seen, tuple(losses)


def _make_context(matter: Matter, folder: str, media: frozenset[str], zone: ZoneInfo) -> Context:
    return Context(
        matter=matter,
        report=Report(),
        zone=zone,
        folder=f"content/{folder}",
        first_line=matter.body_line,
        anchor="x",
        media=media,
        find_page=lambda path: None,
    )
