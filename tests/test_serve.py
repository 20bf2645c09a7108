"""The preview over HTTP: what it answers, what it refuses, and what it tells of changes."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.diagnostics import Place, Problem, Severity
from archiver.preview import Refreshed
from archiver.serve.board import Board, describe_problem
from archiver.serve.markup import Mark, add_script, widen_policy
from archiver.serve.requests import Refusal, check_host, read_path, read_range
from book import Book, list_digests
from previewing import PATIENCE, Served, Stream, serve_book

MakeBook = Callable[[str], Book]
FLOOD = """
=== a.md
---
date: 2017-03-23T20:25:00Z
title: The first post
---
The first words.
=== b.md
---
date: 2017-03-23T20:35:00Z
---
The second words.
=== content/event/media/film.mp4
0123456789
=== content/event/media/bridge.png
=== content/event/media/notes.txt
Notes.
"""
BROKEN = "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\nupdatd: <b>&\n---\nBroken words.\n"
MENDED = "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nMended words.\n"


@pytest.fixture
def served(book: MakeBook) -> Iterator[Served]:
    """An archive and its preview."""
    with serve_book(book(FLOOD)) as served:
        yield served


def read_policy(page: str) -> dict[str, list[str]]:
    """The directives of a page's policy."""
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    parts = (directive.split() for directive in unescape(found[1]).split(";"))
    return {name: sources for name, *sources in parts}


# Pages and files


def test_a_page_is_that_of_a_build_but_for_its_script_and_its_policy(served: Served) -> None:
    served.book.build()
    for path in ("index.html", "event/index.html", "event/a.html", "contributors/index.html"):
        asked = served.ask(f"/{path}")
        assert (asked.status, asked.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        built = served.book.read(path)
        bare = re.sub(r'<script src="/_preview/.*?</script>\n', "", asked.text)
        assert bare.replace("; connect-src 'self'", "") == built
        assert bare != built
        assert "_preview" not in built


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "index.html"),
        ("/event/", "event/index.html"),
        ("/event/a.html?v=1", "event/a.html"),
        ("/event/%61.html", "event/a.html"),
    ],
)
def test_an_address_leads_to_its_page(served: Served, address: str, path: str) -> None:
    assert served.ask(address).text == served.ask(f"/{path}").text


def test_a_folder_without_its_slash_is_led_on(served: Served) -> None:
    asked = served.ask("/event")
    assert (asked.status, asked.headers["Location"]) == (302, "/event/")


