"""The data of a coverage: true to its published schema, and whole, so that the content comes back of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from archiver.cli.importing import import_captures
from archiver.dataset import SCHEMA, SCHEMA_FILE
from archiver.matter import Plain, write_matter
from book import SITE, Book

pytestmark = pytest.mark.usefixtures("compiled_once")

ROOT = Path(__file__).parents[1]
DATA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
JUDGE = Draft202012Validator(DATA, format_checker=FormatChecker())

# -- an archive of any content that is in order

WORDS = st.sampled_from(
    [
        *"Water Bridge 21:04 No null ~ -dash #1 été e\u0301 خبر a:b {x} [y] & <b> 'q' \"q\"".split(),
        "two words",
        "a: b",
        "x" * 120,
    ]
)
NAMES = WORDS.filter(lambda word: "<" not in word)
CLOCKS = st.sampled_from(
    ["T01:30:00+01:00", "T01:30:00Z", "T23:59:59.25Z", "T12:00:00-05:00", "T09:00:00+05:45"]
)
DAYS = st.sampled_from(["2017-10-28", "2017-10-29", "2017-10-30"])
MOMENTS = st.tuples(DAYS, CLOCKS).map("".join)
DATES = MOMENTS | DAYS
LINES = st.sampled_from(
    [
        "Words of *somebody*.",
        "1. as it\n2. stands",
        "## A heading\n\nAnd [it](#a-heading).",
        "A note.[^1]\n\n[^1]: Below.",
        '![What](media/p.png "A caption. Credit: D")',
        "![Lost](media/lost.png)",
        "```embed\nprovider: twitter\nurl: https://twitter.com/a/status/1\ntext: |\n  said\n  so\n```",
        "```embed\nprovider: youtube\nurl: https://youtu.be/abcdefghijk\n```",
        "    code\n\n<p>HTML &amp; so</p>",
        "See [that](../event/coverage.md).",
    ]
)
BODIES = st.lists(LINES, min_size=1, max_size=3, unique=True).map("\n\n".join)
BYLINES = st.lists(
    st.fixed_dictionaries({"name": NAMES}, optional={"role": NAMES, "place": NAMES}), max_size=2
)
FLAGS = ("key", "pinned", "breaking", "summary")
ENTRY = st.fixed_dictionaries(
    {"date": DATES, "order": st.integers(-3, 9).map(str)},
    optional={
        "updated": DATES,
        "title": WORDS,
        "byline": BYLINES,
        "tags": st.lists(WORDS, max_size=3),
        "language": st.sampled_from(["cy", "ar"]),
        "source": st.fixed_dictionaries(
            {}, optional={"id": st.sampled_from("12"), "url": st.just("https://p.example/#1")}
        ),
        "corrections": st.lists(
            st.fixed_dictionaries({"date": DATES, "note": WORDS}), min_size=1, max_size=2
        ),
        "withdrawn": st.fixed_dictionaries(
            {"date": DATES}, optional={"by": NAMES, "reason": WORDS}
        ),
        **{flag: st.just("true") for flag in FLAGS},
    },
)
COVERAGE = st.fixed_dictionaries(
    {"title": WORDS},
    optional={
        "description": WORDS,
        "language": st.sampled_from(["cy", "en-US"]),
        "timezone": st.sampled_from(["Asia/Kathmandu", "Europe/London"]),
        "status": st.sampled_from(["live", "closed"]),
        "started": DATES,
        "ended": DATES,
        "contributors": BYLINES,
        "key_points": st.lists(st.just("**One**\nof [it](coverage.md)") | WORDS, max_size=2),
        "notice": st.just("Facts by *others*,\nretold.") | WORDS,
        "rights": WORDS | st.fixed_dictionaries({}, optional={"licence": WORDS, "holder": WORDS}),
        "source": st.fixed_dictionaries(
            {},
            optional={
                "publisher": NAMES,
                "url": st.just("https://p.example/live"),
                "missing": st.lists(WORDS, max_size=2),
                "captures": st.lists(
                    st.fixed_dictionaries(
                        {"file": st.just("captures/a.html")},
                        optional={
                            "captured": MOMENTS,
                            "tool": NAMES,
                            "url": st.just("https://p.example/live"),
                            "sha256": st.just("0" * 64),
                            "format": st.just("html"),
                        },
                    ),
                    max_size=1,
                ),
            },
        ),
    },
)
PATHS = st.sampled_from(["a", "b", "days/a-day", "days/deep/c", "Old_name", "été", "2017-10-28-1"])
PLAIN = {"date", "updated", "started", "ended", "captured", "order", *FLAGS}


@st.composite
def archives(draw: st.DrawFn) -> str:
    """An archive of one coverage, as a book's text."""
    paths = draw(st.lists(PATHS, max_size=4, unique=True))
    text = f"=== content/event/coverage.md\n{write_file(draw(COVERAGE), draw(BODIES))}"
    for number, path in enumerate(paths):
        fields = draw(ENTRY)
        if draw(st.booleans()):
            fields |= {"slug": f"slug-{number}", "aliases": [f"older-{number}", f"event/o{number}"]}
        body = "" if "withdrawn" in fields else draw(BODIES)
        if "withdrawn" in fields:
            fields.pop("title", None)
        text += f"=== content/event/{path}.md\n{write_file(fields, body)}"
    return text


