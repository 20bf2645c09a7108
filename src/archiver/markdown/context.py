"""What the rules may know of the file a text stands in, and what they gather from it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container
from functools import lru_cache
from typing import cast
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from msgspec import Struct, field

from archiver.diagnostics import Place, Report
from archiver.matter import Matter
from archiver.model import Embed, Facts, Link, Media


@lru_cache(maxsize=256)
def _find_all(text: str, spelling: str, start: int, end: int) -> tuple[int, ...]:
    """Where some words stand in a part of a text; many problems may ask for the same."""
    offsets = []
    while (start := text.find(spelling, start, end)) >= 0:
        offsets.append(start)
        start += len(spelling)
    return tuple(offsets)


def know_nothing(path: str) -> Facts:
    """What is known of a medium of which nothing is."""
    return Facts()


def read_nothing(path: str) -> bytes:
    """The words of what is not read."""
    return b""


class Context(Struct, frozen=True):
    """Where a Markdown text stands and how its links are found.

    `folder` is the coverage's content folder (`content/westminster`); `first_line` the text's first
    line in its file; `anchor` begins every id; `media` holds the coverage's media as paths below
    that folder, and `broken` those of its pictures that cannot be shown; `find_page` gives the page
    of a content file as a link from the coverage's folder, and the anchor of its ids, or None where
    there is no such file; `find_facts` tells what is known of a medium and `read_words` its bytes where it
    is a text; `detached` says that the text is shown apart from its file's page, so that
    its fragments are those of another page.
    """

    matter: Matter
    report: Report
    zone: ZoneInfo
    folder: str
    first_line: int
    anchor: str
    media: Container[str]
    find_page: Callable[[str], tuple[str, str] | None]
    detached: bool = False
    broken: Container[str] = frozenset()
    find_facts: Callable[[str], Facts] = know_nothing
    read_words: Callable[[str], bytes] = read_nothing

    def locate(self, lines: list[int] | None, needle: str, number: int = 0) -> Place:
        """The place of some text inside a block, else below it or above it (the address of a
        reference, a note), else of the block's first line. An address is looked for decoded, too.
        `number` counts from 0 where the same text stands there several times.
        """
        matter, first = self.matter, self.first_line + (lines[0] if lines else 0)
        last = self.first_line + lines[1] if lines else first
        text, top, below = matter.source.text, self.first_line, len(matter.source.text)
        for start, end in (
            (matter.find_line(first), matter.find_line(last)),
            (matter.find_line(first), below),
            (matter.find_line(top), below),
        ):
            for spelling in dict.fromkeys((needle, unquote(needle))) if needle else ():
                found = _find_all(text, spelling, start, end)
                if found:
                    return matter.locate(found[min(number, len(found) - 1)], len(spelling))
        return matter.place(first, 1)

    def find_media(self, address: str) -> str | None:
        """A medium's path below the coverage's folder: as seen from the file, else from that folder."""
        path = unquote(address.split("?")[0].split("#")[0])
        home = posixpath.dirname(self.matter.source.path)
        for base in (home, self.folder):
            full = posixpath.normpath(posixpath.join(base, path))
            below = full.removeprefix(self.folder + "/")
            if below != full and below in self.media:
                return below
        return None

    def find_content(self, address: str) -> str:
        """The content path that a relative address means."""
        home = posixpath.dirname(self.matter.source.path)
        return posixpath.normpath(posixpath.join(home, unquote(address)))


class Tag(Struct, frozen=True):
    """The beginning of an element as written in raw HTML (`<iframe`): the lines of its block, and
    which of several of the name in that block it is, from 0."""

    text: str
    lines: tuple[int, int] | None
    number: int


class Gathered(Struct):
    """What the rules found, for the Body. `tags` are those of raw HTML, as they are numbered in it."""

    tags: list[Tag] = field(default_factory=list)
    slots: list[Media | Embed] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)


def context_of(state: StateCore) -> Context:
    """The context a text is rendered in."""
    return cast("Context", state.env["context"])


def gathered_of(state: StateCore) -> Gathered:
    """What has been gathered from a text so far."""
    return cast("Gathered", state.env["gathered"])


def make_token(kind: str, tag: str, nesting: int, **attributes: str) -> Token:
    """A block token of our own."""
    token = Token(kind, tag, nesting)  # type: ignore[arg-type]
    token.block = True
    token.attrs = dict(attributes)
    return token
