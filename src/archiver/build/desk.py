"""Where the posts of a coverage are made, each when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from archiver.build.data import KeptPieces
from archiver.dataset import write_entry
from archiver.load import (
    Gathered,
    Manuscripts,
    Text,
    find_revisions,
    is_answered_alike,
    render_text,
)
from archiver.model import Entry, Revision
from archiver.pages import Brief, PostView, make_brief, make_post
from archiver.search import join_body, join_piece
from archiver.words import Words

Found = TypeVar("Found")


class Desk:
    """Makes posts and briefs by their slugs, and remembers them.

    `entries` are those of the coverage by slug, and `kept` the briefs of an earlier build that may
    still hold: where one does, its post is made only to be shown.
    `left` are the posts' parts of the data as that build has left them.
    """

    def __init__(
        self,
        gathered: Gathered,
        entries: Mapping[str, Entry],
        manuscripts: Manuscripts,
        words: Words,
        kept: Mapping[str, Brief],
        left: KeptPieces | None = None,
    ) -> None:
        self._gathered = gathered
        self._manuscripts = manuscripts
        self._words = words
        self._entries = entries
        self._kept = kept
        self._left = left
        self.pieces: dict[str, bytes] = {}
        self.posts = _Made(self._find_post)
        self.briefs = _Made(self._find_brief)
        self.revisions = _Made(self._find_revisions)

    def write_piece(self, slug: str) -> bytes:
        """A post's part of the coverage's data."""
        if slug not in self.pieces:
            self._make(slug)
        return self.pieces[slug]

    def join_words(self, slug: str) -> str:
        """All words of a post, for the index."""
        if slug not in self.posts and self._left is not None:
            piece = self._left.find(slug, self.briefs[slug])
            if piece is not None:
                return join_piece(piece)
        return join_body(self.posts[slug].body)

    def _find_post(self, slug: str) -> PostView:
        if self.briefs[slug] is self._kept.get(slug):
            text = self._render(slug, alone=True)
            self.posts[slug] = self._make_post(text.entry)
        elif slug not in self.posts:
            self._make(slug)
        return self.posts[slug]

    def _find_revisions(self, slug: str) -> tuple[Revision, ...]:
        entry = self._entries[slug]
        self.revisions[slug] = find_revisions(entry, self._manuscripts, self._gathered)
        return self.revisions[slug]

    def _find_brief(self, slug: str) -> Brief:
        kept = self._kept.get(slug)
        if kept is not None and is_answered_alike(self._entries[slug], kept.asked, self._gathered):
            self.briefs[slug] = kept
        else:
            self._make(slug)
        return self.briefs[slug]

    def _make(self, slug: str) -> None:
        text = self._render(slug)
        digest = self._gathered.digests[text.entry.path]
        post = self._make_post(text.entry)
        piece = write_entry(text.entry)
        self.posts[slug], self.pieces[slug] = post, piece
        self.revisions[slug] = text.entry.revisions
        edited = self._gathered.edited.get(slug, "")
        self.briefs[slug] = make_brief(text, digest, post.headline, len(piece), edited)

    def _make_post(self, entry: Entry) -> PostView:
        edited = self._gathered.edited.get(entry.slug, "")
        return make_post(entry, self._gathered.coverage, self._words, edited)

    def _render(self, slug: str, *, alone: bool = False) -> Text:
        entry = self._entries[slug]
        digest = self._gathered.digests[entry.path]
        return render_text(entry, digest, self._manuscripts, self._gathered, alone=alone)


class _Made(dict[str, Found]):
    """Things by slug, each made when it is asked for first."""

    def __init__(self, make: Callable[[str], Found]) -> None:
        self._make = make

    def __missing__(self, slug: str) -> Found:
        return self._make(slug)
