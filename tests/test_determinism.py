"""The same input gives the same bytes: in another folder, zone, locale, order, or number of processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from book import Book
from test_staging import write_archive

ROOT = Path(__file__).parents[1]


def build_under(root: Path, output: Path, *options: str, umask: int = 0o022, **names: str) -> None:
    """The command in an environment of its own."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "archiver",
            "build",
            "--root",
            str(root),
            "--output",
            str(output),
            *options,
        ],
        check=True,
        capture_output=True,
        env={**os.environ, **names},
        umask=umask,
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """An archive large enough to be built by several processes, with the repository's coverages."""
    book = Book(tmp_path_factory.mktemp("archive"), write_archive(600, 3))
    for path in sorted((ROOT / "content").rglob("*")):
        if path.is_file() and path.name != "site.md":
            book.write_bytes(path.relative_to(ROOT).as_posix(), path.read_bytes())
    return book.build()


def read_site(output: Path) -> dict[str, bytes]:
    """{path: bytes} of a built site."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("options", "umask", "names"),
    [
        ((), 0o022, {"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"}),
        ((), 0o077, {"TZ": "America/St_Johns", "PYTHONHASHSEED": "7", "LC_ALL": "C"}),
        (("--jobs", "1"), 0o022, {"PYTHONTZPATH": "/nowhere", "LANG": "tr_TR.UTF-8"}),
        (("--jobs", "2"), 0o022, {"PYTHONUTF8": "0", "LC_ALL": "POSIX", "HOME": "/nonexistent"}),
        (("--jobs", "3", "--clean"), 0o022, {"PYTHONHASHSEED": "99"}),
    ],
)
def test_the_same_input_gives_the_same_bytes(
    archive: Book, tmp_path: Path, options: tuple[str, ...], umask: int, names: dict[str, str]
) -> None:
    build_under(archive.root, tmp_path / "elsewhere", *options, umask=umask, **names)
    assert read_site(tmp_path / "elsewhere") == read_site(archive.output)


def test_a_copy_of_the_archive_in_another_folder_gives_the_same_bytes(
    archive: Book, tmp_path: Path
) -> None:
    copied = Book(tmp_path / "a copy, elsewhere", "")
    for path in sorted((archive.root / "content").rglob("*"), reverse=True):
        if path.is_file():
            copied.write_bytes(path.relative_to(archive.root).as_posix(), path.read_bytes())
    assert copied.build().files() == archive.files()


def test_nothing_of_the_machine_is_in_the_site(archive: Book) -> None:
    for path, data in read_site(archive.output).items():
        assert str(archive.root).encode() not in data, path
        assert str(Path.home()).encode() + b"/" not in data, path


def test_an_incremental_build_equals_a_clean_one(tmp_path: Path) -> None:
    post = "---\ndate: 2017-03-23T20:2{n}:00Z\ntags: [t{n}]\nbyline: B{n}\n---\nWords {n}\n"
    book = Book(
        tmp_path / "a", "".join(f"=== {n}.md\n{post.format(n=n)}" for n in range(5))
    ).build()
    steps: list[Callable[[], Book]] = [
        lambda: book.write("=== 2.md\n---\ndate: 2017-03-24\norder: 1\n---\nMoved\n"),
        lambda: book.remove("content/event/3.md"),
        lambda: book.write("=== content/site.md\n---\ntitle: T\ntimeline_page_size: 2\n---\n"),
        lambda: book.write("=== content/other/x.md\n---\ndate: 2020-01-01T00:00:00Z\n---\nNew\n"
                           "=== content/other/coverage.md\n---\ntitle: Other\n---\n"),
        lambda: book.remove("content/event/4.md"),
    ]  # fmt: skip
    for step in steps:
        step()
        book.build()
        incremental = book.files()
        kept, book.output = book.output, tmp_path / "clean"
        assert book.build(clean=True).files() == incremental
        book.output = kept
