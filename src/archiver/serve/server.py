"""The server of a preview, on this machine's own address only."""

from __future__ import annotations

import os
import sys
import threading
from http.server import ThreadingHTTPServer
from typing import Any

from archiver.preview import Preview
from archiver.serve.board import Board
from archiver.serve.handler import Handler

_LOOPBACK = "127.0.0.1"


class Server:
    """Has its port from the beginning, OSError where it cannot be had; answers once it is started."""

    def __init__(self, preview: Preview, board: Board, port: int) -> None:
        self._board = board
        listener = _Listener((_LOOPBACK, port), Handler)
        self.port: int = listener.server_address[1]
        members = {"preview": preview, "board": board, "port": self.port}
        listener.RequestHandlerClass = type("BoundHandler", (Handler,), members)
        self._listener = listener
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.port}/"

    def start(self) -> None:
        """Answer requests, those too that have come meanwhile."""
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End it, open streams of events too."""
        self._board.close()
        if self._thread:
            self._listener.shutdown()
        self._listener.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    # Elsewhere it frees a port that a server has just left; on Windows it takes one that is in use.
    allow_reuse_address = os.name != "nt"
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle is no fault."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
