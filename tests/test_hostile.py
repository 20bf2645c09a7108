"""Hostile content in every place: nothing of it runs, loads, leads away or hides the rest, in two browsers."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from archiver.build import build_site, check_site
from archiver.matter import FORBIDDEN
from book import COVERAGE, SITE, Book
from browsing.bidi import Firefox
from browsing.chromium import Chromium
from browsing.network import BlackHole, serve
from browsing.sites import list_pages
from hostile.payloads import HEAVY, PAYLOADS
from hostile.placements import MAY_BE_REFUSED, Archive, list_file_names, tame, write_archive
from hostile.witness import (
    POLICY,
    ChromiumWitness,
    FirefoxWitness,
    Witness,
    list_blank,
    visit,
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("hostile")]

SHARED = Path(__file__).parents[2] / "shared/xss/payloads.json"
LISTS = ("own", "shared")
BROWSERS = ("chromium", "firefox")
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


def read_list(name: str) -> tuple[str, ...]:
    """The payloads of a list, less those that say nothing."""
    if name == "own":
        return PAYLOADS
    if not SHARED.is_file():
        pytest.skip("NOT RUN: the public payloads are not there (../shared/xss/payloads.json)")
    lists = json.loads(SHARED.read_text(encoding="utf-8"))
    return tuple(one for group in lists.values() for one in group if one.strip())


class Stage(Struct):
    """A built archive of payloads: as it is, and in `unguarded` with its policy taken from every page."""

    archive: Archive
    site: Path
    unguarded: Path

    def list_paths(self, each: int = 1) -> list[str]:
        """The timeline, which shows every post, and the post of fields, of each coverage."""
        found = [
            f"{group.folder}/{page}.html"
            for group in self.archive.groups[::each]
            for page in ("index", "fields", "raw-0")
        ]
        lists = [path for path in list_pages(self.site) if path.startswith(("tags/", "contributors/"))]
        return [*found, "index.html", "404.html", *lists[:: 20 * each]]


def unguard(site: Path, target: Path) -> Path:
    """A copy of a site in which no page has a policy."""
    for path in site.rglob("*"):
        if path.is_dir():
            continue
        copy = target / path.relative_to(site)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".html":
            text, count = POLICY.subn("", path.read_text(encoding="utf-8"))
            assert count == 1, f"{path} has {count} policies"
            copy.write_text(text, encoding="utf-8")
        else:
            copy.write_bytes(path.read_bytes())
    return target


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Stage]]:
    """Archives by the name of their list, built when they are first asked for."""

    class Stages(dict[str, Stage]):
        def __missing__(self, name: str) -> Stage:
            payloads = read_list(name)
            root = tmp_path_factory.mktemp(name)
            archive = write_archive(root, payloads)
            result = build_site(root, root / "build")
            assert not result.failed
            site = root / "build"
            self[name] = Stage(archive, site, unguard(site, root / "unguarded"))
            return self[name]

    return Stages()


@pytest.fixture(scope="module")
def witnesses(chromium: Chromium, firefox: Firefox) -> Iterator[dict[str, Witness]]:
    """A window of each browser."""
    with chromium.open_window() as window:
        yield {"chromium": ChromiumWitness(window), "firefox": FirefoxWitness(firefox)}


def _base(site: Path) -> str:
    return site.as_uri() + "/"


# The archive


@pytest.mark.parametrize("name", LISTS)
def test_a_payload_is_refused_only_as_an_address_or_a_name_and_with_its_place(
    stages: dict[str, Stage], name: str
) -> None:
    refused = stages[name].archive.refused
    assert refused
    for one in refused:
        assert one.problem.code in MAY_BE_REFUSED, one
        assert one.problem.place.line > 0
        assert one.problem.hint


@pytest.mark.parametrize("name", LISTS)
def test_what_machines_read_is_well_formed(stages: dict[str, Stage], name: str) -> None:
    stage = stages[name]
    for group in stage.archive.groups:
        folder, title = stage.site / group.folder, _spell(group.title)
        atom = ElementTree.parse(folder / "feed.xml")
        assert {element.tag.partition("}")[0] for element in atom.iter()} == {
            "{http://www.w3.org/2005/Atom"
        }
        feed = json.loads((folder / "feed.json").read_text(encoding="utf-8"))
        data = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))
        assert _spell(feed["title"]) == _spell(data["title"]) == title
        for path in ("index.html", "fields.html"):
            page = LexborHTMLParser((folder / path).read_text(encoding="utf-8"))
            scripts = page.css("script")
            assert [script.attributes for script in scripts] == [{"type": "application/ld+json"}]
            described = json.loads(scripts[0].text())
            assert _spell(described["headline"]) == title


def _spell(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


# In the browsers


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize("name", LISTS)
def test_nothing_hostile_happens_from_a_disk(
    stages: dict[str, Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    name: str,
    browser: str,
) -> None:
    stage = stages[name]
    findings = visit(witnesses[browser], hole, _base(stage.site), stage.list_paths())
    assert findings.hostile == {}
    assert list_blank(findings) == []
    for group in stage.archive.groups:
        timeline = findings.sights[f"{group.folder}/index.html"]
        assert len(set(timeline.posts)) == len(timeline.posts) == group.posts
        for page in (timeline, findings.sights[f"{group.folder}/fields.html"]):
            assert _spell(page.headline) == _spell(group.title)
            assert _spell(page.title).startswith(_spell(group.title))


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize(("name", "each"), [("own", 4), ("shared", 8)])
def test_nothing_hostile_happens_over_http(
    stages: dict[str, Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    name: str,
    each: int,
    browser: str,
) -> None:
    stage = stages[name]
    with serve(stage.site) as address:
        findings = visit(witnesses[browser], hole, address, stage.list_paths(each))
    assert findings.hostile == {}
    assert list_blank(findings) == []


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize(("name", "each"), [("own", 2), ("shared", 5)])
def test_nothing_hostile_happens_without_the_policy(
    stages: dict[str, Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    name: str,
    each: int,
    browser: str,
) -> None:
    stage = stages[name]
    paths = [path for path in stage.list_paths(each) if path.endswith("/index.html")]
    findings = visit(witnesses[browser], hole, _base(stage.unguarded), paths)
    assert findings.hostile == {}


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize(("name", "each"), [("own", 4), ("shared", 8)])
def test_feeds_and_data_do_nothing_hostile_where_they_are_opened(
    stages: dict[str, Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    name: str,
    each: int,
    browser: str,
) -> None:
    stage = stages[name]
    paths = [
        f"{group.folder}/{file}"
        for group in stage.archive.groups[::each]
        for file in ("feed.xml", "feed.json", "coverage.json")
    ]
    findings = visit(witnesses[browser], hole, _base(stage.site), paths, touch=False)
    assert findings.hostile == {}


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize("name", LISTS)
def test_a_reader_of_feeds_without_any_care_is_safe(
    stages: dict[str, Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    tmp_path: Path,
    name: str,
    browser: str,
) -> None:
    stage = stages[name]
    pieces = []
    for group in stage.archive.groups:
        folder = stage.site / group.folder
        data = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))
        pieces += [entry["html"] for entry in data["entries"] if "html" in entry]
        feed = json.loads((folder / "feed.json").read_text(encoding="utf-8"))
        pieces += [item["content_html"] for item in feed["items"] if "content_html" in item]
        atom = ElementTree.parse(folder / "feed.xml")
        pieces += [one.text or "" for one in atom.iter("{http://www.w3.org/2005/Atom}content")]
    assert len(pieces) > 100
    # Relative pictures and links are the feed's; here they lead into an empty folder.
    chunks = [pieces[start : start + 2000] for start in range(0, len(pieces), 2000)]
    for number, chunk in enumerate(chunks):
        text = "".join(f"<section>{piece}</section>\n" for piece in chunk)
        page = f'<!doctype html><meta charset="utf-8"><title>Reader</title><main>{text}</main>'
        (tmp_path / f"{number}.html").write_text(page, encoding="utf-8")
    paths = [f"{number}.html" for number in range(len(chunks))]
    findings = visit(witnesses[browser], hole, _base(tmp_path), paths, touch=False)
    assert findings.hostile == {}
