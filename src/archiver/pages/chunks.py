"""How a coverage is cut into timeline pages: by local day, in a long day by hour, in a long hour by parts.

Pages go by the calendar and not by count, so that a post that arrives late moves nothing but its
own day or hour. A post without a recorded time goes with the hour of the post before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from msgspec import Struct

from archiver.model import Entry


class Chunk(Struct, frozen=True):
    """The posts of one timeline page: `index` for all, else a day, an hour of it, or a part."""

    name: str
    entries: tuple[Entry, ...]
    day: date | None = None
    hour: datetime | None = None
    part: int = 1


def cut_timeline(entries: Sequence[Entry], page_size: int) -> tuple[Chunk, ...]:
    """The pages of a coverage whose entries are in order; one chunk named `index` where all fit."""
    if len(entries) <= page_size:
        return (Chunk("index", tuple(entries)),)
    chunks: list[Chunk] = []
    for day, of_day in split_days(entries):
        name = day.isoformat()
        if len(of_day) <= page_size:
            chunks.append(Chunk(name, of_day, day))
            continue
        for hour, of_hour in split_hours(of_day):
            stem = name if hour is None else f"{name}T{hour.hour:02}"
            for start in range(0, len(of_hour), page_size):
                part = start // page_size + 1
                # Where no time of the day is known, the day's own page is left to its index.
                numbered = part > 1 or hour is None
                chunks.append(
                    Chunk(
                        f"{stem}.{part}" if numbered else stem,
                        of_hour[start : start + page_size],
                        day,
                        hour,
                        part,
                    )
                )
    return tuple(chunks)


class Part(Struct, frozen=True):
    """A page to come: a chunk, or the index of a day that is split into `chunks`."""

    name: str
    day: date
    chunks: tuple[Chunk, ...]

    @property
    def chunk(self) -> Chunk | None:
        """The chunk that it is, if it is one."""
        return self.chunks[0] if self.chunks[0].name == self.name else None


def list_parts(chunks: Sequence[Chunk]) -> tuple[Part, ...]:
    """All pages but the index, in reading order: a split day has a page of its own first. There are
    none where the index shows everything."""
    parts: list[Part] = []
    for day, group in groupby(chunks, key=lambda chunk: chunk.day):
        if day is None:
            continue
        of_day = tuple(group)
        if of_day[0].name != day.isoformat():
            parts.append(Part(day.isoformat(), day, of_day))
        parts.extend(Part(chunk.name, day, (chunk,)) for chunk in of_day)
    return tuple(parts)


def pair_neighbours(
    parts: Sequence[Part],
) -> Iterator[tuple[Part, tuple[Part | None, Part | None]]]:
    """Each part with the one before and the one after it."""
    return zip(parts, zip([None, *parts], [*parts[1:], None], strict=False), strict=False)


def split_days(entries: Sequence[Entry]) -> list[tuple[date, tuple[Entry, ...]]]:
    """The entries by local day."""
    return [(day, tuple(group)) for day, group in groupby(entries, lambda entry: entry.date.day)]


def split_hours(entries: Sequence[Entry]) -> list[tuple[datetime | None, tuple[Entry, ...]]]:
    """The entries of a day by local hour, with its beginning; None where no time of the day is known.

    The two hours of one name, when summer time ends, are one.
    """
    begins: dict[int, datetime] = {}
    groups: dict[int, list[Entry]] = {}
    moments = [entry.date.moment for entry in entries if entry.date.moment]
    if not moments:
        return [(None, tuple(entries))]
    hour = moments[0].hour
    for entry in entries:
        moment = entry.date.moment
        if moment is not None:
            hour = moment.hour
            begins.setdefault(hour, moment.replace(minute=0, second=0, microsecond=0))
        groups.setdefault(hour, []).append(entry)
    return [(begins[hour], tuple(group)) for hour, group in groups.items()]
