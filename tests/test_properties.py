"""What holds of any content whatever, tried with hypothesis: nothing raises or is lost, little changes."""

from __future__ import annotations

import json
import os
import random
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import yaml
from babel import Locale
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from archiver.check import check_built
from archiver.cli.printer import FORMATS, print_problems
from archiver.diagnostics import Report
from archiver.fields import COVERAGE, ENTRY, SITE
from archiver.languages import judge_language
from archiver.markdown import Context, render_body
from archiver.markdown.slots import fill_slots, read_text_of
from archiver.matter import FORBIDDEN, Matter, Value, read_matter, write_matter
from archiver.model import Entry, Source, Stamp
from archiver.order import order_entries
from archiver.sanitize import ID_MARK, sanitize_html
from archiver.staging import read_sums
from archiver.times import DateError, find_zone, list_zones, read_date, write_stamp
from archiver.urls import quote_path, rebase_html, relative_link
from archiver.words import Words
from book import Book

pytestmark = pytest.mark.usefixtures("compiled_once")

LONDON = ZoneInfo("Europe/London")
POST = "content/event/post.md"
# The files that a property writes, with the fields they may have and those they must have.
FILES: dict[str, tuple[Any, dict[str, object]]] = {
    POST: (ENTRY, {"date": "2017-03-23T20:25:00Z"}),
    "content/event/coverage.md": (COVERAGE, {"title": "An event"}),
    "content/site.md": (SITE, {"title": "The archive"}),
}

# -- what may stand in content

CHARACTERS = st.characters(exclude_categories=["Cs"])
NASTY = [
    *"- --- ... ~ null No true 0 21:04 1e3 0x1F = << & * ! % @ ` | > # ' \" [] {} , : ? \\ / . ..".split(),
    *"CON index media 2017-03-23 a/b ../a a.md#x &a *a !!int {{x}} {%x%} {#x%} <b> </p> &amp; &#0;".split(),
    "",
    " ",
    "\n",
    "\t",
    " a",
    "a ",
    "a: b",
    "a #b",
    "a\nb",
    "a\r\nb",
    "a\n\n  b\n",
    "a\n---\nb",
    "\x00",
    "\x07",
    "\x0c",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\xa0",
    "e\u0301",
    "\u200b",
    "\u202e",
    "a\u2028b",
    "\u2029",
    "\ufdd0",
    "\ufeff",
    "\ufffe",
    "\U0001f469\u200d\U0001f680",
    "\U0001fffe",
    "\u0627\u0644\u062c\u0632\u064a\u0631\u0629",
    "javascript:alert(1)",
    "https://example.org/a?b=c&d#e",
    "<script>alert(1)</script>",
    "x" * 300,
]
TEXTS = st.sampled_from(NASTY) | st.text(CHARACTERS, max_size=20)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
DATES = (
    st.dates().map(date.isoformat)
    | st.datetimes().map(datetime.isoformat)
    | st.datetimes(timezones=OFFSETS).map(datetime.isoformat)
    | st.sampled_from(
        [
            "2017-10-29T01:30",
            "2017-03-26T01:30:00",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "0000-00-00",
            "2017-3-2",
            "2017-W12-4",
            "2016-12-31T23:59:60Z",
            "1847-06-01T12:00:00Z",
        ]
    )
)
SCALARS = TEXTS | DATES | st.integers().map(str)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "role", "date", "note", "url"]) | TEXTS, inner)
    ),
    max_leaves=6,
)
LINES = st.sampled_from(
    ["See [it](post.md)", "[Up](#a-heading)", "A note ^[here]", "# A heading", "![x](media/x.png)"]
)
# Values that make sense, so that not every archive is refused.
SENSIBLE: dict[str, st.SearchStrategy[Any]] = {
    "date": DATES,
    "updated": DATES,
    "started": DATES,
    "ended": DATES,
    "order": st.integers(-9, 9).map(str),
    "timeline_page_size": st.integers(1, 9).map(str),
    "format": st.just("1"),
    "status": st.sampled_from(["live", "closed"]),
    "language": st.sampled_from(["en", "en-GB", "ar", "zh-Hant-TW", "sn", "zxx", "cy-x-a"]),
    "timezone": st.sampled_from(
        ["UTC", "Africa/Monrovia", "Asia/Kathmandu", "EST5EDT", "Etc/GMT+5"]
    ),
    "theme": st.just("default"),
    "base_url": st.just("https://example.org/archive/"),
    "tags": st.lists(TEXTS, max_size=3),
    "byline": st.lists(TEXTS | st.fixed_dictionaries({"name": TEXTS}, optional={"role": TEXTS})),
    "contributors": st.lists(TEXTS | st.fixed_dictionaries({"name": TEXTS, "place": TEXTS})),
    "key_points": st.lists(TEXTS | LINES, max_size=3),
    "notice": TEXTS | LINES,
    "rights": TEXTS,
    "aliases": st.lists(
        st.sampled_from(["older", "post", "event/older", "next/older", "A"]) | TEXTS
    ),
    "slug": st.sampled_from(["post", "Post", "other", "\u00e9t\u00e9", "e\u0301te\u0301"]),
    "corrections": st.lists(st.fixed_dictionaries({"date": DATES, "note": TEXTS}), max_size=2),
    "withdrawn": st.fixed_dictionaries({"date": DATES}, optional={"by": TEXTS, "reason": TEXTS}),
    "source": st.fixed_dictionaries({"url": st.just("https://example.org/1")}),
} | {
    flag: st.sampled_from(["true", "false"]) for flag in "key pinned breaking summary draft".split()
}


