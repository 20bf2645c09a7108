"""Sources to Entries, Entries to Coverages, front matter to Site: every problem is gathered first."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from archiver.diagnostics import Place, Report
from archiver.fields import COVERAGE, ENTRY, SITE, Reading, is_empty, read_fields
from archiver.files import CONTENT, Folder
from archiver.markdown import Context, render_body, render_line
from archiver.matter import Matter, Pair, read_matter
from archiver.model import Body, Coverage, Entry, Link, Site, Source, Stamp
from archiver.order import order_entries
from archiver.times import find_zone, is_before
from archiver.urls import (
    entry_path,
    fold_path,
    is_remote,
    is_reserved,
    judge_slug,
    quote_path,
    relative_link,
    timeline_path,
)

ReadSource = Callable[[str], Source | None]
# The page of a content file of another coverage: its path in build/ and the anchor of its ids.
FindElsewhere = Callable[[str], tuple[str, str] | None]
INTRODUCTION = "_introduction"
# Stands for a date that could not be read: with that problem told, nothing is built.
_UNKNOWN = Stamp(date.min, datetime.min.replace(tzinfo=UTC))


class Loaded(Struct, frozen=True):
    """A coverage, and what only the whole site can check: its links into other coverages, and where
    the pages that its older permalinks have become are asked for.
    """

    coverage: Coverage
    outward: tuple[Link, ...]
    aliases: dict[str, Place]


def load_site(
    path: str | None,
    read: ReadSource,
    make_finder: Callable[[str], FindElsewhere],
    report: Report,
) -> Site:
    """The site's settings from `content/site.md`.

    Where they cannot be read there is an error, and the defaults stand in for them, so that the
    problems of all other files are found in the same run. `make_finder` is given the site's `base_url`.
    """
    if path is None:
        report.error(
            "no-site-file",
            "there is no content/site.md",
            Place("content/site.md"),
            "write one: a line `---`, `title: Name of the archive`, and `---` again",
        )
        return Site("content/site.md", "")
    source = read(path)
    matter = read_matter(source, report) if source else None
    if matter is None:
        return Site(path, "")
    zone = _read_zone(matter, "UTC")
    fields = read_fields(matter.fields, SITE, Reading(matter, zone, report))
    fields.pop("format", None)
    if "title" not in fields:
        _report_missing(matter, "title", "the site has no title", report)
        fields["title"] = ""
    context = Context(
        matter,
        report,
        zone,
        CONTENT,
        matter.body_line,
        INTRODUCTION,
        frozenset(),
        _make_finder(CONTENT, "index.html", {}, make_finder(fields.get("base_url", ""))),
    )
    introduction = render_body(matter.body, context)
    for link in introduction.links:
        if link.target == path and link.fragment not in introduction.fragments:
            place = matter.place(link.line, link.column, len(link.fragment) + 1)
            report_fragment(link, place, report)
    return Site(path, introduction=introduction, **fields)


def place_field(path: str, field: str, read: ReadSource) -> Place:
    """Where the value of a field stands in a file that has been read before."""
    source = read(path)
    matter = read_matter(source, Report()) if source else None
    if matter is None or field not in matter.fields:
        return Place(path)
    return matter.place_value(matter.fields[field].value)


def load_coverage(
    folder: Folder,
    site: Site,
    read: ReadSource,
    find_elsewhere: FindElsewhere,
    report: Report,
    *,
    drafts: bool = False,
) -> Loaded | None:
    """A coverage with all its entries, rendered and in order; None where its own file cannot be read.

    `drafts` takes the drafts in with the others, for a preview.
    """
    _check_folder_name(folder, report)
    source = read(f"{folder.path}/coverage.md")
    matter = read_matter(source, report) if source else None
    zone = _read_zone(matter, site.timezone) if matter else find_zone(site.timezone)
    assert zone is not None, "the site's zone was checked when it was read"
    unordered, matters, broken = _read_entries(folder, read, zone, report, drafts)
    entries = order_entries(unordered, matters, report)
    # A file with problems of its own is still there: links to it are no problems more.
    slugs = {path: _name_slug(path) for path in broken}
    slugs |= {entry.path: entry.slug for entry in entries}
    here = timeline_path(folder.slug)
    find_page = _make_finder(folder.path, here, slugs, find_elsewhere)
    media, broken = (
        frozenset(path.removeprefix(folder.path + "/") for path in paths)
        for paths in (folder.media, folder.broken)
    )

    def make_context(of: Matter, anchor: str, first_line: int) -> Context:
        return Context(
            of, report, zone, folder.path, first_line, anchor, media, find_page, broken=broken
        )

    rendered = tuple(
        _render_entry(entry, matters[entry.path], make_context, report) for entry in entries
    )
    if matter is None:
        return None
    overview = matter
    fields = read_fields(matter.fields, COVERAGE, Reading(matter, zone, report))
    if "title" not in fields:
        _report_missing(matter, "title", "the coverage has no title", report)
        fields["title"] = ""

    def make_line(text: str, field: str, number: int = 1) -> Body:
        line = overview.place_key(field).line
        context = make_context(overview, f"_{field}-{number}", line)
        return render_line(text, replace(context, detached=True))

    points = fields.pop("key_points", ())
    notice = fields.pop("notice", None)
    coverage = Coverage(
        path=matter.source.path,
        slug=folder.slug,
        language=fields.pop("language", site.language),
        timezone=fields.pop("timezone", site.timezone),
        key_points=tuple(
            make_line(point, "key_points", number) for number, point in enumerate(points, 1)
        ),
        notice=make_line(notice, "notice") if notice else None,
        introduction=render_body(matter.body, make_context(matter, INTRODUCTION, matter.body_line)),
        entries=rendered,
        media=folder.media,
        cleaned=folder.cleaned,
        **fields,
    )
    _check_span(coverage, matters, report)
    aliases = {
        find_alias_path(entry, alias): _place_alias(alias, matters[entry.path])
        for entry in rendered
        for alias in entry.aliases
    }
    outward = _check_fragments(coverage, matters, matter, broken, report)
    return Loaded(coverage, outward, aliases)


def read_slug(source: Source, report: Report, *, drafts: bool = False) -> str | None:
    """The slug of one entry by itself, for links from other coverages; None where it is not published."""
    matter = read_matter(source, report)
    if matter is None:
        return _name_slug(source.path)  # its own coverage tells what is wrong with it
    draft = matter.fields.get("draft")
    if draft is not None and draft.value.data == "true" and not drafts:
        return None
    return _find_slug(matter)


def _read_entries(
    folder: Folder, read: ReadSource, zone: ZoneInfo, report: Report, drafts: bool
) -> tuple[list[Entry], dict[str, Matter], frozenset[str]]:
    """The published entries without their bodies' HTML, what their files hold, and the broken files."""
    entries: list[Entry] = []
    matters: dict[str, Matter] = {}
    broken: set[str] = set()
    for path in folder.entries:
        source = read(path)
        matter = read_matter(source, report) if source else None
        if matter is None:
            broken.add(path)
            continue
        fields = read_fields(matter.fields, ENTRY, Reading(matter, zone, report))
        if fields.get("draft") and (not drafts or _is_undated(matter, report)):
            continue
        if is_empty(matter.fields.get("date")):
            _report_missing(
                matter,
                "date",
                "the post has no date",
                report,
                "write `date: 2017-03-23T20:25:00Z`, or a bare day where the time is not known",
            )
        # The text is read all the same, so that all problems of a file come together.
        fields.setdefault("date", _UNKNOWN)
        fields.pop("slug", None)
        slug = _find_slug(matter)
        _check_slug(slug, matter, report)
        matters[path] = matter
        entries.append(Entry(path=path, coverage=folder.slug, slug=slug, **fields))
    _check_permalinks(entries, matters, report)
    return entries, matters, frozenset(broken)


