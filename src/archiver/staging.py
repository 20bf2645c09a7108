"""The only writer of build/: files are staged beside it and committed when all of a run has succeeded.

Staging lies beside the output folder as `.<name>.staging`. `new/` in it holds the files that are
new or changed; once complete, `journal.json` is put in place in one step, and from then on the
commit is finished by whoever comes next, however often it is interrupted. `SHA256SUMS` is the list
of what archiver owns in the output: nothing else there is ever overwritten or removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from archiver.diagnostics import Place, Report
from archiver.model import Signature

try:
    import fcntl
except ImportError:  # Windows: two builds at once are then the user's to avoid
    fcntl = None  # type: ignore[assignment]

SUMS = "SHA256SUMS"


class Written(Struct, frozen=True, array_like=True):
    """A file of the site: its path in build/, its SHA-256, and whether it had to be staged.

    `key` is that of the sheet it was made of, and `signature` what the file is like, where that is known.
    """

    path: str
    digest: str
    changed: bool
    key: bytes = b""
    signature: Signature | None = None


class BusyError(Exception):
    """Another build is writing to the same folder."""


class Staging:
    """The staging folder of one output folder; any process may write through one of its own.

    With `clean`, every file is staged, whatever build/ holds.
    """

    def __init__(self, output: Path, clean: bool = False) -> None:
        self.output = output
        self.clean = clean
        # Where nothing is there yet, nothing has to be compared.
        self.compare = not clean and output.exists()
        self.folder = output.parent / f".{output.name}.staging"
        self.new = self.folder / "new"
        self.journal = self.folder / "journal.json"
        self._made: set[str] = set()

    def empty(self) -> None:
        """Remove what an interrupted run has staged."""
        shutil.rmtree(self.new, ignore_errors=True)
        self._made.clear()
        (self.folder / "journal.draft").unlink(missing_ok=True)

    def write(self, path: str, data: bytes) -> Written:
        """Stage a file unless build/ already holds the same bytes."""
        digest = sum_bytes(data)
        if self.compare and _holds(f"{self.output}/{path}", data):
            return Written(path, digest, False)
        target = f"{self.new}/{path}"
        folder = target.rpartition("/")[0]
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        _write_whole(target, data)
        return Written(path, digest, True)

    def drop(self, path: str) -> None:
        """Take back a file that was staged, if it was."""
        (self.new / path).unlink(missing_ok=True)

    def adopt(self, path: str, draft: Path, digest: str) -> Written:
        """Take a file of the staging folder, which has this digest, as one of the site."""
        current = self.output / path
        if self.compare and _is_like(current, draft, digest):
            draft.unlink()
            return Written(path, digest, False)
        target = self.new / path
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(target)
        return Written(path, digest, True)

    def read_clock(self) -> int:
        """The time in nanoseconds as the file system tells it, which need not be the machine's."""
        hand = self.folder / "clock"
        hand.write_bytes(b"")
        return hand.stat().st_mtime_ns

    def copy(self, path: str, original: Path) -> Written:
        """Stage a copy of a file, in pieces: it may be a film."""
        digest = _digest(original)
        if self.compare and _is_like(self.output / path, original, digest):
            return Written(path, digest, False)
        target = self.new / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, target)
        return Written(path, digest, True)


class Lock:
    """Holds the staging folder for one process; a dead process holds nothing (flock)."""

    # A process that was killed may leave workers that need a moment to notice.
    PATIENCE = 3.0

    def __init__(self, staging: Staging) -> None:
        self._folder = staging.folder
        self._handle = -1

    def __enter__(self) -> Lock:
        deadline = time.monotonic() + self.PATIENCE
        while not self._take():
            if time.monotonic() > deadline:
                raise BusyError(str(self._folder))
            time.sleep(0.05)
        return self

    def __exit__(self, *details: object) -> None:
        if self._handle >= 0:
            os.close(self._handle)

    def _take(self) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True)
        if fcntl is None:
            return True
        handle = os.open(self._folder, os.O_RDONLY)
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The holder before us may have removed the folder that we have just locked.
            if os.stat(self._folder).st_ino == os.fstat(handle).st_ino:
                self._handle = handle
                return True
        os.close(handle)
        return False


def read_sums(folder: Path) -> dict[str, str]:
    """{path: digest} as a folder's SHA256SUMS tells; empty where there is none."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    sums = {}
    for line in lines:
        digest, _, path = line.partition("  ")
        if len(digest) == 64 and is_safe_path(path):
            sums[path] = digest
    return sums


def sum_bytes(data: bytes) -> str:
    """The digest of a file's bytes, as SHA256SUMS has it."""
    return hashlib.sha256(data).hexdigest()


def write_sums(written: Iterable[Written]) -> bytes:
    """The text of SHA256SUMS, as `sha256sum -c` reads it, sorted by path."""
    lines = io.BytesIO()
    for file in sorted(written, key=attrgetter("path")):
        lines.write(f"{file.digest}  {file.path}\n".encode())
    return lines.getvalue()


