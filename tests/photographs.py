"""Pictures drawn for tests: as cameras and scanners make them, and as they should not be."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms
from PIL.Image import Transpose

RED, GREEN = (200, 30, 30), (30, 160, 60)
# Fifty-one and a half degrees north, seven minutes west.
_PLACE = {1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)}
_ORIENTATION, _GPS = 274, 34853
# What a camera does to an upright picture to store it.
_STORED = {
    1: None,
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_90,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_270,
}


def paint(size: tuple[int, int], mode: str = "RGB", grain: float = 24) -> Image.Image:
    """A picture whose left half is red and whose right half is green, with the grain of a film."""
    picture = Image.new("RGB", size, GREEN)
    picture.paste(RED, (0, 0, size[0] // 2, size[1]))
    if grain:
        noise = Image.effect_noise(size, grain).convert("RGB")
        picture = Image.blend(picture, noise, 0.15)
    return picture.convert(mode)


def save(picture: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def photograph(
    size: tuple[int, int] = (1200, 800),
    form: str = "JPEG",
    *,
    orientation: int = 1,
    placed: bool = False,
    grain: float = 24,
    **options: Any,
) -> bytes:
    """A picture as a camera stores it: `size` is that of the picture as it should be shown."""
    exif = Image.Exif()
    if orientation != 1:
        exif[_ORIENTATION] = orientation
    if placed:
        exif[_GPS] = _PLACE
    upright = paint(size, grain=grain)
    way = _STORED[orientation]
    stored = upright.transpose(way) if way is not None else upright
    if orientation != 1 or placed:
        options["exif"] = exif
    return save(stored, form, **options)


def animate(form: str, size: tuple[int, int] = (900, 300)) -> bytes:
    """A picture that moves."""
    frames = [paint(size, grain=grain) for grain in (10, 40)]
    return save(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def write_profile(space: str) -> bytes:
    """An ICC profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()  # type: ignore[arg-type]
