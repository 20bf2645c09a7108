"""CSS within an SVG file: kept where it loads nothing, by the functions and rules it may hold."""

from __future__ import annotations

import re

# Functions of CSS Values, Color, Transforms, Filter Effects, Easing and Selectors; none takes an address.
_FUNCTIONS = frozenset(
    """abs acos alpha asin atan atan2 blur brightness calc circle clamp color color-mix contrast cos
    counter cubic-bezier drop-shadow ellipse exp fit-content gray grayscale has hsl hsla hue-rotate hwb
    hypot inset invert is lab lang lch light-dark linear linear-gradient log matrix matrix3d max min
    mod not nth-child nth-last-child nth-last-of-type nth-of-type oklab oklch opacity path perspective
    polygon pow radial-gradient ray rect rem rgb rgba rotate rotate3d rotatex rotatey rotatez round saturate
    scale scale3d scalex scaley scalez sepia sign sin skew skewx skewy sqrt steps tan translate
    translate3d translatex translatey translatez var where""".split()
)
# Words before a bracket that are no function.
_KEYWORDS = frozenset(["", "and", "or", "not", "only"])
_RULES = frozenset("charset container keyframes -webkit-keyframes layer media supports".split())
_LOCAL = re.compile(r"""url\(\s*(["']?)#([^\s"'()\\<>]+)\1\s*\)""", re.IGNORECASE)
_NAME = re.compile(r"[^\s,;:{}()\[\]'\"/*+!=>~|&%.#@]*$")
_RULE = re.compile(r"@([^\s{}();\"'@]{0,40})")
# Longer than the name of any function that is kept.
_LONGEST = 40
_TELLING = re.compile(r"[\\(@]|</")
_FONT_FACE = re.compile(r"@font-face\s*\{[^{}]*\}", re.IGNORECASE)
_QUOTED = re.compile(r""""[^"\n]*"|'[^'\n]*'""")


def is_harmless(css: str) -> bool:
    """Whether CSS can load nothing: no escapes, only rules and functions that take no address."""
    if not _TELLING.search(css):
        return True
    rest = _LOCAL.sub(" ", css)
    calls = {_name_call(before) for before in rest.split("(")[:-1]}
    return (
        "\\" not in css
        and "</" not in css
        and calls <= _FUNCTIONS | _KEYWORDS
        and {found[1].lower() for found in _RULE.finditer(rest)} <= _RULES
    )


def _name_call(before: str) -> str:
    found = _NAME.search(before[-_LONGEST:])
    return found[0].lower() if found else ""


def clean_sheet(css: str) -> tuple[str, tuple[str, ...]]:
    """A `<style>` without its web fonts, or empty where more than these would load; and what went."""
    kept = _FONT_FACE.sub("", css)
    removed = ("`@font-face`",) if kept != css else ()
    return (kept, removed) if is_harmless(kept) else ("", (*removed, "`<style>`"))


def clean_value(css: str) -> str | None:
    """The value of a property, or None where it may load something or does not end."""
    return css if is_harmless(css) and _is_closed(css) else None


def clean_declarations(css: str) -> str | None:
    """A `style` attribute without the declarations that may load something or do not end; None where
    no other is left.
    """
    declarations = css.split(";")
    kept = [one for one in declarations if is_harmless(one) and _is_closed(one) and "/*" not in one]
    return css if len(kept) == len(declarations) else ";".join(kept).strip() or None


def list_references(css: str) -> list[str]:
    """The ids that `url(#id)` names."""
    return [found[2] for found in _LOCAL.finditer(css)]


def _is_closed(css: str) -> bool:
    rest = _QUOTED.sub("", _LOCAL.sub("", css))
    if set("\"'{}[]") & set(rest):
        return False
    depth = 0
    for char in rest:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0
