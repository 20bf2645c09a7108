"""The parser makes the tokens that markdown-it makes, with fewer questions asked."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from archiver.markdown.parser import Parser


def _make(parser: MarkdownIt) -> MarkdownIt:
    return parser.enable(["table", "strikethrough"]).use(footnote_plugin)


PLAIN, OURS = _make(MarkdownIt("commonmark", {"html": True})), _make(Parser())
WORDS = st.sampled_from(
    """a bc Ünder **bold** *it* **two words** *a b*. **a**, *a*: ~~no~~ __x__ _y_ * ** *** ~ ` `` \\ \\* ! ![
    [ ] ( ) < > & # - - + 1. 1) | || --- === ``` > [^1] [^1]: ^[note]
    [a]: [a] [x](https://example.org/a-b_c) [*l*](b.md)
    [l *m* n](<c d> "t *u* v") ![p *q* r](m.png) &amp; &#150; <b> </b> <br> <!-- --> <div> https://example.org
    <https://example.org/> www : ; . , ? “q” \u00a0 {x} ^ $1 50% @me a=b *a*b **a **b** c*""".split(
        " "
    )
)
TEXTS = st.lists(
    st.tuples(
        st.one_of(WORDS, st.text(max_size=4)),
        st.sampled_from([" ", " ", " ", "", "\n", "\n\n", "  \n", "\n    ", "\t", "\r\n"]),
    ),
    max_size=24,
).map(lambda pairs: "".join(word + gap for word, gap in pairs))


def _tell(tokens: list[Token]) -> list[dict[str, Any]]:
    """Tokens with all they hold, but for empty words, which paired marks leave behind."""
    told = []
    for token in tokens:
        if token.type == "text" and not token.content:
            continue
        fields = {name: getattr(token, name) for name in token.__slots__}
        fields["children"] = _tell(token.children or [])
        fields.pop("meta")
        told.append(fields)
    return told


@given(TEXTS)
@settings(max_examples=500)
@example("**a** b *c* d\n**e**\n\nf *g* [h *i* j](k) l")
def test_the_tokens_are_those_of_markdown_it(text: str) -> None:
    assert _tell(OURS.parse(text)) == _tell(PLAIN.parse(text))


@given(TEXTS)
def test_the_page_is_that_of_markdown_it_but_for_the_spelling_of_signs(text: str) -> None:
    ours, plain = OURS.render(text), PLAIN.render(text)
    for one, other in (("&quot;", '"'), ("&nbsp;", "\u00a0"), (" />", ">")):
        ours, plain = ours.replace(one, other), plain.replace(one, other)
    assert ours == plain


@given(
    st.from_regex(
        r"https?://[A-Za-z0-9.%\[\]@:-]{0,20}(/[A-Za-z0-9._~/%?#é-]{0,12})?", fullmatch=True
    )
)
def test_an_address_is_quoted_as_markdown_it_quotes_it(address: str) -> None:
    assert OURS.normalizeLink(address) == PLAIN.normalizeLink(address)


def test_a_rule_that_nobody_told_the_parser_of_is_asked_everywhere() -> None:
    parser = Parser()
    seen = []

    def note(state: Any, silent: bool) -> bool:
        seen.append(state.src[state.pos])
        return False

    parser.inline.ruler.push("note", note)
    parser.parse("a & b ] c < d")
    assert seen == ["&", "]", "<"]
