"""Media opened from a disk in Chromium and Firefox: nothing runs, whatever bytes lie under a name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error

from archiver.media_types import ENDINGS, SIGNED, is_signed
from archiver.svg import clean_svg
from browsers import find_firefox, need
from browsing import bidi
from browsing.bidi import Firefox, start_firefox
from browsing.chromium import Chromium
from browsing.network import BlackHole
from test_svg import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MARK = "this has run"
PAGE = (
    f"<!DOCTYPE html>\n<html><body><script>console.log('{MARK}')</script></body></html>\n".encode()
)
DRAWING = f"<script>console.log('{MARK}')</script>".join(
    ['<svg xmlns="http://www.w3.org/2000/svg">', "</svg>"]
).encode()
ALLOWED = sorted(ending for endings in ENDINGS.values() for ending in endings)
DRAWINGS = sorted((Path(__file__).parent / "drawings").glob("*.svg"))


@pytest.fixture(scope="module")
def firefox(hole: BlackHole, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A Firefox whom the system tells nothing of any ending: then it goes by the bytes."""
    program = need(find_firefox(), "Firefox")
    with pytest.MonkeyPatch.context() as patch:
        unknowing = [
            f"helpers.{whose}_{what}_file"
            for whose in ("global", "private")
            for what in ("mime_types", "mailcap")
        ]
        preferences = {**bidi._PREFERENCES, **dict.fromkeys(unknowing, "")}
        patch.setattr(bidi, "_PREFERENCES", preferences)
        patch.setenv("XDG_DATA_DIRS", "/nonexistent")
        patch.setenv("XDG_DATA_HOME", "/nonexistent")
        with start_firefox(program, tmp_path_factory.mktemp("firefox"), hole.port) as firefox:
            yield firefox


def write_disguised(folder: Path, endings: list[str]) -> list[Path]:
    """A page that runs, under every ending, as nearly as `archiver` lets it through."""
    files = []
    for ending in endings:
        for name, data in (("page", PAGE), ("drawing", DRAWING), ("box", b"\0\0\0\x08ftyp" + PAGE)):
            if ending != "svg" and (ending not in SIGNED or is_signed(data)):
                file = folder / f"{name}.{ending}"
                file.write_bytes(data)
                files.append(file)
    return files


def open_in_chromium(chromium: Chromium, files: list[Path]) -> list[str]:
    """The names of the files that ran."""
    ran = []
    with chromium.open_window(accept_downloads=False) as window:
        for file in files:
            # What the file before had set going must not be laid at this one's door.
            window.open("about:blank")
            window.messages.clear()
            try:
                window.open(file.as_uri())
                window.page.wait_for_timeout(30)
            except Error as refusal:
                if "Download is starting" not in refusal.message:
                    raise
            if any(MARK in message for message in window.messages):
                ran.append(file.name)
    return ran


def open_in_firefox(firefox: Firefox, files: list[Path]) -> list[str]:
    """The names of the files that ran. A download never comes to its end, so none is waited for."""
    ran = []
    for file in files:
        firefox.command(
            "browsingContext.navigate", context=firefox._window, url="about:blank", wait="complete"
        )
        firefox.forget()
        firefox.command(
            "browsingContext.navigate", context=firefox._window, url=file.as_uri(), wait="none"
        )
        time.sleep(0.1)
        firefox.command("session.status")
        if any(MARK in message for message in firefox.messages):
            ran.append(file.name)
    return ran


def test_no_ending_that_is_published_runs_in_chromium(tmp_path: Path, chromium: Chromium) -> None:
    assert open_in_chromium(chromium, write_disguised(tmp_path, ALLOWED)) == []


def test_no_ending_that_is_published_runs_in_firefox(tmp_path: Path, firefox: Firefox) -> None:
    assert open_in_firefox(firefox, write_disguised(tmp_path, ALLOWED)) == []


def test_what_is_refused_would_have_run(
    tmp_path: Path, chromium: Chromium, firefox: Firefox
) -> None:
    (tmp_path / "drawing.svg").write_bytes(DRAWING)
    files = [tmp_path / "drawing.svg", *write_disguised(tmp_path, ["html", "without-a-kind"])]
    assert {"drawing.svg", "page.html"} <= {*open_in_chromium(chromium, files)}
    ran = open_in_firefox(firefox, files)
    assert {"drawing.svg", "page.html", "page.without-a-kind"} <= {*ran}


def test_a_cleaned_drawing_neither_runs_nor_loads(
    tmp_path: Path, chromium: Chromium, firefox: Firefox, hole: BlackHole
) -> None:
    inside = "".join(text for text in HOSTILE if not text.startswith("<?"))
    hostile = (
        '<?xml-stylesheet href="https://example.org/a.css"?><svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)">{inside}</svg>'
    ).replace("alert(1)", f"console.log('{MARK}')")
    files = {name: tmp_path / f"{name}.svg" for name in ("hostile", "cleaned")}
    files["hostile"].write_text(hostile, encoding="utf-8")
    files["cleaned"].write_bytes(clean_svg(hostile.encode()).data)
    assert open_in_chromium(chromium, [*files.values()]) == ["hostile.svg"]
    assert open_in_firefox(firefox, [*files.values()]) == ["hostile.svg"]
    hole.calls.clear()
    open_in_chromium(chromium, [files["cleaned"]])
    open_in_firefox(firefox, [files["cleaned"]])
    assert hole.calls == []
    assert not [url for url in firefox.requests if not url.startswith("file:")]


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_of_any_editor_looks_the_same_when_it_is_cleaned(
    drawing: Path, tmp_path: Path, chromium: Chromium
) -> None:
    original = drawing.read_bytes()
    cleaned = clean_svg(original.replace(b"<svg", b'<svg onload="x"', 1))
    assert "`onload`" in cleaned.removed
    (tmp_path / "cleaned.svg").write_bytes(cleaned.data)
    looks = []
    with chromium.open_window() as window:
        for file in (drawing, tmp_path / "cleaned.svg"):
            window.open(file.as_uri())
            looks.append(window.page.screenshot())
        if b"foreignObject" in original:  # its words are shown by the fallback beside it
            words = "[...document.querySelectorAll('text')].map(e => e.getBoundingClientRect().width > 9)"
            assert window.evaluate(words)[0]
            return
    assert looks[0] == looks[1]


def test_a_drawing_of_any_editor_is_published_byte_for_byte() -> None:
    told = {path.stem: clean_svg(path.read_bytes()).removed for path in DRAWINGS}
    assert told.pop("drawio") == ("`<foreignObject>`", "`<a>`")
    assert set(told.values()) == {()}
