"""The built pages in Chromium and Firefox: from a disk and from a server, without a network."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from browsing.bidi import Firefox
from browsing.chromium import Chromium, Window
from browsing.network import BlackHole, serve
from browsing.sites import (
    build_awkward,
    build_bare,
    build_long,
    build_repository,
    choose_pages,
    list_aliases,
    list_pages,
    name_kind,
)
from browsing.survey import Facts, crawl, find_blank, find_lost_links, read_page, survey

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SITES = ("repository", "awkward", "long", "bare")
PHONE = (360, 740)
STORM = "storm/2017-03-24-1402-first"
TAB, ENTER = "\ue004", "\ue007"  # as WebDriver spells the keys
FOCUS = """(() => {
  const element = document.activeElement;
  const link = [...document.querySelectorAll("a")].indexOf(element);
  return { link, outline: getComputedStyle(element).outlineStyle, element: element.outerHTML };
})()"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sites by name; the first is this repository's own."""
    folder = tmp_path_factory.mktemp("sites")
    return {
        "repository": build_repository(folder / "repository"),
        "awkward": build_awkward(folder / "awkward"),
        "long": build_long(folder / "long"),
        "bare": build_bare(folder / "bare"),
    }


@pytest.fixture
def window(chromium: Chromium) -> Iterator[Window]:
    """A window of Chromium of the size of a desk's screen."""
    with chromium.open_window() as window:
        yield window


class Visit:
    """A site as Chromium saw all its pages at a telephone's width, from the disk."""

    def __init__(self, site: Path, chromium: Chromium, hole: BlackHole) -> None:
        calls = len(hole.calls)
        paths = choose_pages(site, 4) if len(list_pages(site)) > 300 else list_pages(site)
        with chromium.open_window(*PHONE, color_scheme="light") as window:
            self.pages = survey(window, _base(site), paths)
        self.requests = window.requests
        self.messages = window.messages
        self.calls = hole.calls[calls:]


@pytest.fixture(scope="module")
def visits(sites: dict[str, Path], chromium: Chromium, hole: BlackHole) -> dict[str, Visit]:
    """Every page of every site, seen once."""
    return {name: Visit(site, chromium, hole) for name, site in sites.items()}


def _base(site: Path) -> str:
    return site.as_uri() + "/"


def _find_remote(requests: list[str], allowed: str = "file:") -> list[str]:
    return [url for url in requests if not url.startswith((allowed, "data:"))]


# In Chromium, from a disk


@pytest.mark.parametrize("name", SITES)
def test_every_page_opens_from_a_disk_without_the_network(
    visits: dict[str, Visit], name: str
) -> None:
    visit = visits[name]
    assert _find_remote(visit.requests) == []
    assert visit.calls == []
    assert visit.messages == []
    assert find_blank(visit.pages) == []


@pytest.mark.parametrize("name", SITES)
def test_every_link_and_fragment_leads_somewhere(
    sites: dict[str, Path], visits: dict[str, Visit], name: str
) -> None:
    site = sites[name]
    pages: dict[str, Facts] = dict(visits[name].pages)
    for path in list_aliases(site):
        html = (site / path).read_text(encoding="utf-8")
        pages[path] = read_page(_base(site), quote(path), html)
    assert find_lost_links(site, _base(site), pages) == []


@pytest.mark.parametrize("name", SITES)
def test_no_page_scrolls_sideways_on_a_phone(visits: dict[str, Visit], name: str) -> None:
    wide = {path: facts.overflow for path, facts in visits[name].pages.items()}
    assert {path: pixels for path, pixels in wide.items() if pixels > 0} == {}


def test_the_sites_hold_every_kind_of_page(visits: dict[str, Visit]) -> None:
    kinds = {name_kind(path) for visit in visits.values() for path in visit.pages}
    assert kinds == {
        "site",
        "lost",
        "search",
        "entry",
        "provenance",
        "timeline index",
        "timeline newest",
        "day",
        "part of day",
        "hour",
        "part of hour",
        "contributors",
        "contributors index",
        "part of contributors",
        "tags",
        "tags index",
        "part of tags",
    }


def test_a_page_reads_in_the_direction_of_its_language(visits: dict[str, Visit]) -> None:
    pages = visits["awkward"].pages
    seen = {path: (facts.language, facts.direction) for path, facts in pages.items()}
    assert seen["العاصفة/index.html"] == ("ar", "rtl")
    assert seen["العاصفة/english.html"] == ("ar", "rtl")
    assert seen["storm/index.html"] == ("en", "ltr")


