"""Earlier texts of posts: shown with what changed, read where they are needed, and handed on whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archiver.build import coverage as coverages
from archiver.cli.importing import import_captures
from archiver.load import revisions
from archiver.preview import open_preview
from book import Book, list_digests

MakeBook = Callable[[str], Book]
VIGIL = """=== vigil.md
---
date: 2017-03-23T20:25:00Z
title: The vigil
---
Hundreds stood in the square.
=== after.md
---
date: 2017-03-23T21:25:00Z
updated: 2017-03-23T22:00:00Z
---
They left.
"""
EARLIER = "=== content/event/revisions/vigil/{}.md\n---\ntitle: {}\n---\n{}\n"
PAGE = "event/vigil.html"


def list_marked(book: Book, tag: str) -> list[str]:
    """What is marked as removed (`del`) or added (`ins`), as a screen reader has it."""
    return book.texts(PAGE, f".revisions {tag}")


def test_each_earlier_text_is_compared_with_the_one_after_it(book: MakeBook) -> None:
    made = book(
        VIGIL
        + EARLIER.format("2017-03-23T203000Z", "A vigil", "Some stood in the square.")
        + EARLIER.format("2017-03-23T204000Z", "The vigil", "Many stood in the square.")
    ).build()
    assert list_marked(made, "del") == [
        "Removed: A End of change.",
        "Removed: Some End of change.",
        "Removed: Many End of change.",
    ]
    assert list_marked(made, "ins") == [
        "Added: The End of change.",
        "Added: Many End of change.",
        "Added: Hundreds End of change.",
    ]
    times = [node.attributes["datetime"] for node in made.page(PAGE).css(".revisions time")]
    assert times == ["2017-03-23T20:30:00Z", "2017-03-23T20:40:00Z"]
    assert "revisions" not in made.read("event/after.html")


def test_earlier_texts_come_in_the_order_of_their_times_numbers_first(book: MakeBook) -> None:
    names = ("10", "2", "2017-03-24", "2017-03-23T204000Z")
    made = book(VIGIL + "".join(EARLIER.format(name, name, "Words") for name in names)).build()
    found = made.json("event/coverage.json")["entries"][0]["revisions"]
    assert [one["title"] for one in found] == ["2", "10", "2017-03-23T204000Z", "2017-03-24"]


def test_what_pictures_and_embeds_said_counts_as_words(book: MakeBook) -> None:
    embed = "```embed\nprovider: twitter\nauthor: A reader\ntext: Come {}\n```\n"
    made = book(
        VIGIL.replace("Hundreds stood in the square.", embed.format("now"))
        + EARLIER.format("1", "The vigil", embed.format("later"))
    ).build()
    assert list_marked(made, "del") == ["Removed: later End of change."]


def test_where_no_word_changed_that_is_said(book: MakeBook) -> None:
    made = book(VIGIL + EARLIER.format("1", "The vigil", "*Hundreds* stood in the square.")).build()
    assert list_marked(made, "del") == []
    assert "No word changed" in made.texts(PAGE, ".revisions details p")[0]


def test_texts_that_differ_too_much_are_both_there(book: MakeBook) -> None:
    words = " ".join(f"w{number}" for number in range(4000))
    made = book(
        VIGIL.replace("Hundreds stood in the square.", words)
        + EARLIER.format("1", "The vigil", words.replace("w", "v"))
    ).build()
    assert "too different" in made.texts(PAGE, ".revisions details p")[0]
    assert made.texts(PAGE, ".revisions .words")[0].endswith("v3999")
    assert made.texts(PAGE, ".revisions .words")[1].endswith("w3999")


def test_changes_in_arabic_run_from_right_to_left(book: MakeBook) -> None:
    made = book(
        "=== content/event/coverage.md\n---\ntitle: الفيضان\nlanguage: ar\n---\n"
        + VIGIL.replace("Hundreds stood in the square.", "فُتح الجسر")
        + EARLIER.format("1", "The vigil", "أُغلق الجسر")
    ).build()
    words = made.page(PAGE).css_first(".revisions .words")
    assert words is not None
    assert (words.attributes["lang"], words.attributes["dir"]) == ("ar", "rtl")
    assert list_marked(made, "del") == ["حُذف: أُغلق نهاية التعديل."]


def test_markup_in_an_earlier_text_is_only_words(book: MakeBook) -> None:
    earlier = "<script>alert(1)</script><b onclick=x>Some</b> `<i>` stood &lt;in&gt; the square."
    made = book(VIGIL + EARLIER.format("1", "The vigil", earlier)).build()
    section = made.page(PAGE).css_first(".revisions")
    assert section is not None
    assert section.css_first("script, b, i") is None
    assert "&lt;" in (section.html or "")
    assert "alert" not in section.text()


def test_links_and_pictures_of_an_earlier_text_are_nobodys_to_mend(book: MakeBook) -> None:
    earlier = "See [this](gone.md), [that](media/gone.csv) ![and](media/gone.png)"
    assert book(VIGIL + EARLIER.format("1", "The vigil", earlier)).build().codes() == []


def test_a_post_says_when_it_was_published_changed_and_captured(book: MakeBook) -> None:
    made = book(
        VIGIL + "=== content/event/coverage.md\n---\ntitle: An event\nsource:\n  captures:\n"
        "  - {file: captures/a.html, captured: 2017-03-23T20:30:00Z}\n"
        "  - {file: captures/b.html, captured: 2017-03-24T09:00:00Z}\n---\n"
    ).build()
    assert made.texts("event/vigil.html", ".history div") == [
        "First published: 23 March 2017, 20:25 GMT",
        "As captured: 23 March 2017, 20:30 GMT – 24 March 2017, 09:00 GMT",
    ]
    # The first capture is from before this post was published.
    assert made.texts("event/after.html", ".history div") == [
        "First published: 23 March 2017, 21:25 GMT",
        "Last changed: 23 March 2017, 22:00 GMT",
        "As captured: 24 March 2017, 09:00 GMT",
    ]
    assert made.texts("event/index.html", ".history") == []


def test_a_post_of_which_only_its_date_is_known_says_nothing_more(book: MakeBook) -> None:
    assert book(VIGIL).build().page(PAGE).css_first(".history") is None


def test_an_earlier_text_that_comes_changes_or_goes_is_noticed(book: MakeBook) -> None:
    made = book(VIGIL).build()
    plain = list_digests(made.output)
    for words in ("Some stood.", "Few stood."):
        made.write(EARLIER.format("1", "The vigil", words)).build()
        kept = made.json("event/coverage.json")["entries"][0]["revisions"]
        assert kept[0]["text"] == words
        assert made.page(PAGE).css_first(".revisions") is not None
    made.remove("content/event/revisions/vigil/1.md").build()
    assert list_digests(made.output) == plain


def test_only_earlier_texts_of_posts_that_are_made_are_read(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = book(
        "=== content/site.md\n---\ntitle: The archive\ntimeline_page_size: 1\n---\n"
        + VIGIL
        + EARLIER.format("1", "The vigil", "Some stood.")
        + EARLIER.replace("vigil/", "after/").format("1", "Later", "They went.")
    ).build()
    read: list[str] = []
    original = revisions._read_revision

    def note(matter: Any, *rest: Any) -> Any:
        read.append(matter.source.path)
        return original(matter, *rest)

    monkeypatch.setattr(revisions, "_read_revision", note)
    made.write(EARLIER.format("1", "The vigil", "Few stood.")).build()
    assert read == ["content/event/revisions/vigil/1.md"]


def test_earlier_texts_of_a_long_coverage_are_the_same_in_several_processes(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = "".join(
        f"=== p{n:02}.md\n---\ndate: 2017-03-23T{n // 3:02}:{n % 3:02}:00Z\n---\nWords {n}.\n"
        + EARLIER.replace("vigil/", f"p{n:02}/").format("1", "Earlier", f"Fewer words {n}.")
        for n in range(40)
    )
    made = book(posts).build()
    whole = list_digests(made.output)
    monkeypatch.setattr(coverages, "LONG", 10)
    monkeypatch.setattr(coverages, "BATCH", 7)
    monkeypatch.setattr("archiver.workers.WORTH_SHARING", 1)
    for jobs in (1, 3):
        made.build(clean=True, jobs=jobs)
        assert list_digests(made.output) == whole


def test_the_preview_shows_earlier_texts_as_a_build_does(book: MakeBook) -> None:
    made = book(VIGIL).build()
    preview = open_preview(made.root)
    path = "content/event/revisions/vigil/1.md"
    for words in ("Some stood.", "Few stood.", ""):
        if words:
            made.write(EARLIER.format("1", "The vigil", words))
        else:
            made.remove(path)
        made.build()
        preview.refresh(frozenset({path}))
        for page in (PAGE, "event/coverage.json"):
            answer = preview.read_page(page)
            assert answer is not None
            assert answer.data.decode() == made.read(page)


def test_earlier_texts_come_back_from_coverage_json(book: MakeBook, tmp_path: Path) -> None:
    made = book(
        VIGIL
        + EARLIER.format("2017-03-23T203000Z", "A vigil", "*Some* stood: in the square.\n\n- One")
        + EARLIER.format("001", "'\"Quoted\": a title'", "Few.")
    ).build()
    before = made.json("event/coverage.json")
    shutil.copy(made.output / "event/coverage.json", tmp_path / "given.json")
    shutil.rmtree(made.root / "content/event")
    words = [f"{tmp_path}/given.json", "--root", f"{made.root}", "--into", "event"]
    assert CliRunner().invoke(import_captures, words).exit_code == 0
    after = made.build().json("event/coverage.json")
    assert [one.get("revisions") for one in after["entries"]] == [
        one.get("revisions") for one in before["entries"]
    ]
