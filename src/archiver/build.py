"""The pipeline: content to build/, or to nowhere when it is only checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from archiver.check import check_outward_links, check_paths
from archiver.diagnostics import Place, Problem, Report, be_strict, suggest
from archiver.files import (
    CONTENT,
    Folder,
    Tree,
    cut_folder,
    is_published,
    read_source,
    walk_content,
)
from archiver.load import (
    INTRODUCTION,
    FindElsewhere,
    load_coverage,
    load_site,
    place_field,
    read_slug,
)
from archiver.media import judge_media, read_cleaned
from archiver.model import Link, Outline, Page, Site, Source
from archiver.pages import make_coverage_pages, make_outline, make_posts, make_site_pages
from archiver.render import render_page
from archiver.staging import (
    SUMS,
    BusyError,
    Lock,
    Staging,
    Written,
    commit,
    discard,
    finish_commit,
    plan_commit,
    write_sums,
)
from archiver.theme import Theme, ThemeError, load_theme
from archiver.urls import absolute_link, entry_path, timeline_path
from archiver.workers import map_jobs

Progress = Callable[[int, int], None]


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


class Task(Struct, frozen=True):
    """One coverage to be built, by whichever process."""

    root: Path
    folder: Folder
    site: Site
    staging: Staging | None
    only: str | None


class Built(Struct, frozen=True):
    """What came of a coverage: a summary, the files written, and the problems found.

    `fragments`, `aliases` (where each alias's page is asked for) and `unread` (files with errors of
    their own) are what the site's checks need.
    """

    slug: str
    path: str
    size: int
    outline: Outline | None = None
    written: tuple[Written, ...] = ()
    problems: tuple[Problem, ...] = ()
    outward: tuple[Link, ...] = ()
    fragments: dict[str, tuple[str, ...]] = {}
    aliases: dict[str, Place] = {}
    unread: frozenset[str] = frozenset()


class Result(Struct, frozen=True):
    """What came of a run."""

    problems: tuple[Problem, ...]
    outlines: tuple[Outline, ...] = ()
    pages: int = 0
    changed: int = 0
    removed: int = 0
    resumed: bool = False

    @property
    def failed(self) -> bool:
        """Whether nothing was written because of an error."""
        return any(problem.severity == "error" for problem in self.problems)


def build_site(
    root: Path,
    output: Path,
    *,
    jobs: int = 1,
    only: str | None = None,
    clean: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Build the archive in `root` into `output`, or change nothing there and say why.

    `only` builds one coverage as a site of its own; `clean` writes every file again.
    """
    staging = Staging(output, clean)
    fault = _judge_output(root, output)
    if fault:
        return Result((fault,))
    report = Report()
    try:
        with Lock(staging):
            resumed = finish_commit(staging)
            staging.empty()
            try:
                outlines, written = _make_files(
                    root, staging, report, jobs=jobs, only=only, progress=progress
                )
                written.append(staging.write(SUMS, write_sums(written)))
                plan = plan_commit(staging, written, report)
                problems = be_strict(report.problems) if strict else report.problems
                result = Result(
                    problems,
                    outlines,
                    pages=len(written) - 1,
                    changed=sum(path != SUMS for path in plan["place"]),
                    removed=len(plan["remove"]),
                    resumed=resumed,
                )
                if not result.failed:
                    commit(staging, plan)
                return result
            finally:
                if not staging.journal.exists():
                    discard(staging)
    except BusyError:
        return Result((_say("busy", f"another build is writing to {output}", output),))
    except OSError as error:
        name = error.filename or output
        return Result((_say("cannot-write", f"{error.strerror or error}: {name}", output),))


def check_site(root: Path, *, jobs: int = 1, progress: Progress | None = None) -> Result:
    """Go through the whole pipeline and write nothing."""
    report = Report()
    outlines, written = _make_files(root, None, report, jobs=jobs, only=None, progress=progress)
    return Result(report.problems, outlines, pages=len(written))


def _make_files(
    root: Path,
    staging: Staging | None,
    report: Report,
    *,
    jobs: int,
    only: str | None,
    progress: Progress | None,
) -> tuple[tuple[Outline, ...], list[Written]]:
    """Every file of the site, staged; where there are errors the list is not complete."""
    tree = _choose(walk_content(root, report), only, report)

    def read(path: str) -> Source | None:
        return read_source(root, path, report)

    if not (root / CONTENT).is_dir():
        return (), []
    site = load_site(tree.site, read, lambda base_url: make_finder(root, base_url, only), report)
    place = place_field(site.path, "theme", lambda path: read_source(root, path, Report()))
    theme = load_theme(root, site.theme, place, report)
    tasks = [Task(root, folder, site, staging, only) for folder in tree.folders]
    built = []
    total = sum(len(folder.entries) for folder in tree.folders)
    done = 0
    sizes = [len(task.folder.entries) for task in tasks]
    for result in map_jobs(build_coverage, partial(Theme, theme.folders), tasks, sizes, jobs):
        built.append(result)
        report.add(result.problems)
        done += result.size
        if progress:
            progress(done, total)
    built.sort(key=lambda result: result.slug)
    fragments = {path: of for result in built for path, of in result.fragments.items()}
    fragments[site.path] = site.introduction.fragments
    outward = [link for result in built for link in result.outward]
    outward += [link for link in site.introduction.links if link.target != site.path]
    unread = frozenset[str]().union(*(result.unread for result in built))
    folders = {site.path, *(folder.path for folder in tree.folders)}
    outward = [
        link
        for link in outward
        if folders & {link.target, cut_folder(link.target)} and link.target not in unread
    ]
    check_outward_links(outward, fragments, read, report)
    outlines = sort_outlines(result.outline for result in built if result.outline)
    written = [
        (file, result.aliases.get(file.path, Place(result.path)))
        for result in built
        for file in result.written
    ]
    writer: Writer = staging or Nowhere()
    if not report.has_errors:
        home, pages = Place(site.path), _make_site_pages(site, outlines, theme)
        written += [(file, home) for file in _write_pages(pages, theme, writer, root, report)]
        written += [
            (writer.copy(path, original), Place(f"the theme ({path})"))
            for path, original in theme.list_assets().items()
        ]
    # Where names of files clash, that has been told: their pages would only say it again.
    if not any(problem.code == "paths-clash" for problem in report.problems):
        check_paths(((file.path, source) for file, source in written), report)
    return outlines, [file for file, _ in written]


