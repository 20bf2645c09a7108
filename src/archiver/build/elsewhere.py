"""The pages of other coverages' files: links between coverages are few, and read one by one."""

from __future__ import annotations

import os
from pathlib import Path

from archiver.diagnostics import Report
from archiver.files import CONTENT, is_published, read_source
from archiver.load import INTRODUCTION, read_slug
from archiver.urls import absolute_link, entry_path, timeline_path


class Elsewhere:
    """Finds the page of a file of any coverage, once; `only` is the one that is built by itself, and
    `drafts` takes drafts in with the others."""

    def __init__(
        self, root: Path, base_url: str, only: str | None, *, drafts: bool = False
    ) -> None:
        self._root, self._base_url, self._only, self._drafts = root, base_url, only, drafts
        self._found: dict[str, tuple[str, str] | None] = {}

    def __call__(self, target: str) -> tuple[str, str] | None:
        if target not in self._found:
            self._found[target] = self._find(target)
        return self._found[target]

    @property
    def asked(self) -> frozenset[str]:
        """The files that were asked for so far."""
        return frozenset(self._found)

    def _find(self, target: str) -> tuple[str, str] | None:
        root, parts = self._root, target.split("/")
        if target == f"{CONTENT}/site.md":
            return "index.html", INTRODUCTION
        if not is_published(target) or not os.path.isfile(root / target):  # noqa: PTH113 (never raises)
            return None
        if parts[2:] == ["coverage.md"]:
            path, anchor = timeline_path(parts[1]), INTRODUCTION
        else:
            source = read_source(root, target, Report())
            slug = read_slug(source, Report(), drafts=self._drafts) if source else None
            if slug is None:
                return None
            path, anchor = entry_path(parts[1], slug), slug
        if self._only is not None and parts[1] != self._only:
            path = absolute_link(self._base_url, path)
        return path, anchor
