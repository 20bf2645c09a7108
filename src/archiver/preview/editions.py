"""All that a preview knows at one moment, made of what it knew before and the files that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from archiver.build.elsewhere import Elsewhere
from archiver.build.settled import list_files
from archiver.check import check_paths, check_site_links
from archiver.diagnostics import Problem, Report
from archiver.files import CONTENT, Folder, Tree, cut_folder, read_bytes, read_source, walk_content
from archiver.load import FindElsewhere, Seals, check_sealed, load_seals, load_site, place_field
from archiver.model import Site, Source
from archiver.preview.shelves import Known, Reading, Shelf, read_shelf, reword_shelf
from archiver.seals import Seal, withhold_seals
from archiver.theme import ASSETS, Theme, ThemeError, load_theme
from archiver.workers import WORTH_SHARING, map_jobs

THEMES = "themes"
MEDIA = "media"


class Walk(Struct, frozen=True):
    """What lies in content/: the walk over it, the seals, their problems, and the paths of all files."""

    tree: Tree
    problems: tuple[Problem, ...]
    files: frozenset[str]
    seals: Seals


class Edition(Struct, frozen=True):
    """An archive as it is shown. `good` are the coverages without errors, and of the others what was
    read last without any; `clashes` are permalinks that two coverages claim. `refused` says that the
    theme could not be used as it is now, so that it is that of before and must be tried again; `chain`
    are the seals as a build would publish them.
    """

    site: Site
    theme: Theme
    walk: Walk
    readings: Mapping[str, Reading]
    good: Mapping[str, Shelf]
    clashes: tuple[Problem, ...]
    refused: bool = False
    chain: tuple[Seal, ...] = ()

    def find_seal(self, path: str) -> str | None:
        """The file of content/seal/ that is published at a path."""
        own = f"{CONTENT}/{path}"
        return own if own in self.walk.seals.list_published(self.chain) else None


class _Task(Struct, frozen=True):
    """One coverage to be read, by whichever process."""

    root: Path
    folder: Folder
    site: Site


def make_edition(
    root: Path, before: Edition | None, changed: frozenset[str] | None, report: Report, jobs: int
) -> Edition:
    """What an archive is after files changed: paths below its root, or None for all of them."""
    if before is None or (changed is not None and CONTENT in changed):
        changed = None
    if before is not None and before.refused and changed is not None:
        changed |= {THEMES}
    walk = _walk(root, before, changed)
    report.add(walk.problems)
    site = _read_site(root, before, walk, report)
    theme = _choose_theme(root, before, site, changed, report)
    reworded = before is not None and theme is not before.theme and _may_reword(changed)
    known = before.readings if before is not None and changed is not None else {}
    if before is None or _list_defaults(before.site) != _list_defaults(site):
        known = {}
    if reworded:
        known = {path: reading for path, reading in known.items() if reading.shelf}
    touched = frozenset(cut_folder(path) for path in changed or ())
    readings = dict(
        _read_shelves(root, known, touched, changed or frozenset(), walk, site, theme, jobs)
    )
    for reading in readings.values():
        report.add(reading.problems)
    good = _choose_shelves(before, readings, report)
    refused = False
    if reworded:
        try:
            good = {
                path: reword_shelf(shelf, theme.words(shelf.edition.coverage.language))
                for path, shelf in good.items()
            }
        except ThemeError as error:
            report.error(error.code, str(error), error.place)
            theme = before.theme if before else theme
            refused = True

    def read(path: str) -> Source | None:
        return read_source(root, path, report)

    check_site_links(site, walk.tree, list(readings.values()), read, report)
    chain = _check_seals(walk, list(readings.values()), report)
    clashes = _find_clashes(before, readings)
    report.add(clashes)
    return Edition(site, theme, walk, readings, good, clashes, refused, chain)


def changes_files(changed: frozenset[str] | None) -> bool:
    """Whether files may have changed that pages load: styles, pictures and the like."""
    if changed is None:
        return True
    inside = (path.split("/")[2:3] for path in changed if path != f"{CONTENT}/site.md")
    return any(part in ([], [ASSETS], [MEDIA]) for part in inside)


def _walk(root: Path, before: Edition | None, changed: frozenset[str] | None) -> Walk:
    """Where only files that are known have other words, content/ is not gone through again."""
    if before and changed is not None:
        inside = [path for path in changed if path.startswith(f"{CONTENT}/")]
        if all(path in before.walk.files and _is_plain(root / path) for path in inside):
            return before.walk
    report = Report()
    tree = walk_content(root, report)
    seals = load_seals(tree.seals, lambda path: read_bytes(root, path, report), report)
    files = {path for folder in tree.folders for path in list_files(folder)}
    files.update((tree.site,) if tree.site else ())
    return Walk(tree, report.problems, frozenset(files), seals)


def _read_site(root: Path, before: Edition | None, walk: Walk, report: Report) -> Site:
    """The settings; those of before where these have errors."""
    if not (root / CONTENT).is_dir():
        return before.site if before else Site(f"{CONTENT}/site.md", "")
    own = Report()
    site = load_site(
        walk.tree.site,
        lambda path: read_source(root, path, own),
        lambda base_url: Elsewhere(root, base_url, None, drafts=True),
        own,
    )
    report.add(own.problems)
    return before.site if before and own.has_errors else site


def _choose_theme(
    root: Path, before: Edition | None, site: Site, changed: frozenset[str] | None, report: Report
) -> Theme:
    """The theme of before, or another where it is another or a template or its words changed."""
    place = place_field(site.path, "theme", lambda path: read_source(root, path, Report()))
    theme = load_theme(root, site.theme, place, report)
    if before is None or theme.folders != before.theme.folders or changed is None:
        return theme
    touched = [path.split("/") for path in changed if path.split("/")[0] == THEMES]
    return theme if any(parts[2:3] != [ASSETS] for parts in touched) else before.theme


def _may_reword(changed: frozenset[str] | None) -> bool:
    """Whether a new theme may have other words, and not only other templates."""
    return changed is None or not all(
        path.startswith(f"{THEMES}/") and path.endswith(".html") for path in changed
    )


def _list_defaults(site: Site) -> tuple[str, str, str]:
    """The settings that a coverage's entries are read by."""
    return site.language, site.timezone, site.base_url


