"""`archiver build`: content to build/."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from archiver.cli import FORMAT, JOBS, ROOT, STRICT, ProgressLine, count_jobs, print_problems
from archiver.cli.printer import count_noun


@click.command()
@ROOT
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="Where the site goes (default: build/ in the archive's folder).",
)
@click.option("--only", metavar="COVERAGE", help="Build one coverage, as a site of its own.")
@JOBS
@click.option("--clean", is_flag=True, help="Write every file again, changed or not.")
@STRICT
@FORMAT
def build(
    root: Path,
    output: Path | None,
    only: str | None,
    jobs: int | None,
    clean: bool,
    strict: bool,
    form: str,
) -> None:
    """Compile content/ into a folder of plain HTML.

    Nothing in the folder changes when there is an error. Only files that archiver wrote are ever
    overwritten or removed; SHA256SUMS in the folder lists them.
    """
    from archiver.build import build_site

    if only is not None and output is None:
        raise click.UsageError(
            "--only needs --output: one coverage by itself would take the place of the whole site"
        )
    began = time.monotonic()
    line = ProgressLine("Building")
    target = output or root / "build"
    with _collect_rarely():
        result = build_site(
            root,
            target,
            jobs=count_jobs(jobs),
            only=only,
            clean=clean,
            strict=strict,
            progress=line,
        )
    line.clear()
    print_problems(result.problems, form)
    if result.failed:
        click.echo("Nothing was written.", err=True)
        sys.exit(1)
    if form == "text":
        if result.resumed:
            click.echo("Finished an earlier build that had been interrupted.")
        click.echo(
            f"{count_noun(result.coverages, 'coverage')}, {count_noun(result.posts, 'post')}: "
            f"{count_noun(result.pages, 'file')} in {target}/, {result.changed} written, "
            f"{result.removed} removed ({time.monotonic() - began:.2f} s)."
        )


@contextmanager
def _collect_rarely() -> Iterator[None]:
    """Nearly all that a build makes stays until its end, and is not looked through for rings time and
    again."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
