"""The order of posts: total, the same for any order of files, and told here alone.

Posts go by local day. On a day whose posts all have a time, by that moment, then by `order`, then
by permalink. On a day with any post whose time is not recorded, `order` rules: every post of that
day must carry it, and it must not contradict the times that are known; posts of the same `order`
go by their times, those without one last, then by permalink.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby, pairwise

from archiver.diagnostics import Place, Report
from archiver.matter import Matter
from archiver.model import Entry
from archiver.times import is_before

_NEVER = datetime.max.replace(tzinfo=UTC)


def order_entries(
    entries: Iterable[Entry], matters: Mapping[str, Matter], report: Report
) -> tuple[Entry, ...]:
    """The entries in their order; what section 4 of the content model demands of `order` is checked."""

    def place(entry: Entry, field: str) -> Place:
        return matters[entry.path].place_key(field)

    ordered: list[Entry] = []
    by_day = sorted(entries, key=lambda entry: (entry.date.day, entry.slug))
    for day, group in groupby(by_day, key=lambda entry: entry.date.day):
        of_day = list(group)
        if all(entry.date.moment for entry in of_day):
            of_day.sort(key=_timed_key)
        else:
            of_day.sort(key=_ruled_key)
            _check_day(day, of_day, place, report)
        ordered.extend(of_day)
    return tuple(ordered)


def _timed_key(entry: Entry) -> tuple[datetime, int, str]:
    return (entry.date.instant or _NEVER, entry.order or 0, entry.slug)


def _ruled_key(entry: Entry) -> tuple[int, datetime, str]:
    return (entry.order or 0, entry.date.instant or _NEVER, entry.slug)


def _check_day(
    day: date, entries: list[Entry], place: Callable[[Entry, str], Place], report: Report
) -> None:
    untimed = next(entry for entry in entries if entry.date.moment is None)
    for entry in entries:
        if entry.order is None:
            report.error(
                "order-missing",
                f"the post has no `order`, and on {day} not every time is recorded",
                place(entry, "date"),
                f"{'this one' if untimed is entry else untimed.path} has no time: "
                "give every post of that day an `order: 1`, `2`, …",
            )
    known = [entry for entry in entries if entry.date.moment and entry.order is not None]
    for earlier, later in pairwise(known):
        if is_before(later.date, earlier.date):
            report.error(
                "order-against-time",
                f"`order: {later.order}` puts the post after {earlier.path}, "
                "but its time is before that one's",
                place(later, "order"),
                "change the order or the time",
            )
