"""What expat reads of an SVG file, judged and written again piece by piece."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections import Counter
from typing import Any
from xml.parsers.expat import XMLParserType

from archiver.pictures import is_too_large, measure_bytes
from archiver.svg.css import clean_declarations, clean_sheet, clean_value, list_references
from archiver.svg.tables import (
    ATTRIBUTES,
    ATTRIBUTES_OF_XLINK,
    ATTRIBUTES_OF_XML,
    EDITORS,
    ELEMENTS,
    REFERRING,
    SVG,
    TEXTS,
    XLINK,
    XML,
    is_words,
)

MAXIMUM_DEPTH = 100
# Of elements drawn, with all that `<use>` and `url(#…)` draw again.
MAXIMUM_DRAWN = 1_000_000
_REFERENCE = re.compile(r"""#[^\s"'()\\<>]+""")
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_PREFIXES = {uri: f"{prefix}:" for uri, prefix in EDITORS.items()}
_PREFIXES |= {XLINK: "xlink:", XML: "xml:"}
_SPACED = {(XLINK, local) for local in ATTRIBUTES_OF_XLINK}
_SPACED |= {(XML, local) for local in ATTRIBUTES_OF_XML}
# Marks of Adobe's metadata; any other instruction is told.
_IDLE = frozenset({"xpacket"})
_SHOWN = 40


