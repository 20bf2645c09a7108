"""Files put into a folder, a tar or a zip, with the same modes and times wherever that is done."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

_MODE = 0o644
_FOLDER_MODE = 0o755
_FIRST_OF_ZIP = (1980, 1, 1, 0, 0, 0)


class Readable(Protocol):
    """What can be read from."""

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""


class Packer(Protocol):
    """What takes files, one after the other."""

    def add(self, path: str, size: int, file: Readable) -> None:
        """One more file of that many bytes."""

    def close(self) -> None:
        """There are no more."""


class FolderPacker:
    """Files into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.chmod(_FOLDER_MODE)

    def add(self, path: str, size: int, file: Readable) -> None:
        """One more file."""
        target = self._folder / path
        missing = [one for one in target.parents if one.is_relative_to(self._folder)]
        for folder in reversed(missing):
            if not folder.exists():
                folder.mkdir()
                folder.chmod(_FOLDER_MODE)
        with target.open("xb") as out:
            shutil.copyfileobj(file, out)
        target.chmod(_MODE)

    def close(self) -> None:
        """There is nothing to finish."""


class TarPacker:
    """Files into a tar (POSIX pax), below a folder of its own."""

    def __init__(self, out: BinaryIO, top: str, date: datetime) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._top = top
        self._date = max(0, int(date.timestamp()))

    def add(self, path: str, size: int, file: Readable) -> None:
        """One more file."""
        info = tarfile.TarInfo(f"{self._top}/{path}")
        info.size, info.mtime, info.mode = size, self._date, _MODE
        self._tar.addfile(info, file)
        # It remembers every file that it holds, for readers; there are none here.
        self._tar.members = []  # type: ignore[attr-defined]

    def close(self) -> None:
        """Write the end."""
        self._tar.close()


class ZipPacker:
    """Files into a zip, as they are (so that no library for packing shapes its bytes)."""

    def __init__(self, out: BinaryIO, top: str, date: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w")
        self._top = top
        self._date = date

    def add(self, path: str, size: int, file: Readable) -> None:
        """One more file."""
        info = make_member(f"{self._top}/{path}", self._date)
        info.file_size = size
        with self._zip.open(info, "w") as out:
            shutil.copyfileobj(file, out)

    def close(self) -> None:
        """Write the directory."""
        self._zip.close()


def make_member(
    path: str, date: datetime, compression: int = zipfile.ZIP_STORED
) -> zipfile.ZipInfo:
    """A file in a zip with a mode and a time that are the same everywhere; zips know none before 1980."""
    moment = (date.year, date.month, date.day, date.hour, date.minute, date.second)
    info = zipfile.ZipInfo(path, max(_FIRST_OF_ZIP, moment))
    info.create_system = 3  # Unix, whatever this is
    info.external_attr = (0o100000 | _MODE) << 16
    info.compress_type = compression
    return info
