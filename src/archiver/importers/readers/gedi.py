"""Live blogs of la Repubblica, La Stampa and other GEDI titles.

The page has the words, the ids and the key posts, but its times are local and called UTC; JSON-LD has
the times to the second, without ids: joined by order, and checked by the headline and the minute.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from archiver.importers.capture import Block, Capture, Embedded, Post
from archiver.importers.layers import (
    copy_node,
    drop_nodes,
    lay_page,
    list_elements,
    read_around,
    read_attribute,
    read_seen,
    spell_url,
)
from archiver.importers.markup import resolve
from archiver.importers.moments import find_zone, read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers import json_ld
from archiver.importers.record import Record, read_canonical, read_text
from archiver.model import Embed, Genre

_POST = ".liveblog__post[id]"
# Boxes that lead to other articles: furniture.
_PROMOS = ".inline-article, .inline-gallery--promo, .adv, [id^=adv]"
# Letters of a title that are compared, and how many of one title or minute are looked at.
_ALIKE = 24
_LOOKS = 20
_PLAYER = "gdwc-video-component, gdwc-audio-component, gele-video-component"


def recognise(record: Record) -> bool:
    """Whether posts stand in the page as GEDI's system writes them."""
    return record.looks_like_html and record.tree.css_first(_POST) is not None


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The page's posts with the times of JSON-LD."""
    address = read_canonical(record)
    zone = zone or find_zone(address) or ZoneInfo("Europe/Rome")
    spine = json_ld.read(record, zone)
    links = record.tree.css(".liveblog__index__list a[href*='#']")
    keys = {read_attribute(link, "href").rpartition("#")[2] for link in links}
    shown = [read_shown(node, zone, address, keys) for node in list_elements(record, _POST)]
    posts = join_times(shown, list(spine.posts))
    beyond = len(posts) - len(shown)
    gap = f"{beyond} posts of the coverage are not shown on this page"
    capture = lay_page(spine, record, posts, zone, "gedi", (gap,) if beyond > 0 else ())
    title = choose_title(spine.title, read_text(record.tree.css_first("h1")))
    return replace(capture, title=title, has_own_ids=beyond == 0)


def read_shown(node: LexborNode, zone: ZoneInfo, address: str, keys: set[str]) -> Post:
    """A post as the page shows it; its time is local, whatever zone it is said to be in."""
    content = copy_node(node.css_first(".liveblog__post__content") or node)
    drop_nodes(content, f"{_POST}, {_PROMOS}, .liveblog__post__pubdate")
    for figure in content.css("figure, picture"):
        if any(not _is_hidden(image) for image in figure.css("img")):
            drop_nodes(figure, "noscript")
    seen = read_seen(content)
    title = content.css_first(".liveblog__post__title")
    name = read_text(title)
    if title is not None:
        title.decompose()
    clock = read_attribute(node.css_first(".liveblog__post__pubdate, time"), "datetime")
    identity = read_attribute(node, "id")
    return Post(
        id=identity,
        url=spell_url(address, identity),
        published=read_moment(re.sub(r"(?:Z|UTC|[+-]00:?00)$", "", clock), zone),
        time_source="time in the page, read as local",
        title=name,
        blocks=read_content(content, zone, address),
        key=identity in keys,
        seen=seen,
    )


def read_content(content: LexborNode, zone: ZoneInfo, address: str) -> tuple[Block, ...]:
    """The body; a film of the publisher's own is a player of another address, with its title."""
    players: list[tuple[LexborNode, Block]] = []
    for node in content.css(_PLAYER):
        url = resolve(read_attribute(node, "data-src", "src"), address).partition("?")[0]
        if not url.startswith("http"):
            continue
        box = _find_box(node)
        title = box.css_first(".inline-video__title, .inline-audio__title, h3, h4")
        genre = Genre.SOUND if "audio" in (node.tag or "") else Genre.VIDEO
        embed = Embed(name_provider(url), genre, url, title=read_text(title))
        players.append((box, Embedded(embed)))
    return read_around(content, players, zone, address)


