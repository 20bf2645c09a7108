"""What a screen reader is told of a page: Chromium's accessibility tree, as it was recorded in tests/trees/.

After a change that is meant, record the trees again with `RECORD=1` and read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browsing.chromium import Chromium, Window
from browsing.sites import choose_pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TREES = Path(__file__).parent / "trees"
PAGES = {
    "site": "index.html",
    "timeline": "storm/index.html",
    "entry": "storm/2017-03-23-2200-first.html",
    "search": "search.html",
}
LANGUAGES = ("en", "ar")
# Boxes that hold others and say nothing, and the pieces of text that another node says already.
SILENT = {
    "none", "generic", "InlineTextBox", "ListMarker", "RootWebArea", "LineBreak", "LayoutTable",
    "sectionheader", "sectionfooter",
}  # fmt: skip
# Fields in which the browser puts parts of its own, in its own language.
CLOSED = {"DateTime", "Date", "Audio", "Video", "combobox"}
TOLD = ("pressed", "checked", "expanded", "disabled", "current", "live")
# Roles that a reader can use, which are nothing without a name.
CONTROLS = {
    "button", "link", "checkbox", "slider", "combobox", "textbox", "searchbox", "switch", "radio",
    "DisclosureTriangle", "DateTime", "Date", "Audio", "Video", "image", "figure", "dialog",
}  # fmt: skip
NAMELESS_BY_NATURE = {"figure", "Audio", "Video"}


@pytest.fixture
def window(chromium: Chromium) -> Iterator[Window]:
    """A window of Chromium with the language and the zone of everybody who runs this."""
    with chromium.open_window(locale="en-GB", timezone_id="UTC") as window:
        yield window


def read_tree(window: Window) -> list[dict[str, Any]]:
    """The nodes of the accessibility tree, once everything is laid out."""
    window.evaluate(
        "Promise.all(document.getAnimations().map((one) => one.finished)).then(() => 0)"
    )
    session = window.page.context.new_cdp_session(window.page)
    session.send("Accessibility.enable")
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    return nodes


def write_tree(nodes: list[dict[str, Any]]) -> str:
    """A line for each node that says something: its role, its name, its state."""
    by_id = {node["nodeId"]: node for node in nodes}
    return "\n".join(_write_lines(by_id, nodes[0], 0, "")) + "\n"


def _write_lines(
    by_id: dict[str, dict[str, Any]], node: dict[str, Any], depth: int, above: str
) -> Iterator[str]:
    role = node.get("role", {}).get("value", "")
    name = " ".join(str(node.get("name", {}).get("value", "")).split())
    spoken = not node.get("ignored") and role not in SILENT
    if role == "StaticText" and name in ("", above):
        spoken = False
    if spoken:
        yield "  " * depth + " ".join([role, *([f'"{name}"'] if name else []), *_tell(node)])
    for child in node.get("childIds", []) if role not in CLOSED else []:
        if child in by_id:
            inner = name if spoken and role != "StaticText" else above
            yield from _write_lines(by_id, by_id[child], depth + spoken, inner)


def _tell(node: dict[str, Any]) -> Iterator[str]:
    """The states and properties that a screen reader says."""
    for one in node.get("properties", []):
        value = one["value"].get("value")
        level = one["name"] == "level" and node["role"]["value"] == "heading"
        if (level or one["name"] in TOLD) and value not in (None, "", "off"):
            yield f"{one['name']}={value}"
    if node.get("description", {}).get("value"):
        yield f'described as "{node["description"]["value"]}"'


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_a_screen_reader_is_told_what_it_was(
    whole: dict[str, Path], window: Window, kind: str, language: str
) -> None:
    page = whole[language] / PAGES[kind]
    if kind == "search" and not page.is_file():
        pytest.skip("there is no search")
    window.open(page.as_uri())
    tree = write_tree(read_tree(window))
    record = TREES / f"{kind}.{language}.txt"
    if os.environ.get("RECORD"):
        record.parent.mkdir(exist_ok=True)
        record.write_text(tree, encoding="utf-8")
    assert tree.splitlines() == record.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_and_every_picture_has_a_name(
    whole: dict[str, Path], window: Window, language: str
) -> None:
    site = whole[language]
    few = {path.relative_to(site).as_posix() for path in site.glob("storm/*.html")}
    nameless = {}
    for path in sorted({*choose_pages(site, 1), *few} - {"storm/older-name.html"}):
        window.open((site / path).as_uri())
        nameless[path] = [
            node["role"]["value"]
            for node in read_tree(window)
            if not node.get("ignored")
            and node["role"]["value"] in CONTROLS - NAMELESS_BY_NATURE
            and not str(node.get("name", {}).get("value", "")).strip()
        ]
    assert {path: roles for path, roles in nameless.items() if roles} == {}
