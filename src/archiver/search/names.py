"""What a search can be narrowed to: coverages, contributors and tags, in a file loaded when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from archiver.digests import digest_value, make_digest
from archiver.model import Entry
from archiver.pages import Sheet
from archiver.pages.lists import label_names
from archiver.search.texts import TextsView
from archiver.urls import spell_slug

# How often each spelling of a name stands in a coverage.
Spellings = Mapping[str, int]


def count_names(entries: Iterable[Entry]) -> dict[str, int]:
    """How often each contributor stands in the bylines of posts."""
    return dict(Counter(byline.name for entry in entries for byline in entry.byline))


def count_tags(entries: Iterable[Entry]) -> dict[str, int]:
    """How often each tag is that of a post."""
    return dict(Counter(tag for entry in entries for tag in entry.tags))


def plan_names(
    base: bytes,
    coverages: Sequence[tuple[str, str]],
    contributors: Iterable[Spellings],
    tags: Iterable[Spellings],
) -> Sheet:
    """The file, with each coverage's slug and title, in their order, and the same of each contributor and
    each tag, sorted."""
    rows = (tuple(coverages), _label(contributors), _label(tags))

    def make_view() -> TextsView:
        return TextsView("names", rows)

    return Sheet("search/names.js", "texts", make_digest(base, digest_value(rows)), make_view)


def _label(spellings: Iterable[Spellings]) -> tuple[tuple[str, str], ...]:
    """Slugs and labels as the lists of the site have them."""
    found: dict[str, Counter[str]] = {}
    for names in spellings:
        for name, count in names.items():
            found.setdefault(spell_slug(name), Counter())[name] += count
    return tuple(label_names(found))
