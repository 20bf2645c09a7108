"""Figures of two kinds of runs side by side, and their ratio."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from measure import Cost


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


def _compare(ones: Sequence[float], others: Sequence[float]) -> tuple[float, float, float]:
    """Both medians, and the median of the ratios of runs made side by side."""
    ratios = [one / other for one, other in zip(ones, others, strict=True)]
    return statistics.median(ones), statistics.median(others), statistics.median(ratios)
