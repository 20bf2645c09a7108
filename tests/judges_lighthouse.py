"""The judge of pages as a server sends them: Lighthouse, as a telephone on a slow network sees them."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from browsers import find_chromium
from browsing.network import serve

ROOT = Path(__file__).resolve().parents[1]
# A page is to have four hundreds. How fast it is depends on what else the machine does meanwhile, so that
# the best of so many looks counts. A look was a quiet one where before and after it all cores were idle but
# for a process that had nearly all of one, and Lighthouse found the machine as fast as a computer at rest is
# (1,500 to 3,000 of its points). What is short of a hundred in speed is told; it is a fault below a floor,
# and below a higher one where several looks were quiet. Even on a machine at rest, looks of one page that are
# made one after the other differ by two points.
LOOKS, QUIET_LOOKS = 6, 3
QUIET_SHARE, QUIET_POWER = 0.9, 1500
SPEED, FLOOR, QUIET_FLOOR = "performance", 95, 97
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
    quiet = Counter[str]()
    with serve(site, compressing=True) as base:
        for _ in range(LOOKS):
            left = [path for path in paths if path not in best or not is_perfect(best[path])]
            before = measure_share()
            found = look(tools, [base + path for path in left]) if left else []
            is_quiet = min(before, measure_share()) >= QUIET_SHARE
            for seen in found:
                path = seen["address"].removeprefix(base)
                quiet[path] += is_quiet and seen["power"] >= QUIET_POWER
                best[path] = max(best.get(path, seen), seen, key=rank)
    told = {path: f"{path}: {tell(seen)}" for path, seen in best.items() if not is_perfect(seen)}
    for fault in told.values():
        print(f"SHORT OF 100: {fault}", flush=True)
    return [
        fault
        for path, fault in told.items()
        if not is_fair(best[path], QUIET_FLOOR if quiet[path] >= QUIET_LOOKS else FLOOR)
    ]


def judge_lighthouse_control(tools: Path, folder: Path) -> list[str]:
    """Whether Lighthouse sees the faults of a page that is full of them."""
    with serve(folder, compressing=True) as base:
        (seen,) = look(tools, [base + "index.html"])
    return [f"nobody saw a fault of {name}" for name in BROKEN_SCORES if seen["scores"][name] > 95]


def measure_share() -> float:
    """How much of the machine is there for whoever wants it, from 0 to 1, over half a second each: what is
    idle of all cores, or what this process has of one, whichever is less."""
    idle = measure_idle()
    started, spent = time.perf_counter(), time.process_time()
    while time.perf_counter() - started < 0.5:
        pass
    return min(idle, (time.process_time() - spent) / 0.5)


def measure_idle() -> float:
    """How much of all cores does nothing, from 0 to 1; 1 where the system does not tell (proc(5))."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 1.0

    def read_spent() -> list[int]:
        return [int(one) for one in stat.read_text(encoding="ascii").split("\n")[0].split()[1:]]

    before = read_spent()
    time.sleep(0.5)
    spent = [late - early for early, late in zip(before, read_spent(), strict=True)]
    # What guests take is counted with what users take; idle and waiting for a disk come fourth and fifth.
    return (spent[3] + spent[4]) / max(1, sum(spent[:8]))


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


def is_fair(seen: dict[str, Any], floor: int) -> bool:
    """Whether a page has a hundred in everything but its speed, and that is not below a floor."""
    scores = dict(seen["scores"])
    speed = scores.pop(SPEED)
    return not seen["error"] and set(scores.values()) == {100} and (speed or 0) >= floor


def is_perfect(seen: dict[str, Any]) -> bool:
    """Whether a page has a hundred in everything that is judged."""
    return not seen["error"] and set(seen["scores"].values()) == {100}


def tell(seen: dict[str, Any]) -> str:
    """The scores of a page, and what cost any."""
    scores = ", ".join(f"{name} {score}" for name, score in seen["scores"].items())
    return "; ".join([seen["error"] or scores, *seen["faults"], f"power {seen['power']:.0f}"])
