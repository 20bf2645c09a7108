"""What all exports have in common: whole or not there, the same everywhere, and no larger in memory."""

from __future__ import annotations

import gc
import gzip
import io
import os
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from archiver.cli import cli
from archiver.exports.bag import open_bag, write_bag
from archiver.exports.epub import write_epub
from archiver.exports.manuscript import write_manuscript
from archiver.exports.publication import Publication, open_publication
from archiver.exports.register import Register
from archiver.exports.replay import write_warc
from archiver.exports.survey import Contents, survey_posts
from archiver.exports.table import write_table
from archiver.exports.target import ExportError, open_folder, open_target
from archiver.exports.wacz import write_wacz
from book import Book, list_digests
from exporting import SECRET, export, write_archive

FORMS: dict[str, tuple[str, ...]] = {
    "bag.tar": ("bag",),
    "bag.zip": ("bag",),
    "bag": ("bag",),
    "site.warc.gz": ("warc",),
    "site.wacz": ("wacz",),
    "flood.epub": ("epub", "flood"),
    "calm.epub": ("epub", "calm"),
    "all.csv": ("csv",),
    "flood.md": ("markdown", "flood"),
}
PLAIN = {name: form for name, form in FORMS.items() if name != "bag"}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return write_archive(tmp_path_factory.mktemp("export")).build()


