"""Any page with a schema.org LiveBlogPosting in JSON-LD: what it says of itself for machines.

https://schema.org/LiveBlogPosting. Bodies are flattened text, sometimes with inline HTML, sometimes
escaped twice. What a publisher repeats on every update (the page's authors, picture, times) is the
page's and not the post's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archiver.importers.capture import Block, Capture, Medium, Paragraph, Post, Run
from archiver.importers.days import give_day
from archiver.importers.layers import are_places, is_newest_first
from archiver.importers.markup import read_html
from archiver.importers.moments import find_zone, read_epoch, read_moment
from archiver.importers.reader import Reader
from archiver.importers.record import Record, list_linked_data, read_canonical, read_meta
from archiver.importers.texts import (
    PLACEHOLDER,
    TAG,
    clean,
    drop_clock,
    mend_entities,
    mend_markup,
    strip_tags,
)
from archiver.model import Byline, MediaKind, Stamp

_TYPES = frozenset({"LiveBlogPosting", "http://schema.org/LiveBlogPosting",
                    "https://schema.org/LiveBlogPosting", "schema:LiveBlogPosting"})  # fmt: skip
_OFFSET = re.compile(r"(?:[Zz]|UTC|GMT|[+-]\d\d:?\d{0,2})$")
_HOLDERS = ("mainEntity", "mainEntityOfPage", "hasPart", "subjectOf", "item", "itemListElement")
_DEEPEST = 6
_SHORTEST_CUT = 100


def recognise(record: Record) -> bool:
    """Whether a LiveBlogPosting with updates is there."""
    return record.looks_like_html and any(list_updates(blog) for blog in list_blogs(record))


def list_blogs(record: Record) -> Iterator[dict[str, Any]]:
    """Every LiveBlogPosting of a page, in whichever property of another object it lies."""
    for found in list_linked_data(record):
        yield from _find_blogs(found, 0)


def find_blog(record: Record) -> dict[str, Any]:
    """The LiveBlogPosting of a page that has the most updates; empty where there is none."""
    return max(list_blogs(record), key=lambda one: len(list_updates(one)), default={})


def list_updates(blog: dict[str, Any]) -> list[dict[str, Any]]:
    """The updates of a LiveBlogPosting: a list, one object, an ItemList, or `blogPosts`."""
    for name in ("liveBlogUpdate", "blogPosts", "blogPost"):
        updates = blog.get(name)
        if isinstance(updates, dict) and isinstance(updates.get("itemListElement"), list):
            updates = updates["itemListElement"]
        if isinstance(updates, dict):
            updates = [updates]
        if isinstance(updates, list):
            items = [one.get("item", one) if isinstance(one, dict) else one for one in updates]
            kept = [one for one in items if isinstance(one, dict)]
            if kept:
                return kept
    return []


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The capture that the page's JSON-LD holds; of several blogs the one with most updates."""
    blog = find_blog(record)
    address = read_canonical(record)
    url = _string(blog.get("url")) or _string(blog.get("mainEntityOfPage")) or address
    known = zone or find_zone(url)
    zone = known or ZoneInfo("UTC")
    updates = [read_post(one, address, zone) for one in list_updates(blog)]
    if known is None:
        updates = [
            drop_clocks(post, one) for post, one in zip(updates, list_updates(blog), strict=True)
        ]
    posts = give_day(drop_repeats(updates, blog, zone), record, zone)
    started = read_stamp(blog.get("coverageStartTime"), zone)
    # A blog that was used again, or given a new title, has posts from before.
    days = [post.published.day for post in posts if post.published]
    if started is not None and days and min(days) < started.day:
        started = None
    return Capture(
        reader="json-ld",
        publisher=", ".join(read_names(blog.get("publisher"))) or read_meta(record, "og:site_name"),
        title=clean(blog.get("headline") or blog.get("name")) or read_meta(record, "og:title"),
        description=clean(blog.get("description")) or read_meta(record, "description"),
        language=_string(blog.get("inLanguage")) or read_language(record),
        timezone=known.key if known else "",
        url=url,
        captured=record.captured,
        started=started,
        ended=None,  # often a time to come, or that of the last change
        contributors=tuple(Byline(name) for name in read_names(blog.get("author"))),
        posts=posts,
        newest_first=is_newest_first(posts),
        missing=tuple(list_gaps(list_updates(blog))),
        has_own_ids=all(post.id for post in posts) and not are_places(posts),
    )


