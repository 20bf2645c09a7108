"""Clocks and dates in headings, and the days that articles leave their posts to be found on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol

from archiver.model import Stamp

_CLOCK = re.compile(
    r"""(?:\++\s*)?(?:um\s+)?(?P<hour>[01]?\d|2[0-4])
    (?: [.:](?P<minute>[0-5]\d) (?:[.:][0-5]\d)? | \s?h\s?(?P<french>[0-5]\d)? | (?=\s?(?:Uhr|[ap]\.?m)) )
    \s*(?P<half>[ap]\.?m\b\.?)?
    \s*(?P<word>Uhr\b|hrs?\b|h\b|\(?(?:MESZ|MEZ|CES?T|BST|GMT|UTC|IST|E[SD]T|P[SD]T)\b\)?)?
    \s*(?P<mark>[:|•·–—-]|\++|$)?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january januari janvier enero gennaio janeiro styczeń stycznia",
            "februar february februari février febrero febbraio fevereiro lutego",
            "märz march maart mars marzo março marca",
            "april avril abril aprile kwietnia",
            "mai may mei mayo maggio maio maja",
            "juni june juin junio giugno junho czerwca",
            "juli july juillet julio luglio julho lipca",
            "august augustus août agosto sierpnia",
            "september septembre septiembre settembre setembro września",
            "oktober october octobre octubre ottobre outubro października",
            "november novembre noviembre novembro listopada",
            "dezember december décembre diciembre dicembre dezembro grudnia",
        ),
        1,
    )
    for name in names.split()
}
_DATE = re.compile(
    r"(?:\w+,?\s+)?(?:den\s+|le\s+|the\s+)?(?:(\d{1,2})(?:\.|st|nd|rd|th|er)?\s+(?:de\s+)?(\w+)"
    r"|(\w+)\s+(\d{1,2})(?:st|nd|rd|th)?),?(?:\s+(?:de\s+)?(\d{4}))?\W*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?:\w+,?\s+)?(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\W*")
# Minutes of a day.
_DAY = 24 * 60
# How long after its last post an article was changed, for its date to be that post's.
_SOON = timedelta(hours=3)


class Mark(Protocol):
    """A heading that is a time (`clock`), or a date (`day`: year, 0 where it is not said, month, day)."""

    @property
    def clock(self) -> time | None: ...

    @property
    def day(self) -> tuple[int, int, int] | None: ...


