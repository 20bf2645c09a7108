"""Where an export goes: a file or a folder that takes its name when it is whole, and not before."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class ExportError(Exception):
    """Why nothing was exported, and what would help; said to the person who asked for it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@contextmanager
def open_target(path: Path, force: bool) -> Iterator[BinaryIO]:
    """A new file, put in place when all of it was written; nothing is left where that fails.

    ExportError where there is a file already, unless with `force`.
    """
    _judge_target(path, force)
    if path.is_dir():
        raise ExportError(f"{path} is a folder", "name a file with --output")
    draft = _name_draft(path)
    try:
        with draft.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def open_folder(path: Path, force: bool, mark: str) -> Iterator[Path]:
    """A new folder, put in place when all of it was written; nothing is left where that fails.

    With `force`, a folder takes the place of another that holds the file `mark`, and of no other.
    """
    _judge_target(path, force)
    if path.exists() and not (path / mark).is_file():
        raise ExportError(f"{path} holds no {mark}, so it is not replaced", "move it away")
    draft = _name_draft(path)
    old = path.with_name(f".{path.name}.{os.getpid()}.old")
    draft.mkdir()
    try:
        yield draft
        if path.exists():
            path.rename(old)
        draft.rename(path)
    finally:
        if old.exists() and not path.exists():
            old.rename(path)
        for left in (draft, old):
            shutil.rmtree(left, ignore_errors=True)


def _judge_target(path: Path, force: bool) -> None:
    if not path.parent.is_dir():
        raise ExportError(f"there is no folder {path.parent}", "make it first")
    if os.path.lexists(path) and not force:
        raise ExportError(f"{path} is there already", "--force replaces it")


def _name_draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")
