"""The preview in Chromium and Firefox: fresh pages in their place, problems over them, nothing remote."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Protocol

import pytest
from playwright.sync_api import Error

from book import Book
from browsing.bidi import BidiError, Firefox
from browsing.chromium import Chromium
from browsing.network import BlackHole
from previewing import PATIENCE, Served, serve_book

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MakeBook = Callable[[str], Book]
SHADOW = "document.getElementById('_preview-problems').shadowRoot"
FRONT = f"{SHADOW}.querySelector('.front')"
CORNER = f"{SHADOW}.querySelector('.corner')"
READY = (
    f"Boolean(document.getElementById('_preview-problems') && {SHADOW}.querySelector('summary'))"
)
BROKEN = "=== p01.md\n---\ndate: 2017-03-23T20:01:00Z\nupdatd: <b>&</b>\n---\nBroken.\n"


class Viewer(Protocol):
    """What both browsers can do."""

    requests: list[str]
    messages: list[str]

    def open(self, url: str) -> None: ...

    def evaluate(self, expression: str) -> Any: ...


@pytest.fixture(params=["chromium", "firefox"])
def viewer(request: pytest.FixtureRequest) -> Iterator[Viewer]:
    """A window of a desk's size, in each browser."""
    if request.param == "chromium":
        chromium: Chromium = request.getfixturevalue("chromium")
        with chromium.open_window() as window:
            yield window
    else:
        firefox: Firefox = request.getfixturevalue("firefox")
        firefox.resize(1280, 800)
        firefox.forget()
        yield firefox
        firefox.open("about:blank")


def write_post(number: int, words: str = "Words of it.") -> str:
    """A post long enough that some twenty of them fill several screens."""
    text = "\n\n".join([words] * 6)
    return f"=== p{number:02}.md\n---\ndate: 2017-03-23T20:{number:02}:00Z\n---\n{text}\n"


@pytest.fixture
def served(book: MakeBook) -> Iterator[Served]:
    """A timeline of twenty posts."""
    posts = "".join(write_post(number) for number in range(1, 21))
    with serve_book(book(posts + "=== content/event/media/a.png\n")) as served:
        yield served


def await_truth(viewer: Viewer, expression: str) -> None:
    """Wait until something is so in the page."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        # A page that is just being loaded again answers nothing.
        with suppress(Error, BidiError):
            if viewer.evaluate(f"Boolean({expression})"):
                return
        time.sleep(0.01)
    pytest.fail(f"it is never so that {expression}")


def act(viewer: Viewer, statement: str) -> None:
    """Do something in the page."""
    viewer.evaluate(f"(() => {{ {statement}; return true; }})()")


def open_page(viewer: Viewer, url: str) -> None:
    """Open a page of the preview, and wait for its first news."""
    viewer.open(url)
    await_truth(viewer, READY)


def find_top(viewer: Viewer, slug: str) -> float:
    """How far below the window's edge a post begins."""
    return float(viewer.evaluate(f"document.getElementById('{slug}').getBoundingClientRect().top"))


def scroll_to(viewer: Viewer, slug: str) -> None:
    """Scroll until a post begins somewhat above the window's edge."""
    act(
        viewer,
        f"scrollTo(0, document.getElementById('{slug}').getBoundingClientRect().top + scrollY + 30)",
    )


def test_a_changed_page_is_fresh_at_once_and_stays_at_its_place(
    served: Served, viewer: Viewer
) -> None:
    open_page(viewer, f"{served.base}event/index.html")
    scroll_to(viewer, "p10")
    act(viewer, "window.mark = 1")
    before = find_top(viewer, "p10")
    assert before < 0
    # Text above the place grows: the post that is read stays where it is.
    served.change(write_post(2, "Many new words. " * 60))
    await_truth(viewer, "document.getElementById('p02').textContent.includes('Many new words')")
    assert abs(find_top(viewer, "p10") - before) < 2
    assert viewer.evaluate("scrollY") > 300
    # It was not loaded again.
    assert viewer.evaluate("window.mark") == 1
    # What scripts have added is there again.
    assert viewer.evaluate("document.querySelector('.known').offsetParent !== null")
    served.change(write_post(10, "Other words, here."))
    await_truth(viewer, "document.getElementById('p10').textContent.includes('Other words')")
    assert abs(find_top(viewer, "p10") - before) < 2


def test_a_page_that_a_change_does_not_touch_is_left_as_it_is(
    served: Served, viewer: Viewer
) -> None:
    open_page(viewer, f"{served.base}event/p05.html")
    act(viewer, "window.body = document.body")
    served.change(write_post(18, "Other words."))
    served.change(write_post(19, "Other words."))
    asked = "performance.getEntriesByType('resource').filter((one) => one.name === location.href)"
    await_truth(viewer, f"{asked}.length")
    served.change(write_post(6, "# Next") + BROKEN)
    await_truth(viewer, f"!{FRONT}.hidden")
    assert viewer.evaluate("window.body === document.body")


