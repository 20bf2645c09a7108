"""Addresses as sources: what is fetched, from where, how much of it, and how politely."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from archiver.build import build_site
from archiver.cli.importing import import_captures
from archiver.importers.capture import Capture
from archiver.importers.fetching.addresses import FetchError, is_public, judge_address
from archiver.importers.fetching.answers import unpack
from archiver.importers.fetching.connection import Network
from archiver.importers.fetching.fetcher import Fetcher, Limits
from archiver.importers.fetching.media import MediaFetch
from archiver.importers.fetching.pages import is_open, list_pages
from archiver.importers.fetching.warc import write_warc
from archiver.importers.media import find_ending
from archiver.importers.record import Record
from archiver.importers.sources import open_source
from archiver.model import Stamp
from servers import PUBLIC, Server, Watch, make_answer, make_fetcher, open_server
from test_import import PNG, Archive, make_page, make_update

FOLDER = "a-vigil-in-the-square-2017"


@pytest.fixture
def server() -> Iterator[Server]:
    with open_server() as server:
        yield server


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def run(archive: Archive, fetcher: Fetcher, *arguments: str | Path) -> Result:
    """Import with a fetcher, with whatever result."""
    words = [*map(str, arguments), "--root", str(archive.root)]
    return CliRunner().invoke(import_captures, words, obj=fetcher)


def take(archive: Archive, fetcher: Fetcher, *arguments: str | Path) -> str:
    """Import with a fetcher, without a fault; returns what was printed."""
    result = run(archive, fetcher, *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def list_bytes(archive: Archive) -> dict[Path, bytes]:
    """Every file of an archive."""
    return {path: path.read_bytes() for path in archive.root.rglob("*") if path.is_file()}


def refuse(fetcher: Fetcher, address: str) -> str:
    """Why an address is not fetched."""
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(address)
    return str(caught.value)


# What is fetched, and what becomes of it.


def test_an_address_becomes_content_and_is_kept_as_a_web_archive(
    archive: Archive, server: Server, watch: Watch
) -> None:
    page = make_page(make_update(1, "Candles were lit."))
    server.routes = {"/live": make_answer("", "Location: /vigil", status="302 Found")}
    server.routes["/vigil"] = make_answer(page)
    said = take(archive, make_fetcher(watch), f"{server.address}/live")
    assert "1 post read by json-ld: 1 new" in said
    (kept,) = (archive.root / "content" / FOLDER / "captures").glob("*.warc.gz")
    assert f"file: captures/{kept.name}" in archive.read("coverage.md")
    records = [
        (one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read())
        for one in ArchiveIterator(BytesIO(kept.read_bytes()), check_digests="raise")
    ]
    assert [kind for kind, *_ in records] == ["warcinfo", *["response", "request"] * 2]
    assert records[1][1:] == (f"{server.address}/live", b"")
    assert records[3][1:] == (f"{server.address}/vigil", page.encode())
    (record,) = open_source(kept)
    assert (record.text, record.captured) == (page, watch.now().replace(microsecond=0))
    assert record.captured == make_fetcher(watch).fetch(f"{server.address}/vigil").moment
    assert re.search(r"User-Agent: archiver/\S+ \(", server.asked[0])
    assert not build_site(archive.root, archive.root / "build").problems


def test_the_same_exchanges_make_the_same_web_archive(server: Server) -> None:
    server.routes["/a"] = make_answer(gzip.compress(b"words", mtime=0), "Content-Encoding: gzip")
    first, second = (make_fetcher(Watch()).fetch(f"{server.address}/a") for _ in range(2))
    assert first.data == b"words"
    assert write_warc(first.exchanges) == write_warc(second.exchanges)
    assert len(server.asked) == 2


def test_fetching_the_same_again_changes_nothing(
    archive: Archive, server: Server, watch: Watch
) -> None:
    page = make_page(make_update(1, "Candles were lit."))
    server.routes["/vigil"] = make_answer(page)
    take(archive, make_fetcher(watch), f"{server.address}/vigil")
    before = list_bytes(archive)
    watch.sleep(3600)
    server.routes["/vigil"] = make_answer(page.replace("<body>", "<body data-nonce='7'>"))
    said = take(archive, make_fetcher(watch), f"{server.address}/vigil")
    assert "0 new, 0 changed, 1 as before" in said
    assert list_bytes(archive) == before


def test_what_is_laid_beside_an_edited_file_is_laid_there_once(
    archive: Archive, server: Server, watch: Watch
) -> None:
    server.routes["/vigil"] = make_answer(make_page(make_update(1, "Candles were lit at six.")))
    take(archive, make_fetcher(watch), f"{server.address}/vigil")
    (name,) = archive.list()
    path = archive.root / "content" / FOLDER / name
    path.write_text(path.read_text(encoding="utf-8") + "\nA note.\n", encoding="utf-8")
    server.routes["/vigil"] = make_answer(make_page(make_update(1, "Candles were lit at seven.")))
    watch.sleep(60)
    take(archive, make_fetcher(watch), f"{server.address}/vigil")
    before = list_bytes(archive)
    assert len([one for one in before if "revisions" in one.parts]) == 1
    watch.sleep(60)
    assert "was edited here" in take(archive, make_fetcher(watch), f"{server.address}/vigil")
    assert list_bytes(archive) == before


def test_all_pages_that_a_page_leads_to_are_fetched_with_a_pause(
    archive: Archive, server: Server, watch: Watch
) -> None:
    for number in (1, 2, 3):
        more = f'<link rel="next" href="/vigil?page={number % 3 + 1}#top">'
        update = make_update(number, f"Words of page {number}.")
        path = f"/vigil?page={number}"
        server.routes[path] = make_answer(make_page(update, head=more))
    limits = Limits(allow_private=True, answer=5, pause=30)
    said = take(archive, make_fetcher(watch, limits), f"{server.address}/vigil?page=1")
    assert "3 posts read by json-ld: 3 new" in said
    assert server.paths == ["/vigil?page=1", "/vigil?page=2", "/vigil?page=3"]
    # The count of seconds is this machine's own, which may be busy.
    assert watch.slept == pytest.approx([30, 30], abs=10)
    assert len(list((archive.root / "content" / FOLDER / "captures").glob("*.warc.gz"))) == 3


def test_pages_have_a_limit_and_one_that_fails_stops_no_other(
    archive: Archive, server: Server, watch: Watch
) -> None:
    links = "".join(f'<link rel="next" href="/vigil?page={number}">' for number in range(2, 9))
    server.routes["/vigil"] = make_answer(make_page(make_update(1, "Words."), head=links))
    server.routes["/vigil?page=3"] = make_answer(make_page(make_update(3, "More words.")))
    limits = Limits(allow_private=True, answer=5, pause=0, pages=2)
    result = run(archive, make_fetcher(watch, limits), f"{server.address}/vigil")
    assert result.exit_code == 1
    assert "page=2: not imported: the server answered 404 Not Found" in result.output
    assert "not imported: 5 pages more than the 2 that are fetched" in result.output
    assert len(archive.list()) == 2


def test_all_pages_together_have_a_limit(archive: Archive, server: Server, watch: Watch) -> None:
    page = make_page(make_update(1, "Words."), head='<link rel="next" href="?page=2">')
    server.routes = {"/vigil": make_answer(page), "/vigil?page=2": make_answer(page)}
    limits = Limits(allow_private=True, answer=5, pause=0, total=len(page) + 9)
    result = run(archive, make_fetcher(watch, limits), f"{server.address}/vigil")
    assert result.exit_code == 1
    assert "page=2: not imported: all pages together are larger than 0 MiB" in result.output


BBC = "https://www.bbc.example/news/live/uk-1"
GUARDIAN = "https://www.guardian.example/world/live/2023/may/15/a"


@pytest.mark.parametrize(
    ("address", "data", "capture", "expected"),
    [
        (BBC, "", Capture("bbc-lx", pages=3), [f"{BBC}/page/2", f"{BBC}/page/3"]),
        (f"{BBC}/page/2", "", Capture("bbc-lx", pages=3), [BBC, f"{BBC}/page/3"]),
        (BBC, "", Capture("bbc-live", pages=2), [f"{BBC}?page=2"]),
        (f"{BBC}?page=2", "", Capture("bbc-live", pages=2), [BBC]),
        (
            GUARDIAN,
            '<nav id="liveblog-navigation"><a href="?page=with:block-1#x">Older</a>'
            '<a href="https://ads.example/world/live/2023/may/15/a?page=with:block-2">Older</a>'
            '<a href="/other">No</a></nav>',
            Capture("guardian"),
            [f"{GUARDIAN}?page=with:block-1"],
        ),
        (
            f"{GUARDIAN}.json?dcr",
            '{"pagination": {"older": "?page=with:block-1", "newer": null, "oldest": 7}}',
            Capture("guardian-model", url=GUARDIAN),
            [f"{GUARDIAN}?page=with:block-1"],
        ),
        (
            "https://sd.example/api/posts?max_results=20&page=2",
            '{"posts": {"_meta": {"total": 50, "max_results": 20, "page": 2}}}',
            Capture("superdesk"),
            [f"https://sd.example/api/posts?max_results=20&page={one}" for one in (1, 3)],
        ),
        (
            "https://wp.example/wp-json/liveblog/v1/7/get-entries/1/99-15",
            '{"entries": [], "pages": 2}',
            Capture("wordpress"),
            ["https://wp.example/wp-json/liveblog/v1/7/get-entries/2/99-15"],
        ),
        (
            "https://data.example/event/5/news/?last_nid=&limit=100",
            '{"data": {"news": [{"nid": 9}, {"nid": 8}]}}',
            Capture("24liveblog"),
            ["https://data.example/event/5/news/?limit=100&last_nid=8"],
        ),
        (
            "https://blog.example/live/a/",
            '<!doctype html><a rel="prev next" href="/live/a/page/2/"></a>'
            '<link rel="next" href="/live/b/"><a rel="next" href="http://[x">',
            Capture("microdata"),
            ["https://blog.example/live/a/page/2/"],
        ),
        ("", "<!doctype html><link rel=next href=?page=2>", Capture("json-ld"), []),
    ],
)
def test_the_pages_of_each_format_are_known(
    address: str, data: str, capture: Capture, expected: list[str]
) -> None:
    assert list_pages(Record(data.encode(), address=address), capture) == expected


@given(
    st.sampled_from(["bbc", "guardian", "superdesk", "wordpress", "24liveblog", "amp"]),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    "data news nid pages posts _meta total max_results pagination".split()
                ),
                inner,
            )
        ),
        max_leaves=9,
    ),
)
def test_broken_answers_lead_nowhere_without_a_fault(reader: str, answer: Any) -> None:
    record = Record(json.dumps(answer).encode(), address="https://a.example/get-entries/1/news")
    assert all(one.startswith("https://a.example/") for one in list_pages(record, Capture(reader)))


# Times, sizes and faults.


def trickle(server: Server, piece: bytes) -> Callable[[socket.socket], None]:
    """A route that sends a piece again and again."""

    def send(connection: socket.socket) -> None:
        while server.is_open:
            connection.sendall(piece)
            time.sleep(0.02)

    return send


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nX-", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silence", "a head byte by byte", "a body byte by byte", "promises"],
)
def test_a_server_that_hangs_is_left_in_time(
    server: Server, watch: Watch, begin: bytes, piece: bytes
) -> None:
    def hang(connection: socket.socket) -> None:
        connection.sendall(begin)
        trickle(server, piece)(connection)

    server.routes["/"] = hang
    began = time.monotonic()
    fetcher = make_fetcher(watch, Limits(allow_private=True, answer=0.3))
    assert refuse(fetcher, server.address) == "the answer was not there within 0.3 seconds"
    assert time.monotonic() - began < 2
    assert len(server.asked) == 1


def test_an_endless_answer_is_cut_at_the_limit(server: Server, watch: Watch) -> None:
    def send(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while server.is_open:
            connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    server.routes["/"] = send
    fetcher = make_fetcher(watch, Limits(allow_private=True, size=2**20))
    assert refuse(fetcher, server.address) == "the answer is larger than 1 MiB"


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_packed_bomb_is_not_unpacked(server: Server, watch: Watch, packing: str) -> None:
    bomb = zlib.compress(b"\0" * 2**25, 9) if packing == "deflate" else gzip.compress(bytes(2**25))
    server.routes["/"] = make_answer(bomb, f"Content-Encoding: {packing}")
    fetcher = make_fetcher(watch, Limits(allow_private=True, size=2**20))
    assert refuse(fetcher, server.address) == "the answer unpacks to more than 1048576 bytes"


def test_unpacking_a_bomb_takes_little_memory() -> None:
    bomb = gzip.compress(bytes(2**25))
    tracemalloc.start()
    with pytest.raises(FetchError):
        unpack(bomb, 2**20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**23


@pytest.mark.parametrize("deflate", [False, True])
@given(st.binary(max_size=300), st.binary(max_size=9))
def test_what_is_packed_comes_back_or_is_refused(deflate: bool, data: bytes, noise: bytes) -> None:
    packed = zlib.compress(data) if deflate else gzip.compress(data)
    assert unpack(packed, 300, deflate) == data
    assert unpack(zlib.compress(data)[2:-4], 300, True) == data
    with pytest.raises((FetchError, zlib.error)):
        unpack(packed[:-1] if not data else packed, len(data) - 1 if data else 300, deflate)
    with pytest.raises(zlib.error):
        unpack(b"\xff\xff" + noise, 300, deflate)


def test_packings_that_were_not_asked_for_are_refused(server: Server, watch: Watch) -> None:
    server.routes["/"] = make_answer("x", "Content-Encoding: gzip, gzip")
    expected = "the answer is packed in a way that was not asked for"
    assert refuse(make_fetcher(watch), server.address) == expected
    server.routes["/"] = make_answer("x", "Content-Encoding: gzip")
    expected = "the answer is packed, and cannot be unpacked"
    assert refuse(make_fetcher(watch), server.address) == expected


def test_an_answer_that_lies_about_its_length_is_refused_or_cut(
    server: Server, watch: Watch
) -> None:
    server.routes["/more"] = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nwords"
    server.routes["/less"] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwords and more"
    server.routes["/huge"] = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nwords"
    server.routes["/odd"] = b"HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\nwords"
    server.routes["/none"] = b"200 words\r\n\r\n"
    fetcher = make_fetcher(watch)
    assert refuse(fetcher, f"{server.address}/more") == "the answer broke off, or is none"
    assert server.paths == ["/more"] * 3
    assert fetcher.fetch(f"{server.address}/less").data == b"words"
    assert refuse(fetcher, f"{server.address}/huge") == "the answer is larger than 64 MiB"
    assert refuse(fetcher, f"{server.address}/odd") == "the answer broke off, or is none"
    assert refuse(fetcher, f"{server.address}/none") == "the answer broke off, or is none"


def test_errors_of_servers_are_told_and_those_that_may_pass_tried_again(
    server: Server, watch: Watch
) -> None:
    for status in ("404 Gone\x1b[2J", "403 x", "500 x", "999 x"):
        server.routes[f"/{status[:3]}"] = make_answer("", status=status)
    fetcher = make_fetcher(watch)
    assert refuse(fetcher, f"{server.address}/403") == "the server answered 403 Forbidden"
    assert refuse(fetcher, f"{server.address}/999") == "the server answered 999"
    assert len(server.asked) == 2
    expected = "the server answered 500 Internal Server Error"
    assert refuse(fetcher, f"{server.address}/500") == expected
    assert len(server.asked) == 5
    assert watch.slept == [2, 4]


def test_a_busy_server_is_waited_for_as_long_as_it_asks(server: Server, watch: Watch) -> None:
    answers = [
        make_answer("", "Retry-After: 7", status="429 x"),
        make_answer("", "Retry-After: Mon, 23 Mar 2026 20:01:00 GMT", status="503 x"),
        make_answer("words"),
    ]
    server.routes["/"] = lambda connection: connection.sendall(answers.pop(0))
    assert make_fetcher(watch).fetch(server.address).data == b"words"
    assert watch.slept == [7, 53]


def test_a_server_that_asks_for_an_hour_is_left(server: Server, watch: Watch) -> None:
    server.routes["/"] = make_answer("", "Retry-After: 3600", status="429 x")
    said = refuse(make_fetcher(watch), server.address)
    expected = "the server answered 429 Too Many Requests, and asks to wait for 3600 seconds"
    assert said == expected
    assert watch.slept == []


def test_a_connection_that_fails_is_tried_again(server: Server, watch: Watch) -> None:
    server.close()
    said = refuse(make_fetcher(watch), server.address)
    assert said == "no connection to `127.0.0.1`: Connection refused"
    assert watch.slept == [2, 4]


def test_the_charset_of_the_answer_counts_where_the_page_says_none(
    server: Server, watch: Watch
) -> None:
    text = "Źródło: świece"
    kinds = {
        "/header": ("text/html; charset=iso-8859-2", "iso-8859-2"),
        "/wrong": ("text/html; charset=iso-8859-2", "utf-8"),
        "/utf16": ("text/html; charset=utf-16le", "utf-16-le"),
    }
    for path, (kind, encoding) in kinds.items():
        server.routes[path] = make_answer(text.encode(encoding), kind=kind)
        answer = make_fetcher(watch).fetch(server.address + path)
        assert Record(answer.page).text == text, path
    for charset in ("punycode", "undefined", "zip", "utf-8", "\x7f"):
        server.routes["/"] = make_answer(b"caf\xe9", kind=f"text/html; charset={charset}")
        assert make_fetcher(watch).fetch(server.address).page == b"caf\xe9"


def test_no_charset_of_a_page_is_a_fault() -> None:
    names = "undefined idna punycode zip rot13 unicode_escape raw_unicode_escape utf-7 words"
    for charset in names.split():
        data = f'<!doctype html><meta charset="{charset}">+AGE-\\x41\\u0041caf'.encode() + b"\xe9"
        assert Record(data).text.endswith("+AGE-\\x41\\u0041café"), charset


# Where it is fetched from.


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 127.9.9.9 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1
    100.100.100.200 192.0.0.192 168.63.129.16 198.18.0.1 192.0.2.1 224.0.0.1 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::127.0.0.1 64:ff9b:1::1 2002:7f00:1::
    2001:0:1::1 fe80::1 fe80::1%eth0 2606:2800:21f::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1
    words""".split(),
)
def test_addresses_of_this_machine_and_its_networks_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_addresses_of_the_internet_are_public() -> None:
    for address in (PUBLIC, "2606:2800:21f::1", "::ffff:93.184.215.14", "64:ff9b::93.184.215.14"):
        assert is_public(address)


