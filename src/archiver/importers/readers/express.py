"""Live blogs of the Daily Express: the page's posts laid over JSON-LD, joined by id.

`data-sort-time` is in seconds and right; the visible clock names no zone and is London's.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from archiver.importers.capture import Block, Capture, Medium, Post
from archiver.importers.layers import (
    align_ids,
    copy_node,
    drop_nodes,
    lay_page,
    list_elements,
    merge_layers,
    read_around,
    read_attribute,
    read_seen,
    spell_url,
    tell_hidden,
)
from archiver.importers.markup import resolve
from archiver.importers.moments import read_epoch, read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers import json_ld
from archiver.importers.record import Record, read_canonical, read_text
from archiver.model import Byline, MediaKind

_ENTRY = ".live-events__entry[id]"

_FURNITURE = ".live-events__entry-author, .live-events__entry-head, time[data-time], button"


def recognise(record: Record) -> bool:
    """Whether posts stand in the page as the Express writes them."""
    return record.looks_like_html and record.tree.css_first(_ENTRY) is not None


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """JSON-LD as the spine, what the page shows laid over it."""
    address = read_canonical(record)
    zone = zone or ZoneInfo("Europe/London")
    spine = json_ld.read(record, zone)
    shown = [read_shown(node, zone, address) for node in list_elements(record, _ENTRY)]
    posts = merge_layers(align_ids(spine.posts, shown), shown)
    hidden = len(posts) - len(shown)
    missing = (tell_hidden(hidden, len(posts)),) if hidden > 0 else ()
    return lay_page(spine, record, posts, zone, "express", missing)


def read_shown(node: LexborNode, zone: ZoneInfo, address: str) -> Post:
    """A post as the page shows it."""
    copy = copy_node(node)
    drop_nodes(copy, _ENTRY)
    clock = read_attribute(copy.css_first("time[data-time]"), "data-time")
    counted = read_epoch(read_attribute(node, "data-sort-time"), zone)
    author = read_text(copy.css_first(".live-events__entry-author")).removeprefix("By ")
    title = read_text(copy.css_first(".live-events__entry-head"))
    text = copy.css_first(".live-events__entry-text")
    content = copy_node(text) if text is not None else copy
    drop_nodes(content, _FURNITURE)
    identity = read_attribute(node, "id")
    return Post(
        id=identity,
        url=spell_url(address, identity),
        published=counted or read_moment(clock, zone),
        time_source="data-sort-time"
        if counted
        else "time in the page, read as London's"
        if clock
        else "",
        updated=read_epoch(read_attribute(node, "data-update-time"), zone),
        title=title,
        byline=(Byline(author),) if author else (),
        seen=" ".join(f"{title} {read_seen(content)}".split()),
        blocks=read_content(content, zone, address),
    )


def read_content(content: LexborNode, zone: ZoneInfo, address: str) -> tuple[Block, ...]:
    """The body; the caption of a picture stands in an element of its own, and its credit behind it."""
    pictures: list[tuple[LexborNode, Block]] = []
    for caption in content.css(".newsCaption"):
        frame = caption.parent
        image = frame.css_first("img, amp-img") if frame is not None else None
        source = resolve(read_attribute(image, "data-src", "src"), address)
        if (
            frame is None
            or frame.tag == "body"
            or not source.startswith("http")
            or len(frame.css("img")) > 1
        ):
            continue
        if _fold(read_text(frame)) != _fold(read_text(caption)):
            continue
        words = read_text(caption.css_first(".caption"))
        whole = read_text(caption)
        credit = whole.removeprefix(words).strip(" ()") if words else ""
        medium = Medium(
            MediaKind.PICTURE,
            source,
            read_attribute(image, "alt"),
            words or whole,
            credit.removeprefix("Image:").strip(),
        )
        pictures.append((frame, medium))
    return read_around(content, pictures, zone, address)


def _fold(text: str) -> str:
    return "".join(text.split())


READER = Reader("express", "live blogs of the Daily Express", recognise, read)
