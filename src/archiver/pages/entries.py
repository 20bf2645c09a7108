"""The page of each entry, and the pages that older permalinks have become."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from archiver.digests import make_digest
from archiver.load import find_alias_path
from archiver.model import Coverage, Entry, Site
from archiver.pages.chunks import Chunk
from archiver.pages.edition import Edition, Sheet
from archiver.pages.frames import make_coverage_frame
from archiver.pages.linked_data import describe_entry
from archiver.pages.posts import make_headline, make_post_date, make_stamp, shorten
from archiver.pages.sharing import share_entry
from archiver.pages.timeline import find_place
from archiver.pages.versions import find_robust
from archiver.pages.views import (
    AliasView,
    Anchor,
    EntryView,
    Frame,
    PostView,
    RevisionView,
    TimesView,
    VersionView,
)
from archiver.times import is_before
from archiver.urls import absolute_link, entry_path, relative_link
from archiver.words import Words

_FIRST = datetime.min.replace(tzinfo=UTC)


def plan_entries(edition: Edition, chunk: Chunk, first: int) -> Iterator[Sheet]:
    """A sheet for every entry of a chunk, whose first is the coverage's `first`, and for its aliases.

    An entry's page carries nothing that a post elsewhere in the coverage would change.
    """
    entries = edition.coverage.entries
    version = find_robust(edition.coverage)
    for number, entry in enumerate(chunk.entries, first):
        before = entries[number - 1] if number else None
        after = entries[number + 1] if number + 1 < len(entries) else None
        path = entry_path(edition.coverage.slug, entry.slug)
        lines = (edition.briefs[one.slug].line if one else b"" for one in (before, after))
        key = make_digest(
            edition.frame, edition.briefs[entry.slug].key, chunk.name.encode(), *lines
        )
        make_view = partial(_make_view, edition, entry, chunk, before, after, version)
        yield Sheet(path, "entry", key, make_view)
        for alias in entry.aliases:
            yield _plan_alias(edition, entry, alias)


def _make_view(
    edition: Edition,
    entry: Entry,
    chunk: Chunk,
    before: Entry | None,
    after: Entry | None,
    version: VersionView | None,
) -> EntryView:
    site, coverage, words = edition.site, edition.coverage, edition.words
    post = edition.posts[entry.slug]
    return EntryView(
        frame=_make_frame(site, coverage, post),
        post=post,
        place=Anchor(find_place(coverage, chunk, entry.slug, post.path), coverage.title),
        previous=make_headline(edition, before) if before else None,
        next=make_headline(edition, after) if after else None,
        citation=write_citation(site, coverage, post, words),
        address=absolute_link(site.base_url, post.path) or post.path,
        revisions=_make_revisions(edition, post),
        history=() if entry.withdrawn else _tell_history(entry, coverage, words),
        version=version if post.origin_url else None,
    )


def _make_revisions(edition: Edition, post: PostView) -> tuple[RevisionView, ...]:
    found = edition.revisions[post.slug]
    if not found:
        return ()
    from archiver.pages.revisions import make_revisions  # few posts have any

    return make_revisions(found, post, edition.words)


def _tell_history(entry: Entry, coverage: Coverage, words: Words) -> tuple[TimesView, ...]:
    """When a post was published, changed and captured, where more than the first is known."""
    captures = coverage.source.captures if coverage.source else ()
    # What was captured before it was published cannot hold it.
    captured = [
        one.captured for one in captures if one.captured and not is_before(one.captured, entry.date)
    ]
    if not entry.updated and not captured:
        return ()
    told = [TimesView(words["first_published"], make_post_date(entry.date, words))]
    if entry.updated:
        told.append(TimesView(words["last_changed"], make_stamp(entry.updated, words)))
    if captured:
        captured.sort(key=lambda stamp: (stamp.day, stamp.instant or _FIRST))
        first, last = (make_stamp(stamp, words) for stamp in (captured[0], captured[-1]))
        until = last if last != first else None
        told.append(TimesView(words["as_captured"], first, until))
    return tuple(told)


def write_citation(site: Site, coverage: Coverage, post: PostView, words: Words) -> str:
    """How to cite a post: who, what, in which coverage, when, in which archive."""
    publisher = coverage.source.publisher if coverage.source else ""
    stop = words["full_stop"]
    who = words["comma"].join(byline.name for byline in post.byline) or publisher
    parts = [who, words.say("cited_title", title=post.headline), coverage.title, post.date.full]
    if publisher and publisher not in who:
        parts.append(publisher)
    told = (part.rstrip(f".{stop.strip()}") for part in (*parts, site.title) if part)
    return stop.join(words.isolate(part) for part in told) + stop.rstrip()


def _make_frame(site: Site, coverage: Coverage, post: PostView) -> Frame:
    return make_coverage_frame(
        site,
        coverage,
        post.path,
        f"{post.headline} \u2013 {coverage.title}",
        shorten(post.body.text, 200) or post.headline,
        describe_entry(site, coverage, post),
        share_entry(site, coverage.slug, post),
    )


def _plan_alias(edition: Edition, entry: Entry, alias: str) -> Sheet:
    coverage = edition.coverage
    path = find_alias_path(entry, alias)
    brief = edition.briefs[entry.slug]

    def make_view() -> AliasView:
        target = relative_link(path, entry_path(coverage.slug, entry.slug))
        frame = make_coverage_frame(edition.site, coverage, path, brief.headline)
        return AliasView(frame, Anchor(target, brief.headline))

    return Sheet(path, "alias", make_digest(edition.frame, brief.line), make_view)
