"""What is installed here: archiver's own files, its default theme, and the libraries beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from archiver.digests import digest_value
from archiver.regular import SIZE_AND_MTIME, sign_file

DEFAULT_THEME = "default"
_PACKAGE = Path(__file__).resolve().parent


def find_default_theme() -> Path:
    """The default theme: beside the code in a wheel, else in the source tree."""
    inside = _PACKAGE / "themes" / DEFAULT_THEME
    return inside if inside.is_dir() else _PACKAGE.parents[1] / "themes" / DEFAULT_THEME


def digest_installed() -> bytes:
    """A digest that stands for all of it: another release, or a change to a file, makes another one.

    Libraries are known by the folders in which installers note a package's name and version.
    """
    own = [
        (path, signature[SIZE_AND_MTIME])
        for folder in (_PACKAGE, find_default_theme())
        for path in list_below(folder)
        if not path.endswith(".pyc") and (signature := sign_file(path))
    ]
    beside = Path(msgspec.__file__).resolve().parents[1]
    libraries = sorted(name for name in os.listdir(beside) if name.endswith(".dist-info"))  # noqa: PTH208
    return digest_value((own, libraries, sys.version))


def list_below(folder: Path) -> list[str]:
    """The paths of all files below a folder, sorted; none where there is no such folder."""
    return sorted(_walk(folder))


def _walk(folder: Path | str) -> Iterator[str]:
    with suppress(OSError), os.scandir(folder) as items:
        for item in items:
            if item.is_dir(follow_symlinks=False):
                yield from _walk(item.path)
            else:
                yield item.path
