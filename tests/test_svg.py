"""Drawings: what acts or loads goes, what draws stays, and an untouched file is the same file."""

from __future__ import annotations

import re
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.svg import SvgError, clean_svg
from archiver.svg.css import clean_declarations, clean_sheet, clean_value
from book import Book

MakeBook = Callable[[str], Book]
DIALECTS = sorted((Path(__file__).parent / "drawings").glob("*.svg"))
ROOT = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PIXEL = "data:image/png;base64,iVBORw0KGgo="


def clean(inside: str, attributes: str = "") -> tuple[str, tuple[str, ...]]:
    """What is left within the root, and what went."""
    cleaned = clean_svg(f"{ROOT}{attributes}>{inside}</svg>".encode())
    text = cleaned.data.decode()
    return re.sub(r"(?s)^.*?<svg[^>]*>|</svg>\n?$", "", text), cleaned.removed


HOSTILE = {
    "<script>alert(1)</script>": ("`<script>`",),
    '<script href="https://example.org/a.js"/>': ("`<script>`",),
    "<style>@import 'https://example.org/a.css';</style>": ("`<style>`",),
    "<style>a { fill: url(https://example.org/a.svg#a) }</style>": ("`<style>`",),
    "<style>a { background: image-set('https://example.org/a.png' 1x) }</style>": ("`<style>`",),
    "<style>a { fill: u\\72l(https://example.org/) }</style>": ("`<style>`",),
    "<style>a { width: expression(alert(1)) }</style>": ("`<style>`",),
    "<style>@font-face { src: url(https://example.org/a.woff) }</style>": ("`@font-face`",),
    "<style>@font-@font-face{}face { src: url(https://example.org/a) }</style>": (
        "`@font-face`",
        "`<style>`",
    ),
    "<style><g/>a {}</style>": ("`<g>`",),
    '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="a"/></foreignObject>': (
        "`<foreignObject>`",
    ),
    '<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/>': ("`<img>`",),
    '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML" href="javascript:alert(1)"/>': (
        "`<math>`",
    ),
    '<set attributeName="href" to="javascript:alert(1)"/>': ("`<set>`",),
    '<animate attributeName="xlink:href" values="javascript:alert(1)"/>': ("`<animate>`",),
    '<use href="https://example.org/a.svg#a"/>': ("`href` of `<use>`",),
    '<use xlink:href="data:image/svg+xml,%3Csvg/%3E#a"/>': ("`xlink:href` of `<use>`",),
    '<use href=" #a"/>': ("`href` of `<use>`",),
    '<use href=""/>': ("`href` of `<use>`",),
    '<image href="https://example.org/a.png"/>': ("`href` of `<image>`",),
    '<image href="data:image/svg+xml;base64,AAAA"/>': ("`href` of `<image>`",),
    '<feImage href="https://example.org/a.png"/>': ("`<feImage>`",),
    '<g onclick="alert(1)"/>': ("`onclick`",),
    '<g ONCLICK="alert(1)"/>': ("`ONCLICK`",),
    '<g onclick=""/>': ("`onclick`",),
    '<g xml:base="https://example.org/"/>': ("`xml:base`",),
    '<g fill="url(https://example.org/a.svg#a)"/>': ("`fill`",),
    '<g fill="URL( https://example.org/a.svg#a )"/>': ("`fill`",),
    '<g filter="src(&quot;https://example.org/&quot;)"/>': ("`filter`",),
    '<g mask="u&#x5c;72l(https://example.org/)"/>': ("`mask`",),
    '<g cursor="image(https://example.org/)"/>': ("`cursor`",),
    '<g style="fill:url(https://example.org/)"/>': ("`style`",),
    '<g href="javascript:alert(1)"/>': ("`href` of `<g>`",),
    '<g e:onload="a" xmlns:e="https://example.org/"/>': ("`onload`",),
    "<metadata><script>alert(1)</script></metadata>": ("`<script>`",),
    '<i:x xmlns:i="http://www.inkscape.org/namespaces/inkscape" onload="a" style="b" href="c"/>': (
        "`onload`",
        "`style`",
        "`href` of `<inkscape:x>`",
    ),
    "<?xml-stylesheet href='a.css'?>": ("`<?xml-stylesheet?>`",),
    '<video href="a.mp4"/>': ("`<video>`",),
    '<handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">a</handler>': (
        "`<handler>`",
    ),
    '<color-profile xlink:href="https://example.org/a.icc"/>': ("`<color-profile>`",),
    '<tref xlink:href="https://example.org/a.svg#a"/>': ("`<tref>`",),
}


@pytest.mark.parametrize("inside", HOSTILE)
def test_what_acts_or_loads_goes_and_is_named(inside: str) -> None:
    left, removed = clean(f"<path d='M0 0'/>{inside}<text>after</text>")
    assert removed == HOSTILE[inside]
    assert left.startswith('<path d="M0 0"></path>')
    assert left.endswith("<text>after</text>")
    middle = left.removeprefix('<path d="M0 0"></path>').removesuffix("<text>after</text>")
    assert not re.search("alert|example.org|javascript|data:|base64", middle)
    again = clean_svg(clean_svg(f"{ROOT}>{inside}</svg>".encode()).data)
    assert again.removed == ()


