"""Live blogs and briefings of The New York Times.

The page has the words and no times; JSON-LD has the times, or else the state that the page's script
begins with (`window.__preloadedData`). Joined by the post's slug.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from archiver.importers.capture import Block, Capture, Medium, Post
from archiver.importers.layers import (
    copy_node,
    drop_nodes,
    lay_page,
    list_elements,
    merge_layers,
    read_around,
    read_attribute,
    read_seen,
)
from archiver.importers.markup import resolve
from archiver.importers.moments import read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers import json_ld
from archiver.importers.record import Record, read_canonical, read_text
from archiver.model import Byline, MediaKind, Stamp

_POST = '[data-test-id="live-blog-post"], [data-testid="live-blog-post"], [data-testid="reporter-update"]'
_AUTHOR = '[itemprop~="author"], [itemprop~="creator"], [data-testid="byline"]'
_FURNITURE = (
    f"{_AUTHOR}, button, form, time, nav, aside, [role=toolbar], [data-testid*=share], "
    "[data-test-id*=share], [data-testid=live-blog-post-timestamp]"
)
_DEEPEST = 60
_MOST_OBJECTS = 200_000


def recognise(record: Record) -> bool:
    """Whether posts stand in the page as The New York Times writes them."""
    return record.looks_like_html and record.tree.css_first(_POST) is not None


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The page's posts with the times of JSON-LD, else of the page's state."""
    address = read_canonical(record)
    zone = zone or ZoneInfo("America/New_York")
    spine = json_ld.read(record, zone)
    below = tuple(replace(post, id=read_slug(post.url, address) or post.id) for post in spine.posts)
    shown = [read_shown(node, zone, address) for node in list_elements(record, _POST)]
    titles = {post.title.casefold(): post.id for post in shown if post.title}
    slugs = {post.id for post in shown}
    below = tuple(
        post if post.id in slugs else replace(post, id=titles.get(post.title.casefold(), post.id))
        for post in below
    )
    posts = merge_layers(below, [post for post in shown if post.blocks or post.title])
    if any(_is_untimed(post) for post in posts):
        times = find_times(record, zone)
        posts = tuple(_add_time(post, times) for post in posts)
    unknown = sum(map(_is_untimed, posts))
    gap = f"posts whose time is not recorded: {unknown} of {len(posts)}"
    capture = lay_page(spine, record, posts, zone, "nyt", (gap,) if unknown else ())
    return replace(capture, publisher=spine.publisher or "The New York Times")


def read_shown(node: LexborNode, zone: ZoneInfo, address: str) -> Post:
    """A post as the page shows it; its slug is the id of an element in it, or where its title leads."""
    copy = copy_node(node)
    drop_nodes(copy, _POST)
    title = copy.css_first('h2[itemprop~="headline"], h2, h3[itemprop~="headline"]')
    link = title.css_first("a[href]") if title is not None else None
    slug = read_slug(resolve(read_attribute(link, "href"), address), address)
    if not slug:
        slug = read_attribute(copy.css_first("div[id]"), "id") or read_attribute(
            node, "id", "data-source-id"
        )
    names = [read_text(one) for one in copy.css('[itemprop~="author"] [itemprop~="name"]')]
    name = read_text(title)
    drop_nodes(copy, _FURNITURE)
    seen = read_seen(copy)
    for heading in copy.css("h2, h3")[:1] if title is not None else ():
        heading.decompose()
    return Post(
        id=slug,
        url=f"{address.partition('#')[0].rstrip('/')}#{slug}" if address and slug else "",
        title=name,
        byline=tuple(Byline(name) for name in dict.fromkeys(names) if name),
        blocks=read_content(copy, zone, address),
        seen=seen,
    )


def read_content(copy: LexborNode, zone: ZoneInfo, address: str) -> tuple[Block, ...]:
    """The body; caption and credit of a picture are marked by their properties."""
    pictures: list[tuple[LexborNode, Block]] = []
    for figure in copy.css("figure"):
        image = figure.css_first("img")
        source = resolve(read_attribute(image, "src", "data-src"), address)
        if not source.startswith("http") or len(figure.css("img")) > 1:
            continue
        credit = read_text(figure.css_first('[itemprop~="copyrightHolder"]'))
        caption = read_text(figure.css_first('[itemprop~="caption"], figcaption'))
        caption = re.sub(r"\s*Credit(?:\.\.\.|…)?\s*$", "", caption.removesuffix(credit)).strip()
        credit = re.sub(r"^Credit(?:\.\.\.|…)?\s*", "", credit)
        alt = read_attribute(image, "alt")
        pictures.append((figure, Medium(MediaKind.PICTURE, source, alt, caption, credit)))
    return read_around(copy, pictures, zone, address)


def read_slug(url: str, address: str) -> str:
    """The slug of a post: the fragment of its address, or what follows that of the page."""
    fragment = url.partition("#")[2]
    if fragment:
        return fragment
    base = re.sub(r"\.html$", "", address.partition("?")[0]).rstrip("/")
    path = url.partition("?")[0].rstrip("/")
    return path[len(base) :].strip("/") if base and path.startswith(f"{base}/") else ""


def find_times(record: Record, zone: ZoneInfo) -> dict[str, Stamp]:
    """{slug or address or id: time} of everything in the page's state that says when it was published."""
    times: dict[str, Stamp] = {}
    for found in _walk(read_state(record)):
        moment = next(
            (
                found[name]
                for name in ("firstPublished", "datePublished", "timestamp", "createdAt")
                if isinstance(found.get(name), str)
            ),
            "",
        )
        stamp = read_moment(moment, zone) if moment else None
        if stamp is None:
            continue
        for name in ("slug", "url", "sourceId", "id", "uri"):
            value = found.get(name)
            if isinstance(value, str) and value:
                times.setdefault(value.rstrip("/").rpartition("/")[2].removesuffix(".html"), stamp)
    return times


def read_state(record: Record) -> Any:
    """What `window.__preloadedData` is set to; `undefined` in it is null."""
    for script in record.tree.css("script"):
        text = script.text() or ""
        found = re.search(r"window\.__preloadedData\s*=\s*(?=\{)", text)
        if found is None:
            continue
        state = re.sub(r":undefined(?=[,}])", ":null", text[found.end() :])
        try:
            return json.JSONDecoder(strict=False).raw_decode(state)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _walk(found: Any) -> Iterator[dict[str, Any]]:
    pending: list[tuple[Any, int]] = [(found, 0)]
    for _ in range(_MOST_OBJECTS):
        if not pending:
            return
        one, depth = pending.pop()
        if isinstance(one, dict):
            yield one
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        if depth < _DEEPEST:
            pending += [(each, depth + 1) for each in inner if isinstance(each, dict | list)]


def _is_untimed(post: Post) -> bool:
    return post.published is None or post.published.moment is None


def _add_time(post: Post, times: dict[str, Stamp]) -> Post:
    if not _is_untimed(post) or post.id not in times:
        return post
    return replace(post, published=times[post.id], time_source="preloadedData firstPublished")


READER = Reader("nyt", "live blogs and briefings of The New York Times", recognise, read)
