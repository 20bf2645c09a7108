"""The lines of a text copied from a live page: what each is by its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta, timezone

from msgspec import Struct

from archiver.model import Byline
from archiver.times import ENGLISH_MONTHS

_LONGEST_TITLE = 90
_LONGEST_NAME = 60

# What a page writes behind a time, its offset from UTC in hours, and a zone whose time it is.
_ZONES = {
    "gmt": (0, "Europe/London"),
    "greenwich mean time": (0, "Europe/London"),
    "bst": (1, "Europe/London"),
    "british summer time": (1, "Europe/London"),
    "utc": (0, ""),
    "coordinated universal time": (0, ""),
    "cet": (1, ""),
    "central european time": (1, ""),
    "central european standard time": (1, ""),
    "cest": (2, ""),
    "central european summer time": (2, ""),
    "est": (-5, ""),
    "eastern standard time": (-5, ""),
    "edt": (-4, ""),
    "eastern daylight time": (-4, ""),
    "pst": (-8, ""),
    "pacific standard time": (-8, ""),
    "pdt": (-7, ""),
    "pacific daylight time": (-7, ""),
}
_MONTHS = {name: number for number, name in enumerate(ENGLISH_MONTHS, 1)}
_MONTH = "(?P<month>[A-Za-z]{3,9})"
_TIME = r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.][0-5]\d)?(?:\s?(?P<half>[ap]\.?m\.?)(?!\w))?"
_ZONE = r"(?P<zone>[A-Z]{2,5}|(?:[A-Z][a-z]+ ){1,3}Time)"
_DAY = rf"(?:[A-Z][a-z]+,? )?(?P<day>\d{{1,2}}) {_MONTH},? (?P<year>\d{{4}})"
_STAMP = re.compile(
    rf"(?P<words>.*?)\s*(?:[Pp]ublished|[Pp]osted|[Uu]pdated) (?:at|on)\s+{_TIME}(?:\s+{_ZONE})?\s+{_DAY}\.?"
)
_CLOCK = re.compile(
    rf"(?:(?:[Pp]osted|[Pp]ublished) at\s+)?{_TIME}(?:\s*{_ZONE}|\s+(?:Uhr|h))?"
    r"(?:,?\s+\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?)?",
    re.ASCII,
)
# The time once for the eye and once for the ear, run together.
_TWICE = re.compile(r"((?:[01]?\d|2[0-3])[:.][0-5]\d)\1")

_FURNITURE = re.compile(
    r"read more|share|share this post|copy this link|copy link|back to top|live reporting|"
    r"summary|key points|what's happening|top stories|related (?:topics|content)|report this|"
    r"skip (?:advert|twitter post)[^.]*|end of (?:twitter post|advert)[^.]*|advertisement|"
    r"get involved|load more(?: posts)?|show more",
    re.IGNORECASE,
)
# What stands above the key points, and between them and the posts.
POINTS_BEGIN = re.compile(r"summary|key points|at a glance|what we know so far", re.IGNORECASE)
POINTS_END = re.compile(r"live reporting|live updates|latest updates|live feed", re.IGNORECASE)
_READ_MORE = re.compile(r"Read [Mm]ore(?=[^\s\w:]?[^\W\d_a-z])")
# For those who listen, behind a link: a page's own words have no blank before the comma.
_EXTERNAL = re.compile(r"[ \t\u00a0]{0,3}, external(?=$|[\s.,;:!?)])", re.MULTILINE)
_EXTERNAL_SURELY = re.compile(
    r"[ \t\u00a0], external(?=$|[\s.,;:!?)])|[^\s,], external$", re.MULTILINE
)
_BULLET = re.compile(r"(?:[-*\u2022\u00b7\u25cf\u2013]|\d{1,2}[.)])\s+")

_SMALL = frozenset("of the and at for in on de la le du der den von van bin al el ul y e".split())
_ORGANISATIONS = re.compile(
    r"\b(?:BBC|ITV|Sky|CNN|Reuters|AFP|PA|AP|News|Newsnight|Radio|TV|Television|Channel|Press|"
    r"Agency|Association|Times|Guardian|Telegraph|Post|Herald|Tribune|Desk|Monitoring|Service|"
    r"Online|Sport|Politics|Today|Live|Verify)\b"
)
_ROLES = re.compile(
    r"\b(?:correspondent|editor|reporter|journalist|producer|analyst|presenter|commentator)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?:;,\u2026\"\u201d\u2019')\]]$")
_TRAILING_DOTS = re.compile(r"(?:\.\.\.|\u2026)$")

_BACKWARD = frozenset(
    """he she they it him her them his their its hers theirs we our us this that these those such both
    another other others also there then meanwhile however but and so nor yet earlier later instead
    still too neither either former latter""".split()
)
_OPENERS = "\"'\u201c\u2018\u00ab"
_SPEECH = re.compile(r"[\"\u201c\u201d]")
# Capitalised, and nobody's name.
_NO_NAMES = frozenset(
    """the a an in on at of for to and but or from with by as if when while after before since we
    i it he she they you there this that these those what who where why how not no yes all many more
    most some around about over under three four five six seven eight nine ten
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december mr mrs ms miss dr sir lord lady prime minister
    president secretary home bbc news""".split()
)


class Line(Struct, frozen=True):
    """A line with words, and how many lines without any stood before it."""

    text: str
    blank_before: int = 0


class Instant(Struct, frozen=True):
    """What a line says of a time: its words before it, the clock, the day, the offset from UTC."""

    words: str
    clock: time
    day: date | None = None
    offset: timezone | None = None
    zone: str = ""


def read_lines(text: str) -> list[Line]:
    """The lines that hold words, without what stands behind links for those who listen."""
    if _EXTERNAL_SURELY.search(text):
        text = _EXTERNAL.sub("", text)
    lines: list[Line] = []
    blank = 0
    for line in re.split(r"\r\n|[\n\r\u2028\u2029\v\f]", text.removeprefix("\ufeff")):
        words = " ".join(line.split())
        if words:
            lines.append(Line(words, blank))
        blank = 0 if words else blank + 1
    return lines


def read_stamp(line: str) -> Instant | None:
    """A line that ends in a time and a date, with the words before them."""
    match = _STAMP.fullmatch(line) if len(line) < 1000 else None
    if match is None:
        return None
    clock = _make_clock(match)
    month = _find_month(match["month"])
    if clock is None or not month:
        return None
    try:
        day = date(int(match["year"]), month, int(match["day"]))
    except ValueError:
        return None
    hours, zone = _ZONES.get((match["zone"] or "").lower(), (None, ""))
    offset = timezone(timedelta(hours=hours)) if hours is not None else None
    return Instant(match["words"].strip(), clock, day, offset, zone)


def read_clock(line: str) -> time | None:
    """A line that is a clock time and no more."""
    if len(line) > 60:
        return None
    match = _CLOCK.fullmatch(_TWICE.sub(r"\1", line))
    return _make_clock(match) if match else None


def read_byline(lines: Sequence[str]) -> tuple[Byline | None, int]:
    """A byline that begins in the first of some lines, and how many lines it takes.

    Either a name with an organisation (and a place) or a role on the next line, or an organisation alone.
    """
    first = lines[0]
    second = lines[1] if len(lines) > 1 else ""
    if not _is_name(first):
        return None, 0
    organised = _ORGANISATIONS.search(first) is not None
    if len(lines) > 2 and not organised and 1 < len(first.split()) < 5:
        head, comma, place = second.partition(", ")
        named = _is_name(head) and _ORGANISATIONS.search(head) is not None
        is_role = _ROLES.search(second) is not None and _END.search(second) is None
        if named and (not comma or _is_name(place)):
            return Byline(first, head, place), 2
        if is_role and len(second) <= _LONGEST_NAME:
            return Byline(first, second), 2
    if organised and len(lines) > 1 and len(first.split()) < 6:
        return Byline(first), 1
    return None, 0


def read_names(line: str) -> tuple[str, ...]:
    """The names of a line that is a list of them: "A, B and C", with or without "By" before it."""
    cleaned = re.sub(r"^(?:(?:Edited )?[Bb]y|Reporting by|Live reporters?:?)\s+", "", line)
    names = re.split(r", and |, | and ", cleaned)
    is_list = all(1 < len(name.split()) < 5 and _is_name(name) for name in names)
    return tuple(names) if is_list and len(line) < 400 else ()


def is_title(line: str) -> bool:
    """A short line that nothing ends, or that three dots end."""
    if len(line) > _LONGEST_TITLE or (line[:1] in _OPENERS and _SPEECH.search(line[1:]) is None):
        return False
    return bool(_TRAILING_DOTS.search(line)) or _END.search(line) is None


def is_furniture(line: str) -> bool:
    """A line of the page's own."""
    return _FURNITURE.fullmatch(line) is not None


