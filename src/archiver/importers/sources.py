"""The forms in which people keep pages: what lies in a file or a folder, as Records."""

from __future__ import annotations

import email
import email.policy
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urljoin

from archiver.importers.record import Record
from archiver.importers.wayback import name_replay, restore_addresses

MAXIMUM_SIZE = 256 * 2**20
# A page or an answer by itself: its tree takes many times as much.
MAXIMUM_PAGE = 64 * 2**20
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_SINGLE_FILE = re.compile(
    r"<!--\s*Page saved with SingleFile\s*url:\s*(?P<url>\S+)\s*saved date:\s*(?P<date>[^\n]+)"
)
_PAGES = (".html", ".htm", ".xhtml", ".json", ".txt", ".mhtml", ".mht", ".warc", ".gz", ".wacz")
# How much of a web archive's note of itself is read, in bytes.
_ABOUT = 64 * 1024
# Kinds of answers that can hold a coverage.
_READABLE = ("text/html", "application/xhtml", "application/json", "application/ld+json")


class SourceError(Exception):
    """What cannot be read at all, and why; said to the person who named it."""


def open_source(path: Path) -> Iterator[Record]:
    """The records of a file, or of all files below a folder that may hold any, sorted by name.

    SourceError where a file cannot be read; in a folder the caller goes on with the next.
    """
    data = read_file(path)
    name = path.name.lower()
    if data[:4] == b"PK\x03\x04":
        yield from read_wacz(data, path.name)
    elif name.endswith((".warc", ".warc.gz")) or data[:5] == b"WARC/":
        yield from read_warc(data, path.name)
    elif (
        re.match(rb"(?:[\w-]+:[^\n]*\n){1,12}", data[:2048]) and b"multipart/related" in data[:4096]
    ):
        yield read_mhtml(data, path.name)
    else:
        yield read_page(data, path)


def list_files(folder: Path) -> list[Path]:
    """The files below a folder that may hold a capture; what belongs to a saved page does not count."""
    found = []
    for path in sorted(folder.rglob("*")):
        beside = any(
            part.endswith(("_files", ".files")) for part in path.relative_to(folder).parts[:-1]
        )
        if (
            path.suffix.lower() in _PAGES
            and not beside
            and not path.is_symlink()
            and path.is_file()
        ):
            found.append(path)
    return found


def read_file(path: Path) -> bytes:
    """The bytes of a file. SourceError where there is none, or too much."""
    try:
        if not path.is_file():
            raise SourceError("there is no such file")
        if path.stat().st_size > MAXIMUM_SIZE:
            raise SourceError(f"the file is larger than {MAXIMUM_SIZE >> 20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}") from error
    if not data.strip():
        raise SourceError("the file is empty")
    return data


def read_page(data: bytes, path: Path) -> Record:
    """A page, an answer or a text in a file of its own, with the folder that a browser saves beside it."""
    if len(data) > MAXIMUM_PAGE:
        raise SourceError(f"the page is larger than {MAXIMUM_PAGE >> 20} MiB")
    head = data[:8192].decode("utf-8", errors="replace")
    address, captured, tool = "", None, ""
    single = _SINGLE_FILE.search(head)
    saved = _SAVED_FROM.search(head)
    if single:
        address, captured, tool = single["url"], _read_date(single["date"]), "SingleFile"
    elif saved:
        address = saved[1].replace("--", "")
    restored, archived, moment = restore_addresses(data)
    return Record(
        restored,
        path.name,
        archived or address,
        moment or captured,
        Folder(path.parent, archived or address),
        original=data if restored != data else b"",
        tool=tool or name_replay(data),
    )


