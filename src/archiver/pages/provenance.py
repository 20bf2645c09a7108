"""The page that tells where a coverage came from: its captures, what was kept, and what was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from archiver.digests import digest_value, make_digest
from archiver.embeds import find_provider
from archiver.model import Capture, Coverage, Entry
from archiver.pages.chunks import split_days
from archiver.pages.edition import Edition, Sheet, Trace
from archiver.pages.frames import make_coverage_frame
from archiver.pages.gaps import make_gaps
from archiver.pages.posts import list_traces, make_headline, make_stamp
from archiver.pages.versions import find_version
from archiver.pages.views import (
    CaptureView,
    DoubtView,
    Headline,
    HeadlineDay,
    ProvenanceView,
    StampView,
    TraceDay,
    TraceGroup,
    TraceView,
)
from archiver.urls import timeline_path
from archiver.words import Words

# How many of a group, and of all groups together, are listed; `coverage.json` has them all.
GROUP_LENGTH = 100
LENGTH = 1000
# How many posts of which the time is not known are listed.
UNTIMED = 300


class Find(NamedTuple):
    """A trace, and the entry that it stood in; none for the coverage's own words."""

    trace: Trace
    entry: Entry | None


def plan_provenance(edition: Edition) -> Sheet:
    """The sheet of a coverage's provenance."""
    coverage = edition.coverage
    path = timeline_path(coverage.slug, "provenance")
    traces = [edition.briefs[entry.slug].traces for entry in coverage.entries]
    doubts = _find_doubts(coverage)
    origins = coverage.notes.origins
    noted = (origins, coverage.media if origins else (), [(one.slug, text) for one, text in doubts])
    own = (list_traces(coverage.introduction), noted)
    lines = edition.join_lines(coverage.entries)
    key = make_digest(edition.frame, lines, digest_value((traces, own)))
    return Sheet(path, "provenance", key, partial(_make_view, edition, path, doubts))


def _find_doubts(coverage: Coverage) -> list[tuple[Entry, str]]:
    """The posts of which imports noted a doubt, in the order of their files."""
    if not coverage.notes.doubts:
        return []
    folder = coverage.path.rpartition("/")[0] + "/"
    entries = {entry.path.removeprefix(folder): entry for entry in coverage.entries}
    return [
        (entries[name], text)
        for name, text in sorted(coverage.notes.doubts.items())
        if name in entries and not entries[name].withdrawn
    ]


def _make_view(edition: Edition, path: str, doubts: Sequence[tuple[Entry, str]]) -> ProvenanceView:
    coverage, words = edition.coverage, edition.words
    source, rights = coverage.source, coverage.rights
    captures = source.captures if source else ()
    title = words.say("provenance_of", title=coverage.title)
    finds = list(_list_finds(edition))
    untimed = [entry for entry in coverage.entries if entry.date.moment is None]
    return ProvenanceView(
        frame=make_coverage_frame(edition.site, coverage, path, title),
        title=coverage.title,
        zone=words.zone_name(coverage.timezone),
        count=len(coverage.entries),
        publisher=source.publisher if source else "",
        address=source.url if source else "",
        captures=tuple(_show_capture(capture, words) for capture in captures),
        missing=source.missing if source else (),
        embeds=_group(
            [find for find in finds if find.trace.provider is not None], edition, by_provider=True
        ),
        media=_group(
            [find for find in finds if find.trace.provider is None], edition, by_provider=False
        ),
        untimed=tuple(
            HeadlineDay(words.day(day), tuple(make_headline(edition, entry) for entry in of_day))
            for day, of_day in split_days(untimed[:UNTIMED])
        ),
        untimed_count=len(untimed),
        untimed_more=max(0, len(untimed) - UNTIMED),
        doubts=tuple(DoubtView(make_headline(edition, entry), text) for entry, text in doubts),
        licence=rights.licence if rights else "",
        holder=rights.holder if rights else "",
        plot=make_gaps(coverage, words),
    )


def _show_capture(capture: Capture, words: Words) -> CaptureView:
    return CaptureView(
        make_stamp(capture.captured, words) if capture.captured else None,
        capture.url,
        find_version(capture),
        capture.format,
        capture.tool,
        capture.file,
        capture.sha256,
    )


def _list_finds(edition: Edition) -> Iterator[Find]:
    coverage = edition.coverage
    for trace in list_traces(coverage.introduction):
        yield Find(trace, None)
    for entry in coverage.entries:
        for trace in edition.briefs[entry.slug].traces:
            yield Find(trace, entry)


def _group(finds: Iterable[Find], edition: Edition, *, by_provider: bool) -> tuple[TraceGroup, ...]:
    """What was found by its platform or kind, the largest group first."""
    words = edition.words
    groups: dict[str, list[Find]] = {}
    for find in finds:
        trace = find.trace
        name = trace.kind
        if by_provider:
            name = find_provider(trace.provider or "").name or words["embed_elsewhere"]
        groups.setdefault(name, []).append(find)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    shown: list[TraceGroup] = []
    room = LENGTH
    for name, found in ordered:
        chosen = _choose(found, min(room, GROUP_LENGTH))
        room -= len(chosen)
        kept = sum(find.trace.was_kept for find in found)
        shown.append(
            TraceGroup(
                name if by_provider else "",
                "" if by_provider else name,
                kept,
                len(found) - kept,
                tuple(_list_days(chosen, edition)),
                len(found) - len(chosen),
            )
        )
    return tuple(shown)


def _choose(found: Sequence[Find], length: int) -> list[Find]:
    """As many as may be listed, what was not kept before what was; in the order of the posts."""
    ranked = sorted(range(len(found)), key=lambda number: (found[number].trace.was_kept, number))
    return [found[number] for number in sorted(ranked[:length])]


def _list_days(finds: Iterable[Find], edition: Edition) -> Iterator[TraceDay]:
    words = edition.words
    for day, of_day in groupby(finds, lambda find: find.entry.date.day if find.entry else None):
        rows = tuple(_show_trace(find, edition) for find in of_day)
        yield TraceDay(words.day(day) if day else words["introduction"], rows)


def _show_trace(find: Find, edition: Edition) -> TraceView:
    trace = find.trace
    origin = edition.coverage.notes.origins.get(trace.href, "") if trace.href else ""
    post = (
        make_headline(edition, find.entry)
        if find.entry
        else Headline("index.html", edition.coverage.title, StampView("", "", "", ""))
    )
    return TraceView(post, trace.kind, trace.address or origin, trace.href, trace.was_kept)
