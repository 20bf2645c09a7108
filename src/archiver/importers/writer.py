"""The one writer: a Capture to content files as text, by their paths below the coverage's folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from archiver.importers.capture import Capture, Post, read_words
from archiver.importers.markdown import write_blocks, write_runs
from archiver.matter import Plain, write_matter
from archiver.model import Byline, Stamp
from archiver.times import write_stamp
from archiver.urls import is_reserved, judge_slug

_WORDS = 6
_LONGEST = 60


def name_posts(capture: Capture, zone: ZoneInfo, known: Mapping[str, str]) -> dict[int, str]:
    """The file of each post, by its place in the capture: that of its id, else a new name.

    A post without an id has the name that it had: that of its time and words.
    """
    names: dict[int, str] = {}
    used = set(known.values())
    given: set[str] = set()
    places = {id(post): place for place, post in enumerate(capture.posts)}
    for post in order_posts(capture):
        name = known.get(post.id, "") if post.id else ""
        if post.name and (not name or name in given):
            name = post.name if post.name not in used else ""
        name = name or name_post(post, zone, used)
        used.add(name)
        given.add(name)
        names[places[id(post)]] = name
    return names


def write_posts(
    capture: Capture, zone: ZoneInfo, names: Mapping[int, str] | None = None
) -> dict[str, str]:
    """{file name: text} of each post, in order; `names` are their files by place in the capture, where
    they have any."""
    names = name_posts(capture, zone, {}) if names is None else names
    places = {id(post): place for place, post in enumerate(capture.posts)}
    posts = order_posts(capture)
    untimed = {_day(post) for post in posts if post.published and post.published.moment is None}
    written: dict[str, str] = {}
    for number, post in enumerate(posts, 1):
        order = number if post.order is None and _day(post) in untimed else post.order
        written[names[places[id(post)]]] = write_post(post, zone, order)
    return written


def order_posts(capture: Capture) -> tuple[Post, ...]:
    """The posts oldest first: by their times where each has one, else as the page had them."""
    posts = tuple(reversed(capture.posts)) if capture.newest_first else capture.posts
    if all(post.published and post.published.instant for post in posts):
        return tuple(sorted(posts, key=_instant))
    return posts


def write_post(post: Post, zone: ZoneInfo, order: int | None = None) -> str:
    """The content file of a post."""
    fields: dict[str, Any] = {
        "date": _date(post.published, zone),
        "order": "" if order is None else Plain(str(order)),
        "updated": _date(post.updated, zone) if _is_change(post) else "",
        "title": post.title,
        "byline": write_byline(post.byline),
        **{
            name: Plain("true")
            for name in ("key", "pinned", "breaking", "summary")
            if getattr(post, name)
        },
        "tags": list(dict.fromkeys(post.tags)),
        "language": post.language,
        "source": _drop_empty({"id": post.id, "url": post.url}),
        **post.further,
    }
    return write_matter(_drop_empty(fields), write_blocks(post.blocks))


def write_coverage(capture: Capture, zone: ZoneInfo, captures: Iterable[Mapping[str, Any]]) -> str:
    """The coverage's own file."""
    fields: dict[str, Any] = {
        "title": capture.title or "Untitled coverage",
        "description": capture.description,
        "language": capture.language,
        "timezone": zone.key,
        "status": "live" if capture.is_live else "closed",
        "started": _date(capture.started, zone),
        "ended": _date(capture.ended, zone),
        "contributors": write_byline(capture.contributors, always_list=True),
        "key_points": [write_runs(runs, is_line=True) for runs in capture.key_points],
        "source": _drop_empty(
            {
                "publisher": capture.publisher,
                "url": capture.url,
                "captures": [_spell_capture(one) for one in captures],
                "missing": list(capture.missing),
            }
        ),
        **capture.further,
    }
    return write_matter(_drop_empty(fields), write_blocks(capture.introduction))


def write_byline(names: tuple[Byline, ...], always_list: bool = False) -> Any:
    """A name, a mapping, or a list of these, as `fields.read_byline` reads them."""
    spelled: list[Any] = []
    for one in names:
        parts = _drop_empty({"name": one.name, "role": one.role, "place": one.place})
        spelled.append(one.name if len(parts) == 1 else parts)
    return spelled[0] if len(spelled) == 1 and not always_list else spelled


def name_post(post: Post, zone: ZoneInfo, taken: set[str]) -> str:
    """`<local date>-<hhmm>-<first words>.md`, given once and not taken yet."""
    stamp = post.published
    local = stamp.moment.astimezone(zone) if stamp and stamp.moment else None
    day = local.date() if local else stamp.day if stamp else date.min
    parts = [day.isoformat() if stamp else "undated", f"{local:%H%M}" if local else ""]
    parts.append(spell_words(post.title or read_words(post.blocks)) or "post")
    stem = "-".join(part for part in parts if part)
    if judge_slug(stem) or is_reserved(stem):
        stem = f"{day.isoformat()}-post"
    name, number = f"{stem}.md", 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}.md"
    return name


def spell_words(text: str) -> str:
    """The first words of a text as they may stand in a file's name, in any script."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    words = re.findall(r"[^\W_]+", re.sub(r"https?://\S+|['\u2019]", "", folded))[:_WORDS]
    spelled = ""
    for word in words:
        longer = f"{spelled}-{word}" if spelled else word
        if len(longer.encode()) > _LONGEST and spelled:
            break
        spelled = longer
    while len(spelled.encode()) > 2 * _LONGEST:
        spelled = spelled[:-1]
    return spelled


def _spell_capture(capture: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: Plain(capture[name]) for name in ("captured",) if name in capture}
    return {name: plain.get(name, value) for name, value in capture.items()}


def _is_change(post: Post) -> bool:
    first = post.published.instant if post.published else None
    last = post.updated.instant if post.updated else None
    return last is not None and (first is None or last > first)


def _day(post: Post) -> date | None:
    return post.published.day if post.published else None


def _instant(post: Post) -> Any:
    return post.published.instant if post.published else None


def _date(stamp: Stamp | None, zone: ZoneInfo) -> str:
    if stamp is None:
        return ""
    local = stamp.moment.astimezone(zone) if stamp.moment else None
    return Plain(write_stamp(Stamp(local.date() if local else stamp.day, local)))


def _drop_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}
