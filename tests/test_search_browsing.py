"""The search in Chromium and Firefox, from a disk and without a network."""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Error, Page

from archiver.search import list_tables, parts, volumes
from archiver.search.terms import split_terms
from book import Book
from browsing.bidi import BidiError, Firefox
from browsing.chromium import Chromium, Window
from browsing.network import BlackHole

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Browser = Window | Firefox
PATIENCE = 20.0

ARCHIVE = """=== content/site.md
---
title: The archive
language: en-GB
timezone: Europe/London
---
=== content/bridge/coverage.md
---
title: The bridge
---
=== content/bridge/1440.md
---
date: 2017-03-22T14:40:00Z
title: Sirens on the bridge
key: true
byline: Ada Lovelace
tags: [police]
---
A car has driven along the pavement, and *the Prime Minister* has left the building.
=== content/bridge/1450.md
---
date: 2017-03-22T14:50:00Z
byline: Grace Hopper
tags: [police, parliament]
---
The minister was prime among those who left. Naïve façades; O’Neill’s café.

```embed
provider: twitter
author: Somebody
handle: "@some_body"
text: Quicksilver seen at the scene
```
=== content/bridge/0900.md
---
date: 2017-03-23T09:00:00Z
byline: Ada Lovelace
---
The vigil was announced: vigils will be held. <https://example.org/>
&lt;script&gt;alert(1)&lt;/script&gt; 東京都の天気予報
=== content/bridge/gone.md
---
date: 2017-03-23T10:00:00Z
withdrawn: {date: 2018-01-01}
---
=== content/\u0627\u0644\u062c\u0633\u0631/coverage.md
---
title: \u0627\u0644\u062c\u0633\u0631
language: ar
---
=== content/\u0627\u0644\u062c\u0633\u0631/\u0627\u0644\u0623\u0648\u0644.md
---
date: 2018-05-01T12:00:00Z
title: "</script><img src=x onerror=alert(1)> \u0645\u064e\u062f\u0631\u064e\u0633\u0629"
---
\u0645\u064e\u062f\u0652\u0631\u064e\u0633\u064e\u0629 \u0623\u062d\u0645\u062f
\u0641\u064a \u0627\u0644\u0642\u0627\u0647\u0631\u0629
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive in two languages."""
    return Book(tmp_path_factory.mktemp("archive"), ARCHIVE).build().output


def write_posts(count: int, seed: str) -> dict[str, str]:
    """{file's path: words} of made-up posts of two coverages."""
    random = Random(seed)
    words = [f"{a}{b}{c}" for a in "bdfg" for b in "aeiou" for c in "lmnrst"]
    posts = {}
    for number in range(count):
        coverage = "north" if number % 3 else "south"
        text = " ".join(random.choices(words, k=random.randint(30, 60)))
        posts[f"content/{coverage}/{number:04}.md"] = text
    return posts


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """An archive whose index has several volumes, of several parts and many shards."""
    posts = write_posts(600, "large")
    text = "=== content/site.md\n---\ntitle: The archive\ntimeline_page_size: 20\n---\n"
    for number, (path, words) in enumerate(posts.items()):
        moment = f"2017-03-{1 + number // 40:02}T{number % 24:02}:{number % 60:02}:00Z"
        text += f"=== {path}\n---\ndate: {moment}\n---\n{words.capitalize()}.\n"
    with pytest.MonkeyPatch.context() as patch:
        for module, limits in (
            (parts, {"LEAST": 25, "MOST": 50}),
            (volumes, {"LEAST": 100, "MOST": 200, "SMALL": 600, "LARGE": 1200, "LONE": 900}),
        ):
            for name, limit in limits.items():
                patch.setattr(module, name, limit)
        patch.setattr("archiver.build.workshop.LEAST", 25)
        patch.setattr("archiver.build.workshop.MOST", 50)
        output = Book(tmp_path_factory.mktemp("large"), text).build().output
    assert len(list((output / "search/terms").iterdir())) > 2
    assert len(list((output / "search/terms").rglob("*.js"))) > 50
    return output, posts


