"""A coverage, and then the site, as the complete list of their Pages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from archiver.model import Coverage, Outline, Page, Site
from archiver.pages.chunks import cut_timeline
from archiver.pages.entries import make_entry_pages
from archiver.pages.feed_views import FEED_LENGTH, make_coverage_feeds, make_site_feeds
from archiver.pages.lists import make_index, make_lists, make_lost
from archiver.pages.posts import count_gaps, make_mention, make_post
from archiver.pages.timeline import make_timeline_pages
from archiver.pages.views import DatasetView, FileView, PostView
from archiver.words import Words

__all__ = ["make_coverage_pages", "make_outline", "make_posts", "make_site_pages"]


def make_posts(coverage: Coverage, words: Words) -> dict[str, PostView]:
    """The posts of a coverage as its pages show them, by slug."""
    return {entry.slug: make_post(entry, coverage, words) for entry in coverage.entries}


def make_coverage_pages(
    site: Site, coverage: Coverage, posts: Mapping[str, PostView], words: Words
) -> Iterator[Page]:
    """Every page below a coverage's folder."""
    chunks = cut_timeline(coverage.entries, site.timeline_page_size)
    yield from make_entry_pages(site, coverage, chunks, posts, words)
    yield from make_timeline_pages(site, coverage, chunks, posts, words)
    yield from make_coverage_feeds(site, coverage, posts)
    yield Page(f"{coverage.slug}/coverage.json", "dataset", DatasetView(site, coverage))
    folder = posixpath.dirname(coverage.path)
    cleaned = frozenset(coverage.cleaned)
    for path in coverage.media:
        below = path.removeprefix(folder + "/")
        kind = "drawing" if path in cleaned else "file"
        yield Page(f"{coverage.slug}/{below}", kind, FileView(path))


def make_outline(coverage: Coverage, posts: Mapping[str, PostView]) -> Outline:
    """What the site's own pages need of a coverage."""
    entries = coverage.entries
    gaps: dict[str, int] = {}
    for entry in entries:
        for kind, count in count_gaps(entry).items():
            gaps[kind] = gaps.get(kind, 0) + count
    return Outline(
        slug=coverage.slug,
        title=coverage.title,
        language=coverage.language,
        timezone=coverage.timezone,
        description=coverage.description,
        status=coverage.status,
        publisher=coverage.source.publisher if coverage.source else "",
        first=entries[0].date if entries else coverage.started,
        last=entries[-1].date if entries else coverage.ended or coverage.started,
        count=len(entries),
        gaps=tuple(gaps.items()),
        contributors=tuple(byline.name for byline in coverage.contributors),
        mentions=tuple(
            make_mention(entry, coverage, posts[entry.slug].headline) for entry in entries
        ),
        recent=tuple(posts[entry.slug] for entry in entries[: -FEED_LENGTH - 1 : -1]),
    )


def make_site_pages(site: Site, outlines: Sequence[Outline], words: Words) -> Iterator[Page]:
    """Every page that no single coverage owns."""
    yield from make_index(site, outlines, words)
    yield from make_lists(site, outlines, "contributors", lambda mention: mention.names, words)
    yield from make_lists(site, outlines, "tags", lambda mention: mention.tags, words)
    yield from make_site_feeds(site, outlines)
    yield make_lost(site, words)
