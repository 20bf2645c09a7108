"""What the feeds show: the newest posts of a coverage, and of the whole site."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from archiver.model import Coverage, Outline, Page, Site
from archiver.pages.views import FeedPost, FeedView, PostView
from archiver.urls import absolute_link, relative_link, timeline_path

FEED_LENGTH = 50
_NO_POST_YET = "1970-01-01T00:00:00Z"


def make_coverage_feeds(
    site: Site, coverage: Coverage, posts: Mapping[str, PostView]
) -> list[Page]:
    """Atom and JSON Feed of a coverage's newest posts."""
    newest = [posts[entry.slug] for entry in coverage.entries[: -FEED_LENGTH - 1 : -1]]
    publisher = coverage.source.publisher if coverage.source else ""
    rights = coverage.rights
    return _make_feeds(
        site,
        coverage,
        timeline_path(coverage.slug),
        publisher or site.title,
        ": ".join(part for part in (rights.holder, rights.licence) if part) if rights else "",
        newest,
    )


def make_site_feeds(site: Site, outlines: Sequence[Outline]) -> list[Page]:
    """Atom and JSON Feed of the newest posts of all coverages."""
    recent: list[PostView] = [post for outline in outlines for post in outline.recent]
    recent.sort(key=lambda post: (_moment(post.machine_updated), post.path), reverse=True)
    return _make_feeds(site, site, "index.html", site.title, "", recent[:FEED_LENGTH])


def _make_feeds(
    site: Site,
    subject: Site | Coverage,
    home: str,
    author: str,
    rights: str,
    posts: Sequence[PostView],
) -> list[Page]:
    """Both feeds of the page `home`, in its folder."""
    folder = home.removesuffix("index.html")
    return [
        Page(
            path,
            kind,
            FeedView(
                path=path,
                id=make_id(site, home),
                title=subject.title,
                description=subject.description,
                language=subject.language,
                home=_link(site, path, home),
                self_url=absolute_link(site.base_url, path),
                updated=find_newest(posts),
                author=author,
                rights=rights,
                posts=tuple(_make_feed_post(site, path, post) for post in posts),
            ),
        )
        for path, kind in ((f"{folder}feed.xml", "atom"), (f"{folder}feed.json", "json-feed"))
    ]


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
