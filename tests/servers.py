"""Servers on this machine that answer as they are told to, byte for byte."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from archiver.importers.fetching.addresses import Resolve, resolve_host
from archiver.importers.fetching.connection import Network
from archiver.importers.fetching.fetcher import Clock, Fetcher, Limits

Route = bytes | Callable[[socket.socket], None]

# An address of the internet (of documentation's example.com) that leads to a server here in tests.
PUBLIC = "93.184.215.14"


def make_answer(
    body: bytes | str, *headers: str, status: str = "200 OK", kind: str = "text/html"
) -> bytes:
    """An answer with its length."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(data)}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + data


class Server:
    """Answers each path as `routes` say; `asked` are the heads of all requests, in order."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[str] = []
        self.context: ssl.SSLContext | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self._open = True
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [head.split(" ", 2)[1] for head in self.asked]

    @property
    def is_open(self) -> bool:
        """Whether the test goes on; a route that never ends looks here."""
        return self._open

    def close(self) -> None:
        """End it, and all answers."""
        self._open = False
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _listen(self) -> None:
        while self._open:
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._answer, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(2)
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        with connection:
            head = b""
            try:
                while b"\r\n\r\n" not in head:
                    got = connection.recv(65536)
                    if not got:
                        return
                    head += got
                self.asked.append(head.decode())
                route = self.routes.get(head.decode().split(" ", 2)[1])
                if callable(route):
                    route(connection)
                else:
                    connection.sendall(route or make_answer("", status="404 Not Found"))
            except OSError:
                return


class Watch:
    """A clock that stands still but where it is told to sleep, and remembers how long it slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._now = datetime(2026, 3, 23, 20, 0, 0, 250_000, tzinfo=UTC)

    def now(self) -> datetime:
        """What time it is."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(round(seconds, 1))
        self._now += timedelta(seconds=seconds)

    @property
    def clock(self) -> Clock:
        """It, and the real count of seconds, so that a server that hangs is left."""
        return Clock(self.now, self.sleep, time.monotonic)


def make_fetcher(
    watch: Watch,
    limits: Limits | None = None,
    resolve: Resolve = resolve_host,
    server: Server | None = None,
) -> Fetcher:
    """A fetcher for tests; with a server, every public address is at that server."""
    private = Limits(allow_private=True, answer=5, pause=0)
    if server is None:
        return Fetcher(watch.clock, limits or private, Network(resolve))

    def connect(address: str, port: int, seconds: float) -> socket.socket:
        assert address == PUBLIC, f"a connection to {address}"
        return socket.create_connection(("127.0.0.1", server.port), seconds)

    return Fetcher(watch.clock, limits or Limits(answer=5, pause=0), Network(resolve, connect))


@contextmanager
def open_server() -> Iterator[Server]:
    """A server for as long as it is needed."""
    server = Server()
    try:
        yield server
    finally:
        server.close()
