"""Any page with a schema.org LiveBlogPosting in microdata: NDTV, The Times of India and others.

https://schema.org/LiveBlogPosting, https://html.spec.whatwg.org/multipage/microdata.html. A body is in
an attribute, flattened; the element that shows the same words has its links and pictures too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from archiver.importers.capture import Block, Capture, Post
from archiver.importers.days import give_day
from archiver.importers.layers import (
    are_places,
    copy_node,
    drop_nodes,
    is_newest_first,
    list_elements,
    merge_layers,
    read_attribute,
    read_blocks,
    read_seen,
)
from archiver.importers.markup import resolve
from archiver.importers.moments import find_zone, read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers import json_ld
from archiver.importers.record import Record, read_canonical, read_text
from archiver.importers.texts import clean, drop_clock, strip_tags
from archiver.model import Byline

_UPDATE = '[itemprop~="liveBlogUpdate"]'
_BLOG = '[itemtype*="LiveBlogPosting"]'
_DEEPEST = 40
_FURNITURE = "meta, link, button, form, [itemprop~=publisher]"


def recognise(record: Record) -> bool:
    """Whether updates are marked in the page."""
    return record.looks_like_html and record.tree.css_first(_UPDATE) is not None


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The marked updates; what JSON-LD has beside them is their lower layer where ids agree."""
    address = read_canonical(record)
    zone = zone or find_zone(address) or ZoneInfo("UTC")
    spine = json_ld.read(record, zone)
    posts: tuple[Post, ...] = tuple(list_posts(record, zone, address))
    if {post.id for post in posts if post.id} & {post.id for post in spine.posts}:
        posts = merge_layers(spine.posts, posts)
    elif len(spine.posts) > len(posts):
        posts = spine.posts
    missing = spine.missing if posts == spine.posts else ()
    blog = record.tree.css_first(_BLOG)
    posts = give_day(posts, record, zone)
    return replace(
        spine,
        reader="microdata",
        title=spine.title or read_value(blog, "headline") or read_text(record.tree.css_first("h1")),
        description=spine.description or read_value(blog, "description"),
        started=spine.started or read_moment(read_value(blog, "coverageStartTime"), zone),
        timezone=zone.key if zone.key != "UTC" else "",
        posts=posts,
        missing=missing,
        newest_first=is_newest_first(posts),
        has_own_ids=all(post.id for post in posts) and not are_places(posts),
    )


def list_posts(record: Record, zone: ZoneInfo, address: str) -> Iterator[Post]:
    """The updates, each once."""
    for node in list_elements(record, _UPDATE):
        yield read_update(node, zone, address)


def read_update(node: LexborNode, zone: ZoneInfo, address: str) -> Post:
    """One update: `meta` and visible properties."""
    url = resolve(read_value(node, "url"), "") or read_value(node, "url")
    identity = url.rpartition("#")[2] if "#" in url else ""
    published = read_moment(read_value(node, "datePublished"), zone)
    modified = read_moment(read_value(node, "dateModified"), zone)
    authors = node.css('[itemprop~="author"]')
    names = [_read_name(author) for author in authors]
    body = read_value(node, "articleBody")
    copy = copy_node(node)
    drop_nodes(copy, f"{_UPDATE}, {_FURNITURE}")
    shown = find_shown(copy, body)
    return Post(
        id=identity or read_attribute(node, "id"),
        url=resolve(url, address)
        if url and not url.startswith("#")
        else f"{address}{url}"
        if address and url
        else "",
        published=published or modified,
        time_source="microdata datePublished"
        if published
        else "microdata dateModified"
        if modified
        else "",
        updated=modified if published else None,
        title=drop_clock(clean(read_value(node, "headline"))),
        byline=tuple(Byline(name) for name in dict.fromkeys(names) if name),
        blocks=read_shown(shown, zone, address)
        if shown is not None
        else json_ld.read_body(body, zone, address),
        seen=read_seen(shown) if shown is not None else strip_tags(body),
    )


def read_shown(shown: LexborNode, zone: ZoneInfo, address: str) -> tuple[Block, ...]:
    """The blocks of the element that shows a body, without what is marked as something else."""
    copy = copy_node(shown)
    for name in ("headline", "author", "datePublished", "dateModified"):
        drop_nodes(copy, f'[itemprop~="{name}"]')
    return read_blocks(copy, zone, address)


def find_shown(node: LexborNode, body: str) -> LexborNode | None:
    """The element that is the body, or the innermost that shows the words that an attribute has."""
    marked: LexborNode | None = node.css_first('[itemprop~="articleBody"]')
    if marked is not None and read_text(marked):
        return marked
    words = _fold(strip_tags(body))
    found: LexborNode | None = None
    inner = node
    # From the outside in: a look at every element would read a deep page once for each.
    for _ in range(_DEEPEST if words else 0):
        within = next((one for one in inner.iter() if words in _fold(one.text() or "")), None)
        if within is None or within.tag in ("a", "span", "b", "strong"):
            break
        found = inner = within
    return found


def read_value(node: LexborNode | None, name: str) -> str:
    """The value of a property: of `meta` its content, of `time` its datetime, of a link where it leads,
    else the words."""
    if node is None:
        return ""
    for one in node.css(f'[itemprop~="{name}"]'):
        value = read_attribute(one, "content", "datetime")
        if not value and one.tag in ("a", "link", "area"):
            value = read_attribute(one, "href")
        value = value or read_text(one)
        if value:
            return value
    return ""


def _read_name(author: LexborNode) -> str:
    named = author.css_first('[itemprop~="name"]')
    if named is not None and named.mem_id != author.mem_id:
        author = named
    name = read_attribute(author, "content") or read_text(author)
    return "" if name.startswith("http") else name


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


READER = Reader(
    "microdata", "any page with schema.org LiveBlogPosting in microdata", recognise, read
)
