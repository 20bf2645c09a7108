"""Consent walls as text: the lines that stand in a saved page where something of another platform stood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from archiver.embeds.phrases import (
    ASKS,
    NAMES,
    clean,
    fold,
    level,
    name_provider_of,
    read_marks,
    read_rules,
)


class Wall(Struct, frozen=True):
    """Where a wall stands in the blocks that were asked about, and whose it is."""

    provider: str  # as in an embed block: `twitter`; empty where the wall does not name it
    blocks: int  # how many of the blocks hold lines of the wall, at least 1
    before: int = 0  # lines of the first of them that stand before the wall
    after: int = 0  # lines of the last of them that stand after it
    author: str = ""  # whose post it was, where a line for those who listen says so


# Longer paragraphs are more than a request for consent (characters).
LONGEST_BODY = 800
# No wall has more lines than this.
_MOST_LINES = 12
_STOP = re.compile(r"[.!:;。।]\s")
# What may follow the words that agree: the rest of their own sentence.
_TAIL = re.compile(r"[^.!?。।။።]{0,60}[.!?。।။።]?[\W_]*", re.DOTALL)
_UNFINISHED = re.compile(r"[\w,]\Z")
_LISTENED = re.compile(
    r"(?P<where>skip|end of) (?P<name>\S+(?: \S+)?) (?:post|tweet|video|content)(?: \d+)?"
    r" by (?P<author>\S.{0,60})",
    re.IGNORECASE,
)
_HINT = re.compile(r"to view this content,? (?:click|choose|select)\b.{0,60}", re.IGNORECASE)


def may_hold_wall(text: str) -> bool:
    """Whether any wall could stand in a text of any markup; it errs on the side of yes."""
    text = level(text)
    asking = "?" in text or "؟" in text or "？" in text
    # Every post is asked: a generator in place of the loop takes twice the time.
    for first, word, others in read_marks()[text.isascii(), asking]:
        # A character of a script that the text does not use is missed sooner than a word.
        if first in text and word in text and all(other in text for other in others):
            return True
    return False


def find_wall(blocks: Sequence[str]) -> Wall | None:
    """The first wall that begins in the first of these blocks; None where there is none.

    `blocks` are texts of consecutive paragraphs, headings or list items; lines of one are joined by \\n.
    A wall is whole lines: a line that says more than a wall does is never part of it. No more than 12
    blocks are looked at, so give lines as blocks of their own where there may be thousands in one.
    """
    if not blocks or not may_hold_wall("\n".join(blocks[:_MOST_LINES])):
        return None
    lines = [
        _Line(block, number, " ".join(clean(line).split()))
        for block, text in enumerate(blocks[:_MOST_LINES])
        for number, line in enumerate(text.split("\n"))
    ]
    lines = [line for line in lines if line.text]
    for start, line in enumerate(lines):
        if line.block:
            break
        reading = _Reading(lines, start)
        if reading.read_wall():
            last = lines[reading.at - 1]
            return Wall(
                provider=reading.provider,
                blocks=last.block + 1,
                before=line.number,
                after=blocks[last.block].count("\n") - last.number,
                author=reading.author,
            )
    return None


class _Line(Struct, frozen=True):
    block: int
    number: int  # in its block, from 0
    text: str


class _Reading:
    """A reading of lines from one of them on: `at` is the line after all that was taken."""

    def __init__(self, lines: Sequence[_Line], at: int) -> None:
        self._lines = lines
        self._rules = read_rules()
        self.at = at
        self.provider = ""
        self.author = ""

    def read_wall(self) -> bool:
        """Take a wall, if one begins here."""
        self._take_listened(self._rules.skips)
        found = self._take_request()
        found = self._take_fallback(self.provider if found else None) or found
        if found:
            self._take_listened(self._rules.ends)
        return found

    def _look(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self._lines[place].text if place < len(self._lines) else ""

    def _take_listened(self, patterns: Sequence[re.Pattern[str]]) -> None:
        """A line for those who listen: it proves nothing, for a post that was captured may follow."""
        text = self._look()
        match = _LISTENED.fullmatch(text)
        if match is None or (match["where"].lower() == "skip") != (patterns is self._rules.skips):
            match = _match_known(patterns, text)
        if match is not None:
            self.provider = self.provider or name_provider_of(match["name"])
            self.author = self.author or match.groupdict().get("author") or ""
            self.at += 1

    def _take_request(self) -> bool:
        """The line that asks, and what belongs to it."""
        text = self._look()
        for heading in self._rules.headings:
            match = heading.match(text)
            if match is None:
                continue
            name = match.groupdict().get("name")
            if name is not None and (len(name.split()) > 4 or _STOP.search(name)):
                continue
            rest = text[match.end() :].lstrip(" :-–—")
            if rest:
                if not self._take_body(rest):
                    continue
            elif self._is_button(1):
                self.at += 1
            elif name is None or _stands_alone(name, text, heading):
                self.at += 1
                self._take_body(self._look())
            else:
                self.at += 1
                if not self._take_body(self._look()):
                    self.at -= 1
                    continue
            self.provider = name_provider_of(name or "") or self.provider
            if _HINT.fullmatch(self._look()) and self._agrees(self._look()):
                self.at += 1
            if self._is_button():
                self.at += 1
            return True
        return False

    def _take_body(self, text: str) -> bool:
        """The paragraph that explains: `text` and, where it breaks off, the next lines of its block."""
        opening = self._rules.body.match(text)
        if opening is None or not self._is_body(text):
            return False
        last = self.at
        block = self._lines[last].block
        while not self._agrees(text) and _UNFINISHED.search(text) and len(text) <= LONGEST_BODY:
            last += 1
            if last >= len(self._lines) or self._lines[last].block != block:
                break
            text = f"{text} {self._lines[last].text}"
        # Only the words that agree show where a paragraph of several lines ends.
        self.at = last + 1 if self._agrees(text) and self._is_body(text) else self.at + 1
        self.provider = self.provider or _find_known(opening["rest"])
        return True

    def _take_fallback(self, provider: str | None) -> bool:
        """The lines that lead to the original; after a request only those of its provider."""
        start = self.at
        gone = fold(self._look()) in self._rules.gone
        self.at += gone
        link = _match_known(
            self._rules.links, self._rules.furniture.sub("", self._look().rstrip("."))
        )
        named = name_provider_of(link["name"]) if link is not None else ""
        linked = named != "" and provider in (None, "", named)
        if linked:
            self.provider = named
            self.at += 1
        warned = False
        while self._rules.warning.fullmatch(self._look()):
            self.at += 1
            warned = True
        if linked or (warned and provider is not None):
            return True
        self.at = start
        return False

    def _is_button(self, ahead: int = 0) -> bool:
        return fold(self._look(ahead)) in self._rules.buttons

    def _agrees(self, text: str) -> bool:
        return self._rules.agreeing.search(text) is not None

    def _is_body(self, text: str) -> bool:
        """Whether a paragraph ends with the words that agree, if it holds them, and is no longer than one."""
        end = max((match.end() for match in self._rules.agreeing.finditer(text)), default=len(text))
        return len(text) <= LONGEST_BODY and _TAIL.fullmatch(text, end) is not None


def _stands_alone(name: str, text: str, heading: re.Pattern[str]) -> bool:
    """Whether a heading needs no paragraph: its name is known, or is the only word written as names are."""
    if " ".join(name.casefold().split()) in NAMES:
        return True
    # "Allow Political Content?" is a headline.
    exact = re.fullmatch(heading.pattern, text) is not None
    return exact and text[-1] in ASKS and all(word[0].isupper() for word in name.split())


def _match_known(patterns: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    """A whole line that names a provider that is known."""
    for pattern in patterns:
        match = pattern.fullmatch(text)
        if match is not None and NAMES.get(match["name"].casefold()):
            return match
    return None


def _find_known(text: str) -> str:
    """The provider that the first words name, or a host's name among them."""
    for word in text[:80].split()[:3]:
        for part in word.strip(".,'").casefold().split("."):
            if part != "x" and NAMES.get(part):
                return NAMES[part]
    return ""
