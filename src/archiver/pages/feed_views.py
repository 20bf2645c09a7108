"""What the feeds show: the newest posts of a coverage, and of the whole site."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from heapq import nlargest

from msgspec import Struct

from archiver.digests import make_digest
from archiver.model import Coverage, Site
from archiver.pages.edition import Edition, Sheet
from archiver.pages.outlines import FEED_LENGTH, Recent, list_recent
from archiver.pages.views import FeedPost, FeedView, PostView
from archiver.urls import absolute_link, relative_link, timeline_path

# Finds posts again of which the site knows no more than that they are recent.
FindPosts = Callable[[Sequence[Recent]], Sequence[PostView]]
_NO_POST_YET = "1970-01-01T00:00:00Z"


def plan_coverage_feeds(edition: Edition) -> Iterator[Sheet]:
    """Atom and JSON Feed of a coverage's newest posts."""
    coverage = edition.coverage
    publisher = coverage.source.publisher if coverage.source else ""
    rights = coverage.rights
    newest = tuple(list_recent(edition))
    feed = Feed(
        home=timeline_path(coverage.slug),
        subject=coverage,
        author=publisher or edition.site.title,
        rights=": ".join(part for part in (rights.holder, rights.licence) if part)
        if rights
        else "",
        posts=lambda: [edition.posts[entry.slug] for entry in newest],
    )
    key = make_digest(edition.whole, edition.join_keys(newest))
    yield from _plan_feeds(edition.site, feed, key)


def plan_site_feeds(
    site: Site, base: bytes, recent: Sequence[Recent], find_posts: FindPosts
) -> Iterator[Sheet]:
    """Atom and JSON Feed of the newest posts of all coverages, which `choose_newest` has chosen."""
    feed = Feed("index.html", site, site.title, "", lambda: find_posts(recent))
    yield from _plan_feeds(site, feed, make_digest(base, *(one.key for one in recent)))


def choose_newest(recent: Iterable[Recent]) -> Sequence[Recent]:
    """Of some posts the newest, newest first: as many as a feed shows."""
    return nlargest(FEED_LENGTH, recent, key=lambda one: (_moment(one.updated), one.path))


class Feed(Struct, frozen=True):
    """What a feed is made of: the page `home` it belongs to, and the posts it shows."""

    home: str
    subject: Site | Coverage
    author: str
    rights: str
    posts: Callable[[], Sequence[PostView]]


def _plan_feeds(site: Site, feed: Feed, key: bytes) -> Iterator[Sheet]:
    """Both feeds of a page, in its folder."""
    folder = feed.home.removesuffix("index.html")
    for name, kind in (("feed.xml", "atom"), ("feed.json", "json-feed")):
        yield Sheet(f"{folder}{name}", kind, key, partial(_make_view, site, feed, folder + name))


def _make_view(site: Site, feed: Feed, path: str) -> FeedView:
    posts = feed.posts()
    return FeedView(
        path=path,
        id=make_id(site, feed.home),
        title=feed.subject.title,
        description=feed.subject.description,
        language=feed.subject.language,
        home=_link(site, path, feed.home),
        self_url=absolute_link(site.base_url, path),
        updated=find_newest(posts),
        author=feed.author,
        rights=feed.rights,
        posts=tuple(_make_feed_post(site, path, post) for post in posts),
    )


def make_id(site: Site, path: str) -> str:
    """An id that is the same for ever: the page's address, or a name-based UUID (RFC 9562) of its path."""
    return absolute_link(site.base_url, path) or uuid.uuid5(uuid.NAMESPACE_URL, path).urn


def find_newest(posts: Sequence[PostView]) -> str:
    """When anything in a feed last changed."""
    return max((post.machine_updated for post in posts), key=_moment, default=_NO_POST_YET)


def _make_feed_post(site: Site, path: str, post: PostView) -> FeedPost:
    base = absolute_link(site.base_url, post.path) or relative_link(path, post.path)
    return FeedPost(
        post, make_id(site, post.path), _link(site, path, post.path), base.rpartition("/")[0]
    )


def _link(site: Site, here: str, target: str) -> str:
    return absolute_link(site.base_url, target) or relative_link(here, target)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
