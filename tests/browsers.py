"""Finds the browsers that the tests open, installs what is missing, and says so where it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FIREFOX = ("firefox-esr", "firefox")
_PROGRAMS = Path("/Applications")
_MAC_CHROMIUM = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
)
_MAC_FIREFOX = ("Firefox.app/Contents/MacOS/firefox",)
_BUNDLES = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
)
_DEBIAN = {"Chromium": "chromium", "Firefox": "firefox-esr"}
_BREW = {"Chromium": "google-chrome", "Firefox": "firefox"}


def find_chromium() -> Path | None:
    """A Chromium or Chrome of this machine, else the one that Playwright has installed."""
    return _find(_CHROMIUM, _MAC_CHROMIUM) or _find_bundled()


def find_firefox() -> Path | None:
    """A Firefox of this machine."""
    return _find(_FIREFOX, _MAC_FIREFOX)


def list_missing() -> list[str]:
    """The browsers that are not there."""
    found = {"Chromium": find_chromium(), "Firefox": find_firefox()}
    return [name for name, path in found.items() if path is None]


def install(missing: list[str]) -> None:
    """Try what can be done without asking anybody."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(missing)} ...")
        _run("apt-get", "-qq", "update")
        _run("apt-get", "-qq", "install", "-y", *(_DEBIAN[name] for name in missing))
    if find_chromium() is None:
        print("Installing Playwright's Chromium ...")
        _run(sys.executable, "-m", "playwright", "install", "chromium")


def advise(missing: list[str]) -> str:
    """The one command that brings what is missing."""
    if sys.platform == "darwin":
        return "brew install --cask " + " ".join(_BREW[name] for name in missing)
    return "sudo apt-get install -y " + " ".join(_DEBIAN[name] for name in missing)


def need(program: Path | None, name: str) -> Path:
    """A browser for a test, or no test: where CI is set, that is a failure."""
    import pytest  # `make test` asks for browsers before there are tests

    if program is None:
        reason = f"there is no {name}: `make test` says how to get it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def main() -> int:
    """Have both browsers there, or say what will not be tested."""
    missing = list_missing()
    if missing:
        install(missing)
        missing = list_missing()
    if not missing:
        return 0
    print(f"NOT RUN: browser tests (no {', no '.join(missing)}). To run them: {advise(missing)}")
    return 1 if os.environ.get("CI") else 0


def _find(names: tuple[str, ...], programs: tuple[str, ...]) -> Path | None:
    for name in names:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((_PROGRAMS / name for name in programs if (_PROGRAMS / name).is_file()), None)


def _find_bundled() -> Path | None:
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    home = Path.home()
    folders = [
        Path(named) if named else home / ".cache/ms-playwright",
        home / "Library/Caches/ms-playwright",
        home / "AppData/Local/ms-playwright",
    ]
    found = [path for folder in folders for bundle in _BUNDLES for path in folder.glob(bundle)]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def _run(*command: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr + done.stdout).strip().splitlines()
        fault = next(
            (line for line in said if "rror" in line or line.startswith("E:")), "it failed"
        )
        print(f"  {fault.strip()}")


if __name__ == "__main__":
    sys.exit(main())
