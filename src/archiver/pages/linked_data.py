"""schema.org in JSON-LD: a LiveBlogPosting on timelines, a BlogPosting on entries.

Addresses are absolute where the site has a `base_url`, else relative to the page. A timeline names
date and address of the posts it shows; what is at that address tells the rest. Said twice in a page, the
headlines of 200 posts would make it a twentieth heavier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from archiver.model import Coverage, Entry, Site
from archiver.pages.edition import Edition
from archiver.pages.views import PostView
from archiver.times import write_stamp
from archiver.urls import absolute_link, entry_path, relative_link, scheme_of, timeline_path

# Roles that say that a name is not a person's.
_COLLECTIVE = frozenset({"desk", "channel", "agency", "newsroom", "team", "service"})
# So written, no text in the data can end the element or be read as markup (HTML, "script data").
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def describe_timeline(edition: Edition, path: str, entries: Iterable[Entry]) -> str:
    """The LiveBlogPosting of a timeline page, with an update for each post that the page shows."""
    site, coverage = edition.site, edition.coverage
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": coverage.title,
        "url": _address(site, path, timeline_path(coverage.slug)),
        "inLanguage": coverage.language,
    }
    if coverage.description:
        data["description"] = coverage.description
    # These two are DateTimes to schema.org, which a bare day is not.
    if coverage.started and coverage.started.moment:
        data["coverageStartTime"] = write_stamp(coverage.started)
    if coverage.ended and coverage.ended.moment:
        data["coverageEndTime"] = write_stamp(coverage.ended)
    if coverage.contributors:
        publisher = _name_publisher(coverage)
        data["author"] = [
            _describe_byline(one.name, one.role, publisher) for one in coverage.contributors
        ]
    if path == timeline_path(coverage.slug) and coverage.entries:
        # On the index alone: an older post that arrives late must not change every page.
        data["datePublished"] = write_stamp(coverage.entries[0].date)
    if path == timeline_path(coverage.slug):
        data |= _describe_rights(coverage)
    data |= _describe_publisher(coverage)
    data["liveBlogUpdate"] = [
        {
            "@type": "BlogPosting",
            "datePublished": write_stamp(entry.date),
            "url": _address(site, path, entry_path(coverage.slug, entry.slug)),
        }
        for entry in entries
    ]
    return write_data(data)


def describe_entry(site: Site, coverage: Coverage, post: PostView) -> str:
    """The BlogPosting of an entry's page."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": post.headline,
        "datePublished": post.machine_date,
        "url": _address(site, post.path, post.path),
        "inLanguage": post.language,
        "isPartOf": {
            "@type": "LiveBlogPosting",
            "headline": coverage.title,
            "url": _address(site, post.path, timeline_path(coverage.slug)),
        },
    }
    if post.machine_changed:
        data["dateModified"] = post.machine_changed
    if post.byline:
        publisher = _name_publisher(coverage)
        data["author"] = [_describe_byline(one.name, one.role, publisher) for one in post.byline]
    if post.tags:
        data["keywords"] = [tag.label for tag in post.tags]
    if post.corrections:
        data["correction"] = [
            {"@type": "CorrectionComment", "text": one.note, "datePublished": one.date.iso}
            for one in post.corrections
        ]
    if post.withdrawn:
        data["creativeWorkStatus"] = "Withdrawn"
    if post.origin_url:
        data["isBasedOn"] = post.origin_url
    data |= _describe_publisher(coverage)
    return write_data(data)


def write_data(data: dict[str, Any]) -> str:
    """JSON that may stand in a script element."""
    text = msgspec.json.encode(data).decode()
    for char, escape in _ESCAPES.items():
        text = text.replace(char, escape)
    return text


def _address(site: Site, here: str, target: str) -> str:
    return absolute_link(site.base_url, target) or relative_link(here, target)


# The same few report all that a site has.
@lru_cache(maxsize=2_000)
def _describe_byline(name: str, role: str, publisher: str) -> Mapping[str, str]:
    collective = role.casefold() in _COLLECTIVE or (bool(publisher) and name.startswith(publisher))
    described = {"@type": "Organization" if collective else "Person", "name": name}
    if role and not collective:
        described["jobTitle"] = role
    return described


def _describe_rights(coverage: Coverage) -> dict[str, Any]:
    """The terms: a licence is a page to schema.org, and anything else a notice."""
    rights = coverage.rights
    if rights is None:
        return {}
    is_page = scheme_of(rights.licence) in ("http", "https") and " " not in rights.licence
    described: dict[str, Any] = {}
    if rights.licence:
        described["license" if is_page else "copyrightNotice"] = rights.licence
    if rights.holder:
        described["copyrightHolder"] = {"@type": "Organization", "name": rights.holder}
    return described


def _describe_publisher(coverage: Coverage) -> dict[str, Any]:
    name = _name_publisher(coverage)
    return {"publisher": {"@type": "Organization", "name": name}} if name else {}


def _name_publisher(coverage: Coverage) -> str:
    return coverage.source.publisher if coverage.source else ""
