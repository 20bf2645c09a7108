"""The pages of a site: how a long coverage is cut, what leads where, feeds and data."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag
from zoneinfo import ZoneInfo

import feedparser
import pytest

from archiver.check import check_built
from archiver.diagnostics import Report
from archiver.installed import find_default_theme
from archiver.model import Stamp
from archiver.pages.posts import make_stamp
from archiver.theme import Theme
from book import Book

MakeBook = Callable[[str], Book]
SMALL = (
    "=== content/site.md\n---\ntitle: S\ntimezone: Europe/London\nlanguage: en-GB\n"
    "timeline_page_size: {n}\n---\n"
)


def write_posts(count: int, minutes: float, start: str = "2017-03-22T23:00:00+00:00") -> str:
    """Posts at even distances, named `p000` and so on."""
    first = datetime.fromisoformat(start)
    return "".join(
        f"=== p{n:03}.md\n---\ndate: {(first + timedelta(minutes=minutes * n)).isoformat()}\n"
        f"title: Post {n}\n{'key: true' if n % 10 == 0 else ''}\n---\nWords of {n}\n"
        for n in range(count)
    )


def find_broken(built: Book) -> list[str]:
    """What `archiver check` finds in a built site."""
    report = Report()
    assert check_built(built.output, report) > 0
    return [f"{problem.place.path}: {problem.message}" for problem in report.problems]


def test_a_coverage_that_fits_a_page_stands_whole_on_its_index(book: MakeBook) -> None:
    built = book(SMALL.format(n=5) + write_posts(5, 60)).build()
    assert len(built.texts("event/index.html", ".post")) == 5
    assert not list(built.output.glob("event/2017*"))


def test_a_long_coverage_has_a_page_a_day(book: MakeBook) -> None:
    built = book(SMALL.format(n=5) + write_posts(6, 20)).build()
    assert sorted(path.name for path in built.output.glob("event/2017*")) == [
        "2017-03-22.html",
        "2017-03-23.html",
    ]
    assert built.texts("event/index.html", ".post") == []
    assert built.texts("event/2017-03-23.html", ".post h3") == ["Post 3", "Post 4", "Post 5"]
    assert find_broken(built) == []


def test_a_long_day_has_a_page_an_hour_and_a_long_hour_has_parts(book: MakeBook) -> None:
    built = book(SMALL.format(n=5) + write_posts(17, 7, "2017-03-23T09:30:00+00:00")).build()
    assert sorted(path.name for path in built.output.glob("event/2017*")) == [
        "2017-03-23.html",
        "2017-03-23T09.html",
        "2017-03-23T10.2.html",
        "2017-03-23T10.html",
        "2017-03-23T11.html",
    ]
    assert built.texts("event/2017-03-23T10.html", "h1") == [
        "Thursday, 23 March 2017, from 10:00 GMT"
    ]
    assert len(built.texts("event/2017-03-23T10.html", ".post")) == 5
    assert len(built.texts("event/2017-03-23T10.2.html", ".post")) == 3
    assert find_broken(built) == []


def test_a_long_day_without_times_is_cut_into_parts(book: MakeBook) -> None:
    posts = "".join(
        f"=== p{n}.md\n---\ndate: 2017-03-23\norder: {n}\n---\nWords\n" for n in range(7)
    )
    built = book(SMALL.format(n=3) + posts).build()
    assert sorted(path.name for path in built.output.glob("event/2017*")) == [
        "2017-03-23.1.html",
        "2017-03-23.2.html",
        "2017-03-23.3.html",
        "2017-03-23.html",
    ]
    assert find_broken(built) == []


@pytest.mark.parametrize("size", [3, 5, 50])
def test_an_entry_links_back_to_its_very_place_in_the_timeline(book: MakeBook, size: int) -> None:
    built = book(SMALL.format(n=size) + write_posts(20, 7)).build()
    for n in range(20):
        page = built.page(f"event/p{n:03}.html")
        links = [str(node.attributes["href"]) for node in page.css(".trail a")]
        path, fragment = urldefrag(links[-1])
        assert fragment == f"p{n:03}"
        assert built.page(posixpath.join("event", path)).css_first(f"[id='{fragment}']")
    assert find_broken(built) == []


def test_previous_and_next_go_through_the_whole_coverage(book: MakeBook) -> None:
    built = book(SMALL.format(n=3) + write_posts(12, 30)).build()
    walked, path = [], "p000.html"
    while path:
        walked.append(path)
        link = built.page(f"event/{path}").css_first("a[rel=next]")
        path = str(link.attributes["href"]) if link else ""
    assert walked == [f"p{n:03}.html" for n in range(12)]


def test_key_events_of_the_whole_coverage_stand_on_its_index(book: MakeBook) -> None:
    built = book(SMALL.format(n=3) + write_posts(31, 30)).build()
    assert built.texts("event/index.html", ".events a") == [
        "Post 0",
        "Post 10",
        "Post 20",
        "Post 30",
    ]


def test_an_entry_page_tells_how_to_cite_it(book: MakeBook) -> None:
    built = book(
        "=== content/site.md\n---\ntitle: The archive\nbase_url: https://example.org/a/\n---\n"
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\ntitle: Vigil\nbyline: The night desk\n---\nW\n"
    ).build()
    assert built.texts("event/a.html", ".cite p") == [
        "The night desk. “Vigil”. An event. March 23, 2017, 8:25\u202fPM UTC. The archive.".replace(
            "\u202f", " "
        ),
        "Address: https://example.org/a/event/a.html",
    ]


def test_linked_data_tells_when_and_where_each_post_is_and_never_its_words(book: MakeBook) -> None:
    built = book(write_posts(3, 5)).build()
    data = read_linked_data(built, "event/index.html")
    assert data["@type"] == "LiveBlogPosting"
    urls = [update["url"] for update in data["liveBlogUpdate"]]
    assert urls == ["p000.html", "p001.html", "p002.html"]
    assert data["liveBlogUpdate"][0]["datePublished"] == "2017-03-22T23:00:00Z"
    assert "Words of" not in json.dumps(data)
    assert "Post 0" not in json.dumps(data)
    entry = read_linked_data(built, "event/p001.html")
    assert (entry["@type"], entry["headline"]) == ("BlogPosting", "Post 1")
    assert entry["isPartOf"]["url"] == "index.html"


def test_no_headline_can_end_the_element_that_holds_the_data(book: MakeBook) -> None:
    title = "</script><script>alert(1)</script>\u2028<!--"
    built = book(
        f"=== a.md\n---\ndate: 2017-03-23T20:25:00Z\ntitle: '{title}'\n---\nWords\n"
    ).build()
    assert read_linked_data(built, "event/a.html")["headline"] == " ".join(title.split())
    assert len(built.page("event/a.html").css("script:not([src])")) == 1


def read_linked_data(built: Book, path: str) -> Any:
    """The JSON-LD of a page."""
    (node,) = built.page(path).css('script[type="application/ld+json"]')
    return json.loads(node.text())


def test_feeds_are_read_by_an_independent_parser(book: MakeBook) -> None:
    built = (
        book(
            "=== content/site.md\n---\ntitle: S & T\nbase_url: https://example.org/a\n---\n"
            "=== content/event/coverage.md\n---\ntitle: A <b>\ntimezone: Europe/London\n---\n"
            + write_posts(60, 5)
            + "=== z.md\n---\ndate: 2017-03-24T00:00:00Z\nbyline: [A, B]\ntags: [x]\n---\n"
            "![p](media/p.png)\n"
        )
        .write_bytes("content/event/media/p.png")
        .build()
    )
    for path in ("feed.xml", "event/feed.xml"):
        feed = feedparser.parse(built.read(path))
        assert not feed.bozo, feed.bozo_exception
        assert len(feed.entries) == 50
        first = feed.entries[0]
        assert first.link == "https://example.org/a/event/z.html"
        assert first.id == "https://example.org/a/event/z.html"
        assert [author.name for author in first.authors] == ["A", "B"]
        assert 'src="https://example.org/a/event/media/p.png"' in first.content[0].value
        assert first.published == "2017-03-24T00:00:00Z"
        assert len({entry.id for entry in feed.entries}) == 50
    assert feedparser.parse(built.read("event/feed.xml")).feed.title == "A <b>"
    items = built.json("event/feed.json")["items"]
    assert items[1]["url"] == "https://example.org/a/event/p059.html"
    assert items[0]["date_published"] == "2017-03-24T00:00:00Z"


def test_feeds_without_a_base_url_have_lasting_ids_and_relative_links(book: MakeBook) -> None:
    built = book(write_posts(2, 5)).build()
    first = feedparser.parse(built.read("feed.xml")).entries[0]
    assert first.id.startswith("urn:uuid:")
    assert first.link == "event/p001.html"
    assert feedparser.parse(built.read("event/feed.xml")).entries[0].id == first.id
    assert feedparser.parse(built.read("event/feed.xml")).entries[0].link == "p001.html"


def test_contributors_whose_posts_fill_many_pages_are_paginated(book: MakeBook) -> None:
    posts = "".join(
        f"=== p{n:04}.md\n---\ndate: 2017-03-23T20:25:00Z\nbyline: A desk\ntags: [t]\n---\nW\n"
        for n in range(650)
    )
    built = book(posts).build()
    for folder, name in (("contributors", "a-desk"), ("tags", "t")):
        shown = [
            link
            for page in (f"{name}.html", f"{name}.2.html", f"{name}.3.html")
            for link in built.texts(f"{folder}/{page}", ".headlines a")
        ]
        assert len(shown) == 650
    assert find_broken(built) == []


def test_ten_thousand_posts_by_one_contributor_with_one_tag_in_one_day(book: MakeBook) -> None:
    start = datetime(2020, 3, 1, tzinfo=UTC)
    posts = "".join(
        f"=== p{n:05}.md\n---\ndate: {(start + timedelta(seconds=8 * n)).isoformat()}\n"
        "byline: A desk\ntags: [t]\n---\nWords\n"
        for n in range(10_000)
    )
    built = book(posts).build(jobs=2)
    assert built.result.pages > 10_000
    sizes = [path.stat().st_size for path in built.output.rglob("*.html")]
    assert max(sizes) < 1_000_000
    assert len(built.json("event/coverage.json")["entries"]) == 10_000
    assert len(list(built.output.glob("tags/t*.html"))) == 34
    assert find_broken(built) == []


def test_every_page_has_the_policy_directly_after_the_charset(book: MakeBook) -> None:
    built = book(
        SMALL.format(n=3) + write_posts(9, 30) + "=== x.md\n---\ndate: 2017-03-23T20:25:00Z\n"
        "aliases: [old]\nbyline: A\ntags: [t]\n---\nWords\n"
    ).build()
    for path in built.files():
        if path.endswith(".html"):
            head = built.read(path).split("<head>\n", 1)[1].split("\n")
            assert head[0] == '<meta charset="utf-8">', path
            assert head[1].startswith('<meta http-equiv="Content-Security-Policy"'), path


def test_unicode_permalinks_are_quoted_in_links_and_plain_on_disk(book: MakeBook) -> None:
    built = book(
        "=== content/événement/الحدث.md\n---\ndate: 2017-03-23T20:25:00Z\n"
        "byline: 王小明\ntags: [ñ]\n---\nWords\n"
    ).build()
    assert (built.output / "événement/الحدث.html").is_file()
    assert (built.output / "contributors/王小明.html").is_file()
    for path in built.files():
        if path.endswith(".html"):
            for node in built.page(path).css("a[href]"):
                href = str(node.attributes["href"])
                assert href.isascii(), (path, href)
                assert unquote(href) is not None
    assert find_broken(built) == []


def test_only_one_coverage_can_be_built_as_a_site_of_its_own(
    book: MakeBook, tmp_path: Path
) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nSee [it](../other/b.md).\n"
        "=== content/other/b.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n"
    ).build(only="event")
    assert built.codes() == ["link-left-out"]
    assert not (built.output / "other").exists()
    assert "See <a>it</a>." in built.read("event/a.html")
    assert find_broken(built) == []


def test_a_theme_of_the_sites_own_lies_over_the_default_one(book: MakeBook) -> None:
    built = book(
        "=== content/site.md\n---\ntitle: S\ntheme: mine\n---\n"
        "=== themes/mine/lost.html\nNothing at {{ frame.path }}\n"
        "=== themes/mine/assets/style.css\nbody { color: red }\n"
        '=== themes/mine/words/en.toml\nmade_of = "Ours."\n'
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n"
    ).build()
    assert built.read("404.html") == "Nothing at 404.html\n"
    assert built.read("assets/style.css") == "body { color: red }\n"
    (colophon,) = built.texts("event/a.html", ".colophon")
    assert colophon.endswith(" Ours.")


def test_moments_that_python_takes_for_equal_are_shown_each_in_its_own_way() -> None:
    words = Theme((find_default_theme(),)).words("en-GB")
    london, paris = ZoneInfo("Europe/London"), ZoneInfo("Europe/Paris")
    noon = datetime(2017, 7, 1, 11, tzinfo=UTC)
    twice = [datetime(2017, 10, 29, 1, 30, tzinfo=london, fold=fold) for fold in (0, 1)]
    moments = [noon.astimezone(london), noon.astimezone(paris), *twice]
    shown = [make_stamp(Stamp(moment.date(), moment), words) for moment in moments]
    assert [(one.clock, one.zone) for one in shown] == [
        ("12:00", "BST"),
        ("13:00", "CEST"),
        ("01:30", "BST"),
        ("01:30", "GMT"),
    ]
