"""markdown-it as it is, but that it asks no rule where the text shows that the rule cannot match.

Nearly all of what people write is plain words in plain paragraphs, which markdown-it offers to some
twenty rules one after the other. What comes out is the same, token for token: a test holds that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from markdown_it import MarkdownIt
from markdown_it import rules_core as core_rules
from markdown_it.common.utils import mdTrim
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

# The character that each rule begins with; a rule that is not named here is asked at every one.
_BEGINNINGS = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "image": "!",
    "footnote_inline": "^",
    "footnote_ref": "[",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
}
# What ends plain words: the above, and what ends the words of a link.
_MARKS = "\n\\`~*_[]!^<&"
_MARK = re.compile(f"[{re.escape(_MARKS)}]")
PAIRED = re.compile(r"[~*_]")
# Emphasis that means the same whatever stands around it: from a space to a space or a stop, and
# whatever could hide an asterisk or give it another meaning is not there.
# Begun with its asterisk, it is found at once.
EMPHASIS = re.compile(
    r"\*(?<![^ \n]\*)(\*?)(?=[A-Za-z0-9])([^\n\\`~*_\[\]!^<&]*)(?<=[A-Za-z0-9])\*\1(?![^ \n.,;:?])"
)
_HIDING = re.compile(r"[\\`<&]")
# Such an address is normal already: no host to be spelled in Punycode, nothing to be quoted.
NORMAL_ADDRESS = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)+(?:/[A-Za-z0-9._~/-]*)?")


class LineState(StateInline):
    """A state that knows where plain emphasis begins."""

    emphases: Mapping[int, re.Match[str]] = {}


class LineParser(ParserInline):
    """The rules inside a paragraph, each asked only at characters that it begins with."""

    def __init__(self) -> None:
        super().__init__()
        self.terminator_re = _MARK

    @cached_property
    def _rules(self) -> dict[str, Sequence[RuleFuncInlineType]]:
        named = [
            (_BEGINNINGS.get(rule.name), rule.fn)
            for rule in self.ruler.__rules__
            if rule.enabled and rule.name != "text"
        ]
        named.insert(0, ("*", _take_emphasis))
        return {
            char: tuple(rule for starts, rule in named if starts is None or char in starts)
            for char in _MARKS
        }

    def tokenize(self, state: StateInline) -> None:
        """Make tokens of a text, or of the words of a link in it."""
        src, end, deepest = state.src, state.posMax, state.md.options["maxNesting"]
        while state.pos < end:
            pos = state.pos
            rules = self._rules.get(src[pos])
            if state.level >= deepest:
                rules = ()
            elif rules is None:
                found = _MARK.search(src, pos)
                state.pos = found.start() if found else end
                state.append_pending(src[pos : state.pos])
                continue
            for rule in rules:
                if rule(state, False):
                    break
            else:
                state.append_pending(src[pos])
                state.pos += 1
        if state.pending:
            state.pushPending()

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Make tokens of the text of a block."""
        if src and not _MARK.search(src):
            tokens.append(Token("text", "", 0, content=src))
            return tokens
        state = LineState(src, md, env, tokens)
        if PAIRED.search(src):
            state.emphases = {found.start(): found for found in EMPHASIS.finditer(src)}
            marks = sum(2 + 2 * len(found[1]) for found in state.emphases.values())
            if _HIDING.search(src) or marks != len(PAIRED.findall(src)):
                return super().parse(src, md, env, tokens)
        # Nothing left to be paired, and so no tokens that are left over and have to be joined.
        self.tokenize(state)
        return state.tokens


def _take_emphasis(state: StateInline, silent: bool) -> bool:
    found = state.emphases.get(state.pos) if isinstance(state, LineState) else None
    if found is None or silent:
        return False
    markup = f"*{found[1]}"
    tag = "em" if markup == "*" else "strong"
    state.push(f"{tag}_open", tag, 1).markup = markup
    state.append_pending(state.src[found.start() + len(markup) : found.end() - len(markup)])
    state.push(f"{tag}_close", tag, -1).markup = markup
    state.pos = found.end()
    return True


class Renderer(RendererHTML):
    """HTML as the sanitiser writes it, which then mostly finds nothing to change."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Words: outside of attributes quotes are no markup."""
        words = tokens[idx].content.replace("&", "&amp;")
        return words.replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")

    def paragraph_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """The end of a paragraph; in a tight list it has none."""
        return "" if tokens[idx].hidden else "</p>\n"

    def em_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A tag in a line, which has no attributes."""
        token = tokens[idx]
        return f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>"

    em_close = strong_open = strong_close = link_close = em_open


class Parser(MarkdownIt):
    """A parser of CommonMark that may hold raw HTML."""

    def __init__(self) -> None:
        super().__init__(renderer_cls=Renderer)
        self.inline = LineParser()
        self.configure("commonmark", {"html": True, "xhtmlOut": False})
        self.core.ruler.at("normalize", normalize)
        self.block.ruler.before("table", "plain_paragraph", take_plain_paragraph)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (markdown-it's name)
        """An address with all that has to be quoted quoted."""
        return url if NORMAL_ADDRESS.fullmatch(url) else super().normalizeLink(url)


def normalize(state: StateCore) -> None:
    """Line ends as line feeds, and no NUL; nearly every text comes here so already."""
    if "\r" in state.src or "\0" in state.src:
        core_rules.normalize(state)


def take_plain_paragraph(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A paragraph whose lines all begin with a letter, at the margin: no other block does, nor can
    a line under it (of dashes, say) make it one.
    """
    if silent or state.level or state.blkIndent:
        return False
    last = first
    while last < state.lineMax and not state.isEmpty(last):
        if state.tShift[last] or not state.src[state.bMarks[last]].isalpha():
            return False
        last += 1
    state.line = last
    opening = state.push("paragraph_open", "p", 1)
    words = state.push("inline", "", 0)
    words.content = mdTrim(state.src[state.bMarks[first] : state.eMarks[last - 1]])
    words.children = []
    opening.map, words.map = [first, last], [first, last]
    state.push("paragraph_close", "p", -1)
    return True
