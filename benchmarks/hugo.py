"""archiver against Hugo: the same posts, the same pages, the same machine, in alternate runs.

Without options, corpora of many sizes are measured, and judged by the targets. `--posts` measures one
corpus, and what its embeds cost archiver, against the same corpus with their words as plain Markdown.
"""

from __future__ import annotations

import argparse
import datetime
import pstats
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from corpus import Corpus, write_archiver, write_revisions
from matrix import MANY, SHARE, SIZES, judge_targets, list_corpora, measure_corpora
from measure import CommandError, time_command
from million import COVERAGES, POSTS, describe_large, measure_large
from report import (
    Machine,
    record,
    record_large,
    write_findings,
    write_report,
    write_single,
)
from rounds import Findings, Rounds, measure_tools, set_output_aside, time_tools
from rows import Row, make_rows
from stages import Share, measure_stages
from tables import write_judgements, write_shares
from tools import (
    find_hugo,
    prepare_archiver,
    prepare_hugo,
    read_archiver_version,
    read_hugo_version,
)

WEIGHINGS = 3
SAMPLE = Corpus(5_000, 5, SHARE)
QUICK_SAMPLE = Corpus(500, 1, SHARE)


def main() -> int:
    """Measure as asked; the exit code is 1 where the two did not make the same pages."""
    options = read_options()
    if options.million:
        return run_large(options)
    if options.profile:
        sample = name_sample(options)
        print(f"{sample.name}\n\n{write_shares(measure_sample(sample, options.work))}")
        return 0
    if options.functions:
        print_functions(name_sample(options), options.work)
        return 0
    if options.posts:
        return run_one(options)
    return run_matrix(options)


def read_options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", default=None, metavar="N,N", help="only corpora of so many posts"
    )
    parser.add_argument(
        "--quick", action="store_true", help="one run of each, and without the largest corpora"
    )
    parser.add_argument("--posts", type=int, metavar="N", help="one corpus of so many posts")
    parser.add_argument("--coverages", type=int, metavar="N", help="of one corpus")
    parser.add_argument(
        "--embeds", type=float, default=SHARE, metavar="SHARE", help="of one corpus, 0 to 1"
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of one corpus")
    parser.add_argument("--jobs", type=int, metavar="N", help="archiver's processes")
    parser.add_argument("--hugo", type=Path, metavar="FILE", help="the Hugo to measure against")
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="where there is room (default: that for temporary files)",
    )
    parser.add_argument("--record", action="store_true", help="write benchmarks/RESULTS.md")
    parser.add_argument("--date", default=f"{datetime.date.today()}", help="the date to record")
    parser.add_argument(
        "--profile", action="store_true", help="only tell what a post costs step by step"
    )
    parser.add_argument(
        "--functions", action="store_true", help="only tell which functions take most time"
    )
    parser.add_argument(
        "--million",
        type=Path,
        metavar="DIR",
        help="only build a million posts, which are written into DIR and stay there",
    )
    options = parser.parse_args()
    options.sizes = read_sizes(options, parser)
    if options.coverages and not options.posts:
        parser.error("--coverages needs --posts")
    if options.posts and not 0 < (options.coverages or 1) <= options.posts:
        parser.error("every coverage needs a post")
    if not 0 <= options.embeds <= 1:
        parser.error("a share is a number from 0 to 1")
    return options


def read_sizes(options: argparse.Namespace, parser: argparse.ArgumentParser) -> tuple[int, ...]:
    """The sizes that were asked for."""
    if options.sizes is None:
        return SIZES[:2] if options.quick else SIZES
    try:
        return tuple(int(size) for size in options.sizes.split(","))
    except ValueError:
        parser.error(f"`{options.sizes}` is no list of numbers")


