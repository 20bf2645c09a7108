"""Content files taken apart, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from archiver.diagnostics import Report
from archiver.files import read_source
from archiver.matter import Matter, read_matter, split_matter
from archiver.model import Source
from archiver.regular import OddFileError, read_regular
from archiver.transcripts import MAXIMUM_TRANSCRIPT

# The text of a file as bytes, and the digest that the file had.
Remembered = tuple[bytes, bytes]


class Manuscripts(Mapping[str, Matter]):
    """The files of an archive by their paths, taken apart; the texts of so many are remembered, and then no
    more."""

    def __init__(self, root: Path, remembered: int = 0) -> None:
        self.remembered = remembered
        self._root = root
        self._texts: dict[str, Remembered] = {}

    def read(self, path: str, report: Report) -> Matter | None:
        """A file read anew; None, with the problems reported, where it cannot be taken apart."""
        source = read_source(self._root, path, report)
        matter = read_matter(source, report) if source else None
        if matter is not None:
            self.remember({path: (matter.source.text.encode(), matter.source.digest)})
        return matter

    def find(self, path: str, report: Report) -> Matter | None:
        """A file as it is remembered, else read anew."""
        source = self._recall(path)
        return read_matter(source, report) if source else self.read(path, report)

    def find_text(self, path: str, report: Report) -> Matter | None:
        """A file as it is remembered, else read anew, without its fields: those were read before."""
        source = self._recall(path) or read_source(self._root, path, report)
        parts = split_matter(source, report) if source else None
        return parts[0] if parts else None

    def remember(self, texts: Mapping[str, Remembered]) -> None:
        """Remember what was read elsewhere, as far as there is room."""
        if len(self._texts) < self.remembered:
            self._texts |= texts

    def hand_over(self) -> dict[str, Remembered]:
        """All that is remembered, which is forgotten here."""
        texts, self._texts = self._texts, {}
        return texts

    def _recall(self, path: str) -> Source | None:
        text, digest = self._texts.get(path, (None, b""))
        return None if text is None else Source(path, text.decode(), digest)

    def read_words(self, path: str) -> bytes:
        """The bytes of a medium that is a text; nothing where it cannot be read, which was told."""
        try:
            return read_regular(self._root / path, MAXIMUM_TRANSCRIPT + 1)
        except (OSError, OddFileError):
            return b""

    def __getitem__(self, path: str) -> Matter:
        # Of a file that was there before and is gone, nothing can be told but that it was there.
        return self.find(path, Report()) or Matter({}, "", 1, Source(path, ""))

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
