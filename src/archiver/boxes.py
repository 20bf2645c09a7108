"""The boxes that AVIF, HEIC, MP4 and QuickTime files consist of (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

# How far boxes are followed.
_MAXIMUM_BOXES = 10_000
# Those that hold others, after so many bytes of their own.
_CONTAINERS = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0}


def walk_boxes(file: IO[bytes], size: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box, and where what it holds begins and ends; of containers, the boxes in them."""
    yield from _walk(file, 0, size, [0])


def _walk(
    file: IO[bytes], start: int, end: int, seen: list[int]
) -> Iterator[tuple[bytes, int, int]]:
    while start + 8 <= end and seen[0] < _MAXIMUM_BOXES:
        seen[0] += 1
        file.seek(start)
        length, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
        body = start + 8
        if length == 1:
            length, body = int.from_bytes(file.read(8), "big"), start + 16
        stop = end if length == 0 else min(end, start + length)
        if stop <= body:
            return
        if kind in _CONTAINERS:
            yield from _walk(file, body + _CONTAINERS[kind], stop, seen)
        else:
            yield kind, body, stop
        start = stop
