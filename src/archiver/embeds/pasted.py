"""What others' markup in a post would load or run is lifted out of it: embeds, players, pictures, walls.

The steps are a plain list; each takes the tree further. What is lifted leaves a mark where it stood,
for a card to be put there; all words it held are in what was lifted, or stay in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from archiver.embeds.addresses import read_address
from archiver.embeds.consent import lift_walls, open_templates
from archiver.embeds.gallery import lift_figures, lift_hidden_pictures, lift_pictures, spell_logos
from archiver.embeds.lifting import LIFT, LIFTED, Lift, Lifting, is_unseen
from archiver.embeds.passages import read_passages, squeeze
from archiver.embeds.players import PLAYERS, read_player
from archiver.embeds.posts import POSTS, Post, read_post
from archiver.embeds.providers import mentions_provider
from archiver.model import Embed

_EMPTY = re.compile(
    r"(?<![^\s>\ufdd7])<(p|a|b|i|u|s|em|strong|span|small|h[1-6])(?: [^<>]*)?>\s*</\1>"
)

_MOST_WRAPPERS = 16
# A tag that was never finished gives an element a name that holds the next one (`b<p`).
_PLAIN = re.compile(r"[a-z][\w-]*\Z")
# Scripts that fill embeds, on whosever server.
_LOADER = re.compile(r"/embeds?\.js\b|datawrapper-height")


class Lifted(Struct, frozen=True):
    """HTML with marks (`LIFT`) that number what was lifted out of it, and the tree that is left."""

    html: str
    lifts: tuple[Lift, ...]
    tree: LexborNode


def lift_embeds(html: str, zone: ZoneInfo) -> Lifted:
    """Lift all that would load something out of some HTML; dates are given in a zone. Never raises."""
    lifting = Lifting(html, zone)
    for step in STEPS:
        step(lifting)
    text = lifting.body.inner_html or ""
    # A mark that is not ours numbers nothing; content holds none (`matter`), a page may.
    found = dict.fromkeys(map(int, LIFTED.findall(text)))
    order = [number for number in found if number < len(lifting.lifts)]
    places = {number: place for place, number in enumerate(order)}

    closed: set[int] = set()

    def make_room(match: re.Match[str]) -> str:
        if int(match[1]) not in places:
            return ""
        around = [node for node in lifting.wrappers[int(match[1])] if _PLAIN.match(node.tag or "")]
        closing = "".join(f"</{node.tag}>" for node in around if node.mem_id not in closed)
        closed.update(node.mem_id for node in around[:-_MOST_WRAPPERS])
        # What lies deeper is opened once, or a text would grow with its depth.
        opening = "".join(_write_tag(node) for node in around[-1 : -_MOST_WRAPPERS - 1 : -1])
        return f"{closing}{LIFT.format(places[int(match[1])])}{opening}"

    text = LIFTED.sub(make_room, text)
    # Where markup is text, what looks empty is somebody's words.
    is_markup = lifting.body.css_first("xmp, noembed, noframes, plaintext, textarea") is None
    before = "" if order and is_markup else text
    while before != text:
        before, text = text, _EMPTY.sub("", text)
    return Lifted(text, tuple(lifting.lifts[number] for number in order), lifting.body)


def flatten_drawings(lifting: Lifting) -> None:
    """Of a drawing or a formula, the words."""
    for node in lifting.find("svg, math"):
        words = "\n".join(passage.text for passage in read_passages(node))
        if words:
            node.insert_after(f" {words} ")
        for child in list(node.iter(include_text=True)):
            child.decompose()


def lift_posts(lifting: Lifting) -> None:
    for form in POSTS:
        for node in lifting.find(form.selector):
            # A post in a post was quoted, or the end of the first was forgotten.
            for inner in reversed(node.css("blockquote")) if node.tag == "blockquote" else ():
                if inner.mem_id != node.mem_id:
                    _lift_inner_post(inner, form, lifting)
            lifting.lift(node, read_post(node, form, lifting.zone))


def _lift_inner_post(node: LexborNode, form: Post, lifting: Lifting) -> None:
    post = read_post(node, form, lifting.zone)
    if post.author and post.url:
        lifting.lift(node, post)


def lift_players(lifting: Lifting) -> None:
    for form in PLAYERS:
        for node in lifting.find(form.selector):
            if not is_unseen(node):
                lifting.lift(node, read_player(node, form, lifting.zone))


def lift_addresses(lifting: Lifting) -> None:
    """An editor's own form, before a server has put the player into it: an address and no more."""
    for node in lifting.find(".wp-block-embed__wrapper"):
        text = squeeze(node.text() or "")
        found = read_address(text) if " " not in text else None
        if found:
            embed = Embed(found.provider, found.genre, found.url, handle=found.handle)
            lifting.lift(node, embed if found.url == text else replace(embed, label=text))


def drop_scripts(lifting: Lifting) -> None:
    """The scripts that would have loaded what is now a card, and what they were to fill."""
    for node in list(lifting.find("script, #fb-root")):
        said = (node.attributes.get("src") or "") + (node.text() or "")
        if node.tag != "script" or mentions_provider(said) or _LOADER.search(said):
            node.decompose()


def _write_tag(node: LexborNode) -> str:
    attributes = "".join(
        f' {name}="{escape(value or "")}"'
        for name, value in node.attributes.items()
        if name in ("dir", "lang", "href")
    )
    return f"<{node.tag}{attributes}>"


STEPS: tuple[Callable[[Lifting], None], ...] = (
    open_templates,
    flatten_drawings,
    spell_logos,
    lift_posts,
    lift_players,
    lift_addresses,
    lift_walls,
    lift_figures,
    lift_pictures,
    lift_hidden_pictures,
    drop_scripts,
)
