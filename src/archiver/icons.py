"""A site's icon in the sizes that browsers and phones ask for, made of one picture."""

from __future__ import annotations

import warnings
from io import BytesIO

from archiver.digests import make_digest
from archiver.pictures import is_too_large, measure_bytes

# What may be in assets/ of a theme, and what a site's own theme need not hold where it has MASTER.
MASTER = "icon.png"
SIZES = {"icon-32.png": 32, "icon-180.png": 180}
NAMES = ("icon.svg", *SIZES)
# Of larger files nobody makes an icon.
MAXIMUM_ICON = 16 * 1024 * 1024
_RECIPE = 1


def draw_icon(data: bytes, size: int) -> bytes | None:
    """A PNG of this size in pixels, without distortion; None where the bytes are no picture that can be
    decoded. A phone shows no transparency, so that a large icon is on white."""
    from PIL import Image, ImageOps

    header = measure_bytes(data)
    if header is None or len(data) > MAXIMUM_ICON or is_too_large(*header.size):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=["PNG"]) as picture:
                drawn = picture.convert("RGBA")
        except Exception:  # whatever a damaged picture makes of a decoder
            return None
    drawn.info.clear()
    square = ImageOps.pad(drawn, (size, size), Image.Resampling.LANCZOS, color=(0, 0, 0, 0))
    if size > 64:
        paper = Image.new("RGBA", square.size, "white")
        square = Image.alpha_composite(paper, square).convert("RGB")
    file = BytesIO()
    square.save(file, "PNG", optimize=True)
    return file.getvalue()


def digest_icon(data: bytes, size: int) -> bytes:
    """What stands for an icon of this size."""
    import PIL

    return make_digest(data, f"{_RECIPE} {size} {PIL.__version__}".encode())
