"""WordPress with Automattic's Liveblog plugin: its REST answers, and pages that hold its entries.

https://github.com/Automattic/liveblog: `entries[]` of `liveblog/v1/<post>/get-entries/…` and
`/entries/…`. A change to an entry is an entry of its own, of type `update` or `delete`, with the id of
the entry that it changes: these are folded into one.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.importers.answers import read_count, read_flag, read_name, read_seen, read_string
from archiver.importers.capture import Capture, Post
from archiver.importers.markup import read_html
from archiver.importers.moments import read_epoch, read_moment
from archiver.importers.reader import Reader
from archiver.importers.record import (
    Record,
    read_canonical,
    read_meta,
    read_text,
)
from archiver.importers.values import find, find_objects
from archiver.model import Byline, Stamp

_ENTRY = '[id^="liveblog-entry-"]'
_TEXTS = ("render", "html", "content")


def recognise(record: Record) -> bool:
    """Whether an answer or a page holds entries of the plugin."""
    if record.looks_like_json:
        return any(map(_is_entry, list_entries(record.json)[:50]))
    return (
        record.looks_like_html
        and "liveblog-entry-" in record.text
        and any(_is_dated(node) for node in record.tree.css(_ENTRY)[:50])
    )


def list_entries(answer: Any) -> list[dict[str, Any]]:
    """The entries of an answer, at its top or below `data`."""
    return find_objects(answer, "entries") or find_objects(answer, "data", "entries")


def _is_entry(entry: dict[str, Any]) -> bool:
    has_text = any(isinstance(entry.get(name), str) for name in _TEXTS)
    return "id" in entry and has_text and ("timestamp" in entry or "entry_time" in entry)


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The capture that an answer or a page is."""
    spoken = zone or ZoneInfo("UTC")
    if record.looks_like_json:
        return _read_answer(record, zone, spoken)
    address = read_canonical(record)
    found = [node for node in record.tree.css(_ENTRY) if _is_dated(node)]
    posts = [read_node(node, spoken, address) for node in found]
    node = record.tree.css_first("html[lang]")
    return Capture(
        reader=READER.name,
        publisher=read_meta(record, "og:site_name"),
        title=read_meta(record, "og:title") or read_text(record.tree.css_first("h1")),
        description=read_meta(record, "og:description", "description"),
        language=(node.attributes.get("lang") or "").replace("_", "-") if node is not None else "",
        timezone=spoken.key if zone else "",
        url=address,
        captured=record.captured,
        posts=fold_changes(posts),
    )


def _read_answer(record: Record, zone: ZoneInfo | None, spoken: ZoneInfo) -> Capture:
    answer = record.json
    found = [entry for entry in list_entries(answer) if _is_entry(entry)]
    data = answer if isinstance(answer, dict) and "entries" in answer else find(answer, "data")
    posts = fold_changes([read_entry(entry, spoken) for entry in found])
    page, pages = read_count(data, "page"), read_count(data, "pages")
    missing = ["the title of the coverage: an answer of the plugin holds entries alone"]
    if pages > 1:
        missing.append(f"the entries of other pages: this capture is page {page or 1} of {pages}")
    links = [read_string(entry, "share_link").partition("#")[0] for entry in found]
    urls = [link for link in links if link.startswith("http")]
    return Capture(
        reader=READER.name,
        timezone=spoken.key if zone else "",
        url=urls[0] if urls else "",
        captured=record.captured,
        posts=posts,
        page=page if pages else 0,
        pages=pages,
        expected=read_count(data, "total"),
        missing=tuple(missing),
    )


