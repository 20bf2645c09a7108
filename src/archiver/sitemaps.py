"""Sitemaps and the file for robots, to bytes (sitemaps.org/protocol.html, RFC 9309)."""

from __future__ import annotations

from html import escape

from archiver.pages.views import RobotsView, SitemapView

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def write_sitemap(view: SitemapView) -> bytes:
    """A sitemap of pages."""
    return _write(view, "urlset", "url")


def write_sitemap_index(view: SitemapView) -> bytes:
    """A list of sitemaps."""
    return _write(view, "sitemapindex", "sitemap")


def write_robots(view: RobotsView) -> bytes:
    """Robots may read everything: an archive is there to be found."""
    lines = ["User-agent: *", "Allow: /"]
    if view.sitemap:
        lines.append(f"Sitemap: {view.sitemap}")
    return ("\n".join(lines) + "\n").encode()


def _write(view: SitemapView, outer: str, inner: str) -> bytes:
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="{_SPACE}">']
    for address, changed in view.addresses:
        dated = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"<{inner}><loc>{escape(address)}</loc>{dated}</{inner}>")
    lines.append(f"</{outer}>\n")
    return "\n".join(lines).encode()
