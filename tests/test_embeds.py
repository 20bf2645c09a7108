"""Embeds become cards: each provider's pasted HTML, embed blocks, addresses, and what is never lost."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from archiver.diagnostics import Report
from archiver.embeds import addresses
from archiver.embeds.addresses import read_address, read_web_address, strip_tracking
from archiver.embeds.cards import make_card
from archiver.embeds.lifting import LIFT, Lifting
from archiver.embeds.pasted import lift_embeds
from archiver.embeds.pictures import Shot
from archiver.embeds.players import PLAYERS as PLAYER_FORMS
from archiver.embeds.posts import POSTS as POST_FORMS
from archiver.embeds.providers import PROVIDERS
from archiver.markdown import Context, render_body
from archiver.markdown.elements import block_elements
from archiver.matter import FORBIDDEN, Matter
from archiver.model import Body, Embed, Media, Source
from archiver.times import write_stamp
from book import Book
from embeds.pasted import PLAYERS, POSTS, Pasted

MakeBook = Callable[[str], Book]
POST = "---\ndate: 2017-03-23T20:25:00Z\n---\n"
LONDON = ZoneInfo("Europe/London")
PASTED = {**POSTS, **PLAYERS}


def words_of(html: str) -> Counter[str]:
    """The words that a reader saw of some HTML."""
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    assert body is not None
    for node in body.css("script, style, template, noscript, iframe, video, audio"):
        node.decompose()
    return count_words(body.text(separator=" "))


def count_words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def write(book: MakeBook, body: str) -> Book:
    return book(f"=== a.md\n{POST}{body}\n").build()


def only_embed(html: str) -> Embed:
    """What is lifted out of some HTML, where that is one embed."""
    (lift,) = lift_embeds(html, LONDON).lifts
    assert isinstance(lift.content, Embed)
    return lift.content


@pytest.mark.parametrize("name", PASTED)
def test_pasted_html_is_recognised(name: str) -> None:
    pasted = PASTED[name]
    embed = only_embed(pasted.html)
    seen = Pasted(
        pasted.html,
        embed.provider,
        embed.genre.value,
        embed.url,
        embed.author,
        embed.handle,
        write_stamp(embed.date) if embed.date else "",
        embed.was_captured,
    )
    assert seen == pasted


@pytest.mark.parametrize("name", PASTED)
def test_all_words_of_pasted_html_are_in_the_page(book: MakeBook, name: str) -> None:
    html = PASTED[name].html
    built = write(book, f"Before.\n\n{html}\n\nAfter.")
    node = built.page("event/a.html").css_first(".words")
    assert node is not None
    shown = node.text(separator=" ").split()
    assert not words_of(html) - count_words(" ".join(shown))
    assert (shown[0], shown[-1]) == ("Before.", "After.")
    assert len(built.page("event/a.html").css("figure.embed")) == 1


@pytest.mark.parametrize("name", PASTED)
def test_nothing_remote_is_left_of_pasted_html(book: MakeBook, name: str) -> None:
    page = write(book, PASTED[name].html).page("event/a.html")
    for node in page.css(".words *"):
        assert node.tag not in ("iframe", "script", "object", "embed", "img", "video", "template")
        assert set(node.attributes) <= {"class", "href", "rel", "dir", "lang"}
    for link in page.css("figure.embed a"):
        assert link.attributes["rel"] == "noreferrer nofollow"


def test_every_provider_of_the_table_has_a_name_of_its_own() -> None:
    assert len({provider.name for provider in PROVIDERS}) == len(PROVIDERS)
    hosts = [host for provider in PROVIDERS for host in provider.hosts]
    assert len(set(hosts)) == len(hosts)


def test_a_card_tells_links_mentions_and_line_breaks(book: MakeBook) -> None:
    built = write(
        book,
        "```embed\nprovider: twitter\nauthor: The City Library\nhandle: '@citylibrary'\n"
        "text: |\n  Open. See https://example.org/a, ask\n  @guildhall or desk@example.org\n\n  More here\n"
        "links: [{text: More here, url: 'https://example.org/b'}]\n```",
    )
    (quote,) = built.page("event/a.html").css("figure.embed blockquote")
    rel = 'rel="noreferrer nofollow"'
    assert " ".join((quote.inner_html or "").split()) == (
        f'<p>Open. See <a href="https://example.org/a" {rel}>https://example.org/a</a>, ask<br>'
        f'<a href="https://twitter.com/guildhall" {rel}>@guildhall</a> or desk@example.org</p> '
        f'<p><a href="https://example.org/b" {rel}>More here</a></p>'
    )


def test_a_mention_leads_to_its_own_server_where_it_names_one() -> None:
    card = make_card(Embed("mastodon", text="Ask @citylibrary@mastodon.example!"))
    assert card.paragraphs[0][0][1].href == "https://mastodon.example/@citylibrary"


def test_a_card_shows_the_time_in_the_coverage_s_zone(book: MakeBook) -> None:
    built = book(
        f"=== a.md\n{POST}```embed\nprovider: twitter\ndate: 2017-03-23T18:40:00Z\n```\n"
        "=== content/event/coverage.md\n---\ntitle: E\ntimezone: Asia/Kolkata\n---\n"
    ).build()
    assert "24 March 2017, 00:10 IST" in built.texts("event/a.html", "figure.embed")[0]


def test_media_of_an_embed_are_shown_and_load_only_when_asked_for(book: MakeBook) -> None:
    built = (
        book(
            f"=== a.md\n{POST}```embed\nprovider: youtube\nmedia: [media/a.mp4, media/b.mp3, media/c.png]\n"
            "transcript: |\n  Six strokes.\n\n  Silence.\n```\n"
        )
        .write_bytes("content/event/media/a.mp4")
        .write_bytes("content/event/media/b.mp3")
        .write_bytes("content/event/media/c.png")
        .build()
    )
    page = built.page("event/a.html")
    for tag in ("video", "audio"):
        node = page.css_first(f"figure.embed {tag}")
        assert node is not None
        assert ("controls" in node.attributes, node.attributes["preload"]) == (True, "none")
        assert "autoplay" not in node.attributes
    assert page.css_first("figure.embed img") is not None
    assert built.texts("event/a.html", "figure.embed details p") == ["Six strokes.", "Silence."]
    assert not built.texts("event/a.html", "figure.embed .lost")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("provider: twitter", "A post stood here. It was not captured."),
        ("provider: youtube", "A video stood here. It was not captured."),
        ("provider: facebook\ngenre: video", "A video stood here. It was not captured."),
        ("provider: youtube\ntext: The bells", "The video itself was not captured."),
        ("provider: datawrapper\ntext: The bells", "The chart itself was not captured."),
        (
            "provider: twitter\ntext: The bells pic.twitter.com/a1",
            "The picture or video attached to it was not captured.",
        ),
    ],
)
def test_a_card_says_what_is_missing(book: MakeBook, fields: str, said: str) -> None:
    built = write(book, f"```embed\n{fields}\n```")
    assert built.texts("event/a.html", "figure.embed .lost") == [said]


def test_a_post_among_words_parts_the_paragraph_and_keeps_its_marks(book: MakeBook) -> None:
    built = write(
        book, '<p dir="rtl">One <b>two <iframe src="https://example.org/"></iframe> three</b></p>'
    )
    assert built.texts("event/a.html", ".words > p") == ["One two", "three"]
    assert built.texts("event/a.html", ".words > p[dir=rtl] > b") == ["two", "three"]


TWEET_OF_ANOTHER = (
    '<blockquote class="twitter-tweet"><p>Quoted.</p>&mdash; The Guildhall (@guildhall) <a href='
    '"https://twitter.com/guildhall/status/844000000000000000">March 21, 2017</a></blockquote>'
)


@pytest.mark.parametrize("is_last", [True, False])
def test_a_post_in_a_post_is_a_card_of_its_own_with_its_own_author(is_last: bool) -> None:
    signed = (
        "&mdash; The City Library (@citylibrary) "
        f'<a href="{POSTS["twitter"].url}">March 23, 2017</a>'
    )
    parts = [signed, TWEET_OF_ANOTHER] if is_last else [TWEET_OF_ANOTHER, signed]
    html = f'<blockquote class="twitter-tweet"><p>Read this.</p>{"".join(parts)}</blockquote>'
    outer, inner = (lift.content for lift in lift_embeds(html, LONDON).lifts)
    assert isinstance(outer, Embed)
    assert isinstance(inner, Embed)
    assert (outer.author, outer.text) == ("The City Library", "Read this.")
    assert (inner.author, inner.text) == ("The Guildhall", "Quoted.")


@pytest.mark.parametrize(
    "title", ["YouTube video player", "X Post", "Twitter Tweet", "Interactive or visual content"]
)
def test_a_title_that_all_frames_of_a_platform_have_is_no_title(title: str) -> None:
    embed = only_embed(f'<iframe src="https://www.youtube.com/embed/a_b" title="{title}"></iframe>')
    assert (embed.title, embed.label) == ("", title)


def test_a_chart_that_is_all_script_has_the_words_of_its_picture() -> None:
    assert only_embed(PLAYERS["datawrapper by script alone"].html).title == "Visitors by hour"


@pytest.mark.parametrize(
    "html",
    [
        '<amp-facebook\n  width="1"\n  data-href="https://www.facebook.com/citylibrary/posts/123"\n>\n'
        "</amp-facebook>",
        '<video\n  controls\n  src="https://example.org/a.mp4"\n>\n</video>',
        '<video src="https://example.org/a.mp4"><p>Your browser shows no films.</p></video>',
    ],
)
def test_an_embed_of_several_lines_is_read_as_one(book: MakeBook, html: str) -> None:
    built = write(book, f"Before.\n\n{html}\n\nAfter.")
    page = built.page("event/a.html")
    assert len(page.css(".words figure")) == 1
    assert built.texts("event/a.html", ".words > p") == ["Before.", "After."]


def test_an_element_among_words_does_not_end_their_markdown(book: MakeBook) -> None:
    built = write(book, '<audio src="https://example.org/a.mp3"></audio> Listen to *the bells*.')
    assert built.texts("event/a.html", ".words em") == ["the bells"]


def test_the_words_of_cells_and_those_around_cards_are_not_glued() -> None:
    body = render(f"| a | b |\n|---|---|\n| c | d |\n\n<div>e{TWEET_OF_ANOTHER}f</div>")
    assert body.text.split() == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.parametrize("hidden", ["%12", "%EF%BF%BE", "%E2%80%AE", "%E2%80%A8"])
def test_an_address_within_an_address_brings_no_character_that_breaks_pages(hidden: str) -> None:
    embed = only_embed(
        '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com'
        f'%2Fcitylibrary%2Fposts%2F{hidden}1"></iframe>'
    )
    assert embed.url == f"https://www.facebook.com/citylibrary/posts/{hidden}1"


def test_a_quotation_names_only_sources_on_the_web(book: MakeBook) -> None:
    built = write(
        book, '<q cite="javascript:x()">a</q> <q cite="https://example.org/">b</q> <q cite=c>'
    )
    cited = [node.attributes.get("cite") for node in built.page("event/a.html").css(".words q")]
    assert cited[:2] == [None, "https://example.org/"]
    assert cited[2] is None


def test_a_mark_of_ours_is_never_part_of_what_a_card_says(book: MakeBook) -> None:
    built = write(
        book,
        "<img alt=Quay src='<b>.png'>\n\n<div data-component=\"click-to-view:<b>\">Allow?</div>\n\n"
        '<div class="wp-block-embed__wrapper">https://<iframe src="https://example.org/"></iframe>'
        "www.youtube.com/watch?v=a_b</div>",
    )
    assert not re.search("[\ufdd0-\ufdef]", built.read("event/a.html"))


def test_a_tag_that_was_never_finished_loses_no_card(book: MakeBook) -> None:
    built = write(book, '<p><b<p><iframe src="https://example.org/"></iframe>')
    assert len(built.page("event/a.html").css("figure.embed")) == 1


@pytest.mark.parametrize(
    "html",
    [
        f'<blockquote class="instagram-media"><p>{"A post shared by a " * 6000}</p></blockquote>',
        f"<picture>{'<source srcset=x>' * 4000}{'<img alt=xx>' * 1500}</picture>",
        f"{'<figure>' * 190}{'<img src=//example.org/a alt=xx>' * 2000}",
        f"<p>{'<b>' * 150}{'<iframe src=//example.org/></iframe>x' * 2000}",
        f'<iframe src="https://{"a." * 90000}"></iframe>',
    ],
    ids=["attribution", "sources", "figures", "wrappers", "host"],
)
def test_what_is_long_or_deep_is_read_in_time(html: str) -> None:
    began = time.process_time()
    render(html)
    assert time.process_time() - began < 4


def test_a_script_that_fills_embeds_is_not_told(book: MakeBook) -> None:
    assert "html-not-kept" not in write(book, POSTS["mastodon"].html).codes()


def test_what_waits_in_a_template_for_consent_is_opened(book: MakeBook) -> None:
    built = write(
        book,
        f'<template class="lb_consent--awaiting" data-provider-url="x">{POSTS["twitter"].html}</template>',
    )
    assert "The reading rooms are open" in built.texts("event/a.html", "figure.embed")[0]


def test_a_template_that_holds_no_embed_becomes_a_card_with_its_address() -> None:
    embed = only_embed(
        '<template class="lb_consent--awaiting" data-provider-url="https://vimeo.com/76979871">'
        "<p>Show it?</p></template>"
    )
    assert (embed.provider, embed.url, embed.label) == (
        "vimeo",
        "https://vimeo.com/76979871",
        "Show it?",
    )
    assert not embed.was_captured


def test_the_guardian_s_wall_becomes_a_card() -> None:
    embed = only_embed(
        '<div data-component="click-to-view:twitter"><div>Allow Twitter content?</div>'
        "<button>Allow and continue</button></div>"
    )
    assert (embed.provider, embed.was_captured) == ("twitter", False)


@pytest.mark.parametrize("place", [0, 1, 7, 8, 20])
@pytest.mark.parametrize("around", ["{}", "<blockquote>{}</blockquote>"])
def test_a_wall_among_many_paragraphs_becomes_a_card(place: int, around: str) -> None:
    paragraphs = [f"<p>Paragraph {number} is the reporter’s own.</p>" for number in range(20)]
    wall = "<p>Allow Twitter content?</p><p>Accept and continue</p>"
    html = around.format("".join([*paragraphs[:place], wall, *paragraphs[place:]]))
    lifted = lift_embeds(html, LONDON)
    assert [lift.content for lift in lifted.lifts] == [Embed("twitter")]
    marked = "".join([*paragraphs[:place], LIFT.format(0), *paragraphs[place:]])
    assert lifted.html == around.format(marked)


@pytest.mark.parametrize(
    ("html", "address", "alt"),
    [
        (
            '<img src="https://example.org/a.png" alt="A quay">',
            "https://example.org/a.png",
            "A quay",
        ),
        ('<img src="//example.org/a.png">', "https://example.org/a.png", ""),
        (
            '<img src="data:image/gif;base64,R0" data-src="https://example.org/a.png">',
            "https://example.org/a.png",
            "",
        ),
        (
            '<img srcset="https://example.org/s.png 320w, https://example.org/l.png 1024w">',
            "https://example.org/l.png",
            "",
        ),
        (
            '<picture><source srcset="https://example.org/l.webp 2x"><img alt="A quay"></picture>',
            "https://example.org/l.webp",
            "A quay",
        ),
        ('<amp-img src="https://example.org/a.png"></amp-img>', "https://example.org/a.png", ""),
        (
            '<noscript><img src="https://example.org/a.png" alt="A quay"></noscript>',
            "https://example.org/a.png",
            "A quay",
        ),
        (
            '<video poster="https://example.org/p.png"><source src="https://example.org/a.mp4">No film'
            "</video>",
            "https://example.org/a.mp4",
            "",
        ),
        ('<audio src="https://example.org/a.mp3"></audio>', "https://example.org/a.mp3", ""),
    ],
)
def test_remote_pictures_films_and_sound_are_lifted(html: str, address: str, alt: str) -> None:
    (lift,) = lift_embeds(f"<p>{html}</p>", LONDON).lifts
    assert isinstance(lift.content, Shot)
    assert (lift.content.address, lift.content.alt) == (address, alt)


def test_a_figure_becomes_one_picture_with_caption_and_credit(book: MakeBook) -> None:
    built = write(
        book,
        '<figure><img src="https://example.org/a.png" alt="A quay"><figcaption>The quay at noon. '
        "Photograph: The Paper</figcaption></figure>",
    )
    assert built.codes() == ["remote-media"]
    (gap,) = built.texts("event/a.html", "figure.gap")
    for kept in ("A quay", "The quay at noon.", "The Paper", "https://example.org/a.png"):
        assert kept in gap


def test_a_picture_of_the_coverage_s_own_may_be_written_as_html(book: MakeBook) -> None:
    built = (
        book(f'=== a.md\n{POST}<img src="media/a.png" alt="A quay" onerror="x()">\n')
        .write_bytes("content/event/media/a.png")
        .build()
    )
    assert built.codes() == []
    (image,) = built.page("event/a.html").css(".words img")
    assert (image.attributes["src"], image.attributes["alt"]) == ("media/a.png", "A quay")
    assert "onerror" not in image.attributes


def test_a_picture_and_the_same_for_browsers_without_scripts_are_one() -> None:
    lifted = lift_embeds(
        '<p><img data-src="https://example.org/a.png" alt="A"><noscript><img src='
        '"https://example.org/a.png" alt="A"></noscript></p>',
        LONDON,
    )
    assert len(lifted.lifts) == 1


def test_a_counting_pixel_is_no_picture() -> None:
    assert (
        lift_embeds('<img src="https://example.org/c.gif" width="1" height="1">', LONDON).lifts
        == ()
    )


def test_an_emoji_that_is_a_picture_stays_in_its_sentence(book: MakeBook) -> None:
    built = write(
        book,
        'Bells <img class="emoji" src="https://example.org/1f514.png" alt="\U0001f514"> at six\n\n'
        '<blockquote class="twitter-tweet"><p>More <img src="https://example.org/1f514.png" alt='
        '"\U0001f514"> bells</p></blockquote>',
    )
    assert "Bells \U0001f514 at six" in built.texts("event/a.html", ".words > p")[0]
    assert built.texts("event/a.html", "blockquote p") == ["More \U0001f514 bells"]


@pytest.mark.parametrize(
    "address",
    ["/etc/passwd", "../../../secret.png", "%2e%2e/%2e%2e/secret.png", "..\\..\\secret.png",
     "c:\\secret.png", "media/../../other/media/a.png"],
)  # fmt: skip
def test_a_path_out_of_the_coverage_is_refused(book: MakeBook, address: str) -> None:
    built = book(f"=== a.md\n{POST}![x](<{address}>)\n").try_build()
    assert "unsafe-path" in built.codes()
    assert built.result.failed


def test_a_path_of_the_publisher_s_in_pasted_html_is_a_gap(book: MakeBook) -> None:
    built = write(book, '<img src="/images/quay.jpg" alt="A quay"> <img src="../../x.jpg">')
    assert built.codes() == ["unsafe-path", "unsafe-path"]
    assert built.texts("event/a.html", ".words .gap p.address") == [
        "Where it was: /images/quay.jpg",
        "Where it was: ../../x.jpg",
    ]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/?ref_src=a&b=1#c", "https://example.org/?b=1#c"),
        ("https://example.org/?utm_source=a", "https://example.org/"),
        ("https://example.org/?x=1", "https://example.org/?x=1"),
    ],
)
def test_what_only_tells_who_sent_a_reader_is_cut_off(address: str, kept: str) -> None:
    assert strip_tracking(address) == kept


@pytest.mark.parametrize(
    "address",
    ["javascript:x()", "data:text/html,x", "java\nscript:x", "//", "http:", "https://", "ftp://a/b",
     "http://[", "/a", "", "\x01"],
)  # fmt: skip
def test_what_is_no_web_address_gives_no_card_an_address(address: str) -> None:
    assert read_address(address) is None


TAGS = """<p> </p> <div> </div> <b> </b> <blockquote> </blockquote> <figure> </figure> <figcaption>
    </figcaption> <video|src=//a.b> </video> <table> <td> </table> <template> </template> <noscript>
    </noscript> <script> </script> <style> </style> <svg> </svg> <textarea> </textarea> <select> <option>
    </select> </a> <title> </title> <math> </math> <br> <picture> </picture> <plaintext> <li> <h2>
    <blockquote|class="twitter-tweet"> <iframe|src="https://example.org/"> </iframe> <frameset> <button>
    <img|src="https://example.org/a.png"|alt="quay"> <a|href="https://t.co/x"> <object|data="//a.b/c">
    </object> <template|class="lb_consent--awaiting"|data-provider-url="https://vimeo.com/1"> <form>
    </button> </form> <input|type=image|alt=x> <xmp> </xmp> <span|id="datawrapper-vis-a"> <noembed>
    </noembed> <template|shadowrootmode=open> <amp-img|src="x"> <!-- --> > - ** ` ~~~""".split()
WORDS = "ant bee cat dog elk fox &mdash; (@gnu) &lt;b&gt; &amp;amp; \u202e \n \n\n".split(" ")
SOUPS = st.lists(
    st.sampled_from([tag.replace("|", " ") for tag in TAGS])
    | st.sampled_from([pasted.html for pasted in PASTED.values()])
    | st.sampled_from(WORDS),
    max_size=14,
).map(" ".join)


def render(text: str) -> Body:
    """A text rendered as that of a post."""
    source = Source("content/event/a.md", f"{POST}{text}")
    context = Context(
        matter=Matter({}, text, 4, source),
        report=Report(),
        zone=LONDON,
        folder="content/event",
        first_line=4,
        anchor="a",
        media=frozenset(),
        find_page=lambda path: None,
    )
    return render_body(text, context)


def read_all(body: Body) -> str:
    """All that a page shows of a text."""
    said = [body.text]
    for slot in body.slots:
        media = [slot] if isinstance(slot, Media) else slot.media
        said += [f"{one.alt} {one.caption} {one.credit}" for one in media]
        if isinstance(slot, Embed):
            said += [slot.title, slot.author, slot.handle, slot.text, slot.label, slot.url]
            said += [f"{slot.date.day:%-d %B %Y}"] if slot.date else []
    return "\n".join(said)


@settings(max_examples=2000)
@given(SOUPS)
@example('<blockquote class="twitter-tweet"><textarea><b>ant</textarea>')
@example('<iframe src="https://example.org/"></iframe> <xmp><p> </p>')
@example('<a title="<b>">ant</a><iframe title="<b>" src="//a.b/<c>">')
def test_of_any_soup_all_words_are_kept_and_nothing_remote(soup: str) -> None:
    body = render(soup)
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    block_elements(parser)
    seen = words_of(parser.render(soup))
    assert not seen - count_words(read_all(body))
    shown = LexborHTMLParser(body.html)
    assert not shown.css("iframe, script, object, embed, img, video, audio, template, form, svg")
    names = {name for node in shown.css("*") for name in node.attributes}
    assert names <= {"href", "dir", "lang", "class", "title", "cite", "start"}
    assert not FORBIDDEN.search(read_all(body))


SELECTORS = (
    *(form.selector for form in (*POST_FORMS, *PLAYER_FORMS)),
    "svg, math",
    "img",
    "noscript",
    "template",
)


@settings(max_examples=500)
@given(SOUPS)
@example('<image src="x">')
@example('<BLOCKQUOTE CLASS="Twitter&#45;tweet twitter&#x2d;tweet">')
def test_what_no_sign_tells_of_is_not_there(soup: str) -> None:
    lifting = Lifting(soup, LONDON)
    for selector in SELECTORS:
        found = [node.mem_id for node in lifting.find(selector)]
        assert found == [node.mem_id for node in lifting.body.css(selector)], selector


def test_marks_that_a_page_brings_number_nothing() -> None:
    lifted = lift_embeds(
        "&#xfdd6;5&#xfdd7; words <iframe src=//a.b/c></iframe> &#xfdd6;0&#xfdd7;", LONDON
    )
    assert len(lifted.lifts) == 1


@settings(max_examples=200)
@given(SOUPS)
def test_what_is_lifted_out_of_a_soup_leaves_one_mark_each(soup: str) -> None:
    lifted = lift_embeds(soup, LONDON)
    numbers = [int(number) for number in re.findall(LIFT.format(r"(\d+)"), lifted.html)]
    assert numbers == list(range(len(lifted.lifts)))


@given(
    st.tuples(
        st.sampled_from(["http://", "https://", "HTTPS://", "//", ""]),
        st.text("ab1.-/?#=:@%~,;!*+_&[] \n\u202eÄA", max_size=12),
    ).map("".join)
)
def test_an_address_that_is_taken_as_it_is_would_stay_as_it_is(address: str) -> None:
    quick = read_web_address(address)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "_PLAIN", re.compile("(?!)"))
        assert read_web_address(address) == quick