def is_safe_path(path: str) -> bool:
    """Whether a path stays below the folder it is read in."""
    odd = path in ("", ".") or path[0] == "/" or path[-1] == "/" or "\0" in path
    return not odd and ".." not in path.split("/")


def plan_commit(
    staging: Staging, written: Iterable[Written], report: Report
) -> dict[str, list[str]]:
    """What a commit will do: `{"place": […], "remove": […]}`; conflicts with foreign files are reported.

    A file in build/ that SHA256SUMS does not list is foreign: an error if a page belongs in its
    place and differs. One that is listed but was changed by hand is restored, or kept where no
    page belongs there any more; both are told.
    """
    if not os.path.lexists(staging.output):
        return {"place": sorted(file.path for file in written), "remove": []}
    owned = read_sums(staging.output)
    place, kept = [], {SUMS}
    for file in written:
        kept.add(file.path)
        if not file.changed:
            continue
        place.append(file.path)
        current = staging.output / file.path
        if file.path == SUMS or not os.path.lexists(current):
            continue
        if current.is_dir() and not current.is_symlink():
            foreign = not _is_owned(current, staging.output, owned)
        else:
            foreign = file.path not in owned
        if foreign:
            report.error(
                "foreign-file",
                "a page belongs here, but the file was not written by archiver",
                Place(f"{staging.output.name}/{file.path}"),
                "move it away, or build into an empty folder with --output",
            )
        elif current.is_file() and _digest(current) != owned[file.path]:
            _tell_changed(staging, file.path, "it is written anew", report)
    remove = []
    for path in sorted(set(owned) - kept):
        current = staging.output / path
        if not os.path.lexists(current):
            continue
        if current.is_file() and _digest(current) != owned[path]:
            _tell_changed(staging, path, "it is left where it is", report)
        else:
            remove.append(path)
    return {"place": sorted(place), "remove": remove}


def commit(staging: Staging, plan: Mapping[str, list[str]]) -> None:
    """Bring build/ up to date: by one renaming where it does not exist yet, else under a journal."""
    if not staging.output.exists() and staging.new.exists():
        staging.new.rename(staging.output)
    elif plan["place"] or plan["remove"]:
        draft = staging.folder / "journal.draft"
        draft.write_text(json.dumps(plan), encoding="utf-8")
        draft.replace(staging.journal)
        try:
            finish_commit(staging)
        except KeyboardInterrupt:
            finish_commit(staging)
            raise


def finish_commit(staging: Staging) -> bool:
    """Finish a commit that was interrupted; whether there was one. Safe to repeat at any point."""
    if not staging.journal.exists():
        return False
    plan = json.loads(staging.journal.read_text(encoding="utf-8"))
    _remove(staging.output, plan["remove"])
    # SHA256SUMS comes last: until then the old list still names every file that may be pruned.
    for path in sorted(plan["place"], key=lambda path: (path == SUMS, path)):
        staged = staging.new / path
        if staged.exists():
            target = staging.output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir() and not target.is_symlink():
                _drop_empty(target)
            staged.replace(target)
    staging.journal.unlink()
    return True


def discard(staging: Staging) -> None:
    """Remove whatever is staged."""
    shutil.rmtree(staging.folder, ignore_errors=True)


def _is_like(path: Path, other: Path, digest: str) -> bool:
    """Whether there is a file with the bytes of another, whose digest is known; it is read only where it is
    as long."""
    is_as_long = path.is_file() and path.stat().st_size == other.stat().st_size
    return is_as_long and _digest(path) == digest


def _holds(path: str, data: bytes) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        # One byte more than expected tells a longer file.
        return os.fstat(handle).st_size == len(data) and os.read(handle, len(data) + 1) == data
    except OSError:
        return False
    finally:
        os.close(handle)


def _write_whole(path: str, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
    except OSError as error:
        error.filename = path
        raise
    finally:
        os.close(handle)


def _remove(output: Path, paths: list[str]) -> None:
    for path in paths:
        (output / path).unlink(missing_ok=True)
        folder = (output / path).parent
        while folder != output:
            try:
                folder.rmdir()
            except OSError:
                break
            folder = folder.parent


def _is_owned(folder: Path, output: Path, owned: Mapping[str, str]) -> bool:
    """Whether everything in a folder is archiver's own, so that a page may take its place."""
    files = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return all(path.relative_to(output).as_posix() in owned for path in files)


def _drop_empty(folder: Path) -> None:
    for current, _, _ in os.walk(folder, topdown=False):
        os.rmdir(current)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tell_changed(staging: Staging, path: str, outcome: str, report: Report) -> None:
    report.warn(
        "output-changed",
        f"the built file was changed by hand; {outcome}",
        Place(f"{staging.output.name}/{path}"),
        "change the content or the theme instead",
    )
