"""A build compared with a clean one of the same content."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from archiver.build import Result, build_site
from archiver.diagnostics import Problem
from archiver.search import volumes
from archiver.staging import SUMS, read_sums
from book import Book, list_digests


class Clean(NamedTuple):
    """What a clean build makes of some content: the digests of its files, and what it tells."""

    files: Mapping[str, str]
    problems: tuple[Problem, ...]
    failed: bool
    pages: int
    counts: tuple[int, int]


def find_ledger(output: Path) -> Path:
    """Where a build keeps what it knows of an output folder."""
    return output.parent / f".{output.name}.ledger"


def list_stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """{path: inode and time} of every file in a folder: both are new when a file is written."""
    found = {}
    for path in folder.rglob("*"):
        status = path.stat()
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = (status.st_ino, status.st_mtime_ns)
    return found


def name_problems(result: Result, root: Path) -> tuple[Problem, ...]:
    """What a build tells of the content, whatever folder the archive lies in."""
    return tuple(
        Problem(
            one.code,
            one.severity,
            type(one.place)(
                one.place.path.replace(f"{root}/", ""),
                one.place.line,
                one.place.column,
                one.place.excerpt,
                one.place.width,
            ),
            one.message,
            one.hint,
        )
        for one in result.problems
        if one.code != "output-changed"
    )


_made: dict[str, Clean] = {}


def build_clean(root: Path, only: str | None = None) -> Clean:
    """A clean build of a copy of the archive in a fresh folder; the same content is built once."""
    digest = hashlib.sha256(f"{only} {volumes.MOST}".encode())
    parts = [path for name in ("content", "themes") for path in sorted((root / name).rglob("*"))]
    for path in parts:
        if path.is_file():
            digest.update(f"\0{path.relative_to(root)}\0".encode() + path.read_bytes())
    key = digest.hexdigest()
    if key not in _made:
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name)
            for part in ("content", "themes"):
                if (root / part).is_dir():
                    shutil.copytree(root / part, copy / part)
            result = build_site(copy, copy / "build", only=only)
            _made[key] = Clean(
                list_digests(copy / "build"),
                name_problems(result, copy),
                result.failed,
                result.pages,
                count_posts(result),
            )
    return _made[key]


def count_posts(result: Result) -> tuple[int, int]:
    """How many coverages and posts a build has found."""
    return (result.coverages, result.posts)


def check_sums(output: Path) -> None:
    """What `sha256sum -c` would say."""
    found = list_digests(output)
    found.pop(SUMS)
    assert found == read_sums(output)


def list_differences(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The files that are not the same in both."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def assert_as_clean(book: Book) -> Book:
    """The last build of a book made what a clean one makes, and another one changes nothing."""
    clean = build_clean(book.root)
    assert book.result.failed == clean.failed
    assert name_problems(book.result, book.root) == clean.problems
    if not clean.failed:
        assert list_differences(book.files(), clean.files) == []
        check_sums(book.output)
        before = list_stamps(book.output)
        assert book.build().result.changed == 0
        assert list_stamps(book.output) == before
    return book
