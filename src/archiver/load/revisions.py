"""Earlier texts of posts: `revisions/<entry>/<when another was found in its place>.md`."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from archiver.diagnostics import Place, Report
from archiver.digests import make_digest
from archiver.fields import ENTRY, Reading, read_fields
from archiver.load.manuscripts import Manuscripts
from archiver.markdown import Context, render_body
from archiver.matter import Matter
from archiver.model import Revision, Signature, Stamp

# A moment in UTC, a day, or a number where no time is known.
_WHEN = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?|\d{1,9}")
# What a publisher says by now of a post that was edited here: it is laid there for the editor to judge.
_PROPOSED = ".new"
# Earlier texts of the coverage's own file.
_OVERVIEW = "coverage"


class Kept(Struct, frozen=True, array_like=True):
    """The file of a revision: its path, and its digest and signature when it was looked at last."""

    path: str
    digest: bytes
    signature: Signature | None


Revisions = Mapping[str, tuple[Kept, ...]]


def group_revisions(
    folder: str, kept: Iterable[Kept], entries: Iterable[str], report: Report
) -> Revisions:
    """The files in a coverage's revisions/ by the path of the entry whose they are, earliest first.

    A file that is no entry's, or whose name does not tell its place among the others, is an error.
    """
    known = frozenset[str]()
    groups: dict[str, list[Kept]] = {}
    for one in kept:
        known = known or frozenset(entries)
        below = one.path.removeprefix(f"{folder}/revisions/")
        stem, name = posixpath.split(below.removesuffix(".md"))
        if stem == _OVERVIEW or name.endswith(_PROPOSED):
            continue
        entry = f"{folder}/{stem}.md"
        if entry not in known:
            report.error(
                "revision-astray",
                f"it is an earlier text of {entry}, and there is no such post"
                if stem
                else "it does not lie in the folder of a post",
                Place(one.path),
                "earlier texts of `a-post.md` lie in revisions/a-post/",
            )
        elif not _is_time(name):
            report.error(
                "revision-name",
                "its name does not tell when the text was replaced",
                Place(one.path),
                "name it like `2017-03-24T090000Z.md` (in UTC) or `2017-03-24.md`",
            )
        else:
            groups.setdefault(entry, []).append(one)
    return {entry: tuple(sorted(of, key=_find_turn)) for entry, of in groups.items()}


def read_revisions(
    kept: Iterable[Kept], zone: ZoneInfo, folder: str, manuscripts: Manuscripts, report: Report
) -> tuple[Revision, ...]:
    """The earlier texts of a post; what is wrong with their files is reported.

    Links and pictures of a text that nobody can mend any more are not looked for.
    """
    found = []
    for one in kept:
        matter = manuscripts.read(one.path, report)
        if matter is None:
            continue
        if matter.source.digest != one.digest:
            report.error(
                "changed-meanwhile",
                "the file was changed while it was read",
                Place(one.path),
                "do the same again",
            )
        found.append(_read_revision(matter, zone, folder, report))
    return tuple(found)


def spell_revisions(kept: Iterable[Kept]) -> str:
    """What stands for some revisions."""
    return make_digest(*(part for one in kept for part in (one.path.encode(), one.digest))).hex()


def _read_revision(matter: Matter, zone: ZoneInfo, folder: str, report: Report) -> Revision:
    path = matter.source.path
    fields = read_fields(matter.fields, ENTRY, Reading(matter, zone, report))
    own = Report()
    context = Context(
        matter,
        own,
        zone,
        folder,
        matter.body_line,
        "_revision",
        frozenset(),
        lambda target: None,
    )
    body = render_body(matter.body, context)
    # Of this the reader would see nothing at all.
    report.add(problem for problem in own.problems if problem.code == "unreadable-html")
    name = posixpath.basename(path).removesuffix(".md")
    return Revision(
        path, _read_time(name, zone), fields.get("title", ""), fields.get("updated"), body
    )


def _find_turn(one: Kept) -> tuple[int, str]:
    """What files are put in order by: those with a number come first, then time follows time."""
    name = posixpath.basename(one.path).removesuffix(".md")
    return (int(name) if name.isdecimal() else sys.maxsize, name)


def _is_time(name: str) -> bool:
    try:
        _read_time(name, None)
    except ValueError:
        return False
    return True


def _read_time(name: str, zone: ZoneInfo | None) -> Stamp | None:
    """The time that a name tells, if any. ValueError where it is no time."""
    match = _WHEN.fullmatch(name)
    if match is None:
        raise ValueError(name)
    if match[1] is None:
        return None
    day = date.fromisoformat(match[1])
    if match[2] is None:
        return Stamp(day)
    hour, minute, second = (int(match[number]) for number in (2, 3, 4))
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)
    local = moment.astimezone(zone) if zone else moment
    return Stamp(local.date(), local)
