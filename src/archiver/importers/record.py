"""A captured resource as it was kept, decoded, with what is known of where and when it came from."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from msgspec import Struct, field
from selectolax.lexbor import LexborHTMLParser, LexborNode


class Record(Struct, frozen=True):
    """One page or answer of a capture.

    `data` are its bytes as they are read; `name` what the file was called; `address` where it was on
    the web, and `captured` when, where these are known; `resources` what was kept with it, by address
    (a picture, say); `tool` what made the capture, where it says so. `kept` is the web archive (WARC)
    that is kept of it in place of its bytes, where it was fetched; `original` the file as it was, where
    the page had to be taken out of it or restored.
    """

    data: bytes
    name: str = ""
    address: str = ""
    captured: datetime | None = None
    resources: Mapping[str, bytes] = field(default_factory=dict)
    kept: bytes = b""
    original: bytes = b""
    tool: str = ""

    @property
    def text(self) -> str:
        """The record as text: UTF-8, else what it says of itself, else Windows-1252."""
        return _decode(self.data)

    @property
    def looks_like_json(self) -> bool:
        """Whether it is an answer for machines."""
        return re.match(rb"\s*[{\[]", self.data) is not None

    @property
    def looks_like_html(self) -> bool:
        """Whether it is a page."""
        return (
            re.search(rb"<(?:!doctype|html|head|body|article|div)\b", self.data[:4096], re.I)
            is not None
        )

    @property
    def tree(self) -> LexborHTMLParser:
        """The page, parsed once."""
        return _parse(self.text)

    @property
    def json(self) -> Any:
        """The answer, read once; None where it is none."""
        return _load(self.text)


_NO_CHARSETS = frozenset("idna punycode raw-unicode-escape undefined unicode-escape utf-7".split())
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@lru_cache(maxsize=4)
def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    declared = re.search(
        rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})""", data[:16384], re.I
    )
    if declared:
        try:
            # Some of Python's codecs are none of texts on the web, and fail in ways of their own.
            name = codecs.lookup(declared[1].decode("ascii")).name
            if name not in _NO_CHARSETS:
                return data.decode(name, errors="replace")
        except LookupError:
            pass
    return data.decode("windows-1252", errors="replace")


@lru_cache(maxsize=2)
def _parse(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


@lru_cache(maxsize=2)
def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


# What some systems put around a script for browsers of long ago, and a semicolon.
_BEFORE = re.compile(r"(?://|/\*)?\s*<!(?:\[CDATA\[|--)\s*(?:\*/)?")
_AFTER = re.compile(r"(?:(?://|/\*)?\s*(?:\]\]|--)>\s*(?:\*/)?|;)\s*\Z")
_TAIL = 40


def list_linked_data(record: Record) -> Iterator[Any]:
    """Every JSON-LD object of a page, script by script: a broken one spoils no other.

    Lists and `@graph` are opened; what is nested deeper is the reader's to find.
    """
    for script in record.tree.css('script[type*="ld+json" i]'):
        text = (script.text() or "").strip()
        try:
            found = json.loads(_unwrap(text), strict=False)
        except (ValueError, RecursionError):
            continue
        pending = [found]
        while pending:
            one = pending.pop(0)
            if isinstance(one, list):
                pending = one + pending
            elif isinstance(one, dict):
                yield one
                graph = one.get("@graph")
                pending = (graph if isinstance(graph, list) else []) + pending


def _unwrap(text: str) -> str:
    before = _BEFORE.match(text)
    text = text[before.end() :] if before else text
    if text.endswith(("}", "]")):
        return text
    return text[:-_TAIL] + _AFTER.sub("", text[-_TAIL:])


def read_meta(record: Record, *names: str) -> str:
    """The first of some `<meta>` values (by name or property) that a page has."""
    for name in names:
        for node in record.tree.css(f'meta[name="{name}"], meta[property="{name}"]'):
            content = " ".join((node.attributes.get("content") or "").split())
            if content:
                return content
    return ""


def read_canonical(record: Record) -> str:
    """The address that a page gives itself."""
    link = record.tree.css_first('link[rel="canonical"]')
    href = (link.attributes.get("href") or "").strip() if link is not None else ""
    return href or read_meta(record, "og:url") or record.address


def read_text(node: LexborNode | None) -> str:
    """The words of a node, white space run together."""
    return " ".join((node.text(separator=" ") or "").split()) if node is not None else ""
