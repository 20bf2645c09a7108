"""Posts of BBC live pages of 2014 to 2022 as the page itself shows them."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.importers.capture import Block, Embedded, Medium, Post
from archiver.importers.embeds import make_embed
from archiver.importers.markup import read_html
from archiver.importers.moments import read_moment
from archiver.importers.readers.json_ld import list_updates
from archiver.importers.record import Record, read_text
from archiver.importers.values import find_line, find_text, strip_tags
from archiver.model import Byline, MediaKind, Stamp

# Words for screen readers only, which double those that are seen, and what is no part of a post.
_HIDDEN = ".gs-u-vh, noscript, script, style, button, svg, footer, .lx-stream-post__footer"


def read_page_posts(
    record: Record, blog: dict[str, Any], address: str, zone: ZoneInfo
) -> list[Post]:
    """The posts that a page shows, newest first; `blog` is the LiveBlogPosting of the page."""
    if not record.looks_like_html:
        return []
    times = {}
    for update in list_updates(blog):
        times[find_text(update, "url").rpartition("#")[2]] = find_text(update, "datePublished")
    only_day = _find_only_day(blog, zone)
    # Taken apart below: a copy, since others read the record's tree.
    tree = LexborHTMLParser(record.text)
    posts = []
    for article in tree.css('article.lx-stream-post, article[id^="post_"]'):
        number = (article.attributes.get("id") or "").strip()
        if re.fullmatch(r"post_[\w:-]{1,100}", number):
            posts.append(
                _read_article(article, number, times.get(number, ""), only_day, address, zone)
            )
    return posts


def _read_article(
    article: LexborNode,
    number: str,
    time: str,
    only_day: Stamp | None,
    address: str,
    zone: ZoneInfo,
) -> Post:
    clock = read_text(article.css_first(".lx-stream-post__meta-time .qa-post-auto-meta, time"))
    for node in article.css(_HIDDEN):
        if node.parent is not None:
            node.decompose()
    published = read_moment(time, zone)
    title = _read_first(article, ".lx-stream-post__header-text", ".qa-post-title", "header h3")
    name = re.sub(r"^By\s+", "", read_text(article.css_first(".qa-contributor-name")))
    role = read_text(article.css_first(".qa-contributor-role"))
    body = article.css_first(".qa-post-body, .lx-stream-post-body")
    blocks = tuple(_read_body(body, zone, address)) if body is not None else ()
    for link in article.css(".lx-stream__cta"):  # "View more on …", which is no word of the post
        link.decompose()
    words = strip_tags(body.html or "") if body is not None else ""
    return Post(
        id=number,
        url=f"{address}#{number}" if address else "",
        published=published or only_day,
        time_source=(
            "JSON-LD datePublished"
            if published
            else f"the page's clock alone says {clock}, in no sure zone"
            if clock
            else ""
        ),
        title=title,
        byline=(Byline(name, role),) if name else (),
        blocks=blocks,
        breaking="lx-stream-post--breaking" in (article.attributes.get("class") or ""),
        seen=" ".join(part for part in (title, name, role, words) if part),
    )


def _read_body(body: LexborNode, zone: ZoneInfo, address: str) -> list[Block]:
    """The body, its parts one by one: pictures and links to embeds have forms of their own."""
    blocks: list[Block] = []
    words: list[str] = []
    inner = body if "lx-stream-post-body" in (body.attributes.get("class") or "") else None
    inner = inner if inner is not None else body.css_first(".lx-stream-post-body")
    for child in (inner if inner is not None else body).iter(include_text=True):
        made: list[Block] = []
        if child.tag and not child.tag.startswith("-"):
            made = _read_asset(child) or _read_embed(child, zone)
        if made:
            blocks += read_html("".join(words), zone, address)
            words.clear()
            blocks += made
        else:
            words.append(child.html or "")
    return [*blocks, *read_html("".join(words), zone, address)]


def _read_asset(node: LexborNode) -> list[Block]:
    image = node.css_first(".lx-media-asset__image img, img[data-src]")
    if image is None or "lx-media-asset" not in (node.attributes.get("class") or ""):
        return []
    source = image.attributes.get("data-src") or image.attributes.get("src") or ""
    widths = re.findall(r"\d+", image.attributes.get("data-widths") or "")
    width = max(widths, key=int, default="976")
    return [
        Medium(
            MediaKind.PICTURE,
            source.strip().replace("{width}", width),
            find_line(image.attributes, "alt"),
            read_text(node.css_first("figcaption, .lx-media-asset__caption")),
            read_text(node.css_first(".lx-media-asset__copyright")),
        )
    ]


def _read_embed(node: LexborNode, zone: ZoneInfo) -> list[Block]:
    if "lx-stream-post-body--embed" not in (node.attributes.get("class") or ""):
        return []
    links = [(link.attributes.get("href") or "") for link in node.css("a[href]")]
    embeds = [embed for href in links if (embed := make_embed(href, zone))]
    return [Embedded(embed) for embed in embeds[:1]]


def _read_first(node: LexborNode, *selectors: str) -> str:
    """The words of the first selector that has some: a title without the label beside it."""
    return next((words for one in selectors if (words := read_text(node.css_first(one)))), "")


def _find_only_day(blog: dict[str, Any], zone: ZoneInfo) -> Stamp | None:
    """The day of every post, where the coverage began and was changed last on one day."""
    names = ("datePublished", "dateModified")
    first, last = (read_moment(find_text(blog, name), zone) for name in names)
    return Stamp(first.day) if first and last and first.day == last.day else None
