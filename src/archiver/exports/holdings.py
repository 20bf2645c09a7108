"""The files of content/ that are handed over: what is published, its captures, earlier texts and seals.

Drafts and stray files stay behind. So does what would give a withdrawn post away: its text and its earlier
ones, media that only it showed, and the captures that hold it.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path
from typing import Any

from msgspec import Struct

from archiver.diagnostics import Report
from archiver.exports.publication import Publication
from archiver.exports.register import Register
from archiver.exports.survey import Survey
from archiver.exports.target import ExportError
from archiver.files import CONTENT, read_source
from archiver.matter import read_matter, write_matter
from archiver.names import judge_path
from archiver.plain_fields import Value
from archiver.regular import judge_link

# What the file of a withdrawn post keeps.
_TOMBSTONE = ("date", "order", "slug", "aliases", "withdrawn")


class Fate(Enum):
    """What becomes of a file."""

    GIVEN = auto()
    TOMBSTONE = auto()
    WITHHELD = auto()
    UNPUBLISHED = auto()


class Holding(Struct, frozen=True):
    """A file of content/ by its path below the archive's root; of one that is withheld, its SHA-256."""

    path: str
    fate: Fate
    digest: str = ""


def list_holdings(
    publication: Publication, register: Register, survey: Survey
) -> Iterator[Holding]:
    """All files of content/ whose names do not begin with a dot, folder by folder.

    ExportError where one has a name, or is a link, that cannot be handed over.
    """
    for path in _walk(publication.root, CONTENT):
        if path in survey.withheld:
            yield Holding(path, Fate.WITHHELD, survey.withheld[path])
        else:
            yield Holding(path, _judge(path, publication, register))


def write_tombstone(root: Path, path: str) -> str:
    """The file of a withdrawn post without anything that tells of it."""
    report = Report()
    source = read_source(root, path, report)
    matter = read_matter(source, report) if source else None
    if matter is None:
        raise ExportError(f"{path} cannot be read", "was it changed meanwhile? do the same again")
    kept = {
        name: _read_plain(matter.fields[name].value) for name in _TOMBSTONE if name in matter.fields
    }
    return write_matter(kept, "")


def _judge(path: str, publication: Publication, register: Register) -> Fate:
    top, *rest = path.split("/")[1:]
    if path == f"{CONTENT}/site.md":
        return Fate.GIVEN
    if top == "seal":
        # A seal that names a permalink which may not be told is not published.
        given = (publication.folder / "seal" / "/".join(rest)).is_file()
        return Fate.GIVEN if given else Fate.UNPUBLISHED
    slug = unicodedata.normalize("NFC", top)
    if slug not in publication.slugs or not rest:
        return Fate.UNPUBLISHED
    match rest:
        case ["coverage.md"] | ["captures", *_]:
            return Fate.GIVEN
        case ["media", *_]:
            # Media that only a withdrawn post showed are not published.
            given = (publication.folder / slug / "/".join(rest)).is_file()
        case ["revisions", *folders, _]:
            post = register.find_source(f"{'/'.join((CONTENT, top, *folders))}.md")
            given = post is not None and not post.is_withdrawn
        case _:
            post = register.find_source(path)
            if post is not None and post.is_withdrawn:
                return Fate.TOMBSTONE
            given = post is not None
    return Fate.GIVEN if given else Fate.UNPUBLISHED


def _walk(root: Path, folder: str) -> Iterator[str]:
    with os.scandir(root / folder) as items:
        names = sorted(item.name for item in items if item.name[0] != ".")
    for name in names:
        path = f"{folder}/{name}"
        fault = judge_path(path)
        if not fault and (root / path).is_symlink():
            found = judge_link(f"{root}/{path}", root / CONTENT)
            fault = f"the link {found}" if found else ""
        if fault:
            raise ExportError(f"{path} cannot be handed over: {fault}", "rename or remove it")
        if (root / path).is_dir():
            yield from _walk(root, path)
        else:
            yield path


def _read_plain(value: Value) -> Any:
    """A YAML value as plain data."""
    data = value.data
    if isinstance(data, dict):
        return {name: _read_plain(pair.value) for name, pair in data.items()}
    if isinstance(data, list):
        return [_read_plain(one) for one in data]
    return data
