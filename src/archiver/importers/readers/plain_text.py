"""Plain text that a reader copied from a live page: what marks a post is read, the rest is judged.

The rule for where a post begins, in this order (docs: plain text):

1. at a line that ends in a stamp ("… published at 09:40 Greenwich Mean Time 4 February 2019"), or at one
   that is a clock time alone;
2. at a byline: a name and, on the next line, an organisation with or without a place; or the name of
   an organisation's channel on a line of its own;
3. at a title: a short line that no full stop ends;
4. at a request for consent, which is a post of its own with the title before it, for what stood there
   mostly was one;
5. behind "Read More", which ends a card; the line before it is that card;
6. where there are two blank lines, if the copy has single ones too;
7. else, in English, at a paragraph that does not look back: it neither begins as speech, nor holds a
   word such as "she" or "also" near its beginning, nor names anybody whom the post named; and the post
   above has two paragraphs at least. Behind a colon a list or speech is awaited, so there it must be
   a sentence that the next paragraph looks back to.

Where it was 4, 5 or 7 that told, the post says so (`Post.doubt`). The order is kept and so is every
word, but for ", external" behind links and "Read More".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from archiver.embeds import find_provider
from archiver.embeds.walls import find_wall, may_hold_wall
from archiver.importers import copied_lines as lines_of
from archiver.importers.capture import (
    Block,
    Capture,
    Embedded,
    Listing,
    Paragraph,
    Post,
    Run,
)
from archiver.importers.reader import Reader
from archiver.importers.record import Record
from archiver.model import Byline, Embed, Stamp
from archiver.times import find_zone

# Of a file of a great many lines the first are enough to tell what it is.
_MOST_LOOKED_AT = 400
_MOST_HEADER = 40
# Paragraphs of a post whose names are looked at: a text of one long post would take too long else.
_REMEMBERED = 12

_AFTER_WALL = (
    "it was in the place of this request that something stood: it may belong to a post beside it"
)
_AFTER_EMBED = "nothing marks where it begins but the lost embed above it, which may be part of it"
_JUDGED = "nothing in the copy marks where it begins: it was judged by what it speaks of"
_CARD = "it was taken for the words of a card, since `Read More` follows it"
_LISTED = "lines without full stops were taken for a list"


def recognise(record: Record) -> bool:
    """Whether it is text for people, with something of a live page in it: a stamp, clocks, a wall."""
    if not record.data or record.looks_like_html:
        return False
    if record.looks_like_json and record.json is not None:
        return False
    if b"\0" in record.data[:8192] and record.data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return False
    head = record.text[:200_000]
    if sum(not (c.isprintable() or c.isspace()) for c in head) > len(head) / 200:
        return False
    lines = [line.text for line in lines_of.read_lines(head)[:_MOST_LOOKED_AT]]
    clocks = sum(lines_of.read_clock(line) is not None for line in lines)
    return clocks > 1 or any(lines_of.read_stamp(line) or may_hold_wall(line) for line in lines)


def read(record: Record, zone: ZoneInfo | None) -> Capture:
    """The capture that a copied text is."""
    lines = lines_of.read_lines(record.text)
    header, rest = _read_header(lines)
    drafts = _Parting(rest, is_english=_is_english(record.text)).part()
    if header.has_lead and drafts:
        lead = replace(drafts[0], title=drafts[0].title or header.title)
        drafts[0] = replace(lead, clock=header.clock, day=header.day, offset=header.offset)
    day = header.day or next((draft.day for draft in drafts if draft.day), None)
    spoken = zone or header.zone or ZoneInfo("UTC")
    posts = _date_posts(drafts, day, header.offset, spoken)
    names = Counter(one.role for post in posts for one in post.byline if one.role)
    return Capture(
        reader=READER.name,
        publisher=names.most_common(1)[0][0] if names else "",
        title=header.title,
        description=header.summary,
        language="en" if _is_english(record.text) else "",
        timezone=spoken.key if zone or header.zone else "",
        url=record.address,
        captured=record.captured,
        contributors=tuple(Byline(name) for name in header.reporters),
        key_points=tuple((Run(text),) for text in header.points),
        posts=posts,
        newest_first=not _runs_forward(posts),
        has_own_ids=False,
        missing=tuple(_name_gaps(posts, header, record.text)),
    )


class _Header(Struct, frozen=True):
    """What stands above the first post; `has_lead` says that the first post is the one it announces."""

    title: str = ""
    summary: str = ""
    points: tuple[str, ...] = ()
    reporters: tuple[str, ...] = ()
    day: date | None = None
    clock: time | None = None
    offset: timezone | None = None
    zone: ZoneInfo | None = None
    has_lead: bool = False


class _Draft(Struct, frozen=True):
    """A post in the making: its lines are paragraphs, or blocks where they are more."""

    title: str = ""
    byline: Byline | None = None
    lines: tuple[str | Block, ...] = ()
    clock: time | None = None
    day: date | None = None
    offset: timezone | None = None
    doubt: str = ""


def _read_header(lines: Sequence[lines_of.Line]) -> tuple[_Header, Sequence[lines_of.Line]]:
    """What stands above the first post, and the lines from the first post on.

    Its summary stands again where the first post begins: what is between are key points and reporters.
    Where it does not, only what is marked is taken: the stamp, and words such as "Summary".
    """
    stamp = lines_of.read_stamp(lines[0].text) if lines else None
    if stamp is None or not stamp.words:
        return _read_marked_header(lines)
    header = _Header(
        title=stamp.words,
        day=stamp.day,
        clock=stamp.clock,
        offset=stamp.offset,
        zone=find_zone(stamp.zone) if stamp.zone else None,
    )
    texts = [line.text for line in lines[:_MOST_HEADER]]
    again = next((place for place in range(2, len(texts)) if texts[place] == texts[1]), 0)
    if not again:
        return header, lines
    between = [text for text in texts[2:again] if not lines_of.is_furniture(text)]
    reporters = lines_of.read_names(between[-1]) if between else ()
    points = between[:-1] if reporters else between
    header = replace(
        header,
        summary=texts[1],
        points=tuple(map(lines_of.strip_bullet, points)),
        reporters=reporters,
        has_lead=True,
    )
    return header, lines[again:]


def _read_marked_header(
    lines: Sequence[lines_of.Line],
) -> tuple[_Header, Sequence[lines_of.Line]]:
    """A header whose parts are named: title and description, "Summary", points, "Live Reporting", names."""
    texts = [line.text for line in lines[:_MOST_HEADER]]
    begin = next((at for at, text in enumerate(texts) if lines_of.POINTS_BEGIN.fullmatch(text)), -1)
    ends = (at for at, text in enumerate(texts) if lines_of.POINTS_END.fullmatch(text))
    end = next((at for at in ends if at > begin), -1)
    if not 0 <= begin < 5 or end < 0:
        return _Header(), lines
    above = [text for text in texts[:begin] if not lines_of.is_furniture(text)]
    behind = texts[end + 1] if end + 1 < len(texts) else ""
    reporters = lines_of.read_names(behind)
    header = _Header(
        title=above[0] if above else "",
        summary=" ".join(above[1:]),
        points=tuple(lines_of.strip_bullet(text) for text in texts[begin + 1 : end]),
        reporters=reporters,
    )
    return header, lines[end + 1 + bool(reporters) :]


class _Parting:
    """The parting of lines into posts."""

    def __init__(self, lines: Sequence[lines_of.Line], is_english: bool) -> None:
        self._lines = lines
        self._texts = [line.text for line in lines]
        self._is_english = is_english
        self._gap = _find_gap(lines)
        self._drafts: list[_Draft] = []
        self._open = _Draft()
        # Whether the next paragraph begins a post, and what is to be said of that.
        self._ended: str | None = ""

    def part(self) -> list[_Draft]:
        """The posts, in the order of the copy."""
        at = 0
        while at < len(self._lines):
            at += self._take(at)
        self._close()
        return self._drafts

    def _take(self, at: int) -> int:
        """Take what begins at a line; how many lines that were."""
        text = self._texts[at]
        if self._gap and self._lines[at].blank_before >= self._gap:
            self._end("")
        stamp = lines_of.read_stamp(text)
        clock = lines_of.read_clock(text)
        if stamp is not None:
            self._begin(title=stamp.words, clock=stamp.clock, day=stamp.day, offset=stamp.offset)
            return 1
        if clock is not None:
            # The time of a stamp stands again under it, for the eye.
            if not (self._is_bare() and self._open.clock == clock):
                self._begin(clock=clock)
            return 1
        wall = find_wall(self._texts[at : at + 12])
        if wall is not None and not wall.before and not wall.after:
            self._take_wall(wall.provider, wall.author)
            return wall.blocks
        if lines_of.is_furniture(text):
            self._end("")
            return 1
        behind, opens = lines_of.strip_read_more(text)
        if opens:
            self._close_card()
            if not behind:
                return 1
        byline, count = lines_of.read_byline(self._texts[at : at + 3])
        if byline is not None:
            self._begin(byline=byline)
            return count
        items = self._find_items(at)
        if items > 1:
            self._take_list(at, items)
            return items
        is_titled = self._is_bare() and self._open.title != ""
        if lines_of.is_title(behind) and not is_titled and at + 1 < len(self._lines):
            self._begin(title=behind)
            return 1
        self._take_paragraph(behind, self._texts[at + 1] if at + 1 < len(self._texts) else "")
        return 1

    def _take_wall(self, provider: str, author: str) -> None:
        """A post of its own; with the title, the byline and the time before it, if nothing followed these."""
        found = find_provider(provider) if provider else None
        embed = Embed(found.slug, found.genre) if found else Embed("")
        block = Embedded(replace(embed, author=author))
        if self._is_bare():
            self._open = replace(self._open, lines=(block,))
        else:
            self._close()
            self._open = _Draft(lines=(block,), doubt=_AFTER_WALL)
        self._end(_AFTER_EMBED)

    def _take_list(self, at: int, count: int) -> None:
        items = tuple(
            (Paragraph((Run(lines_of.strip_bullet(text)),)),)
            for text in self._texts[at : at + count]
        )
        if self._ended is not None:
            self._begin(doubt=self._ended or _LISTED)
        self._open = replace(
            self._open,
            lines=(*self._open.lines, Listing(items)),
            doubt=self._open.doubt or _LISTED,
        )

    def _take_paragraph(self, text: str, following: str) -> None:
        if self._ended is not None:
            self._begin(doubt=self._ended if self._drafts or self._open.lines else "")
        elif self._is_english and self._turns(text, following):
            self._begin(doubt=_JUDGED)
        self._open = replace(self._open, lines=(*self._open.lines, text))

    def _turns(self, text: str, following: str) -> bool:
        """Whether a paragraph speaks of something else than the open post (rule 7)."""
        said = [line for line in self._open.lines if isinstance(line, str)]
        if len(said) < 2:
            return False
        is_looked_back_to = (
            following[:1].isalpha()
            and lines_of.looks_back(following)
            and not lines_of.holds_speech(following)
        )
        if said[-1].endswith(":") and not is_looked_back_to:
            return False
        if self._open.byline is not None and lines_of.holds_speech(text):
            return False
        if lines_of.looks_back(text):
            return False
        return not lines_of.find_names(text) & set().union(
            *map(lines_of.find_names, said[-_REMEMBERED:])
        )

    def _find_items(self, at: int) -> int:
        """How many lines from one on are items of a list: marked, or several short ones in a row."""
        marked = 0
        while at + marked < len(self._texts) and lines_of.is_bulleted(self._texts[at + marked]):
            marked += 1
        if marked:
            return max(marked, 2) if marked > 1 else 0
        follows_colon = (
            bool(self._open.lines)
            and isinstance(self._open.lines[-1], str)
            and self._open.lines[-1].endswith(":")
        )
        count = 0
        while at + count < len(self._texts):
            window = self._texts[at + count : at + count + 3]
            if (
                not lines_of.is_title(window[0])
                or lines_of.read_stamp(window[0]) is not None
                or lines_of.read_clock(window[0]) is not None
                or lines_of.is_furniture(window[0])
                or lines_of.read_byline(window)[0] is not None
                or find_wall(self._texts[at + count : at + count + 12]) is not None
            ):
                break
            count += 1
        # The last of them is the title of what follows, where something does.
        if not follows_colon and count and at + count < len(self._texts):
            count -= 1
        return count if count > 1 else 0

    def _close_card(self) -> None:
        """What stood before "Read More": its last line is a card of its own."""
        last = self._open.lines[-1] if self._open.lines else None
        if isinstance(last, str) and len(self._open.lines) > 1:
            self._open = replace(self._open, lines=self._open.lines[:-1])
            self._close()
            self._open = _Draft(lines=(last,), doubt=_CARD)
        elif isinstance(last, str) and self._open.doubt:
            self._open = replace(self._open, doubt=_CARD)
        self._end("")

    def _is_bare(self) -> bool:
        """Whether the open post has a beginning and no words yet."""
        return not self._open.lines and self._open != _Draft()

    def _begin(
        self,
        title: str = "",
        byline: Byline | None = None,
        clock: time | None = None,
        day: date | None = None,
        offset: timezone | None = None,
        doubt: str = "",
    ) -> None:
        """Begin a post, or complete the beginning of one: a time, then a title, then a byline."""
        open_post = self._open
        is_new = not self._is_bare() or (
            (clock is not None and open_post.clock is not None)
            or bool(title and (open_post.title or open_post.byline))
            or (byline is not None and open_post.byline is not None)
        )
        if is_new:
            self._close()
            open_post = _Draft(doubt=doubt)
        self._open = replace(
            open_post,
            title=title or open_post.title,
            byline=byline or open_post.byline,
            clock=clock or open_post.clock,
            day=day or open_post.day,
            offset=offset or open_post.offset,
        )
        self._ended = None

    def _end(self, doubt: str) -> None:
        """The next paragraph begins a post; a beginning that waits for its words goes on waiting."""
        self._ended = None if self._is_bare() else doubt

    def _close(self) -> None:
        if self._open != _Draft():
            self._drafts.append(self._open)
        self._open = _Draft()


def _find_gap(lines: Sequence[lines_of.Line]) -> int:
    """How many blank lines part posts: two, where one parts paragraphs; 0: none do."""
    gaps = Counter(min(line.blank_before, 3) for line in lines[1:])
    return 2 if gaps[1] and (gaps[2] or gaps[3]) else 0


def _date_posts(
    drafts: Sequence[_Draft], day: date | None, offset: timezone | None, zone: ZoneInfo
) -> tuple[Post, ...]:
    """The posts with their days and times: a clock is a moment only where its day is sure.

    It is where the post has a date of its own, or where the clocks of the whole copy run one way.
    """
    clocks = [draft.clock for draft in drafts if draft.clock is not None]
    pairs = list(pairwise(clocks))
    is_steady = all(a >= b for a, b in pairs) or all(a <= b for a, b in pairs)
    posts = []
    for draft in drafts:
        own = draft.day or day
        stamp = Stamp(own) if own else None
        source = "the date in the copy, without a time" if own else ""
        doubt = draft.doubt
        if own and draft.clock is not None and (draft.day or is_steady):
            told = draft.offset or offset
            moment = datetime.combine(own, draft.clock, told or zone)
            local = moment.astimezone(UTC).astimezone(zone)
            stamp, source = Stamp(local.date(), local), "the clock time in the copy"
        elif draft.clock is not None:
            doubt = "; ".join(
                filter(None, (doubt, f"its clock says {draft.clock:%H:%M}, of no sure day"))
            )
        blocks = tuple(
            Paragraph((Run(line),)) if isinstance(line, str) else line for line in draft.lines
        )
        seen = [draft.title, draft.byline.name if draft.byline else ""]
        seen += [line for line in draft.lines if isinstance(line, str)]
        seen += [
            run.text
            for line in draft.lines
            if isinstance(line, Listing)
            for item in line.items
            for one in item
            if isinstance(one, Paragraph)
            for run in one.runs
        ]
        posts.append(
            Post(
                published=stamp,
                time_source=source,
                title=draft.title,
                byline=(draft.byline,) if draft.byline else (),
                blocks=blocks,
                seen=" ".join(filter(None, seen)),
                doubt=doubt,
            )
        )
    return tuple(posts)


def _runs_forward(posts: Sequence[Post]) -> bool:
    known = [post.published.instant for post in posts if post.published and post.published.instant]
    return len(known) > 1 and known[0] < known[-1]


def _is_english(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text[:50_000].lower())
    return sum(word in ("the", "and", "of", "to", "in") for word in words) * 9 > len(words) > 0


def _name_gaps(posts: Sequence[Post], header: _Header, text: str) -> list[str]:
    gaps: list[str] = []
    untimed = sum(not (post.published and post.published.moment) for post in posts)
    if posts and untimed == len(posts):
        gaps.append("The times of the posts: the copy has none")
    elif untimed:
        gaps.append(f"The times of {untimed} of the {len(posts)} posts: the copy has none")
    if posts and not any(post.published for post in posts):
        gaps.append("The day of the coverage: the copy has no date")
    lost = sum(isinstance(block, Embedded) for post in posts for block in post.blocks)
    if lost:
        gaps.append(f"{_count(lost, 'embed')}: only the request for consent was left of each")
    doubtful = sum(bool(post.doubt) for post in posts)
    if doubtful:
        gaps.append(
            f"The bounds of {_count(doubtful, 'post')}: a copied text has no marks between posts, "
            "and these were judged"
        )
    if not header.title:
        gaps.append("The title of the coverage: the copy begins without one")
    elif header.day:
        gaps.append("The title of the coverage: that of its newest post stands for it")
    if posts:
        gaps.append("The addresses of links, and the pictures: a copied text has none")
    return gaps


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


READER = Reader("plain-text", "plain text copied from a live page", recognise, read)
