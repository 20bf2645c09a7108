"""One run by hand: a million posts, archiver alone. Its corpus stays where it was written."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from corpus import Corpus, write_archiver
from matrix import OUTPUT_BYTES, SOURCE_BYTES, check_room
from measure import CommandError, Cost, watch_command
from tools import name_archiver

POSTS, COVERAGES = 1_000_000, 1_000
# Looking more often would cost more than it shows in a run of many minutes.
LOOK_EVERY = 0.25


class Large(NamedTuple):
    """What a large corpus takes: time, and memory in bytes (None where the system does not tell)."""

    corpus: Corpus
    version: str
    cost: Cost
    peak: int | None


def measure_large(folder: Path, corpus: Corpus, jobs: int | None) -> Large:
    """Build a corpus that is written into a folder, unless it is there; the output is new each time."""
    folder.mkdir(parents=True, exist_ok=True)
    source, output = folder / "archiver", folder / "build"
    note = folder / "corpus.txt"
    for path in (output, output.with_name(f".{output.name}.ledger")):
        if path.exists():
            raise CommandError(f"{path} is there already: a cold run needs it gone")
    if note.exists():
        if note.read_text(encoding="utf-8").strip() != corpus.name:
            raise CommandError(f"{folder} holds another corpus: {note.read_text(encoding='utf-8')}")
    elif source.exists():
        raise CommandError(f"{source} is there, but was not finished: remove it")
    else:
        check_room(folder, corpus.posts * (SOURCE_BYTES + OUTPUT_BYTES), files=2 * corpus.posts)
        write_archiver(source, corpus.make())
        note.write_text(f"{corpus.name}\n", encoding="utf-8")
    tool = name_archiver(source, output, jobs)
    cost, peak = watch_command(tool.command, LOOK_EVERY)
    return Large(corpus, tool.version, cost, peak)


def describe_large(large: Large) -> str:
    """What it took, in a sentence."""
    memory = f", {large.peak / 1e6:,.0f} MB of memory at most" if large.peak else ""
    return (
        f"{large.corpus.name}: {large.cost.wall:,.0f} s, {large.cost.cpu:,.0f} s of CPU{memory} "
        f"({large.cost.wall / large.corpus.posts * 1e6:,.0f} µs a post)."
    )
