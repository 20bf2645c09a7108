"""Web archives: judged by warcio, and every record read back by its place in the index."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from archiver.exports.wacz import spell_key
from archiver.urls import quote_path
from book import Book
from exporting import BASE, PAGE, SECRET, digest, export, write_archive


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    book = write_archive(tmp_path_factory.mktemp("web"))
    for name in ("x.warc.gz", "x.warc", "x.wacz"):
        form = "wacz" if name.endswith("wacz") else "warc"
        export(book.root, form, "--output", str(book.root / name))
    return book


def read_records(data: bytes) -> Iterator[tuple[str, Any, bytes]]:
    """The records of a WARC: address, the record, and what it holds."""
    for record in ArchiveIterator(io.BytesIO(data)):
        content = record.content_stream().read()
        yield record.rec_headers.get_header("WARC-Target-URI") or "", record, content


def read_warc(path: Path) -> list[tuple[str, Any, bytes]]:
    return list(read_records(path.read_bytes()))


@pytest.mark.parametrize("name", ["x.warc.gz", "x.warc"])
def test_warcio_finds_every_digest_right(book: Book, name: str) -> None:
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", str(book.root / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("digest pass") == len(read_warc(book.root / name))
    assert "no digest" not in done.stdout


def test_every_file_of_the_site_is_a_record_below_its_address(book: Book) -> None:
    found = {address: content for address, _, content in read_warc(book.root / "x.warc.gz")}
    built = {
        f"{BASE}/{quote_path(path.relative_to(book.output).as_posix())}": path.read_bytes()
        for path in book.output.rglob("*")
        if path.is_file()
    }
    assert built.items() <= found.items()
    assert set(found) - set(built) == {
        "",
        "https://paper.example/live",
        "https://paper.example/live?page=2",
    }


def test_a_page_is_answered_as_a_server_would(book: Book) -> None:
    records = {address: record for address, record, _ in read_warc(book.root / "x.warc")}
    page = records[f"{BASE}/flood/index.html"]
    assert page.rec_type == "response"
    assert page.http_headers.get_statuscode() == "200"
    assert page.http_headers.get_header("Content-Type") == "text/html; charset=utf-8"


def test_dates_are_those_of_the_content(book: Book) -> None:
    dates = {
        address.removeprefix(f"{BASE}/"): record.rec_headers.get_header("WARC-Date")
        for address, record, _ in read_warc(book.root / "x.warc")
    }
    assert dates["flood/2017-10-29-0130-winter.html"] == "2017-10-29T01:30:00Z"
    assert (
        dates["flood/2017-10-28-2340-bridge.html"] == "2017-10-29T23:00:00Z"
        or dates["flood/2017-10-28-2340-bridge.html"] == "2017-10-30T00:00:00Z"
    )
    assert dates["flood/index.html"] == "2018-01-01T00:00:00Z"
    assert dates["index.html"] == dates[""] == "2023-12-01T09:00:00Z"
    assert dates["https://paper.example/live"] == "2023-12-01T08:00:00Z"


def test_a_captured_page_is_the_evidence_as_it_is(book: Book) -> None:
    records = {address: (one, data) for address, one, data in read_warc(book.root / "x.warc.gz")}
    page, content = records["https://paper.example/live"]
    assert (page.rec_type, content) == ("resource", PAGE)
    fetched = (book.root / "content/calm/captures/fetched.warc.gz").read_bytes()
    assert fetched in (book.root / "x.warc.gz").read_bytes()
    assert gzip.decompress(fetched) in (book.root / "x.warc").read_bytes()


def test_what_is_withheld_is_listed_by_its_digest_only(book: Book) -> None:
    held = (book.root / "content/flood/captures/held.html").read_bytes()
    info = read_warc(book.root / "x.warc")[0][2].decode()
    assert f"withheld-capture: sha256:{digest(held)}" in info
    assert SECRET.encode() not in (book.root / "x.warc").read_bytes()


def test_ids_are_unique_and_packed_records_are_the_same(book: Book) -> None:
    plain, packed = (
        [
            (one.rec_headers.get_header("WARC-Record-ID"), data)
            for _, one, data in read_warc(book.root / name)
        ]
        for name in ("x.warc", "x.warc.gz")
    )
    assert plain == packed
    assert len({name for name, _ in plain}) == len(plain)


def test_without_an_address_there_is_no_web_archive(tmp_path: Path) -> None:
    book = Book(tmp_path, "=== a.md\n---\ndate: 2017-03-23T10:00:00Z\n---\nWords\n")
    for form in ("warc", "wacz"):
        result = export(book.root, form, "--output", str(tmp_path / "x"), fails=True)
        assert (result.exit_code, "--base-url" in result.output) == (2, True)
    export(book.root, "warc", "--output", str(tmp_path / "x"), "--base-url", "http://a.example/b")
    assert any(one[0] == "http://a.example/b/index.html" for one in read_warc(tmp_path / "x"))


def read_members(book: Book) -> dict[str, bytes]:
    with zipfile.ZipFile(book.root / "x.wacz") as package:
        assert package.testzip() is None
        return {info.filename: package.read(info) for info in package.infolist()}


def test_a_package_holds_what_it_must_and_nothing_that_leads_out(book: Book) -> None:
    with zipfile.ZipFile(book.root / "x.wacz") as package:
        methods = {info.filename: info.compress_type for info in package.infolist()}
    assert list(methods) == [
        "archive/data.warc.gz",
        "indexes/index.cdx.gz",
        "indexes/index.idx",
        "pages/pages.jsonl",
        "pages/extraPages.jsonl",
        "datapackage.json",
        "datapackage-digest.json",
    ]
    for name, method in methods.items():
        assert not name.startswith("/")
        assert ".." not in name
        assert (method == zipfile.ZIP_STORED) == name.endswith(".gz")


def test_nothing_stands_between_the_name_of_a_member_and_its_bytes(book: Book) -> None:
    # ReplayWeb.page reads members by their offsets, and takes their heads to be as short as can be.
    data = (book.root / "x.wacz").read_bytes()
    with zipfile.ZipFile(book.root / "x.wacz") as package:
        for info in package.infolist():
            assert data[info.header_offset + 28 : info.header_offset + 30] == b"\0\0"


def test_the_package_describes_its_members_with_right_digests(book: Book) -> None:
    members = read_members(book)
    described = json.loads(members["datapackage.json"])
    proof = json.loads(members["datapackage-digest.json"])
    assert proof["hash"] == f"sha256:{digest(members['datapackage.json'])}"
    assert (described["profile"], described["wacz_version"]) == ("data-package", "1.1.1")
    assert described["created"] == "2023-12-01T09:00:00Z"
    listed = {one["path"]: one for one in described["resources"]}
    assert set(listed) == set(members) - {"datapackage.json", "datapackage-digest.json"}
    for path, one in listed.items():
        assert one["hash"] == f"sha256:{digest(members[path])}"
        assert (one["bytes"], one["name"]) == (len(members[path]), path.rpartition("/")[2])


def test_every_line_of_the_index_leads_to_its_record(book: Book) -> None:
    members = read_members(book)
    lines = gzip.decompress(members["indexes/index.cdx.gz"]).decode().splitlines()
    assert lines == sorted(lines)
    warc = members["archive/data.warc.gz"]
    found = set()
    for line in lines:
        key, moment, text = line.split(" ", 2)
        told = json.loads(text)
        start, length = int(told["offset"]), int(told["length"])
        ((address, record, content),) = read_records(warc[start : start + length])
        assert told["url"] == address
        assert key == spell_key(address)
        assert moment == re.sub(r"\D", "", record.rec_headers.get_header("WARC-Date"))
        assert told["digest"] == record.rec_headers.get_header("WARC-Payload-Digest")
        if record.rec_type == "response":
            assert hashlib.sha256(content).digest()
        found.add(address)
    indexed = ("response", "resource")
    assert found == {one[0] for one in read_records(warc) if one[1].rec_type in indexed}


def test_the_second_index_leads_to_the_blocks_of_the_first(book: Book) -> None:
    members = read_members(book)
    head, *blocks = members["indexes/index.idx"].decode().splitlines()
    meta = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    assert head == f"!meta 0 {json.dumps(meta)}"
    packed, read = members["indexes/index.cdx.gz"], []
    for block in blocks:
        begin, _, text = block.partition("{")
        told = json.loads("{" + text)
        part = packed[told["offset"] : told["offset"] + told["length"]]
        assert told["digest"] == f"sha256:{digest(part)}"
        lines = gzip.decompress(part).decode()
        assert lines.startswith(begin)
        read.append(lines)
    assert "".join(read) == gzip.decompress(packed).decode()


def test_every_post_and_timeline_is_a_page_of_the_list(book: Book) -> None:
    members = read_members(book)
    head, *lines = map(json.loads, members["pages/pages.jsonl"].decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    pages = {line["url"].removeprefix(f"{BASE}/"): line for line in lines}
    wanted = {"index.html", "flood/index.html", "calm/index.html"}
    for path in (book.output / "flood").glob("2017-*.html"):
        wanted.add(f"flood/{path.name}")
    wanted.add("calm/2023-11-30-0915-news.html")
    assert set(pages) == wanted
    assert pages["calm/2023-11-30-0915-news.html"]["title"] == "عنوان الخبر"
    assert pages["flood/2017-10-30-gone.html"]["title"] == "Post withdrawn"
    assert pages["calm/2023-11-30-0915-news.html"]["ts"] == "2023-11-30T07:15:00Z"
    assert len({line["id"] for line in lines}) == len(lines)
    captured = [json.loads(one) for one in members["pages/extraPages.jsonl"].decode().splitlines()]
    assert [one["url"] for one in captured[1:]] == [
        "https://paper.example/live",
        "https://paper.example/live?page=2",
    ]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://archive.example/News/a.html", "example,archive)/news/a.html"),
        ("http://www.example.org:8080/", "org,example:8080)/"),
        ("https://example.org", "org,example)/"),
        ("https://example.org/a?b=2&A=1", "org,example)/a?a=1&b=2"),
    ],
)
def test_keys_of_the_index_are_spelled_as_others_spell_them(address: str, key: str) -> None:
    assert spell_key(address) == key
