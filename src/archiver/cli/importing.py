"""`archiver import`: captured live pages to content files, with a report of all that was not kept."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from archiver.cli import ROOT, ProgressLine
from archiver.cli.printer import count_noun, make_printable

if TYPE_CHECKING:
    from archiver.importers.fetching.fetcher import Fetcher
    from archiver.importers.importing import Options, Sighting
    from archiver.importers.report import Imported, ImportReport, Refusal

_MOST = 5


class SourcePath(click.Path):
    """A file or folder that is there, or an address."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """An address as text, else a Path."""
        if isinstance(value, str) and value.lower().startswith(("http://", "https://")):
            return value
        return super().convert(value, param, ctx)


@click.command("import")
@click.argument("sources", nargs=-1, required=True, type=SourcePath(exists=True, path_type=Path))
@ROOT
@click.option(
    "--into",
    metavar="NAME",
    default="",
    help="The coverage that all sources belong to: a folder of content/, with or without `content/`.",
)
@click.option(
    "--format",
    "form",
    metavar="READER",
    default="",
    help="The reader to use (default: the first that knows it).",
)
@click.option(
    "--timezone", metavar="ZONE", default="", help="The zone of times that are given without one."
)
@click.option(
    "--media",
    type=click.Choice(("keep", "fetch", "none")),
    default="keep",
    show_default=True,
    help="Whether pictures that were saved with a page are kept, and others fetched.",
)
@click.option(
    "--follow",
    type=click.FloatRange(10),
    default=None,
    metavar="SECONDS",
    help="Fetch addresses again every so many seconds, until the coverage closes.",
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="Fetch from this machine and its networks too, and from any port.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would come of it, and write nothing.")
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="FILE",
    help="Write the report as JSON, with every lost word.",
)
@click.pass_obj
def import_captures(
    fetcher: Fetcher | None,
    sources: tuple[Path | str, ...],
    root: Path,
    into: str,
    form: str,
    timezone: str,
    media: str,
    follow: float | None,
    allow_private: bool,
    dry_run: bool,
    report_path: Path | None,
) -> None:
    """Make content files of saved live pages, answers of APIs, texts, web archives, folders of these, or
    addresses.

    Importing the same twice changes nothing. A post's file keeps its name; its earlier text goes to
    revisions/. A file that you edited is never written over.
    """
    from archiver.importers.importing import Options
    from archiver.importers.readers import READERS
    from archiver.times import find_zone
    from archiver.urls import is_reserved, judge_slug

    zone = find_zone(timezone) if timezone else None
    if timezone and zone is None:
        raise click.BadParameter(f"there is no time zone `{timezone}`", param_hint="--timezone")
    if form and form not in {reader.name for reader in READERS}:
        known = ", ".join(reader.name for reader in READERS)
        raise click.BadParameter(
            f"there is no reader `{form}`; they are {known}", param_hint="--format"
        )
    name = into.removeprefix("content/").strip("/")
    fault = judge_slug(name) if name else ""
    if fault or (name and is_reserved(name)):
        raise click.BadParameter(fault or f"`{name}` is a reserved name", param_hint="--into")
    if follow and any(isinstance(source, Path) for source in sources):
        raise click.BadParameter("only addresses can be followed", param_hint="--follow")
    options = Options(form, zone, media != "none")
    if media == "fetch" or any(isinstance(source, str) for source in sources):
        fetcher = _make_fetcher(fetcher, allow_private)
    if media == "fetch" and fetcher is not None and not dry_run:
        options = _fetch_media(fetcher, options, root)
    is_first = True
    while True:
        report, is_open = _import_sources(sources, root, name, options, fetcher, dry_run)
        if report_path is not None:
            _write_report(report, report_path)
        _print_report(report, dry_run, is_first)
        # What cannot be had in one round may be had in the next; what never was a coverage is none.
        if not follow or fetcher is None or not is_open or (is_first and not report.coverages):
            break
        is_first = False
        fetcher.clock.sleep(follow)
    if report.failed:
        sys.exit(1)


def _make_fetcher(fetcher: Fetcher | None, allow_private: bool) -> Fetcher:
    """A fetcher with the clock of this machine, unless there is one."""
    from archiver.importers.fetching.fetcher import Clock, Fetcher, Limits

    if fetcher is None:
        clock = Clock(lambda: datetime.now(UTC), time.sleep, time.monotonic)
        fetcher = Fetcher(clock, Limits(allow_private=allow_private))
    return fetcher


def _fetch_media(fetcher: Fetcher, options: Options, root: Path) -> Options:
    """The options, with what fetches media into their coverage's folder."""
    from archiver.importers.fetching.media import MediaFetch
    from archiver.importers.media import Fetched
    from archiver.importers.shelf import write_files

    line = ProgressLine("Fetching", "media")
    media = MediaFetch(fetcher, line)

    def fetch(folder: str, addresses: tuple[str, ...], home: str) -> Fetched:
        place = root / "content" / folder
        try:
            return media.fetch(
                addresses, home, lambda name, data: write_files(place, {f"media/{name}": data})
            )
        finally:
            line.clear()

    return replace(options, fetch=fetch)


