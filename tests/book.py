"""An archive written as one string, built, and asked about: tests read like a page of it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import time
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from archiver.build import Result, build_site, check_site
from archiver.build.settled import STEP

SITE = "---\ntitle: The archive\ntimezone: Europe/London\nlanguage: en-GB\n---\n"
# The smallest PNG: one pixel, black.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
COVERAGE = "---\ntitle: An event\n---\n"


def list_digests(folder: Path) -> dict[str, str]:
    """{path: SHA-256} of every file in a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Book:
    """A folder with an archive, made from a string in which `=== path` begins each file.

    `content/site.md` and a `coverage.md` for each folder of entries are added where the string
    holds none. Methods return the book, so that a test is one chain.
    """

    def __init__(self, root: Path, text: str = "") -> None:
        self.root = root
        self.output = root / "build"
        self.result = Result(())
        (root / "content").mkdir(parents=True, exist_ok=True)
        self.write(text)
        self._complete()

    def write(self, text: str) -> Book:
        """Write the files of a string; a path without `/` is an entry of the coverage `event`, and
        a picture without any text is one of a pixel.
        """
        for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
            name, _, body = part.partition("\n")
            path = name.strip()
            if "/" not in path:
                path = f"content/event/{path}"
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if not body and path.lower().endswith(_PICTURES):
                target.write_bytes(PICTURE)
            else:
                target.write_text(body, encoding="utf-8", newline="")
        return self

    def write_bytes(self, path: str, data: bytes = PICTURE) -> Book:
        """Write one file, a picture of a pixel say."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return self

    def remove(self, path: str) -> Book:
        """Remove one file."""
        (self.root / path).unlink()
        return self

    def build(self, **options: Any) -> Book:
        """Build, without errors."""
        self.try_build(**options)
        assert not self.result.failed, [problem.message for problem in self.result.problems]
        return self

    def rest(self) -> Book:
        """Build until every signature can be trusted: files have just been written."""
        time.sleep(3 * STEP / 1e9)
        return self.build().build()

    def try_build(self, **options: Any) -> Book:
        """Build; there may be errors."""
        self.result = build_site(self.root, self.output, **options)
        return self

    def check(self) -> Book:
        """Check only."""
        self.result = check_site(self.root)
        return self

    def codes(self) -> list[str]:
        """The codes of all problems of the last run, in order."""
        return [problem.code for problem in self.result.problems]

    def read(self, path: str) -> str:
        """A built file."""
        return (self.output / path).read_text(encoding="utf-8")

    def page(self, path: str) -> LexborHTMLParser:
        """A built page, parsed."""
        return LexborHTMLParser(self.read(path))

    def texts(self, path: str, selector: str) -> list[str]:
        """The words of each element of a page, white space run together."""
        return [" ".join(node.text().split()) for node in self.page(path).css(selector)]

    def json(self, path: str) -> Any:
        """A built JSON file."""
        return json.loads(self.read(path))

    def files(self) -> dict[str, str]:
        """{path: digest} of everything in build/."""
        return list_digests(self.output)

    def _complete(self) -> None:
        site = self.root / "content/site.md"
        if not os.path.lexists(site):
            site.write_text(SITE, encoding="utf-8")
        for folder in sorted((self.root / "content").iterdir()):
            overview = folder / "coverage.md"
            if folder.name == "seal" or not folder.is_dir() or folder.is_symlink():
                continue
            if not os.path.lexists(overview):
                overview.write_text(COVERAGE, encoding="utf-8")
