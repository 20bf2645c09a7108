"""archiver's own `coverage.json`: a coverage comes back as it was written, field by field.

`dataset` writes it. Its Markdown is taken as it stands; links in it name files, so these keep their names,
in the folders in which they lay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from archiver.files import CONTENT, is_published
from archiver.importers.answers import read_count, read_flag, read_string
from archiver.importers.capture import Block, Capture, Post, Written
from archiver.importers.moments import read_moment
from archiver.importers.reader import Reader
from archiver.importers.record import Record
from archiver.importers.values import find, find_object, find_objects
from archiver.matter import FORBIDDEN, Plain, write_matter
from archiver.model import Byline
from archiver.names import judge_name
from archiver.times import find_zone
from archiver.urls import is_reserved, judge_slug

_FORMAT = 1
_REVISION = re.compile(r"[0-9]{1,9}\.md|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{6}Z)?\.md")
_CAPTURE = ("file", "url", "captured", "format", "tool", "sha256")
_FILE = re.compile(r"media/[^/\\\x00-\x1f]+(?:/[^/\\\x00-\x1f]+)*")


def recognise(record: Record) -> bool:
    """Whether it is a coverage as archiver describes it, of whatever version."""
    if not record.looks_like_json or not isinstance(find(record.json, "format"), int):
        return False
    entries = find_objects(record.json, "entries")
    return bool(read_string(record.json, "coverage")) and any(
        "permalink" in entry and "markdown" in entry for entry in entries[:50]
    )


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The coverage with all its entries, in its own zone."""
    data = record.json
    if read_count(data, "format") != _FORMAT:
        return Capture(
            READER.name,
            missing=(
                f"Every post: this coverage.json is of format {read_string(data, 'format')}, "
                f"and this archiver reads format {_FORMAT}",
            ),
        )
    spoken = find_zone(read_string(data, "timezone")) or zone or ZoneInfo("UTC")
    points = find(data, "key_points")
    rights = {
        name: _line(data, "rights", name)
        for name in ("licence", "holder")
        if _line(data, "rights", name)
    }
    further = {
        "status": _line(data, "status"),
        # As they were: what is derived from posts may be another.
        "started": _date(data, "started", spoken),
        "ended": _date(data, "ended", spoken),
        "key_points": [_passage(point) for point in points if _passage(point)]
        if isinstance(points, list)
        else [],
        "notice": _passage(find(data, "notice")),
        "rights": rights.get("licence", "") if set(rights) == {"licence"} else rights,
    }
    missing = find(data, "source", "missing")
    files = find(data, "media")
    doubts, origins = find_object(data, "doubts"), find_object(data, "origins")
    folder = _line(data, "path").rpartition("/")[0] or f"{CONTENT}/{_line(data, 'coverage')}"
    return Capture(
        reader=READER.name,
        publisher=_line(data, "source", "publisher"),
        title=_line(data, "title"),
        description=_line(data, "description"),
        language=_line(data, "language"),
        timezone=spoken.key,
        url=_line(data, "source", "url"),
        captured=record.captured,
        is_live=_line(data, "status") == "live",
        started=read_moment(_line(data, "started"), spoken),
        ended=read_moment(_line(data, "ended"), spoken),
        contributors=_read_bylines(find(data, "contributors")),
        introduction=_read_body(find(data, "introduction")),
        posts=tuple(
            read_entry(entry, spoken, folder, _text(doubts.get(_line(entry, "permalink"))))
            for entry in find_objects(data, "entries")
        ),
        newest_first=False,
        missing=tuple(map(_text, missing)) if isinstance(missing, list) else (),
        files=tuple(path for path in files if _is_file(path)) if isinstance(files, list) else (),
        folder=_line(data, "coverage"),
        origins={path: _text(origins[path]) for path in origins if _is_file(path)},
        captures=tuple(
            {name: _line(one, name) for name in _CAPTURE if _is_told(one, name, spoken)}
            for one in find_objects(data, "source", "captures")
        ),
        further={name: value for name, value in further.items() if value},
    )