def read_entry(entry: dict[str, Any], zone: ZoneInfo) -> Post:
    """One entry of an answer; `updated` is when a change was made, and an empty body a deletion."""
    html = next((text for text in (read_string(entry, name) for name in _TEXTS) if text), "")
    kind = read_string(entry, "type")
    made = read_epoch(read_string(entry, "entry_time"), zone)
    changed = read_epoch(read_string(entry, "timestamp"), zone)
    classes = read_string(entry, "css_classes").split()
    link = read_string(entry, "share_link")
    names = [read_name(one.get("name")) for one in find_objects(entry, "authors")]
    nested = LexborHTMLParser(f"<body>{html}").css_first(_ENTRY)
    if nested is not None:
        # The form before 2018: the whole element of the page.
        post = read_node(nested, zone, link)
        made, html = made or post.published, nested.html or ""
        names = names or [one.name for one in post.byline]
        blocks, seen, is_key = post.blocks, post.seen, post.key
    else:
        body, is_key = _take_commands(html)
        blocks, seen = read_html(body, zone, link), read_seen(body)
    is_change = kind in ("update", "delete")
    headline = read_string(entry, "headline") or read_string(entry, "title")
    return Post(
        id=read_string(entry, "id"),
        url=link if link.startswith("http") else "",
        published=made or (None if is_change else changed),
        time_source=f"liveblog {'entry_time' if read_string(entry, 'entry_time') else 'timestamp'}",
        updated=changed,
        title=read_seen(unescape(headline)),
        byline=tuple(Byline(name) for name in dict.fromkeys(names) if name),
        blocks=() if kind == "delete" else blocks,
        key=is_key or read_flag(entry, "key_event") or "type-key" in classes,
        seen=seen,
    )


def read_node(node: LexborNode, zone: ZoneInfo, address: str) -> Post:
    """One entry of a page that the plugin rendered."""
    number = (node.attributes.get("id") or "").removeprefix("liveblog-entry-")
    text = node.css_first(".liveblog-entry-text, .liveblog-entry-content")
    html = (text.attributes.get("data-original-content") or "") if text is not None else ""
    shown = (text.inner_html or "") if text is not None else ""
    body, is_key = _take_commands(shown or html)
    names = [read_name(read_text(one)) for one in node.css(".liveblog-author-name")]
    stamp, source = _read_node_time(node, zone)
    return Post(
        id=number,
        url=f"{address.partition('#')[0]}#liveblog-entry-{number}"
        if address.startswith("http")
        else "",
        published=stamp,
        time_source=source,
        title=read_text(node.css_first(".liveblog-entry-title")),
        byline=tuple(Byline(name) for name in dict.fromkeys(names) if name),
        blocks=read_html(body, zone, address),
        key=is_key or "type-key" in (node.attributes.get("class") or "").split(),
        seen=read_seen(body),
    )


def fold_changes(posts: list[Post]) -> tuple[Post, ...]:
    """Each entry once, as it last was and of the time of its first form, the newest first; none deleted."""
    places: dict[str, int] = {}
    folded: list[Post] = []
    for post in sorted(posts, key=_last_change):
        if not post.id or post.id not in places:
            places[post.id] = len(folded)
            folded.append(post)
            continue
        first = folded[places[post.id]]
        folded[places[post.id]] = replace(
            post,
            published=first.published or post.published,
            time_source=first.time_source if first.published else post.time_source,
            title=post.title or first.title,
            byline=post.byline or first.byline,
            url=post.url or first.url,
            key=post.key,
        )
    kept = [post for post in folded if post.blocks or post.title]
    return tuple(sorted(kept, key=_first_time, reverse=True))


def _take_commands(html: str) -> tuple[str, bool]:
    """HTML without the words by which an author marked a key event, and whether there were any."""
    if "liveblog-command" not in html:
        return html, False
    body = LexborHTMLParser(f"<body>{html}").body
    assert body is not None, "a parsed document has a body"
    marks = body.css(".liveblog-command.type-key")
    for mark in marks:
        mark.decompose()
    return body.inner_html or "", bool(marks)


def _read_node_time(node: LexborNode, zone: ZoneInfo) -> tuple[Stamp | None, str]:
    stamp = read_epoch(node.attributes.get("data-timestamp") or "", zone)
    if stamp is not None:
        return stamp, "data-timestamp"
    time = node.css_first("time[datetime]")
    if time is not None:
        return read_moment(time.attributes.get("datetime") or "", zone), "time datetime"
    return None, ""


def _is_dated(node: LexborNode) -> bool:
    return bool(re.fullmatch(r"liveblog-entry-\d+", node.attributes.get("id") or ""))


def _last_change(post: Post) -> float:
    last = (post.updated and post.updated.instant) or (post.published and post.published.instant)
    return last.timestamp() if last else 0.0


def _first_time(post: Post) -> float:
    first = post.published.instant if post.published else None
    return first.timestamp() if first else 0.0


READER = Reader(
    "wordpress", "WordPress Liveblog (Automattic): REST answers and rendered pages", recognise, read
)
