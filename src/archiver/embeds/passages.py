"""What a reader sees of some HTML, as plain text: paragraphs, lines, and the links among the words."""

from __future__ import annotations

import re

from msgspec import Struct
from selectolax.lexbor import LexborNode

from archiver.embeds.addresses import read_web_address
from archiver.model import Anchor

# What no reader saw.
HIDDEN = frozenset({"script", "style", "template", "noscript", "iframe"})
# Elements that begin a line of their own.
BLOCKS = frozenset(
    """address article aside blockquote center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th
    thead tr ul""".split()
)
# What is written into HTML on its way (see `sanitize`) is no part of anybody's words.
MARKS = re.compile(" ?[\ufdd4\ufdd6]\\d+[\ufdd5\ufdd7]")
_LONGEST_SIGN = 16


class Passage(Struct, frozen=True):
    """A paragraph, its lines parted by `\\n`, and its links in order."""

    text: str
    links: tuple[Anchor, ...] = ()


def read_passages(node: LexborNode) -> list[Passage]:
    """The paragraphs below a node, without those that hold no words.

    An emoji that is a picture is read as its alt text.
    """
    reader = _Reader()
    reader.read(node)
    reader.end_paragraph()
    return reader.passages


def join_passages(passages: list[Passage]) -> tuple[str, tuple[Anchor, ...]]:
    """Paragraphs as one text, with a blank line between them, and all their links."""
    text = "\n\n".join(passage.text for passage in passages)
    return text, tuple(link for passage in passages for link in passage.links)


def is_sign(alt: str) -> bool:
    """Whether a picture's words are a sign that stands in a text: an emoji, and no description."""
    return 0 < len(alt) <= _LONGEST_SIGN and not re.search(r"\w{2}|\s", alt)


def squeeze(text: str) -> str:
    """Text with white space run together, and without the marks that stand for tags and lifts."""
    return " ".join((text if text.isascii() else MARKS.sub("", text)).split())


class _Reader:
    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.parts: list[str] = []
        self.anchors: list[Anchor] = []

    def read(self, node: LexborNode, kept: bool = False) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag
            if tag == "-text":
                text = child.text_content or ""
                self.parts.append(text.replace("\n", "\r") if kept else re.sub(r"\s+", " ", text))
            elif tag == "br":
                self.parts.append("\n")
            elif tag == "wbr" or tag in HIDDEN:
                continue
            elif tag == "img":
                alt = squeeze(child.attributes.get("alt") or "")
                if is_sign(alt):
                    self.parts.append(alt)
            elif tag in BLOCKS:
                self.end_paragraph()
                self.read(child, kept or tag == "pre")
                self.end_paragraph()
            elif tag == "a":
                self.read_link(child, kept)
            else:
                self.read(child, kept)

    def read_link(self, node: LexborNode, kept: bool) -> None:
        start, before = len(self.parts), len(self.passages)
        self.read(node, kept)
        url = read_web_address(node.attributes.get("href") or "")
        if not url:
            return
        if len(self.passages) == before:
            words = squeeze("".join(self.parts[start:]))
            if words:
                self.anchors.append(Anchor(words, url))
            return
        # The link runs over blocks: each of them leads there.
        self.end_paragraph()
        for place in range(before, len(self.passages)):
            passage = self.passages[place]
            self.passages[place] = Passage(passage.text, (Anchor(squeeze(passage.text), url),))

    def end_paragraph(self) -> None:
        lines = [squeeze(line) for line in re.split("[\n\r]", "".join(self.parts))]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
        if text:
            self.passages.append(Passage(text, tuple(self.anchors)))
        self.parts, self.anchors = [], []
