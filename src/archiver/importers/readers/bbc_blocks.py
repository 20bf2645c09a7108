"""The BBC's model of texts since 2023 ({type, model: {blocks}}) to blocks."""

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
    Runs,
    join_runs,
)
from archiver.importers.embeds import make_embed
from archiver.importers.markup import read_html, resolve, tidy_runs
from archiver.importers.readers.bbc_nodes import make_player
from archiver.importers.values import find, find_line, find_number, find_objects, find_text
from archiver.model import Embed, Genre, MediaKind

_INLINE = frozenset(("fragment", "urlLink", "link", "inlineLink"))
_HEADINGS = frozenset(("subheadline", "heading", "subheading", "crosshead", "headline"))
_QUOTES = frozenset(("customQuote", "quote", "blockquote", "pullQuote"))
_PLAYERS = {
    "video": Genre.VIDEO,
    "portraitVideo": Genre.VIDEO,
    "clipMedia": Genre.VIDEO,
    "audio": Genre.SOUND,
    "liveMedia": Genre.VIDEO,
}
# The widths in which pictures are served.
_WIDTHS = (1024, 976, 800, 624, 480, 320, 240)
_PICTURE = "https://ichef.bbci.co.uk/ace/standard/{}/{}/{}"
_DEEPEST = 40


def list_inner(block: Any) -> list[dict[str, Any]]:
    """The blocks within a block."""
    return find_objects(block, "model", "blocks")


def read_model(
    blocks: list[dict[str, Any]], zone: ZoneInfo, address: str, depth: int = 0
) -> tuple[Block, ...]:
    """The blocks of some blocks of the model; words between them are paragraphs."""
    made: list[Block] = []
    inline: list[Run] = []

    def end_paragraph() -> None:
        runs = tidy_runs(inline)
        inline.clear()
        if runs:
            made.append(Paragraph(runs))

    for block in blocks if depth < _DEEPEST else []:
        if find_text(block, "type") in _INLINE:
            inline += _read_inline(block, Run(""), address, depth)
            continue
        end_paragraph()
        made += _read_block(block, zone, address, depth)
    end_paragraph()
    return tuple(made)


def read_runs(block: Any, address: str, depth: int = 0) -> Runs:
    """The words of a block, whatever is in it, as one line."""
    runs: list[Run] = []
    for one in list_inner(block) if depth < _DEEPEST else []:
        if find_text(one, "type") in _INLINE:
            runs += _read_inline(one, Run(""), address, depth)
        elif list_inner(one):
            runs += [Run(" "), *read_runs(one, address, depth + 1), Run(" ")]
        elif find_text(one, "model", "text"):
            runs.append(Run(find_line(one, "model", "text")))
    return tidy_runs(runs)


def _read_block(block: dict[str, Any], zone: ZoneInfo, address: str, depth: int) -> Iterator[Block]:
    name, inner = find_text(block, "type"), list_inner(block)
    if name == "paragraph":
        runs = read_runs(block, address) or tidy_runs([Run(find_line(block, "model", "text"))])
        if runs:
            yield Paragraph(runs)
    elif name in ("unorderedList", "orderedList"):
        items = (read_model([one], zone, address, depth + 1) for one in inner)
        kept = tuple(item for item in items if item)
        if kept:
            yield Listing(kept, name == "orderedList")
    elif name in _HEADINGS:
        runs = read_runs(block, address)
        if runs:
            yield Heading(3, runs)
    elif name in _QUOTES:
        told = [
            one for one in inner if find_text(one, "type") not in ("attribution", "quoteSource")
        ]
        said = [one for one in inner if one not in told]
        blocks = read_model(told, zone, address, depth + 1)
        if blocks:
            yield Quotation(blocks, read_runs({"model": {"blocks": said}}, address))
    elif name == "image":
        yield from read_image(block, address)
    elif name in _PLAYERS:
        yield from _read_player(block, _PLAYERS[name], address)
    elif name in ("social", "embed", "include", "oEmbed"):
        yield from _read_social(block, zone, address)
    else:
        yield from read_model(inner, zone, address, depth + 1)


