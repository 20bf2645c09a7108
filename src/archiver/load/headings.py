"""The front matter of posts: what their coverage must know of them before any text is read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from archiver.diagnostics import Problem, Report
from archiver.fields import ENTRY, Reading, is_empty, read_fields
from archiver.load.fields import report_missing
from archiver.load.manuscripts import Manuscripts
from archiver.load.permalinks import check_slug, find_slug, name_slug
from archiver.matter import Matter
from archiver.model import Entry, Signature, Stamp

# Stands for a date that could not be read: with that problem told, nothing is built.
UNKNOWN = Stamp(date.min, datetime.min.replace(tzinfo=UTC))
# What a withdrawn post keeps. Tags, corrections and labels would tell what it was about, and a byline
# whom it can be asked of; here they are gone for all that comes after.
_TOMBSTONE = frozenset({"date", "order", "aliases", "withdrawn", "draft"})


class Heading(Struct, frozen=True, array_like=True):
    """What a post's front matter says, and the problems found there.

    `entry` has no body yet; it is None where there is none to publish: for a draft, and for a file
    that is `broken`. `digest` and `signature` are those of the file.
    """

    path: str
    slug: str
    digest: bytes
    signature: Signature | None
    entry: Entry | None
    broken: bool = False
    problems: tuple[Problem, ...] = ()


def read_heading(
    path: str, coverage: str, zone: ZoneInfo, manuscripts: Manuscripts, drafts: bool = False
) -> Heading:
    """The heading of one file. With `drafts`, what is not to be published yet has an entry too."""
    report = Report()
    matter = manuscripts.read(path, report)
    if matter is None:
        return Heading(path, name_slug(path), b"", None, None, True, report.problems)
    fields = read_fields(matter.fields, ENTRY, Reading(matter, zone, report))
    slug, source = find_slug(matter), matter.source
    entry = None
    if not fields.get("draft") or (drafts and not _is_undated(matter, report)):
        if is_empty(matter.fields.get("date")):
            report_missing(
                matter,
                "date",
                "the post has no date",
                report,
                "write `date: 2017-03-23T20:25:00Z`, or a bare day where the time is not known",
            )
        # The text is read all the same, so that all problems of a file come together.
        fields.setdefault("date", UNKNOWN)
        fields.pop("slug", None)
        check_slug(slug, matter, report)
        if fields.get("withdrawn"):
            if matter.body.strip() or fields.get("title"):
                report.warn(
                    "withdrawn-text",
                    "the post is withdrawn, but its text is still in the file; it is not published",
                    matter.place_key("withdrawn"),
                    "remove the title and the text below the front matter",
                )
            fields = {name: value for name, value in fields.items() if name in _TOMBSTONE}
        entry = Entry(path=path, coverage=coverage, slug=slug, **fields)
    return Heading(path, slug, source.digest, source.signature, entry, False, report.problems)


def _is_undated(matter: Matter, report: Report) -> bool:
    """Whether a draft has no date, and so no place yet among the posts."""
    if not is_empty(matter.fields.get("date")):
        return False
    report.warn(
        "missing-date",
        "the draft has no date, so that it cannot be shown among the posts",
        matter.place_key("date"),
        "write `date: 2017-03-23T20:25:00Z`, or a bare day where the time is not known",
    )
    return True
