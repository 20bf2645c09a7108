"""Front matter in and out: YAML read strictly, with a place for every key and value.

Scalars are read as strings, whatever they look like (`21:04` is no number here and `No` is no
boolean); duplicate keys, aliases, tags and deep nesting are refused. What a string means is the
business of `fields`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from msgspec import Struct

from archiver.diagnostics import Place, Report
from archiver.model import Source
from archiver.plain_fields import Pair as Pair
from archiver.plain_fields import Value as Value
from archiver.plain_fields import read_plain_fields

MAXIMUM_DEPTH = 12
MAXIMUM_LENGTH = 256 * 1024

# Characters that may stand in no HTML or XML document, and the noncharacters of the first plane.
FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)


# What YAML, but nobody else here, takes for the end of a line.
_SEPARATORS = str.maketrans("\u2028\u2029", "  ")
_ESCAPED = re.compile("[\u2028\u2029\ufeff]")


class Matter(Struct):
    """A content file taken apart: its fields, and the text below them with its first line's number."""

    fields: dict[str, Pair]
    body: str
    body_line: int
    source: Source
    starts: tuple[int, ...] = ()
    excerpts: dict[int, str] = {}

    def place(self, line: int, column: int, width: int = 1) -> Place:
        """A place in this file."""
        excerpt = self.excerpts.get(line)
        if excerpt is None:
            if line == 1:  # where what no file has would stand: asked of every post
                excerpt = self.source.text.partition("\n")[0]
            else:
                start, end = self.find_line(line), self.find_line(line + 1) - 1
                excerpt = self.source.text[start : max(start, end)]
            self.excerpts[line] = excerpt
        return Place(self.source.path, line, column, excerpt, width)

    def locate(self, offset: int, width: int = 1) -> Place:
        """The place of a character of the file, from 0."""
        line = bisect_right(self.starts, offset) if self.starts else 0
        if not line:
            self.find_line(1)
            line = bisect_right(self.starts, offset)
        return self.place(line, offset - self.starts[line - 1] + 1, width)

    def find_line(self, line: int) -> int:
        """Where a line begins in the text, which a line feed is thought to end."""
        text = self.source.text
        if not self.starts:
            ends = (len(one) + 1 for one in text.split("\n"))
            self.starts = (0, *accumulate(ends))
        return self.starts[min(max(line - 1, 0), len(self.starts) - 1)]

    def place_key(self, name: str) -> Place:
        """Where a field's name stands, or the top of the file where it does not stand at all."""
        pair = self.fields.get(name)
        if pair is None:
            return self.place(1, 1, 3)
        return self.place(pair.line, pair.column, len(name))

    def place_value(self, value: Value) -> Place:
        """Where a value stands."""
        return self.place(value.line, value.column, value.width)


