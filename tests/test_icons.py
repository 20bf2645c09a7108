"""Icons: those of the default theme, and those of a site's own in the sizes that are asked for."""

from __future__ import annotations

import io
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from archiver.icons import SIZES, draw_icon
from archiver.preview import open_preview
from book import Book
from comparing import assert_as_clean
from photographs import paint, save

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "themes/default/assets"
OWN = "=== content/site.md\n---\ntitle: T\ntimezone: UTC\ntheme: own\n---\n"
MASTER = "themes/own/assets/icon.png"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7"/></svg>\n'
MakeBook = Callable[[str], Book]


def list_icons(book: Book) -> list[str]:
    """The icons that the first page links to, all of which are there."""
    links = book.page("index.html").css("link[rel~=icon], link[rel=apple-touch-icon]")
    found = [str(link.attributes["href"]) for link in links]
    assert all(path in book.files() for path in found)
    return found


def measure(data: bytes) -> tuple[tuple[int, int], str]:
    """The size and mode of a picture."""
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size, picture.mode


def test_the_default_icons_are_drawn_by_their_script(book: MakeBook) -> None:
    drawn = runpy.run_path(str(ROOT / "scripts/draw_icon.py"))["draw_all"]()
    assert set(drawn) == set(SIZES)
    for name, data in drawn.items():
        kept = (ASSETS / name).read_bytes()
        assert measure(kept) == measure(data) == ((SIZES[name], SIZES[name]), "RGBA")
        with Image.open(io.BytesIO(kept)) as one, Image.open(io.BytesIO(data)) as other:
            assert one.tobytes() == other.tobytes(), name
    built = book("").build()
    assert list_icons(built) == ["assets/icon-32.png", "assets/icon.svg", "assets/icon-180.png"]


def test_one_picture_of_a_sites_own_makes_all_sizes(book: MakeBook) -> None:
    made = book(OWN).write_bytes(MASTER, save(paint((600, 400)), "PNG")).build()
    assert list_icons(made) == ["assets/icon-32.png", "assets/icon-180.png"]
    small, large = ((made.output / path).read_bytes() for path in list_icons(made))
    assert measure(small) == ((32, 32), "RGBA")
    assert measure(large) == ((180, 180), "RGB")
    with Image.open(io.BytesIO(large)) as icon:
        assert icon.getpixel((90, 2)) == (255, 255, 255)  # it is wider than high
    assert "assets/icon.svg" not in made.files()
    assert_as_clean(made)
    made.write_bytes(MASTER, save(paint((90, 90)), "PNG"))
    assert_as_clean(made.build())
    assert (made.output / "assets/icon-32.png").read_bytes() != small


def test_a_drawing_of_a_sites_own_stands_alone_or_beside_its_picture(book: MakeBook) -> None:
    made = book(f"{OWN}=== themes/own/assets/icon.svg\n{DRAWING}").build()
    assert list_icons(made) == ["assets/icon.svg"]
    assert made.read("assets/icon.svg") == DRAWING
    own = save(paint((180, 180)), "PNG")
    made.write_bytes(MASTER, own).write_bytes("themes/own/assets/icon-180.png", own).build()
    assert len(list_icons(made)) == 3
    assert (made.output / "assets/icon-180.png").read_bytes() == own
    assert_as_clean(made)


def test_a_theme_without_an_icon_has_the_default_ones(book: MakeBook) -> None:
    made = book(f"{OWN}=== themes/own/assets/extra.css\np {{}}\n").build()
    assert len(list_icons(made)) == 3


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", save(paint((40, 40)), "JPEG")])
def test_what_no_icon_can_be_made_of_is_told(book: MakeBook, data: bytes) -> None:
    made = book(OWN).write_bytes(MASTER, data).try_build()
    assert made.codes() == made.check().codes() == ["bad-icon"]
    assert draw_icon(data, 32) is None


def test_a_preview_has_them_too(book: MakeBook) -> None:
    made = book(OWN).write_bytes(MASTER, save(paint((90, 90)), "PNG")).build()
    preview = open_preview(made.root)
    for path in list_icons(made):
        answer = preview.read_page(path)
        assert answer is not None
        assert answer.media_type == "image/png"
        assert answer.data == (made.output / path).read_bytes()
