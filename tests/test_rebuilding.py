"""What changed is built again, and only that: the important cases, one by one."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from archiver.staging import SUMS
from book import Book, list_digests
from comparing import assert_as_clean, build_clean, find_ledger, list_differences, list_stamps

pytestmark = pytest.mark.usefixtures("compiled_once")

MakeBook = Callable[[str], Book]
ROOT = Path(__file__).parents[1]
PAST, FUTURE = 981_173_106, 4_070_908_800  # seconds: in 2001, in 2099
POST_TEXT = "---\ndate: 2017-03-{day}T{hour:02}:00:00Z\n{more}---\n{words}\n"
LONG = "=== content/site.md\n---\ntitle: S\nlanguage: en-GB\ntimeline_page_size: 3\n---\n"


def write_post(path: str, words: str, day: int = 21, hour: int = 9, more: str = "") -> str:
    """A post as one section of a book."""
    return f"=== {path}\n" + POST_TEXT.format(day=day, hour=hour, more=more, words=words)


def write_keeping_time(path: Path, text: str) -> None:
    """Write a file so that its time, and its size if the text is as long, stay what they were."""
    status = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def list_changed(book: Book, before: Mapping[str, str]) -> set[str]:
    """The files of the site that are not what they were, but the list of digests."""
    return set(list_differences(before, book.files())) - {SUMS}


def list_index(book: Book, stem: str) -> set[str]:
    """The files of the index with the words of some posts: their texts, and the terms of a small site."""
    shards = (path for path in book.files() if path.startswith("search/terms/"))
    return {f"search/texts/{stem}.js", *(path for path in shards if path.endswith("/0.js"))}


def run_archiver(code: Path, root: Path, *options: str) -> None:
    """A build by the archiver that lies in a folder, in a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "archiver", "build", "--root", str(root), *options],
        env={**os.environ, "PYTHONPATH": str(code / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        capture_output=True,
    )


def test_an_edit_of_the_same_size_and_time_right_after_a_build_is_seen(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words 00")).build()
    path = built.root / "content/event/a.md"
    # The clock of a disk stands still for some milliseconds: of many edits, some come within one.
    for number in range(30):
        write_keeping_time(path, path.read_text().replace(path.read_text()[-3:], f"{number:02}\n"))
        assert f"Words {number:02}" in built.build().read("event/a.html")
    assert_as_clean(built)


def test_a_file_put_in_the_place_of_another_of_its_size_and_time_is_seen(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words A") + write_post("b.md", "Words B"))
    a, b = (built.root / f"content/event/{name}.md" for name in "ab")
    for path in (a, b):
        os.utime(path, (PAST, PAST))
    built.build()
    a.rename(a.with_suffix(".aside"))
    b.rename(a)
    a.with_suffix(".aside").rename(b)
    assert "Words B" in built.build().read("event/a.html")
    assert_as_clean(built)


def test_a_file_that_changes_while_the_site_is_built_is_seen_by_the_next_build(
    book: MakeBook,
) -> None:
    built = book(write_post("a.md", "Words 000")).build()
    path = built.root / "content/event/a.md"
    number = 0

    def edit(*progress: int) -> None:
        nonlocal number
        number += 1
        write_keeping_time(path, path.read_text()[:-4] + f"{number:03}\n")

    for _ in range(40):
        # Two edits between which the disk's clock may not have moved, and a build that saw the first.
        edit()
        built.build(progress=edit)
        assert f"Words {number:03}" in built.build().read("event/a.html")
    assert number == 80
    assert_as_clean(built)


def test_a_file_behind_a_link_is_seen_to_change(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words") + "=== content/event/media/notes.csv\n1\n")
    (built.root / "content/event/b.md").symlink_to("a.md")
    (built.root / "content/event/media/same.csv").symlink_to("notes.csv")
    built.build().write(write_post("a.md", "Other words")).build()
    assert "Other words" in built.read("event/b.html")
    built.write("=== content/event/media/notes.csv\n2\n").build()
    assert built.read("event/media/same.csv") == "2\n"


def test_an_older_file_brought_back_is_seen(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words")).build()
    path = built.root / "content/event/a.md"
    copy = shutil.copy2(path, built.root / "copy.md")
    built.write(write_post("a.md", "Other words")).build()
    Path(copy).rename(path)
    assert "<p>Words</p>" in built.build().read("event/a.html")
    assert_as_clean(built)


def test_a_link_to_a_post_that_was_renamed_is_an_error_in_a_file_that_did_not_change(
    book: MakeBook,
) -> None:
    built = book(
        write_post("a.md", "Words") + write_post("content/other/b.md", "See [a](../event/a.md).")
    ).build()
    before = built.files()
    path = built.root / "content/event/a.md"
    path.rename(path.with_name("c.md"))
    built.try_build()
    assert [(one.code, one.place.path) for one in built.result.problems] == [
        ("broken-link", "content/other/b.md")
    ]
    assert built.files() == before
    path.with_name("c.md").rename(path)
    assert built.build().files() == before
    assert_as_clean(built)


def test_a_link_follows_a_post_whose_permalink_changes(book: MakeBook) -> None:
    built = book(
        write_post("a.md", "Words") + write_post("content/other/b.md", "See [a](../event/a.md).")
    ).build()
    built.write(write_post("a.md", "Words", more="slug: elsewhere\n")).build()
    assert "../event/elsewhere.html" in built.read("other/b.html")
    assert_as_clean(built)


def test_a_link_to_a_post_that_becomes_a_draft_is_an_error_in_a_file_that_did_not_change(
    book: MakeBook,
) -> None:
    built = book(
        write_post("a.md", "Words") + write_post("content/other/b.md", "See [a](../event/a.md).")
    ).build()
    built.write(write_post("a.md", "Words", more="draft: true\n")).try_build()
    assert [(one.code, one.place.path) for one in built.result.problems] == [
        ("broken-link", "content/other/b.md")
    ]
    assert_as_clean(built.write(write_post("a.md", "Words")).build())


def test_a_heading_that_is_gone_is_an_error_in_a_file_of_another_coverage_that_did_not_change(
    book: MakeBook,
) -> None:
    built = book(
        write_post("a.md", "Words\n\n## The bridge\n\nMore")
        + write_post("content/other/b.md", "See [it](../event/a.md#the-bridge).")
    ).build()
    before = built.files()
    built.write(write_post("a.md", "Words\n\n## The river\n\nMore")).try_build()
    (problem,) = built.result.problems
    assert (problem.code, problem.place.path) == ("broken-fragment", "content/other/b.md")
    assert "#the-bridge" in problem.place.excerpt
    assert built.files() == before
    # A failed build does not make the next one forget it.
    assert built.try_build().codes() == ["broken-fragment"]
    built.write(write_post("a.md", "Words\n\n## The bridge\n\nLess")).build()
    assert_as_clean(built)


def test_a_warning_is_told_again_by_every_build_until_it_is_mended(book: MakeBook) -> None:
    built = book(
        write_post("a.md", "![The bridge](media/a.png)") + write_post("content/other/b.md", "Words")
    ).build()
    assert built.codes() == ["missing-picture"]
    assert built.build().codes() == ["missing-picture"]
    built.write(write_post("content/other/b.md", "Other words")).build()
    assert built.codes() == ["missing-picture"]
    assert built.try_build(strict=True).result.failed
    assert built.write_bytes("content/event/media/a.png").build().codes() == []
    assert 'src="media/a.png"' in built.read("event/a.html")
    assert_as_clean(built)


def test_an_error_is_told_again_by_every_build_until_it_is_mended(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words") + write_post("content/other/b.md", "Words")).build()
    built.write("=== b.md\n---\nno date\n---\nWords\n").try_build()
    told = built.result.problems
    assert built.result.failed
    assert built.try_build().result.problems == told
    assert_as_clean(built.remove("content/event/b.md").build())


def test_the_first_words_of_a_post_change_its_neighbours_lists_and_feeds(book: MakeBook) -> None:
    names = "byline: Ana\ntags: [bridge]\n"
    built = book(
        LONG
        + "".join(
            write_post(f"p{hour}.md", f"What was known at {hour}", hour=hour, more=names)
            for hour in range(10, 15)
        )
        + write_post("content/other/b.md", "Words", more="byline: Ben\n")
    ).build()
    before = built.files()
    built.write(write_post("p12.md", "Nothing was known", hour=12, more=names)).build()
    assert list_changed(built, before) == {
        *(f"event/p{hour}.html" for hour in (11, 12, 13)),
        *("event/2017-03-21T12.html", "event/2017-03-21.html", "event/index.html"),
        *("event/newest.html", "event/coverage.json"),
        *("event/feed.xml", "event/feed.json", "feed.xml", "feed.json"),
        *("contributors/ana.html", "tags/bridge.html"),
        *list_index(built, "event/2017-03-21T10.0"),
    }
    assert_as_clean(built)


def test_a_late_post_moves_only_its_own_day(book: MakeBook) -> None:
    built = book(
        LONG
        + "".join(
            write_post(f"p{day}-{hour}.md", f"Words of {day} at {hour}", day, hour)
            for day in (20, 21, 22, 23)
            for hour in (9, 10)
        )
    ).build()
    before = list_stamps(built.output)
    built.write(write_post("late.md", "Told late", 21, 11)).build()
    after = list_stamps(built.output)
    written = {path for path in after if after[path] != before.get(path)}
    assert "event/2017-03-21.html" in written
    for day in (20, 22, 23):
        assert f"event/2017-03-{day}.html" not in written
        assert f"event/p{day}-10.html" not in written
    assert_as_clean(built)


THEME_EDITS = {
    "entry.html": {"event/a.html", "other/b.html"},
    "parts/colophon.html": None,
    "parts/media.html": {"event/a.html", "event/index.html", "event/newest.html"},
    "words/en.toml": None,
    "assets/style.css": {"assets/style.css"},
    "assets/new.css": {"assets/new.css"},
}


@pytest.mark.parametrize("name", THEME_EDITS)
@pytest.mark.parametrize("clock", ["now", "as it was"])
def test_a_theme_that_is_edited_changes_the_pages_that_it_makes(
    book: MakeBook, name: str, clock: str
) -> None:
    built = book(
        "=== content/site.md\n---\ntitle: S\ntheme: own\n---\n"
        + write_post("a.md", "Words\n\n![The bridge](media/a.png)")
        + "=== content/event/media/a.png\n"
        + write_post("content/other/b.md", "Words", day=22)
    )
    plain = ROOT / "themes/default" / name
    text = plain.read_text(encoding="utf-8") if plain.is_file() else "p{}\n"

    def mark(word: str) -> str:
        if name.endswith(".toml"):
            return text.replace('"Contributors"', f'"{word}"')
        block = "{% block main %}"
        return text.replace(block, block + word, 1) if block in text else text + word

    built.write(f"=== themes/own/{name}\n{mark('One')}").build()
    before = built.files()
    path = built.root / "themes/own" / name
    if clock == "now":
        path.write_text(mark("Two"), encoding="utf-8")
    else:
        write_keeping_time(path, mark("Two"))
    changed = list_changed(built.build(), before)
    expected = THEME_EDITS[name]
    pages = {page for page in before if page.endswith(".html")}
    # What a page shows that nobody sees is not told here: feeds show pictures, too.
    found = {page for page in changed if page.endswith((".html", ".css"))}
    assert found == (pages if expected is None else expected)
    assert_as_clean(built)
    before = built.files()
    path.unlink()
    built.write("=== themes/own/assets/rest.css\np{}\n").build()
    assert list_changed(built, before) == changed | {"assets/rest.css"}
    assert_as_clean(built)


def test_a_template_that_breaks_and_is_mended_leaves_the_site_as_it_was(book: MakeBook) -> None:
    built = book(f"=== content/site.md\n---\ntitle: S\ntheme: own\n---\n{write_post('a.md', 'W')}")
    built.write_bytes("themes/own/assets/extra.css", b"").build()
    before = list_stamps(built.output)
    built.write("=== themes/own/entry.html\n{% if\n").try_build()
    assert built.codes() == ["template-error"]
    built.remove("themes/own/entry.html").build()
    assert list_stamps(built.output) == before
    assert_as_clean(built)


def test_a_ledger_of_another_version_is_not_believed(tmp_path: Path) -> None:
    """Another version is a copy of the code in which pages and feeds are written otherwise."""
    other = tmp_path / "other"
    for name in ("src/archiver", "themes/default"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    edits = {
        "src/archiver/feeds.py": ("https://jsonfeed.org/version/1.1", "https://jsonfeed.org/9"),
        "src/archiver/pages/linked_data.py": ('"BlogPosting"', '"Article"'),
        "themes/default/entry.html": ("{% block main %}", "{% block main %}<!-- other -->"),
    }
    for name, (one, two) in edits.items():
        text = (other / name).read_text(encoding="utf-8")
        assert one in text
        (other / name).write_text(text.replace(one, two), encoding="utf-8")
    book = Book(tmp_path / "archive", write_post("a.md", "Words"))
    run_archiver(ROOT, book.root)
    ours = book.files()
    run_archiver(other, book.root)
    theirs = book.files()
    assert {"event/a.html", "event/feed.json"} <= set(list_differences(ours, theirs))
    run_archiver(other, book.root, "--output", str(tmp_path / "clean"))
    assert theirs == list_digests(tmp_path / "clean")
    run_archiver(ROOT, book.root)
    assert book.files() == ours


@pytest.fixture
def patience() -> Iterator[None]:
    """Who waits at one end of a pipe for more than some seconds is interrupted."""

    def give_up(*_: object) -> None:
        raise AssertionError("nobody is at the other end")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("there", ["folder", "link", "pipe"])
def test_where_no_ledger_can_be_kept_the_site_is_built_all_the_same(
    book: MakeBook, there: str
) -> None:
    """In the ledger's place lies what no file can take the place of, or what leads elsewhere."""
    built = book(write_post("a.md", "Words"))
    ledger, victim = find_ledger(built.output), built.root / "victim"
    victim.write_text("precious")
    if there == "folder":
        (ledger / "deep").mkdir(parents=True)
    elif there == "link":
        ledger.symlink_to(victim)
    else:
        os.mkfifo(ledger)
    assert built.build().codes() == []
    built.write(write_post("a.md", "Other words")).build()
    assert "Other words" in built.read("event/a.html")
    assert victim.read_text() == "precious"
    if there == "folder":
        assert (ledger / "deep").is_dir()
    assert_as_clean(built)


def test_a_folder_that_lets_no_ledger_be_written_gets_its_site(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write anywhere, so a refusal to open or move the one file stands for it."""
    built = book(write_post("a.md", "Words"))
    ledger = find_ledger(built.output)
    with refuse_file(ledger.name, PermissionError(13, "Permission denied")):
        built.build()
        built.write(write_post("a.md", "Other words")).build()
    assert "Other words" in built.read("event/a.html")
    assert_as_clean(built)


@contextmanager
def refuse_file(name: str, error: OSError) -> Iterator[None]:
    """No file whose name begins so can be opened for writing or put in place."""
    with pytest.MonkeyPatch.context() as patch:
        for function in ("open", "replace", "rename"):
            original = getattr(os, function)

            def refuse(*arguments: Any, original: Any = original, **options: Any) -> Any:
                writes = original.__name__ != "open" or arguments[1] & (os.O_WRONLY | os.O_RDWR)
                names = [Path(os.fsdecode(one)).name for one in arguments if is_path(one)]
                if writes and any(one.startswith(name) for one in names):
                    raise OSError(error.errno, error.strerror, str(arguments[0]))
                return original(*arguments, **options)

            patch.setattr(os, function, refuse)
        opened = io.open

        def refuse_open(file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
            if is_path(file) and Path(file).name.startswith(name) and set(mode) & set("wax+"):
                raise OSError(error.errno, error.strerror, str(file))
            return opened(file, mode, *rest, **options)

        patch.setattr(io, "open", refuse_open)
        patch.setattr("builtins.open", refuse_open)
        yield


def is_path(value: object) -> bool:
    """Whether a value names a file."""
    return isinstance(value, str | bytes | os.PathLike)


def test_a_ledger_that_says_nothing_true_does_no_harm(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words") + write_post("content/other/b.md", "Words")).build()
    ledger = find_ledger(built.output)
    whole = ledger.read_bytes() if ledger.is_file() else b""
    for data in (b"", b"\0" * 100, b"{}", b"[]", b"null", whole[:-1], whole * 2, whole[::-1]):
        ledger.write_bytes(data)
        built.write(write_post("a.md", f"Words {len(data)}")).build()
        assert_as_clean(built)


def test_a_bit_of_the_ledger_that_is_another_does_no_harm(book: MakeBook) -> None:
    """Here and there in it, with nothing changed since, and then with a post changed."""
    built = book(
        write_post("a.md", "Words") + write_post("content/other/b.md", "![Lost](media/lost.png)")
    ).build()
    ledger = find_ledger(built.output)
    for step in range(40):
        data = bytearray(ledger.read_bytes() if ledger.is_file() else b"?")
        data[len(data) * step // 40] ^= 1 << step % 8
        ledger.write_bytes(data)
        assert_as_clean(built.build())
        built.write(write_post("a.md", f"Words {step}")).build()
        assert list_differences(built.files(), build_clean(built.root).files) == []


def test_the_ledger_of_one_archive_is_not_believed_by_another(tmp_path: Path) -> None:
    one = Book(tmp_path / "one", write_post("a.md", "Words A"))
    other = Book(tmp_path / "other", write_post("a.md", "Words B"))
    for book in (one, other):
        for path in (book.root / "content").rglob("*"):
            os.utime(path, (PAST, PAST))
        book.output = tmp_path / "site"
    for _ in range(2):
        assert "Words A" in one.build().read("event/a.html")
        assert "Words B" in other.build().read("event/a.html")
    assert_as_clean(other)


def test_one_coverage_and_then_all_in_the_same_folder(book: MakeBook) -> None:
    built = book(
        write_post("a.md", "[b](../other/b.md)") + write_post("content/other/b.md", "Words")
    )
    built.build()
    built.build(only="event")
    assert not (built.output / "other").exists()
    assert built.codes() == ["link-left-out"]
    assert built.build().codes() == []
    assert_as_clean(built)


def test_an_older_copy_of_the_site_in_its_place_is_brought_up_to_date(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words") + write_post("b.md", "Words", hour=10)).build()
    copy = shutil.copytree(built.output, built.root / "copy")
    built.write(write_post("a.md", "Other words")).build()
    shutil.rmtree(built.output)
    copy.rename(built.output)
    assert built.build().codes() == []
    assert "Other words" in built.read("event/a.html")
    assert_as_clean(built)


def test_a_built_file_that_was_deleted_comes_back(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words") + "=== content/event/media/a.csv\n1\n").build()
    for path in ("event/a.html", "event/media/a.csv", "index.html", "assets/style.css", SUMS):
        (built.output / path).unlink()
        assert built.build().codes() == []
        assert built.result.changed == (path != SUMS)
        assert_as_clean(built)
    shutil.rmtree(built.output / "event")
    assert_as_clean(built.build())
    shutil.rmtree(built.output)
    assert_as_clean(built.build())


@pytest.mark.parametrize("path", ["event/a.html", "event/media/a.csv", "index.html", "feed.xml"])
def test_a_built_file_changed_by_hand_is_restored_whatever_its_size_and_time(
    book: MakeBook, path: str
) -> None:
    built = book(write_post("a.md", "Words") + "=== content/event/media/a.csv\n1\n").build()
    file = built.output / path
    for number in range(10):
        text = file.read_text(encoding="utf-8")
        write_keeping_time(file, f"{number}{text[1:]}")
        built.build()
        # With the first letter as it was, nothing was changed by hand.
        assert built.codes() == ["output-changed"] * (text[0] != f"{number}")
        assert file.read_text(encoding="utf-8") == text
    assert_as_clean(built)


def test_a_list_of_digests_that_was_changed_by_hand_is_restored(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words")).build()
    sums = (built.output / SUMS).read_text()
    lines = sums.splitlines(keepends=True)
    for changed in (sums[:-1], "".join(lines[1:]), sums.replace("a", "b", 1), sums + sums, ""):
        write_keeping_time(built.output / SUMS, changed)
        assert not built.build().result.failed
        assert (built.output / SUMS).read_text() == sums
    assert_as_clean(built)


def test_media_that_come_change_and_go_change_the_pages_that_show_them(book: MakeBook) -> None:
    shown = "![The bridge](media/a.png)\n\n![Map](media/map.svg)"
    built = book(write_post("a.md", shown) + write_post("content/other/b.md", "Words")).build()
    assert built.codes() == ["missing-picture", "missing-picture"]
    built.write_bytes("content/event/media/a.png").build()
    assert 'src="media/a.png"' in built.read("event/a.html")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script><path d="M{}"/></svg>'
    for number in range(3):
        (built.root / "content/event/media/map.svg").write_text(drawing.format(number))
        assert built.build().codes() == ["svg-cleaned"]
        assert f"M{number}" in built.read("event/media/map.svg")
        assert_as_clean(built)
    built.remove("content/event/media/a.png").build()
    assert not (built.output / "event/media/a.png").exists()
    assert built.codes() == ["missing-picture", "svg-cleaned"]
    assert_as_clean(built)


def test_a_setting_of_the_site_that_changes_is_seen_on_every_page(book: MakeBook) -> None:
    built = book(LONG + write_post("a.md", "Words") + write_post("content/other/b.md", "Words"))
    built.build()
    for field in ("title: T", "title: T\nbase_url: https://a.example/", "title: T\nlanguage: fr"):
        before = built.files()
        built.write(f"=== content/site.md\n---\n{field}\n---\n").build()
        assert {"event/a.html", "other/b.html", "feed.xml"} <= list_changed(built, before)
        assert_as_clean(built)


def test_a_notice_of_a_coverage_changes_all_its_pages_and_no_others(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words") + write_post("content/other/b.md", "Words")).build()
    before = built.files()
    built.write("=== content/event/coverage.md\n---\ntitle: An event\nnotice: N\n---\n").build()
    changed = list_changed(built, before)
    assert {"event/a.html", "event/index.html"} <= changed
    assert not any(path.startswith("other/") for path in changed)
    assert_as_clean(built)


def test_two_coverages_change_names(book: MakeBook) -> None:
    built = book(write_post("a.md", "Words A") + write_post("content/other/a.md", "Words B"))
    content = built.build().root / "content"
    (content / "event").rename(content / "aside")
    (content / "other").rename(content / "event")
    (content / "aside").rename(content / "other")
    assert "Words B" in built.build().read("event/a.html")
    assert_as_clean(built)


@pytest.mark.parametrize("when", [PAST, FUTURE])
def test_clocks_that_are_put_back_or_forward_hide_no_change(book: MakeBook, when: int) -> None:
    built = book(write_post("a.md", "Words 0"))
    path = built.root / "content/event/a.md"
    for number in range(1, 6):
        path.write_text(path.read_text()[:-2] + f"{number}\n")
        os.utime(path, (when, when))
        os.utime(built.root / "content/event", (when, when))
        assert f"Words {number}" in built.build().read("event/a.html")
    assert_as_clean(built)