def test_a_name_outside_ascii_has_its_page(book: MakeBook) -> None:
    text = "=== content/früh/ö.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords.\n"
    with serve_book(book(text)) as served:
        assert "Words." in served.ask(quote("/früh/ö.html")).text
        assert served.ask(quote("/früh")).headers["Location"] == quote("/früh/")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("assets/style.css", "text/css; charset=utf-8"),
        ("assets/icon.svg", "image/svg+xml"),
        ("feed.xml", "application/atom+xml"),
        ("feed.json", "application/feed+json"),
        ("event/coverage.json", "application/json; charset=utf-8"),
        ("event/media/film.mp4", "video/mp4"),
        ("event/media/bridge.png", "image/png"),
        ("event/media/notes.txt", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_has_its_media_type_and_the_bytes_of_a_build(
    served: Served, path: str, kind: str
) -> None:
    asked = served.ask(f"/{path}")
    assert asked.status == 200
    assert asked.headers["Content-Type"] == kind
    assert asked.headers["Cache-Control"] == "no-store"
    assert asked.headers["X-Content-Type-Options"] == "nosniff"
    assert asked.data == (served.book.build().output / path).read_bytes()


def test_what_is_not_there_is_answered_with_the_archives_own_page(served: Served) -> None:
    asked = served.ask("/event/nothing.html")
    assert asked.status == 404
    assert "There is no such page" in asked.text
    assert "/_preview/preview.js" in asked.text
    assert served.ask("/content/site.md").status == 404
    assert served.ask("/SHA256SUMS").status == 404


def test_a_head_is_answered_without_the_page(served: Served) -> None:
    asked, whole = served.ask("/", "HEAD"), served.ask("/")
    assert asked.data == b""
    assert asked.headers["Content-Length"] == str(len(whole.data))
    assert served.ask("/event/media/film.mp4", "HEAD").headers["Content-Length"] == "11"


def test_a_file_that_has_just_gone_is_not_there(served: Served) -> None:
    served.book.remove("content/event/media/film.mp4")
    assert served.ask("/event/media/film.mp4").status == 404
    assert served.ask("/").status == 200


# Parts of films


@pytest.mark.parametrize(
    ("header", "status", "data", "told"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/11"),
        ("bytes=4-", 206, b"456789\n", "bytes 4-10/11"),
        ("bytes=-3", 206, b"89\n", "bytes 8-10/11"),
        ("bytes=0-999", 206, b"0123456789\n", "bytes 0-10/11"),
        ("bytes=11-", 416, None, "bytes */11"),
        ("bytes=-0", 416, None, "bytes */11"),
        ("bytes=5-2", 200, b"0123456789\n", None),
        ("bytes=0-1,4-5", 200, b"0123456789\n", None),
        ("lines=0-1", 200, b"0123456789\n", None),
        ("bytes=-", 200, b"0123456789\n", None),
    ],
)
def test_a_part_of_a_film_is_sent(
    served: Served, header: str, status: int, data: bytes | None, told: str | None
) -> None:
    asked = served.ask("/event/media/film.mp4", Range=header)
    assert asked.status == status
    assert asked.headers["Content-Range"] == told
    if data is not None:
        assert asked.data == data
        assert asked.headers["Accept-Ranges"] == "bytes"


def test_a_part_of_a_file_that_may_be_another_is_not_sent(served: Served) -> None:
    asked = served.ask("/event/media/film.mp4", Range="bytes=0-3", If_Range='"x"')
    assert (asked.status, asked.data) == (200, b"0123456789\n")


def test_a_part_of_no_file_is_refused() -> None:
    assert read_range(None, 5) is None
    for header in ("bytes=0-", "bytes=-1"):
        with pytest.raises(Refusal):
            read_range(header, 0)


# What is refused


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_a_name_of_this_machine_is_answered(served: Served, name: str) -> None:
    assert served.ask("/", Host=f"{name}:{served.server.port}").status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1.evil.example:{port}",
        "localhost:{other}",
        "localhost",
        "127.0.0.1",
        "127.0.0.2:{port}",
        "localhost:{port}:{port}",
        "evil.example@localhost:{port}",
        "[::1]evil.example:{port}",
        "[::1",
        "[",
        "",
    ],
)
def test_any_other_name_is_refused(served: Served, host: str) -> None:
    port = served.server.port
    asked = served.ask("/event/a.html", Host=host.format(port=port, other=port + 1))
    assert asked.status == 403
    assert "first words" not in asked.text
    events = served.ask("/_preview/events", Host=host.format(port=port, other=port + 1))
    assert events.status == 403


@pytest.mark.parametrize("named", [[], ["localhost:80", "evil.example:80"]])
def test_no_name_and_two_names_are_refused(named: list[str]) -> None:
    with pytest.raises(Refusal):
        check_host(named, 80)
    check_host(["localhost"], 80)


@pytest.mark.parametrize(
    "target",
    [
        "/../content/site.md",
        "/event/../../content/site.md",
        "/%2e%2e/content/site.md",
        "/event/%2E%2e/%2e%2E/content/site.md",
        "/event/..%2f..%2fcontent/site.md",
        "/event%2Fa.html",
        "/event/..%5c..%5ccontent",
        "/event\\a.html",
        "/event/%00a.html",
        "/event/a.html%00.png",
        "/event/%ff.html",
        "/event/%0d%0aSet-Cookie:x",
        "/./index.html",
        "//evil.example/",
        "/event//a.html",
        "event/a.html",
        "http://evil.example/event/a.html",
        "*",
    ],
)
def test_an_address_that_is_no_pages_is_refused(served: Served, target: str) -> None:
    asked = served.ask(target, Host=f"localhost:{served.server.port}")
    assert asked.status == 400
    assert "Set-Cookie" not in asked.headers
    with pytest.raises(Refusal) as refusal:
        read_path(target)
    assert refusal.value.status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]
)
def test_a_method_that_would_change_something_is_refused(served: Served, method: str) -> None:
    asked = served.ask("/", method)
    assert (asked.status, asked.headers["Allow"]) == (405, "GET, HEAD")


def test_a_request_with_a_body_is_refused_and_the_body_is_no_request(served: Served) -> None:
    port = served.server.port
    hidden = f"GET /event/a.html HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(
            f"GET / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {len(hidden)}\r\n\r\n"
            f"{hidden}".encode()
        )
        answer = b""
        while more := connection.recv(65536):
            answer += more
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_only_this_machine_is_listened_to(served: Served) -> None:
    address = served.server._listener.server_address[0]
    assert address == "127.0.0.1"


