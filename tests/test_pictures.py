"""Pictures in pages: their sizes and copies, and what a build does again when one changes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

import pytest
from PIL import Image

from archiver import renditions, workers
from archiver.build import albums, build_site
from archiver.check import check_built
from archiver.diagnostics import Report
from archiver.staging import read_sums
from archiver.svg import measure_svg
from archiver.urls import rebase_html
from book import Book
from comparing import assert_as_clean
from photographs import animate, paint, photograph, save

MakeBook = Callable[[str], Book]
POST = "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\n"
SHOWN = f'{POST}![The bridge](media/a.jpg "Noon. Credit: The Paper")\n'
BASE = (
    "=== content/site.md\n---\ntitle: T\ntimezone: UTC\nbase_url: https://archive.example/x/\n---\n"
)


@pytest.fixture(scope="module")
def bridge() -> bytes:
    """A wide photograph."""
    return photograph((1800, 300))


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pictures that are decoded from now on, by the digests of their bytes."""
    seen: list[str] = []
    original = renditions.make_renditions

    def note(data: bytes, *arguments: object, **options: object) -> object:
        seen.append(hashlib.sha256(data).hexdigest())
        return original(data, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(albums, "make_renditions", note)
    return seen


def read_image(book: Book, path: str = "event/a.html", selector: str = "img") -> dict[str, str]:
    """The attributes of the first picture of a page."""
    node = book.page(path).css_first(selector)
    assert node is not None
    return {name: value or "" for name, value in node.attributes.items()}


def list_copies(book: Book) -> list[str]:
    """All copies in build/."""
    return sorted(path for path in book.files() if path.endswith(".webp"))


def open_copy(book: Book, path: str) -> Image.Image:
    """A copy, decoded."""
    with Image.open(book.output / path) as copy:
        copy.load()
        assert copy.format == "WEBP"
        return copy.copy()


def test_a_picture_has_its_size_and_copies_and_leads_to_itself(
    book: MakeBook, bridge: bytes
) -> None:
    built = book(SHOWN).write_bytes("content/event/media/a.jpg", bridge).build()
    image = read_image(built)
    assert (image["src"], image["width"], image["height"]) == ("media/a.jpg", "1800", "300")
    assert image["srcset"] == "renditions/a.jpg.480.webp 480w, renditions/a.jpg.960.webp 960w"
    assert image["sizes"].endswith("94vw")
    assert (image["loading"], image["decoding"], image["alt"]) == ("lazy", "async", "The bridge")
    (link,) = built.page("event/a.html").css("figure a")
    assert link.attributes["href"] == "media/a.jpg"
    assert (built.output / "event/media/a.jpg").read_bytes() == bridge
    for path, size in zip(list_copies(built), [(480, 80), (960, 160)], strict=True):
        assert open_copy(built, path).size == size


def test_a_picture_that_its_copies_are_little_wider_than_is_one_to_choose(book: MakeBook) -> None:
    built = book(SHOWN).write_bytes("content/event/media/a.jpg", photograph((800, 400))).build()
    assert read_image(built)["srcset"] == "renditions/a.jpg.480.webp 480w, media/a.jpg 800w"


def test_a_turned_picture_is_measured_as_it_is_shown(book: MakeBook) -> None:
    data = photograph((700, 900), orientation=6)
    built = book(SHOWN).write_bytes("content/event/media/a.jpg", data).build()
    image = read_image(built)
    assert (image["width"], image["height"]) == ("700", "900")
    (path,) = list_copies(built)
    assert open_copy(built, path).size == (480, 617)


def test_small_and_moving_pictures_have_no_copies(book: MakeBook) -> None:
    made = book(SHOWN.replace("a.jpg", "a.gif") + "\n![Small](media/b.jpg)\n")
    made.write_bytes("content/event/media/a.gif", animate("GIF"))
    made.write_bytes("content/event/media/b.jpg", photograph((300, 200))).build()
    assert list_copies(made) == []
    assert {image.attributes["width"] for image in made.page("event/a.html").css("img")} == {
        "900",
        "300",
    }
    assert "srcset" not in made.read("event/a.html")


def test_a_scan_that_no_browser_shows_is_seen_by_its_copies(book: MakeBook) -> None:
    data = save(paint((500, 400)), "TIFF")
    built = (
        book(SHOWN.replace("a.jpg", "a.tif")).write_bytes("content/event/media/a.tif", data).build()
    )
    assert read_image(built)["srcset"] == "renditions/a.tif.500.webp 500w"
    # It cannot be shown over the page either.
    assert "class" not in built.page("event/a.html").css("figure a")[0].attributes


def test_pictures_in_a_line_and_in_embeds_have_their_sizes_too(
    book: MakeBook, bridge: bytes
) -> None:
    text = "A ![flag](media/a.jpg) in a line.\n\n```embed\nprovider: twitter\nmedia: media/a.jpg\n```\n"
    built = book(POST + text).write_bytes("content/event/media/a.jpg", bridge).build()
    inline, embedded = built.page("event/a.html").css("img")
    assert inline.attributes["sizes"] == "10rem"
    for image in (inline, embedded):
        assert (image.attributes["width"], image.attributes["height"]) == ("1800", "300")


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="20" height="10"', (20, 10)),
        ('width="20px" height="1in"', (20, 96)),
        ('viewBox="0 0 400 200"', (1200, 600)),
        ('width="200" viewBox="0,0,400,200"', (200, 100)),
        ('height="50" viewBox="0 0 400 200"', (100, 50)),
        ('width="100%" viewBox="0 0 10 10"', (1200, 1200)),
        ("", (0, 0)),
        ('width="100%"', (0, 0)),
        ('viewBox="0 0 0 0"', (0, 0)),
        ('viewBox="0 0 nan inf"', (0, 0)),
        ('width="1e9" height="1"', (0, 0)),
        ('viewBox="0 0 1 99999"', (0, 0)),
    ],
)
def test_drawings_are_measured_by_what_they_say(attributes: str, size: tuple[int, int]) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><svg width="1"/></svg>'
    assert measure_svg(drawing.encode()) == size


