"""Articles whose headings carry the time: "12.31 Uhr: …", "14:05 – …", "10.45am: …".

Nothing in such a page is made for machines but the article's own date. The day of each post comes from
headings that are dates, else from the article's date where that leaves no doubt; else it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from archiver.importers.capture import Block, Capture, Post
from archiver.importers.layers import copy_node, drop_nodes, read_seen
from archiver.importers.markup import read_html
from archiver.importers.moments import find_zone, make_stamp, read_moment
from archiver.importers.reader import Reader
from archiver.importers.readers.json_ld import read_language, read_names
from archiver.importers.record import (
    Record,
    list_linked_data,
    read_canonical,
    read_meta,
    read_text,
)
from archiver.model import Byline, Stamp

_HEADINGS = ("h2", "h3", "h4", "h5")
_FURNITURE = frozenset("aside nav script style template form button footer noscript".split())
_CLOCK = re.compile(
    r"""(?:\++\s*)?(?:um\s+)?(?P<hour>[01]?\d|2[0-4])
    (?: [.:](?P<minute>[0-5]\d) (?:[.:][0-5]\d)? | \s?h\s?(?P<french>[0-5]\d)? | (?=\s?(?:Uhr|[ap]\.?m)) )
    \s*(?P<half>[ap]\.?m\b\.?)?
    \s*(?P<word>Uhr\b|hrs?\b|h\b|\(?(?:MESZ|MEZ|CES?T|BST|GMT|UTC|IST|E[SD]T|P[SD]T)\b\)?)?
    \s*(?P<mark>[:|•·–—-]|\++|$)?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january januari janvier enero gennaio janeiro styczeń stycznia",
            "februar february februari février febrero febbraio fevereiro lutego",
            "märz march maart mars marzo março marca",
            "april avril abril aprile kwietnia",
            "mai may mei mayo maggio maio maja",
            "juni june juin junio giugno junho czerwca",
            "juli july juillet julio luglio julho lipca",
            "august augustus août agosto sierpnia",
            "september septembre septiembre settembre setembro września",
            "oktober october octobre octubre ottobre outubro października",
            "november novembre noviembre novembro listopada",
            "dezember december décembre diciembre dicembre dezembro grudnia",
        ),
        1,
    )
    for name in names.split()
}
_DATE = re.compile(
    r"(?:\w+,?\s+)?(?:den\s+|le\s+|the\s+)?(?:(\d{1,2})(?:\.|st|nd|rd|th|er)?\s+(?:de\s+)?(\w+)"
    r"|(\w+)\s+(\d{1,2})(?:st|nd|rd|th)?),?(?:\s+(?:de\s+)?(\d{4}))?\W*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?:\w+,?\s+)?(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\W*")
# How long after its last post an article was changed, for its date to be that post's.
_SOON = timedelta(hours=3)
_LEAST = 2


class Section(Struct, frozen=True):
    """A part of an article: a clock and what follows it, or a date (`clock` None)."""

    clock: time | None
    title: str = ""
    nodes: tuple[LexborNode, ...] = ()
    day: tuple[int, int, int] | None = None  # year (0: not said), month, day
    heading: str = ""
    rest: str = ""


def recognise(record: Record) -> bool:
    """Whether an article has at least two headings with a time, and words below them."""
    if not record.looks_like_html:
        return False
    return (
        sum(part.clock is not None and _has_words(part) for part in list_sections(record)) >= _LEAST
    )


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """A post for each heading with a time; ids are none, and titles go without the time that was read."""
    address = read_canonical(record)
    known = zone or find_zone(address)
    zone = known or ZoneInfo("UTC")
    article = find_article(record)
    sections = list_sections(record)
    ends = [read_moment(text, zone) for text in list_dates(record, article)]
    days = find_days(sections, [stamp for stamp in ends if stamp])
    posts: list[Post] = []
    for section, day in zip(sections, days, strict=True):
        if section.clock is not None:
            posts.append(read_section(section, day, known, address))
    is_newest_first = not is_rising(sections)
    return Capture(
        reader="headings",
        publisher=read_meta(record, "og:site_name")
        or ", ".join(read_names(article.get("publisher"))),
        title=read_text(record.tree.css_first("h1")) or read_meta(record, "og:title"),
        description=read_meta(record, "description", "og:description"),
        language=read_language(record),
        timezone=known.key if known else "",
        url=address,
        captured=record.captured,
        contributors=tuple(Byline(name) for name in read_names(article.get("author"))),
        posts=tuple(posts),
        newest_first=is_newest_first,
        has_own_ids=False,
        missing=tuple(list_gaps(posts)),
    )


