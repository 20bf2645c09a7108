"""Which picture of a text may stand for it elsewhere."""

from __future__ import annotations

from archiver.media_types import find_ending
from archiver.model import Body
from archiver.pages.views import SharedImage

# What the platforms that fetch a picture can read.
_SHARED = frozenset("jpg jpeg png gif webp".split())
# Smaller ones are shown by none.
_SMALLEST = 200


def choose_image(body: Body) -> SharedImage | None:
    """The first picture of a text that platforms can show; its address is below the coverage's folder."""
    for one in body.pictures if body.slots else ():
        if find_ending(one.href) in _SHARED and min(one.width, one.height) >= _SMALLEST:
            return SharedImage(one.href, one.width, one.height, one.alt)
    return None
