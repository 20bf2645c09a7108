"""Raw HTML in a text: its tags are numbered, so that what is found in the rendered tree has a place."""

from __future__ import annotations

import re
from collections import Counter

from markdown_it.rules_core import StateCore
from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from archiver.diagnostics import Place
from archiver.embeds import LIFTED, Lift, Shot, lift_embeds
from archiver.markdown.context import Context, Gathered, Tag, gathered_of
from archiver.markdown.pictures import make_media
from archiver.markdown.slots import mark_slot
from archiver.model import Embed, Media
from archiver.sanitize import DROPPED, TAGS
from archiver.urls import scheme_of

# An attribute that only we can write: noncharacters around the number of a tag.
_NUMBER = "\ufdd4{}\ufdd5"
_NUMBERED = re.compile("\ufdd4(\\d+)\ufdd5")
_STRAY = re.compile(' ?\ufdd4\\d+\ufdd5(?:="")?')
_OPENING = re.compile(r"<([a-zA-Z][^\s/>\0]*)")
# Elements that go without a word: what they hold is there without them, or was never seen.
_SILENT = frozenset("html head body picture source track param noscript".split())


def number_tags(state: StateCore) -> None:
    """Number each tag of raw HTML, in an attribute of its own."""
    if "<" not in state.src:
        return
    tags = gathered_of(state).tags
    for block in state.tokens:
        parts = [block] if block.type == "html_block" else block.children or []
        seen: Counter[str] = Counter()
        for part in parts:
            if part.type in ("html_block", "html_inline"):
                part.content = _number_part(part.content, block.map, tags, seen)


def _number_part(html: str, lines: list[int] | None, tags: list[Tag], seen: Counter[str]) -> str:
    def write_number(match: re.Match[str]) -> str:
        tags.append(Tag(match[0], (lines[0], lines[1]) if lines else None, seen[match[0]]))
        seen[match[0]] += 1
        return f"{match[0]} {_NUMBER.format(len(tags) - 1)}"

    return _OPENING.sub(write_number, html)


def lift_markup(html: str, context: Context, gathered: Gathered) -> str:
    """The rendered text with all that would load something put into slots; what is lost is told."""
    lifted = lift_embeds(html, context.zone)
    first = len(gathered.slots)
    for lift in lifted.lifts:
        gathered.slots.append(_make_slot(lift, context, gathered))

    def write_slot(match: re.Match[str]) -> str:
        number = int(match[1])
        return mark_slot(first + number, lifted.lifts[number].inline)

    _tell_lost(lifted.tree, context, gathered)
    return _STRAY.sub("", LIFTED.sub(write_slot, lifted.html))


def _make_slot(lift: Lift, context: Context, gathered: Gathered) -> Media | Embed:
    place = _locate(lift.node, context, gathered, words=lift.words)
    if isinstance(lift.content, Shot):
        return make_media(lift.content, place, context, pasted=True)
    embed = lift.content
    if not embed.was_captured:
        context.report.warn(
            "embed-not-captured",
            "the embed holds no words that could be kept; the page says what stood here",
            place,
            "write what it showed in an `embed` block: `text`, `transcript`, or `media`",
        )
    if not lift.shots:
        return embed
    media = tuple(make_media(shot, place, context, pasted=True) for shot in lift.shots)
    return replace(embed, media=media)


def _tell_lost(tree: LexborNode, context: Context, gathered: Gathered) -> None:
    """Warn of each element in raw HTML that no page will show, and of links that cannot be kept."""
    if _NUMBER[0] not in (tree.inner_html or ""):
        return
    for node in tree.css("*"):
        name = node.tag or ""
        if _number_of(node) is None or name in _SILENT or _is_in_drawing(node):
            continue
        if name not in TAGS:
            context.report.warn(
                "html-not-kept",
                f"the HTML element `<{name}>` is not kept, "
                + ("nor what is in it" if name in DROPPED else "only the words in it"),
                _locate(node, context, gathered),
                "write what it showed as Markdown, or as an `embed` block",
            )
        href = _STRAY.sub("", node.attributes.get("href") or "") if name == "a" else ""
        if href and not scheme_of(href):
            context.report.warn(
                "html-link-not-kept",
                f"the link to `{href}` is not kept: in raw HTML it cannot be checked",
                _locate(node, context, gathered, href),
                "write it as a Markdown link",
            )


def _is_in_drawing(node: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.tag not in ("svg", "math"):
        above = above.parent
    return above is not None


def _number_of(node: LexborNode) -> int | None:
    for name in node.attributes:
        match = _NUMBERED.fullmatch(name)
        if match:
            return int(match[1])
    return None


def _locate(
    node: LexborNode, context: Context, gathered: Gathered, needle: str = "", words: str = ""
) -> Place:
    """Where an element stands: by its number or that of one in it, else by its first words."""
    numbers = (_number_of(one) for one in (node, *node.css("*")))
    number = next((one for one in numbers if one is not None and one < len(gathered.tags)), None)
    if number is None:
        return context.locate(None, words)
    tag = gathered.tags[number]
    lines = list(tag.lines) if tag.lines else None
    return context.locate(lines, needle) if needle else context.locate(lines, tag.text, tag.number)
