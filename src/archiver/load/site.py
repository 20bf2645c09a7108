"""The site's settings, from the front matter of `content/site.md`."""

from __future__ import annotations

from collections.abc import Callable

from archiver.diagnostics import Place, Report
from archiver.fields import SITE, Reading, read_fields
from archiver.files import CONTENT
from archiver.load.fields import read_zone, report_missing
from archiver.load.links import INTRODUCTION, FindElsewhere, make_finder, report_fragment
from archiver.markdown import Context, render_body
from archiver.matter import read_matter
from archiver.model import Site, Source

ReadSource = Callable[[str], Source | None]


def load_site(
    path: str | None,
    read: ReadSource,
    find_for: Callable[[str], FindElsewhere],
    report: Report,
) -> Site:
    """The site's settings from `content/site.md`.

    Where they cannot be read there is an error, and the defaults stand in for them, so that the
    problems of all other files are found in the same run. `find_for` is given the site's `base_url`.
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
    zone = read_zone(matter, "UTC")
    fields = read_fields(matter.fields, SITE, Reading(matter, zone, report))
    fields.pop("format", None)
    if "title" not in fields:
        report_missing(matter, "title", "the site has no title", report)
        fields["title"] = ""
    context = Context(
        matter,
        report,
        zone,
        CONTENT,
        matter.body_line,
        INTRODUCTION,
        frozenset(),
        make_finder(CONTENT, "index.html", {}, find_for(fields.get("base_url", ""))),
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
