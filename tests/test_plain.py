"""Plain paragraphs, written without a parser, are those that the parser and the sanitiser make."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver import markdown
from archiver.diagnostics import Problem, Report
from archiver.markdown import Context, render_body
from archiver.markdown.plain import take_plain, write_plain
from archiver.matter import Matter
from archiver.model import Body, Source
from embeds.pasted import PLAYERS, POSTS
from test_parser import TEXTS

STARTS = """a bc Ünder 漢字 ж “q ‘r 'tis "So (so) “A” **bold** *it* **two words** *a b*. **a**, *a*: 2017
    1990–91 1.5 [a](https://a.bc) [a b](https://a-b.cd/e_f~g.h) [a](https://a.bc/d). $1 @me""".split()
SIGNS = "& > ! ^ ) : ; . , ? … – — | % 50% #tag a=b 😀 q”".split()
OTHERS = """__x__ _y_ * ** ~ a_b c*d [*l*](https://a.bc) *[l](https://a.bc)* [a](b.md) [a]
    [a](https://a.bc?d=e) [ ] ![a](https://a.bc/d) ^[a](https://a.bc) [a!](https://a.bc) [“a”](http://a.bc/)
    [a](HTTPS://a.bc) ( 1. 2) [](https://a.bc) [a](https://A.bc/)
    [a](<https://a.bc>) &amp; R&D < <b> # - + === --- ` \\ http://a.b/c_d
    ***a*** ❤️ שלום سلام [a]: [^1] ^[b]""".split()
BLOCKS = [
    "<b>",
    "<p>c",
    "<p>c</p>",
    "<iframe src='https://a.bc'></iframe>",
    "<script>",
    "```",
    "```embed",
    "> b",
    "- b",
    "* b",
    "+",
    "# h",
    "![x](media/a.png)",
    "[^1]: n",
    "[a]: b.md",
]
ODD = [
    "👩\u200d🚒",
    "\u00a0",
    "\u200b",
    "\u00ad",
    "\u2028",
    "e\u0301",
    "\u0301a",
    "\u3000",
    "",
    "a ",
    "\t",
    "\r",
]
LINE = st.tuples(
    st.sampled_from([*STARTS * 6, *SIGNS, *OTHERS, *ODD, *BLOCKS * 2]),
    st.lists(st.sampled_from([*STARTS * 9, *SIGNS * 9, *OTHERS, *ODD]), max_size=4),
).map(lambda parts: " ".join((parts[0], *parts[1])))
NEARLY = st.lists(
    st.tuples(LINE, st.sampled_from(["\n", "\n\n", "\n\n", "\n\n\n"])), max_size=4
).map(lambda pairs: "".join(map("".join, pairs)))


def render(text: str) -> tuple[Body, tuple[Problem, ...]]:
    """The body of a text, and its problems."""
    report = Report()
    matter = Matter({}, text, 1, Source("content/a/b.md", text))
    context = Context(matter, report, ZoneInfo("UTC"), "content/a", 1, "b", (), lambda path: None)
    return render_body(text, context), report.problems


def render_by_parser(text: str) -> tuple[Body, tuple[Problem, ...]]:
    """The same where nothing is taken for plain."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "take_plain", lambda text: ("", "", 0))
        return render(text)


@given(st.one_of(NEARLY, TEXTS))
@settings(max_examples=1500)
@example(
    "“Well,” *said* **she**: [so it is](https://example.org/a_b).\n(No)\n\nAnd > that & *all*?"
)
@example("a\n\n> b [^1]\n\nc\n\n[^1]: d\n\n![e](media/f.png)\n\n[g](h.md)")
@example("*a *b* c*")
@example("[a [b](https://a.bc) c](https://d.ef)")
def test_plain_paragraphs_are_those_that_the_parser_makes(text: str) -> None:
    if take_plain(text)[2]:
        assert render(text) == render_by_parser(text)


PASTED = PLAYERS | POSTS


@pytest.mark.parametrize("name", PASTED)
def test_what_is_pasted_below_plain_paragraphs_is_what_it_is_by_itself(name: str) -> None:
    plain = "So *it* is.\n\nAnd so.\n\n"
    text = f"{plain}{PASTED[name].html}\n\nThat is all."
    assert take_plain(text)[2] == len(plain)
    assert render(text) == render_by_parser(text)


ODD_MARKUP = (
    """</p>a|</em></b>a|<p>a|<p>a<p>|<table>a<td>b|<select><p>a</select>|<frameset><frame src=a>
    <body class=a>b|<html lang=de>b|<head><title>a</title>|<!-- a -->b|<!doctype html>a|<svg><a>b</svg>|<i>a
    <pre>\n a</pre>|<plaintext>a|<textarea>a|<div><p>a</div></p>|<li>a|<dd>a|<a href=b>c<a href=d>e|&shy;<b>a
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)


@pytest.mark.parametrize("html", ODD_MARKUP)
def test_odd_markup_below_plain_paragraphs_takes_nothing_from_them(html: str) -> None:
    text = f"So *it* is.\n\n{html}\n\n**So**"
    assert render(text) == render_by_parser(text)


@pytest.mark.parametrize(
    "text",
    [
        "Words",
        "Words\nwords\n\nwords\n",
        "“Words,” *he* said: **two words**.",
        "It is [told](https://example.org/a-b/c_d.html), [and](http://a.example) so on.",
        "(Marks & Spencer) > 'both'",
        "Слова 漢字",
        "*So* it\n**goes**\n\n[on](https://example.org)",
        "10 people\n\n£5 … @somebody",
    ],
)
def test_a_usual_post_needs_no_parser(text: str) -> None:
    assert write_plain(text) is not None


MEANING_MORE = """|- a|1. a|# a|> a|a\n===|a  \nb|    a|<b>a</b>|&lt;|a &lt; b|a\\*|`a`|![a](https://a.bc)|a_b_|
    a ![b](https://a.bc)|a ^[b](https://a.bc)|[a](b.md)|[a]: https://a.bc|a[^1]|a^[b]|*a|~~a~~|* * *|***|1) a|
    a\u00a0b|---|[ a](https://a.bc)"""


@pytest.mark.parametrize("text", MEANING_MORE.replace("|\n    ", "|").split("|"))
def test_what_means_more_is_left_to_the_parser(text: str) -> None:
    assert write_plain(text) is None


def test_below_plain_paragraphs_the_parser_is_asked_for_the_rest() -> None:
    html, words, rest = take_plain("*So* it\n\nis.\n\n```embed\ntext: a\n```\n")
    assert (html, words, rest) == ("<p><em>So</em> it</p>\n<p>is.</p>\n", "So it\nis.", 14)
