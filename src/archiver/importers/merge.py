"""Several captures of one coverage to one: pages of it, or the same page at another time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from msgspec.structs import replace

from archiver.importers.capture import Capture, Post, read_words
from archiver.model import Stamp
from archiver.times import is_before

_EARLIEST = datetime.min.replace(tzinfo=UTC)


def name_coverage(capture: Capture) -> str:
    """What is the same for all captures of a coverage: its address, else publisher and title."""
    named = name_address(capture.url)
    return named or (f"{capture.publisher}\0{capture.title}" if capture.title else "")


def name_address(url: str) -> str:
    """An address without page, query and scheme; empty where it names no page of a site."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("amp.")
    except ValueError:
        return ""
    path = re.sub(r"/(?:page/\d+|amp)?/*$", "", parts.path)
    return host + path if host and path else ""


def merge_captures(captures: list[Capture]) -> Capture:
    """One capture of several: of each post the version that was captured last, in the order of time.

    Posts are the same by their own id, or by time and text where the ids are only places on a page.
    """
    ordered = sorted(captures, key=lambda one: one.captured or _EARLIEST)
    newest = ordered[-1]
    if len(ordered) == 1:
        return replace(newest, posts=fold_posts(newest), started=_find_start([newest]))
    posts: dict[str, Post] = {}
    for capture in ordered:
        found = fold_posts(capture)
        oldest_first = tuple(reversed(found)) if capture.newest_first else found
        wordless = 0
        for post in oldest_first:
            key = key_post(post, capture.has_own_ids)
            if not key:  # an embed of which nothing is left, say: the first is the first of another
                wordless += 1
                key = f"\0{wordless}"
            posts[key] = choose_post(posts[key], post) if key in posts else post
    missing = tuple(dict.fromkeys(text for one in ordered for text in one.missing))
    seen = {(one.page, one.pages) for one in ordered if one.page}
    fullest = max(ordered, key=lambda one: len(one.posts))
    return replace(
        newest,
        posts=tuple(posts.values()),
        newest_first=False,
        title=newest.title or fullest.title,
        description=newest.description or fullest.description,
        key_points=newest.key_points or fullest.key_points,
        introduction=newest.introduction or fullest.introduction,
        contributors=tuple(dict.fromkeys(name for one in ordered for name in one.contributors)),
        started=_find_start(ordered),
        expected=max(one.expected for one in ordered),
        pages=max(one.pages for one in ordered),
        missing=tell_pages(missing, seen),
    )


def tell_pages(missing: tuple[str, ...], seen: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """What is missing of several captures: pages that none of them is, as (page, pages), and the rest.

    What one capture says of the pages beside it is not true of all of them together.
    """
    numbers = {page for page, _ in seen}
    pages = max((of for _, of in seen), default=0)
    if len(numbers) < 2:
        return missing
    kept = tuple(text for text in missing if not re.search(r"\bpages?\b", text))
    lost = [str(page) for page in range(1, pages + 1) if page not in numbers]
    if not lost:
        return kept
    verb = "page {} of {} is" if len(lost) == 1 else "pages {} of {} are"
    return (*kept, f"{verb.format(', '.join(lost), pages)} not in any capture")


def fold_posts(capture: Capture) -> tuple[Post, ...]:
    """The posts of a capture, each once: a pinned copy and the post itself are one."""
    posts: dict[str, Post] = {}
    for number, post in enumerate(capture.posts):
        key = key_post(post, capture.has_own_ids) or f"#{number}"
        posts[key] = choose_post(posts[key], post) if key in posts else post
    return tuple(posts.values())


def key_post(post: Post, has_own_ids: bool) -> str:
    """What tells a post from all others of its coverage; empty where nothing does."""
    if post.name:
        return f"\0{post.name}"
    if post.id and has_own_ids:
        return post.id
    moment = post.published.instant if post.published else None
    words = " ".join(read_words(post.blocks).split())
    return f"{moment or ''}\0{post.title}\0{words}" if words or post.title else ""


def choose_post(earlier: Post, later: Post) -> Post:
    """Of two versions of a post the later, with what only the earlier knows."""
    fuller = later if later.blocks or not earlier.blocks else earlier
    return replace(
        fuller,
        published=later.published or earlier.published,
        updated=later.updated or earlier.updated,
        title=later.title or earlier.title,
        byline=later.byline or earlier.byline,
        key=later.key or earlier.key,
        pinned=later.pinned or earlier.pinned,
        breaking=later.breaking or earlier.breaking,
        summary=later.summary or earlier.summary,
    )


def _find_start(captures: list[Capture]) -> Stamp | None:
    """When the coverage started; a page that was given a new title says a time that posts are before."""
    started = next((one.started for one in captures if one.started), None)
    if started is None:
        return None
    stamps = (post.published for one in captures for post in one.posts if post.published)
    return None if any(is_before(stamp, started) for stamp in stamps) else started
