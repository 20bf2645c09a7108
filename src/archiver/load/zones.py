"""Values that were packed, with their moments in their zone again: packed, a moment has lost it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archiver.model import Body, Correction, Embed, Entry, Media, Stamp


def move_stamp(stamp: Stamp, zone: ZoneInfo) -> Stamp:
    """A stamp whose moment is in a zone."""
    return Stamp(stamp.day, stamp.moment.astimezone(zone)) if stamp.moment else stamp


def move_entry(entry: Entry, zone: ZoneInfo, **changes: object) -> Entry:
    """An entry without a body whose moments are in a zone, and with these changes."""
    changes["date"] = move_stamp(entry.date, zone)
    if entry.updated:
        changes["updated"] = move_stamp(entry.updated, zone)
    if entry.corrections:
        changes["corrections"] = tuple(
            Correction(move_stamp(one.date, zone), one.note) for one in entry.corrections
        )
    if entry.withdrawn:
        moved = move_stamp(entry.withdrawn.date, zone)
        changes["withdrawn"] = replace(entry.withdrawn, date=moved)
    return replace(entry, **changes)


def move_body(body: Body, zone: ZoneInfo) -> Body:
    """A body whose moments are in a zone."""
    if not body.slots:
        return body
    return replace(body, slots=tuple(_move_slot(slot, zone) for slot in body.slots))


def _move_slot(slot: Media | Embed, zone: ZoneInfo) -> Media | Embed:
    if isinstance(slot, Media):
        return slot
    date = move_stamp(slot.date, zone) if slot.date else None
    return replace(
        slot, date=date, captured=move_stamp(slot.captured, zone) if slot.captured else None
    )
