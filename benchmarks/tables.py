"""Figures of two kinds of runs side by side, as Markdown tables."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from measure import Cost
from sameness import KINDS, Made


class Row(NamedTuple):
    """A line of a table: the medians of both, and the median of their ratios."""

    what: str
    unit: str
    one: float
    other: float
    ratio: float


def make_rows(what: str, costs: Sequence[Sequence[Cost]]) -> list[Row]:
    """Wall time and CPU time of one kind of run."""
    ones, others = costs
    wall = _compare([cost.wall for cost in ones], [cost.wall for cost in others])
    cpu = _compare([cost.cpu for cost in ones], [cost.cpu for cost in others])
    return [Row(f"{what}, wall", "s", *wall), Row(f"{what}, CPU", "s", *cpu)]


def make_memory_row(what: str, peaks: Sequence[Sequence[int]]) -> Row | None:
    """The peak memory of one kind of run; None where the system does not tell."""
    ones, others = ([peak / 1e6 for peak in of] for of in peaks)
    return Row(f"{what}, peak memory", "MB", *_compare(ones, others)) if ones else None


def write_table(head: tuple[str, str, str], rows: Iterable[Row]) -> str:
    """The rows as a Markdown table; its head names the lines and the two columns."""
    lines = [f"| {' | '.join(head)} | ratio |", "|---|---:|---:|---:|"]
    lines += [
        f"| {row.what} | {_write_figure(row.one, row.unit)} | {_write_figure(row.other, row.unit)} "
        f"| {row.ratio:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def write_made(made: tuple[Made, Made]) -> str:
    """What each tool made, as a Markdown table."""
    ours, theirs = made
    lines = ["| made | archiver | Hugo |", "|---|---:|---:|"]
    lines += [f"| {kind} | {ours.files[kind]:,} | {theirs.files[kind]:,} |" for kind in KINDS]
    lines.append(f"| bytes of HTML | {ours.html_bytes:,} | {theirs.html_bytes:,} |")
    return "\n".join(lines)


def _compare(ones: Sequence[float], others: Sequence[float]) -> tuple[float, float, float]:
    """Both medians, and the median of the ratios of runs made side by side."""
    ratios = [one / other for one, other in zip(ones, others, strict=True)]
    return statistics.median(ones), statistics.median(others), statistics.median(ratios)


def _write_figure(number: float, unit: str) -> str:
    return f"{number:,.0f} {unit}" if unit == "MB" else f"{number:.2f} {unit}"
