"""One coverage kept in memory for a preview: of what was read before, only what changed is read again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from archiver.build.desk import Desk
from archiver.build.press import Press
from archiver.build.reading import keep_revision
from archiver.build.settled import list_files
from archiver.build.workshop import Workshop
from archiver.diagnostics import Place, Problem, Report
from archiver.files import Folder
from archiver.load import (
    FindElsewhere,
    Gathered,
    Heading,
    Histories,
    Kept,
    Manuscripts,
    check_links,
    find_alias_path,
    find_gone,
    gather_coverage,
    is_answered_alike,
    list_fragments,
    list_pages_asked,
    list_secret,
    read_heading,
    read_overview,
    withdraw_media,
)
from archiver.media import Judgement, judge_media, note_media
from archiver.model import Coverage, Link, Site
from archiver.pages import Brief, Edition, digest_frame
from archiver.theme import Theme, ThemeError
from archiver.urls import entry_path
from archiver.words import Words

Answers = dict[str, tuple[str, str] | None]
# How many of the files that are read for the first time are not read again for their texts.
_REMEMBERED = 2000


class Known(Struct, frozen=True):
    """What was read of a coverage, by path. Headings hold for one `zone`, briefs for one language and
    its `words` too."""

    zone: str
    words: Words
    headings: dict[str, Heading]
    briefs: dict[str, Brief]
    media: dict[str, Judgement]
    revisions: dict[str, Kept]


class Shelf(Struct, frozen=True):
    """A coverage that can be shown: the desk where its posts are made, the entry of each permalink, and
    the coverage itself with the media that are published."""

    shop: Workshop
    desk: Desk
    edition: Edition
    places: dict[str, int]
    published: Coverage


class Reading(Struct, frozen=True):
    """What came of reading a coverage: no shelf where there are errors.

    `asked` are the files of other coverages that its links name, and what was answered; `sealed` is what
    seals say of its permalinks; the rest is what the site's checks need.
    """

    folder: Folder
    known: Known
    shelf: Shelf | None
    problems: tuple[Problem, ...]
    asked: Answers = {}
    outward: tuple[Link, ...] = ()
    fragments: dict[str, tuple[str, ...]] = {}
    permalinks: tuple[tuple[str, Place], ...] = ()
    unread: frozenset[str] = frozenset()
    sealed: Histories = {}
    gone: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()


def read_shelf(
    root: Path,
    folder: Folder,
    site: Site,
    theme: Theme,
    find_elsewhere: FindElsewhere,
    before: Reading | None = None,
    changed: frozenset[str] = frozenset(),
    sealed: Histories | None = None,
) -> Reading:
    """Read a coverage with its drafts; of what was read `before`, only files that changed."""
    report = Report()
    past = before.known if before else None
    asked: Answers = {}

    def ask(target: str) -> tuple[str, str] | None:
        found = asked[target] = find_elsewhere(target)
        return found

    changed = _list_changed(folder, changed)
    kept = {path: one for path, one in past.media.items() if path not in changed} if past else {}
    media = [kept.get(path) or next(judge_media(root, (path,))) for path in folder.media]
    judged = note_media(folder, media, report)
    manuscripts = Manuscripts(root, _REMEMBERED)
    overview = read_overview(root, judged, site, manuscripts.read, report)
    zone = overview.zone
    old = past.headings if past and past.zone == zone.key else {}
    old = {path: heading for path, heading in old.items() if path not in changed}
    headings = [
        old.get(path) or read_heading(path, folder.slug, zone, manuscripts, drafts=True)
        for path in folder.entries
    ]
    for heading in headings:
        report.add(heading.problems)
    texts = (
        {path: one for path, one in past.revisions.items() if path not in changed} if past else {}
    )
    revisions = [texts.get(path) or keep_revision(root, path) for path in folder.revisions]
    gathered = gather_coverage(
        judged, site, overview, headings, manuscripts, ask, report, revisions, sealed
    )
    sealed = sealed or {}
    words = _find_words(theme, gathered, report)
    known_briefs = past.briefs if past and past.words == words else {}
    # A brief holds for the very file it was made of.
    briefs = {
        heading.slug: known_briefs[heading.path]
        for heading in headings
        if heading.path in known_briefs
        and old.get(heading.path) is heading
        and known_briefs[heading.path].edited == gathered.edited.get(heading.slug, "")
    }
    shop = Workshop(
        site,
        gathered,
        manuscripts,
        briefs,
        words or Words("en", {}),
        digest_frame(b"", site, gathered.coverage),
        Press(theme, None, root, {}),
        proofing=report.has_errors or words is None or not gathered.readable,
    )
    desk, edition = shop.open_desk()
    found = {}
    for entry in gathered.coverage.entries:
        if shop.proofing:
            brief = briefs.get(entry.slug)
            if brief is None or not is_answered_alike(entry, brief.asked, gathered):
                brief = shop.read_proof(entry)
        else:
            brief = edition.briefs[entry.slug]
        found[entry.slug] = brief
        report.add(brief.problems)
    if before and before.shelf:
        _take_posts(before.shelf.desk, desk, found)
    outward = check_links(gathered, found, manuscripts, report)
    published = withdraw_media(gathered, (brief.asked for brief in found.values()), report)
    for brief in found.values():
        for target in list_pages_asked(brief.asked):
            if not target.startswith(f"{folder.path}/"):
                asked[target] = find_elsewhere(target)
    entries = gathered.coverage.entries
    known = Known(
        zone.key,
        shop.words,
        {heading.path: heading for heading in headings},
        {entry.path: found[entry.slug] for entry in entries if found[entry.slug].headline},
        {judgement.path: judgement for judgement in media},
        {kept.path: kept for kept in revisions},
    )
    places = _list_places(gathered)
    shelf = None
    if not shop.proofing and not report.has_errors:
        shelf = Shelf(shop, desk, edition, places, published)
    unread = frozenset(folder.entries).difference(entry.path for entry in entries)
    if not gathered.readable:
        unread = frozenset((gathered.coverage.path, *folder.entries))
        return Reading(folder, known, None, report.problems, asked, unread=unread, sealed=sealed)
    here = Place(folder.path)
    own = ((entry_path(folder.slug, entry.slug), here) for entry in entries)
    public = [entry for entry in entries if not entry.draft]
    return Reading(
        folder,
        known,
        shelf,
        report.problems,
        asked,
        outward,
        list_fragments(gathered, found),
        (*own, *gathered.aliases.items()),
        unread,
        sealed,
        () if gathered.broken else find_gone(public, gathered.digests, sealed),
        list_secret(entries),
    )


def reword_shelf(shelf: Shelf, words: Words) -> Shelf:
    """A coverage in other words of the theme: its posts are made again when they are asked for."""
    shop = shelf.shop.reword(words)
    desk, edition = shop.open_desk()
    return Shelf(shop, desk, edition, shelf.places, shelf.published)


def _list_changed(folder: Folder, changed: frozenset[str]) -> frozenset[str]:
    """Of the files of a coverage those that may be others now: where a folder changed, all in it."""
    files = list_files(folder)
    folders = tuple(f"{path}/" for path in changed.difference(files))
    return frozenset(path for path in files if path in changed or path.startswith(folders))


def _find_words(theme: Theme, gathered: Gathered, report: Report) -> Words | None:
    try:
        return theme.words(gathered.coverage.language)
    except ThemeError as error:
        report.error(error.code, str(error), error.place)
        return None


def _take_posts(old: Desk, new: Desk, found: Mapping[str, Brief]) -> None:
    """Posts of which nothing changed need not be made again."""
    for slug, post in list(old.posts.items()):  # pages are rendered meanwhile
        if found.get(slug) is not None and old.briefs.get(slug) is found[slug]:
            new.posts[slug] = post


def _list_places(gathered: Gathered) -> dict[str, int]:
    coverage = gathered.coverage
    return {
        path: number
        for number, entry in enumerate(coverage.entries)
        for path in (
            entry_path(coverage.slug, entry.slug),
            *(find_alias_path(entry, alias) for alias in entry.aliases),
        )
    }
