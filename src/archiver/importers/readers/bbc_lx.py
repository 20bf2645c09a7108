"""BBC live pages of 2014 to 2022: the posts in a script (`Morph.setPayload`), else in the page itself.

The script has exact times and whole posts; the page's own clock gives UTC where it promises UK time,
so without the script times come from the page's JSON-LD, by the post's id.
"""

from __future__ import annotations

import json
import re
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archiver.importers.capture import Capture, Post, read_words
from archiver.importers.markup import read_line
from archiver.importers.moments import read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers.bbc_nodes import NodeReader, read_node_text
from archiver.importers.readers.bbc_page import read_page_posts
from archiver.importers.readers.json_ld import list_blogs
from archiver.importers.record import Record, read_canonical, read_meta, read_text
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
)
from archiver.model import Byline, Stamp

_LONDON = ZoneInfo("Europe/London")
_PAYLOAD = re.compile(r"""Morph\.setPayload\(\s*(["'])(?P<name>.{1,2000}?)\1\s*,\s*""")
_PAGED = "lx-commentary-data-paged"


def recognise(record: Record) -> bool:
    """Whether posts of that time are there: in a page, or in an answer of the API behind it."""
    if record.looks_like_json:
        return any(map(_is_post, _list_results(record)))
    return record.looks_like_html and (
        _PAGED in record.text
        or 'lx-stream-post"' in record.text
        or "lx-stream-post " in record.text
    )


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The posts of the script, and those that only the page shows; what is told of them by either."""
    address = read_canonical(record) if record.looks_like_html else record.address
    payloads = read_payloads(record)
    results = [one for one in _list_results(record) if _is_post(one)]
    posts = {post.id: post for one in results if (post := read_result(one, address)).id}
    blog = next(list_blogs(record), {}) if record.looks_like_html else {}
    shown = read_page_posts(record, blog, address, zone or _LONDON)
    for post in shown:
        known = posts.get(post.id)
        if known is None:
            posts[post.id] = post
        elif post.seen:
            posts[post.id] = replace(known, seen=post.seen)
    paged = next((body for name, body in payloads if _PAGED in name), None) or find_object(
        record.json if record.looks_like_json else None, "payload", 0, "body"
    )
    page = find_number(paged, "currentPage") or _read_number(record, "current")
    pages = find_number(paged, "numberOfPages") or _read_number(record, "total")
    header = _find_header(payloads)
    language = next((one for post in posts.values() if (one := post.language)), "")
    title = find_line(header, "title") or find_line(blog, "headline") or _read_title(record)
    description = find_line(header, "summary") or find_line(blog, "description")
    return Capture(
        reader="bbc-lx",
        publisher="BBC News" if "/sport/" not in address else "BBC Sport",
        title=title,
        description=description,
        language=language or _read_language(record),
        timezone="Europe/London",
        url=address,
        captured=record.captured,
        is_live=find_text(header, "status").upper() == "LIVE",
        contributors=tuple(Byline(name) for name in _read_reporters(record, payloads)),
        key_points=tuple(
            read_line(node.html or "", _LONDON, address)
            for node in (record.tree.css("ol.lx-c-summary-points > li") if blog or shown else [])
        ),
        posts=tuple(replace(post, language="") for post in posts.values()),
        page=page,
        pages=pages,
        missing=name_missing_pages(page, pages),
    )


def read_payloads(record: Record) -> list[tuple[str, Any]]:
    """(name, body) of each piece of data in the page's scripts; one that is cut off is left out."""
    found: list[tuple[str, Any]] = []
    if not record.looks_like_html:
        return found
    decoder = json.JSONDecoder(strict=False)
    for match in _PAYLOAD.finditer(record.text):
        try:
            value, _ = decoder.raw_decode(record.text, match.end())
        except (ValueError, RecursionError):
            continue
        found.append((match["name"], find(value, "body")))
    return found