def read_section(section: Section, day: date | None, zone: ZoneInfo | None, address: str) -> Post:
    """A post; where its day or its zone is not known, the words of its time stay in its title."""
    html = section.rest + "".join(node.html or "" for node in section.nodes)
    # A placeholder without a node says nothing; read_html reads all nodes at once, so that lists join.
    blocks: tuple[Block, ...] = read_html(html, zone or ZoneInfo("UTC"), address)
    copies = " ".join(read_seen(node) for node in section.nodes)
    seen = " ".join(f"{section.heading} {copies}".split())
    stamp: Stamp | None = None
    if day is not None and section.clock is not None:
        moment = datetime.combine(day, section.clock)
        stamp = make_stamp(moment.replace(tzinfo=zone), zone) if zone else Stamp(day)
    is_timed = stamp is not None and stamp.moment is not None
    return Post(
        published=stamp,
        time_source="heading, and the day of the article" if is_timed else "",
        title=section.title if is_timed else section.heading,
        blocks=blocks,
        seen=seen,
    )


def list_sections(record: Record) -> list[Section]:
    """The parts of the article that begin with a time or are a date, in the page's order."""
    headed = [node for node in record.tree.css(", ".join(_HEADINGS)) if _reads_clock(node)]
    is_bold = len(headed) < _LEAST
    if is_bold:
        bold = record.tree.css("p > strong:first-child, p > b:first-child")
        headed = [
            node.parent for node in bold if node.parent is not None and _reads_bold(node.parent)
        ]
    if len(headed) < _LEAST:
        return []
    marks = {node.mem_id for node in headed}
    above = _list_above(headed)
    sections: list[Section] = []
    current: Section | None = None
    top = min(_level(node) for node in headed)
    for node in _walk(_find_common(headed), marks, above):
        if node.mem_id in marks:
            current = _open_section(node)
            sections.append(current)
            continue
        day = read_day(read_text(node)) if _may_be_date(node) else None
        if day is not None:
            current = None
            sections.append(Section(None, day=day))
        elif node.tag in ("h1", *_HEADINGS) and _level(node) <= top:
            current = None
        elif current is not None and node.tag not in _FURNITURE:
            current = replace(current, nodes=(*current.nodes, node))
            sections[-1] = current
    return sections


def find_days(sections: list[Section], ends: list[Stamp]) -> list[date | None]:
    """The day of each section.

    A date stands above its posts, or below them: it is below where the article's newest posts stand
    above the first date and that is the article's own day. Where there is no date, the article's last
    one counts if the newest post came soon before it, or if it was published and last changed on one
    day; from there a clock that goes the wrong way is another day.
    """
    rising = is_rising(sections)
    ordered = list(reversed(sections)) if rising else list(sections)
    last = max((stamp for stamp in ends), key=lambda one: (one.day, _clock_of(one)), default=None)
    dated = [index for index, one in enumerate(ordered) if one.day is not None]
    clocks = [index for index, one in enumerate(ordered) if one.clock is not None]
    days: list[date | None] = [None] * len(ordered)
    if clocks and dated:
        near = last.day if last else None
        # Read from the newest down, a date above its posts comes after them where the page is rising.
        is_ahead = dated[0] < clocks[0]
        first = _make_day(ordered[dated[0]], near)
        is_below = not is_ahead and (rising or near is None or first == near)
        _fill_by_dates(ordered, days, near, is_below)
    elif clocks and last is not None:
        day = _find_last_day(ordered[clocks[0]], last, ends)
        _roll(ordered, days, clocks, day)
    return list(reversed(days)) if rising else days


