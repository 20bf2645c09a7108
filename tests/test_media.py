"""Media are judged once, by their endings, their headers and nothing else; pictures are measured unopened."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from archiver import media
from archiver.diagnostics import Report
from archiver.files import walk_content
from archiver.media_types import ENDINGS, SIGNED, find_kind, is_signed
from archiver.model import MediaKind
from archiver.pictures import Header, is_too_large, measure_bytes, read_header
from book import PICTURE, Book

MakeBook = Callable[[str], Book]
POST = "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\n"


def draw(form: str, size: tuple[int, int] = (48, 31), mode: str = "RGB") -> bytes:
    """A picture of some size in some format."""
    file = io.BytesIO()
    picture = Image.effect_noise(size, 50).convert(mode)
    if form == "lossless":
        picture.save(file, "WEBP", lossless=True)
    else:
        picture.save(file, form)
    return file.getvalue()


def pack_box(kind: bytes, *parts: bytes) -> bytes:
    """A box of an ISO base media file."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def draw_boxes(brand: bytes, *sizes: tuple[int, int]) -> bytes:
    """The head of an AVIF or HEIC file."""
    shown = [pack_box(b"ispe", struct.pack(">III", 0, *size)) for size in sizes]
    properties = pack_box(b"iprp", pack_box(b"ipco", *shown))
    return pack_box(b"ftyp", brand, b"\0" * 4) + pack_box(
        b"meta", b"\0" * 4, pack_box(b"hdlr", b"\0" * 24), properties
    )


PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def draw_huge(width: int, height: int) -> bytes:
    """The head of a PNG of any size, without its pixels."""
    body = b"IHDR" + struct.pack(">II", width, height) + b"\x08\x00\x00\x00\x00"
    return PNG_HEAD + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)) + IDAT


IDAT = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


@pytest.mark.parametrize("form", "PNG JPEG GIF BMP TIFF WEBP ICO lossless".split())
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_pictures_of_every_format_are_measured(form: str, mode: str, tmp_path: Path) -> None:
    if (form, mode) == ("JPEG", "RGBA"):
        mode = "CMYK"
    size = (32, 32) if form == "ICO" else (48, 31)
    (tmp_path / "picture").write_bytes(draw(form, size, mode))
    assert read_header(tmp_path / "picture") == Header(*size)


def test_avif_files_are_measured_as_pillow_does(tmp_path: Path) -> None:
    pytest.importorskip("PIL._avif", reason="NOT RUN: this Pillow draws no AVIF")
    (tmp_path / "a.avif").write_bytes(draw("AVIF"))
    assert read_header(tmp_path / "a.avif") == Header(*(48, 31))


def test_of_several_images_in_a_file_the_largest_counts(tmp_path: Path) -> None:
    (tmp_path / "a.heic").write_bytes(draw_boxes(b"heic", (512, 512), (4032, 3024), (320, 240)))
    assert read_header(tmp_path / "a.heic") == Header(*(4032, 3024))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"<!DOCTYPE html>\n<title>404 Not Found</title>\n",
        PNG_HEAD,
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"II*\0\x08\0\0\0\xff\xff",
        b"MM\0*\xff\xff\xff\xff",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypavif",
        pack_box(b"ftyp", b"avif") + struct.pack(">I4sQ", 1, b"meta", 3),
        pack_box(b"ftyp", b"avif") + struct.pack(">I4s", 7, b"meta"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",  # Pillow would run Ghostscript
        b"P6 9 9 255\n",
    ],
)
def test_what_is_no_picture_has_no_size(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(data)
    assert read_header(tmp_path / "picture.png") is None


HEADS = {form: draw(form)[:400] for form in "PNG JPEG GIF BMP TIFF WEBP ICO".split()}
HEADS |= {"AVIF": draw_boxes(b"avif", (9, 9), (8, 8))}


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(HEADS)),
    st.lists(st.tuples(st.integers(0, 399), st.integers(0, 255)), max_size=12),
    st.integers(0, 400),
)
def test_no_header_whatever_raises(form: str, changes: list[tuple[int, int]], length: int) -> None:
    data = bytearray(HEADS[form][:length])
    for offset, byte in changes:
        if offset < len(data):
            data[offset] = byte
    header = measure_bytes(bytes(data))
    assert header is None or min(header.size) > 0


