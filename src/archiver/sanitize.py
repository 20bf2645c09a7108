"""The one allow-list of HTML and of URL schemes: all that a page shows of others' markup passes here."""

from __future__ import annotations

import re
from collections import Counter

import nh3

from archiver.urls import scheme_of

SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# What a reader of a post can need, and nothing that loads, runs, moves or looks like ours.
TAGS = frozenset(
    """a abbr b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q rp rt ruby s samp small span
    strong sub summary sup table tbody td tfoot th thead tr u ul var wbr""".split()
)

# Elements that go with all that is in them.
DROPPED = frozenset({"script", "style", "template", "noscript"})

_ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "abbr": {"title"},
    "bdo": {"dir"},
    "blockquote": {"cite"},
    "li": {"id"},
    "ol": {"start"},
    "q": {"cite"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "*": {"dir", "lang"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}

_CLASSES = {
    "a": {"footnote-backref"},
    "div": {"footnotes"},
    "sup": {"footnote-ref"},
    "td": {"center", "end"},
    "th": {"center", "end"},
    "figcaption": {"attribution"},
    "figure": {"quote"},
}

# Ids and relative links of our own making carry these marks, which no content can: `matter` refuses
# the characters. What raw HTML says of either is dropped: it could clash, or lead nowhere.
ID_MARK = "\ufdd2"
LINK_MARK = "\ufdd3"


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if scheme_of(value) or value.startswith((LINK_MARK, "#" + ID_MARK)) else None
    if name == "id":
        return value if value.startswith(ID_MARK) else None
    if name == "dir":
        return value if value in ("ltr", "rtl", "auto") else None
    if name in ("colspan", "rowspan", "start"):
        return value if value.isascii() and value.isdecimal() and len(value) < 5 else None
    if name == "cite":
        return value if scheme_of(value) in ("http", "https") else None
    if name == "lang":
        tag = value.replace("-", "")
        return value if tag.isascii() and tag.isalnum() and len(value) < 36 else None
    if name == "scope":
        return value if value in ("row", "col", "rowgroup", "colgroup") else None
    return value


MAXIMUM_READINGS = 9
_TEXT_ONLY = nh3.Cleaner(tags=set())
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(DROPPED),
    attributes={tag: names - {"class"} for tag, names in _ATTRIBUTES.items() if names - {"class"}},
    attribute_filter=_keep_attribute,
    allowed_classes=_CLASSES,
    link_rel=None,
    url_schemes=set(SCHEMES),
)


def sanitize_html(html: str) -> str:
    """HTML with only what the allow-list names, well formed: parsed again, it stays as it is.

    Where an element is taken away, what it held can fall into another shape on the next reading (a
    paragraph in a `select`, say); so it is read until it settles. What a reading leaves as it is, all
    later ones would: most texts are read once.
    """
    for _ in range(MAXIMUM_READINGS):
        cleaned: str = _CLEANER.clean(html)
        if cleaned == html:
            return cleaned
        html = cleaned
    return _TEXT_ONLY.clean(html)


# To read elements that lie deeper in each other, or that have more attributes, takes time that grows
# with the square of their number.
MAXIMUM_DEPTH = 200
MAXIMUM_ATTRIBUTES = 1000
# Elements that close themselves when the next one begins, and those that hold nothing.
_SHALLOW = frozenset(
    """p li dt dd tr td th tbody thead tfoot option optgroup rt rp area base br col embed hr img input
    link meta param source track wbr""".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# One attribute, as a parser goes on to the next (WHATWG HTML, 13.2.5.32 to 13.2.5.39).
_ATTRIBUTE = re.compile(
    r"""[\s/]*=?[^\s/>=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*)?)?|[\s/]*="""
)


def judge_shape(html: str) -> str:
    """Why some HTML would take too long to be read, or nothing."""
    # Half of the `<` begin end tags; few texts have as many as are worth a closer look.
    if html.count("<") > MAXIMUM_DEPTH and _measure_depth(html) > MAXIMUM_DEPTH:
        return f"elements lie more than {MAXIMUM_DEPTH} deep in each other"
    # An attribute has two characters at least.
    if len(html) > 2 * MAXIMUM_ATTRIBUTES and _has_many_attributes(html):
        return f"an element has more than {MAXIMUM_ATTRIBUTES} attributes"
    return ""


def _measure_depth(html: str) -> int:
    """How deep elements lie in each other, at most: an end tag closes only its own kind."""
    depth = deepest = 0
    opened: Counter[str] = Counter()
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _SHALLOW:
            continue
        if not match[1]:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return deepest


def _has_many_attributes(html: str) -> bool:
    for match in _TAG.finditer(html):
        at, count = match.end(), 0
        while (found := _ATTRIBUTE.match(html, at)) is not None:
            at, count = found.end(), count + 1
            if count > MAXIMUM_ATTRIBUTES:
                return True
    return False