def write_file(fields: dict[str, Any], body: str) -> str:
    """A content file, with dates and numbers as people write them."""

    def spell(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: spell(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [spell("", inner) for inner in value]
        return Plain(value) if name in PLAIN else value

    return write_matter({name: spell(name, value) for name, value in fields.items()}, body)


@contextmanager
def new_books() -> Iterator[tuple[Path, Path]]:
    """Two folders: hypothesis runs a test many times."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder, "first"), Path(folder, "again")


def judge_data(data: Any) -> list[str]:
    """In what data is not as its schema says."""
    return [f"{error.json_path}: {error.message}" for error in JUDGE.iter_errors(data)]


def import_data(data: Path, root: Path) -> Book:
    """A new archive that holds nothing but what a coverage.json says, built."""
    (root / "content").mkdir(parents=True)
    (root / "content/site.md").write_text(SITE, encoding="utf-8")
    result = CliRunner().invoke(import_captures, [str(data), "--root", str(root)])
    assert result.exit_code == 0, result.output
    return Book(root).build()


def drop_history(data: dict[str, Any]) -> dict[str, Any]:
    """All that a coverage says but for the capture that it was imported from."""
    source = dict(data.get("source", {}))
    captures = [one for one in source.pop("captures", []) if one.get("format") != "archiver"]
    return data | {"source": source | ({"captures": captures} if captures else {})}


# -- tests


def test_the_schema_is_one_and_is_published_with_the_site(tmp_path: Path) -> None:
    Draft202012Validator.check_schema(DATA)
    book = Book(tmp_path, "=== a.md\n---\ndate: 2017-03-23\norder: 1\n---\nWords\n").build()
    named = book.json("event/coverage.json")["$schema"]
    assert (book.output / "event" / named).resolve() == book.output / SCHEMA
    assert json.loads(book.read(SCHEMA)) == DATA


@pytest.mark.parametrize("case", ["everything", "long"])
def test_golden_data_is_as_the_schema_says(case: str) -> None:
    files = sorted((ROOT / "tests/golden" / case / "build").glob("*/coverage.json"))
    assert files
    for path in files:
        assert judge_data(json.loads(path.read_text(encoding="utf-8"))) == []


def test_the_schema_refuses_what_is_not_so() -> None:
    path = ROOT / "tests/golden/everything/build/flood/coverage.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    faults: list[dict[str, Any]] = [
        {"format": 2},
        {"titel": "x"},
        {"entries": [{}]},
        {"started": "23 March"},
    ]
    for fault in faults:
        assert judge_data(data | fault)


def test_every_part_of_the_schema_says_what_it_means() -> None:
    for name, part in {**DATA["properties"], **DATA["$defs"]["entry"]["properties"]}.items():
        target = DATA["$defs"].get(part.get("$ref", "").rpartition("/")[2], {})
        assert part.get("description") or target.get("description"), name


@settings(max_examples=40, deadline=None)
@given(archives())
@example("=== content/event/days/a.md\n---\ndate: 2017-10-29\norder: 0\n---\n[x](../coverage.md)\n")
def test_the_content_comes_back_from_the_data(text: str) -> None:
    with new_books() as (one, other):
        first = Book(one, text)
        first.write_bytes("content/event/media/p.png").try_build()
        if first.result.failed:  # times against `order`, say
            return
        data = first.json("event/coverage.json")
        assert judge_data(data) == []
        if not data["entries"]:
            return
        again = import_data(first.output / "event/coverage.json", other)
        assert drop_history(again.json("event/coverage.json")) == drop_history(data)
        permalinks = {path for path in first.files() if path.startswith("event/")}
        assert permalinks == {path for path in again.files() if path.startswith("event/")}