@pytest.fixture
def window(chromium: Chromium) -> Iterator[Window]:
    """A window of Chromium in which nothing goes wrong, and which asks nobody."""
    with chromium.open_window() as window:
        yield window
        assert window.messages == []
        assert [url for url in window.requests if not url.startswith(("file:", "data:"))] == []


@pytest.fixture(params=["Chromium", "Firefox"])
def browser(
    request: pytest.FixtureRequest, chromium: Chromium, hole: BlackHole
) -> Iterator[Browser]:
    """One browser and then the other."""
    calls = len(hole.calls)
    if request.param == "Firefox":
        firefox: Firefox = request.getfixturevalue("firefox")
        firefox.open("about:blank")
        firefox.forget()
        yield firefox
        messages, requests = firefox.messages, firefox.requests
    else:
        with chromium.open_window() as window:
            yield window
            messages, requests = window.messages, window.requests
    assert messages == []
    assert [url for url in requests if not url.startswith(("file:", "about:", "data:"))] == []
    assert hole.calls[calls:] == []


def search(browser: Browser, site: Path, asked: str) -> list[str]:
    """The headlines of the posts that a search in the address finds, as far as they are shown."""
    browser.open("about:blank")
    browser.open(f"{site.as_uri()}/search.html#{asked}")
    await_end(browser)
    found: list[str] = browser.evaluate(
        "[...document.querySelectorAll('#_results h2')].map((title) => title.textContent)"
    )
    return found


