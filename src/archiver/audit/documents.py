"""A document of XML: a drawing (SVG), a page of XHTML, a feed."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from archiver.audit.findings import Finding, show
from archiver.audit.markup import judge_element
from archiver.audit.policy import judge_head

XHTML = "http://www.w3.org/1999/xhtml"
SVG = "http://www.w3.org/2000/svg"
# Vocabularies of attributes, and how `markup` spells these.
PREFIXES = {
    "": "",
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
# Vocabularies whose elements a browser acts on, in whatever document they stand.
VOCABULARIES = frozenset({XHTML, SVG, "http://www.w3.org/1998/Math/MathML"})
# Elements that have no place in a drawing, besides those of `markup`.
DRAWING = {"foreignobject": "holds a page of HTML"}
# Instructions that load something.
INSTRUCTIONS = frozenset({"xml-stylesheet", "xsl-stylesheet", "xbl"})


def audit_document(text: str, path: str) -> Iterator[Finding]:
    """What a document of XML may load, send or run; offsets are in the text.

    It is read up to its first mistake, as browsers do, and the mistake is told.
    """
    reading = _Reading(text, path)
    try:
        reading.parser.Parse(reading.data, True)
    except _UnreadableError:
        pass
    except (expat.ExpatError, ValueError, LookupError) as error:
        reading.tell("not-audited", f"the document is not well-formed XML: {error}")
    reading.end_all()
    yield from reading.found


class _UnreadableError(Exception):
    """What comes next may stand for anything."""


class _Open:
    """An element whose end has not come yet."""

    def __init__(self, name: str, attributes: dict[str, str], offset: int) -> None:
        self.name = name
        self.attributes = attributes
        self.offset = offset
        self.text: list[str] = []


class _Reading:
    def __init__(self, text: str, path: str) -> None:
        self.found: list[Finding] = []
        self.data = text.encode()
        self._spot = (0, 0)
        self.path = path
        # Whatever the document says of its charset, it has been decoded.
        self.parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self.read_declaration
        parser.StartDoctypeDeclHandler = self.read_doctype
        parser.ProcessingInstructionHandler = self.read_instruction
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.read_text
        self._open: list[_Open] = []
        self._head: list[tuple[str, dict[str, str]]] = []
        self._is_page = False

    @property
    def offset(self) -> int:
        """How many characters have been read."""
        start, count = self._spot
        here = max(start, self.parser.CurrentByteIndex)
        self._spot = (here, count + len(self.data[start:here].decode(errors="replace")))
        return self._spot[1]

    def tell(self, code: str, message: str) -> None:
        """Add a finding, here."""
        self.found.append(Finding(code, message, self.offset))

    def read_declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        """`<?xml … ?>`."""
        if encoding and encoding.lower() != "utf-8":
            self.tell("not-audited", f"the document says it is in {show(encoding)}, not in UTF-8")

    def read_doctype(
        self, name: str, system: str | None, public: str | None, internal: bool
    ) -> None:
        """`<!DOCTYPE …>`; entities can hide anything, so nothing is read after they are declared."""
        if internal:
            self.tell("not-audited", "the document declares entities of its own")
            raise _UnreadableError
        if system:
            self.tell("leak", f"the document's type is defined elsewhere: {show(system)}")

    def read_instruction(self, target: str, data: str) -> None:
        """`<?target data?>`."""
        if target.lower() in INSTRUCTIONS:
            self.tell("leak", f"the instruction `{target}` loads a style sheet")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """`<name …>`; the names come with their vocabulary before them."""
        vocabulary, _, local = name.rpartition(" ")
        strict = self.path.lower().endswith((".svg", ".xhtml", ".xht"))
        known = vocabulary in VOCABULARIES or (strict and not vocabulary)
        named = {}
        for key, value in attributes.items():
            space, _, attribute = key.rpartition(" ")
            if space in PREFIXES:
                named[PREFIXES[space] + attribute.lower()] = value
        parents = [one.name for one in self._open[:3]]
        if not parents and vocabulary == XHTML and local == "html":
            self._is_page = True
        elif parents == ["html", "head"]:
            self._head.append((local.lower(), named))
        self._open.append(_Open(local.lower() if known else "", named, self.offset))

    def end(self, name: str) -> None:
        """`</name>`."""
        element = self._open.pop()
        if not element.name:
            return
        is_drawing = self.path.lower().endswith(".svg")
        if is_drawing and element.name in DRAWING:
            message = f"the element `{element.name}` {DRAWING[element.name]}"
            width = len(element.name) + 1
            self.found.append(Finding("runs-script", message, element.offset, width))
        text = "".join(element.text)
        for found in judge_element(element.name, element.attributes, text, self.path):
            width = len(element.name) + 1
            self.found.append(Finding(found.code, found.message, element.offset, width))

    def read_text(self, text: str) -> None:
        """Text, which counts in `script` and `style` only."""
        if self._open and self._open[-1].name in ("script", "style"):
            self._open[-1].text.append(text)

    def end_all(self) -> None:
        """Judge what was never ended, and the head of a page."""
        while self._open:
            self.end("")
        if self._is_page:
            for found in judge_head(self._head):
                self.found.append(Finding(found.code, found.message, 0, hint=found.hint))
