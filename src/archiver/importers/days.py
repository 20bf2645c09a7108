"""The day of a page, for posts of which no layer says when they were published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archiver.importers.capture import Post
from archiver.importers.moments import make_stamp, read_moment
from archiver.importers.record import Record, list_linked_data, read_canonical, read_meta
from archiver.model import Stamp

_IN_ADDRESS = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?=[/-])")
_NAMES = ("article:published_time", "og:published_time", "article:modified_time", "date")


def give_day(posts: Iterable[Post], record: Record, zone: ZoneInfo) -> tuple[Post, ...]:
    """The posts, those without any date under the page's own day, if it has one; never with a time."""
    given = tuple(posts)
    if all(post.published for post in given):
        return given
    day = find_page_day(record, zone)
    if day is None:
        return given
    return tuple(
        post
        if post.published
        else replace(post, published=Stamp(day), time_source="the page's day")
        for post in given
    )


def find_page_day(record: Record, zone: ZoneInfo) -> date | None:
    """The day on which a page says that it was published, else changed or captured."""
    for text in _list_dates(record):
        stamp = read_moment(text, zone)
        if stamp is not None:
            return stamp.day
    match = _IN_ADDRESS.search(read_canonical(record))
    if match is not None:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
    return make_stamp(record.captured, zone).day if record.captured else None


def _list_dates(record: Record) -> Iterator[str]:
    yield read_meta(record, _NAMES[0])
    for name in ("datePublished", "dateModified"):
        for found in list_linked_data(record):
            if isinstance(found.get(name), str):
                yield found[name]
    for name in _NAMES[1:]:
        yield read_meta(record, name)
