"""Times as pages and answers give them: ISO 8601 in its many spellings, and counts of seconds."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from archiver.model import Stamp

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt\s]\s*(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*"
    r"(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?"
)
# Of countries that have one zone, or whose publishers all write in one.
_ZONES = {
    "at": "Europe/Vienna", "be": "Europe/Brussels", "ch": "Europe/Zurich", "cz": "Europe/Prague",
    "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "es": "Europe/Madrid", "fi": "Europe/Helsinki",
    "fr": "Europe/Paris", "gr": "Europe/Athens", "hu": "Europe/Budapest", "ie": "Europe/Dublin",
    "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "it": "Europe/Rome", "jp": "Asia/Tokyo",
    "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "nz": "Pacific/Auckland", "pk": "Asia/Karachi",
    "pl": "Europe/Warsaw", "ro": "Europe/Bucharest", "se": "Europe/Stockholm", "tr": "Europe/Istanbul",
    "uk": "Europe/London", "za": "Africa/Johannesburg",
}  # fmt: skip


def find_zone(address: str) -> ZoneInfo | None:
    """The zone of a publisher, where the country in its address has only one; else None."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return None
    name = _ZONES.get(host.rpartition(".")[2])
    return ZoneInfo(name) if name else None


def read_moment(text: str, zone: ZoneInfo) -> Stamp | None:
    """A date and time in ISO 8601, to the microsecond; without an offset it is local to the zone.

    A time that a zone has twice is the first of the two. None where the text is no date.
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        if hour is None:
            return Stamp(date(int(year), int(month), int(day)))
        if offset and offset[0] in "+-" and len(offset) == 3:
            offset += ":00"
        moment = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")), tzinfo=zone,
        )  # fmt: skip
        if offset:
            spelled = "+00:00" if offset[0] not in "+-" else offset
            plain = moment.replace(tzinfo=None).isoformat()
            moment = datetime.fromisoformat(plain + spelled)
        return make_stamp(moment, zone)
    except (ValueError, OverflowError):
        return None


def read_epoch(value: object, zone: ZoneInfo) -> Stamp | None:
    """A count of seconds or milliseconds since 1970, as a number or as text."""
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    seconds = number / 1000 if abs(number) > 1e11 else number
    if not 1e8 < seconds < 1e11:
        return None
    return make_stamp(datetime.fromtimestamp(seconds, UTC), zone)


def make_stamp(moment: datetime, zone: ZoneInfo) -> Stamp:
    """A moment as a stamp in a zone."""
    local = moment.astimezone(zone)
    return Stamp(local.date(), local)
