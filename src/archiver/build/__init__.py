"""The pipeline: content to build/, or to nowhere when it is only checked.

`settled` finds out whether there is anything to do at all, and imports little; `pipeline` does it.
"""

from __future__ import annotations

import os
from pathlib import Path

from archiver.build.result import Progress, Result
from archiver.build.settled import find_settled, walk_site
from archiver.diagnostics import Place, Problem, Report
from archiver.files import CONTENT
from archiver.ledger import Ledger, find_ledger
from archiver.staging import BusyError, Lock, Staging, discard, finish_commit

__all__ = ["Progress", "Result", "build_site", "check_site"]


def build_site(
    root: Path,
    output: Path,
    *,
    jobs: int = 1,
    only: str | None = None,
    clean: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Build the archive in `root` into `output`, or change nothing there and say why.

    What has not changed since the last build is not done again. `only` builds one coverage as a site of
    its own; `clean` does everything again and writes every file.
    """
    staging = Staging(output, clean)
    fault = _judge_output(root, output)
    if fault:
        return Result((fault,))
    try:
        with Lock(staging):
            resumed = finish_commit(staging)
            ledger = Ledger(find_ledger(output))
            try:
                walked = walk_site(root, only)
                settled = None if clean or only else find_settled(root, output, walked, ledger)
                if settled is not None:
                    return settled.finish(strict, resumed)
                from archiver.build.pipeline import run_build

                result = run_build(
                    root,
                    walked,
                    staging,
                    ledger,
                    jobs=jobs,
                    only=only,
                    strict=strict,
                    progress=progress,
                )
                return result.finish(strict, resumed)
            finally:
                ledger.close()
                if not staging.journal.exists():
                    discard(staging)
    except BusyError:
        return Result((_say("busy", f"another build is writing to {output}", output),))
    except OSError as error:
        name = error.filename or output
        return Result((_say("cannot-write", f"{error.strerror or error}: {name}", output),))


def check_site(root: Path, *, jobs: int = 1, progress: Progress | None = None) -> Result:
    """Go through the whole pipeline and write nothing."""
    from archiver.build.pipeline import run_check

    return run_check(root, jobs=jobs, progress=progress)


def _judge_output(root: Path, output: Path) -> Problem | None:
    """An output folder may not hold the archive's own files, nor lie among its content."""
    here, there = root.resolve(), output.resolve()
    if there == here or here.is_relative_to(there) or there.is_relative_to(here / CONTENT):
        return _say("bad-output", f"{output} holds, or is among, the archive's own files", output)
    if there.is_relative_to(here / "themes"):
        return _say("bad-output", f"{output} lies among the themes", output)
    if output.exists() and not output.is_dir():
        return _say("bad-output", f"{output} is a file, not a folder", output)
    return None


def _say(code: str, message: str, output: Path) -> Problem:
    report = Report()
    report.error(code, message, Place(os.fspath(output)))
    return report.problems[0]
