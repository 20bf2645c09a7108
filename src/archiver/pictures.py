"""How large a picture is, by its header alone: nothing is decoded, and no file is read to its end."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

# A canvas of more holds up a browser; Pillow itself draws the line there (twice MAX_IMAGE_PIXELS).
MAXIMUM_PIXELS = 178_956_970
MAXIMUM_SIDE = 65_535

# Pillow reads WebP and AVIF files whole, and prints what it thinks of a TIFF.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "ICO")
_HEAD = 32
# Of ISO base media files: how far boxes are followed.
_MAXIMUM_BOXES = 10_000
_CONTAINERS = {b"meta": 4, b"iprp": 0, b"ipco": 0}


def read_size(path: Path) -> tuple[int, int] | None:
    """Width and height of a picture in pixels, or None where the file is no picture of a known kind.

    OSError where it cannot be read. The ending does not matter, as it does not to browsers.
    """
    with path.open("rb") as file:
        return _measure(file, path.stat().st_size)


def measure_bytes(data: bytes) -> tuple[int, int] | None:
    """The same of a picture that is there already."""
    return _measure(BytesIO(data), len(data))


def is_too_large(width: int, height: int) -> bool:
    """Whether a picture would hold up whoever opens it."""
    return width * height > MAXIMUM_PIXELS or max(width, height) > MAXIMUM_SIDE


def _measure(file: IO[bytes], length: int) -> tuple[int, int] | None:
    head = file.read(_HEAD)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _read_webp(head)
    if head[4:8] == b"ftyp":
        return _read_boxes(file, length)
    if head[:4] in (b"II*\0", b"MM\0*"):
        return _read_tiff(file, head)
    return _read_with_pillow(file, head)


def _read_with_pillow(file: IO[bytes], head: bytes) -> tuple[int, int] | None:
    # An archive without pictures does not wait for these.
    from PIL import (  # noqa: F401 (a plugin that is imported is known to Image)
        BmpImagePlugin,
        GifImagePlugin,
        IcoImagePlugin,
        Image,
        JpegImagePlugin,
        PngImagePlugin,
    )

    for name in _FORMATS:
        factory, accepts = Image.OPEN[name]
        if accepts and accepts(head) is not True:
            continue
        file.seek(0)
        # `Image.open` would stop at its own limit, before the size can be told.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with factory(file, "") as picture:
                    width, height = picture.size
            except Exception:  # noqa: S112 (what a hostile header makes of a plugin is no picture)
                continue
        return (width, height) if width > 0 and height > 0 else None
    return None


def _read_tiff(file: IO[bytes], head: bytes) -> tuple[int, int] | None:
    """The size in the first directory of a TIFF file (TIFF 6.0, section 2)."""
    order = "<" if head[:2] == b"II" else ">"
    file.seek(struct.unpack(f"{order}I", head[4:8].ljust(4, b"\0"))[0])
    (count,) = struct.unpack(f"{order}H", file.read(2).ljust(2, b"\0"))
    sides = {}
    for _ in range(count):
        field = file.read(12)
        if len(field) < 12:
            return None
        tag, kind = struct.unpack(f"{order}HH", field[:4])
        if tag in (256, 257) and kind in (3, 4):
            sides[tag] = struct.unpack(f"{order}{'H2x' if kind == 3 else 'I'}", field[8:])[0]
    width, height = sides.get(256, 0), sides.get(257, 0)
    return (width, height) if width and height else None


def _read_webp(head: bytes) -> tuple[int, int] | None:
    """The size in the first chunk of a WebP file (RFC 9649, sections 2.5 to 2.7)."""
    kind, start = head[12:16], head[20:]
    if kind == b"VP8X" and len(start) >= 10:
        return (
            1 + int.from_bytes(start[4:7], "little"),
            1 + int.from_bytes(start[7:10], "little"),
        )
    if kind == b"VP8L" and len(start) >= 5 and start[0] == 0x2F:
        bits = int.from_bytes(start[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and len(start) >= 10 and start[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", start[6:10])
        return (width & 0x3FFF, height & 0x3FFF) if width & 0x3FFF and height & 0x3FFF else None
    return None


def _read_boxes(file: IO[bytes], size: int) -> tuple[int, int] | None:
    """The largest image of an AVIF or HEIC file, by its `ispe` boxes (ISO/IEC 23008-12, 6.5.3)."""
    widest = highest = 0
    for kind, start, end in _walk_boxes(file, 0, size, [0]):
        if kind == b"ispe" and end - start >= 12:
            file.seek(start + 4)
            width, height = struct.unpack(">II", file.read(8).ljust(8, b"\0"))
            widest, highest = max(widest, width), max(highest, height)
    return (widest, highest) if widest and highest else None


def _walk_boxes(
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
            yield from _walk_boxes(file, body + _CONTAINERS[kind], stop, seen)
        else:
            yield kind, body, stop
        start = stop
