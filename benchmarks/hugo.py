"""archiver against Hugo: the same posts, the same pages, the same machine, in alternate runs.

Some posts hold an embed; what these cost archiver is measured too, against a corpus in which their
words are plain Markdown.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import pstats
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus import Coverage, edit_post, make_coverages
from measure import CommandError, Cost, time_command, weigh_command
from sameness import Made, compare_tools, count_files
from tables import Row, make_memory_row, make_rows, write_made, write_table
from tools import Tool, find_hugo, prepare_archiver, prepare_hugo

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
WEIGHINGS = 3
EMBEDS = """Half of the embeds are `embed` blocks, and both tools make the same cards of them, Hugo in a
render hook. The others are HTML as Twitter, YouTube and Instagram hand it out: archiver makes cards of
it too, Hugo can only pass it on as it is, scripts and frames included. *Without* is the same corpus
with the words and links of each embed as plain Markdown in its place.

"""


def main() -> int:
    """Measure as asked; the exit code is 1 where the two did not make the same pages."""
    options = read_options()
    coverages = tuple(make_coverages(options.posts, options.coverages, options.embeds))
    with tempfile.TemporaryDirectory(prefix="archiver-bench-") as name:
        work = Path(name)
        archiver = prepare_archiver(work, coverages, options.jobs)
        if options.profile:
            print_profile(archiver, work, options.posts)
            return 0
        hugo = prepare_hugo(work, coverages, find_hugo(options.hugo))
        title = name_corpus(options)
        print(f"{title}; {archiver.name} {archiver.version}, {hugo.name} {hugo.version}\n")
        rows, made = measure_tools(archiver, hugo, coverages, options.runs)
        complaints = compare_tools(archiver, hugo, made, coverages)
        tables = [write_table(("", "archiver", "Hugo"), rows), write_made(made)]
        if options.embeds:
            plain = prepare_archiver(work, coverages, options.jobs, plain=True)
            cost = measure_embeds(archiver, plain, options.runs)
            tables.append(write_table(("archiver", "with embeds", "without"), cost))
        table = "\n\n".join(tables)
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
    parser.add_argument(
        "--embeds", type=float, default=0.2, metavar="SHARE", help="posts with an embed, 0 to 1"
    )
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
    if not 0 <= options.embeds <= 1:
        parser.error("a share is a number from 0 to 1")
    return options


def name_corpus(options: argparse.Namespace) -> str:
    """How many posts in how many coverages, and how many of them with an embed."""
    coverages = "coverage" if options.coverages == 1 else "coverages"
    embeds = f", {options.embeds:.0%} of them with an embed," if options.embeds else ""
    return f"{options.posts:,} posts of 100 words{embeds} in {options.coverages:,} {coverages}"


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


def measure_embeds(archiver: Tool, plain: Tool, runs: int) -> list[Row]:
    """What embeds cost: archiver with them, and with their words as plain Markdown."""
    return make_rows("cold", time_tools((archiver, plain), set_output_aside, runs))


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


def record(title: str, table: str, tools: Sequence[Tool], options: argparse.Namespace) -> None:
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

{EMBEDS if options.embeds else ""}Made by `make bench ARGS=--record`.
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


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CommandError as error:
        sys.exit(str(error))
