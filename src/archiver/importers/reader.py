"""What a reader is: how one format is told and read."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from msgspec import Struct

from archiver.importers.capture import Capture
from archiver.importers.record import Record


class Reader(Struct, frozen=True):
    """How one format is told and read.

    `read` is given the zone for times that a page gives without one (the archivist's; None: the
    publisher's own); it returns a Capture, with no posts where there are none. It never raises on
    broken input: what it cannot read it leaves out and names in `Capture.missing`.
    """

    name: str
    title: str
    recognise: Callable[[Record], bool]
    read: Callable[[Record, ZoneInfo | None], Capture]
