"""Answers of live-blog systems, copied text, bare wrappers and our own data become the posts they hold."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.build import build_site
from archiver.cli.importing import import_captures
from archiver.importers.capture import Capture, Embedded, Post, read_words
from archiver.importers.copied_lines import read_byline, read_clock, read_lines, read_stamp
from archiver.importers.readers import READERS, find_reader
from archiver.importers.record import Record
from archiver.importers.writer import name_posts, write_coverage, write_posts
from captured import find_capture, measure, swap

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "captures"
NAMES = ("archiver", "superdesk", "wordpress", "24liveblog", "plain-text", "live-wrapper")
FILES = sorted(
    file for name in NAMES for file in (HERE / name).glob("*.*") if file.suffix != ".golden"
)
JSON = [file for file in FILES if file.suffix == ".json"]


def read_data(data: bytes | str, name: str = "", address: str = "") -> Capture:
    record = Record(data.encode() if isinstance(data, str) else data, "capture", address)
    reader = find_reader(record, name)
    assert reader is not None
    return reader.read(record, None)


def write(capture: Capture) -> dict[str, str]:
    zone = ZoneInfo(capture.timezone or "UTC")
    return write_posts(capture, zone, name_posts(capture, zone, {}))


def spell(capture: Capture) -> str:
    """A capture as the files that it becomes, and what of it stands in none of them."""
    lines = [write_coverage(capture, ZoneInfo(capture.timezone or "UTC"), ())]
    lines += [f"=== {name}\n{text}" for name, text in write(capture).items()]
    lines.append(
        f"=== own ids: {capture.has_own_ids}, newest first: {capture.newest_first}, "
        f"page {capture.page} of {capture.pages}, expected {capture.expected}"
    )
    for post in capture.posts:
        lines.append(f"--- {post.id}: {post.time_source}\n{post.seen}")
        lines += [f"doubt: {post.doubt}"] if post.doubt else []
    return "\n".join(lines).rstrip() + "\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_capture_becomes_its_posts(file: Path) -> None:
    capture = read_data(file.read_bytes())
    assert capture.reader == file.parent.name
    golden = file.with_suffix(".golden")
    if os.environ.get("RECORD"):
        golden.write_text(spell(capture), encoding="utf-8")
    assert spell(capture) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_capture_that_was_cut_off_is_no_error(file: Path) -> None:
    data = file.read_bytes()
    whole = len(read_data(data).posts)
    for tenth in range(10):
        record = Record(data[: len(data) * tenth // 10])
        for reader in READERS:
            if reader.name in NAMES:
                reader.recognise(record)
                capture = reader.read(record, None)
                write(capture)
                if reader.name == file.parent.name:
                    assert len(capture.posts) <= whole


VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, 7, -1, 10**9, 10**400, 1e400, True, "", "x", "2016", "#", "https://[", "\x00"),
        *("2014-99-99", "<p>x", [], {}, [[]], ["x"], [None], {"name": [{}]}),
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    file=st.sampled_from(JSON),
    path=st.lists(st.integers(0, 30), min_size=1, max_size=9),
    value=VALUES,
)
def test_a_value_of_another_type_is_no_error(file: Path, path: list[int], value: object) -> None:
    changed = swap(json.loads(file.read_bytes()), path, value)
    record = Record(json.dumps(changed).encode(), "x.json")
    for reader in READERS:
        if reader.name in NAMES:
            reader.recognise(record)
            write(reader.read(record, None))


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(max_size=400)
    | st.lists(
        st.sampled_from(
            [
                "A title",
                "She spoke.",
                "Three boats are on the river, and more are seen behind them.",
                "Mission Control",
                "NASA News, Houston",
                "20:25",
                "Read More",
                "Read MoreAnd on it goes.",
                "Allow Twitter content?",
                "- an item",
                "",
                "Summary",
                "Live Reporting",
                "Up it goespublished at 20:25 GMT 20 July 1969",
                "These are the calls:",
            ]
        ),
        max_size=14,
    ).map("\n".join)
)
def test_any_text_is_read_and_no_word_of_it_is_lost(text: str) -> None:
    (reader,) = (one for one in READERS if one.name == "plain-text")
    record = Record(text.encode("utf-8", "replace"), "x.txt")
    reader.recognise(record)
    capture = reader.read(record, None)
    write(capture)
    kept = f"{capture.title} {capture.description} "
    kept += " ".join(run.text for point in capture.key_points for run in point)
    kept += " ".join(one.name for one in capture.contributors)
    for post in capture.posts:
        kept += f" {post.title} {read_words(post.blocks)} {post.doubt}"
        kept += "".join(f" {one.name} {one.role}, {one.place}" for one in post.byline)
    for line in text.split("\n"):
        for word in re.findall(
            r"boats|river|behind|title|spoke|Mission|NASA|item|goes|calls", line
        ):
            assert word in kept


# Superdesk Live Blog


def test_no_address_for_mail_of_the_staff_comes_along() -> None:
    text = spell(read_data((HERE / "superdesk/landing.json").read_bytes()))
    # That one stands in the text of a post, where readers saw it.
    assert text.count("@example.org") == text.count("Mail us: desk@example.org")
    assert "byline: Night Desk" in text


def test_posts_that_nobody_could_see_are_left_out_and_counted() -> None:
    capture = read_data((HERE / "superdesk/landing.json").read_bytes())
    words = " ".join(read_words(post.blocks) for post in capture.posts)
    assert not re.search("Deleted words|A draft|Buy this", words)
    assert len(capture.posts) == 9
    assert capture.expected == 30 - 3
    assert [text[:2] for text in capture.missing] == ["18", "1 ", "1 ", "1 "]


def test_the_platform_behind_an_author_is_no_word_of_the_post() -> None:
    tweet = (
        '<blockquote class="twitter-tweet"><p>Touchdown.</p>&mdash; ESA on Twitter (@esa) '
        '<a href="https://twitter.com/esa/status/532564514051735552">link</a></blockquote>'
    )
    item = {"item_type": "embed", "text": tweet}
    answer = {"_items": [{"_id": "urn:1", "groups": [{"refs": [{"item": item}]}]}]}
    (post,) = read_data(json.dumps(answer)).posts
    (block,) = post.blocks
    assert isinstance(block, Embedded)
    assert block.embed.author == "ESA"
    assert "on Twitter" not in post.seen


# WordPress


def test_changes_are_folded_into_the_entry_that_they_change() -> None:
    capture = read_data((HERE / "wordpress/comet.json").read_bytes())
    assert sorted(post.id for post in capture.posts) == ["12", "14", "16"]
    (changed,) = (post for post in capture.posts if post.id == "12")
    assert "500" in read_words(changed.blocks)
    assert changed.published is not None
    assert changed.published.moment is not None
    assert changed.published.moment.isoformat() == "2014-07-31T09:01:40+00:00"
    assert changed.updated is not None
    assert changed.updated.moment is not None
    assert changed.updated.moment.isoformat() == "2014-07-31T09:13:20+00:00"


def test_the_order_in_which_changes_come_does_not_matter() -> None:
    answer = json.loads((HERE / "wordpress/comet.json").read_bytes())
    backward = {**answer, "entries": answer["entries"][::-1]}
    assert write(read_data(json.dumps(backward))) == write(read_data(json.dumps(answer)))


def test_the_legend_of_a_scorecard_keeps_apart_from_its_value() -> None:
    text = spell(read_data((HERE / "superdesk/landing.json").read_bytes()))
    assert "\nHeight\n\n2,000\n" in text


def test_a_change_that_tells_its_own_time_alone_leaves_that_of_the_entry() -> None:
    entries = [
        {"id": 1, "type": "new", "render": "<p>A</p>", "timestamp": 1406797300},
        {"id": 1, "type": "update", "render": "<p>B</p>", "timestamp": 1406798000},
    ]
    (post,) = read_data(json.dumps({"entries": entries})).posts
    assert read_words(post.blocks) == "B"
    assert str(post.published and post.published.moment) == "2014-07-31 09:01:40+00:00"


# 24liveblog


def test_a_page_that_only_holds_the_place_for_posts_says_so() -> None:
    page = (
        "<!doctype html><html><head><meta property='og:title' content='T'></head><body>"
        "<div id='LB24_LIVE_CONTENT' data-eid='77'></div><script src='//v.24liveblog.com/24.js'></script>"
    )
    capture = read_data(page)
    assert (capture.reader, capture.posts) == ("24liveblog", ())
    assert "(event 77)" in capture.missing[0]


# A wrapper without updates


WRAPPER = (HERE / "live-wrapper/final.html").read_text(encoding="utf-8")


def list_times(page: str) -> list[str]:
    return [
        post.published.moment.isoformat() if post.published and post.published.moment else "-"
        for post in read_data(page).posts
    ]


def test_a_clock_is_a_moment_where_the_day_is_sure() -> None:
    assert list_times(WRAPPER) == [
        "1966-07-30T17:16:00+01:00", "-", "1966-07-30T16:51:00+01:00", "-", "1966-07-30T15:00:00+01:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("30.07.1966", "today"),  # the title does not say so, too
        ("<time>15:00", "<time>23:50"),  # the clocks run backward: another day is among them
        ("en_GB", "en_US"),  # of several zones
    ],
)
def test_a_clock_is_no_moment_where_the_day_or_the_zone_is_not_sure(old: str, new: str) -> None:
    assert old in WRAPPER
    assert set(list_times(WRAPPER.replace(old, new))) == {"-"}


def test_without_a_day_nothing_is_made_of_a_wrapper() -> None:
    capture = read_data(WRAPPER.replace('"startDate":"1966-07-30",', ""))
    assert capture.posts == ()
    assert capture.missing[0].startswith("Every post: 5 items can be read on the page, and neither")


def test_a_wrapper_that_is_empty_says_so() -> None:
    page = re.sub(r'<div class="(?:item|advert).*</div>', "", WRAPPER)
    capture = read_data(page)
    assert (capture.reader, capture.posts) == ("live-wrapper", ())
    assert "holds no update that can be read" in capture.missing[0]


# Copied text


def test_text_that_begins_with_a_bracket_is_text() -> None:
    assert read_data("[Updated]\n20:10\nThe first of the two.\n20:05\nThe second.\n").posts


@pytest.mark.parametrize(
    ("line", "clock"),
    [
        ("20:25", "20:25"),
        ("8.25 pm", "20:25"),
        ("Posted at 10:5610:56", "10:56"),
        ("12.31 Uhr", "12:31"),
        ("10:00 GMT", "10:00"),
        ("25:00", None),
        ("13:00 pm", None),
        ("20:25 The vigil begins", None),
        ("20", None),
    ],
)
def test_a_line_that_is_a_clock_is_known(line: str, clock: str | None) -> None:
    found = read_clock(line)
    assert (f"{found:%H:%M}" if found else None) == clock


def test_a_stamp_is_parted_from_the_words_before_it() -> None:
    stamp = read_stamp("The bells ringpublished at 8:05 pm British Summer Time Sunday, 1 June 2014")
    assert stamp is not None
    assert (stamp.words, str(stamp.clock), str(stamp.day)) == (
        "The bells ring", "20:05:00", "2014-06-01",
    )  # fmt: skip
    assert stamp.offset is not None
    assert stamp.offset.utcoffset(None).total_seconds() == 3600
    assert read_stamp("The bells ring published at 20:05 GMT 31 June 2014") is None


def test_a_byline_is_a_name_and_an_organisation() -> None:
    lines = ["Mission Control", "NASA News, Houston", "Words."]
    byline, count = read_byline(lines)
    assert byline is not None
    assert (byline.name, byline.role, byline.place, count) == (
        "Mission Control", "NASA News", "Houston", 2,
    )  # fmt: skip
    assert read_byline(["Six hundred feet", "NASA News, Houston", "Words."]) == (None, 0)
    assert read_byline(["Mission Control", "Words that say more.", "Words."]) == (None, 0)


def test_external_goes_only_where_the_copy_has_it_behind_links() -> None:
    assert [line.text for line in read_lines("the map , external of it\na, external b")] == [
        "the map of it", "a b",
    ]  # fmt: skip
    assert [line.text for line in read_lines("internal, external and more")] == [
        "internal, external and more"
    ]


def test_a_header_whose_parts_are_named_is_read() -> None:
    capture = read_data(
        "The vigil\nLondon gathers.\nSummary\n- Bells ring\nCandles are lit\nLive Reporting\n"
        "By Mission Control and Recovery Ship\nThe bells\n"
        "published at 20:25 Greenwich Mean Time 23 March 2017\n20:25 GMT 23 March\nThey rang.\n"
    )
    assert (capture.title, capture.description) == ("The vigil", "London gathers.")
    assert [point[0].text for point in capture.key_points] == ["Bells ring", "Candles are lit"]
    assert [one.name for one in capture.contributors] == ["Mission Control", "Recovery Ship"]
    (post,) = capture.posts
    assert (post.title, read_words(post.blocks)) == ("The bells", "They rang.")
    assert post.published is not None
    assert str(post.published.moment) == "2017-03-23 20:25:00+00:00"


def test_a_copy_in_another_language_is_parted_at_marks_alone() -> None:
    text = "20:10\nEins und eins.\nZwei ist da.\nBerlin liegt an der Spree.\n20:05\nDrei.\n"
    assert [read_words(post.blocks).count("\n") for post in read_data(text).posts] == [2, 0]


def test_two_blank_lines_part_posts_where_one_parts_paragraphs() -> None:
    text = "20:10\n\nEins ist da.\n\nZwei ist da.\n\n\nDrei ist da.\n\n20:05\n\nVier ist da.\n"
    assert [read_words(post.blocks).split("\n") for post in read_data(text).posts] == [
        ["Eins ist da.", "Zwei ist da."],
        ["Drei ist da."],
        ["Vier ist da."],
    ]


def test_clocks_without_a_date_are_no_times_but_are_told() -> None:
    posts = read_data("20:10\nThe one of the two.\n20:05\nThe other of the two.\n").posts
    assert [post.published for post in posts] == [None, None]
    assert posts[0].doubt == "its clock says 20:10, of no sure day"


def test_clocks_that_pass_midnight_are_no_times() -> None:
    text = "The firstpublished at 00:10 GMT 20 July 1969\n00:05\nOne and one.\n23:50\nTwo.\n"
    first, *others = read_data(text).posts
    assert [post.published and post.published.moment for post in others] == [None, None]
    assert not first.doubt
    assert all(post.doubt for post in others)
    steady = text.replace("23:50", "00:01")
    assert all(post.published and post.published.moment for post in read_data(steady).posts)


def part(*lines: str) -> list[str]:
    """The first words of the posts that some lines are parted into."""
    text = "\n".join(["20:10", *lines, "20:05", "The end of the day."])
    return [read_words(post.blocks).split()[0] for post in read_data(text).posts][:-1]


ONE = ("The river is full of boats.", "They came in the night.")


def test_a_paragraph_that_speaks_of_something_else_begins_a_post() -> None:
    assert part(*ONE, "Paris waits in the rain.") == ["The", "Paris"]
    assert part(*ONE, "Paris also waits in the rain.") == ["The"]
    assert part(ONE[0], "Paris waits in the rain.") == ["The"]
    assert part("London is full of boats.", *ONE, "More of London was seen.") == ["London"]


def test_what_somebody_says_under_a_byline_is_of_that_report() -> None:
    said = 'Paris, 44, said to the desk: "It rains."'
    assert part(*ONE, said) == ["The", "Paris,"]
    assert part("Mission Control", "NASA News, Houston", *ONE, said) == ["The"]


def test_behind_a_colon_only_a_sentence_that_is_looked_back_to_begins_a_post() -> None:
    colon = (*ONE, "These are the calls of the night:", "Paris waits in the rain.")
    assert part(*colon) == ["The"]
    assert part(*colon, "She has waited for long.") == ["The", "Paris"]


def test_the_line_before_read_more_is_a_card_of_its_own() -> None:
    assert part(*ONE, "She looks at them.", "Read MoreRain falls in the city.") == [
        "The", "She", "Rain",
    ]  # fmt: skip


def test_posts_of_which_nothing_is_left_are_not_one(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    shutil.copy(ROOT / "content/site.md", tmp_path / "content/site.md")
    text = (HERE / "plain-text/touchdown.txt").read_text(encoding="utf-8")
    wall = "\n".join(text.split("\n")[8:10])
    for name, more in (("a.txt", "One more line.\n"), ("b.txt", "One more line.\nAnd another.\n")):
        (tmp_path / name).write_text(f"{text}{wall}\n{more}", encoding="utf-8")
    arguments = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    result = CliRunner().invoke(import_captures, [*arguments, "--root", str(tmp_path)])
    assert "3 empty" in result.output


def test_a_copied_text_is_found_again_though_it_has_no_address(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    shutil.copy(ROOT / "content/site.md", tmp_path / "content/site.md")
    arguments = [str(HERE / "plain-text/touchdown.txt"), "--root", str(tmp_path)]
    CliRunner().invoke(import_captures, arguments)
    result = CliRunner().invoke(import_captures, arguments)
    assert "0 new, 0 changed, 10 as before" in result.output
    assert len(list((tmp_path / "content").glob("*/coverage.md"))) == 1


# Our own data


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own content, and what it is built to."""
    root = tmp_path_factory.mktemp("own")
    shutil.copytree(ROOT / "content", root / "content")
    assert not build_site(root, root / "build").problems
    return root


