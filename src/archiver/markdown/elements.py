"""Rule: raw HTML of embeds is a block of its own, where CommonMark would put it into a paragraph."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.common.html_blocks import block_names
from markdown_it.rules_block import StateBlock

# Names with a hyphen are those of AMP and of scripts; the others begin a block only where CommonMark
# would take them to pieces: the tag runs over several lines, or holds blocks.
_BEGINNING = re.compile(r"</?[a-z][a-z0-9]*(?:-[a-z0-9-]+)(?=[\s/>]|$)", re.IGNORECASE)
_PLAYING = re.compile(
    r"<(?:video|audio|object|embed|picture|twitterwidget)(?=[\s/>]|$)"
    rf"(?:[^<>]*$|.*<(?:{'|'.join(block_names)})\b)",
    re.IGNORECASE,
)


def block_elements(parser: MarkdownIt) -> None:
    """Let a parser know elements of embeds as blocks; they end at a blank line, as others do."""
    parser.block.ruler.before(
        "html_block",
        "embed_block",
        _take_block,
        {"alt": ["paragraph", "reference", "blockquote"]},
    )


def _take_block(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    text = _read_line(state, first)
    if state.is_code_block(first) or not (_BEGINNING.match(text) or _PLAYING.match(text)):
        return False
    if silent:
        return True
    last = first + 1
    while last < end and state.sCount[last] >= state.blkIndent and _read_line(state, last):
        last += 1
    state.line = last
    token = state.push("html_block", "", 0)
    token.map = [first, last]
    token.content = state.getLines(first, last, state.blkIndent, True)
    return True


def _read_line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