class SvgError(Exception):
    """A file that cannot be shown as SVG: 1-based line and column, and why."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class Cleaner:
    """Takes expat's events and gathers what is kept; `removed` names what is not, in its order."""

    # No character of XML, so no namespace can hold it.
    SEPARATOR = "\x0c"

    def __init__(self) -> None:
        self.removed: dict[str, None] = {}
        self.encoding = "utf-8"
        self._parts: list[str] = []
        self._open: list[tuple[str, str]] = []  # (tag as written, id)
        self._skipped = 0  # how many open elements are inside one that is left out
        self._sheet: list[str] | None = None
        self._namespaces: set[str] = set()
        self._weights: Counter[str] = Counter()
        self._references: dict[str, Counter[str]] = {}

    def attach(self, parser: XMLParserType) -> None:
        """Listen to a parser that reads namespaces with SEPARATOR."""
        self._parser = parser
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.XmlDeclHandler = self._read_declaration
        parser.StartDoctypeDeclHandler = self._judge_doctype
        parser.EntityDeclHandler = self._refuse_entity
        parser.SkippedEntityHandler = self._refuse_entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take_text
        parser.ProcessingInstructionHandler = self._judge_instruction

    def finish(self) -> str:
        """The cleaned file. SvgError where what it draws has no end."""
        if self._count_drawn("", {}, 0) > MAXIMUM_DRAWN:
            raise SvgError(1, 1, f"it would draw more than {MAXIMUM_DRAWN:,} elements")
        prefixes = {EDITORS[uri]: uri for uri in self._namespaces if uri in EDITORS}
        if XLINK in self._namespaces:
            prefixes["xlink"] = XLINK
        declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in sorted(prefixes.items()))
        head = f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="{SVG}"{declared}'
        return head + "".join(self._parts) + "\n"

    def _refuse(self, message: str) -> None:
        parser = self._parser
        raise SvgError(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, message)

    def _leave_out(self, name: str) -> None:
        self.removed[name] = None

    def _read_declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding or self.encoding

    def _judge_doctype(self, name: str, system: Any, public: Any, has_subset: int) -> None:
        if has_subset:
            self._refuse("its DOCTYPE holds declarations of its own")

    def _refuse_entity(self, name: str, *details: Any) -> None:
        self._refuse(f"the entity `&{name[:_SHOWN]};` is not read")

    def _judge_instruction(self, target: str, data: str) -> None:
        if target not in _IDLE:
            self._leave_out(f"`<?{target[:_SHOWN]}?>`")

    def _start(self, name: str, attributes: list[str]) -> None:
        if len(self._open) + self._skipped >= MAXIMUM_DEPTH:
            self._refuse(f"its elements are nested more than {MAXIMUM_DEPTH} deep")
        uri, _, local = name.rpartition(self.SEPARATOR)
        if not self._open and (uri, local) != (SVG, "svg"):
            self._refuse(f"its first element is not `<svg>` of the namespace {SVG}")
        if self._skipped:
            self._skipped += 1
            return
        tag = self._name_element(uri, local) if self._sheet is None else ""
        if not tag:
            self._leave_out(f"`<{local[:_SHOWN]}>`")
            self._skipped = 1
            return
        told = self.removed.copy()
        kept = dict(
            pair
            for key, value in zip(attributes[::2], attributes[1::2], strict=True)
            if (pair := self._judge_attribute(tag, uri, key, value))
        )
        if tag != local and uri == SVG:
            self.removed = told | {f"`<{local}>`": None}
        if self._open:
            self._parts.append(f"<{tag}")
        self._parts.extend(f' {key}="{_escape(value, quoted=True)}"' for key, value in kept.items())
        self._parts.append(">")
        self._open.append((tag, kept.get("id", "")))
        self._weigh(tag, kept)
        if tag == "style":
            self._sheet = []

    def _end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if self._sheet is not None:
            sheet, removed = clean_sheet("".join(self._sheet))
            self._parts.append(_escape(sheet))
            self._sheet = None
            for one in removed:
                self._leave_out(one)
        tag, _ = self._open.pop()
        self._parts.append(f"</{tag}>")

    def _take_text(self, text: str) -> None:
        if self._skipped:
            return
        if self._sheet is not None:
            self._sheet.append(text)
        elif self._open:
            self._parts.append(_escape(text))

    def _name_element(self, uri: str, local: str) -> str:
        """How an element is written, or nothing where it is left out. A link becomes a group."""
        if uri in EDITORS:
            self._namespaces.add(uri)
            return f"{EDITORS[uri]}:{local}"
        if uri != SVG:
            return ""
        if local == "a":
            return "tspan" if self._open[-1][0] in TEXTS else "g"
        return local if local in ELEMENTS else ""

    def _judge_attribute(self, tag: str, uri: str, name: str, value: str) -> tuple[str, str] | None:
        """How an attribute is written, or None where it is left out."""
        space, _, local = name.rpartition(self.SEPARATOR)
        key = _PREFIXES.get(space, "") + local
        kept: str | None = None
        if space in (XLINK, "") and local == "href":
            kept = _judge_reference(tag, value)
        elif space in EDITORS:
            kept = value
        elif space:
            kept = value if (space, local) in _SPACED else None
        elif uri in EDITORS:
            kept = None if local.startswith("on") or local == "style" else value
        elif is_words(local):
            kept = value
        elif local == "style":
            kept = clean_declarations(value)
        elif local in ATTRIBUTES:
            kept = clean_value(value)
        if kept != value:
            of = f" of `<{tag}>`" if local == "href" else ""
            self._leave_out(f"`{key[:_SHOWN]}`{of}")
        if kept is None:
            return None
        self._namespaces.add(space)
        return key, kept

    def _weigh(self, tag: str, attributes: dict[str, str]) -> None:
        """Note what an element adds to those that it lies in: itself, and what it draws again."""
        drawn = [
            one
            for value in attributes.values()
            if "url(" in value
            for one in list_references(value)
        ]
        drawn += [
            value[1:]
            for key, value in attributes.items()
            if key in ("href", "xlink:href") and value[:1] == "#"
        ]
        for name in {"", *(identity for _, identity in self._open)}:
            self._weights[name] += 1
            if drawn:
                self._references.setdefault(name, Counter()).update(drawn)

    def _count_drawn(self, name: str, known: dict[str, int], depth: int) -> int:
        """How many elements an element with an id draws; one that draws itself is drawn by no browser."""
        if depth > MAXIMUM_DEPTH:
            return MAXIMUM_DRAWN + 1
        if name not in known:
            known[name] = 0
            known[name] = self._weights[name] + sum(
                count * self._count_drawn(other, known, depth + 1)
                for other, count in self._references.get(name, {}).items()
            )
        return known[name]


def _judge_reference(tag: str, value: str) -> str | None:
    """An address that stays in the file, or None."""
    if tag == "image":
        return value if _PICTURE.fullmatch(value) and _is_showable(value) else None
    return value if tag in REFERRING and _REFERENCE.fullmatch(value) else None


def _is_showable(address: str) -> bool:
    """Whether the picture in a `data:` address would not hold up a browser."""
    try:
        header = measure_bytes(b64decode(address.partition(",")[2]))
    except binascii.Error:
        return False
    return header is None or not is_too_large(*header.size)


def _escape(text: str, quoted: bool = False) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("\r", "&#13;")
    if quoted:
        text = text.replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")
    return text
