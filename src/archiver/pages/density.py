"""How many posts came when: the bars of a plot, each of an interval that people count in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from archiver.model import Entry, Stamp
from archiver.pages.chunks import Chunk
from archiver.pages.views import BarView, PlotView
from archiver.times import write_stamp
from archiver.urls import quote_path
from archiver.words import Words

# How many intervals a plot has at most: on a timeline's index, and on that of the site.
MOST_BARS = 96
FEW_BARS = 48
# The fewest posts that are worth a plot.
FEWEST_POSTS = 5

_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
_DAY = 24 * 60
_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
_DAYS = (1, 2, 7, 14, 28, 91, 182, 364)


class Interval(Struct, frozen=True):
    """The posts of a bar: its number from the left, the first post's number in the coverage, how many,
    and whether one of them is a key event."""

    number: int
    first: int
    count: int
    key: bool


class Density(Struct, frozen=True):
    """The intervals of a coverage that hold posts, of `step` each; `width` is how many there are, empty
    ones too. Without a recorded time a post counts only where the step is of whole days."""

    step: timedelta
    width: int
    intervals: tuple[Interval, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many posts each interval holds, empty ones too."""
        counts = [0] * self.width
        for interval in self.intervals:
            counts[interval.number] = interval.count
        return tuple(counts)


def count_density(entries: Sequence[Entry], most: int) -> Density | None:
    """The density of entries in their order, in at most so many intervals; None where there is little to
    be seen: a handful of posts, or all at one time."""
    timed = [(number, entry) for number, entry in enumerate(entries) if entry.date.moment]
    if len(timed) * 2 < len(entries):
        minutes = [entry.date.day.toordinal() * _DAY for entry in entries]
        numbers: Sequence[int] = range(len(entries))
        steps = [days * _DAY for days in _DAYS]
    else:
        minutes = list(_count_minutes([entry.date for _, entry in timed]))
        numbers = [number for number, _ in timed]
        steps = [*_MINUTES, *(days * _DAY for days in _DAYS)]
    if len(minutes) < FEWEST_POSTS:
        return None
    low, high = min(minutes), max(minutes)
    step = next((one for one in steps if high // one - low // one < most), 0)
    if not step:
        step = (high - low) // (most - 1) // _DAY * _DAY + _DAY
    start = low // step
    width = high // step - start + 1
    if width < 2:
        return None
    held: dict[int, list[int]] = {}
    for number, minute in zip(numbers, minutes, strict=True):
        held.setdefault(minute // step - start, []).append(number)
    intervals = tuple(
        Interval(place, of[0], len(of), any(entries[number].key for number in of))
        for place, of in sorted(held.items())
    )
    return Density(timedelta(minutes=step), width, intervals)


def _count_minutes(stamps: Sequence[Stamp]) -> Iterator[int]:
    """Minutes on a clock that is the coverage's at its first post and does not change with the season."""
    first = stamps[0].moment if stamps else None
    shift = (first and first.utcoffset()) or timedelta()
    for stamp in stamps:
        instant = stamp.instant
        assert instant is not None, "only recorded times come here"
        # Near the first and the last day that Python knows there is no shifting.
        local = instant + shift if _FIRST < instant < _LAST else instant
        yield local.toordinal() * _DAY + local.hour * 60 + local.minute


def make_plot(entries: Sequence[Entry], chunks: Sequence[Chunk], words: Words) -> PlotView | None:
    """The plot of a timeline's index; its bars lead to the first post of their interval."""
    density = count_density(entries, MOST_BARS)
    if density is None:
        return None
    whole = chunks[0].day is None
    pages = ["" if whole else f"{chunk.name}.html" for chunk in chunks for _ in chunk.entries]
    most = max(interval.count for interval in density.intervals)
    bars = tuple(
        BarView(
            x=interval.number,
            height=max(2, round(100 * interval.count / most)),
            at=write_stamp(entries[interval.first].date),
            href=f"{pages[interval.first]}#{quote_path(entries[interval.first].slug)}",
            label=words.say(
                "density_bar",
                date=words.stamp(entries[interval.first].date),
                posts=words.count("posts", interval.count),
            ),
            key=interval.key,
        )
        for interval in density.intervals
    )
    peak = max(density.intervals, key=lambda interval: interval.count)
    step = words.duration(density.step)
    return PlotView(
        width=density.width,
        bars=bars,
        first=words.stamp(entries[density.intervals[0].first].date),
        last=words.stamp(entries[density.intervals[-1].first].date),
        label=words.say(
            "density_note",
            step=step,
            posts=words.count("posts", most),
            date=words.stamp(entries[peak.first].date),
        ),
    )
