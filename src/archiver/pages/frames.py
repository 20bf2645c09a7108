"""The frame round a page: titles, language, ways up, feeds, and its address on the web."""

from __future__ import annotations

from archiver.languages import find_direction
from archiver.model import Coverage, Site
from archiver.pages.views import Anchor, Frame
from archiver.urls import absolute_link, relative_link, timeline_path


def make_site_frame(
    site: Site, path: str, title: str, description: str = "", section: str = "", data: str = ""
) -> Frame:
    """The frame of a page that belongs to the whole site."""
    return Frame(
        path=path,
        root="../" * path.count("/"),
        language=site.language,
        direction=find_direction(site.language),
        title=title,
        description=description or site.description,
        site_title=site.title,
        canonical=absolute_link(site.base_url, path),
        linked_data=data,
        section=section,
        feeds="../" * path.count("/"),
    )


def make_coverage_frame(
    site: Site,
    coverage: Coverage,
    path: str,
    title: str,
    description: str = "",
    data: str = "",
) -> Frame:
    """The frame of a page that belongs to a coverage."""
    return Frame(
        path=path,
        root="../",
        language=coverage.language,
        direction=find_direction(coverage.language),
        title=title,
        description=description or coverage.description,
        site_title=site.title,
        canonical=absolute_link(site.base_url, path),
        linked_data=data,
        section="coverage",
        coverage=Anchor(relative_link(path, timeline_path(coverage.slug)), coverage.title),
        notice=coverage.notice,
        feeds="",
    )
