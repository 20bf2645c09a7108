"""The table of an archive's pages: each is made when it is asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from msgspec.structs import replace

from archiver.dataset import BETWEEN, write_end, write_head
from archiver.model import Page, Site
from archiver.pages import (
    Outline,
    PostView,
    Recent,
    Sheet,
    make_outline,
    plan_coverage,
    plan_media,
)
from archiver.pages.entries import plan_entries
from archiver.pages.feed_views import choose_newest, plan_site_feeds
from archiver.pages.lists import plan_index, plan_lists, plan_lost, plan_search
from archiver.pages.outlines import sort_outlines
from archiver.pages.robots import plan_site_sitemaps
from archiver.pages.timeline import plan_newest, plan_parts
from archiver.preview.shelves import Shelf
from archiver.seals import Seal
from archiver.words import Words

SayIn = Callable[[str], Words]


class CoveragePages:
    """The pages of a shelf; what is costly to make is made once."""

    def __init__(self, shelf: Shelf, site: Site) -> None:
        self.shelf = shelf
        self.coverage = shelf.edition.coverage
        self._edition = replace(shelf.edition, site=site)

    @cached_property
    def outline(self) -> Outline:
        """What the site's pages need of the coverage."""
        return make_outline(self._edition)

    def find(self, path: str) -> Page | None:
        """The page with that path, if it is one of this coverage."""
        number = self.shelf.places.get(path)
        if number is not None:
            return next(page for page in self._make_near(number) if page.path == path)
        sheet = self._sheets.get(path) if path.startswith(f"{self.coverage.slug}/") else None
        return sheet.make_page() if sheet else self._media.get(path)

    def find_data(self, path: str) -> bytes | None:
        """The coverage's data, if that is what the path is."""
        if path != f"{self.coverage.slug}/coverage.json":
            return None
        desk = self.shelf.desk
        pieces = (desk.write_piece(entry.slug) for entry in self.coverage.entries)
        head, end = write_head(self._edition.site, self.coverage), write_end(self.shelf.published)
        return head + BETWEEN.join(pieces) + end

    def find_post(self, path: str) -> PostView | None:
        """A post by its page, if it is one of this coverage."""
        number = self.shelf.places.get(path)
        return None if number is None else self._edition.posts[self.coverage.entries[number].slug]

    def _make_near(self, number: int) -> Iterator[Page]:
        """The pages of an entry: its own, and those of its aliases."""
        chunks = self._edition.chunks
        chunk = chunks[bisect_right(self._ends, number)]
        alone = replace(chunk, entries=(self.coverage.entries[number],))
        return (sheet.make_page() for sheet in plan_entries(self._edition, alone, number))

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(len(chunk.entries) for chunk in self._edition.chunks))

    @cached_property
    def _sheets(self) -> dict[str, Sheet]:
        edition = self._edition
        parts = plan_parts(edition, 0, len(edition.chunks))
        planned = (*parts, *plan_newest(edition), *plan_coverage(edition))
        return {sheet.path: sheet for sheet in planned}

    @cached_property
    def _media(self) -> dict[str, Page]:
        return {page.path: page for page in plan_media(self.shelf.published)}


class SitePages:
    """The pages that no single coverage owns, planned a group at a time."""

    def __init__(
        self,
        site: Site,
        coverages: Sequence[CoveragePages],
        say_in: SayIn,
        heads: Sequence[Seal] = (),
    ) -> None:
        self._site = site
        self._heads = heads
        self._coverages = coverages
        self._say_in = say_in
        self._planned: dict[str, Mapping[str, Sheet]] = {}

    def find(self, path: str) -> Page | None:
        """The page with that path, if it is one of the site's own."""
        name, slash, _ = path.partition("/")
        group = name if slash else path.partition(".")[0]
        plan = _GROUPS.get((group, bool(slash)))
        if plan is None:
            return None
        if group not in self._planned:
            self._planned[group] = {sheet.path: sheet for sheet in plan(self)}
        sheet = self._planned[group].get(path)
        return sheet.make_page() if sheet else None

    @cached_property
    def _outlines(self) -> tuple[Outline, ...]:
        return sort_outlines(pages.outline for pages in self._coverages)

    @cached_property
    def _words(self) -> Words:
        return self._say_in(self._site.language)

    def _find_posts(self, recent: Sequence[Recent]) -> list[PostView]:
        posts = (pages.find_post(one.path) for one in recent for pages in self._coverages)
        return [post for post in posts if post]

    def plan_index(self) -> Iterable[Sheet]:
        """The site's index."""
        return plan_index(self._site, b"", self._outlines, self._words, self._heads)

    def plan_contributors(self) -> Iterable[Sheet]:
        """The lists of posts by contributor."""
        site, outlines, words = self._site, self._outlines, self._words
        return plan_lists(site, b"", outlines, "contributors", lambda one: one.names, words)

    def plan_tags(self) -> Iterable[Sheet]:
        """The lists of posts by tag."""
        site, outlines, words = self._site, self._outlines, self._words
        return plan_lists(site, b"", outlines, "tags", lambda one: one.tags, words)

    def plan_feeds(self) -> Iterable[Sheet]:
        """The site's feeds."""
        newest = choose_newest(one for outline in self._outlines for one in outline.recent)
        return plan_site_feeds(self._site, b"", newest, self._find_posts)

    def plan_sitemaps(self) -> Iterable[Sheet]:
        """The site's sitemaps, and the file for robots."""
        return plan_site_sitemaps(self._site, self._outlines)

    def plan_lost(self) -> Iterable[Sheet]:
        """The page for what is not there."""
        return [plan_lost(self._site, b"", self._words)]

    def plan_search(self) -> Iterable[Sheet]:
        """The page of the search; there is no index in a preview, and the page says so."""
        return [plan_search(self._site, b"", (), self._words)] if self._site.search else []


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

    def find_data(self, path: str) -> bytes | None:
        """A coverage's data, if that is what the path is."""
        found = (pages.find_data(path) for pages in self.coverages.values())
        return next((data for data in found if data is not None), None)


_PlanGroup = Callable[[SitePages], Iterable[Sheet]]
# By the first part of the path, and whether it is a folder.
_GROUPS: Mapping[tuple[str, bool], _PlanGroup] = {
    ("index", False): SitePages.plan_index,
    ("contributors", True): SitePages.plan_contributors,
    ("tags", True): SitePages.plan_tags,
    ("feed", False): SitePages.plan_feeds,
    ("404", False): SitePages.plan_lost,
    ("sitemap", False): SitePages.plan_sitemaps,
    ("robots", False): SitePages.plan_sitemaps,
    ("search", False): SitePages.plan_search,
}
