"""Only regular files are read: pipes, devices and links that lead astray are told apart unopened."""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archiver.model import Signature

# A pipe would block whoever opens it, until somebody writes; Windows would change line ends.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_PIECE = 64 * 1024
_SIGNATURE = struct.Struct("<4Q")
# Times from 1677 to 2262 keep their order; of others it is enough that they differ.
_EPOCH, _LAST = 2**63, 2**64 - 1
# What a copy may have as its original has it.
SIZE_AND_MTIME = slice(0, 16)
_ODD_FILES = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


class OddFileError(Exception):
    """There is no file to be read; the text names what is there instead."""


def read_regular(path: str | Path, limit: int) -> bytes:
    """The bytes of a file, at most `limit` of them. OddFileError where it is none, OSError as usual."""
    return read_signed(path, limit)[0]


def read_signed(path: str | Path, limit: int) -> tuple[bytes, Signature]:
    """The bytes of a file as `read_regular` reads them, and what the file was like just before."""
    handle = os.open(path, _FLAGS)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            odd = name_odd_file(status.st_mode)
            if odd:
                raise OddFileError(odd)
        return _read_at_most(handle, status.st_size, limit), sign_status(status)
    finally:
        os.close(handle)


def sign_status(status: os.stat_result) -> Signature:
    """The signature of a file whose status is known: its size in bytes, its mtime and ctime in nanoseconds,
    and its inode. 32 bytes: of a large site, some hundred thousand of them are in memory."""
    modified, changed = status.st_mtime_ns + _EPOCH, status.st_ctime_ns + _EPOCH
    return _SIGNATURE.pack(status.st_size, modified & _LAST, changed & _LAST, status.st_ino & _LAST)


def read_times(signature: Signature) -> tuple[int, int]:
    """The mtime and the ctime of a signature, in nanoseconds."""
    _, modified, changed, _ = _SIGNATURE.unpack(signature)
    return modified - _EPOCH, changed - _EPOCH


def sign_file(path: str) -> Signature | None:
    """The signature of a file, or None where there is none."""
    try:
        return sign_status(os.stat(path))  # noqa: PTH116 (the hottest call of a build with nothing to do)
    except OSError:
        return None


@contextmanager
def open_regular(path: Path) -> Iterator[IO[bytes]]:
    """A file to be read piece by piece. OddFileError where it is none, OSError as usual."""
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise OddFileError(name_odd_file(mode) or "a folder")
        yield file


def name_odd_file(mode: int) -> str:
    """What a thing is that is neither a file nor a folder, by its mode; else nothing."""
    return next((name for is_such, name in _ODD_FILES if is_such(mode)), "")


def judge_link(link: str, base: Path) -> str:
    """What is wrong with where a symbolic link leads, or nothing: it must lead to a file below `base`."""
    if not Path(os.path.realpath(link)).is_relative_to(os.path.realpath(base)):
        return f"leads out of {base.name}/"
    try:
        mode = os.stat(link).st_mode  # noqa: PTH116 (of what it leads to)
    except OSError as error:
        return "leads back to itself" if error.errno == errno.ELOOP else "leads nowhere"
    if stat.S_ISDIR(mode):
        return "leads to a folder"
    odd = name_odd_file(mode)
    return f"leads to {odd}" if odd else ""


def _read_at_most(handle: int, size: int, limit: int) -> bytes:
    """The size is known before, but a file may grow meanwhile, or be read in pieces."""
    raw = os.read(handle, min(size + 1, limit))
    while len(raw) < limit and len(raw) != size:
        more = os.read(handle, min(len(raw) + _PIECE, limit - len(raw)))
        if not more:
            break
        raw += more
    return raw
