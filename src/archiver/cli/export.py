"""`archiver export`: what is published, handed over as other people's tools take it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli import JOBS, ROOT, ProgressLine, count_jobs, print_problems
from archiver.cli.printer import count_noun, make_printable
from archiver.urls import spell_slug

if TYPE_CHECKING:
    from archiver.exports.publication import Outcome, Publication
    from archiver.exports.survey import Contents

OUTPUT = click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    default=None,
    metavar="PATH",
    help="What to write (default: a name of the archive's or the coverage's, in this folder).",
)
FORCE = click.option("--force", is_flag=True, help="Replace what is there already.")
BASE_URL = click.option(
    "--base-url",
    default="",
    metavar="URL",
    help="Where the site is on the web, or will be (default: base_url in content/site.md).",
)
STDOUT = Path("-")


@click.group(short_help="Hand over what is published: as a bag, web archive, book or table.")
def export() -> None:
    """Write what is published in a form that others take.

    The site is built first where it is not as its content. A file has its name only when it is whole.
    Nothing in it comes from the clock: where a format demands a date, that is the newest in the content,
    or the environment's SOURCE_DATE_EPOCH.
    """


@export.command(short_help="Content, captures and site, for a library to keep (BagIt).")
@ROOT
@OUTPUT
@FORCE
@JOBS
def bag(root: Path, output: Path | None, force: bool, jobs: int | None) -> None:
    """Write a bag (BagIt 1.0): the content, its captures and the site, with a digest of each file.

    It is a folder, or one file where the name ends in .tar or .zip.
    """
    from archiver.exports.bag import open_bag, write_bag
    from archiver.exports.publication import count_content

    with _telling():
        publication = _open(root, jobs)
        target = output or Path(f"{_name(publication)}.bag")
        total = publication.count_files() + count_content(root)
        with (
            _surveying(publication) as contents,
            _counting(total) as advance,
            open_bag(target, force, contents.newest) as packer,
        ):
            outcome = write_bag(contents, packer, advance)
    _say(target, outcome)


@export.command(short_help="Every page in a web archive (WARC).")
@ROOT
@OUTPUT
@FORCE
@BASE_URL
@JOBS
def warc(root: Path, output: Path | None, force: bool, base_url: str, jobs: int | None) -> None:
    """Write a web archive (WARC 1.1): every file of the site as a server would send it, and the captures.

    Its records are packed one by one, but for a name that ends in .warc and not in .gz.
    """
    from archiver.exports.replay import write_warc
    from archiver.exports.target import open_target

    with _telling():
        publication = _open(root, jobs)
        base_url = _choose_address(publication, base_url)
        target = output or Path(f"{_name(publication)}.warc.gz")
        with (
            _surveying(publication, base_url) as contents,
            _counting(publication.count_files()) as advance,
            open_target(target, force) as out,
        ):
            outcome = write_warc(contents, out, target.suffix != ".warc", advance)
    _say(target, outcome)


@export.command(short_help="Every page in a web archive with an index, for replay (WACZ).")
@ROOT
@OUTPUT
@FORCE
@BASE_URL
@JOBS
def wacz(root: Path, output: Path | None, force: bool, base_url: str, jobs: int | None) -> None:
    """Write a packaged web archive (WACZ 1.1.1), which ReplayWeb.page opens."""
    from archiver.exports.target import open_target
    from archiver.exports.wacz import write_wacz

    with _telling():
        publication = _open(root, jobs)
        base_url = _choose_address(publication, base_url)
        target = output or Path(f"{_name(publication)}.wacz")
        with (
            _surveying(publication, base_url) as contents,
            _counting(publication.count_files()) as advance,
            open_target(target, force) as out,
        ):
            outcome = write_wacz(contents, out, advance)
    _say(target, outcome)


@export.command(short_help="A coverage as a book (EPUB).")
@ROOT
@click.argument("coverage")
@OUTPUT
@FORCE
@JOBS
def epub(root: Path, coverage: str, output: Path | None, force: bool, jobs: int | None) -> None:
    """Write a COVERAGE as a book (EPUB 3.3): its days are chapters, and its pictures are in it."""
    from archiver.exports.epub import write_epub
    from archiver.exports.target import open_target

    with _telling():
        publication = _open(root, jobs, coverage)
        target = output or Path(f"{coverage}.epub")
        with _counting(0, "posts") as advance, open_target(target, force) as out:
            outcome = write_epub(publication, coverage, _read_epoch(), out, advance)
    _say(target, outcome)


@export.command(short_help="A row for each post (CSV).")
@ROOT
@click.argument("coverage", required=False)
@OUTPUT
@FORCE
@JOBS
def csv(
    root: Path, coverage: str | None, output: Path | None, force: bool, jobs: int | None
) -> None:
    """Write a table with a row for each post, of all coverages or of one COVERAGE.

    With `--output -` it goes to the standard output.
    """
    from archiver.exports.table import write_table

    with _telling():
        publication = _open(root, jobs, coverage)
        target = output or Path(f"{coverage or _name(publication)}.csv")
        slugs = (coverage,) if coverage else publication.slugs
        with _counting(0, "posts") as advance, _opening(target, force) as write:
            outcome = write_table(publication, slugs, write, advance)
    _say(target, outcome)


@export.command(short_help="A coverage as one document (Markdown).")
@ROOT
@click.argument("coverage")
@OUTPUT
@FORCE
@BASE_URL
@JOBS
def markdown(
    root: Path, coverage: str, output: Path | None, force: bool, base_url: str, jobs: int | None
) -> None:
    """Write a COVERAGE as one document, from its first post to its last.

    With `--output -` it goes to the standard output.
    """
    from archiver.exports.manuscript import write_manuscript

    with _telling():
        publication = _open(root, jobs, coverage)
        target = output or Path(f"{coverage}.md")
        address = base_url or publication.site.base_url
        with _counting(0, "posts") as advance, _opening(target, force) as write:
            outcome = write_manuscript(publication, coverage, address, write, advance)
    _say(target, outcome)


def _open(root: Path, jobs: int | None, coverage: str | None = None) -> Publication:
    """The site, built of its content as it is now."""
    from archiver.build import build_site
    from archiver.diagnostics import Severity, suggest
    from archiver.exports.publication import open_publication

    line = ProgressLine("Building")
    folder = root / "build"
    result = build_site(root, folder, jobs=count_jobs(jobs), progress=line)
    line.clear()
    errors = [one for one in result.problems if one.severity is Severity.ERROR]
    if errors:
        print_problems(errors, "text")
        click.echo("Nothing was exported.", err=True)
        sys.exit(1)
    if result.problems:
        told = count_noun(len(result.problems), "warning")
        click.echo(f"{told}: `archiver check` tells more.", err=True)
    publication = open_publication(root, folder)
    if coverage is not None and coverage not in publication.slugs:
        hint = suggest(coverage, list(publication.slugs))
        raise click.UsageError(f"there is no coverage `{coverage}`" + (f"; {hint}" if hint else ""))
    return publication


def _name(publication: Publication) -> str:
    return spell_slug(publication.site.title)


def _choose_address(publication: Publication, base_url: str) -> str:
    found = base_url or publication.site.base_url
    if not found:
        raise click.UsageError(
            "records of a web archive have addresses: say where the site is, or will be, with "
            "--base-url or as base_url in content/site.md"
        )
    if not found.startswith(("https://", "http://")):
        raise click.UsageError(f"`{found}` is not an address on the web, like https://example.org/")
    return found


@contextmanager
def _surveying(publication: Publication, base_url: str = "") -> Iterator[Contents]:
    from archiver.exports.register import Register
    from archiver.exports.survey import Contents, survey_posts

    register = Register()
    try:
        survey = survey_posts(publication, register)
        yield Contents(publication, register, survey, base_url, _read_epoch())
    finally:
        register.close()


@contextmanager
def _counting(total: int, noun: str = "files") -> Iterator[Callable[[], None]]:
    """What is called once for each file, or what else is counted."""
    line = ProgressLine("Exporting", noun)
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        line(done, max(done, total))

    try:
        yield advance
    finally:
        line.clear()


@contextmanager
def _opening(target: Path, force: bool) -> Iterator[Callable[[bytes], object]]:
    """What text is written with: into a file, or to the standard output."""
    from archiver.exports.target import open_target

    if target == STDOUT:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    with open_target(target, force) as out:
        yield out.write


@contextmanager
def _telling() -> Iterator[None]:
    """Say what went wrong; nothing is left of what was begun."""
    from archiver.exports.target import ExportError

    try:
        yield
    except ExportError as error:
        hint = f"\n  hint: {make_printable(error.hint)}" if error.hint else ""
        click.echo(f"{make_printable(str(error))}{hint}\nNothing was exported.", err=True)
        sys.exit(1)
    except BrokenPipeError:
        raise
    except OSError as error:
        named = f": {error.filename}" if error.filename else ""
        click.echo(f"{error.strerror or error}{named}\nNothing was exported.", err=True)
        sys.exit(1)


def _read_epoch() -> datetime | None:
    """The moment that the environment wishes for (reproducible-builds.org), or None."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(f"SOURCE_DATE_EPOCH is no number of seconds: `{text}`") from None


def _say(target: Path, outcome: Outcome) -> None:
    for note in outcome.notes:
        click.echo(note, err=True)
    if target != STDOUT:
        name = f"{target}/" if target.is_dir() else f"{target}"
        click.echo(f"{name}: {count_noun(outcome.count, outcome.noun)}.")
