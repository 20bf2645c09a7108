"""A withdrawn post is gone: from every built file, from what is handed on, and from the next import."""

from __future__ import annotations

import json
from pathlib import Path

from archiver.importers.withheld import list_withheld_captures
from book import Book

PAGE = """<!doctype html><html><head><title>Landing</title></head><body>
<div itemscope itemtype="https://schema.org/LiveBlogPosting"><h1 itemprop="headline">Landing</h1>
{posts}</div></body></html>"""
POST = """<article itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting" id="{id}">
<h2 itemprop="headline">Of {id}</h2><time itemprop="datePublished" datetime="2014-11-12T1{n}:00:00Z"></time>
<div itemprop="articleBody"><p>What was told of {id}.</p></div></article>"""


def write_capture(*ids: str) -> bytes:
    """A saved page with posts of these ids."""
    posts = "".join(POST.format(id=one, n=number) for number, one in enumerate(ids))
    return PAGE.format(posts=posts).encode()


def make_captured(root: Path, source: str) -> Book:
    """A coverage with a withdrawn post, and three captures of which the first holds it."""
    book = Book(
        root,
        f"=== gone.md\n---\ndate: 2014-11-12T10:00Z\n{source}withdrawn: {{date: 2015-01-01}}\n---\n",
    )
    home = "content/event/captures"
    book.write_bytes(f"{home}/a.html", write_capture("post-4711", "post-4712"))
    book.write_bytes(f"{home}/a.html.note.json", b"{}")
    book.write_bytes(f"{home}/b.html", write_capture("post-4712", "post-4713"))
    book.write_bytes(f"{home}/b.html.note.json", b"{}")
    book.write_bytes(f"{home}/c.html", b"\x00 nothing that anybody could read")
    return book.write_bytes(f"{home}/imported.json", b"{}")


def list_held(book: Book) -> dict[str, bool]:
    found = list_withheld_captures(book.root, ["content/event/gone.md"])
    return {one.path.removeprefix("content/event/captures/"): one.certain for one in found}


def test_captures_that_hold_a_withdrawn_post_are_told_by_its_id(tmp_path: Path) -> None:
    held = list_held(make_captured(tmp_path, "source: {id: post-4711}\n"))
    assert held == {
        "a.html": True,
        "a.html.note.json": True,
        "c.html": False,
        "imported.json": False,
    }


def test_all_captures_may_hold_a_withdrawn_post_without_an_id(tmp_path: Path) -> None:
    held = list_held(make_captured(tmp_path, ""))
    assert {"a.html", "b.html", "c.html", "b.html.note.json"} <= set(held)
    assert not any(held.values())


def test_a_capture_that_names_the_post_only_in_its_scripts_holds_it(tmp_path: Path) -> None:
    book = make_captured(tmp_path, "source: {id: post-4711}\n")
    page = write_capture("post-4713").replace(
        b"</body>",
        b"<script>x = " + json.dumps({"pinned": "post-4711"}).encode() + b"</script></body>",
    )
    book.write_bytes("content/event/captures/b.html", page)
    assert list_held(book)["b.html"]


def test_where_nothing_is_withdrawn_no_capture_is_withheld(tmp_path: Path) -> None:
    make_captured(tmp_path, "")
    assert list_withheld_captures(tmp_path, []) == ()