def _is_undated(matter: Matter, report: Report) -> bool:
    """Whether a draft has no date, and so no place yet among the posts."""
    if not is_empty(matter.fields.get("date")):
        return False
    report.warn(
        "missing-date",
        "the draft has no date, so that it cannot be shown among the posts",
        matter.place_key("date"),
        "write `date: 2017-03-23T20:25:00Z`, or a bare day where the time is not known",
    )
    return True


def _render_entry(
    entry: Entry,
    matter: Matter,
    make_context: Callable[[Matter, str, int], Context],
    report: Report,
) -> Entry:
    if entry.withdrawn is not None:
        if matter.body.strip() or entry.title:
            report.warn(
                "withdrawn-text",
                "the post is withdrawn, but its text is still in the file; it is not published",
                matter.place_key("withdrawn"),
                "remove the title and the text below the front matter",
            )
        return replace(entry, title="", body=Body())
    body = render_body(matter.body, make_context(matter, entry.slug, matter.body_line))
    if not body.html.strip() and not entry.draft:
        report.warn(
            "empty-body",
            "the post has no text",
            matter.place(matter.body_line - 1, 1, 3),
            "is it a draft? `draft: true` keeps it back",
        )
    return replace(entry, body=body)


def _make_finder(
    folder: str, here: str, slugs: dict[str, str], find_elsewhere: FindElsewhere
) -> Callable[[str], tuple[str, str] | None]:
    """Finds pages as seen from the page `here`; `slugs` are those of the entries in `folder`."""

    def find_page(target: str) -> tuple[str, str] | None:
        if target in slugs:
            slug = slugs[target]
            return quote_path(f"{slug}.html"), slug
        if slugs and target.startswith(folder + "/") and not target.endswith("/coverage.md"):
            return None
        found = find_elsewhere(target)
        if found is None:
            return None
        path, anchor = found
        return (path if is_remote(path) or not path else relative_link(here, path)), anchor

    return find_page