def test_a_post_in_another_language_keeps_its_direction(
    sites: dict[str, Path], window: Window
) -> None:
    window.open(_base(sites["awkward"]) + "العاصفة/index.html")
    directions = window.evaluate(
        "Object.fromEntries([...document.querySelectorAll('article')].map("
        "(post) => [post.id, getComputedStyle(post.querySelector('.words')).direction]))"
    )
    assert directions == {"الموجة-الأولى": "rtl", "english": "ltr"}


def test_a_copied_folder_still_works(
    sites: dict[str, Path], chromium: Chromium, hole: BlackHole, tmp_path: Path
) -> None:
    for name in ("repository", "awkward"):
        copy = tmp_path / "Kopie von früher, 100% #1" / name
        shutil.copytree(sites[name], copy)
        calls = len(hole.calls)
        with chromium.open_window(*PHONE) as window:
            pages = survey(window, _base(copy), choose_pages(copy, 2))
        assert find_blank(pages) == []
        assert find_lost_links(copy, _base(copy), pages) == []
        assert _find_remote(window.requests, _base(copy)) == []
        assert window.messages == []
        assert hole.calls[calls:] == []


def test_light_and_dark_schemes_differ(
    sites: dict[str, Path], visits: dict[str, Visit], chromium: Chromium
) -> None:
    for name in ("repository", "awkward"):
        chosen = choose_pages(sites[name], 1)
        with chromium.open_window(color_scheme="dark") as window:
            dark = survey(window, _base(sites[name]), chosen)
        for path in chosen:
            assert dark[path].background != visits[name].pages[path].background, path


def test_paper_leaves_the_navigation_out(sites: dict[str, Path], window: Window) -> None:
    site = sites["awkward"]
    for path in choose_pages(site, 1):
        window.open(_base(site) + path)
        window.page.emulate_media(media="screen")
        assert window.page.get_by_role("navigation").count() > 0, path
        window.page.emulate_media(media="print")
        assert window.page.get_by_role("navigation").count() == 0, path
        assert window.page.get_by_role("main").is_visible(), path


# What a reader does


def test_a_reader_clicks_through_a_coverage(sites: dict[str, Path], window: Window) -> None:
    page = window.page
    main = page.get_by_role("main")
    window.open(_base(sites["repository"]) + "index.html")
    main.get_by_role("link", name="Apollo 11, the landing").click()
    window.await_url("/apollo-11/index.html")
    timeline = page.url

    events = page.get_by_role("region", name="Key events")
    event = events.get_by_role("listitem").nth(3).get_by_role("link")
    headline = event.inner_text()
    event.click()
    page.wait_for_url(re.compile(r"/apollo-11/1969-07-2\d-[\w-]+\.html$"))
    permalink = page.url
    assert page.get_by_role("heading", level=1).inner_text() == headline

    slug = permalink.rpartition("/")[2].removesuffix(".html")
    page.get_by_role("link", name="See it in the timeline").click()
    window.await_url(f"{timeline}#{slug}")
    # The page is still arriving when its address is there.
    page.wait_for_load_state()
    page.wait_for_timeout(300)
    assert _is_in_view(window, slug)

    page.locator(f"[id='{slug}']").get_by_role("link", name="Permalink").click()
    window.await_url(permalink)
    page.locator("a[rel=next]").click()
    page.wait_for_url(lambda url: url not in (permalink, f"{timeline}#{slug}"))
    page.locator("a[rel=prev]").click()
    window.await_url(permalink)

    main.get_by_role("link", name="Apollo 11, the landing").click()
    window.await_url(timeline)
    oldest = page.locator("article").first.get_attribute("id")
    page.get_by_role("link", name="Newest first").click()
    assert page.locator("article").last.get_attribute("id") == oldest

    page.get_by_role("link", name="Contributors").click()
    window.await_url("/contributors/index.html")
    main.get_by_role("link", name="Mission Control").click()
    window.await_url("/contributors/mission-control.html")
    assert "Mission Control" in page.get_by_role("heading", level=1).inner_text()
    main.get_by_role("listitem").get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/apollo-11/1969-07-2\d-[\w-]+\.html$"))
    tag = page.locator("a[rel=tag]").first
    label = tag.inner_text()
    tag.click()
    page.wait_for_url(re.compile(r"/tags/[\w-]+\.html$"))
    assert label in page.get_by_role("heading", level=1).inner_text()
    assert main.get_by_role("listitem").count() > 0
    page.get_by_role("link", name="All coverage").click()
    window.await_url(_base(sites["repository"]) + "index.html")
    assert window.messages == []
    assert _find_remote(window.requests) == []


