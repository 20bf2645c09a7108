"""The judge of pages as a server sends them: Lighthouse, as a telephone on a slow network sees them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from browsers import find_chromium
from browsing.network import serve

ROOT = Path(__file__).resolve().parents[1]
# How fast a page is depends on what else the machine does; the best of so many looks counts. The aim is a
# hundred: what is short of it is told, and what falls below the floor is a fault.
LOOKS = 3
SPEED, FLOOR = "performance", 95
BROKEN_SCORES = ("accessibility", "best-practices", "seo")


def choose_for_lighthouse(site: Path) -> list[str]:
    """The first page, a timeline that is all on one page, an entry of it, and the search."""
    timeline = next(site.glob("*/coverage.json")).parent
    entries = sorted(path for path in timeline.glob("[0-9]*.html") if len(path.stem) > 13)
    found = [site / "index.html", timeline / "index.html", entries[len(entries) // 2]]
    found += [path for path in [site / "search.html"] if path.is_file()]
    return [path.relative_to(site).as_posix() for path in found]


def judge_lighthouse(tools: Path, site: Path, paths: Sequence[str]) -> list[str]:
    """What costs a page one of its four hundreds."""
    best: dict[str, dict[str, Any]] = {}
    with serve(site, compressing=True) as base:
        for _ in range(LOOKS):
            left = [path for path in paths if path not in best or not is_perfect(best[path])]
            for seen in look(tools, [base + path for path in left]) if left else ():
                path = seen["address"].removeprefix(base)
                best[path] = max(best.get(path, seen), seen, key=rank)
    told = {path: f"{path}: {tell(seen)}" for path, seen in best.items() if not is_perfect(seen)}
    for fault in told.values():
        print(f"SHORT OF 100: {fault}", flush=True)
    return [fault for path, fault in told.items() if not is_fair(best[path])]


def judge_lighthouse_control(tools: Path, folder: Path) -> list[str]:
    """Whether Lighthouse sees the faults of a page that is full of them."""
    with serve(folder, compressing=True) as base:
        (seen,) = look(tools, [base + "index.html"])
    return [f"nobody saw a fault of {name}" for name in BROKEN_SCORES if seen["scores"][name] > 95]


def look(tools: Path, addresses: Iterable[str]) -> list[dict[str, Any]]:
    """Scores, from 0 to 100, and faults of each address."""
    # It finds its libraries from where it lies.
    script = tools / "lighthouse.mjs"
    script.write_bytes((ROOT / "tests/judges/lighthouse.mjs").read_bytes())
    done = subprocess.run(
        ["node", str(script), str(find_chromium()), *addresses],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def rank(seen: dict[str, Any]) -> int:
    """How good a look was."""
    return -1 if seen["error"] else sum(score or 0 for score in seen["scores"].values())


def is_fair(seen: dict[str, Any]) -> bool:
    """Whether a page has a hundred in everything but its speed, and that is above the floor."""
    scores = dict(seen["scores"])
    speed = scores.pop(SPEED)
    return not seen["error"] and set(scores.values()) == {100} and (speed or 0) >= FLOOR


def is_perfect(seen: dict[str, Any]) -> bool:
    """Whether a page has a hundred in everything that is judged."""
    return not seen["error"] and set(seen["scores"].values()) == {100}


def tell(seen: dict[str, Any]) -> str:
    """The scores of a page, and what cost any."""
    scores = ", ".join(f"{name} {score}" for name, score in seen["scores"].items())
    return "; ".join([seen["error"] or scores, *seen["faults"]])
