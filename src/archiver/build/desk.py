"""Where the posts of a coverage are made, each when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from archiver.dataset import write_entry
from archiver.load import Gathered, Manuscripts, is_answered_alike, render_text
from archiver.model import Entry
from archiver.pages import Brief, PostView, make_brief, make_post
from archiver.words import Words

Found = TypeVar("Found")


class Desk:
    """Makes posts and briefs by their slugs, and remembers them.

    `digests` are those of the posts' files by path, `kept` the briefs of an earlier build that may still
    hold: where one does, its post is made only to be shown.
    """

    def __init__(
        self,
        gathered: Gathered,
        manuscripts: Manuscripts,
        words: Words,
        digests: Mapping[str, bytes],
        kept: Mapping[str, Brief],
    ) -> None:
        self._gathered = gathered
        self._manuscripts = manuscripts
        self._words = words
        self._digests = digests
        self._entries = {entry.slug: entry for entry in gathered.coverage.entries}
        self._kept = kept
        self._posts: dict[str, PostView] = {}
        self._briefs: dict[str, Brief] = {}
        self.pieces: dict[str, bytes] = {}
        self.posts = _Lookup(self._find_post)
        self.briefs = _Lookup(self._find_brief)

    def write_piece(self, slug: str) -> bytes:
        """A post's part of the coverage's data."""
        if slug not in self.pieces:
            self._make(slug)
        return self.pieces[slug]

    def take_briefs(self, briefs: Mapping[str, Brief]) -> None:
        """Remember briefs that were made at another desk."""
        self._briefs.update(briefs)

    def _find_post(self, slug: str) -> PostView:
        if slug not in self._posts:
            self._make(slug)
        return self._posts[slug]

    def _find_brief(self, slug: str) -> Brief:
        brief = self._briefs.get(slug)
        if brief is None:
            kept = self._kept.get(slug)
            if kept is not None and is_answered_alike(kept.asked, self._gathered):
                brief = self._briefs[slug] = kept
            else:
                self._make(slug)
                brief = self._briefs[slug]
        return brief

    def _make(self, slug: str) -> None:
        entry: Entry = self._entries[slug]
        text = render_text(entry, self._manuscripts[entry.path], self._gathered)
        post = make_post(text.entry, self._gathered.coverage, self._words)
        piece = write_entry(text.entry)
        self._posts[slug], self.pieces[slug] = post, piece
        self._briefs[slug] = make_brief(text, self._digests[entry.path], post.headline, len(piece))


class _Lookup(Generic[Found]):
    """Finds something by a slug."""

    def __init__(self, find: Callable[[str], Found]) -> None:
        self._find = find

    def __getitem__(self, slug: str) -> Found:
        return self._find(slug)