def test_a_new_style_is_loaded_and_the_place_kept(served: Served, viewer: Viewer) -> None:
    open_page(viewer, f"{served.base}event/index.html")
    scroll_to(viewer, "p10")
    before = find_top(viewer, "p10")
    served.book.write_bytes("content/event/media/a.png")
    served.tell(served.book.root / "content/event/media/a.png")
    await_truth(viewer, "performance.getEntriesByType('navigation')[0].type === 'reload'")
    await_truth(viewer, READY)
    await_truth(viewer, "document.readyState === 'complete'")
    await_truth(viewer, "scrollY > 0")
    assert abs(find_top(viewer, "p10") - before) < 2


def test_an_error_is_shown_over_the_page_as_text_and_goes_when_it_is_mended(
    served: Served, viewer: Viewer
) -> None:
    open_page(viewer, f"{served.base}event/index.html")
    assert viewer.evaluate(f"{FRONT}.hidden")
    served.change(BROKEN)
    await_truth(viewer, f"!{FRONT}.hidden")
    text = viewer.evaluate(f"{FRONT}.textContent")
    assert "content/event/p01.md:3:1" in text
    assert "error[unknown-field] unknown field `updatd`" in text
    assert "updatd: <b>&</b>" in text
    assert "hint: did you mean `updated`?" in text
    assert viewer.evaluate(f"{FRONT}.querySelector('mark').textContent") == "updatd"
    assert viewer.evaluate(f"{FRONT}.getBoundingClientRect().height") > 100
    # The page below is the last good one.
    assert viewer.evaluate("document.querySelectorAll('article').length") == 20
    served.change(write_post(1, "Mended."))
    await_truth(viewer, f"{FRONT}.hidden")
    await_truth(viewer, "document.getElementById('p01').textContent.includes('Mended')")


def test_an_error_can_be_put_away_and_another_comes_to_the_front(
    served: Served, viewer: Viewer
) -> None:
    open_page(viewer, f"{served.base}event/index.html")
    served.change(BROKEN)
    await_truth(viewer, f"!{FRONT}.hidden")
    act(viewer, f"{FRONT}.querySelector('button').click()")
    assert viewer.evaluate(f"{FRONT}.hidden")
    assert viewer.evaluate(f"{CORNER}.querySelector('summary').textContent") == "1 error"
    served.change(write_post(3, "Not about it."))
    assert viewer.evaluate(f"{FRONT}.hidden")
    served.change(BROKEN.replace("updatd", "tittle"))
    await_truth(viewer, f"!{FRONT}.hidden")


def test_warnings_are_folded_in_a_corner(served: Served, viewer: Viewer) -> None:
    open_page(viewer, f"{served.base}event/index.html")
    served.change("=== p01.md\n---\ndate: 2017-03-23T20:01:00Z\n---\n")
    await_truth(viewer, f"!{CORNER}.hidden")
    assert viewer.evaluate(f"{FRONT}.hidden")
    assert viewer.evaluate(f"{CORNER}.querySelector('summary').textContent") == "1 warning"
    assert viewer.evaluate(f"{CORNER}.open") is False
    assert viewer.evaluate(f"{CORNER}.getBoundingClientRect().height") < 80
    act(viewer, f"{CORNER}.querySelector('summary').click()")
    assert "warning[empty-body]" in viewer.evaluate(f"{CORNER}.textContent")


def test_a_page_that_goes_shows_that_it_has_gone_and_comes_back(
    served: Served, viewer: Viewer
) -> None:
    open_page(viewer, f"{served.base}event/p05.html")
    post = served.book.root / "content/event/p05.md"
    post.unlink()
    served.tell(post)
    await_truth(viewer, "document.body.textContent.includes('There is no such page')")
    served.change(write_post(5, "Back again."))
    await_truth(viewer, READY)
    await_truth(viewer, "document.body.textContent.includes('Back again.')")


def test_a_draft_is_marked(served: Served, viewer: Viewer) -> None:
    served.change(write_post(21).replace("---\nWords", "draft: true\n---\nWords", 1))
    open_page(viewer, f"{served.base}event/p21.html")
    assert viewer.evaluate("document.querySelector('.labels .draft').textContent") == "Draft"
    open_page(viewer, f"{served.base}event/index.html")
    assert viewer.evaluate("document.querySelectorAll('.post.draft').length") == 1


def test_when_the_preview_ends_the_page_says_so(book: MakeBook, viewer: Viewer) -> None:
    with serve_book(book(write_post(1))) as served:
        open_page(viewer, served.base)
        lost = f"{SHADOW}.querySelector('.lost')"
        assert viewer.evaluate(f"{lost}.hidden")
    await_truth(viewer, f"!{lost}.hidden")


def test_nothing_remote_is_asked_for_and_nothing_is_complained_of(
    served: Served, viewer: Viewer, hole: BlackHole
) -> None:
    calls = len(hole.calls)
    for path in ("", "event/index.html", "event/p01.html", "tags/index.html"):
        open_page(viewer, f"{served.base}{path}")
    served.change(BROKEN)
    await_truth(viewer, f"!{FRONT}.hidden")
    served.change(write_post(1, "Mended."))
    await_truth(viewer, f"{FRONT}.hidden")
    own = (served.base, "data:", "about:")
    assert [url for url in viewer.requests if not url.startswith(own)] == []
    assert hole.calls[calls:] == []
    assert viewer.messages == []
