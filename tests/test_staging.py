"""build/ is whole after anything: errors, foreign files, a full disk, Ctrl-C; `test_interruption` kills."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.staging import SUMS, Lock, Staging, finish_commit, read_sums
from book import Book
from comparing import check_sums

MakeBook = Callable[[str], Book]
POST = "---\ndate: 2017-03-23T20:25:00Z\n---\n"


def write_archive(posts: int, coverages: int) -> str:
    """Enough posts that a build takes a while, in several processes."""
    start = datetime(2020, 3, 1, tzinfo=UTC)
    return "".join(
        f"=== content/c{c}/p{n:04}.md\n---\ndate: {(start + timedelta(minutes=n)).isoformat()}\n"
        f"---\nWords of post {n}, *some* of them.\n"
        for c in range(coverages)
        for n in range(posts // coverages)
    )


def start_build(root: Path, *options: str) -> subprocess.Popen[bytes]:
    """The command, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "archiver", "build", "--root", str(root), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_sums_list_every_file_and_sha256sum_agrees(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n").build()
    check_sums(built.output)
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", SUMS],
        cwd=built.output,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_second_build_writes_nothing(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n").build()
    before = {path: path.stat().st_mtime_ns for path in built.output.rglob("*")}
    assert built.build().result.changed == 0
    assert {path: path.stat().st_mtime_ns for path in built.output.rglob("*")} == before


def test_only_what_changed_is_written(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n=== content/other/b.md\n{POST}More\n").build()
    before = {path: path.stat().st_ino for path in built.output.rglob("*.html")}
    built.write(f"=== a.md\n{POST}Other words\n").build()
    after = {path: path.stat().st_ino for path in built.output.rglob("*.html")}
    changed = {
        path.relative_to(built.output).as_posix() for path in after if after[path] != before[path]
    }
    assert changed == {"event/a.html", "event/index.html", "event/newest.html"}


def test_an_error_leaves_the_old_site_byte_for_byte(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n").build()
    before = built.files()
    built.write("=== b.md\n---\nno date\n---\nWords\n").try_build()
    assert built.result.failed
    assert built.files() == before
    assert not built.root.joinpath(".build.staging").exists()


def test_a_removed_post_is_pruned_with_its_empty_folders(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n=== content/other/b.md\n{POST}More\n").build()
    (built.root / "content/other/b.md").unlink()
    (built.root / "content/other/coverage.md").unlink()
    built.build()
    assert not (built.output / "other").exists()
    check_sums(built.output)


def test_a_foreign_file_is_never_touched(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n").build()
    (built.output / "CNAME").write_text("example.org")
    (built.output / "event/mine.txt").write_text("mine")
    built.remove("content/event/a.md").write(f"=== b.md\n{POST}Words\n").build()
    assert (built.output / "CNAME").read_text() == "example.org"
    assert (built.output / "event/mine.txt").read_text() == "mine"
    assert not (built.output / "event/a.html").exists()


@pytest.mark.parametrize("clean", [False, True])
def test_a_foreign_file_in_a_pages_place_is_an_error(book: MakeBook, clean: bool) -> None:
    built = book(f"=== a.md\n{POST}Words\n").build()
    (built.output / "event/b.html").write_text("mine")
    before = built.files()
    built.write(f"=== b.md\n{POST}Words\n").try_build(clean=clean)
    assert built.codes() == ["foreign-file"]
    assert built.files() == before


def test_a_page_changed_by_hand_is_restored_and_told(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n").build()
    before = built.files()
    (built.output / "event/a.html").write_text("changed")
    assert built.build().codes() == ["output-changed"]
    assert built.files() == before


def test_a_page_changed_by_hand_is_kept_when_its_post_is_gone(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n=== b.md\n{POST}Words\n").build()
    (built.output / "event/a.html").write_text("changed")
    assert built.remove("content/event/a.md").build().codes() == ["output-changed"]
    assert (built.output / "event/a.html").read_text() == "changed"
    assert "event/a.html" not in read_sums(built.output)


def test_a_sums_file_that_names_paths_outside_prunes_nothing_there(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n").build()
    victim = built.root / "victim"
    victim.write_text("precious")
    with (built.output / SUMS).open("a") as file:
        file.write(f"{'0' * 64}  ../victim\n{'0' * 64}  {victim}\n")
    built.build()
    assert victim.read_text() == "precious"


def test_a_folder_takes_the_place_of_a_file_and_the_other_way_round(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n").write_bytes("content/event/media/x.csv").build()
    (built.root / "content/event/media/x.csv").unlink()
    built.write_bytes("content/event/media/x.csv/y.csv").build()
    assert (built.output / "event/media/x.csv/y.csv").is_file()
    (built.root / "content/event/media/x.csv/y.csv").unlink()
    (built.root / "content/event/media/x.csv").rmdir()
    built.write_bytes("content/event/media/x.csv").build()
    assert (built.output / "event/media/x.csv").is_file()
    check_sums(built.output)


@pytest.mark.parametrize("output", [".", "content", "content/site", "themes/x", ".."])
def test_an_output_folder_among_the_archives_own_files_is_refused(
    book: MakeBook, output: str
) -> None:
    built = book(f"=== a.md\n{POST}Words\n")
    built.output = built.root / output
    assert built.try_build().codes() == ["bad-output"]


def test_two_builds_at_once_do_not_mix(book: MakeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    built = book(f"=== a.md\n{POST}Words\n")
    monkeypatch.setattr(Lock, "PATIENCE", 0.1)
    with Lock(Staging(built.output)):
        assert built.try_build().codes() == ["busy"]
    assert built.build().codes() == []


def test_a_commit_that_was_interrupted_at_any_step_is_finished_by_the_next_build(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class StoppedError(BaseException):
        pass

    text = "".join(f"=== p{n}.md\n{POST}Words\n" for n in range(4))
    built = book(text).build()
    built.write("".join(f"=== p{n}.md\n{POST}New words\n" for n in range(3)))
    expected = Book(tmp_path / "clean", "")
    for path in (built.root / "content").rglob("*.md"):
        expected.write_bytes(path.relative_to(built.root).as_posix(), path.read_bytes())
    wanted = expected.build().files()
    original = Path.replace
    for stop in range(12):
        built.write("".join(f"=== p{n}.md\n{POST}Words {stop}\n" for n in range(3)))
        built.build()
        built.write("".join(f"=== p{n}.md\n{POST}New words\n" for n in range(3)))
        calls = 0

        def replace(self: Path, target: Path, limit: int = stop) -> Path:
            nonlocal calls
            calls += 1
            if calls > limit:
                raise StoppedError
            return original(self, target)

        monkeypatch.setattr(Path, "replace", replace)
        with contextlib.suppress(StoppedError):
            built.try_build()
        monkeypatch.setattr(Path, "replace", original)
        built.build()
        assert built.files() == wanted, stop
        check_sums(built.output)


def test_finishing_twice_does_no_harm(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n").build()
    assert not finish_commit(Staging(built.output))


def test_ctrl_c_leaves_the_old_site_and_no_processes(tmp_path: Path) -> None:
    book = Book(tmp_path, write_archive(2000, 4)).build(jobs=2)
    before = book.files()
    book.write(f"=== content/c0/p0000.md\n{POST}Changed\n")
    process = start_build(book.root, "--jobs", "2", "--clean")
    # When the first page is staged, and not after some time: the rest of the work is then still to do.
    while not any((tmp_path / ".build.staging/new").glob("*/*.html")):
        assert process.poll() is None
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130, errors
    assert errors.decode() == "\nStopped. What was built before is as it was, or complete.\n"
    assert book.files() == before
    assert not (tmp_path / ".build.staging").exists()


def limit_files() -> None:
    """No file of this process can grow beyond 200 kB."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def test_a_full_disk_is_told_and_the_old_site_stays(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: writing fails half-way in both."""
    book = Book(tmp_path, f"=== a.md\n{POST}Words\n").build()
    before = book.files()
    book.write(f"=== a.md\n{POST}{'Many more words. ' * 20_000}\n")
    process = subprocess.run(
        [sys.executable, "-m", "archiver", "build", "--root", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit_files,
    )
    assert process.returncode == 1
    assert "error[cannot-write]: File too large:" in process.stderr
    assert "event/a.html" in process.stderr
    assert process.stderr.endswith("Nothing was written.\n")
    assert book.files() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(book: MakeBook) -> None:
    built = book(f"=== a.md\n{POST}Words\n")
    built.root.chmod(0o555)
    try:
        assert built.try_build().codes() == ["cannot-write"]
    finally:
        built.root.chmod(0o755)
