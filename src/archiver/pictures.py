"""How large a picture is shown, and whether it names where it was taken, by its header alone: nothing is
decoded, and no file is read to its end."""

from __future__ import annotations

import re
import struct
import warnings
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from archiver.boxes import walk_boxes
from archiver.exif import Exif, read_exif, read_exif_bytes, tells_place

if TYPE_CHECKING:
    from PIL.Image import Image

# A canvas of more holds up a browser; Pillow itself draws the line there (twice MAX_IMAGE_PIXELS).
MAXIMUM_PIXELS = 178_956_970
MAXIMUM_SIDE = 65_535

# Pillow reads WebP and AVIF files whole, and prints what it thinks of a TIFF.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "ICO")
_HEAD = 32
# How a TIFF file with a first directory at its beginning begins, as EXIF in HEIC and AVIF files does; it
# is looked for so far.
_EXIF = re.compile(rb"MM\0\*\0\0\0\x08|II\*\0\x08\0\0\0")
_EXIF_WITHIN = 1 << 22
_MOST_CHUNKS = 1_000
_MOST_METADATA = 1 << 22


class Header(Struct, frozen=True):
    """What the head of a picture tells: its width and height in pixels as browsers show it, turned where
    it says so, and whether it names where it was taken."""

    width: int
    height: int
    has_place: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, self.height


def read_header(path: Path) -> Header | None:
    """The header of a picture, or None where the file is no picture of a known kind.

    OSError where it cannot be read. The ending does not matter, as it does not to browsers.
    """
    with path.open("rb") as file:
        return _measure(file, path.stat().st_size)


def measure_bytes(data: bytes) -> Header | None:
    """The same of a picture that is there already."""
    return _measure(BytesIO(data), len(data))


def is_too_large(width: int, height: int) -> bool:
    """Whether a picture would hold up whoever opens it."""
    return width * height > MAXIMUM_PIXELS or max(width, height) > MAXIMUM_SIDE


def _measure(file: IO[bytes], length: int) -> Header | None:
    head = file.read(_HEAD)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        size = _read_webp(head)
        return Header(*size, _tells_webp_place(file, head)) if size else None
    if head[4:8] == b"ftyp":
        return _read_boxes(file, length)
    if head[:4] in (b"II*\0", b"MM\0*"):
        exif = read_exif(file)
        return _turn((exif.width, exif.height), exif) if exif else None
    return _read_with_pillow(file, head)


def _turn(size: tuple[int, int], exif: Exif, xmp: bytes = b"") -> Header | None:
    width, height = size[::-1] if exif.is_turned else size
    has_place = exif.has_place or tells_place(xmp)
    return Header(width, height, has_place) if width > 0 and height > 0 else None


def _read_with_pillow(file: IO[bytes], head: bytes) -> Header | None:
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
                    size, notes = picture.size, picture.info
            except Exception:  # noqa: S112 (what a hostile header makes of a plugin is no picture)
                continue
        exif = notes.get("exif", b"")
        xmp = notes.get("xmp", b"")
        return _turn(size, read_exif_bytes(exif if isinstance(exif, bytes) else b""), _encode(xmp))
    return None


def read_exif_of(picture: Image) -> Exif:
    """The EXIF of an open picture as far as browsers heed it: not that of a WebP file; and Pillow turns a
    TIFF file by itself."""
    exif = picture.info.get("exif")
    if picture.format not in ("JPEG", "MPO", "PNG") or not isinstance(exif, bytes):
        return Exif()
    return read_exif_bytes(exif)


def _encode(xmp: object) -> bytes:
    return xmp if isinstance(xmp, bytes) else str(xmp).encode(errors="replace")


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


def _tells_webp_place(file: IO[bytes], head: bytes) -> bool:
    """Whether the metadata of a WebP file names a place. How it is turned, no browser asks there."""
    if head[12:16] != b"VP8X":
        return False
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        chunk = file.read(8)
        if len(chunk) < 8:
            return False
        kind, length = struct.unpack("<4sI", chunk)
        if kind == b"EXIF" and read_exif_bytes(file.read(min(length, _MOST_METADATA))).has_place:
            return True
        if kind == b"XMP " and tells_place(file.read(min(length, _MOST_METADATA))):
            return True
        at += 8 + length + length % 2
    return False


def _read_boxes(file: IO[bytes], size: int) -> Header | None:
    """The largest image of an AVIF or HEIC file, by its `ispe` boxes (ISO/IEC 23008-12, 6.5.3), turned by
    its `irot` (6.5.10)."""
    widest = highest = 0
    turned = False
    for kind, start, end in walk_boxes(file, size):
        if kind == b"ispe" and end - start >= 12:
            file.seek(start + 4)
            width, height = struct.unpack(">II", file.read(8).ljust(8, b"\0"))
            widest, highest = max(widest, width), max(highest, height)
        elif kind == b"irot":
            file.seek(start)
            turned = bool(file.read(1).ljust(1, b"\0")[0] & 1)
    if not widest or not highest:
        return None
    if turned:
        widest, highest = highest, widest
    return Header(widest, highest, _tells_boxed_place(file))


def _tells_boxed_place(file: IO[bytes]) -> bool:
    file.seek(0)
    data = file.read(_EXIF_WITHIN)
    found = (read_exif_bytes(data[match.start() :]) for match in _EXIF.finditer(data))
    return any(exif.has_place for exif in found) or tells_place(data)
