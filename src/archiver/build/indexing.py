"""The index of words of one coverage, part by part as its posts are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from archiver.build.data import KeptPieces
from archiver.build.desk import Desk
from archiver.build.workshop import Printed, Workshop
from archiver.model import Entry
from archiver.pages import Edition
from archiver.search import Part, PartName, join_piece, make_part


class Indexer:
    """Gathers the parts of a coverage's index: `names` are all of them, `made` those that an earlier build
    has not left."""

    def __init__(self, shop: Workshop, kept: Iterable[PartName]) -> None:
        self._shop = shop
        self._kept = {one.name: one for one in kept}
        self.names: list[PartName] = []
        self.made: list[Part] = []

    def add(
        self, printed: Printed, desk: Desk, edition: Edition, pieces: KeptPieces | None
    ) -> None:
        """The parts of a batch whose posts have their briefs."""
        shop = self._shop
        if not shop.searches or shop.proofing:
            return

        def find_words(slug: str) -> str:
            piece = printed.pieces.get(slug) or (pieces and pieces.find(slug, printed.briefs[slug]))
            return join_piece(piece) if piece else desk.join_words(slug)

        for run in printed.runs:
            name, entries = shop.list_run(run)
            if not entries:
                continue
            key = edition.digest_posts(entries)
            self.names.append(PartName(name, key, len(entries)))
            if self._kept.get(name) != self.names[-1]:
                part = printed.parts.get(name)
                self.made.append(part or make_part(name, key, entries, find_words))


def count_names(entries: Iterable[Entry]) -> dict[str, int]:
    """How often each contributor stands in the bylines of posts."""
    return dict(Counter(byline.name for entry in entries for byline in entry.byline))


def count_tags(entries: Iterable[Entry]) -> dict[str, int]:
    """How often each tag is that of a post."""
    return dict(Counter(tag for entry in entries for tag in entry.tags))
