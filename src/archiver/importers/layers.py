"""The layers of one page laid over each other: no one of them is right about everything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.importers.capture import Block, Capture, Post
from archiver.importers.days import give_day
from archiver.importers.markup import read_html
from archiver.importers.record import Record, read_meta, read_text

_UNSEEN = "script, style, template, noscript, head, title"
_STRETCHES = (
    "address, article, aside, blockquote, br, dd, div, dt, figcaption, figure, h1, h2, h3, h4, h5, h6, "
    "li, p, section, td, th"
)
_DEEPEST = 20
# Noncharacters stand for a block that a reader made, until the words around it have been read.
_MARK = "\ufdd4{}\ufdd5"
_MARKS = re.compile("[\ufdd4\ufdd5]")
_PLACE = re.compile(r"\D{0,16}(\d{1,4})")


def lay_over(below: Post, above: Post) -> Post:
    """One post of two layers: what the upper one has holds, the lower one fills what it leaves empty.

    A flag that either has is set; a time goes with the name of its layer, and a bare day hides none.
    """
    changes: dict[str, Any] = {
        name: getattr(above, name)
        for name in above.__struct_fields__
        if getattr(above, name) and name not in ("published", "time_source")
    }
    is_day = above.published is None or above.published.moment is None
    if above.published is not None and (not is_day or below.published is None):
        changes |= {"published": above.published, "time_source": above.time_source}
    return replace(below, **changes)


def merge_layers(below: Iterable[Post], above: Iterable[Post]) -> tuple[Post, ...]:
    """The posts of two layers, joined by id; one that only the upper layer has stands behind the one
    that it followed there."""
    merged: dict[str, Post] = {}
    for number, post in enumerate(below):
        merged.setdefault(post.id or f"\0{number}", post)
    order = list(merged)
    before = ""
    for post in above:
        if post.id in merged:
            merged[post.id] = lay_over(merged[post.id], post)
        else:
            merged[post.id] = post
            order.insert(order.index(before) + 1 if before else 0, post.id)
        before = post.id
    return tuple(merged[key] for key in order)


def lay_page(
    spine: Capture,
    record: Record,
    posts: Iterable[Post],
    zone: ZoneInfo,
    reader: str,
    missing: tuple[str, ...] = (),
) -> Capture:
    """A capture of what JSON-LD says of the coverage (`spine`) and the posts that a page shows; what the
    spine leaves empty, the page's head and heading fill.
    """
    dated = give_day(posts, record, zone)
    return replace(
        spine,
        reader=reader,
        publisher=spine.publisher or read_meta(record, "og:site_name"),
        title=spine.title or read_text(record.tree.css_first("h1")),
        timezone=zone.key,
        posts=dated,
        newest_first=is_newest_first(dated),
        has_own_ids=True,
        missing=missing,
    )


def tell_hidden(hidden: int, posts: int) -> str:
    """That JSON-LD has posts of which the page shows none, for `Capture.missing`."""
    return (
        f"posts that this page does not show: {hidden} of {posts}; their words are here, "
        "their authors, pictures and embeds are not"
    )


def spell_url(address: str, identity: str) -> str:
    """The address of a post within its page."""
    return f"{address.partition('#')[0]}#{identity}" if address else ""


def align_ids(below: Iterable[Post], above: Iterable[Post]) -> tuple[Post, ...]:
    """The lower layer with the ids of the upper, where one publisher spells an id in two ways.

    Those that end in the same number or word are one (`liveblogPost123`, `post-123`), or else those that
    alone have the same title; posts that only the lower layer has are spelt as their neighbours are, so
    that the next capture, which shows them, knows them again.
    """
    shown = list(above)
    known = {post.id for post in shown}
    by_end: dict[str, str] = {}
    by_title: dict[str, str] = {}
    for post in shown:
        by_end.setdefault(_part_id(post.id)[1], post.id)
        title = post.title.casefold()
        by_title[title] = "" if title in by_title else post.id
    found: list[str] = []
    taken: set[str] = set()
    stems: dict[str, str] = {}
    lower = list(below)
    for post in lower:
        stem, end = _part_id(post.id)
        other = post.id if post.id in known else by_end.get(end, "") if end else ""
        if other:
            stems.setdefault(stem, _part_id(other)[0])
        other = other or (by_title.get(post.title.casefold(), "") if post.title else "")
        other = "" if other in taken else other
        taken.add(other)
        found.append(other)
    return tuple(
        replace(post, id=other or _respell(post.id, stems))
        for post, other in zip(lower, found, strict=True)
    )


def are_places(posts: Iterable[Post]) -> bool:
    """Whether the ids of posts are only their places on the page, such as `#1` or `#post12`.

    Such numbers are small, and none is far beyond the number of posts.
    """
    ids = [post.id for post in posts]
    matches = [_PLACE.fullmatch(one) for one in ids]
    numbers = [int(match[1]) for match in matches if match]
    return bool(ids) and len(numbers) == len(ids) and max(numbers) <= 2 * len(ids) + 10


def is_newest_first(posts: Iterable[Post]) -> bool:
    """Whether more posts follow a later one than an earlier one; so where no time says otherwise."""
    instants = [post.published.instant for post in posts if post.published]
    known = [instant for instant in instants if instant is not None]
    steps = [(one > other) - (one < other) for one, other in pairwise(known)]
    return sum(steps) >= 0


def list_elements(record: Record, selector: str) -> list[LexborNode]:
    """The elements of a page that a selector finds, those within another too (where markup was not
    closed), but none that lies within very many: copies of all of them would have no end."""
    depths: dict[int, int] = {}
    for node in record.tree.css(selector):
        above = node.parent
        while above is not None and above.mem_id not in depths:
            above = above.parent
        depths[node.mem_id] = 1 + (depths[above.mem_id] if above is not None else 0)
    return [node for node in record.tree.css(selector) if depths[node.mem_id] <= _DEEPEST]


def copy_node(node: LexborNode) -> LexborNode:
    """A copy of what is in an element, to be changed: the page itself is read again by others."""
    html = (node.html if node.tag == "-text" else node.inner_html) or ""
    body = LexborHTMLParser(f"<!doctype html><body>{_MARKS.sub('', html)}").body
    assert body is not None, "a parsed document has a body"
    return body


def drop_nodes(node: LexborNode, selector: str) -> None:
    """Take elements out of a copy."""
    for one in list(node.css(selector)):
        one.decompose()


def read_seen(node: LexborNode) -> str:
    """The words of an element that a reader saw, white space run together."""
    copy = copy_node(node)
    drop_nodes(copy, _UNSEEN)
    for one in copy.css(_STRETCHES):
        one.insert_before(" ")
        one.insert_after(" ")
    return " ".join((copy.text() or "").split())


def read_blocks(node: LexborNode, zone: ZoneInfo, address: str) -> tuple[Block, ...]:
    """The blocks of what an element holds."""
    return read_html(node.inner_html or "", zone, address)


def _part_id(identity: str) -> tuple[str, str]:
    match = re.search(r"\d+$", identity) or re.search(r"\w+$", identity)
    return (identity[: match.start()], match[0].casefold()) if match else (identity, "")


def _respell(identity: str, stems: dict[str, str]) -> str:
    stem, end = _part_id(identity)
    return f"{stems[stem]}{end}" if end.isdecimal() and stem in stems else identity


def read_around(
    copy: LexborNode, made: Iterable[tuple[LexborNode, Block]], zone: ZoneInfo, address: str
) -> tuple[Block, ...]:
    """The blocks of a copy (`copy_node`), with those that a reader made in the place of some elements."""
    blocks: list[Block] = []
    kept: list[Block] = []
    for node, block in made:
        node.replace_with(_MARK.format(len(kept)))
        kept.append(block)
    for number, part in enumerate(re.split("\ufdd4(\\d+)\ufdd5", copy.inner_html or "")):
        blocks += [kept[int(part)]] if number % 2 else read_html(part, zone, address)
    return tuple(blocks)


def read_attribute(node: LexborNode | None, *names: str) -> str:
    """The first of some attributes that holds something."""
    for name in names:
        value = (node.attributes.get(name) or "").strip() if node is not None else ""
        if value:
            return value
    return ""
