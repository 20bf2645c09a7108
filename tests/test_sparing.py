"""What has not changed is not read, rendered or imported again: builds are watched at work."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.build import coverage as coverages
from archiver.build import pipeline, press, workshop
from archiver.build.settled import COARSE_STEP, STEP, is_settled
from archiver.files import read_source
from archiver.ledger import PIECE, Ledger
from archiver.load import bodies, gather_coverage, manuscripts
from archiver.markdown import render_body
from archiver.model import Page
from archiver.pages import plan_lists
from archiver.regular import read_times, sign_status
from archiver.render import render_page
from book import Book, list_digests

MakeBook = Callable[[str], Book]


def write_posts(count: int, words: str = "Words", coverage: str = "event") -> str:
    """Posts of one coverage, ten minutes after each other over several days."""
    return "".join(
        f"=== content/{coverage}/p{n:02}.md\n---\ndate: 2017-03-{1 + n // 6:02}T{10 + n % 6}:00:00Z\n"
        f"title: Post {n}\n---\n{words} {n}.\n"
        for n in range(count)
    )


SITE = "=== content/site.md\n---\ntitle: Archive\ntimeline_page_size: 6\n---\n"
OTHER = "=== content/other/coverage.md\n---\ntitle: Other\n---\n" + write_posts(8, coverage="other")


class Seen:
    """What a build read, made ready and rendered."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.texts: list[str] = []
        self.pages: list[str] = []


