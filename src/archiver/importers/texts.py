"""Texts as pages give them to machines: escaped once or twice, with tags, clocks and leftovers in them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-z]\w{1,30}|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|em|i|mark|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>", re.IGNORECASE
)
_KNOWN = re.compile(
    r"<(?:a|b|blockquote|br|div|em|figure|h[1-6]|i|iframe|img|li|ol|p|script|span|strong|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# A clock in front of a headline, as in "19:02(IST) Toss".
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})\s*\([A-Z]{2,5}\)[\s:–-]*(?=\S)")
# What a publisher's system left where a picture or a box was to stand: `[[ge:rep-locali:…]]`.
PLACEHOLDER = re.compile(r"\[\[\w+:[^\[\]\s]{1,200}\]\]")


def clean(value: Any) -> str:
    """A line of text, entities read once, and again where they were escaped twice."""
    if not isinstance(value, str):
        return ""
    # A headline that was cut may end within an entity.
    text = re.sub(r"&#?\w{0,8}(?=…|\.\.\.$)", "", mend_entities(value))
    return " ".join(TAG.sub("", text).split())


def mend_entities(text: str) -> str:
    """A text with its entities read, as often as they were escaped but at most three times."""
    for _ in range(3):
        if not _ENTITY.search(text):
            break
        text = unescape(text)
    return text


def mend_markup(text: str) -> str:
    """A text whose tags were escaped, as HTML; any other as it was."""
    mended = text
    for _ in range(3):
        if TAG.search(mended) or not _ENTITY.search(mended):
            break
        mended = unescape(mended)
    return mended if _KNOWN.search(mended) else text


def strip_tags(html: str) -> str:
    """The words of some HTML, or of a text."""
    text = mend_markup(PLACEHOLDER.sub("", html))
    return " ".join(mend_entities(TAG.sub(" ", _INLINE.sub("", text))).split())


def drop_clock(title: str) -> str:
    """A headline without the clock and its zone in front."""
    match = _CLOCK.match(title)
    is_clock = match is not None and int(match[1]) < 25 and int(match[2]) < 60
    return title[match.end() :] if match is not None and is_clock else title
