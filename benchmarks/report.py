"""Findings in words and tables, and the record of them, benchmarks/RESULTS.md."""

from __future__ import annotations

import os
import platform
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from matrix import Judgement
from rounds import Findings
from rows import Row
from stages import Share
from tables import (
    write_floor,
    write_judgements,
    write_made,
    write_shares,
    write_summary,
    write_table,
)

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
MILLION = "## A million posts"


class Machine(NamedTuple):
    """On what was measured, when, and with what."""

    date: str
    versions: tuple[str, ...]


def write_findings(found: Findings) -> str:
    """The tables of one corpus."""
    table = write_table(("", "archiver", "Hugo"), found.rows)
    copying = f"Copying archiver's output takes {found.copying:.2f} s."
    return f"{table}\n\n{copying}\n\n{write_made(found.made)}"


def describe_machine(machine: Machine) -> str:
    """In a sentence or two, on lines of their own."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    versions = ", ".join((*machine.versions, f"Python {platform.python_version()}"))
    return _fill(
        f"{machine.date}. {versions}; {platform.system()} {platform.release()} on "
        f"{platform.machine()}, {_name_processor()}{os.cpu_count()} cores, "
        f"{memory / 2**30:.0f} GiB of memory."
    )


def _fill(text: str) -> str:
    """A paragraph on lines that are not too long."""
    return textwrap.fill(" ".join(text.split()), 100, break_on_hyphens=False)


def _name_processor() -> str:
    """As the system names it; nothing where it does not."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ""
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return f"{' '.join(found[1].split())}, " if found else ""


def write_report(
    machine: Machine,
    findings: Sequence[Findings],
    judgements: Sequence[Judgement],
    shares: Sequence[Share],
    sample: str,
) -> str:
    """All that was found, in plain words."""
    rounds = "; ".join(
        dict.fromkeys(
            f"{found.corpus.posts:,} posts: {found.rounds.timed} timed, {found.rounds.weighed} weighed"
            for found in findings
        )
    )
    cost = _fill(
        f"""{sample}, built cold in one process, with the functions of each step timed. A step's time
        is without that of the steps within it. *The rest* is what lies between them."""
    )
    measured = _fill(
        f"""Medians of runs made in turn ({rounds}); a ratio is the median of the ratios within a
        round. *Cold* begins without an output folder, and without what archiver remembers of one;
        the corpus is in the page cache, and bytecode, that of templates too, lies beside archiver's code. CPU
        is user and system time of all processes. Memory is that of all processes together, shared pages
        counted once, sampled every 20 ms in runs of their own."""
    )
    details = "\n\n".join(
        f"### {found.corpus.name[0].upper()}{found.corpus.name[1:]}\n\n{write_findings(found)}"
        for found in findings
    )
    return f"""# archiver against Hugo

{describe_machine(machine)}

Both build the same pages of the same made-up posts, on the same machine, in turn. A ratio is what
archiver takes of what Hugo takes: below 1, archiver takes less. *With search* archiver also makes the
index of all words, which Hugo has no part in; everything else that archiver does is always on.

{write_summary(findings)}

## Targets

{write_judgements(judgements)}

*Found* are the ratios of all corpora of that size, in the order of the table above; a target is met
where all of them keep to it.

## The floor

Whoever builds a site has to write it. A copy of archiver's output, by `cp -R` into a fresh folder,
does that and nothing else; its time is the fastest of the runs.

{write_floor(findings)}

## What a post costs

{cost}

{write_shares(shares)}

## How it was measured

{measured}

Half of the embeds are `embed` blocks, and both tools make the same cards of them, Hugo in a render
hook. The others are HTML as Twitter, YouTube and Instagram hand it out: archiver makes cards of it
too, Hugo can only pass it on as it is, scripts and frames included.

## Every corpus

{details}

Made by `make bench ARGS=--record`.
"""


def write_single(machine: Machine, found: Findings, rows_of_embeds: Sequence[Row]) -> str:
    """What was found of one corpus, and what its embeds cost archiver."""
    parts = [f"{found.corpus.name}. {describe_machine(machine)}", write_findings(found)]
    if rows_of_embeds:
        parts.append(write_table(("archiver", "with embeds", "without"), rows_of_embeds))
    return "\n\n".join(parts)


def record(text: str) -> None:
    """Write the record anew; what it says of the million, which is run by hand, stays."""
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.is_file() else ""
    _write(text, _cut_million(before))


def record_large(machine: Machine, sentence: str) -> None:
    """Write what the million took at the end of the record."""
    before = (
        RESULTS.read_text(encoding="utf-8") if RESULTS.is_file() else "# archiver against Hugo\n"
    )
    text = before.replace(_cut_million(before), "") if MILLION in before else before
    _write(
        text, f"{MILLION}\n\n{_fill(f'One cold run. {sentence}')}\n\n{describe_machine(machine)}\n"
    )


def _cut_million(text: str) -> str:
    return text[text.index(MILLION) :] if MILLION in text else ""


def _write(text: str, large: str) -> None:
    RESULTS.write_text(f"{text.rstrip()}\n\n{large}".rstrip() + "\n", encoding="utf-8")
