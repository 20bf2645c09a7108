"""The only reader and writer of a coverage's folder for an import; each file is whole, old or new."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archiver.diagnostics import Report
from archiver.fields import is_empty
from archiver.files import NOTES
from archiver.importers.accession import Holdings
from archiver.importers.merge import name_address
from archiver.matter import Pair, read_matter
from archiver.model import Source


def read_holdings(folder: Path) -> Holdings:
    """What a coverage's folder holds; of one that is not there, nothing."""
    texts: dict[str, str] = {}
    ids: dict[str, str] = {}
    others: set[str] = set()
    withdrawn: set[str] = set()
    gone: set[str] = set()
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            below = path.relative_to(folder)
            if path.is_symlink() or not path.is_file():
                continue
            if path.suffix == ".md" and below.parts[0] not in ("media", "captures", "revisions"):
                name = below.as_posix()
                texts[name] = path.read_text(encoding="utf-8", errors="surrogateescape")
                fields = _read_fields(name, texts[name])
                number = _find_text(fields, "source", "id")
                if number:
                    ids.setdefault(number, name)
                if not is_empty(fields.get("withdrawn")):
                    withdrawn.add(name)
                    gone |= _list_digests(fields)
            else:
                others.add(below.as_posix())
    return Holdings(
        texts,
        ids,
        _read_notes(folder / NOTES),
        frozenset(others),
        frozenset(withdrawn),
        frozenset(gone),
    )


def list_coverages(content: Path) -> dict[str, str]:
    """{address of the coverage at its publisher, or "" and its folder: folder} of all that is there."""
    found: dict[str, str] = {}
    for path in sorted(content.glob("*/coverage.md")) if content.is_dir() else ():
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        fields = _read_fields(path.name, text)
        name = name_address(_find_text(fields, "source", "url"))
        if not name and (path.parent / NOTES).is_file():
            # As `merge.name_coverage` calls a coverage without an address.
            publisher = _find_text(fields, "source", "publisher")
            name = f"{publisher}\0{_find_text(fields, 'title')}"
        found[name or f"\0{path.parent.name}"] = path.parent.name
    return found


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder, each beside its place first, then in one step into it.

    The notes of the import come last: a run that was stopped is done again, and changes nothing twice.
    """
    for path in sorted(files, key=lambda path: (path == NOTES, path)):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name[:100]}.part")
        try:
            beside.write_bytes(files[path])
            os.replace(beside, target)  # noqa: PTH105 (in one step, over what is there)
        finally:
            beside.unlink(missing_ok=True)


def _read_fields(name: str, text: str) -> Mapping[str, Pair]:
    matter = read_matter(Source(name, text), Report())
    return matter.fields if matter else {}


def _list_digests(fields: Mapping[str, Pair]) -> set[str]:
    """What a tombstone's `was` holds: a digest, or a list of them."""
    tombstone = fields["withdrawn"].value.data
    was = tombstone.get("was") if isinstance(tombstone, dict) else None
    if was is None:
        return set()
    found = was.value.data
    return {f"{one.data}" for one in (found if isinstance(found, list) else [was.value])}


def _find_text(fields: Mapping[str, Pair], *path: str) -> str:
    """The text at a path of field names; empty where there is none."""
    value: Any = fields
    for name in path:
        pair = value.get(name) if isinstance(value, Mapping) else None
        value = pair.value.data if pair else None
    return value if isinstance(value, str) else ""


def _read_notes(path: Path) -> dict[str, Any]:
    try:
        notes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}