@pytest.mark.parametrize("slug", ["westminster", "apollo-11"])
def test_a_coverage_comes_back_from_its_own_data(slug: str, built: Path, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    shutil.copy(built / "content/site.md", tmp_path / "content/site.md")
    source = built / "build" / slug / "coverage.json"
    arguments = [str(source), "--into", f"content/{slug}", "--root", str(tmp_path)]
    result = CliRunner().invoke(import_captures, arguments)
    assert result.exit_code == 0, result.output
    assert not build_site(tmp_path, tmp_path / "build").problems
    before = json.loads(source.read_bytes())
    after = json.loads((tmp_path / "build" / slug / "coverage.json").read_bytes())
    del after["source"]["captures"]  # where it came from this time
    assert after == before
    pages = {path.relative_to(built / "build") for path in (built / "build" / slug).rglob("*.html")}
    # Of that page it is another that tells where the posts come from.
    for page in pages - {Path(slug, "provenance.html")}:
        assert (tmp_path / "build" / page).read_bytes() == (built / "build" / page).read_bytes()


FULL: dict[str, Any] = json.loads((HERE / "archiver/full.json").read_bytes())


def test_fields_that_only_our_own_data_have_come_back() -> None:
    capture = read_data(json.dumps(FULL))
    written = write(capture)
    assert list(written) == ["a.md", "c.md"]
    for line in (
        "date: 2017-03-23\n", "order: 4\n", "updated: 2017-03-24\n", "slug: b\n", "- e/old\n",
        "- date: 2017-03-25\n  note: A name\n", "\n1. *as* it\n2. stands [x](c.md)\n",
    ):  # fmt: skip
        assert line in written["a.md"]
    assert "withdrawn:\n  date: 2017-03-26\n  by: A desk\n  reason: An error\n" in written["c.md"]
    text = write_coverage(capture, ZoneInfo("UTC"), ())
    for line in (
        "status: live\n",
        "notice: A *notice*\n",
        "  holder: A desk\n",
        "- A **point** with [a",
    ):
        assert line in text


def test_a_name_that_leads_elsewhere_is_not_taken() -> None:
    entry = {**FULL["entries"][0], "path": "content/e/..\\..\\x.md", "slug": "../x"}
    data = {**FULL, "entries": [entry], "media": ["media/../../x", "/etc/passwd", "media/a.png"]}
    capture = read_data(json.dumps(data))
    assert list(write(capture)) == ["2017-03-23-as-it-stands-x.md"]
    assert capture.files == ("media/a.png",)


def test_data_of_another_format_are_not_guessed_at() -> None:
    capture = read_data(json.dumps({**FULL, "format": 2}))
    assert capture.posts == ()
    assert "is of format 2, and this archiver reads format 1" in capture.missing[0]


# The real captures, where they are


def test_the_real_answer_of_superdesk_is_kept_whole(tmp_path: Path) -> None:
    source = find_capture("superdesk-2017.json")
    for file, text in write(read_data(source.read_bytes())).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    told = measure(tmp_path, source)
    wanted = (
        "time",
        "updated",
        "byline",
        "word_recall",
        "word_precision",
        "images",
        "embeds",
        "flags",
    )
    assert (told["found"], told["extra"]) == (10, 0)
    assert {key: told[key] for key in wanted} == dict.fromkeys(wanted, 1.0)


def test_the_real_copied_text_keeps_every_word_in_its_order() -> None:
    text = find_capture("bbc-2017-westminster.txt").read_text(encoding="utf-8")
    capture = read_data(text)
    assert len(capture.key_points) == 6
    assert len(capture.contributors) == 3
    embeds = [one for post in capture.posts for one in post.blocks if isinstance(one, Embedded)]
    assert [one.embed.provider for one in embeds] == ["twitter"] * 6
    assert not any(one.embed.was_captured or one.embed.label for one in embeds)
    assert sum(len(post.byline) for post in capture.posts) == 5
    assert {post.byline[0].place for post in capture.posts if post.byline} == {"London", ""}
    timed = [post for post in capture.posts if post.published and post.published.moment]
    assert timed == [capture.posts[0]]
    assert {str(post.published and post.published.day) for post in capture.posts} == {"2017-03-23"}
    assert list_said(capture.posts) == strip_furniture(text)
    orders = [int(re.findall(r"order: (\d+)", one)[0]) for one in write(capture).values()]
    assert orders == list(range(1, len(capture.posts) + 1))
    assert sum(bool(post.doubt) for post in capture.posts) > 5


def list_said(posts: tuple[Post, ...]) -> list[str]:
    """All words of some posts, in the order of the page."""
    said: list[str] = []
    for post in posts[1:]:
        parts = [post.title]
        parts += [f"{one.name} {one.role} {one.place}" for one in post.byline]
        said += re.findall(r"\w+", " ".join([*parts, read_words(post.blocks)]))
    return said


def strip_furniture(text: str) -> list[str]:
    """All words of the copied posts behind the first, without requests for consent and furniture."""
    lines = text.split("\n")[10:]
    kept = [
        line for line in lines if not line.startswith(("Allow Twitter", "This article contains"))
    ]
    return re.findall(r"\w+", "\n".join(kept).replace(" , external", "").replace("Read More", ""))


def test_the_real_wrapper_is_read_by_its_items() -> None:
    capture = read_data(find_capture("sportowefakty-no-posts.html").read_bytes())
    assert len(capture.posts) == 53
    timed = [post for post in capture.posts if post.published and post.published.moment]
    assert len(timed) == 20
    assert {str(post.published and post.published.day) for post in capture.posts} == {"2020-09-28"}
    assert "The times of 33 of the 53 posts" in capture.missing[1]
