"""Smaller copies of a picture for browsers to choose from: WebP, upright, in sRGB, without any metadata.

The same bytes make the same copies, with the same libraries on a machine of the same kind.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from msgspec import Struct

from archiver.digests import make_digest
from archiver.media_types import find_ending
from archiver.pictures import Header, read_exif_of

if TYPE_CHECKING:
    from PIL.Image import Image

# In pixels: a phone, the column of text, and that on a screen of two pixels to a pixel.
WIDTHS = (480, 960, 1600)
# How a copy is made; another number makes all of them anew.
_RECIPE = 1
# Of what decodes to more than this, no copies are made: memory is bounded (a JPEG is decoded smaller).
MAXIMUM_DECODED = 64_000_000
# No WebP has longer sides (RFC 9649, section 2.5).
_MAXIMUM_SIDE = 16_383
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
# Of these all that is shown is their first picture; another format with several is animated.
_PAGED = frozenset({"MPO", "TIFF"})
_MADE_OF = frozenset("jpg jpeg png gif webp bmp tif tiff".split())
# What no browser shows but Safari: of these there is always a copy.
_NOT_SHOWN = frozenset("tif tiff".split())
# A photograph bears more than what may be a drawing.
_QUALITY, _QUALITY_OF_DRAWINGS = 80, 90


class Rendition(Struct, frozen=True):
    """A copy of so many pixels a line."""

    width: int
    data: bytes


def is_shown(path: str) -> bool:
    """Whether browsers show a picture of that name."""
    return find_ending(path) not in _NOT_SHOWN


def plan_widths(path: str, header: Header) -> tuple[int, ...]:
    """How wide the copies of a picture should be: each clearly narrower than the picture itself."""
    width, height = header.size
    if find_ending(path) not in _MADE_OF:
        return ()
    widths = [one for one in WIDTHS if one * 5 <= width * 4]
    if not is_shown(path):
        widths.append(min(width, WIDTHS[-1]))
    fitting = (one for one in dict.fromkeys(widths) if _fit(one, header)[1] <= _MAXIMUM_SIDE)
    return tuple(fitting) if height else ()


def name_recipe() -> bytes:
    """What stands for how copies are made: others make other bytes."""
    import PIL
    from PIL import features

    versions = [features.version(name) or "" for name in ("webp", "littlecms2", "libjpeg_turbo")]
    return make_digest(f"{_RECIPE} {PIL.__version__} {' '.join(versions)}".encode())


def make_renditions(
    data: bytes, widths: Sequence[int], keep_all: bool = False
) -> tuple[Rendition, ...]:
    """Copies of the picture in these bytes, the narrowest first; none where it moves, is damaged, or takes
    too much memory. A copy that is no smaller than the picture is left out, unless they are to `keep_all`.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=_FORMATS) as picture:
                made = _make(picture, data, sorted(widths, reverse=True))
        except Exception:  # whatever a damaged picture makes of a decoder
            return ()
    return tuple(one for one in reversed(made) if keep_all or len(one.data) < len(data))


def _make(picture: Image, data: bytes, widths: Sequence[int]) -> list[Rendition]:
    """Copies, the widest first; each is made of the one before."""
    from PIL import Image, ImageOps

    if not widths or (picture.format not in _PAGED and getattr(picture, "is_animated", False)):
        return []
    quality = _QUALITY if picture.format in ("JPEG", "MPO", "WEBP") else _QUALITY_OF_DRAWINGS
    profile = picture.info.get("icc_profile")
    exif = read_exif_of(picture)
    header = Header(*(picture.size[::-1] if exif.is_turned else picture.size))
    largest = _fit(widths[0], header)
    picture.draft(None, largest[::-1] if exif.is_turned else largest)
    if picture.width * picture.height > MAXIMUM_DECODED:
        return []
    current = _flatten(picture)
    made = []
    for width in widths:
        size = _fit(width, header)
        current = current.resize(
            size[::-1] if exif.is_turned else size, Image.Resampling.LANCZOS, reducing_gap=3.0
        )
        upright = current
        if exif.orientation != 1:
            current.getexif()[_ORIENTATION] = exif.orientation
            upright = ImageOps.exif_transpose(current)
        made.append(Rendition(width, _encode(_convert(upright, profile), quality)))
    return made


_ORIENTATION = 274


def _fit(width: int, header: Header) -> tuple[int, int]:
    return width, max(1, round(header.height * width / header.width))


def _flatten(picture: Image) -> Image:
    """The pixels as 8 bits of grey, RGB or CMYK, with alpha where there is any; no colours are changed."""
    picture.load()
    if picture.mode.startswith("I;16"):
        flat = picture.convert("I").point(lambda value: value / 256).convert("L")
    elif picture.mode == "P":
        flat = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode == "PA" or "transparency" in picture.info:
        flat = picture.convert("RGBA")
    elif picture.mode == "1":
        flat = picture.convert("L")
    elif picture.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        flat = picture.copy()
    elif picture.mode in ("YCbCr", "HSV", "RGBX", "RGBa", "La"):
        flat = picture.convert("RGBA" if picture.mode == "RGBa" else "RGB")
    else:
        message = f"pixels of the mode {picture.mode} have no sure meaning"
        raise ValueError(message)
    flat.info.clear()
    return flat


def _convert(picture: Image, profile: bytes | None) -> Image:
    """The same in sRGB: by its own profile, where it has one that can be read."""
    from PIL import ImageCms

    alpha = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    if alpha is not None:
        picture = picture.convert("L" if picture.mode == "LA" else "RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            own = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, source, own, outputMode="RGB") or picture
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    picture = picture.convert("RGB")
    if alpha is not None:
        picture.putalpha(alpha)
    return picture


def _encode(picture: Image, quality: int) -> bytes:
    file = BytesIO()
    picture.save(file, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return file.getvalue()