def test_a_damaged_picture_is_shown_as_it_is(book: MakeBook, bridge: bytes) -> None:
    built = book(SHOWN).write_bytes("content/event/media/a.jpg", bridge[:9000]).build()
    assert list_copies(built) == []
    assert read_image(built)["width"] == "1800"


def test_what_is_refused_is_never_decoded(book: MakeBook, decoded: list[str]) -> None:
    huge = save(Image.new("1", (14_000, 14_000)), "PNG")
    made = book(SHOWN).write_bytes("content/event/media/a.jpg", huge).try_build()
    assert made.codes() == ["picture-too-large"]
    assert decoded == []


# Builds that follow


def test_an_unchanged_picture_is_never_decoded_again(
    book: MakeBook, bridge: bytes, decoded: list[str]
) -> None:
    built = book(SHOWN).write_bytes("content/event/media/a.jpg", bridge).build()
    assert len(decoded) == 1
    built.write(SHOWN + "\nMore words.\n").build()
    (built.root / "themes/own").mkdir(parents=True)
    built.write(
        "=== content/site.md\n---\ntitle: Another\ntimezone: UTC\ntheme: own\n---\n"
    ).build()
    # Its bytes are the same, whatever its file is like.
    photo = built.root / "content/event/media/a.jpg"
    photo.unlink()
    photo.write_bytes(bridge)
    os.utime(photo, (981_173_106, 981_173_106))
    assert_as_clean(built.build())
    assert decoded == [*{*decoded}] * 2  # the second one is that of the clean build
    built.write(SHOWN).build()
    assert len(decoded) == 2