def _read_inline(block: dict[str, Any], form: Run, address: str, depth: int) -> Iterator[Run]:
    """The words of a fragment or a link. A line break in them is white space, as on the page."""
    marks = find(block, "model", "attributes")
    for mark in marks if isinstance(marks, list) else []:
        if mark == "bold":
            form = replace(form, strong=True)
        elif mark == "italic":
            form = replace(form, emphasis=True)
    href = find_text(block, "model", "locator") or find_text(block, "model", "href")
    if href:
        form = replace(form, href=resolve(href, address))
    inner = list_inner(block) if depth < _DEEPEST else []
    if inner:
        for one in inner:
            yield from _read_inline(one, form, address, depth + 1)
        return
    text = find(block, "model", "text")
    if isinstance(text, str):
        yield replace(form, text=re.sub(r"[ \t\r\n\f]+", " ", text))


def read_image(block: Any, address: str) -> Iterator[Medium]:
    """A picture: its address is put together from where it is kept (`originCode`, `locator`)."""
    parts = {find_text(one, "type"): one for one in list_inner(block)}
    raw = find(parts.get("rawImage"), "model")
    locator = find_text(raw, "locator")
    url = locator if locator.startswith("http") else ""
    if locator and not url:
        width = find_number(raw, "width")
        served = next(
            (one for one in _WIDTHS if one <= (width or _WIDTHS[0])), width or _WIDTHS[-1]
        )
        origin = find_text(raw, "originCode") or "cpsprodpb"
        url = _PICTURE.format(served, origin, locator.lstrip("/"))
    if url:
        caption = join_runs(read_runs(parts.get("caption"), address)).replace("\n", " ")
        alt = join_runs(read_runs(parts.get("altText"), address)).replace("\n", " ")
        credit = find_line(raw, "copyrightHolder")
        yield Medium(MediaKind.PICTURE, resolve(url, address) or url, alt, caption, credit)


def _read_player(block: dict[str, Any], genre: Genre, address: str) -> Iterator[Block]:
    """A film or a sound: what it is called, and where it stands among the BBC's programmes."""
    inner = list_inner(block)
    media = next((one for one in inner if find_text(one, "type") in _PLAYERS), block)
    model = find(media, "model")
    title = find_line(model, "headlines", "primaryHeadline") or find_line(model, "video", "title")
    title = title or find_line(model, "title") or find_line(model, "headlines", "seoHeadline")
    caption = next((one for one in inner if find_text(one, "type") == "caption"), None)
    text = join_runs(read_runs(caption, address)).replace("\n", " ")
    text = text or find_line(model, "description")
    told = [
        find_text(model, "urns", "pipsPid"),
        find_text(model, "id"),
        find_text(model, "assetPath"),
    ]
    told += [find_text(block, "model", "locator"), find_text(model, "link", "path")]
    for one in told:
        match = re.search(r"(?:^|[:/])([bpwlm]0[0-9a-z]{6,13})$", one)
        if match:
            made = make_player(match[1], genre, title, text if text != title else "")
            yield Embedded(made)
            return
    if title or text:
        yield Embedded(Embed(provider="BBC", genre=genre, title=title or text))


def _read_social(block: dict[str, Any], zone: ZoneInfo, address: str) -> Iterator[Block]:
    """Somebody else's post: what its HTML holds, else its address."""
    source = find_text(block, "model", "source") or find_text(block, "model", "href")
    pending = list_inner(block)
    for _ in range(200):
        if not pending:
            break
        one = pending.pop(0)
        pending += list_inner(one)
        oembed = find(one, "model", "oembed")
        html, url = find_text(oembed, "html"), find_text(oembed, "url")
        source = source or url
        found = [one for one in read_html(html, zone, address) if isinstance(one, Embedded)]
        if found:
            yield from found
            return
        if find_text(oembed, "provider_name") and not source:
            yield Embedded(Embed(provider=find_text(oembed, "provider_name").lower()))
            return
    embed = make_embed(source, zone)
    if embed:
        yield Embedded(embed)


def read_model_text(blocks: list[dict[str, Any]]) -> str:
    """The words of some blocks as a reader of the page saw them."""
    words: list[str] = []
    pending: list[dict[str, Any]] = list(reversed(blocks))
    while pending:
        block = pending.pop()
        name, inner = find_text(block, "type"), list_inner(block)
        if name in ("altText", "social"):
            continue
        if name == "rawImage":
            words += [" ", find_line(block, "model", "copyrightHolder"), " "]
        text = find(block, "model", "text")
        if not inner and isinstance(text, str):
            words.append(text)
        if name not in _INLINE:
            words.append(" ")
        pending += reversed(inner)
        if name == "paragraph":
            pending.insert(len(pending) - len(inner), {"type": "fragment", "model": {"text": " "}})
    return " ".join("".join(words).split())