@pytest.mark.parametrize(
    "inside",
    [
        "<g fill='url(#a)' clip-path=\"url('#b')\" mask=\"url( &quot;#c&quot; )\"/>",
        "<use href='#a'/><use xlink:href='#a-b.c_d'/><textPath href='#é'/>",
        f"<image href='{PIXEL}'/><image xlink:href='{PIXEL}'/>",
        "<g transform='matrix(1 0 0 1 2 3) rotate(4)' fill='rgb(1,2,3)' data-name='a(b) @c'/>",
        "<style>@media (max-width: 10px) { .a:not(.b) { fill: url(#c) } }</style>",
        "<style><![CDATA[.a > .b { transform: translate(1px, calc(1px + 2px)) }]]></style>",
        "<g style='-inkscape-stroke:none;font-family:\"Noto Sans\", serif;fill:url(#a)'/>",
        "<text aria-label='url(https://example.org/)'>@import url(x)</text>",
        "<!-- <script> -->",
        "<switch><g requiredFeatures='http://www.w3.org/TR/SVG11/feature#Extensibility'/></switch>",
        "<feColorMatrix values='1 0 0'/>",
        '<s:g xmlns:s="http://www.w3.org/2000/svg" id="a"/>',
    ],
)
def test_what_draws_stays_byte_for_byte(inside: str) -> None:
    data = f"{ROOT} onload=''>{inside}</svg>".encode()
    kept = data.replace(b" onload=''", b"")
    assert clean_svg(kept).data is kept
    # The same is kept where something else has to go.
    again = clean_svg(data)
    assert again.removed == ("`onload`",)
    assert flatten(again.data) == flatten(kept)


def flatten(data: bytes) -> list[tuple[str, dict[str, str], str, str]]:
    """A document's elements as ElementTree reads them."""
    return [
        (node.tag, dict(node.attrib), node.text or "", node.tail or "")
        for node in ElementTree.fromstring(data).iter()
        if isinstance(node.tag, str)
    ]


def test_a_picture_within_a_drawing_has_the_limit_of_pictures() -> None:
    def embed(width: int) -> str:
        head = struct.pack(">4sII5s", b"IHDR", width, 10_000, b"\x08\0\0\0\0")
        data = b"\x89PNG\r\n\x1a\n\0\0\0\r" + head + struct.pack(">I", zlib.crc32(head))
        data += b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
        return f"<image href='data:image/png;base64,{b64encode(data).decode()}'/>"

    assert clean(embed(10_000))[1] == ()
    assert clean(embed(20_000)) == ("<image></image>", ("`href` of `<image>`",))
    assert clean("<image href='data:image/png;base64,A'/>")[1] == ("`href` of `<image>`",)


def test_a_link_becomes_a_group_and_within_text_a_part_of_it() -> None:
    left, removed = clean(
        '<a href="https://example.org/" transform="scale(2)" target="_blank"><path/></a>'
        '<text><a xlink:href="#x">words</a></text>'
    )
    assert left == '<g transform="scale(2)"><path></path></g><text><tspan>words</tspan></text>'
    assert removed == ("`<a>`",)


def test_what_was_written_otherwise_comes_out_as_utf_8_and_nothing_is_told() -> None:
    for encoding in ("utf-16", "iso-8859-1", "windows-1252"):
        text = f'<?xml version="1.0" encoding="{encoding}"?>{ROOT}><text>é</text></svg>'
        cleaned = clean_svg(text.encode(encoding))
        assert cleaned.removed == ()
        assert b"<text>\xc3\xa9</text>" in cleaned.data
        assert b'encoding="UTF-8"' in cleaned.data
        assert clean_svg(cleaned.data).data is cleaned.data
    unsaid = clean_svg(f"{ROOT}><text>é</text></svg>".encode("utf-16"))
    assert unsaid.removed == ()
    assert b"<text>\xc3\xa9</text>" in unsaid.data


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", (1, 1), "it is not well-formed: no element found"),
        ("\n<svg>\n<", (2, 1), "its first element is not"),
        (f"{ROOT}>\n <g></svg>", (2, 7), "it is not well-formed: mismatched tag"),
        (f"{ROOT} a='1' a='2'/>", (1, 90), "it is not well-formed: duplicate attribute"),
        (f"{ROOT}><x:g/></svg>", (1, 84), "it is not well-formed: unbound prefix"),
        (f"{ROOT}/>{ROOT}/>", (1, 85), "it is not well-formed: junk after document element"),
        (f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{ROOT}/>", (1, 15), "its DOCTYPE holds declarations"),
        (
            f"<!DOCTYPE svg SYSTEM 'a.dtd'>{ROOT}>&a;</svg>",
            (1, 113),
            "the entity `&a;` is not read",
        ),
        (f"<?xml version='1.0' encoding='utf-7'?>{ROOT}/>", (1, 1), "its encoding is not known"),
        (f"{ROOT}>{'<g>' * 100}", (1, 381), "its elements are nested more than 100 deep"),
    ],
)
def test_what_is_no_svg_is_refused_with_its_place(
    text: str, place: tuple[int, int], message: str
) -> None:
    with pytest.raises(SvgError, match=f"^{re.escape(message)}") as caught:
        clean_svg(text.encode())
    assert (caught.value.line, caught.value.column) == place


