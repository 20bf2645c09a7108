"""Markdown as posts use it: figures, quotes, footnotes, links between entries, raw HTML, embeds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archiver.markdown.headings import fit_headings
from book import PICTURE, Book

MakeBook = Callable[[str], Book]
POST = "---\ndate: 2017-03-23T20:25:00Z\n---\n"


def write(book: MakeBook, body: str, more: str = "") -> Book:
    """A built archive of one post."""
    return book(f"=== a.md\n{POST}{body}\n{more}").build()


def words(built: Book) -> str:
    """The HTML of the post's words, white space run together."""
    node = built.page("event/a.html").css_first(".words")
    assert node is not None
    return " ".join((node.inner_html or "").split())


def test_a_picture_alone_is_a_figure_with_caption_and_credit(book: MakeBook) -> None:
    text = '![A river](media/r.png "The river at noon. Credit: The Paper")'
    built = book(f"=== a.md\n{POST}{text}\n").write_bytes("content/event/media/r.png").build()
    assert built.codes() == []
    page = built.page("event/a.html")
    image = page.css_first(".words figure.medium img")
    assert image is not None
    assert (image.attributes["src"], image.attributes["alt"]) == ("media/r.png", "A river")
    assert built.texts("event/a.html", "figcaption") == ["The river at noon. Credit: The Paper"]
    assert (built.output / "event/media/r.png").read_bytes() == PICTURE


def test_a_missing_picture_is_a_gap_that_keeps_its_words(book: MakeBook) -> None:
    built = write(book, '![A river](media/r.png "The river. Credit: The Paper")')
    assert built.codes() == ["missing-picture"]
    (gap,) = built.texts("event/a.html", "figure.gap")
    for kept in ("This picture was not kept.", "A river", "media/r.png", "The river.", "The Paper"):
        assert kept in gap
    assert "<img" not in built.read("event/a.html")


def test_a_picture_on_another_host_is_named_and_never_loaded(book: MakeBook) -> None:
    built = write(book, "Before ![A river](https://example.org/r.png) after")
    assert built.codes() == ["remote-media"]
    assert "<img" not in built.read("event/a.html")
    assert built.texts("event/a.html", ".words")[0].startswith("Before A river")


def test_a_file_in_a_sub_folder_finds_media_from_itself_or_from_the_coverage(
    book: MakeBook,
) -> None:
    built = book(
        f"=== content/event/day/a.md\n{POST}![x](../media/r.png)\n\n![x](media/r.png)\n"
    ).write_bytes("content/event/media/r.png")
    assert built.build().codes() == []
    assert built.read("event/a.html").count('src="media/r.png"') == 2


def test_a_dash_under_a_quote_says_whose_words_they_are(book: MakeBook) -> None:
    built = write(book, "> First line\n>\n> Second\n>\n> \u2014 *A speaker*, London")
    assert words(built) == (
        '<figure class="quote"> <blockquote> <p>First line</p> <p>Second</p> </blockquote> '
        '<figcaption class="attribution">\u2014 <em>A speaker</em>, London</figcaption> </figure>'
    )


def test_an_attribution_may_stand_on_the_last_line_of_the_quote(book: MakeBook) -> None:
    built = write(book, "> Words\n> \u2013 A speaker\n\nAfter")
    assert built.texts("event/a.html", "blockquote") == ["Words"]
    assert built.texts("event/a.html", ".attribution") == ["\u2013 A speaker"]


def test_a_quote_that_is_only_a_dash_and_words_stays_a_quote(book: MakeBook) -> None:
    built = write(book, "> \u2014 Words")
    assert built.texts("event/a.html", "blockquote") == ["\u2014 Words"]


def test_tables_strikethrough_and_alignment_come_through(book: MakeBook) -> None:
    built = write(book, "| A | B |\n| --- | ---: |\n| ~~1~~ | 2 |")
    assert '<th class="end" scope="col">B</th>' in words(built)
    assert "<s>1</s>" in words(built)


def test_footnotes_of_two_posts_keep_apart_on_a_timeline(book: MakeBook) -> None:
    note = "Words[^1] again[^1]\n\n[^1]: A note."
    built = write(book, note, f"=== b.md\n{POST}{note}\n")
    ids = [node.attributes["id"] for node in built.page("event/index.html").css(".words [id]")]
    assert sorted(str(one) for one in ids) == [
        "a.note-1", "a.ref-1", "a.ref-1-1", "b.note-1", "b.ref-1", "b.ref-1-1",
    ]  # fmt: skip