@contextmanager
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Watch what a build does in this process."""
    seen = Seen()

    def read(root: Path, path: str, *rest: Any) -> Any:
        seen.read.append(path)
        return read_source(root, path, *rest)

    def make_text(text: str, context: Any) -> Any:
        seen.texts.append(context.anchor)
        return render_body(text, context)

    def make_page(page: Page, theme: Any) -> bytes:
        seen.pages.append(page.path)
        return render_page(page, theme)

    with monkeypatch.context() as patch:
        patch.setattr(manuscripts, "read_source", read)
        patch.setattr(bodies, "render_body", make_text)
        patch.setattr(press, "render_page", make_page)
        yield seen


def test_of_an_archive_that_did_not_change_nothing_is_read_or_rendered(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = book(SITE + write_posts(20) + OTHER).rest()
    with watch(monkeypatch) as seen:
        archive.build()
    assert (seen.read, seen.texts, seen.pages) == ([], [], [])
    assert archive.result.changed == 0
    assert (archive.result.coverages, archive.result.posts) == (2, 28)


def test_of_other_words_in_a_post_only_what_shows_them_is_made_again(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = book(SITE + write_posts(70) + OTHER).rest()
    post = archive.root / "content/event/p09.md"
    post.write_text(post.read_text(encoding="utf-8") + "More words.\n", encoding="utf-8")
    with watch(monkeypatch) as seen:
        archive.build()
    # Its day shows five posts beside it, which are read for it; coverage.md is always read.
    day = [f"content/event/p{n:02}.md" for n in (6, 7, 8, 9, 10, 11)]
    assert sorted(set(seen.read)) == ["content/event/coverage.md", *day]
    assert sorted(set(seen.texts)) == [f"p{n:02}" for n in (6, 7, 8, 9, 10, 11)]
    texts = "search/texts/event/2017-03-01.0.js"
    assert seen.pages == ["event/p09.html", "event/2017-03-02.html", texts]
    # Its page, its day, its file in the search, its terms, the data, and SHA256SUMS, which does not count.
    assert archive.result.changed == 5


def test_a_file_that_was_only_touched_is_read_and_changes_nothing(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = book(SITE + write_posts(20) + OTHER).rest()
    (archive.root / "content/event/p09.md").touch()
    with watch(monkeypatch) as seen:
        archive.build()
    assert set(seen.read) == {"content/event/coverage.md", "content/event/p09.md"}
    assert (seen.texts, seen.pages) == ([], [])
    assert archive.result.changed == 0


def test_key_points_of_a_coverage_are_on_its_index_alone(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = book(SITE + write_posts(20) + OTHER).rest()
    archive.write(
        "=== content/event/coverage.md\n---\ntitle: The event\nkey_points: [First]\n---\n"
    )
    archive.build()
    archive.write(
        "=== content/event/coverage.md\n---\ntitle: The event\nkey_points: [Second]\n---\n"
    )
    with watch(monkeypatch) as seen:
        archive.build()
    assert seen.pages == ["event/index.html", "event/feed.xml", "event/feed.json"]


def test_lists_are_not_gone_through_where_no_line_in_them_changed(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = book(SITE + write_posts(20) + OTHER).rest()
    planned: list[str] = []

    def watch_plan(*arguments: Any) -> Any:
        planned.append(arguments[3])
        return plan_lists(*arguments)

    monkeypatch.setattr(pipeline, "plan_lists", watch_plan)
    post = archive.root / "content/event/p09.md"
    words = post.read_text(encoding="utf-8")
    post.write_text(words + "More words.\n", encoding="utf-8")
    archive.build()
    assert planned == []
    post.write_text(words.replace("Post 9", "Another title"), encoding="utf-8")
    archive.build()
    assert planned == ["contributors", "tags"]


def test_a_style_changes_no_page(book: MakeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = "=== themes/mine/assets/more.css\np { margin: 0 }\n"
    site = SITE.replace("---\n=", "=").replace("---\n", "---\ntheme: mine\n", 1)
    archive = book(site + theme + write_posts(4)).rest()
    archive.write("=== themes/mine/assets/more.css\np { margin: 1px }\n")
    archive.build()
    assert archive.result.changed == 1


def test_a_long_coverage_is_the_same_in_one_process_in_several_and_in_pieces(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = book(SITE + write_posts(60)).build()
    whole = list_digests(archive.output)
    monkeypatch.setattr(coverages, "LONG", 10)
    monkeypatch.setattr(coverages, "BATCH", 7)
    monkeypatch.setattr("archiver.workers.WORTH_SHARING", 1)
    monkeypatch.setattr("archiver.build.reading._HEADINGS_A_JOB", 9)
    for jobs in (1, 3):
        archive.build(clean=True, jobs=jobs)
        assert list_digests(archive.output) == whole
    post = archive.root / "content/event/p30.md"
    words = post.read_text(encoding="utf-8")
    post.write_text(words + "More.\n", encoding="utf-8")
    archive.build(jobs=3)
    assert "More." in archive.read("event/coverage.json")
    post.write_text(words, encoding="utf-8")
    archive.build(jobs=1)
    assert list_digests(archive.output) == whole


def test_a_long_coverage_is_not_in_memory_at_once(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks: list[Any] = []
    open_desk = workshop.Workshop.open_desk

    def note(self: workshop.Workshop) -> Any:
        desk, edition = open_desk(self)
        desks.append(desk)
        return desk, edition

    monkeypatch.setattr(workshop.Workshop, "open_desk", note)
    monkeypatch.setattr(coverages, "LONG", 10)
    monkeypatch.setattr(coverages, "BATCH", 6)
    monkeypatch.setattr(workshop, "LEAST", 1)
    monkeypatch.setattr(workshop, "MOST", 6)
    book(SITE + write_posts(60)).build()
    assert len(desks) == 11
    # A batch's own six, and the neighbours on both sides; the newest for the whole coverage.
    assert all(len(desk.posts) <= 8 for desk in desks[1:])
    assert len(desks[0].posts) <= 50


def test_a_file_that_is_changed_while_it_is_read_is_told_of_and_nothing_is_written(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = book(SITE + write_posts(6))

    def change_and_gather(*arguments: Any) -> Any:
        archive.write("=== p03.md\n---\ndate: 2017-03-09T10:00:00Z\n---\nOthers.\n")
        return gather_coverage(*arguments)

    with monkeypatch.context() as patch:
        # What was read for its front matter is not remembered, as in a very long coverage.
        patch.setattr(coverages, "LONG", 0)
        patch.setattr(coverages, "_REMEMBERED", 0)
        patch.setattr(coverages, "gather_coverage", change_and_gather)
        archive.try_build()
    (problem,) = archive.result.problems
    assert (problem.code, problem.place.path) == ("changed-meanwhile", "content/event/p03.md")
    assert not archive.output.exists()
    assert "Others." in archive.build().read("event/p03.html")


def test_little_is_imported_for_a_version_or_a_build_with_nothing_to_do(book: MakeBook) -> None:
    archive = book(SITE + write_posts(4)).rest()
    program = (
        "import json, sys\n"
        "from archiver.cli import main\n"
        "sys.argv = ['archiver', *sys.argv[1:]]\n"
        "try: main()\n"
        "finally: print(json.dumps(sorted(sys.modules)))\n"
    )
    heavy = {"jinja2", "markdown_it", "nh3", "babel", "selectolax", "PIL", "httpx", "warcio"}
    for command in (["--version"], ["build", "--root", f"{archive.root}"]):
        said = subprocess.run(
            [sys.executable, "-c", program, *command], check=True, capture_output=True, text=True
        ).stdout
        modules = set(json.loads(said.splitlines()[-1]))
        assert not heavy & modules
    assert "0 written" in said


def test_files_of_which_no_signature_can_be_trusted_are_made_again(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = book(SITE + write_posts(8))
    with monkeypatch.context() as patch:
        # As on a disk that tells times in steps of seconds.
        patch.setattr("archiver.build.books.Books._await_step", lambda books: 0)
        archive.build()
    (archive.output / "event/p03.html").unlink()
    archive.build()
    assert archive.result.changed == 1
    assert "Words 3." in archive.read("event/p03.html")


# The ledger, and what it trusts


def test_a_ledger_gives_back_what_was_committed_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    ledger.write("one", b"1")
    ledger.write("two", b"2")
    ledger.commit(["one"])
    ledger.write("three", b"3")
    ledger.close()
    again = Ledger(path)
    assert [again.read(name) for name in ("one", "two", "three")] == [b"1", None, None]
    again.close()


def test_of_something_large_only_the_pieces_that_changed_are_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    large = bytes(range(256)) * (PIECE // 256) * 3
    for value in (large, large[:-1] + b"!", large + b"more", large[:PIECE], b"", b"small"):
        ledger = Ledger(path)
        ledger.write("one", value)
        ledger.commit(["one"])
        assert ledger.read("one") == value
        ledger.close()
    rows = sqlite3.connect(path)
    assert rows.execute("SELECT count(*) FROM ledger").fetchone() == (1,)
    rows.close()
    ledger = Ledger(path)
    ledger.write("one", large)
    ledger.commit(["one"])
    before = ledger._rows.total_changes
    ledger.write("one", large[: 2 * PIECE] + b"?" + large[2 * PIECE + 1 :])
    assert ledger._rows.total_changes == before + 1
    ledger.close()


@pytest.mark.parametrize("number", [0, 1, 3])
def test_something_large_of_which_a_piece_is_lost_is_as_good_as_none(
    tmp_path: Path, number: int
) -> None:
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    ledger.write("one", b"x" * PIECE * 3)
    ledger.commit(["one"])
    ledger.close()
    rows = sqlite3.connect(path)
    rows.execute("DELETE FROM ledger WHERE number = ?", (number,))
    rows.commit()
    rows.close()
    ledger = Ledger(path)
    assert ledger.read("one") is None
    ledger.close()


def test_a_ledger_in_which_nothing_was_committed_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    assert ledger.read("one") is None
    ledger.write("one", b"1")
    ledger.close()
    assert list(tmp_path.iterdir()) == []


def test_a_row_that_was_changed_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    ledger.write("one", b"some words")
    ledger.commit(["one"])
    ledger.close()
    raw = path.read_bytes()
    assert raw.count(b"some words") == 1
    path.write_bytes(raw.replace(b"some words", b"same words"))
    ledger = Ledger(path)
    assert ledger.read("one") is None
    ledger.close()


@pytest.mark.parametrize(
    ("modified", "changed", "settled"),
    [
        (1_000_000_001, 1_000_000_001, True),
        (1_000_000_001, 1_000_000_001 + 10**10 - STEP, False),
        (1_000_000_001 + 10**10, 1_000_000_001, False),
        (2_000_000_000, 2_000_000_000, True),
        (9_000_000_000, 9_000_000_000, False),
    ],
)
def test_a_signature_counts_only_some_time_after_the_last_change(
    modified: int, changed: int, settled: bool
) -> None:
    clock = 10**10
    assert COARSE_STEP > STEP
    status = (0, 1, 0, 0, 0, 0, 1, 0, 0, 0)
    times = {"st_mtime_ns": modified, "st_ctime_ns": changed}
    signature = sign_status(os.stat_result(status, times))
    assert is_settled(signature, clock) is settled


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**65), 2**65))
def test_a_signature_tells_the_times_of_its_file(modified: int, changed: int) -> None:
    status = (0, 2**64 - 1, 0, 0, 0, 0, 2**63, 0, 0, 0)
    times = {"st_mtime_ns": modified, "st_ctime_ns": changed}
    told = read_times(sign_status(os.stat_result(status, times)))
    assert told[0] == modified
    assert told[1] == changed or not -(2**63) <= changed < 2**63
