"""SVG files made harmless: what draws is kept, what acts or loads goes, and what is no SVG is refused."""

from __future__ import annotations

import re
from xml.parsers import expat

from msgspec import Struct

from archiver.svg.cleaner import Cleaner, SvgError
from archiver.svg.size import measure_svg

__all__ = ["MAXIMUM_SIZE", "Cleaned", "SvgError", "clean_svg", "measure_svg"]

MAXIMUM_SIZE = 8 * 1024 * 1024
# Such a file means the same to every parser.
_PLAIN = re.compile("utf-?8|us-ascii|ascii", re.IGNORECASE)


class Cleaned(Struct, frozen=True):
    """The bytes of an SVG file that is safe to open, and the names of what had to go, each once."""

    data: bytes
    removed: tuple[str, ...] = ()


def clean_svg(data: bytes) -> Cleaned:
    """An SVG file without anything that runs, moves on or loads; the same bytes where there is no such.

    What is cleaned is UTF-8, without comments, and comes out of a second cleaning as it is. SvgError
    where the bytes are no SVG, are not well-formed XML 1.0, declare entities, or would draw without end.
    """
    cleaner = Cleaner()
    parser = expat.ParserCreate(namespace_separator=Cleaner.SEPARATOR)
    cleaner.attach(parser)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        raise SvgError(
            error.lineno, error.offset + 1, f"it is not well-formed: {message}"
        ) from None
    except (ValueError, LookupError):  # an encoding that Python does not know, or that is none
        raise SvgError(1, 1, "its encoding is not known") from None
    text = cleaner.finish()
    removed = tuple(cleaner.removed)
    if not removed and _PLAIN.fullmatch(cleaner.encoding) and _is_utf8(data):
        return Cleaned(data)
    return Cleaned(text.encode(), removed)


def _is_utf8(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False
