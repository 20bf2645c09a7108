"""The index of words: what it holds, how it is cut, and what of it a change touches."""

from __future__ import annotations

import json
import sqlite3
import sys
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.audit.scripts import is_data
from archiver.ledger import find_ledger
from archiver.model import Byline, Entry, Stamp
from archiver.search import (
    Part,
    PartName,
    Shelved,
    cut_runs,
    cut_volumes,
    make_part,
    parts,
    volumes,
    write_data,
    write_volume,
)
from archiver.search.digits import AFTER_NUMBERS, AFTER_TERM, DIGITS, read_numbers
from archiver.search.terms import LETTERS, LONGEST, split_terms
from book import Book

# -- terms

TERMS = {
    "The Vigil at Westminster": "the vigil at westminster",
    "ÅKERSTRÖM, Żółw and Ærø": "akerstrom zolw and aero",
    "Straße STRASSE": "strasse strasse",
    "Ὀδυσσεύς ΟΔΟΣ": "οδυσσευσ οδοσ",
    "İstanbul ISPARTA Iğdır": "istanbul isparta igdir",
    "Ёлка ёлка": "елка елка",
    "O’Neill's prime-minister": "o neill s prime minister",
    "@ada_lovelace #Westminster": "ada lovelace westminster",
    "1,000 posts at 16:40, £3.5m, ½": "1 000 posts at 16 40 3 5m 1 2",
    "co\u00adoperate ﬁre": "cooperate fire",
    "مَدْرَسَة أحمد إلى القـــاهرة": "مدرسه احمد الي القاهره",
    "کتابِ می‌خواهم ۱۲۳ ٤٥": "كتاب ميخواهم 123 45",
    "שָׁלוֹם ירושלים": "שלומ ירושלימ",
    "東京都の天気": "東京 京都 都の の天 天気 気",
    "iPhone発売 ｶﾞｲﾄﾞ": "iphone 発売 売 ガイ イト ト",
    "한국 뉴스": "한국 뉴스",
    "हिन्दी समाचार": "हिन्दी समाचार",
    "ข่าว": "ขา าว ว",
    "👩‍🚀 1️⃣ — … ☃": "1",
    "": "",
    "_ __ -": "",
    "x" * 50: "x" * LONGEST,
}


@pytest.mark.parametrize("text", TERMS)
def test_terms_are_words_however_they_are_written(text: str) -> None:
    # Thai tone marks are signs of their own that readers type: they are no accents.
    expected = TERMS[text] if text != "ข่าว" else "ข่ ่า าว ว"
    expected = expected if "ｶﾞ" not in text else "iphone 発売 売 ガイ イド ド"
    assert " ".join(split_terms(text)) == expected


def test_words_are_what_unicode_says() -> None:
    letters = (chr(code) for code in range(sys.maxunicode + 1))
    wrong = [
        f"{ord(char):04x}"
        for char in letters
        if char.isalnum() != (unicodedata.category(char)[0] in "LN")
    ]
    assert wrong == []


def test_no_letter_is_written_as_one_that_is_written_otherwise() -> None:
    assert not set("".join(LETTERS.values())) & set(LETTERS)


@given(st.text())
def test_terms_are_the_same_when_they_are_read_again(text: str) -> None:
    for term in split_terms(text):
        again = split_terms(term)
        assert again[0] == term


# -- numbers


@given(st.lists(st.integers(0, 2**40)))
def test_numbers_are_read_as_they_were_written(numbers: list[int]) -> None:
    text = "".join(DIGITS[number] for number in numbers)
    assert read_numbers(text) == numbers
    assert not set(text) & set("\"\\<>&'`" + AFTER_TERM + AFTER_NUMBERS)


# -- parts and volumes

START = datetime(2017, 3, 22, 14, 40, tzinfo=UTC)
SOME_WORDS = st.lists(
    st.sampled_from(["vigil", "Bridge", "the", "bridges", "東京都", "né", "x_y"]), max_size=12
).map(" ".join)
POSTS = st.lists(
    st.tuples(SOME_WORDS, SOME_WORDS, st.integers(0, 3000), st.booleans(), st.booleans()),
    max_size=12,
)


def make_entries(posts: list[tuple[str, str, int, bool, bool]]) -> tuple[Entry, ...]:
    """Entries with titles and times; one that is withdrawn is no key event."""
    entries = []
    moment = START
    for number, (title, _, gap, key, gone) in enumerate(posts):
        moment += timedelta(minutes=gap)
        entry = Entry(
            f"content/a/{number}.md",
            "a",
            f"{number}",
            Stamp(moment.date(), moment),
            title=title,
            key=key,
            byline=(Byline("Ada Lovelace"),),
            tags=("Rail & road",),
            withdrawn=Any if gone else None,  # type: ignore[arg-type]
        )
        entries.append(entry)
    return tuple(entries)


