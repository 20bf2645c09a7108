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


# What may stand in a plain word anywhere but at its beginning, and in a list on one line.
_SIGNS = r"""[\w.,;()/+&?!%'"“”‘’–—…-]"""
_ITEM = r"\w[\w./+-]*(?:\ [\w./+-]+)*"
_LINE = re.compile(
    rf"""(\ *)(-\ )?                                  # margin, dash
    (?:([a-z][a-z0-9_]{{,40}}):(?:\ |$))?             # name
    (?:\w{_SIGNS}*(?:(?:\ |:(?=\w)){_SIGNS}+)*
    |'(?P<single>[^']*(?:''[^']*)*)'|"(?P<double>[^"\\]*)"
    |\[(?P<list>{_ITEM}(?:,\ {_ITEM})*)\]
    |\|(?P<block>-?))?""",
    re.VERBOSE,
)


def read_plain_fields(text: str, first_line: int) -> dict[str, Pair] | None:
    """The fields of a YAML mapping that begins on a line of a file; None where a parser is needed."""
    top: dict[str, Pair] = {}
    opened: Value | None = None  # the value of a field that has none on its own line
    inner: dict[str, Pair] = {}  # the mapping that lines indented by `depth` belong to
    depth = after = 0
    lines = text.split("\n")
    for number, words in enumerate(lines):
        if not words or number < after:
            continue
        found = _LINE.fullmatch(words)
        if found is None or not words.isprintable():
            return None
        line = number + first_line
        margin, dash, name = len(found[1]), found[2], found[3]
        value = _read_value(found, line)
        if found.lastgroup == "block":
            block = _read_block(lines, number + 1, margin + len(dash or ""), found["block"])
            if block is None or value is None:
                return None
            after, value.data, value.width = *block, 1
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
        words = found[kind].replace("''", "'") if kind == "single" else found[kind]
        return Value(words, line, start + 1, end - start)
    items, column = [], start + 2
    for item in found["list"].split(", "):
        items.append(Value(item, line, column, len(item)))
        column += len(item) + 2
    return Value(items, line, start + 1)


def _read_block(lines: list[str], start: int, margin: int, chomping: str) -> tuple[int, str] | None:
    """The number of the line after a text that stands as it is written, and the text (YAML 1.1, literal
    style); None where it holds anything that is better left to a parser."""
    indent = 0
    words: list[str] = []
    end = start
    # There may be as many such texts as lines: none looks further than it reaches.
    for number in range(start, len(lines)):
        line = lines[number]
        if not line:
            words.append("")
            continue
        depth = len(line) - len(line.lstrip(" "))
        if depth <= margin:
            break
        indent = indent or depth
        # Before the first line there is no empty one, and none stands further out than that.
        if depth < indent or (words and end == start) or not line.isprintable() or line.isspace():
            return None
        words.append(line[indent:])
        end = number + 1
    if not indent:
        return None
    text = "\n".join(words[: end - start])
    # The last line of all may have no end that could be kept.
    return end, text if chomping or end == len(lines) else f"{text}\n"
