"""How large a drawing is, by the attributes of its first element (SVG 2, 7.2 and 7.7)."""

from __future__ import annotations

import re
from contextlib import suppress
from xml.parsers import expat

_LENGTH = re.compile(r"\s*\+?(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(px|pt|pc|mm|cm|in|)\s*", re.ASCII)
# In pixels (CSS Values 3, 5.2).
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
# A drawing that only tells its shape is as wide as there is room: so wide is nothing that it stands in.
_WIDE = 1200
_LARGEST = 20_000


def measure_svg(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, both 0 where they are not told."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()

    def take_first(name: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append(attributes)

    parser.StartElementHandler = take_first
    with suppress(expat.ExpatError, ValueError, LookupError):
        parser.Parse(data, True)
    attributes = found[0] if found else {}
    width, height = (_read_length(attributes.get(name, "")) for name in ("width", "height"))
    box = _read_box(attributes.get("viewBox", ""))
    if box and not (width and height):
        ratio = box[1] / box[0]
        width = width or (height / ratio if height else _WIDE)
        height = height or width * ratio
    size = round(width), round(height)
    return size if min(size) > 0 and max(size) <= _LARGEST else (0, 0)


def _read_length(text: str) -> float:
    match = _LENGTH.fullmatch(text)
    return float(match[1]) * _UNITS[match[2]] if match else 0.0


def _read_box(text: str) -> tuple[float, float] | None:
    """Width and height of a view box."""
    parts = text.replace(",", " ").split()
    try:
        width, height = (float(part) for part in parts[2:])
    except ValueError:
        return None
    return (width, height) if len(parts) == 4 and 0 < width < 1e9 and 0 < height < 1e9 else None
