"""The table of an archive's pages: each is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from archiver.model import Outline, Page, Site
from archiver.pages import make_coverage_pages
from archiver.pages.chunks import Chunk, cut_timeline
from archiver.pages.entries import make_entry_pages
from archiver.pages.feed_views import make_site_feeds
from archiver.pages.lists import make_index, make_lists, make_lost
from archiver.preview.shelves import Shelf
from archiver.words import Words

SayIn = Callable[[str], Words]


class CoveragePages:
    """The pages of a shelf; what is costly to make is made once."""

    def __init__(self, shelf: Shelf, site: Site, say_in: SayIn) -> None:
        self.shelf = shelf
        self._site = site
        self._say_in = say_in
        self._chunks: dict[str, Chunk] = {}
        self._others: dict[str, Page] = {}

    def find(self, path: str) -> Page | None:
        """The page with that path, if it is one of this coverage."""
        number = self.shelf.places.get(path)
        if number is not None:
            return next((page for page in self._make_near(number) if page.path == path), None)
        coverage = self.shelf.coverage
        if not path.startswith(f"{coverage.slug}/"):
            return None
        if not self._others:
            words = self._say_in(coverage.language)
            pages = make_coverage_pages(self._site, coverage, self.shelf.posts, words)
            self._others = {page.path: page for page in pages if page.path not in self.shelf.places}
        return self._others.get(path)

    def _make_near(self, number: int) -> Iterator[Page]:
        """The pages of an entry and its neighbours: that is all an entry's page knows of the others."""
        coverage = self.shelf.coverage
        if not self._chunks:
            chunks = cut_timeline(coverage.entries, self._site.timeline_page_size)
            self._chunks = {entry.slug: chunk for chunk in chunks for entry in chunk.entries}
        near = coverage.entries[max(0, number - 1) : number + 2]
        chunks = tuple(Chunk(self._chunks[entry.slug].name, (entry,)) for entry in near)
        words = self._say_in(coverage.language)
        return make_entry_pages(
            self._site, replace(coverage, entries=near), chunks, self.shelf.posts, words
        )


class SitePages:
    """The pages that no single coverage owns, made a group at a time."""

    def __init__(self, site: Site, outlines: Sequence[Outline], say_in: SayIn) -> None:
        self._site = site
        self._outlines = outlines
        self._say_in = say_in
        self._made: dict[str, Mapping[str, Page]] = {}

    def find(self, path: str) -> Page | None:
        """The page with that path, if it is one of the site's own."""
        name, slash, _ = path.partition("/")
        group = name if slash else path.partition(".")[0]
        make = _GROUPS.get((group, bool(slash)))
        if make is None:
            return None
        if group not in self._made:
            words = self._say_in(self._site.language)
            pages = make(self._site, self._outlines, words)
            self._made[group] = {page.path: page for page in pages}
        return self._made[group].get(path)


class Table:
    """All pages of an archive, by their paths in build/."""

    def __init__(self, coverages: dict[str, CoveragePages], pages: SitePages) -> None:
        self.coverages = coverages
        self._pages = pages

    def find(self, path: str) -> Page | None:
        """The page with that path; None where there is none, or it is no page but a file of the theme."""
        for pages in self.coverages.values():
            page = pages.find(path)
            if page is not None:
                return page
        return self._pages.find(path)


_MakeGroup = Callable[[Site, Sequence[Outline], Words], Iterable[Page]]
# By the first part of the path, and whether it is a folder.
_GROUPS: Mapping[tuple[str, bool], _MakeGroup] = {
    ("index", False): make_index,
    ("contributors", True): lambda site, outlines, words: make_lists(
        site, outlines, "contributors", lambda mention: mention.names, words
    ),
    ("tags", True): lambda site, outlines, words: make_lists(
        site, outlines, "tags", lambda mention: mention.tags, words
    ),
    ("feed", False): lambda site, outlines, words: make_site_feeds(site, outlines),
    ("404", False): lambda site, outlines, words: [make_lost(site, words)],
}
