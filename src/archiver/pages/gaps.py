"""The gaps of a coverage as a plot: its posts over time, the stretches without any, and the captures.

Time is that of the coverage's own clocks, counted in seconds, so that a day is a day long on paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from msgspec import Struct

from archiver.model import Coverage, Stamp
from archiver.pages.views import BandView, GapsBar, GapsView
from archiver.words import Words

# How many bars there may be at most, and how long one may be: parts of a day in minutes, then days.
BARS = 96
_MINUTES = (5, 10, 15, 30, 60, 120, 180, 360, 720)
_DAYS = (1, 2, 7, 14, 30, 91, 365, 3650)
# How many stretches without a post are marked, and how long one must be to be.
STRETCHES = 5
STRETCH = timedelta(hours=1)
_HOUR, _DAY = 3600, 86400


class Axis(Struct, frozen=True):
    """Time from `start` on for `span`, in bars of `step`: all in seconds, of which a day has 86,400."""

    start: int
    span: int
    step: int

    def place(self, seconds: float) -> float:
        """Where a time stands, in thousandths of the width."""
        return round(1000 * (seconds - self.start) / self.span, 2)

    def measure(self, seconds: float) -> float:
        """How wide a time is, in thousandths of the width."""
        return round(1000 * seconds / self.span, 2)


def make_gaps(coverage: Coverage, words: Words) -> GapsView | None:
    """The plot of a coverage; none where it has no posts."""
    entries = coverage.entries
    if not entries:
        return None
    axis = choose_axis([entry.date for entry in entries])
    make_bars = _make_days if axis.step >= _DAY else _make_hours
    captures = coverage.source.captures if coverage.source else ()
    moments = [one.captured.moment for one in captures if one.captured and one.captured.moment]
    inside = sorted(moment for moment in moments if 0 <= axis.place(_count(moment)) <= 1000)
    return GapsView(
        step=_name_step(axis.step, words),
        bars=tuple(make_bars([entry.date for entry in entries], axis, words)),
        stretches=tuple(_mark_stretches(coverage, axis, words)),
        captures=tuple(
            BandView(axis.place(_count(moment)), 0, _write(moment, words)) for moment in inside
        ),
        outside=len(captures) - len(inside),
        axis=_name_ends(entries[0].date, entries[-1].date, axis, words),
    )


def _name_ends(first: Stamp, last: Stamp, axis: Axis, words: Words) -> tuple[str, str]:
    """The first and the last post's time; their days where the axis runs from midnight to midnight."""
    if axis.start % _DAY == 0 and axis.span % _DAY == 0:
        return words.short_day(first.day), words.short_day(last.day)
    return words.stamp(first), words.stamp(last)


def choose_axis(stamps: Sequence[Stamp]) -> Axis:
    """An axis for some stamps in their order: by whole days where they are many, or no time is known."""
    days = [stamp.day.toordinal() for stamp in stamps]
    moments = [_count(stamp.moment) for stamp in stamps if stamp.moment]
    start, stop = min(days) * _DAY, (max(days) + 1) * _DAY
    if len(moments) == len(stamps):
        # All times are known: the axis need not run from midnight to midnight.
        hours = int(min(moments)) // _HOUR, int(max(moments)) // _HOUR + 1
        start, stop = hours[0] * _HOUR, hours[1] * _HOUR
    steps = [minutes * 60 for minutes in _MINUTES if moments] + [days * _DAY for days in _DAYS]
    step = next((step for step in steps if stop - start <= BARS * step), steps[-1])
    if step >= _DAY:
        start, stop = min(days) * _DAY, (max(days) + 1) * _DAY
    return Axis(start, stop - start, step)


def _make_hours(stamps: Sequence[Stamp], axis: Axis, words: Words) -> Iterator[GapsBar]:
    """Bars of less than a day; posts of which only the day is known are spread over it."""
    counts: Counter[int] = Counter()
    days: Counter[date] = Counter()
    for stamp in stamps:
        if stamp.moment is None:
            days[stamp.day] += 1
        else:
            counts[int(_count(stamp.moment) - axis.start) // axis.step] += 1
    a_day = _DAY / axis.step
    highest = max([*counts.values(), *(count / a_day for count in days.values())])
    for day, count in sorted(days.items()):
        yield GapsBar(
            axis.place(day.toordinal() * _DAY),
            axis.measure(_DAY),
            max(2, round(100 * count / a_day / highest, 2)),
            words.short_day(day),
            count,
            True,
        )
    for number, count in sorted(counts.items()):
        seconds = axis.start + number * axis.step
        clock = datetime.combine(date.fromordinal(seconds // _DAY), time())
        label = words.say(
            "day_and_clock",
            day=words.short_day(clock.date()),
            time=words.clock(clock + timedelta(seconds=seconds % _DAY)),
        )
        height = round(100 * count / highest, 2)
        yield GapsBar(axis.place(seconds), axis.measure(axis.step), height, label, count)


def _make_days(stamps: Sequence[Stamp], axis: Axis, words: Words) -> Iterator[GapsBar]:
    """Bars of one day or several."""
    step = axis.step // _DAY
    first, last = axis.start // _DAY, (axis.start + axis.span) // _DAY - 1
    counts = Counter((stamp.day.toordinal() - first) // step for stamp in stamps)
    highest = max(counts.values())
    for number, count in sorted(counts.items()):
        day = first + number * step
        end = min(last, day + step - 1)
        yield GapsBar(
            axis.place(day * _DAY),
            axis.measure((end + 1 - day) * _DAY),
            round(100 * count / highest, 2),
            words.span(date.fromordinal(day), date.fromordinal(end)),
            count,
        )


def _mark_stretches(coverage: Coverage, axis: Axis, words: Words) -> Iterator[BandView]:
    """The longest stretches between two posts that lie side by side and whose times are known."""
    longest = sorted(
        _find_stretches(coverage), key=lambda pair: (_count(pair[0]) - _count(pair[1]), pair[0])
    )
    for start, stop in sorted(longest[:STRETCHES]):
        width = axis.measure(max(0, _count(stop) - _count(start)))
        label = words.say("from_to", first=_write(start, words), last=_write(stop, words))
        yield BandView(axis.place(_count(start)), width, label)


def _find_stretches(coverage: Coverage) -> Iterator[tuple[datetime, datetime]]:
    for one, other in pairwise(coverage.entries):
        start, stop = one.date.instant, other.date.instant
        if start and stop and one.date.moment and other.date.moment and stop - start >= STRETCH:
            yield one.date.moment, other.date.moment


def _count(moment: datetime) -> float:
    """The seconds from the first day of the calendar to a moment, as its own clock shows it."""
    clock = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return moment.toordinal() * _DAY + clock


def _name_step(step: int, words: Words) -> str:
    if step >= _DAY:
        return words.count("a_day", step // _DAY)
    if step >= _HOUR:
        return words.count("an_hour", step // _HOUR)
    return words.count("a_minute", step // 60)


def _write(moment: datetime, words: Words) -> str:
    return words.stamp(Stamp(moment.date(), moment))
