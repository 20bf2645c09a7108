"""Imports each capture that has a truth, measures what came of it, and writes the table of docs/import.md.

The captures are publishers' pages and lie beside the repository, not in it; where they are not there,
nothing is measured, and the script says so.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CAPTURES = ROOT.parent / "shared/captures"
PAGE = ROOT / "docs/import.md"
BEGIN, END = "<!-- fidelity -->", "<!-- /fidelity -->"


def measure(capture: Path, truth: Path, folder: Path) -> dict[str, Any]:
    """Import one capture into an empty archive, and what the measure says of it."""
    (folder / "content").mkdir(parents=True)
    (folder / "content/site.md").write_text("---\ntitle: Measured\n---\n", encoding="utf-8")
    began = time.perf_counter()
    run = [sys.executable, "-m", "archiver", "import", str(capture), "--into", "measured"]
    done = subprocess.run(
        [*run, "--root", str(folder)], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        return {"found": 0, "expected": "?", "extra": 0, "seconds": seconds}
    told = subprocess.run(
        [
            sys.executable,
            str(CAPTURES / "fidelity.py"),
            str(folder / "content/measured"),
            str(truth),
            "--json",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return {**json.loads(told.stdout), "seconds": seconds}


def write_row(name: str, told: dict[str, Any]) -> str:
    """A row of the table; figures are cut, not rounded."""
    return f"| {name} | " + " | ".join(spell(told, key) for key in COLUMNS) + " |"


COLUMNS = {
    "posts": "posts",
    "time": "times",
    "updated": "changes",
    "byline": "bylines",
    "title": "titles",
    "word_recall": "words found",
    "word_precision": "words that belong",
    "links": "links",
    "images": "pictures",
    "embeds": "embeds",
    "flags": "flags",
    "seconds": "seconds",
}


def spell(told: dict[str, Any], key: str) -> str:
    """One figure: of posts how many of how many, and how many there are too many."""
    if key == "posts":
        extra = f" (+{told['extra']})" if told["extra"] else ""
        return f"{told['found']} of {told['expected']}{extra}"
    value = told.get(key)
    if value is None:
        return "–"
    return f"{value:.2f}" if key == "seconds" else f"{int(value * 1000) / 1000:.3f}"


def main() -> int:
    """Measure all captures; exit code 1 where there are none."""
    if not (CAPTURES / "fidelity.py").is_file():
        print("NOT RUN: the captures are not there (../shared/captures)")
        return 1
    rows = []
    for truth in sorted((CAPTURES / "truth").glob("*.json")):
        (capture,) = [path for path in CAPTURES.glob(f"{truth.stem}.*") if path.is_file()]
        with tempfile.TemporaryDirectory() as folder:
            told = measure(capture, truth, Path(folder))
        rows.append(write_row(truth.stem, told))
        print(rows[-1])
    head = f"| capture | {' | '.join(COLUMNS.values())} |"
    table = "\n".join([head, "|---|" + "---:|" * len(COLUMNS), *rows])
    text = PAGE.read_text(encoding="utf-8")
    between = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)
    PAGE.write_text(between.sub(f"{BEGIN}\n{table}\n{END}", text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
