"""The pages of a coverage that show many posts: its index, its days and hours, the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from archiver.digests import digest_value, make_digest
from archiver.languages import find_direction
from archiver.model import Coverage, Entry
from archiver.pages.chunks import Chunk, Part, pair_neighbours, split_days, split_hours
from archiver.pages.density import make_plot
from archiver.pages.edition import Edition, Sheet
from archiver.pages.frames import make_coverage_frame
from archiver.pages.linked_data import describe_timeline
from archiver.pages.posts import count_gaps, make_byline, make_headline
from archiver.pages.sharing import choose_coverage_image, share_timeline
from archiver.pages.versions import find_robust
from archiver.pages.views import (
    Anchor,
    CoverageView,
    DayView,
    Earlier,
    Headline,
    HeadlineDay,
    HourView,
    PartView,
    Section,
    Sharing,
    TimelineView,
)
from archiver.times import write_stamp
from archiver.urls import quote_path, relative_link, timeline_path
from archiver.words import Words

# How many headlines an hour shows in the index of a long coverage, and how many key events stand there.
HEADLINES_AN_HOUR = 3
KEY_EVENTS = 300


def plan_parts(edition: Edition, start: int, stop: int) -> Iterator[Sheet]:
    """The pages that show the posts of some chunks in full; none where the index shows them all."""
    if edition.chunks[0].day is None:
        return
    names = {chunk.name for chunk in edition.chunks[start:stop]}
    yield from (
        _plan_part(edition, part, around)
        for part, around in pair_neighbours(edition.parts)
        if part.chunk and part.name in names
    )


def plan_newest(edition: Edition) -> Iterator[Sheet]:
    """The page of the newest posts, newest first; none where there are no posts."""
    coverage = edition.coverage
    if coverage.entries:
        path = timeline_path(coverage.slug, "newest")
        entries = coverage.entries[-edition.site.timeline_page_size :][::-1]
        key = make_digest(edition.frame, edition.join_keys(entries))
        yield Sheet(path, "part", key, partial(_make_newest, edition, path, entries))


def plan_timeline(edition: Edition) -> Iterator[Sheet]:
    """The other pages that show more than one post: the index, and those of long days."""
    coverage = edition.coverage
    path = timeline_path(coverage.slug)
    shown = edition.join_keys(coverage.entries) if edition.chunks[0].day is None else b""
    lines = edition.join_lines(coverage.entries)
    key = make_digest(edition.whole, shown, lines, digest_value(choose_coverage_image(edition)))
    yield Sheet(path, "timeline", key, partial(_make_index, edition, path))
    if edition.chunks[0].day is not None:
        for part, around in pair_neighbours(edition.parts):
            if part.chunk is None:
                yield _plan_part(edition, part, around)


def _make_index(edition: Edition, path: str) -> TimelineView:
    site, coverage, words = edition.site, edition.coverage, edition.words
    whole = edition.chunks[0].day is None
    key_entries = [entry for entry in coverage.entries if entry.key]
    shown = coverage.entries if whole else key_entries[:KEY_EVENTS]
    return TimelineView(
        frame=make_coverage_frame(
            site,
            coverage,
            path,
            coverage.title,
            data=describe_timeline(edition, path, shown),
            sharing=share_timeline(edition, coverage.title),
        ),
        coverage=_describe(edition),
        key_events=_list_days(key_entries[:KEY_EVENTS], edition),
        more_key_events=max(0, len(key_entries) - KEY_EVENTS),
        pinned=tuple(make_headline(edition, entry) for entry in coverage.entries if entry.pinned),
        plot=make_plot(coverage.entries, edition.chunks, words),
        days=tuple(_index_days(edition)),
        sections=_make_sections(coverage.entries, edition) if whole else (),
        newest=Anchor("newest.html", words["newest_first"]),
        data=(
            Anchor("coverage.json", words["data"]),
            Anchor("feed.xml", "Atom"),
            Anchor("feed.json", "JSON Feed"),
        ),
        earlier=_find_earlier(coverage.entries if whole else (), edition),
        first=write_stamp(coverage.entries[0].date) if coverage.entries else "",
        version=find_robust(coverage),
    )


def _make_newest(edition: Edition, path: str, entries: tuple[Entry, ...]) -> PartView:
    site, coverage, words = edition.site, edition.coverage, edition.words
    title = words.say("newest_of", title=coverage.title)
    data = describe_timeline(edition, path, entries)
    return PartView(
        frame=make_coverage_frame(
            site, coverage, path, title, data=data, sharing=Sharing(title, "article")
        ),
        title=title,
        zone=words.zone_name(coverage.timezone),
        sections=_make_sections(entries, edition),
        index=Anchor("index.html", coverage.title),
        previous=None,
        next=None,
        newest_first=True,
        count=len(entries),
        earlier=_find_earlier(entries, edition),
    )


def _plan_part(edition: Edition, part: Part, around: tuple[Part | None, Part | None]) -> Sheet:
    path = timeline_path(edition.coverage.slug, part.name)
    entries = tuple(entry for chunk in part.chunks for entry in chunk.entries)
    # The name of a part tells its day and hour, and its number.
    names = (one.name.encode() if one else b"" for one in (part, *around))
    shown = edition.join_keys(entries) if part.chunk else edition.join_lines(entries)
    chunked = digest_value([(chunk.name, len(chunk.entries)) for chunk in part.chunks])
    key = make_digest(edition.frame, shown, chunked, *names)
    return Sheet(path, "part", key, partial(_make_part, edition, part, around, path))


def _make_part(
    edition: Edition, part: Part, around: tuple[Part | None, Part | None], path: str
) -> PartView:
    site, coverage, words = edition.site, edition.coverage, edition.words
    heading = _name_part(part, words)
    title = words.say("part_of", part=heading, title=coverage.title)
    entries = part.chunk.entries if part.chunk else ()
    before, after = (
        Anchor(f"{other.name}.html", _name_part(other, words)) if other else None
        for other in around
    )
    return PartView(
        frame=make_coverage_frame(
            site,
            coverage,
            path,
            title,
            data=describe_timeline(edition, path, entries),
            sharing=Sharing(title, "article"),
        ),
        title=heading,
        zone=words.zone_name(coverage.timezone),
        sections=_make_sections(entries, edition),
        index=Anchor("index.html", coverage.title),
        previous=before,
        next=after,
        hours=() if part.chunk else tuple(_index_hours(part.chunks, edition)),
        count=sum(len(chunk.entries) for chunk in part.chunks),
        earlier=_find_earlier(entries, edition),
    )


def _name_part(part: Part, words: Words) -> str:
    label = words.day(part.day)
    chunk = part.chunk
    if chunk is None:
        return label
    if chunk.hour is not None:
        label = words.say("hour_of_day", day=label, hour=words.hour(chunk.hour))
    if chunk.part > 1 or chunk.name.endswith(".1"):
        label = words.say("part_number", part=label, number=words.number(chunk.part))
    return label


def _make_sections(entries: Sequence[Entry], edition: Edition) -> tuple[Section, ...]:
    words, posts = edition.words, edition.posts
    return tuple(
        Section(f"_{day.isoformat()}", words.day(day), tuple(posts[entry.slug] for entry in of_day))
        for day, of_day in split_days(entries)
    )


def _find_earlier(entries: Sequence[Entry], edition: Edition) -> Earlier:
    found = {entry.slug: edition.revisions[entry.slug] for entry in entries}
    if not any(found.values()):
        return {}
    from archiver.pages.revisions import make_earlier  # few posts have any

    return {slug: make_earlier(texts) for slug, texts in found.items() if texts}


def _index_days(edition: Edition) -> Iterator[DayView]:
    """Days and hours; they lead to places in the page itself where it holds everything."""
    chunks, words = edition.chunks, edition.words
    if chunks[0].day is None:
        for day, of_day in split_days(chunks[0].entries):
            yield DayView(
                words.day(day),
                write_stamp(of_day[0].date),
                f"#_{day.isoformat()}",
                len(of_day),
                tuple(_index_timed_hours(of_day, words)),
            )
        return
    for day_or_none, group in groupby(chunks, key=lambda chunk: chunk.day):
        of = list(group)
        assert day_or_none is not None, "only a coverage of several pages comes here"
        name = day_or_none.isoformat()
        hours = _index_day_page(of[0], edition) if of[0].name == name else _index_hours(of, edition)
        yield DayView(
            words.day(day_or_none),
            write_stamp(of[0].entries[0].date),
            f"{name}.html",
            sum(len(chunk.entries) for chunk in of),
            tuple(hours),
        )


def _index_timed_hours(entries: Sequence[Entry], words: Words) -> Iterator[HourView]:
    if not all(entry.date.moment for entry in entries):
        return
    for hour, of_hour in split_hours(entries):
        if hour is not None:
            yield HourView(
                words.hour(hour),
                write_stamp(of_hour[0].date),
                f"#{quote_path(of_hour[0].slug)}",
                len(of_hour),
            )


def _index_day_page(chunk: Chunk, edition: Edition) -> Iterator[HourView]:
    """The hours of a day that fits a page; where a time is not recorded, the day is one such hour."""
    words = edition.words
    page = f"{chunk.name}.html"
    groups = split_hours(chunk.entries)
    if not all(entry.date.moment for entry in chunk.entries):
        groups = [(None, chunk.entries)]
    for hour, entries in groups:
        yield HourView(
            words["whole_day"] if hour is None else words.hour(hour),
            write_stamp(entries[0].date),
            f"{page}#{quote_path(entries[0].slug)}",
            len(entries),
            _choose_headlines(entries, edition, page),
        )


def _index_hours(chunks: Sequence[Chunk], edition: Edition) -> Iterator[HourView]:
    """The hours, or the parts, of a day that does not fit a page."""
    words = edition.words
    for chunk in chunks:
        if chunk.hour is None:
            label = words.say("part_alone", number=words.number(chunk.part))
        else:
            label = words.hour(chunk.hour)
            if chunk.part > 1:
                label = words.say("part_number", part=label, number=words.number(chunk.part))
        page = f"{chunk.name}.html"
        yield HourView(
            label,
            write_stamp(chunk.entries[0].date),
            page,
            len(chunk.entries),
            _choose_headlines(chunk.entries, edition, page),
        )


def _choose_headlines(
    entries: Sequence[Entry], edition: Edition, page: str
) -> tuple[Headline, ...]:
    """A few headlines of an hour: key posts before others, in their order, leading to their place."""
    ranked = sorted(
        range(len(entries)), key=lambda n: (not entries[n].key, not entries[n].title, n)
    )
    chosen = sorted(ranked[:HEADLINES_AN_HOUR])
    found = (make_headline(edition, entries[n]) for n in chosen)
    return tuple(
        Headline(
            f"{page}#{quote_path(entries[n].slug)}",
            one.headline,
            one.date,
            one.key,
            one.language,
            one.direction,
            one.draft,
        )
        for n, one in zip(chosen, found, strict=True)
    )


def _list_days(entries: Sequence[Entry], edition: Edition) -> tuple[HeadlineDay, ...]:
    return tuple(
        HeadlineDay(
            edition.words.day(day), tuple(make_headline(edition, entry) for entry in of_day)
        )
        for day, of_day in split_days(entries)
    )


def _describe(edition: Edition) -> CoverageView:
    coverage, words = edition.coverage, edition.words
    here = timeline_path(coverage.slug)
    source, rights = coverage.source, coverage.rights
    gaps = count_gaps(edition)
    return CoverageView(
        title=coverage.title,
        description=coverage.description,
        language=coverage.language,
        direction=find_direction(coverage.language),
        dates=write_dates(coverage, words),
        status=coverage.status,
        count=len(coverage.entries),
        zone=words.zone_name(coverage.timezone),
        introduction=coverage.introduction,
        key_points=coverage.key_points,
        contributors=tuple(make_byline(byline, here) for byline in coverage.contributors),
        publisher=source.publisher if source else "",
        source_url=source.url if source else "",
        licence=rights.licence if rights else "",
        holder=rights.holder if rights else "",
        missing=source.missing if source else (),
        untimed=gaps["times"],
        gaps=gaps["embeds"] + gaps["media"],
    )


def write_dates(coverage: Coverage, words: Words) -> str:
    """From which day to which a coverage goes, by its posts or, without any, by what it says itself."""
    if coverage.entries:
        return words.span(coverage.entries[0].date.day, coverage.entries[-1].date.day)
    stamps = [stamp for stamp in (coverage.started, coverage.ended) if stamp]
    return words.span(stamps[0].day, stamps[-1].day) if stamps else ""


def find_place(coverage: Coverage, chunk: Chunk, slug: str, here: str) -> str:
    """The link from an entry's page back to the very place of the entry in its timeline."""
    return f"{relative_link(here, timeline_path(coverage.slug, chunk.name))}#{quote_path(slug)}"