def _read_shelves(
    root: Path,
    known: Mapping[str, Reading],
    touched: frozenset[str],
    changed: frozenset[str],
    walk: Walk,
    site: Site,
    theme: Theme,
    jobs: int,
) -> Iterator[tuple[str, Reading]]:
    """Every coverage by its folder's path, read again where it must be."""
    find = Elsewhere(root, site.base_url, None, drafts=True)
    wanted: list[Folder] = []
    sealed = walk.seals.histories
    for folder in walk.tree.folders:
        reading = known.get(folder.path)
        if (
            reading is None
            or folder.path in touched
            or reading.folder != folder
            or reading.sealed != sealed.get(folder.slug, {})
            or _is_answered_otherwise(reading, touched, find)
        ):
            wanted.append(folder)
        else:
            yield folder.path, reading
    before = {folder.path: known.get(folder.path) for folder in wanted}
    new = [folder for folder in wanted if before[folder.path] is None]
    if jobs > 1 and sum(len(folder.entries) for folder in new) >= WORTH_SHARING:
        tasks = [_Task(root, folder, site) for folder in new]
        sizes = [len(folder.entries) for folder in new]
        for folder, read in map_jobs(_read_known, theme, tasks, sizes, jobs):
            before[folder.path] = Reading(folder, read, None, ())
    for folder in wanted:
        past = before[folder.path]
        own = sealed.get(folder.slug, {})
        yield folder.path, read_shelf(root, folder, site, theme, find, past, changed, own)


def _read_known(theme: Theme, task: _Task) -> tuple[Folder, Known]:
    find = Elsewhere(task.root, task.site.base_url, None, drafts=True)
    read = read_shelf(task.root, task.folder, task.site, theme, find)
    return task.folder, read.known


def _is_answered_otherwise(reading: Reading, touched: frozenset[str], find: FindElsewhere) -> bool:
    """Whether a link into a coverage that changed would lead elsewhere now."""
    return any(
        cut_folder(target) in touched and find(target) != answer
        for target, answer in reading.asked.items()
    )


def _choose_shelves(
    before: Edition | None, readings: Mapping[str, Reading], report: Report
) -> dict[str, Shelf]:
    """The coverages to be shown: what can't be read now is shown as it was."""
    good = {path: reading.shelf for path, reading in readings.items() if reading.shelf}
    for path, shelf in before.good.items() if before else ():
        if path not in good and (path in readings or _names_folder(report, path)):
            good[path] = shelf
    return dict(sorted(good.items()))


def _names_folder(report: Report, path: str) -> bool:
    """Whether a problem is one of a folder: with its coverage.md gone, it is no coverage to the walk."""
    return any(
        problem.severity == "error" and problem.place.path in (path, CONTENT)
        for problem in report.problems
    )


def _check_seals(walk: Walk, readings: Sequence[Reading], report: Report) -> tuple[Seal, ...]:
    """Tell which sealed permalinks are gone; the seals as they may be published."""
    secret = frozenset(digest for one in readings for digest in one.secret)
    check_sealed(
        walk.seals,
        (permalink for one in readings for permalink in one.gone),
        (folder.slug for folder in walk.tree.folders),
        # In its own coverage, a permalink may be that of a draft.
        (
            (path for path, _ in one.permalinks if not path.startswith(f"{one.folder.slug}/"))
            for one in readings
        ),
        secret,
        report,
    )
    return withhold_seals(walk.seals.ordered, secret)


def _find_clashes(before: Edition | None, readings: Mapping[str, Reading]) -> tuple[Problem, ...]:
    """Permalinks that are claimed twice; looked for only where some came or went."""
    claimed = {path: reading.permalinks for path, reading in readings.items()}
    if before and claimed == {path: of.permalinks for path, of in before.readings.items()}:
        return before.clashes
    report = Report()
    check_paths((one for permalinks in claimed.values() for one in permalinks), report)
    return report.problems


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
