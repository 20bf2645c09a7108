"""A reader with nothing but a keyboard: every control is reached, in the order of the page, and seen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browsing.bidi import Firefox
from browsing.chromium import Chromium, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# As WebDriver spells them (17.4.2).
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c"}
LANGUAGES = ("en", "ar")
PAGES = (
    "index.html",
    "storm/index.html",
    "days/2017-04-01T08.2.html",
    "tags/index.html",
    "storm/2017-03-23-2200-first.html",
    "storm/2017-03-23-2205-pictures.html",
    "storm/provenance.html",
    "search.html",
)
MOST = 400

# What can be reached, in the order of the page: all that can be used or scrolled and is not put away.
STOPS = """(() => {
  const places = "a[href], button, select, input, summary, audio, video, [tabindex]";
  const seen = (one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0;
  window.stops = [...document.querySelectorAll(places)].filter(seen);
  return window.stops.length;
})()"""
FOCUS = """(() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  return {
    place: (window.stops ?? []).indexOf(one),
    away: one === document.body || one === document.documentElement,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    box: [box.top, box.right, box.bottom, box.left, innerWidth, innerHeight].map(Math.round),
    html: one.outerHTML.slice(0, 120),
    href: one.getAttribute("href"),
  };
})()"""
HIDDEN = """(() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height, 8) / 2];
  const top = document.elementFromPoint(x, y);
  return !(top === null || one.contains(top) || top.contains(one)) && top.outerHTML.slice(0, 90);
})()"""


class Typist:
    """Somebody at a page in either browser who only presses keys."""

    def __init__(self, browser: Window | Firefox) -> None:
        self.browser = browser

    def open(self, site: Path, path: str) -> Typist:
        """Open a page, with the keyboard in it."""
        if isinstance(self.browser, Firefox):
            self.browser.renew()
            self.browser.resize(1280, 800)
        self.browser.open(f"{site.as_uri()}/{path}")
        return self

    def press(self, *keys: str) -> Typist:
        """Press keys, one after the other."""
        for key in keys:
            if isinstance(self.browser, Firefox):
                self.browser.press(KEYS.get(key, key))
            else:
                self.browser.page.keyboard.press(key)
        return self

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        return self.browser.evaluate(script)

    def await_true(self, script: str) -> None:
        """Wait until an expression holds: a dialog tells that it was closed a little later."""
        deadline = time.monotonic() + 10
        while not self.run(script):
            assert time.monotonic() < deadline, script
            time.sleep(0.02)

    def look(self) -> dict[str, Any]:
        """Where the keyboard is: a page is moved to it a moment after the key, so that is waited for."""
        deadline = time.monotonic() + 2
        while True:
            focus: dict[str, Any] = self.run(FOCUS)
            if focus["away"] or focus["inView"] or time.monotonic() > deadline:
                return focus
            time.sleep(0.02)

    def judge(self, site: Path, path: str) -> list[str]:
        """What is wrong with a page each time that somebody walks through it: among all other tests, Firefox
        has now and then not moved a page to one of its stops, another one each time."""
        for _ in range(3):
            count, found = self.open(site, path).walk()
            # The search has the keyboard from the start; all else begins at its beginning.
            assert found[0]["href"] == "#_main" or path == "search.html", path
            faults = judge_walk(count, found)
            if not faults:
                break
        return faults

    def walk(self) -> tuple[int, list[dict[str, Any]]]:
        """How many stops there are, and those that Tab leads to, until it leads out of the page."""
        count: int = self.run(STOPS)
        found: list[dict[str, Any]] = []
        for _ in range(MOST):
            self.press("Tab")
            focus = self.look()
            if focus["away"] or (len(found) > 1 and focus["place"] == found[0]["place"]):
                return count, found
            focus["hidden"] = self.run(HIDDEN)
            # A film and a field for dates have several stops within.
            if not found or found[-1]["place"] != focus["place"]:
                found.append(focus)
        pytest.fail(f"Tab leads nowhere out of {found[-1]['html']}")


@pytest.fixture(params=["chromium", "firefox"])
def typist(request: pytest.FixtureRequest) -> Iterator[Typist]:
    """A typist in each browser."""
    if request.param == "firefox":
        firefox: Firefox = request.getfixturevalue("firefox")
        yield Typist(firefox)
    else:
        chromium: Chromium = request.getfixturevalue("chromium")
        with chromium.open_window() as window:
            yield Typist(window)


def judge_walk(count: int, found: list[dict[str, Any]]) -> list[str]:
    """What is wrong with a walk: the order, what was left out, and what was not to be seen."""
    faults = []
    places = [one["place"] for one in found]
    if places != sorted(places):
        faults.append(f"the order is {places}")
    left = sorted(set(range(places[0], count)) - set(places))
    if left:
        faults.append(f"{left} of {count} are not reached")
    for one in found:
        if not one["outlined"]:
            faults.append(f"no outline: {one['html']}")
        if not one["inView"]:
            faults.append(f"out of the window, at {one['box']}: {one['html']}")
        if one["hidden"]:
            faults.append(f"below {one['hidden']}: {one['html']}")
    return faults


def list_pages(site: Path) -> list[str]:
    """The pages to walk through that there are."""
    return [path for path in PAGES if (site / path).is_file()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tab_leads_through_a_page_in_its_order_and_out_of_it(
    whole: dict[str, Path], typist: Typist, language: str
) -> None:
    site = whole[language]
    faults = {path: typist.judge(site, path) for path in list_pages(site)}
    assert {path: said for path, said in faults.items() if said} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_too(whole: dict[str, Path], chromium: Chromium, language: str) -> None:
    site, faults = whole[language], {}
    with chromium.open_window(java_script_enabled=False) as window:
        for path in list_pages(site):
            count, found = Typist(window).open(site, path).walk()
            faults[path] = judge_walk(count, found)
    assert {path: said for path, said in faults.items() if said} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_telephone_with_a_moment_chosen_nothing_covers_what_has_the_focus(
    whole: dict[str, Path], chromium: Chromium, language: str
) -> None:
    with chromium.open_window(360, 740) as window:
        typist = Typist(window).open(whole[language], "storm/index.html#at=2017-03-27T08:59Z")
        assert judge_walk(*typist.walk()) == []


def test_the_list_of_keys_opens_and_leads_back(whole: dict[str, Path], typist: Typist) -> None:
    dialog = "document.querySelector('dialog.keys')"
    typist.open(whole["en"], "storm/index.html").press("Tab", "Tab", "?")
    assert typist.run(f"{dialog}.open")
    for place in ("input.off", "button.close"):
        assert typist.run(f"document.activeElement.matches('{place}')")
        assert typist.run(FOCUS)["outlined"]
        if place == "input.off":
            typist.press("Tab")
    typist.press("Escape")
    assert not typist.run(f"{dialog}.open")
    assert typist.run("document.activeElement.closest('.masthead') !== null")


def test_a_picture_in_full_opens_and_leads_back(whole: dict[str, Path], typist: Typist) -> None:
    dialog = "document.querySelector('dialog.full')"
    link = "document.activeElement.matches('a.full')"
    typist.open(whole["en"], "storm/index.html")
    for way in ("Escape", "Enter"):
        for _ in range(MOST):
            if typist.run(link):
                break
            typist.press("Tab")
        typist.press("Enter")
        assert typist.run(f"{dialog}?.open"), way
        assert typist.run(f"{dialog}.contains(document.activeElement)")
        assert typist.run(FOCUS)["outlined"]
        typist.press(way)
        typist.await_true(f"{dialog} === null && {link}")


# The tests themselves

BROKEN = """<!doctype html><title>x</title><a href="#_main">skip</a><button style="outline: 0">plain</button>
<a href="x" style="position: absolute; left: -999px">far</a><a href="y" tabindex="2">first</a>"""


def test_faults_of_a_broken_page_would_be_seen(tmp_path: Path, typist: Typist) -> None:
    (tmp_path / "index.html").write_text(BROKEN, encoding="utf-8")
    faults = " ".join(judge_walk(*typist.open(tmp_path, "index.html").walk()))
    for fault in ("the order is", "no outline: <button", "out of the window"):
        assert fault in faults
