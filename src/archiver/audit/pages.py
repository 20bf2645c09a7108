"""A page of HTML, read as a browser reads it: every element, also in templates and in `noscript`."""

from __future__ import annotations

import html
import re
from collections import defaultdict, deque
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.audit.findings import Finding
from archiver.audit.markup import ELEMENTS, judge_element
from archiver.audit.policy import judge_head

# What may stand before the charset: it must be found in a page's first 1024 bytes (HTML, 13.2.3.2).
_BEGINNING = re.compile(
    r"\s*(?:<!doctype[^>]{0,100}>)?\s*(?:<html(?:\s[^>]{0,300})?>)?\s*(?:<head>)?\s*<meta\s+charset",
    re.IGNORECASE,
)
# What stands in `noscript` is markup or text, as a browser runs no scripts or does: both are read.
SCRIPTING = (False, True)
_WITH_TEXT = frozenset({"script", "style"})
_TAG = re.compile(
    r"<!--(?:.*?-->|.*)|<([a-z][^\s/>]*)((?:[^>\"']|\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z))*)",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s>]*)))?""", re.DOTALL
)


def audit_page(text: str, path: str) -> Iterator[Finding]:
    """What a page may load, send or run, and what is wrong with its policy; offsets are in the text."""
    lowered = text.lower()
    ways = SCRIPTING if "<noscript" in lowered else SCRIPTING[:1]
    tags: _Tags | None = None
    for parser in (LexborHTMLParser(text, scripting=scripting) for scripting in ways):
        head = _read_head(parser) if _BEGINNING.match(text[:1024]) else []
        for found in judge_head(head):
            tags = tags or _Tags(text)
            yield tags.place("meta" if found.attribute else "head", found)
        for name, found in _judge_tree(parser, path, "<template" in lowered):
            tags = tags or _Tags(text)
            yield tags.place(name, found)


def _judge_tree(
    parser: LexborHTMLParser, path: str, templates: bool
) -> Iterator[tuple[str, Finding]]:
    parts: list[LexborHTMLParser | LexborNode] = [parser]
    while parts:
        part = parts.pop()
        for node in part.css("*"):
            name = (node.tag or "").lower()
            attributes = node.attributes
            if attributes or name in _WITH_TEXT or name in ELEMENTS:
                named = {key.lower(): value or "" for key, value in attributes.items()}
                content = node.text(deep=False) if name in _WITH_TEXT else ""
                for found in judge_element(name, named, content, path):
                    yield name, found
        if templates:
            parts.extend(read_templates(part))


def read_templates(part: LexborHTMLParser | LexborNode) -> list[LexborNode]:
    """What stands in the templates of a page, or of a template: no search of the page finds it."""
    return part.template_fragments()


def _read_head(parser: LexborHTMLParser) -> list[tuple[str, dict[str, str]]]:
    head = parser.head
    node = head.first_child if head else None
    first: list[tuple[str, dict[str, str]]] = []
    while node and len(first) < 2:
        if node.is_element_node:
            named = {key: value or "" for key, value in node.attributes.items()}
            first.append((node.tag or "", named))
        node = node.next
    return first


class _Tags:
    """Where the tags of a page are: the parser tells what there is, and not where.

    A tag is known by its name, an attribute and its value; of several that are alike, the first
    that was not asked for yet is taken, which is the right one where all of them are told.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._spots: dict[tuple[str, str, str], deque[tuple[int, int]]] = defaultdict(deque)
        for match in _TAG.finditer(text):
            if not match[1]:
                continue
            name = match[1].lower()
            self._spots[name, "", ""].append((match.start(), len(name) + 1))
            for pair in _ATTRIBUTE.finditer(match[2]):
                group = next((index for index in (2, 3, 4) if pair[index] is not None), 1)
                value = "" if group == 1 else _read_value(pair[group])
                spot = (match.start(2) + pair.start(), len(pair[0]))
                self._spots[name, pair[1].lower(), value].append(spot)
                self._spots["", pair[1].lower(), value].append(spot)

    def place(self, name: str, found: Finding) -> Finding:
        """A finding about an element of this name, with its offset in the page."""
        if not found.attribute and found.value:
            # Text in `script` and `style` begins where the tag ends, and is spelled as it is meant.
            start = self._text.find(f">{found.value}") + 1
            spot = (start + found.within, found.width) if start else self._take(name, "", "")
        else:
            spot = self._take(name, found.attribute, found.value)
        return Finding(found.code, found.message, *spot, hint=found.hint)

    def _take(self, name: str, attribute: str, value: str) -> tuple[int, int]:
        for key in ((name, attribute, value), ("", attribute, value), (name, "", "")):
            spots = self._spots.get(key)
            if spots:
                return spots.popleft() if len(spots) > 1 else spots[0]
        return (-1, 1)


def _read_value(raw: str) -> str:
    return html.unescape(raw).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
