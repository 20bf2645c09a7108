"""Saved Guardian live pages of 2021 and later: the posts shown, and whole ones kept in islands' props.

Class names are hashes and say nothing; ids, `data-` attributes and the islands (`gu-island[name]`) do.
The page's JSON-LD repeats the page's own time and author on every update: it is not read.
"""

from __future__ import annotations

import json
import re
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.importers.capture import Block, Capture, Medium, Post
from archiver.importers.markup import read_html, resolve
from archiver.importers.moments import read_epoch, read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers.guardian_elements import read_element
from archiver.importers.readers.guardian_model import (
    LONDON,
    drop_small_change,
    name_missing,
    read_blocks,
    read_standfirst,
    spell_permalink,
)
from archiver.importers.record import Record, read_canonical, read_meta, read_text
from archiver.importers.values import (
    find_line,
    find_number,
    find_objects,
    find_text,
    split_names,
    strip_tags,
)
from archiver.model import Byline, MediaKind, Stamp

_POSTS = 'article[id^="block-"]'
# A picture and its width, of the several that a `srcset` names.
_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d{1,6})w)?\s*(?:,|$)")
_FIGURE = "figure[data-spacefinder-type], gu-island[props]"
_HIDDEN = "svg, style, script, noscript, button, .ad-slot, [id^=dfp-ad], input"


def recognise(record: Record) -> bool:
    """Whether blocks as articles are there, of the Guardian's islands or with its permalinks."""
    if not record.looks_like_html or "block-" not in record.text:
        return False
    article = record.tree.css_first(_POSTS)
    return article is not None and (
        "gu-island" in record.text or "page=with:block-" in (article.html or "")
    )


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The posts shown, with what the islands know of them, and those that only the islands hold."""
    address = re.split(r"[?#]", read_canonical(record))[0]
    # Taken apart below: a copy, since others read the record's tree.
    tree = LexborHTMLParser(record.text)
    held = {post.id: post for post in read_blocks(list_island_blocks(tree), address)}
    pinned = tree.css_first("#pinned-post article")
    pinned_id = _find_pinned_id(pinned)
    posts = {}
    for article in tree.css(_POSTS):
        number = (article.attributes.get("id") or "").removeprefix("block-").strip()
        if number and f"block-{number}" not in posts:
            posts[f"block-{number}"] = read_article(article, number, record, address, held)
    shown = len(posts)
    if pinned is not None and pinned_id and pinned_id not in (*posts, *held):
        posts[pinned_id] = read_article(pinned, pinned_id[6:], record, address, held)
    posts = {**{key: post for key, post in held.items() if key not in posts}, **posts}
    if pinned_id in posts:
        posts[pinned_id] = replace(posts[pinned_id], pinned=True)
    page, pages = read_page_numbers(tree)
    standfirst = tree.css_first("[data-gu-name=standfirst]")
    description = read_meta(record, "description", "og:description")
    media = tree.css_first("[data-gu-name=media]")
    return Capture(
        reader="guardian-page",
        publisher="The Guardian",
        title=read_text(tree.css_first("[data-gu-name=headline] h1, h1"))
        or read_meta(record, "og:title"),
        description=description,
        language=_read_language(tree),
        timezone="Europe/London",
        url=address,
        captured=record.captured,
        is_live='"isLive":true' in record.text,
        contributors=tuple(map(Byline, read_byline(tree))),
        introduction=(
            *(read_parts(media, record, address) if media is not None else ()),
            *(
                read_standfirst(standfirst.inner_html or "", description, address)
                if standfirst is not None
                else ()
            ),
        ),
        posts=tuple(_order(posts)),
        page=page,
        pages=pages,
        missing=name_missing(page, pages, len(posts) - shown),
    )


def list_island_blocks(tree: LexborHTMLParser) -> list[dict[str, Any]]:
    """The blocks that stand in the props of islands, a page's key events say."""
    blocks: list[dict[str, Any]] = []
    for island in tree.css("gu-island[props]"):
        props = read_props(island)
        for name in ("keyEvents", "blocks"):
            blocks += find_objects(props, name)
        if isinstance(props.get("pinnedPost"), dict):
            blocks.append(props["pinnedPost"])
    return blocks


