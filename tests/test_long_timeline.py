"""A timeline of hundreds of posts, of which those near the window are laid out first: every place in it is
where it would be if all were, in Chromium and Firefox, from a disk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from book import Book
from browsing.bidi import BidiError, Firefox
from browsing.chromium import Chromium, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

POSTS = 200
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
# Of very different heights, and none of that which the style sheet takes them for.
LENGTHS = (1, 30, 3, 90, 2)
TOP = "document.getElementById('{}').getBoundingClientRect().top"
# The post at the top of the window, and how far above it begins.
READ = """(() => {
  const post = [...document.querySelectorAll('.post')].find((one) => one.getBoundingClientRect().bottom > 1);
  return [post.id, Math.round(post.getBoundingClientRect().top)];
})()"""
SKIPPED = """[...document.querySelectorAll('.post')]
  .filter((one) => !one.firstElementChild.checkVisibility({ contentVisibilityAuto: true })).length"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a coverage that is all on one page."""
    text = "=== content/site.md\n---\ntitle: Storms\ntimeline_page_size: 300\n---\n"
    for number in range(POSTS):
        words = f"Words of post {number} about the storm over the harbour. " * LENGTHS[number % 5]
        date = f"2017-03-{24 + number // 120}T{number % 120 // 5:02}:{number % 5:02}:00Z"
        text += f"=== p{number:03}.md\n---\ndate: {date}\n---\n{words}\n"
    return Book(tmp_path_factory.mktemp("long"), text).build().output / "event"


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Iterator[Window | Firefox]:
    """Each browser in turn."""
    if request.param == "firefox":
        firefox: Firefox = request.getfixturevalue("firefox")
        firefox.forget()
        yield firefox
        firefox.resize(1280, 800)
    else:
        chromium: Chromium = request.getfixturevalue("chromium")
        with chromium.open_window() as window:
            yield window


@pytest.fixture(params=list(SIZES))
def sized(browser: Window | Firefox, request: pytest.FixtureRequest) -> Window | Firefox:
    """A browser whose window is as large as a telephone, or as a desk's screen."""
    width, height = SIZES[request.param]
    if isinstance(browser, Firefox):
        browser.resize(width, height)
    else:
        browser.page.set_viewport_size({"width": width, "height": height})
    return browser


def _open(browser: Window | Firefox, folder: Path, page: str) -> None:
    browser.open("about:blank")
    browser.open(f"{folder.as_uri()}/{page}")


def _do(browser: Window | Firefox, script: str) -> None:
    browser.evaluate(f"(() => {{ {script}; return 0; }})()")


def _await(browser: Window | Firefox, page: str) -> None:
    """Wait until a page is there, while another may still be going."""
    wanted = f"location.pathname.endsWith('{page}') && document.readyState === 'complete'"
    deadline, found = time.monotonic() + 10, False
    while time.monotonic() < deadline and not found:
        with suppress(Error, BidiError, KeyError):
            found = browser.evaluate(wanted)
        time.sleep(0.05)
    assert found


def _settle(browser: Window | Firefox, script: str) -> Any:
    """What an expression says once it says the same for a while: pages are laid out bit by bit."""
    deadline, since, last = time.monotonic() + 10, time.monotonic(), browser.evaluate(script)
    while time.monotonic() < deadline and time.monotonic() - since < 0.5:
        time.sleep(0.05)
        now = browser.evaluate(script)
        if now != last:
            since, last = time.monotonic(), now
    return last


def test_posts_far_from_the_window_are_laid_out_later(chromium: Chromium, folder: Path) -> None:
    with chromium.open_window() as window:
        _open(window, folder, "index.html")
        assert window.evaluate(SKIPPED) > POSTS * 0.8
        assert _settle(window, SKIPPED) == 0


def test_without_scripts_all_is_laid_out_at_once(chromium: Chromium, folder: Path) -> None:
    with chromium.open_window(java_script_enabled=False) as window:
        window.open(f"{folder.as_uri()}/index.html")
        assert window.evaluate(SKIPPED) == 0


@pytest.mark.parametrize("name", ["p003", "p101", "p150", "p197"])
def test_a_link_to_a_post_shows_its_beginning(
    sized: Window | Firefox, folder: Path, name: str
) -> None:
    _open(sized, folder, f"index.html#{name}")
    assert abs(_settle(sized, TOP.format(name)) - 24) <= 2


def test_a_moment_and_a_place_of_the_address_are_both_shown(
    sized: Window | Firefox, folder: Path
) -> None:
    _open(sized, folder, "index.html#at=2017-03-25T13:00Z&post=p150")
    assert 0 <= _settle(sized, TOP.format("p150")) < 200


def test_the_other_order_keeps_the_place_of_what_is_read(
    sized: Window | Firefox, folder: Path
) -> None:
    _open(sized, folder, "index.html#p148")
    before = _settle(sized, READ)
    _do(sized, "document.querySelector('[data-order=newest]').click()")
    found, top = _settle(sized, READ)
    assert (found, abs(top - before[1]) <= 2) == (before[0], True)


@pytest.mark.parametrize(
    "address", ["index.html", "index.html#p003", "index.html#by=&order=oldest"]
)
def test_the_way_back_leads_to_what_was_read(
    sized: Window | Firefox, folder: Path, address: str
) -> None:
    _open(sized, folder, address)
    _do(sized, "settle()")
    _do(sized, "document.getElementById('p148').scrollIntoView()")
    before = _settle(sized, READ)
    _do(sized, "setTimeout(() => document.querySelector('#p148 .when a').click())")
    _await(sized, "p148.html")
    _do(sized, "setTimeout(() => history.back())")
    _await(sized, "index.html")
    found, top = _settle(sized, READ)
    assert (found, abs(top - before[1]) <= 2) == (before[0], True)


def test_words_far_below_are_found(browser: Window | Firefox, folder: Path) -> None:
    _open(browser, folder, "index.html")
    assert browser.evaluate("window.find('Words of post 171 about', false, false, true)") in (
        True,
        None,
    )
