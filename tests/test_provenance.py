"""The page that tells where a coverage comes from, and what robots and reference managers are told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from archiver.model import Stamp
from archiver.pages.gaps import BARS, choose_axis
from archiver.times import find_zone
from book import Book

MakeBook = Callable[[str], Book]
PAGE = "event/provenance.html"
SITE = "=== content/site.md\n---\ntitle: S\nlanguage: en-GB\nbase_url: https://a.example/n/\n---\n"
WHOLE = (
    "=== content/event/coverage.md\n---\ntitle: The flood\nrights: {licence: CC BY 4.0, holder: We}\n"
    "source:\n  publisher: The Paper\n  url: https://p.example/live\n  missing: [Pages 2 to 5]\n"
    "  captures:\n"
    "    - {file: captures/a.html, url: 'https://p.example/live', format: json-ld, tool: SingleFile,"
    f" captured: '2017-03-24T09:00:00Z', sha256: {'0' * 64}}}\n"
    "    - {url: 'https://p.example/live', tool: Wayback Machine, captured: '2017-03-23T20:26:07Z'}\n"
    "---\n![A map](media/lost.svg)\n"
    "=== content/event/media/kept.png\n"
    '=== content/event/captures/imported.json\n{"media": {"https://p.example/k.png": "kept.png"},'
    ' "doubts": {"days/b.md": "Its bounds are not certain"}}\n'
    "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\ntitle: At <eight>\nbyline: [Ana, {name: Ben}]\n"
    "source: {url: 'https://p.example/live#1'}\nlanguage: cy\n---\n"
    "![A bridge](media/kept.png)\n\n```embed\nprovider: twitter\nurl: https://twitter.com/a/status/1\n"
    "text: said\ncaptured: 2017-03-24T09:00:00Z\n```\n\n"
    "```embed\nprovider: youtube\nurl: https://youtu.be/abcdefghijk\n```\n"
    "=== content/event/days/b.md\n---\ndate: 2017-03-24\norder: 1\n---\nWords\n"
    "=== c.md\n---\ndate: 2017-03-23T23:25:00Z\nupdated: 2017-03-25T10:00:00Z\n---\nWords\n"
)


def read(built: Book, selector: str = "main") -> str:
    """The words of the page."""
    return " ".join(built.texts(PAGE, selector))


def test_all_that_is_known_is_told(book: MakeBook) -> None:
    built = book(WHOLE).build()
    said = read(built)
    for told in (
        "Publisher The Paper",
        "https://p.example/live",
        "24 March 2017, 09:00 GMT",
        "SingleFile",
        "json-ld",
        "0" * 64,
        "Pages 2 to 5",
        "Licence CC BY 4.0",
        "Held by We",
        "YouTube01",
        "https://youtu.be/abcdefghijk",
        "https://p.example/k.png",
        "Its bounds are not certain",
        "The time of 1 post was not recorded.",
        "lost.svg",
    ):
        assert told in said, told


def test_nothing_to_say_is_said_too(book: MakeBook) -> None:
    said = read(book("=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n").build())
    for told in (
        "Publisher Not recorded",
        "No capture is recorded",
        "Nothing is recorded as missing",
        "There are no embeds",
        "There are no pictures",
        "The time of every post was recorded.",
        "No import noted any doubt",
        "No licence and no holder",
        "No stretch of an hour or more",
    ):
        assert told in said, told


def test_a_coverage_without_posts_has_the_page_too(book: MakeBook) -> None:
    built = book("=== content/event/coverage.md\n---\ntitle: Empty\n---\n").build()
    assert "There are no posts to be shown." in read(built)


def test_it_is_linked_from_every_page_of_its_coverage_with_the_rights(book: MakeBook) -> None:
    built = book(SITE + WHOLE).build()
    for page in ("event/index.html", "event/a.html", "event/newest.html", PAGE):
        colophon = built.page(page).css_first("footer.colophon")
        assert colophon
        assert "CC BY 4.0 · We" in colophon.text()
        links = [node.attributes["href"] for node in colophon.css("a")]
        assert "provenance.html" in links


def test_of_a_withdrawn_post_nothing_is_told(book: MakeBook) -> None:
    gone = "---\ndate: 2017-03-24\norder: 1\nwithdrawn: {date: 2018-01-01}\n---\n"
    built = book(WHOLE).write(f"=== content/event/days/b.md\n{gone}").build()
    assert "bounds" not in read(built)
    assert "bounds" not in built.read("event/coverage.json")


def test_a_long_list_is_cut_and_what_was_lost_comes_first(book: MakeBook) -> None:
    embeds = "".join(
        f"```embed\nprovider: twitter\nurl: https://twitter.com/a/status/{n}\n"
        f"{'' if n % 3 == 0 else 'text: said'}\n```\n\n"
        for n in range(150)
    )
    built = book(f"=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\n{embeds}").build()
    rows = built.page(PAGE).css("section[aria-labelledby=_embeds] .traces li")
    assert len(rows) == 100
    assert sum("lost" in (row.attributes.get("class") or "") for row in rows) == 50
    assert "50 more are only in the data" in read(built)
    slots = built.json("event/coverage.json")["entries"][0]["slots"]
    assert len(slots) == 150


def test_what_the_page_shows_of_others_is_made_again_when_that_changes(book: MakeBook) -> None:
    built = book(WHOLE).build()
    notes = "=== content/event/captures/imported.json\n"
    media = '{"media": {"https://p.example/%s.png": "kept.png"}, "doubts": {"a.md": "Whose it is"}}'
    changes = {
        notes + media % "k": "Whose it is",
        notes + media % "other": "other.png",
        "=== c.md\n---\ndate: 2017-03-23T22:00:00Z\n---\n![x](media/gone.png)\n": "gone.png",
    }
    for change, told in changes.items():
        built.write(change).build()
        assert told in read(built)
        incremental = built.files()
        assert built.build(clean=True).files() == incremental


def test_a_doubt_goes_with_the_file_of_its_post(book: MakeBook) -> None:
    built = book(WHOLE).build()
    assert "Its bounds are not certain" in read(built)
    built.remove("content/event/days/b.md")
    built.write("=== b.md\n---\ndate: 2017-03-24\norder: 1\n---\nWords\n").build()
    assert "Its bounds are not certain" not in read(built)


def test_many_captures_are_folded_up(book: MakeBook) -> None:
    captures = "".join(f"    - {{file: captures/{n}.html}}\n" for n in range(13))
    overview = f"---\ntitle: X\nsource:\n  captures:\n{captures}---\n"
    built = book(f"=== content/event/coverage.md\n{overview}").build()
    assert "13 captures" in built.texts(PAGE, "details summary")
    assert len(built.page(PAGE).css("details .captures > li")) == 13


def test_links_to_the_original_name_the_archived_version(book: MakeBook) -> None:
    built = book(WHOLE).build()
    version = "https://web.archive.org/web/20170323202607/https://p.example/live"
    (link,) = built.page("event/a.html").css('a[href="https://p.example/live#1"]')
    assert link.attributes["data-versionurl"] == version
    assert link.attributes["data-versiondate"] == "2017-03-23T20:26:07Z"
    (link,) = built.page("event/index.html").css('.record a[href="https://p.example/live"]')
    assert link.attributes["data-versionurl"] == version
    (card,) = built.page("event/a.html").css('a[href="https://twitter.com/a/status/1"]')
    assert card.attributes["data-versiondate"] == "2017-03-24T09:00:00Z"
    (link,) = built.page(PAGE).css(f'a[href="{version}"]')
    assert link.attributes["data-originalurl"] == "https://p.example/live"


def test_without_a_capture_no_version_is_claimed(book: MakeBook) -> None:
    post = "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\nsource: {url: 'https://p.example/1'}\n---\nWords\n"
    assert "data-version" not in book(post).build().read("event/a.html")


def read_meta(page: LexborHTMLParser) -> dict[str, list[str]]:
    """What a page tells reference managers, by name."""
    found: dict[str, list[str]] = {}
    for node in page.css("head meta[name]"):
        found.setdefault(str(node.attributes["name"]), []).append(str(node.attributes["content"]))
    return found


def test_reference_managers_can_take_author_date_and_title(book: MakeBook) -> None:
    meta = read_meta(book(WHOLE).build().page("event/a.html"))
    assert meta["citation_title"] == meta["DC.title"] == ["At <eight>"]
    assert meta["citation_author"] == meta["DC.creator"] == ["Ana", "Ben"]
    assert meta["citation_publication_date"] == ["2017/03/23"]
    assert meta["DC.date"] == ["2017-03-23T20:25:00Z"]
    assert meta["DC.language"] == ["cy"]
    assert meta["DC.publisher"] == ["The Paper"]
    assert meta["prism.publicationName"] == ["The flood"]


def test_they_can_take_the_coverage_as_a_whole(book: MakeBook) -> None:
    meta = read_meta(book(WHOLE).build().page("event/index.html"))
    assert meta["citation_title"] == ["The flood"]
    assert meta["citation_publication_date"] == ["2017/03/23"]
    assert meta["DC.rights"] == ["CC BY 4.0 · We"]


# -- the plot

DATES = st.dates(date(1, 1, 2), date(9999, 12, 30))
ZONE = find_zone("Asia/Kathmandu")


@given(st.lists(st.tuples(DATES, st.none() | st.integers(0, 86399)), min_size=1, max_size=20))
def test_every_post_stands_on_the_axis(found: list[tuple[date, int | None]]) -> None:
    stamps = []
    for day, seconds in found:
        moment = (
            datetime(day.year, day.month, day.day, tzinfo=ZONE) if seconds is not None else None
        )
        stamps.append(Stamp(day, moment and moment + timedelta(seconds=seconds or 0)))
    axis = choose_axis(stamps)
    for stamp in stamps:
        at = stamp.day.toordinal() * 86400
        if stamp.moment:
            at += stamp.moment.hour * 3600 + stamp.moment.minute * 60 + stamp.moment.second
        assert 0 <= axis.place(at) <= 1000
    assert axis.span <= BARS * axis.step or axis.step == 3650 * 86400


def test_the_plot_has_a_bar_a_band_and_a_line_and_says_so_in_words(book: MakeBook) -> None:
    built = book(WHOLE).build()
    page = built.page(PAGE)
    # Two captures: one within the time of the posts, and one in the night of the day without times.
    assert (len(page.css(".bar")), len(page.css(".spread"))) == (2, 1)
    assert (len(page.css(".stretch")), len(page.css(".capture"))) == (1, 2)
    assert page.css_first("svg[role=img] > title")
    rows = [" ".join(row.text().split()) for row in page.css(".plot + details tbody tr")]
    assert rows == [
        "24 March 2017 (Time not recorded)1",
        "23 March 2017, 20:001",
        "23 March 2017, 23:001",
    ]
    assert "23 March 2017, 20:25 GMT to 23 March 2017, 23:25 GMT" in read(built)


# -- robots


def test_a_sitemap_lists_every_page_with_dates_of_the_content(book: MakeBook) -> None:
    built = book(SITE + WHOLE).build()
    sitemap = built.read("event/sitemap.xml")
    assert (
        "<loc>https://a.example/n/event/c.html</loc><lastmod>2017-03-25T10:00:00Z</lastmod>"
        in sitemap
    )
    assert "<loc>https://a.example/n/event/b.html</loc><lastmod>2017-03-24</lastmod>" in sitemap
    assert sitemap.count("<url>") == 5
    index = built.read("sitemap.xml")
    assert "<loc>https://a.example/n/event/sitemap.xml</loc><lastmod>2017-03-25T" in index
    assert built.read("robots.txt").endswith("Sitemap: https://a.example/n/sitemap.xml\n")


def test_a_sitemap_leaves_out_tombstones_which_ask_for_it(book: MakeBook) -> None:
    gone = "=== gone.md\n---\ndate: 2017-03-25T09:00Z\nwithdrawn: {date: 2018-01-01}\n---\n"
    built = book(SITE + WHOLE + gone).build()
    assert '<meta name="robots" content="noindex">' in built.read("event/gone.html")
    assert "gone.html" not in built.read("event/sitemap.xml")


def test_without_an_address_there_is_no_sitemap(book: MakeBook) -> None:
    built = book(WHOLE).build()
    assert not list(built.output.rglob("*sitemap*"))
    assert built.read("robots.txt") == "User-agent: *\nAllow: /\n"


def test_a_sitemap_that_is_too_long_is_cut(book: MakeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.pages.sitemap_views.MOST", 2)
    built = book(SITE + WHOLE).build()
    parts = sorted(path.name for path in (built.output / "event").glob("sitemap*"))
    assert parts == ["sitemap.2.xml", "sitemap.3.xml", "sitemap.xml"]
    index = built.read("sitemap.xml")
    assert all(f"/event/{part}</loc>" in index for part in parts)
    assert sum(built.read(f"event/{part}").count("<url>") for part in parts) == 5


# -- linked data


def read_data(built: Book, path: str) -> dict[str, Any]:
    """The JSON-LD of a page."""
    node = built.page(path).css_first("script[type='application/ld+json']")
    assert node
    data: dict[str, Any] = json.loads(node.text())
    return data


def test_a_bare_day_is_no_date_time(book: MakeBook) -> None:
    text = "---\ntitle: X\nstarted: 2017-03-23\nended: 2017-03-24T10:00:00Z\n---\n"
    built = book(f"=== content/event/coverage.md\n{text}").build()
    data = read_data(built, "event/index.html")
    assert "coverageStartTime" not in data
    assert data["coverageEndTime"] == "2017-03-24T10:00:00Z"


@pytest.mark.parametrize(
    ("licence", "field"),
    [("https://creativecommons.org/licenses/by/4.0/", "license"), ("CC BY", "copyrightNotice")],
)
def test_a_licence_that_is_a_page_is_linked(book: MakeBook, licence: str, field: str) -> None:
    text = f"=== content/event/coverage.md\n---\ntitle: X\nrights: {licence!r}\n---\n"
    assert read_data(book(text).build(), "event/index.html")[field] == licence
