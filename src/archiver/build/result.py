"""What came of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from archiver.diagnostics import Problem, be_strict

if TYPE_CHECKING:
    from archiver.pages import Outline
    from archiver.seals import Seal

# How much is done, of how much, and of what where it is not posts.
Progress = Callable[..., None]


class Result(Struct, frozen=True):
    """What came of a run: the problems found, and how much there is and was done.

    `outlines` are those of the coverages, where these had to be looked at; `sealable`, of a check, are all
    permalinks with the digests of their sources, and `seals` the seals that there are.
    """

    problems: tuple[Problem, ...]
    coverages: int = 0
    posts: int = 0
    pages: int = 0
    changed: int = 0
    removed: int = 0
    resumed: bool = False
    outlines: tuple[Outline, ...] = ()
    sealable: Mapping[str, str] = {}
    seals: tuple[Seal, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether nothing was written because of an error."""
        return any(problem.severity == "error" for problem in self.problems)

    def finish(self, strict: bool, resumed: bool) -> Result:
        """The result as it was asked for: with `strict`, every warning is an error."""
        problems = be_strict(self.problems) if strict else self.problems
        return replace(self, problems=problems, resumed=resumed)
