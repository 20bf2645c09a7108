"""`archiver import`: captured live pages to content files, with a report of all that was not kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli import ROOT, ProgressLine
from archiver.cli.printer import count_noun

if TYPE_CHECKING:
    from archiver.importers.report import Imported, ImportReport

_MOST = 5


@click.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
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
    type=click.Choice(("keep", "none")),
    default="keep",
    show_default=True,
    help="Whether pictures that were saved with a page are kept.",
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
def import_captures(
    sources: tuple[Path, ...],
    root: Path,
    into: str,
    form: str,
    timezone: str,
    media: str,
    dry_run: bool,
    report_path: Path | None,
) -> None:
    """Make content files of saved live pages, answers of APIs, texts, web archives, or folders of these.

    Importing the same twice changes nothing. A post's file keeps its name; its earlier text goes to
    revisions/. A file that you edited is never written over.
    """
    from archiver.importers.importing import (
        Options,
        choose_folder,
        group_sightings,
        import_coverage,
        read_group,
        survey_sources,
    )
    from archiver.importers.readers import READERS
    from archiver.importers.report import ImportReport, Refusal
    from archiver.importers.shelf import list_coverages, read_holdings, write_files
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
    line = ProgressLine("Reading")
    refused: list[Refusal] = []
    options = Options(form, zone, media == "keep")
    sightings = []
    for sighting in survey_sources(sources, options, refused):
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
    report = ImportReport(tuple(coverages), tuple(refused))
    if report_path is not None:
        _write_report(report, report_path)
    _print_report(report, dry_run)
    if report.failed:
        sys.exit(1)


def _write_report(report: ImportReport, path: Path) -> None:
    import msgspec

    data = msgspec.json.format(msgspec.json.encode(report), indent=1)
    path.write_bytes(data + b"\n")


def _print_report(report: ImportReport, dry_run: bool) -> None:
    for one in report.refused:
        click.echo(f"{one.source}: not imported: {one.reason}", err=True)
    for imported in report.coverages:
        _print_coverage(imported, dry_run)
    if dry_run:
        click.echo("Nothing was written.")


def _print_coverage(imported: Imported, dry_run: bool) -> None:
    verb = "Would be in" if dry_run else "In"
    click.echo(f"{verb} content/{imported.folder}: {imported.title}")
    read = ", ".join(imported.readers)
    states = [
        f"{len(imported.new)} new",
        f"{len(imported.changed)} changed",
        f"{imported.same} as before",
    ]
    click.echo(f"  {count_noun(imported.posts, 'post')} read by {read}: {', '.join(states)}")
    if imported.expected > imported.posts:
        click.echo(f"  the page says that there are {imported.expected}")
    untimed = imported.times.get("", 0)
    layers = ", ".join(f"{count} from {layer}" for layer, count in imported.times.items() if layer)
    click.echo(f"  times: {layers or 'none'}" + (f"; {untimed} not recorded" if untimed else ""))
    click.echo(
        f"  embeds: {imported.embeds_kept} kept, {imported.embeds_empty} empty; "
        f"media: {imported.media_kept} kept, {len(imported.media_lost)} missing"
    )
    if imported.words_lost:
        click.echo(
            f"  {imported.words_lost} of {imported.words_seen} words that readers saw are not in it:"
        )
        for loss in imported.losses[:_MOST]:
            click.echo(f"    {loss.file}: {' '.join(loss.words[:12])}")
    elif imported.words_seen:
        click.echo(f"  all {imported.words_seen} words that readers saw are in it")
    for file in imported.edited:
        click.echo(f"  {file} was edited here: the new text is among its revisions")
    for file, doubt in list(imported.doubts.items())[:_MOST]:
        click.echo(f"  in doubt: {file}: {doubt}")
    for text in imported.missing:
        click.echo(f"  missing: {text}")
