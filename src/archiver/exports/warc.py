"""A web archive as it grows (WARC 1.1, ISO 28500): records whose ids are made of what they hold."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from archiver.exports.publication import PIECE, DigestReader, compare_digests, open_anything
from archiver.media_types import find_type

VERSION = "1.1"
CAPTURED_PAGES = {".html": "text/html", ".json": "application/json", ".txt": "text/plain"}
CAPTURED_ARCHIVE = ".warc.gz"


class Line(Struct, frozen=True):
    """What an index says of a record: what it holds, and where it lies, in bytes from the beginning."""

    address: str
    date: datetime
    media_type: str
    digest: str
    offset: int
    length: int
    status: str = "200"


class CountedFile:
    """A file that is only written to, and tells how much that was."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._written = 0

    def write(self, data: bytes) -> int:
        """Some bytes more."""
        self._written += len(data)
        self._out.write(data)
        return len(data)

    def tell(self) -> int:
        """How many bytes were written."""
        return self._written

    def flush(self) -> None:
        """Nothing is held back here."""


class WebArchive:
    """A WARC file; with `packed`, each of its records is a gzip member."""

    def __init__(self, out: BinaryIO, packed: bool) -> None:
        self._out = CountedFile(out)
        self._packed = packed
        self._writer = WARCWriter(self._out, gzip=packed, warc_version=VERSION)

    def add_info(self, date: datetime, told: list[tuple[str, str]]) -> None:
        """The record about all others: fields with what they say."""
        text = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in told if value)
        data = text.encode()
        digest = hashlib.sha256(data).hexdigest()
        headers = _make_headers("warcinfo", "", date, digest, digest)
        self._write(headers, "application/warc-fields", BytesIO(data), len(data))

    def add_response(self, address: str, date: datetime, path: Path, digest: str) -> Line:
        """A file as a server would send it. ExportError where its SHA-256 is not the one given."""
        media_type = find_type(path.name)
        with open_anything(path) as file:
            size = os.fstat(file.fileno()).st_size
            http = StatusAndHeaders(
                "200 OK",
                [("Content-Type", media_type), ("Content-Length", str(size))],
                protocol="HTTP/1.1",
            )
            block = _digest(file, path, digest, http.to_ascii_bytes())
            headers = _make_headers("response", address, date, digest, block)
            kind = "application/http; msgtype=response"
            offset, length = self._write(headers, kind, file, size, http)
        return Line(
            address, date, media_type.partition(";")[0], spell_digest(digest), offset, length
        )

    def add_resource(self, address: str, date: datetime, path: Path, digest: str) -> Line:
        """A page of which nothing but its bytes was kept. ExportError as above."""
        media_type = CAPTURED_PAGES[path.suffix]
        with open_anything(path) as file:
            block = _digest(file, path, digest)
            headers = _make_headers("resource", address, date, digest, block)
            offset, length = self._write(headers, media_type, file, os.fstat(file.fileno()).st_size)
        return Line(address, date, media_type, spell_digest(digest), offset, length)

    def add_archive(self, path: Path, digest: str) -> list[Line]:
        """The records of a packed WARC, just as they are. ExportError as above."""
        with open_anything(path) as file:
            _digest(file, path, digest)
            start = self._out.tell()
            source: Any = file if self._packed else gzip.GzipFile(fileobj=file)
            shutil.copyfileobj(source, self._out)
            file.seek(0)
            return list(_index_archive(file, start)) if self._packed else []

    def _write(
        self,
        headers: list[tuple[str, str]],
        media_type: str,
        payload: BinaryIO,
        size: int,
        http: StatusAndHeaders | None = None,
    ) -> tuple[int, int]:
        """A record; where it begins, and how long it is."""
        start = self._out.tell()
        record = self._writer.create_warc_record(
            "",
            headers[0][1],
            payload=payload,
            length=size,
            warc_content_type=media_type,
            warc_headers=StatusAndHeaders("", headers, protocol=f"WARC/{VERSION}"),
            http_headers=http,
        )
        self._writer.write_record(record)
        return start, self._out.tell() - start


def spell_digest(digest: str) -> str:
    """A SHA-256 as tools for web archives spell it: in base 32."""
    return f"sha256:{base64.b32encode(bytes.fromhex(digest)).decode()}"


def write_date(date: datetime) -> str:
    """A moment as WARC and WACZ write it, in UTC to the second."""
    return f"{date.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _make_headers(
    kind: str, address: str, date: datetime, digest: str, block: str
) -> list[tuple[str, str]]:
    moment = write_date(date)
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {address} {moment} {digest}")
    headers = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<urn:uuid:{name}>"),
        ("WARC-Date", moment),
    ]
    if address:
        headers += [("WARC-Target-URI", address), ("WARC-Payload-Digest", spell_digest(digest))]
    return [*headers, ("WARC-Block-Digest", spell_digest(block))]


def _digest(file: BinaryIO, path: Path, wanted: str, before: bytes = b"") -> str:
    """The SHA-256 of some bytes and a file, which must have the one that is wanted; it is rewound."""
    block = hashlib.sha256(before)
    reader = DigestReader(file)
    while piece := reader.read(PIECE):
        block.update(piece)
    compare_digests(str(path), reader.digest, wanted)
    file.seek(0)
    return block.hexdigest()


def _index_archive(file: BinaryIO, start: int) -> Iterator[Line]:
    """The answers and pages in a WARC that begins at some offset of another file."""
    iterator = ArchiveIterator(file)
    for record in iterator:
        told, http = record.rec_headers, record.http_headers
        # Only at its end is it known how long a record is.
        iterator.read_to_end(record)
        if record.rec_type in ("response", "resource"):
            kind = (http or told).get_header("Content-Type") or ""
            yield Line(
                told.get_header("WARC-Target-URI"),
                datetime.fromisoformat(told.get_header("WARC-Date")),
                kind.partition(";")[0].strip() or "unk",
                told.get_header("WARC-Payload-Digest") or "",
                start + iterator.get_record_offset(),
                iterator.get_record_length(),
                http.get_statuscode() if http else "200",
            )
