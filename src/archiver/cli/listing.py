"""`archiver list`: what the archive holds, and what is missing in it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli import JOBS, ROOT, count_jobs, print_problems
from archiver.cli.printer import count_noun
from archiver.times import write_stamp

if TYPE_CHECKING:
    from archiver.pages import Outline

_GAPS = {"embeds": "embed", "media": "media file", "times": "time"}


@click.command("list", short_help="List coverages, what is missing in them, or the posts of one.")
@ROOT
@click.argument("coverage", required=False)
@click.option("--gaps", is_flag=True, help="Only coverages in which something is missing.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True
)
@JOBS
def list_archive(root: Path, coverage: str | None, gaps: bool, form: str, jobs: int | None) -> None:
    """List coverages with their dates, posts and gaps; or the posts of one COVERAGE."""
    from archiver.build import check_site
    from archiver.diagnostics import suggest

    result = check_site(root, jobs=count_jobs(jobs))
    if result.failed:
        print_problems(
            [problem for problem in result.problems if problem.severity == "error"], "text"
        )
        sys.exit(1)
    outlines = result.outlines
    if coverage is not None:
        chosen = next((outline for outline in outlines if outline.slug == coverage), None)
        if chosen is None:
            hint = suggest(coverage, [outline.slug for outline in outlines])
            raise click.UsageError(
                f"there is no coverage `{coverage}`" + (f"; {hint}" if hint else "")
            )
        _list_entries(chosen, form)
        return
    shown = [one for one in outlines if not gaps or any(count for _, count in one.gaps)]
    if form == "json":
        click.echo(json.dumps([_describe(outline) for outline in shown], indent=2))
        return
    for outline in shown:
        missing = ", ".join(count_noun(count, _GAPS[kind]) for kind, count in outline.gaps if count)
        dates = " to ".join(
            dict.fromkeys(stamp.day.isoformat() for stamp in (outline.first, outline.last) if stamp)
        )
        click.echo(
            f"{outline.slug}  {dates or 'no dates'}  {count_noun(outline.count, 'post')}"
            + (f"  missing: {missing}" if missing else "")
        )


def _list_entries(outline: Outline, form: str) -> None:
    if form == "json":
        rows = [
            {
                "permalink": f"{outline.slug}/{mention.slug}.html",
                "date": write_stamp(mention.date),
                "headline": mention.headline,
            }
            for mention in outline.mentions
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for mention in outline.mentions:
        click.echo(f"{write_stamp(mention.date):25}  {mention.slug}  {mention.headline}")


def _describe(outline: Outline) -> dict[str, object]:
    return {
        "coverage": outline.slug,
        "title": outline.title,
        "first": write_stamp(outline.first) if outline.first else None,
        "last": write_stamp(outline.last) if outline.last else None,
        "posts": outline.count,
        "missing": dict(outline.gaps),
    }
