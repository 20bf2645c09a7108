"""Pictures in Chromium and Firefox, from a disk: which copy is loaded, and the view in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from book import Book
from browsing.bidi import Firefox
from browsing.chromium import Chromium, Window
from photographs import paint, photograph, save
from test_timeline_scripts import Reader
from test_timeline_scripts import browser as browser  # a fixture, in each browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DIALOG = "document.querySelector('dialog.full')"
BUSY = "document.activeElement"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coverage with pictures of several kinds."""
    names = ("wide.jpg", "tall.jpg", "scan.tif", "small.jpg")
    text = "".join(
        f"=== {number}.md\n---\ndate: 2017-03-23T20:2{number}:00Z\n---\n![What {name} shows](media/{name})\n"
        for number, name in enumerate(names)
    )
    text += "=== 8.md\n---\ndate: 2017-03-23T20:28:00Z\n---\nNo picture.\n"
    book = Book(tmp_path_factory.mktemp("pictures"), text)
    book.write_bytes("content/event/media/wide.jpg", photograph((3000, 900)))
    book.write_bytes("content/event/media/tall.jpg", photograph((900, 2400), orientation=6))
    book.write_bytes("content/event/media/scan.tif", save(paint((800, 300)), "TIFF"))
    book.write_bytes("content/event/media/small.jpg", photograph((200, 100)))
    return book.build().output / "event"


@pytest.fixture
def reader(folder: Path, browser: Window | Firefox) -> Reader:
    """A reader of that coverage."""
    return Reader(browser, folder)


def open_full(reader: Reader) -> None:
    """Open the picture of a page as a keyboard does."""
    reader.do("document.querySelector('a.full').focus(); document.activeElement.click()")


def test_a_browser_loads_a_copy_that_is_wide_enough(reader: Reader) -> None:
    reader.open("0.html")
    reader.await_true("document.images[0].complete && document.images[0].currentSrc")
    assert reader.run("document.images[0].currentSrc").endswith("renditions/wide.jpg.960.webp")
    assert reader.run("document.images[0].naturalWidth") > 0


def test_what_no_browser_shows_is_shown_by_its_copy(reader: Reader) -> None:
    reader.open("2.html")
    reader.await_true("document.images[0].complete && document.images[0].naturalWidth > 0")
    assert reader.run("document.images[0].currentSrc").endswith(".webp")
    assert reader.run("document.querySelector('a.full')") is None


def test_a_page_keeps_the_place_of_a_picture_that_is_not_there_yet(reader: Reader) -> None:
    ratio = "(({width: w, height: h}) => w / h)(document.images[0].getBoundingClientRect())"
    reader.open("1.html")
    reader.await_true("document.images[0].complete && document.images[0].naturalWidth > 0")
    box = "document.images[0].getBoundingClientRect()"
    assert reader.run(f"{box}.height") <= reader.run("innerHeight") * 0.86
    assert reader.run("getComputedStyle(document.images[0]).objectFit") == "contain"
    reader.open("3.html")
    assert round(reader.run(ratio), 2) == 2


def test_a_link_opens_its_picture_over_the_page(reader: Reader) -> None:
    open_full(reader.open("0.html"))
    assert reader.run(f"{DIALOG}.open")
    assert reader.run(f"{DIALOG}.getAttribute('aria-label')") == "What wide.jpg shows"
    image = f"{DIALOG}.querySelector('img')"
    reader.await_true(f"{image}.complete && {image}.naturalWidth > 0")
    assert reader.run(f"{image}.alt") == "What wide.jpg shows"
    assert reader.run(f"{image}.currentSrc").endswith("media/wide.jpg")
    assert reader.run(f"{image}.naturalWidth") == 3000
    assert reader.run(f"{image}.getBoundingClientRect().width <= innerWidth")
    assert reader.run(f"{BUSY}.tagName + {BUSY}.textContent") == "BUTTONClose"


@pytest.mark.parametrize("way", ["Escape", "button", "picture"])
def test_it_closes_and_the_focus_is_where_it_was(reader: Reader, way: str) -> None:
    open_full(reader.open("0.html"))
    if way == "Escape":
        reader.press("Escape")
    else:
        reader.click(f"dialog.full {'button' if way == 'button' else 'img'}")
    reader.await_true(f"{DIALOG} === null")
    assert reader.run(f"{BUSY}.className") == "full"
    open_full(reader)
    assert reader.run(f"{DIALOG}.open")


def test_a_click_that_means_another_window_is_left_to_the_browser(reader: Reader) -> None:
    reader.open("0.html")
    event = "new MouseEvent('click', {bubbles: true, cancelable: true, ctrlKey: true})"
    reader.do("addEventListener('click', (event) => event.preventDefault())")
    reader.do(f"document.querySelector('a.full').dispatchEvent({event})")
    assert reader.run(DIALOG) is None


def test_a_page_without_pictures_has_no_script_for_them(reader: Reader) -> None:
    reader.open("8.html")
    assert reader.run("document.querySelector('script[src$=\"pictures.js\"]')") is None
    reader.open("index.html")
    assert reader.run("document.querySelectorAll('script[src$=\"pictures.js\"]').length") == 1


def test_without_script_the_link_leads_to_the_picture(chromium: Chromium, folder: Path) -> None:
    with chromium.open_window(java_script_enabled=False) as window:
        window.open((folder / "0.html").as_uri())
        window.page.click("a.full")
        window.await_url("media/wide.jpg")


def test_the_view_in_full_is_short(folder: Path) -> None:
    script = (folder.parent / "assets/pictures.js").read_text(encoding="utf-8")
    assert len(script) < 1600
