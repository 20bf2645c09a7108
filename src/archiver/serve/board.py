"""What the browsers are told: the version that is shown, and the problems there are."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence

from archiver.diagnostics import Problem, Severity
from archiver.preview import Refreshed
from archiver.serve.markup import Mark

# Of a thousand warnings of an imported coverage so many are shown.
_MOST = 50
_BEFORE, _LENGTH = 60, 160


class Board:
    """The latest news, for as many readers as there are. `token` tells one run from another."""

    def __init__(self, token: str, refreshed: Refreshed) -> None:
        self._token = token
        self._refreshed = refreshed
        self._found: dict[Problem, None] = {}
        self._untold: list[Problem] = []
        self._number = 0
        self._closed = False
        self._changed = threading.Condition()

    def publish(self, refreshed: Refreshed) -> None:
        """Tell another version; problems that pages had when they were rendered are those of before."""
        with self._changed:
            self._refreshed = refreshed
            self._found.clear()
            self._step()

    def add(self, problems: Iterable[Problem]) -> None:
        """Tell problems of a page that was rendered just now."""
        with self._changed:
            new = [one for one in problems if one not in self._found]
            new = [one for one in new if one not in self._refreshed.problems]
            if new:
                self._found.update(dict.fromkeys(new))
                self._untold += new
                self._step()

    def take_untold(self) -> tuple[Problem, ...]:
        """The problems of rendered pages that were added since this was asked last."""
        with self._changed:
            untold, self._untold = tuple(self._untold), []
            return untold

    def make_mark(self) -> Mark:
        """What a page that is rendered from now on says of itself."""
        refreshed = self._refreshed
        return Mark(f"{self._token}.{refreshed.version}", f"{self._token}.{refreshed.files}")

    def wait(self, number: int, seconds: float) -> int | None:
        """The number of the latest news once it is another than `number`, or after some seconds.

        None where there will be no more.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._number != number, seconds)
            return None if self._closed else self._number

    def write(self) -> str:
        """The latest news, as JSON on one line."""
        with self._changed:
            mark = self.make_mark()
            problems = (*self._found, *self._refreshed.problems)
        errors = [one for one in problems if one.severity is Severity.ERROR]
        warnings = [one for one in problems if one.severity is Severity.WARNING]
        news = {
            "version": mark.version,
            "files": mark.files,
            "errors": _describe(errors),
            "warnings": _describe(warnings),
            "count": {"errors": len(errors), "warnings": len(warnings)},
        }
        return json.dumps(news)

    def close(self) -> None:
        """There is no more news."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _step(self) -> None:
        self._number += 1
        self._changed.notify_all()


def _describe(problems: Sequence[Problem]) -> list[dict[str, object]]:
    return [describe_problem(problem) for problem in problems[:_MOST]]


def describe_problem(problem: Problem) -> dict[str, object]:
    """A problem as plain data; of its line what stands round the place, in three parts."""
    place = problem.place
    start = max(0, place.column - 1 - _BEFORE)
    column = max(0, place.column - 1)
    line = place.excerpt[: start + _LENGTH]
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "place": f"{place.path}:{place.line}:{place.column}" if place.line else place.path,
        "line": place.line,
        "excerpt": [
            line[start:column],
            line[column : column + place.width],
            line[column + place.width :],
        ],
    }