def read_part(part: Part) -> dict[tuple[str, int], tuple[bool, list[int]]]:
    """{(term, number of the post): whether its title has it, and the places} of a part."""
    return {
        key: value
        for term, text in parts.read_terms(part)
        if term != parts.TIMES
        for key, value in read_postings(term, read_numbers(text))
    }


def read_postings(
    term: str, numbers: list[int]
) -> Iterator[tuple[tuple[str, int], tuple[bool, list[int]]]]:
    """The same of one term."""
    rest = iter(numbers)
    post = -1
    for head in rest:
        post += (head >> 2) + 1
        more = next(rest) + 1 if head & 2 else 0
        places = [next(rest)]
        for _ in range(more):
            places.append(places[-1] + next(rest) + 1)
        yield (term, post), (bool(head & 1), places)


def read_minutes(part: Part) -> list[int]:
    """The minutes of a part's posts."""
    minutes = [part.last]
    for gap in read_numbers(dict(parts.read_terms(part))[parts.TIMES].partition("'")[0]):
        minutes.insert(0, minutes[0] - gap)
    return minutes


@given(POSTS)
def test_every_word_of_every_post_is_in_its_part_at_its_place(
    posts: list[tuple[str, str, int, bool, bool]],
) -> None:
    part = make_part("x", b"", make_entries(posts), lambda slug: posts[int(slug)][1])
    found = read_part(part)
    expected = set()
    for number, (title, words, _, key, gone) in enumerate(posts):
        if gone:
            continue
        titled = split_terms(title)
        expected |= {(term, number) for term in (*titled, *split_terms(words), "ada", "lovelace")}
        expected |= {("@ada-lovelace", number), ("#rail-road", number)}
        expected |= {("!", number)} if key else set()
        for place, term in enumerate(titled):
            assert found[term, number][0]
            assert place in found[term, number][1]
        for place, term in enumerate(split_terms(words), len(titled) + 2):
            assert place in found[term, number][1]
    assert set(found) == expected
    assert part.count == len(posts)


