"""24liveblog's API: `data.news[]` of an event, and `data.event`, what is told of it.

A page that embeds it holds no post: the player asks `data.24liveplus.com` for them.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from archiver.embeds.addresses import read_address
from archiver.importers.answers import read_count, read_flag, read_name, read_seen, read_string
from archiver.importers.capture import Capture, Medium, Post, Run
from archiver.importers.markup import read_html
from archiver.importers.moments import read_epoch
from archiver.importers.reader import Reader
from archiver.importers.record import Record, read_canonical, read_meta
from archiver.importers.values import find, find_objects
from archiver.model import Byline, MediaKind

_EMPTY_EMBED = "#LB24_LIVE_CONTENT[data-eid]"


def recognise(record: Record) -> bool:
    """Whether an answer holds news with their numbers, or a page only the place for them."""
    if record.looks_like_json:
        return any(map(_is_news, find_objects(record.json, "data", "news")[:50])) or isinstance(
            find(record.json, "data", "event", "eid"), str | int
        )
    return (
        record.looks_like_html
        and "LB24_LIVE_CONTENT" in record.text
        and record.tree.css_first(_EMPTY_EMBED) is not None
    )


def _is_news(news: dict[str, Any]) -> bool:
    return "nid" in news and ("contents" in news or "newstitle" in news)


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The capture that an answer is; of a page, only what it lacks."""
    spoken = zone or ZoneInfo("UTC")
    if not record.looks_like_json:
        return _read_page(record, zone)
    event = find(record.json, "data", "event")
    found = [one for one in find_objects(record.json, "data", "news") if _is_news(one)]
    posts = tuple(read_news(one, spoken) for one in found if not read_flag(one, "deleted"))
    total = read_count(record.json, "data", "count")
    missing = []
    title = _clean(read_string(event, "title") or read_string(event, "name"))
    if not title:
        missing.append("the title of the coverage: it stands in another answer, that of the event")
    if not posts:
        missing.append("the posts: this answer tells of the event and holds none of its news")
    if total > len(found):
        missing.append(f"{total - len(found)} of {total} posts: this answer holds one part of them")
    closed = find(event, "closed")
    return Capture(
        reader=READER.name,
        title=title,
        description=read_seen(read_string(event, "description")),
        language=read_string(event, "language").replace("_", "-"),
        timezone=spoken.key if zone else "",
        url=record.address if not _is_answer(record.address) else "",
        captured=record.captured,
        is_live=closed is False or closed == 0,
        started=read_epoch(read_string(event, "start_time"), spoken),
        key_points=tuple(
            (Run(text),)
            for point in find_objects(event, "keyPoints")
            if (text := read_seen(read_string(point, "title") or read_string(point, "newstitle")))
        ),
        posts=posts,
        newest_first=_is_newest_first(posts),
        expected=total,
        missing=tuple(missing),
    )


def read_news(news: dict[str, Any], zone: ZoneInfo) -> Post:
    """One piece of news."""
    html = read_string(news, "contents")
    if "<" not in html:
        html = html.replace("\n", "<br>")
    pictures = []
    for name in ("newsimage", "image"):
        address = read_string(news, name)
        if read_address(address) and address not in html:
            pictures.append(Medium(MediaKind.PICTURE, address))
    writer = find(news, "creator")
    names = [
        read_name(find(writer, "name")),
        read_name(writer),
        read_name(news.get("nickname")),
        read_name(news.get("author")),
    ]
    first = next((name for name in names if name), "")
    return Post(
        id=read_string(news, "nid"),
        published=read_epoch(read_string(news, "created"), zone),
        time_source="24liveblog created",
        updated=read_epoch(read_string(news, "updated") or read_string(news, "last_updated"), zone),
        title=_clean(read_string(news, "newstitle")),
        byline=(Byline(first),) if first and not first.isdecimal() else (),
        blocks=(*read_html(html, zone), *pictures),
        pinned=read_flag(news, "pinned") or read_flag(news, "top"),
        key=read_flag(news, "key_point") or read_flag(news, "highlight"),
        seen=read_seen(html),
    )


def _read_page(record: Record, zone: ZoneInfo | None) -> Capture:
    node = record.tree.css_first(_EMPTY_EMBED)
    number = (node.attributes.get("data-eid") or "") if node is not None else ""
    where = f" (event {number})" if re.fullmatch(r"\d{1,30}", number) else ""
    return Capture(
        reader=READER.name,
        publisher=read_meta(record, "og:site_name"),
        title=read_meta(record, "og:title"),
        timezone=zone.key if zone else "",
        url=read_canonical(record),
        captured=record.captured,
        missing=(
            "every post: the page only holds the place where 24liveblog's script would have put"
            f" them{where}, and they were never in the page itself",
        ),
    )


def _clean(text: str) -> str:
    return read_seen(unescape(text)) if "&" in text or "<" in text else " ".join(text.split())


def _is_answer(address: str) -> bool:
    return "24liveplus.com/" in address


def _is_newest_first(posts: tuple[Post, ...]) -> bool:
    known = [post.published.instant for post in posts if post.published and post.published.instant]
    return len(known) < 2 or known[0] >= known[-1]


READER = Reader("24liveblog", "24liveblog: answers of its API", recognise, read)
