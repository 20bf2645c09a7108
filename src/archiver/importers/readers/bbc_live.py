"""BBC live pages since 2023: the JSON model, by itself or in a script of the page that carries it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from archiver.importers.capture import Block, Capture, Paragraph, Post, Runs, join_runs
from archiver.importers.moments import read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers.bbc_blocks import (
    list_inner,
    read_model,
    read_model_text,
    read_runs,
)
from archiver.importers.readers.bbc_lx import make_byline
from archiver.importers.record import Record, read_canonical, read_meta
from archiver.importers.values import (
    find,
    find_line,
    find_number,
    find_object,
    find_objects,
    find_text,
    is_set,
    name_missing_pages,
    spell_language,
    split_names,
    walk_objects,
)
from archiver.model import Byline, Stamp

_LONDON = ZoneInfo("Europe/London")
# Services in the United Kingdom; those for the world give Greenwich time all year.
_BRITISH = frozenset(("", "news", "sport", "newsround", "cymrufyw", "naidheachdan", "scotland"))
_MARKS = ("liveTextStream", "isBreakingNews")


def recognise(record: Record) -> bool:
    """Whether a model with posts is there."""
    if not (record.looks_like_json or record.looks_like_html):
        return False
    return any(mark in record.text for mark in _MARKS) and bool(list_streams(_load(record.text)))


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The posts of the model, each once; times are those shown (`dates.curated`)."""
    model = _load(record.text)
    streams = list_streams(model)
    data = _find_data(model)
    is_page = record.looks_like_html
    home = find_text(data, "home").lower()
    address = read_canonical(record) if is_page else record.address
    address = re.split(r"[?#]", address)[0] or _spell_address(data, home)
    publisher_zone = _LONDON if home in _BRITISH else ZoneInfo("UTC")
    posts: dict[str, Post] = {}
    for stream in streams:
        for result in find_objects(stream, "results"):
            post = read_result(result, address, publisher_zone)
            if post.id and post.id not in posts and (post.blocks or post.title):
                posts[post.id] = post
    paging = next((one for stream in streams if (one := find_object(stream, "page"))), {})
    page, pages = find_number(paging, "index"), find_number(paging, "total")
    title = find_line(data, "title") or (read_meta(record, "og:title") if is_page else "")
    description = find_line(data, "description") or (
        read_meta(record, "description", "og:description") if is_page else ""
    )
    language = find_text(data, "language") or (_read_language(record) if is_page else "")
    return Capture(
        reader="bbc-live",
        publisher=_name_publisher(home, address),
        title=title,
        description=description,
        language=spell_language(language) or "en-GB",
        timezone=publisher_zone.key,
        url=address,
        captured=record.captured,
        is_live=is_set(data, "isLive"),
        contributors=tuple(
            map(Byline, split_names(find_line(data, "liveTextStream", "contributors")))
        ),
        key_points=tuple(_list_key_points(model, address)),
        posts=tuple(posts.values()),
        page=page,
        pages=pages,
        expected=find_number(paging, "totalResults"),
        missing=name_missing_pages(page, pages),
    )


@lru_cache(maxsize=2)
def _load(text: str) -> Any:
    """All JSON of a record that may hold posts: the answer itself, or the page's scripts as a list."""
    if text.lstrip()[:1] in ("{", "["):
        return _parse(text)
    found = []
    for script in re.finditer(r"<script\b[^>]*>(.*?)(?:</script|\Z)", text, re.I | re.S):
        body = script[1]
        if not any(mark in body for mark in _MARKS):
            continue
        whole = _parse(body)
        if whole is not None:
            found.append(whole)
            continue
        for start in re.finditer(r"=\s*(?=[{\"\[])", body[:200_000]):
            value = _parse(body, start.end())
            if isinstance(value, dict | list):
                found.append(value)
                break
    return found


def _parse(text: str, start: int | None = None) -> Any:
    """A value of JSON, which may be the text of another: `"{\\"data\\": …}"`."""
    decoder = json.JSONDecoder(strict=False)
    try:
        value = decoder.decode(text) if start is None else decoder.raw_decode(text, start)[0]
        if isinstance(value, str) and any(mark in value for mark in _MARKS):
            value = decoder.decode(value)
    except (ValueError, RecursionError):
        return None
    return value


