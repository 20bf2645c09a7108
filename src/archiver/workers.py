"""Jobs spread over processes, for work that is large enough to be worth it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

# Below this, starting processes costs more than they bring.
WORTH_SHARING = 400


def map_jobs(
    run: Callable[[Job], Outcome], jobs: Sequence[Job], sizes: Sequence[int], processes: int
) -> Iterator[Outcome]:
    """Run jobs and yield their outcomes, in any order; the largest start first.

    `run` must be a function of a module, jobs and outcomes must be picklable. An exception in a job
    is raised here; whatever ends this process, or this loop, ends the others too.
    """
    count = min(processes, len(jobs))
    if count < 2 or sum(sizes) < WORTH_SHARING:
        for job in jobs:
            yield run(job)
        return
    ordered = sorted(range(len(jobs)), key=lambda number: -sizes[number])
    method = "fork" if sys.platform == "linux" else "spawn"
    pool = ProcessPoolExecutor(count, multiprocessing.get_context(method), _follow_parent)
    try:
        futures = [pool.submit(run, jobs[number]) for number in ordered]
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool:
        raise OSError(None, "a process of the build was ended from outside") from None
    except BaseException:
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _follow_parent() -> None:
    """A worker dies silently on Ctrl-C, and when its parent has been killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()
