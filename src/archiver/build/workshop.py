"""Some pages of a coverage at a time: the part of the work that processes share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from archiver.build.data import KeptPieces
from archiver.build.desk import Desk
from archiver.build.press import Press
from archiver.diagnostics import Problem, Report
from archiver.load import Gathered, Manuscripts, render_text
from archiver.model import Entry, Site
from archiver.pages import (
    Brief,
    Chunk,
    Edition,
    Part,
    cut_timeline,
    list_parts,
    make_brief,
    plan_chunks,
)
from archiver.search import LEAST, MOST, PartName, cut_runs, make_part, plan_texts
from archiver.search import Part as IndexPart
from archiver.staging import Written
from archiver.words import Words

BATCH = 500


class Batch(Struct, frozen=True):
    """Some chunks of a timeline, by their numbers, and all the posts in them; `runs` are the same chunks
    as they make parts of the index of words."""

    number: int
    start: int
    stop: int
    runs: tuple[range, ...]


class Printed(Struct, frozen=True):
    """What came of a batch: its posts' briefs and parts of the data by slug, where they were made anew,
    the files, and the problems; and the parts of the index, with those that are not as they were."""

    number: int
    briefs: dict[str, Brief]
    pieces: dict[str, bytes]
    written: tuple[Written, ...]
    problems: tuple[Problem, ...]
    parts: tuple[PartName, ...]
    new_parts: tuple[IndexPart, ...]


class Left(Struct, frozen=True):
    """What an earlier build has left of a coverage: its data, and by name the parts of the index."""

    pieces: KeptPieces | None = None
    parts: dict[str, PartName] = {}


class Workshop:
    """All that is needed to make any page of one coverage, in one process.

    `keys` are the `frame` and `whole` of an Edition; `proofing` says that there are errors already:
    texts are made to find more, and no pages. `left` spares work.
    """

    def __init__(
        self,
        site: Site,
        gathered: Gathered,
        manuscripts: Manuscripts,
        kept: Mapping[str, Brief],
        words: Words,
        keys: tuple[bytes, bytes],
        press: Press,
        proofing: bool,
        left: Left | None = None,
    ) -> None:
        self.gathered = gathered
        self.press = press
        self.proofing = proofing
        self._site = site
        self._manuscripts = manuscripts
        self._kept = kept
        self.words = words
        self.frame, self.whole = keys
        self.left = left or Left()
        self._entries = {entry.slug: entry for entry in gathered.coverage.entries}

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """The timeline's pages."""
        return cut_timeline(self.gathered.coverage.entries, self._site.timeline_page_size)

    @cached_property
    def runs(self) -> tuple[range, ...]:
        """The timeline's pages, by their numbers, as they make parts of the index of words."""
        sizes = [(chunk.name, len(chunk.entries)) for chunk in self.chunks]
        return tuple(cut_runs(sizes, LEAST, MOST))

    @cached_property
    def searches(self) -> bool:
        """Whether there is to be an index of words."""
        return self._site.search and self.press.keeps

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The timeline's pages but for its index."""
        return list_parts(self.chunks)

    def open_desk(self) -> tuple[Desk, Edition]:
        """A desk with nothing on it yet, and the coverage as seen from there."""
        desk = Desk(
            self.gathered,
            self._entries,
            self._manuscripts,
            self.words,
            self._kept,
            self.left.pieces,
        )
        edition = Edition(
            site=self._site,
            coverage=self.gathered.coverage,
            chunks=self.chunks,
            parts=self.parts,
            words=self.words,
            posts=desk.posts,
            briefs=desk.briefs,
            revisions=desk.revisions,
            frame=self.frame,
            whole=self.whole,
        )
        return desk, edition

    def reword(self, words: Words) -> Workshop:
        """The same with other words, in which nothing is made yet."""
        return Workshop(
            self._site,
            self.gathered,
            self._manuscripts,
            {},
            words,
            (self.frame, self.whole),
            self.press,
            self.proofing,
        )

    def list_run(self, run: range) -> tuple[str, tuple[Entry, ...]]:
        """The name of a part of the index, and its posts."""
        chunks = self.chunks[run.start : run.stop]
        return chunks[0].name, tuple(entry for chunk in chunks for entry in chunk.entries)

    def count_new(self, batch: Batch) -> int:
        """How many posts of a batch have no brief from an earlier build."""
        entries = (one for chunk in self.chunks[batch.start : batch.stop] for one in chunk.entries)
        return sum(entry.slug not in self._kept for entry in entries)

    def read_proof(self, entry: Entry) -> Brief:
        """A brief of what a text holds and of what is wrong with it, whatever else is wrong."""
        digest = self.gathered.digests[entry.path]
        text = render_text(entry, digest, self._manuscripts, self.gathered)
        return make_brief(text, digest, "", 0)


def cut_batches(shop: Workshop, size: int) -> Iterator[Batch]:
    """Batches of chunks that lie side by side, of at least so many posts but for the last."""
    runs: list[range] = []
    posts = number = 0
    for run in shop.runs:
        runs.append(run)
        posts += sum(len(chunk.entries) for chunk in shop.chunks[run.start : run.stop])
        if posts >= size or run is shop.runs[-1]:
            yield Batch(number, runs[0].start, run.stop, tuple(runs))
            runs, posts, number = [], 0, number + 1


def print_batch(shop: Workshop, batch: Batch, desk: Desk, edition: Edition) -> Printed:
    """Make the posts of a batch, and the pages that are theirs, at one desk."""
    report = Report()
    entries = [entry for chunk in shop.chunks[batch.start : batch.stop] for entry in chunk.entries]
    if shop.proofing:
        briefs = {entry.slug: shop.read_proof(entry) for entry in entries}
    else:
        briefs = {entry.slug: edition.briefs[entry.slug] for entry in entries}
    for brief in briefs.values():
        report.add(brief.problems)
    written: list[Written] = []
    parts: list[PartName] = []
    new_parts: list[IndexPart] = []
    if not shop.proofing and not report.has_errors:
        written += shop.press.print_sheets(plan_chunks(edition, batch.start, batch.stop), report)
        for run in batch.runs if shop.searches else ():
            name, of_run = shop.list_run(run)
            if not of_run:
                continue
            key = edition.digest_posts(of_run)
            texts = plan_texts(edition, name, of_run, desk.join_words)
            written += shop.press.print_sheets(texts, report)
            parts.append(PartName(name, key, len(of_run)))
            if shop.left.parts.get(name) != parts[-1]:
                new_parts.append(make_part(name, key, of_run, desk.join_words))
    pieces = {slug: desk.pieces[slug] for slug in briefs if slug in desk.pieces}
    return Printed(
        batch.number,
        briefs,
        pieces,
        tuple(written),
        report.problems,
        tuple(parts),
        tuple(new_parts),
    )
