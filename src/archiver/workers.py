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
# So many more values than before are looked through when a job is done.
_WORTH_COLLECTING = 20_000
# After so many jobs a process is followed by a new one.
JOBS_A_SHIFT = 20
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
    shift = count * JOBS_A_SHIFT
    for start in range(0, len(ordered), shift):
        yield from _work_shift(run, tool, [jobs[n] for n in ordered[start : start + shift]], count)


def _work_shift(
    run: Callable[[Tool, Job], Outcome], tool: Tool, jobs: Sequence[Job], count: int
) -> Iterator[Outcome]:
    """Run some jobs in processes of their own, which end with them: what a process inherits it has to
    copy, little by little, as it looks at it."""
    context = multiprocessing.get_context("fork" if INHERITS else "spawn")
    pool = ProcessPoolExecutor(min(count, len(jobs)), context, _begin, (tool,))
    try:
        # A future holds its outcome: nobody may keep it for longer than it takes to hand that on.
        for future in as_completed([pool.submit(_run, run, job) for job in jobs]):
            outcome = future.result()
            del future
            yield outcome
            del outcome
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
    outcome = run(_tool, job)
    # What was made for a job goes with it; what holds itself, only so.
    if gc.get_count()[0] > _WORTH_COLLECTING:
        gc.collect()
    return outcome


def _begin(tool: Any) -> None:
    """A worker takes its tool; it dies silently on Ctrl-C, and when its parent has been killed."""
    global _tool
    _tool = tool
    # What there is lives as long as the worker: looking through it, again and again, is wasted.
    gc.freeze()
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