def export_all(root: Path, folder: Path) -> None:
    for name, form in FORMS.items():
        export(root, *form, "--output", str(folder / name))


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_there_is_replaced_only_by_force(book: Book, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    target.write_text("mine", encoding="utf-8")
    result = export(book.root, *FORMS[name], "--output", str(target), fails=True)
    assert (result.exit_code, target.read_text(encoding="utf-8")) == (1, "mine")
    assert f"{target} is there already\n  hint: --force replaces it" in result.output
    export(book.root, *FORMS[name], "--output", str(target), "--force")
    assert target.stat().st_size > 100
    assert target.stat().st_mode & 0o777 == 0o666 & ~read_umask()


def read_umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("mishap", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_full_disk_and_ctrl_c_leave_nothing(
    book: Book,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    mishap: BaseException,
) -> None:
    calls = 0

    def fail(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls > 1 or name == "calm.epub":
            raise mishap

    monkeypatch.setattr("archiver.cli.export.ProgressLine.__call__", fail)
    arguments = ["export", *FORMS[name], "--output", str(tmp_path / name), "--root", str(book.root)]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1
    if isinstance(mishap, OSError):
        assert result.output.endswith("No space left on device\nNothing was exported.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_replacement_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b/mark").write_text("old", encoding="utf-8")
    for begin in (begin_file, begin_folder):
        with pytest.raises(ZeroDivisionError):
            begin(tmp_path)
    assert (tmp_path / "a").read_text(encoding="utf-8") == "old"
    assert (tmp_path / "b/mark").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def begin_file(folder: Path) -> None:
    with open_target(folder / "a", True) as file:
        file.write(b"new")
        raise ZeroDivisionError


def begin_folder(folder: Path) -> None:
    with open_folder(folder / "b", True, "mark") as draft:
        (draft / "mark").write_text("new", encoding="utf-8")
        raise ZeroDivisionError


def test_where_there_is_no_folder_that_is_told(book: Book, tmp_path: Path) -> None:
    result = export(book.root, "csv", "--output", str(tmp_path / "no/x.csv"), fails=True)
    assert (result.exit_code, "there is no folder" in result.output) == (1, True)


def test_an_export_builds_first_and_stops_where_there_are_errors(tmp_path: Path) -> None:
    book = Book(tmp_path, "=== a.md\n---\ndate: 2017-03-23T10:00:00Z\n---\nOne\n")
    export(book.root, "csv", "--output", str(tmp_path / "x.csv"))
    book.write("=== b.md\n---\ndate: 2017-03-23T11:00:00Z\n---\nTwo\n")
    export(book.root, "csv", "--output", str(tmp_path / "x.csv"), "--force")
    assert b"Two" in (tmp_path / "x.csv").read_bytes()
    book.write("=== b.md\n---\ndate: no date\n---\nTwo\n")
    result = export(book.root, "csv", "--output", str(tmp_path / "y.csv"), fails=True)
    assert result.exit_code == 1
    assert "error[not-a-date]" in result.output
    assert result.output.endswith("Nothing was exported.\n")
    assert not (tmp_path / "y.csv").exists()


def test_a_built_file_that_rotted_is_not_handed_over(tmp_path: Path) -> None:
    book = write_archive(tmp_path).build()
    publication = open_publication(book.root, book.output)
    (book.output / "flood/index.html").write_text("rotten", encoding="utf-8")
    with open_contents(publication) as contents, pytest.raises(ExportError, match="SHA256SUMS"):
        write_warc(contents, io.BytesIO(), True, lambda: None)
    picture = book.output / "flood/media/bridge.png"
    picture.write_bytes(picture.read_bytes() + b"rotten")
    with pytest.raises(ExportError, match=r"bridge\.png is not the file"):
        write_epub(publication, "flood", None, io.BytesIO(), lambda: None)


def unpack(data: bytes) -> bytes:
    """All that is in a file, unpacked."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"".join(unpack(archive.read(name)) for name in archive.namelist())
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def test_nothing_of_a_withdrawn_post_is_in_any_export(book: Book, tmp_path: Path) -> None:
    export_all(book.root, tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in unpack(path.read_bytes()), path.name
    assert SECRET.encode() in unpack(gzip.compress(SECRET.encode()))


WORLDS: tuple[dict[str, str], ...] = (
    {"TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONHASHSEED": "99",
     "HOME": "/nonexistent", "PYTHONTZPATH": "/nowhere"},
)  # fmt: skip


def export_under(root: Path, folder: Path, umask: int, names: dict[str, str]) -> None:
    """All exports by the command itself, in an environment of its own."""
    folder.mkdir()
    script = "from archiver.cli import cli\n" + "\n".join(
        f"cli({['export', *form, '--root', str(root), '--output', name]!r}, standalone_mode=False)"
        for name, form in FORMS.items()
    )
    subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        check=True,
        capture_output=True,
        env={**os.environ, **names},
        umask=umask,
    )


def test_exports_are_the_same_bytes_in_any_surroundings(book: Book, tmp_path: Path) -> None:
    copied = tmp_path / "another place"
    for path in sorted((book.root / "content").rglob("*"), reverse=True):
        if path.is_file():
            target = copied / path.relative_to(book.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    roots = (book.root, copied)
    for number, (root, umask) in enumerate(zip(roots, (0o022, 0o077), strict=True)):
        export_under(root, tmp_path / str(number), umask, WORLDS[number])
    one, other = list_digests(tmp_path / "0"), list_digests(tmp_path / "1")
    assert len(one) > 50
    assert one == other
    assert list_digests(book.root / "build") == list_digests(copied / "build")
    modes = [list_modes(tmp_path / str(number) / "bag") for number in (0, 1)]
    assert modes[0] == modes[1]


def list_modes(folder: Path) -> dict[str, int]:
    paths = (folder, *folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): path.stat().st_mode for path in paths}


def test_a_date_can_be_wished_for(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    export(book.root, "bag", "--output", str(tmp_path / "x.bag"))
    assert "Bagging-Date: 2020-09-13\n" in (tmp_path / "x.bag/bag-info.txt").read_text(
        encoding="utf-8"
    )
    export(book.root, "warc", "--output", str(tmp_path / "x.warc"))
    assert b"WARC-Date: 2020-09-13T12:26:40Z" in (tmp_path / "x.warc").read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    result = export(book.root, "bag", "--output", str(tmp_path / "y.bag"), fails=True)
    assert (result.exit_code, "SOURCE_DATE_EPOCH is no number" in result.output) == (2, True)


@contextmanager
def open_contents(publication: Publication) -> Iterator[Contents]:
    """What is known of a publication, for as long as it is needed."""
    with closing(Register()) as register:
        survey = survey_posts(publication, register)
        yield Contents(publication, register, survey, "https://archive.example")


def measure(root: Path, export: Callable[[Publication, Path], object]) -> int:
    """How many bytes an export of a built archive holds in memory at most."""
    publication = open_publication(root, root / "build")
    # Where much is in memory already, Python waits until a quarter as much has come to it before it looks
    # for what holds itself. What is frozen does not count.
    gc.collect()
    gc.freeze()
    tracemalloc.start()
    try:
        export(publication, root / "exported")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()


def export_bag(publication: Publication, target: Path) -> None:
    with (
        open_contents(publication) as contents,
        open_bag(target.with_suffix(".tar"), True, contents.newest) as packer,
    ):
        write_bag(contents, packer, lambda: None)


def export_wacz(publication: Publication, target: Path) -> None:
    with open_contents(publication) as contents, open_target(target, True) as out:
        write_wacz(contents, out, lambda: None)


def export_epub(publication: Publication, target: Path) -> None:
    with open_target(target, True) as out:
        write_epub(publication, "event", None, out, lambda: None)


def export_table(publication: Publication, target: Path) -> None:
    with open_target(target, True) as out:
        write_table(publication, publication.slugs, out.write, lambda: None)


def export_manuscript(publication: Publication, target: Path) -> None:
    with open_target(target, True) as out:
        write_manuscript(publication, "event", "", out.write, lambda: None)


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A built archive of 100 posts, and one of ten times as many."""
    roots = []
    for posts in (100, 1000):
        root = tmp_path_factory.mktemp("size")
        text = "".join(
            f"=== {n:05}.md\n---\ndate: 2017-{n // 280 + 1:02}-{n // 10 % 28 + 1:02}"
            f"T{n % 10:02}:00:00Z\n---\n{'Words and words. ' * 240}\n"
            for n in range(posts)
        )
        Book(root, text).build(jobs=2)
        roots.append(root)
    return roots[0], roots[1]


@pytest.mark.parametrize(
    "export", [export_bag, export_wacz, export_epub, export_table, export_manuscript]
)
def test_ten_times_as_many_posts_need_no_more_memory(
    sizes: tuple[Path, Path], export: Callable[[Publication, Path], object]
) -> None:
    # What is imported and compiled once is no part of it.
    measure(sizes[0], export)
    few, many = (measure(root, export) for root in sizes)
    # 900 posts more are 3.7 MB of words; what is remembered of their names may grow. Once, among all
    # other tests, a bag took 3.8 MB more, nobody knows for what: what is held on to is there each time.
    for _ in range(2):
        if many >= few + 1_000_000:
            many = measure(sizes[1], export)
    assert many < few + 1_000_000
