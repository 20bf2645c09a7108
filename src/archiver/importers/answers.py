"""Values out of an answer for machines, of whatever type they turn out to be."""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from archiver.importers.values import find

# What a reader never sees of a post's HTML.
_UNSEEN = "script, style, template, noscript, head, [hidden], .hidden"
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def read_string(value: Any, *path: str | int) -> str:
    """A text without white space around it; a whole number as text; else nothing."""
    found = find(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        # Python refuses to spell numbers of thousands of digits.
        return str(found) if abs(found) < 10**40 else ""
    return found.strip() if isinstance(found, str) else ""


def read_count(value: Any, *path: str | int) -> int:
    """A count: a whole number or its digits, below a billion; else 0."""
    text = read_string(value, *path)
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def read_flag(value: Any, *path: str | int) -> bool:
    """Whether a flag is set: true, 1, or either as text."""
    found = find(value, *path)
    return found is True or (isinstance(found, int | str) and str(found).lower() in ("1", "true"))


def read_name(value: Any) -> str:
    """A name; nothing where it is an address for mail, which is no byline."""
    name = " ".join(read_string(value).split())
    return "" if _ADDRESS.search(name) else name


def read_seen(html: str) -> str:
    """The words that a reader saw of some HTML, white space run together."""
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    if body is None:
        return ""
    for node in body.css(_UNSEEN):
        node.decompose()
    return " ".join((body.text(separator=" ") or "").split())
