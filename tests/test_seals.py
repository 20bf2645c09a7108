"""Seals: what they tell, how they hang together, and what a build makes of them."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.audit import audit_output
from archiver.build import Result, build_site
from archiver.check import check_built
from archiver.diagnostics import Report
from archiver.seals import (
    STAMPS,
    Seal,
    SealError,
    choose_new,
    find_edit,
    find_heads,
    make_seal,
    order_seals,
    read_list,
    read_seal,
    trace_permalinks,
    withhold_seals,
    write_list,
    write_seal,
)
from archiver.urls import digest_permalink
from book import Book
from comparing import assert_as_clean
from sealing import DAY, MORNING, seal, seal_archive

MakeBook = Callable[[str], Book]
POSTS = """\
=== bridge.md
---
date: 2017-03-23T20:25:00Z
---
The bridge is closed.
=== vigil.md
---
date: 2017-03-23T20:30:00Z
title: The vigil
---
Hundreds came.
=== content/flood/river.md
---
date: 2017-03-23T20:35:00Z
---
The river rises.
"""
PARENT = "ab" * 32


def digest(text: str) -> str:
    """A digest to be sealed."""
    return hashlib.sha256(text.encode()).hexdigest()


def make(time: datetime, parents: Iterable[str] = (), **posts: str) -> Seal:
    """A seal of posts of one coverage by name, with what they say."""
    links = {f"event/{name}.html": digest(text) for name, text in posts.items()}
    return read_seal(write_seal(time, parents, links))


# -- the format


def test_a_seal_is_plain_text_of_one_permalink_a_line() -> None:
    data = write_seal(MORNING, [PARENT], {"b/y.html": digest("y"), "a/x.html": digest("x")})
    assert data.decode() == (
        "archiver seal 1\n"
        "# SHA-256 of each post's source, and its permalink: those that the seals before do not tell\n"
        "time 2017-03-24T09:00:00Z\n"
        f"parent {PARENT}\n"
        "\n"
        f"{digest('x')}  a/x.html\n"
        f"{digest('y')}  b/y.html\n"
    )
    found = read_seal(data)
    assert found.digest == hashlib.sha256(data).hexdigest()
    assert found.name == f"2017-03-24-{found.digest[:16]}.txt"
    assert found.find_line("b/y.html") == (7, 67)


NAMES = st.from_regex(r"[a-zäß0-9_-]{1,9}", fullmatch=True)
LINKS = st.builds("{}/{}.html".format, NAMES, NAMES)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(
    lambda time: time.replace(microsecond=0, tzinfo=UTC)
)


@given(TIMES, st.sets(DIGESTS, max_size=3), st.dictionaries(LINKS, DIGESTS, max_size=5))
def test_a_seal_is_read_as_it_was_written(
    time: datetime, parents: set[str], links: dict[str, str]
) -> None:
    found = read_seal(write_seal(time, parents, links))
    assert (found.time, found.parents, found.permalinks) == (time, tuple(sorted(parents)), links)
    assert write_seal(found.time, found.parents, found.permalinks) == write_seal(
        time, sorted(parents, reverse=True), dict(reversed(links.items()))
    )


@given(st.data())
def test_of_any_change_to_a_seal_comes_none_or_another(data: st.DataObject) -> None:
    whole = write_seal(MORNING, [PARENT], {"a/x.html": digest("x"), "b/y.html": digest("y")})
    spot = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.binary(max_size=2).filter(lambda other: other != whole[spot : spot + 1]))
    changed = whole[:spot] + other + whole[spot + 1 :]
    with suppress(SealError):
        assert read_seal(changed).digest != read_seal(whole).digest


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("archiver seal 1", "archiver seal 2", 1, "3 lines of a seal"),
        ("# SHA", "# sha", 2, "3 lines of a seal"),
        ("03-24", "02-30", 3, "no time"),
        ("parent ab", "parent  ab", 4, "not as a seal has it"),
        ("\n\n", "\n\n\n", 6, "not as a seal has it"),
        ("a/x.html", "c/x.html", 7, "out of order"),
        ("a/x.html", "../../x.html", 6, "not as a seal has it"),
        ("b/y.html\n", "b/y.html", 7, "cut off"),
        ("\n", "\r\n", 1, "line ends"),
    ],
)
def test_what_is_wrong_with_a_seal_is_said_with_its_line(
    old: str, new: str, line: int, reason: str
) -> None:
    text = write_seal(
        MORNING, [PARENT], {"a/x.html": digest("x"), "b/y.html": digest("y")}
    ).decode()
    assert old in text
    with pytest.raises(SealError, match=reason) as caught:
        read_seal(text.replace(old, new, -1 if old == "\n" else 1).encode())
    assert caught.value.line == line


# -- the chain


def test_seals_of_two_branches_are_followed_by_one_that_names_both() -> None:
    first = make(MORNING, vigil="1")
    one, other = (
        make(MORNING + DAY, [first.digest], a="1"),
        make(MORNING + DAY, [first.digest], b="1"),
    )
    assert one.name != other.name
    assert set(find_heads([first, one, other])) == {one.digest, other.digest}
    data = make_seal(
        order_seals([first, one, other]), {"event/c.html": digest("1")}, MORNING + 2 * DAY
    )
    assert data is not None
    merged = read_seal(data)
    assert set(merged.parents) == {one.digest, other.digest}
    assert find_heads([first, one, other, merged]) == (merged.digest,)


def test_the_order_of_seals_depends_on_nothing_but_them() -> None:
    first = make(MORNING, vigil="1")
    late = make(MORNING - DAY, [first.digest], vigil="2")  # its clock was wrong
    side = make(MORNING + DAY, [first.digest], a="1")
    last = make(MORNING + 2 * DAY, [late.digest, side.digest], vigil="3")
    for each in permutations([first, late, side, last]):
        assert order_seals(each) == (first, late, side, last)
    history = trace_permalinks([first, late, side, last])["event/vigil.html"]
    assert [sealed for _, sealed in history] == [digest("1"), digest("2"), digest("3")]


def test_a_new_seal_tells_only_what_is_new_or_another() -> None:
    first = make(MORNING, vigil="1", bridge="1")
    histories = trace_permalinks([first])
    now = {"event/vigil.html": digest("2"), "event/bridge.html": digest("1")}
    assert choose_new(now, histories) == {"event/vigil.html": digest("2")}
    assert make_seal([first], {"event/bridge.html": digest("1")}, MORNING + DAY) is None


def test_a_seal_is_of_no_earlier_time_than_the_one_before_it() -> None:
    with pytest.raises(SealError, match="2017-03-24T09:00:00Z"):
        make_seal([make(MORNING, vigil="1")], {"event/a.html": digest("1")}, MORNING - DAY)


def test_an_edit_is_told_even_when_it_was_sealed_since() -> None:
    history = [("2017-03-24T09:00:00Z", "a"), ("2017-03-25T09:00:00Z", "b")]
    assert find_edit("b", history) == "2017-03-24T09:00:00Z"
    assert find_edit("c", history) == "2017-03-25T09:00:00Z"
    assert find_edit("a", history[:1]) == ""


def test_the_published_list_tells_the_chain_and_sha256sum_reads_it(tmp_path: Path) -> None:
    first = make(MORNING, vigil="1")
    last = make(MORNING + DAY, [first.digest], vigil="2")
    (tmp_path / "seal").mkdir()
    for one in (first, last):
        data = write_seal(one.time, one.parents, one.permalinks)
        (tmp_path / "seal" / one.name).write_bytes(data)
    (tmp_path / "seals.txt").write_bytes(write_list([first, last]))
    done = subprocess.run(
        ["sha256sum", "-c", "seals.txt"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK") == 2
    found = read_list(write_list([first, last]))
    assert found.newest == (last.digest,)
    assert list(found.paths.values()) == [first.digest, last.digest]


# -- what a build makes of it


def test_a_seal_tells_every_permalink_and_the_digest_of_its_file(book: MakeBook) -> None:
    made = book(
        POSTS + "=== moved.md\n---\ndate: 2017-03-23\naliases: [older]\norder: 1\n---\nWords\n"
    )
    files = {
        "event/bridge.html": "event/bridge.md",
        "event/moved.html": "event/moved.md",
        "event/older.html": "event/moved.md",
        "event/vigil.html": "event/vigil.md",
        "flood/river.html": "flood/river.md",
    }
    made.write("=== bridge.md\n---\ndate: 2017-03-23\norder: 2\n---\nAll\n=== vigil.md\n"
               "---\ndate: 2017-03-23\norder: 3\n---\nAll\n")  # fmt: skip
    assert seal(made).permalinks == {
        link: hashlib.sha256((made.root / "content" / path).read_bytes()).hexdigest()
        for link, path in files.items()
    }


def test_seals_and_their_list_are_published_and_the_newest_is_shown(book: MakeBook) -> None:
    made = book(POSTS)
    first = seal(made)
    made.write("=== new.md\n---\ndate: 2017-03-24T09:00:00Z\n---\nMore\n")
    last = seal(made, MORNING + DAY)
    made.build()
    own = made.root / "content/seal"
    for one in (first, last):
        assert made.read(f"seal/{one.name}") == (own / one.name).read_text()
    assert f"newest {last.digest}\n" in made.read("seals.txt")
    (shown,) = made.texts("index.html", "footer .address")
    assert last.digest in shown
    assert "25 March 2017" in shown
    (link,) = made.page("index.html").css("footer .address a")
    assert link.attributes["href"] == "seals.txt"
    for path in ("seals.txt", f"seal/{first.name}", f"seal/{last.name}"):
        assert f"  {path}\n" in made.read("SHA256SUMS")
    assert_as_clean(made.build())


def test_what_is_published_of_seals_passes_the_audit(book: MakeBook) -> None:
    made = book(POSTS)
    name = seal(made).name
    for ending, begin in STAMPS.items():
        made.write_bytes(f"content/seal/{name}{ending}", begin + b"<script>alert(1)</script>")
    made.build()
    report = Report()
    assert audit_output(made.output, report)
    assert check_built(made.output, report)
    assert report.problems == ()
    assert set(STAMPS) == {path.suffix for path in (made.output / "seal").iterdir()} - {".txt"}


def test_an_archive_without_seals_publishes_none(book: MakeBook) -> None:
    made = book(POSTS).build()
    assert not [path for path in made.files() if path.startswith("seal")]
    assert not made.texts("index.html", "footer .address")


EDITED = "Edited after it was sealed on 24 March 2017, 09:00 GMT"


def test_a_sealed_post_that_changed_says_so_on_its_page_and_in_the_timeline(book: MakeBook) -> None:
    made = book(POSTS)
    seal(made)
    made.build()
    assert not made.texts("event/vigil.html", ".edited")
    made.write("=== vigil.md\n---\ndate: 2017-03-23T20:30:00Z\n---\nThousands came.\n").build()
    for page in ("event/vigil.html", "event/index.html", "event/newest.html"):
        assert made.texts(page, ".edited") == [EDITED]
    assert not made.texts("event/bridge.html", ".edited")
    # Another seal does not hide what was changed before it.
    assert list(seal(made, MORNING + DAY).permalinks) == ["event/vigil.html"]
    assert made.build().texts("event/vigil.html", ".edited") == [EDITED]
    assert_as_clean(made)


def test_a_page_that_is_made_again_of_what_was_kept_still_says_that_its_post_was_edited(
    book: MakeBook,
) -> None:
    made = book(POSTS)
    seal(made)
    made.write("=== vigil.md\n---\ndate: 2017-03-23T20:30:00Z\n---\nThousands came.\n").build()
    (made.output / "event/vigil.html").unlink()
    assert made.build().texts("event/vigil.html", ".edited") == [EDITED]


def test_a_post_under_a_new_name_was_sealed_under_the_old_one(book: MakeBook) -> None:
    made = book(POSTS)
    seal(made)
    made.remove("content/event/vigil.md").write(
        "=== night.md\n---\ndate: 2017-03-23T20:30:00Z\naliases: [vigil]\n---\nThousands came.\n"
    )
    assert made.build().texts("event/night.html", ".edited") == [EDITED]


def test_a_tombstone_keeps_a_sealed_permalink_and_speaks_for_itself(book: MakeBook) -> None:
    made = book(POSTS)
    seal(made)
    made.write(
        "=== vigil.md\n---\ndate: 2017-03-23T20:30:00Z\nwithdrawn: {date: 2018-01-01}\n---\n"
    )
    made.build()
    assert made.texts("event/vigil.html", ".withdrawn")
    assert not made.texts("event/vigil.html", ".edited")


def test_a_permalink_may_move_to_another_coverage_with_an_alias(book: MakeBook) -> None:
    made = book(POSTS)
    seal(made)
    made.remove("content/event/vigil.md").write(
        "=== content/flood/vigil.md\n---\ndate: 2017-03-23T20:30:00Z\n"
        "aliases: [event/vigil]\n---\nHundreds came.\n"
    )
    assert made.build().codes() == []
    for path in ("content/event/bridge.md", "content/event/coverage.md"):
        made.remove(path)
    (made.root / "content/event").rmdir()
    assert made.try_build().codes() == ["sealed-permalink-gone"]


SECRET = "event/a-name-that-gives-it-away.html"


def test_a_seal_that_names_what_may_not_be_told_is_kept_and_only_its_digest_published(
    book: MakeBook,
) -> None:
    text = "---\ndate: 2017-03-23T20:45:00Z\n---\nWords\n"
    made = book(f"{POSTS}=== {SECRET[6:-5]}.md\n{text}")
    first = seal(made)
    made.build().remove(f"content/{SECRET[:-5]}.md").write(
        "=== removed-1.md\n---\ndate: 2017-03-23T20:45:00Z\n"
        f"withdrawn: {{date: 2018-01-01, was: ['{digest_permalink(SECRET)}']}}\n---\n"
    )
    assert made.build().codes() == []
    assert f"withheld {first.digest} 2017-03-24T09:00:00Z\n" in made.read("seals.txt")
    # The next one tells again what is not published any more.
    last = seal(made, MORNING + DAY)
    assert set(last.permalinks) == set(first.permalinks) - {SECRET} | {"event/removed-1.html"}
    assert last.parents == (first.digest,)
    for path in made.build().files():
        assert "gives-it-away" not in path
        assert b"gives-it-away" not in (made.output / path).read_bytes()
    found = read_list((made.output / "seals.txt").read_bytes())
    assert [one.digest for one in found.withheld] == [first.digest]
    assert [*found.paths.values()] == [last.digest]
    assert_as_clean(made)


def test_withheld_seals_are_those_that_name_it_and_no_others() -> None:
    first, second = make(MORNING, a="1"), make(MORNING + DAY, b="1")
    found = withhold_seals([first, second], {digest_permalink("event/b.html")})
    assert [one.withheld for one in found] == [False, True]
    assert found[1].permalinks == {}


def test_one_coverage_by_itself_shows_edits_and_publishes_no_seals(
    book: MakeBook, tmp_path: Path
) -> None:
    made = book(POSTS)
    seal(made)
    made.write("=== vigil.md\n---\ndate: 2017-03-23T20:30:00Z\n---\nThousands came.\n")
    made.remove("content/flood/river.md")
    result = build_site(made.root, tmp_path / "only", only="event")
    assert not result.problems
    assert "updated edited" in (tmp_path / "only/event/vigil.html").read_text()
    assert not list((tmp_path / "only").glob("seal*"))


# -- builds that do again only what a seal touches


def test_a_seal_that_is_added_or_removed_is_noticed_by_a_build_that_has_nothing_else_to_do(
    book: MakeBook,
) -> None:
    made = book(POSTS).build()
    name = seal(made).name
    assert_as_clean(made.build())
    assert f"seal/{name}" in made.files()
    made.write("=== vigil.md\n---\ndate: 2017-03-23T20:30:00Z\n---\nThousands came.\n").build()
    assert made.texts("event/vigil.html", ".edited")
    made.remove(f"content/seal/{name}")
    assert_as_clean(made.build())
    assert not made.texts("event/vigil.html", ".edited")
    assert "seals.txt" not in made.files()


def test_a_build_with_nothing_to_do_reads_no_seal(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = book(POSTS)
    seal(made)
    made.rest()

    def refuse(*arguments: object) -> Result:
        raise AssertionError("the pipeline was asked")

    monkeypatch.setattr("archiver.build.pipeline.run_build", refuse)
    assert made.build().result.changed == 0


def test_a_seal_touches_only_pages_that_show_it(book: MakeBook) -> None:
    made = book(POSTS)
    seal(made)
    made.build()
    made.write("=== content/flood/new.md\n---\ndate: 2017-03-24T09:00:00Z\n---\nMore\n").build()
    before = made.files()
    last = seal(made, MORNING + DAY)
    made.build()
    after = made.files()
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {"SHA256SUMS", "index.html", "seals.txt", f"seal/{last.name}"}


def test_sealing_changes_nothing_where_nothing_is_new(book: MakeBook) -> None:
    made = book(POSTS)
    seal(made)
    assert seal_archive(made.root, MORNING + DAY) is None
