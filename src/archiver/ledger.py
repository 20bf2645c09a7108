"""What a build knows of the builds before it, in one file that may be lost or damaged at any time.

A ledger is a table of names and bytes in SQLite. What is kept under a name may be large, and is cut into
pieces, of which only those are written that are not there yet. Each row carries a digest of itself, so that
a damaged one is as good as none; whatever goes wrong with the file, the ledger is empty, and the build does
all its work again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from archiver.digests import make_digest

FORMAT = b"archiver ledger 2"
_TABLE = """(name TEXT NOT NULL, number INTEGER NOT NULL, digest BLOB NOT NULL, value BLOB NOT NULL,
PRIMARY KEY (name, number)) WITHOUT ROWID"""
# In bytes. The last piece of all is shorter, so that none can be missing unnoticed.
PIECE = 1 << 20


def find_ledger(output: Path) -> Path:
    """The ledger of an output folder lies beside it: nothing of it is published."""
    return output.parent / f".{output.name}.ledger"


class Ledger:
    """A ledger opened for one build. Whatever is written counts only once all of it is committed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # A build that does nothing else leaves no file either.
        self._is_new = not path.exists()
        self._rows = _connect(":memory:") if self._is_new else _open(path)
        self._is_open = not self._is_new

    def read(self, name: str) -> bytes | None:
        """What is kept under a name; None where nothing is, or where it is damaged."""
        pieces: list[bytes] = []
        try:
            query = "SELECT digest, value FROM ledger WHERE name = ? ORDER BY number"
            for digest, value in self._rows.execute(query, (name,)):
                if not isinstance(value, bytes) or digest != _seal(name, len(pieces), value):
                    return None
                pieces.append(value)
        except sqlite3.Error:
            return None
        is_whole = bool(pieces) and len(pieces[-1]) < PIECE
        return b"".join(pieces) if is_whole else None

    def write(self, name: str, value: bytes) -> None:
        """Keep something under a name."""
        if not self._is_open:
            self._rows.close()
            self._rows, self._is_open = _open(self._path), True
        count = len(value) // PIECE + 1
        with contextlib.suppress(sqlite3.Error):
            for number in range(count):
                self._write_piece(name, number, value[number * PIECE : (number + 1) * PIECE])
            gone = "DELETE FROM ledger WHERE name = ? AND number >= ?"
            self._rows.execute(gone, (name, count))

    def _write_piece(self, name: str, number: int, value: bytes) -> None:
        digest = _seal(name, number, value)
        query = "SELECT digest, value FROM ledger WHERE name = ? AND number = ?"
        # Whatever was damaged is written again.
        if self._rows.execute(query, (name, number)).fetchone() != (digest, value):
            row = (name, number, digest, value)
            self._rows.execute("INSERT OR REPLACE INTO ledger VALUES (?, ?, ?, ?)", row)

    def commit(self, kept: Iterable[str]) -> None:
        """Make all that was written count, and drop what is not kept.

        Where that cannot be done there is no ledger any more: the next build does all its work again.
        """
        try:
            known = {name for (name,) in self._rows.execute("SELECT DISTINCT name FROM ledger")}
            gone = [(name,) for name in known.difference(kept)]
            self._rows.executemany("DELETE FROM ledger WHERE name = ?", gone)
            self._rows.commit()
            self._is_new = False
        except sqlite3.Error:
            self._is_new = True

    def close(self) -> None:
        """Let go of the file; what was not committed is gone."""
        self._rows.close()
        if self._is_new and self._is_open:
            _remove(self._path)


def _seal(name: str, number: int, value: bytes) -> bytes:
    return make_digest(FORMAT, name.encode(), number.to_bytes(4, "big"), value)


def _open(path: Path) -> sqlite3.Connection:
    """A file as a table, made anew where it is none; where there can be no file, a table all the same."""
    for _ in range(2):
        try:
            return _connect(str(path))
        except sqlite3.Error:
            _remove(path)
    return _connect(":memory:")


def _connect(path: str) -> sqlite3.Connection:
    rows = sqlite3.connect(path)
    try:
        # What a power cut takes is done again; waiting for the disk would cost each build.
        rows.execute("PRAGMA synchronous = OFF")
        rows.execute(f"CREATE TABLE IF NOT EXISTS ledger {_TABLE}")
        rows.execute("SELECT name, number, digest, value FROM ledger LIMIT 1").fetchall()
    except sqlite3.Error:
        rows.close()
        raise
    return rows


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
