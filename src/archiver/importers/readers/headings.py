"""Articles whose headings carry the time: "12.31 Uhr: …", "14:05 – …", "10.45am: …".

Nothing in such a page is made for machines but the article's own date. The day of each post comes from
headings that are dates, else from the article's date where that leaves no doubt; else it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from archiver.importers.capture import Block, Capture, Post
from archiver.importers.clocks import find_days, is_rising, read_clock, read_day
from archiver.importers.days import give_day
from archiver.importers.layers import copy_node, drop_nodes, read_seen
from archiver.importers.markup import read_html
from archiver.importers.moments import find_zone, make_stamp, read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers.json_ld import read_language, read_names
from archiver.importers.record import (
    Record,
    list_linked_data,
    read_canonical,
    read_meta,
    read_text,
)
from archiver.importers.texts import strip_tags
from archiver.model import Byline, Stamp

_HEADINGS = ("h2", "h3", "h4", "h5")
_FURNITURE = frozenset("aside nav script style template form button footer noscript".split())
_LEAST = 2


class Section(Struct, frozen=True):
    """A part of an article: a clock and what follows it, or a date (`clock` None)."""

    clock: time | None
    title: str = ""
    nodes: tuple[LexborNode, ...] = ()
    day: tuple[int, int, int] | None = None  # year (0: not said), month, day
    heading: str = ""
    rest: str = ""


def recognise(record: Record) -> bool:
    """Whether an article has at least two headings with a time, and words below them."""
    if not record.looks_like_html:
        return False
    return (
        sum(part.clock is not None and _has_words(part) for part in list_sections(record)) >= _LEAST
    )


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """A post for each heading with a time; ids are none, and titles go without the time that was read."""
    address = read_canonical(record)
    known = zone or find_zone(address)
    zone = known or ZoneInfo("UTC")
    article = find_article(record)
    sections = list_sections(record)
    ends = [read_moment(text, zone) for text in list_dates(record, article)]
    days = find_days(sections, [stamp for stamp in ends if stamp])
    posts: list[Post] = []
    for section, day in zip(sections, days, strict=True):
        if section.clock is not None:
            posts.append(read_section(section, day, known, address))
    is_newest_first = not is_rising(sections)
    return Capture(
        reader="headings",
        publisher=read_meta(record, "og:site_name")
        or ", ".join(read_names(article.get("publisher"))),
        title=read_text(record.tree.css_first("h1")) or read_meta(record, "og:title"),
        description=read_meta(record, "description", "og:description"),
        language=read_language(record),
        timezone=known.key if known else "",
        url=address,
        captured=record.captured,
        contributors=tuple(Byline(name) for name in read_names(article.get("author"))),
        posts=give_day(posts, record, zone),
        newest_first=is_newest_first,
        has_own_ids=False,
        missing=tuple(list_gaps(posts)),
    )


def read_section(section: Section, day: date | None, zone: ZoneInfo | None, address: str) -> Post:
    """A post; where its day or its zone is not known, the words of its time stay in its title."""
    html = section.rest + "".join(node.html or "" for node in section.nodes)
    blocks: tuple[Block, ...] = read_html(html, zone or ZoneInfo("UTC"), address)
    stamp: Stamp | None = None
    if day is not None and section.clock is not None:
        moment = datetime.combine(day, section.clock)
        stamp = make_stamp(moment.replace(tzinfo=zone), zone) if zone else Stamp(day)
    is_timed = stamp is not None and stamp.moment is not None
    title = section.title if is_timed else section.heading
    seen = [title, strip_tags(section.rest), *map(read_seen, section.nodes)]
    return Post(
        published=stamp,
        time_source="heading, and the day of the article" if is_timed else "",
        title=title,
        blocks=blocks,
        seen=" ".join(" ".join(seen).split()),
    )


def list_sections(record: Record) -> list[Section]:
    """The parts of the article that begin with a time or are a date, in the page's order."""
    headed = [node for node in record.tree.css(", ".join(_HEADINGS)) if _reads_clock(node)]
    is_bold = len(headed) < _LEAST
    if is_bold:
        bold = record.tree.css("p > strong:first-child, p > b:first-child")
        headed = [
            node.parent for node in bold if node.parent is not None and _reads_bold(node.parent)
        ]
    if len(headed) < _LEAST:
        return []
    marks = {node.mem_id for node in headed}
    above = _list_above(headed)
    sections: list[Section] = []
    current: Section | None = None
    top = min(_level(node) for node in headed)
    for node in _walk(_find_common(headed), marks, above):
        if node.mem_id in marks:
            current = _open_section(node)
            sections.append(current)
            continue
        day = read_day(read_text(node)) if _may_be_date(node) else None
        if day is not None:
            current = None
            sections.append(Section(None, day=day))
        elif node.tag in ("h1", *_HEADINGS) and _level(node) <= top:
            current = None
        elif current is not None and node.tag not in _FURNITURE:
            current = replace(current, nodes=(*current.nodes, node))
            sections[-1] = current
    return sections