class StrictHandler(YAMLHandler):
    """python-frontmatter's YAML handler with exact fences, which writes fields in the given order."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)

    def export(self, metadata: Mapping[str, object], **kwargs: Any) -> str:
        """The fields as YAML, every string quoted that another reader could take for something else."""
        kwargs.setdefault("Dumper", _Dumper)
        text: str = super().export(dict(metadata), sort_keys=False, width=10_000, **kwargs)
        return text


class Plain(str):
    """A string written without quotes: a date, a number, a flag, spelled the way we read it."""


class _Dumper(yaml.SafeDumper):
    """Writes what `read_matter` reads back, and what other YAML readers read as the same."""


def _represent_plain(dumper: yaml.SafeDumper, text: Plain) -> yaml.ScalarNode:
    implied = dumper.resolve(yaml.ScalarNode, str(text), (True, False))  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(implied, str(text))


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # A no-break space at the end, say, is cut off by python-frontmatter where it is not quoted.
    quoted = _ESCAPED.search(text) or text.strip() != text.strip(" \t\n")
    style = '"' if quoted else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(Plain, _represent_plain)
_Dumper.add_representer(str, _represent_text)

_HANDLER = StrictHandler()


def read_matter(source: Source, report: Report) -> Matter | None:
    """Take a content file apart; None, with the problems reported, where it has no front matter to trust."""
    parts = split_matter(source, report)
    if parts is None:
        return None
    matter, yaml_text = parts
    top = read_yaml(yaml_text, 1, matter, report)
    if top is None:
        return None
    matter.fields = top
    return matter


def split_matter(source: Source, report: Report) -> tuple[Matter, str] | None:
    """A content file whose fields are still to be read, and the YAML that they are; None, with the problems
    reported, where it has none."""
    lost = FORBIDDEN.search(source.text)
    if lost:
        # As long as before, so that all places stay.
        source = Source(source.path, FORBIDDEN.sub("\ufffd", source.text))
    text = source.text
    if not _HANDLER.detect(text):
        first = text.split("\n", 1)[0]
        late = text.lstrip().startswith("---")
        report.error(
            "no-front-matter",
            "the front matter does not begin on the first line"
            if late
            else "the file does not begin with front matter",
            Place(source.path, 1, 1, first),
            "remove what stands before the `---`, spaces and empty lines too"
            if late
            else "begin it with a line `---`, then fields such as `date: 2017-03-23T20:25:00Z`, "
            "then `---`",
        )
        return None
    try:
        yaml_text, body = _HANDLER.split(text)
    except ValueError:
        report.error(
            "front-matter-not-closed",
            "the front matter is not closed",
            Place(source.path, 1, 1, text.split("\n", 1)[0], 3),
            "end it with a line of its own that is just `---`",
        )
        return None
    matter = Matter({}, body.removeprefix("\n"), yaml_text.count("\n") + 2, source)
    if lost:
        is_above = lost.start() < len(text) - len(body)
        _report_character(lost[0], matter.locate(lost.start()), is_above, report)
        if is_above:
            return None
    if len(yaml_text) > MAXIMUM_LENGTH:
        report.error(
            "front-matter-too-long",
            f"the front matter is longer than {MAXIMUM_LENGTH // 1024} KiB",
            matter.place(1, 1, 3),
            "is the closing `---` where it should be?",
        )
        return None
    return matter, yaml_text


def read_yaml(
    text: str, first_line: int, matter: Matter, report: Report, what: str = "front matter"
) -> dict[str, Pair] | None:
    """A YAML mapping whose text begins on a line of a file; None, with the problems reported, if it is none.

    `first_line` counts from 1. Also used for the fields of an embed block, which is then `what` it is.
    """
    plain = read_plain_fields(text, first_line)
    if plain is not None:
        return plain
    text = text.translate(_SEPARATORS)
    try:
        top = _compose(text, first_line, matter, report, what)
    except yaml.MarkedYAMLError as error:
        lines = text.split("\n")
        mark = error.problem_mark or error.context_mark
        if mark and error.context_mark and not "".join(lines[mark.line :]).strip():
            mark = error.context_mark  # what was never closed says more than where the text ends
        line, column = (mark.line, mark.column) if mark else (0, 0)
        reason = ": ".join(part for part in (error.context, error.problem) if part)
        hint = (
            "put quotes round a value that holds `: ` or ` #`, or begins with a special character; "
            "close what a quote or a bracket opens"
        )
        if line < len(lines) and lines[line].startswith("\t"):
            hint = "indent it with spaces: YAML takes no tabs"
        report.error(
            "broken-yaml",
            f"the YAML cannot be read: {reason}",
            matter.place(first_line + line, column + 1),
            hint,
        )
        return None
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        report.error(
            "broken-yaml", f"the YAML cannot be read: {reason}", matter.place(first_line, 1)
        )
        return None
    except _RefusedError:
        return None
    if top is None:
        return {}
    if not isinstance(top.data, dict):
        report.error(
            "not-a-mapping",
            f"the {what} is not a list of fields",
            matter.place_value(top),
            "write each field as `name: value`",
        )
        return None
    fields: dict[str, Pair] = top.data
    return fields


def write_matter(fields: Mapping[str, object], body: str) -> str:
    """A content file with these fields, in this order; `read_matter` reads the same back.

    Values are strings, `Plain` strings, lists and mappings of them.
    """
    post = frontmatter.Post(body.strip("\n"), _HANDLER, **dict(fields))
    return frontmatter.dumps(post) + "\n"


def write_fields(fields: Mapping[str, object]) -> str:
    """The YAML of some fields by themselves, as in an `embed` block."""
    return _HANDLER.export(fields)


class _RefusedError(Exception):
    """A construct was refused and reported."""


def _compose(text: str, first_line: int, matter: Matter, report: Report, what: str) -> Value | None:
    """The YAML as Values, made from the parser's events: no recursion, and aliases are seen."""
    stack: list[tuple[Value, list[Any]]] = []
    top: Value | None = None

    def refuse(code: str, message: str, event: Any, hint: str) -> None:
        place = matter.place(
            first_line + event.start_mark.line,
            event.start_mark.column + 1,
            max(1, event.end_mark.column - event.start_mark.column)
            if event.end_mark.line == event.start_mark.line
            else 1,
        )
        report.error(code, message, place, hint)
        raise _RefusedError

    parser: Any = yaml.CBaseLoader(text)
    while True:
        event = parser.get_event()
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.tag is not None and event.tag != "!":
                refuse("yaml-tag", f"the YAML tag `{event.tag}` is not read", event, "leave it out")
            start, end = event.start_mark, event.end_mark
            width = end.column - start.column if start.line == end.line else 1
            found = FORBIDDEN.search(event.value)
            if found:
                refuse(
                    "forbidden-character",
                    f"the character U+{ord(found[0]):04X} cannot stand in a page",
                    event,
                    "remove it",
                )
            value = Value(event.value, first_line + start.line, start.column + 1, max(1, width))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.tag is not None and event.tag != "!":
                refuse("yaml-tag", f"the YAML tag `{event.tag}` is not read", event, "leave it out")
            if len(stack) >= MAXIMUM_DEPTH:
                refuse(
                    "nested-too-deep",
                    f"the {what} is nested more than {MAXIMUM_DEPTH} levels deep",
                    event,
                    "no field needs that",
                )
            data: Any = {} if kind is yaml.MappingStartEvent else []
            value = Value(data, first_line + event.start_mark.line, event.start_mark.column + 1)
            stack.append((value, []))
            continue
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            value, _ = stack.pop()
        elif kind is yaml.AliasEvent:
            refuse(
                "alias",
                f"the YAML alias `*{event.anchor}` is not read",
                event,
                "write the value out where it is used",
            )
            continue
        elif kind is yaml.DocumentStartEvent and top is not None:
            refuse(
                "broken-yaml",
                "a second YAML document begins here; the fields before it would be lost",
                event,
                "remove this `---` or the `...` above it",
            )
        elif kind is yaml.StreamEndEvent:
            return top
        else:
            continue
        if not stack:
            top = value
            continue
        parent, pending = stack[-1]
        if isinstance(parent.data, list):
            parent.data.append(value)
        elif not pending:
            if not isinstance(value.data, str):
                report.error(
                    "not-a-mapping",
                    "a field's name must be a word",
                    matter.place_value(value),
                    "write each field as `name: value`",
                )
                raise _RefusedError
            if value.data in parent.data:
                refuse(
                    "duplicate-key",
                    f"the field `{value.data}` stands here a second time",
                    event,
                    f"the first is on line {parent.data[value.data].line}; keep one",
                )
            pending.append(value)
        else:
            key: Value = pending.pop()
            parent.data[key.data] = Pair(key.line, key.column, value)


def _report_character(char: str, place: Place, is_fatal: bool, report: Report) -> None:
    """In a text it may come from a capture, and a sign stands in for it; fields are somebody's own."""
    message = f"the character U+{ord(char):04X} cannot stand in a page"
    if is_fatal:
        report.error("forbidden-character", message, place, "remove it")
    else:
        report.warn(
            "forbidden-character", f"{message}, which shows \ufffd for it", place, "remove it"
        )
