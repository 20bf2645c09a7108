"""The Guardian's Content API (`show-blocks=all`): open-platform.theguardian.com.

Switches are words ("true", "false"). A block's HTML has pictures of middling size; its elements name
the largest.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archiver.importers.capture import Block, Capture, Medium, Post
from archiver.importers.markup import read_html
from archiver.importers.moments import read_epoch, read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers.guardian_elements import choose_image, read_elements
from archiver.importers.readers.guardian_model import (
    LONDON,
    drop_small_change,
    read_standfirst,
    spell_permalink,
)
from archiver.importers.record import Record
from archiver.importers.values import (
    find,
    find_line,
    find_number,
    find_object,
    find_objects,
    find_text,
    is_set,
    split_names,
    strip_tags,
)
from archiver.model import Byline, Stamp

# The API's kinds of elements, as the site's own model calls them.
_KINDS = {"pullquote": "Pullquote", "rich-link": "RichLink", "image": "Image", "text": "Text"}


def recognise(record: Record) -> bool:
    """Whether an answer with blocks is there."""
    return record.looks_like_json and bool(_list_blocks(find_content(record.json)))


def find_content(value: Any) -> dict[str, Any]:
    """The content that an answer holds: asked for by its id, or the first of a search."""
    for path in (("response", "content"), ("response", "results", 0), ("content",), ()):
        content = find_object(value, *path)
        if isinstance(content.get("blocks"), dict):
            return content
    return {}


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The blocks of an answer: all of the coverage, unless it was asked for some."""
    content = find_content(record.json)
    fields = find_object(content, "fields")
    address = find_text(content, "webUrl")
    if not address and find_text(content, "id"):
        address = f"https://www.theguardian.com/{find_text(content, 'id')}"
    tags = find_objects(content, "tags")
    people = {
        find_text(tag, "id"): find_line(tag, "webTitle")
        for tag in tags
        if find_text(tag, "type") == "contributor"
    }
    posts: dict[str, Post] = {}
    for block in _list_blocks(content):
        post = read_block(block, address, people)
        if post.id not in posts:
            posts[post.id] = post
    expected = find_number(content, "blocks", "totalBodyBlocks")
    lacking = expected - len(posts)
    words = "one post is" if lacking == 1 else f"{lacking} of {expected} posts are"
    standfirst = find_text(fields, "standfirst")
    description = strip_tags(find_text(fields, "trailText") or standfirst)
    main = find_object(content, "blocks", "main")
    return Capture(
        reader="guardian-api",
        publisher="The Guardian",
        title=strip_tags(find_text(fields, "headline")) or find_line(content, "webTitle"),
        description=description,
        language=find_text(fields, "lang") or "en",
        timezone="Europe/London",
        url=address,
        captured=record.captured,
        is_live=is_set(fields, "liveBloggingNow"),
        contributors=tuple(
            map(Byline, split_names(find_line(fields, "byline")) or filter(None, people.values()))
        ),
        introduction=(
            *(_read_body(main, address) if main else ()),
            *read_standfirst(standfirst, description, address),
        ),
        tags=tuple(
            find_line(tag, "webTitle")
            for tag in tags
            if tag.get("type") in ("keyword", "series") and find_line(tag, "webTitle")
        ),
        posts=tuple(posts.values()),
        expected=expected,
        missing=(f"{words} not in this capture",) if lacking > 0 else (),
    )


def read_block(block: dict[str, Any], address: str, people: dict[str, str]) -> Post:
    """One block."""
    number = find_text(block, "id").removeprefix("block-")
    published, source = _read_first(block, "firstPublishedDate", "publishedDate", "createdDate")
    updated, _ = _read_first(block, "lastModifiedDate")
    attributes = find_object(block, "attributes")
    title = strip_tags(find_text(block, "title") or find_text(attributes, "title"))
    given = find(block, "contributors")
    names = [
        people.get(one) or people.get(f"profile/{one}") or ""
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, str)
    ]
    html = find_text(block, "bodyHtml")
    return Post(
        id=f"block-{number}",
        url=spell_permalink(address, number),
        published=published,
        time_source=source,
        updated=drop_small_change(published, updated),
        title=title,
        byline=tuple(Byline(name) for name in names if name),
        blocks=_read_body(block, address),
        key=is_set(attributes, "keyEvent"),
        pinned=is_set(attributes, "pinned"),
        summary=is_set(attributes, "summary"),
        seen=" ".join(
            word
            for word in (title, *names, strip_tags(html) or find_text(block, "bodyTextSummary"))
            if word
        ),
    )


def _read_body(block: dict[str, Any], address: str) -> tuple[Block, ...]:
    elements = find_objects(block, "elements")
    html = find_text(block, "bodyHtml")
    if not html:
        return read_elements([_name_element(one) for one in elements], LONDON, address)
    largest = {}
    for element in elements:
        assets = find_objects(element, "assets")
        best = choose_image(assets)
        if best and find_text(element, "type") == "image":
            largest.update({find_text(asset, "file"): best for asset in assets})
    return tuple(
        replace(one, address=largest.get(one.address, one.address))
        if isinstance(one, Medium)
        else one
        for one in read_html(html, LONDON, address)
    )


def _name_element(element: dict[str, Any]) -> dict[str, Any]:
    """An element in the form of the site's own model: `textTypeData` is what it holds."""
    kind = find_text(element, "type")
    data = next(
        (
            one
            for name, one in element.items()
            if name.endswith("TypeData") and isinstance(one, dict)
        ),
        {},
    )
    name = _KINDS.get(kind, kind.title().replace("-", ""))
    return {**data, "_type": f".{name}BlockElement", "assets": find_objects(element, "assets")}


def _list_blocks(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks that were published, those that were asked for by name too."""
    blocks = find_objects(content, "blocks", "body")
    for some in find_object(content, "blocks", "requestedBodyBlocks").values():
        blocks += [one for one in (some if isinstance(some, list) else []) if isinstance(one, dict)]
    return [
        block
        for block in blocks
        if find_text(block, "id") and str(block.get("published", True)).lower() != "false"
    ]


def _read_first(block: dict[str, Any], *names: str) -> tuple[Stamp | None, str]:
    for name in names:
        text = find_text(block, name) or find_text(block, name, "iso8601")
        stamp = read_moment(text, LONDON) or read_epoch(find(block, name, "dateTime"), LONDON)
        if stamp:
            return stamp, name
    return None, ""


READER = Reader("guardian-api", "the Guardian's Content API with blocks", recognise, read)
