"""Problems in content, located, and the report that collects them; formatting them is the printer's job."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """An error stops the build; a warning is told and the page shows the gap."""

    ERROR = "error"
    WARNING = "warning"


class Place(Struct, frozen=True):
    """A spot in a file: 1-based line and column, the line itself, and how many characters are meant.

    Line 0 means the file as a whole.
    """

    path: str
    line: int = 0
    column: int = 0
    excerpt: str = ""
    width: int = 1


class Problem(Struct, frozen=True):
    """One thing that is wrong, where, and what would mend it."""

    code: str
    severity: Severity
    place: Place
    message: str
    hint: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """By file, line and column, so that a run's problems read like its files."""
        place = self.place
        return (place.path, place.line, place.column, self.code, self.message)


class Report:
    """The problems of one run, in no order until they are asked for."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}

    def error(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Add an error; the same error at the same place counts once."""
        self._problems[Problem(code, Severity.ERROR, place, message, hint)] = None

    def warn(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Add a warning; the same warning at the same place counts once."""
        self._problems[Problem(code, Severity.WARNING, place, message, hint)] = None

    def add(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere."""
        self._problems.update(dict.fromkeys(problems))

    def __len__(self) -> int:
        return len(self._problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, sorted by place."""
        return tuple(sorted(self._problems, key=lambda problem: problem.sort_key))

    @property
    def has_errors(self) -> bool:
        """Whether anything found so far must stop the build."""
        return any(problem.severity is Severity.ERROR for problem in self._problems)


def locate(path: str, text: str, offset: int, width: int = 1) -> Place:
    """The place of a character offset in a text."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    excerpt = text[start : end if end >= 0 else len(text)]
    return Place(path, text.count("\n", 0, start) + 1, offset - start + 1, excerpt, width)


def suggest(word: str, known: Iterable[str]) -> str:
    """A hint naming the known word that comes nearest, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""


def be_strict(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same problems with every warning made an error."""
    return tuple(
        Problem(found.code, Severity.ERROR, found.place, found.message, found.hint)
        for found in problems
    )
