"""Blocks become Markdown that renders to the same words, marks and links."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from archiver.importers.capture import (
    Block,
    Heading,
    Listing,
    Paragraph,
    Preformatted,
    Quotation,
    Rule,
    Run,
    Table,
)
from archiver.importers.markdown import write_blocks
from archiver.importers.markup import read_html, tidy_runs

LONDON = ZoneInfo("Europe/London")
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

TEXT = st.text(
    st.sampled_from(list("abc 12.)(*_`~[]<>#-+=!&;:|\\\n\u201c\u201d\u2019\u05d0\u00e9\u4e2d/\"'")),
    min_size=1,
    max_size=12,
)
MARKS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "strong": st.booleans(),
        "emphasis": st.booleans(),
        "deleted": st.booleans(),
        "href": st.sampled_from(["https://example.org/a_(b)*c", "https://example.org/?a=1&copy=2"]),
    },
)


@st.composite
def runs(draw: st.DrawFn, lines: bool = True) -> Any:
    drawn = draw(st.lists(st.tuples(TEXT, MARKS), min_size=1, max_size=4))
    made = [Run(text if lines else text.replace("\n", " "), **marks) for text, marks in drawn]
    return tidy_runs(made)


PARAGRAPHS = runs().filter(bool).map(Paragraph)
BLOCKS: st.SearchStrategy[Block] = st.deferred(
    lambda: (
        PARAGRAPHS
        | st.builds(Heading, st.integers(2, 6), runs(lines=False).filter(bool))
        | st.builds(Listing, ITEMS, st.booleans(), st.integers(1, 12))
        | st.lists(BLOCKS, min_size=1, max_size=2).map(lambda blocks: Quotation(tuple(blocks)))
        | st.just(Rule())
        | st.builds(Preformatted, st.text("ab` \n", min_size=1, max_size=9).filter(str.strip))
        | st.lists(st.tuples(runs(), runs()), min_size=1, max_size=3).map(lambda r: Table(tuple(r)))
    )
)
ITEMS: st.SearchStrategy[tuple[tuple[Block, ...], ...]] = st.lists(
    st.lists(BLOCKS, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3
).map(tuple)


def settle(blocks: tuple[Block, ...]) -> list[Any]:
    """Blocks as plain values, without what Markdown cannot hold apart."""
    settled: list[Any] = []
    for block in blocks:
        match block:
            case Paragraph(inner):
                settled.append(("p", spell(inner)))
            case Heading(level, inner):
                settled.append((f"h{level}", spell(inner)))
            case Listing(items, ordered, start):
                settled.append(
                    ("ol" if ordered else "ul", start if ordered else 1, [settle(i) for i in items])
                )
            case Quotation(inner):
                settled.append(("quote", settle(inner)))
            case Table(rows):
                settled.append(("table", [[spell(cell) for cell in row] for row in rows]))
            case Preformatted(text):
                settled.append(("pre", text.rstrip().strip("\n")))
            case _:
                settled.append(type(block).__name__)
    return settled


def spell(inner: Any) -> tuple[str, list[Any]]:
    """The words, and of each sign that can be seen its marks: blanks have none."""
    marks = [
        (run.strong, run.emphasis, run.deleted, run.href)
        for run in inner
        for sign in run.text
        if not sign.isspace()
    ]
    return "".join(run.text for run in inner), marks


@settings(max_examples=600)
@given(st.lists(BLOCKS, min_size=1, max_size=3).map(tuple))
@example((Paragraph((Run("1. *not* a list"),)),))
@example((Paragraph((Run("a"), Run("\u201cb\u201d", strong=True), Run("c"))),))
def test_blocks_come_back_as_they_were(blocks: tuple[Block, ...]) -> None:
    written = write_blocks(blocks)
    assert settle(read_html(PARSER.render(written), LONDON)) == settle(blocks), written
