"""Readers of the BBC and the Guardian: what they make of pages in their structure, whole and broken."""

from __future__ import annotations

import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archiver.importers.capture import Capture
from archiver.importers.readers import find_reader
from archiver.importers.record import Record
from archiver.importers.values import name_missing_pages, split_names, strip_tags
from archiver.importers.writer import write_coverage, write_posts
from captured import find_capture, measure

HERE = Path(__file__).parent / "captures"
NAMES = ("bbc-lx", "bbc-live", "guardian-page", "guardian-model", "guardian-api", "guardian-blocks")
PAGES = sorted(
    path for name in NAMES for path in (HERE / name).iterdir() if path.suffix in (".html", ".json")
)
MEASURED = {
    "bbc-2020-coronavirus.html": "bbc-lx",
    "bbc-arabic-excerpt.json": "bbc-live",
    "guardian-2023-ukraine.html": "guardian-page",
    "guardian-2023-pmqs.json": "guardian-model",
}


def read(data: bytes, name: str = "") -> Capture | None:
    record = Record(data)
    reader = find_reader(record, name)
    return reader.read(record, None) if reader else None


def write(capture: Capture) -> dict[str, str]:
    zone = ZoneInfo(capture.timezone or "UTC")
    return {"coverage.md": write_coverage(capture, zone, []), **write_posts(capture, zone)}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_page_becomes_the_content_that_was_looked_at(path: Path) -> None:
    capture = read(path.read_bytes())
    assert capture is not None
    assert capture.reader == path.parent.name
    written = "".join(f"=== {name}\n{text}\n" for name, text in write(capture).items())
    expected = path.parent / f"{path.stem}.golden.md"
    if os.environ.get("RECORD"):
        expected.write_text(written, encoding="utf-8")
    assert written == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_page_that_is_cut_off_gives_no_traceback(path: Path) -> None:
    data = path.read_bytes()
    for tenth in range(10):
        for name in ("", path.parent.name):
            capture = read(data[: len(data) * tenth // 10], name)
            if capture is not None:
                write(capture)


@pytest.mark.parametrize(
    "path", [one for one in PAGES if one.suffix == ".json"], ids=lambda p: p.stem
)
def test_values_of_the_wrong_kind_give_no_traceback(path: Path) -> None:
    text = json.dumps(json.loads(path.read_text(encoding="utf-8")))
    for wrong in ("null", "7", "[[]]", '{"a": []}', '""', "1e400"):
        whole = json.loads(text)
        for place in list(list_places(whole)):
            changed = json.loads(text)
            inner = changed
            for step in place[:-1]:
                inner = inner[step]
            inner[place[-1]] = json.loads(wrong)
            capture = read(json.dumps(changed).encode(), path.parent.name)
            assert capture is not None


def list_places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The places of a value, to some depth: all of them would take minutes."""
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    places = []
    for step, one in list(pairs):
        places.append((*path, step))
        if len(path) < 9:
            places += list_places(one, (*path, step))
    return places


def test_missing_pages_are_named_in_a_sentence() -> None:
    assert name_missing_pages(1, 5) == ("pages 2 to 5 of 5 are not in this capture",)
    assert name_missing_pages(2, 3) == ("pages 1 and 3 of 3 are not in this capture",)
    assert name_missing_pages(2, 2) == ("page 1 of 2 is not in this capture",)
    assert name_missing_pages(1, 1) == name_missing_pages(0, 0) == ()


def test_names_are_taken_from_a_line() -> None:
    line = "Edited by the night desk, the day desk and a bureau (now); a desk (earlier)"
    assert split_names(line) == ("the night desk", "the day desk", "a bureau", "a desk")


def test_tags_within_a_word_do_not_part_it() -> None:
    assert strip_tags("<p>Un<b>bro</b>ken</p><p>two &amp; three</p>") == "Unbroken two & three"


@pytest.mark.parametrize("name", MEASURED)
def test_the_real_capture_is_kept_whole(name: str, tmp_path: Path) -> None:
    source = find_capture(name)
    capture = read(source.read_bytes())
    assert capture is not None
    assert capture.reader == MEASURED[name]
    for file, text in write(capture).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    found = measure(tmp_path, source)
    assert (found["found"], found["extra"]) == (found["expected"], 0)
    exact = ("time", "updated", "embeds", "flags")
    assert all(found[one] in (None, 1.0) for one in exact), found["counts"]
    least = {"byline": 0.98, "title": 0.98, "links": 0.99, "images": 0.99}
    least |= {"word_recall": 0.995, "word_precision": 0.98}
    assert all(found[one] is None or found[one] >= least[one] for one in least), found["counts"]
