"""The real captures that tests may read, how well one was kept, and JSON with a part put wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_CAPTURES = Path(__file__).parents[2] / "shared/captures"
_ABSENT = "NOT RUN: the real captures in ../shared/captures are not here; only our own were read"


def find_capture(name: str) -> Path:
    """A real capture; where they are not here, the test that asks is skipped, and says so."""
    if not _CAPTURES.is_dir():
        pytest.skip(_ABSENT)
    return _CAPTURES / name


def measure(folder: Path, source: Path) -> dict[str, Any]:
    """What of a real capture stands in the posts of a folder, held against what is known of it."""
    truth = source.parent / "truth" / f"{source.stem}.json"
    command = [sys.executable, str(source.parent / "fidelity.py"), str(folder), str(truth)]
    run = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def swap(found: Any, path: list[int], value: object) -> Any:
    """A JSON value with one of its parts swapped for another."""
    if not path or not isinstance(found, dict | list) or not found:
        return value
    if isinstance(found, dict):
        key = list(found)[path[0] % len(found)]
        return {**found, key: swap(found[key], path[1:], value)}
    at = path[0] % len(found)
    return [*found[:at], swap(found[at], path[1:], value), *found[at + 1 :]]
