"""AMP pages with an `amp-live-list`: The Independent and others.

https://amp.dev/documentation/components/amp-live-list. `data-sort-time` is right where the visible
`amp-timeago` is not; JSON-LD agrees with it and may have more posts than the page.
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from archiver.importers.capture import Capture, Post
from archiver.importers.layers import (
    align_ids,
    copy_node,
    drop_nodes,
    lay_page,
    merge_layers,
    read_attribute,
    read_blocks,
    read_seen,
    spell_url,
)
from archiver.importers.moments import find_zone, read_epoch
from archiver.importers.reader import Reader
from archiver.importers.readers import json_ld
from archiver.importers.record import Record, read_canonical, read_text
from archiver.model import Byline

_FURNITURE = "amp-ad, amp-social-share, amp-sticky-ad, button, form, nav, [update], [id^=ad-]"
_LONGEST_NAME = 80


def recognise(record: Record) -> bool:
    """Whether the page has a live list with items."""
    return record.looks_like_html and bool(list_items(record))


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The list's items laid over JSON-LD."""
    address = read_canonical(record)
    zone = zone or find_zone(address) or ZoneInfo("Europe/London")
    spine = json_ld.read(record, zone)
    shown = [read_item(node, zone, address) for node in list_items(record)]
    posts = merge_layers(align_ids(spine.posts, shown), shown)
    is_paged = record.tree.css_first("amp-live-list [pagination] a[href]") is not None
    gap = "the page leads to further pages of the coverage, which are not in this capture"
    missing = (gap,) if is_paged and len(spine.posts) <= len(shown) else ()
    return lay_page(spine, record, posts, zone, "amp", missing)


def list_items(record: Record) -> list[LexborNode]:
    """The items of all live lists but advertisements and those taken down (`data-tombstone`)."""
    items: list[LexborNode] = []
    for holder in record.tree.css("amp-live-list [items]"):
        for node in holder.iter():
            identity = read_attribute(node, "id")
            if not identity or identity.startswith("ad-") or "data-tombstone" in node.attributes:
                continue
            if read_attribute(node, "data-sort-time"):
                items.append(node)
    return items


def read_item(node: LexborNode, zone: ZoneInfo, address: str) -> Post:
    """One item: a title in a heading, the author in a line of `span`s or in an element of that name."""
    copy = copy_node(node)
    drop_nodes(copy, _FURNITURE)
    author, lines = find_author(copy)
    for line in lines:
        line.decompose()
    drop_nodes(copy, "time, amp-timeago")
    seen = read_seen(copy)
    title = copy.css_first("h1, h2, h3, h4")
    name = read_text(title)
    if title is not None:
        title.decompose()
    identity = read_attribute(node, "id")
    return Post(
        id=identity,
        url=spell_url(address, identity),
        published=read_epoch(read_attribute(node, "data-sort-time"), zone),
        time_source="data-sort-time",
        updated=read_epoch(read_attribute(node, "data-update-time"), zone),
        title=name,
        byline=(Byline(author),) if author else (),
        blocks=read_blocks(copy, zone, address),
        seen=seen,
    )


def find_author(copy: LexborNode) -> tuple[str, list[LexborNode]]:
    """Who wrote an item, and the elements that say so: none of them are words of the post.

    Without a name for it, that is the last but one of the spans outside all paragraphs: the last has
    the time.
    """
    for selector in ('[itemprop~="author"]', '[rel~="author"]', ".author", ".byline"):
        named = copy.css(selector)
        if named and read_text(named[0]):
            return re.sub(r"^[Bb]y\s+", "", read_text(named[0])), list(named)
    spans = [one for one in copy.css("span") if not _holds_span(one) and _is_apart(one)]
    timed = [one for one in spans if one.css_first("amp-timeago, time") is not None]
    texts = [one for one in spans if read_text(one)]
    if not timed and not (texts and re.search(r"\d", read_text(texts[-1]))):
        return "", []
    before = texts[: texts.index(timed[-1])] if timed and timed[-1] in texts else texts[:-1]
    name = read_text(before[-1]) if before else ""
    is_name = bool(name) and len(name) <= _LONGEST_NAME and not re.search(r"\d", name)
    return (name, [*before[-1:], *timed[-1:], *texts[-1:]]) if is_name else ("", [])


def _holds_span(node: LexborNode) -> bool:
    return any(one.mem_id != node.mem_id for one in node.css("span"))


def _is_apart(node: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.tag != "body":
        if above.tag in ("p", "li", "blockquote", "figure", "h1", "h2", "h3", "h4", "a", "table"):
            return False
        above = above.parent
    return True


READER = Reader("amp", "AMP pages with a live list, The Independent's among them", recognise, read)
