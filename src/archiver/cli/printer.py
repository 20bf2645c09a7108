"""How problems and progress are written: for people, for programs, and for GitHub."""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence

import click

from archiver.diagnostics import Problem, Severity

FORMATS = ("text", "json", "github")
# Warnings of one kind that are told one by one.
MOST_ALIKE = 20
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def print_problems(problems: Sequence[Problem], form: str) -> None:
    """All problems of a run, sorted, with a count; text goes to standard error, the rest to output."""
    if form == "json":
        click.echo(json.dumps([describe_problem(one) for one in problems], indent=2))
        return
    if form == "github":
        for problem in problems:
            click.echo(format_annotation(problem))
        return
    told: Counter[str] = Counter()
    for problem in problems:
        told[problem.code] += 1
        if problem.severity is Severity.ERROR or told[problem.code] <= MOST_ALIKE:
            click.echo(format_problem(problem), err=True)
    if problems:
        _print_unsaid(problems)
        click.echo(count_problems(problems), err=True)


def _print_unsaid(problems: Sequence[Problem]) -> None:
    """An imported coverage may have a thousand warnings of one kind, in which others would drown."""
    warnings = Counter(one.code for one in problems if one.severity is Severity.WARNING)
    more = {code: number - MOST_ALIKE for code, number in warnings.items() if number > MOST_ALIKE}
    if more:
        listed = ", ".join(f"{number} {code}" for code, number in sorted(more.items()))
        click.echo(f"more of the same: {listed} (`--format json` tells them all)", err=True)


def describe_problem(problem: Problem) -> dict[str, object]:
    """A problem as plain data."""
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def format_problem(problem: Problem) -> str:
    """`path:line:column: error[code]: message`, the line with a caret under it, and a hint."""
    place = problem.place
    where = f"{place.path}:{place.line}:{place.column}" if place.line else place.path
    label = click.style(
        f"{problem.severity.value}[{problem.code}]", fg=_COLOURS[problem.severity], bold=True
    )
    lines = [f"{make_printable(where)}: {label}: {make_printable(problem.message)}"]
    if place.line and place.excerpt:
        lines.extend(_mark_excerpt(problem))
    if problem.hint:
        lines.append(f"  hint: {make_printable(problem.hint)}")
    return "\n".join(lines)


def format_annotation(problem: Problem) -> str:
    """A GitHub workflow command."""

    def escape(text: str, extra: str = "") -> str:
        text = text.encode(errors="backslashreplace").decode()  # a file's name may not be UTF-8
        for char in "%\r\n" + extra:
            text = text.replace(char, f"%{ord(char):02X}")
        return text

    place = problem.place
    where = [f"file={escape(place.path, ',:')}"]
    if place.line:
        where += [f"line={place.line}", f"col={place.column}"]
    hint = f" ({problem.hint})" if problem.hint else ""
    title = f"title={escape(problem.code, ',:')}"
    return (
        f"::{problem.severity.value} {','.join([*where, title])}::{escape(problem.message + hint)}"
    )


def count_problems(problems: Sequence[Problem]) -> str:
    """`2 errors, 1 warning`."""
    counts = []
    for severity in Severity:
        number = sum(problem.severity is severity for problem in problems)
        if number:
            counts.append(count_noun(number, severity.value))
    return ", ".join(counts)


def count_noun(number: int, noun: str) -> str:
    """`1 post`, `2 posts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def make_printable(text: str) -> str:
    """Text that can't move the cursor, change colours or reorder a terminal's line."""
    return "".join(
        char if char.isprintable() or char == " " else f"\\u{ord(char):04x}" for char in text
    )


def _mark_excerpt(problem: Problem) -> list[str]:
    place = problem.place
    start = max(0, place.column - 60)
    shown = place.excerpt[start : start + 100].replace("\t", " ")
    number = f"{place.line:5}"
    before = place.excerpt[start : place.column - 1]
    meant = place.excerpt[place.column - 1 : place.column - 1 + place.width][: 100 - len(before)]
    pad = " " * _measure(before)
    caret = click.style("^" * max(1, _measure(meant)), fg=_COLOURS[problem.severity])
    return [f"{number} | {make_printable(shown)}", f"{' ' * len(number)} | {pad}{caret}"]


def _measure(text: str) -> int:
    """How many columns a terminal gives a text."""
    return sum(
        0
        if unicodedata.combining(char)
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        if char.isprintable() or char in " \t"
        else 6
        for char in text
    )


class ProgressLine:
    """A line that counts posts, or what else, on a terminal during long work; silent anywhere else."""

    def __init__(self, label: str, noun: str = "posts") -> None:
        self._label = label
        self._noun = noun
        self._visible = sys.stderr.isatty()
        self._began = time.monotonic()
        self._shown = False

    def __call__(self, done: int, total: int, noun: str = "") -> None:
        """Show how far the work is, once it takes longer than a moment."""
        if self._visible and time.monotonic() - self._began > 0.5:
            share = done * 100 // total if total else 100
            click.echo(
                f"\r{self._label}: {done} of {total} {noun or self._noun} ({share} %)\x1b[K",
                nl=False,
                err=True,
            )
            self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
