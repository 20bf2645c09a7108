"""Any page with a schema.org LiveBlogPosting in JSON-LD: what it says of itself for machines.

https://schema.org/LiveBlogPosting. Bodies are flattened text, sometimes with inline HTML, sometimes
escaped twice; authors may be the page's and not the post's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from archiver.importers.capture import Block, Capture, Medium, Paragraph, Post, Run
from archiver.importers.markup import read_html
from archiver.importers.moments import read_moment
from archiver.importers.reader import Reader
from archiver.importers.record import Record, list_linked_data, read_canonical, read_meta
from archiver.model import Byline, MediaKind, Stamp

_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)


def recognise(record: Record) -> bool:
    """Whether a LiveBlogPosting with updates is there."""
    return record.looks_like_html and any(list_updates(blog) for blog in list_blogs(record))


def list_blogs(record: Record) -> Iterator[dict[str, Any]]:
    """Every LiveBlogPosting of a page."""
    for found in list_linked_data(record):
        types = found.get("@type")
        if types == "LiveBlogPosting" or (isinstance(types, list) and "LiveBlogPosting" in types):
            yield found


def list_updates(blog: dict[str, Any]) -> list[dict[str, Any]]:
    """The updates of a LiveBlogPosting: a list, one object, or `blogPosts`."""
    for name in ("liveBlogUpdate", "blogPosts", "blogPost"):
        updates = blog.get(name)
        if isinstance(updates, dict):
            return [updates]
        if isinstance(updates, list) and updates:
            return [one for one in updates if isinstance(one, dict)]
    return []


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The capture that the page's JSON-LD holds; of several blogs the one with most updates."""
    zone = zone or ZoneInfo("UTC")
    blogs = sorted(list_blogs(record), key=lambda one: len(list_updates(one)), reverse=True)
    if not blogs:
        return Capture("json-ld")
    blog = blogs[0]
    address = read_canonical(record)
    return Capture(
        reader="json-ld",
        publisher=", ".join(read_names(blog.get("publisher"))) or read_meta(record, "og:site_name"),
        title=clean(blog.get("headline")) or read_meta(record, "og:title"),
        description=clean(blog.get("description")),
        language=_string(blog.get("inLanguage")) or read_language(record),
        url=_string(blog.get("url")) or address,
        captured=record.captured,
        started=read_stamp(blog.get("coverageStartTime"), zone),
        ended=None,  # often a time to come, or that of the last change
        contributors=tuple(Byline(name) for name in read_names(blog.get("author"))),
        posts=tuple(read_post(one, address, zone) for one in list_updates(blog)),
    )


def read_post(update: dict[str, Any], address: str, zone: ZoneInfo) -> Post:
    """One update."""
    url = _string(update.get("url")) or _string(update.get("@id"))
    if not url and isinstance(update.get("mainEntityOfPage"), dict):
        url = _string(update["mainEntityOfPage"].get("@id"))
    body = _string(update.get("articleBody"))
    blocks = read_body(body, zone, address)
    blocks += tuple(_read_media(update.get("image")))
    return Post(
        id=url.rpartition("#")[2] if "#" in url else "",
        url=url if url.startswith("http") else "",
        published=read_stamp(update.get("datePublished") or update.get("dateModified"), zone),
        time_source="JSON-LD datePublished",
        updated=read_stamp(update.get("dateModified"), zone),
        title=clean(update.get("headline")),
        byline=tuple(Byline(name) for name in read_names(update.get("author"))),
        blocks=blocks,
        seen=" ".join(re.sub(_TAG, " ", unescape(unescape(body))).split()),
    )


def read_body(body: str, zone: ZoneInfo, address: str) -> tuple[Block, ...]:
    """The text of an update: HTML where there are tags in it, else paragraphs by line."""
    text = body
    if not _TAG.search(text) and "&" in text:
        text = unescape(text)
    if _TAG.search(text):
        return read_html(text, zone, address)
    lines = (" ".join(unescape(line).split()) for line in text.split("\n"))
    return tuple(Paragraph((Run(line),)) for line in lines if line)


def read_names(value: Any) -> list[str]:
    """The names of persons or organisations: text, an object, or a list of them."""
    if isinstance(value, list):
        return [name for one in value for name in read_names(one)]
    name = value.get("name") if isinstance(value, dict) else value
    return [clean(name)] if isinstance(name, str) and name.strip() else []


def read_stamp(value: Any, zone: ZoneInfo) -> Stamp | None:
    """A date as JSON-LD has it, in a zone."""
    return read_moment(value, zone) if isinstance(value, str) else None


def read_language(record: Record) -> str:
    """The language of a page."""
    node = record.tree.css_first("html[lang]")
    return (node.attributes.get("lang") or "").strip().replace("_", "-") if node is not None else ""


def clean(value: Any) -> str:
    """A line of text, entities read once, and again where they were escaped twice."""
    if not isinstance(value, str):
        return ""
    text = unescape(value)
    if re.search(r"&#?\w{2,8};", text):
        text = unescape(text)
    return " ".join(re.sub(_TAG, "", text).split())


def _read_media(value: Any) -> Iterator[Medium]:
    for one in value if isinstance(value, list) else [value]:
        address = one.get("url") or one.get("contentUrl") if isinstance(one, dict) else one
        if isinstance(address, str) and address.startswith("http"):
            caption = clean(one.get("caption")) if isinstance(one, dict) else ""
            yield Medium(MediaKind.PICTURE, address, caption, caption)


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


READER = Reader("json-ld", "any page with schema.org LiveBlogPosting in JSON-LD", recognise, read)