class Folder(Mapping[str, bytes]):
    """What a browser saved beside a page, by the address that the page has for it; read when asked for."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder.resolve()
        self._address = address

    def __getitem__(self, address: str) -> bytes:
        relative = address
        if self._address and address.startswith(urljoin(self._address, ".")):
            relative = address[len(urljoin(self._address, ".")) :]
        if re.match(r"[a-z][a-z0-9+.-]*:|/", relative, re.IGNORECASE):
            raise KeyError(address)
        path = (self._folder / unquote(relative.split("?")[0].split("#")[0])).resolve()
        try:
            inside = path.is_relative_to(self._folder) and path.is_file()
            if inside and path.stat().st_size <= MAXIMUM_SIZE:
                return path.read_bytes()
        except OSError:
            pass
        raise KeyError(address)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read_mhtml(data: bytes, name: str) -> Record:
    """A page in one file of parts (RFC 2557): the first page is the record, the others its resources."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [part for part in message.walk() if not part.is_multipart()]
        contents = [(part, part.get_payload(decode=True)) for part in parts]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise SourceError(f"the file is no readable MHTML: {error}") from error
    resources: dict[str, bytes] = {}
    page: bytes | None = None
    address = str(message.get("Snapshot-Content-Location") or "").strip()
    for part, content in contents:
        if not isinstance(content, bytes):
            continue
        location = str(part.get("Content-Location") or "").strip()
        number = str(part.get("Content-ID") or "").strip("<> ")
        if page is None and part.get_content_type() in ("text/html", "application/xhtml+xml"):
            page, address = content, address or location
            continue
        resources.update({key: content for key in (location, number and f"cid:{number}") if key})
    if page is None:
        raise SourceError("the file holds no page")
    moment = _read_date(str(message.get("Date") or ""))
    # Browsers that are built on Chromium write `From: <Saved by Blink>`.
    tool = " ".join(str(message.get("From") or "").strip("<> ").removeprefix("Saved by ").split())
    return Record(page, name, address, moment, resources, original=data, tool=tool)


def read_warc(data: bytes, name: str) -> Iterator[Record]:
    """The pages and answers of a web archive (ISO 28500); all else in it is their resources."""
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
    from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

    pages: list[tuple[bytes, str, datetime | None]] = []
    resources: dict[str, bytes] = {}
    size = 0
    tool = ""
    try:
        for record in ArchiveIterator(BytesIO(data)):
            if record.rec_type == "warcinfo":
                tool = tool or _read_software(record.content_stream().read(_ABOUT))
            if record.rec_type not in ("response", "resource"):
                continue
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            headers = record.http_headers
            if headers is not None and headers.get_statuscode() not in ("200", "203"):
                continue
            kind = (headers or record.rec_headers).get_header("Content-Type") or ""
            content = record.content_stream().read(MAXIMUM_SIZE + 1 - size)
            size += len(content)
            if size > MAXIMUM_SIZE:
                raise SourceError(f"what the archive holds is larger than {MAXIMUM_SIZE >> 20} MiB")
            moment = _read_date(record.rec_headers.get_header("WARC-Date") or "")
            if kind.lower().startswith(_READABLE):
                pages.append((content, address, moment))
            else:
                resources[address] = content
    except ArchiveLoadFailed as error:
        raise SourceError(f"the file is no readable WARC: {error}") from error
    except (EOFError, ValueError, OSError) as error:
        if not pages:
            raise SourceError(f"the file is no readable WARC: {error}") from error
    for content, address, moment in pages:
        yield Record(content, name, address, moment, resources, tool=tool)


def read_wacz(data: bytes, name: str) -> Iterator[Record]:
    """The web archives in a WACZ, which is a zip."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as bundle:
            inside = [
                item
                for item in bundle.infolist()
                if re.fullmatch(r"archive/[^/]+\.warc(?:\.gz)?", item.filename)
            ]
            if not inside:
                raise SourceError("the zip is no WACZ: it holds no archive/*.warc.gz")
            if sum(item.file_size for item in inside) > MAXIMUM_SIZE:
                raise SourceError(f"what the zip holds is larger than {MAXIMUM_SIZE >> 20} MiB")
            for item in inside:
                with bundle.open(item) as file:
                    content = file.read(MAXIMUM_SIZE + 1)
                yield from read_warc(content, name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise SourceError(f"the zip cannot be read: {error}") from error


def _read_software(about: bytes) -> str:
    """What wrote a web archive, by its `warcinfo` (application/warc-fields)."""
    found = re.search(rb"^software:[ \t]*([^\r\n]+)", about, re.MULTILINE | re.IGNORECASE)
    return " ".join(found[1].decode("utf-8", errors="replace").split()) if found else ""


def _read_date(text: str) -> datetime | None:
    """A moment as mails, web archives and SingleFile write it."""
    cleaned = re.sub(r"\s*\([^)]*\)\s*$", "", text.strip())
    for read in (datetime.fromisoformat, _read_javascript_date, parsedate_to_datetime):
        try:
            moment = read(cleaned)
        except (ValueError, TypeError, IndexError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _read_javascript_date(text: str) -> datetime:
    return datetime.strptime(text, "%a %b %d %Y %H:%M:%S GMT%z")
