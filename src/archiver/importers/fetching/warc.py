"""What was exchanged, as a web archive (WARC 1.1, ISO 28500:2017): the same exchanges, the same bytes."""

from __future__ import annotations

import hashlib
import uuid
from io import BytesIO
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from archiver import __version__
from archiver.importers.fetching.answers import Exchange, Headers

# The name that other tools give to a header of a body that is kept without its chunks.
_KEPT_AS = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}


def write_warc(exchanges: tuple[Exchange, ...]) -> bytes:
    """The exchanges as a packed WARC: for each the answer and the request, and first who wrote it."""
    output = BytesIO()
    writer = WARCWriter(output, gzip=True, warc_version="1.1")
    about = f"software: archiver/{__version__}\r\nformat: WARC File Format 1.1\r\n".encode()
    first = exchanges[0]
    writer.write_record(
        writer.create_warc_record(
            "",
            "warcinfo",
            payload=BytesIO(about),
            length=len(about),
            warc_content_type="application/warc-fields",
            warc_headers_dict=_name_record(first, "warcinfo", about),
        )
    )
    for exchange in exchanges:
        answer = writer.create_warc_record(
            exchange.address,
            "response",
            payload=BytesIO(exchange.body),
            length=len(exchange.body),
            http_headers=StatusAndHeaders(
                str(exchange.status),
                _spell_answer(exchange),
                protocol="HTTP/1.1",
            ),
            warc_headers_dict=_name_record(exchange, "response", exchange.body),
        )
        parts = urlsplit(exchange.address)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        request = writer.create_warc_record(
            exchange.address,
            "request",
            payload=BytesIO(b""),
            length=0,
            http_headers=StatusAndHeaders(
                f"{path} HTTP/1.1", _spell(exchange.asked), protocol="GET", is_http_request=True
            ),
            warc_headers_dict=_name_record(exchange, "request", b""),
        )
        writer.write_request_response_pair(request, answer)
    return output.getvalue()


def _name_record(exchange: Exchange, kind: str, data: bytes) -> dict[str, str]:
    """A record's date, and an identifier that follows from what it holds."""
    date = f"{exchange.moment:%Y-%m-%dT%H:%M:%SZ}"
    known = f"{kind} {exchange.address} {date} {hashlib.sha256(data).hexdigest()}"
    return {
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, known)}>",
        "WARC-Date": date,
    }


def _spell_answer(exchange: Exchange) -> list[tuple[str, str]]:
    headers = [
        (_KEPT_AS.get(name.lower(), name), value)
        for name, value in _spell(exchange.answered)
        if name.lower() != "content-length"
    ]
    return [*headers, ("Content-Length", str(len(exchange.body)))]


def _spell(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
