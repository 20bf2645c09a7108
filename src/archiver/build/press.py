"""Sheets to files: each is rendered and written, unless the file that is there is known to be the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from archiver.diagnostics import Problem, Report
from archiver.digests import digest_value
from archiver.icons import digest_icon
from archiver.media import read_cleaned
from archiver.model import Page, Signature
from archiver.pages import Sheet
from archiver.regular import sign_file
from archiver.render import render_page
from archiver.staging import Staging, Written
from archiver.theme import Theme, ThemeError
from archiver.workers import INHERITS, map_jobs

Outputs = Mapping[str, Written]


# Of the site's own pages, which list posts: a list of some hundred takes as long as so many posts.
_POSTS_A_SHEET = 10
_SHEETS_A_JOB = 8


class Writer(Protocol):
    """Where finished files go."""

    def write(self, path: str, data: bytes) -> Written: ...

    def copy(self, path: str, original: Path) -> Written: ...


class Nowhere:
    """A writer that keeps nothing, for checks."""

    def write(self, path: str, data: bytes) -> Written:
        """Note that there would be such a page."""
        return Written(path, "", False)

    def copy(self, path: str, original: Path) -> Written:
        """Note that there would be such a file."""
        return Written(path, "", False)


class Press:
    """Prints sheets with a theme. `outputs` are files that an earlier build has left, by path."""

    def __init__(self, theme: Theme, staging: Staging | None, root: Path, outputs: Outputs) -> None:
        self._theme = theme
        self._root = root
        self._outputs = outputs
        self._folder = staging.output if staging else None
        self.writer: Writer = staging or Nowhere()

    @property
    def keeps(self) -> bool:
        """Whether anything is written at all."""
        return self._folder is not None

    def print_sheets(self, sheets: Iterable[Sheet], report: Report) -> Iterator[Written]:
        """Write pages until a template fails: one broken template breaks ten thousand pages."""
        try:
            for sheet in sheets:
                yield self.find_printed(sheet.path, sheet.key) or self._make(sheet)
        except ThemeError as error:
            report.error(error.code, str(error), error.place)

    def share_sheets(self, sheets: Iterable[Sheet], report: Report, jobs: int) -> Iterator[Written]:
        """Write pages as `print_sheets` does, in several processes where many are to be made anew."""
        new: list[Sheet] = []
        for sheet in sheets:
            printed = self.find_printed(sheet.path, sheet.key)
            if printed:
                yield printed
            else:
                new.append(sheet)
        parts = [
            range(n, min(n + _SHEETS_A_JOB, len(new))) for n in range(0, len(new), _SHEETS_A_JOB)
        ]
        sizes = [len(part) * _POSTS_A_SHEET for part in parts]
        # How a sheet makes its page cannot be sent to another process.
        shared = map_jobs(_print_part, (self, new), parts, sizes, jobs if INHERITS else 1)
        for written, problems in shared:
            report.add(problems)
            yield from written

    def copy_media(
        self, pages: Iterable[Page], signatures: Mapping[str, Signature | None]
    ) -> Iterator[Written]:
        """Write files of media/, as they are or cleaned; `signatures` are those of the originals."""
        for page in pages:
            original = page.view.original
            signature = signatures[original]
            key = digest_value((page.kind, signature)) if signature else b""
            yield self.find_printed(page.path, key) or self._copy(page, original, key)

    def print_icons(self, report: Report) -> Iterator[Written]:
        """Write the icons that the theme has no file of."""
        try:
            for path, (master, size) in self._theme.list_icons().items():
                key = digest_icon(master.read_bytes(), size)
                printed = self.find_printed(path, key)
                yield printed or replace(
                    self.writer.write(path, self._theme.draw_icon(master, size)), key=key
                )
        except ThemeError as error:
            report.error(error.code, str(error), error.place)

    def find_printed(self, path: str, key: bytes) -> Written | None:
        """The file that an earlier build has made of the same, where it is still as it was left."""
        return find_left(self._outputs, self._folder, path, key) if self._folder else None

    def find_folder(
        self, folder: str, key: bytes, index: str = "index.html"
    ) -> tuple[Written, ...]:
        """All files that an earlier build has made in a folder, where the key of its index stands for all
        of them and is the same, and all are still as they were left."""
        if self.find_printed(f"{folder}/{index}", key) is None:
            return ()
        files = tuple(one for one in self._outputs.values() if one.path.startswith(f"{folder}/"))
        return files if all(self.find_printed(one.path, one.key) for one in files) else ()

    def _make(self, sheet: Sheet) -> Written:
        written = self.writer.write(sheet.path, render_page(sheet.make_page(), self._theme))
        return replace(written, key=sheet.key)

    def _copy(self, page: Page, original: str, key: bytes) -> Written:
        if page.kind == "drawing":
            written = self.writer.write(page.path, read_cleaned(self._root / original))
        else:
            written = self.writer.copy(page.path, self._root / original)
        return replace(written, key=key)


def find_left(outputs: Outputs, folder: Path, path: str, key: bytes) -> Written | None:
    """One of the `outputs` of an earlier build that was made of the same and is still as it was left."""
    found = outputs.get(path)
    if found is None or not key or found.key != key or found.signature is None:
        return None
    return found if sign_file(f"{folder}/{path}") == found.signature else None


_Share = tuple[Press, list[Sheet]]


def _print_part(share: _Share, part: range) -> tuple[tuple[Written, ...], tuple[Problem, ...]]:
    press, sheets = share
    report = Report()
    written = tuple(press.print_sheets((sheets[number] for number in part), report))
    return written, report.problems
