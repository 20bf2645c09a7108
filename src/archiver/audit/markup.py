"""The rules of elements and attributes, the same in a page and in a drawing: what may load, send or run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from archiver.audit.addresses import (
    LINK_SCHEMES,
    judge_address,
    judge_link,
    leads_out,
    read_candidates,
    read_refresh,
)
from archiver.audit.findings import Finding, show
from archiver.audit.styles import audit_style, names_kind
from archiver.urls import scheme_of

Attributes = Mapping[str, str]


def _read_one(value: str) -> Iterator[str]:
    yield value


# Elements that have no place in an archive, whatever their attributes, and what they do.
ELEMENTS = {
    "applet": "loads a program",
    "base": "gives all relative addresses of the page another start",
    "embed": "loads another document",
    "fencedframe": "loads another page",
    "form": "sends what a reader types",
    "frame": "loads another page",
    "iframe": "loads another page",
    "object": "loads another document",
    "portal": "loads another page",
}
# Attributes that hold addresses which are loaded, on any element, and how to read these.
LOADS: dict[str, Callable[[str], Iterator[str]]] = {
    "background": _read_one,
    "dynsrc": _read_one,
    "href": _read_one,
    "imagesrcset": read_candidates,
    "lowsrc": _read_one,
    "manifest": _read_one,
    "poster": _read_one,
    "src": _read_one,
    "srcset": read_candidates,
    "xlink:href": _read_one,
}
# Attributes that have no place in an archive, whatever they hold.
ATTRIBUTES = {
    "attributionsrc": "tells another place that the element was seen or followed",
    "formaction": "sends what a reader types",
    "ping": "tells another place that the link was followed",
    "xml:base": "gives all relative addresses within another start",
}
# Attributes that hold style, or an address as style spells it: `url(…)`.
STYLES = frozenset(
    """style clip-path cursor fill filter marker marker-end marker-mid marker-start mask
    stroke""".split()
)
# Elements that change an attribute of another one, and the attributes that say to what.
ANIMATIONS = frozenset({"animate", "animatemotion", "animatetransform", "set"})
ANIMATED = ("by", "from", "to", "values")
# Elements whose address a reader may choose to follow.
LINKS = frozenset({"a", "area"})
# What a `link` may be without anything being loaded; it loads if it is anything else.
# Not `next`: Firefox has fetched what may come next ahead of time.
RELATIONS = frozenset(
    """alternate author bookmark canonical cite-as contents describedby first help index last
    license me nofollow noopener noreferrer prev privacy-policy publisher self shortlink start
    tag terms-of-service up version-history""".split()
)
# What a `meta` may say in the place of a header.
HEADERS = frozenset(
    """content-language content-security-policy content-type default-style refresh
    x-ua-compatible""".split()
)
# Types of `script` that hold data and never run.
DATA = frozenset({"application/json", "application/ld+json"})
# Elements that show what their address leads to as a picture.
PICTURES = frozenset({"feimage", "image", "img", "input", "source"})

# Attributes that no rule looks at but of which every page is full, and one that `_is_plain` looks at.
PLAIN = frozenset({"class", "href", "id", "lang", "dir", "rel", "title"})
# Names that some rule looks at.
WATCHED = frozenset({*ELEMENTS, *ANIMATIONS, "link", "meta", "script", "style"})
WATCHED_ATTRIBUTES = frozenset({*LOADS, *ATTRIBUTES, *STYLES})

Rule = Callable[[str, Attributes, str, str], Iterator[Finding]]


def judge_element(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    """What is wrong with one element of the file at `path`.

    Names are in lower case, XLink's with `xlink:` before them; `text` is that of `style` and
    `script`, and may be empty for all others.
    """
    # By far the most elements have nothing that any rule looks at, or a link to another page.
    if name not in WATCHED and WATCHED_ATTRIBUTES.isdisjoint(attributes):
        if not any(attribute.startswith("on") for attribute in attributes):
            return
    elif (
        name in LINKS
        and attributes.keys() <= PLAIN
        and _is_plain(attributes["href"], path.count("/"))
    ):
        return
    for rule in RULES.values():
        yield from rule(name, attributes, text, path)


@lru_cache(maxsize=10_000)
def _is_plain(address: str, depth: int) -> bool:
    return scheme_of(address) in LINK_SCHEMES or not leads_out(address, depth)


def _judge_name(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    if name in ELEMENTS:
        yield Finding("leak", f"the element `{name}` {ELEMENTS[name]}")


def _judge_attributes(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    for attribute in filter(ATTRIBUTES.__contains__, attributes):
        message = f"the attribute `{attribute}` of `{name}` {ATTRIBUTES[attribute]}"
        yield Finding("leak", message, attribute=attribute, value=attributes[attribute])


def _judge_loads(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    relations = frozenset(attributes.get("rel", "").lower().split())
    for attribute in filter(LOADS.__contains__, attributes):
        value = attributes[attribute]
        who = f"`{attribute}` of `{name}`"
        is_link = name in LINKS or (name == "link" and relations <= RELATIONS)
        for address in LOADS[attribute](value):
            if is_link and attribute in ("href", "xlink:href"):
                found = judge_link(address, path, who=who)
            else:
                picture = name in PICTURES or attribute == "poster" or relations == {"icon"}
                found = judge_address(address, path, who=who, picture=picture)
            for one in found:
                yield Finding(one.code, one.message, attribute=attribute, value=value)


def _judge_handlers(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    for attribute, value in attributes.items():
        if attribute.startswith("on") and len(attribute) > 2:
            message = f"`{attribute}` of `{name}` runs a script"
            yield Finding("runs-script", message, attribute=attribute, value=value)


def _judge_styles(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    for attribute in filter(STYLES.__contains__, attributes):
        value = attributes[attribute]
        for found in audit_style(value, path):
            message = f"{found.message}, in `{attribute}` of `{name}`"
            yield Finding(found.code, message, attribute=attribute, value=value)


def _judge_style_element(
    name: str, attributes: Attributes, text: str, path: str
) -> Iterator[Finding]:
    if name == "style":
        for found in audit_style(text, path):
            yield Finding(found.code, found.message, -1, found.width, "", text, found.offset)


def _judge_script(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    if name != "script" or attributes.get("type", "").strip().lower() in DATA:
        return
    if text.strip():
        yield Finding("runs-script", "the script stands in the page", value=text)
    for attribute in ("src", "href", "xlink:href"):
        value = attributes.get(attribute, "")
        if value and not names_kind(value, ".js", ".mjs"):
            message = f"the page runs {show(value)}, which is not named `.js`"
            yield Finding("not-audited", message, attribute=attribute, value=value)


def _judge_sheet(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    value = attributes.get("href", "")
    is_sheet = name == "link" and "stylesheet" in attributes.get("rel", "").lower().split()
    if is_sheet and value and not names_kind(value, ".css"):
        message = f"the page's style is {show(value)}, which is not named `.css`"
        yield Finding("not-audited", message, attribute="href", value=value)


def _judge_charset(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    value = attributes.get("charset", "utf-8")
    if value.strip().lower() not in ("utf-8", "utf8") and name in ("script", "link"):
        message = f"`charset` of `{name}` makes a browser read another text than is there"
        yield Finding("not-audited", message, attribute="charset", value=value)


def _judge_header(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    header = attributes.get("http-equiv", "")
    if name != "meta" or header.strip().lower() in ("", *HEADERS):
        return
    message = f"`http-equiv` of `meta` stands for the header {show(header)}"
    yield Finding("leak", message, attribute="http-equiv", value=header)


def _judge_refresh(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    if name != "meta" or attributes.get("http-equiv", "").strip().lower() != "refresh":
        return
    # Pages of former addresses forward to another page of the folder.
    content = attributes.get("content", "")
    who = "`content` of `meta`"
    for found in judge_address(read_refresh(content), path, who=who, deed="refreshes to"):
        yield Finding(found.code, found.message, attribute="content", value=content)


def _judge_animation(name: str, attributes: Attributes, text: str, path: str) -> Iterator[Finding]:
    if name not in ANIMATIONS:
        return
    target = attributes.get("attributename", "").strip().lower()
    for attribute in ANIMATED:
        value = attributes.get(attribute, "")
        who = f"`{attribute}` of `{name}`"
        found: list[Finding] = []
        if target.rpartition(":")[2] in ("href", "src"):
            for address in value.split(";"):
                found += judge_address(address, path, who=who)
        elif target.startswith("on"):
            found.append(Finding("runs-script", f"{who} sets `{target}`, which runs a script"))
        else:
            found += audit_style(value, path)
        for one in found:
            yield Finding(one.code, one.message, attribute=attribute, value=value)


# Every rule by its name.
RULES: dict[str, Rule] = {
    "elements": _judge_name,
    "attributes": _judge_attributes,
    "loads": _judge_loads,
    "handlers": _judge_handlers,
    "style attributes": _judge_styles,
    "style elements": _judge_style_element,
    "scripts": _judge_script,
    "style sheets": _judge_sheet,
    "charsets": _judge_charset,
    "headers": _judge_header,
    "refresh": _judge_refresh,
    "animations": _judge_animation,
}
