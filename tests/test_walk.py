"""What lies on the disk is hostile: what is no file is never opened, and there is an end to everything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import files
from archiver.build import check_site
from archiver.diagnostics import Report
from archiver.files import read_source, walk_content
from archiver.names import find_clashes, judge_name
from archiver.regular import OddFileError, read_regular
from archiver.urls import fold_path, is_device
from book import Book

MakeBook = Callable[[str], Book]
POST = "=== post.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n"


def list_faults(book: Book) -> list[tuple[str, str]]:
    """(path, code) of every problem that the walk finds."""
    report = Report()
    walk_content(book.root, report)
    return [(problem.place.path, problem.code) for problem in report.problems]


@pytest.mark.parametrize(
    "name",
    [
        *"con CON con.png Nul.tar.gz aux prn.a com1 COM9.csv lpt3 com¹ CONIN$ conout$.csv".split(),
        "con .png",
    ],
)
def test_names_of_devices_are_known_with_any_ending(name: str) -> None:
    assert is_device(name)
    assert judge_name(name) == "it is the name of a device on Windows"


@pytest.mark.parametrize("name", "console com com10 nulls.png a.con lpt aux-1 .con".split())
def test_names_that_only_resemble_devices_are_fine(name: str) -> None:
    assert not is_device(name)
    assert not judge_name(name)


@pytest.mark.parametrize(
    "name", ["Überblick 2017.png", "a%20b.png", "100%.csv", "a'b&c;d#e.png", "الجزيرة.jpg", "a"]
)
def test_names_that_every_disk_can_hold_are_fine(name: str) -> None:
    assert not judge_name(name)


@given(st.lists(st.text("aAéeE\u0301/", min_size=1, max_size=6), max_size=8))
def test_paths_that_do_not_clash_stay_apart_on_any_disk(paths: list[str]) -> None:
    whole = {f"top/{'/'.join(filter(None, path.split('/'))) or 'a'}" for path in paths}
    clashing = [path for path, _, _ in find_clashes(sorted(whole), "top")]
    kept = [
        path
        for path in whole
        if not any(path == other or path.startswith(f"{other}/") for other in clashing)
    ]
    spellings: dict[str, str] = {}
    for path in kept:
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            below = "/".join(parts[:count])
            assert spellings.setdefault(fold_path(below), below) == below


def test_a_pipe_is_not_opened_wherever_it_is_asked_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(OddFileError, match="a named pipe"):
        read_regular(tmp_path / "pipe.md", 10)
    report = Report()
    assert read_source(tmp_path, "pipe.md", report) is None
    assert [problem.code for problem in report.problems] == ["not-a-file"]
    with pytest.raises(OddFileError, match="a device"):
        read_regular("/dev/zero", 10)


@pytest.mark.parametrize(("limit", "size"), [(10, 9), (10, 10), (10, 11), (10, 10_000), (1, 0)])
def test_no_more_is_read_than_asked_for(limit: int, size: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a" * size)
    assert len(read_regular(tmp_path / "file", limit)) == min(limit, size)


def test_a_file_without_a_size_is_read_all_the_same() -> None:
    whole = Path("/proc/self/mountinfo")
    if not whole.exists():
        pytest.skip("NOT RUN: there is no /proc")
    assert whole.stat().st_size == 0
    assert read_regular(whole, 1 << 20) == whole.read_bytes()
    assert len(read_regular(whole, 100)) == 100


def test_a_content_file_of_just_the_limit_is_read(book: MakeBook) -> None:
    made = book(POST)
    for size, codes in ((files.MAXIMUM_SIZE, []), (files.MAXIMUM_SIZE + 1, ["file-too-large"])):
        made.write_bytes("content/event/long.md", b"a" * size)
        report = Report()
        source = read_source(made.root, "content/event/long.md", report)
        assert [problem.code for problem in report.problems] == codes
        assert (source is None) == bool(codes)


@pytest.fixture
def abyss(tmp_path: Path) -> Iterator[Path]:
    """A folder in which folders lie 1,200 deep: more than Python may call itself, or pytest can remove."""
    top = tmp_path / "abyss"
    top.mkdir()
    handle = os.open(top, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("a", dir_fd=handle)
        below = os.open("a", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(handle)
    yield top
    top = next(path for path in (top, *tmp_path.glob("content/event/*/abyss")) if path.exists())
    while (top / "a/a").exists():
        (top / "a/a").rename(top / "b")
        (top / "a").rmdir()
        (top / "b").rename(top / "a")


@pytest.mark.parametrize("below", ["media", "posts"])
def test_folders_of_a_thousand_levels_are_refused_once_and_at_once(
    below: str, book: MakeBook, abyss: Path
) -> None:
    made = book(POST)
    (made.root / "content/event" / below).mkdir()
    abyss.rename(made.root / "content/event" / below / "abyss")
    assert list_faults(made) == [
        (f"content/event/{below}/abyss{'/a' * 30}", "nested-too-deep"),
    ]


@pytest.mark.parametrize(
    ("constant", "pattern", "noun"),
    [
        ("MAXIMUM_MEDIA", "content/event/media/{number}.csv", "files in media/"),
        ("MAXIMUM_MEDIA", "content/event/media/{half}/{number}.csv", "files in media/"),
        ("MAXIMUM_ENTRIES", "content/event/{half}/{number}.md", "entries"),
    ],
)
def test_there_is_an_end_to_the_number_of_files(
    constant: str, pattern: str, noun: str, book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, constant, 5)
    made = book("=== content/event/coverage.md\n---\ntitle: An event\n---\n")
    for number in range(5):
        made.write_bytes(pattern.format(number=number, half=number // 2), b"")
    assert list_faults(made) == []
    made.write_bytes(pattern.format(number=5, half=2), b"")
    report = Report()
    assert walk_content(made.root, report).folders == ()
    assert [
        (found.place.path, found.code, found.message, found.hint) for found in report.problems
    ] == [
        (
            "content/event",
            "too-many-files",
            f"the folder holds more than 5 {noun}",
            "make several coverages of it",
        )
    ]


def test_a_folder_of_too_many_names_is_not_even_listed(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAXIMUM_ENTRIES", 5)
    made = book(POST)
    for number in range(6):
        made.write_bytes(f"content/event/media/.{number}", b"")
    assert list_faults(made) == [("content/event/media", "too-many-files")]


def test_content_itself_may_be_a_link_to_another_disk(book: MakeBook, tmp_path: Path) -> None:
    made = book(POST + "=== content/event/media/a.csv\n")
    elsewhere = tmp_path / "elsewhere"
    (made.root / "content").rename(elsewhere)
    (made.root / "content").symlink_to(elsewhere)
    (elsewhere / "event/media/b.csv").symlink_to("a.csv")
    made.build()
    assert made.result.problems == ()
    assert "event/media/b.csv" in made.files()


def test_a_folder_that_cannot_be_read_is_told_and_not_raised(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = book(POST + "=== content/event/media/a.csv\n")
    scan = os.scandir

    def scan_some(folder: os.PathLike[str]) -> object:
        if os.fspath(folder).endswith("media"):
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", scan_some)
    found = check_site(made.root).problems
    assert [(one.place.path, one.code, one.message) for one in found] == [
        ("content/event/media", "unreadable", "the folder cannot be read: Permission denied")
    ]


COMMANDS = [
    ["list"],
    ["list", "event"],
    ["check"],
    ["new", "entry", "event", "--date", "2017-03-23"],
    ["new", "entry", "linked"],
    ["new", "entry", "x" * 300],
    ["new", "entry", "../event"],
    ["new", "coverage", "event"],
    ["new", "coverage", "y" * 300],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:30])
def test_no_command_stumbles_over_what_lies_there(
    command: list[str], book: MakeBook, abyss: Path, tmp_path: Path
) -> None:
    made = book(POST)
    content = made.root / "content"
    os.mkfifo(content / "pipe.md")
    os.mkfifo(content / "event/pipe.md")
    (content / "next").mkdir()
    os.mkfifo(content / "next/coverage.md")
    (content / "loop").symlink_to("loop")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "coverage.md").write_text("---\ntitle: Elsewhere\n---\n")
    (content / "linked").symlink_to(outside)
    (content / os.fsdecode(b"caf\xe9")).mkdir()
    (content / "event/media").mkdir()
    abyss.rename(content / "event/media/abyss")
    done = subprocess.run(
        [sys.executable, "-m", "archiver", *command, "--root", str(made.root)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if "2017-03-23" in command else 2 if "new" in command else 1)
    assert [path.name for path in outside.iterdir()] == ["coverage.md"]


def test_a_new_entry_of_a_bare_day_comes_after_those_that_are_there(book: MakeBook) -> None:
    made = book("=== content/event/days/2017-03-23-one.md\n=== content/event/media/2017-03-23.md\n")
    subprocess.run(
        [sys.executable, "-m", "archiver", *COMMANDS[3], "--root", str(made.root)],
        check=True,
        capture_output=True,
    )
    assert "order: 2" in (made.root / "content/event/2017-03-23-post.md").read_text()
