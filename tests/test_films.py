"""Films and sound: their sizes, posters and words; what EXIF and boxes tell, whatever bytes they hold."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.exif import read_exif, read_exif_bytes
from archiver.films import read_film_header
from archiver.pictures import Header
from archiver.transcripts import read_transcript
from book import Book
from comparing import assert_as_clean
from photographs import photograph
from test_media import pack_box

MakeBook = Callable[[str], Book]
POST = "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\n"
UPRIGHT = (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
TURNED = (0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
CUES = """WEBVTT - the wave

NOTE nobody
reads this

STYLE
::cue { color: red }

1
00:01.000 --> 00:02.500 align:start
<v.loud Ada>It is <i>coming</i>,
they say.

00:00:02.500 --> 00:00:04.000
<v Ada>High &amp; fast &lt;here&gt;.

00:00:02.500 --> 00:00:04.000
<v Ada>High &amp; fast &lt;here&gt;.

00:00:04.100 --> 00:00:05.000
<v Grace>Look.

00:00:09.000 --> 00:00:10.000
<v Grace><00:00:09.500>Gone.
"""


def shoot(width: int, height: int, matrix: tuple[int, ...] = UPRIGHT, version: int = 0) -> bytes:
    """The head of a film with sound."""
    times = b"\0" * (20 if version == 0 else 32)
    rest = struct.pack(">9iII", *matrix, width << 16, height << 16)
    track = bytes([version, 0, 0, 7]) + times + b"\0" * 16 + rest
    silent = bytes(4 + 20 + 16) + struct.pack(">9iII", *UPRIGHT, 0, 0)
    tracks = (pack_box(b"trak", pack_box(b"tkhd", part)) for part in (silent, track))
    return pack_box(b"ftyp", b"isom", b"\0" * 4) + pack_box(b"moov", *tracks)


@pytest.mark.parametrize("version", [0, 1])
def test_films_are_measured_as_they_are_shown(version: int, tmp_path: Path) -> None:
    for matrix, size in ((UPRIGHT, (1920, 1080)), (TURNED, (1080, 1920))):
        (tmp_path / "a.mp4").write_bytes(shoot(1920, 1080, matrix, version))
        assert read_film_header(tmp_path / "a.mp4") == Header(*size)


@pytest.mark.parametrize(
    "notes",
    [
        pack_box(b"udta", pack_box(b"\xa9xyz", b"+51.5-000.1/")),
        pack_box(b"meta", b"\0" * 4, pack_box(b"keys", b"com.apple.quicktime.location.ISO6709")),
    ],
)
def test_a_film_that_names_its_place_is_told(notes: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(shoot(64, 48) + pack_box(b"moov", notes))
    assert read_film_header(tmp_path / "a.mp4") == Header(64, 48, True)


@given(st.binary(max_size=200), st.integers(0, 300), st.binary(max_size=8))
def test_no_film_whatever_raises(tail: bytes, at: int, change: bytes) -> None:
    data = bytearray(shoot(640, 480) + tail)
    data[at : at + len(change)] = change
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        header = read_film_header(Path(file.name))
    assert header is None or min(header.size) >= 0


@given(st.binary(max_size=120))
def test_no_exif_whatever_raises(data: bytes) -> None:
    for head in (b"", b"II*\0", b"MM\0*", b"II*\0\x08\0\0\0\xff\xff"):
        read_exif_bytes(b"Exif\0\0" + head + data)
        assert read_exif(BytesIO(b"x" + head), 1) is None or head


def test_cues_are_read_as_what_was_said() -> None:
    expected = "Ada: It is coming, they say.\nHigh & fast <here>.\n\nGrace: Look.\n\nGone."
    assert read_transcript(CUES.encode(), True) == expected
    windows = b"\xef\xbb\xbf" + CUES.replace("\n", "\r\n").encode()
    assert read_transcript(windows, True) == expected


def test_plain_transcripts_keep_their_paragraphs() -> None:
    assert (
        read_transcript(b"\n\nOne\ntwo  \n \n\nThree\xef\xb7\x90\n", False) == "One\ntwo\n\nThree"
    )
    assert read_transcript(b"\xff\xfe", False) is None
    assert read_transcript(b"a" * (1024 * 1024 + 1), False) is None


@given(st.binary(max_size=300), st.booleans())
def test_no_transcript_whatever_raises(data: bytes, is_cues: bool) -> None:
    text = read_transcript(CUES.encode() + data if is_cues else data, is_cues)
    assert text is None or text == text.strip("\n")


def test_a_film_has_the_poster_and_the_words_that_are_kept_beside_it(book: MakeBook) -> None:
    made = book(f'{POST}![The wave](media/w/wave.mp4 "Noon")\n')
    made.write_bytes("content/event/media/w/wave.mp4", shoot(640, 360))
    made.write_bytes("content/event/media/w/wave.poster.jpg", photograph((700, 400)))
    made.write_bytes("content/event/media/w/wave.vtt", CUES.encode()).build()
    (film,) = made.page("event/a.html").css("figure.medium > video")
    assert film.attributes["poster"] == "media/w/wave.poster.jpg"
    assert (film.attributes["width"], film.attributes["height"]) == ("640", "360")
    assert film.attributes["preload"] == "none"
    said = made.texts("event/a.html", "figure.medium details p")
    assert said == ["Ada: It is coming, they say.High & fast <here>.", "Grace: Look.", "Gone."]
    (slot,) = made.json("event/coverage.json")["entries"][0]["slots"]
    assert slot["transcript"].startswith("Ada: It is coming")


def test_where_nothing_tells_the_films_size_it_has_its_posters(book: MakeBook) -> None:
    made = book(f"{POST}![The wave](media/wave.webm)\n=== content/event/media/wave.webm\n\n")
    made.write_bytes("content/event/media/wave.poster.png", photograph((2000, 300), "PNG")).build()
    (film,) = made.page("event/a.html").css("video")
    assert (film.attributes["width"], film.attributes["height"]) == ("2000", "300")
    assert film.attributes["poster"] == "renditions/wave.poster.png.1600.webp"


def test_an_embed_names_its_poster(book: MakeBook) -> None:
    fields = "provider: youtube\nposter: media/still.jpg\n"
    film = "media: [media/notes.csv, media/wave.mp4]\n"
    made = book(f"{POST}```embed\n{fields}{film}```\n\n```embed\n{fields}```\n")
    made.write("=== content/event/media/notes.csv\n1\n=== content/event/media/still.jpg\n")
    made.write_bytes("content/event/media/wave.mp4", shoot(640, 360)).build()
    with_film, without = made.page("event/a.html").css("figure.embed")
    assert [node.attributes["poster"] for node in with_film.css("video")] == ["media/still.jpg"]
    assert [node.attributes["src"] for node in without.css("img")] == ["media/still.jpg"]
    assert made.write(f"{POST}```embed\n{fields}```\n").remove(
        "content/event/media/still.jpg"
    ).build().codes() == ["missing-picture"]


def test_words_that_an_embed_holds_itself_are_not_there_twice(book: MakeBook) -> None:
    fields = "provider: youtube\nmedia: media/wave.mp4\ntranscript: As we wrote it.\n"
    made = book(f"{POST}```embed\n{fields}```\n=== content/event/media/wave.txt\nAs it was said.\n")
    made.write_bytes("content/event/media/wave.mp4", shoot(640, 360)).build()
    assert made.texts("event/a.html", "details p") == ["As we wrote it."]


def test_posters_and_words_that_come_change_and_go_change_the_page(book: MakeBook) -> None:
    made = book(f"{POST}![The bell](media/bell.mp3)\n\n![The wave](media/wave.mp4)\n")
    made.write("=== content/event/media/bell.mp3\n\n=== content/event/media/wave.mp4\n\n")
    assert_as_clean(made.build())
    for words in ("Dong.", "Ding."):
        made.write(f"=== content/event/media/bell.txt\n{words}\n")
        assert_as_clean(made.build())
        assert made.texts("event/a.html", "details p") == [words]
    made.write("=== content/event/media/bell.vtt\nWEBVTT\n\n00:00.000 --> 00:01.000\nDong, dong.\n")
    made.write_bytes("content/event/media/wave.poster.jpg")
    assert_as_clean(made.build())
    assert made.texts("event/a.html", "details p") == ["Dong, dong."]
    assert "poster=" in made.read("event/a.html")
    for name in ("bell.vtt", "bell.txt", "wave.poster.jpg"):
        made.remove(f"content/event/media/{name}")
        assert_as_clean(made.build())
    assert "details" not in made.read("event/a.html")


def test_a_poster_and_words_are_published_with_a_film_where_a_post_is_withdrawn(
    book: MakeBook,
) -> None:
    gone = POST.replace("a.md", "b.md").replace("---\n", "---\nwithdrawn: {date: 2018-01-01}\n", 1)
    made = book(f"{POST}![The wave](media/wave.mp4)\n{gone}")
    made.write("=== content/event/media/wave.mp4\n\n=== content/event/media/wave.txt\nSaid.\n")
    made.write_bytes("content/event/media/wave.poster.jpg").build()
    assert made.codes() == []
    kept = [path for path in made.files() if "/media/" in path]
    assert kept == [f"event/media/wave.{ending}" for ending in ("mp4", "poster.jpg", "txt")]