def test_a_bomb_is_measured_and_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(draw_huge(100_000, 100_000))
    before = Image.MAX_IMAGE_PIXELS
    assert read_header(tmp_path / "a.png") == Header(*(100_000, 100_000))
    assert before == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize(
    ("width", "height", "answer"),
    [
        (65_535, 1, False),
        (65_536, 1, True),
        (1, 65_536, True),
        (13_377, 13_377, False),
        (13_378, 13_378, True),
    ],
)
def test_pictures_have_a_limit(width: int, height: int, answer: bool) -> None:
    assert is_too_large(width, height) is answer


def test_an_archive_without_pictures_never_loads_pillow(book: MakeBook) -> None:
    made = book(f"{POST}Words\n=== content/event/media/a.csv\n")
    script = (
        "import sys, pathlib; from archiver.build import check_site; "
        "print(check_site(pathlib.Path(sys.argv[1])).problems, 'PIL' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, made.root], capture_output=True, text=True, check=True
    )
    assert done.stdout == "() False\n"


def test_each_medium_is_judged_once_however_often_it_is_shown(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def count(path: Path) -> tuple[int, int] | None:
        read.append(path.name)
        return None

    monkeypatch.setattr(media, "read_header", count)
    made = book(f"{POST}{'![A river](media/r.png) ' * 3}\n=== content/event/media/r.png\n").check()
    assert read == ["r.png"]
    assert made.codes() == ["broken-picture"]


def test_a_broken_picture_is_a_gap_but_the_file_is_kept(book: MakeBook) -> None:
    built = book(
        f'{POST}![A river](media/r.png "Noon. Credit: The Paper")\n\nSee [it](media/r.png).\n'
        "=== content/event/media/r.png\n<!DOCTYPE html>\n"
    ).build()
    assert built.codes() == ["broken-picture"]
    (gap,) = built.texts("event/a.html", "figure.gap")
    for kept in ("A river", "media/r.png", "Noon.", "The Paper"):
        assert kept in gap
    assert "<img" not in built.read("event/a.html")
    assert 'href="media/r.png"' in built.read("event/a.html")
    assert "event/media/r.png" in built.files()


def test_every_ending_has_one_kind_whatever_its_case() -> None:
    endings = [ending for endings in ENDINGS.values() for ending in endings]
    assert len(endings) == len({*endings})
    for kind, of_kind in ENDINGS.items():
        for ending in of_kind:
            assert find_kind(f"media/a.b.{ending.upper()}") is kind
    for path in (
        "png",
        "media/png",
        "a.png/b",
        "a.png.html",
        "a.png ",
        "a.",
        "a.html.gz",
        "a.SVG.GZ",
    ):
        assert find_kind(path) is None
    assert find_kind("a.svg.png") is MediaKind.PICTURE
    assert find_kind("html.tar.gz") is MediaKind.DOCUMENT


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (b"\0\0\0\x18ftypqt  ", True),
        (b"\0\0\0\x08wide", True),
        (b"<!--ftyp--><html>", False),
        (b"\0\0\0\x18html", False),
        (b"", False),
    ],
)
def test_some_files_must_begin_as_their_endings_say(head: bytes, answer: bool) -> None:
    assert is_signed(head) is answer
    assert {ending for endings in ENDINGS.values() for ending in endings} > SIGNED


def test_problems_of_media_do_not_depend_on_the_order_of_files(book: MakeBook) -> None:
    names = [f"content/event/media/{number}.png" for number in range(9)]
    random.Random(1).shuffle(names)
    made = book(f"{POST}Words\n")
    for name in names:
        made.write_bytes(name, b"" if "3" in name else PICTURE)
    report = Report()
    walked = walk_content(made.root, report).folders[0]
    folder = media.note_media(walked, media.judge_media(made.root, walked.media), report)
    assert folder.broken == ("content/event/media/3.png",)
    assert [problem.code for problem in report.problems] == ["broken-picture"]
