"""A withdrawn post is gone: from every built file, from what is handed on, and from the next import."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from archiver.build import coverage as coverages
from archiver.cli.importing import import_captures
from archiver.importers.withheld import list_withheld_captures
from archiver.preview import open_preview
from archiver.urls import digest_permalink
from book import Book, list_digests

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
        f"=== gone.md\n---\ndate: 2014-11-12T10:00Z\n{source}withdrawn: {{date: 2015-01-01}}\n---\n"
        "=== kept.md\n---\ndate: 2014-11-12T11:00Z\nsource: {id: post-4712}\n---\nWhat was told.\n",
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
    page = write_capture("post-4712").replace(
        b"</body>",
        b"<script>x = " + json.dumps({"pinned": "post-4711"}).encode() + b"</script></body>",
    )
    book.write_bytes("content/event/captures/b.html", page)
    assert list_held(book)["b.html"]


def test_a_capture_with_ids_of_another_kind_may_hold_the_post(tmp_path: Path) -> None:
    book = make_captured(tmp_path, "source: {id: post-4711}\n")
    page = write_capture("post-4712", "post-4713").replace(b"post-", b"block-9")
    book.write_bytes("content/event/captures/b.html", page)
    assert list_held(book)["b.html"] is False


def test_where_nothing_is_withdrawn_no_capture_is_withheld(tmp_path: Path) -> None:
    make_captured(tmp_path, "")
    assert list_withheld_captures(tmp_path, []) == ()


# Each stands in one field of a withdrawn post, or of what belongs to it, and nowhere else.
SENTINELS = """xtitlex xtextx xbylinex xrolex xplacex xtagx xoriginx xcorrectionx xembedx xhandlex
    xtranscriptx xaltx xcaptionx xmediax xdocumentx xheadingx xfootnotex xrevisionx xslugwasx
    xcommentx""".split()
# What imports and captures say of it besides.
NOTED = ["xaddressx", "xdoubtx", "xcapturedx"]
WITHDRAWAL = "withdrawn: {date: 2018-01-01, by: The editor, reason: A court order}\n"
GONE = """=== gone.md
---
date: 2017-03-23T20:25:00Z
updated: 2017-03-23T21:25:00Z
title: The xtitlex
byline: [{name: Xbylinex, role: Xrolex, place: Xplacex}]
key: true
pinned: true
breaking: true
summary: true
tags: [xtagx]
language: cy
source: {id: xoriginx, url: "https://paper.example/xoriginx"}
corrections: [{date: 2017-03-24, note: It was xcorrectionx.}]
withdrawn: {date: 2018-01-01, by: The editor, reason: A court order}
---
The xtextx.[^1]

## Xheadingx

[^1]: An xfootnotex.

![An xaltx](media/xmediax.png "An xcaptionx")

[Notes](media/xdocumentx.csv) <!-- xcommentx -->

```embed
provider: twitter
author: A reader
handle: "@xhandlex"
text: xembedx
transcript: xtranscriptx
```
=== content/event/revisions/gone/2017-03-23T210000Z.md
---
title: Earlier, an xrevisionx
---
Nothing but an xrevisionx.
=== content/event/media/xmediax.png
=== content/event/media/xdocumentx.csv
1,2
=== content/event/media/shared.png
=== content/event/captures/imported.json
{"captures": [], "digests": {"gone.md": "00", "before.md": "00"}, "doubts": {"gone.md": "xdoubtx"},
 "media": {"https://paper.example/xaddressx.png": "xmediax.png"}}
