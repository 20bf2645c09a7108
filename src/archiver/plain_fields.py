"""Fields of the plainest kind, read line by line: what nearly every post begins with.

A YAML parser makes an event with two marks of every word. Here a line is one match of a pattern, and
all that the pattern does not know (a comment, a text of several lines, an escape, an empty value) is
left to the parser. Where both can read, they read the same at the same places; a test holds that.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct


class Value(Struct):
    """A YAML value and where it stands: a string, a list of Values, or a dict of (key, Value)."""

    data: Any
    line: int
    column: int
    width: int = 1


class Pair(Struct):
    """A key of a mapping with its place, and its value."""

    line: int
    column: int
    value: Value


# What may stand in a plain word anywhere but at its beginning; in quotes; and in a list on one line.
_SIGNS = r"""[\w.,;()/+&?!%'"“”‘’–—…-]"""
_QUOTABLE = r"\ !#-&(-[\]-~\xa1-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\uffef"
_ITEM = r"\w[\w./+-]*(?:\ [\w./+-]+)*"
_LINE = re.compile(
    rf"""(\ *)(-\ )?                                  # margin, dash
    (?:([a-z][a-z0-9_]{{,40}}):(?:\ |$))?             # name
    (?:\w{_SIGNS}*(?:(?:\ |:(?=\w)){_SIGNS}+)*
    |'(?P<single>[{_QUOTABLE}"]*)'|"(?P<double>[{_QUOTABLE}']*)"
    |\[(?P<list>{_ITEM}(?:,\ {_ITEM})*)\])?""",
    re.VERBOSE,
)


def read_plain_fields(text: str, first_line: int) -> dict[str, Pair] | None:
    """The fields of a YAML mapping that begins on a line of a file; None where a parser is needed."""
    top: dict[str, Pair] = {}
    opened: Value | None = None  # the value of a field that has none on its own line
    inner: dict[str, Pair] = {}  # the mapping that lines indented by `depth` belong to
    depth = 0
    for line, words in enumerate(text.split("\n"), first_line):
        if not words:
            continue
        found = _LINE.fullmatch(words)
        if found is None:
            return None
        margin, dash, name = len(found[1]), found[2], found[3]
        value = _read_value(found, line)
        if dash:
            if opened is None or value is None:
                return None
            if opened.data is None:
                opened.data, opened.line, opened.column = [], line, margin + 1
            elif type(opened.data) is not list or margin != opened.column - 1:
                return None
            inner, depth = {}, margin + 2 if name else 0
            opened.data.append(Value(inner, line, depth + 1) if name else value)
        elif margin:
            if opened is None or value is None or not name:
                return None
            if opened.data is None:
                inner, depth = {}, margin
                opened.data, opened.line, opened.column = inner, line, margin + 1
            elif margin != depth:
                return None
        elif not name or name in top or (opened is not None and opened.data is None):
            return None
        else:
            depth, opened = 0, None
            if value is None:
                value = opened = Value(None, 0, 0)
            top[name] = Pair(line, 1, value)
            continue
        if name:
            if name in inner:
                return None
            inner[name] = Pair(line, depth + 1, value)
    return None if not top or (opened is not None and opened.data is None) else top


def _read_value(found: re.Match[str], line: int) -> Value | None:
    """What stands on a line after its name, if anything does."""
    start, end = found.end(3) + 2 if found[3] else found.end(1) + len(found[2] or ""), found.end()
    if start >= end:
        return None
    kind = found.lastgroup
    if kind is None:
        return Value(found.string[start:end], line, start + 1, end - start)
    if kind != "list":
        return Value(found[kind], line, start + 1, end - start)
    items, column = [], start + 2
    for item in found["list"].split(", "):
        items.append(Value(item, line, column, len(item)))
        column += len(item) + 2
    return Value(items, line, start + 1)
