"""Jobs spread over processes, for work that is large enough to be worth it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

Tool = TypeVar("Tool")
Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

# Below this, starting processes costs more than they bring.
WORTH_SHARING = 400
# Whether a process that is started has all that this one has.
INHERITS = sys.platform == "linux"


def map_jobs(
    run: Callable[[Tool, Job], Outcome],
    tool: Tool,
    jobs: Sequence[Job],
    sizes: Sequence[int],
    processes: int,
) -> Iterator[Outcome]:
    """Run jobs and yield their outcomes, in any order; the largest start first.

    Each process is given the tool and uses it for all its jobs. `run` must be a function of a module;
    jobs and outcomes must be picklable, and so must the tool be where a process inherits nothing. An
    exception in a job is raised here; whatever ends this process, or this loop, ends the others too.
    """
    count = min(processes, len(jobs))
    if count < 2 or sum(sizes) < WORTH_SHARING:
        for job in jobs:
            yield run(tool, job)
        return
    ordered = sorted(range(len(jobs)), key=lambda number: -sizes[number])
    method = "fork" if INHERITS else "spawn"
    context = multiprocessing.get_context(method)
    pool = ProcessPoolExecutor(count, context, _begin, (tool,))
    try:
        futures = [pool.submit(_run, run, jobs[number]) for number in ordered]
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


# The tool of a worker process; in no other process is it set.
_tool: Any = None


def _run(run: Callable[[Any, Job], Outcome], job: Job) -> Outcome:
    return run(_tool, job)


def _begin(tool: Any) -> None:
    """A worker takes its tool; it dies silently on Ctrl-C, and when its parent has been killed."""
    global _tool
    _tool = tool
    # A worker makes many values that live as long as it does: looking through them is wasted.
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
