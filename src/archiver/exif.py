"""What EXIF and XMP tell of a picture that matters here: how it is turned, and where it was taken.

Only directories of fixed fields are read (TIFF 6.0, section 2; EXIF 3.0, section 4.6), and no file to its
end.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import IO

from msgspec import Struct

_WIDTH, _HEIGHT, _ORIENTATION, _PLACE = 256, 257, 274, 34853
_LATITUDE, _LONGITUDE = 2, 4
_SHORT, _LONG = 3, 4
# Of these, rows are columns (EXIF 3.0, 4.6.5.1.6).
_TURNED = frozenset({5, 6, 7, 8})
_XMP_PLACE = b"GPSLatitude"


class Exif(Struct, frozen=True):
    """Of a TIFF file, or the one in another picture: `orientation` is 1 for upright pictures, and width and
    height are 0 where they are not told."""

    orientation: int = 1
    has_place: bool = False
    width: int = 0
    height: int = 0

    @property
    def is_turned(self) -> bool:
        """Whether the picture is shown with its sides exchanged."""
        return self.orientation in _TURNED


def read_exif(file: IO[bytes], start: int = 0) -> Exif | None:
    """What the TIFF file says that begins there; None where none does."""
    file.seek(start)
    head = file.read(8)
    if len(head) < 8 or head[:4] not in (b"II*\0", b"MM\0*"):
        return None
    order = "<" if head[:2] == b"II" else ">"
    fields = _read_directory(file, start, order, struct.unpack(f"{order}I", head[4:])[0])
    orientation = fields.get(_ORIENTATION, 1)
    place = fields.get(_PLACE)
    where = _read_directory(file, start, order, place) if place else {}
    return Exif(
        orientation if 1 <= orientation <= 8 else 1,
        _LATITUDE in where and _LONGITUDE in where,
        fields.get(_WIDTH, 0),
        fields.get(_HEIGHT, 0),
    )


def read_exif_bytes(data: bytes) -> Exif:
    """The same of EXIF as it stands in a JPEG, PNG or WebP file, upright and nowhere where there is none."""
    return read_exif(BytesIO(data.removeprefix(b"Exif\0\0"))) or Exif()


def tells_place(xmp: bytes) -> bool:
    """Whether XMP names where a picture was taken."""
    return _XMP_PLACE in xmp


def _read_directory(file: IO[bytes], start: int, order: str, offset: int) -> dict[int, int]:
    """The fields of a directory: of numbers the first, of anything else where it stands."""
    file.seek(start + offset)
    (count,) = struct.unpack(f"{order}H", file.read(2).ljust(2, b"\0"))
    fields: dict[int, int] = {}
    for _ in range(count):
        field = file.read(12)
        if len(field) < 12:
            break
        tag, kind, _, number = struct.unpack(f"{order}HHII", field)
        if kind == _SHORT:
            (number,) = struct.unpack(f"{order}H", field[8:10])
        fields.setdefault(tag, number)
    return fields