=== content/event/captures/a.html
<p>Nothing but xcapturedx</p>
=== before.md
---
date: 2017-03-23T20:00:00Z
tags: [vigils]
byline: Ana
---
People came, [and more](gone.md). ![A square](media/shared.png)
=== after.md
---
date: 2017-03-23T22:00:00Z
---
People left.
"""


EMPTY = f"=== gone.md\n---\ndate: 2017-03-23T20:25:00Z\nlanguage: cy\n{WITHDRAWAL}---\n"


def list_leaks(book: Book) -> list[tuple[str, str]]:
    """The sentinels that are in a built site, in whatever file, or in what a file is called."""
    found = []
    for path in sorted(book.output.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        told = (path.relative_to(book.output).as_posix().encode() + data).lower()
        found += [(path.name, word) for word in (*SENTINELS, *NOTED) if word.encode() in told]
    return found


def list_indexed(book: Book) -> set[str]:
    """The words in the index: they stand in it as they are, and beside them only numbers."""
    text = "".join(path.read_text() for path in sorted((book.output / "search").rglob("*.js")))
    return set(re.findall(r"\w{4,}", text.lower()))


def test_the_sentinels_are_in_a_site_in_which_nothing_is_withdrawn(tmp_path: Path) -> None:
    book = Book(tmp_path, GONE.replace(WITHDRAWAL, "")).build()
    unseen = set(SENTINELS) - {word for _, word in list_leaks(book)}
    assert unseen == {"xslugwasx"}


def test_what_readers_could_read_of_a_post_is_in_the_index_until_it_is_withdrawn(
    tmp_path: Path,
) -> None:
    book = Book(tmp_path, GONE.replace(WITHDRAWAL, "")).build()
    indexed = list_indexed(book)
    readable = (
        "xtitlex xtextx xbylinex xtagx xcorrectionx xembedx xhandlex xtranscriptx xaltx xcaptionx"
    )
    assert set(readable.split()) <= indexed & set(SENTINELS)
    emptied = f"{EMPTY}{GONE[GONE.index('=== before.md') :]}"
    assert list_indexed(book.write(GONE).build()) == list_indexed(
        Book(tmp_path / "emptied", emptied).build()
    )


def test_nothing_of_a_withdrawn_post_is_in_any_built_file(tmp_path: Path) -> None:
    book = Book(tmp_path, GONE).build()
    assert list_leaks(book) == []
    assert "withdrawn on 1 January 2018" in book.texts("event/gone.html", ".withdrawn")[0]
    assert "A court order" in book.read("event/index.html")
    assert (book.output / "event/media/shared.png").is_file()


def test_nothing_of_it_is_in_the_files_of_a_long_coverage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list_digests(Book(tmp_path / "whole", GONE).build().output)
    monkeypatch.setattr(coverages, "LONG", 1)
    monkeypatch.setattr(coverages, "BATCH", 1)
    book = Book(tmp_path / "long", GONE).build(jobs=2)
    assert list_leaks(book) == []
    assert list_digests(book.output) == whole


def test_nothing_of_it_is_in_the_preview(tmp_path: Path) -> None:
    book = Book(tmp_path, GONE).build()
    preview = open_preview(book.root)
    # There is no index of words in a preview.
    indexed = {path for path in book.files() if path.startswith("search")}
    for path in set(book.files()) - {"SHA256SUMS"} - indexed:
        answer = preview.read_page(path)
        assert answer is not None
        data = answer.file.read_bytes() if answer.file else answer.data
        assert data == (book.output / path).read_bytes()
    assert preview.read_page("event/media/xmediax.png") is None


def test_nothing_of_it_is_left_from_the_build_before(tmp_path: Path) -> None:
    book = Book(tmp_path, GONE.replace(WITHDRAWAL, "")).build()
    assert list_leaks(book)
    book.write(GONE).build()
    assert list_leaks(book) == []


def test_a_withdrawn_post_is_in_no_list_of_names_and_tags(tmp_path: Path) -> None:
    book = Book(tmp_path, GONE).build()
    assert book.texts("contributors/index.html", "main li a") == ["Ana"]
    assert book.texts("tags/index.html", "main li a") == ["vigils"]
    assert book.page("event/index.html").css_first(".events, .pinned") is None


def test_media_that_only_a_withdrawn_post_may_have_named_are_not_published(tmp_path: Path) -> None:
    # With its text gone, nothing says which media were its own.
    emptied = GONE.partition("The xtextx.")[0] + GONE[GONE.index("=== content/event/media") :]
    book = Book(tmp_path, emptied).build()
    assert list_leaks(book) == []
    assert book.json("event/coverage.json")["media"] == ["media/shared.png"]
    withheld = [one.place.path for one in book.result.problems if one.code == "withheld-media"]
    assert withheld == ["content/event/media/xdocumentx.csv", "content/event/media/xmediax.png"]


def test_a_picture_that_only_the_introduction_shows_is_published(tmp_path: Path) -> None:
    book = Book(tmp_path, GONE)
    book.write(
        "=== content/event/coverage.md\n---\ntitle: An event\n---\n![A map](media/map.png)\n"
        "=== content/event/media/map.png\n"
    ).build()
    assert (book.output / "event/media/map.png").is_file()


def test_a_telling_permalink_is_accounted_for_by_its_digest(tmp_path: Path) -> None:
    was = digest_permalink("event/xslugwasx.html")
    book = Book(
        tmp_path,
        f"=== withdrawn-1.md\n---\ndate: 2017-03-23T20:25:00Z\n"
        f"withdrawn: {{date: 2018-01-01, was: '{was}'}}\n---\n",
    ).build()
    assert list_leaks(book) == []
    digest = was.removeprefix("sha256:")
    assert not any(digest in path.read_text() for path in book.output.rglob("*.*ml"))
    assert digest not in book.read("event/coverage.json")


def import_page(root: Path, page: bytes, name: str = "page") -> str:
    (root / f"{name}.html").write_bytes(page)
    words = [f"{root}/{name}.html", "--root", f"{root}", "--into", "landing"]
    done = CliRunner().invoke(import_captures, words)
    assert done.exit_code == 0, done.output
    return done.output


def list_texts(root: Path) -> str:
    """All that is in the content files of a coverage, its captures aside."""
    home = root / "content/landing"
    return "\n".join(
        path.read_text() for path in sorted(home.rglob("*.md")) if "captures" not in path.parts
    )


def withdraw(root: Path, words: str, name: str, source: str, was: bool = False) -> None:
    """Put a tombstone in the place of the post with these words."""
    home = root / "content/landing"
    (file,) = (path for path in home.glob("*.md") if words in path.read_text())
    digest = digest_permalink(f"landing/{file.stem}.html")
    gone = f", was: '{digest}'" if was else ""
    file.unlink()
    (home / (name or file.name)).write_text(
        f"---\ndate: 2014-11-12T10:00:00Z\n{source}withdrawn: {{date: 2015-01-01{gone}}}\n---\n"
    )


@pytest.mark.parametrize(
    ("name", "source", "was"),
    [("", "source: {id: post-4711}\n", False), ("gone.md", "source: {id: post-4711}\n", False),
     ("", "", False), ("gone.md", "", True)],
)  # fmt: skip
def test_an_import_brings_no_withdrawn_post_back(
    tmp_path: Path, name: str, source: str, was: bool
) -> None:
    page = write_capture("post-4711", "post-4712")
    import_page(tmp_path, page)
    assert "told of post-4711" in list_texts(tmp_path)
    withdraw(tmp_path, "told of post-4711", name, source, was)
    said = import_page(tmp_path, page.replace(b"told of", b"known of"), "later")
    texts = list_texts(tmp_path)
    assert "known of post-4712" in texts
    assert "of post-4711" not in texts
    assert "1 withdrawn post left out" in said
