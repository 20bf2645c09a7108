"""Changes of files are told once they are whole, whichever way an editor saves them."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import archiver.watch
from archiver.watch import Pending, Watch, compare_snapshots, take_snapshot

PATIENCE = 20
POST = "content/event/a.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive with a post."""
    for path in (POST, "content/event/b.md", "themes/mine/entry.html", "build/index.html"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("words")
    return tmp_path


@pytest.fixture(params=["told", "looked at"])
def watch(request: pytest.FixtureRequest, root: Path) -> Iterator[Watch]:
    """A watch of it, by the system and by looking."""
    with Watch(root, poll=request.param == "looked at", pause=0.01) as watch:
        yield watch


def gather(watch: Watch, *paths: str) -> set[str]:
    """Wait until all these paths were told; what was told with them."""
    told: set[str] = set()
    for _ in range(PATIENCE):
        if told.issuperset(paths):
            break
        told |= watch.wait(1)
    return told


# When a change is told


def test_a_file_that_was_closed_is_told_at_once_and_one_that_is_open_only_after_a_rest() -> None:
    pending = Pending()
    assert pending.count_down(0) is None
    pending.add("a", 0, whole=False)
    first = pending.count_down(0)
    assert first is not None
    pending.add("a", 0.001, whole=True)
    second = pending.count_down(0.001)
    assert second is not None
    assert 0 < second < first / 5
    assert pending.count_down(1) == 0
    assert pending.take() == {"a"}
    assert pending.count_down(1) is None


def test_a_file_that_is_never_at_rest_is_told_all_the_same() -> None:
    pending = Pending()
    now = 0.0
    while pending.count_down(now) != 0:
        pending.add("a", now, whole=False)
        now += 0.01
        assert now < 1
    assert now >= 0.1


def test_changes_in_quick_succession_are_told_together(root: Path) -> None:
    with Watch(root, poll=True, pause=1000) as watch:
        for number in range(100):
            watch.note(f"content/event/{number}.md", whole=True)
        assert len(watch.wait(PATIENCE)) == 100
        assert watch.wait(0) == frozenset()


def test_a_change_that_comes_after_another_was_told_is_told_next(root: Path) -> None:
    with Watch(root, poll=True, pause=1000) as watch:
        watch.note(POST, whole=True)
        assert watch.wait(PATIENCE) == {POST}
        watch.note(POST, whole=True)
        assert watch.wait(PATIENCE) == {POST}


# What an editor does


def test_a_file_written_in_place_is_told(watch: Watch, root: Path) -> None:
    (root / POST).write_text("other words")
    assert gather(watch, POST) == {POST}


def test_a_file_replaced_by_renaming_another_is_told(watch: Watch, root: Path) -> None:
    fresh = root / "content/event/.a.md.tmp"
    fresh.write_text("other words")
    fresh.rename(root / POST)
    assert gather(watch, POST) == {POST}


def test_a_file_replaced_from_another_folder_is_told(watch: Watch, root: Path) -> None:
    fresh = root / "build/a.md"
    fresh.write_text("other words")
    fresh.replace(root / POST)
    assert gather(watch, POST) == {POST}


def test_a_file_saved_with_a_backup_is_told_and_not_the_backup(watch: Watch, root: Path) -> None:
    backup = root / f"{POST}~"
    (root / POST).rename(backup)
    (root / POST).write_text("other words")
    backup.unlink()
    assert gather(watch, POST) == {POST}


def test_a_file_that_goes_and_one_that_comes_are_told(watch: Watch, root: Path) -> None:
    (root / POST).rename(root / "content/event/z.md")
    assert gather(watch, POST, "content/event/z.md") == {POST, "content/event/z.md"}
    (root / "content/event/z.md").unlink()
    assert gather(watch, "content/event/z.md") == {"content/event/z.md"}


def test_a_new_folder_is_watched_with_all_that_is_in_it(watch: Watch, root: Path) -> None:
    shutil.copytree(root / "content/event", root / "content/copy")
    assert gather(watch, "content/copy/a.md", "content/copy/b.md")
    (root / "content/copy/a.md").write_text("other words")
    assert "content/copy/a.md" in gather(watch, "content/copy/a.md")


def test_a_folder_that_is_removed_and_comes_back_is_watched_again(watch: Watch, root: Path) -> None:
    shutil.rmtree(root / "content")
    assert gather(watch, POST)
    (root / "content/event").mkdir(parents=True)
    (root / POST).write_text("words again")
    told: set[str] = set()
    for _ in range(PATIENCE):
        told |= watch.wait(1)
        if told & {"content", POST}:
            break
    (root / "content/event/c.md").write_text("words")
    assert gather(watch, "content/event/c.md")


def test_what_is_hidden_or_elsewhere_is_not_told(watch: Watch, root: Path) -> None:
    (root / "content/event/.a.md.swp").write_text("x")
    (root / "content/.git").mkdir()
    (root / "content/.git/index").write_text("x")
    (root / "build/index.html").write_text("x")
    (root / "notes.txt").write_text("x")
    (root / "themes/mine/entry.html").write_text("x")
    assert gather(watch, "themes/mine/entry.html") == {"themes/mine/entry.html"}


def test_reading_files_is_no_change(root: Path) -> None:
    with Watch(root) as watch:
        for _ in range(3):
            (root / POST).read_text()
        (root / "content/event/b.md").write_text("x")
        assert gather(watch, "content/event/b.md") == {"content/event/b.md"}


# Looking instead of being told


def test_two_looks_differ_where_a_file_came_went_or_is_another(root: Path) -> None:
    before = take_snapshot(root)
    assert set(before) == {POST, "content/event/b.md", "themes/mine/entry.html"}
    (root / POST).unlink()
    (root / "content/event/c.md").write_text("x")
    (root / "content/event/b.md").write_text("longer words")
    after = take_snapshot(root)
    assert compare_snapshots(before, after) == {
        POST,
        "content/event/b.md",
        "content/event/c.md",
    }
    assert compare_snapshots(after, after) == frozenset()


@pytest.mark.parametrize("where", ["__init__", "start", "schedule"])
def test_where_the_system_cannot_tell_files_are_looked_at_and_it_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(f"archiver.watch.Observer.{where}", refuse)
    with Watch(root, pause=0.01) as watch:
        assert watch.polls
        assert watch.fault == "inotify watch limit reached"
        (root / POST).write_text("other words")
        assert gather(watch, POST) == {POST}


def test_where_the_limit_leaves_folders_out_files_are_looked_at(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiver.watch, "_is_complete", lambda _: False)
    with Watch(root, pause=0.01) as watch:
        assert watch.polls
        assert "limit" in watch.fault


def test_where_the_limit_is_reached_later_files_are_looked_at_from_then_on(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Watch(root, pause=0.01) as watch:
        assert not watch.polls
        monkeypatch.setattr(archiver.watch, "_is_complete", lambda _: False)
        (root / "content/new").mkdir()
        assert gather(watch, "content/new")
        assert watch.polls
        (root / POST).write_text("other words")
        assert POST in gather(watch, POST)


def test_a_watch_ends_its_threads(root: Path) -> None:
    before = set(threading.enumerate())
    with Watch(root, poll=True, pause=0.01):
        begun = set(threading.enumerate()) - before
        assert begun
    for thread in begun:
        thread.join(10)
        assert not thread.is_alive()
