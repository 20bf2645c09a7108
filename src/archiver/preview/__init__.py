"""An archive kept in memory for a preview: what changed is read again, pages are rendered when asked for."""

from __future__ import annotations

import threading
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archiver.dataset import SCHEMA, SCHEMA_FILE
from archiver.diagnostics import Problem, Report, Severity
from archiver.media import read_cleaned
from archiver.media_types import find_type
from archiver.preview.editions import Edition, changes_files, make_edition
from archiver.preview.tables import CoveragePages, SitePages, Table
from archiver.regular import OddFileError
from archiver.render import render_page
from archiver.seals import LIST, choose_heads, write_list
from archiver.svg import SvgError
from archiver.theme import ThemeError
from archiver.urls import timeline_path

__all__ = ["Answer", "Preview", "Refreshed", "open_preview"]

# How many pages are kept as they were last shown: for whoever asks again, and for when a template breaks.
_KEPT = 100
_TYPES = {"atom": "application/atom+xml", "json-feed": "application/feed+json"}


class Answer(Struct, frozen=True):
    """A page as it is sent: its bytes, or the file that holds them, and its media type.

    `problems` say why it could not be rendered; its bytes are then those of before, if there were any.
    """

    media_type: str
    data: bytes = b""
    file: Path | None = None
    problems: tuple[Problem, ...] = ()


class Refreshed(Struct, frozen=True):
    """What came of reading what changed: a version, and all problems that there are now.

    `files` is the version in which files that pages load, styles and pictures, last changed.
    """

    version: int = 0
    files: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there is an error; what has one is shown as it was before."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


class _Shown(Struct, frozen=True):
    """An edition, the table of its pages, and what came of making it."""

    edition: Edition
    table: Table
    refreshed: Refreshed


class Preview:
    """An archive as it is now. One thread refreshes it, any may read pages."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._shown: _Shown | None = None
        self._last: dict[str, tuple[int, Answer]] = {}
        self._rendering = threading.Lock()

    @property
    def latest(self) -> Refreshed:
        """What came of the last refresh."""
        return self._shown.refreshed if self._shown else Refreshed()

    def refresh(self, changed: frozenset[str] | None, jobs: int = 1) -> Refreshed:
        """Read again what is touched by changed files, paths below the root; None is all of them."""
        shown = self._shown
        before = shown.edition if shown else None
        report = Report()
        edition = make_edition(self._root, before, changed, report, jobs)
        table = _lay_table(edition, shown)
        if before is None or edition.theme is not before.theme:
            fault = _try_theme(edition, table)
            if fault:
                report.error(fault.code, str(fault), fault.place)
                edition = replace(edition, refused=True)
                if before:
                    edition = replace(edition, theme=before.theme)
                    table = _lay_table(edition, shown)
        latest = self.latest
        version = latest.version + 1
        files = version if changes_files(changed) else latest.files
        self._shown = _Shown(edition, table, Refreshed(version, files, report.problems))
        return self.latest

    def read_page(self, path: str) -> Answer | None:
        """The page or file of a path in build/, or None where there is none."""
        shown = self._shown
        if shown is None:
            return None
        with self._rendering:
            version, last = self._last.get(path, (0, None))
            if last and version == shown.refreshed.version:
                return last
            try:
                answer = self._answer(shown, path)
            except ThemeError as error:
                report = Report()
                report.error(error.code, str(error), error.place)
                data = last.data if last else b""
                return Answer(find_type(path), data, problems=report.problems)
            except (OSError, OddFileError, SvgError):
                return None  # another file than was judged: a change that is about to be told
            if answer and not answer.file:
                self._keep(path, shown, answer)
            return answer

    def _answer(self, shown: _Shown, path: str) -> Answer | None:
        theme, page = shown.edition.theme, shown.table.find(path)
        if page is None:
            data = shown.table.find_data(path)
            if data is not None:
                return Answer(find_type(path), data)
            if path == LIST and shown.edition.chain:
                return Answer(find_type(path), write_list(shown.edition.chain))
            asset = SCHEMA_FILE if path == SCHEMA else theme.list_assets().get(path)
            file = shown.edition.find_seal(path) or asset
            if file:
                return Answer(find_type(path), file=self._root / file)
            icon = theme.list_icons().get(path)
            return Answer(find_type(path), theme.draw_icon(*icon)) if icon else None
        if page.kind == "file":
            return Answer(find_type(path), file=self._root / page.view.original)
        if page.kind == "drawing":
            return Answer(find_type(path), read_cleaned(self._root / page.view.original))
        return Answer(_TYPES.get(page.kind) or find_type(path), render_page(page, theme))

    def _keep(self, path: str, shown: _Shown, answer: Answer) -> None:
        self._last.pop(path, None)
        self._last[path] = (shown.refreshed.version, answer)
        if len(self._last) > _KEPT:
            self._last.pop(next(iter(self._last)))


def open_preview(root: Path, jobs: int = 1) -> Preview:
    """A preview of the archive in a folder, with all of it read."""
    preview = Preview(root)
    preview.refresh(None, jobs)
    return preview


def _lay_table(edition: Edition, shown: _Shown | None) -> Table:
    """The table of an edition's pages; those of a coverage that is as before are not made again."""
    site, theme = edition.site, edition.theme
    before: dict[str, CoveragePages] = {}
    if shown and shown.edition.site == site and shown.edition.theme is theme:
        before = shown.table.coverages
    coverages = {}
    for path, shelf in edition.good.items():
        pages = before.get(path)
        same = pages is not None and pages.shelf is shelf
        coverages[path] = pages if pages and same else CoveragePages(shelf, site)
    heads = choose_heads(edition.chain)
    return Table(coverages, SitePages(site, list(coverages.values()), theme.words, heads))


def _try_theme(edition: Edition, table: Table) -> ThemeError | None:
    """What is wrong with a theme, as far as a page of each kind shows it."""
    paths = ["index.html", "404.html", "search.html", "contributors/index.html"]
    for shelf in list(edition.good.values())[:1]:
        slug = shelf.edition.coverage.slug
        paths += [timeline_path(slug), timeline_path(slug, "newest"), *list(shelf.places)[:1]]
    try:
        for path in paths:
            page = table.find(path)
            if page is not None:
                render_page(page, edition.theme)
    except ThemeError as error:
        return error
    return None