def read_result(result: dict[str, Any], address: str) -> Post:
    """One post of the script. `lastPublished` is a second after each `firstPublished`: no change."""
    number = find_text(result, "assetId")
    images = find_object(result, "media", "images", "body")
    body = find_objects(result, "body")
    blocks = NodeReader(_LONDON, address, images).read(body)
    published, source = _read_first(result, "firstPublished", "dateAdded", "lastPublished")
    updated, _ = _read_first(result, "lastUpdated")
    title = find_line(result, "title")
    byline = read_contributors(result)
    said = [title, *(word for one in byline for word in (one.name, one.role, one.place))]
    return Post(
        id=f"post_{number}" if number else find_text(result, "locator"),
        url=f"{address}#post_{number}" if number and address else "",
        published=published,
        time_source=f"Morph payload {source}" if source else "",
        updated=updated,
        title=title,
        byline=byline,
        blocks=blocks,
        breaking=is_set(result, "options", "isBreakingNews"),
        language=spell_language(find_text(result, "language")),
        seen=" ".join([*(one for one in said if one), read_node_text(body)]) or read_words(blocks),
    )


def read_contributors(result: dict[str, Any]) -> tuple[Byline, ...]:
    """Who wrote a post: one object, or a list of them."""
    given = find(result, "contributor")
    people = [given] if isinstance(given, dict) else find_objects(result, "contributor")
    people += find_objects(result, "contributors")
    return tuple(
        make_byline(find_line(one, "name"), find_line(one, "role"))
        for one in people
        if find_line(one, "name")
    )


def make_byline(name: str, role: str) -> Byline:
    """A name with what stands below it: a role, or the BBC's own name and a place."""
    match = re.fullmatch(r"(BBC (?:News|Sport|World Service|Monitoring|Verify)), (.+)", role)
    name = re.sub(r"^By\s+", "", name)
    return Byline(name, match[1], match[2]) if match else Byline(name, role)


def _read_first(result: dict[str, Any], *names: str) -> tuple[Stamp | None, str]:
    for name in names:
        stamp = read_moment(find_text(result, name), _LONDON)
        if stamp:
            return stamp, name
    return None, ""


def _list_results(record: Record) -> list[dict[str, Any]]:
    if record.looks_like_json:
        bodies = [find(one, "body") for one in find_objects(record.json, "payload")]
        bodies += [record.json, find(record.json, "body")]
        return [one for body in bodies for one in find_objects(body, "results")]
    named = read_payloads(record)
    return [one for name, body in named if _PAGED in name for one in find_objects(body, "results")]


def _is_post(result: dict[str, Any]) -> bool:
    has_body = isinstance(result.get("body"), list)
    return has_body and bool(find_text(result, "assetId") or find_text(result, "locator"))


def _find_header(payloads: list[tuple[str, Any]]) -> dict[str, Any]:
    for _, body in payloads:
        for component in find_objects(body, "components"):
            if find_text(component, "lib").endswith("session-header"):
                return find_object(component, "props")
    return {}


def _read_reporters(record: Record, payloads: list[tuple[str, Any]]) -> tuple[str, ...]:
    for _, body in payloads:
        authors = [find_line(one, "name") for one in find_objects(body, "authors")]
        if any(authors):
            return split_names(", ".join(authors))
    if not record.looks_like_html:
        return ()
    return split_names(read_text(record.tree.css_first(".lx-commentary__meta-reporter")))


def _read_number(record: Record, which: str) -> int:
    if not record.looks_like_html:
        return 0
    node = record.tree.css_first(f".qa-pagination-{which}-page-number")
    return find_number(read_text(node))


def _read_title(record: Record) -> str:
    if not record.looks_like_html:
        return ""
    return read_text(record.tree.css_first("h1")) or read_meta(record, "og:title")


def _read_language(record: Record) -> str:
    node = record.tree.css_first("html[lang]") if record.looks_like_html else None
    tag = (node.attributes.get("lang") or "") if node is not None else ""
    return spell_language(tag) or "en-GB"


READER = Reader("bbc-lx", "BBC live pages of 2014 to 2022", recognise, read)
