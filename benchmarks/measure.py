"""What a command costs: wall time, CPU time, and the memory of all its processes together."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

SAMPLE_EVERY = 0.02
_PROC = Path("/proc")
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


class Cost(NamedTuple):
    """Seconds on the clock, and seconds of CPU (user and system) of a command and all its children."""

    wall: float
    cpu: float


class CommandError(Exception):
    """A measured command failed; its output says why."""


def time_command(command: Sequence[str]) -> Cost:
    """Run a command and measure its time. Nothing else is done meanwhile."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = _start(command, said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        _judge(process, said)
    return Cost(wall, used.ru_utime + used.ru_stime)


def weigh_command(command: Sequence[str]) -> int | None:
    """Run a command and measure its peak memory in bytes; None where the system does not tell.

    Looking takes time of its own, so that time and memory are measured in separate runs.
    """
    return watch_command(command, SAMPLE_EVERY)[1]


def watch_command(command: Sequence[str], every: float) -> tuple[Cost, int | None]:
    """Run a command, measure its time, and look at its memory every so many seconds.

    Pages that several processes share are counted once (PSS), where the kernel says which they are.
    """
    if not (_PROC / "self/statm").exists():
        return time_command(command), None
    peak = 0
    done = threading.Event()

    def sample() -> None:
        nonlocal peak
        while not done.wait(every):
            peak = max(peak, sum(_read_memory(pid) for pid in _list_tree(process.pid)))

    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = _start(command, said)
        watcher = threading.Thread(target=sample)
        watcher.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watcher.join()
        _judge(process, said)
    return Cost(wall, used.ru_utime + used.ru_stime), peak


def _start(command: Sequence[str], said: IO[bytes]) -> subprocess.Popen[bytes]:
    # Python keeps bytecode wherever nobody has told it not to.
    usual = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, env=usual)


def _judge(process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    if process.returncode != 0:
        said.seek(0)
        text = said.read().decode(errors="replace")
        raise CommandError(f"{process.args!r} ended with {process.returncode}:\n{text}")


def _list_tree(pid: int) -> list[int]:
    """A process and all that it has started."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found.extend(int(child) for child in (task / "children").read_text().split())
        except OSError:
            continue
    return found


def _read_memory(pid: int) -> int:
    """The memory of a process in bytes: its share of shared pages (PSS), else all that is resident."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        resident = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(resident) * os.sysconf("SC_PAGE_SIZE")
