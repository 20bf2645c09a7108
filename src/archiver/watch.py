"""Which files of an archive have changed: told once they are whole, by the system or by looking."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

WATCHED = ("content", "themes")
# Reading a file is no change, so the system is not asked to tell of it.
_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
# After a file was closed or put in place it is whole; what else happens to it is rarely the last.
_WHOLE, _OPEN = 0.003, 0.03
_LONGEST = 0.3
# Seconds between two looks, and how much longer than a look itself the pause is.
_PAUSE, _SHARE = 0.4, 10
_PROC = Path("/proc/self/fdinfo")

Snapshot = dict[str, tuple[int, int, int]]


class Pending:
    """Changes that are not told yet: each path has its rest first, and no path waits for ever.

    Times are seconds of any clock that does not go back.
    """

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._latest = 0.0

    def add(self, path: str, now: float, whole: bool) -> None:
        """Note a change; a `whole` file is told sooner."""
        if not self._due:
            self._latest = now + _LONGEST
        self._due[path] = now + (_WHOLE if whole else _OPEN)

    def count_down(self, now: float) -> float | None:
        """Seconds until all that is noted may be told; None where nothing is."""
        if not self._due:
            return None
        return max(0.0, min(max(self._due.values()), self._latest) - now)

    def take(self) -> frozenset[str]:
        """All that was noted, and begin anew."""
        taken = frozenset(self._due)
        self._due.clear()
        return taken


class Watch:
    """The changes below an archive's content/ and themes/, as paths below its root.

    `fault` says why the system could not be asked, so that files are looked at now and then.
    """

    def __init__(self, root: Path, *, poll: bool = False, pause: float = _PAUSE) -> None:
        self.fault = ""
        self._root = root.resolve()
        self._pause = pause
        self._pending = Pending()
        self._noted = threading.Condition()
        self._closed = threading.Event()
        self._handler = _Handler(self, self._root)
        self._observer: Any = None
        self._watches: dict[str, Any] = {}
        if not poll:
            self._observe()
        if self._observer is None:
            self._poll(take_snapshot(self._root))

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def polls(self) -> bool:
        """Whether files are looked at now and then."""
        return self._observer is None

    def wait(self, seconds: float) -> frozenset[str]:
        """The next changes, once they have come to rest; nothing where none came in that time."""
        deadline = time.monotonic() + seconds
        with self._noted:
            while True:
                now = time.monotonic()
                rest = self._pending.count_down(now)
                if rest == 0:
                    break
                if rest is None and now >= deadline:
                    return frozenset()
                self._noted.wait(deadline - now if rest is None else rest)
            changed = self._pending.take()
        self._follow_folders(changed)
        return changed

    def note(self, path: str, *, whole: bool) -> None:
        """Take down a change of a file or a folder, unless it is hidden or an editor's backup."""
        parts = path.split("/")
        if parts[0] not in WATCHED or path.endswith("~") or any(part[:1] == "." for part in parts):
            return
        with self._noted:
            self._pending.add(path, time.monotonic(), whole)
            self._noted.notify_all()

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()
        if self._observer is not None:
            self._observer.stop()

    def _observe(self) -> None:
        observer = None
        try:
            observer = Observer()
            observer.start()
            observer.schedule(self._handler, str(self._root), event_filter=_EVENTS)
            self._observer = observer
            for name in WATCHED:
                self._follow(name)
            # Where the system's limit is reached, folders below are left out without a word.
            if not _is_complete(self._root):
                raise OSError(None, "the system's limit of watched folders is reached")
        except OSError as error:
            self._observer = None
            self.fault = error.strerror or str(error)
            if observer is not None:
                with suppress(OSError):
                    observer.stop()

    def _follow(self, name: str) -> None:
        if name in self._watches:
            self._observer.unschedule(self._watches.pop(name))
        folder = self._root / name
        if folder.is_dir():
            self._watches[name] = self._observer.schedule(
                self._handler, str(folder), recursive=True, event_filter=_EVENTS
            )

    def _follow_folders(self, changed: frozenset[str]) -> None:
        """A folder of the root that comes, or comes back, is watched from then on."""
        if self._observer is None:
            return
        try:
            for name in changed.intersection(WATCHED):
                self._follow(name)
            grown = any((self._root / path).is_dir() for path in changed)
            if not grown or _is_complete(self._root):
                return
            self.fault = "the system's limit of watched folders is reached"
        except OSError as error:
            self.fault = error.strerror or str(error)
        self._observer.stop()
        self._observer = None
        self._poll({})

    def _poll(self, before: Snapshot) -> None:
        threading.Thread(target=self._look, args=(before,), daemon=True).start()

    def _look(self, before: Snapshot) -> None:
        pause = self._pause
        while not self._closed.wait(pause):
            began = time.monotonic()
            after = take_snapshot(self._root)
            for path in compare_snapshots(before, after):
                self.note(path, whole=True)
            before = after
            pause = max(self._pause, _SHARE * (time.monotonic() - began))


class _Handler(FileSystemEventHandler):
    """Hands the system's events on as paths below the root."""

    def __init__(self, watch: Watch, root: Path) -> None:
        self._watch = watch
        self._root = os.fspath(root)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note where something happened; of a move both ends."""
        put = event.event_type == "moved"
        whole = put or event.event_type == "closed"
        for path in (event.src_path, event.dest_path):
            if path:
                below = os.path.relpath(os.fsdecode(path), self._root).replace(os.sep, "/")
                self._watch.note(below, whole=whole)


def take_snapshot(root: Path) -> Snapshot:
    """Every file of an archive with its time, size and number, for comparison."""
    return {
        path: (status.st_mtime_ns, status.st_size, status.st_ino)
        for name in WATCHED
        for path, status in _walk(f"{root}/{name}", name)
    }


def compare_snapshots(before: Snapshot, after: Snapshot) -> frozenset[str]:
    """The paths that came, went, or are another file."""
    return frozenset(path for path, _ in before.items() ^ after.items())


def _walk(folder: str, path: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        with os.scandir(folder) as found:
            items = [item for item in found if item.name[0] != "."]
    except OSError:
        return
    for item in items:
        below = f"{path}/{item.name}"
        with suppress(OSError):
            if item.is_dir(follow_symlinks=False):
                yield from _walk(item.path, below)
            else:
                yield below, item.stat()


def _is_complete(root: Path) -> bool:
    """Whether Linux watches as many folders as there are; other systems need no such count."""
    if not _PROC.is_dir():
        return True
    watched = 0
    for file in _PROC.iterdir():
        with suppress(OSError):
            watched += file.read_text().count("inotify wd:")
    folders = 1 + sum(1 for name in WATCHED if (root / name).is_dir() for _ in os.walk(root / name))
    return watched >= folders
