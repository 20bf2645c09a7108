"""One request and its answer, over HTTP/1.1."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import IO
from urllib.parse import quote

from archiver.preview import Answer, Preview
from archiver.regular import OddFileError, open_regular
from archiver.serve.board import Board
from archiver.serve.markup import (
    EVENTS,
    SCRIPT,
    STYLE,
    add_script,
    make_blank,
)
from archiver.serve.requests import Refusal, check_host, read_path, read_range

_HTML = "text/html; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_OWN = {
    SCRIPT: (Path(__file__).with_name("preview.js"), "text/javascript; charset=utf-8"),
    STYLE: (Path(__file__).with_name("preview.css"), "text/css; charset=utf-8"),
}
_PIECE = 256 * 1024
# Seconds after which a stream of events says that it is still there.
_PULSE = 15


class Handler(BaseHTTPRequestHandler):
    """Answers for one connection; the server's own class says from what preview and for which port."""

    protocol_version = "HTTP/1.1"
    # An idle connection, or a client that sends nothing more, is left after so many seconds.
    timeout = 60
    disable_nagle_algorithm = True
    wbufsize = -1
    preview: Preview
    board: Board
    port: int

    def do_GET(self) -> None:
        """Answer a request for a page or a file."""
        try:
            check_host(self.headers.get_all("Host", []), self.port)
            if self._has_body():
                raise Refusal(HTTPStatus.BAD_REQUEST, "A request for a page has no body.")
            # As it was sent: `path` has lost the slashes that it may have begun with.
            path = read_path(self.requestline.split()[1])
            if path == EVENTS:
                self._send_events()
            elif path in _OWN:
                file, media_type = _OWN[path]
                self._send(HTTPStatus.OK, media_type, file.read_bytes())
            else:
                self._send_page(path)
        except Refusal as refusal:
            self._refuse(refusal)

    do_HEAD = do_GET  # noqa: N815

    def _refuse_method(self) -> None:
        self._refuse(Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Pages here can only be read."))

    do_POST = do_PUT = do_PATCH = do_DELETE = _refuse_method  # noqa: N815
    do_OPTIONS = do_TRACE = do_CONNECT = _refuse_method  # noqa: N815

    def version_string(self) -> str:
        """The name of the server, without versions."""
        return "archiver"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (as in http.server)
        """Say nothing: the terminal is for problems."""

    def end_headers(self) -> None:
        """What every answer says."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def _send_page(self, path: str) -> None:
        # A page may be newer than its mark, and is then asked for once more; never the other way.
        mark = self.board.make_mark()
        asked = f"{path}index.html" if not path or path.endswith("/") else path
        answer = self.preview.read_page(asked)
        status = HTTPStatus.OK
        if answer is None and path and self.preview.read_page(f"{path}/index.html"):
            self._send(HTTPStatus.FOUND, _TEXT, b"", {"Location": f"/{quote(path)}/"})
            return
        if answer is None:
            status = HTTPStatus.NOT_FOUND
            answer = self.preview.read_page("404.html") or Answer(_HTML)
        self.board.add(answer.problems)
        if answer.file:
            self._send_file(answer.file, answer.media_type)
            return
        data = answer.data
        if answer.media_type == _HTML:
            if not data:
                failed = bool(answer.problems) or self.preview.latest.failed
                status = HTTPStatus.INTERNAL_SERVER_ERROR if failed else status
                data = make_blank("There is no page to be shown here yet.")
            data = add_script(data, mark)
        self._send(status, answer.media_type, data)

    def _send(
        self,
        status: HTTPStatus,
        media_type: str,
        data: bytes,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _send_file(self, path: Path, media_type: str) -> None:
        try:
            with open_regular(path) as file:
                self._send_part(file, media_type)
        except (OSError, OddFileError) as error:
            if isinstance(error, ConnectionError):
                raise
            raise Refusal(HTTPStatus.NOT_FOUND, "The file has just gone.") from None

    def _send_part(self, file: IO[bytes], media_type: str) -> None:
        size = file.seek(0, 2)
        # There is no mark of a file's state that If-Range could name, so it never holds.
        header = None if "If-Range" in self.headers else self.headers.get("Range")
        try:
            span = read_range(header, size)
        except Refusal as refusal:
            self._refuse(refusal, {"Content-Range": f"bytes */{size}"})
            return
        start, end = (span.start, span.end) if span else (0, size)
        self.send_response(HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK)
        self.send_header("Content-Type", media_type)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(end - start))
        if span:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.end_headers()
        if self.command == "HEAD":
            return
        file.seek(start)
        left = end - start
        while left:
            piece = file.read(min(left, _PIECE))
            if not piece:  # it has become shorter, and so has what was promised
                self.close_connection = True
                return
            self.wfile.write(piece)
            left -= len(piece)

    def _send_events(self) -> None:
        """The news as it comes (server-sent events), until the browser or the preview goes."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        told = -1
        self.wfile.write(b"retry: 500\n\n")
        while (number := self.board.wait(told, _PULSE)) is not None:
            news = f"data: {self.board.write()}\n\n" if number != told else ": still here\n\n"
            told = number
            self.wfile.write(news.encode())
            self.wfile.flush()

    def _refuse(self, refusal: Refusal, headers: dict[str, str] | None = None) -> None:
        # What else was sent with such a request is not read.
        self.close_connection = True
        allowed = {"Allow": "GET, HEAD"} if refusal.status == 405 else {}
        more = {"Connection": "close", **allowed, **(headers or {})}
        self._send(refusal.status, _TEXT, f"{refusal}\n".encode(), more)

    def _has_body(self) -> bool:
        length = self.headers.get("Content-Length", "0").strip()
        return length != "0" or "Transfer-Encoding" in self.headers