def strip_read_more(line: str) -> tuple[str, bool]:
    """A line without the button that is glued to its first word, and whether it was."""
    behind, count = _READ_MORE.subn("", line, count=1)
    return (behind, True) if count and line.startswith("Read ") else (line, False)


def is_bulleted(line: str) -> bool:
    """A line that begins as an item of a list does."""
    return _BULLET.match(line) is not None


def strip_bullet(line: str) -> str:
    """A line without the mark of an item; a number stays, for it may be one of the words."""
    return re.sub(r"^[-*\u2022\u00b7\u25cf\u2013]\s+", "", line)


def holds_speech(line: str) -> bool:
    """Whether somebody speaks in a line."""
    return _SPEECH.search(line) is not None


def looks_back(line: str) -> bool:
    """Whether an English paragraph leans on the one before it: speech, or a word that points back."""
    if line[:1] in _OPENERS:
        return True
    words = re.findall(r"[^\W\d_]+", line.lower())
    if not words or words[0] in _BACKWARD:
        return True
    return bool({"also", "another", "our", "his", "her", "their"} & set(words[:12])) or (
        words[0] in ("many", "most", "some", "all", "one", "none") and words[1:2] == ["of"]
    )


def find_names(line: str) -> frozenset[str]:
    """The capitalised words of a line that may be names."""
    words = re.findall(r"[^\W\d_][^\W\d_]+", re.sub(r"['\u2019]s\b", "", line))
    return frozenset(word for word in words if word[0].isupper() and word.lower() not in _NO_NAMES)


def _is_name(text: str) -> bool:
    if not text or len(text) > _LONGEST_NAME or _END.search(text) or re.search(r"[\d?!:;]", text):
        return False
    words = [word for word in text.split() if word.lower() not in _SMALL]
    return bool(words) and text[0].isupper() and all(word[0].isupper() for word in words)


def _make_clock(match: re.Match[str]) -> time | None:
    hour, half = int(match["hour"]), (match["half"] or "").replace(".", "")
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(match["minute"]))


def _find_month(word: str) -> int:
    folded = word.lower()
    found = [number for name, number in _MONTHS.items() if name.startswith(folded)]
    return found[0] if len(found) == 1 or folded in _MONTHS else 0
