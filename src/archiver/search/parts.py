"""A part of the index: some posts of one coverage that lie side by side, and where each term stands in them.

A part knows nothing of the rest of the site, and posts are numbered within it: so it is made wherever its
posts are, and kept as long as these are what they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

from msgspec import Struct

from archiver.digests import make_digest
from archiver.model import Entry
from archiver.search.digits import AFTER_TIMES, DIGITS
from archiver.search.terms import split_terms
from archiver.urls import spell_slug

# How many posts a part has where the calendar lets it.
LEAST, MOST = 250, 500
# How terms begin that stand for what a post is, and not for its words.
BY, TAGGED, KEY = "@", "#", "!"
# Instead of a term: when posts were published, which only those searches load that have found something.
TIMES = "$"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# No phrase reaches from one text of a post into another.
_GAP = 2


class Part(Struct, frozen=True):
    """A part of the index.

    `timed` says that the times of all posts were recorded, `last` is the minute of the last one since 1970
    (UTC). `terms` holds each term and its numbers (see `digits`) by turns, a line each, sorted; and `TIMES`
    the minutes from each post to the one before it, from the last back, then each local day with the number
    of posts in a row that are of it.
    """

    name: str
    key: bytes
    count: int
    timed: bool
    last: int
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
    postings: defaultdict[str, list[str]] = defaultdict(list)
    latest: defaultdict[str, int] = defaultdict(lambda: -1)
    # The first number is how many posts since the last one with this term, and the flags.
    heads = [[DIGITS[gap << 2 | flags] for gap in range(len(entries))] for flags in range(4)]
    for number, entry in enumerate(entries):
        # Of what was withdrawn nothing can be found.
        if entry.withdrawn:
            continue
        for head, placed in zip(heads, _place_terms(entry, words(entry.slug)), strict=True):
            for term, places in placed.items():
                postings[term].append(head[number - latest[term] - 1] + places)
                latest[term] = number
    minutes = _list_minutes(entries)
    gaps = [after - before for before, after in pairwise(minutes)]
    lines = {term: "".join(found) for term, found in postings.items()}
    numbers = "".join([DIGITS[gap] for gap in reversed(gaps)])
    lines[TIMES] = AFTER_TIMES.join([numbers, *_list_days(entries)])
    terms = "\n".join(f"{term}\n{lines[term]}" for term in sorted(lines))
    timed = all(entry.date.moment for entry in entries)
    return Part(name, key, len(entries), timed, minutes[-1] if minutes else 0, terms)


def read_terms(part: Part) -> Iterator[tuple[str, str]]:
    """The terms of a part with their numbers."""
    lines = part.terms.split("\n") if part.terms else []
    return zip(lines[::2], lines[1::2], strict=True)


def _place_terms(entry: Entry, words: str) -> tuple[dict[str, str], ...]:
    """The terms of a post with the digits of their places, by flags: 1 is for those in its title, 2 for
    those that stand at several places, of which two fewer are told before them."""
    terms = split_terms(entry.title)
    titled = len(terms)
    texts = [words, *(correction.note for correction in entry.corrections)]
    texts += [byline.name for byline in entry.byline]
    for text in texts:
        if text:
            terms += [""] * _GAP
            # A line is a paragraph, or what somebody else said.
            terms += split_terms(text)
    last = dict(zip(terms, range(len(terms)), strict=True))
    again: defaultdict[str, list[int]] = defaultdict(list)
    for place in [place for place, term in enumerate(terms) if last[term] != place]:
        again[terms[place]].append(place)
    again.pop("", None)
    last.pop("", None)
    several = {term: _write_places([*places, last.pop(term)]) for term, places in again.items()}
    once = {term: DIGITS[place] for term, place in last.items()}
    title = dict.fromkeys(terms[:titled])
    once_titled = {term: once.pop(term) for term in title if term in once}
    several_titled = {term: several.pop(term) for term in title if term in several}
    own = [BY + spell_slug(byline.name) for byline in entry.byline]
    own += [TAGGED + spell_slug(tag) for tag in entry.tags]
    once |= dict.fromkeys([*own, KEY] if entry.key else own, DIGITS[titled])
    return once, once_titled, several, several_titled


def _write_places(places: Sequence[int]) -> str:
    first, second, *others = places
    written = DIGITS[len(others)] + DIGITS[first] + DIGITS[second - first - 1]
    if others:
        gaps = pairwise((second, *others))
        written += "".join([DIGITS[after - before - 1] for before, after in gaps])
    return written


def _list_minutes(entries: Sequence[Entry]) -> list[int]:
    """The minute of each post. One without a time stands with the one before it, or at the beginning of
    its day."""
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
    return minutes


def _same_day(entries: Sequence[Entry], minutes: Sequence[int]) -> bool:
    number = len(minutes)
    return entries[number].date.day == entries[number - 1].date.day


def _list_days(entries: Sequence[Entry]) -> list[str]:
    days = groupby(entries, key=lambda entry: entry.date.day)
    return [f"{day.isoformat()}{len(list(posts))}" for day, posts in days]
