"""Saved pages of publishers become the posts that they hold; broken ones become fewer, and no error."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from archiver.importers.capture import Capture, Post, read_words
from archiver.importers.clocks import read_clock, read_day
from archiver.importers.layers import align_ids, lay_over, merge_layers
from archiver.importers.markup import read_html
from archiver.importers.moments import read_moment
from archiver.importers.readers import READERS, find_reader
from archiver.importers.record import Record, list_linked_data
from archiver.importers.writer import write_coverage, write_posts
from archiver.model import Stamp
from captured import find_capture, measure, swap

HERE = Path(__file__).parent / "captures"
NAMES = ("reach", "gedi", "headings", "microdata", "amp", "express", "nyt", "json-ld")
PAGES = sorted(page for name in NAMES for page in (HERE / name).glob("*.html"))
UTC = ZoneInfo("UTC")


def read_page(data: bytes, name: str = "") -> Capture:
    record = Record(data, "page.html")
    reader = find_reader(record, name)
    assert reader is not None
    return reader.read(record, None)


def spell(capture: Capture) -> str:
    """A capture as the files that it becomes, and what of it stands in none of them."""
    zone = ZoneInfo(capture.timezone or "UTC")
    lines = [write_coverage(capture, zone, ())]
    lines += [f"=== {name}\n{text}" for name, text in write_posts(capture, zone).items()]
    lines.append(
        f"=== ids of their own: {capture.has_own_ids}, newest first: {capture.newest_first}"
    )
    for post in capture.posts:
        lines.append(f"--- {post.id or post.title}: {post.time_source or 'no time'}\n{post.seen}")
    return "\n".join(lines).rstrip() + "\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_becomes_its_posts(page: Path) -> None:
    capture = read_page(page.read_bytes())
    assert capture.reader == page.parent.name
    golden = page.with_suffix(".txt")
    if os.environ.get("RECORD"):
        golden.write_text(spell(capture), encoding="utf-8")
    assert spell(capture) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_is_read_twice_alike_and_not_changed(page: Path) -> None:
    record = Record(page.read_bytes())
    before = record.tree.html
    reader = find_reader(record)
    assert reader is not None
    assert reader.read(record, None) == reader.read(record, None)
    assert record.tree.html == before


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_that_was_cut_off_is_no_error(page: Path) -> None:
    data = page.read_bytes()
    whole = len(read_page(data).posts)
    for tenth in range(10):
        record = Record(data[: len(data) * tenth // 10])
        for reader in READERS:
            reader.recognise(record)
            if reader.name in NAMES:
                capture = reader.read(record, None)
                write_posts(capture, UTC)
                assert len(capture.posts) <= max(whole, 8)


VALUES: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        7,
        -1,
        1e400,
        True,
        "",
        "x",
        "2016",
        "#",
        "https://[",
        [],
        {},
        [[]],
        ["x"],
        {"name": [{}]},
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    page=st.sampled_from(PAGES),
    path=st.lists(st.integers(0, 9), min_size=1, max_size=7),
    value=VALUES,
)
def test_a_value_of_another_type_is_no_error(page: Path, path: list[int], value: object) -> None:
    text = page.read_text(encoding="utf-8")
    found = next((one for one in list_linked_data(Record(text.encode()))), None)
    changed = json.dumps(swap(found, path, value))
    text = re.sub(r"(?s)<script type=.application/ld.json.>.*</script>", "", text)
    html = text.replace("</head>", f'<script type="application/ld+json">{changed}</script></head>')
    record = Record(html.encode())
    for reader in READERS:
        if reader.name in NAMES:
            reader.recognise(record)
            write_posts(reader.read(record, None), UTC)


@settings(max_examples=100, deadline=None)
@given(
    page=st.sampled_from(PAGES),
    at=st.integers(0, 9999),
    length=st.integers(0, 60),
    put=st.sampled_from(
        [
            "",
            "<",
            ">",
            '"',
            "'",
            "</div>",
            "<div>",
            "0",
            "\ufdd40\ufdd5",
            "\ufdd60\ufdd7",
            "&#xfdd6;9&#xfdd7;",
        ]
    ),
)
def test_a_page_with_a_piece_swapped_is_no_error(
    page: Path, at: int, length: int, put: str
) -> None:
    text = page.read_text(encoding="utf-8")
    at %= len(text)
    record = Record((text[:at] + put + text[at + length :]).encode())
    for reader in READERS:
        if reader.name in NAMES:
            reader.recognise(record)
            write_posts(reader.read(record, None), UTC)


def test_a_page_that_brings_marks_of_ours_loses_them() -> None:
    html = "<p>\ufdd65\ufdd7a &#xfdd6;5&#XFDD7 b &#64982;5&#064983;</p>"
    assert read_html(html, UTC) == read_html("<p>5a 5 b 5</p>", UTC)
    assert read_html("<p>&#xfdd;&#64975;</p>", UTC) == read_html("<p>\u0fdd\ufdcf</p>", UTC)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"A"}',
        '//<![CDATA[\n{"@type":"A"}\n//]]>',
        '<!-- {"@type":"A"} -->',
        '/*<![CDATA[*/ {"@type":"A"} /*]]>*/',
        '{"@type":"A"};',
    ],
)
def test_linked_data_is_read_through_what_is_around_it(script: str) -> None:
    html = f'<script type="application/LD+JSON; charset=utf-8">{script}</script>'
    assert list(list_linked_data(Record(html.encode()))) == [{"@type": "A"}]


@pytest.mark.parametrize(
    ("heading", "clock", "title"),
    [
        ("12.31 Uhr: Ein Titel", "12:31", "Ein Titel"),
        ("9:05 Uhr - Ein Titel", "09:05", "Ein Titel"),
        ("+++ 22.15 Uhr: Ein Titel +++", "22:15", "Ein Titel"),
        ("18 Uhr: Ein Titel", "18:00", "Ein Titel"),
        ("14:05 – A title", "14:05", "A title"),
        ("10.45am: A title", "10:45", "A title"),
        ("12.05am A title", "00:05", "A title"),
        ("2pm A title", "14:00", "A title"),
        ("14h30 : Un titre", "14:30", "Un titre"),
        ("19:02(IST) A title", "19:02", "A title"),
        ("16:03 GMT: A title", "16:03", "A title"),
        ("23:59", "23:59", ""),
    ],
)
def test_a_heading_that_begins_with_a_time_is_read(heading: str, clock: str, title: str) -> None:
    found = read_clock(heading)
    assert found is not None
    assert (found[0].isoformat("minutes"), found[1]) == (clock, title)


@pytest.mark.parametrize(
    "heading",
    ["10.30 million people", "5 – 3 for the guests", "24h Rennen", "25:10 Uhr: x", "13pm: x", "2024: a year",
     "3. Platz", "12.5 per cent", "10 things to know", "Um 12 Uhr war Schluss, sagt man"[3:6] + " x", ""],
)  # fmt: skip
def test_a_heading_with_other_numbers_has_no_time(heading: str) -> None:
    assert read_clock(heading) is None


@pytest.mark.parametrize(
    ("heading", "day"),
    [
        ("Dienstag, 27. August 2024", (2024, 8, 27)),
        ("Freitag, 20. März", (0, 3, 20)),
        ("Tuesday 5 March 2024", (2024, 3, 5)),
        ("March 5, 2024", (2024, 3, 5)),
        ("le 1er juillet 2024", (2024, 7, 1)),
        ("20.03.2015", (2015, 3, 20)),
        ("Was bisher geschah", None),
        ("12 Fragen", None),
    ],
)
def test_a_heading_that_is_a_date_is_read(heading: str, day: tuple[int, int, int] | None) -> None:
    assert read_day(heading) == day


def make_article(body: str, *dates: str) -> Capture:
    """An article of 10 March 2021, German, with its dates of publishing and change."""
    named = zip(("published", "modified"), dates, strict=False)
    head = "".join(
        f'<meta property="article:{name}_time" content="{date}">' for name, date in named
    )
    page = f'<html><head><link rel=canonical href="https://a.example.de/x">{head}</head><body>{body}</body></html>'
    return read_page(page.encode(), "headings")


def list_moments(capture: Capture) -> list[str]:
    return [
        post.published.moment.isoformat()[:16] if post.published and post.published.moment else ""
        for post in capture.posts
    ]


def write_sections(*headings: str) -> str:
    return "".join(
        f"<h2>{one}</h2>" + ("<p>Worte.</p>" if "Uhr" in one else "") for one in headings
    )


@pytest.mark.parametrize(
    ("headings", "dates", "moments"),
    [
        pytest.param(
            ("09.00 Uhr: c", "23.00 Uhr: b", "22.00 Uhr: a"),
            ("2021-03-10T08:30:00Z", "2021-03-10T08:30:00Z"),
            ["2021-03-10T09:00", "2021-03-09T23:00", "2021-03-09T22:00"],
            id="a clock that goes up on the way down is the day before",
        ),
        pytest.param(
            ("22.00 Uhr: a", "23.00 Uhr: b", "00.10 Uhr: c"),
            ("2021-03-09T18:00:00Z", "2021-03-09T23:30:00Z"),
            ["2021-03-09T22:00", "2021-03-09T23:00", "2021-03-10T00:10"],
            id="the oldest on top",
        ),
        pytest.param(
            ("09.00 Uhr: c", "Dienstag, 9. März", "23.00 Uhr: b", "22.00 Uhr: a"),
            ("2021-03-10T08:30:00Z",),
            ["2021-03-10T09:00", "2021-03-09T23:00", "2021-03-09T22:00"],
            id="a date above its posts, and the article's own day above it",
        ),
        pytest.param(
            ("09.00 Uhr: d", "08.00 Uhr: c", "Montag, 8. März", "23.00 Uhr: b", "22.00 Uhr: a"),
            ("2021-03-10T08:30:00Z",),
            ["", "", "2021-03-08T23:00", "2021-03-08T22:00"],
            id="a day that no date gives is not made up",
        ),
        pytest.param(
            ("Mittwoch, 10. März", "09.00 Uhr: b", "Dienstag, 9. März", "10.00 Uhr: a"),
            (),
            ["", ""],
            id="dates without a year, and no article to give it",
        ),
        pytest.param(
            ("09.00 Uhr: b", "08.00 Uhr: a"),
            ("2021-03-08T08:00:00Z", "2021-03-10T18:30:00Z"),
            ["", ""],
            id="changed long after",
        ),
        pytest.param(("09.00 Uhr: b", "08.00 Uhr: a"), (), ["", ""], id="no date at all"),
        pytest.param(
            (
                "08.00 Uhr: e",
                "09.00 Uhr: d",
                "Dienstag, 9. März",
                "23.00 Uhr: c",
                "22.00 Uhr: b",
                "21.00 Uhr: a",
            ),
            ("2021-03-10T08:30:00Z",),
            ["", "2021-03-10T09:00", "2021-03-09T23:00", "2021-03-09T22:00", "2021-03-09T21:00"],
            id="a day after the article's own is not made up",
        ),
    ],
)
def test_the_day_of_a_section_is_found_or_left_unknown(
    headings: tuple[str, ...], dates: tuple[str, ...], moments: list[str]
) -> None:
    capture = make_article(write_sections(*headings), *dates)
    assert list_moments(capture) == moments
    untimed = [post for post, moment in zip(capture.posts, moments, strict=True) if not moment]
    assert all("Uhr" in post.title for post in untimed)
    assert bool(capture.missing) == bool(untimed)


def make_blog(
    *updates: Mapping[str, object], address: str = "https://a.example/x", **fields: object
) -> Capture:
    blog = {"@type": "LiveBlogPosting", "headline": "Page", "liveBlogUpdate": updates, **fields}
    head = f'<link rel=canonical href="{address}">'
    head += f'<script type="application/ld+json">{json.dumps(blog)}</script>'
    return read_page(f"<html><head>{head}</head></html>".encode(), "json-ld")


def test_a_time_that_is_the_pages_on_every_post_is_no_posts() -> None:
    at = "2024-01-02T03:04:05Z"
    updates = [{"@id": f"#block-{n}abc", "datePublished": at, "articleBody": "w"} for n in range(3)]
    posts = make_blog(*updates, datePublished=at).posts
    assert [post.published for post in posts] == [Stamp(date(2024, 1, 2))] * 3
    assert all(post.published for post in make_blog(*updates, datePublished="2024-01-01").posts)


def test_a_start_after_the_first_posts_is_no_start() -> None:
    update = {"articleBody": "w", "datePublished": "2024-01-02T03:04:05Z"}
    assert make_blog(update, coverageStartTime="2024-01-04T00:00:00Z").started is None
    assert make_blog(update, coverageStartTime="2024-01-02T00:00:00Z").started is not None


def test_bodies_that_a_publisher_cut_are_told() -> None:
    def read(*bodies: str) -> tuple[str, ...]:
        return make_blog(*({"articleBody": body} for body in bodies)).missing

    assert read("a" * 100, "b" * 100, "Short.") == (
        "posts whose words the page cuts off: 2 of 3, after 100 characters",
    )
    assert read("a" * 99 + ".", "b" * 100, "Short.") == ()
    assert read("a" * 99, "b" * 99) == ()


def test_an_author_of_one_post_among_others_is_the_posts_own() -> None:
    updates = [
        {"articleBody": "w", "author": {"name": name}} for name in ("Desk A", "Desk A", "Desk B")
    ]
    capture = make_blog(*updates, author={"name": "Desk A"})
    assert [post.byline[0].name for post in capture.posts] == ["Desk A", "Desk A", "Desk B"]


def test_ids_that_are_places_are_not_taken_for_the_posts_own() -> None:
    shifting = [{"url": f"https://a.example/x#post{n}", "articleBody": "w"} for n in (1, 2, 3)]
    lasting = [
        {"url": f"https://a.example/x#{n}", "articleBody": "w"} for n in (751101, 751105, 751109)
    ]
    assert not make_blog(*shifting).has_own_ids
    assert make_blog(*lasting).has_own_ids
    assert not make_blog({"articleBody": "w"}).has_own_ids


def test_a_clock_of_no_known_zone_is_only_a_day() -> None:
    update = {"articleBody": "w", "datePublished": "2024-07-01T12:00:00"}
    unknown = make_blog(update).posts[0].published
    assert unknown is not None
    assert unknown.moment is None
    known = make_blog(update, address="https://a.example.it/x").posts[0].published
    assert known is not None
    assert known.moment is not None
    assert known.moment.isoformat() == "2024-07-01T12:00:00+02:00"


def test_ten_thousand_updates_are_read_in_time() -> None:
    updates = [
        {"url": f"https://a.example/x#{n + 10**6}", "headline": f"T{n}", "author": [{"name": "Desk"}],
         "datePublished": "2024-07-01T12:00:00Z", "articleBody": "Words &quot;and&quot; more. " * 20,
         "image": "https://a.example/page.jpg"}
        for n in range(10_000)
    ]  # fmt: skip
    began = time.process_time()
    capture = make_blog(*updates, image="https://a.example/page.jpg")
    assert len(capture.posts) == 10_000
    assert not any(len(post.blocks) > 1 for post in capture.posts)
    assert time.process_time() - began < 10


MOMENT = Post(
    "1", published=read_moment("2024-01-02T03:04:05Z", UTC), time_source="below", title="t"
)


def test_the_upper_layer_wins_where_it_holds_something() -> None:
    above = Post("1", title="T", key=True)
    assert lay_over(MOMENT, above) == replace(MOMENT, title="T", key=True)
    assert lay_over(above, MOMENT) == replace(MOMENT, key=True)


def test_a_bare_day_hides_no_time() -> None:
    day = Post("1", published=Stamp(date(2024, 1, 2)), time_source="above")
    assert lay_over(MOMENT, day) == MOMENT
    assert lay_over(Post("1"), day).published == day.published


def test_layers_are_joined_by_id_and_what_one_has_alone_keeps_its_place() -> None:
    merged = merge_layers(
        [Post("a"), Post("b"), Post("")], [Post("x"), Post("a", title="A"), Post("y")]
    )
    assert [post.id for post in merged] == ["x", "a", "y", "b", ""]
    assert merged[1].title == "A"


def test_ids_of_two_spellings_are_one() -> None:
    below = [Post("livePost12"), Post("livePost11"), Post("other"), Post("zz", title="The Same")]
    above = [Post("post-12"), Post("post-9", title="the same")]
    assert [post.id for post in align_ids(below, above)] == [
        "post-12",
        "post-11",
        "other",
        "post-9",
    ]


MARKUP = {
    "reach": '<div class="live-event-entry" id="{}" data-post-time="1"><div class="entry-content"><p>w{}</p>',
    "gedi": '<section class="liveblog__post" id="{}"><div class="liveblog__post__content"><p>w{}</p>',
    "express": '<div class="live-events__entry" id="{}"><div class="live-events__entry-text"><p>w{}</p>',
    "nyt": '<div data-testid="live-blog-post" id="{}"><p>w{}</p>',
    "microdata": '<div itemprop="liveBlogUpdate" id="{}"><div itemprop="articleBody"><p>w{}</p>',
}


@pytest.mark.parametrize("name", MARKUP)
def test_posts_that_were_not_closed_are_kept_apart(name: str) -> None:
    page = "<html><body>" + "".join(MARKUP[name].format(n, n) for n in range(1001, 1011))
    posts = read_page(page.encode()).posts
    assert [read_words(post.blocks) for post in posts] == [f"w{n}" for n in range(1001, 1011)]


@pytest.mark.parametrize("name", MARKUP)
def test_thousands_of_posts_within_each_other_have_an_end(name: str) -> None:
    page = "<html><body>" + "".join(MARKUP[name].format(n, n) for n in range(5000))
    began = time.process_time()
    read_page(page.encode())
    assert time.process_time() - began < 5


CAPTURES = ("mirror-2024-riots", "repubblica-2023-israele", "br24-2024-nahost")


@pytest.mark.parametrize("name", CAPTURES)
def test_a_real_capture_is_kept_whole(name: str, tmp_path: Path) -> None:
    source = find_capture(f"{name}.html")
    data = source.read_bytes()
    began = time.process_time()
    capture = read_page(data)
    zone = ZoneInfo(capture.timezone)
    for file, text in write_posts(capture, zone).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    assert time.process_time() - began < 2
    told = measure(tmp_path, source)
    least = {"word_recall": 0.995, "word_precision": 0.98, "time": 1, "updated": 1, "byline": 0.98,
             "title": 0.98, "links": 0.99, "images": 0.99, "embeds": 1, "flags": 1}  # fmt: skip
    low = {
        key: told[key]
        for key, value in least.items()
        if told[key] is not None and told[key] < value
    }
    assert (told["found"], told["extra"], low) == (told["expected"], 0, {})
