"""Whole sites, byte for byte: `tests/golden/<case>/archive.txt` builds `build/` beside it.

After a change that is meant, record them again with `RECORD=1` and read the difference.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from book import Book

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/archive.txt"))


@pytest.mark.parametrize("case", CASES)
def test_a_site_is_what_it_was(case: str, tmp_path: Path) -> None:
    book = Book(tmp_path, (GOLDEN / case / "archive.txt").read_text(encoding="utf-8"))
    if case == "everything":
        book.write_bytes("content/flood/media/bridge.png")
    book.build()
    # The theme's own files are not a matter of a case, and SHA256SUMS follows from the rest.
    shutil.rmtree(book.output / "assets")
    (book.output / "SHA256SUMS").unlink()
    expected = GOLDEN / case / "build"
    if os.environ.get("RECORD"):
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(book.output, expected)
    assert read_tree(book.output) == read_tree(expected)


def read_tree(folder: Path) -> dict[str, str]:
    """{path: text} of every file."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(
            encoding="utf-8", errors="backslashreplace"
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_there_are_cases() -> None:
    assert CASES == ["everything", "long"]