@given(POSTS)
def test_a_part_knows_when_its_posts_were_published(
    posts: list[tuple[str, str, int, bool, bool]],
) -> None:
    entries = make_entries(posts)
    part = make_part("x", b"", entries, lambda slug: "")
    if entries:
        minutes = [int(entry.date.instant.timestamp() // 60) for entry in entries]  # type: ignore[union-attr]
        assert read_minutes(part) == minutes
        told = dict(parts.read_terms(part))[parts.TIMES].split("'")[1:]
        days = [day[:10] for day in told for _ in range(int(day[10:]))]
        assert days == [entry.date.day.isoformat() for entry in entries]
        assert len(told) == 1 + sum(day != before for day, before in pairwise(days))
    assert part.timed


def test_a_post_without_a_time_stands_with_the_one_before_it() -> None:
    noon = START.replace(hour=12, minute=0)
    dates = [Stamp(noon.date(), noon), Stamp(noon.date()), Stamp((noon + timedelta(1)).date())]
    entries = [Entry(f"{n}.md", "a", f"{n}", date) for n, date in enumerate(dates)]
    part = make_part("x", b"", entries, lambda slug: "")
    first, second, third = read_minutes(part)
    assert (second - first, third - second) == (0, 12 * 60)
    assert not part.timed


SIZES = st.lists(st.tuples(st.text("abc", min_size=1, max_size=6), st.integers(1, 60)), max_size=40)


@given(SIZES)
def test_runs_hold_all_items_and_are_no_larger_than_they_may_be(
    items: list[tuple[str, int]],
) -> None:
    runs = list(cut_runs(items, 50, 100))
    assert [number for run in runs for number in run] == list(range(len(items)))
    for run in runs:
        assert sum(items[number][1] for number in run) <= 100 or len(run) == 1
    for run in runs[:-1]:
        assert sum(items[number][1] for number in (*run, run.stop)) > 50


def test_an_item_more_moves_few_cuts() -> None:
    items = [(f"{number}", 1) for number in range(5000)]
    before = {items[run.start] for run in cut_runs(items, 50, 100)}
    after = {run.start for run in cut_runs([("new", 1), *items], 50, 100)}
    moved = before - {[("new", 1), *items][start] for start in after}
    assert len(moved) < 5


def read_call(data: bytes) -> tuple[str, Any]:
    """What a file of data hands over."""
    text = data.decode()
    assert is_data(text)
    name, value = json.loads(f"[{text.removeprefix('archiverSearch.take(').rpartition(')')[0]}]")
    return name, value


def read_volume(files: list[tuple[str, bytes]]) -> dict[str, list[str]]:
    """{term: what is told of it: the numbers of parts, and its own in these} of a volume's files."""
    *shards, (path, index) = files
    assert path.endswith("/index.js")
    firsts = read_call(index)[1][1]
    found: dict[str, list[str]] = {}
    for first, (_, data) in zip(firsts, shards, strict=True):
        lines = [line.split(AFTER_TERM) for line in read_call(data)[1].split(AFTER_NUMBERS)]
        terms = [line[0] for line in lines]
        assert terms[0] == first
        assert terms == sorted(terms)
        assert not found or max(found) < first
        found |= {term: told for term, *told in lines}
    return found


@given(st.lists(POSTS, min_size=1, max_size=4))
def test_a_volume_holds_all_terms_of_its_parts(
    posts: list[list[tuple[str, str, int, bool, bool]]],
) -> None:
    made = []
    with pytest.MonkeyPatch.context() as patch:
        for name, small in {"SMALL": 40, "LARGE": 80, "LONE": 60}.items():
            patch.setattr(volumes, name, small)
        for number, of_part in enumerate(posts):
            words = {f"{n}": post[1] for n, post in enumerate(of_part)}
            entries = make_entries(of_part)
            made.append(make_part(f"{number}", b"", entries, words.__getitem__))
        shelved = [Shelved("a", PartName(part.name, b"", part.count)) for part in made]
        (volume,) = cut_volumes(shelved, b"")
        files = list(write_volume(volume, made))
    expected: dict[str, list[str]] = {}
    for number, part in enumerate(made):
        for term, text in parts.read_terms(part):
            expected.setdefault(term, []).extend((DIGITS[number], text))
    assert read_volume(files) == expected
    told, _, size = read_call(files[-1][1])[1]
    assert size == sum(part.count for part in made)
    assert sorted(told) == [
        [number, "a", part.name, part.count, int(part.timed), part.last]
        for number, part in enumerate(made)
    ]
    assert [row[-1] for row in told] == sorted((part.last for part in made), reverse=True)


def test_terms_are_sorted_as_browsers_do() -> None:
    entries = make_entries([("\U00020000 ﬀz ｚ \ufb4f ꯍ 豈", "", 0, False, False)])
    part = make_part("x", b"", entries, lambda slug: "")
    shelved = Shelved("a", PartName("x", b"", 1))
    shard = next(iter(write_volume(cut_volumes([shelved], b"")[0], [part])))[1]
    terms = [line.partition(AFTER_TERM)[0] for line in read_call(shard)[1].split(AFTER_NUMBERS)]
    assert terms == sorted(terms, key=lambda term: term.encode("utf-16-be"))


@given(st.text(), st.text())
def test_no_text_breaks_out_of_a_file_of_data(name: str, text: str) -> None:
    text += "</script>\u2028\u2029<!--"
    data = write_data(name, [text]).decode()
    assert read_call(data.encode()) == (name, [text])
    assert not set(data) & set("<\u2028\u2029")
    assert data.count("\n") == 1


# -- what is built

Make = Callable[[str], Book]
TWO = (
    "=== content/one/a.md\n---\ndate: 2017-03-22T14:40Z\ntitle: Sirens\nkey: true\n---\nOn the bridge.\n"
    '=== content/two/b.md\n---\ndate: 2018-03-22T14:40Z\n---\n![alone](media/x.png "A caption")\n'
    "=== content/two/media/x.png\n"
)


def list_search(book: Book) -> dict[str, str]:
    """The files of the index with their digests."""
    return {
        path: digest
        for path, digest in book.files().items()
        if path.startswith(("search/", "search."))
    }


def read_index(book: Book) -> str:
    """All text of the index."""
    return "".join(book.read(path) for path in list_search(book))


def find_posts(book: Book, term: str) -> int:
    """How many posts have a term."""
    count = 0
    for path in list_search(book):
        if path.startswith("search/terms/") and not path.endswith("index.js"):
            for line in read_call((book.output / path).read_bytes())[1].split(AFTER_NUMBERS):
                if line.startswith(term + AFTER_TERM):
                    told = line.split(AFTER_TERM)[2::2]
                    count += sum(1 for text in told for _ in read_postings("", read_numbers(text)))
    return count


def test_titles_texts_and_captions_are_in_the_index(book: Make) -> None:
    made = book(TWO).build()
    for term in ("sirens", "bridge", "alone", "caption", "!"):
        assert find_posts(made, term) == 1, term
    assert find_posts(made, "bridges") == 0


def test_the_words_of_an_embed_are_in_the_index_once_it_was_kept_too(book: Make) -> None:
    embed = (
        "```embed\nprovider: twitter\nauthor: Grace\nhandle: '@grace'\ntext: Quicksilver\n"
        "reply_to: {author: Ada, text: Thunderbolt}\n```\n"
    )
    made = book(TWO + f"=== content/one/e.md\n---\ndate: 2017-03-23T10:00Z\n---\n{embed}").build()
    made.write("=== content/one/a.md\n---\ndate: 2017-03-22T14:40Z\n---\nOn the pier.\n").build()
    for term in ("quicksilver", "thunderbolt", "grace", "ada", "pier"):
        assert find_posts(made, term) == 1, term
    assert find_posts(made, "sirens") == 0


def test_nothing_of_a_withdrawn_post_is_in_the_index(book: Make) -> None:
    made = book(TWO).build()
    text = "---\ndate: 2017-03-22T14:40Z\ntitle: Sirens\ntags: [secret]\nbyline: Someone\n"
    text += "withdrawn: {date: 2018-01-01}\n---\nOn the bridge.\n"
    made.write(f"=== content/one/a.md\n{text}").build()
    index = "".join(
        made.read(path) for path in list_search(made) if not path.endswith(("names.js", ".html"))
    ).casefold()
    for word in ("sirens", "bridge", "secret", "someone"):
        assert word not in index, word
    assert "post withdrawn" in index


def test_a_change_in_one_coverage_touches_nothing_of_the_texts_of_another(book: Make) -> None:
    made = book(TWO).build()
    before = list_search(made)
    made.write("=== content/one/c.md\n---\ndate: 2017-03-24T10:00Z\n---\nA tugboat.\n").build()
    after = list_search(made)
    same = {path for path in before if after.get(path) == before[path]}
    assert {"search.html", "search/names.js", "search/texts/two/index.0.js"} <= same
    assert "search/texts/one/index.0.js" not in same
    assert find_posts(made, "tugboat") == 1


def test_without_a_search_there_is_nothing_of_it(book: Make) -> None:
    made = book(TWO + "=== content/site.md\n---\ntitle: A\nsearch: false\n---\n").build()
    assert list_search(made) == {}
    for path in ("index.html", "one/a.html"):
        assert "search" not in made.read(path)
        assert "box.js" not in made.read(path)


def test_an_archive_without_posts_has_a_page_that_says_so(book: Make) -> None:
    made = book("=== content/one/coverage.md\n---\ntitle: Nothing yet\n---\n").build()
    assert set(list_search(made)) == {"search.html", "search/names.js"}
    assert "no index" in made.read("search.html")


@pytest.mark.parametrize("harm", ["DELETE FROM ledger", "UPDATE ledger SET value = x'00'"])
def test_a_part_that_the_ledger_has_lost_is_made_again(book: Make, harm: str) -> None:
    made = book(TWO).build()
    with sqlite3.connect(find_ledger(made.output)) as rows:
        changed = rows.execute(f"{harm} WHERE name LIKE 'part/two/%'").rowcount
    assert changed == 1
    made.write("=== content/one/c.md\n---\ndate: 2017-03-24T10:00Z\n---\nA tugboat.\n").build()
    incremental = made.files()
    assert made.build(clean=True).files() == incremental
    assert find_posts(made, "alone") == 1


def test_names_are_told_in_their_most_usual_spelling(book: Make) -> None:
    posts = "".join(
        f"=== content/one/{n}.md\n---\ndate: 2017-03-2{n}T10:00Z\nbyline: {name}\ntags: [{tag}]\n---\nx\n"
        for n, (name, tag) in enumerate([("ANA", "Rail"), ("Ana", "rail"), ("Ana", "rail")])
    )
    made = book(posts).build()
    name, (coverages, contributors, tags) = read_call(
        (made.output / "search/names.js").read_bytes()
    )
    assert name == "names"
    assert coverages == [["one", "An event"]]
    assert contributors == [["ana", "Ana"]]
    assert tags == [["rail", "rail"]]


def test_a_long_coverage_has_the_same_index_in_whichever_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archiver import workers
    from archiver.build import coverage

    monkeypatch.setattr(coverage, "LONG", 10)
    monkeypatch.setattr(coverage, "BATCH", 6)
    monkeypatch.setattr(workers, "WORTH_SHARING", 1)
    posts = "".join(
        f"=== {n:02}.md\n---\ndate: 2017-03-{1 + n % 20:02}T10:00Z\n---\nWord{n} here\n"
        for n in range(40)
    )
    site = "=== content/site.md\n---\ntitle: A\ntimeline_page_size: 3\n---\n"
    made = Book(tmp_path, site + posts)
    one = made.build(clean=True).files()
    assert made.build(clean=True, jobs=2).files() == one
    assert find_posts(made, "here") == 40
