"""Guardian live pages before 2021: `div.block` with a time, a title and elements."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.importers.capture import Capture, Post
from archiver.importers.markup import read_html
from archiver.importers.moments import read_epoch, read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers.guardian_model import (
    LONDON,
    name_missing,
    read_standfirst,
    spell_permalink,
)
from archiver.importers.readers.guardian_page import read_page_numbers
from archiver.importers.record import Record, read_canonical, read_meta, read_text
from archiver.importers.values import find_line, find_text, split_names, strip_tags
from archiver.model import Byline, Stamp

_BLOCKS = '.block[id^="block-"]'
_TIMES = (
    ".published-time time[datetime], .block-time.published-time time[datetime], "
    "time[itemprop=datePublished][datetime]"
)
# What stands in a block and is none of its words: sharing, sign-up forms, buttons.
_FURNITURE = (
    "script, style, noscript, svg, button, .block-share, .block-time, .updated-time, .rounded-icon, "
    ".block-title, .ad-slot, .inline-icon, meta"
)


def recognise(record: Record) -> bool:
    """Whether such blocks are there."""
    if not record.looks_like_html or "block-" not in record.text:
        return False
    node = record.tree.css_first(_BLOCKS)
    return node is not None and (
        node.css_first(".block-elements, [itemprop=articleBody], .block-time") is not None
    )


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The blocks that the page shows."""
    address = re.split(r"[?#]", read_canonical(record))[0]
    # Taken apart below: a copy, since others read the record's tree.
    tree = LexborHTMLParser(record.text)
    posts: dict[str, Post] = {}
    for node in tree.css(_BLOCKS):
        marks = (node.attributes.get("class") or "").split()
        number = (node.attributes.get("id") or "").removeprefix("block-").strip()
        number = number.removesuffix("-pinned")
        # An appeal for money between the blocks.
        if number and "is-epic" not in marks and f"block-{number}" not in posts:
            posts[f"block-{number}"] = read_post(node, number, marks, address)
    page, pages = read_page_numbers(tree)
    standfirst = tree.css_first(".content__standfirst, [data-component=standfirst]")
    description = read_meta(record, "description", "og:description")
    byline = tree.css_first(
        "[data-component=meta-byline], .content__meta-container .byline, .byline"
    )
    root = tree.css_first("html[lang]")
    return Capture(
        reader="guardian-blocks",
        publisher="The Guardian",
        title=read_text(tree.css_first("h1")) or read_meta(record, "og:title"),
        description=description,
        language=find_text(root.attributes, "lang") if root is not None else "en",
        timezone="Europe/London",
        url=address,
        captured=record.captured,
        is_live=tree.css_first(".blog.is-live, .blog__live") is not None,
        contributors=tuple(map(Byline, split_names(read_text(byline)))),
        introduction=(
            read_standfirst(standfirst.inner_html or "", description, address)
            if standfirst is not None
            else ()
        ),
        posts=tuple(posts.values()),
        page=page,
        pages=pages,
        missing=name_missing(page, pages, 0),
    )


def read_post(node: LexborNode, number: str, marks: list[str], address: str) -> Post:
    """One block; it is taken apart."""
    time = node.css_first(_TIMES)
    published = _read_time(time)
    source = "time[datetime] of the block" if published else ""
    if published is None:
        published = read_epoch(node.attributes.get("data-sort-time") or "", LONDON)
        source = "data-sort-time" if published else ""
    updated = _read_time(node.css_first(".updated-time time[datetime]"))
    title = read_text(node.css_first(".block-title"))
    names = list(_list_names(node))
    body = node.css_first(".block-elements, [itemprop=articleBody]")
    whole = body if body is not None else node
    for part in whole.css(_FURNITURE):
        if part.parent is not None:
            part.decompose()
    html = whole.inner_html or ""
    return Post(
        id=f"block-{number}",
        url=spell_permalink(address, number),
        published=published,
        time_source=source,
        updated=updated,
        title=title,
        byline=tuple(map(Byline, names)),
        blocks=read_html(html, LONDON, address),
        key="is-key-event" in marks,
        pinned="is-pinned" in marks or (node.attributes.get("id") or "").endswith("-pinned"),
        summary="is-summary" in marks,
        seen=" ".join(word for word in (title, *names, strip_tags(html)) if word),
    )


def _list_names(node: LexborNode) -> list[str]:
    """Who wrote a block: a name above its elements, else the text of the picture there."""
    names = [read_text(one) for one in node.css(".liveblog-block-byline__name, .block-byline")]
    alts = [find_line(one.attributes, "alt") for one in node.css(".liveblog-block-byline img[alt]")]
    return list(dict.fromkeys(one for one in names if one)) or [one for one in alts if one]


def _read_time(node: LexborNode | None) -> Stamp | None:
    return read_moment(node.attributes.get("datetime") or "", LONDON) if node is not None else None


READER = Reader("guardian-blocks", "Guardian live pages before 2021", recognise, read)
