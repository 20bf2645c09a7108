"""The frame round a page: titles, language, ways up, feeds, and its address on the web."""

from __future__ import annotations

from functools import lru_cache

from archiver.languages import find_direction
from archiver.model import Body, Coverage, Site
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
    folder = path[: path.rfind("/") + 1]
    surround = _surround_coverage(
        folder,
        coverage.slug,
        coverage.language,
        site.title,
        coverage.timezone,
        coverage.title,
        coverage.source.publisher if coverage.source else "",
        write_rights(coverage),
        # Its links are seen from the coverage's folder; an alias may lie in another.
        coverage.notice if folder == f"{coverage.slug}/" else None,
        _find_search(site, folder),
    )
    canonical = absolute_link(site.base_url, path)
    description = description or coverage.description
    return Frame(path, surround, title, description, canonical, data, sharing)


# One for all pages of a folder; a site's coverages are made one by one.
@lru_cache(maxsize=32)
def _surround_coverage(
    folder: str,
    slug: str,
    language: str,
    site_title: str,
    zone: str,
    title: str,
    publisher: str,
    rights: str,
    notice: Body | None,
    search: str,
) -> Surround:
    """What is round all pages in a folder that belong to a coverage."""
    return Surround(
        root=relative_link(folder, ""),
        language=language,
        direction=find_direction(language),
        site_title=site_title,
        section="coverage",
        feeds=relative_link(folder, f"{slug}/"),
        zone=zone,
        coverage=Anchor(relative_link(folder, timeline_path(slug)), title),
        provenance=relative_link(folder, timeline_path(slug, "provenance")),
        publisher=publisher,
        rights=rights,
        notice=notice,
        search=search,
    )


def _find_search(site: Site, path: str) -> str:
    """The link to the page of the search, where the site has one."""
    return relative_link(path, SEARCH) if site.search else ""
