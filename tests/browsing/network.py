"""Two ends of a network: a port that answers nobody and remembers who called, and a plain static server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# A browser calls its makers now and then, whatever its settings say; no page of ours is theirs.
_MAKERS = (
    ".google.com",
    ".googleapis.com",
    ".gvt1.com",
    ".mozilla.com",
    ".mozilla.org",
    ".mozilla.net",
)


class BlackHole:
    """A proxy that hangs up on every caller and keeps the hosts that were asked for."""

    def __init__(self, listener: socket.socket) -> None:
        self.port: int = listener.getsockname()[1]
        self.calls: list[str] = []
        self._listener = listener

    def listen(self) -> None:
        """Take calls until the listener is closed."""
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(1)
                try:
                    words = caller.recv(2000).decode("latin-1").split()
                except OSError:
                    words = []
                self._remember(words[1] if len(words) > 1 else "nothing")

    def _remember(self, target: str) -> None:
        host = target.partition("://")[2].partition("/")[0] or target
        if not host.partition(":")[0].endswith(_MAKERS):
            self.calls.append(target)


@contextmanager
def open_black_hole() -> Iterator[BlackHole]:
    """A black hole on a free local port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hole = BlackHole(listener)
        thread = threading.Thread(target=hole.listen, daemon=True)
        thread.start()
        yield hole
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The address at which a folder is served, by the plainest of servers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
    thread.join()