def test_links_between_entries_lead_to_their_pages_and_headings(book: MakeBook) -> None:
    built = write(
        book,
        "[over](b.md#the-end) [self](#here) [all](coverage.md)\n\n## Here\n",
        f"=== b.md\n{POST}## The end\n\nBack to [a](./a.md) and [there](../other/c.md#x).\n"
        f"=== content/other/c.md\n{POST}## X\n",
    )
    assert '<a href="b.html#b.the-end">over</a> <a href="#a.here">self</a>' in words(built)
    assert '<a href="index.html">all</a>' in words(built)
    assert 'href="../other/c.html#c.x"' in built.read("event/b.html")


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("[x](c.md)", "broken-link"),
        ("[x](media/none.pdf)", "broken-link"),
        ("[x](../none/c.md)", "broken-link"),
        ("[x](a.md#none)", "broken-fragment"),
        ("[x](#none)", "broken-fragment"),
    ],
)
def test_a_link_that_leads_nowhere_is_an_error(book: MakeBook, link: str, code: str) -> None:
    built = book(f"=== a.md\n{POST}One\ntwo {link}\n").try_build()
    assert built.codes() == [code]
    assert built.result.problems[0].place.line == 5
    assert not built.output.exists()


def test_a_link_into_another_coverage_to_a_heading_that_is_not_there_is_an_error(
    book: MakeBook,
) -> None:
    built = book(
        f"=== a.md\n{POST}[x](../other/c.md#none)\n=== content/other/c.md\n{POST}Words\n"
    ).try_build()
    assert built.codes() == ["broken-fragment"]


def test_an_embed_block_with_text_is_a_quotation_with_its_source(book: MakeBook) -> None:
    built = write(
        book,
        "```embed\nprovider: twitter\nurl: https://twitter.com/x/status/1\nauthor: A desk\n"
        'handle: "@desk"\ndate: 2017-03-23T18:40:00Z\ntext: |\n  One <b>\n  two\n\n  three\n'
        "reply_to: {author: Somebody, text: What?}\ncaptured: 2017-03-24\n```",
    )
    (card,) = built.texts("event/a.html", "figure.embed")
    for told in ("Post from Twitter: A desk @desk", "18:40 GMT", "In answer to Somebody", "What?"):
        assert told in card
    assert "<p>One &lt;b&gt;<br>two</p>" in built.read("event/a.html")
    assert 'rel="noreferrer nofollow"' in built.read("event/a.html")


def test_an_embed_block_without_words_says_what_stood_there(book: MakeBook) -> None:
    built = write(book, "```embed\nprovider: instagram\nauthor: A desk\n```")
    assert built.texts("event/a.html", "figure.embed.gap") == [
        "Post from Instagram: A desk A post stood here. It was not captured."
    ]


@pytest.mark.parametrize(
    ("block", "code", "line"),
    [
        ("provider: twitter\nurl: nowhere", "bad-address", 6),
        ("text: x", "missing-field", 4),
        ("provider: twitter\ntxt: x", "unknown-field", 6),
        ("- x", "not-a-mapping", 5),
    ],
)
def test_a_bad_embed_block_is_a_located_problem(
    book: MakeBook, block: str, code: str, line: int
) -> None:
    built = book(f"=== a.md\n{POST}```embed\n{block}\n```\n").try_build()
    assert [(one.code, one.place.line) for one in built.result.problems] == [(code, line)]


def test_raw_html_passes_the_allow_list_and_the_rest_is_told(book: MakeBook) -> None:
    built = write(
        book,
        '<details><summary>More</summary>\n<p onclick="x()" class="post" id="_main">Words</p>'
        "<font size=7>inside</font></details>\n\n"
        'And <mark>this</mark> <a href="javascript:x()">link</a>.\n',
    )
    assert built.codes() == ["html-not-kept"]
    assert "<details><summary>More</summary> <p>Words</p>inside</details>" in words(built)
    assert "And <mark>this</mark> <a>link</a>." in words(built)


def test_nothing_written_in_a_post_can_pass_for_a_slot(book: MakeBook) -> None:
    built = write(
        book,
        "<figure>&#xfdd0;0&#xfdd1;</figure>\n\n```embed\nprovider: twitter\n```\n\n"
        "<span>&#xfdd0;7&#xfdd1;</span>",
    )
    assert "\ufdd0" not in built.read("event/a.html")


@pytest.mark.parametrize(
    ("html", "fitted"),
    [
        ("<h1>a</h1><h2>b</h2>", "<h3>a</h3><h4>b</h4>"),
        ("<h4>a</h4><h2>b</h2><h6>c</h6>", "<h3>a</h3><h3>b</h3><h4>c</h4>"),
        ("<p>none</p>", "<p>none</p>"),
        ("<h2>a</h2><h3>b</h3><h4>c</h4><h5>d</h5><h6>e</h6>",
         "<h3>a</h3><h4>b</h4><h5>c</h5><h6>d</h6><h6>e</h6>"),
    ],
)  # fmt: skip
def test_headings_go_under_the_one_above_and_skip_no_level(html: str, fitted: str) -> None:
    assert fit_headings(html, 3) == fitted


def test_line_ends_and_a_byte_order_mark_make_no_difference(book: MakeBook) -> None:
    one = write(book, "First\n\nSecond").files()
    book("").write_bytes(
        "content/event/a.md", ("\ufeff" + POST + "First\n\nSecond\n").replace("\n", "\r\n").encode()
    )
    again = book("").build()
    assert again.files()["event/a.html"] == one["event/a.html"]
