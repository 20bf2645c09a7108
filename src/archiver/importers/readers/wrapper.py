"""A page that says it is a LiveBlogPosting and tells machines no more: its items as people read them.

Such a wrapper (microdata without a `liveBlogUpdate`) holds a row of elements, mostly with a clock time
and no date. A clock is a moment only where the page's day is sure: where it gives an event's date both
as data and in its title or description, the clocks run one way, and the country has one time zone.
Where there is no day nothing is imported, for no post can be without one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import get_global
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.embeds.addresses import read_address
from archiver.importers.answers import read_string
from archiver.importers.capture import Block, Capture, Embedded, Medium, Post
from archiver.importers.copied_lines import read_clock
from archiver.importers.markup import read_html
from archiver.importers.moments import read_moment
from archiver.importers.reader import Reader
from archiver.importers.record import (
    Record,
    list_linked_data,
    read_canonical,
    read_meta,
    read_text,
)
from archiver.importers.values import find
from archiver.model import Embed, Genre, Stamp
from archiver.times import find_zone

_WRAPPER = '[itemtype*="schema.org/LiveBlogPosting"]'
_UPDATE = '[itemprop="liveBlogUpdate"], [itemprop="blogPost"]'
# Smaller pictures are signs (pixels): their words stand for them.
_SIGN = 48
_PLAYER = re.compile(r"""\.player\(\{[^{}]{0,400}?\burl:\s*["'](https?://[^"'\s]+)["']""")
_KEY = re.compile(r"(?:^|[-_])(?:highlight(?:ed)?|key|important)(?:$|[-_])")


def recognise(record: Record) -> bool:
    """Whether a page has such a wrapper, with nothing in it that a machine could read."""
    if not record.looks_like_html or "LiveBlogPosting" not in record.text:
        return False
    wrapper = record.tree.css_first(_WRAPPER)
    return wrapper is not None and wrapper.css_first(_UPDATE) is None


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The items of the wrapper in their order, if the page's day is known; else what is missing."""
    wrapper = record.tree.css_first(_WRAPPER)
    event = _find_event(record)
    language = read_meta(record, "language", "og:locale").replace("_", "-")
    zone = zone or _find_zone(read_meta(record, "og:locale"))
    spoken = zone or ZoneInfo("UTC")
    items = list_items(wrapper) if wrapper is not None else []
    day, is_sure = _find_day(record, event)
    clocks = [clock for clock in map(_read_clock, items) if clock]
    pairs = list(pairwise(clocks))
    is_forward = len(clocks) > 1 and clocks[0] < clocks[-1]
    is_steady = all(a <= b if is_forward else a >= b for a, b in pairs)
    address = read_canonical(record)
    posts = tuple(
        read_item(item, day, spoken, address, uses_clock=is_sure and is_steady and zone is not None)
        for item in items
        if day
    )
    posts = tuple(post for post in posts if post.blocks or post.title)
    name = read_string(event, "name")
    title = name or read_text(record.tree.css_first("h1")) or read_meta(record, "og:title")
    return Capture(
        reader=READER.name,
        publisher=_find_publisher(record),
        title=title,
        description=read_meta(record, "description", "og:description"),
        language=language,
        timezone=zone.key if zone else "",
        url=address,
        captured=record.captured,
        posts=posts,
        newest_first=not is_forward,
        has_own_ids=any(post.id for post in posts),
        missing=tuple(_name_gaps(items, posts, day)),
    )


def list_items(wrapper: LexborNode) -> list[LexborNode]:
    """The elements of the wrapper that are of one kind: those that share the class that most have."""
    children = [child for child in wrapper.iter() if child.tag not in ("script", "style", "meta")]
    classes = Counter(name for child in children for name in set(_list_classes(child)))
    if not classes:
        return []
    common, count = classes.most_common(1)[0]
    if count < 2:
        return []
    return [child for child in children if common in _list_classes(child) and read_text(child)]


def read_item(
    item: LexborNode, day: date | None, zone: ZoneInfo, address: str, uses_clock: bool
) -> Post:
    """One item; its time is a moment where clocks may be used, else the day."""
    copy = LexborHTMLParser(f"<!doctype html><body>{item.html or ''}")
    body = copy.body
    assert body is not None, "a parsed document has a body"
    number = item.attributes.get("id") or ""
    clock = _read_clock(item)
    stamp = Stamp(day) if day else None
    source = "the date of the page's event, without a time"
    if day and clock and uses_clock:
        local = datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)
        stamp, source = (
            Stamp(local.date(), local),
            "a clock time, with the date of the page's event",
        )
    title = body.css_first('h1, h2, h3, h4, h5, h6, header [class*="title"], [class*="headline"]')
    heading = read_text(title)
    embeds = tuple(_find_players(body))
    for node in [*([title] if title is not None else []), *body.css("aside, time, script, style")]:
        node.decompose()
    if body.css_first("form") is not None:  # a poll, whose answers are words
        body.unwrap_tags(["form", "fieldset", "label", "button"])
    for image in body.css("img"):
        if _is_sign(image):
            image.replace_with(f" {image.attributes.get('alt') or ''} ")
    blocks = tuple(_drop_empty(read_html(body.inner_html or "", zone, address)))
    seen = read_text(body)
    return Post(
        id=number,
        url=f"{address}#{number}" if number and address.startswith("http") else "",
        published=stamp,
        time_source=source,
        title=heading,
        blocks=(*blocks, *embeds),
        key=any(_KEY.search(name) for name in _list_classes(item)),
        seen=" ".join(filter(None, (heading, seen))),
    )


def _drop_empty(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if not isinstance(block, Medium) or block.address:
            yield block


def _find_players(body: LexborNode) -> Iterator[Embedded]:
    """Films that a script would have put there, by the address that it names."""
    for script in body.css("script"):
        for match in _PLAYER.finditer(script.text() or ""):
            found = read_address(match[1])
            if found is not None:
                yield Embedded(Embed(found.provider, Genre.VIDEO, found.url))


def _is_sign(image: LexborNode) -> bool:
    sizes = [image.attributes.get(name) or "" for name in ("width", "height")]
    return all(size.isdecimal() and len(size) < 6 and int(size) <= _SIGN for size in sizes)


def _read_clock(item: LexborNode) -> time | None:
    node = item.css_first("time")
    return read_clock(read_text(node)) if node is not None else None


def _find_event(record: Record) -> dict[str, Any]:
    """The event that the page is about, as its linked data tell."""
    for found in list_linked_data(record):
        kind = found.get("@type")
        if isinstance(kind, str) and kind.endswith("Event"):
            event: dict[str, Any] = found
            return event
    return {}


def _find_day(record: Record, event: dict[str, Any]) -> tuple[date | None, bool]:
    """The day of the page's event, and whether its title or description says the same."""
    stamp = read_moment(read_string(event, "startDate"), ZoneInfo("UTC"))
    if stamp is None:
        return None, False
    # The day as it is written: an event of the evening is of that day in its own zone.
    day = date.fromisoformat(read_string(event, "startDate")[:10])
    title = record.tree.css_first("title")
    said = " ".join(
        (read_text(title), read_meta(record, "og:title"), read_meta(record, "description"))
    )
    spelled = {f"{day:%Y-%m-%d}"}
    for dot in "./":
        spelled.add(dot.join((f"{day:%d}", f"{day:%m}", str(day.year))))
        spelled.add(dot.join((str(day.day), str(day.month), str(day.year))))
    return day, any(one in said for one in spelled)


def _find_zone(locale: str) -> ZoneInfo | None:
    """The zone of a country that has only one, by a locale such as `pl_PL`."""
    match = re.fullmatch(r"[a-z]{2,3}[-_]([A-Za-z]{2})", locale)
    zones = get_global("territory_zones").get(match[1].upper(), []) if match else []
    return find_zone(zones[0]) if len(zones) == 1 else None


def _find_publisher(record: Record) -> str:
    for found in list_linked_data(record):
        if found.get("@type") == "WebSite" and read_string(found, "name"):
            return read_string(found, "name")
    return read_meta(record, "og:site_name") or read_string(
        find(_find_event(record), "organizer", "name")
    )


def _list_classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _name_gaps(items: list[LexborNode], posts: tuple[Post, ...], day: date | None) -> Iterator[str]:
    if not items:
        yield (
            "Every post: the page says that it is live coverage (schema.org LiveBlogPosting) "
            "and holds no update that can be read"
        )
        return
    if day is None:
        yield (
            f"Every post: {len(items)} items can be read on the page, and neither they "
            "nor the page have a date, without which none can be kept"
        )
        return
    untimed = sum(post.published is None or post.published.moment is None for post in posts)
    yield (
        "The dates of the posts: the page has none for them, and that of its event, "
        f"{day.isoformat()}, stands for it"
    )
    if untimed:
        yield f"The times of {untimed} of the {len(posts)} posts: the page has none, or none of a sure day"


READER = Reader(
    "live-wrapper",
    "a page that says it is live coverage and tells machines nothing of its posts",
    recognise,
    read,
)