def await_end(browser: Browser) -> str:
    """Wait until a search has come to its end, and what it says then."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said: str = browser.evaluate("document.getElementById('_count')?.textContent ?? ''")
        if said and said != "Searching…":
            return said
        time.sleep(0.02)
    pytest.fail("the search has come to no end")


def evaluate_soon(browser: Browser, expression: str) -> Any:
    """The value of an expression; None while the page gives way to another."""
    try:
        return browser.evaluate(expression)
    except (Error, BidiError):
        return None


def await_value(browser: Browser, expression: str, value: Any) -> None:
    """Wait until an expression has a value."""
    deadline = time.monotonic() + PATIENCE
    while (found := evaluate_soon(browser, expression)) != value:
        assert time.monotonic() < deadline, f"{expression} is {found}, not {value}"
        time.sleep(0.02)


SIRENS = "Sirens on the bridge"
PRIME = "The minister was prime among those who left. Naïve façades; O’Neill’s café."
VIGIL = "The vigil was announced: vigils will be held. https://example.org/"
ARABIC = "</script><img src=x onerror=alert(1)> مَدرَسة"
SEARCHES = {
    "q=minister": [PRIME, SIRENS],
    "q=prime+minister": [PRIME, SIRENS],
    'q="prime minister"': [SIRENS],
    "q=“prime minister”": [SIRENS],
    'q="minister prime"': [],
    "q=MINISTER&order=oldest": [SIRENS, PRIME],
    "q=siren": [SIRENS],
    'q="siren"': [],
    "q=vig* announced": [VIGIL],
    "q=vig announced": [],
    "q=naive facades": [PRIME],
    "q=O'Neill": [PRIME],
    "q=cafe": [PRIME],
    "q=quicksilver": [PRIME],
    "q=@some_body": [PRIME],
    "q=lovelace": [VIGIL, SIRENS],
    "q=天気": [VIGIL],
    "q=東京都の": [VIGIL],
    "q=報": [VIGIL],
    "q=京東": [],
    "q=مدرسه": [ARABIC],
    "q=أحمد القاهره": [ARABIC],
    "q=the&in=bridge": [VIGIL, PRIME, SIRENS],
    "q=the&by=ada-lovelace": [VIGIL, SIRENS],
    "q=the&tag=police": [PRIME, SIRENS],
    "q=the&tag=police&by=ada-lovelace": [SIRENS],
    "q=the&key=1": [SIRENS],
    "q=the&to=2017-03-22": [PRIME, SIRENS],
    "q=the&from=2017-03-23": [VIGIL],
    "q=the&from=2017-03-22T14:45Z&to=2017-03-22T15:00Z": [PRIME],
    "tag=parliament": [PRIME],
    "from=2017-03-23&to=2017-03-23": ["Post withdrawn", VIGIL],
    "q=the&in=nowhere": [],
    "q=nothing of the kind": [],
    "q=bridge&order=best": [SIRENS],
    'q=""': [],
}


@pytest.mark.parametrize("asked", SEARCHES)
def test_a_search_finds_what_is_asked_for(browser: Browser, site: Path, asked: str) -> None:
    if asked == 'q=""':
        browser.open(f"{site.as_uri()}/search.html#{quote(asked, safe='=&+')}")
        assert browser.evaluate("document.getElementById('_count').textContent") == ""
        return
    assert search(browser, site, quote(asked, safe="=&+")) == SEARCHES[asked]


def test_what_was_found_is_marked_and_leads_to_the_post(window: Window, site: Path) -> None:
    search(window, site, "q=" + quote('"prime minister"'))
    item = window.page.locator("#_results li")
    assert item.locator("mark").all_inner_texts() == ["Prime", "Minister"]
    assert "22 March 2017, 14:40 GMT · The bridge · Key event" in item.inner_text()
    item.get_by_role("link", name=SIRENS).click()
    window.await_url("/bridge/1440.html")
    window.page.go_back()
    assert await_end(window) == "1 post found"


def test_text_is_shown_as_text_in_its_own_direction(browser: Browser, site: Path) -> None:
    assert search(browser, site, f"q={quote('مدرسة')}") == [ARABIC]
    assert browser.evaluate("document.querySelectorAll('#_results :is(img, script)').length") == 0
    facts = browser.evaluate(
        "(({lang, dir}) => [lang, dir])(document.querySelector('#_results li'))"
    )
    assert facts == ["ar", "rtl"]
    assert browser.evaluate("document.querySelectorAll('#_results mark').length") == 2


def test_a_reader_types_and_narrows_with_the_keyboard(window: Window, site: Path) -> None:
    page = window.page
    window.open(f"{site.as_uri()}/search.html")
    box = page.get_by_role("searchbox", name="Words to find")
    assert box.evaluate("(box) => box === document.activeElement")
    page.keyboard.type("the ")
    # Whoever types slowly is told before what the first letters find.
    await_value(window, "document.getElementById('_count').textContent", "3 posts found")
    window.await_url("#q=the")
    assert box.input_value() == "the "
    page.get_by_text("Narrow it down").press("Enter")
    page.get_by_label("Contributor").select_option(label="Ada Lovelace")
    await_value(window, "document.getElementById('_count').textContent", "2 posts found")
    window.await_url("#q=the&by=ada-lovelace")
    page.get_by_label("Key events only").press("Space")
    await_value(window, "document.getElementById('_count').textContent", "1 post found")
    page.go_back()
    await_value(window, "document.getElementById('_count').textContent", "2 posts found")
    assert not page.get_by_label("Key events only").is_checked()
    page.get_by_role("button", name="Clear what narrows it").press("Enter")
    await_value(window, "document.getElementById('_count').textContent", "3 posts found")
    assert page.get_by_label("Contributor").input_value() == ""


def test_a_bar_of_the_plot_narrows_to_its_time(window: Window, site: Path) -> None:
    search(window, site, "q=the")
    bars = window.page.get_by_role("list", name=re.compile("over time")).get_by_role("link")
    names = [bar.get_attribute("title") or "" for bar in bars.all()]
    assert [name.partition(": ")[2] for name in names] == ["2 posts found", "1 post found"]
    assert "22 Mar 2017, 14:00" in names[0]
    bars.first.press("Enter")
    await_value(window, "document.getElementById('_count').textContent", "2 posts found")
    window.page.wait_for_url(re.compile("from=2017-03-22T14"))
    assert window.evaluate("document.activeElement.id") == "_count"


def test_no_bar_stands_for_hours_that_were_not_recorded(window: Window, tmp_path: Path) -> None:
    posts = "".join(
        f"=== {day}.md\n---\ndate: 2017-03-{day}\norder: 1\n---\nA vigil.\n" for day in (22, 24)
    )
    search(window, Book(tmp_path, posts).build().output, "q=vigil")
    bars = window.page.locator("#_plot a").evaluate_all("(all) => all.map((one) => one.title)")
    assert bars == ["22 Mar 2017: 1 post found", "24 Mar 2017: 1 post found"]
    window.page.locator("#_plot a").last.press("Enter")
    await_value(window, "document.getElementById('_count').textContent", "1 post found")
    window.await_url("#q=vigil&from=2017-03-24&to=2017-03-24")


def test_bars_of_days_are_those_of_the_coverage_and_find_what_they_count(
    window: Window, tmp_path: Path
) -> None:
    # In Auckland a day begins at 11:00 UTC of the day before.
    times = ["22T10:30", "22T11:30", "23T10:30", "30T12:00"]
    posts = "".join(
        f"=== {n}.md\n---\ndate: 2017-03-{time}:00Z\n---\nA vigil.\n"
        for n, time in enumerate(times)
    )
    site = "=== content/event/coverage.md\n---\ntitle: A vigil\ntimezone: Pacific/Auckland\n---\n"
    search(window, Book(tmp_path, site + posts).build().output, "q=vigil")
    window.page.set_viewport_size({"width": 320, "height": 640})
    window.page.reload()
    bars = window.page.locator("#_plot a")
    await_value(window, "document.getElementById('_count').textContent", "4 posts found")
    names = bars.evaluate_all("(all) => all.map((one) => one.title)")
    assert names == [
        "22 Mar 2017: 1 post found",
        "23 Mar 2017: 2 posts found",
        "31 Mar 2017: 1 post found",
    ]
    bars.nth(1).press("Enter")
    await_value(window, "document.getElementById('_count').textContent", "2 posts found")
    window.await_url("#q=vigil&from=2017-03-23&to=2017-03-23")


@pytest.mark.parametrize(
    ("path", "box"),
    [("index.html", "_find"), ("bridge/1440.html", "_find"), ("search.html#q=x", "_q")],
)
def test_a_key_leads_to_the_box(window: Window, site: Path, path: str, box: str) -> None:
    window.open(f"{site.as_uri()}/{path}")
    window.page.keyboard.press("/")
    assert window.evaluate("document.activeElement.id") == box
    window.page.keyboard.type("/?")
    assert window.page.locator(f"#{box}").input_value().endswith("/?")


def test_on_paper_there_is_what_was_found_and_no_box(window: Window, site: Path) -> None:
    search(window, site, "q=the")
    window.page.emulate_media(media="print")
    assert window.page.locator("#_results li").first.is_visible()
    controls = "[...document.querySelectorAll('button, input, select, summary, .find, .bars a')]"
    assert window.evaluate(f"{controls}.filter((one) => one.offsetParent).length") == 0


def test_the_box_on_every_page_leads_to_the_search(browser: Browser, site: Path) -> None:
    browser.open(f"{site.as_uri()}/bridge/1440.html")
    browser.evaluate(
        "(() => { const box = document.querySelector('.find input'); box.value = 'vig & “x”';"
        "box.dispatchEvent(new Event('input')); document.querySelector('.find a').click(); })() ?? 0"
    )
    await_value(browser, "location.pathname.split('/').pop()", "search.html")
    await_value(browser, "document.getElementById('_q').value", "vig & “x”")


def test_enter_in_the_box_leads_to_the_search(window: Window, site: Path) -> None:
    window.open(f"{site.as_uri()}/index.html")
    window.page.get_by_role("searchbox", name="Search").press_sequentially("vigil")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/search.html#q=vigil")
    assert await_end(window) == "1 post found"


def test_without_script_there_are_other_ways(chromium: Chromium, site: Path) -> None:
    with chromium.open_window(java_script_enabled=False) as window:
        window.open(f"{site.as_uri()}/bridge/1440.html")
        page = window.page
        assert page.get_by_role("searchbox").count() == 0
        page.get_by_role("search").get_by_role("link", name="Search").click()
        window.await_url(f"{site.as_uri()}/search.html")
        assert "takes JavaScript" in page.get_by_role("main").inner_text()
        assert page.locator("input, select, button").locator("visible=true").count() == 0
        ways = page.get_by_role("navigation", name="Other ways")
        ways.get_by_role("link", name="Contributors").click()
        window.await_url(f"{site.as_uri()}/contributors/index.html")


def test_a_missing_file_of_the_index_is_told(chromium: Chromium, tmp_path: Path) -> None:
    output = Book(tmp_path, ARCHIVE).build().output
    (shard,) = (output / "search/terms").rglob("0.js")
    shard.unlink()
    with chromium.open_window() as window:
        window.open(f"{output.as_uri()}/search.html#q=the")
        assert "Is the folder complete?" in await_end(window)


ODD = (
    *("q=%22", "q=*", "q=-", "q=%00", "q=__proto__", "q=" + "a" * 3000, "q=%F0%9F%8C%8A"),
    *("from=x&to=y&q=the", "from=2017-99", "in=%3Cb%3E&q=the", "key=&by=%22"),
    *("order=constructor&q=the", "order=toString&q=the"),
)


def test_an_address_breaks_nothing(browser: Browser, site: Path) -> None:
    for asked in ODD:
        browser.open("about:blank")
        browser.open(f"{site.as_uri()}/search.html#{asked}")
        time.sleep(0.05)
        assert browser.evaluate("document.getElementById('_search').hidden") is False, asked
    assert search(browser, site, "q=minister") == [PRIME, SIRENS]


# -- many posts


def list_phrases(posts: dict[str, str], count: int) -> list[tuple[str, str]]:
    """Some phrases of three to six words, each with a post that holds it."""
    random = Random("phrases")
    phrases = []
    for _ in range(count):
        path = random.choice(list(posts))
        words = posts[path].split()
        length = random.randint(3, 6)
        start = random.randrange(len(words) - length)
        phrases.append((" ".join(words[start : start + length]), path))
    return phrases


FIND_ALL = """new Promise((done) => {
  const asked = %s, found = [];
  const next = () => {
    if (!asked.length) return done(found);
    location.hash = "q=" + encodeURIComponent(`"${asked.shift()}"`);
    const before = document.title;
    const wait = () => {
      const said = document.getElementById("_count").textContent;
      if (document.title === before || !said || said.startsWith("Searching")) return setTimeout(wait, 1);
      const links = document.querySelectorAll("#_results h2 a");
      found.push([...links].map((link) => link.getAttribute("href")));
      next();
    };
    setTimeout(wait, 1);
  };
  next();
})"""


def test_every_sampled_phrase_finds_its_post(
    window: Window, large: tuple[Path, dict[str, str]]
) -> None:
    site, posts = large
    phrases = list_phrases(posts, 200)
    window.open(f"{site.as_uri()}/search.html")
    found = window.evaluate(FIND_ALL % json.dumps([phrase for phrase, _ in phrases]))
    for (phrase, path), links in zip(phrases, found, strict=True):
        holding = {
            path.removeprefix("content/").replace(".md", ".html")
            for path, text in posts.items()
            if f" {phrase} " in f" {text} "
        }
        assert path.removeprefix("content/").replace(".md", ".html") in holding
        assert set(links) == holding, phrase


def test_words_are_counted_in_all_volumes(
    browser: Browser, large: tuple[Path, dict[str, str]]
) -> None:
    site, posts = large
    for asked in ("bal", "bal dem", "ba*"):
        words = asked.split()
        holding = [
            path
            for path, text in posts.items()
            if all(
                any(
                    one.startswith(word.rstrip("*")) if "*" in word else one == word
                    for one in text.split()
                )
                for word in words
            )
        ]
        search(browser, site, f"q={quote(asked)}")
        assert await_end(browser) == f"{len(holding)} posts found"


def test_more_posts_are_shown_when_asked_for(
    window: Window, large: tuple[Path, dict[str, str]]
) -> None:
    site, _ = large
    search(window, site, "q=ba*&order=oldest")
    page: Page = window.page
    assert page.locator("#_results li").count() == 10
    page.get_by_role("button", name="Show more").press("Enter")
    page.wait_for_function("document.querySelectorAll('#_results li').length === 20")
    moments = page.locator("#_results time").evaluate_all("(all) => all.map((one) => one.dateTime)")
    assert moments == sorted(moments)
    await_value(
        window,
        "[...document.querySelectorAll('#_results h2 a')].indexOf(document.activeElement)",
        10,
    )


def test_posts_are_shown_newest_first_whatever_their_coverage(
    browser: Browser, large: tuple[Path, dict[str, str]]
) -> None:
    site, _ = large
    search(browser, site, "q=bal")
    moments = browser.evaluate(
        "[...document.querySelectorAll('#_results time')].map((one) => one.dateTime)"
    )
    assert len(moments) == 10
    assert moments == sorted(moments, reverse=True)


def list_shards(window: Window) -> list[tuple[str, Path]]:
    """The volumes and files of the shards that a page has loaded, in their order."""
    paths = [Path(unquote(urlsplit(url).path)) for url in window.requests if "/terms/" in url]
    return [(path.parent.name, path) for path in paths if path.stem != "index"]


def test_the_newest_volume_is_looked_into_first_then_twice_as_many_each_time(
    chromium: Chromium, large: tuple[Path, dict[str, str]]
) -> None:
    site, _ = large
    with chromium.open_window() as window:
        search(window, site, f"q={quote('bal dem fis')}")
        names = window.evaluate("document.getElementById('_search').dataset.volumes").split()
        assert len(names) > 3
        rounds = [(names.index(volume) + 1).bit_length() for volume, _ in list_shards(window)]
    assert rounds == sorted(rounds)
    assert set(rounds) == set(range(1, len(names).bit_length() + 1))


def test_no_shard_is_loaded_that_only_begins_like_a_word(
    chromium: Chromium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "=== content/site.md\n---\ntitle: The archive\n---\n"
    for number in range(20):
        text += f"=== content/north/{number:02}.md\n---\ndate: 2017-03-22T14:{number:02}Z\n---\n"
        text += f"Night{number} and night.\n"
    monkeypatch.setattr(volumes, "LONE", 30)
    with chromium.open_window() as window:
        search(window, Book(tmp_path, text).build().output, "q=%22night%22")
        assert await_end(window) == "20 posts found"
        terms = [
            term
            for _, path in list_shards(window)
            for term in re.findall(r'(?<=[&"])[^&>"]+(?=>)', path.read_text(encoding="utf-8"))
        ]
    assert sorted(terms) == ["$", "night"]


# -- the same terms on both sides


@pytest.fixture(scope="module")
def reader(chromium: Chromium, site: Path) -> Iterator[Window]:
    """A page with the script that reads words."""
    with chromium.open_window() as window:
        window.open(f"{site.as_uri()}/search.html")
        yield window


def read_terms(browser: Browser, texts: list[str]) -> list[list[str]]:
    """The terms of each text, as a browser reads them."""
    found: list[list[str]] = browser.evaluate(
        f"((read) => {json.dumps(texts)}.map((text) => read(text).map(({{ term }}) => term)))"
        f"(makeReader({json.dumps(list_tables())}))"
    )
    return found


def list_signs() -> list[str]:
    """Every character that both may know, by itself and within a word."""
    signs = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")
    ]
    return [f"{sign} a{sign}b" for sign in signs]


def test_the_browser_reads_every_character_as_the_index_does(reader: Window) -> None:
    texts = list_signs()
    wrong = []
    for start in range(0, len(texts), 20_000):
        some = texts[start : start + 20_000]
        for text, terms in zip(some, read_terms(reader, some), strict=True):
            if terms != split_terms(text):
                wrong.append((text, terms, split_terms(text)))
    assert wrong == []


SIGNS = "aéßΣσςİıA1٣۴_-’'\".,@# \n\u0301\u0327\u05b0\u064e\u0640\u200d\u00ad\u094d"
SIGNS += "東都のカ゛ｶﾞ한ก่אםأةﷺ½ﬁ\U00020000"
ALPHABET = st.sampled_from(SIGNS) | st.characters(exclude_categories=["Cn", "Cs", "Co"])


@given(st.lists(st.text(ALPHABET, max_size=30), min_size=20, max_size=20))
@settings(max_examples=60)
def test_the_browser_reads_any_text_as_the_index_does(reader: Window, texts: list[str]) -> None:
    assert read_terms(reader, texts) == [split_terms(text) for text in texts]


def test_firefox_reads_texts_as_the_index_does(firefox: Firefox, site: Path) -> None:
    firefox.open(f"{site.as_uri()}/search.html")
    texts = list_signs()[::37]
    assert read_terms(firefox, texts) == [split_terms(text) for text in texts]