def list_dates(record: Record, article: dict[str, Any]) -> Iterator[str]:
    """The article's own dates."""
    for name in ("datePublished", "dateModified"):
        if isinstance(article.get(name), str):
            yield article[name]
    for name in ("article:published_time", "article:modified_time", "og:updated_time", "date"):
        if read_meta(record, name):
            yield read_meta(record, name)


def find_article(record: Record) -> dict[str, Any]:
    """The article that the page's JSON-LD tells of; empty where there is none."""
    for found in list_linked_data(record):
        types = found.get("@type")
        for one in types if isinstance(types, list) else [types]:
            if isinstance(one, str) and one.endswith(("Article", "BlogPosting", "LiveBlogPosting")):
                return found
    return {}


def read_clock(text: str) -> tuple[time, str] | None:
    """The time that a heading begins with, and the words behind it.

    Digits alone are no time: a unit or a mark has to follow ("10.30 million" has none).
    """
    match = _CLOCK.match(text)
    if match is None or not (match["half"] or match["word"] or match["mark"] or match["french"]):
        return None
    # "24h Rennen", "5 – 3": an hour without minutes needs a word that says that it is one.
    if not match["minute"] and not match["french"] and not (match["half"] or match["word"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or match["french"] or 0)
    half = (match["half"] or "").casefold()[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23:
        return None
    return time(hour, minute), re.sub(r"\s*\++$", "", text[match.end() :]).strip()


def read_day(text: str) -> tuple[int, int, int] | None:
    """The date that a heading is: year (0 where it has none), month and day."""
    match = _DIGITS.fullmatch(text.strip())
    if match is not None:
        return int(match[3]), int(match[2]), int(match[1])
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    month = _MONTHS.get((match[2] or match[3]).casefold(), 0)
    return (int(match[5] or 0), month, int(match[1] or match[4])) if month else None


def is_rising(sections: list[Section]) -> bool:
    """Whether the oldest post stands on top: more clocks go up than down."""
    clocks = [one.clock for one in sections if one.clock is not None]
    steps = [(one < other) - (one > other) for one, other in zip(clocks, clocks[1:], strict=False)]
    return sum(steps) > 0


def list_gaps(posts: list[Post]) -> Iterator[str]:
    """What could not be read, for `Capture.missing`."""
    unknown = sum(post.published is None or post.published.moment is None for post in posts)
    if unknown:
        yield f"the page does not say on which day, or in which zone, {unknown} of {len(posts)} posts were published"


def _find_last_day(newest: Section, last: Stamp, ends: list[Stamp]) -> date | None:
    if last.moment is None or newest.clock is None:
        return last.day if len({one.day for one in ends}) == 1 else None
    moment = last.moment
    for day in (last.day, last.day - timedelta(days=1)):
        at = datetime.combine(day, newest.clock, moment.tzinfo)
        if timedelta(minutes=-5) <= moment - at <= _SOON:
            return day
    # One day for both dates, said twice, and a post before the last of them.
    is_one_day = len(ends) > 1 and len({one.day for one in ends}) == 1
    return last.day if is_one_day and newest.clock <= moment.time() else None


def _fill_by_dates(
    ordered: list[Section], days: list[date | None], near: date | None, is_below: bool
) -> None:
    current: date | None = None
    indices = range(len(ordered))
    for index in reversed(indices) if is_below else indices:
        section = ordered[index]
        if section.day is not None:
            current = _make_day(section, near)
        else:
            days[index] = current
    # What lies outside all dates continues from its neighbour, as clocks go.
    clocks = [index for index in indices if ordered[index].clock is not None]
    for one, other in zip(clocks, clocks[1:], strict=False):
        newer, older = ordered[one].clock, ordered[other].clock
        if days[other] is None and days[one] is not None and newer and older:
            days[other] = _shift(days[one], -1 if older > newer else 0)
    for one, other in zip(reversed(clocks[:-1]), reversed(clocks[1:]), strict=True):
        newer, older = ordered[one].clock, ordered[other].clock
        if days[one] is None and days[other] is not None and newer and older:
            is_other = any(section.day for section in ordered[one:other])
            guess = _shift(days[other], 1 if is_other or newer < older else 0)
            # Above the first date lies the day after it, if that is the article's own.
            days[one] = guess if guess == near or not is_other else None


def _roll(
    ordered: list[Section], days: list[date | None], clocks: list[int], day: date | None
) -> None:
    before: time | None = None
    for index in clocks:
        clock = ordered[index].clock
        if before is not None and clock is not None and clock > before:
            day = _shift(day, -1)
        days[index] = day
        before = clock


def _shift(day: date | None, by: int) -> date | None:
    try:
        return day + timedelta(days=by) if day else None
    except OverflowError:
        return None


def _make_day(section: Section, near: date | None) -> date | None:
    year, month, day = section.day or (0, 0, 0)
    if not year and near is not None:
        year = near.year - (1 if (month, day) > (near.month, near.day) else 0)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock_of(stamp: Stamp) -> time:
    return stamp.moment.time() if stamp.moment else time()


def _open_section(node: LexborNode) -> Section:
    heading = read_text(node)
    if node.tag != "p":
        clock, title = read_clock(heading) or (time(), heading)
        return Section(clock, title, heading=heading)
    bold = node.css_first("strong, b")
    words = read_text(bold)
    clock, title = read_clock(words) or (read_clock(heading) or (time(), ""))[:1] + ("",)
    copy = copy_node(node)
    drop = copy.css_first("strong, b")
    if drop is not None:
        drop.decompose()
    drop_nodes(copy, "script, style")
    rest = re.sub(r"(<p[^>]*>)\s*[:|–—-]\s*", r"\1", copy.inner_html or "", count=1)
    return Section(clock, title, heading=heading if not title else words, rest=rest)


def _reads_clock(node: LexborNode) -> bool:
    return read_clock(read_text(node)) is not None


def _reads_bold(node: LexborNode) -> bool:
    bold = node.css_first("strong, b")
    first = next(iter(node.iter(include_text=True)), None)
    is_first = first is not None and (first.tag != "-text" or not (first.text() or "").strip())
    return is_first and (
        _reads_clock(node) if bold is not None and read_clock(read_text(bold)) else False
    )


def _may_be_date(node: LexborNode) -> bool:
    text = read_text(node) if node.tag in ("h1", *_HEADINGS, "p") else ""
    bold = node.css_first("strong, b") if node.tag == "p" and len(text) < 60 else None
    return node.tag != "p" or (bold is not None and read_text(bold) == text)


def _level(node: LexborNode) -> int:
    tag = node.tag or ""
    return int(tag[1]) if re.fullmatch("h[1-6]", tag) else 7


def _list_above(nodes: list[LexborNode]) -> set[int]:
    above: set[int] = set()
    for node in nodes:
        parent = node.parent
        while parent is not None and parent.mem_id not in above:
            above.add(parent.mem_id)
            parent = parent.parent
    return above


def _find_common(nodes: list[LexborNode]) -> LexborNode:
    """The lowest element around all of some."""
    paths: list[list[LexborNode]] = []
    for node in nodes:
        path = []
        parent = node.parent
        while parent is not None:
            path.append(parent)
            parent = parent.parent
        paths.append(path[::-1])
    common = paths[0][0]
    for level in zip(*paths, strict=False):
        if len({one.mem_id for one in level}) > 1:
            break
        common = level[0]
    return common


def _walk(top: LexborNode, marks: set[int], above: set[int]) -> Iterator[LexborNode]:
    """The elements of an article in their order; a wrapper around a heading with a time is opened."""
    pending = list(top.iter(include_text=True))[::-1]
    while pending:
        node = pending.pop()
        if node.mem_id in above and node.mem_id not in marks:
            pending += list(node.iter(include_text=True))[::-1]
        elif node.tag != "-comment":
            yield node


def _has_words(section: Section) -> bool:
    return bool(section.rest.strip()) or any(read_text(node) for node in section.nodes)


READER = Reader("headings", "articles whose headings carry the time", recognise, read)
