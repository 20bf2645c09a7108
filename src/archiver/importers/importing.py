"""The pipeline of an import: sources to records, captures, one capture a coverage, files, a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from archiver.diagnostics import Report
from archiver.importers.accession import Accession, Holdings, list_known_media, plan_accession
from archiver.importers.capture import Capture, Post
from archiver.importers.loss import Loss, find_loss, list_words
from archiver.importers.media import Fetched, keep_media
from archiver.importers.merge import merge_captures, name_coverage
from archiver.importers.readers import find_reader
from archiver.importers.record import Record
from archiver.importers.report import Imported, Refusal, describe_import
from archiver.importers.sources import SourceError, list_files, open_source
from archiver.importers.withdrawn import drop_withdrawn
from archiver.importers.writer import spell_words
from archiver.markdown import Context, render_body
from archiver.matter import Matter, read_matter
from archiver.model import Source, Stamp
from archiver.times import find_zone
from archiver.urls import is_reserved, judge_slug


class Read(Struct, frozen=True):
    """A record, the capture that was read of it, and the file that it came from."""

    source: str
    record: Record
    capture: Capture


# What fetches media of a coverage: its folder, their addresses and the page's, to what came of it.
FetchMedia = Callable[[str, tuple[str, ...], str], Fetched]


class Options(Struct, frozen=True):
    """What the archivist asks for: a reader by name, the zone of times without one, media or none."""

    reader: str = ""
    zone: ZoneInfo | None = None
    media: bool = True
    fetch: FetchMedia | None = None


class Sighting(Struct, frozen=True):
    """A coverage seen in a file: which of the file's captures it is, and what tells it from others.

    Of an address it is held as it was read: to fetch it again would be another capture.
    """

    file: Path | str
    number: int
    name: str
    folder: str
    read: Read | None = None


def survey_sources(
    paths: Iterable[Path], options: Options, refused: list[Refusal]
) -> Iterator[Sighting]:
    """The captures in files and folders; what cannot be read is refused, and the next comes.

    Only what is needed to group them is kept: a folder may hold thousands.
    """
    for path in paths:
        files = list_files(path) if path.is_dir() else [path]
        if not files:
            refused.append(Refusal(str(path), "the folder holds no page, answer or text"))
        for file in files:
            reads, reasons = read_source(file, options)
            refused += [Refusal(str(file), reason) for reason in reasons]
            for number, read in enumerate(reads):
                name = name_coverage(read.capture) or f"{file}#{number}"
                yield Sighting(file, number, name, name_folder(read.capture))


@lru_cache(maxsize=8)
def read_source(file: Path, options: Options) -> tuple[tuple[Read, ...], tuple[str, ...]]:
    """The captures in a file, and why there are none of some of its records, or none at all."""
    reads: list[Read] = []
    reasons: list[str] = []
    try:
        for record in open_source(file):
            reader = find_reader(record, options.reader)
            capture = reader.read(record, options.zone) if reader else None
            if capture is not None and capture.posts:
                captured = capture.captured or record.captured
                reads.append(Read(str(file), record, replace(capture, captured=captured)))
            elif capture is not None and capture.missing:
                reasons.append("; ".join(capture.missing))
    except SourceError as error:
        reasons.append(str(error))
    if not reads and not reasons:
        reasons.append("no live coverage was found in it")
    return tuple(reads), tuple(reasons)


def group_sightings(sightings: Iterable[Sighting], together: bool) -> list[list[Sighting]]:
    """What is of one coverage together; all of it, where the archivist says so."""
    groups: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        groups.setdefault("" if together else sighting.name, []).append(sighting)
    return list(groups.values())


def read_group(group: list[Sighting], options: Options) -> list[Read]:
    """The captures of one coverage, read again from their files."""
    return [one.read or read_source(Path(one.file), options)[0][one.number] for one in group]


def name_folder(capture: Capture) -> str:
    """The coverage's folder: its own name; else the first words of its title, and the year where it is
    known."""
    if capture.folder and not judge_slug(capture.folder) and not is_reserved(capture.folder):
        return capture.folder
    words = spell_words(capture.title) or "coverage"
    first = next((post.published for post in capture.posts if post.published), None)
    year = f"{first.day:%Y}" if first else ""
    return f"{words}-{year}" if year and year not in words else words


def choose_folder(name: str, proposed: str, taken: dict[str, str]) -> str:
    """The folder of a coverage: the one that it has, under whatever name; else a new one.

    `taken` are the folders that are there, by what tells their coverages apart; the choice is added.
    """
    if name not in taken:
        used = set(taken.values())
        number, folder = 1, proposed
        while folder in used or judge_slug(folder) or is_reserved(folder):
            number += 1
            folder = f"{proposed}-{number}" if not judge_slug(proposed) else f"coverage-{number}"
        taken[name] = folder
    return taken[name]


def import_coverage(
    folder: str, group: list[Read], holdings: Holdings, options: Options
) -> tuple[Accession, Imported]:
    """What a coverage's folder becomes, and the report of it."""
    captures: list[Capture] = []
    media: dict[str, bytes] = {}
    lost: dict[str, str] = {}
    known = list_known_media(holdings)
    names: dict[str, str] = {}
    group, withdrawn = _drop_withdrawn(folder, group, holdings, options)
    for read in group:
        resources = read.record.resources if options.media else {}
        kept = keep_media(read.capture, resources, known)
        reasons: dict[str, str] = {}
        if options.fetch and kept.lost:
            fetched = options.fetch(folder, kept.lost, read.capture.url)
            known |= fetched.names
            reasons = fetched.reasons
            kept = keep_media(read.capture, resources, known)
        captures.append(kept.capture)
        media |= kept.files
        names |= kept.names
        lost |= {address: reasons.get(address, "") for address in kept.lost}
    capture = date_posts(merge_captures(captures))
    zone = options.zone or find_zone(capture.timezone or "UTC") or ZoneInfo("UTC")
    accession = plan_accession(
        capture,
        (read.record for read in group),
        media,
        holdings,
        zone,
        names,
        {(read.capture.page, read.capture.pages) for read in group if read.capture.page},
    )
    seen, losses = audit_losses(
        folder, accession, frozenset(f"media/{name}" for name in names.values()), zone
    )
    readers = tuple(dict.fromkeys(read.capture.reader for read in group))
    sources = tuple(dict.fromkeys(read.source for read in group))
    report = describe_import(
        folder,
        capture,
        readers,
        sources,
        accession,
        set(names.values()),
        lost,
        seen,
        losses,
        withdrawn,
    )
    return accession, report


def _drop_withdrawn(
    folder: str, group: list[Read], holdings: Holdings, options: Options
) -> tuple[list[Read], int]:
    """The captures without posts that were withdrawn, and the most of these that one of them had."""
    kept: list[Read] = []
    most = 0
    for read in group:
        zone = options.zone or find_zone(read.capture.timezone or "UTC") or ZoneInfo("UTC")
        capture, count = drop_withdrawn(read.capture, folder, holdings, zone)
        kept.append(replace(read, capture=capture))
        most = max(most, count)
    return kept, most


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