def read_post(update: dict[str, Any], address: str, zone: ZoneInfo) -> Post:
    """One update."""
    url = next((one for one in map(_string, _list_addresses(update)) if one), "")
    body = _string(update.get("articleBody")) or _string(update.get("text"))
    published = read_stamp(update.get("datePublished") or update.get("dateCreated"), zone)
    modified = read_stamp(update.get("dateModified"), zone)
    source = "JSON-LD datePublished" if published else "JSON-LD dateModified" if modified else ""
    blocks = read_body(body, zone, address)
    for name in ("image", "video", "audio"):
        blocks += tuple(_read_media(update.get(name), name))
    return Post(
        id=_find_id(url, address),
        url=url if url.startswith("http") else "",
        published=published or modified,
        time_source=source,
        updated=modified if published else None,
        title=drop_clock(clean(update.get("headline") or update.get("name"))),
        byline=tuple(Byline(name) for name in read_names(update.get("author"))),
        blocks=blocks,
        seen=strip_tags(body),
    )


def list_gaps(updates: list[dict[str, Any]]) -> Iterator[str]:
    """What a publisher cut: bodies of one length, the longest there is, that end within a sentence."""
    bodies = [_string(update.get("articleBody")) for update in updates]
    longest = max(map(len, bodies), default=0)
    cut = [one for one in bodies if len(one) == longest and one[-1:].isalnum()]
    if longest >= _SHORTEST_CUT and len(cut) > 1:
        yield f"posts whose words the page cuts off: {len(cut)} of {len(bodies)}, after {longest} characters"


def drop_clocks(post: Post, update: dict[str, Any]) -> Post:
    """A post of a publisher whose zone is not known: a time without an offset is only a day."""
    changes: dict[str, Any] = {}
    for name, key in (("published", "datePublished"), ("updated", "dateModified")):
        stamp: Stamp | None = getattr(post, name)
        value = update.get(key)
        is_local = isinstance(value, str) and not _OFFSET.search(value.strip())
        if stamp is not None and stamp.moment is not None and is_local:
            changes[name] = Stamp(stamp.day)
    return replace(post, **changes) if changes else post


def drop_repeats(posts: list[Post], blog: dict[str, Any], zone: ZoneInfo) -> tuple[Post, ...]:
    """The posts without what is the page's own: its authors, picture, headline or time on all of them.

    A picture on most posts is the page's, whatever the page says.
    """
    pictures = {medium.address for medium in _read_media(blog.get("image"), "image")}
    if len(posts) > 2:
        shown = ({one.address for one in post.blocks if isinstance(one, Medium)} for post in posts)
        often = Counter(address for addresses in shown for address in addresses)
        pictures |= {one for one, number in often.items() if number > 2 and 2 * number > len(posts)}
    authors = tuple(Byline(name) for name in read_names(blog.get("author")))
    several = len(posts) > 1
    same = several and all(post.byline == posts[0].byline for post in posts)
    is_pages = same and (posts[0].byline == authors or not authors or len(posts) > 2)
    title = clean(blog.get("headline"))
    is_titled = several and all(post.title == title for post in posts)
    at = read_stamp(blog.get("datePublished"), zone)
    is_timed = several and all(post.published == at for post in posts)
    kept: list[Post] = []
    for post in posts:
        changes: dict[str, Any] = {}
        if several and pictures:
            changes["blocks"] = tuple(
                one
                for one in post.blocks
                if not isinstance(one, Medium) or one.address not in pictures
            )
        if is_pages:
            changes["byline"] = ()
        if is_titled:
            changes["title"] = ""
        if is_timed:
            changes |= {"published": None, "updated": None, "time_source": ""}
        kept.append(replace(post, **changes) if changes else post)
    return tuple(kept)