def make_sense(table: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields of a file, with values that make sense."""
    return st.fixed_dictionaries({}, optional={name: SENSIBLE.get(name, TEXTS) for name in table})


def make_nonsense(table: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Known and unknown fields with any values."""
    return st.dictionaries(st.sampled_from(list(table)) | TEXTS, VALUES, max_size=4)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """A content file with some front matter, and the way it is written."""
    path = draw(st.sampled_from(list(FILES)))
    table, required = FILES[path]
    fields = draw(make_sense(table) | make_nonsense(table))
    if draw(st.integers(0, 9)):
        fields = {**required, **fields}
    body = draw(st.sampled_from(["", "Words\n", "## A heading\n\n[Up](#a-heading)\n"]))
    way = draw(st.sampled_from(["ours", "block", "flow", "json", "raw"]))
    if way == "ours":
        names = {name: value for name, value in fields.items() if name.isidentifier()}
        reserved = {"content", "handler", "self"}
        return path, write_matter({n: v for n, v in names.items() if n not in reserved}, body)
    if way == "raw":
        matter = "".join(f"{name}: {value}\n" for name, value in fields.items())
    elif way == "json":
        matter = json.dumps(fields, ensure_ascii=False) + "\n"
    else:
        matter = yaml.safe_dump(fields, default_flow_style=way == "flow", allow_unicode=True)
    return path, f"---\n{matter}---\n{body}"


PIECES = st.sampled_from(
    """--- ... ``` ~~~ > - * + 1. # ## | |-|-| ** __ ~~ ` [ ]( ) ![ [^1] [^1]: ^[ \\ : ; ! / 0 words
    < <a <b> </b> <p> </p> <div> </div> <table> <td> <tr> <select> <svg> <math> <mtext> <style> </style>
    <script> </script> <template> <title> <textarea> <noscript> <iframe> <!-- --> <![CDATA[ ]]> <? <h2
    <figure> <span> <br> <blockquote> <li> <ul> <ol start="1"> &amp; &#1; &#12; &#x85; &#xfdd0; &#xfdd1;
    &#xfdd2; &lt; &quot; " ' = href= href="a" id="&#xfdd2;x" class="footnotes" lang="x" onclick="x"
    post.md post.md#x #x ../other/x.md media/a.png https://example.org // javascript:alert(1) %00 %2e%2e/
    ```embed embed provider: twitter text: media: [media/a.png] [x]: (x.md) "Credit: me" \u2014 -- {{ }}
    {% %} \u202e \u0301 \u00e9 \u0628 \U0001f469\u200d\U0001f680""".split()
)
SPACES = st.sampled_from(["", " ", "\n", "\n\n", "\n    ", "\t", "  \n"])


@st.composite
def soups(draw: st.DrawFn) -> str:
    """Pieces of Markdown, HTML and nonsense in a row."""
    pieces = draw(
        st.lists(st.tuples(PIECES | st.text(CHARACTERS, max_size=6), SPACES), max_size=25)
    )
    return "".join(piece + space for piece, space in pieces)


# -- machinery


@contextmanager
def new_book(text: str = "") -> Iterator[Book]:
    """A book in a folder of its own: hypothesis runs a test many times."""
    with tempfile.TemporaryDirectory() as folder:
        yield Book(Path(folder), text)


def assert_built_or_refused(path: str, data: bytes) -> None:
    """Build an archive of which one file holds this: each problem has a place, or the output is whole."""
    with new_book(f"=== {POST}\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n") as book:
        book.write_bytes(path, data)
        book.try_build()
        for problem in book.result.problems:
            place = problem.place
            # A coverage that starts late makes its posts early: that is told where the posts are.
            assert place.path == path or problem.code in ("before-start", "after-end"), problem
            lines = re.split(
                "\r\n|\r|\n", (book.root / place.path).read_bytes().decode(errors="replace")
            )
            assert 1 <= place.line <= len(lines), problem
            assert 1 <= place.column <= len(place.excerpt) + 1, problem
        if book.result.failed:
            assert not book.output.exists()
        else:
            assert_whole(book)


def assert_whole(book: Book) -> None:
    """Every file of a site is well formed, every link leads somewhere, no post has gone missing."""
    report = Report()
    assert check_built(book.output, report) >= 5
    assert not report.problems, report.problems
    for path in sorted(book.output.rglob("*")):
        if path.suffix in (".html", ".xml", ".json"):
            text = path.read_text(encoding="utf-8")
            found = FORBIDDEN.search(text)
            assert not found, f"{path.name} holds {found and found[0]!r}"
            if path.suffix == ".html":
                ids = [node.attributes["id"] for node in LexborHTMLParser(text).css("[id]")]
                assert len(ids) == len(set(ids)), path.name
            elif path.suffix == ".json":
                json.loads(text)
            elif path.suffix == ".xml":
                ElementTree.fromstring(text)
    (outline,) = book.result.outlines
    drafted = re.search(r"draft\W+true", (book.root / POST).read_text(encoding="utf-8"))
    assert outline.count == (0 if drafted else 1)
    for mention in outline.mentions:
        assert book.page(f"event/{mention.slug}.html").css_first("section.cite")


# -- front matter and whole files


@settings(max_examples=200)
@given(files())
@example((POST, "---\ndate: []\n---\nWords\n"))
@example((POST, "---\ntitle: lost\n--- # and\ndate: 2017-03-23\norder: 1\n---\nWords\n"))
@example((POST, "---\ndate: 2017-03-23\norder: 1\naliases: [post]\n---\nWords\n"))
@example((POST, "---\ndate: 2017-03-23\norder: 1\ntitle: 'a\u2028b'\nupdatd: x\n---\n"))
@example((POST, f"---\ndate: 2017-03-23\norder: 1\nlanguage: en{'-abcde' * 60}\n---\nWords\n"))
@example(("content/event/coverage.md", f"---\ntitle: A\nlanguage: en{'-abcde' * 60}\n---\n"))
@example(("content/event/coverage.md", "---\ntitle: ' '\n---\n"))
@example(("content/site.md", f"---\ntitle: A\ntheme: {'x' * 300}\n---\n"))
@example(("content/site.md", "---\ntitle: A\ntheme: ../content\n---\n"))
def test_any_front_matter_builds_or_is_refused_with_a_place(file: tuple[str, str]) -> None:
    path, text = file
    assert_built_or_refused(path, text.encode())


@settings(max_examples=100)
@given(
    st.sampled_from(list(FILES)), soups().map(str.encode) | st.binary(max_size=60), st.booleans()
)
@example(POST, b"<p>&#1;</p>\n\n<figure>&#xfdd0;0&#xfdd1;</figure>\n", True)
@example(POST, b"# a\n\n<h1 id='&#xfdd2;a'>b</h1>\n", True)
@example(POST, "## Caf\u00e9\n\n[x](#caf\u00e9)\n".encode(), True)
@example(POST, b"<a href='nowhere.html'>x</a> [y](/nowhere.html)\n", True)
@example("content/site.md", b"# A\n\n[x](event/post.md) [y](#a) [z](event/coverage.md)\n", True)
@example("content/site.md", b"[x](#b)\n", True)
def test_any_text_as_a_file_builds_or_is_refused_with_a_place(
    path: str, data: bytes, with_matter: bool
) -> None:
    if with_matter:
        data = write_matter(FILES[path][1], "").encode() + data
    assert_built_or_refused(path, data)


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from([*ENTRY, *COVERAGE]),
        st.recursive(
            TEXTS | DATES,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
            max_leaves=5,
        ),
        max_size=5,
    ),
    TEXTS | soups(),
)
def test_what_is_written_as_front_matter_is_read_back(fields: dict[str, Any], body: str) -> None:
    report = Report()
    matter = read_matter(Source(POST, write_matter(fields, body)), report)
    body = body.strip("\n").rstrip()
    if FORBIDDEN.search(repr_all(fields) + body):
        assert {problem.code for problem in report.problems} == {"forbidden-character"}
    if FORBIDDEN.search(repr_all(fields)):
        assert matter is None
        return
    assert matter is not None, report.problems
    assert {name: strip_places(pair.value) for name, pair in matter.fields.items()} == fields
    assert matter.body.strip("\n") == FORBIDDEN.sub("\ufffd", body)
    lines = matter.source.text.split("\n")
    for name, pair in matter.fields.items():
        assert lines[pair.line - 1].startswith(f"{name}:")
    assert lines[matter.body_line - 2] == "---"