def read_props(island: LexborNode) -> dict[str, Any]:
    """The props of an island; nothing where they are cut off."""
    try:
        props = json.loads(island.attributes.get("props") or "")
    except (ValueError, RecursionError):
        return {}
    return props if isinstance(props, dict) else {}


def read_article(
    article: LexborNode, number: str, record: Record, address: str, held: dict[str, Post]
) -> Post:
    """One block as the page shows it; its flags are known where an island holds it too."""
    known = held.get(f"block-{number}", Post())
    header, footer = article.css_first("header"), article.css_first("footer")
    published, source = known.published, known.time_source
    updated = known.updated
    title, names = "", tuple[str, ...]()
    if header is not None:
        time = _read_time(header.css_first("time[datetime]"))
        published, source = (time, "time[datetime] of the block") if time else (published, source)
        title = read_text(header.css_first("h2"))
        names = tuple(_list_names(header))
    if footer is not None:
        updated = _read_time(footer.css_first("time[datetime]")) or updated
    if published is None:
        published, source = (
            _read_day(number),
            "the day in the block's id" if _read_day(number) else "",
        )
    for part in (header, footer):
        if part is not None:
            part.decompose()
    for node in article.css("[data-gu-name=byline], [data-component=live-blog-epic]"):
        node.decompose()
    blocks = tuple(read_parts(article, record, address))
    for node in article.css(f"{_HIDDEN}, figure [data-component=youtube-atom] > div"):
        if node.parent is not None:
            node.decompose()
    byline = tuple(map(Byline, names)) or known.byline
    words = [title, *(one.name for one in byline), strip_tags(article.html or "")]
    return Post(
        id=f"block-{number}",
        url=spell_permalink(address, number),
        published=published,
        time_source=source,
        updated=drop_small_change(published, updated),
        title=title or known.title,
        byline=byline,
        blocks=blocks or known.blocks,
        key=known.key,
        pinned=known.pinned,
        summary=known.summary,
        seen=" ".join(word for word in words if word),
    )


def read_parts(node: LexborNode, record: Record, address: str) -> list[Block]:
    """The blocks below a node: figures by what their islands know, all else as HTML."""
    blocks: list[Block] = []
    words: list[str] = []

    def end_words() -> None:
        blocks.extend(read_html("".join(words), LONDON, address))
        words.clear()

    for child in node.iter(include_text=True):
        if child.tag in ("svg", "style", "script", "button", "input"):
            continue
        if child.tag in ("figure", "gu-island"):
            end_words()
            blocks += read_figure(child, record, address)
        elif child.tag in ("div", "section") and child.css_first(_FIGURE) is not None:
            end_words()
            blocks += read_parts(child, record, address)
        else:
            words.append(child.html or "")
    end_words()
    return blocks


def read_figure(node: LexborNode, record: Record, address: str) -> list[Block]:
    """A figure, or an island by itself."""
    kind = node.attributes.get("data-spacefinder-type") or ""
    island = node if node.tag == "gu-island" else node.css_first("gu-island[props]")
    if island is not None:
        props = read_props(island)
        element = props.get("element") if isinstance(props.get("element"), dict) else props
        if isinstance(element, dict) and element:
            named = (island.attributes.get("name") or "").removesuffix("Component")
            # Of a film the caption is its title again.
            known = {name: value for name, value in element.items() if name != "caption"}
            blocks = read_element({"_type": kind or f".{named}Element", **known}, LONDON, address)
            if blocks:
                return blocks
    image = node.css_first("img")
    if image is not None and (kind.endswith("ImageBlockElement") or node.css_first("picture")):
        caption, credit = _read_caption(node)
        source = _choose_source(node, record)
        alt = find_line(image.attributes, "alt")
        if source:
            full = resolve(source, address) or source
            return [Medium(MediaKind.PICTURE, full, alt, caption, credit)]
    return list(read_html(node.html or "", LONDON, address))


