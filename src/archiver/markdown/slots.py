"""Numbered slots in a body's HTML, where pictures and embeds belong, and the text around them."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable

from archiver.model import Body, Embed, Media
from archiver.urls import HTML_TAG

# U+FDD0 and U+FDD1 are noncharacters: `matter` refuses them in content, so only we can write a slot.
_BLOCK = "<figure>\ufdd0{}\ufdd1</figure>"
_INLINE = "<span>\ufdd0{}\ufdd1</span>"
_SLOT = re.compile("<(figure|span)>\ufdd0(\\d{1,6})\ufdd1</\\1>")
_STRAY = re.compile("[\ufdd0\ufdd1]")
_FOOTNOTE_SIGN = re.compile(
    r'<sup class="footnote-ref">.*?</sup>| ?<a [^>]*class="footnote-backref">.*?</a>'
)
_CELL_END = re.compile(r"</t[dh]>")
_BLOCK_END = re.compile(r"</(?:p|li|h\d|blockquote|pre|tr|dd|dt|figcaption|div)>|<br>|<hr>")


def mark_slot(number: int, inline: bool = False) -> str:
    """The mark of a slot, as the parser writes it."""
    return (_INLINE if inline else _BLOCK).format(number)


def fill_slots(body: Body, show: Callable[[Media | Embed, bool], str]) -> str:
    """A body's HTML with each slot filled by what `show` makes of it (`True` for a slot inside a line)."""
    if not body.slots:
        return body.html

    def fill(match: re.Match[str]) -> str:
        number = int(match[2])
        if number >= len(body.slots):
            return ""
        return show(body.slots[number], match[1] == "span")

    return _STRAY.sub("", _SLOT.sub(fill, body.html))


def join_words(line: str) -> str:
    """A line with one space between its words."""
    # The only white space that Python calls printable is the space.
    if line.isprintable() and "  " not in line:
        return line.strip(" ")
    return " ".join(line.split())


def read_text_of(html: str) -> str:
    """What a reader sees of sanitised HTML: no markup, a line for each block."""
    if "footnote" in html:
        html = _FOOTNOTE_SIGN.sub("", html)
    if "\ufdd0" in html:
        html = _SLOT.sub(lambda slot: "\n" if slot[1] == "figure" else "", html)
    if "</t" in html:
        html = _CELL_END.sub(" ", html)
    text = entities.unescape(HTML_TAG.sub("", _BLOCK_END.sub("\n", html)))
    return "\n".join(filter(None, map(join_words, text.split("\n"))))