def test_what_another_archiver_has_copied_need_not_be_copied_again(
    book: MakeBook, bridge: bytes, decoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    built = book(SHOWN).write_bytes("content/event/media/a.jpg", bridge).build()
    monkeypatch.setattr("archiver.build.settled.digest_installed", lambda: b"another release")
    assert built.build().result.changed == 0
    assert len(decoded) == 1
    # Other libraries may make other bytes.
    monkeypatch.setattr(albums, "name_recipe", lambda: b"another encoder")
    built.write(SHOWN + "\nWords.\n").build()
    assert len(decoded) == 2


def test_a_picture_that_comes_changes_and_goes_changes_the_pages_that_show_it(
    book: MakeBook, bridge: bytes
) -> None:
    other = POST.replace("a.md", "b.md")
    built = assert_as_clean(book(f"{SHOWN}{other}Words\n").build())
    written = (built.output / "event/b.html").stat().st_ino
    built.write_bytes("content/event/media/a.jpg", bridge)
    assert len(list_copies(assert_as_clean(built.build()))) == 2
    built.write_bytes("content/event/media/a.jpg", photograph((700, 900)))
    assert len(list_copies(assert_as_clean(built.build()))) == 1
    assert read_image(built)["width"] == "700"
    built.remove("content/event/media/a.jpg")
    assert list_copies(assert_as_clean(built.build())) == []
    assert (built.output / "event/b.html").stat().st_ino == written


def test_a_copy_that_was_changed_or_is_gone_is_made_again(book: MakeBook, bridge: bytes) -> None:
    built = book(SHOWN).write_bytes("content/event/media/a.jpg", bridge).build()
    small, large = (built.output / path for path in list_copies(built))
    small.unlink()
    large.write_bytes(b"by hand")
    assert built.build().codes() == ["output-changed"]
    assert_as_clean(built)


def test_copies_of_a_picture_that_is_withheld_are_withheld(book: MakeBook, bridge: bytes) -> None:
    gone = POST.replace("a.md", "b.md").replace("---\n", "---\nwithdrawn: {date: 2018-01-01}\n", 1)
    built = book(f"{POST}Words\n{gone}").write_bytes("content/event/media/a.jpg", bridge).build()
    assert built.codes() == ["withheld-media"]
    assert [path for path in built.files() if "a.jpg" in path] == []
    # Nor do they stay where the picture was published before.
    built = book(f"{SHOWN}{gone}").build()
    assert len(list_copies(built)) == 2
    assert list_copies(assert_as_clean(built.write(f"{POST}Words\n").build())) == []


def test_processes_share_pictures_and_progress_counts_them(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "WORTH_SHARING", 0)
    made = book("".join(SHOWN.replace("a.", f"{number}.") for number in range(4)))
    for number in range(4):
        made.write_bytes(f"content/event/media/{number}.jpg", photograph((700, 300 + number)))
    alone = made.build(jobs=1, clean=True).files()
    told: list[tuple[object, ...]] = []
    build_site(
        made.root, made.root / "shared", jobs=2, progress=lambda *how_far: told.append(how_far)
    )
    assert read_sums(made.root / "shared") == read_sums(made.output)
    assert len([path for path in alone if path.endswith(".webp")]) == 4
    assert told[:4] == [(number, 4, "pictures") for number in range(1, 5)]
    assert told[4:] == [(4, 4)]


# What else reads pages


def test_a_check_finds_a_copy_that_is_missing(book: MakeBook, bridge: bytes) -> None:
    built = book(SHOWN).write_bytes("content/event/media/a.jpg", bridge).build()
    (built.output / list_copies(built)[0]).unlink()
    report = Report()
    (built.output / "SHA256SUMS").write_text("")
    for page in ("event/a.html",):
        digest = hashlib.sha256((built.output / page).read_bytes()).hexdigest()
        (built.output / "SHA256SUMS").write_text(f"{digest}  {page}\n")
    check_built(built.output, report)
    assert any("a.jpg.480.webp" in problem.message for problem in report.problems)


def test_a_check_tells_the_same_as_a_build_and_decodes_nothing(
    book: MakeBook, decoded: list[str]
) -> None:
    placed = photograph((700, 300), placed=True)
    made = book(SHOWN).write_bytes("content/event/media/a.jpg", placed)
    assert made.check().codes() == ["tells-place"]
    assert decoded == []
    assert made.build().codes() == made.build().codes() == ["tells-place"]


def test_feeds_lead_to_copies_from_where_they_are(book: MakeBook, bridge: bytes) -> None:
    built = book(BASE + SHOWN).write_bytes("content/event/media/a.jpg", bridge).build()
    (item,) = built.json("feed.json")["items"]
    home = "https://archive.example/x/event"
    assert (
        f'srcset="{home}/renditions/a.jpg.480.webp 480w, {home}/renditions' in item["content_html"]
    )
    assert rebase_html('<img srcset="a 1w, b 2w">', "c/") == '<img srcset="c/a 1w, c/b 2w">'


def test_names_with_commas_and_spaces_stay_whole(book: MakeBook) -> None:
    name = "a, b ,.jpg"
    made = book(POST + "![What](<media/a, b ,.jpg>)\n").write_bytes(
        f"content/event/media/{name}", photograph((800, 300))
    )
    srcset = read_image(made.build())["srcset"]
    assert srcset == "renditions/a,%20b%20,.jpg.480.webp 480w, media/a,%20b%20,.jpg 800w"
    report = Report()
    check_built(made.output, report)
    assert report.problems == ()


# Shared links


def read_shared(book: Book, path: str) -> dict[str, str]:
    """What Open Graph says in a page."""
    found = book.page(path).css("meta[property]")
    return {f"{node.attributes['property']}": f"{node.attributes['content']}" for node in found}


def test_an_entry_is_shared_with_its_title_times_and_first_picture(
    book: MakeBook, bridge: bytes
) -> None:
    post = SHOWN.replace("---\n", "---\ntitle: The & bridge\nupdated: 2017-03-24T01:00:00Z\n", 1)
    built = (
        book(BASE + post + "\nWords.\n").write_bytes("content/event/media/a.jpg", bridge).build()
    )
    assert read_shared(built, "event/a.html") == {
        "og:site_name": "T",
        "og:locale": "en",
        "og:description": "Words.",
        "og:title": "The & bridge",
        "og:type": "article",
        "article:published_time": "2017-03-23T20:25:00Z",
        "article:modified_time": "2017-03-24T01:00:00Z",
        "og:image": "https://archive.example/x/event/media/a.jpg",
        "og:image:width": "1800",
        "og:image:height": "300",
        "og:image:alt": "The bridge",
    }
    assert read_shared(built, "event/index.html")["og:image"].endswith("/x/event/media/a.jpg")
    assert read_shared(built, "index.html")["og:type"] == "website"


def test_no_picture_is_shared_from_where_nobody_knows(book: MakeBook, bridge: bytes) -> None:
    built = book(SHOWN).write_bytes("content/event/media/a.jpg", bridge).build()
    for path in ("event/a.html", "event/index.html"):
        assert "og:image" not in read_shared(built, path)


def test_the_picture_of_a_key_event_stands_for_a_coverage(book: MakeBook) -> None:
    posts = [SHOWN.replace("a.", f"{name}.") for name in "abc"]
    posts[1] = posts[1].replace("---\n", "---\nkey: true\n", 1)
    made = book(BASE + "".join(posts))
    for name in "abc":
        made.write_bytes(f"content/event/media/{name}.jpg", photograph((300, 250)))
    assert_as_clean(made.build())
    assert read_shared(made, "event/index.html")["og:image"].endswith("b.jpg")
    made.write(posts[1].replace("key: true\n", ""))
    assert_as_clean(made.build())
    assert read_shared(made, "event/index.html")["og:image"].endswith("a.jpg")
