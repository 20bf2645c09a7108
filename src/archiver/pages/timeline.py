"""The pages of a coverage that show many posts: its index, its days and hours, the newest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from archiver.languages import find_direction
from archiver.model import Coverage, Entry, Page, Site
from archiver.pages.chunks import Chunk, split_days
from archiver.pages.frames import make_coverage_frame
from archiver.pages.linked_data import describe_timeline
from archiver.pages.posts import count_gaps, make_byline, make_headline
from archiver.pages.views import (
    Anchor,
    CoverageView,
    DayView,
    Headline,
    HourView,
    PartView,
    PostView,
    Section,
    TimelineView,
)
from archiver.urls import relative_link, timeline_path
from archiver.words import Words

# How many headlines an hour shows in the index of a long coverage, and how many key events stand there.
HEADLINES_AN_HOUR = 3
KEY_EVENTS = 300

Posts = Mapping[str, PostView]


def make_timeline_pages(
    site: Site, coverage: Coverage, chunks: Sequence[Chunk], posts: Posts, words: Words
) -> Iterator[Page]:
    """All pages of a coverage that show more than one post."""
    yield _make_index(site, coverage, chunks, posts, words)
    yield _make_newest(site, coverage, posts, words)
    if chunks[0].day is None:
        return
    pages = _list_pages(chunks)
    for number, (name, chunk) in enumerate(pages):
        before = pages[number - 1][0] if number else None
        after = pages[number + 1][0] if number + 1 < len(pages) else None
        yield _make_part(site, coverage, name, chunk, chunks, (before, after), posts, words)


def _make_index(
    site: Site, coverage: Coverage, chunks: Sequence[Chunk], posts: Posts, words: Words
) -> Page:
    path = timeline_path(coverage.slug)
    whole = chunks[0].day is None
    key_entries = [entry for entry in coverage.entries if entry.key]
    shown = coverage.entries if whole else key_entries[:KEY_EVENTS]
    data = describe_timeline(site, coverage, path, (posts[entry.slug] for entry in shown))
    view = TimelineView(
        frame=make_coverage_frame(site, coverage, path, coverage.title, data=data),
        coverage=_describe(coverage, words),
        key_events=_list_headlines(key_entries[:KEY_EVENTS], posts),
        more_key_events=max(0, len(key_entries) - KEY_EVENTS),
        pinned=_list_headlines((entry for entry in coverage.entries if entry.pinned), posts),
        days=tuple(_index_days(chunks, posts, words)),
        sections=_make_sections(coverage.entries, posts, words) if whole else (),
        newest=Anchor("newest.html", words["newest_first"]),
        data=(
            Anchor("coverage.json", words["data"]),
            Anchor("feed.xml", "Atom"),
            Anchor("feed.json", "JSON Feed"),
        ),
    )
    return Page(path, "timeline", view)


def _make_newest(site: Site, coverage: Coverage, posts: Posts, words: Words) -> Page:
    path = timeline_path(coverage.slug, "newest")
    entries = coverage.entries[-site.timeline_page_size :][::-1]
    title = words.say("newest_of", title=coverage.title)
    data = describe_timeline(site, coverage, path, (posts[entry.slug] for entry in entries))
    view = PartView(
        frame=make_coverage_frame(site, coverage, path, title, data=data),
        title=title,
        zone=words.zone_name(coverage.timezone),
        sections=_make_sections(entries, posts, words),
        index=Anchor("index.html", coverage.title),
        previous=None,
        next=None,
        newest_first=True,
        count=len(entries),
    )
    return Page(path, "part", view)


def _list_pages(chunks: Sequence[Chunk]) -> list[tuple[str, Chunk | None]]:
    """The names of all pages but the index, in reading order: a split day has a page of its own first."""
    names: list[tuple[str, Chunk | None]] = []
    for day, group in groupby(chunks, key=lambda chunk: chunk.day):
        of_day = list(group)
        assert day is not None, "only a coverage of several pages comes here"
        if of_day[0].name != day.isoformat():
            names.append((day.isoformat(), None))
        names.extend((chunk.name, chunk) for chunk in of_day)
    return names


def _make_part(
    site: Site,
    coverage: Coverage,
    name: str,
    chunk: Chunk | None,
    chunks: Sequence[Chunk],
    around: tuple[str | None, str | None],
    posts: Posts,
    words: Words,
) -> Page:
    path = timeline_path(coverage.slug, name)
    day = chunk.day if chunk else date.fromisoformat(name)
    assert day is not None, "a part belongs to a day"
    heading = _name_chunk(name, chunk, day, words)
    title = words.say("part_of", part=heading, title=coverage.title)
    entries = chunk.entries if chunk else ()
    of_day = [other for other in chunks if other.day == day]
    data = describe_timeline(site, coverage, path, (posts[entry.slug] for entry in entries))

    def link(other: str | None) -> Anchor | None:
        if other is None:
            return None
        found = next((one for one in chunks if one.name == other), None)
        when = found.day if found else date.fromisoformat(other)
        assert when is not None, "a part belongs to a day"
        return Anchor(f"{other}.html", _name_chunk(other, found, when, words))

    view = PartView(
        frame=make_coverage_frame(site, coverage, path, title, data=data),
        title=heading,
        zone=words.zone_name(coverage.timezone),
        sections=_make_sections(entries, posts, words) if chunk else (),
        index=Anchor("index.html", coverage.title),
        previous=link(around[0]),
        next=link(around[1]),
        hours=() if chunk else tuple(_index_hours(of_day, posts, words)),
        count=len(entries) if chunk else sum(len(other.entries) for other in of_day),
    )
    return Page(path, "part", view)


def _name_chunk(name: str, chunk: Chunk | None, day: date, words: Words) -> str:
    label = words.day(day)
    if chunk is None:
        return label
    if chunk.hour is not None:
        label = words.say("hour_of_day", day=label, hour=words.hour(chunk.hour))
    if chunk.part > 1 or name.endswith(".1"):
        label = words.say("part_number", part=label, number=words.number(chunk.part))
    return label


def _make_sections(
    entries: Sequence[Entry], posts: Posts, words: Words
) -> tuple[Section, ...]:
    return tuple(
        Section(
            f"_{day.isoformat()}", words.day(day), tuple(posts[entry.slug] for entry in of_day)
        )
        for day, of_day in split_days(entries)
    )


def _index_days(chunks: Sequence[Chunk], posts: Posts, words: Words) -> Iterator[DayView]:
    """Days and hours; they lead to places in the page itself where it holds everything."""
    if chunks[0].day is None:
        for day, of_day in split_days(chunks[0].entries):
            yield DayView(
                words.day(day),
                f"#_{day.isoformat()}",
                len(of_day),
                tuple(_index_timed_hours(of_day, "", words)),
            )
        return
    for day_or_none, group in groupby(chunks, key=lambda chunk: chunk.day):
        of = list(group)
        assert day_or_none is not None, "only a coverage of several pages comes here"
        name = day_or_none.isoformat()
        hours = (
            _index_day_page(of[0], posts, words)
            if of[0].name == name
            else _index_hours(of, posts, words)
        )
        yield DayView(
            words.day(day_or_none),
            f"{name}.html",
            sum(len(chunk.entries) for chunk in of),
            tuple(hours),
        )


def _index_timed_hours(entries: Sequence[Entry], page: str, words: Words) -> Iterator[HourView]:
    if not all(entry.date.moment for entry in entries):
        return
    for hour, group in groupby(entries, key=lambda entry: entry.date.moment.hour):  # type: ignore[union-attr]
        of_hour = list(group)
        yield HourView(words.hour(hour), f"{page}#{of_hour[0].slug}", len(of_hour))


def _index_day_page(chunk: Chunk, posts: Posts, words: Words) -> Iterator[HourView]:
    """The hours of a day that fits a page; a day without times is one such hour."""
    page = f"{chunk.name}.html"
    timed = all(entry.date.moment for entry in chunk.entries)
    groups: Iterable[tuple[int | None, Iterable[Entry]]] = (
        groupby(chunk.entries, key=lambda entry: entry.date.moment and entry.date.moment.hour)
        if timed
        else [(None, chunk.entries)]
    )
    for hour, group in groups:
        entries = list(group)
        label = words["whole_day"] if hour is None else words.hour(hour)
        yield HourView(
            label,
            f"{page}#{entries[0].slug}",
            len(entries),
            _choose_headlines(entries, posts, page),
        )


def _index_hours(chunks: Sequence[Chunk], posts: Posts, words: Words) -> Iterator[HourView]:
    """The hours, or the parts, of a day that does not fit a page."""
    for chunk in chunks:
        if chunk.hour is None:
            label = words.say("part_alone", number=words.number(chunk.part))
        else:
            label = words.hour(chunk.hour)
            if chunk.part > 1:
                label = words.say("part_number", part=label, number=words.number(chunk.part))
        page = f"{chunk.name}.html"
        yield HourView(
            label, page, len(chunk.entries), _choose_headlines(chunk.entries, posts, page)
        )


def _choose_headlines(
    entries: Sequence[Entry], posts: Posts, page: str
) -> tuple[Headline, ...]:
    """A few headlines of an hour: key posts before others, in their order, leading to their place."""
    ranked = sorted(
        range(len(entries)), key=lambda n: (not entries[n].key, not entries[n].title, n)
    )
    chosen = sorted(ranked[:HEADLINES_AN_HOUR])
    found = (make_headline(posts[entries[n].slug]) for n in chosen)
    return tuple(
        Headline(
            f"{page}#{entries[n].slug}",
            one.headline,
            one.date,
            one.key,
            one.language,
            one.direction,
        )
        for n, one in zip(chosen, found, strict=True)
    )


def _list_headlines(entries: Iterable[Entry], posts: Posts) -> tuple[Headline, ...]:
    return tuple(make_headline(posts[entry.slug]) for entry in entries)


def _describe(coverage: Coverage, words: Words) -> CoverageView:
    here = timeline_path(coverage.slug)
    source, rights = coverage.source, coverage.rights
    gaps = [count_gaps(entry) for entry in coverage.entries]
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
        untimed=sum(found["times"] for found in gaps),
        gaps=sum(found["embeds"] + found["media"] for found in gaps),
    )


def write_dates(coverage: Coverage, words: Words) -> str:
    """From which day to which a coverage goes, by its posts or, without any, by what it says itself."""
    if coverage.entries:
        return words.span(coverage.entries[0].date.day, coverage.entries[-1].date.day)
    stamps = [stamp for stamp in (coverage.started, coverage.ended) if stamp]
    return words.span(stamps[0].day, stamps[-1].day) if stamps else ""


def find_place(coverage: Coverage, chunk: Chunk, slug: str, here: str) -> str:
    """The link from an entry's page back to the very place of the entry in its timeline."""
    return f"{relative_link(here, timeline_path(coverage.slug, chunk.name))}#{slug}"