# What a page is given


def test_a_policy_is_widened_only_as_far_as_the_preview_needs(served: Served) -> None:
    policy = read_policy(served.ask("/").text)
    built = read_policy(served.book.build().read("index.html"))
    assert policy.pop("connect-src") == ["'self'"]
    assert policy == built


@pytest.mark.parametrize(
    ("policy", "widened"),
    [
        ("", ""),
        ("img-src *", "img-src *"),
        ("default-src 'self'", "default-src 'self'"),
        (
            "default-src 'none'",
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'",
        ),
        (
            "script-src 'none'; style-src 'self'; connect-src x.example;",
            "script-src 'self'; style-src 'self'; connect-src x.example 'self'",
        ),
    ],
)
def test_any_policy_lets_the_preview_in(policy: str, widened: str) -> None:
    assert widen_policy(policy) == widened


def test_a_page_without_a_head_has_the_script_too() -> None:
    page = LexborHTMLParser(add_script(b"<p>Words", Mark("1", '"2')))
    [script] = page.css("script")
    assert script.attributes["data-files"] == '"2'
    assert script.attributes["src"] == "/_preview/preview.js"


# News


def test_a_change_is_told_to_whoever_listens(served: Served) -> None:
    stream = Stream(served.server.port)
    first = stream.read()
    assert first["errors"] == first["warnings"] == []
    assert f'data-version="{first["version"]}"' in served.ask("/event/a.html").text
    served.change(MENDED)
    second = stream.read()
    assert second["version"] != first["version"]
    assert second["files"] == first["files"]
    asked = served.ask("/event/a.html").text
    assert "Mended words." in asked
    assert f'data-version="{second["version"]}"' in asked
    stream.close()


def test_an_error_is_told_and_gone_when_it_is_mended(served: Served) -> None:
    stream = Stream(served.server.port)
    stream.read()
    served.change(BROKEN)
    news = stream.read()
    assert news["count"] == {"errors": 1, "warnings": 0}
    [error] = news["errors"]
    assert error["place"] == "content/event/a.md:3:1"
    assert error["excerpt"] == ["", "updatd", ": <b>&"]
    assert error["hint"] == "did you mean `updated`?"
    assert "The first words." in served.ask("/event/a.html").text
    served.change(MENDED)
    assert stream.read()["errors"] == []
    assert "Mended words." in served.ask("/event/a.html").text
    stream.close()


def test_a_page_without_any_good_words_is_blank_until_it_is_mended(book: MakeBook) -> None:
    with serve_book(book(BROKEN)) as served:
        asked = served.ask("/event/a.html")
        assert "/_preview/preview.js" in asked.text
        assert asked.status == 404
        served.change(MENDED)
        assert "Mended words." in served.ask("/event/a.html").text