def _find_slug(matter: Matter) -> str:
    pair: Pair | None = matter.fields.get("slug")
    if pair is not None and isinstance(pair.value.data, str) and pair.value.data:
        return str(pair.value.data)
    return _name_slug(matter.source.path)


def _name_slug(path: str) -> str:
    return unicodedata.normalize("NFC", posixpath.basename(path).removesuffix(".md"))


def _read_zone(matter: Matter, default: str) -> ZoneInfo:
    """The zone that a file names, so far as it can be trusted: the fields' reader reports the rest."""
    pair = matter.fields.get("timezone")
    named = pair.value.data if pair is not None else default
    zone = find_zone(named) if isinstance(named, str) else None
    fallback = zone or find_zone(default) or find_zone("UTC")
    assert fallback is not None, "tzdata holds UTC"
    return fallback


def _report_missing(
    matter: Matter, field: str, message: str, report: Report, hint: str = ""
) -> None:
    report.error(f"missing-{field}", message, matter.place_key(field), hint or f"add `{field}: …`")


def _check_folder_name(folder: Folder, report: Report) -> None:
    fault = judge_slug(folder.slug)
    if fault:
        report.error(
            "unsafe-slug",
            f"the folder's name cannot be a permalink: {fault}",
            Place(folder.path),
            "rename the folder",
        )
    elif is_reserved(folder.slug):
        report.error(
            "reserved-slug",
            f"`{folder.slug}` is the name of one of archiver's own pages",
            Place(folder.path),
            "rename the folder",
        )


def _check_slug(slug: str, matter: Matter, report: Report) -> None:
    place = matter.place_key("slug")
    where = "`slug`" if "slug" in matter.fields else "the file's name"
    fault = judge_slug(slug)
    if fault:
        report.error(
            "unsafe-slug",
            f"{where} cannot be a permalink: {fault}",
            place,
            "rename the file, or give it a `slug`"
            if "slug" not in matter.fields
            else "choose another",
        )
    elif is_reserved(slug):
        report.error(
            "reserved-slug",
            f"{where} is the name of one of archiver's own pages: `{slug}`",
            place,
            "rename the file" if "slug" not in matter.fields else "choose another",
        )


def _check_permalinks(entries: list[Entry], matters: dict[str, Matter], report: Report) -> None:
    """Two files may not claim one permalink, by name, slug or alias, nor differ in case only."""
    claimed: dict[str, str] = {}
    by_path = sorted(entries, key=lambda entry: entry.path)
    for entry in by_path:
        path = entry_path(entry.coverage, entry.slug)
        other = claimed.setdefault(fold_path(path), entry.path)
        if other != entry.path:
            report.error(
                "same-permalink",
                f"the permalink {path} is already that of {other}",
                matters[entry.path].place_key("slug"),
                "rename one of the two files, or give one a `slug`",
            )
    # An alias gives way to a post, so these come last, and the message stands at the alias.
    for entry in by_path:
        for alias in entry.aliases:
            _claim_alias(entry, alias, _place_alias(alias, matters[entry.path]), claimed, report)


