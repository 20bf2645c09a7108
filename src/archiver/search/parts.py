"""A part of the index: some posts of one coverage that lie side by side, and where each term stands in them.

A part knows nothing of the rest of the site, and posts are numbered within it: so it is made wherever its
posts are, and kept as long as these are what they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

from msgspec import Struct

from archiver.digests import make_digest
from archiver.model import Entry
from archiver.search.digits import DIGITS
from archiver.search.terms import split_terms
from archiver.urls import spell_slug

# How many posts a part has where the calendar lets it.
LEAST, MOST = 250, 500
# How terms begin that stand for what a post is, and not for its words.
BY, TAGGED, KEY = "@", "#", "!"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# No phrase reaches from one text of a post into another.
_GAP = 2


class Part(Struct, frozen=True):
    """A part of the index, and how its posts lie in time.

    `first` is the minute of the first post since 1970 (UTC), `times` the minutes from each to the next
    (see `digits`); `timed` says that all times were recorded; `days` are the local days with the number
    of the first post of each. `terms` holds each term and its numbers by turns, a line each, sorted.
    """

    name: str
    key: bytes
    count: int
    timed: bool
    first: int
    times: str
    days: tuple[tuple[str, int], ...]
    terms: str


class PartName(Struct, frozen=True, array_like=True):
    """What the rest of the site has to know of a part; parts with equal keys are equal."""

    name: str
    key: bytes
    count: int


def cut_runs(items: Sequence[tuple[str, int]], least: int, most: int) -> Iterator[range]:
    """Runs of items, each a name and a size, that have some size together and, where they can, no more
    than `most`.

    A run begins at an item by that item's name: what comes before it moves few of the cuts after it.
    """
    start = size = 0
    for number, (name, own) in enumerate(items):
        full = size + own > most or (size >= least and not make_digest(name.encode())[0] % 4)
        if size and full:
            yield range(start, number)
            start, size = number, 0
        size += own
    if items:
        yield range(start, len(items))


def make_part(name: str, key: bytes, entries: Sequence[Entry], words: Callable[[str], str]) -> Part:
    """A part of these posts, in their order; `words` finds all words of a post by its slug."""
    postings: dict[str, list[int]] = {}
    latest: dict[str, int] = {}
    for number, entry in enumerate(entries):
        # Of what was withdrawn nothing can be found.
        if entry.withdrawn:
            continue
        titled, places = _place_terms(entry, words(entry.slug))
        for term, found in places.items():
            numbers = postings.get(term)
            if numbers is None:
                numbers = postings[term] = [0]
            numbers[0] += 1
            # The first number is how many posts since the last one with this term.
            gap = number - latest.get(term, -1) - 1
            latest[term] = number
            numbers.append(gap << 2 | (len(found) > 1) << 1 | (found[0] < titled))
            if len(found) > 1:
                numbers.append(len(found) - 2)
                before = found[0]
                numbers.append(before)
                for place in found[1:]:
                    numbers.append(place - before - 1)
                    before = place
            else:
                numbers.append(found[0])
    lines: list[str] = []
    for term in sorted(postings):
        lines += (term, "".join([DIGITS[number] for number in postings[term]]))
    first, times = _write_times(entries)
    timed = all(entry.date.moment for entry in entries)
    days = _list_days(entries)
    return Part(name, key, len(entries), timed, first, times, days, "\n".join(lines))


def read_terms(part: Part) -> Iterator[tuple[str, str]]:
    """The terms of a part with their numbers."""
    lines = part.terms.split("\n") if part.terms else []
    return zip(lines[::2], lines[1::2], strict=True)


def _place_terms(entry: Entry, words: str) -> tuple[int, dict[str, list[int]]]:
    """How many places the title has, and at which places each term stands."""
    terms = split_terms(entry.title)
    titled = len(terms)
    texts = [words, *(correction.note for correction in entry.corrections)]
    texts += [byline.name for byline in entry.byline]
    for text in texts:
        if text:
            terms += [""] * _GAP
            # A line is a paragraph, or what somebody else said.
            terms += split_terms(text)
    places: dict[str, list[int]] = {}
    for place, term in enumerate(terms):
        if term in places:
            places[term].append(place)
        else:
            places[term] = [place]
    places.pop("", None)
    for byline in entry.byline:
        places[BY + spell_slug(byline.name)] = [titled]
    for tag in entry.tags:
        places[TAGGED + spell_slug(tag)] = [titled]
    if entry.key:
        places[KEY] = [titled]
    return titled, places


def _write_times(entries: Sequence[Entry]) -> tuple[int, str]:
    """The minute of the first post, and from each to the next. A post without a time stands with the one
    before it, or at the beginning of its day."""
    minutes: list[int] = []
    for entry in entries:
        stamp = entry.date
        moment = stamp.moment or datetime(
            stamp.day.year, stamp.day.month, stamp.day.day, tzinfo=UTC
        )
        minute = (moment - _EPOCH) // timedelta(minutes=1)
        if minutes and (minute < minutes[-1] or (not stamp.moment and _same_day(entries, minutes))):
            minute = minutes[-1]
        minutes.append(minute)
    gaps = (after - before for before, after in pairwise(minutes))
    return minutes[0] if minutes else 0, "".join(DIGITS[gap] for gap in gaps)


def _same_day(entries: Sequence[Entry], minutes: Sequence[int]) -> bool:
    number = len(minutes)
    return entries[number].date.day == entries[number - 1].date.day


def _list_days(entries: Sequence[Entry]) -> tuple[tuple[str, int], ...]:
    days = groupby(enumerate(entries), key=lambda item: item[1].date.day)
    return tuple((day.isoformat(), next(group)[0]) for day, group in days)
