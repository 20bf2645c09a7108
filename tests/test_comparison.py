"""Two texts compared word by word: nothing is lost, little is marked, and hostile ones take no time."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.comparison import Kind, compare_texts, cut_words

WORDS = st.lists(
    st.sampled_from(["the ", "river ", "rose", ".", "\n", "a", "洪", "水", "ที่", "कि", "👍🏽"])
)
TEXTS = st.one_of(WORDS.map("".join), st.text())


def show(before: str, after: str) -> str:
    """The comparison in one line: `[-removed-]` and `{+added+}`."""
    spans = compare_texts(before, after)
    assert spans is not None
    signs = {Kind.SAME: "{}", Kind.REMOVED: "[-{}-]", Kind.ADDED: "{{+{}+}}"}
    return "".join(signs[span.kind].format(span.text) for span in spans)


@given(TEXTS, TEXTS)
def test_the_spans_hold_both_texts_whole(before: str, after: str) -> None:
    spans = compare_texts(before, after)
    assert spans is not None
    assert "".join(span.text for span in spans if span.kind is not Kind.ADDED) == before
    assert "".join(span.text for span in spans if span.kind is not Kind.REMOVED) == after


@given(TEXTS)
def test_words_are_all_of_a_text(text: str) -> None:
    assert "".join(cut_words(text)) == text


@given(TEXTS)
def test_nothing_is_marked_in_a_text_that_stayed(text: str) -> None:
    assert [span.kind for span in compare_texts(text, text) or ()] == [Kind.SAME] * bool(text)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Four died.", "Five died.", "[-Four-]{+Five+} died."),
        ("The river rose.", "The river rose by 2.1 m.", "The river rose{+ by 2.1 m+}."),
        ("It rose 2.1 m.", "It rose 2.4 m.", "It rose [-2.1-]{+2.4+} m."),
        ("They don't know.", "They didn't know.", "They [-don't-]{+didn't+} know."),
        ("One.\nTwo.\nThree.", "One.\nThree.", "One.\n[-Two.\n-]Three."),
        ("橋は閉鎖された", "橋は開放された", "橋は[-閉鎖-]{+開放+}された"),
        ("สะพานปิด", "สะพานเปิด", "สะพาน{+เ+}ปิด"),
        ("أُغلق الجسر", "فُتح الجسر", "[-أُغلق-]{+فُتح+} الجسر"),
        ("यह कि नहीं", "यह की नहीं", "यह [-कि-]{+की+} नहीं"),
        ("Well 👍🏽.", "Well 👍🏿.", "Well [-👍🏽-]{+👍🏿+}."),
        (
            "A man was taken to a hospital",
            "Two women were brought to the hospital",
            "[-A man was taken to a-]{+Two women were brought to the+} hospital",
        ),
    ],
)
def test_what_a_reader_would_call_changed_is_marked(before: str, after: str, shown: str) -> None:
    assert show(before, after) == shown


def test_texts_that_would_take_too_long_are_not_compared() -> None:
    chance = random.Random(1)
    one, other = (" ".join(f"{chance.random()}" for _ in range(9000)) for _ in range(2))
    assert compare_texts(one, other) is None
    assert compare_texts("a " * 100_001, "b") is None


def test_two_words_over_and_over_are_no_trap() -> None:
    chance = random.Random(2)
    one, other = ("".join(chance.choice("ab ") for _ in range(150_000)) for _ in range(2))
    compare_texts(one, other)
    assert compare_texts("a b " * 40_000, "b a " * 40_000) is not None
