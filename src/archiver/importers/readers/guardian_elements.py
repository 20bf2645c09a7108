"""Page elements of dotcom-rendering, the Guardian's site, to blocks.

`_type` is `model.dotcomrendering.pageElements.<Name>BlockElement`. Elements that are not known give
what their `html`, their inner `elements` or their address hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from archiver.importers.capture import (
    Block,
    Embedded,
    Heading,
    Medium,
    Paragraph,
    Quotation,
    Run,
    join_runs,
)
from archiver.importers.embeds import make_embed
from archiver.importers.markup import read_html, read_line, resolve
from archiver.importers.values import (
    find,
    find_line,
    find_number,
    find_objects,
    find_text,
    strip_tags,
)
from archiver.model import Genre, MediaKind

# Asks readers for something; no words of the coverage.
_FURNITURE = frozenset(
    "Callout CalloutBlockElementV2 Membership AdPlaceholder Disclaimer NewsletterSignup "
    "EmailSignup ProductLink".split()
)
_ADDRESSES = ("url", "originalUrl", "embedUrl", "iframeUrl", "sourceUrl", "source", "src", "link")
_DEEPEST = 20


def read_elements(
    elements: list[dict[str, Any]], zone: ZoneInfo, address: str, depth: int = 0
) -> tuple[Block, ...]:
    """The blocks of some elements. Neighbouring text is read as one piece."""
    blocks: list[Block] = []
    words: list[str] = []
    for element in elements if depth < _DEEPEST else []:
        if name_element(element) in ("Text", "Subheading", "Blockquote", "Table"):
            words.append(find_text(element, "html"))
            continue
        blocks += read_html("\n".join(words), zone, address)
        words.clear()
        blocks += read_element(element, zone, address, depth)
    return (*blocks, *read_html("\n".join(words), zone, address))


def name_element(element: dict[str, Any]) -> str:
    """What an element is, in a word: `Text`, `Tweet`."""
    return re.sub(
        r"(?:Block|Atom)?(?:Block)?Element$", "", find_text(element, "_type").rpartition(".")[2]
    )


def read_element(
    element: dict[str, Any], zone: ZoneInfo, address: str, depth: int = 0
) -> list[Block]:
    """The blocks of one element that is not plain text."""
    name = name_element(element)
    html = find_text(element, "html")
    if name in _FURNITURE:
        return []
    if name == "Image":
        return list(_read_image(element, zone, address))
    if name == "Pullquote":
        return [Quotation(read_html(html, zone, address), _read_runs(element, "attribution", zone))]
    if name == "RichLink":
        return list(_read_rich_link(element, address))
    if name in ("Youtube", "YoutubeVideo") and find_text(element, "assetId"):
        url = f"https://www.youtube.com/watch?v={find_text(element, 'assetId')}"
        title = find_line(element, "mediaTitle") or find_line(element, "title")
        embed = make_embed(url, zone, title, genre=Genre.VIDEO)
        return [Embedded(embed)] if embed else []
    blocks: list[Block] = list(_read_files(element, address))
    if not blocks and html:
        blocks = list(read_html(html, zone, address))
    if not any(isinstance(block, Embedded | Medium) for block in blocks) and name not in ("Code",):
        given = [found for one in _ADDRESSES if (found := find_text(element, one))]
        embeds = [
            made for one in given if one.startswith("http") and (made := make_embed(one, zone))
        ]
        title = find_line(element, "title") or find_line(element, "alt")
        if embeds and not blocks:
            first = make_embed(embeds[0].url, zone, title)
            blocks = [Embedded(first or embeds[0])]
    caption = _read_runs(element, "caption", zone)
    if caption and not any(isinstance(block, Medium) for block in blocks):
        blocks.append(Paragraph(caption))
    return [*blocks, *_read_inner(element, zone, address, depth, bool(blocks))]


def _read_inner(
    element: dict[str, Any], zone: ZoneInfo, address: str, depth: int, has_blocks: bool
) -> Iterator[Block]:
    """What stands inside: a timeline's events, a list's items, questions and their answers."""
    if not has_blocks:
        body = find_text(element, "body") or find_text(element, "answer")
        title = find_line(element, "title")
        if title and (
            body or any(element.get(one) for one in ("elements", "items", "listElements"))
        ):
            yield Heading(3, (Run(title),))
        yield from read_html(body, zone, address)
    for name in ("elements", "listElements", "items", "sections", "events"):
        for one in find_objects(element, name):
            if find_text(one, "_type"):
                yield from read_elements([one], zone, address, depth + 1)
            elif depth < _DEEPEST:
                yield from _read_inner(one, zone, address, depth + 1, False)


def _read_image(element: dict[str, Any], zone: ZoneInfo, address: str) -> Iterator[Medium]:
    images = find_objects(element, "media", "allImages") or find_objects(element, "assets")
    url = choose_image(images)
    if not url:
        sources = find_objects(element, "imageSources", 0, "srcSet")
        largest = max(sources, key=lambda one: find_number(one, "width"), default={})
        url = find_text(largest, "src") or find_text(element, "url")
    if not url:
        return
    data = element if find(element, "data") is None else element["data"]
    yield Medium(
        MediaKind.PICTURE,
        resolve(url, address) or url,
        find_line(data, "alt"),
        join_runs(_read_runs(data, "caption", zone)).replace("\n", " "),
        join_runs(_read_runs(data, "credit", zone)).replace("\n", " "),
    )


def choose_image(images: list[dict[str, Any]]) -> str:
    """The address of the picture as it was delivered (the master), else of the largest."""

    def rank(one: dict[str, Any]) -> tuple[bool, int]:
        told = one.get("fields") or one.get("typeData") or one
        is_master = str(find(told, "isMaster")).lower() == "true"
        return is_master, find_number(told, "width")

    best = max(images, key=rank, default={})
    return find_text(best, "url") or find_text(best, "file")


def _read_rich_link(element: dict[str, Any], address: str) -> Iterator[Paragraph]:
    """A link to another page of the site, with the word before it ("Related: ")."""
    text = find_line(element, "text") or find_line(element, "linkText")
    prefix = find_line(element, "prefix") or find_line(element, "linkPrefix")
    href = resolve(find_text(element, "url"), address)
    if text:
        runs = (Run(f"{prefix} "), Run(text, href)) if prefix else (Run(text, href),)
        yield Paragraph(runs)


def _read_files(element: dict[str, Any], address: str) -> Iterator[Medium]:
    """A film or a sound of the publisher's own: the first file that is named."""
    assets = find_objects(element, "assets")
    assets += [
        {"url": one} for name in ("trackUrl", "assetUrl") if (one := find_text(element, name))
    ]
    for asset in assets:
        url = find_text(asset, "url") or find_text(asset, "file")
        kind = find_text(asset, "mimeType").partition("/")[0]
        if kind == "video" or url.endswith((".mp4", ".webm", ".m3u8")):
            made = MediaKind.VIDEO
        elif kind == "audio" or url.endswith((".mp3", ".m4a")):
            made = MediaKind.AUDIO
        else:
            continue
        caption = strip_tags(find_text(element, "caption") or find_text(element, "title"))
        yield Medium(made, resolve(url, address) or url, "", caption, find_line(element, "credit"))
        return


def _read_runs(value: Any, name: str, zone: ZoneInfo) -> tuple[Run, ...]:
    return read_line(find_text(value, name), zone)


def read_element_text(elements: list[dict[str, Any]]) -> str:
    """The words of some elements as a reader of the page saw them."""
    words: list[str] = []
    for element in elements:
        if name_element(element) in _FURNITURE:
            continue
        data = find(element, "data")
        names = ("html", "prefix", "text", "attribution", "mediaTitle", "body")
        words += [strip_tags(find_text(element, name)) for name in names]
        words += [strip_tags(find_text(data, name)) for name in ("caption", "credit")]
    return " ".join(word for word in words if word)