def list_dates(record: Record, article: dict[str, Any]) -> Iterator[str]:
    """The article's own dates."""
    for name in ("datePublished", "dateModified"):
        if isinstance(article.get(name), str):
            yield article[name]
    for name in ("article:published_time", "article:modified_time", "og:updated_time", "date"):
        if read_meta(record, name):
            yield read_meta(record, name)


def find_article(record: Record) -> dict[str, Any]:
    """The article that the page's JSON-LD tells of; empty where there is none."""
    found: dict[str, Any]
    for found in list_linked_data(record):
        types = found.get("@type")
        for one in types if isinstance(types, list) else [types]:
            if isinstance(one, str) and one.endswith(("Article", "BlogPosting", "LiveBlogPosting")):
                return found
    return {}


def list_gaps(posts: list[Post]) -> Iterator[str]:
    """What could not be read, for `Capture.missing`."""
    unknown = sum(post.published is None or post.published.moment is None for post in posts)
    if unknown:
        yield f"posts whose day or zone the page does not say: {unknown} of {len(posts)}"


def _open_section(node: LexborNode) -> Section:
    heading = read_text(node)
    if node.tag != "p":
        clock, title = read_clock(heading) or (time(), heading)
        return Section(clock, title, heading=heading)
    bold = node.css_first("strong, b")
    words = read_text(bold)
    clock, title = read_clock(words) or (time(), "")
    copy = copy_node(node)
    drop = copy.css_first("strong, b")
    if drop is not None:
        drop.decompose()
    drop_nodes(copy, "script, style")
    rest = re.sub(r"^\s*[:|–—-]\s*", "", copy.inner_html or "")
    rest = f"<p>{rest}</p>" if rest.strip() else ""
    return Section(clock, title, heading=words, rest=rest)


def _reads_clock(node: LexborNode) -> bool:
    return read_clock(read_text(node)) is not None


def _reads_bold(node: LexborNode) -> bool:
    bold = node.css_first("strong, b")
    first = next((one for one in node.iter(include_text=True) if (one.text() or "").strip()), None)
    if bold is None or first is None or first.mem_id != bold.mem_id:
        return False
    return _reads_clock(bold)


def _may_be_date(node: LexborNode) -> bool:
    text = read_text(node) if node.tag in ("h1", *_HEADINGS, "p") else ""
    bold = node.css_first("strong, b") if node.tag == "p" and len(text) < 60 else None
    return node.tag != "p" or (bold is not None and read_text(bold) == text)


def _level(node: LexborNode) -> int:
    tag = node.tag or ""
    return int(tag[1]) if re.fullmatch("h[1-6]", tag) else 7


def _list_above(nodes: list[LexborNode]) -> set[int]:
    above: set[int] = set()
    for node in nodes:
        parent = node.parent
        while parent is not None and parent.mem_id not in above:
            above.add(parent.mem_id)
            parent = parent.parent
    return above


def _find_common(nodes: list[LexborNode]) -> LexborNode:
    """The lowest element around all of some."""
    paths: list[list[LexborNode]] = []
    for node in nodes:
        path = []
        parent = node.parent
        while parent is not None:
            path.append(parent)
            parent = parent.parent
        paths.append(path[::-1])
    common = paths[0][0]
    for level in zip(*paths, strict=False):
        if len({one.mem_id for one in level}) > 1:
            break
        common = level[0]
    return common


def _walk(top: LexborNode, marks: set[int], above: set[int]) -> Iterator[LexborNode]:
    """The elements of an article in their order; a wrapper around a heading with a time is opened."""
    pending = list(top.iter(include_text=True))[::-1]
    while pending:
        node = pending.pop()
        if node.mem_id in above and node.mem_id not in marks:
            pending += list(node.iter(include_text=True))[::-1]
        elif node.tag != "-comment":
            yield node


def _has_words(section: Section) -> bool:
    return bool(section.rest.strip()) or any(read_text(node) for node in section.nodes)


READER = Reader("headings", "articles whose headings carry the time", recognise, read)
