"""Superdesk Live Blog's API: posts of several items each, as its themes and embeds ask for them.

https://github.com/liveblog/liveblog: `posts._items[]`, whose second group refers to items of a type
(text, image, embed, quote, comment, poll, video, or a type that the publisher defined). Staff are
described in full in it, with addresses for mail: their names alone are read.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from archiver.embeds.addresses import read_address
from archiver.importers.answers import read_count, read_flag, read_name, read_seen, read_string
from archiver.importers.capture import (
    Block,
    Capture,
    Embedded,
    Listing,
    Medium,
    Paragraph,
    Post,
    Quotation,
    Run,
)
from archiver.importers.markup import read_html
from archiver.importers.moments import read_moment
from archiver.importers.reader import Reader
from archiver.importers.record import Record
from archiver.importers.values import find, find_objects
from archiver.model import Byline, Embed, Genre, Media, MediaKind

_RENDITIONS = ("baseImage", "original", "viewImage", "thumbnail")
# Behind an author's name, in the preview of a tweet.
_PREVIEWED = re.compile(r" on Twitter (?=\(@)")
_ADVERTISEMENT = re.compile(r"advert(?:isement)?\b", re.IGNORECASE)


def recognise(record: Record) -> bool:
    """Whether an answer holds posts of groups of references, or their newer form."""
    return record.looks_like_json and any(map(_is_post, list_posts(record.json)[:50]))


def list_posts(answer: Any) -> list[dict[str, Any]]:
    """The posts of an answer: below `posts`, at its top, or as a bare list."""
    for path in (("posts", "_items"), ("_items",), ("posts",), ("api_response", "_items"), ()):
        found = find_objects(answer, *path)
        if found:
            return found
    return []


def _is_post(post: dict[str, Any]) -> bool:
    return "_id" in post and (
        bool(find_objects(post, "groups")) or ("mainItem" in post and "post_status" in post)
    )


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The capture that an answer is: its posts that were published and not deleted."""
    answer = record.json
    blog = _find_blog(answer)
    spoken = zone or ZoneInfo("UTC")
    found = [post for post in list_posts(answer) if _is_post(post)]
    deleted = [post for post in found if read_flag(post, "deleted")]
    kept = [post for post in found if not read_flag(post, "deleted")]
    open_posts = [post for post in kept if read_string(post, "post_status") in ("", "open")]
    public = [post for post in open_posts if not _is_advertisement(post)]
    languages = Counter(read_string(post, "language") for post in public)
    language = languages.most_common(1)[0][0] if languages else ""
    meta = find(answer, "posts", "_meta") or find(answer, "_meta")
    total, size = read_count(meta, "total"), read_count(meta, "max_results")
    page = read_count(meta, "page")
    pages = -(-total // size) if size else 0
    missing: list[str] = []
    if not read_string(blog, "title"):
        missing.append("the title of the coverage: it stands in another answer, that of the blog")
    if pages > 1:
        absent = max(0, total - len(found))
        missing.append(
            f"{absent} of the blog's {total} posts, some of which may be deleted: "
            f"this capture is page {page or 1} of {pages}"
        )
    for count, what in (
        (len(deleted), "deleted by the publisher"),
        (len(kept) - len(open_posts), "not published: drafts, or comments that nobody approved"),
        (len(open_posts) - len(public), "advertisements"),
    ):
        if count:
            missing.append(f"{count} of the posts in the capture, left out as {what}")
    address = read_string(blog, "public_url")
    posts = tuple(read_post(post, spoken, address, language) for post in public)
    return Capture(
        reader=READER.name,
        title=read_string(blog, "title"),
        description=read_seen(read_string(blog, "description")),
        language=language,
        timezone=spoken.key if zone else "",
        url=address or record.address,
        captured=record.captured,
        is_live=read_string(blog, "blog_status") == "open",
        started=read_moment(read_string(blog, "start_date"), spoken),
        posts=posts,
        page=page if pages else 0,
        pages=pages,
        expected=max(total - (len(found) - len(public)), len(public)) if total else 0,
        missing=tuple(missing),
    )


def read_post(post: dict[str, Any], zone: ZoneInfo, address: str, language: str) -> Post:
    """One post, of all its items."""
    items = list_items(post)
    blocks = tuple(block for item in items for block in read_item(item, zone))
    number = read_string(post, "_id") or read_string(post, "guid")
    time, source = None, ""
    for name in ("published_date", "firstcreated", "_created"):
        time = read_moment(read_string(post, name), zone)
        if time is not None:
            source = f"Live Blog API {name}"
            break
    own = read_string(post, "language")
    link = f"{address}?liveblog._id={number}__{read_string(post, 'order')}"
    tags = find(post, "tags")
    return Post(
        id=number,
        url=link if address.startswith("http") and number else "",
        published=time,
        time_source=source,
        updated=read_moment(read_string(post, "content_updated_date"), zone),
        byline=_read_byline(post, items),
        blocks=blocks,
        key=read_flag(post, "lb_highlight"),
        pinned=read_flag(post, "sticky"),
        tags=tuple(filter(None, map(read_string, tags))) if isinstance(tags, list) else (),
        language=own if own != language else "",
        seen=" ".join(filter(None, map(_read_seen, items))),
    )


def _read_seen(item: dict[str, Any]) -> str:
    return _PREVIEWED.sub(" ", read_seen(read_string(item, "text")))


def list_items(post: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of a post: those of its groups, else of the form that newer themes are given."""
    references = [
        ref for group in find_objects(post, "groups") for ref in find_objects(group, "refs")
    ]
    if not references:
        references = find_objects(post, "items")
        main = find(post, "mainItem")
        if isinstance(main, dict) and not references:
            references = [main]
    found = (ref.get("item") for ref in references)
    return [item for item in found if isinstance(item, dict) and not read_flag(item, "deleted")]


def read_item(item: dict[str, Any], zone: ZoneInfo) -> tuple[Block, ...]:
    """The blocks of an item, by its type; one of a publisher's own type is its HTML."""
    kind = read_string(item, "item_type").lower()
    html = read_string(item, "text")
    meta = _read_meta(item)
    if kind == "embed":
        return _read_embed(html, meta, zone)
    if kind == "quote" and read_string(meta, "quote"):
        return _read_quotation(meta, zone)
    if kind == "poll":
        return read_html(html, zone) or tuple(_read_poll(item))
    blocks = read_html(html, zone)
    if kind == "image":
        return _read_image(blocks, html, meta)
    return blocks


def _read_embed(html: str, meta: dict[str, Any], zone: ZoneInfo) -> tuple[Block, ...]:
    """What an address was shown as: the platform's own HTML, else a card of what a page says of itself."""
    blocks = read_html(html, zone) or read_html(read_string(meta, "html"), zone)
    if any(isinstance(block, Embedded) for block in blocks):
        return tuple(map(_tidy_author, blocks))
    url = read_string(meta, "original_url") or read_string(meta, "url")
    found = read_address(url)
    if found is None:
        return blocks
    title = read_seen(read_string(meta, "title"))
    text = read_seen(read_string(meta, "description"))
    picture = read_string(meta, "thumbnail_url")
    kind = read_string(meta, "type")
    named = read_name(read_string(meta, "credit")) or read_name(read_string(meta, "provider_name"))
    embed = Embed(
        found.provider,
        found.genre if kind != "link" or found.number else Genre.PAGE,
        url,
        author=read_name(read_string(meta, "author_name")) or named,
        handle=found.handle,
        title=title,
        text=text,
        media=(Media(MediaKind.PICTURE, "", address=picture),) if read_address(picture) else (),
    )
    return (Embedded(embed),)


def _tidy_author(block: Block) -> Block:
    """Without the platform's name behind the author's, which the preview of a tweet has."""
    if not isinstance(block, Embedded):
        return block
    author = re.sub(r" on (?:Twitter|X)$", "", block.embed.author)
    return Embedded(replace(block.embed, author=author))


def _read_quotation(meta: dict[str, Any], zone: ZoneInfo) -> tuple[Block, ...]:
    blocks = read_html(read_string(meta, "quote"), zone)
    credit = read_seen(read_string(meta, "credit"))
    return (Quotation(blocks, (Run(credit),) if credit else ()),)


def _read_poll(item: dict[str, Any]) -> list[Block]:
    body = find(item, "poll_body")
    blocks: list[Block] = []
    question = read_seen(read_string(body, "question"))
    if question:
        blocks.append(Paragraph((Run(question, strong=True),)))
    lines = []
    for answer in find_objects(body, "answers"):
        option, votes = read_seen(read_string(answer, "option")), read_string(answer, "votes")
        text = f"{option}: {votes}" if option and votes else option
        if text:
            lines.append((Paragraph((Run(text),)),))
    return [*blocks, Listing(tuple(lines))] if lines else blocks


def _read_image(blocks: tuple[Block, ...], html: str, meta: dict[str, Any]) -> tuple[Block, ...]:
    """A picture at its largest, with the caption and credit that stand beside it."""
    best = _find_largest(html, meta)
    caption = read_seen(read_string(meta, "caption"))
    credit = read_seen(read_string(meta, "credit"))
    if not any(isinstance(block, Medium) for block in blocks):
        found = (Medium(MediaKind.PICTURE, best, caption, caption, credit),) if best else ()
        return (*found, *blocks)
    is_only = sum(isinstance(block, Medium) for block in blocks) == 1
    filled = []
    for block in blocks:
        if isinstance(block, Medium) and is_only:
            said = (
                block.caption.removesuffix(f"Credit: {credit}").strip() if credit else block.caption
            )
            block = replace(
                block,
                address=best or block.address,
                alt=block.alt or caption,
                caption=said or caption,
                credit=block.credit or credit,
            )
        filled.append(block)
    return tuple(filled)


def _find_largest(html: str, meta: dict[str, Any]) -> str:
    """The address of the widest rendition that is named with a width, else the original's."""
    sizes: list[tuple[int, str]] = []
    for name in _RENDITIONS:
        rendition = find(meta, "media", "renditions", name)
        href = read_string(rendition, "href") or read_string(rendition, "media")
        if href.startswith("http"):
            sizes.append((read_count(rendition, "width"), href))
    image = LexborHTMLParser(f"<body>{html}").css_first("img")
    named = (image.attributes.get("srcset") or "") if image is not None else ""
    found = re.finditer(r"(https?://\S+)\s+(\d{1,6})w", named)
    sizes += [(int(match[2]), match[1]) for match in found]
    return max(sizes, key=lambda one: one[0])[1] if sizes else ""


def _read_byline(post: dict[str, Any], items: list[dict[str, Any]]) -> tuple[Byline, ...]:
    """Who published a post, or, of a comment, who wrote it."""
    for item in items:
        commenter = read_name(item.get("commenter")) or read_name(
            find(_read_meta(item), "commenter")
        )
        if commenter:
            return (Byline(commenter),)
    for path in (("publisher",), ("original_creator",)):
        person = find(post, *path)
        both = (read_name(find(person, name)) for name in ("first_name", "last_name"))
        for name in (
            read_name(find(person, "display_name")),
            " ".join(filter(None, both)),
            read_name(find(person, "byline")),
        ):
            if name:
                return (Byline(name),)
    name = read_name(post.get("byline"))
    return (Byline(name),) if name else ()


def _read_meta(item: dict[str, Any]) -> dict[str, Any]:
    """What is known of an item: its `meta`, over the text that older versions keep beside it."""
    meta: dict[str, Any] = {}
    text = read_string(item, "filemeta_json")
    try:
        kept = json.loads(text) if text else None
    except (ValueError, RecursionError):
        kept = None
    for found in (kept, item.get("filemeta"), item.get("meta")):
        if isinstance(found, dict):
            meta |= {name: value for name, value in found.items() if value not in ("", None, {})}
    return meta


def _is_advertisement(post: dict[str, Any]) -> bool:
    kinds = [read_string(item, "item_type") for item in list_items(post)]
    return bool(kinds) and all(map(_ADVERTISEMENT.match, kinds))


def _find_blog(answer: Any) -> dict[str, Any]:
    """What is told of the blog: in the answer, beside its posts, or in one of them."""
    posts = list_posts(answer)
    first = posts[0] if posts else {}
    for found in (find(answer, "blog"), find(first, "blog"), answer):
        if isinstance(found, dict) and read_string(found, "title"):
            return found
    return {}


READER = Reader("superdesk", "Superdesk Live Blog: answers of its API", recognise, read)
