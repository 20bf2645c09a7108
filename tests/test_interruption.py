"""A build that is killed, or finds the disk full or closed, leaves whole files, and the next one is right.

`KILLS=100` kills so many builds, at other moments each time, and tells what they met; else a few.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from archiver.build import build_site
from book import Book, list_digests
from comparing import check_sums, find_ledger, list_differences

MakeBook = Callable[[str], Book]
KILLS = int(os.environ.get("KILLS") or 12)
COMMAND = (sys.executable, "-m", "archiver", "build", "--jobs", "2")
# Enough that several processes build them.
POSTS = 480
NAMES = ("bridge", "flood", "vigil")


class Edition(NamedTuple):
    """One of two states of an archive: its files, and the site that a clean build makes of them."""

    content: Path
    site: Mapping[str, str]


class Kill(NamedTuple):
    """What a kill met: whether the build still ran, and how many files had been moved into place."""

    running: bool
    old: int
    new: int


def write_posts(coverage: str, numbers: range, words: str) -> str:
    """Posts of a coverage, a minute apart."""
    start = datetime(2020, 3, 1, tzinfo=UTC)
    return "".join(
        f"=== content/{coverage}/p{n:04}.md\n"
        f"---\ndate: {(start + timedelta(minutes=n)).isoformat()}\ntags: [t{n % 7}]\n---\n"
        f"{words} of post {n}, *some* of them.\n"
        for n in numbers
    )


def make_edition(root: Path, text: str) -> Edition:
    """An archive, built by itself in one process."""
    book = Book(root, text).build()
    return Edition(root / "content", book.files())


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Edition, Edition]:
    """Two states of one archive: from one to the other many posts change, some come, and some go."""
    home = tmp_path_factory.mktemp("editions")
    each = POSTS // len(NAMES)
    first = "".join(write_posts(name, range(each), "Words") for name in NAMES)
    second = "".join(
        write_posts(name, range(each // 2), "Other words")
        + write_posts(name, range(each // 2, each - 10), "Words")
        + write_posts(name, range(each, each + 10), "New words")
        for name in NAMES
    )
    return make_edition(home / "first", first), make_edition(home / "second", second)


def put_content(root: Path, edition: Edition) -> None:
    """Bring the content of an archive to an edition; files that are the same stay untouched."""
    wanted = {
        path.relative_to(edition.content).as_posix(): path.read_bytes()
        for path in edition.content.rglob("*.md")
    }
    content = root / "content"
    for path in content.rglob("*.md"):
        if path.relative_to(content).as_posix() not in wanted:
            path.unlink()
    for name, data in wanted.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)


def start_build(root: Path, *options: str) -> subprocess.Popen[bytes]:
    """The command, in a process group of its own."""
    return subprocess.Popen(
        [*COMMAND, "--root", str(root), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def find_journal(output: Path) -> Path:
    """Where a commit that has begun is written down."""
    return output.parent / f".{output.name}.staging/journal.json"


class Times(NamedTuple):
    """How long the command takes, and for how much of that it puts files in place, in seconds."""

    whole: float
    commit: float


def time_build(root: Path, *options: str) -> Times:
    """Run the command to its end, with a look at what it does."""
    began = time.monotonic()
    process = start_build(root, *options)
    wait_for_commit(process, root)
    committed = time.monotonic()
    wait_for_commit(process, root, is_over=True)
    commit = time.monotonic() - committed
    _, errors = process.communicate()
    assert process.returncode == 0, errors.decode()
    return Times(time.monotonic() - began, commit)


def wait_for_commit(process: subprocess.Popen[bytes], root: Path, is_over: bool = False) -> None:
    """Until a build begins to put files in place, or has put all there, or ends."""
    journal = os.fspath(find_journal(root / "build"))
    while process.poll() is None and os.access(journal, os.F_OK) == is_over:
        pass


def kill_build(root: Path, after: float, aimed: bool, group: bool, *options: str) -> bool:
    """Kill the command some seconds after its start; whether it was still running then.

    With `aimed` the seconds count from the first file that is put in place. With `group` the
    workers are killed too, else they have to notice.
    """
    process = start_build(root, *options)
    if aimed:
        wait_for_commit(process, root)
    time.sleep(after)
    running = process.poll() is None
    if running:
        (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
    process.communicate()
    return running


def judge_files(output: Path, old: Mapping[str, str], new: Mapping[str, str]) -> tuple[int, int]:
    """How many files are those of the old site and of the new one; none is any other, none missing."""
    found = list_digests(output)
    torn = [path for path in found if found[path] not in (old.get(path), new.get(path))]
    assert torn == []
    assert not (old.keys() & new.keys()) - found.keys()
    different = list_differences(old, new)
    return (
        sum(path in found and found[path] == old.get(path) for path in different),
        sum(path in found and found[path] == new.get(path) for path in different),
    )


WAYS = ("first", "changed", "clean")


def test_kill_9_at_any_moment_leaves_whole_files_and_the_next_build_is_right(
    editions: tuple[Edition, Edition], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(None if "KILLS" in os.environ else 9)
    output = tmp_path / "build"
    put_content(tmp_path, editions[0])
    usual = {"first": time_build(tmp_path), "clean": time_build(tmp_path, "--clean")}
    put_content(tmp_path, editions[1])
    usual["changed"] = time_build(tmp_path)
    here = 1
    kills: list[Kill] = []
    for number in range(KILLS):
        way, turn = WAYS[number % len(WAYS)], number // len(WAYS)
        # Each way is killed at moments spread over all of its time, and a little beyond; two times of
        # three over the short while in which files are put in place.
        aimed = way != "first" and turn % 3 > 0
        times = usual[way]
        share = 1.05 * (turn + chance.random()) / (KILLS / len(WAYS))
        after = share * (times.commit if aimed else times.whole)
        old, new = editions[here].site, editions[1 - here].site
        put_content(tmp_path, editions[1 - here])
        if way == "first":
            shutil.rmtree(output)
            if chance.random() < 0.5:
                find_ledger(output).unlink(missing_ok=True)
        options = ("--clean",) if way == "clean" else ()
        running = kill_build(tmp_path, after, aimed, chance.random() < 0.5, *options)
        kills.append(Kill(running, *judge_files(output, {} if way == "first" else old, new)))
        # Some think better of it: what the killed build had begun must leave no trace.
        if chance.random() < (0.75 if aimed else 0.25):
            put_content(tmp_path, editions[here])
        else:
            here = 1 - here
        result = build_site(tmp_path, output, jobs=2 if turn % 2 else 1)
        assert not result.failed, result.problems
        assert list_differences(list_digests(output), editions[here].site) == []
        check_sums(output)
        assert build_site(tmp_path, output).changed == 0
    met = sum(kill.running for kill in kills)
    halfway = sum(kill.old > 0 and kill.new > 0 for kill in kills)
    if "KILLS" in os.environ:
        spent = ", ".join(f"{way} {usual[way].whole:.2f} s" for way in usual)
        with capsys.disabled():
            sys.stdout.write(
                f"\n{len(kills)} builds killed, {met} of them at work, {halfway} with some files "
                f"in place and some not; usual times: {spent}\n"
            )
    # A machine may be busier when it is measured than later, but not four times.
    assert met >= KILLS // 4


def test_a_build_killed_again_and_again_gets_there_in_the_end(
    editions: tuple[Edition, Edition], tmp_path: Path
) -> None:
    """Each build finds what the one before has left; nothing piles up beside the site."""
    output = tmp_path / "build"
    put_content(tmp_path, editions[0])
    usual = time_build(tmp_path).whole
    put_content(tmp_path, editions[1])
    for share in (0.9, 0.5, 0.95, 0.3, 0.8):
        kill_build(tmp_path, share * usual, False, share > 0.8)
        judge_files(output, editions[0].site, editions[1].site)
    assert not build_site(tmp_path, output).failed
    assert list_differences(list_digests(output), editions[1].site) == []
    beside = {path.name for path in tmp_path.iterdir()}
    assert beside <= {"content", "build", find_ledger(output).name}


# -- a disk without room

SMALL = "".join(write_posts(name, range(6), "Words") for name in NAMES)
CHANGED = "".join(write_posts(name, range(8), "Quite other words " * 40) for name in NAMES)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        # A process that was just ended may hold a file for a moment more.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_disk(folder: Path, room: int) -> None:
    """Leave so many bytes of room on a disk."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    assert shutil.disk_usage(folder).free == 0
    os.truncate(ballast, max(0, ballast.stat().st_size - room))


