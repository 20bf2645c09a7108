"""The corpora of the comparison, the targets that are judged by them, and the room that they need."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from corpus import Corpus
from measure import CommandError
from rounds import Findings, Rounds, measure_tools
from tools import prepare_archiver, prepare_hugo

SIZES = (1_000, 10_000, 100_000)
# Of a size: into how many coverages its posts are spread, where it is not one.
MANY = {1_000: 10, 10_000: 10, 100_000: 100}
SHARE = 0.2
JUDGED = 10_000
ROUNDS = {1_000: Rounds(5, 2), 10_000: Rounds(3, 2), 100_000: Rounds(1, 1)}
QUICK = Rounds(1, 1)
# What a post takes on the disk, in bytes and in files, of one tool: its source and its output.
SOURCE_BYTES, OUTPUT_BYTES = 4_500, 19_000
# How long ext4 may need until creating files costs what it did, after many have been removed.
REST = 300


class Target(NamedTuple):
    """What a row of the tables should be at most: archiver's share of what Hugo takes."""

    posts: int
    row: str
    limit: float


class Judgement(NamedTuple):
    """A target, and the ratios that were found, one for each corpus of its size."""

    target: Target
    ratios: tuple[float, ...]

    @property
    def is_met(self) -> bool:
        """Whether every corpus keeps to it."""
        return all(ratio <= self.target.limit for ratio in self.ratios)


TARGETS = (
    Target(10_000, "cold, wall", 0.5),
    Target(10_000, "cold, CPU", 0.6),
    Target(10_000, "cold, peak memory", 0.3),
    Target(10_000, "cold with search, wall", 0.8),
    Target(10_000, "one post edited, wall", 0.15),
    Target(10_000, "nothing changed, wall", 0.10),
    Target(100_000, "cold, wall", 0.4),
    Target(100_000, "cold, peak memory", 0.1),
    Target(100_000, "one post edited, wall", 0.05),
)


def list_corpora(sizes: Iterable[int]) -> Iterator[Corpus]:
    """Of each size many coverages and one, with embeds; of that which the targets are about, without too."""
    for posts in sizes:
        for coverages in (MANY.get(posts, 10), 1):
            for embeds in (SHARE, 0.0) if posts == JUDGED else (SHARE,):
                yield Corpus(posts, coverages, embeds)


def choose_rounds(corpus: Corpus, quick: bool) -> Rounds:
    """Fewer for what takes long."""
    return QUICK if quick else ROUNDS.get(corpus.posts, ROUNDS[1_000])


def measure_corpora(
    corpora: Sequence[Corpus], folder: Path | None, hugo: Path, jobs: int | None, quick: bool
) -> Iterator[Findings]:
    """The findings of each corpus. All that was written is removed at the end, and not before: where
    much has been removed, files are created more slowly."""
    with tempfile.TemporaryDirectory(prefix="archiver-bench-", dir=folder) as name:
        work = Path(name)
        for number, corpus in enumerate(corpora):
            rounds = choose_rounds(corpus, quick)
            make_room(work, estimate_bytes(corpus, rounds))
            home = work / f"{number}"
            home.mkdir()
            archiver = prepare_archiver(home, corpus, jobs)
            other = prepare_hugo(home, corpus, hugo)
            yield measure_tools(archiver, other, corpus, rounds)


def estimate_bytes(corpus: Corpus, rounds: Rounds) -> int:
    """What a corpus takes on the disk until its last run: both sources, all outputs, all copies."""
    outputs = 2 * (2 * rounds.timed + rounds.weighed) + rounds.timed
    return corpus.posts * (2 * SOURCE_BYTES + outputs * OUTPUT_BYTES)


def make_room(work: Path, needed: int) -> None:
    """See that there is room on the disk: what earlier corpora have left is removed where there is none."""
    if shutil.disk_usage(work).free > needed:
        return
    left = sorted(path for path in work.iterdir() if path.is_dir())
    for path in left:
        shutil.rmtree(path)
    os.sync()
    if left and shutil.disk_usage(work).free > needed:
        print(
            f"The disk was full: {REST} s of rest after removing {len(left)} corpora.", flush=True
        )
        time.sleep(REST)
    check_room(work, needed)


def check_room(folder: Path, needed: int, files: int = 0) -> None:
    """CommandError where a disk has not so many bytes, or not so many files, left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CommandError(
            f"{folder} has {free / 1e9:.0f} GB left, and {needed / 1e9:.0f} are needed"
        )
    # Some file systems do not count files in advance and say 0.
    status = os.statvfs(folder)
    if status.f_files and status.f_favail < files:
        raise CommandError(
            f"{folder} has room for {status.f_favail:,} files, and {files:,} are needed"
        )


def judge_targets(findings: Sequence[Findings]) -> list[Judgement]:
    """Each target with what was found; those of sizes that were not measured are left out."""
    judgements = []
    for target in TARGETS:
        ratios = tuple(
            row.ratio
            for found in findings
            if found.corpus.posts == target.posts
            for row in found.rows
            if row.what == target.row
        )
        if ratios:
            judgements.append(Judgement(target, ratios))
    return judgements
