"""`archiver seal` as it is typed: the clock, signatures by real tools, and what goes wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archiver.seals import read_seal
from book import Book
from sealing import make_key

POSTS = "=== vigil.md\n---\ndate: 2017-03-23T20:30:00Z\n---\nHundreds came.\n"
# 2017-03-24T09:00:00Z
EPOCH = "1490346000"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of one post."""
    return Book(tmp_path / "archive", POSTS).root


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Seal an archive."""
    return subprocess.run(
        [sys.executable, "-m", "archiver", "seal", "--root", str(root), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "SOURCE_DATE_EPOCH": EPOCH, **environment},
        check=False,
    )


def list_sealed(root: Path) -> list[str]:
    """The names of all files in content/seal/, hidden ones too."""
    return sorted(path.name for path in (root / "content/seal").glob("*"))


def test_the_time_is_that_of_the_clock_or_of_source_date_epoch(archive: Path) -> None:
    done = run(archive)
    assert done.returncode == 0, done.stderr
    (name,) = list_sealed(archive)
    made = read_seal((archive / "content/seal" / name).read_bytes())
    assert made.time.isoformat() == "2017-03-24T09:00:00+00:00"
    assert f"Sealed 1 permalink: {archive}/content/seal/{name}\n" in done.stdout
    assert made.digest in done.stdout
    (archive / "content/event/more.md").write_text("---\ndate: 2017-03-23\norder: 2\n---\nMore\n")
    (archive / "content/event/vigil.md").write_text("---\ndate: 2017-03-23\norder: 1\n---\nMore\n")
    assert run(archive, SOURCE_DATE_EPOCH="").returncode == 0
    assert len(list_sealed(archive)) == 2


def test_the_same_archive_at_the_same_time_is_the_same_seal(archive: Path, tmp_path: Path) -> None:
    shutil.copytree(archive, tmp_path / "copy")
    for root in (archive, tmp_path / "copy"):
        assert run(root).returncode == 0
    assert list_sealed(archive) == list_sealed(tmp_path / "copy")


@pytest.mark.parametrize("said", ["soon", "9" * 30])
def test_a_time_that_is_none_is_wrong_usage(archive: Path, said: str) -> None:
    done = run(archive, SOURCE_DATE_EPOCH=said)
    assert done.returncode == 2
    assert "is no number of seconds" in done.stderr


def test_a_clock_before_the_newest_seal_is_told(archive: Path) -> None:
    run(archive)
    (archive / "content/event/vigil.md").write_text("---\ndate: 2017-03-23T20:30:00Z\n---\nMore\n")
    done = run(archive, SOURCE_DATE_EPOCH="1490000000")
    assert done.returncode == 2
    assert "but the newest seal is of 2017-03-24T09:00:00Z" in done.stderr
    assert len(list_sealed(archive)) == 1


def test_nothing_new_writes_nothing_and_is_no_failure(archive: Path) -> None:
    run(archive)
    done = run(archive)
    assert (done.returncode, done.stderr) == (0, "")
    assert "everything is as it was sealed on 2017-03-24T09:00:00Z" in done.stdout
    assert len(list_sealed(archive)) == 1


def test_an_archive_with_errors_is_not_sealed(archive: Path) -> None:
    (archive / "content/event/broken.md").write_text("---\ndate: never\n---\nWords\n")
    done = run(archive)
    assert done.returncode == 1
    assert "error[not-a-date]" in done.stderr
    assert done.stderr.endswith("Nothing was sealed.\n")
    assert list_sealed(archive) == []


def test_a_seal_is_signed_by_openssh_and_verified(archive: Path, tmp_path: Path) -> None:
    key = make_key(tmp_path / "key")
    done = run(archive, "--sign", str(key))
    assert done.returncode == 0, done.stderr
    name, signature = list_sealed(archive)
    assert signature == f"{name}.sig"
    signers = tmp_path / "signers"
    signers.write_text(f"desk@example.org {Path(f'{key}.pub').read_text()}")
    Book(archive).build()
    command = [sys.executable, "-m", "archiver", "verify", str(archive / "build")]
    checked = subprocess.run(
        [*command, "--allowed-signers", str(signers)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"seal/{name} is signed by desk@example.org." in checked.stdout


def test_a_key_that_cannot_sign_leaves_no_seal(archive: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "key")
    (tmp_path / "none").write_text("no key")
    done = run(archive, "--sign", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "the seal could not be signed, so there is none: " in done.stderr
    assert list_sealed(archive) == []


def test_a_command_of_ones_own_stamps_the_seal(archive: Path) -> None:
    code = "import sys; open(sys.argv[1] + '.asc', 'w').write('-----BEGIN PGP SIGNATURE-----\\n')"
    done = run(archive, "--then", f'"{sys.executable}" -c "{code}" {{}}')
    assert done.returncode == 0, done.stderr
    name, stamp = list_sealed(archive)
    assert stamp == f"{name}.asc"
    assert Book(archive).build().codes() == []
    assert (archive / "build/seal" / stamp).is_file()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("false", "`false` ended with 1"),
        ("no-such-tool {}", "cannot be run: No such file"),
        ("'", "cannot be run: No closing quotation"),
        (" ", "cannot be run"),
    ],
)
def test_the_seal_stays_where_a_command_fails(archive: Path, command: str, said: str) -> None:
    done = run(archive, "--then", command)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(list_sealed(archive)) == 1


def test_gpg_signs_a_seal_by_its_own_command(archive: Path, tmp_path: Path) -> None:
    if shutil.which("gpg") is None:
        pytest.skip("there is no gpg; on Debian: apt-get install gpg gpg-agent")
    home = tmp_path / "g"
    home.mkdir(mode=0o700)
    quick = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "desk@example.org"]
    environment = {**os.environ, "GNUPGHOME": str(home)}
    try:
        subprocess.run(quick, env=environment, check=True, capture_output=True)
        done = run(archive, "--then", "gpg --batch --armor --detach-sign {}", GNUPGHOME=str(home))
        assert done.returncode == 0, done.stderr
        name, stamp = (archive / "content/seal" / name for name in list_sealed(archive))
        verify = ["gpg", "--verify", str(stamp), str(name)]
        subprocess.run(verify, env=environment, check=True, capture_output=True)
    finally:
        stop = ["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"]
        subprocess.run(stop, env=environment, check=False, capture_output=True)
    assert Book(archive).build().codes() == []
