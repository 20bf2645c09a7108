"""Dates and time zones: what a front-matter date means, and the local day it belongs to."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from archiver.model import Stamp

# The system's own tables differ from machine to machine; the pinned `tzdata` package does not.
zoneinfo.reset_tzpath(())

ENGLISH_MONTHS = tuple(
    """january february march april may june july august september october november december""".split()
)
_FRACTION = re.compile(r"(\.\d{3})\d+")
_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d\d:?\d\d)?)?"
)


class DateError(ValueError):
    """A date that cannot be meant: `code` names the kind, `hint` what to write instead."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


@cache
def find_zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, or None."""
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=1)
def list_zones() -> tuple[str, ...]:
    """The names of all IANA zones, sorted."""
    return tuple(sorted(zoneinfo.available_timezones()))


def read_date(text: str, zone: ZoneInfo) -> Stamp:
    """What a date in front matter means in a zone: ISO 8601 (RFC 3339), or a bare day.

    Without an offset the time is local; DateError where that is ambiguous, does not exist, or
    the text is no date.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise DateError(
            "not-a-date",
            f"`{text}` is not a date",
            "write it like 2017-03-23T20:25:00Z, 2017-03-23T20:25+01:00, or 2017-03-23 "
            "where the time is not known",
        )
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        if hour is None:
            return Stamp(date(int(year), int(month), int(day)))
        local = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")),
        )
        moment = _place_local(local, zone, text) if offset is None else _apply(local, offset, zone)
    except DateError:
        raise
    except (ValueError, OverflowError) as error:
        raise DateError(
            "not-a-date", f"`{text}` is not a date: {error}", "is a digit wrong?"
        ) from None
    return Stamp(moment.date(), moment)


def write_stamp(stamp: Stamp) -> str:
    """A stamp as RFC 3339, with its offset; a bare day where the time is not known.

    Before zones were made, offsets ran to the second, which RFC 3339 cannot say: these are in UTC.
    """
    moment = stamp.moment
    if moment is None:
        return stamp.day.isoformat()
    if (moment.utcoffset() or timedelta()).seconds % 60:
        moment = moment.astimezone(UTC)
    text = moment.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def write_html_time(stamp: Stamp) -> str:
    """A stamp as the `time` element takes it: with three digits of a second at most (HTML, "times")."""
    text = write_stamp(stamp)
    return _FRACTION.sub(r"\1", text) if "." in text else text


def is_before(one: Stamp, other: Stamp) -> bool:
    """Whether a stamp is certainly earlier: by moment where both have one, else by day."""
    if one.instant is not None and other.instant is not None:
        return one.instant < other.instant
    return one.day < other.day


def _apply(local: datetime, offset: str, zone: ZoneInfo) -> datetime:
    if offset in "Zz":
        return local.replace(tzinfo=UTC).astimezone(zone)
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError(f"no place on earth is at {offset}")
    span = timedelta(hours=hours, minutes=minutes)
    utc = local - span if offset[0] == "+" else local + span
    return utc.replace(tzinfo=UTC).astimezone(zone)


def _place_local(local: datetime, zone: ZoneInfo, text: str) -> datetime:
    """A local time in its zone, refused where summer time makes it ambiguous or skips it (PEP 495)."""
    first = local.replace(tzinfo=zone, fold=0)
    second = local.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after:
        return first
    spellings = " or ".join(f"{text}{_spell_offset(moment)}" for moment in (first, second))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise DateError(
            "nonexistent-time",
            f"`{text}` does not exist in {zone.key}: the clocks went forward over it",
            f"write the offset: {spellings}",
        )
    raise DateError(
        "ambiguous-time",
        f"`{text}` happened twice in {zone.key}: the clocks went back over it",
        f"write the offset: {spellings}",
    )


def _spell_offset(moment: datetime) -> str:
    span = moment.utcoffset() or timedelta()
    sign, total = ("-", -span) if span < timedelta() else ("+", span)
    minutes = int(total.total_seconds()) // 60
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}"
