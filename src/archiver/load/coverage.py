"""A coverage gathered: its own file, and its posts' headings in their order."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from archiver.diagnostics import Place, Report
from archiver.fields import COVERAGE, Reading, read_fields
from archiver.files import Folder
from archiver.load.fields import read_zone, report_missing
from archiver.load.headings import UNKNOWN, Heading
from archiver.load.links import INTRODUCTION, FindElsewhere, make_finder
from archiver.load.manuscripts import Manuscripts
from archiver.load.notes import read_notes
from archiver.load.permalinks import (
    check_folder_name,
    check_permalinks,
    find_alias_path,
    place_alias,
)
from archiver.load.revisions import Kept, Revisions, group_revisions
from archiver.load.seals import Histories, find_edited
from archiver.markdown import Context, render_body, render_line
from archiver.matter import Matter
from archiver.model import Body, Coverage, Entry, Facts, Notes, Signature, Site
from archiver.order import order_entries
from archiver.times import find_zone, is_before
from archiver.urls import timeline_path


class Overview(Struct, frozen=True):
    """A coverage's own file, taken apart where it can be, the zone that it sets, and what imports noted."""

    matter: Matter | None
    zone: ZoneInfo
    notes: Notes = Notes()
    notes_signature: Signature | None = None


class Gathered(Struct, frozen=True):
    """A coverage whose entries are in order and have no bodies yet, and how its links are found.

    `coverage` has no title where its own file cannot be read. `aliases` says where the page of each
    older permalink is asked for; `broken` are the files that could not be taken apart, `named` the media
    that the coverage's own file shows or links to; `revisions` are the earlier texts by the paths of
    the posts; `digests` are those of all files by path; `edited` says, by slug, when those posts were
    sealed that are others now.
    """

    coverage: Coverage
    folder: Folder
    zone: ZoneInfo
    media: frozenset[str]
    lost: frozenset[str]
    find_page: Callable[[str], tuple[str, str] | None]
    aliases: Mapping[str, Place]
    broken: frozenset[str]
    readable: bool = True
    named: frozenset[str] = frozenset()
    revisions: Revisions = {}
    digests: Mapping[str, bytes] = {}
    edited: Mapping[str, str] = {}

    def find_facts(self, name: str) -> Facts:
        """What is known of a medium, a path below the coverage's folder."""
        return self.folder.facts.get(f"{self.folder.path}/{name}", _NO_FACTS)


_NO_FACTS = Facts()


def read_overview(
    root: Path,
    folder: Folder,
    site: Site,
    read: Callable[[str, Report], Matter | None],
    report: Report,
) -> Overview:
    """The coverage's own file, `coverage.md`, and the notes of its imports."""
    check_folder_name(folder, report)
    matter = read(f"{folder.path}/coverage.md", report)
    zone = read_zone(matter, site.timezone) if matter else find_zone(site.timezone)
    assert zone is not None, "the site's zone was checked when it was read"
    return Overview(matter, zone, *read_notes(root, folder.notes, report))