def list_streams(model: Any) -> list[dict[str, Any]]:
    """Every stretch of posts: {results, page}."""
    return [
        one
        for one in walk_objects(model)
        if any(
            isinstance(find(result, "content", "model"), dict) and find_text(result, "urn")
            for result in find_objects(one, "results")
        )
    ]


def read_result(result: dict[str, Any], address: str, zone: ZoneInfo) -> Post:
    """One post. A line below its headline ("Report by …, from …") is its first paragraph."""
    urn = find_text(result, "urn")
    header = find_objects(result, "header", "model", "blocks")
    content = find_objects(result, "content", "model", "blocks")
    titles = [_read_line(one, address) for one in header if one.get("type") == "headline"]
    title = " ".join(one for one in titles if one) or find_line(result, "titles", 0, "title")
    byline = tuple(
        make_byline(find_line(one, "model", "name"), find_line(one, "model", "subtitle"))
        for one in header
        if one.get("type") == "contributor" and find_line(one, "model", "name")
    )
    below = [read_runs(one, address) for one in header if one.get("type") == "subheadline"]
    blocks: tuple[Block, ...] = tuple(Paragraph(runs) for runs in below if runs)
    published, source = _read_first(result, zone)
    first = read_moment(find_text(result, "dates", "firstPublished"), zone)
    last = read_moment(find_text(result, "dates", "lastPublished"), zone)
    is_changed = first and last and first.instant and last.instant and last.instant > first.instant
    said = [*(word for one in byline for word in (one.name, one.role, one.place) if word)]
    return Post(
        id=urn,
        url=f"{address}?post={urn}#{urn}" if address and urn else "",
        published=published,
        time_source=source,
        updated=last if is_changed else None,
        title=title,
        byline=byline,
        blocks=(*blocks, *read_model(content, zone, address)),
        breaking=is_set(result, "options", "isBreakingNews"),
        pinned=is_set(result, "options", "isPinned"),
        seen=" ".join([title, *said, *map(join_runs, below), read_model_text(content)]).strip(),
    )


def _read_first(result: dict[str, Any], zone: ZoneInfo) -> tuple[Stamp | None, str]:
    for name in ("curated", "firstPublished", "lastPublished", "time"):
        stamp = read_moment(find_text(result, "dates", name), zone)
        if stamp:
            return stamp, f"dates.{name}"
    return None, ""


def _read_line(block: Any, address: str) -> str:
    return " ".join(join_runs(read_runs(block, address)).split())


def _find_data(model: Any) -> dict[str, Any]:
    """What the model says of the coverage itself."""
    for one in walk_objects(model):
        if isinstance(one.get("liveTextStream"), dict) and find_text(one, "title"):
            return one
    for one in walk_objects(model):
        if find_text(one, "title") and ("isLive" in one or "startDateTime" in one):
            return one
    return {}


def _list_key_points(model: Any, address: str) -> Iterator[Runs]:
    for one in walk_objects(model):
        content = find(one, "summaryPoints", "content")
        pending = list_inner(content)
        while pending:
            block = pending.pop(0)
            if block.get("type") in ("listItem", "paragraph"):
                runs = read_runs(block, address)
                if runs:
                    yield runs
            else:
                pending = list_inner(block) + pending
        if content:
            return


def _spell_address(data: dict[str, Any], home: str) -> str:
    """The page's address from the number in what is counted about it; its service is its folder."""
    content = find_text(data, "analytics", "page", "contentId")
    number = re.search(r"(?:^|[:/.])([a-z0-9]{8,14})$", content)
    return f"https://www.bbc.com/{home}/live/{number[1]}" if home and number else ""


def _name_publisher(home: str, address: str) -> str:
    if home == "sport" or "/sport/" in address:
        return "BBC Sport"
    return "BBC News" if home in _BRITISH else f"BBC News {home.replace('-', ' ').title()}"


def _read_language(record: Record) -> str:
    node = record.tree.css_first("html[lang]")
    return find_text(node.attributes, "lang") if node is not None else ""


READER = Reader("bbc-live", "BBC live pages since 2023, and their JSON", recognise, read)
