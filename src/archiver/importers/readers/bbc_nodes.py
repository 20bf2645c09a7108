"""Bodies of BBC posts of 2014 to 2022: a tree of {name, children, attributes, text} to blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archiver.importers.capture import (
    Block,
    Embedded,
    Heading,
    Listing,
    Medium,
    Paragraph,
    Quotation,
    Run,
)
from archiver.importers.embeds import make_embed
from archiver.importers.markup import resolve, tidy_runs
from archiver.importers.values import find_line, find_objects, find_text
from archiver.model import Embed, Genre, MediaKind

_FORMS = {"bold": "strong", "strong": "strong", "italic": "emphasis", "emphasis": "emphasis"}
_INLINE = frozenset(("text", "link", "span", "lineBreak", *_FORMS))
_HEADINGS = frozenset("heading subheading subHeading crosshead title".split())
_QUOTES = frozenset("quote blockquote pullQuote customQuote".split())
_PLAYERS = {"video": Genre.VIDEO, "audio": Genre.SOUND, "media": Genre.VIDEO, "clip": Genre.VIDEO}
_DEEPEST = 40
# The number of a film or a programme at the BBC.
_PROGRAMME = re.compile(r"(?:^|[:/])([bpwl]0[0-9a-z]{6,13})$")
WIDTH = "976"


class NodeReader:
    """The nodes of one post; `images` are what the post says of its pictures beside its body, by id."""

    def __init__(self, zone: ZoneInfo, address: str, images: dict[str, Any]) -> None:
        self.zone = zone
        self.address = address
        self.images = images

    def read(self, nodes: list[dict[str, Any]], depth: int = 0) -> tuple[Block, ...]:
        """The blocks of some nodes; words between them are paragraphs."""
        blocks: list[Block] = []
        inline: list[Run] = []
        for node in nodes if depth < _DEEPEST else []:
            if find_text(node, "name") in _INLINE:
                inline += self.read_runs(node, Run(""), depth)
                continue
            blocks += _end_paragraph(inline)
            blocks += self.read_block(node, depth)
        return (*blocks, *_end_paragraph(inline))

    def read_block(self, node: dict[str, Any], depth: int) -> tuple[Block, ...]:
        """The blocks of one node; of an unknown one those of its children."""
        name, children = find_text(node, "name"), find_objects(node, "children")
        if name in ("list", "unorderedList", "orderedList"):
            items = (self.read([child], depth + 1) for child in children)
            kept = tuple(item for item in items if item)
            is_ordered = name == "orderedList" or _attribute(node, "type") in ("ordered", "ol")
            return (Listing(kept, is_ordered),) if kept else ()
        if name in _HEADINGS:
            runs = tidy_runs(list(self.read_inline(children, depth)))
            return (Heading(3, runs),) if runs else ()
        if name in _QUOTES:
            blocks = self.read(children, depth + 1)
            return (Quotation(blocks),) if blocks else ()
        if name == "image":
            return tuple(self.read_image(node))
        if name == "embed":
            embed = self.read_embed(node, depth)
            return (Embedded(embed),) if embed else ()
        if name in _PLAYERS:
            return tuple(self.read_player(node, _PLAYERS[name])) or self.read(children, depth + 1)
        return self.read(children, depth + 1)

    def read_inline(self, nodes: list[dict[str, Any]], depth: int) -> Iterator[Run]:
        for node in nodes:
            yield from self.read_runs(node, Run(""), depth)

    def read_runs(self, node: dict[str, Any], form: Run, depth: int) -> Iterator[Run]:
        """The words of a node. A line break in them is white space, as on the page."""
        name = find_text(node, "name")
        if depth >= _DEEPEST:
            return
        if name == "lineBreak":
            yield replace(form, text="\n")
            return
        text = node.get("text")
        if isinstance(text, str):
            yield replace(form, text=re.sub(r"[ \t\r\n\f]+", " ", text))
        if name in _FORMS:
            form = replace(form, **{_FORMS[name]: True})
        children = find_objects(node, "children")
        if name == "link":
            parts = {find_text(child, "name"): child for child in children}
            href = _attribute(parts.get("url", {}), "href") or _attribute(node, "href")
            form = replace(form, href=resolve(href, self.address))
            named = [parts[one] for one in ("caption", "altText") if one in parts]
            children = [one for one in named if _read_words(one)][:1] or [
                child for child in children if find_text(child, "name") not in ("url", "altText")
            ]
        for child in children:
            yield from self.read_runs(child, form, depth + 1)

    def read_image(self, node: dict[str, Any]) -> Iterator[Medium]:
        beside = self.images.get(_attribute(node, "id"))
        told = {**(beside if isinstance(beside, dict) else {}), **node}
        chef = find_text(told, "imageChefHref").replace("{width}", WIDTH)
        address = find_text(told, "href") or find_text(told, "url") or chef
        if not address:
            return
        caption = find_line(told, "caption") or _find_words(node, "caption")
        yield Medium(
            MediaKind.PICTURE,
            resolve(address, self.address) or address,
            find_line(told, "altText") or _find_words(node, "altText"),
            caption,
            find_line(told, "copyrightHolder"),
        )

    def read_embed(self, node: dict[str, Any], depth: int) -> Embed | None:
        parts = {find_text(child, "name"): child for child in find_objects(node, "children")}
        words = {name: _read_words(child) for name, child in parts.items()}
        address = words.get("href") or words.get("url") or _attribute(parts.get("href", {}), "href")
        address = address or _attribute(node, "href") or find_text(node, "href")
        embed = make_embed(address, self.zone)
        if embed is None and words.get("type"):
            return Embed(provider=words["type"].lower())
        return embed

    def read_player(self, node: dict[str, Any], genre: Genre) -> Iterator[Block]:
        told = [one for one in node.values() if isinstance(one, str)]
        told += [find_text(one, "value") for one in find_objects(node, "attributes")]
        numbers = [match[1] for one in told if (match := _PROGRAMME.search(one))]
        words = [find_line(node, name) or _find_words(node, name) for name in ("title", "caption")]
        title = next((one for one in words if one), "")
        if numbers:
            yield Embedded(make_player(numbers[0], genre, title))
        elif title:
            yield Embedded(Embed(provider="BBC", genre=genre, title=title))


def make_player(number: str, genre: Genre, title: str, text: str = "") -> Embed:
    """A film or a sound of the BBC by its number; the address is that of its page."""
    url = f"https://www.bbc.co.uk/programmes/{number}"
    return Embed(provider="BBC", genre=genre, url=url, title=title, text=text)


def _end_paragraph(inline: list[Run]) -> tuple[Block, ...]:
    runs = tidy_runs(inline)
    inline.clear()
    return (Paragraph(runs),) if runs else ()


def _attribute(node: dict[str, Any], name: str) -> str:
    for one in find_objects(node, "attributes"):
        if one.get("name") == name:
            return find_text(one, "value")
    return ""


def _find_words(node: dict[str, Any], name: str) -> str:
    for child in find_objects(node, "children"):
        if child.get("name") == name:
            return _read_words(child)
    return ""


def _read_words(node: dict[str, Any]) -> str:
    return " ".join(read_node_text([node]).split())


def read_node_text(nodes: list[dict[str, Any]]) -> str:
    """All words of some nodes, those of links once, as a reader of the page saw them."""
    words: list[str] = []
    pending: list[Any] = list(reversed(nodes))
    while pending:
        node = pending.pop()
        if not isinstance(node, dict):
            continue
        name = node.get("name")
        if name in ("embed", "url"):
            continue
        if name == "image":
            words += [" ", find_line(node, "caption"), " ", find_line(node, "copyrightHolder"), " "]
        text = node.get("text")
        words.append(text if isinstance(text, str) else "" if name in _INLINE else " ")
        children = find_objects(node, "children")
        if name == "link" and any(one.get("name") == "caption" for one in children):
            children = [one for one in children if one.get("name") != "altText"]
        if name not in _INLINE and children:
            pending.append({"name": "text", "text": " "})
        pending += reversed(children)
    return " ".join("".join(words).split())