def test_a_drawing_that_draws_itself_many_times_over_is_refused() -> None:
    def grow(tag: str, levels: int) -> str:
        return '<g id="a0"><path/></g>' + "".join(
            f'<g id="a{n}">{tag.format(n - 1) * 10}</g>' for n in range(1, levels)
        )

    assert clean(grow('<use href="#a{}"/>', 5))[1] == ()
    for tag in ('<use href="#a{}"/>', '<use xlink:href="#a{}"/>', '<path fill="url(#a{})"/>'):
        with pytest.raises(SvgError, match="it would draw more than 1,000,000 elements"):
            clean(grow(tag, 7))
    # A ring is drawn by nobody, and a chain of a thousand by nobody who waits.
    assert clean('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')[1] == ()
    chain = "".join(f'<g id="a{n}"><use href="#a{n + 1}"/></g>' for n in range(1000))
    with pytest.raises(SvgError, match="it would draw more"):
        clean(chain)


NAMES = "g a script style text use image foreignObject x path set metadata".split()
KEYS = "id class style fill href xlink:href onload d transform xml:base data-x".split()
VALUES = [
    *"#a a url(#a) url(a) rotate(1) fill:red;stroke:url(x) javascript:x &amp; a;b ( } '".split(),
    *["", "&#9;&#10;", "data:image/png;base64,AA"],
]
TEXTS = ["x", "&lt;", "<!--x-->", "<![CDATA[<b>]]>", "\r\n", "é", "&#13;", "@a", "\\", "url(#a)"]


def write_element(name: str, attributes: dict[str, str], children: list[str]) -> str:
    """An element as XML."""
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>"


ELEMENTS = st.recursive(
    st.sampled_from(TEXTS),
    lambda inner: st.builds(
        write_element,
        st.sampled_from(NAMES),
        st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=3),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=400)
@given(st.lists(ELEMENTS, max_size=4).map("".join))
@example("<style>a &gt; b</style>")
def test_cleaning_is_the_same_each_time_and_a_second_cleaning_changes_nothing(inside: str) -> None:
    data = f"{ROOT}>{inside}</svg>".encode()
    cleaned = clean_svg(data)
    assert clean_svg(data) == cleaned
    again = clean_svg(cleaned.data)
    assert (again.data, again.removed) == (cleaned.data, ())
    for node in ElementTree.fromstring(cleaned.data).iter():
        if not isinstance(node.tag, str):
            continue
        name = node.tag.rpartition("}")[2]
        assert name not in ("script", "foreignObject", "a", "set", "x")
        for key, value in node.attrib.items():
            assert not key.startswith("on")
            assert "base" not in key
            if key.endswith("href"):
                assert value.startswith(("#", "data:image/png"))
            if key not in ("id", "class", "data-x"):
                assert "url(" not in value.replace("url(#a)", "")
        if name == "style":
            assert "url(" not in (node.text or "").replace("url(#a)", "")


@given(st.text("url(#a'\")\\;:/*@{}<!-xU x", max_size=30))
def test_no_address_but_of_the_file_itself_is_left_in_css(css: str) -> None:
    for kept in (clean_sheet(css)[0], clean_value(css) or "", clean_declarations(css) or ""):
        assert "\\" not in kept
        assert not re.search(r"url\((?!\s*['\"]?#a|\s*['\"]?#)", kept, re.IGNORECASE)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_cleaned_or_refused(data: bytes) -> None:
    try:
        clean_svg(data)
    except SvgError as refusal:
        place = (refusal.line, refusal.column)
        assert min(place) >= 1


def test_a_cleaned_drawing_is_what_the_site_holds(book: MakeBook) -> None:
    built = book(
        "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\n![A map](media/a.svg) ![A plan](media/b.svg)\n"
        f"=== content/event/media/a.svg\n{ROOT} onload='alert(1)'><path d='M0'/></svg>\n"
        f"=== content/event/media/b.svg\n{ROOT}><path d='M0'/></svg>\n"
    ).build()
    assert built.codes() == ["svg-cleaned"]
    assert "onload" not in built.read("event/media/a.svg")
    assert built.read("event/media/b.svg") == f"{ROOT}><path d='M0'/></svg>\n"
    assert built.build().result.changed == 0
    assert built.check().codes() == ["svg-cleaned"]
