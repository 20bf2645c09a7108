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
BORDERLESS = """[...document.querySelectorAll("button, select, input, summary, .tags a, .pages a")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).appearance === "none")
  .filter((one) => getComputedStyle(one).borderTopStyle === "none")
  .map((one) => one.outerHTML.slice(0, 90))"""
BARS = """[...document.querySelectorAll(".density path + path, .spark path, .plot .bar, .plot .spread")]
  .map((one) => [getComputedStyle(one).fill, getComputedStyle(one).stroke])"""


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
