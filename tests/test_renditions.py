"""Copies of pictures: smaller, upright, in sRGB, without metadata, and the same each time."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from archiver import renditions
from archiver.pictures import Header, measure_bytes
from archiver.renditions import make_renditions, plan_widths
from photographs import GREEN, RED, animate, paint, photograph, save, write_profile


def develop(data: bytes, *widths: int) -> list[Image.Image]:
    """All copies of these widths, decoded."""
    made = make_renditions(data, widths or (480,), keep_all=True)
    return [Image.open(io.BytesIO(one.data)) for one in made]


def is_like(pixel: object, colour: tuple[int, int, int]) -> bool:
    """Whether a pixel has nearly this colour."""
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 48 for one, other in zip(pixel[:3], colour, strict=True))


def look(picture: Image.Image) -> str:
    """What the left and the right of a picture show."""
    sides = [picture.convert("RGB").getpixel((x, picture.height // 2)) for x in (20, -20)]
    names = {"red": RED, "green": GREEN}
    return " ".join(name for side in sides for name in names if is_like(side, names[name]))


@pytest.mark.parametrize(
    ("path", "size", "widths"),
    [
        ("a.jpg", (4000, 3000), (480, 960, 1600)),
        ("a.jpg", (2000, 100), (480, 960, 1600)),
        ("a.jpg", (1999, 100), (480, 960)),
        ("a.jpg", (600, 400), (480,)),
        ("a.jpg", (599, 400), ()),
        ("a.tif", (599, 400), (599,)),
        ("a.TIFF", (1800, 900), (480, 960, 1600)),
        ("a.png", (2000, 60_000), (480,)),
        ("a.svg", (4000, 3000), ()),
        ("a.avif", (4000, 3000), ()),
        ("a.ico", (4000, 3000), ()),
    ],
)
def test_copies_are_clearly_narrower_than_their_picture(
    path: str, size: tuple[int, int], widths: tuple[int, ...]
) -> None:
    assert plan_widths(path, Header(*size)) == widths


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_copies_are_upright_however_the_camera_was_held(form: str, orientation: int) -> None:
    if form == "TIFF":
        exif = Image.Exif()
        exif[274] = orientation
        stored = Image.open(io.BytesIO(photograph((900, 600), orientation=orientation)))
        data = save(stored, form, tiffinfo={274: orientation})
    else:
        data = photograph((900, 600), form, orientation=orientation)
    header = measure_bytes(data)
    assert header is not None
    assert header.size == (900, 600)
    for copy, size in zip(develop(data, 480, 720), [(480, 320), (720, 480)], strict=True):
        assert copy.size == size
        assert look(copy) == "red green"
        assert copy.getexif().get(274) is None


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_copies_tell_nothing_but_the_picture(form: str) -> None:
    profile = write_profile("sRGB")
    data = photograph(form=form, placed=True, icc_profile=profile, xmp=b"<x/>", comment=b"mine")
    header = measure_bytes(data)
    assert header is not None
    assert header.has_place
    (copy,) = develop(data)
    assert not {"exif", "xmp", "icc_profile", "comment"} & {*copy.info}
    assert dict(copy.getexif()) == {}
    (made,) = make_renditions(data, (480,))
    assert not any(name in made.data for name in (b"EXIF", b"XMP ", b"ICCP", b"VP8X"))


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "1"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("PNG", "RGBA"),
        ("GIF", "P"),
        ("WEBP", "RGBA"),
        ("BMP", "RGB"),
        ("TIFF", "RGB"),
        ("TIFF", "CMYK"),
    ],
)
def test_copies_look_like_their_picture_in_every_mode(form: str, mode: str) -> None:
    colourful = mode not in ("L", "1", "LA")
    (copy,) = develop(save(paint((900, 600), mode, grain=8), form))
    assert copy.size == (480, 320)
    assert look(copy) == ("red green" if colourful else "")


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    picture = Image.new("I;16", (900, 600), 200 * 256)
    (copy,) = develop(save(picture, "PNG"))
    assert is_like(copy.convert("RGB").getpixel((9, 9)), (200, 200, 200))


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_what_is_transparent_stays_so(mode: str) -> None:
    picture = paint((900, 600), grain=0)
    if mode == "P":
        palette = picture.quantize(2)
        data = save(palette, "PNG", transparency=palette.getpixel((0, 0)))
    else:
        picture.putalpha(
            Image.linear_gradient("L").resize((900, 600)).point(lambda v: 255 * (v > 99))
        )
        data = save(picture, "PNG")
    (copy,) = develop(data)
    assert copy.mode == "RGBA"
    alpha = copy.getchannel("A")
    assert {alpha.getpixel((2, 2)), alpha.getpixel((470, 310))} == {0, 255}


def test_colours_of_another_space_become_those_of_srgb() -> None:
    grey = Image.new("LAB", (900, 600), (0, 128, 128))
    plain = Image.new("RGB", (900, 600), (90, 140, 200))
    profiled = save(plain, "PNG", icc_profile=write_profile("sRGB"))
    assert is_like(develop(profiled)[0].getpixel((9, 9)), (90, 140, 200))
    for profile in (b"no profile", write_profile("LAB"), write_profile("XYZ")):
        (copy,) = develop(save(plain, "PNG", icc_profile=profile))
        assert is_like(copy.getpixel((9, 9)), (90, 140, 200))
    assert develop(save(grey, "TIFF")) == []


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_what_moves_is_left_alone(form: str) -> None:
    assert develop(animate(form)) == []


def test_of_a_file_of_several_pages_the_first_is_shown() -> None:
    pages = [paint((900, 600)), Image.new("RGB", (300, 300))]
    data = save(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    (copy,) = develop(data)
    assert look(copy) == "red green"


def test_a_copy_that_saves_nothing_is_not_used() -> None:
    data = photograph((1200, 800), "WEBP", grain=250, quality=1)
    assert make_renditions(data, (960,)) == ()
    assert make_renditions(data, (960,), keep_all=True) != ()


def test_the_same_picture_makes_the_same_copies_in_another_process() -> None:
    data = photograph((1000, 700))
    made = make_renditions(data, (480, 720))
    assert made == make_renditions(data, (480, 720))
    script = (
        "import sys; from archiver.renditions import make_renditions; "
        "made = make_renditions(sys.stdin.buffer.read(), (480, 720)); "
        "sys.stdout.buffer.write(b''.join(one.data for one in made))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=data, capture_output=True, check=True
    )
    assert done.stdout == b"".join(one.data for one in made)


def test_what_would_take_too_much_memory_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renditions, "MAXIMUM_DECODED", 500_000)
    drawing = save(paint((1200, 800)), "PNG")
    tracemalloc.start()
    assert develop(drawing) == []
    # A JPEG is decoded at a part of its size.
    assert [copy.size for copy in develop(photograph())] == [(480, 320)]
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


WHOLE = {
    form: photograph((600, 300), form, grain=4) for form in ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
}


@pytest.mark.parametrize("form", sorted(WHOLE))
def test_a_damaged_picture_has_no_copies_and_stops_nothing(form: str) -> None:
    whole = WHOLE[form]
    assert develop(whole) != []
    assert develop(whole[: len(whole) // 2]) == []
    assert develop(b"") == develop(b"GIF89a") == []


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_no_bytes_whatever_raise(form: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE[form])
    for offset, byte in changes:
        data[offset % len(data)] = byte
    for one in make_renditions(bytes(data), (480,), keep_all=True):
        assert one.width == 480


def test_noise_is_no_picture() -> None:
    noise = random.Random(7).randbytes(10_000)
    assert develop(noise) == []