def repr_all(value: Any) -> str:
    """All the strings in a value, in a row."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(repr_all(key) + repr_all(of) for key, of in value.items())
    return "".join(map(repr_all, value))


def strip_places(value: Value) -> Any:
    """What a value that was read holds."""
    if isinstance(value.data, list):
        return [strip_places(item) for item in value.data]
    if isinstance(value.data, dict):
        return {name: strip_places(pair.value) for name, pair in value.data.items()}
    return value.data


# -- dates, languages, names of files

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?")


@settings(max_examples=300)
@given(
    st.dates(date(1000, 1, 1)).map(date.isoformat)
    | st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30)).map(datetime.isoformat)
    | st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30), timezones=OFFSETS).map(
        datetime.isoformat
    ),
    st.sampled_from(list_zones()),
)
@example("1969-07-20T10:00:00Z", "Africa/Monrovia")
@example("1840-06-28T12:00:00", "Europe/London")
@example("1582-10-10", "Asia/Kathmandu")
def test_a_date_is_written_as_others_read_it_and_read_back_as_the_same(
    text: str, name: str
) -> None:
    zone = find_zone(name)
    assert zone is not None
    try:
        stamp = read_date(text, zone)
    except DateError as error:
        told = error.code
        stamp = None
    if stamp is None:
        assert told in ("ambiguous-time", "nonexistent-time")
        return
    written = write_stamp(stamp)
    assert RFC_3339.fullmatch(written)
    assert read_date(written, zone) == stamp


def test_every_language_has_a_name_for_every_zone_and_day() -> None:
    languages = [tag for tag in map(str, Locale("en").languages) if judge_language(tag) is None]
    assert len(languages) > 500
    for tag in languages:
        words = Words(tag, {})
        assert words.zone_name("UTC")
        assert words.zone_name("Europe/London")
        assert words.span(date(1969, 7, 20), date(1969, 7, 21))
        assert words.day(date(2017, 3, 23))
        assert words.clock(datetime(2017, 3, 23, 20, 25, 30), seconds=True)
        assert words.number(10_000)


@settings(max_examples=60)
@given(
    st.sampled_from(
        """event/media/{} event/media/{}.png event/media/{}.csv event/media/{}/a.png event/{}.md
        event/{}/a.md event/{}.txt {}/coverage.md""".split()
    ),
    (TEXTS | st.text(CHARACTERS, min_size=1, max_size=8))
    .filter(
        lambda name: not set("/\0") & set(name) and name not in ("", ".", "..") and len(name) < 99
    )
    .map(str.encode)
    | st.binary(min_size=1, max_size=4).filter(lambda name: not set(b"/.\0") & set(name)),
)
@example("event/media/{}", b"caf\xe9.png")
@example("event/{}/a.md", b"caf\xe9")
@example("event/media/{}", "a\u2028b.png".encode())
@example("event/media/{}", "a\x85b.png".encode())
@example("event/media/{}", b"a b%20c?d#e;f:g&h'i\".png")
@example("event/media/{}", b"a b%20c#d;e&f'g.csv")
def test_a_file_of_any_name_is_published_or_refused(pattern: str, name: bytes) -> None:
    with new_book(
        "=== content/event/post.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nWords\n"
    ) as book:
        path = f"content/{pattern.format(os.fsdecode(name))}"
        field = "title" if path.endswith("coverage.md") else "date"
        words = f"---\n{field}: 2017-03-24T20:25:00Z\n---\nWords\n".encode()
        book.write_bytes(path, words).try_build()
        for form in FORMATS:
            with redirect_stdout(TextIOWrapper(BytesIO(), "utf-8")), redirect_stderr(StringIO()):
                print_problems(book.result.problems, form)
        if book.result.failed:
            assert {one.code for one in book.result.problems} <= {
                "unsafe-media",
                "unsafe-name",
                "unsafe-slug",
                "reserved-slug",
                "same-permalink",
            }
            return
        assert_listed(book)
        # What was written is known again: it may be written anew, and is removed with its file.
        book.write_bytes(path, words + b"More words\n").build()
        assert_listed(book)
        book.remove(path).build()
        assert_listed(book)


def assert_listed(book: Book) -> None:
    """SHA256SUMS lists just what is there."""
    assert {**read_sums(book.output), "SHA256SUMS": ""}.keys() == book.files().keys()


# -- Markdown


@settings(max_examples=600)
@given(soups() | st.text(CHARACTERS))
@example("<p>&#1;&#12;&#x85;</p>")
@example("<figure>&#xfdd0;0&#xfdd1;</figure>")
@example("<h2 id='&#xfdd2;x'>x</h2>")
@example('`<a href="post.html">` and href="x"')
@example("---<select><p>")
def test_any_text_renders_to_html_that_the_sanitiser_would_leave_as_it_is(text: str) -> None:
    context = Context(
        matter=Matter({}, text, 4, Source(POST, f"---\ndate: 2017-03-23\n---\n{text}")),
        report=Report(),
        zone=LONDON,
        folder="content/event",
        first_line=4,
        anchor="qqq",
        media=frozenset({"media/a.png"}),
        find_page={"content/event/post.md": ("post.html", "post")}.get,
    )
    if FORBIDDEN.search(text):
        return  # such a file is refused before it is rendered
    body = render_body(text, context)
    marked = body.html.replace("qqq.", ID_MARK)
    assert sanitize_html(marked) == marked
    slots = re.findall("<(?:figure|span)>\ufdd0(\\d+)\ufdd1</(?:figure|span)>", body.html)
    assert sorted(map(int, slots)) == list(range(len(body.slots)))
    shown = fill_slots(body, lambda slot, inline: "")
    assert not FORBIDDEN.search(shown)
    assert not FORBIDDEN.search(body.text)
    # Where a feed shows it, its links lead to the same pages, and its words are the same.
    assert read_text_of(rebase_html(body.html, "../event/")) == body.text
    ids = [node.attributes["id"] or "" for node in LexborHTMLParser(body.html).css("[id]")]
    assert len(ids) == len(set(ids))
    assert all(name.startswith("qqq.") for name in ids)


# -- order


@st.composite
def days(draw: st.DrawFn) -> list[Entry]:
    """Posts of two or three days, many at one minute, some with `order`, some without a time."""
    start = datetime(2017, 3, 25, 22, tzinfo=UTC)
    posts = draw(
        st.lists(
            st.tuples(
                st.integers(0, 30).map(lambda quarters: start + timedelta(minutes=15 * quarters)),
                st.integers(0, 4) | st.none(),
                st.integers(0, 3),
            ),
            max_size=12,
        )
    )
    entries = []
    for number, (moment, order, timed) in enumerate(posts):
        local = moment.astimezone(LONDON)
        stamp = Stamp(local.date(), local if timed else None)
        slug = f"post-{number}"
        entries.append(
            Entry(f"content/event/{slug}.md", "event", slug, stamp, order if timed else order or 0)
        )
    return entries


@settings(max_examples=200)
@given(days(), st.randoms(use_true_random=False))
def test_the_order_is_total_and_the_same_for_any_order_of_files(
    entries: list[Entry], chance: random.Random
) -> None:
    matters = {entry.path: Matter({}, "", 1, Source(entry.path, "---\n---\n")) for entry in entries}
    report = Report()
    ordered = order_entries(entries, matters, report)
    assert sorted(entry.slug for entry in ordered) == sorted(entry.slug for entry in entries)
    assert [entry.date.day for entry in ordered] == sorted(entry.date.day for entry in entries)
    shuffled = chance.sample(entries, len(entries))
    again = Report()
    assert order_entries(shuffled, matters, again) == ordered
    assert again.problems == report.problems
    if not report.problems:
        moments = [entry.date.moment for entry in ordered if entry.date.moment]
        assert moments == sorted(moments)


# -- links

# No `;`: to urljoin, though to no browser, it begins the parameters of an address (RFC 1808).
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\;"),
    min_size=1,
    max_size=8,
).filter(lambda name: name.strip(".") != "")
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
PLACES = st.sampled_from(
    ["https://example.org/", "https://example.org/a/b/", "file:///home/me/site/"]
)


@settings(max_examples=500)
@given(PATHS, PATHS, PLACES)
@example("event/post.html", "event/2017-03-23T14.2.html", "https://example.org/")
@example("event/post.html", "event/media/a b%20c?d#e;f:g.png", "file:///home/me/site/")
@example("index.html", "https:example.org", "https://example.org/")
@example("event/post.html", "event/tel:999", "https://example.org/")
def test_a_relative_link_leads_to_its_target_wherever_the_site_lies(
    source: str, target: str, home: str
) -> None:
    link = relative_link(source, target)
    assert link
    assert not urlsplit(link).scheme
    assert not link.startswith("/")
    reached = urljoin(home + quote_path(source), link)
    assert reached == home + quote_path(target)
    assert unquote(reached) == home + target


# -- what a change touches

LONG = "---\ntitle: The archive\ntimezone: Europe/London\ntimeline_page_size: 4\n---\n"
FEEDS = ("event/newest.html", "event/feed.xml", "event/feed.json", "feed.xml", "feed.json")


def write_post(day: str, clock: str, more: str = "") -> str:
    """A post named by its time, as one section of a book."""
    hour, minute = clock.split(":")
    return (
        f"=== content/event/{day}-{hour}{minute}-post.md\n---\ndate: {day}T{clock}:00Z\n{more}---\n"
        f"What was known on {day} at {clock}.\n"
    )


def write_long_coverage() -> str:
    """Four days: a day page, a day of hours, a day of 60 posts (more than a feed shows), a day page."""
    posts = [write_post("2017-03-21", clock) for clock in ("09:00", "10:00", "11:00")]
    posts += [
        write_post("2017-03-22", f"{hour}:{minute}", "byline: Ana\ntags: [bridge]\n")
        for hour, minutes in (("09", "00 20 40"), ("10", "00 20 40"), ("12", "00 20 40"))
        for minute in minutes.split()
    ]
    posts += [
        write_post("2017-03-23", f"{hour:02}:{minute}", "byline: Ben\ntags: [vigil]\n")
        for hour in range(20)
        for minute in ("00", "20", "40")
    ]
    posts += [write_post("2017-03-24", "09:00")]
    other = "=== content/other/post.md\n---\ndate: 2017-03-22T09:00:00Z\nbyline: Cy\n---\nWords\n"
    return f"=== content/site.md\n{LONG}{other}{''.join(posts)}"


# What is inserted, and every file of build/ that this may change, but those that change with every post.
INSERTED = {
    "into-an-hour": (
        write_post("2017-03-22", "10:30", "byline: Ana\ntags: [bridge]\n"),
        """event/2017-03-22-1020-post.html event/2017-03-22-1030-post.html
        event/2017-03-22-1040-post.html event/2017-03-22T10.html event/2017-03-22.html
        event/index.html event/coverage.json contributors/ana.html contributors/index.html
        tags/bridge.html tags/index.html index.html""",
    ),
    "into-an-hour-by-nobody": (
        write_post("2017-03-22", "10:30"),
        """event/2017-03-22-1020-post.html event/2017-03-22-1030-post.html
        event/2017-03-22-1040-post.html event/2017-03-22T10.html event/2017-03-22.html
        event/index.html event/coverage.json index.html""",
    ),
    "into-a-day": (
        write_post("2017-03-21", "10:30", "byline: Dee\n"),
        """event/2017-03-21-1000-post.html event/2017-03-21-1030-post.html
        event/2017-03-21-1100-post.html event/2017-03-21.html event/index.html event/coverage.json
        contributors/dee.html contributors/index.html index.html""",
    ),
    # The hours before and after lead to the new one.
    "an-hour-of-its-own": (
        write_post("2017-03-22", "11:30"),
        """event/2017-03-22-1040-post.html event/2017-03-22-1130-post.html
        event/2017-03-22-1200-post.html event/2017-03-22T10.html event/2017-03-22T11.html
        event/2017-03-22T12.html event/2017-03-22.html event/index.html event/coverage.json
        index.html""",
    ),
    # Captures arrive newest first: most posts that are inserted are older than all others.
    "before-all-others": (
        write_post("2017-03-21", "08:00"),
        """event/2017-03-21-0800-post.html event/2017-03-21-0900-post.html event/2017-03-21.html
        event/index.html event/coverage.json index.html""",
    ),
    "a-day-before-all-others": (
        write_post("2017-03-20", "08:00"),
        """event/2017-03-20-0800-post.html event/2017-03-21-0900-post.html event/2017-03-20.html
        event/2017-03-21.html event/index.html event/coverage.json index.html""",
    ),
    "the-newest": (
        write_post("2017-03-24", "10:00"),
        f"""event/2017-03-24-0900-post.html event/2017-03-24-1000-post.html event/2017-03-24.html
        event/index.html event/coverage.json index.html {" ".join(FEEDS)}""",
    ),
    "among-the-newest": (
        write_post("2017-03-24", "08:00"),
        f"""event/2017-03-23-1940-post.html event/2017-03-24-0800-post.html
        event/2017-03-24-0900-post.html event/2017-03-24.html event/index.html event/coverage.json
        index.html {" ".join(FEEDS)}""",
    ),
}


@pytest.mark.parametrize("name", INSERTED)
def test_an_inserted_post_changes_only_the_pages_it_must(name: str, tmp_path: Path) -> None:
    text, expected = INSERTED[name]
    book = Book(tmp_path, write_long_coverage()).build()
    before = book.files()
    after = book.write(text).build().files()
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    # The page of provenance counts all posts and plots them; what the index tells of them is its own matter.
    pages = {path for path in changed if not path.startswith("search")}
    assert pages == {*expected.split(), "event/provenance.html", "SHA256SUMS"}
    # The list is not idle: a build of the same content changes nothing.
    assert book.build().result.changed == 0


def test_a_post_that_is_removed_again_leaves_no_trace(tmp_path: Path) -> None:
    book = Book(tmp_path, write_long_coverage()).build()
    before = book.files()
    text, _ = INSERTED["an-hour-of-its-own"]
    book.write(text).build().remove("content/event/2017-03-22-1130-post.md").build()
    assert book.files() == before


# -- the order of a folder's files

SCATTERED = """\
=== content/b/media/two.txt
=== content/b/media/deep/one.txt
=== content/b/one.md
---
date: 2017-03-23
order: 1
byline: Ana
tags: [bridge, Vigil]
---
See [two](days/two.md) and [the file](media/two.txt).
=== content/b/days/two.md
---
date: 2017-03-23
order: 1
byline: ANA
tags: [vigil]
---
Words
=== content/a/one.md
---
date: 2017-03-23T10:00:00Z
---
See [two](../b/days/two.md).
=== content/a/two.md
---
date: 2017-03-23T10:00:00Z
---
Words
=== content/c/three.md
---
date: 2017-03-23T10:00:00Z
---
Words
=== content/stray.txt
=== content/b/stray.txt
"""


@pytest.mark.parametrize("seed", range(6))
def test_the_output_does_not_depend_on_the_order_that_the_disk_gives(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Book(tmp_path / "usual", SCATTERED).build()
    chance = random.Random(seed)
    scan = os.scandir
    scanned = []

    @contextmanager
    def scan_in_any_order(*folder: Any) -> Iterator[Iterator[os.DirEntry[str]]]:
        with scan(*folder) as items:
            found = sorted(items, key=lambda item: item.name)
        chance.shuffle(found)
        scanned.append(len(found))
        yield iter(found)

    parts = re.split(r"^(?==== )", SCATTERED, flags=re.MULTILINE)[1:]
    chance.shuffle(parts)
    monkeypatch.setattr(os, "scandir", scan_in_any_order)
    shuffled = Book(tmp_path / "shuffled", "".join(parts)).build()
    monkeypatch.undo()
    assert max(scanned) > 2
    assert shuffled.files() == usual.files()
    assert [p.place.path for p in shuffled.result.problems] == [
        p.place.path for p in usual.result.problems
    ]