def test_an_archive_that_cannot_be_read_at_all_has_a_page_for_its_problems(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    broken = Book(tmp_path, "=== content/site.md\n---\ntitle: T\ntheme: mine\n---\n")
    broken.write("=== themes/mine/base.html\n{{ nothing.there }}\n")
    with serve_book(broken) as served:
        asked = served.ask("/")
        assert asked.status == 500
        assert "/_preview/preview.js" in asked.text
        assert [one.code for one in served.preview.latest.problems] == ["template-error"]


def test_a_template_that_breaks_on_one_page_is_told_when_that_page_is_asked_for(
    book: MakeBook,
) -> None:
    archive = book(
        FLOOD + "\n=== content/site.md\n---\ntitle: T\ntheme: mine\n---\n"
        "=== themes/mine/entry.html\n{% if page.post.slug == 'b' %}{{ no.such }}{% endif %}\n"
    )
    with serve_book(archive) as served:
        stream = Stream(served.server.port)
        assert stream.read()["errors"] == []
        for _ in range(2):
            assert served.ask("/event/b.html").status == 500
        [error] = stream.read()["errors"]
        assert error["code"] == "template-error"
        assert [one.code for one in served.board.take_untold()] == ["template-error"]
        assert served.board.take_untold() == ()
        stream.close()


def test_streams_end_with_the_preview(book: MakeBook) -> None:
    with serve_book(book(FLOOD)) as served:
        streams = [Stream(served.server.port) for _ in range(3)]
        for stream in streams:
            stream.read()
    for stream in streams:
        assert stream.read() is None
        stream.close()


def test_of_a_thousand_warnings_some_are_told_and_all_are_counted() -> None:
    warnings = tuple(
        Problem("remote-media", Severity.WARNING, Place("a.md", line), "a picture")
        for line in range(1, 1001)
    )
    news = Board("x", Refreshed(1, 1, warnings)).write()
    assert news.count('"code"') == 50
    assert '"warnings": 1000' in news


def test_a_long_line_is_cut_round_the_place() -> None:
    line = "x" * 5000 + "wrong" + "y" * 5000
    place = Place("a.md", 1, 5001, line, 5)
    described: Any = describe_problem(Problem("c", Severity.ERROR, place, "m"))
    before, meant, after = described["excerpt"]
    assert meant == "wrong"
    assert before == "x" * 60
    assert 0 < len(after) < 200


# The command


class Running:
    """The command in a process of its own, and what it says line by line."""

    def __init__(self, root: Path, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "archiver", "serve", "--root", root, "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"},
        )
        self.lines: list[str] = []
        self.port = int(self.await_line(r"localhost:(\d+)/")[1])

    def await_line(self, pattern: str) -> re.Match[str]:
        """The next line in which a pattern is found."""
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))
            found = re.search(pattern, line)
            if found:
                return found
        raise AssertionError(self.lines)

    def stop(self) -> tuple[int, str]:
        """Press Ctrl-C; the exit code, and what was said after it."""
        self._process.send_signal(signal.SIGINT)
        said, _ = self._process.communicate(timeout=PATIENCE)
        return self._process.returncode, said

    def end(self) -> None:
        """Have it gone."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture
def run(book: MakeBook) -> Iterator[Callable[..., Running]]:
    """Starts the command for an archive."""
    runs: list[Running] = []

    def start(archive: Book, *options: str) -> Running:
        runs.append(Running(archive.root, *options))
        return runs[-1]

    yield start
    for one in runs:
        one.end()


def ask(port: int, path: str) -> str:
    """A page of a running command."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


@pytest.mark.parametrize("options", [(), ("--poll",)])
def test_the_command_shows_and_tells_every_change_and_ends_at_once(
    book: MakeBook, run: Callable[..., Running], options: tuple[str, ...]
) -> None:
    archive = book(FLOOD)
    running = run(archive, *options)
    stream = Stream(running.port)
    stream.read()
    archive.write(BROKEN)
    assert stream.read()["count"]["errors"] == 1
    running.await_line(r"^Changed: content/event/a\.md \(\d+\.\d\d s\)$")
    running.await_line(r"^content/event/a\.md:3:1: error\[unknown-field\]: ")
    running.await_line("shown as it was before")
    assert "The first words." in ask(running.port, "/event/a.html")
    fresh = archive.root / "content/event/.fresh"
    fresh.write_text(MENDED.partition("\n")[2])
    fresh.replace(archive.root / "content/event/a.md")
    assert stream.read()["count"]["errors"] == 0
    running.await_line("^Mended")
    assert "Mended words." in ask(running.port, "/event/a.html")
    # With a stream of events still open.
    assert running.stop() == (0, "")
    stream.close()
    assert set(list_digests(archive.root)) == {
        "content/site.md",
        "content/event/coverage.md",
        "content/event/a.md",
        "content/event/b.md",
        "content/event/media/bridge.png",
        "content/event/media/film.mp4",
        "content/event/media/notes.txt",
    }


def test_a_build_beside_it_is_left_alone(book: MakeBook, run: Callable[..., Running]) -> None:
    archive = book(FLOOD).build()
    before = archive.files()
    running = run(archive)
    stream = Stream(running.port)
    stream.read()
    archive.write(MENDED)
    stream.read()
    assert "Mended words." in ask(running.port, "/event/a.html")
    running.stop()
    stream.close()
    assert archive.files() == before


def test_changes_that_follow_one_another_are_all_shown(
    book: MakeBook, run: Callable[..., Running]
) -> None:
    archive = book(FLOOD)
    running = run(archive)
    stream = Stream(running.port)
    stream.read()
    for number in range(30):
        archive.write(f"=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nNumber {number}.\n")
        archive.write(f"=== b.md\n---\ndate: 2017-03-23T20:35:00Z\n---\nAlso {number}.\n")
    while "Number 29." not in ask(running.port, "/event/a.html"):
        assert stream.read()
    while "Also 29." not in ask(running.port, "/event/b.html"):
        assert stream.read()
    stream.close()
