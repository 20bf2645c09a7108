"""Content files taken apart, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from archiver.diagnostics import Report
from archiver.files import read_source
from archiver.matter import Matter, read_matter
from archiver.model import Source
from archiver.regular import OddFileError, read_regular
from archiver.transcripts import MAXIMUM_TRANSCRIPT


class Manuscripts(Mapping[str, Matter]):
    """The files of an archive by their paths, taken apart; so many are remembered, and then no more."""

    def __init__(self, root: Path, remembered: int = 0) -> None:
        self._root = root
        self._remembered = remembered
        self._matters: dict[str, Matter] = {}

    def read(self, path: str, report: Report) -> Matter | None:
        """A file read anew; None, with the problems reported, where it cannot be taken apart."""
        source = read_source(self._root, path, report)
        matter = read_matter(source, report) if source else None
        if matter is not None and len(self._matters) < self._remembered:
            self._matters[path] = matter
        return matter

    def find(self, path: str, report: Report) -> Matter | None:
        """A file as it is remembered, else read anew."""
        return self._matters.get(path) or self.read(path, report)

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
        return iter(self._matters)

    def __len__(self) -> int:
        return len(self._matters)