def _claim_alias(
    entry: Entry, alias: str, place: Place, claimed: dict[str, str], report: Report
) -> None:
    path = find_alias_path(entry, alias)
    fault = judge_alias(path)
    if fault:
        report.error(
            "unsafe-slug",
            f"the alias `{alias}` cannot be a permalink: {fault}",
            place,
            "choose another",
        )
    elif fold_path(path) in claimed:
        other = claimed[fold_path(path)]
        owner = "the post's own" if other == entry.path else f"that of {other}"
        report.error(
            "same-permalink",
            f"the permalink {path} of the alias `{alias}` is already {owner}",
            place,
            "remove the alias",
        )
    else:
        claimed[fold_path(path)] = entry.path


def _place_alias(alias: str, matter: Matter) -> Place:
    for item in matter.fields["aliases"].value.data:
        if isinstance(item.data, str) and alias in " ".join(item.data.split()):
            return matter.place_value(item)
    return matter.place_key("aliases")


def find_alias_path(entry: Entry, alias: str) -> str:
    """The path in build/ of an alias: `coverage/name`, or a name within the entry's own coverage."""
    return f"{alias}.html" if "/" in alias else entry_path(entry.coverage, alias)


def judge_alias(path: str) -> str:
    """Why a path cannot be an alias, or nothing."""
    parts = path.removesuffix(".html").split("/")
    if len(parts) != 2:
        return "it should be `name` or `coverage/name`"
    faults = [judge_slug(part) for part in parts]
    if is_reserved(parts[0]) or is_reserved(parts[1]):
        faults.append("it is the name of one of archiver's own pages")
    return next((fault for fault in faults if fault), "")


def _check_span(coverage: Coverage, matters: dict[str, Matter], report: Report) -> None:
    for entry in coverage.entries:
        if entry.date is _UNKNOWN:
            continue
        matter = matters[entry.path]
        if coverage.started and is_before(entry.date, coverage.started):
            report.warn(
                "before-start",
                "the post is from before the coverage `started`",
                matter.place_key("date"),
                f"is its date right? {coverage.path} says when the coverage started",
            )
        if coverage.ended and is_before(coverage.ended, entry.date):
            report.warn(
                "after-end",
                "the post is from after the coverage `ended`",
                matter.place_key("date"),
                f"is its date right? {coverage.path} says when the coverage ended",
            )
        if entry.updated and is_before(entry.updated, entry.date):
            report.warn(
                "updated-before-date",
                "the post was `updated` before its `date`",
                matter.place_key("updated"),
                "is one of the two wrong?",
            )


def _check_fragments(
    coverage: Coverage,
    matters: dict[str, Matter],
    overview: Matter,
    broken: frozenset[str],
    report: Report,
) -> tuple[Link, ...]:
    """Report links to fragments that are not there; the links into other coverages are handed on."""
    bodies = {entry.path: entry.body for entry in coverage.entries}
    bodies[coverage.path] = coverage.introduction
    lines = {**matters, coverage.path: overview}
    outward: list[Link] = []
    lines_of = (*coverage.key_points, *((coverage.notice,) if coverage.notice else ()))
    for body in (*bodies.values(), *lines_of):
        for link in body.links:
            if link.target in broken:
                continue
            target = bodies.get(link.target)
            if target is None:
                outward.append(link)
            elif link.fragment and link.fragment not in target.fragments:
                matter = lines[link.path]
                width = len(link.fragment) + 1
                report_fragment(link, matter.place(link.line, link.column, width), report)
    return tuple(outward)


def report_fragment(link: Link, place: Place, report: Report) -> None:
    """A link names a heading that its target does not have."""
    report.error(
        "broken-fragment",
        f"there is no heading `#{link.fragment}` in {link.target}",
        place,
        "a heading's fragment is its words in lower case, joined by hyphens",
    )
