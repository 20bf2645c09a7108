"""Links within a coverage, checked when all its texts are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from archiver.diagnostics import Report
from archiver.load.coverage import Gathered
from archiver.load.links import check_fragments
from archiver.matter import Matter
from archiver.model import Link


class Linked(Protocol):
    """What is known of a text: its links to content files, and what links may name in it."""

    @property
    def links(self) -> tuple[Link, ...]: ...

    @property
    def fragments(self) -> tuple[str, ...]: ...


def check_links(
    gathered: Gathered,
    texts: Mapping[str, Linked],
    matters: Mapping[str, Matter],
    report: Report,
) -> tuple[Link, ...]:
    """Links to headings that are not there are reported; `texts` are by slug. Those into other
    coverages are handed on."""
    coverage = gathered.coverage
    links = [link for text in texts.values() for link in text.links]
    bodies = [coverage.introduction, *coverage.key_points]
    bodies += [coverage.notice] if coverage.notice else []
    links += [link for body in bodies for link in body.links]
    known = {coverage.path, *(entry.path for entry in coverage.entries)}
    return check_fragments(
        [link for link in links if link.target not in gathered.broken],
        list_fragments(gathered, texts),
        known.__contains__,
        matters,
        report,
    )


def list_fragments(gathered: Gathered, texts: Mapping[str, Linked]) -> dict[str, tuple[str, ...]]:
    """What links may name in the files of a coverage, where there is anything."""
    coverage = gathered.coverage
    fragments = {entry.path: texts[entry.slug].fragments for entry in coverage.entries}
    fragments[coverage.path] = coverage.introduction.fragments
    return {path: found for path, found in fragments.items() if found}
