"""A coverage, and then the site, as the complete list of the Sheets that become their Pages."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from archiver.model import Coverage, Page, Site
from archiver.pages.chunks import Chunk, Part, cut_timeline, list_parts
from archiver.pages.edition import Brief, Edition, Sheet, digest_frame
from archiver.pages.entries import plan_entries
from archiver.pages.feed_views import FindPosts, choose_newest, plan_coverage_feeds, plan_site_feeds
from archiver.pages.lists import digest_lists, plan_index, plan_lists, plan_lost, plan_search
from archiver.pages.outlines import (
    Names,
    Outline,
    Recent,
    make_outline,
    pack_posts,
    sort_outlines,
    unpack_posts,
)
from archiver.pages.posts import make_brief, make_post, write_headline
from archiver.pages.provenance import plan_provenance
from archiver.pages.robots import plan_site_sitemaps
from archiver.pages.sitemap_views import plan_sitemaps
from archiver.pages.timeline import plan_newest, plan_parts, plan_timeline
from archiver.pages.views import FileView, PostView
from archiver.seals import Seal
from archiver.words import Words

__all__ = [
    "LISTS",
    "Brief",
    "Chunk",
    "Edition",
    "FileView",
    "FindPosts",
    "Outline",
    "Page",
    "Part",
    "PostView",
    "Recent",
    "Sheet",
    "choose_newest",
    "cut_timeline",
    "digest_frame",
    "digest_lists",
    "list_parts",
    "make_brief",
    "make_outline",
    "make_post",
    "pack_posts",
    "plan_chunks",
    "plan_coverage",
    "plan_files",
    "plan_lists",
    "plan_media",
    "plan_search",
    "plan_site",
    "sort_outlines",
    "unpack_posts",
    "write_headline",
]


def plan_chunks(edition: Edition, start: int, stop: int) -> Iterator[Sheet]:
    """The pages of some chunks, and of each post in them; with the last of them that of the newest posts,
    which are made by then."""
    first = sum(len(chunk.entries) for chunk in edition.chunks[:start])
    for chunk in edition.chunks[start:stop]:
        yield from plan_entries(edition, chunk, first)
        first += len(chunk.entries)
    yield from plan_parts(edition, start, stop)
    if stop == len(edition.chunks):
        yield from plan_newest(edition)


def plan_coverage(edition: Edition) -> Iterator[Sheet]:
    """The other pages of a coverage, but for its data and media."""
    yield from plan_timeline(edition)
    yield plan_provenance(edition)
    yield from plan_sitemaps(edition)
    yield from plan_coverage_feeds(edition)


def plan_media(coverage: Coverage) -> Iterator[Page]:
    """The files of a coverage's media/, which are copied as they are, or cleaned."""
    folder = posixpath.dirname(coverage.path)
    cleaned = frozenset(coverage.cleaned)
    for path in coverage.media:
        below = path.removeprefix(folder + "/")
        kind = "drawing" if path in cleaned else "file"
        yield Page(f"{coverage.slug}/{below}", kind, FileView(path))


def plan_files(paths: Iterable[str]) -> Iterator[Page]:
    """The files of content/seal/, which are copied as they are."""
    for path in paths:
        yield Page(path.partition("/")[2], "file", FileView(path))


# The folders of lists, and by which names of a post they are.
LISTS: Mapping[str, Callable[[Names], Sequence[str]]] = {
    "contributors": lambda named: named.names,
    "tags": lambda named: named.tags,
}


def plan_site(
    site: Site,
    base: bytes,
    outlines: Sequence[Outline],
    find_posts: FindPosts,
    words: Words,
    heads: Sequence[Seal] = (),
) -> Iterator[Sheet]:
    """Every page that no single coverage owns, but for the lists; `base` is equal where archiver, theme
    and site are, and `heads` are the newest seals."""
    yield from plan_index(site, base, outlines, words, heads)
    newest = choose_newest(one for outline in outlines for one in outline.recent)
    yield from plan_site_feeds(site, base, newest, find_posts)
    yield plan_lost(site, base, words)
    yield from plan_site_sitemaps(site, outlines)