def build_coverage(theme: Theme, task: Task) -> Built:
    """Load, render and stage one coverage; the summary is all that is kept of it."""
    report = Report()
    folder, site = judge_media(task.root, task.folder, report), task.site

    def read(path: str) -> Source | None:
        return read_source(task.root, path, report)

    find_elsewhere = make_finder(task.root, site.base_url, task.only)
    loaded = load_coverage(folder, site, read, find_elsewhere, report)
    size = len(folder.entries)
    if loaded is None:
        unread = frozenset((f"{folder.path}/coverage.md", *folder.entries))
        return Built(folder.slug, folder.path, size, problems=report.problems, unread=unread)
    coverage = loaded.coverage
    outline = None
    written: tuple[Written, ...] = ()
    if not report.has_errors:
        try:
            words = theme.words(coverage.language)
            posts = make_posts(coverage, words)
            outline = make_outline(coverage, posts)
            writer: Writer = task.staging or Nowhere()
            pages = make_coverage_pages(site, coverage, posts, words)
            written = tuple(_write_pages(pages, theme, writer, task.root, report))
        except ThemeError as error:
            report.error(error.code, str(error), error.place)
    bodies = {entry.path: entry.body for entry in coverage.entries}
    bodies[coverage.path] = coverage.introduction
    return Built(
        folder.slug,
        folder.path,
        size,
        outline,
        written,
        report.problems,
        loaded.outward,
        {path: body.fragments for path, body in bodies.items() if body.fragments},
        loaded.aliases,
        frozenset(folder.entries).difference(bodies),
    )


def _write_pages(
    pages: Iterable[Page], theme: Theme, writer: Writer, root: Path, report: Report
) -> Iterator[Written]:
    """Render and write pages until a template fails: one broken template breaks ten thousand pages."""
    try:
        for page in pages:
            if page.kind == "file":
                yield writer.copy(page.path, root / page.view.original)
            elif page.kind == "drawing":
                yield writer.write(page.path, read_cleaned(root / page.view.original))
            else:
                yield writer.write(page.path, render_page(page, theme))
    except ThemeError as error:
        report.error(error.code, str(error), error.place)


def _make_site_pages(site: Site, outlines: tuple[Outline, ...], theme: Theme) -> Iterator[Page]:
    yield from make_site_pages(site, outlines, theme.words(site.language))


def make_finder(
    root: Path, base_url: str, only: str | None, *, drafts: bool = False
) -> FindElsewhere:
    """Finds the pages of other coverages' files: links between coverages are few, and read one by one."""

    def find_elsewhere(target: str) -> tuple[str, str] | None:
        parts = target.split("/")
        if target == f"{CONTENT}/site.md":
            return "index.html", INTRODUCTION
        if not is_published(target) or not os.path.isfile(root / target):  # noqa: PTH113 (never raises)
            return None
        if parts[2:] == ["coverage.md"]:
            path, anchor = timeline_path(parts[1]), INTRODUCTION
        else:
            source = read_source(root, target, Report())
            slug = read_slug(source, Report(), drafts=drafts) if source else None
            if slug is None:
                return None
            path, anchor = entry_path(parts[1], slug), slug
        if only is not None and parts[1] != only:
            path = absolute_link(base_url, path)
        return path, anchor

    return find_elsewhere


def _choose(tree: Tree, only: str | None, report: Report) -> Tree:
    if only is None:
        return tree
    chosen = tuple(folder for folder in tree.folders if folder.slug == only)
    if not chosen:
        slugs = [folder.slug for folder in tree.folders]
        report.error(
            "unknown-coverage",
            f"there is no coverage `{only}`",
            Place(CONTENT),
            suggest(only, slugs) or f"the coverages are {', '.join(slugs)}",
        )
    return Tree(tree.site, chosen)


def sort_outlines(outlines: Iterable[Outline]) -> tuple[Outline, ...]:
    """By the day of their first post, then by name."""
    return tuple(
        sorted(
            outlines,
            key=lambda outline: (
                outline.first.day.isoformat() if outline.first else "",
                outline.slug,
            ),
        )
    )


def _judge_output(root: Path, output: Path) -> Problem | None:
    """An output folder may not hold the archive's own files, nor lie among its content."""
    here, there = root.resolve(), output.resolve()
    if there == here or here.is_relative_to(there) or there.is_relative_to(here / CONTENT):
        return _say("bad-output", f"{output} holds, or is among, the archive's own files", output)
    if there.is_relative_to(here / "themes"):
        return _say("bad-output", f"{output} lies among the themes", output)
    if output.exists() and not output.is_dir():
        return _say("bad-output", f"{output} is a file, not a folder", output)
    return None


def _say(code: str, message: str, output: Path) -> Problem:
    report = Report()
    report.error(code, message, Place(os.fspath(output)))
    return report.problems[0]
