"""Draws the default theme's icon.svg as the PNG files that some browsers and phones ask for instead.

Shapes and colours are those of the drawing; run it again after a change to that.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

ASSETS = Path(__file__).resolve().parents[1] / "themes/default/assets"
# The drawing's own grid, and how many times finer it is drawn than shown.
GRID, FINER = 32, 8
INK, PAPER, ACCENT = "#1d2a35", "#e9e4d8", "#e0654f"
SIZES = {"icon-32.png": (32, 6), "icon-180.png": (180, 0)}


def main() -> None:
    """Write both."""
    for name, data in draw_all().items():
        (ASSETS / name).write_bytes(data)


def draw_all() -> dict[str, bytes]:
    """{name: bytes} of the files; a phone rounds the corners of the larger one itself."""
    return {name: draw(size, corner) for name, (size, corner) in SIZES.items()}


def draw(size: int, corner: int) -> bytes:
    """The icon of one size in pixels."""
    unit = size * FINER / GRID
    picture = Image.new("RGBA", (size * FINER, size * FINER), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)

    def place(*lengths: float) -> list[float]:
        return [length * unit for length in lengths]

    def draw_dot(x: float, y: float, radius: float, colour: str) -> None:
        pen.ellipse(place(x - radius, y - radius, x + radius, y + radius), fill=colour)

    pen.rounded_rectangle([0, 0, size * FINER - 1, size * FINER - 1], corner * unit, fill=INK)
    pen.rectangle(place(9, 6, 11, 26), fill=PAPER)
    for y, colour in ((9, PAPER), (23, PAPER), (16, ACCENT)):
        draw_dot(10, y, 3.2, colour)
    for y, end in ((9, 26), (16, 26), (23, 23)):
        pen.rectangle(place(17, y - 1.2, end, y + 1.2), fill=PAPER)
        draw_dot(17, y, 1.2, PAPER)
        draw_dot(end, y, 1.2, PAPER)
    file = BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    main()
