"""Plain fields, read without a YAML parser, are those that the parser reads, at the same places."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver import matter as matters
from archiver.diagnostics import Report
from archiver.matter import Matter, Pair, Value, read_yaml
from archiver.model import Source
from archiver.plain_fields import read_plain_fields

SCALARS = st.one_of(
    st.sampled_from(
        """2017-03-23T20:25:00Z|true|No|~|12|a b|it's|'it'|'say "so"'|"it's"|'a''b'|"a\\nb"|a: b|a:b|a #b|#b|
        a -b|[a, b c]|[a,b]|[a, ]|[ a]|[a: b]|
        [a-b, 1.5]|{a: b}|&x a|*x|!t a|- a|? a|a,b|a]|[a]b|'a' b|| |  a|a |é ü|
        “q” r|٣|a\u2028b|'a\u2028b'|'a\u00a0b'|a\tb|'a\tb'|>-|%a|a%|@a|`a`|http://a.b/c?d=e#f|'http://a.b/#f'|---|...|=|<<|
        a:|:a|a ?b|a !b|'\\'|"\\"|'𝒳'|𝒳|\ufeff|'\ufeff'""".replace("|\n        ", "|").split("|")
    ),
    st.text(max_size=6),
    st.text(alphabet="ab1 -:'\"[],", max_size=8),
)
STARTS = st.sampled_from(
    """a: |b: |c: |d: |a:|b:|d:|- |  - |   - |  |    |  - a: |    b: |- a: |  b: |  a: |-  a: ||A: |
    a-b: |'a': |# |a : """.replace("|\n    ", "|").split("|")
)
# A text begins below these, or would begin if they were written otherwise.
BLOCKS = st.sampled_from(["a: |", "a: |-", "  b: |", "- |", "  - c: |-", "a: |+", "a: >", "a: |2"])
LINES = st.lists(
    st.one_of(st.tuples(STARTS, SCALARS).map("".join), BLOCKS, st.sampled_from(["\t", "     "])),
    max_size=9,
)


def _read_by_parser(text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Pair] | None:
    with monkeypatch.context() as patch:
        patch.setattr(matters, "read_plain_fields", lambda text, line: None)
        report = Report()
        fields = read_yaml(text, 3, Matter({}, "", 1, Source("a.md", text)), report)
        return None if len(report) else fields


@given(LINES)
@settings(max_examples=500)
@example(["", "a: b", "b:", "- a: 'c'", "  b: d e", "- f", "c: [a, b c]", "d:", "  a: b", "  b: c"])
@example(
    [
        "a: |",
        "  b: c",
        "",
        "   - d #e",
        "",
        "b: |-",
        "  ''f",
        "c:",
        "  - a: |",
        "     g",
        "    b: h",
    ]
)
@example(["a: 'it''s'", "b: ''''", "c: 'a''''b'", "a: |", " b", "  c", " ", "d: e"])
@example(["a:", "  - a: b", "    b: c", "  - a: d", "b: true", "", "c: 1:2"])
def test_plain_fields_are_those_that_the_parser_reads(lines: list[str]) -> None:
    text = "\n".join(lines)
    plain = read_plain_fields(text, 3)
    if plain is not None:
        with pytest.MonkeyPatch.context() as patch:
            assert plain == _read_by_parser(text, patch)


def test_fields_of_a_usual_post_need_no_parser() -> None:
    lines = ["date: 2017-03-23T20:25:00Z", "title: 'Five: shots'", "tags: [a, b c]"]
    lines += ["byline:", "- name: Ann Lee", "  role: reporter", "source:", "  id: x1"]
    fields = read_plain_fields("\n".join(lines) + "\n", 2)
    assert fields is not None
    assert fields["title"] == Pair(3, 1, Value("Five: shots", 3, 8, 13))
    assert fields["tags"].value.data == [Value("a", 4, 8), Value("b c", 4, 11, 3)]
    assert fields["byline"].value.data[0].data["role"].value == Value("reporter", 7, 9, 8)
    assert fields["source"].value.data == {"id": Pair(9, 3, Value("x1", 9, 7, 2))}


def test_a_usual_embed_needs_no_parser() -> None:
    lines = [
        "provider: twitter",
        "handle: '@a'",
        "text: |-",
        "  It''s: 'so'",
        "",
        "  # two",
        "date: 2017-03-23",
    ]
    fields = read_plain_fields("\n".join(lines) + "\n", 2)
    assert fields is not None
    assert fields["text"] == Pair(4, 1, Value("It''s: 'so'\n\n# two", 4, 7))
    assert fields["date"].value == Value("2017-03-23", 8, 7, 10)
