"""What is kept of a coverage from one build to the next."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import Struct

from archiver.diagnostics import Place, Problem
from archiver.load import Heading
from archiver.media import Judgement
from archiver.model import Link
from archiver.pages import Brief, Outline, Recent
from archiver.search import PartName
from archiver.staging import Written

Value = TypeVar("Value")
# By the paths of content files of other coverages: the answer when their pages were asked for.
Elsewhere = dict[str, str]


class Summary(Struct, frozen=True):
    """What the site needs of a coverage. `aliases` says where the page of each older permalink is asked
    for; `unread` are files with errors of their own; `parts` are those of the index of words, `names` and
    `tags` how often each stands in the coverage."""

    slug: str
    path: str
    size: int
    outline: Outline | None = None
    problems: tuple[Problem, ...] = ()
    outward: tuple[Link, ...] = ()
    fragments: dict[str, tuple[str, ...]] = {}
    aliases: dict[str, Place] = {}
    elsewhere: Elsewhere = {}
    unread: frozenset[str] = frozenset()
    parts: tuple[PartName, ...] = ()
    names: dict[str, int] = {}
    tags: dict[str, int] = {}


class Account(Struct, frozen=True):
    """A coverage as a build has left it: nothing of it need be looked at while all of this holds.

    `base` stands for archiver, the theme and the site's settings, `listing` for the coverage's files;
    `outputs` are the files that were made of it.
    """

    base: bytes
    listing: bytes
    outputs: tuple[Written, ...]
    summary: Summary


class Shelf(Struct, frozen=True):
    """What spares work in a coverage of which something has changed.

    Headings hold as long as the coverage's `zone` does, briefs (by slug) as long as `frame`. The entries
    stand in the `coverage.json` of this key in the order of `slugs`, after so many bytes of `head`.
    """

    tools: bytes
    zone: str
    frame: bytes
    headings: tuple[Heading, ...]
    briefs: dict[str, Brief]
    media: tuple[Judgement, ...]
    data: bytes
    head: int
    slugs: tuple[str, ...]


class Resource(Struct, frozen=True):
    """What is handed to the building of a coverage of the build before: the shelf, still packed, and
    the files that were made, the newest posts with what is known of them, and the parts of the index.
    `is_near` says that most of it should still hold."""

    shelf: bytes | None = None
    outputs: tuple[Written, ...] = ()
    recent: tuple[Recent, ...] = ()
    posts: bytes | None = None
    parts: tuple[PartName, ...] = ()
    is_near: bool = False


def pack(value: Struct) -> bytes:
    """A value as a ledger keeps it."""
    return msgspec.msgpack.encode(value)


def unpack(packed: bytes | None, kind: type[Value]) -> Value | None:
    """A value of a ledger; None where it is none of this kind."""
    if packed is None:
        return None
    try:
        return msgspec.msgpack.decode(packed, type=kind)
    except (msgspec.MsgspecError, ValueError, OverflowError):
        return None
