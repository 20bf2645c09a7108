"""Consent walls as text are known in every language, and nothing that a reporter wrote is taken for one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.embeds.phrases import name_provider_of
from archiver.embeds.walls import LONGEST_BODY, Wall, find_wall, may_hold_wall
from captured import find_capture

DATA = Path(__file__).parents[1] / "src/archiver/embeds/phrases.toml"
TABLE = tomllib.loads(DATA.read_text(encoding="utf-8"))
PHRASES = TABLE["phrases"]

ASK = "Allow Twitter content?"
BODY = "This article contains content provided by Twitter. Our readers are asked first"
AGREE = f"{BODY}. Then choose ‘accept and continue’."


def name_case(phrase: dict[str, str]) -> str:
    return (
        f"{phrase['language']}: {next(value for key, value in phrase.items() if key != 'language')}"
    )


def having(key: str) -> pytest.MarkDecorator:
    found = [phrase for phrase in PHRASES if phrase.get(key)]
    return pytest.mark.parametrize("phrase", found, ids=map(name_case, found))


def whose(text: str) -> str:
    return "twitter" if "{}" in text else ""


@having("heading")
def test_a_heading_is_a_wall_in_every_language(phrase: dict[str, str]) -> None:
    heading = phrase["heading"].format("Twitter")
    assert find_wall([heading]) == Wall(whose(phrase["heading"]), 1)
    assert find_wall([heading, "Twitter was slow that day."]) == Wall(whose(phrase["heading"]), 1)
    # Turkish and Azeri have capitals of their own.
    if phrase["language"] not in ("az", "tr"):
        assert find_wall([heading.upper()]) == Wall(whose(phrase["heading"]), 1)


BODIES = [
    (phrase["language"], phrase.get("heading") or ASK, opening)
    for phrase in PHRASES
    for opening in phrase.get("body", [])
]


@pytest.mark.parametrize(("language", "heading", "opening"), BODIES)
def test_the_paragraph_below_is_taken_in_every_language(
    language: str, heading: str, opening: str
) -> None:
    heading = heading.format("Twitter")
    body = f"{opening.format('Twitter')}. Wibble wobble, cookies, wubble."
    for blocks, wall in (
        ([heading, body, "Real words."], Wall("twitter", 2)),
        ([f"{heading}\n{body}", "Real words."], Wall("twitter", 1)),
        ([ASK, body], Wall("twitter", 2)),
        ([heading, f"Real words. {body}"], Wall("twitter", 1)),
    ):
        found = find_wall(blocks)
        assert found is not None
        assert found.blocks == wall.blocks
        assert found.provider in ("twitter", whose(heading)), language
    # A paragraph is nothing without a heading.
    assert find_wall([body]) is None


@having("button")
def test_the_button_is_taken_directly_below(phrase: dict[str, str]) -> None:
    button = phrase["button"]
    assert find_wall([ASK, button, "Real words."]) == Wall("twitter", 2)
    assert find_wall([ASK, BODY, f"  {button}. "]) == Wall("twitter", 3)
    assert find_wall([ASK, "Real words.", button]) == Wall("twitter", 1)
    assert find_wall([button]) is None


@having("link")
def test_a_link_to_the_original_is_a_wall_in_every_language(phrase: dict[str, str]) -> None:
    link = phrase["link"]
    assert find_wall([link.format("YouTube"), "Real words."]) == Wall("youtube", 1)
    assert find_wall([link.format("Wembley")]) is None
    assert find_wall([f"{link.format('YouTube')} Real words."]) is None


@having("gone")
def test_content_that_is_not_available_needs_its_link(phrase: dict[str, str]) -> None:
    gone = phrase["gone"]
    assert find_wall([gone, "View content on Instagram"]) == Wall("instagram", 2)
    assert find_wall([gone, "Real words."]) is None


@having("warning")
def test_a_disclaimer_is_taken_below_a_wall_only(phrase: dict[str, str]) -> None:
    warning = phrase["warning"].format(" wibble ")
    assert find_wall(["View content on X", f"{warning}."]) == Wall("x", 2)
    assert find_wall([ASK, warning, "Real words."]) == Wall("twitter", 2)
    assert find_wall([ASK, f"{warning}, says a minister"]) == Wall("twitter", 1)
    assert find_wall([warning]) is None


@having("skip")
def test_lines_for_those_who_listen_are_taken_around_a_wall_only(phrase: dict[str, str]) -> None:
    skip, end = phrase["skip"].format("Twitter"), phrase["end"].format("Twitter")
    assert find_wall([skip, ASK, BODY, end, "Real words."]) == Wall("twitter", 4)
    assert find_wall([skip, "A post that was captured", end]) is None
    assert find_wall([end]) is None


@pytest.mark.parametrize("furniture", TABLE["furniture"])
def test_furniture_of_a_link_is_taken_with_it(furniture: str) -> None:
    assert find_wall([f"View content on Twitter{furniture}"]) == Wall("twitter", 1)


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("Twitter", "twitter"),
        ("TWITTER", "twitter"),
        ("Твитер", "twitter"),
        ("X", "x"),
        ("X (formerly Twitter)", "x"),
        ("Google YouTube", "youtube"),
        ("Meta", "meta"),
        ("Instagram", "instagram"),
        ("TikTok", "tiktok"),
        ("SoundCloud", "soundcloud"),
        ("Google Maps", "google-maps"),
        ("a third party", ""),
        ("Formstack Online", "formstack-online"),
        ("Ceros.", "ceros"),
    ],
)
def test_a_wall_names_its_provider(name: str, provider: str) -> None:
    assert find_wall([f"Allow {name} content?"]) == Wall(provider, 1)
    assert name_provider_of(name) == provider


def test_an_unknown_name_in_small_letters_needs_the_paragraph() -> None:
    assert find_wall(["Allow ceros content?"]) is None
    assert find_wall(["Allow ceros content?", BODY]) == Wall("ceros", 2)
    assert find_wall(["允许用户发布内容", "新规定引发争议。"]) is None
    assert find_wall(["允许用户内容", "此文包含用户提供的内容。"]) == Wall("用户", 2)


def test_a_name_is_a_few_words_of_one_sentence() -> None:
    assert find_wall(["Allow One Two Three Four content?", BODY]) == Wall("one-two-three-four", 2)
    assert find_wall(["Allow One Two Three Four Five content?", BODY]) is None
    assert find_wall(["Allow it. Twitter content?", BODY]) is None
    assert find_wall(["Oggolow Ceros macluumaadka"]) is None
    assert find_wall(["Oggolow Ceros macluumaadka", BODY]) == Wall("ceros", 2)
    glued = "Oggolow {0} macluumaadka Macluumaadkan waxaa daabacay {0}. Wibble."
    assert find_wall([glued.format("Ceros")]) == Wall("ceros", 1)
    assert find_wall([glued.format("X")]) == Wall("x", 1)


def test_guardian_walls_are_known() -> None:
    hint = "To view this content, click ‘Allow and continue’."
    includes = "This article includes content provided by Spotify. Readers decide."
    named = ["Allow Spotify content?", includes, hint, "Allow and continue", "Real words."]
    assert find_wall(named) == Wall("spotify", 4)
    hosted = "This article includes content hosted on {}. Readers decide."
    ask = "Allow content provided by a third party?"
    assert find_wall([ask, hosted.format("flo.uri.sh"), hint]) == Wall("", 3)
    assert find_wall([ask, hosted.format("www.youtube.com"), hint]) == Wall("youtube", 3)
    assert find_wall([ask, hosted.format("vimeo.com")]) == Wall("vimeo", 2)
    assert find_wall([ask, hosted.format("x.example")]) == Wall("", 2)
    assert find_wall([ask, "To view this content, click here and mind the step."]) == Wall("", 1)


def test_bbc_walls_are_known_with_all_that_hangs_on_them() -> None:
    blocks = [
        "Skip twitter post by @example",
        ASK,
        AGREE,
        "Accept and continue",
        "Content is not available",
        "View content on Twitter, external",
        "The BBC is not responsible for the content of external sites.",
        "End of twitter post by @example",
        "Real words.",
    ]
    assert find_wall(blocks) == Wall("twitter", 8, author="@example")
    assert find_wall(["\n".join(blocks)]) == Wall("twitter", 1, after=1, author="@example")
    assert find_wall(["View more on twitter"]) == Wall("twitter", 1)
    assert find_wall(["View more on youtube (external)"]) == Wall("youtube", 1)


def test_two_walls_in_a_row_are_two() -> None:
    assert find_wall([ASK, AGREE, ASK, AGREE]) == Wall("twitter", 2)
    assert find_wall([ASK, "View more on youtube"]) == Wall("twitter", 1)
    assert find_wall([ASK, "View more on twitter"]) == Wall("twitter", 2)


def test_a_wall_on_one_line_is_known() -> None:
    assert find_wall([f"{ASK} {AGREE}", "Real words."]) == Wall("twitter", 1)
    assert find_wall([f"{ASK} {AGREE} Accept and continue"]) == Wall("twitter", 1)
    # Nobody can say where this paragraph ends and the reporter begins.
    assert find_wall([f"{ASK} {AGREE} The mayor has died. More soon."]) is None
    assert find_wall([f"{ASK} The mayor was asked."]) is None


def test_lines_around_a_wall_stay() -> None:
    paragraph = f"First words.\nSecond words.\n{ASK}\n{AGREE}\nLast words."
    assert find_wall([paragraph, "Real words."]) == Wall("twitter", 1, before=2, after=1)
    assert find_wall(["First words.\n" + ASK, AGREE + "\nLast words."]) == Wall("twitter", 2, 1, 1)
    assert find_wall(["Real words.", ASK]) is None


def test_empty_lines_and_blocks_within_a_wall_are_part_of_it() -> None:
    assert find_wall([f"{ASK}\n\n{AGREE}\n", "Real words."]) == Wall("twitter", 1, after=1)
    assert find_wall([ASK, "", AGREE, "", "Real words."]) == Wall("twitter", 3)


def test_a_paragraph_broken_into_lines_is_taken_to_the_words_that_agree() -> None:
    broken = AGREE.replace(". Then", ",\nthen").replace("are asked", "are\nasked")
    assert find_wall([f"{ASK}\n{broken}\nReal words."]) == Wall("twitter", 1, after=1)
    # A line that ends as a sentence does may be the last, and without these words any may be.
    broken = AGREE.replace(" Then", "\nThen")
    assert find_wall([f"{ASK}\n{broken}\nReal words."]) == Wall("twitter", 1, after=2)
    assert find_wall([f"{ASK}\n{BODY}\nReal words."]) == Wall("twitter", 1, after=1)
    # Another paragraph is another.
    assert find_wall([ASK, BODY, "Real words: accept and continue."]) == Wall("twitter", 2)


def test_a_long_paragraph_is_not_the_request() -> None:
    fits = BODY + " and" * ((LONGEST_BODY - len(BODY)) // 4)
    assert find_wall([ASK, fits]) == Wall("twitter", 2)
    assert find_wall([ASK, fits + " and more"]) == Wall("twitter", 1)


@pytest.mark.parametrize(
    "text",
    [
        "Allow",
        "Allow content?",
        "Allow Twitter",
        "Allow Twitter content",
        "Allow Twitter content? Ministers are split over the question.",
        "Should schools allow Twitter content?",
        "Allow children unsupervised access to content?",
        "Allow explicit content?",
        "Allow Political Content?",
        "Allow me to explain how Twitter content works.",
        "“Allow Twitter content?” asks a banner on this page, and most of us click.",
        "He asked: Allow Twitter content?",
        "This article contains content provided by Twitter.",
        "This article contains content provided by the Press Association.",
        "Accept and continue",
        "View more on Sunday",
        "View more on YouTube about the march",
        "View content on page 4",
        "Content is not available in your country",
        "The BBC is not responsible for the content of external sites.",
        "The BBC is not responsible for the delay, says the minister.",
        "Skip twitter post by @example",
        "End of twitter post by @example",
        "Permitir el contenido de Twitter es un error.",
        "Разрешить контент Twitter? Спорят депутаты.",
        "Oggolow wararka iyo macluumaadka",
        "ยินยอมรับเนื้อหาจากผู้ใช้ทุกคน",
        "",
        "?",
        "\n\n",
    ],
)
def test_words_of_a_reporter_are_no_wall(text: str) -> None:
    assert find_wall([text]) is None
    assert find_wall([text, "Real words."]) is None


def test_a_real_sentence_after_a_wall_stays() -> None:
    for sentence in (
        "The BBC is not responsible for the delay, says the minister.",
        "This article was written by our staff.",
        "Accept and continue, he told the crowd.",
        "Content is not available",
        "Skip twitter post by @example",
        "To view this content, click here.",
    ):
        assert find_wall([ASK, sentence]) == Wall("twitter", 1), sentence


def test_marks_that_copying_leaves_do_not_hide_a_wall() -> None:
    assert find_wall(["\u200eAllow\u00a0Twitter  content\u200f?"]) == Wall("twitter", 1)
    assert find_wall(["هل تسمح بعرض المحتوى من \u200eTwitter\u200f؟"]) == Wall("twitter", 1)
    assert find_wall(["Permitir el contenido de Twitter?"]) == Wall("twitter", 1)
    assert find_wall(["Gwylio’r post gwreiddiol ar Twitter"]) == Wall("twitter", 1)
    # Decomposed: an accent is a character of its own.
    assert find_wall(["Caniata\u0301u cynnwys Twitter?"]) == Wall("twitter", 1)


def test_no_more_of_a_wall_is_held_than_recognises_it() -> None:
    for phrase in PHRASES:
        for key in ("heading", "body", "button", "gone", "link", "warning", "skip", "end"):
            for text in [phrase[key]] if isinstance(phrase.get(key), str) else phrase.get(key, []):
                assert len(re.sub(r"\{\}", " ", text).split()) <= 9, text


PIECES = [
    *(value for phrase in PHRASES for value in phrase.values() if isinstance(value, str)),
    *(opening for _, _, opening in BODIES),
    *TABLE["furniture"],
    *(
        "Twitter",
        "X",
        "Google YouTube",
        "Ceros",
        " ",
        "\n",
        ". ",
        "?",
        "¿",
        "(",
        "’",
        "\u200f",
        "ſ",
    ),
]
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(PIECES).map(lambda piece: piece.replace("{}", "Twitter")),
        st.sampled_from(PIECES),
        st.text(max_size=20),
    ),
    max_size=6,
).flatmap(lambda pieces: st.sampled_from(["", " ", "\n"]).map(lambda glue: glue.join(pieces)))


def test_no_wall_is_found_that_the_first_look_does_not_see() -> None:
    # In a pattern that ignores case a long s is an s, in lower case it is not.
    assert not may_hold_wall("Autori\u017fer le contenu de Twitter?")
    assert find_wall(["Autori\u017fer le contenu de Twitter?"]) is None


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_any_blocks_are_read_and_a_wall_is_part_of_them(blocks: list[str]) -> None:
    wall = find_wall(blocks)
    if wall is not None:
        assert may_hold_wall("\n".join(blocks))
        assert 1 <= wall.blocks <= len(blocks)
        assert 0 <= wall.before <= blocks[0].count("\n")
        assert 0 <= wall.after <= blocks[wall.blocks - 1].count("\n")
        lines = "\n".join(blocks[: wall.blocks]).count("\n") + 1
        assert wall.before + wall.after < lines


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_the_first_look_at_many_blocks_sees_what_it_sees_in_some(blocks: list[str]) -> None:
    if may_hold_wall("\n".join(blocks[1:])) or may_hold_wall("\n".join(blocks[:-1])):
        assert may_hold_wall("\n".join(blocks))


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from([phrase["heading"] for phrase in PHRASES if phrase.get("heading")]))
def test_a_wall_is_found_by_the_first_look_in_any_text(text: str, heading: str) -> None:
    asked = heading.format("Twitter")
    assert may_hold_wall(f"{text}\n<p>{asked}</p>")
    wall = find_wall([f"{text}\n{asked}"])
    assert wall is not None


@pytest.mark.captures
def test_a_real_page_has_six_walls_of_two_lines() -> None:
    lines = find_capture("bbc-2017-westminster.txt").read_text(encoding="utf-8").splitlines()
    walls = {at: wall for at in range(len(lines)) if (wall := find_wall(lines[at:]))}
    assert list(walls.values()) == [Wall("twitter", 2)] * 6
    assert all(lines[at] == ASK for at in walls)
    assert sum(line.startswith("Allow ") for line in lines) == 6
