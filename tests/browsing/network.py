"""Two ends of a network: a port that answers nobody and remembers who called, and a plain static server."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
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


_TEXT = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xml": "application/xml",
}


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


class _Compressing(_Quiet):
    """What every host for static files does: text is compressed, and copies of it may be kept."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file() or path.suffix not in _TEXT:
            return super().do_GET()
        data = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{_TEXT[path.suffix]}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def end_headers(self) -> None:
        if not self.path.endswith(".html"):
            self.send_header("Cache-Control", "public, max-age=31536000")
        super().end_headers()


@contextmanager
def serve(folder: Path, *, compressing: bool = False) -> Iterator[str]:
    """The address at which a folder is served, by the plainest of servers or one that compresses."""
    handler = partial(_Compressing if compressing else _Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
    thread.join()
