"""What scripts add to a timeline, in Chromium and Firefox, from a disk: known at, filters, order, keys."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from book import Book
from browsing.bidi import Firefox
from browsing.chromium import Chromium, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SITE = "---\ntitle: Storms\ntimezone: Europe/London\ntimeline_page_size: {size}\n---\n"
POSTS = {
    "a": "date: 2017-03-24T09:58:00Z\nbyline: Ada\ntags: [wind]",
    "b": "date: 2017-03-24T10:00:00Z\nbyline: Grace\ntags: [rain]\nkey: true",
    "c": "date: 2017-03-24T11:30:00Z\nbyline: Ada\ntags: [rain]\nkey: true",
    "d": "date: 2017-03-25\norder: 1\nbyline: Ada",
    "e": "date: 2017-03-25T08:00:00Z\norder: 2",
    "f": "date: 2017-03-27T08:00:00+01:00",
}
REVISED = """
=== a.md
---
date: 2017-03-24T09:58:00Z
---
Nobody was hurt.
=== b.md
---
date: 2017-03-24T13:00:00Z
---
Calm.
=== content/event/revisions/a/2017-03-24T100000Z.md
---
date: 2017-03-24T09:58:00Z
---
Two were hurt.
=== content/event/revisions/a/2017-03-24T110000Z.md
---
date: 2017-03-24T09:58:00Z
---
Three were hurt.
"""
EMBED = "```embed\nprovider: twitter\n```\n"
SHOWN = "[...document.querySelectorAll('.post')].filter((p) => p.offsetParent).map((p) => p.id).join('')"
STATUS = "document.querySelector('.controls .status').textContent"
HASH = "decodeURIComponent(location.hash)"


def _write_site(folder: Path, size: int) -> Path:
    text = f"=== content/site.md\n{SITE.format(size=size)}"
    for name, fields in POSTS.items():
        filler = "Words of the storm.\n\n" * 40
        text += f"=== {name}.md\n---\n{fields}\n---\n{filler}{EMBED if name in 'ce' else ''}"
    return Book(folder, text).build().output / "event"


class Reader:
    """A browser at a coverage's pages, whichever it is."""

    def __init__(self, browser: Window | Firefox, folder: Path) -> None:
        self._browser = browser
        self._folder = folder

    def open(self, page: str) -> Reader:
        """Open a page afresh, as a link from elsewhere does."""
        self._browser.open("about:blank")
        self._browser.open(f"{self._folder.as_uri()}/{page}")
        return self

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        return self._browser.evaluate(script)

    def do(self, script: str) -> None:
        """Run a JavaScript statement."""
        self.run(f"(() => {{ {script}; return 0; }})()")

    def set(self, place: str, value: str, event: str) -> None:
        """Give a field a value, as a reader does."""
        self.do(f"const field = document.querySelector('{place}'); field.value = '{value}'")
        self.do(f"document.querySelector('{place}').dispatchEvent(new Event('{event}'))")

    def click(self, place: str) -> None:
        """Click on the first such thing."""
        self.do(f"document.querySelector('{place}').click()")

    def press(self, key: str) -> None:
        """Press a key."""
        if isinstance(self._browser, Firefox):
            self._browser.press({"Escape": "\ue00c"}.get(key, key))  # WebDriver, 17.4.2
        else:
            self._browser.page.keyboard.press(key)

    def await_shown(self, names: str) -> None:
        """Wait until these posts are to be seen."""
        deadline = time.monotonic() + 10
        while self.shown != names and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.shown == names

    def await_true(self, script: str) -> None:
        """Wait until an expression holds."""
        deadline = time.monotonic() + 20
        while not self.run(script) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.run(script)

    @property
    def shown(self) -> Any:
        """The names of the posts that are to be seen, in their order on the page."""
        return self.run(SHOWN)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same coverage on one page, and on several."""
    folder = tmp_path_factory.mktemp("storms")
    return {
        "short": _write_site(folder / "short", 300),
        "long": _write_site(folder / "long", 2),
        "revised": Book(folder / "revised", REVISED).build().output / "event",
    }


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Iterator[Window | Firefox]:
    """Each browser in turn."""
    if request.param == "firefox":
        firefox: Firefox = request.getfixturevalue("firefox")
        firefox.resize(1280, 800)
        firefox.forget()
        yield firefox
        assert [line for line in firefox.messages if line.startswith("error")] == []
    else:
        chromium: Chromium = request.getfixturevalue("chromium")
        with chromium.open_window() as window:
            yield window
            assert window.messages == []


@pytest.fixture
def short(folders: dict[str, Path], browser: Window | Firefox) -> Reader:
    """At the coverage that is all on one page."""
    return Reader(browser, folders["short"])


@pytest.fixture
def revised(folders: dict[str, Path], browser: Window | Firefox) -> Reader:
    """At a coverage with a post that said other things before."""
    return Reader(browser, folders["revised"])


@pytest.fixture
def long(folders: dict[str, Path], browser: Window | Firefox) -> Reader:
    """At the coverage of several pages."""
    return Reader(browser, folders["long"])


# Known at


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2017-03-24T09:57Z", ""),
        ("2017-03-24T10:00Z", "ab"),
        ("2017-03-24T10:00:00.000Z", "ab"),
        ("2017-03-24T12:30+01:00", "abc"),
        ("2017-03-25T23:58Z", "abce"),
        ("2017-03-26T00:00Z", "abcde"),
        ("2017-03-27T07:59", "abcde"),
        ("2017-03-27T08:00", "abcdef"),
        ("no time at all", "abcdef"),
    ],
)
def test_the_page_shows_what_had_been_published_by_then(short: Reader, at: str, shown: str) -> None:
    assert short.open(f"index.html#at={at}").shown == shown


def test_a_moment_is_told_and_counted(short: Reader) -> None:
    short.open("index.html#at=2017-03-24T10:00Z")
    assert short.run(STATUS) == "Posts shown: 2 of 6"
    said = short.run("document.querySelector('.said').textContent")
    assert said.startswith("As it was known at \u2068March 24, 2017 at 10:00")


def test_the_scale_goes_from_post_to_post(short: Reader) -> None:
    short.open("index.html")
    short.set(".scale", "0", "input")
    assert short.shown == ""
    short.set(".scale", "3", "input")
    assert short.shown == "abc"
    assert short.run(HASH) == "#at=2017-03-24T11:30Z"
    assert "11:30" in short.run("document.querySelector('.scale').getAttribute('aria-valuetext')")


def test_a_typed_time_is_one_of_the_coverage(short: Reader) -> None:
    short.open("index.html")
    short.set(".typed", "2017-03-27T08:00", "change")
    assert short.run(HASH) == "#at=2017-03-27T07:00Z"
    short.click(".all")
    assert short.run("location.hash") == ""
    assert short.shown == "abcdef"


def test_playing_shows_one_post_after_the_other_to_the_end(short: Reader) -> None:
    short.open("index.html")
    short.do("window.setInterval = (step) => { window.step = step; return 1; }")
    short.click(".play")
    seen = [short.shown]
    for _ in range(5):
        short.do("step()")
        seen.append(short.shown)
    assert seen == ["a", "ab", "abc", "abce", "abcde", "abcdef"]
    assert short.run("document.querySelector('.play').getAttribute('aria-pressed')") == "false"


def test_words_about_the_whole_are_left_out_of_what_was_known(short: Reader) -> None:
    short.open("index.html#at=2017-03-24T10:00Z")
    events = "[...document.querySelectorAll('.events li')].filter((l) => l.offsetParent).length"
    assert short.run(events) == 1
    short.open("index.html")
    assert short.run(events) == 2


def test_a_moment_holds_for_all_pages_of_a_long_timeline(long: Reader) -> None:
    long.open("index.html#at=2017-03-24T10:30Z")
    hours = "[...document.querySelectorAll('.hours > li')].filter((l) => l.offsetParent).length"
    assert long.run(hours) == 2
    link = long.run("document.querySelector('.hours a').getAttribute('href')")
    assert link == "2017-03-24T09.html#at=2017-03-24T10:30Z"
    assert long.open(link).shown == "a"
    follow = long.run("document.querySelector('a[rel=next]').getAttribute('href')")
    assert follow == "2017-03-24T10.html#at=2017-03-24T10:30Z"
    assert long.open(follow).shown == "b"


def test_a_link_to_a_place_keeps_its_place_and_the_moment(long: Reader) -> None:
    long.open("index.html#at=2017-03-26T00:00Z")
    link = long.run("document.querySelector(`.hours ul a[href*='25.html']`).getAttribute('href')")
    assert link == "2017-03-25.html#at=2017-03-26T00:00Z&post=d"
    assert long.open(link).shown == "de"


def test_a_post_shows_the_text_that_it_had_at_the_moment(revised: Reader) -> None:
    text = "document.querySelector('#a').innerText"
    revised.open("index.html#at=2017-03-24T09:59Z")
    assert "Two were hurt." in revised.run(text)
    assert "Three" not in revised.run(text)
    revised.set(".typed", "2017-03-24T10:30", "change")
    assert "Three were hurt." in revised.run(text)
    assert "The text as it stood then" in revised.run(text)
    revised.set(".typed", "2017-03-24T12:00", "change")
    assert "Nobody was hurt." in revised.run(text)
    assert "stood then" not in revised.run(text)


def test_what_has_no_time_is_told_of(short: Reader) -> None:
    short.open("index.html#at=2017-03-24T10:00Z")
    assert short.run("document.querySelector('.untimed-note').offsetParent !== null")


# Filters


def test_filters_are_counted(short: Reader) -> None:
    labels = "[...document.querySelectorAll('.filters label')].map((l) => l.textContent.trim())"
    short.open("index.html")
    assert short.run(labels)[:3] == [
        "Key events (2)",
        "With embeds (2)",
        "With something missing (2)",
    ]
    names = short.run("[...document.querySelector('[data-filter=by]')].map((o) => o.text)")
    assert names == ["Anybody", "Ada (3)", "Grace (1)"]


def test_filters_are_combined_and_stand_in_the_address(short: Reader) -> None:
    short.open("index.html")
    short.set("[data-filter=tag]", "rain", "change")
    assert short.shown == "bc"
    short.set("[data-filter=by]", "Ada", "change")
    assert short.shown == "c"
    short.click("[data-filter=embeds]")
    assert short.shown == "c"
    assert short.run(HASH) == "#tag=rain&by=Ada&embeds=1"
    assert short.open("index.html#tag=rain&by=Ada&embeds=1").shown == "c"
    assert short.run(STATUS) == "Posts shown: 1 of 6"
    short.click(".clear")
    assert short.shown == "abcdef"


def test_filters_and_a_moment_work_together(short: Reader) -> None:
    assert short.open("index.html#at=2017-03-24T10:00Z&by=Ada").shown == "a"


def test_a_link_to_a_post_clears_the_filters(short: Reader) -> None:
    short.open("index.html#by=Grace")
    short.do("location.hash = '#f'")
    short.await_shown("abcdef")


# Order


def test_the_order_is_turned_and_what_is_read_stays_in_its_place(short: Reader) -> None:
    place = "Math.round(document.getElementById('c').getBoundingClientRect().top)"
    short.open("index.html")
    short.do("document.getElementById('c').scrollIntoView()")
    short.do("scrollBy(0, 40)")
    before = short.run(place)
    short.click("[data-order=newest]")
    assert short.shown == "fedcba"
    assert abs(short.run(place) - before) <= 2
    short.click("[data-order=oldest]")
    assert short.shown == "abcdef"


def test_the_order_stands_in_the_address(short: Reader) -> None:
    assert short.open("index.html#order=newest").shown == "fedcba"


# Keys


def test_j_and_k_go_from_post_to_post(short: Reader) -> None:
    focused = "document.activeElement.closest('.post')?.id"
    short.open("index.html#by=Ada")
    short.do("scrollTo(0, 0)")
    found = []
    for key in "jjjkk":
        short.press(key)
        found.append(short.run(focused))
    assert found == ["a", "c", "d", "c", "a"]


def test_a_list_of_the_keys_opens_and_they_can_be_switched_off(short: Reader) -> None:
    short.open("index.html")
    short.press("?")
    assert short.run("document.querySelector('dialog.keys').open")
    short.click(".off")
    short.do("document.querySelector('dialog.keys').close()")
    short.press("j")
    assert short.run("document.activeElement.closest('.post')") is None
    short.click(".off")


def test_keys_typed_into_a_field_are_no_commands(short: Reader) -> None:
    short.open("index.html")
    short.do("document.querySelector('.typed').focus()")
    short.press("j")
    assert short.run("document.activeElement.className") == "typed"


# The scheme, and copying


def test_a_scheme_is_chosen_and_stays(short: Reader) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    short.open("index.html")
    before = short.run(colour)
    short.click("button.scheme")
    assert short.run(colour) != before
    short.open("index.html")
    assert short.run(colour) != before
    short.click("button.scheme")
    assert short.run(colour) == before


def test_a_permalink_is_copied_whole(short: Reader) -> None:
    short.open("index.html")
    short.do(
        "Object.defineProperty(navigator, 'clipboard',"
        " { value: { writeText: async (text) => { window.copied = text; } } })"
    )
    short.click("#b button.copy")
    assert short.run("window.copied").endswith("/event/b.html")


# Without scripts


def test_without_scripts_nothing_is_hidden_and_nothing_is_offered(
    folders: dict[str, Path], chromium: Chromium
) -> None:
    with chromium.open_window(java_script_enabled=False) as window:
        window.open(f"{folders['short'].as_uri()}/index.html")
        for place in (".controls", "button.scheme", "button.copy", "dialog"):
            assert not window.page.locator(place).first.is_visible()
        assert window.page.locator(".post").count() == len(POSTS)
        assert window.page.locator(".post").last.is_visible()


# On paper


@pytest.mark.parametrize("chosen", ["", "dark"])
def test_paper_is_white_and_holds_no_controls(
    folders: dict[str, Path], chromium: Chromium, chosen: str
) -> None:
    with chromium.open_window(color_scheme="dark") as window:
        window.open(f"{folders['short'].as_uri()}/index.html#at=2017-03-24T10:00Z")
        window.evaluate(f"document.documentElement.dataset.scheme = '{chosen}'")
        window.page.emulate_media(media="print")
        background = window.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == "rgb(255, 255, 255)"
        controls = "[...document.querySelectorAll('button, input, select, summary')]"
        assert window.evaluate(f"{controls}.filter((one) => one.offsetParent).length") == 0
        assert window.page.locator(".said").is_visible()