def read_entry(entry: dict[str, Any], zone: ZoneInfo, folder: str, doubt: str = "") -> Post:
    """One entry; `folder` is its coverage's, as paths in the data have it."""
    slug = _line(entry, "slug")
    path = _line(entry, "path") or f"{folder}/{slug}.md"
    stem = path.rpartition("/")[2].removesuffix(".md")
    order = find(entry, "order")
    aliases, tags = find(entry, "aliases"), find(entry, "tags")
    corrections = [
        {"date": Plain(_line(one, "date")), "note": _line(one, "note")}
        for one in find_objects(entry, "corrections")
        if _is_date(one, zone)
    ]
    withdrawn = find(entry, "withdrawn")
    further: dict[str, Any] = {
        "slug": slug if slug != stem and not judge_slug(slug) else "",
        "updated": _date(entry, "updated", zone),
        "tags": [_text(tag) for tag in tags if _text(tag)] if isinstance(tags, list) else [],
        "aliases": [_text(alias) for alias in aliases if _text(alias)]
        if isinstance(aliases, list)
        else [],
        "corrections": corrections,
        "withdrawn": {
            name: Plain(value) if name == "date" else value
            for name in ("date", "by", "reason")
            if (value := _line(withdrawn, name))
        }
        if _is_date(withdrawn, zone)
        else {},
    }
    return Post(
        id=_line(entry, "source", "id"),
        url=_line(entry, "source", "url"),
        published=read_moment(_line(entry, "date"), zone),
        time_source="coverage.json date",
        updated=read_moment(_line(entry, "updated"), zone),
        title=_line(entry, "title"),
        byline=_read_bylines(find(entry, "byline")),
        blocks=_read_body(entry),
        key=read_flag(entry, "key"),
        pinned=read_flag(entry, "pinned"),
        breaking=read_flag(entry, "breaking"),
        summary=read_flag(entry, "summary"),
        language=_line(entry, "language"),
        seen=_line(entry, "text"),
        doubt=doubt,
        name=_find_name(path, folder, slug),
        order=order if isinstance(order, int) and abs(order) < 10**15 else None,
        further={name: value for name, value in further.items() if value},
        revisions=dict(_read_revisions(entry, zone)),
    )


def _read_revisions(entry: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """The earlier texts by the names of their files, which tell when another was found in its place."""
    for number, one in enumerate(find_objects(entry, "revisions"), 1):
        name = _line(one, "path").rpartition("/")[2]
        stamp = read_moment(_line(one, "captured"), zone)
        if not _REVISION.fullmatch(name) or (stamp is None) == ("-" in name):
            name = f"{stamp.day}.md" if stamp else f"{number:03}.md"
            if stamp and stamp.instant:
                name = f"{stamp.instant:%Y-%m-%dT%H%M%SZ}.md"
        fields = {"title": _line(one, "title")}
        if read_moment(_line(one, "updated"), zone):
            fields["updated"] = Plain(_line(one, "updated"))
        text = FORBIDDEN.sub("\ufffd", read_string(one, "markdown"))
        yield name, write_matter({name: value for name, value in fields.items() if value}, text)


def _read_body(data: Any) -> tuple[Block, ...]:
    markdown = find(data, "markdown")
    if not isinstance(markdown, str) or not markdown.strip():
        return ()
    return (Written(FORBIDDEN.sub("\ufffd", markdown), _line(data, "text")),)


def _read_bylines(found: Any) -> tuple[Byline, ...]:
    return tuple(
        Byline(_line(one, "name"), _line(one, "role"), _line(one, "place"))
        for one in (found if isinstance(found, list) else [])
        if _line(one, "name")
    )


def _find_name(path: str, folder: str, slug: str) -> str:
    """The file of an entry below its coverage's folder; nothing where it may not be called so."""
    below = path.removeprefix(f"{folder}/")
    parts = below.split("/")
    stem = parts[-1].removesuffix(".md")
    is_slug = not judge_slug(stem) and not is_reserved(stem)
    if (
        not below.endswith(".md")
        or below == "coverage.md"
        or not is_published(f"{CONTENT}/x/{below}")
        or any(not part or judge_name(part) for part in parts)
        or not (is_slug or (slug != stem and not judge_slug(slug)))
    ):
        return ""
    return below


def _is_told(capture: dict[str, Any], name: str, zone: ZoneInfo) -> bool:
    """Whether something of a capture is there, and is what front matter may hold."""
    text = _line(capture, name)
    if name == "captured":
        return read_moment(text, zone) is not None
    return bool(text) and (name != "url" or text.startswith(("http://", "https://")))


def _date(data: Any, name: str, zone: ZoneInfo) -> str:
    return Plain(_line(data, name)) if read_moment(_line(data, name), zone) else ""


def _passage(value: Any) -> str:
    """A text whose line breaks count."""
    text = FORBIDDEN.sub("\ufffd", value).strip("\n") if isinstance(value, str) else ""
    return text if text.strip() else ""


def _is_date(data: Any, zone: ZoneInfo) -> bool:
    return read_moment(_line(data, "date"), zone) is not None


def _is_file(path: Any) -> bool:
    return (
        isinstance(path, str)
        and _FILE.fullmatch(path) is not None
        and not any(part.startswith(".") for part in path.split("/"))
    )


def _line(data: Any, *path: str | int) -> str:
    return " ".join(FORBIDDEN.sub("\ufffd", read_string(data, *path)).split())


def _text(value: Any) -> str:
    return _line(value)


READER = Reader("archiver", "archiver's own `coverage.json`", recognise, read)
