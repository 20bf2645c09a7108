"""What the front matter of several kinds of file has in common: zones, and fields that must be there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from archiver.diagnostics import Report
from archiver.matter import Matter
from archiver.times import find_zone


def read_zone(matter: Matter, default: str) -> ZoneInfo:
    """The zone that a file names, so far as it can be trusted: the fields' reader reports the rest."""
    pair = matter.fields.get("timezone")
    named = pair.value.data if pair is not None else default
    zone = find_zone(named) if isinstance(named, str) else None
    fallback = zone or find_zone(default) or find_zone("UTC")
    assert fallback is not None, "tzdata holds UTC"
    return fallback


def report_missing(
    matter: Matter, field: str, message: str, report: Report, hint: str = ""
) -> None:
    """A field that must be there is not."""
    report.error(f"missing-{field}", message, matter.place_key(field), hint or f"add `{field}: …`")
