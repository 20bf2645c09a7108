"""The words of the default theme: every catalogue whole, and pages that hold no other language."""

from __future__ import annotations

import re
import string
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from unicodedata import bidirectional, digit

import pytest
from babel.dates import format_time

from archiver.languages import find_locale
from archiver.times import find_zone
from archiver.words import Words
from book import Book

FOLDER = Path(__file__).parents[1] / "themes/default/words"
LANGUAGES = tuple("ar cy de es fa fr he hi it ja pl pt ru tr uk ur zh".split())
# What is written alike in English and in the language, by key.
ALIKE = {
    "cy": {"search_tag"},
    "de": {"live"},
    "fr": set(
        "source pages provenance captures captures_count media_document introduction licence "
        "book_introduction a_minute".split()
    ),
    "it": {"posts", "media_file", "capture_file"},
    "pl": {"search_tag"},
    "pt": {"tags", "tagged", "search_tag"},
    "tr": {"platform"},
}
# What no language has words of its own for.
NAMES = {"capture_digest"}
# Numbers among which every form of a whole number is.
NUMBERS = (*range(2_001), 1_000_000, 2_000_000, 10_000_000)
SUMMER = datetime(2017, 7, 23, 20, 5, tzinfo=find_zone("Europe/London"))
ISOLATES = "\u2068\u2069"


def read(language: str) -> dict[str, Any]:
    """A catalogue as it is written."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


ENGLISH = read("en")


def list_phrases(catalogue: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every phrase with its key; one of a table has the key of the table."""
    for key, value in catalogue.items():
        for phrase in value.values() if isinstance(value, dict) else [value]:
            yield key, phrase