def read_clock(text: str) -> tuple[time, str] | None:
    """The time that a heading begins with, and the words behind it.

    Digits alone are no time: a unit or a mark has to follow ("10.30 million" has none).
    """
    match = _CLOCK.match(text)
    if match is None or not (
        match["half"] or match["word"] or match["mark"] is not None or match["french"]
    ):
        return None
    # "24h Rennen", "5 – 3": an hour without minutes needs a word that says that it is one.
    if not match["minute"] and not match["french"] and not (match["half"] or match["word"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or match["french"] or 0)
    half = (match["half"] or "").casefold()[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23:
        return None
    return time(hour, minute), re.sub(r"\s*\++$", "", text[match.end() :]).strip()


def read_day(text: str) -> tuple[int, int, int] | None:
    """The date that a heading is: year (0 where it has none), month and day."""
    match = _DIGITS.fullmatch(text.strip())
    if match is not None:
        return int(match[3]), int(match[2]), int(match[1])
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    month = _MONTHS.get((match[2] or match[3]).casefold(), 0)
    return (int(match[5] or 0), month, int(match[1] or match[4])) if month else None


def is_rising(sections: Sequence[Mark]) -> bool:
    """Whether the oldest post stands on top: read that way the clocks take less time to go round."""
    clocks = [60 * one.clock.hour + one.clock.minute for one in sections if one.clock is not None]
    if not clocks:
        return False
    falls = sum(one > other for one, other in pairwise(clocks))
    rises = sum(one < other for one, other in pairwise(clocks))
    return _DAY * falls + clocks[-1] - clocks[0] < _DAY * rises + clocks[0] - clocks[-1]


def find_days(sections: Sequence[Mark], ends: list[Stamp]) -> list[date | None]:
    """The day of each section.

    A date stands above its posts, or below them: it is below where the article's newest posts stand
    above the first date and that is the article's own day. Where there is no date, the article's last
    one counts if the newest post came soon before it, or if it was published and last changed on one
    day; from there a clock that goes the wrong way is another day.
    """
    rising = is_rising(sections)
    ordered = list(reversed(sections)) if rising else list(sections)
    last = max((stamp for stamp in ends), key=lambda one: (one.day, _clock_of(one)), default=None)
    dated = [index for index, one in enumerate(ordered) if one.day is not None]
    clocks = [index for index, one in enumerate(ordered) if one.clock is not None]
    days: list[date | None] = [None] * len(ordered)
    if clocks and dated:
        near = last.day if last else None
        # Read from the newest down, a date above its posts comes after them where the page is rising.
        is_ahead = dated[0] < clocks[0]
        first = _make_day(ordered[dated[0]], near)
        is_below = not is_ahead and (rising or near is None or first == near)
        _fill_by_dates(ordered, days, near, is_below)
    elif clocks and last is not None:
        day = _find_last_day(ordered[clocks[0]], last, ends)
        _roll(ordered, days, clocks, day)
    return list(reversed(days)) if rising else days


def _find_last_day(newest: Mark, last: Stamp, ends: list[Stamp]) -> date | None:
    if last.moment is None or newest.clock is None:
        return last.day if len({one.day for one in ends}) == 1 else None
    moment = last.moment
    for day in (last.day, last.day - timedelta(days=1)):
        at = datetime.combine(day, newest.clock, moment.tzinfo)
        if timedelta(minutes=-5) <= moment - at <= _SOON:
            return day
    # One day for both dates, said twice, and a post before the last of them.
    is_one_day = len(ends) > 1 and len({one.day for one in ends}) == 1
    return last.day if is_one_day and newest.clock <= moment.time() else None


def _fill_by_dates(
    ordered: Sequence[Mark], days: list[date | None], near: date | None, is_below: bool
) -> None:
    current: date | None = None
    indices = range(len(ordered))
    for index in reversed(indices) if is_below else indices:
        section = ordered[index]
        if section.day is not None:
            current = _make_day(section, near)
        else:
            days[index] = current
    # What lies outside all dates continues from its neighbour, as clocks go.
    clocks = [index for index in indices if ordered[index].clock is not None]
    for one, other in pairwise(clocks):
        newer, older = ordered[one].clock, ordered[other].clock
        if days[other] is None and days[one] is not None and newer and older:
            days[other] = _shift(days[one], -1 if older > newer else 0)
    for one, other in zip(reversed(clocks[:-1]), reversed(clocks[1:]), strict=True):
        newer, older = ordered[one].clock, ordered[other].clock
        if days[one] is None and days[other] is not None and newer and older:
            is_other = any(section.day for section in ordered[one:other])
            guess = _shift(days[other], 1 if is_other else 0)
            # Above the first date lies the day after it, if that is the article's own.
            is_sure = guess == near if is_other else newer >= older
            days[one] = guess if is_sure else None


def _roll(
    ordered: Sequence[Mark], days: list[date | None], clocks: list[int], day: date | None
) -> None:
    before: time | None = None
    for index in clocks:
        clock = ordered[index].clock
        if before is not None and clock is not None and clock > before:
            day = _shift(day, -1)
        days[index] = day
        before = clock


def _shift(day: date | None, by: int) -> date | None:
    try:
        return day + timedelta(days=by) if day else None
    except OverflowError:
        return None


def _make_day(section: Mark, near: date | None) -> date | None:
    year, month, day = section.day or (0, 0, 0)
    if not year and near is not None:
        year = near.year - (1 if (month, day) > (near.month, near.day) else 0)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock_of(stamp: Stamp) -> time:
    return stamp.moment.time() if stamp.moment else time()
