"""The posts as a search shows them: some of a part in each file, loaded only when one of them is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from archiver.languages import find_direction
from archiver.model import Entry
from archiver.pages import Edition, Sheet
from archiver.pages.posts import make_post_date
from archiver.search.volumes import write_data
from archiver.times import write_stamp

POSTS = 16
FOLDER = "search/texts"
# Excerpts are made of so many characters from the beginning of a post.
MUCH = 8_000

FindWords = Callable[[str], str]


class TextsView(Struct, frozen=True):
    """The file's name below search/, and what is in it: of posts, their coverage's title and language, and
    of each its slug, headline, date in words and for machines, whether it is a key event, who reported, its
    words, and its language where that is not its coverage's."""

    name: str
    rows: tuple[Any, ...]


def plan_texts(
    edition: Edition, name: str, entries: Sequence[Entry], words: FindWords
) -> Iterator[Sheet]:
    """The files of one part's posts; `words` finds all words of a post by its slug."""
    slug = edition.coverage.slug
    for number in range(0, len(entries), POSTS):
        some = tuple(entries[number : number + POSTS])
        stem = f"{slug}/{name}.{number // POSTS}"
        make_view = partial(_make_view, edition, stem, some, words)
        yield Sheet(f"{FOLDER}/{stem}.js", "texts", edition.digest_posts(some), make_view)


def write_texts(view: TextsView) -> bytes:
    """The bytes of such a file."""
    return write_data(view.name, view.rows)


def _make_view(
    edition: Edition, stem: str, entries: Sequence[Entry], words: FindWords
) -> TextsView:
    coverage = edition.coverage
    rows = tuple(_make_row(edition, entry, words) for entry in entries)
    return TextsView(f"texts/{stem}", (coverage.title, _tell_tongue(coverage.language), rows))


def _make_row(edition: Edition, entry: Entry, words: FindWords) -> tuple[Any, ...]:
    date = make_post_date(entry.date, edition.words).full
    row: list[Any] = [
        entry.slug,
        edition.briefs[entry.slug].headline,
        date,
        write_stamp(entry.date),
    ]
    if entry.withdrawn:
        row += [0, "", ""]
    else:
        texts = (words(entry.slug), *(one.note for one in entry.corrections))
        by = edition.words["comma"].join(byline.name for byline in entry.byline)
        row += [int(entry.key), by, "\n".join(texts)[:MUCH]]
    if entry.language and entry.language != edition.coverage.language:
        row.append(_tell_tongue(entry.language))
    return tuple(row)


def _tell_tongue(language: str) -> dict[str, str]:
    """A language and its direction, as an element of a page has them."""
    return {"lang": language, "dir": find_direction(language)}
