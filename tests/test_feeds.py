"""The feeds, held against their specifications."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from atom import judge_atom
from book import Book

MakeBook = Callable[[str], Book]
FEEDS = sorted((Path(__file__).parent / "golden").rglob("feed.xml"))
ADDRESS = "=== content/site.md\n---\ntitle: S\nbase_url: https://a.example/\n---\n"
POST = "=== a.md\n---\ndate: 2017-03-23\norder: 1\nlanguage: cy\n---\nGeiriau\n"
GOOD = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>urn:x:1</id><title>T</title>
<updated>2017-03-23T20:25:00Z</updated><author><name>A</name></author><link rel="self" href="f.xml"/>
<entry><id>urn:x:2</id><title>E</title><updated>2017-03-23T20:25:00+01:00</updated>
<link rel="alternate" type="text/html" href="e.html"/></entry></feed>"""
FAULTS = {
    "a feed without an id": ("<id>urn:x:1</id>", ""),
    "an id that is no IRI": ("urn:x:1", "x"),
    "two titles": ("<title>T</title>", "<title>T</title><title>U</title>"),
    "a bare day": ("2017-03-23T20:25:00Z", "2017-03-23"),
    "small letters in a date": ("2017-03-23T20:25:00Z", "2017-03-23t20:25:00z"),
    "an author without a name": ("<name>A</name>", ""),
    "no author at all": ("<author><name>A</name></author>", ""),
    "a name that is empty": ("<name>A</name>", "<name> </name>"),
    "an unknown element": ("<title>T</title>", "<title>T</title><mood/>"),
    "an unknown attribute": ("<id>urn:x:2", "<id a='b'>urn:x:2"),
    "a link that leads nowhere": (' href="e.html"', ""),
    "a type that is none": ("text/html", "html"),
    "neither content nor a link": ('rel="alternate"', 'rel="related"'),
    "a language that is none": ('"en"', '"en_GB"'),
    "no link to itself": ('<link rel="self" href="f.xml"/>', ""),
    "markup that is not escaped": ("<title>E</title>", "<title>E<b/></title>"),
}


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.parent.name)
def test_atom_is_as_the_rfc_says(path: Path) -> None:
    assert judge_atom(path.read_bytes()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_the_judge_of_atom_sees(fault: str) -> None:
    assert judge_atom(GOOD.encode()) == []
    old, new = FAULTS[fault]
    assert old in GOOD
    assert judge_atom(GOOD.replace(old, new, 1).encode())


def test_an_entry_in_another_language_says_so(book: MakeBook) -> None:
    built = book(POST).build()
    for path in ("event/feed.xml", "feed.xml"):
        assert '<entry xml:lang="cy">' in built.read(path)
        assert judge_atom((built.output / path).read_bytes()) == []
    assert built.json("feed.json")["items"][0]["language"] == "cy"


def test_json_feed_holds_whole_addresses_or_says_where_the_pages_lie(book: MakeBook) -> None:
    data = book(POST).build().json("feed.json")
    assert not {"home_page_url", "feed_url"} & data.keys()
    assert data["_archiver"] == {"page": "index.html"}
    assert data["items"][0]["_archiver"] == {"page": "event/a.html"}
    assert "url" not in data["items"][0]
    data = book(ADDRESS + POST).build().json("event/feed.json")
    assert data["feed_url"] == "https://a.example/event/feed.json"
    assert data["items"][0]["url"] == "https://a.example/event/a.html"
    assert not re.search("_archiver", json.dumps(data))
