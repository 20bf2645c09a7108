"""Volumes of the index: parts of one coverage or of several, and their terms, sorted and cut into shards.

A volume is a folder below search/terms/. Its `index.js` says what it holds; the other files are shards,
of which a search loads those that its words stand in. Files are classic scripts: nothing else that holds
data is loaded by a page that was opened from a disk.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter, methodcaller
from typing import Any

from msgspec import Struct

from archiver.digests import make_digest
from archiver.search.digits import AFTER_NUMBERS, AFTER_TERM, DIGITS
from archiver.search.parts import Part, PartName, cut_runs, read_terms

# How many posts a volume has where the coverages let it: a search loads a shard of each for every word.
LEAST, MOST = 12_000, 24_000
# Of a shard, in characters. A term that has many is a shard by itself: who asks for it needs no other.
SMALL, LARGE = 24 << 10, 48 << 10
LONE = 8 << 10
FOLDER = "search/terms"
# What each file of data calls, which `themes/default/assets/search.js` defines.
CALL = "archiverSearch.take"

# As JavaScript compares strings.
_as_browsers_sort = methodcaller("encode", "utf-16-be")


class Shelved(Struct, frozen=True):
    """A part with the slug of the coverage that it belongs to."""

    slug: str
    part: PartName


class Volume(Struct, frozen=True):
    """Some parts in their order; volumes with equal keys have equal files."""

    name: str
    key: bytes
    parts: tuple[Shelved, ...]

    @property
    def folder(self) -> str:
        """Where its files lie."""
        return f"{FOLDER}/{self.name}"


def cut_volumes(parts: Sequence[Shelved], base: bytes) -> list[Volume]:
    """All parts of a site, in the order of their coverages, as volumes. Each is named after its first part,
    so that a new one changes few of the others."""
    items = [(f"{one.slug}/{one.part.name}", one.part.count) for one in parts]
    volumes = []
    for run in cut_runs(items, LEAST, MOST):
        of_run = tuple(parts[number] for number in run)
        name = hashlib.sha256(items[run.start][0].encode()).hexdigest()[:10]
        told = (repr((one.slug, one.part.name)).encode() for one in of_run)
        key = make_digest(base, *told, *(one.part.key for one in of_run))
        volumes.append(Volume(name, key, of_run))
    return volumes


def write_volume(volume: Volume, parts: Iterable[Part]) -> Iterator[tuple[str, bytes]]:
    """The files of a volume, whose parts come in their order: each with its path."""
    merged: defaultdict[str, list[str]] = defaultdict(list)
    told: list[Any] = []
    for number, (shelved, part) in enumerate(zip(volume.parts, parts, strict=True)):
        mark = DIGITS[number]
        # A search loads this of every volume, so what only some of them need is elsewhere.
        told.append([number, shelved.slug, part.name, part.count, int(part.timed), part.last])
        for term, numbers in read_terms(part):
            merged[term].append(f"{mark}{AFTER_TERM}{numbers}")
    # The newest comes first.
    told.sort(key=itemgetter(-1), reverse=True)
    firsts: list[str] = []
    for first, shard in _cut_shards(merged):
        yield _write_file(f"{volume.folder}/{len(firsts)}", shard)
        firsts.append(first)
    yield _write_file(
        f"{volume.folder}/index", [told, firsts, sum(one.part.count for one in volume.parts)]
    )


def _write_file(stem: str, data: Any) -> tuple[str, bytes]:
    return f"{stem}.js", write_data(stem.removeprefix("search/"), data)


def write_data(name: str, data: Any) -> bytes:
    """A file of data: one call, whose arguments are JSON. Its name is its path below search/."""
    text = json.dumps([name, data], ensure_ascii=False, separators=(",", ":"))[1:-1]
    # Some readers of a script take these for its end, or for the end of a line.
    for char in "<\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return f"{CALL}({text});\n".encode()


def _cut_shards(merged: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Terms that lie side by side, with the first of them. Where a shard is large enough, the next term's
    name says whether another begins, so that a new term moves few of the cuts after it."""
    shard: list[str] = []
    size = 0
    first = ""
    for term in sorted(merged, key=_as_browsers_sort):
        line = f"{term}{AFTER_TERM}{AFTER_TERM.join(merged[term])}"
        own = len(line) + 1
        full = size + own > LARGE or (size >= SMALL and not make_digest(term.encode())[0] % 16)
        if own >= LONE:
            if shard:
                yield first, AFTER_NUMBERS.join(shard)
            yield term, line
            shard, size = [], 0
            continue
        if shard and full:
            yield first, AFTER_NUMBERS.join(shard)
            shard, size = [], 0
        if not shard:
            first = term
        shard.append(line)
        size += own
    if shard:
        yield first, AFTER_NUMBERS.join(shard)