def read_body(body: str, zone: ZoneInfo, address: str) -> tuple[Block, ...]:
    """The text of an update: HTML where there are tags in it, else paragraphs by line."""
    text = mend_markup(PLACEHOLDER.sub("", body))
    if TAG.search(text):
        if not re.search(r"<(?:p|br|div|li|h[1-6]|blockquote)\b", text, re.IGNORECASE):
            text = re.sub(r"\s*\n\s*", "</p><p>", text.strip())
            text = f"<p>{text}</p>"
        return read_html(text, zone, address)
    lines = (" ".join(mend_entities(line).split()) for line in text.split("\n"))
    return tuple(Paragraph((Run(line),)) for line in lines if line)


def read_names(value: Any, depth: int = 0) -> list[str]:
    """The names of persons or organisations: text, an object, or a list of them."""
    if isinstance(value, list) and depth < _DEEPEST:
        return [name for one in value for name in read_names(one, depth + 1)]
    name = value.get("name") if isinstance(value, dict) else value
    if isinstance(name, list) and depth < _DEEPEST:
        return read_names(name, depth + 1)
    is_name = isinstance(name, str) and not name.startswith(("http://", "https://"))
    return [clean(name)] if is_name and clean(name) else []


def read_stamp(value: Any, zone: ZoneInfo) -> Stamp | None:
    """A date as JSON-LD has it, in a zone."""
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return read_epoch(value, zone)
    return read_moment(value, zone) if isinstance(value, str) else None


def read_language(record: Record) -> str:
    """The language of a page."""
    node = record.tree.css_first("html[lang]")
    return (node.attributes.get("lang") or "").strip().replace("_", "-") if node is not None else ""


def _find_blogs(found: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(found, list) and depth < _DEEPEST:
        for one in found:
            yield from _find_blogs(one, depth + 1)
    if not isinstance(found, dict):
        return
    types = found.get("@type")
    if any(
        one in _TYPES for one in (types if isinstance(types, list) else [types]) if _string(one)
    ):
        yield found
    elif depth < _DEEPEST:
        for name in _HOLDERS:
            yield from _find_blogs(found.get(name), depth + 1)


def _list_addresses(update: dict[str, Any]) -> Iterator[Any]:
    page = update.get("mainEntityOfPage")
    inner = page.get("@id") if isinstance(page, dict) else page
    for one in (update.get("url"), update.get("@id"), inner):
        if isinstance(one, str) and "#" in one:
            yield one
    yield from (update.get("url"), update.get("@id"), inner, update.get("identifier"))


def _find_id(url: str, address: str) -> str:
    """A fragment; else what an address adds to that of the page, or all that it is if it is no address."""
    if "#" in url:
        return url.rpartition("#")[2]
    if not url.startswith("http"):
        return url
    base = address.partition("?")[0].rstrip("/")
    stem = base.removesuffix(".html")
    for one in (base, stem):
        if one and url.startswith(one) and url.rstrip("/") != one:
            return url[len(one) :].strip("/?&").partition("?")[0].removesuffix(".html") or ""
    return ""


_KINDS = {"image": MediaKind.PICTURE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}


def _read_media(value: Any, name: str) -> Iterator[Medium]:
    seen: set[str] = set()
    for one in value if isinstance(value, list) else [value]:
        fields = one if isinstance(one, dict) else {"contentUrl": one}
        address = fields.get("contentUrl") or (fields.get("url") if name == "image" else None)
        if isinstance(address, list):
            address = next(iter(address), None)
        if isinstance(address, str) and address.startswith("http") and address not in seen:
            seen.add(address)
            caption, credit = (clean(fields.get(key)) for key in ("caption", "creditText"))
            yield Medium(_KINDS[name], address, "", caption, credit)


def _string(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id")
    return value.strip() if isinstance(value, str) else ""


READER = Reader("json-ld", "any page with schema.org LiveBlogPosting in JSON-LD", recognise, read)
