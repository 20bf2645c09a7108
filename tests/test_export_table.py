"""The table and the document: read back by Python's csv and by a Markdown parser."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from archiver.exports.table import COLUMNS, guard_text
from book import Book
from exporting import SECRET, export, write_archive


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    book = write_archive(tmp_path_factory.mktemp("table"))
    export(book.root, "csv", "--output", str(book.root / "all.csv"))
    export(book.root, "markdown", "flood", "--output", str(book.root / "flood.md"))
    return book


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_a_table_has_a_row_for_each_post_with_all_columns(book: Book) -> None:
    rows = read_rows(book.root / "all.csv")
    assert [row["permalink"] for row in rows] == [
        "calm/2023-11-30-0915-news.html",
        "flood/2017-10-28-2340-bridge.html",
        "flood/2017-10-29-0130-winter.html",
        "flood/2017-10-30-day-only.html",
        "flood/2017-10-30-gone.html",
    ]
    assert tuple(rows[0]) == COLUMNS
    data = (book.root / "all.csv").read_bytes()
    assert data.startswith(b"permalink,")
    assert data.count(b"\r\n") == len(rows) + 1


def test_cells_say_what_the_post_does(book: Book) -> None:
    calm, bridge, winter, tweet, gone = read_rows(book.root / "all.csv")
    told = {name: cell for name, cell in bridge.items() if name not in ("text", "permalink")}
    assert told == {
        "coverage": "flood",
        "date": "2017-10-28T23:40:00+01:00",
        "time_recorded": "true",
        "timezone": "Europe/London",
        "updated": "2017-10-29T00:10:00+01:00",
        "title": 'The bridge is "closed" & dark',
        "byline": "Night desk (Desk); The Paper",
        "key": "true",
        "pinned": "false",
        "breaking": "false",
        "summary": "false",
        "tags": "bridges; =SUM(A1:A9)",
        "language": "en-GB",
        "source_id": "p1",
        "source_url": "https://paper.example/live/flood#p1",
        "embeds": "0",
        "media": "2",
        "missing": "0",
        "withdrawn": "",
    }
    assert bridge["text"].startswith("The bridge is closed.")
    assert calm["text"] == "نص الخبر مع كلمة."
    assert (winter["language"], winter["media"], winter["missing"]) == ("cy", "1", "1")
    assert (tweet["date"], tweet["time_recorded"]) == ("2017-10-30", "false")
    assert (tweet["embeds"], tweet["missing"]) == ("2", "1")
    assert (gone["withdrawn"], gone["title"], gone["text"]) == ("2018-01-01", "", "")


def test_no_cell_is_taken_for_a_formula(book: Book) -> None:
    (winter,) = [row for row in read_rows(book.root / "all.csv") if "winter" in row["permalink"]]
    assert winter["text"].startswith("Old ways\n=Yr ail")
    assert guard_text("=1+1") == "'=1+1"
    assert guard_text("'=1+1") == "''=1+1"
    assert guard_text("'tis") == "'tis"


@given(st.text(alphabet=st.sampled_from("=+-@'\t\r\na ")))
def test_a_guarded_text_begins_no_formula_and_can_be_had_back(text: str) -> None:
    guarded = guard_text(text)
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    back = guarded[1:] if re.match(r"'+[=+\-@\t\r\n]", guarded) else guarded
    assert back == text


def test_one_coverage_can_be_had_and_on_the_standard_output(book: Book) -> None:
    result = export(book.root, "csv", "calm", "--output", "-")
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode(), newline="")))
    assert [row["coverage"] for row in rows] == ["calm"]
    missing = export(book.root, "csv", "clam", "--output", "-", fails=True)
    assert (missing.exit_code, "did you mean `calm`" in missing.output) == (2, True)


def test_a_document_has_its_posts_in_order_under_their_days(book: Book) -> None:
    text = (book.root / "flood.md").read_text(encoding="utf-8")
    page = LexborHTMLParser(MarkdownIt("gfm-like", {"linkify": False}).render(text))
    assert [node.text() for node in page.css("h1, h2, h3")] == [
        "The flood",
        "Key points",
        "Saturday, 28 October 2017",
        '23:40 BST: The bridge is "closed" & dark',
        "Sunday, 29 October 2017",
        "01:30 GMT",
        "Monday, 30 October 2017",
        "Time not recorded",
        "Time not recorded",
    ]
    assert [node.text() for node in page.css("h4")] == ["Old ways"]
    assert [node.text() for node in page.css("h1 + p")] == ["A river & its <bed>"]
    assert [node.text() for node in page.css("td")] == ["23:00", "2.1 m"]
    assert "=Yr ail hanner awr wedi un, na ie." in page.body.text()  # type: ignore[union-attr]
    assert SECRET not in text
    assert not re.search("[\ue000-\uf8ff\ufdd0-\ufdef]", text)


def test_a_document_leads_to_the_pages_on_the_web(book: Book) -> None:
    text = (book.root / "flood.md").read_text(encoding="utf-8")
    page = LexborHTMLParser(MarkdownIt("gfm-like", {"linkify": False}).render(text))
    links = [node.attributes["href"] for node in page.css("a")]
    base = "https://archive.example/news"
    assert f"{base}/flood/2017-10-28-2340-bridge.html" in links
    assert f"{base}/flood/2017-10-29-0130-winter.html#2017-10-29-0130-winter.old-ways" in links
    assert f"{base}/calm/2023-11-30-0915-news.html" in links
    pictures = [node.attributes["src"] for node in page.css("img")]
    assert pictures == [f"{base}/flood/media/bridge.png", f"{base}/flood/media/chart.bmp"]


def test_an_embed_is_a_quotation_wherever_it_stands(book: Book) -> None:
    text = (book.root / "flood.md").read_text(encoding="utf-8")
    page = LexborHTMLParser(MarkdownIt("commonmark").render(text))
    within = page.css_first("blockquote > blockquote")
    assert within is not None
    assert within.text().split("\n")[1:4] == [
        "Post from Twitter: A reader @reader",
        "Still wet. #flood",
        "*Very* wet.",
    ]
    assert "A video stood here. It was not captured." in text


def test_without_an_address_links_within_the_archive_are_words(tmp_path: Path) -> None:
    book = Book(
        tmp_path,
        "=== a.md\n---\ndate: 2017-03-23T10:00:00Z\n---\nSee [b](b.md) and [c](https://c.example/).\n"
        "=== b.md\n---\ndate: 2017-03-23T11:00:00Z\n---\nWords ![A](media/a.png)\n"
        "=== content/event/media/a.png\n",
    )
    export(book.root, "markdown", "event", "--output", str(tmp_path / "x.md"))
    text = (tmp_path / "x.md").read_text(encoding="utf-8")
    assert "See b and [c](https://c.example/)." in text
    assert "Permalink: `event/a.html`" in text
    assert "![A](event/media/a.png)" in text
