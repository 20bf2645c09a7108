"""The Guardian's own model of a live page (dotcom-rendering): JSON with blocks, key events, a pinned post."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archiver.importers.capture import Block, Capture, Post
from archiver.importers.markup import read_html
from archiver.importers.moments import read_epoch
from archiver.importers.reader import Reader
from archiver.importers.readers.guardian_elements import read_element_text, read_elements
from archiver.importers.record import Record
from archiver.importers.values import (
    find,
    find_line,
    find_number,
    find_object,
    find_objects,
    find_text,
    is_set,
    name_missing_pages,
    split_names,
    strip_tags,
)
from archiver.model import Byline, Stamp

LONDON = ZoneInfo("Europe/London")
_SITE = "https://www.theguardian.com/"
# The page calls a post updated from a minute after it was published.
_CHANGE = 60


def recognise(record: Record) -> bool:
    """Whether a model with blocks is there."""
    return record.looks_like_json and bool(find_model(record.json))


def find_model(value: Any) -> dict[str, Any]:
    """The model of a page, at the top or under the names that wrap it."""
    for path in ((), ("article",), ("frontendData",), ("data",)):
        model = find_object(value, *path)
        elements = [find_objects(one, "elements") for one in find_objects(model, "blocks")]
        types = [find_text(one, "_type") for some in elements for one in some]
        if any("dotcomrendering" in one for one in types) or (
            types and "pagination" in model and "webURL" in model
        ):
            return model
    return {}


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The blocks of the page, and those of other pages that it holds as key events or pinned."""
    model = find_model(record.json)
    address = find_text(model, "webURL") or find_text(model, "canonicalUrl")
    if not address and find_text(model, "pageId"):
        address = _SITE + find_text(model, "pageId")
    pinned = find_object(model, "pinnedPost")
    blocks = find_objects(model, "blocks")
    others = [*find_objects(model, "keyEvents"), *([pinned] if pinned else [])]
    shown = {find_text(block, "id") for block in blocks}
    posts = read_blocks([*blocks, *others], address)
    posts = tuple(
        post if post.id != f"block-{find_text(pinned, 'id')}" else pin(post) for post in posts
    )
    page = find_number(model, "pagination", "currentPage")
    pages = find_number(model, "pagination", "totalPages")
    standfirst = find_text(model, "standfirst")
    description = find_line(model, "trailText") or strip_tags(standfirst)
    names = [
        find_line(tag, "title")
        for tag in find_objects(model, "tags")
        if tag.get("type") == "Contributor"
    ]
    is_live = find(model, "config", "isLive")
    return Capture(
        reader="guardian-model",
        publisher="The Guardian",
        title=find_line(model, "headline") or find_line(model, "webTitle"),
        description=strip_tags(description),
        language=find_text(model, "lang") or "en",
        timezone="Europe/London",
        url=address,
        captured=record.captured,
        is_live=is_live is True,
        contributors=tuple(map(Byline, split_names(find_line(model, "byline")) or names)),
        introduction=(
            *read_elements(find_objects(model, "mainMediaElements"), LONDON, address),
            *read_standfirst(standfirst, description, address),
        ),
        tags=tuple(
            find_line(tag, "title")
            for tag in find_objects(model, "tags")
            if tag.get("type") in ("Keyword", "Series") and find_line(tag, "title")
        ),
        posts=posts,
        page=page,
        pages=pages,
        missing=name_missing(page, pages, sum(post.id[6:] not in shown for post in posts)),
    )


def read_standfirst(html: str, description: str, address: str) -> tuple[Block, ...]:
    """What stands below the headline, where the description does not say it all."""
    if strip_tags(html) == strip_tags(description):
        return ()
    return read_html(html, LONDON, address)


def name_missing(page: int, pages: int, kept: int) -> tuple[str, ...]:
    """Which pages are not there; of them `kept` posts are."""
    missing = name_missing_pages(page, pages)
    if missing and kept:
        posts = "one post" if kept == 1 else f"{kept} posts"
        return (f"{missing[0]}, but for {posts} that page {page} holds as key events or pinned",)
    return missing


def read_blocks(blocks: list[dict[str, Any]], address: str) -> tuple[Post, ...]:
    """The posts of some blocks, each once; one without elements is only a name for a post elsewhere."""
    posts: dict[str, Post] = {}
    for block in blocks:
        number = find_text(block, "id").removeprefix("block-")
        if number and number not in posts and find_objects(block, "elements"):
            posts[number] = read_block(block, number, address)
    return tuple(posts.values())


def read_block(block: dict[str, Any], number: str, address: str) -> Post:
    """One block."""
    elements = find_objects(block, "elements")
    published, source = _read_first(block)
    updated = read_epoch(find(block, "blockLastUpdated"), LONDON)
    title = strip_tags(find_text(block, "title"))
    byline = tuple(
        Byline(name)
        for one in find_objects(block, "contributors")
        if (name := find_line(one, "name") or find_line(one, "title"))
    )
    words = [title, *(one.name for one in byline), read_element_text(elements)]
    return Post(
        id=f"block-{number}",
        url=spell_permalink(address, number),
        published=published,
        time_source=source,
        updated=drop_small_change(published, updated),
        title=title,
        byline=byline,
        blocks=read_elements(elements, LONDON, address),
        key=is_set(block, "attributes", "keyEvent"),
        pinned=is_set(block, "attributes", "pinned"),
        summary=is_set(block, "attributes", "summary"),
        seen=" ".join(word for word in words if word),
    )


def pin(post: Post) -> Post:
    """The same post, pinned."""
    return replace(post, pinned=True)


def spell_permalink(address: str, number: str) -> str:
    """Where a block is found, on whatever page it stands by now."""
    plain = re.split(r"[?#]", address)[0]
    return f"{plain}?page=with:block-{number}#block-{number}" if plain else ""


def drop_small_change(published: Stamp | None, updated: Stamp | None) -> Stamp | None:
    """When a block was changed, where the page says so."""
    first, last = published and published.instant, updated and updated.instant
    if first and last and (last - first).total_seconds() < _CHANGE:
        return None
    return updated


def _read_first(block: dict[str, Any]) -> tuple[Stamp | None, str]:
    for name in ("blockFirstPublished", "blockCreatedOn"):
        stamp = read_epoch(find(block, name), LONDON)
        if stamp:
            return stamp, name
    return None, ""


READER = Reader("guardian-model", "Guardian live pages as dotcom-rendering JSON", recognise, read)
