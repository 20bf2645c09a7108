"""What robots are told of the whole site: where all sitemaps are, and that everything may be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from archiver.digests import digest_value, make_digest
from archiver.model import Site
from archiver.pages.edition import Sheet
from archiver.pages.outlines import Outline
from archiver.pages.sitemap_views import name_sitemap
from archiver.pages.views import RobotsView, SitemapView
from archiver.urls import absolute_link, list_path

# The sitemap of the pages that no coverage owns. The list of all sitemaps is `sitemap.xml`.
OWN = "sitemap.pages.xml"


def plan_site_sitemaps(site: Site, outlines: Sequence[Outline]) -> Iterator[Sheet]:
    """The sitemap of the site's own pages, the list of all sitemaps, and the file for robots."""
    sitemap = absolute_link(site.base_url, "sitemap.xml")
    yield Sheet("robots.txt", "robots", make_digest(sitemap.encode()), partial(RobotsView, sitemap))
    if not site.base_url:
        return
    last = max((one.changed for one in outlines), key=_rank, default="")
    names = ("index.html", list_path("contributors"), list_path("tags"))
    pages = tuple((absolute_link(site.base_url, name), last) for name in names)
    yield Sheet(OWN, "sitemap", digest_value((OWN, pages)), partial(SitemapView, pages))
    parts = [(OWN, last)]
    for one in outlines:
        parts += [(name_sitemap(one.slug, n), one.changed) for n in range(1, one.sitemaps + 1)]
    listed = tuple((absolute_link(site.base_url, path), changed) for path, changed in parts)
    key = digest_value(("sitemap.xml", listed))
    yield Sheet("sitemap.xml", "sitemap-index", key, partial(SitemapView, listed))


def _rank(written: str) -> str:
    """Of coverages in several zones, the day counts."""
    return written[:10]