def run_matrix(options: argparse.Namespace) -> int:
    """All corpora; their tables are printed as they come."""
    hugo = find_hugo(options.hugo)
    machine = name_machine(options, hugo)
    findings: list[Findings] = []
    corpora = list(list_corpora(options.sizes))
    for found in measure_corpora(corpora, options.work, hugo, options.jobs, options.quick):
        print(f"\n{found.corpus.name}\n\n{write_findings(found)}", flush=True)
        tell_complaints(found)
        findings.append(found)
    sample = QUICK_SAMPLE if options.quick else SAMPLE
    shares = measure_sample(sample, options.work)
    judgements = judge_targets(findings)
    print(f"\n{write_judgements(judgements)}\n\n{write_shares(shares)}")
    if options.record:
        record(write_report(machine, findings, judgements, shares, sample.name))
        print("\nWritten to RESULTS.md.")
    return 1 if any(found.complaints for found in findings) else 0


def run_one(options: argparse.Namespace) -> int:
    """One corpus, and what its embeds cost archiver."""
    corpus, hugo = name_one(options), find_hugo(options.hugo)
    rounds = Rounds(options.runs, min(options.runs, WEIGHINGS))
    with tempfile.TemporaryDirectory(prefix="archiver-bench-", dir=options.work) as name:
        work = Path(name)
        archiver = prepare_archiver(work, corpus, options.jobs)
        found = measure_tools(archiver, prepare_hugo(work, corpus, hugo), corpus, rounds)
        cost: Sequence[Row] = ()
        if corpus.embeds:
            plain = prepare_archiver(work, corpus, options.jobs, plain=True)
            cost = make_rows("cold", time_tools((archiver, plain), set_output_aside, options.runs))
    print(write_single(name_machine(options, hugo), found, cost))
    tell_complaints(found)
    return 1 if found.complaints else 0


def run_large(options: argparse.Namespace) -> int:
    """A million posts, or as many as were asked for."""
    corpus = Corpus(options.posts or POSTS, options.coverages or COVERAGES, options.embeds)
    large = measure_large(options.million, corpus, options.jobs)
    sentence = describe_large(large)
    print(sentence)
    if options.record:
        record_large(Machine(options.date, (f"archiver {large.version}",)), sentence)
    return 0


def name_one(options: argparse.Namespace) -> Corpus:
    """The one corpus that was asked for."""
    many = min(MANY.get(options.posts, 10), options.posts)
    return Corpus(options.posts, options.coverages or many, options.embeds)


def name_sample(options: argparse.Namespace) -> Corpus:
    """The posts whose steps are timed."""
    if options.posts:
        return name_one(options)
    return QUICK_SAMPLE if options.quick else SAMPLE


def name_machine(options: argparse.Namespace, hugo: Path) -> Machine:
    """When, and with what."""
    versions = (f"archiver {read_archiver_version()}", f"Hugo {read_hugo_version(hugo)}")
    return Machine(options.date, versions)


def measure_sample(sample: Corpus, folder: Path | None) -> list[Share]:
    """What a post of a sample costs step by step; its archive is sealed, and some posts were changed."""
    with tempfile.TemporaryDirectory(prefix="archiver-bench-", dir=folder) as name:
        write_archiver(Path(name), sample.make())
        write_revisions(Path(name), sample.make())
        command = [sys.executable, "-m", "archiver", "seal", "--root", name]
        subprocess.run(command, check=True, capture_output=True)
        return measure_stages(Path(name))


def tell_complaints(found: Findings) -> None:
    """In what the two did not make the same pages."""
    for complaint in found.complaints:
        print(f"NOT THE SAME: {complaint}", file=sys.stderr)


def print_functions(corpus: Corpus, folder: Path | None) -> None:
    """The 30 functions of archiver that take most time themselves, in one process."""
    with tempfile.TemporaryDirectory(prefix="archiver-bench-", dir=folder) as name:
        work = Path(name)
        archiver = prepare_archiver(work, corpus, jobs=1)
        python, *rest = archiver.command
        command = [python, "-m", "cProfile", "-o", f"{work / 'profile'}", *rest]
        for number in range(2):
            set_output_aside(archiver, number)
            time_command(command)
        found = pstats.Stats(f"{work / 'profile'}")
    found.strip_dirs().sort_stats("tottime").print_stats(30)
    print(f"{corpus.name}; cProfile makes calls of Python functions dearer than they are.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CommandError as error:
        sys.exit(str(error))
