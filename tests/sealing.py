"""Archives sealed in tests, at times that are told."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.build import check_site
from archiver.seals import Seal, make_seal, read_seal
from book import Book

MORNING = datetime(2017, 3, 24, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def seal_archive(root: Path, time: datetime = MORNING) -> Seal | None:
    """Seal an archive without errors; None where nothing is new."""
    result = check_site(root)
    assert not result.failed, result.problems
    data = make_seal(result.seals, result.sealable, time)
    if data is None:
        return None
    seal = read_seal(data)
    path = root / "content/seal" / seal.name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return seal


def seal(book: Book, time: datetime = MORNING) -> Seal:
    """Seal a book of which something is new."""
    made = seal_archive(book.root, time)
    assert made is not None
    return made


def make_key(path: Path) -> Path:
    """A new key without a password."""
    if shutil.which("ssh-keygen") is None:
        reason = "there is no ssh-keygen; on Debian: apt-get install openssh-client"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", str(path)]
    subprocess.run(command, check=True)
    return path
