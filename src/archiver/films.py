"""How large a film is, and whether it names where it was taken: by the head of an MP4 or QuickTime file."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO

from archiver.boxes import walk_boxes
from archiver.pictures import Header

# Where a track's matrix stands in its header, by the header's version (ISO/IEC 14496-12, 8.3.2).
_MATRIX = {0: 40, 1: 52}
# Notes of cameras are short; what else a file may hold there is not searched.
_MOST_NOTES = 1 << 20
_PLACES = (b"\xa9xyz", b"loci", b"location.ISO6709")


def read_film_header(path: Path) -> Header | None:
    """Of the first track with pictures; None where that is not known, or the file is of another kind.

    OSError where it cannot be read.
    """
    with path.open("rb") as file:
        if file.read(12)[4:8] not in (b"ftyp", b"moov", b"wide", b"mdat", b"free", b"skip"):
            return None
        width = height = 0
        has_place = False
        for kind, start, end in walk_boxes(file, path.stat().st_size):
            if kind == b"tkhd" and not width:
                width, height = _read_track(file, start)
            elif kind in (b"udta", b"keys") and end - start <= _MOST_NOTES:
                file.seek(start)
                notes = file.read(end - start)
                has_place = has_place or any(name in notes for name in _PLACES)
    return Header(width, height, has_place) if (width and height) or has_place else None


def _read_track(file: IO[bytes], start: int) -> tuple[int, int]:
    """Width and height of a track as it is shown, in whole pixels; nothing where it is sound."""
    file.seek(start)
    head = file.read(100).ljust(100, b"\0")
    at = _MATRIX.get(head[0])
    if at is None:
        return 0, 0
    a, b = struct.unpack(">ii", head[at : at + 8])
    width, height = (side >> 16 for side in struct.unpack(">II", head[at + 36 : at + 44]))
    # A quarter turn takes all of x from y.
    return (height, width) if b and not a else (width, height)
