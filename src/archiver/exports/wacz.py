"""A packaged web archive (WACZ 1.1.1): the WARC with an index and lists of its pages, in one zip."""

from __future__ import annotations

import hashlib
import json
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlencode, urlsplit

from archiver import __version__
from archiver.exports.packing import make_member
from archiver.exports.publication import Advance, Outcome
from archiver.exports.replay import (
    date_capture,
    find_date,
    list_replayable,
    measure_records,
    tell_captures,
    write_records,
)
from archiver.exports.survey import Contents
from archiver.exports.warc import Line, WebArchive, write_date
from archiver.model import Capture, Coverage
from archiver.pages.posts import write_headline
from archiver.urls import absolute_link, entry_path, timeline_path

VERSION = "1.1.1"
_WARC = "data.warc.gz"
_INDEX = "index.cdx.gz"
_LINES_A_BLOCK = 300
_META = {"format": "cdxj-gzip-1.0", "filename": _INDEX}


class _Member:
    """A file in the package, which is digested on its way."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Some bytes more."""
        self.digest.update(data)
        self.size += len(data)
        return self._out.write(data)

    def write_json(self, value: object) -> None:
        """A line of JSON."""
        self.write(f"{json.dumps(value, ensure_ascii=False)}\n".encode())


class _Package:
    """A WACZ as it grows."""

    def __init__(self, out: BinaryIO, date: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w")
        self._date = date
        self.resources: list[dict[str, Any]] = []

    @contextmanager
    def open(self, path: str, method: int = zipfile.ZIP_STORED, size: int = 0) -> Iterator[_Member]:
        """A file to be written, of at most that many bytes where it may be large; what is packed already
        is stored as it is.

        Only a large one gets the longer head that zips have for these (Zip64): readers that fetch single
        members by their offsets expect the shorter one.
        """
        info = make_member(path, self._date, method)
        info.file_size = size
        with self._zip.open(info, "w") as file:
            member = _Member(file)  # type: ignore[arg-type]
            yield member
        name, digest = path.rpartition("/")[2], f"sha256:{member.digest.hexdigest()}"
        self.resources.append({"name": name, "path": path, "hash": digest, "bytes": member.size})

    def close(self, described: dict[str, Any]) -> None:
        """Write what describes the package, and the directory."""
        described["resources"] = self.resources
        data = f"{json.dumps(described, ensure_ascii=False, indent=2)}\n".encode()
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        proof = json.dumps({"path": "datapackage.json", "hash": digest}, indent=2)
        for path, text in (("datapackage.json", data), ("datapackage-digest.json", proof)):
            self._zip.writestr(make_member(path, self._date, zipfile.ZIP_DEFLATED), text)
        self._zip.close()


def write_wacz(contents: Contents, out: BinaryIO, advance: Advance) -> Outcome:
    """The whole as one zip."""
    package = _Package(out, contents.newest)
    records = 0
    with package.open(f"archive/{_WARC}", size=measure_records(contents)) as member:
        archive = WebArchive(member, packed=True)  # type: ignore[arg-type]
        for line in write_records(contents, archive, advance):
            contents.register.note(_write_line(line))
            records += 1
    with package.open(f"indexes/{_INDEX}") as member:
        blocks = _write_blocks(member, contents.register.list_notes())
    with package.open("indexes/index.idx", zipfile.ZIP_DEFLATED) as member:
        member.write(f"!meta 0 {json.dumps(_META)}\n".encode())
        for block in blocks:
            member.write(block.encode())
    with package.open("pages/pages.jsonl", zipfile.ZIP_DEFLATED) as member:
        member.write_json({"format": "json-pages-1.0", "id": "pages", "title": "Pages"})
        for page in _list_pages(contents):
            member.write_json(page)
    captured = [_list_capture(*pair) for pair in list_replayable(contents)]
    if captured:
        with package.open("pages/extraPages.jsonl", zipfile.ZIP_DEFLATED) as member:
            member.write_json({"format": "json-pages-1.0", "id": "captures", "title": "Captures"})
            for page in captured:
                member.write_json(page)
    package.close(_describe(contents))
    return Outcome(records, "record", tuple(tell_captures(contents)))


def spell_key(address: str) -> str:
    """The key by which an address is found (SURT): its host from the right, then path and query."""
    parts = urlsplit(address.lower())
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port else ""
    query = f"?{urlencode(sorted(parse_qsl(parts.query, True)))}" if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}{port}){parts.path or '/'}{query}"


def _write_line(line: Line) -> str:
    """A record's line of the index (CDXJ)."""
    told = {
        "url": line.address,
        "mime": line.media_type,
        "status": line.status,
        "digest": line.digest,
        "length": str(line.length),
        "offset": str(line.offset),
        "filename": _WARC,
    }
    return f"{spell_key(line.address)} {line.date:%Y%m%d%H%M%S} {json.dumps(told)}\n"


def _write_blocks(member: _Member, lines: Iterator[str]) -> list[str]:
    """The index, packed block by block; of each block the line that says what it begins with."""
    blocks: list[str] = []
    while block := list(islice(lines, _LINES_A_BLOCK)):
        packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        packed = packer.compress("".join(block).encode()) + packer.flush()
        first = block[0].partition("{")[0]
        digest = f"sha256:{hashlib.sha256(packed).hexdigest()}"
        told = {"offset": member.size, "length": len(packed), "digest": digest}
        blocks.append(f"{first}{json.dumps(told)}\n")
        member.write(packed)
    return blocks


def _list_pages(contents: Contents) -> Iterator[dict[str, str]]:
    """The pages that a reader may begin with: the site's, each coverage's, and those of all posts."""
    publication = contents.publication
    yield _make_page(contents, "index.html", publication.site.title)
    theme = publication.open_theme()
    for chronicle in publication.open_chronicles():
        coverage = chronicle.coverage
        words = theme.words(coverage.language)
        yield _make_page(contents, timeline_path(coverage.slug), coverage.title)
        for entry in chronicle.read_entries():
            path = entry_path(coverage.slug, entry.slug)
            yield _make_page(contents, path, write_headline(entry, words))


def _make_page(contents: Contents, path: str, title: str) -> dict[str, str]:
    address = absolute_link(contents.base_url, path)
    return _spell_page(address, title, find_date(contents, path))


def _list_capture(coverage: Coverage, capture: Capture) -> dict[str, str]:
    return _spell_page(capture.url, capture.url, date_capture(coverage, capture))


def _spell_page(address: str, title: str, date: datetime) -> dict[str, str]:
    """A line of a list of pages; its id is made of its address and time."""
    moment = write_date(date)
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{address} {moment}")
    return {"id": name.hex, "url": address, "ts": moment, "title": title}


def _describe(contents: Contents) -> dict[str, Any]:
    """What `datapackage.json` says (Frictionless Data Package)."""
    site = contents.publication.site
    told = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "software": f"archiver {__version__}",
        "created": write_date(contents.newest),
        "title": site.title,
        "description": site.description,
        "mainPageUrl": absolute_link(contents.base_url, "index.html"),
        "mainPageDate": write_date(find_date(contents, "index.html")),
    }
    return {name: value for name, value in told.items() if value}
