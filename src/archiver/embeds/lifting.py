"""The lifting of embeds out of a tree on its way: what has been taken, and what is left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from zoneinfo import ZoneInfo

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.embeds.passages import is_sign, squeeze
from archiver.embeds.pictures import SELECTOR, Shot, read_shot
from archiver.model import Embed, Genre

# Marks as `sanitize` has them: noncharacters, which no content can hold.
LIFT = "\ufdd6{}\ufdd7"
LIFTED = re.compile("\ufdd6(\\d+)\ufdd7")
# Where a card may stand; anything else around it is closed before it and opened again after it.
ROOMS = frozenset(
    """body article aside blockquote center dd details div fieldset figcaption figure footer form
    header li main nav section td th""".split()
)


class Lift(Struct, frozen=True):
    """One thing that was lifted: an embed with the pictures in it, or a picture by itself.

    `node` and its first `words` are for its place to be found; `inline` says that it stood among
    words.
    """

    content: Embed | Shot
    node: LexborNode
    words: str = ""
    shots: tuple[Shot, ...] = ()
    inline: bool = False


class Lifting:
    """One lifting on its way: the tree, and what has been taken out of it so far."""

    def __init__(self, html: str, zone: ZoneInfo) -> None:
        self.tree = LexborHTMLParser(f"<!doctype html><body>{html}")
        assert self.tree.body is not None, "a parsed document has a body"
        self.body = self.tree.body
        self._text = unescape(html).lower()
        self.zone = zone
        self.lifts: list[Lift] = []
        self.wrappers: list[list[LexborNode]] = []

    def lift(self, node: LexborNode, content: Embed | Shot, inline: bool = False) -> None:
        """Take a node out of the tree and put a mark in its place, and those that were in it behind."""
        shots: tuple[Shot, ...] = ()
        if isinstance(content, Embed):
            inner = [read_shot(one) for one in node.css(SELECTOR) if one.mem_id != node.mem_id]
            # What a player shows before it plays says something only where it has words.
            is_post = content.genre is Genre.POST
            shots = tuple(
                one for one in inner if one and (one.alt or is_post) and not is_sign(one.alt)
            )
        words = next((line for line in read_lines(node).split("\n") if line), "")
        wrappers = [] if inline else list(list_wrappers(node))
        within = LIFTED.findall(node.html or "")
        for number in map(int, within):
            self.wrappers[number] = wrappers
        mark = LIFT.format(len(self.lifts))
        self.wrappers.append(wrappers)
        self.lifts.append(Lift(content, node, words, shots, inline))
        node.replace_with(mark + "".join(map(LIFT.format, within)))

    def find(self, selector: str) -> Iterable[LexborNode]:
        """The elements that are still in the tree, in its order, each looked at when it is its turn."""
        # Few texts hold any of what is looked for, in some forty ways.
        for sign in list_signs(selector):
            if sign in self._text:
                return filter(self.holds, self.body.css(selector))
        return ()

    def holds(self, node: LexborNode) -> bool:
        """Whether a node is still in the tree."""
        above: LexborNode | None = node
        while above is not None and above.mem_id != self.body.mem_id:
            above = above.parent
        return above is not None


@cache
def list_signs(selector: str) -> tuple[str, ...]:
    """Words in lower case of which the text of some HTML holds one, if an element in it is among those that
    a list of selectors names: from each the longest name of an element, a class or an attribute."""
    signs = [max(re.findall(r"[\w-]+", one), key=len) for one in selector.lower().split(",")]
    # Which is read as `img` (WHATWG HTML, 13.2.6.4.7).
    return (*signs, "image") if "img" in signs else tuple(signs)


def list_wrappers(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node that no card may stand in, from the inside out."""
    above = node.parent
    while above is not None and above.tag not in ROOMS:
        yield above
        above = above.parent


def read_lines(node: LexborNode) -> str:
    """The words of a node, line for line."""
    if node.tag == "-text":
        return "\n".join(squeeze(line) for line in (node.text() or "").strip().split("\n"))
    parts = ("\n" if one.tag == "br" else one.text() or "" for one in node.iter(include_text=True))
    return "\n".join(squeeze(line) for line in "".join(parts).strip().split("\n"))


def is_in(node: LexborNode, tag: str, top: LexborNode) -> bool:
    """Whether an element of a name lies around a node, below another."""
    above = node.parent
    while above is not None and above.mem_id != top.mem_id:
        if above.tag == tag:
            return True
        above = above.parent
    return False


def is_unseen(node: LexborNode) -> bool:
    """Whether a frame or a picture is there only to count its readers."""
    sizes = [(node.attributes.get(name) or "").strip() for name in ("width", "height")]
    return all(re.fullmatch(r"[01](?:px)?", size) for size in sizes)
