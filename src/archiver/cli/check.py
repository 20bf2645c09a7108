"""`archiver check`: every problem in the content, and all that is broken or leaks in what was built."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archiver.cli import FORMAT, JOBS, ROOT, STRICT, ProgressLine, count_jobs, print_problems
from archiver.cli.printer import count_noun
from archiver.diagnostics import Report, Severity, be_strict


@click.command()
@ROOT
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="The built site (default: build/ in the archive's folder); not checked where there is none.",
)
@JOBS
@STRICT
@FORMAT
def check(root: Path, output: Path | None, jobs: int | None, strict: bool, form: str) -> None:
    """Tell every problem, with its place and a hint, and write nothing.

    Reads the content as a build does, and captures and earlier texts for what was withdrawn; then the
    built site. All links and fragments of its pages must lead somewhere, and no file in it may load,
    send or run anything but what is in the folder.
    """
    from archiver.audit import audit_output
    from archiver.build import check_site
    from archiver.check import check_built
    from archiver.files import walk_content
    from archiver.importers.retained import check_retained

    line = ProgressLine("Checking")
    result = check_site(root, jobs=count_jobs(jobs), progress=line)
    line.clear()
    report = Report()
    report.add(result.problems)
    check_retained(root, walk_content(root, Report()), report)
    built = output or root / "build"
    pages = 0
    if built.is_dir():
        pages = check_built(built, report)
        audit_output(built, report)
    problems = be_strict(report.problems) if strict else report.problems
    print_problems(problems, form)
    if any(problem.severity is Severity.ERROR for problem in problems):
        sys.exit(1)
    if form == "text":
        click.echo(
            f"Read {count_noun(result.posts, 'post')} in {count_noun(result.coverages, 'coverage')}, "
            f"and {count_noun(pages, 'built page')}."
        )