def _choose_source(node: LexborNode, record: Record) -> str:
    """The picture that was kept with the page, else the largest that the page names."""
    sources: list[tuple[int, str]] = []
    for one in node.css("img, source"):
        candidates = _CANDIDATE.finditer(one.attributes.get("srcset") or "")
        sources += [(int(candidate[2] or 1), candidate[1]) for candidate in candidates]
        plain = (one.attributes.get("src") or "").strip()
        if plain:
            sources.append((find_number(one.attributes, "width"), plain))
    kept = [source for _, source in sources if source in record.resources]
    return kept[0] if kept else max(sources, default=(0, ""))[1]


def _read_caption(node: LexborNode) -> tuple[str, str]:
    """The caption of a figure, and its credit: "Photograph: …" behind it."""
    caption = node.css_first("figcaption")
    if caption is None:
        return "", ""
    for one in caption.css("svg, style, button, input"):
        one.decompose()
    words = " ".join((caption.text(separator=" ") or "").split())
    match = re.search(r"(?:^|\s)((?:Photograph|Illustration|Composite|Photo|Credit):\s.+)$", words)
    return (words[: match.start()].strip(), match[1]) if match else (words, "")


def _list_names(header: LexborNode) -> list[str]:
    """Who wrote a block: the pictures' texts, and the words beside them."""
    names = [find_line(image.attributes, "alt") for image in header.css("img[alt]")]
    for node in header.css("a, h2, time, svg, img"):
        if node.parent is not None and node.attributes.get("rel") != "author":
            node.decompose()
    names += [
        read_text(node)
        for node in header.css("span, a[rel=author], address")
        if node.css_first("span") is None or node.tag != "span"
    ]
    return list(dict.fromkeys(name for name in names if name))


def _read_time(node: LexborNode | None) -> Stamp | None:
    return read_moment(node.attributes.get("datetime") or "", LONDON) if node is not None else None


def _read_day(number: str) -> Stamp | None:
    """The day on which a block was begun: its id is a MongoDB ObjectId, seconds in its first four bytes."""
    if not re.fullmatch(r"[0-9a-f]{24}", number):
        return None
    stamp = read_epoch(int(number[:8], 16), LONDON)
    return Stamp(stamp.day) if stamp else None


def _find_pinned_id(pinned: LexborNode | None) -> str:
    for link in pinned.css("a[href]") if pinned is not None else []:
        match = re.search(r"with(?::|%3A)(block-[\w-]{1,60})", link.attributes.get("href") or "")
        if match:
            return match[1]
    return ""


def read_page_numbers(tree: LexborHTMLParser) -> tuple[int, int]:
    """Which page this is, of how many: "1 of 5" in the navigation; (0, 0) where it is not said."""
    words = read_text(tree.css_first("#liveblog-navigation"))
    match = re.search(r"\b(\d{1,4})\s+of\s+(\d{1,4})\b", words)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def read_byline(tree: LexborHTMLParser) -> tuple[str, ...]:
    """The names of those who wrote the page, as its links have them, else as the line does."""
    line = tree.css_first("[data-component=meta-byline], [data-gu-name=byline], .byline")
    if line is None:
        return ()
    linked = tuple(dict.fromkeys(read_text(link) for link in line.css("a[rel=author]")))
    return linked or split_names(read_text(line))


def _order(posts: dict[str, Post]) -> list[Post]:
    """Newest first, as far as the times are known."""
    if any(post.published is None or post.published.instant is None for post in posts.values()):
        return list(posts.values())
    return sorted(posts.values(), key=_instant, reverse=True)


def _instant(post: Post) -> Any:
    return post.published.instant if post.published else None


def _read_language(tree: LexborHTMLParser) -> str:
    node = tree.css_first("html[lang]")
    return find_text(node.attributes, "lang") if node is not None else "en"


READER = Reader("guardian-page", "Guardian live pages of 2021 and later, as saved", recognise, read)
