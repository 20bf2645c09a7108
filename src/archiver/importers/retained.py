"""What content/ still holds of posts that were withdrawn: earlier texts and captures, never published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archiver.diagnostics import Place, Report
from archiver.fields import is_empty
from archiver.files import Folder, Tree, read_source
from archiver.importers.withheld import CAPTURES, list_withheld_captures
from archiver.matter import read_matter


def check_retained(root: Path, tree: Tree, report: Report) -> None:
    """Warn of every file that holds the text of a withdrawn post, or may."""
    for folder in tree.folders:
        if not folder.revisions and not (root / folder.path / CAPTURES).is_dir():
            continue
        withdrawn = list(list_withdrawn(root, folder))
        for path in withdrawn:
            stem = path.removeprefix(f"{folder.path}/").removesuffix(".md")
            home = f"{folder.path}/revisions/{stem}"
            if any(one.startswith(f"{home}/") for one in folder.revisions):
                report.warn(
                    "withdrawn-kept",
                    "here are earlier texts of a post that is withdrawn; they are not published",
                    Place(home),
                    "remove them",
                )
        for one in list_withheld_captures(root, withdrawn):
            if one.is_note:
                continue
            report.warn(
                "withdrawn-kept",
                "a post that is withdrawn is in this capture"
                if one.certain
                else "nothing tells whether a post that is withdrawn is in this capture",
                Place(one.path),
                "it is not published, and exports leave it out; remove it where the law asks for that",
            )


def list_withdrawn(root: Path, folder: Folder) -> Iterator[str]:
    """The files of a coverage's withdrawn posts."""
    for path in folder.entries:
        source = read_source(root, path, Report())
        # Few are, and most files need not be taken apart for that.
        if source is None or "withdrawn" not in source.text:
            continue
        matter = read_matter(source, Report())
        if matter is not None and not is_empty(matter.fields.get("withdrawn")):
            yield path
