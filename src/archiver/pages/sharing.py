"""What a link to a page shows where somebody shares it (the Open Graph protocol, ogp.me)."""

from __future__ import annotations

from archiver.model import Site
from archiver.pages.edition import Edition
from archiver.pages.images import choose_image
from archiver.pages.views import PostView, SharedImage, Sharing
from archiver.urls import absolute_link


def share_entry(site: Site, coverage: str, post: PostView) -> Sharing:
    """A post, with the first of its pictures."""
    image = choose_image(post.body) if site.base_url else None
    return Sharing(
        post.headline,
        "article",
        post.machine_date,
        post.machine_changed,
        _place(site, coverage, image),
    )


def share_timeline(edition: Edition, title: str) -> Sharing:
    """A coverage, with its introduction's first picture, else that of a key event, or of any post."""
    image = choose_coverage_image(edition)
    return Sharing(title, "article", image=_place(edition.site, edition.coverage.slug, image))


def choose_coverage_image(edition: Edition) -> SharedImage | None:
    """The picture that stands for a coverage, whose address is below the coverage's folder; none is needed
    where the site does not say where it will be."""
    if not edition.site.base_url:
        return None
    coverage = edition.coverage
    keys = (entry for entry in coverage.entries if entry.key)
    briefs = (edition.briefs[entry.slug] for group in (keys, coverage.entries) for entry in group)
    found = (brief.image for brief in briefs)
    return choose_image(coverage.introduction) or next(filter(None, found), None)


def _place(site: Site, coverage: str, image: SharedImage | None) -> SharedImage | None:
    """The same with its address on the web."""
    if image is None:
        return None
    home = absolute_link(site.base_url, f"{coverage}/")
    return SharedImage(home + image.url, image.width, image.height, image.alt)