def find_names(phrase: str) -> set[str]:
    """The `{names}` in a phrase."""
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_there_is_a_catalogue_for_every_language_and_no_other() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {"en", *LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_keys_of_the_english_one(language: str) -> None:
    assert read(language).keys() == ENGLISH.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_has_the_names_of_the_english_one(language: str) -> None:
    catalogue = read(language)
    for key, english in ENGLISH.items():
        phrase = catalogue[key]
        if isinstance(english, dict):
            # "Two posts" may be said without the number, where the form means that number alone.
            assert {name for form in phrase.values() for name in find_names(form)} == {"n"}, key
        else:
            assert find_names(phrase) == find_names(english), key


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_table_has_exactly_the_forms_of_whole_numbers(language: str) -> None:
    choose = find_locale(language).plural_form
    forms = {choose(number) for number in NUMBERS}
    catalogue = read(language)
    for key, english in ENGLISH.items():
        if isinstance(english, dict):
            assert catalogue[key].keys() == forms, key


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_form_without_its_number_means_only_one(language: str) -> None:
    choose = find_locale(language).plural_form
    for key, value in read(language).items():
        for form, phrase in value.items() if isinstance(value, dict) else ():
            # Nobody counts no minutes.
            meant = {number for number in NUMBERS if choose(number) == form}
            meant -= {0} if key in ("a_minute", "an_hour", "a_day") else set()
            assert "n" in find_names(phrase) or len(meant) == 1, (key, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_english_still(language: str) -> None:
    english = {(key, phrase) for key, phrase in list_phrases(ENGLISH) if has_words(phrase)}
    same = {key for key, _ in english.intersection(list_phrases(read(language)))}
    assert same == ALIKE.get(language, set()) | NAMES


def has_words(phrase: str) -> bool:
    """Whether there is anything to be translated in a phrase."""
    return any(letter.isalpha() for letter in re.sub(r"\{\w+\}", "", phrase))


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_phrases_have_neither_straight_quotes_nor_spaces_round_them(language: str) -> None:
    for key, phrase in list_phrases(read(language)):
        assert not set("\"'") & set(phrase), (key, phrase)
        # Signs come with the space that follows them, or with none.
        if key not in ("colon", "comma", "semicolon", "full_stop"):
            assert phrase == phrase.strip() != "", (key, phrase)


@pytest.mark.parametrize("language", ["fr"])
def test_french_signs_of_two_parts_keep_their_distance(language: str) -> None:
    for key, phrase in list_phrases(read(language)):
        assert not re.search(r"[^\u202f][:;?!»]|«[^\u202f]", phrase), (key, phrase)


ARCHIVE = """=== content/site.md
---
title: Ω
language: {language}
timezone: Europe/London
timeline_page_size: 3
---
=== content/event/coverage.md
---
title: Ω
status: live
contributors: [{{name: Ω, role: Ω, place: Ω}}]
key_points: [Ω]
rights: {{licence: Ω, holder: Ω}}
source: {{publisher: Ω, url: "https://paper.example/live", missing: [Ω]}}
---
=== bridge.md
---
date: 2017-07-22T23:40:00+01:00
updated: 2017-07-23T00:10:00+01:00
byline: [Ω, {{name: Ψ, role: Ω}}]
key: true
pinned: true
breaking: true
summary: true
tags: [Ω]
source: {{url: "https://paper.example/live#p1"}}
corrections: [{{date: 2017-07-23, note: Ω}}]
aliases: [old]
---
Ω ![Ω](media/lost.png)
=== content/event/revisions/bridge/2017-07-22T225500Z.md
---
---
Ψ
=== embeds.md
---
date: 2017-07-23T08:00:00+01:00
---
```embed
provider: twitter
author: Ω
text: Ω
```

```embed
provider: youtube
```
=== gone.md
---
date: 2017-07-23T09:00:00+01:00
withdrawn: {{date: 2018-01-01, by: Ω, reason: Ω}}
---
=== noon.md
---
date: 2017-07-23T12:00:00+01:00
---
Ω
=== evening.md
---
date: 2017-07-23T20:05:00+01:00
---
Ω
=== night.md
---
date: 2017-07-23T23:05:00+01:00
---
Ω
"""


def read_furniture(book: Book) -> str:
    """All that the pages of a book say: what stands in them, and in their attributes."""
    said: list[str] = []
    for path in sorted(book.output.rglob("*.html")):
        page = book.page(path.relative_to(book.output).as_posix())
        said += [page.html or ""]
    return " ".join("\n".join(said).translate(dict.fromkeys(map(ord, ISOLATES))).split())


def list_long(catalogue: dict[str, Any]) -> Iterator[str]:
    """The words between the names of each phrase, where they are more than three."""
    for _, phrase in list_phrases(catalogue):
        for words in re.split(r"\{\w+\}", phrase):
            if len(words.split()) > 3:
                yield " ".join(words.split())


def test_english_pages_hold_long_phrases(tmp_path: Path) -> None:
    text = read_furniture(Book(tmp_path, ARCHIVE.format(language="en")).build())
    assert sum(phrase in text for phrase in list_long(ENGLISH)) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_language_hold_no_english(language: str, tmp_path: Path) -> None:
    text = read_furniture(Book(tmp_path, ARCHIVE.format(language=language)).build())
    assert [phrase for phrase in list_long(ENGLISH) if phrase in text] == []
    months = "January|March|May|June|July|Sunday|Saturday"
    assert not re.search(rf"\b({months})\b", text)


@pytest.mark.parametrize(
    ("language", "name"),
    [("en-GB", "BST"), ("de", "UTC+01:00"), ("fa", "UTC+۰۱:۰۰"), ("ar-EG", "UTC+٠١:٠٠")],
)
def test_a_zone_without_an_abbreviation_is_told_by_its_distance(language: str, name: str) -> None:
    assert Words(language, {}).zone(SUMMER) == name


def test_a_zone_has_the_abbreviation_of_the_language_and_the_season() -> None:
    words = Words("de", {})
    berlin = find_zone("Europe/Berlin")
    assert words.zone(SUMMER.astimezone(berlin)) == "MESZ"
    assert words.zone(datetime(2017, 1, 1, tzinfo=berlin)) == "MEZ"
    # Double summer time has no name of today.
    assert words.zone(datetime(1945, 6, 1, tzinfo=berlin)) == "UTC+03:00"
    assert words.zone(datetime(2017, 1, 1, tzinfo=find_zone("UTC"))) == "UTC"


def test_all_digits_of_a_page_are_those_of_its_language() -> None:
    words = Words("fa", {"of": {"other": "{n}", "one": "{n}"}})
    told = [
        words.number(1_234),
        words.count("of", 56),
        words.day(date(2017, 3, 23)),
        words.span(date(2017, 3, 23), date(2017, 4, 1)),
        words.clock(SUMMER, seconds=True),
        words.zone(SUMMER),
        words.duration(timedelta(minutes=10)),
    ]
    assert not re.search("[0-9]", " ".join(told))
    assert all(re.search("[۰-۹]", one) for one in told)


@pytest.mark.parametrize(
    "language", [*LANGUAGES, "en", "en-US", "bg", "da", "fi", "ko", "mr", "zh-TW"]
)
def test_seconds_are_written_as_babel_writes_them(language: str) -> None:
    words, locale = Words(language, {}), find_locale(language)
    for hour, minute, second in product((0, 5, 11, 12, 23), (0, 7, 59), (0, 5, 11, 50, 59)):
        moment = SUMMER.replace(hour=hour, minute=minute, second=second)
        # Babel writes Latin digits.
        told = "".join(f"{digit(char, char)}" for char in words.clock(moment, seconds=True))
        assert told == format_time(moment.replace(tzinfo=None), "medium", locale=locale)


def test_no_letter_written_from_right_to_left_is_overlooked() -> None:
    words = Words("en", {})
    for number in range(sys.maxunicode + 1):
        char = chr(number)
        is_isolated = words.isolate(char) != char
        assert is_isolated == (bidirectional(char) in ("R", "AL")), hex(number)


def test_what_is_written_the_other_way_is_isolated() -> None:
    arabic, english = Words("ar", {"of": "من {name}."}), Words("en", {"of": "By {name}."})
    assert arabic.say("of", name="Ada (BBC)") == "من \u2068Ada (BBC)\u2069."
    assert arabic.say("of", name="ليلى") == "من ليلى."
    assert english.say("of", name="ליאה!") == "By \u2068ליאה!\u2069."
    assert english.say("of", name="Žofie 3") == "By Žofie 3."


def test_a_citation_has_the_signs_of_its_language(tmp_path: Path) -> None:
    book = Book(tmp_path, ARCHIVE.format(language="ja")).build()
    assert book.texts("event/bridge.html", ".cite p")[0].startswith("Ω、Ψ。")
    assert book.texts("event/bridge.html", ".cite p")[0].endswith("Ω。")