@pytest.mark.parametrize(
    ("post", "timeline"),
    [
        ("storm/2017-03-24-1407-withdrawn", "storm/2017-03-24T14.html"),
        ("storm/2017-03-24-1408-summary", "storm/2017-03-24T14.2.html"),
        ("storm/2017-03-25-morning", "storm/2017-03-25.html"),
        ("storm/2017-03-27-nobody-knows-7", "storm/2017-03-27.2.html"),
        ("العاصفة/english", "العاصفة/index.html"),
    ],
)
def test_the_way_back_lands_at_the_post_wherever_its_timeline_is_cut(
    sites: dict[str, Path], window: Window, post: str, timeline: str
) -> None:
    base, slug = _base(sites["awkward"]), post.rpartition("/")[2]
    window.open(base + post + ".html")
    window.page.locator("main nav a[href*='#']").click()
    assert window.evaluate("decodeURI(location.href)") == f"{base}{timeline}#{slug}"
    assert _is_in_view(window, slug)


def test_an_older_address_leads_to_the_post(sites: dict[str, Path], window: Window) -> None:
    base = _base(sites["awkward"])
    for alias in ("storm/older-name.html", "storm/oldest-name.html"):
        window.open(base + alias)
        window.page.wait_for_url(base + "storm/2017-03-24-1402-second.html")


@pytest.mark.parametrize("path", ["index.html", "storm/2017-03-24T14.html", STORM + ".html"])
def test_the_first_tab_leads_past_the_navigation(
    sites: dict[str, Path], window: Window, path: str
) -> None:
    window.open(_base(sites["awkward"]) + path)
    window.page.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.getAttribute('href')") == "#_main"
    assert _is_focus_in_view(window)
    window.page.keyboard.press("Enter")
    window.await_url("#_main")
    window.page.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.closest('main') !== null")


def test_the_keyboard_reaches_every_link_and_shows_where_it_is(
    sites: dict[str, Path], window: Window
) -> None:
    window.open(_base(sites["awkward"]) + STORM + ".html")
    links = set(range(window.page.locator("a").count()))
    for _ in range(2 * len(links)):
        window.page.keyboard.press("Tab")
        focus = window.evaluate(FOCUS)
        links.discard(focus["link"])
        assert focus["outline"] != "none", focus
        assert _is_focus_in_view(window), focus
        if not links:
            return
    pytest.fail(f"no Tab has led to the links {links}")


# From a server


@pytest.mark.parametrize("prefix", ["", "some/deep/path/"])
@pytest.mark.parametrize("name", ["repository", "awkward"])
def test_pages_served_at_any_path_ask_nobody_else(
    sites: dict[str, Path], chromium: Chromium, tmp_path: Path, name: str, prefix: str
) -> None:
    site = sites[name]
    place = tmp_path / "served" / prefix
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(site, target_is_directory=True)
    with serve(tmp_path / "served") as address, chromium.open_window(*PHONE) as window:
        base = address + prefix
        pages = survey(window, base, choose_pages(site, 2))
        found = crawl(base)
    assert find_blank(pages) == []
    assert _find_remote(window.requests, base) == []
    assert window.messages == []
    assert find_lost_links(site, base, pages) == []
    assert find_lost_links(site, base, found) == []
    # Nothing leads to the page for what is not there, nor to the newest of no posts.
    assert set(list_pages(site)) - set(found) <= {"404.html", "empty/newest.html"}


# In Firefox


@pytest.mark.parametrize(("name", "each"), [("awkward", 1000), ("repository", 25), ("long", 1)])
def test_firefox_opens_pages_from_a_disk_without_the_network(
    sites: dict[str, Path], firefox: Firefox, hole: BlackHole, name: str, each: int
) -> None:
    site = sites[name]
    firefox.forget()
    calls = len(hole.calls)
    firefox.resize(*PHONE)
    pages = survey(firefox, _base(site), choose_pages(site, each))
    assert len(pages) > 10
    assert _find_remote(firefox.requests) == []
    assert hole.calls[calls:] == []
    assert firefox.messages == []
    assert find_blank(pages) == []
    assert find_lost_links(site, _base(site), pages) == []
    assert {path for path, facts in pages.items() if facts.overflow > 0} == set()


