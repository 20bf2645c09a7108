"""A copy of a built site: what it is called, and how its files are read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from archiver.regular import OddFileError, name_odd_file, open_regular, read_regular

_PIECE = 1 << 20


class CopyError(Exception):
    """Why a file of a copy cannot be read; `is_missing` where there is none."""

    def __init__(self, reason: str, is_missing: bool = False) -> None:
        super().__init__(reason)
        self.is_missing = is_missing


class Copy(Protocol):
    """A copy, by whatever it can be reached."""

    name: str

    def list_files(self) -> Mapping[str, str] | None:
        """{path: why it is no file that could have been built, or nothing} of all that is there; None
        where that cannot be known."""

    def digest(self, path: str) -> str:
        """The SHA-256 of a file in hexadecimal, read piece by piece. CopyError."""

    def read(self, path: str) -> bytes:
        """The bytes of a file. CopyError."""


class FolderCopy:
    """A copy in a folder. Links are not followed: what they lead to does not come along."""

    def __init__(self, folder: Path) -> None:
        self.name = os.fspath(folder)
        self._folder = folder

    def list_files(self) -> Mapping[str, str]:
        """{path: why it is no file that could have been built, or nothing}, sorted."""
        return dict(sorted(_walk(self._folder, "")))

    def digest(self, path: str) -> str:
        """The SHA-256 of a file in hexadecimal."""
        try:
            digest = hashlib.sha256()
            with open_regular(self._folder / path) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
            return digest.hexdigest()
        except (OSError, OddFileError) as error:
            raise _explain(error) from error

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        try:
            return read_regular(self._folder / path, 1 << 40)
        except (OSError, OddFileError) as error:
            raise _explain(error) from error


def _walk(folder: Path | str, prefix: str) -> Iterator[tuple[str, str]]:
    try:
        with os.scandir(folder) as items:
            found = list(items)
    except OSError as error:
        yield prefix.rstrip("/"), f"the folder cannot be read: {error.strerror}"
        return
    for item in found:
        path = prefix + item.name
        if item.is_symlink():
            yield path, "it is a symbolic link"
        elif item.is_dir():
            yield from _walk(item.path, path + "/")
        else:
            odd = name_odd_file(item.stat(follow_symlinks=False).st_mode)
            yield path, f"it is {odd}" if odd else ""


def _explain(error: OSError | OddFileError) -> CopyError:
    if isinstance(error, OSError):
        return CopyError(
            error.strerror or str(error), isinstance(error, FileNotFoundError | NotADirectoryError)
        )
    return CopyError(f"it is {error}")
