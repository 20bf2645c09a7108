"""A built site as it is handed over: its files as SHA256SUMS lists them, and what its data tells of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from archiver.diagnostics import Place, Report
from archiver.exports.records import Chronicle, open_chronicle
from archiver.exports.target import ExportError
from archiver.files import CONTENT, read_source
from archiver.load import FindElsewhere, load_site
from archiver.model import Site, Source
from archiver.regular import OddFileError, open_regular
from archiver.staging import SUMS, is_safe_path
from archiver.theme import Theme, load_theme

DATA = "coverage.json"
PIECE = 1 << 20

Advance = Callable[[], None]


class Outcome(Struct, frozen=True):
    """What came of an export: how many of what it holds, and what is to be told besides."""

    count: int
    noun: str
    notes: tuple[str, ...] = ()


class BuiltFile(Struct, frozen=True):
    """A file of the site: its path in build/, and its SHA-256."""

    path: str
    digest: str


class Publication(Struct, frozen=True):
    """A built site: the archive's folder, the built one, the site's settings, and its coverages by name."""

    root: Path
    folder: Path
    site: Site
    slugs: tuple[str, ...]

    def list_files(self) -> Iterator[BuiltFile]:
        """All files that archiver has written, sorted by path; SHA256SUMS itself comes last."""
        with (self.folder / SUMS).open(encoding="utf-8") as lines:
            for line in lines:
                digest, _, path = line.rstrip("\n").partition("  ")
                if not is_safe_path(path):
                    raise ExportError(f"{self.folder / SUMS} names a file `{path}`", _REBUILD)
                yield BuiltFile(path, digest)
        with (self.folder / SUMS).open("rb") as file:
            yield BuiltFile(SUMS, hashlib.file_digest(file, "sha256").hexdigest())

    def count_files(self) -> int:
        """How many files `list_files` lists."""
        with (self.folder / SUMS).open("rb") as lines:
            return sum(1 for _ in lines) + 1

    def open_chronicles(self) -> Iterator[Chronicle]:
        """The data of all coverages, by their names."""
        for slug in self.slugs:
            yield self.open_chronicle(slug)

    def open_chronicle(self, slug: str) -> Chronicle:
        """The data of one coverage."""
        return open_chronicle(self.folder / slug / DATA)

    def open_theme(self) -> Theme:
        """The site's theme, whose words an export takes."""
        return load_theme(self.root, self.site.theme, Place(self.site.path), Report())


def open_publication(root: Path, folder: Path) -> Publication:
    """The site in a folder that was built of an archive, and is as its content."""
    if not (folder / SUMS).is_file():
        raise ExportError(f"{folder} holds no built site", "`archiver build` makes one")

    def find_nothing(_: str) -> FindElsewhere:
        return lambda _: None

    def read(path: str) -> Source | None:
        return read_source(root, path, Report())

    site = load_site(f"{CONTENT}/site.md", read, find_nothing, Report())
    named = Publication(root, folder, site, ())
    slugs = (
        built.path.removesuffix(f"/{DATA}")
        for built in named.list_files()
        if built.path.endswith(f"/{DATA}") and built.path.count("/") == 1
    )
    return replace(named, slugs=tuple(slugs))


def count_content(root: Path) -> int:
    """How many files lie in content/, for a hint at how far the work is."""
    return sum(len(files) for _, _, files in os.walk(root / CONTENT))


@contextmanager
def open_anything(path: Path) -> Iterator[BinaryIO]:
    """A regular file. ExportError where there is none, or it cannot be read."""
    try:
        with open_regular(path) as file:
            yield file  # type: ignore[misc]
    except OddFileError as error:
        raise ExportError(f"{path} is {error}") from error
    except OSError as error:
        if error.filename is None or Path(error.filename) != path:
            raise
        raise ExportError(f"{path} cannot be read: {error.strerror}", _REBUILD) from error


class DigestReader:
    """A file that is digested as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece

    @property
    def digest(self) -> str:
        """The SHA-256 of what was read so far."""
        return self._digest.hexdigest()


def compare_digests(path: str, found: str, wanted: str) -> None:
    """ExportError where a file is not the one that was listed."""
    if found != wanted:
        raise ExportError(f"{path} is not the file that {SUMS} lists", _REBUILD)


_REBUILD = "`archiver build --clean` writes every file again"
