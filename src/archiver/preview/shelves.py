"""One coverage kept in memory for a preview."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from archiver.diagnostics import Place, Problem, Report
from archiver.files import Folder, read_source
from archiver.load import FindElsewhere, find_alias_path, load_coverage
from archiver.media import judge_media
from archiver.model import Body, Coverage, Link, Outline, Site, Source
from archiver.pages import make_outline, make_posts
from archiver.pages.views import PostView
from archiver.theme import Theme, ThemeError
from archiver.urls import entry_path
from archiver.words import Words

Answers = dict[str, tuple[str, str] | None]


class Shelf(Struct, frozen=True):
    """A coverage that can be shown: its posts as pages show them, and the entry of each permalink."""

    coverage: Coverage
    posts: dict[str, PostView]
    outline: Outline
    places: dict[str, int]


class Reading(Struct, frozen=True):
    """What came of reading a coverage: no shelf where there are errors.

    `asked` are the files of other coverages that its links name, and what was answered; the rest is
    what the site's checks need.
    """

    folder: Folder
    shelf: Shelf | None
    problems: tuple[Problem, ...]
    asked: Answers = {}
    outward: tuple[Link, ...] = ()
    fragments: dict[str, tuple[str, ...]] = {}
    permalinks: tuple[tuple[str, Place], ...] = ()
    unread: frozenset[str] = frozenset()


def read_shelf(
    root: Path, folder: Folder, site: Site, theme: Theme, find_elsewhere: FindElsewhere
) -> Reading:
    """Read a coverage with its drafts."""
    report = Report()
    asked: Answers = {}
    judged = judge_media(root, folder, report)

    def read(path: str) -> Source | None:
        return read_source(root, path, report)

    def ask(target: str) -> tuple[str, str] | None:
        found = asked[target] = find_elsewhere(target)
        return found

    loaded = load_coverage(judged, site, read, ask, report, drafts=True)
    if loaded is None:
        unread = frozenset((f"{folder.path}/coverage.md", *folder.entries))
        return Reading(folder, None, report.problems, asked, unread=unread)
    coverage = loaded.coverage
    shelf = None
    if not report.has_errors:
        try:
            shelf = lay_out(coverage, theme.words(coverage.language))
        except ThemeError as error:
            report.error(error.code, str(error), error.place)
    bodies: dict[str, Body] = {entry.path: entry.body for entry in coverage.entries}
    bodies[coverage.path] = coverage.introduction
    here = Place(folder.path)
    own = ((entry_path(folder.slug, entry.slug), here) for entry in coverage.entries)
    return Reading(
        folder,
        shelf,
        report.problems,
        asked,
        loaded.outward,
        {path: body.fragments for path, body in bodies.items() if body.fragments},
        (*own, *loaded.aliases.items()),
        frozenset(folder.entries).difference(bodies),
    )


def lay_out(coverage: Coverage, words: Words) -> Shelf:
    """A coverage made ready to be shown, in the words of a theme."""
    posts = make_posts(coverage, words)
    places = {
        path: number
        for number, entry in enumerate(coverage.entries)
        for path in (
            entry_path(coverage.slug, entry.slug),
            *(find_alias_path(entry, alias) for alias in entry.aliases),
        )
    }
    return Shelf(coverage, posts, make_outline(coverage, posts), places)