def test_a_private_address_is_refused_unless_it_is_allowed(
    archive: Archive, server: Server, watch: Watch
) -> None:
    server.routes["/"] = make_answer(make_page(make_update(1, "Words.")))
    strict = make_fetcher(watch, Limits())
    result = run(archive, strict, server.address)
    assert result.exit_code == 1
    assert f"port {server.port} of `127.0.0.1` is none that websites use" in result.output
    for host in ("localhost", "127.0.0.1", "[::1]", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"):
        assert "which is no public address" in refuse(strict, f"http://{host}:8080/"), host
    assert not server.asked
    assert not list((archive.root / "content").glob("*/"))
    take(archive, make_fetcher(watch), server.address)


def test_a_name_that_leads_to_a_private_address_is_refused(watch: Watch, server: Server) -> None:
    for found in (["10.0.0.7"], [PUBLIC, "10.0.0.7"], ["fd00::1", PUBLIC]):
        fetcher = make_fetcher(watch, resolve=lambda *_, found=found: found, server=server)
        assert "which is no public address" in refuse(fetcher, "http://news.example/")
    assert not server.asked


def test_a_name_is_resolved_once_and_connected_to_where_it_was_judged(
    watch: Watch, server: Server
) -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    server.routes["/a?b"] = make_answer("words")
    fetcher = make_fetcher(watch, resolve=lambda *_: answers.pop(0), server=server)
    assert fetcher.fetch("http://News.example/a?b#c").data == b"words"
    assert "\r\nHost: news.example\r\n" in server.asked[0]
    assert answers == [["127.0.0.1"]]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1:8080/", "`127.0.0.1` is at 127.0.0.1, which is no public address"),
        ("//localhost/", "`localhost` is at 127.0.0.1, which is no public address"),
        ("http://inside.example/", "`inside.example` is at 10.0.0.7, which is no public address"),
        ("http://news.example:22/", "port 22 of `news.example` is none that websites use"),
        ("http://a:b@news.example/", "the address holds a user's name or a password"),
        ("file:///etc/passwd", "only addresses that begin with http:// or https:// are fetched"),
        ("http://[::1", "it leads on to an address that cannot be read"),
        ("/", "it leads on more than 10 times"),
    ],
)
def test_each_redirect_is_judged_again(
    watch: Watch, server: Server, location: str, reason: str
) -> None:
    hosts = {"inside.example": ["10.0.0.7"], "127.0.0.1": ["127.0.0.1"], "localhost": ["127.0.0.1"]}
    server.routes["/"] = make_answer("", f"Location: {location}", status="301 x")
    fetcher = make_fetcher(watch, resolve=lambda host, _: hosts.get(host, [PUBLIC]), server=server)
    assert refuse(fetcher, "http://news.example/") == reason
    assert len(server.asked) == (11 if location == "/" else 1)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://a.example/", "only addresses that begin with http:// or https:// are fetched"),
        ("http:///path", "the address names no host"),
        ("http://a.example:x/", "the address cannot be read"),
        ("http://a b/", "the address cannot be read"),
        (f"http://a.example/{'a' * 5000}", "the address is longer than 4096 characters"),
        ("https://user@a.example/", "the address holds a user's name or a password"),
        ("https://none.example/", "the host `none.example` is not known"),
    ],
)
def test_other_addresses_are_refused(address: str, reason: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no")

    with pytest.raises(FetchError, match=re.escape(reason)):
        judge_address(address, resolve)


@given(st.text(max_size=40), st.sampled_from(["", "http://", "https://a", "http://a.example:"]))
def test_no_address_is_a_fault(text: str, begin: str) -> None:
    try:
        target = judge_address(begin + text, lambda host, port: [PUBLIC])
    except FetchError:
        return
    assert target.host
    assert target.url.isascii()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of `news.example` that only tests trust, and its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example"]
    files = folder / "certificate.pem", folder / "key.pem"
    output = ["-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run([program, *words.split(), *names, *output], check=True, capture_output=True)
    return files


def test_a_certificate_is_judged_by_the_name_and_not_by_the_ip_address(
    watch: Watch, server: Server, certificate: tuple[Path, Path]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    asked: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    server.context = context
    server.routes["/"] = make_answer("words")

    def connect(address: str, port: int, seconds: float) -> socket.socket:
        assert (address, port) == (PUBLIC, 443)
        return socket.create_connection(("127.0.0.1", server.port), seconds)

    def trust() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(certificate[0]))

    limits = Limits(answer=5, pause=0, attempts=1)
    known = Fetcher(watch.clock, limits, Network(lambda *_: [PUBLIC], connect, trust))
    assert known.fetch("https://news.example/").data == b"words"
    assert asked == ["news.example"]
    assert "Hostname mismatch" in refuse(known, "https://other.example/")
    unknown = Fetcher(watch.clock, limits, Network(lambda *_: [PUBLIC], connect))
    assert "self-signed certificate" in refuse(unknown, "https://news.example/")
    assert len(server.asked) == 1


# Following.


def make_rounds(watch: Watch, server: Server, *pages: bytes | None) -> Fetcher:
    """A fetcher whose server answers each round otherwise; after the last, somebody presses Ctrl-C."""
    rounds = list(pages)
    server.routes["/vigil"] = rounds.pop(0) or b""
    fetcher = make_fetcher(watch, Limits(allow_private=True, answer=5, pause=0, attempts=1))

    def sleep(seconds: float) -> None:
        watch.sleep(seconds)
        if not rounds:
            raise KeyboardInterrupt
        server.routes["/vigil"] = rounds.pop(0) or make_answer("", status="502 x")

    fetcher.clock = replace(fetcher.clock, sleep=sleep)
    return fetcher


ONE = make_update(1, "Candles were lit.")
TWO = make_update(2, "The square is full.")
ENDED: dict[str, Any] = {"coverageEndTime": "2017-03-23T23:00:00Z"}


def test_a_coverage_is_followed_until_it_closes(
    archive: Archive, server: Server, watch: Watch
) -> None:
    fetcher = make_rounds(
        watch,
        server,
        make_answer(make_page(ONE)),
        make_answer(make_page(ONE)),
        None,
        make_answer(make_page(ONE, TWO)),
        make_answer(make_page(ONE, TWO, **ENDED)),
    )
    result = run(archive, fetcher, f"{server.address}/vigil", "--follow", "60")
    assert result.exit_code == 0, result.output
    assert watch.slept == [60] * 4
    assert result.output.count("1 post read by") == 1
    assert result.output.count("2 posts read by json-ld: 1 new, 0 changed, 1 as before") == 1
    assert result.output.count("not imported: the server answered 502 Bad Gateway") == 1
    assert len(archive.list()) == 2


def test_ctrl_c_ends_following_and_what_was_imported_is_there(
    archive: Archive, server: Server, watch: Watch
) -> None:
    fetcher = make_rounds(watch, server, make_answer(make_page(ONE)))
    words = [f"{server.address}/vigil", "--follow", "60", "--root", str(archive.root)]
    with pytest.raises(click.Abort):  # which `main` makes exit code 130 of
        import_captures.main(words, standalone_mode=False, obj=fetcher)
    assert len(archive.list()) == 1


def test_ctrl_c_at_a_console_is_exit_code_130(archive: Archive, server: Server) -> None:
    server.routes["/vigil"] = make_answer(make_page(ONE))
    words = ["import", f"{server.address}/vigil", "--follow", "60", "--allow-private"]
    command = [sys.executable, "-m", "archiver", *words, "--root", str(archive.root)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("In content/"), line
        while "that readers saw" not in line:
            line = process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=5)[1]
    assert process.returncode == 130, said
    assert len(archive.list()) == 1


def test_an_address_without_a_coverage_is_not_followed(
    archive: Archive, server: Server, watch: Watch
) -> None:
    fetcher = make_rounds(watch, server, make_answer("<!doctype html><p>Words"))
    result = run(archive, fetcher, f"{server.address}/vigil", "--follow", "60")
    assert result.exit_code == 1
    assert "not imported: no live coverage was found in it" in result.output
    assert watch.slept == []


def test_only_addresses_are_followed(archive: Archive, watch: Watch) -> None:
    page = archive.save("page.html", make_page(ONE))
    result = run(archive, make_fetcher(watch), page, "--follow", "60")
    assert result.exit_code == 2
    assert "only addresses can be followed" in result.output


def test_whether_a_coverage_is_open_is_what_its_reader_says_else_its_end(watch: Watch) -> None:
    def judge(reader: str, is_live: bool = False, ended: Stamp | None = None, **more: Any) -> bool:
        record = Record(make_page(ONE, **more).encode(), captured=watch.now())
        return is_open(record, Capture(reader, is_live=is_live, ended=ended))

    assert judge("guardian", is_live=True)
    assert not judge("guardian")
    assert judge("json-ld")
    assert judge("json-ld", coverageEndTime="2026-03-24T20:00:00Z")
    assert judge("reach", coverageEndTime=7)
    assert judge("superdesk")
    assert not judge("superdesk", blog_status="closed")
    assert judge("amp", coverageEndTime="2026-03-23T19:30:00-01:00")
    assert not judge("json-ld", **ENDED)
    assert not judge("nyt", ended=Stamp(watch.now().date(), watch.now()))


def test_a_page_of_the_wayback_machine_leads_to_no_page_of_the_site_itself(
    archive: Archive, server: Server, watch: Watch
) -> None:
    link = '<link rel="next" href="https://web.archive.org/web/20170324120000/http://a.example/?page=2">'
    toolbar = '<script>__wm.wombat("http://a.example/","20170324120000")</script>'
    server.routes["/web/1"] = make_answer(make_page(ONE, head=link + toolbar))
    take(archive, make_fetcher(watch), f"{server.address}/web/1")
    assert server.paths == ["/web/1"]
    assert "captured: 2017-03-24T12:00:00+00:00" in archive.read("coverage.md")


# Media.


def test_the_ending_of_a_medium_is_that_of_its_first_bytes() -> None:
    kinds = {"heic": "heic", "mif1": "heic", "qt  ": "mov", "M4V ": "m4v", "M4A ": "m4a"}
    kinds |= {"avif": "avif", "avis": "avif", "isom": "mp4", "mp42": "mp4"}
    for brand, ending in kinds.items():
        assert find_ending(b"\0\0\0\x18ftyp" + brand.encode() + bytes(8)) == ending, brand


def test_media_are_fetched_named_by_digest_and_not_fetched_again(
    archive: Archive, server: Server, watch: Watch
) -> None:
    body = "".join(
        f'<p>Words</p><img src="{src}" alt="Candles">'
        for src in ("/a.png", "/gone.png", "/page.png", "http://a:b@news.example/b.png")
    )
    url = f"{server.address}/vigil"
    server.routes["/vigil"] = make_answer(make_page(make_update(1, body), url=url))
    server.routes["/a.png"] = make_answer(PNG, kind="image/png")
    server.routes["/page.png"] = make_answer("<!doctype html>No picture", kind="image/png")
    said = take(archive, make_fetcher(watch), url, "--media", "fetch")
    assert "media: 1 kept, 3 missing" in said
    assert f"{server.address}/gone.png: the server answered 404 Not Found" in said
    assert f"{server.address}/page.png: what is there is no picture" in said
    assert "b.png: the address holds a user's name or a password" in said
    (picture,) = (archive.root / "content").rglob("media/*")
    assert picture.read_bytes() == PNG
    (name,) = archive.list()
    assert f"![Candles](media/{picture.name})" in archive.read(name)
    before = list_bytes(archive)
    for mode in ("fetch", "keep"):
        server.asked.clear()
        said = take(archive, make_fetcher(watch), url, "--media", mode)
        assert "0 new, 0 changed, 1 as before" in said
        assert "/a.png" not in server.paths
        assert list_bytes(archive) == before


def test_media_of_a_saved_page_are_fetched_too_but_nothing_in_a_dry_run(
    archive: Archive, server: Server, watch: Watch
) -> None:
    body = f'<p>Words</p><img src="{server.address}/a.png" alt="Candles">'
    page = archive.save("page.html", make_page(make_update(1, body)))
    server.routes["/a.png"] = make_answer(PNG, kind="image/png")
    take(archive, make_fetcher(watch), page, "--media", "fetch", "--dry-run")
    assert not server.asked
    assert "1 kept, 0 missing" in take(archive, make_fetcher(watch), page, "--media", "fetch")


def test_the_report_says_why_media_are_missing(
    archive: Archive, server: Server, watch: Watch
) -> None:
    body = f'<p>Words</p><img src="{server.address}/a.png" alt="Candles">'
    page = archive.save("page.html", make_page(make_update(1, body)))
    path = archive.root / "report.json"
    take(archive, make_fetcher(watch), page, "--media", "fetch", "--report", path)
    (coverage,) = json.loads(path.read_text(encoding="utf-8"))["coverages"]
    expected = {f"{server.address}/a.png": "the server answered 404 Not Found"}
    assert coverage["media_reasons"] == expected


def test_media_have_a_limit_each_and_together(server: Server, watch: Watch) -> None:
    for number in range(4):
        server.routes[f"/{number}"] = make_answer(PNG + bytes([number]) * 100)
    server.routes["/large"] = make_answer(PNG + bytes(1000))
    kept: dict[str, bytes] = {}
    told: list[tuple[int, int]] = []
    one = len(PNG) + 100
    media = MediaFetch(make_fetcher(watch), lambda *done: told.append(done), 2 * one, 3 * one)
    names = ["large", "0", "1", "0", "2", "3", "data:,x"]
    fetched = media.fetch(names, f"{server.address}/", kept.__setitem__)
    assert list(fetched.names) == [f"{server.address}/{number}" for number in range(3)]
    assert sorted(fetched.names.values()) == sorted(kept)
    assert fetched.reasons == {
        "large": "it is too large",
        "3": "all media together are larger than is fetched in one run",
        "data:,x": "it was not saved with the page, and its address is none of the web",
    }
    assert told[-1] == (6, 6)


def test_a_medium_that_failed_is_not_tried_again_in_a_run(server: Server, watch: Watch) -> None:
    media = MediaFetch(make_fetcher(watch), lambda done, total: None)
    for _ in range(3):
        fetched = media.fetch(["a.png"], f"{server.address}/", lambda name, data: None)
        assert fetched.reasons == {"a.png": "the server answered 404 Not Found"}
    assert server.paths == ["/a.png"]


def test_a_medium_that_cannot_be_written_is_missing(server: Server, watch: Watch) -> None:
    def store(name: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    server.routes["/a.png"] = make_answer(PNG)
    media = MediaFetch(make_fetcher(watch), lambda done, total: None)
    fetched = media.fetch(["a.png"], f"{server.address}/", store)
    assert fetched.reasons == {"a.png": "it cannot be written: No space left on device"}


def test_others_words_cannot_move_the_cursor(
    archive: Archive, server: Server, watch: Watch
) -> None:
    body = '<p>Words</p><img src="http://[\x1b[2J/a.png">'
    page = make_page(make_update(1, body), headline="A vigil\x1b[2J")
    link = '<link rel="next" href="/vigil?page=2\x1b[2J">'
    server.routes["/vigil"] = make_answer(page.replace("<head>", f"<head>{link}"))
    said = run(archive, make_fetcher(watch), f"{server.address}/vigil", "--media", "fetch").output
    assert "A vigil" in said
    assert "page=2\\u001b" in said
    assert "\x1b" not in said
