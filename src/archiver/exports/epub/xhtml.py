"""Pages of a book: XHTML made of sanitised HTML, element by element, and of elements of our own."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.languages import find_direction
from archiver.sanitize import TAGS

Element = ElementTree.Element

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES = {"xmlns": "http://www.w3.org/1999/xhtml", "xmlns:epub": "http://www.idpf.org/2007/ops"}
# What stands for an element that no reader of books need know.
_INSTEAD = {"details": "div", "summary": "p"}
_KEPT = TAGS | {"img", "section", "header", "time"}
_ATTRIBUTES = frozenset("alt class colspan dir id lang rowspan scope start title".split())
_PLAIN = re.compile(r"[A-Za-z0-9.-]+")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Finder(Struct, frozen=True):
    """Where the links and pictures of a text are in the book; None where they are not in it.

    `say_left_out` tells of a picture, a film or a file that is not.
    """

    find_link: Callable[[str], str | None]
    find_picture: Callable[[str], str | None]
    say_left_out: Callable[[str], str]


def make(tag: str, *parts: str | Element, **attributes: str) -> Element:
    """An element with words and elements in it; `class_` is its class, `epub_type` its `epub:type`."""
    spelled = {
        name.rstrip("_").replace("epub_", "epub:").replace("_", "-"): value
        for name, value in attributes.items()
        if value
    }
    element = Element(tag, spelled)
    for part in parts:
        add(element, part)
    return element


def add(parent: Element, part: str | Element) -> None:
    """Put words or an element behind what an element holds."""
    if not isinstance(part, str):
        parent.append(part)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + part
    else:
        parent.text = (parent.text or "") + part


def write_page(title: str, language: str, *parts: Element, style: str = "style.css") -> bytes:
    """A page of the book."""
    head = make("head", make("title", title))
    head.append(make("link", rel="stylesheet", type="text/css", href=style))
    html = Element("html", {**_SPACES, "lang": language, "xml:lang": language})
    html.set("dir", find_direction(language))
    html.extend([head, make("body", *parts)])
    return write_xml(html, "<!DOCTYPE html>\n")


def write_xml(root: Element, kind: str = "") -> bytes:
    """A document."""
    return f"{_DECLARATION}{kind}{ElementTree.tostring(root, encoding='unicode')}\n".encode()


def spell_id(name: str) -> str:
    """An id that XML takes, for one that HTML does: other ids become other ones."""
    return "p-" + "".join(char if _PLAIN.fullmatch(char) else f"_{ord(char):x}_" for char in name)


def add_html(parent: Element, html: str, finder: Finder) -> None:
    """Put sanitised HTML, as the theme shows it, into an element."""
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    assert body is not None, "a parsed document has a body"
    _add_children(parent, body, finder)


def judge_address(address: str) -> str | None:
    """An address as strict readers take it (RFC 3986), or None where it cannot be made one."""
    cleaned = re.sub(r"[\t\r\n]", "", address.strip())
    try:
        parts = urlsplit(cleaned)
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", "mailto"):
        return None
    if parts.scheme != "mailto" and not _HOST.fullmatch(host):
        return None
    path, query, fragment = (
        quote(_BAD_PERCENT.sub("%25", part), safe="%/:@!$&'()*+,;=~-._?")
        for part in (parts.path, parts.query, parts.fragment)
    )
    before = f"{parts.scheme}://{host}" if host else f"{parts.scheme}:"
    return f"{before}{path}{f'?{query}' if query else ''}{f'#{fragment}' if fragment else ''}"


def _add_children(parent: Element, node: LexborNode, finder: Finder) -> None:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            add(parent, child.text_content or "")
        elif tag in ("video", "audio"):
            source = child.attributes.get("src") or ""
            parent.append(_make_note(source, finder))
        elif tag == "img":
            parent.append(_make_picture(child, finder))
        elif tag == "a":
            _add_link(parent, child, finder)
        elif tag in _KEPT or tag in _INSTEAD:
            element = Element(_INSTEAD.get(tag, tag), _keep_attributes(child))
            parent.append(element)
            _add_children(element, child, finder)
        elif tag not in ("-comment", "_comment"):
            _add_children(parent, child, finder)


def _add_link(parent: Element, node: LexborNode, finder: Finder) -> None:
    target = finder.find_link(node.attributes.get("href") or "")
    attributes = _keep_attributes(node)
    if target:
        element = Element("a", {"href": target, **attributes})
    elif attributes or node.css_first("img") is None:
        element = Element("span", attributes)
    else:
        _add_children(parent, node, finder)
        return
    parent.append(element)
    _add_children(element, node, finder)


def _make_picture(node: LexborNode, finder: Finder) -> Element:
    source = node.attributes.get("src") or ""
    alt = node.attributes.get("alt") or ""
    found = finder.find_picture(source)
    if found is None:
        told = ": ".join(part for part in (finder.say_left_out(source), alt) if part)
        return make("span", told, class_="note")
    attributes = _keep_attributes(node)
    return Element("img", {**attributes, "src": found, "alt": alt})


def _make_note(source: str, finder: Finder) -> Element:
    return make("p", finder.say_left_out(source), class_="note")


def _keep_attributes(node: LexborNode) -> dict[str, str]:
    kept = {
        name: value or ""
        for name, value in node.attributes.items()
        if name in _ATTRIBUTES and (value or name == "alt")
    }
    if "id" in kept:
        kept["id"] = spell_id(kept["id"])
    if "lang" in kept:
        kept["xml:lang"] = kept["lang"]
    return kept
