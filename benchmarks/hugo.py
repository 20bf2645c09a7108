"""archiver against Hugo: the same posts, the same pages, the same machine, in alternate runs."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import pstats
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from corpus import Coverage, edit_post, make_coverages
from measure import CommandError, Cost, time_command, weigh_command
from sameness import KINDS, Made, compare_tools, count_files
from tools import Tool, find_hugo, prepare_archiver, prepare_hugo

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
WEIGHINGS = 3


class Row(NamedTuple):
    """A line of the table: both figures, and the median of their ratios."""

    what: str
    unit: str
    archiver: float
    hugo: float
    ratio: float


def main() -> int:
    """Measure as asked; the exit code is 1 where the two did not make the same pages."""
    options = read_options()
    coverages = tuple(make_coverages(options.posts, options.coverages))
    with tempfile.TemporaryDirectory(prefix="archiver-bench-") as name:
        work = Path(name)
        archiver = prepare_archiver(work, coverages, options.jobs)
        if options.profile:
            print_profile(archiver, work, options.posts)
            return 0
        hugo = prepare_hugo(work, coverages, find_hugo(options.hugo))
        title = (
            f"{options.posts:,} posts of 100 words in {options.coverages:,} "
            f"{'coverage' if options.coverages == 1 else 'coverages'}"
        )
        print(f"{title}; {archiver.name} {archiver.version}, {hugo.name} {hugo.version}\n")
        rows, made = measure_tools(archiver, hugo, coverages, options.runs)
        complaints = compare_tools(archiver, hugo, made, coverages)
        table = write_table(rows) + "\n\n" + write_made(made)
        print(table, flush=True)
        for complaint in complaints:
            print(f"NOT THE SAME: {complaint}", file=sys.stderr)
        if options.record:
            record(title, table, (archiver, hugo), options)
            print(f"Written to {RESULTS.name}.")
        return 1 if complaints else 0


def read_options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000, metavar="N")
    parser.add_argument("--coverages", type=int, default=10, metavar="N")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="timed runs of each")
    parser.add_argument("--jobs", type=int, metavar="N", help="archiver's processes")
    parser.add_argument("--hugo", type=Path, metavar="FILE", help="the Hugo to measure against")
    parser.add_argument("--record", action="store_true", help="write benchmarks/RESULTS.md")
    parser.add_argument("--date", default=f"{datetime.date.today()}", help="the date to record")
    parser.add_argument(
        "--profile", action="store_true", help="only tell where archiver spends its time"
    )
    options = parser.parse_args()
    if not 0 < options.coverages <= options.posts:
        parser.error("every coverage needs a post")
    return options


def measure_tools(
    archiver: Tool, hugo: Tool, coverages: Sequence[Coverage], runs: int
) -> tuple[list[Row], tuple[Made, Made]]:
    """All rows of the table. The order within a round alternates, so that a drift favours neither."""
    tools = (archiver, hugo)
    middle = coverages[len(coverages) // 2]
    post = middle.posts[len(middle.posts) // 2]
    edited = f"content/{middle.slug}/{post.slug}.md"

    def edit(tool: Tool, number: int) -> None:
        edit_post(tool.source / edited, number + 1)

    def change_nothing(tool: Tool, number: int) -> None:
        pass

    # Weighing comes first: it also fills the page cache and has Python compile its modules.
    peaks = weigh_tools(tools, set_output_aside, min(runs, WEIGHINGS))
    cold = time_tools(tools, set_output_aside, runs)
    made = tuple(count_files(tool, coverages) for tool in tools)
    unchanged = time_tools(tools, change_nothing, runs)
    one_edited = time_tools(tools, edit, runs)
    rows = [
        *make_rows("cold", cold),
        make_memory_row("cold", peaks),
        *make_rows("nothing changed", unchanged),
        *make_rows("one post edited", one_edited),
    ]
    return [row for row in rows if row is not None], (made[0], made[1])


def set_output_aside(tool: Tool, number: int) -> None:
    """Let a tool begin without an output folder; the old one is removed after all runs.

    After many files have been removed, ext4 takes five to ten times as long to create one, for
    some minutes: it passes over the inodes that have just become free.
    """
    if tool.output.exists():
        aside = tempfile.mkdtemp(prefix=f"{tool.output.name}-", dir=tool.output.parent)
        tool.output.rename(Path(aside) / f"{number}")


def time_tools(
    tools: Sequence[Tool], prepare: Callable[[Tool, int], None], runs: int
) -> tuple[tuple[Cost, ...], ...]:
    """The costs of each tool's runs, made in turn."""
    costs: dict[str, list[Cost]] = {tool.name: [] for tool in tools}
    for number in range(runs):
        for tool in tools if number % 2 == 0 else reversed(tools):
            prepare(tool, number)
            os.sync()
            costs[tool.name].append(time_command(tool.command))
    return tuple(tuple(costs[tool.name]) for tool in tools)


