"""A table with a row for each post (CSV, RFC 4180): UTF-8 without a mark, lines that end in CRLF.

Spreadsheets take a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break for a formula, and
would run what somebody wrote in a post. Such a text gets an apostrophe before it, and one that begins
with apostrophes and then one of these gets one more: to have the text itself, take one away again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from io import StringIO

from archiver.exports.overview import spell_byline
from archiver.exports.publication import Advance, Outcome, Publication
from archiver.model import Coverage, Embed, Entry, Media
from archiver.times import write_stamp
from archiver.urls import entry_path

COLUMNS = (
    "permalink",
    "coverage",
    "date",
    "time_recorded",
    "timezone",
    "updated",
    "title",
    "byline",
    "key",
    "pinned",
    "breaking",
    "summary",
    "tags",
    "language",
    "source_id",
    "source_url",
    "embeds",
    "media",
    "missing",
    "withdrawn",
    "text",
)
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def write_table(
    publication: Publication,
    slugs: Iterable[str],
    write: Callable[[bytes], object],
    advance: Advance,
) -> Outcome:
    """Write the posts of some coverages, in the order of each."""
    count = 0
    write(_spell_row(COLUMNS))
    for slug in slugs:
        chronicle = publication.open_chronicle(slug)
        for entry in chronicle.read_entries():
            write(_spell_row(describe_post(entry, chronicle.coverage)))
            count += 1
            advance()
    return Outcome(count, "post")


def describe_post(entry: Entry, coverage: Coverage) -> tuple[str, ...]:
    """A post's cells, in the order of COLUMNS.

    Several names or tags in a cell are parted by `; `. `missing` counts embeds and media that were not
    kept; `embeds` and `media` count all, but for media within embeds.
    """
    slots = entry.body.slots
    embeds = [slot for slot in slots if isinstance(slot, Embed)]
    media = [slot for slot in slots if isinstance(slot, Media)]
    within = [medium for embed in embeds for medium in embed.media]
    lost = sum(not embed.was_captured for embed in embeds)
    lost += sum(not medium.href for medium in (*media, *within))
    source = entry.source
    return (
        entry_path(coverage.slug, entry.slug),
        coverage.slug,
        write_stamp(entry.date),
        _spell_flag(entry.date.moment is not None),
        coverage.timezone,
        write_stamp(entry.updated) if entry.updated else "",
        guard_text(entry.title),
        guard_text("; ".join(map(spell_byline, entry.byline))),
        _spell_flag(entry.key),
        _spell_flag(entry.pinned),
        _spell_flag(entry.breaking),
        _spell_flag(entry.summary),
        guard_text("; ".join(entry.tags)),
        entry.language or coverage.language,
        guard_text(source.id) if source else "",
        guard_text(source.url) if source else "",
        str(len(embeds)),
        str(len(media)),
        str(lost),
        write_stamp(entry.withdrawn.date) if entry.withdrawn else "",
        guard_text(entry.body.text),
    )


def guard_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _spell_row(cells: Iterable[str]) -> bytes:
    line = StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _spell_flag(flag: bool) -> str:
    return "true" if flag else "false"
