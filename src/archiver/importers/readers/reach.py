"""Live blogs of Reach titles: the Daily Mirror, the Daily Star, Manchester Evening News, CorkBeo.

JSON-LD has the whole blog but flattened, with the page's authors and picture on every post; the page
has its newest posts as they were shown. They are joined by id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    read_blocks,
    read_seen,
    spell_url,
    tell_hidden,
)
from archiver.importers.markup import resolve
from archiver.importers.moments import find_zone, read_epoch
from archiver.importers.reader import Reader
from archiver.importers.readers import json_ld
from archiver.importers.record import Record, read_canonical, read_meta, read_text
from archiver.model import Byline, MediaKind

_ENTRY = ".live-event-entry[id][data-post-time]"
_PICTURE = "figure.live-event-image, .image-container figure, figure.image--embedded"


def recognise(record: Record) -> bool:
    """Whether posts stand in the page as Reach's system writes them."""
    return record.looks_like_html and record.tree.css_first(_ENTRY) is not None


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """JSON-LD as the spine, what the page shows laid over it."""
    address = read_canonical(record)
    zone = zone or find_zone(address) or ZoneInfo("Europe/London")
    spine = json_ld.read(record, zone)
    listed = record.tree.css(".live-event-key-events [data-id]")
    keys = {read_attribute(node, "data-id") for node in listed}
    shown = [read_shown(node, zone, address) for node in list_elements(record, _ENTRY)]
    posts = tuple(
        replace(post, key=True) if post.id in keys else post
        for post in merge_layers(spine.posts, shown)
    )
    lead = record.tree.css_first(".live-event-lead-entry")
    missing = tuple(list_gaps(posts, {post.id for post in shown}))
    capture = lay_page(spine, record, posts, zone, "reach", missing)
    return replace(
        capture,
        publisher=read_meta(record, "og:site_name") or spine.publisher,
        url=spine.url or address,
        introduction=read_blocks(lead, zone, address) if lead is not None else (),
    )


def read_shown(node: LexborNode, zone: ZoneInfo, address: str) -> Post:
    """A post as the page shows it; a key event has that word where others have their author."""
    is_key = read_attribute(node, "data-type") == "key-event"
    author = read_text(node.css_first(".entry-info mark"))
    content = copy_node(node.css_first(".entry-content") or node)
    drop_nodes(content, f"{_ENTRY}, .entry-info, .credit .camera")
    title = content.css_first("h2, h3")
    name = read_text(title)
    seen = read_seen(content)
    if title is not None:
        title.decompose()
    identity = read_attribute(node, "id")
    return Post(
        id=identity,
        url=spell_url(address, identity),
        published=read_epoch(read_attribute(node, "data-post-time"), zone),
        time_source="data-post-time",
        updated=read_epoch(read_attribute(node, "data-last-modified-time"), zone),
        title=name,
        byline=(Byline(author),) if author and not is_key and author != "KEY EVENT" else (),
        blocks=read_content(content, zone, address),
        key=is_key,
        seen=seen,
    )


def read_content(content: LexborNode, zone: ZoneInfo, address: str) -> tuple[Block, ...]:
    """The body; a picture's credit stands behind its figure, not in it, so each is put together here."""
    pictures: list[tuple[LexborNode, Block]] = []
    for figure in content.css(_PICTURE):
        box = figure.parent
        is_boxed = box is not None and "image-container" in read_attribute(box, "class").split()
        frame = box if is_boxed and box is not None else figure
        medium = read_picture(frame, address)
        if medium is not None:
            pictures.append((frame, medium))
    return read_around(content, pictures, zone, address)


def read_picture(frame: LexborNode, address: str) -> Medium | None:
    """A picture with its caption and credit: `(Image: Agency)` is the agency."""
    image = frame.css_first("amp-img, img")
    source = resolve(read_attribute(image, "content", "data-src", "src", "data-img"), address)
    if not source.startswith("http"):
        return None
    copy = copy_node(frame)
    credit = copy.css_first(".credit")
    name = read_text(credit)
    name = re.sub(r"^\(?\s*(?:Image|Picture|Photo)?:?\s*|\s*\)$", "", name)
    if credit is not None:
        credit.decompose()
    drop_nodes(copy, "img, noscript, script")
    caption = next(iter(_list_words(copy)), "")
    return Medium(MediaKind.PICTURE, source, read_attribute(image, "alt"), caption, name)


def list_gaps(posts: tuple[Post, ...], shown: set[str]) -> Iterator[str]:
    """What the page did not show, for `Capture.missing`."""
    hidden = [post for post in posts if post.id not in shown]
    empty = sum(not post.blocks for post in hidden)
    if hidden:
        yield tell_hidden(len(hidden), len(posts))
    if empty:
        yield f"posts that have a title and no words: {empty}"


def _list_words(node: LexborNode) -> Iterator[str]:
    for one in node.css(".caption, figcaption"):
        if read_text(one):
            yield read_text(one)


READER = Reader("reach", "live blogs of Reach titles, the Daily Mirror among them", recognise, read)
