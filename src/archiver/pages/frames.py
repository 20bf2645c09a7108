"""The frame round a page: titles, language, ways up, feeds, and its address on the web."""

from __future__ import annotations

from archiver.languages import find_direction
from archiver.model import Coverage, Site
from archiver.pages.views import Anchor, Frame, Sharing, Surround
from archiver.urls import absolute_link, relative_link, timeline_path

# The page of the search.
SEARCH = "search.html"


def make_site_frame(
    site: Site, path: str, title: str, description: str = "", section: str = "", data: str = ""
) -> Frame:
    """The frame of a page that belongs to the whole site."""
    root = relative_link(path, "")
    surround = Surround(
        root=root,
        language=site.language,
        direction=find_direction(site.language),
        site_title=site.title,
        section=section,
        feeds=root,
        search=_find_search(site, path),
    )
    canonical = absolute_link(site.base_url, path)
    description = description or site.description
    return Frame(path, surround, title, description, canonical, data, Sharing(title, "website"))


def write_rights(coverage: Coverage) -> str:
    """The terms of a coverage and who holds it, on one line."""
    rights = coverage.rights
    return " · ".join(filter(None, (rights.licence, rights.holder))) if rights else ""


def make_coverage_frame(
    site: Site,
    coverage: Coverage,
    path: str,
    title: str,
    description: str = "",
    data: str = "",
    sharing: Sharing | None = None,
) -> Frame:
    """The frame of a page that belongs to a coverage."""
    surround = Surround(
        root=relative_link(path, ""),
        language=coverage.language,
        direction=find_direction(coverage.language),
        site_title=site.title,
        section="coverage",
        feeds=relative_link(path, f"{coverage.slug}/"),
        zone=coverage.timezone,
        coverage=Anchor(relative_link(path, timeline_path(coverage.slug)), coverage.title),
        provenance=relative_link(path, timeline_path(coverage.slug, "provenance")),
        publisher=coverage.source.publisher if coverage.source else "",
        rights=write_rights(coverage),
        # Its links are seen from the coverage's folder; an alias may lie in another.
        notice=coverage.notice if path.startswith(f"{coverage.slug}/") else None,
        search=_find_search(site, path),
    )
    canonical = absolute_link(site.base_url, path)
    description = description or coverage.description
    return Frame(path, surround, title, description, canonical, data, sharing)


def _find_search(site: Site, path: str) -> str:
    """The link to the page of the search, where the site has one."""
    return relative_link(path, SEARCH) if site.search else ""