def join_times(shown: list[Post], timed: list[Post]) -> tuple[Post, ...]:
    """Each shown post with the time of the update that it is, and the updates that are not shown.

    An update is a post's where its title begins alike and its minute is the post's; where there are as
    many of both, those left over are joined by their order.
    """
    by_title: dict[str, list[int]] = {}
    by_minute: dict[datetime | None, list[int]] = {}
    for number, update in enumerate(timed):
        by_title.setdefault(fold(update.title)[:_ALIKE], []).append(number)
        by_minute.setdefault(_find_minute(update), []).append(number)
    found: dict[int, int] = {}
    for place, post in enumerate(shown):
        likely = by_title.get(fold(post.title)[:_ALIKE], [])[:_LOOKS]
        likely = likely + by_minute.get(_find_minute(post), [])[:_LOOKS]
        for number in likely:
            if number not in found and is_same(post, timed[number]):
                found[number] = place
                break
    if len(shown) == len(timed):
        places = set(found.values())
        free = [place for place in range(len(shown)) if place not in places]
        left = [number for number in range(len(timed)) if number not in found]
        found |= dict(zip(left, free, strict=True))
    updates = {place: timed[number] for number, place in found.items()}
    posts = [
        lay_time(post, updates[place]) if place in updates else post
        for place, post in enumerate(shown)
    ]
    # An edited post that was not found again would stand there twice; more updates than posts are others.
    unseen = [timed[number] for number in range(len(timed)) if number not in found]
    return tuple(posts + (unseen if len(timed) > len(shown) else []))


def lay_time(post: Post, update: Post) -> Post:
    """A post of the page with the times of its update, and its words where the page has none."""
    is_timed = update.published is not None and update.published.moment is not None
    return replace(
        post,
        published=update.published if is_timed else post.published,
        time_source=update.time_source if is_timed else post.time_source,
        updated=update.updated,
        title=post.title or update.title,
        blocks=post.blocks or update.blocks,
    )


def is_same(post: Post, update: Post) -> bool:
    """Whether a post of the page and an update of JSON-LD are one: by headline and minute."""
    if update.published is None:
        return False
    want, got = fold(update.title), fold(post.title)
    if want and got and want[:_ALIKE] != got[:_ALIKE]:
        return False
    first, other = update.published.instant, post.published.instant if post.published else None
    if first is not None and other is not None:
        return abs(first.replace(second=0, microsecond=0) - other) <= timedelta(minutes=1)
    return bool(want and got)


def choose_title(cut: str, whole: str) -> str:
    """A headline that JSON-LD cut short, as the page has it."""
    stem = cut.rstrip("….").rstrip()
    is_cut = stem != cut and bool(whole)
    return whole if not cut or (is_cut and fold(whole).startswith(fold(stem)[:40])) else cut


def name_provider(url: str) -> str:
    """`video.repubblica.it` is `repubblica`."""
    labels = (urlsplit(url).hostname or "").split(".")
    return labels[-2] if len(labels) > 1 else "another site"


def fold(text: str) -> str:
    """The letters and digits of a text, for comparing."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _find_minute(post: Post) -> datetime | None:
    instant = post.published.instant if post.published else None
    return instant.replace(second=0, microsecond=0) if instant else None


def _find_box(node: LexborNode) -> LexborNode:
    box, above = node, node.parent
    while above is not None and above.tag not in ("body", "html"):
        if re.match(r"inline-(?:video|audio)\b", read_attribute(above, "class")):
            return above
        if above.tag == "figure":
            box = above
        above = above.parent
    return box


def _is_hidden(node: LexborNode) -> bool:
    return node.parent is not None and node.parent.tag == "noscript"


READER = Reader("gedi", "live blogs of la Repubblica and other GEDI titles", recognise, read)