def make_changed(book: Book, tmp_path: Path) -> Mapping[str, str]:
    """Change an archive, and tell what a clean build makes of it."""
    book.write(CHANGED)
    clean = tmp_path / "clean"
    assert not build_site(book.root, clean).failed
    return list_digests(clean)


def test_a_full_disk_is_told_and_the_old_site_stays(disk: Path, tmp_path: Path) -> None:
    book = Book(tmp_path / "archive", SMALL)
    book.output = disk / "build"
    old = book.build().files()
    new = make_changed(book, tmp_path)
    fill_disk(disk, 8192)
    process = subprocess.run(
        [*COMMAND, "--root", str(book.root), "--output", str(book.output)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert "error[cannot-write]: No space left on device:" in process.stderr
    assert process.stderr.endswith("Nothing was written.\n")
    assert book.files() == old
    assert {path.name for path in disk.iterdir()} <= {"build", "ballast", ".build.ledger"}
    (disk / "ballast").unlink()
    assert book.build().files() == new


def test_with_any_room_on_the_disk_a_build_succeeds_or_leaves_whole_files(
    disk: Path, tmp_path: Path
) -> None:
    """From none to enough: what is full first, and when, is different each time."""
    book = Book(tmp_path / "archive", SMALL)
    book.output = disk / "build"
    old = book.build().files()
    new = make_changed(book, tmp_path)
    failures = successes = 0
    for pages in range(0, 400, 9):
        fill_disk(disk, pages * 4096)
        result = book.try_build().result
        judge_files(book.output, old, new)
        if result.failed:
            failures += 1
            assert book.codes() == ["cannot-write"]
            assert "No space left on device" in result.problems[0].message
            assert book.files() == old or find_journal(book.output).exists()
        else:
            successes += 1
            assert book.files() == new
        (disk / "ballast").unlink()
        assert book.build().files() == new
        book.write(SMALL)
        for name in NAMES:
            for number in (6, 7):
                book.remove(f"content/{name}/p{number:04}.md")
        assert book.build().files() == old
        book.write(CHANGED)
        if successes > 3:
            break
    assert failures > 3
    assert successes > 3


@pytest.mark.parametrize("room", [0, 1, 2, 5, 20, 40])
def test_a_disk_that_is_full_after_some_writes_is_told(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """Where nobody may mount a disk: pages are written until there is no room."""
    built = book(SMALL).build()
    before = built.files()
    built.write(CHANGED)
    write, written = os.write, 0

    def write_while_there_is_room(handle: int, data: bytes) -> int:
        nonlocal written
        written += 1
        if written > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data)

    monkeypatch.setattr(os, "write", write_while_there_is_room)
    built.try_build()
    monkeypatch.undo()
    assert written > room
    assert built.result.failed
    assert built.codes() == ["cannot-write"]
    assert "No space left on device" in built.result.problems[0].message
    assert built.files() == before
    assert not built.build().result.failed


# -- folders that are closed


def build_without_power(root: Path) -> subprocess.CompletedProcess[str]:
    """The command, by somebody whom the modes of folders stop: root must give up that power first."""
    drop = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps=-all"]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may write anywhere")
    return subprocess.run(
        [*(drop if os.geteuid() == 0 else ()), *COMMAND, "--root", str(root)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_folder_in_which_nothing_may_be_made_is_told(book: MakeBook) -> None:
    built = book(SMALL).build()
    before = built.files()
    built.write(CHANGED)
    built.root.chmod(0o555)
    try:
        done = build_without_power(built.root)
    finally:
        built.root.chmod(0o755)
    assert done.returncode == 1
    assert "error[cannot-write]: Permission denied:" in done.stderr
    assert done.stderr.endswith("Nothing was written.\n")
    assert built.files() == before
    assert not built.build().result.failed


def test_a_site_whose_folders_are_closed_is_told_and_finished_when_they_are_open(
    book: MakeBook, tmp_path: Path
) -> None:
    built = book(SMALL).build()
    old = built.files()
    new = make_changed(built, tmp_path / "elsewhere")
    closed = [built.output, *(path for path in built.output.rglob("*") if path.is_dir())]
    for folder in closed:
        folder.chmod(0o555)
    try:
        done = build_without_power(built.root)
    finally:
        for folder in closed:
            folder.chmod(0o755)
    assert done.returncode == 1
    assert "error[cannot-write]: Permission denied:" in done.stderr
    judge_files(built.output, old, new)
    assert built.build().files() == new
    check_sums(built.output)


def test_a_site_may_be_built_from_content_that_nobody_may_write(book: MakeBook) -> None:
    built = book(SMALL)
    folders = [path for path in (built.root / "content").rglob("*") if path.is_dir()]
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = build_without_power(built.root)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    check_sums(built.output)
