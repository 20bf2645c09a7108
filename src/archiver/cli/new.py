"""`archiver new`: files started with their front matter; nothing that is there is overwritten."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from archiver.cli import ROOT
from archiver.diagnostics import Report, suggest
from archiver.files import CONTENT, read_source, walk_content
from archiver.matter import Plain, read_matter, write_matter
from archiver.times import find_zone, list_zones
from archiver.urls import is_reserved, judge_slug, spell_slug


@click.group()
def new() -> None:
    """Start a coverage or an entry."""


@new.command("coverage", short_help="Start the folder of a coverage with its coverage.md.")
@click.argument("name")
@click.option("--title", help="The coverage's title (default: made from NAME).")
@click.option("--timezone", default=None, help="An IANA name such as Europe/London.")
@ROOT
def new_coverage(name: str, title: str | None, timezone: str | None, root: Path) -> None:
    """Start the folder content/NAME with its coverage.md, and content/site.md where there is none."""
    _check_name(name)
    if timezone is not None and find_zone(timezone) is None:
        hint = suggest(timezone, list_zones())
        raise click.UsageError(
            f"there is no time zone `{timezone}`" + (f"; {hint}" if hint else "")
        )
    site = root / CONTENT / "site.md"
    if not site.exists():
        _create(site, write_matter({"format": Plain("1"), "title": "Archive of live coverage"}, ""))
    fields: dict[str, object] = {
        "title": title or name.replace("-", " ").capitalize(),
        "description": "",
        "status": "live",
    }
    if timezone:
        fields["timezone"] = timezone
    fields |= {"contributors": [], "key_points": []}
    _create(root / CONTENT / name / "coverage.md", write_matter(fields, ""))


@new.command("entry")
@click.argument("coverage")
@click.option("--title", default="", help="Many live posts have none.")
@click.option("--date", default=None, help="ISO 8601; a bare day where the time is not known.")
@ROOT
def new_entry(coverage: str, title: str, date: str | None, root: Path) -> None:
    """Start an entry of COVERAGE, dated now, named by its local time."""
    from archiver.times import DateError, read_date, write_stamp

    # As a build sees them: a link or an unsafe name is no coverage.
    folders = {folder.slug: folder for folder in walk_content(root, Report()).folders}
    if coverage not in folders:
        hint = suggest(coverage, folders)
        raise click.UsageError(
            f"there is no coverage `{coverage}`; "
            + (hint or f"start it with `archiver new coverage {coverage}`")
        )
    folder = root / folders[coverage].path
    zone = find_zone(_read_zone(root, coverage)) or find_zone("UTC")
    assert zone is not None, "tzdata holds UTC"
    try:
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        stamp = read_date(date or now.isoformat(), zone)
    except DateError as error:
        raise click.UsageError(f"{error}; {error.hint}") from None
    parts = [stamp.day.isoformat()]
    if stamp.moment:
        parts.append(stamp.moment.strftime("%H%M"))
    if title:
        parts.append("-".join(spell_slug(title).split("-")[:6]))
    stem = "-".join(parts)
    if is_reserved(stem):
        stem += "-post"
    path = folder / f"{stem}.md"
    number = 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{stem}-{number}.md"
    fields: dict[str, object] = {"date": Plain(write_stamp(stamp))}
    if stamp.moment is None:  # such a day goes by `order`: this comes last so far
        names = [path.rpartition("/")[2] for path in folders[coverage].entries]
        same_day = sum(name.startswith(stamp.day.isoformat()) for name in names)
        fields["order"] = Plain(str(same_day + 1))
    if title:
        fields["title"] = title
    _create(path, write_matter(fields, ""))


def _check_name(name: str) -> None:
    fault = judge_slug(name)
    if not fault and is_reserved(name):
        fault = "it is the name of one of archiver's own pages"
    if fault:
        raise click.UsageError(f"`{name}` cannot be the name of a coverage: {fault}")


def _read_zone(root: Path, coverage: str) -> str:
    """The zone that the coverage names, else that of the site, else UTC."""
    for path in (f"{CONTENT}/{coverage}/coverage.md", f"{CONTENT}/site.md"):
        report = Report()
        source = read_source(root, path, report)
        matter = read_matter(source, report) if source else None
        pair = matter.fields.get("timezone") if matter else None
        if pair and isinstance(pair.value.data, str) and pair.value.data:
            return pair.value.data
    return "UTC"


def _create(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.UsageError(f"{path} is already there; it was not touched") from None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None
    click.echo(f"Created {path}")
