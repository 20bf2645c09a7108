"""Narrow windows, large text and forced colours: nothing is cut off, and all can be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from browsing.chromium import Chromium, Window
from browsing.sites import choose_pages
from judges_access import STATES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LANGUAGES = ("en", "ar")
# How wide a window is in CSS pixels, and how large text is in it. WCAG 1.4.10 and 1.4.4; 640 pixels at
# twice the size are 320 of a page that is zoomed.
VIEWS = ((320, 100), (640, 200), (360, 200), (1280, 200))

# What stands out of the page at either side, what is cut off within its own box, and which controls lie
# over each other. Tables and code may scroll in boxes of their own; what is unseen is for ears.
FAULTS = """(() => {
  const root = document.documentElement;
  const width = root.clientWidth;
  const faults = [];
  if (root.scrollWidth > width) faults.push(`the page is ${root.scrollWidth} wide in ${width}`);
  const own = ".scroll, .unseen, .skip, svg, template, option, dialog:not([open])";
  const name = (one) => one.outerHTML.slice(0, 90).replaceAll("\\n", " ");
  for (const one of document.body.querySelectorAll("*")) {
    if (one.closest(own) || !one.checkVisibility()) continue;
    const box = one.getBoundingClientRect();
    if (!box.width) continue;
    if (box.left < -1 || box.right > width + 1) faults.push(`it stands out: ${name(one)}`);
    const style = getComputedStyle(one);
    const cut = style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
    if (cut && one.clientWidth) faults.push(`it is cut off: ${name(one)}`);
  }
  const controls = [...document.querySelectorAll("button, select, summary, input, .tags a, .clock a")];
  const seen = controls.filter((one) => one.checkVisibility() && !one.closest("dialog"));
  const boxes = seen.map((one) => one.getBoundingClientRect());
  for (let a = 0; a < seen.length; a += 1) {
    for (let b = a + 1; b < seen.length; b += 1) {
      if (seen[a].closest(".known") !== seen[b].closest(".known")) continue;
      const across = Math.min(boxes[a].right, boxes[b].right) - Math.max(boxes[a].left, boxes[b].left);
      const down = Math.min(boxes[a].bottom, boxes[b].bottom) - Math.max(boxes[a].top, boxes[b].top);
      if (across > 1 && down > 1) faults.push(`it lies over ${name(seen[a])}: ${name(seen[b])}`);
    }
  }
  return faults;
})()"""
# The colours that are left when a reader forces their own: of bars, and of the paper below them.
BARS = """[...document.querySelectorAll(".density svg > path, .spark path, .plot .bar, .plot .spread")]
  .map((one) => [getComputedStyle(one).fill, getComputedStyle(one).stroke])"""
PAPER = "getComputedStyle(document.body).backgroundColor"
TRANSPARENT = "rgba(0, 0, 0, 0)"
BUTTONS = """["button.scheme", "button.play"].map((name) =>
  getComputedStyle(document.querySelector(name)).backgroundColor)"""
FOCUS = """(() => {
  const style = getComputedStyle(document.activeElement);
  return [style.outlineStyle, parseFloat(style.outlineWidth) >= 2, style.outlineColor];
})()"""


@pytest.fixture
def window(chromium: Chromium) -> Iterator[Window]:
    """A window of Chromium."""
    with chromium.open_window() as window:
        yield window


def enlarge(window: Window, width: int, size: int) -> None:
    """Give the window a width, and its text a size in hundredths, as a browser's own setting does."""
    window.page.set_viewport_size({"width": width, "height": 800})
    window.evaluate(f"void (document.documentElement.style.fontSize = '{size}%')")


def find_faults(
    window: Window, site: Path, paths: Sequence[str], views: Sequence[tuple[int, int]] = VIEWS
) -> dict[str, Any]:
    """What is wrong in which page, folded and unfolded, in every view."""
    found = {}
    for path in paths:
        window.open((site / path).as_uri())
        for state in STATES:
            if not window.evaluate(STATES[state]):
                continue
            for width, size in views:
                enlarge(window, width, size)
                faults = window.evaluate(FAULTS)
                if faults:
                    found[f"{path} {state}, {width} px, {size}%"] = faults[:5]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_off_in_a_narrow_window_or_with_large_text(
    whole: dict[str, Path], window: Window, language: str
) -> None:
    site = whole[language]
    few = sorted(path.relative_to(site).as_posix() for path in site.glob("storm/*.html"))
    paths = sorted({*choose_pages(site, 1), *few} - {"storm/older-name.html"})
    assert find_faults(window, site, paths) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plots_and_focus_are_seen_in_forced_colours(
    whole: dict[str, Path], window: Window, scheme: str
) -> None:
    window.page.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    for path in ("index.html", "storm/index.html", "storm/provenance.html"):
        window.open((whole["en"] / path).as_uri())
        paper = window.evaluate(PAPER)
        bars = window.evaluate(BARS)
        assert bars, path
        assert [bar for bar in bars if set(bar) <= {paper, "none", TRANSPARENT}] == [], path
        for _ in range(8):
            window.page.keyboard.press("Tab")
            style, wide, colour = window.evaluate(FOCUS)
            assert (style, wide) == ("solid", True)
            assert colour != paper


def test_a_pressed_button_is_told_from_others_in_forced_colours(
    whole: dict[str, Path], window: Window
) -> None:
    window.page.emulate_media(forced_colors="active")
    window.open((whole["en"] / "storm/index.html").as_uri())
    window.page.locator("button.scheme").click()
    pressed, loose = window.evaluate(BUTTONS)
    assert pressed not in (loose, TRANSPARENT)


# The tests themselves

BROKEN = """<!doctype html><title>x</title><meta name="viewport" content="width=device-width">
<p style="width: 30rem">too wide</p>
<div style="overflow: hidden; width: 5rem"><p style="width: 9rem">cut</p></div>
<button>one</button><button style="margin-inline-start: -2rem">two</button>"""


def test_faults_of_a_broken_page_would_be_seen(tmp_path: Path, window: Window) -> None:
    (tmp_path / "index.html").write_text(BROKEN, encoding="utf-8")
    window.open((tmp_path / "index.html").as_uri())
    enlarge(window, 320, 100)
    faults = " ".join(window.evaluate(FAULTS))
    for fault in (
        "the page is",
        "it stands out: <p",
        "it is cut off: <div",
        "it lies over <button",
    ):
        assert fault in faults
