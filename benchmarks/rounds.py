"""Rounds of runs: tools in turn on one corpus, cold, with nothing changed, and with one post edited."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from corpus import Corpus, edit_post, switch_search
from measure import Cost, time_command, weigh_command
from rows import Row, make_memory_row, make_rows
from sameness import Made, compare_tools, count_files
from tools import Tool


class Rounds(NamedTuple):
    """How many timed runs there are of each kind, and how many in which memory is measured."""

    timed: int
    weighed: int


class Findings(NamedTuple):
    """What was found of one corpus: the rows of its table, and in what the tools' sites differ.

    `copying` are the seconds that a copy of archiver's output takes: below that nobody comes who
    writes all of it.
    """

    corpus: Corpus
    rounds: Rounds
    rows: tuple[Row, ...]
    copying: float
    made: tuple[Made, Made]
    complaints: tuple[str, ...]


def measure_tools(archiver: Tool, hugo: Tool, corpus: Corpus, rounds: Rounds) -> Findings:
    """All that is measured of one corpus. The order within a round alternates, so that a drift favours
    neither."""
    tools = (archiver, hugo)
    edited = corpus.edited

    def edit(tool: Tool, number: int) -> None:
        edit_post(tool.source / edited, number + 1)

    def change_nothing(tool: Tool, number: int) -> None:
        pass

    def begin_whole(tool: Tool, number: int) -> None:
        set_output_aside(tool, number)
        if tool is archiver:
            switch_search(archiver.source, on=True)

    # Weighing comes first: it also fills the page cache and has Python compile its modules, and archiver
    # its templates.
    switch_search(archiver.source, on=False)
    peaks = weigh_tools(tools, set_output_aside, rounds.weighed)
    whole = time_tools(tools, begin_whole, rounds.timed)
    switch_search(archiver.source, on=False)
    cold = time_tools(tools, set_output_aside, rounds.timed)
    copying = time_copies(archiver, rounds.timed)
    made = tuple(count_files(tool, corpus) for tool in tools)
    unchanged = time_tools(tools, change_nothing, rounds.timed)
    one_edited = time_tools(tools, edit, rounds.timed)
    rows = [
        *make_rows("cold", cold),
        make_memory_row("cold", peaks),
        *make_rows("cold with search", whole),
        *make_rows("nothing changed", unchanged),
        *make_rows("one post edited", one_edited),
    ]
    both = (made[0], made[1])
    complaints = compare_tools(archiver, hugo, both, corpus)
    found = tuple(row for row in rows if row is not None)
    return Findings(corpus, rounds, found, copying, both, tuple(complaints))


def set_output_aside(tool: Tool, number: int) -> None:
    """Let a tool begin without an output folder; the old one is removed after all runs.

    After many files have been removed, ext4 takes five to ten times as long to create one, for
    some minutes: it passes over the inodes that have just become free.
    """
    # What archiver knows of the folder goes with it: a cold run knows nothing.
    ledger = tool.output.with_name(f".{tool.output.name}.ledger")
    if not (tool.output.exists() or ledger.exists()):
        return
    aside = Path(tempfile.mkdtemp(prefix=f"{tool.output.name}-", dir=tool.output.parent))
    for path in (tool.output, ledger):
        if path.exists():
            path.rename(aside / f"{number}{path.suffix}")


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


def time_copies(tool: Tool, runs: int) -> float:
    """The seconds that copying a tool's output takes, by the fastest of the runs."""
    costs = []
    for number in range(runs):
        aside = tempfile.mkdtemp(prefix="copy-", dir=tool.output.parent)
        os.sync()
        costs.append(time_command(("cp", "-R", f"{tool.output}", f"{aside}/{number}")).wall)
    return min(costs)