def _survey(
    sources: tuple[Path | str, ...],
    options: Options,
    fetcher: Fetcher | None,
    refused: list[Refusal],
) -> Iterator[Sighting]:
    from archiver.importers.importing import survey_sources

    for source in sources:
        if isinstance(source, Path):
            yield from survey_sources([source], options, refused)
        elif fetcher is not None:
            from archiver.importers.fetching.coverage import survey_address

            yield from survey_address(source, fetcher, options, refused)


def _import_sources(
    sources: tuple[Path | str, ...],
    root: Path,
    name: str,
    options: Options,
    fetcher: Fetcher | None,
    dry_run: bool,
) -> tuple[ImportReport, bool]:
    """One round: what came of it, and whether more posts may come at an address."""
    from archiver.importers.importing import (
        choose_folder,
        group_sightings,
        import_coverage,
        read_group,
    )
    from archiver.importers.report import ImportReport, Refusal
    from archiver.importers.shelf import list_coverages, read_holdings, write_files

    line = ProgressLine("Reading")
    refused: list[Refusal] = []
    sightings = []
    for sighting in _survey(sources, options, fetcher, refused):
        sightings.append(sighting)
        line(len(sightings), len(sightings))
    line.clear()
    coverages: list[Imported] = []
    taken = list_coverages(root / "content")
    for group in group_sightings(sightings, bool(name)):
        folder = name or choose_folder(group[0].name, group[0].folder, taken)
        place = root / "content" / folder
        accession, imported = import_coverage(
            folder, read_group(group, options), read_holdings(place), options
        )
        if not dry_run:
            try:
                write_files(place, accession.files)
            except OSError as error:
                reason = f"{error.strerror or error}: {error.filename or place}"
                refused.append(Refusal(str(group[0].file), reason))
                continue
        coverages.append(imported)
    return ImportReport(tuple(coverages), tuple(refused)), _is_open(sightings)


def _is_open(sightings: list[Sighting]) -> bool:
    """Whether a page that was fetched says that posts may still come; if none was, they may."""
    fetched = [one.read for one in sightings if one.read is not None]
    if not fetched:
        return True
    from archiver.importers.fetching.pages import is_open

    return any(is_open(read.record, read.capture) for read in fetched)


def _write_report(report: ImportReport, path: Path) -> None:
    import msgspec

    data = msgspec.json.format(msgspec.json.encode(report), indent=1)
    path.write_bytes(data + b"\n")


def _print_report(report: ImportReport, dry_run: bool, is_first: bool) -> None:
    """Tell what came of a round; of one after the first, only coverages that changed."""
    for one in report.refused:
        _say(f"{one.source}: not imported: {one.reason}", err=True)
    for imported in report.coverages:
        if is_first or imported.new or imported.changed:
            _print_coverage(imported, dry_run)
    if dry_run:
        _say("Nothing was written.")


def _print_coverage(imported: Imported, dry_run: bool) -> None:
    verb = "Would be in" if dry_run else "In"
    _say(f"{verb} content/{imported.folder}: {imported.title}")
    read = ", ".join(imported.readers)
    states = [
        f"{len(imported.new)} new",
        f"{len(imported.changed)} changed",
        f"{imported.same} as before",
    ]
    _say(f"  {count_noun(imported.posts, 'post')} read by {read}: {', '.join(states)}")
    if imported.expected > imported.posts:
        _say(f"  the page says that there are {imported.expected}")
    untimed = imported.times.get("", 0)
    layers = ", ".join(f"{count} from {layer}" for layer, count in imported.times.items() if layer)
    _say(f"  times: {layers or 'none'}" + (f"; {untimed} not recorded" if untimed else ""))
    _say(
        f"  embeds: {imported.embeds_kept} kept, {imported.embeds_empty} empty; "
        f"media: {imported.media_kept} kept, {len(imported.media_lost)} missing"
    )
    for address, reason in list(imported.media_reasons.items())[:_MOST]:
        _say(f"    {address}: {reason}")
    if imported.words_lost:
        _say(
            f"  {imported.words_lost} of {imported.words_seen} words that readers saw are not in it:"
        )
        for loss in imported.losses[:_MOST]:
            _say(f"    {loss.file}: {' '.join(loss.words[:12])}")
    elif imported.words_seen:
        _say(f"  all {imported.words_seen} words that readers saw are in it")
    if imported.withdrawn:
        _say(f"  {count_noun(imported.withdrawn, 'withdrawn post')} left out")
    for file in imported.edited:
        _say(f"  {file} was edited here: the new text is among its revisions")
    for file, doubt in list(imported.doubts.items())[:_MOST]:
        _say(f"  in doubt: {file}: {doubt}")
    for text in imported.missing:
        _say(f"  missing: {text}")


def _say(text: str, err: bool = False) -> None:
    """A line; titles and links are others' words, and may not move the cursor."""
    click.echo(make_printable(text), err=err)
