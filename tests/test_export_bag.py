"""Bags: judged by the Library of Congress's own tool, and built again from what is in them."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from archiver.build import build_site
from archiver.cli import cli
from archiver.urls import digest_permalink
from book import Book, list_digests
from exporting import LEFT_OUT, SECRET, digest, export, write_archive


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return write_archive(tmp_path_factory.mktemp("bag"))


@pytest.fixture(scope="module")
def bag(book: Book) -> Path:
    """A bag that is a folder."""
    target = book.root / "kept.bag"
    export(book.root, "bag", "--output", str(target))
    return target


def judge(bag: Path) -> bool:
    """Whether `bagit.py --validate` passes."""
    command = [sys.executable, "-W", "ignore", "-m", "bagit", "--validate", "--quiet", str(bag)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_bag_is_valid_and_one_that_was_changed_is_not(bag: Path) -> None:
    assert judge(bag)
    page = bag / "data/site/index.html"
    kept = page.read_bytes()
    page.write_bytes(kept.replace(b"archive", b"Archive", 1))
    assert not judge(bag)
    page.write_bytes(kept)


@pytest.mark.parametrize("ending", ["tar", "zip"])
def test_a_bag_in_one_file_holds_the_same(book: Book, bag: Path, ending: str) -> None:
    target = book.root / f"one.{ending}"
    export(book.root, "bag", "--output", str(target))
    unpacked = book.root / f"unpacked-{ending}"
    if ending == "tar":
        with tarfile.open(target) as tar:
            assert {(one.mode, one.uid, one.uname, one.mtime) for one in tar} == {
                (0o644, 0, "", 1701421200)
            }
            tar.extractall(unpacked, filter="data")
    else:
        with zipfile.ZipFile(target) as archive:
            assert {one.date_time for one in archive.infolist()} == {(2023, 12, 1, 9, 0, 0)}
            archive.extractall(unpacked)
    assert judge(unpacked / "one")
    assert list_digests(unpacked / "one") == list_digests(bag)


def test_a_bag_says_what_it_is_with_a_date_from_the_content(bag: Path) -> None:
    told = (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    held = digest((bag.parent / "content/flood/captures/held.html").read_bytes())
    files = [path for path in (bag / "data").rglob("*") if path.is_file()]
    assert told[:4] == [
        "External-Description: All that an export must think of",
        "External-Identifier: https://archive.example/news",
        "Bagging-Date: 2023-12-01",
        f"Payload-Oxum: {sum(path.stat().st_size for path in files)}.{len(files)}",
    ]
    assert f"Withheld-Capture-SHA256: {held}" in told


def test_a_bag_holds_what_is_published_as_it_is_and_nothing_else(book: Book, bag: Path) -> None:
    given = list_digests(bag / "data/content")
    there = list_digests(book.root / "content")
    stone = "flood/2017-10-30-gone.md"
    assert set(there) - set(given) == {path.removeprefix("content/") for path in LEFT_OUT}
    assert {path for path in given if given[path] != there[path]} == {stone}
    assert list_digests(bag / "data/site") == list_digests(book.root / "build")


def test_a_withdrawn_post_is_a_tombstone_in_a_bag(bag: Path) -> None:
    stone = (bag / "data/content/flood/2017-10-30-gone.md").read_text(encoding="utf-8")
    assert stone == (
        "---\ndate: '2017-10-30'\norder: '2'\nwithdrawn:\n  date: '2018-01-01'\n"
        "  by: The editor\n  reason: A court order\n---\n"
    )
    assert SECRET not in "".join(
        path.read_bytes().decode(errors="replace") for path in bag.rglob("*") if path.is_file()
    )


def test_the_same_site_can_be_built_of_what_is_in_a_bag(bag: Path, tmp_path: Path) -> None:
    result = build_site(bag / "data", tmp_path / "again")
    assert not result.failed
    assert list_digests(tmp_path / "again") == list_digests(bag / "data/site")


def test_a_theme_of_the_sites_own_goes_with_it(tmp_path: Path) -> None:
    site = "=== content/site.md\n---\ntitle: T\ntheme: own\n---\n"
    post = "=== a.md\n---\ndate: 2017-03-23T10:00:00Z\n---\nWords\n"
    book = Book(tmp_path, f"{site}=== themes/own/words/en.toml\nhome = 'Home'\n{post}")
    export(book.root, "bag", "--output", str(tmp_path / "x.bag"))
    assert (tmp_path / "x.bag/data/themes/own/words/en.toml").is_file()
    assert judge(tmp_path / "x.bag")


def test_a_folder_that_is_no_bag_is_never_replaced(book: Book, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/one.txt").write_text("Dear", encoding="utf-8")
    result = export(book.root, "bag", "--output", str(tmp_path / "letters"), "--force", fails=True)
    assert result.exit_code == 1
    assert "holds no bagit.txt" in result.output
    assert list_digests(tmp_path) == {"letters/one.txt": digest(b"Dear")}


def test_a_bag_takes_the_place_of_an_older_one(book: Book, tmp_path: Path) -> None:
    target = tmp_path / "x.bag"
    export(book.root, "bag", "--output", str(target))
    (target / "data/more.txt").write_text("more", encoding="utf-8")
    export(book.root, "bag", "--output", str(target), "--force")
    assert judge(target)
    assert [path.name for path in tmp_path.iterdir()] == ["x.bag"]


def test_a_name_that_cannot_be_handed_over_is_told(tmp_path: Path) -> None:
    book = Book(tmp_path, "=== a.md\n---\ndate: 2017-03-23T10:00:00Z\n---\nWords\n")
    (tmp_path / "outside.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "content/event/captures").mkdir()
    (tmp_path / "content/event/captures/link.html").symlink_to(tmp_path / "outside.txt")
    result = export(book.root, "bag", "--output", str(tmp_path / "x.bag"), fails=True)
    assert result.exit_code == 1
    assert (
        "content/event/captures/link.html cannot be handed over: the link leads out"
        in result.output
    )
    assert not (tmp_path / "x.bag").exists()


def test_a_seal_that_names_what_may_not_be_told_stays_behind(tmp_path: Path) -> None:
    name = "2017-10-31-a-name-that-gives-it-away"
    post = "---\ndate: 2017-10-31T09:00:00Z\n---\nWords\n"
    book = write_archive(tmp_path).write(f"=== content/flood/{name}.md\n{post}")
    assert CliRunner().invoke(cli, ["seal", "--root", str(tmp_path)]).exit_code == 0
    was = digest_permalink(f"flood/{name}.html")
    stone = post.replace("Z\n", f"Z\nwithdrawn: {{date: 2018-01-01, was: '{was}'}}\n")
    book.remove(f"content/flood/{name}.md").write(f"=== content/flood/removed-1.md\n{stone}")
    export(book.root, "bag", "--output", str(tmp_path / "kept.bag"))
    files = [path for path in (tmp_path / "kept.bag").rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if b"gives-it-away" in path.read_bytes()] == []
