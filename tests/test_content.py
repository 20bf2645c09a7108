"""The content model: what each field and each odd post becomes on its pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.matter import Plain, write_matter
from book import Book

MakeBook = Callable[[str], Book]


def test_a_post_without_a_title_is_named_by_its_first_words(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\n"
        "Rain began to fall over the river as the first of the boats came into view of the bridge "
        "and the crowd grew quiet.\n\nLater it stopped.\n"
    ).build()
    (headline,) = built.texts("event/a.html", "h1")
    assert headline == (
        "Rain began to fall over the river as the first of the boats came into view of the bridge…"
    )
    assert built.texts("event/index.html", ".post h3:not(.when)") == []


def test_a_bare_day_says_that_the_time_is_not_recorded(book: MakeBook) -> None:
    built = book("=== a.md\n---\ndate: 2017-03-23\norder: 1\n---\nWords\n").build()
    assert built.texts("event/a.html", ".when") == ["23 March 2017, time not recorded"]
    assert built.texts("event/index.html", ".post .when") == ["Time not recorded"]
    assert "The time of 1 post was not recorded." in built.read("event/index.html")
    assert built.json("event/coverage.json")["entries"][0]["time_recorded"] is False


def test_order_rules_a_day_with_a_time_that_is_not_recorded(book: MakeBook) -> None:
    built = book(
        "=== z-first.md\n---\ndate: 2017-03-23\norder: 1\n---\nOne\n"
        "=== b-last.md\n---\ndate: 2017-03-23T20:00:00Z\norder: 3\n---\nThree\n"
        "=== a-middle.md\n---\ndate: 2017-03-23\norder: 2\n---\nTwo\n"
        "=== day-before.md\n---\ndate: 2017-03-22T10:00:00Z\n---\nZero\n"
    ).build()
    assert built.texts("event/index.html", ".post .words") == ["Zero", "One", "Two", "Three"]
    assert built.texts("event/newest.html", ".post .words") == ["Three", "Two", "One", "Zero"]


def test_order_settles_posts_of_the_same_minute_and_the_permalink_settles_the_rest(
    book: MakeBook,
) -> None:
    date = "date: 2017-03-23T20:25:00Z\n"
    built = book(
        f"=== a.md\n---\n{date}order: 2\n---\nThird\n"
        f"=== b.md\n---\n{date}order: 1\n---\nSecond\n"
        f"=== d.md\n---\n{date}---\nFirst, with no order\n"
        f"=== c.md\n---\n{date}order: 2\n---\nFourth\n"
    ).build()
    words = built.texts("event/index.html", ".post .words")
    assert [one.split(",")[0] for one in words] == ["First", "Second", "Third", "Fourth"]


def test_a_coverage_that_spans_midnight_has_a_heading_for_each_local_day(book: MakeBook) -> None:
    built = book(
        "=== content/event/coverage.md\n---\ntitle: Night\ntimezone: America/Chicago\n---\n"
        "=== a.md\n---\ndate: 1969-07-21T04:59:00Z\n---\nBefore\n"
        "=== b.md\n---\ndate: 1969-07-21T05:00:00Z\n---\nAfter\n"
    ).build()
    assert built.texts("event/index.html", ".day > h2") == [
        "Sunday, 20 July 1969",
        "Monday, 21 July 1969",
    ]
    assert built.texts("event/index.html", ".post .when") == ["23:59 CDT", "00:00 CDT"]


def test_every_stamp_names_its_zone_over_the_change_to_winter_time(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-10-29T00:30:00Z\n---\nSummer\n"
        "=== b.md\n---\ndate: 2017-10-29T01:15:00Z\n---\nWinter\n"
    ).build()
    assert built.texts("event/index.html", ".post .when") == ["01:30 BST", "01:15 GMT"]
    assert built.texts("event/index.html", ".post .words") == ["Summer", "Winter"]


def test_a_local_time_is_that_of_the_coverage(book: MakeBook) -> None:
    built = book(
        "=== content/event/coverage.md\n---\ntitle: X\ntimezone: Asia/Kathmandu\n---\n"
        "=== a.md\n---\ndate: 2015-04-25T11:56\n---\nWords\n"
    ).build()
    assert built.texts("event/a.html", ".entry .when") == ["25 April 2015, 11:56 UTC+05:45"]
    assert built.json("event/coverage.json")["entries"][0]["date"] == "2015-04-25T11:56:00+05:45"


def test_updates_and_corrections_are_shown_on_entry_and_timeline(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\nupdated: 2017-03-23T20:40:00Z\n"
        "corrections:\n  - {date: 2017-03-24, note: The name was misspelt.}\n---\nWords\n"
    ).build()
    updated = "23 March 2017, 20:40 GMT"
    assert built.texts("event/index.html", ".updated") == [f"Updated {updated}"]
    assert f"Last changed: {updated}" in built.texts("event/a.html", ".history div")
    for page in ("event/a.html", "event/index.html"):
        (correction,) = built.texts(page, ".correction")
        assert "The name was misspelt." in correction
        assert "24 March 2017" in correction
    for feed in ("event/feed.xml", "event/feed.json"):
        assert "The name was misspelt." in built.read(feed)
    (script,) = built.page("event/a.html").css("script[type='application/ld+json']")
    data = json.loads(script.text())
    assert data["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "The name was misspelt.",
            "datePublished": "2017-03-24",
        }
    ]
    assert data["dateModified"] == "2017-03-24"


def test_a_withdrawn_post_keeps_its_permalink_and_nothing_of_its_text(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\ntitle: Unwanted headline\n"
        "withdrawn: {date: 2018-01-02, by: The editor, reason: A court order}\n---\n"
        "Unwanted words, and ![unwanted](media/unwanted.png)\n"
        "=== b.md\n---\ndate: 2017-03-23T20:26:00Z\n---\nThe next post\n"
    ).build()
    assert "withdrawn-text" in built.codes()
    text = built.texts("event/a.html", ".withdrawn")[0]
    assert "2 January 2018" in text
    assert "The editor" in text
    assert "A court order" in text
    for path in built.files():
        assert b"nwanted" not in (built.output / path).read_bytes(), path


def test_several_bylines_show_role_and_place_and_link_to_their_pages(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\nbyline:\n"
        "  - {name: The science desk, role: Desk, place: London}\n  - The night desk\n---\nWords\n"
    ).build()
    (byline,) = built.texts("event/a.html", ".byline")
    assert byline == "Reported by The science desk, Desk, London; The night desk"
    assert built.texts("contributors/the-night-desk.html", ".headlines a") == ["Words"]


def test_spellings_of_a_tag_share_a_page_named_by_the_usual_one(book: MakeBook) -> None:
    post = "---\ndate: 2017-03-23T20:2{n}:00Z\ntags: [{tag}]\n---\nWords\n"
    built = book(
        "".join(
            f"=== {n}.md\n" + post.format(n=n, tag=tag)
            for n, tag in enumerate(("Royal Family", "royal family", "royal family"))
        )
    ).build()
    assert built.texts("tags/index.html", ".names li") == ["royal family 3 posts"]
    assert built.texts("tags/royal-family.html", "h1") == ["royal family"]


def test_flags_are_said_in_words(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n"
        "key: true\nbreaking: true\npinned: true\nsummary: true\n---\nWords\n"
    ).build()
    for page in ("event/a.html", "event/index.html"):
        assert built.texts(page, ".labels li") == ["Breaking", "Key event", "Pinned", "Summary"]


def test_a_draft_is_not_published_anywhere(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n"
        "=== b.md\n---\ndate: 2017-03-23\ndraft: true\ntags: [secret]\n---\nSecret\n"
    ).build()
    for path in built.files():
        assert b"ecret" not in (built.output / path).read_bytes(), path


def test_an_alias_leads_to_the_present_page(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\naliases: [old-name, other/older.html]\n"
        "---\nWords\n"
    ).build()
    assert 'content="0; url=a.html"' in built.read("event/old-name.html")
    assert 'content="0; url=../event/a.html"' in built.read("other/older.html")


def test_a_slug_moves_the_permalink_and_a_folder_does_not(book: MakeBook) -> None:
    built = book(
        "=== content/event/day-one/a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n"
        "=== b.md\n---\ndate: 2017-03-23T20:26:00Z\nslug: ausgewählt\n---\n"
        "See [the other](day-one/a.md).\n"
    ).build()
    assert (built.output / "event/a.html").is_file()
    assert 'href="a.html"' in built.read("event/ausgewählt.html")
    assert 'href="ausgew%C3%A4hlt.html"' in built.read("event/index.html")


def test_a_coverage_without_posts_and_a_site_without_coverage_say_so(book: MakeBook) -> None:
    built = book("=== content/event/coverage.md\n---\ntitle: Empty\nstarted: 2020-01-01\n---\n")
    assert "There are no posts in this coverage." in built.build().read("event/index.html")
    built.remove("content/event/coverage.md").build()
    assert "There is no coverage in this archive yet." in built.read("index.html")
    assert not (built.output / "event").exists()


def test_languages_and_directions_are_set_on_the_page_and_on_each_post(book: MakeBook) -> None:
    built = book(
        "=== content/event/coverage.md\n---\ntitle: حدث\nlanguage: ar\n---\n"
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nنص\n"
        "=== b.md\n---\ndate: 2017-03-23T20:26:00Z\nlanguage: en\n---\nWords\n"
    ).build()
    page = built.page("event/index.html")
    root = page.css_first("html")
    assert root is not None
    assert (root.attributes["lang"], root.attributes["dir"]) == ("ar", "rtl")
    languages = [
        (post.attributes.get("lang"), words.attributes.get("dir"))
        for post, words in zip(page.css(".post"), page.css(".post .words"), strict=True)
    ]
    assert languages == [("ar", "rtl"), ("en", "ltr")]


def test_what_no_capture_held_is_told_on_the_timeline(book: MakeBook) -> None:
    built = book(
        "=== content/event/coverage.md\n---\ntitle: X\nnotice: Facts by *others*.\n"
        "rights: {licence: CC BY 4.0, holder: Somebody}\n"
        "source:\n  publisher: The Paper\n  url: https://example.org/live\n"
        "  missing: [Pages 2 to 5]\n---\n"
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n"
    ).build()
    record = " ".join(built.texts("event/index.html", ".record"))
    for told in ("The Paper", "Pages 2 to 5"):
        assert told in record
    for page in ("event/index.html", "event/a.html", "event/newest.html"):
        (colophon,) = built.texts(page, ".colophon")
        assert "CC BY 4.0 · Somebody" in colophon
        assert built.texts(page, ".notice") == ["Facts by others ."] or built.texts(
            page, ".notice"
        ) == ["Facts by others."]


def test_scalars_mean_what_they_look_like_to_a_reader(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T21:04:00Z\ntitle: No\ntags: [1_000, 21:04, null]\n"
        "---\nWords\n"
    ).build()
    entry = built.json("event/coverage.json")["entries"][0]
    assert entry["title"] == "No"
    assert entry["tags"] == ["1_000", "21:04", "null"]


def test_the_content_can_be_made_again_from_coverage_json(book: MakeBook, tmp_path: Path) -> None:
    first = book(
        "=== content/event/coverage.md\n---\ntitle: X\ndescription: Y\nstarted: 2017-03-23\n"
        "contributors: [{name: A desk, role: Desk}]\nkey_points: ['**One**: two']\n"
        "notice: A notice\nrights: CC BY\nstatus: live\ntimezone: Europe/Paris\n"
        "source:\n  publisher: P\n  missing: [m]\n  captures: [{file: a.html, format: html}]\n"
        "---\nAn introduction.\n"
        "=== content/event/sub/a.md\n---\ndate: 2017-03-23T20:25:00Z\ntitle: 'No: 1'\nkey: true\n"
        "updated: 2017-03-24\nbyline: [{name: A desk, place: Paris}]\ntags: [x, '21:04']\n"
        "source: {id: '12', url: 'https://example.org/#12'}\naliases: [old]\norder: 3\n"
        "corrections: [{date: 2017-03-25, note: N}]\nlanguage: fr\nslug: other\n---\n"
        'Words[^1] and ![alt](media/p.png "C. Credit: D")\n\n[^1]: A note.\n\n'
        "```embed\nprovider: twitter\ntext: |\n  said\n  so\n```\n"
        "=== b.md\n---\ndate: 2017-03-26\norder: 1\nwithdrawn: {date: 2018-01-01, by: E}\n---\n"
    )
    first.write_bytes("content/event/media/p.png").build()
    second = Book(tmp_path / "again")
    second.write_bytes("content/event/media/p.png")
    restore_content(first.json("event/coverage.json"), second.root)
    second.build()
    assert second.files() == first.files()


def restore_content(data: dict[str, object], root: Path) -> None:
    """Content files from a `coverage.json`."""
    plain = {"date", "updated", "started", "ended", "key", "pinned", "breaking", "summary", "order"}
    derived = {"$schema", "format", "site", "coverage", "path", "media", "introduction", "entries"}
    derived |= {"permalink", "slug", "time_recorded", "gaps", "markdown", "html", "text", "slots"}

    def write(item: dict[str, object], body: str) -> None:
        fields = {
            name: Plain(json.dumps(value).strip('"')) if name in plain else value
            for name, value in item.items()
            if name not in derived
        }
        path = root / str(item["path"])
        if path.stem != item.get("slug", path.stem):
            fields["slug"] = item["slug"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_matter(fields, body), encoding="utf-8")

    introduction = data["introduction"]
    assert isinstance(introduction, dict)
    write(data, introduction["markdown"])
    entries = data["entries"]
    assert isinstance(entries, list)
    for entry in entries:
        write(entry, entry["markdown"])


@pytest.mark.parametrize("count", [1, 2])
def test_plural_forms_follow_the_number(book: MakeBook, count: int) -> None:
    text = "".join(
        f"=== {n}.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n" for n in range(count)
    )
    (facts,) = book(text).build().texts("index.html", ".card .facts")
    assert facts == ("1 post" if count == 1 else "2 posts")


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("UTC", "Coordinated Universal Time"),
        ("Europe/London", "United Kingdom Time"),
        ("Etc/GMT+5", "GMT+5"),
    ],
)
def test_the_zone_of_all_times_is_named_in_full(book: MakeBook, zone: str, name: str) -> None:
    built = book(
        f"=== content/event/coverage.md\n---\ntitle: X\ntimezone: {zone}\n---\n"
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n"
    ).build()
    assert f"All times are {name}." in built.read("event/index.html")
