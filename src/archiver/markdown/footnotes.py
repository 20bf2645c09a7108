"""Footnotes whose ids are ours, so that two posts on a page keep theirs apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token

from archiver.sanitize import ID_MARK


def anchor_footnotes(parser: MarkdownIt) -> None:
    """Have the footnote plugin write ids and links that the sanitiser keeps."""
    for rule in (
        footnote_ref,
        footnote_block_open,
        footnote_block_close,
        footnote_open,
        footnote_anchor,
    ):
        parser.add_render_rule(rule.__name__, rule)


def _number(token: Token) -> int:
    return int(token.meta["id"]) + 1


def _reference(token: Token) -> str:
    again = int(token.meta.get("subId", 0))
    return f"{_number(token)}-{again}" if again else str(_number(token))


def footnote_ref(
    renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """The number in the text."""
    token = tokens[index]
    return (
        f'<sup class="footnote-ref"><a href="#{ID_MARK}note-{_number(token)}" '
        f'id="{ID_MARK}ref-{_reference(token)}">[{_number(token)}]</a></sup>'
    )


def footnote_block_open(
    renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """The notes below the text."""
    return '<div class="footnotes">\n<ol>\n'


def footnote_block_close(
    renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """The end of the notes."""
    return "</ol>\n</div>\n"


def footnote_open(
    renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """One note."""
    return f'<li id="{ID_MARK}note-{_number(tokens[index])}">'


def footnote_anchor(
    renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """The way back to the text."""
    token = tokens[index]
    return f' <a href="#{ID_MARK}ref-{_reference(token)}" class="footnote-backref">\u21a9\ufe0e</a>'
