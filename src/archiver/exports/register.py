"""What is looked up while files stream by: kept on the disk, so that memory does not grow with an archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA cache_size = -1000;
    CREATE TABLE posts (permalink TEXT PRIMARY KEY, path TEXT, date TEXT, title TEXT, withdrawn INT)
        WITHOUT ROWID;
    CREATE UNIQUE INDEX paths ON posts (path);
    CREATE TABLE notes (line TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE places (path TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID;
"""


class Post(Struct, frozen=True):
    """What other files need of a post: `date` is when it was last changed, in UTC."""

    permalink: str
    path: str
    date: datetime
    title: str
    is_withdrawn: bool


class Register:
    """A database of its own, which SQLite removes when it is closed."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.executescript(_TABLES)

    def add_post(self, post: Post) -> None:
        """Note a post."""
        row = (post.permalink, post.path, post.date.isoformat(), post.title, post.is_withdrawn)
        self._database.execute("INSERT INTO posts VALUES (?, ?, ?, ?, ?)", row)

    def find_post(self, permalink: str) -> Post | None:
        """The post with a permalink."""
        return self._find("permalink", permalink)

    def find_source(self, path: str) -> Post | None:
        """The post that a content file was published as."""
        return self._find("path", path)

    def note(self, line: str) -> None:
        """Note a line."""
        self._database.execute("INSERT OR IGNORE INTO notes VALUES (?)", (line,))

    def list_notes(self) -> Iterator[str]:
        """All lines, in the order of their bytes."""
        for (line,) in self._database.execute("SELECT line FROM notes ORDER BY line"):
            yield line

    def place(self, path: str, place: str) -> None:
        """Note where something is to be found."""
        self._database.execute("INSERT OR IGNORE INTO places VALUES (?, ?)", (path, place))

    def find_place(self, path: str) -> str | None:
        """Where something is to be found, if that was noted."""
        query = "SELECT place FROM places WHERE path = ?"
        row = self._database.execute(query, (path,)).fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Remove it."""
        self._database.close()

    def _find(self, column: str, value: str) -> Post | None:
        query = f"SELECT * FROM posts WHERE {column} = ?"  # noqa: S608 (one of two names)
        row = self._database.execute(query, (value,)).fetchone()
        if row is None:
            return None
        permalink, path, date, title, withdrawn = row
        return Post(permalink, path, datetime.fromisoformat(date), title, bool(withdrawn))
