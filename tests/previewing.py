"""A preview of a book, served in this process; changes are told to it as they are made."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiver.preview import Preview, Refreshed
from archiver.serve import Board, Server, open_server
from book import Book

PATIENCE = 20


class Asked:
    """An answer: its status, headers and bytes."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.data = answer.read()

    @property
    def text(self) -> str:
        """The bytes as text."""
        return self.data.decode()


class Stream:
    """The news as a browser gets it."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.request("GET", "/_preview/events")
        self._answer = self._connection.getresponse()
        assert self._answer.headers["Content-Type"] == "text/event-stream"

    def read(self) -> Any:
        """The next news; None where the stream has ended."""
        while line := self._answer.readline():
            if line.startswith(b"data: "):
                return json.loads(line.removeprefix(b"data: "))
        return None

    def close(self) -> None:
        """Leave."""
        self._answer.close()
        self._connection.close()


class Served:
    """A book, its preview and its server."""

    def __init__(self, book: Book, server: Server, board: Board, preview: Preview) -> None:
        self.book = book
        self.server = server
        self.board = board
        self.preview = preview
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)

    @property
    def base(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.server.port}/"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Asked:
        """Ask for a path, over a connection that stays open; `_` in a header's name is a hyphen."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, headers=named)
        return Asked(self._connection.getresponse())

    def change(self, text: str) -> Refreshed:
        """Write files, and tell that they changed."""
        before = {path: path.stat().st_mtime_ns for path in self._files()}
        self.book.write(text)
        return self.tell(*(path for path in self._files() if before.get(path) != _stamp(path)))

    def tell(self, *paths: Path) -> Refreshed:
        """Tell that files changed."""
        below = (path.relative_to(self.book.root).as_posix() for path in paths)
        refreshed = self.preview.refresh(frozenset(below))
        self.board.publish(refreshed)
        return refreshed

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _files(self) -> list[Path]:
        return [path for path in self.book.root.rglob("*") if path.is_file()]


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns


@contextmanager
def serve_book(book: Book) -> Iterator[Served]:
    """A preview of a book, for as long as it is needed."""
    preview = Preview(book.root)
    server, board = open_server(preview, 0)
    try:
        preview.refresh(None)
        board.publish(preview.latest)
        server.start()
        served = Served(book, server, board, preview)
        yield served
        served.close()
    finally:
        server.close()
