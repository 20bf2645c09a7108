"""Pictures, films and sound in HTML, and the words that belong to them."""

from __future__ import annotations

import re

from msgspec import Struct
from selectolax.lexbor import LexborNode

from archiver.embeds.addresses import read_web_address
from archiver.embeds.passages import MARKS, squeeze
from archiver.model import MediaKind
from archiver.urls import scheme_of

ELEMENTS = {
    "img": MediaKind.PICTURE,
    "amp-img": MediaKind.PICTURE,
    "amp-anim": MediaKind.PICTURE,
    "input": MediaKind.PICTURE,
    "video": MediaKind.VIDEO,
    "amp-video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "amp-audio": MediaKind.AUDIO,
}
SELECTOR = "img, amp-img, amp-anim, input[type=image], video, amp-video, audio, amp-audio"
_ADDRESSES = ("src", "data-src", "data-lazy-src", "data-original", "data-hi-res-src", "data-url")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
# No picture comes in more sizes and forms.
_MOST_SOURCES = 20
# Credit after a caption, as agencies' pictures have it.
_CREDIT = re.compile(
    r"(?:^|\s)(?:Credit|Photograph|Photo|Foto|Picture|Image):\s*(?P<credit>[^\n]+)$"
)


class Shot(Struct, frozen=True):
    """A picture, film or sound as HTML names it: `address` may be relative, or empty."""

    kind: MediaKind
    address: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


def read_shot(node: LexborNode) -> Shot | None:
    """What an element of `ELEMENTS` shows; None for one that shows nothing: a counting pixel, a stub."""
    kind = ELEMENTS[node.tag or "img"]
    alt = ""
    for name in ("alt", "aria-label", "title"):
        alt = alt or squeeze(node.attributes.get(name) or "")
    address = _find_address(node)
    if not alt and kind is MediaKind.PICTURE and (not address or _is_pixel(node)):
        return None
    return Shot(kind, address, alt)


def read_caption(figure: LexborNode) -> tuple[str, str]:
    """The caption of a figure and the credit at its end."""
    caption = figure.css_first("figcaption")
    words = squeeze(caption.text(separator=" ")) if caption is not None else ""
    match = _CREDIT.search(words)
    return (words[: match.start()].strip(), match["credit"].strip()) if match else (words, "")


def _find_address(node: LexborNode) -> str:
    """Its own source, else one that a script would set; of several sizes the largest."""
    around = [node, *node.css("source")[:_MOST_SOURCES]]
    if node.parent is not None and node.parent.tag == "picture":
        around += _find_sources(node)
    given = [address for one in around for address in _read_all(one, _ADDRESSES)]
    sets = [address for one in around for address in _read_all(one, _SETS)]
    addresses = [one for one in given if one] + [one for one in map(_choose, sets) if one]
    for address in addresses:
        web = read_web_address(address)
        if web:
            return web
        if not scheme_of(address) and "{" not in address:
            return address
    return next(iter(addresses), "")


def _read_all(node: LexborNode, names: tuple[str, ...]) -> list[str]:
    return [MARKS.sub("", node.attributes.get(name) or "").strip() for name in names]


def _find_sources(node: LexborNode) -> list[LexborNode]:
    """The sources that stand before an image in its `picture`, the nearest at most."""
    found: list[LexborNode] = []
    before = node.prev
    for _ in range(2 * _MOST_SOURCES):
        if before is None:
            break
        if before.tag == "source":
            found.insert(0, before)
        before = before.prev
    return found


def _choose(candidates: str) -> str:
    """The largest of the pictures that a `srcset` names (WHATWG HTML, 4.8.4.2.1)."""
    best, largest = "", -1.0
    for match in re.finditer(r"([^\s,]\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)", candidates):
        try:
            size = float(match[2] or 1)
        except ValueError:
            size = 0.0
        if size > largest:
            best, largest = match[1], size
    return best


def _is_pixel(node: LexborNode) -> bool:
    sizes = [node.attributes.get(name) or "" for name in ("width", "height")]
    return any(re.fullmatch(r"\s*[01](?:px)?\s*", size) for size in sizes)
