"""A coverage's data, `coverage.json`, put together entry by entry: of a long coverage it is a large file."""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from msgspec.structs import replace

from archiver.dataset import BETWEEN
from archiver.pages import Brief
from archiver.staging import Staging, Written

_BUFFER = 1 << 20


class DataFile(Protocol):
    """A file of data that grows; `is_kept` says whether anybody keeps it."""

    is_kept: bool

    def add(self, piece: bytes) -> None:
        """One more entry."""

    def finish(self, key: bytes, end: bytes) -> Written:
        """The file, complete."""

    def close(self) -> None:
        """Let go of what was not finished."""


def open_data(staging: Staging | None, path: str, head: bytes) -> DataFile:
    """A new file of data, which begins with its head."""
    return StagedData(staging, path, head) if staging else NoData(path)


class StagedData:
    """A file of data as it grows in the staging folder."""

    is_kept = True

    def __init__(self, staging: Staging, path: str, head: bytes) -> None:
        self._staging, self._path = staging, path
        self._draft = staging.folder / (path.replace("/", ".") + ".draft")
        self._file = self._draft.open("wb")
        self._digest = hashlib.sha256()
        self._buffer = bytearray(head)
        self._empty = True

    def add(self, piece: bytes) -> None:
        """One more entry."""
        if not self._empty:
            self._buffer += BETWEEN
        self._empty = False
        self._buffer += piece
        if len(self._buffer) > _BUFFER:
            self._flush()

    def finish(self, key: bytes, end: bytes) -> Written:
        """The file, complete."""
        self._buffer += end
        self._flush()
        self._file.close()
        return replace(
            self._staging.adopt(self._path, self._draft, self._digest.hexdigest()), key=key
        )

    def close(self) -> None:
        """Let go of what was not finished."""
        self._file.close()

    def _flush(self) -> None:
        self._file.write(self._buffer)
        self._digest.update(self._buffer)
        self._buffer.clear()


class NoData:
    """Data that nobody keeps, for checks."""

    is_kept = False

    def __init__(self, path: str) -> None:
        self._path = path

    def add(self, piece: bytes) -> None:
        """Nothing is kept."""

    def finish(self, key: bytes, end: bytes) -> Written:
        """Note that there would be such a file."""
        return Written(self._path, "", False)

    def close(self) -> None:
        """There is nothing to let go of."""


class KeptPieces:
    """The entries of a file of data that an earlier build has left, by slug."""

    def __init__(self, path: Path, start: int, slugs: Iterable[str], briefs: Mapping[str, Brief]):
        self._briefs = briefs
        self._starts: dict[str, int] = {}
        for slug in slugs:
            self._starts[slug] = start
            start += briefs[slug].size + len(BETWEEN)
        self._path = path

    def __reduce__(self) -> tuple[type[KeptPieces], tuple[Any, ...]]:
        """Another process opens the file for itself."""
        starts = list(self._starts.values())
        start = starts[0] if starts else 0
        return KeptPieces, (self._path, start, tuple(self._starts), self._briefs)

    @cached_property
    def _bytes(self) -> mmap.mmap:
        with self._path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def find(self, slug: str, brief: Brief) -> bytes | None:
        """The entry of a post with this brief; None where that was another one."""
        kept = self._briefs.get(slug)
        if kept is None or kept.key != brief.key or slug not in self._starts:
            return None
        start = self._starts[slug]
        return self._bytes[start : start + kept.size]
