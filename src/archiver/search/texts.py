"""The posts as a search shows them: some of a part in each file, loaded only when one of them is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from archiver.model import Entry
from archiver.pages import Edition, Sheet
from archiver.search.volumes import write_data
from archiver.search.words import join_body

POSTS = 16
FOLDER = "search/texts"
# Excerpts are made of so many characters from the beginning of a post.
MUCH = 8_000


class TextsView(Struct, frozen=True):
    """The file's name, and for each post its slug, headline, date in words and for machines, whether it is
    a key event, who reported, its words, and its language where that is not its coverage's."""

    name: str
    rows: tuple[tuple[Any, ...], ...]


def plan_texts(edition: Edition, name: str, entries: Sequence[Entry]) -> Iterator[Sheet]:
    """The files of one part's posts."""
    slug = edition.coverage.slug
    for number in range(0, len(entries), POSTS):
        some = tuple(entries[number : number + POSTS])
        stem = f"{slug}/{name}.{number // POSTS}"
        make_view = partial(_make_view, edition, stem, some)
        yield Sheet(f"{FOLDER}/{stem}.js", "texts", edition.digest_posts(some), make_view)


def write_texts(view: TextsView) -> bytes:
    """The bytes of such a file."""
    return write_data(view.name, view.rows)


def _make_view(edition: Edition, stem: str, entries: Sequence[Entry]) -> TextsView:
    rows = []
    for entry in entries:
        post = edition.posts[entry.slug]
        words = "" if entry.withdrawn else join_body(post.body)
        if entry.corrections and not entry.withdrawn:
            words = "\n".join((words, *(one.note for one in entry.corrections)))
        row: list[Any] = [post.slug, post.headline, post.date.full, post.machine_date]
        by = "" if entry.withdrawn else ", ".join(byline.name for byline in post.byline)
        row += [int(post.key), by, words[:MUCH]]
        if post.foreign:
            row += [post.language, post.direction]
        rows.append(tuple(row))
    return TextsView(stem, tuple(rows))