def test_firefox_lands_at_the_post(sites: dict[str, Path], firefox: Firefox) -> None:
    base, slug = _base(sites["awkward"]), "2017-03-24-1407-withdrawn"
    firefox.resize(1280, 800)
    firefox.open(f"{base}storm/2017-03-24T14.html#{slug}")
    assert _is_in_view(firefox, slug)


def test_firefox_follows_an_older_address(sites: dict[str, Path], firefox: Firefox) -> None:
    base = _base(sites["awkward"])
    firefox.open(base + "storm/older-name.html")
    firefox.await_url(base + "storm/2017-03-24-1402-second.html")


def test_firefox_leads_past_the_navigation(sites: dict[str, Path], firefox: Firefox) -> None:
    firefox.open(_base(sites["awkward"]) + STORM + ".html")
    firefox.press(TAB)
    assert firefox.evaluate("document.activeElement.getAttribute('href')") == "#_main"
    assert _is_focus_in_view(firefox)
    firefox.press(ENTER)
    firefox.press(TAB)
    assert firefox.evaluate("document.activeElement.closest('main') !== null")


# The tests themselves

BROKEN = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Broken</title>
<link rel="preconnect" href="https://fonts.example/"></head>
<body><p><a href="none.html">no file</a> <a href="index.html#none">no element</a> <a href="./">folder</a></p>
<p><img src="https://spy.example/x.png" alt=""><img src="lost.png" alt=""></p>
<div style="width: 100rem">wide</div>
<script>console.error("a message"); null.fails;</script></body></html>"""
BROKEN_LINKS = {
    'broken.html: <link> "https://fonts.example/" leads out of the site',
    'broken.html: <a> "none.html" leads to no file',
    'broken.html: <a> "index.html#none" leads to no element of index.html',
    'broken.html: <a> "./" leads to no file',
    'broken.html: <img> "https://spy.example/x.png" leads out of the site',
    'broken.html: <img> "lost.png" leads to no file',
}


@pytest.fixture
def broken(sites: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of a site with one page that does all that no page may."""
    copy = shutil.copytree(sites["bare"], tmp_path / "copy")
    (copy / "broken.html").write_text(BROKEN, encoding="utf-8")
    return copy


def test_a_broken_page_would_be_seen_in_chromium(
    broken: Path, chromium: Chromium, hole: BlackHole
) -> None:
    visit = Visit(broken, chromium, hole)
    assert set(find_lost_links(broken, _base(broken), visit.pages)) == BROKEN_LINKS
    assert _find_remote(visit.requests) == ["https://spy.example/x.png"]
    assert any("spy.example" in call for call in visit.calls)
    assert "error: a message" in visit.messages
    assert any("null" in message for message in visit.messages)
    assert visit.pages["broken.html"].overflow > 0
    assert "broken.html is without its style" in find_blank(visit.pages)
    assert f"broken.html cannot show {_base(broken)}lost.png" in find_blank(visit.pages)


def test_a_broken_page_would_be_seen_in_firefox(
    broken: Path, firefox: Firefox, hole: BlackHole
) -> None:
    firefox.forget()
    calls = len(hole.calls)
    firefox.resize(*PHONE)
    pages = survey(firefox, _base(broken), list_pages(broken))
    assert set(find_lost_links(broken, _base(broken), pages)) == BROKEN_LINKS
    assert _find_remote(firefox.requests) == ["https://spy.example/x.png"]
    assert any("spy.example" in call for call in hole.calls[calls:])
    assert "error: a message" in firefox.messages
    assert any("null" in message for message in firefox.messages)
    assert pages["broken.html"].overflow > 0
    assert "broken.html is without its style" in find_blank(pages)


def _is_in_view(viewer: Window | Firefox, slug: str) -> bool:
    """Whether a post begins within the window, once the page is there."""
    box = f"document.getElementById('{slug}').getBoundingClientRect()"
    deadline, found = time.monotonic() + 5, False
    while not found and time.monotonic() < deadline:
        found = bool(viewer.evaluate(f"{box}.top >= 0 && {box}.top < innerHeight"))
    return found


def _is_focus_in_view(viewer: Window | Firefox) -> bool:
    """Whether some of what has the focus is within the window."""
    box = "document.activeElement.getBoundingClientRect()"
    return bool(viewer.evaluate(f"{box}.bottom > 0 && {box}.top < innerHeight"))
