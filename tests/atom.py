"""A feed held against the Atom Syndication Format, element by element (RFC 4287, sections 3 and 4)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
# RFC 3339, with a capital T and Z as section 3.3 demands.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]*/[A-Za-z0-9][\w.+-]*")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
ONE, ANY, MAYBE = (1, 1), (0, 1 << 30), (0, 1)
Range = tuple[int, int]


class Rule(NamedTuple):
    """What an element may hold: attributes, children with how often, and how its text is judged."""

    attributes: frozenset[str] = frozenset()
    children: Mapping[str, Range] = MappingProxyType({})
    judge: Callable[[ElementTree.Element], Iterator[str]] | None = None


def judge_atom(data: bytes) -> list[str]:
    """In what a feed is not as the RFC says."""
    root = ElementTree.fromstring(data)
    if root.tag != f"{ATOM}feed":
        return [f"the outermost element is {root.tag} (4.1.1)"]
    return [*_judge(root, "feed", "feed"), *_judge_feed(root)]


def _judge(element: ElementTree.Element, name: str, where: str) -> Iterator[str]:
    rule = RULES[name]
    allowed = rule.attributes | {f"{XML}base", f"{XML}lang"}
    yield from (f"{where}: attribute {one}" for one in element.attrib if one not in allowed)
    language = element.get(f"{XML}lang")
    if language and not LANGUAGE.fullmatch(language):
        yield f"{where}: xml:lang is {language!r} (2)"
    counted: Counter[str] = Counter()
    for child in element:
        if not child.tag.startswith(ATOM):
            yield f"{where}: an element of another namespace, {child.tag}"
            continue
        below = child.tag.removeprefix(ATOM)
        counted[below] += 1
        if below not in rule.children:
            yield f"{where}: may not hold {below}"
        else:
            yield from _judge(child, below, f"{where}/{below}")
    for below, (least, most) in rule.children.items():
        if not least <= counted[below] <= most:
            yield f"{where}: {counted[below]} of {below}"
    if rule.children and (element.text or "").strip():
        yield f"{where}: text between elements"
    if rule.judge:
        yield from (f"{where}: {fault}" for fault in rule.judge(element))


def _judge_text(element: ElementTree.Element) -> Iterator[str]:
    kind = element.get("type", "text")
    if kind not in ("text", "html"):
        yield f"type is {kind!r} (3.1.1)"
    if len(element):
        yield "holds elements, which text and escaped HTML do not (3.1.1)"
    if element.tag == f"{ATOM}title" and not (element.text or "").strip():
        yield "is empty"


def _judge_date(element: ElementTree.Element) -> Iterator[str]:
    if not DATE.fullmatch(element.text or ""):
        yield f"{element.text!r} is no date (3.3)"


def _judge_id(element: ElementTree.Element) -> Iterator[str]:
    if not urlsplit(element.text or "").scheme:
        yield f"{element.text!r} is no absolute IRI (4.2.6)"


def _judge_link(element: ElementTree.Element) -> Iterator[str]:
    address = element.get("href", "")
    if not address or re.search(r"[\s<>\"\\^`{|}]", address):
        yield f"href is {address!r} (4.2.7.1)"
    kind = element.get("type")
    if kind is not None and not MEDIA_TYPE.fullmatch(kind):
        yield f"type is {kind!r} (4.2.7.3)"


def _judge_name(element: ElementTree.Element) -> Iterator[str]:
    if not (element.text or "").strip():
        yield "is empty (3.2.1)"


def _judge_term(element: ElementTree.Element) -> Iterator[str]:
    if not element.get("term"):
        yield "has no term (4.2.2.1)"


def _judge_feed(feed: ElementTree.Element) -> Iterator[str]:
    """What only several elements together show."""
    for holder in (feed, *feed.findall(f"{ATOM}entry")):
        links = [one for one in holder.findall(f"{ATOM}link") if _relation(one) == "alternate"]
        pairs = Counter((one.get("type"), one.get("hreflang")) for one in links)
        if any(count > 1 for count in pairs.values()):
            yield "two alternate links of one type and language (4.1.1, 4.1.2)"
    entries = feed.findall(f"{ATOM}entry")
    if feed.find(f"{ATOM}author") is None and not all(
        entry.find(f"{ATOM}author") is not None for entry in entries
    ):
        yield "an entry without any author (4.1.1)"
    if not any(_relation(link) == "self" for link in feed.findall(f"{ATOM}link")):
        yield "no link to itself (4.1.1, a SHOULD)"
    for entry in entries:
        relations = {_relation(link) for link in entry.findall(f"{ATOM}link")}
        if entry.find(f"{ATOM}content") is None and "alternate" not in relations:
            yield "an entry with neither content nor an alternate link (4.1.2)"
    seen = Counter(
        (entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries
    )
    yield from (f"twice the entry {key} (4.1.1)" for key, count in seen.items() if count > 1)


def _relation(link: ElementTree.Element) -> str:
    return link.get("rel", "alternate")


_TEXT = Rule(frozenset({"type"}), judge=_judge_text)
_PERSON = Rule(children={"name": ONE, "uri": MAYBE, "email": MAYBE})
_LINK = Rule(frozenset({"href", "rel", "type", "hreflang", "title", "length"}), judge=_judge_link)
# Every element that a feed may hold, section by section of the RFC.
RULES: dict[str, Rule] = {
    "feed": Rule(
        children={
            "author": ANY, "category": ANY, "contributor": ANY, "generator": MAYBE, "icon": MAYBE,
            "id": ONE, "link": ANY, "logo": MAYBE, "rights": MAYBE, "subtitle": MAYBE, "title": ONE,
            "updated": ONE, "entry": ANY,
        }
    ),
    "entry": Rule(
        children={
            "author": ANY, "category": ANY, "content": MAYBE, "contributor": ANY, "id": ONE,
            "link": ANY, "published": MAYBE, "rights": MAYBE, "summary": MAYBE,
            "title": ONE, "updated": ONE,
        }
    ),
    "title": _TEXT, "subtitle": _TEXT, "rights": _TEXT, "summary": _TEXT, "content": _TEXT,
    "author": _PERSON, "contributor": _PERSON,
    "name": Rule(judge=_judge_name), "uri": Rule(), "email": Rule(),
    "id": Rule(judge=_judge_id),
    "updated": Rule(judge=_judge_date), "published": Rule(judge=_judge_date),
    "link": _LINK,
    "category": Rule(frozenset({"term", "scheme", "label"}), judge=_judge_term),
    "generator": Rule(frozenset({"uri", "version"})), "icon": Rule(), "logo": Rule(),
}  # fmt: skip