def gather_coverage(
    folder: Folder,
    site: Site,
    overview: Overview,
    headings: Iterable[Heading],
    matters: Manuscripts,
    find_elsewhere: FindElsewhere,
    report: Report,
    kept: Iterable[Kept] = (),
    sealed: Histories | None = None,
) -> Gathered:
    """A coverage of its headings; what only all of them together show is checked.

    `kept` are the files of earlier texts, `sealed` is what seals say of its permalinks.
    """
    matter, zone = overview.matter, overview.zone
    found: list[Entry] = []
    slugs: dict[str, str] = {}
    broken: set[str] = set()
    headings = tuple(headings)
    for heading in headings:
        if heading.entry is not None:
            found.append(heading.entry)
        elif heading.broken:
            broken.add(heading.path)
        # A file with problems of its own is still there: links to it are no problems more.
        if heading.entry is not None or heading.broken:
            slugs[heading.path] = heading.slug
    check_permalinks(found, matters, report)
    entries = order_entries(found, matters, report)
    here = timeline_path(folder.slug)
    find_page = make_finder(folder.path, here, slugs, find_elsewhere)
    media, lost = (
        frozenset(path.removeprefix(folder.path + "/") for path in paths)
        for paths in (folder.media, folder.broken)
    )
    named: set[str] = set()
    coverage = Coverage(
        path=f"{folder.path}/coverage.md",
        slug=folder.slug,
        title="",
        language=site.language,
        timezone=site.timezone,
        entries=entries,
        media=folder.media,
        cleaned=folder.cleaned,
        notes=overview.notes,
    )
    if matter is not None:
        context = Context(
            matter,
            report,
            zone,
            folder.path,
            matter.body_line,
            INTRODUCTION,
            _Named(media, named),
            find_page,
            broken=lost,
            find_facts=lambda name: folder.facts.get(f"{folder.path}/{name}", _NO_FACTS),
            read_words=lambda name: matters.read_words(f"{folder.path}/{name}"),
        )
        coverage = _read_coverage(coverage, matter, context, report)
        _check_span(coverage, matters, report)
    digests = {heading.path: heading.digest for heading in headings}
    return Gathered(
        coverage,
        folder,
        zone,
        media,
        lost,
        find_page,
        {
            find_alias_path(entry, alias): place_alias(alias, matters[entry.path])
            for entry in entries
            for alias in entry.aliases
        },
        frozenset(broken),
        matter is not None,
        frozenset(named),
        group_revisions(folder.path, kept, (heading.path for heading in headings), report),
        digests,
        find_edited(entries, digests, sealed or {}),
    )


class _Named(Container[str]):
    """The media of a coverage, which notes those that are asked for."""

    def __init__(self, media: frozenset[str], named: set[str]) -> None:
        self._media, self._named = media, named

    def __contains__(self, name: object) -> bool:
        found = name in self._media
        if found:
            self._named.add(f"{name}")
        return found


def _read_coverage(bare: Coverage, matter: Matter, context: Context, report: Report) -> Coverage:
    """The coverage with what its own file says."""
    fields = read_fields(matter.fields, COVERAGE, Reading(matter, context.zone, report))
    if "title" not in fields:
        report_missing(matter, "title", "the coverage has no title", report)
        fields["title"] = ""

    def make_line(text: str, field: str, number: int = 1) -> Body:
        line = matter.place_key(field).line
        beside = replace(context, anchor=f"_{field}-{number}", first_line=line, detached=True)
        return render_line(text, beside)

    points = fields.pop("key_points", ())
    notice = fields.pop("notice", None)
    return replace(
        bare,
        key_points=tuple(
            make_line(point, "key_points", number) for number, point in enumerate(points, 1)
        ),
        notice=make_line(notice, "notice") if notice else None,
        introduction=render_body(matter.body, context),
        **fields,
    )


def _check_span(coverage: Coverage, matters: Mapping[str, Matter], report: Report) -> None:
    for entry in coverage.entries:
        if entry.date is UNKNOWN:
            continue
        if coverage.started and is_before(entry.date, coverage.started):
            report.warn(
                "before-start",
                "the post is from before the coverage `started`",
                matters[entry.path].place_key("date"),
                f"is its date right? {coverage.path} says when the coverage started",
            )
        if coverage.ended and is_before(coverage.ended, entry.date):
            report.warn(
                "after-end",
                "the post is from after the coverage `ended`",
                matters[entry.path].place_key("date"),
                f"is its date right? {coverage.path} says when the coverage ended",
            )
        if entry.updated and is_before(entry.updated, entry.date):
            report.warn(
                "updated-before-date",
                "the post was `updated` before its `date`",
                matters[entry.path].place_key("updated"),
                "is one of the two wrong?",
            )
