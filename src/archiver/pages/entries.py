"""The page of each entry, and the pages that older permalinks have become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archiver.load import find_alias_path
from archiver.model import Coverage, Entry, Page, Site
from archiver.pages.chunks import Chunk
from archiver.pages.frames import make_coverage_frame
from archiver.pages.linked_data import describe_entry
from archiver.pages.posts import make_headline, shorten
from archiver.pages.timeline import find_place
from archiver.pages.views import AliasView, Anchor, EntryView, Frame, PostView
from archiver.urls import absolute_link, entry_path, relative_link
from archiver.words import Words


def make_entry_pages(
    site: Site,
    coverage: Coverage,
    chunks: Sequence[Chunk],
    posts: Mapping[str, PostView],
    words: Words,
) -> Iterator[Page]:
    """A page for every entry; it carries nothing that a post elsewhere in the coverage would change."""
    places = {entry.slug: chunk for chunk in chunks for entry in chunk.entries}
    entries = coverage.entries
    for number, entry in enumerate(entries):
        post = posts[entry.slug]
        before = entries[number - 1] if number else None
        after = entries[number + 1] if number + 1 < len(entries) else None
        view = EntryView(
            frame=_make_frame(site, coverage, post),
            post=post,
            place=Anchor(
                find_place(coverage, places[entry.slug], entry.slug, post.path), coverage.title
            ),
            previous=make_headline(posts[before.slug]) if before else None,
            next=make_headline(posts[after.slug]) if after else None,
            citation=write_citation(site, coverage, post, words),
            address=absolute_link(site.base_url, post.path) or post.path,
        )
        yield Page(post.path, "entry", view)
        for alias in entry.aliases:
            yield _make_alias(site, coverage, entry, alias, post)


def write_citation(site: Site, coverage: Coverage, post: PostView, words: Words) -> str:
    """How to cite a post: who, what, in which coverage, when, in which archive."""
    publisher = coverage.source.publisher if coverage.source else ""
    who = ", ".join(byline.name for byline in post.byline) or publisher
    parts = [who, words.say("cited_title", title=post.headline), coverage.title, post.date.full]
    if publisher and publisher not in who:
        parts.append(publisher)
    return ". ".join(part.rstrip(".") for part in (*parts, site.title) if part) + "."


def _make_frame(site: Site, coverage: Coverage, post: PostView) -> Frame:
    return make_coverage_frame(
        site,
        coverage,
        post.path,
        f"{post.headline} \u2013 {coverage.title}",
        shorten(post.body.text, 200) or post.headline,
        describe_entry(site, coverage, post),
    )


def _make_alias(site: Site, coverage: Coverage, entry: Entry, alias: str, post: PostView) -> Page:
    path = find_alias_path(entry, alias)
    target = relative_link(path, entry_path(coverage.slug, entry.slug))
    frame = make_coverage_frame(site, coverage, path, post.headline)
    return Page(path, "alias", AliasView(frame, Anchor(target, post.headline)))