def weigh_tools(
    tools: Sequence[Tool], prepare: Callable[[Tool, int], None], runs: int
) -> tuple[tuple[int, ...], ...]:
    """The peak memory of each tool's runs; empty where the system does not tell."""
    peaks: dict[str, list[int]] = {tool.name: [] for tool in tools}
    for number in range(runs):
        for tool in tools:
            prepare(tool, number)
            peak = weigh_command(tool.command)
            if peak is not None:
                peaks[tool.name].append(peak)
    return tuple(tuple(peaks[tool.name]) for tool in tools)


def make_rows(what: str, costs: Sequence[Sequence[Cost]]) -> list[Row]:
    """Wall time and CPU time of one kind of run."""
    ours, theirs = costs
    wall = _compare([cost.wall for cost in ours], [cost.wall for cost in theirs])
    cpu = _compare([cost.cpu for cost in ours], [cost.cpu for cost in theirs])
    return [Row(f"{what}, wall", "s", *wall), Row(f"{what}, CPU", "s", *cpu)]


def make_memory_row(what: str, peaks: Sequence[Sequence[int]]) -> Row | None:
    """The peak memory of one kind of run."""
    ours, theirs = ([peak / 1e6 for peak in of] for of in peaks)
    return Row(f"{what}, peak memory", "MB", *_compare(ours, theirs)) if ours else None


def write_table(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["|  | archiver | Hugo | ratio |", "|---|---:|---:|---:|"]
    lines += [
        f"| {row.what} | {_write_figure(row.archiver, row.unit)} | {_write_figure(row.hugo, row.unit)} "
        f"| {row.ratio:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def write_made(made: tuple[Made, Made]) -> str:
    """What each made, as a Markdown table."""
    ours, theirs = made
    lines = ["| made | archiver | Hugo |", "|---|---:|---:|"]
    lines += [f"| {kind} | {ours.files[kind]:,} | {theirs.files[kind]:,} |" for kind in KINDS]
    lines.append(f"| bytes of HTML | {ours.html_bytes:,} | {theirs.html_bytes:,} |")
    return "\n".join(lines)


def record(title: str, table: str, tools: Iterable[Tool], options: argparse.Namespace) -> None:
    """Write benchmarks/RESULTS.md."""
    versions = ", ".join(f"{tool.name} {tool.version}" for tool in tools)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    text = f"""# archiver against Hugo

{options.date}: {title}. {versions}, Python {platform.python_version()}, {platform.system()} on
{platform.machine()}, {os.cpu_count()} cores, {memory / 2**30:.0f} GiB of memory.

{table}

Medians of {options.runs} runs of each, made in turn; a ratio is the median of the ratios within a
round. *Cold* begins without an output folder; the corpus is in the page cache. CPU is
user and system time of all processes. Memory is that of all processes together, shared pages
counted once, sampled every 20 ms in runs of their own.

Made by `make bench ARGS=--record`.
"""
    RESULTS.write_text(text, encoding="utf-8")


def print_profile(archiver: Tool, work: Path, posts: int) -> None:
    """The 30 functions of archiver that take most time themselves, in one process."""
    stats = work / "profile"
    python, *rest = archiver.command
    command = [python, "-m", "cProfile", "-o", f"{stats}", *rest, "--jobs", "1"]
    for number in range(2):
        set_output_aside(archiver, number)
        time_command(command)
    found = pstats.Stats(f"{stats}")
    found.strip_dirs().sort_stats("tottime").print_stats(30)
    print(f"{posts:,} posts; cProfile makes calls of Python functions dearer than they are.")


def _compare(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """Both medians, and the median of the ratios of runs made side by side."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return statistics.median(ours), statistics.median(theirs), statistics.median(ratios)


def _write_figure(number: float, unit: str) -> str:
    return f"{number:,.0f} {unit}" if unit == "MB" else f"{number:.2f} {unit}"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CommandError as error:
        sys.exit(str(error))
