"""Figures of two kinds of runs side by side, as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matrix import Judgement
from rounds import Findings
from rows import Row
from sameness import KINDS, Made
from stages import RECORD, RECORD_TARGET, Share


def write_table(head: tuple[str, str, str], rows: Iterable[Row]) -> str:
    """The rows as a Markdown table; its head names the lines and the two columns."""
    lines = [f"| {' | '.join(head)} | ratio |", "|---|---:|---:|---:|"]
    lines += [
        f"| {row.what} | {_write_figure(row.one, row.unit)} | {_write_figure(row.other, row.unit)} "
        f"| {row.ratio:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def write_summary(findings: Sequence[Findings]) -> str:
    """The ratios of all corpora, one a line, and archiver's cold run over a copy of its output."""
    names = [row.what for row in findings[0].rows if not row.what.endswith(", CPU")]
    lines = [
        f"| posts | coverages | embeds | {' | '.join(names)} |",
        "|---:|---:|---:|" + "---:|" * len(names),
    ]
    for found in findings:
        ratios = {row.what: f"{row.ratio:.2f}" for row in found.rows}
        corpus = found.corpus
        cells = [f"{corpus.posts:,}", f"{corpus.coverages:,}", f"{corpus.embeds:.0%}"]
        lines.append(f"| {' | '.join([*cells, *(ratios.get(name, '') for name in names)])} |")
    return "\n".join(lines)


def write_floor(findings: Sequence[Findings]) -> str:
    """How long archiver takes to build a site cold, and how long a copy of that site takes."""
    lines = [
        "| posts | coverages | embeds | copied | built | ratio |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for found in findings:
        corpus = found.corpus
        cold = next(row.one for row in found.rows if row.what == "cold, wall")
        lines.append(
            f"| {corpus.posts:,} | {corpus.coverages:,} | {corpus.embeds:.0%} | {found.copying:.2f} s "
            f"| {cold:.2f} s | {cold / found.copying:.1f} |"
        )
    return "\n".join(lines)


def write_judgements(judgements: Sequence[Judgement]) -> str:
    """Each target, the ratios that were found, and whether all of them keep to it."""
    lines = ["| posts | what | at most | found | |", "|---:|---|---:|---:|---|"]
    for target, ratios in judgements:
        found = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        verdict = "met" if Judgement(target, ratios).is_met else "NOT MET"
        lines.append(
            f"| {target.posts:,} | {target.row} | {target.limit:.2f} | {found} | {verdict} |"
        )
    return "\n".join(lines)


def write_shares(shares: Sequence[Share]) -> str:
    """What each step costs of a post."""
    whole = sum(share.cost for share in shares)
    lines = ["| step | µs a post | share |", "|---|---:|---:|"]
    lines += [
        f"| {share.stage} | {share.cost:,.0f} | {share.cost / whole:.0%} |" for share in shares
    ]
    lines.append(f"| together | {whole:,.0f} | 100% |")
    record = sum(share.cost for share in shares if share.stage in RECORD) / whole
    verdict = "met" if record <= RECORD_TARGET else "NOT MET"
    lines += [
        "",
        f"{', '.join(RECORD)}: {record:.1%} of a build, of at most {RECORD_TARGET:.0%}: {verdict}.",
    ]
    return "\n".join(lines)


def write_made(made: tuple[Made, Made]) -> str:
    """What each tool made, as a Markdown table."""
    ours, theirs = made
    lines = ["| made | archiver | Hugo |", "|---|---:|---:|"]
    lines += [f"| {kind} | {ours.files[kind]:,} | {theirs.files[kind]:,} |" for kind in KINDS]
    lines.append(f"| bytes of HTML | {ours.html_bytes:,} | {theirs.html_bytes:,} |")
    return "\n".join(lines)


def _write_figure(number: float, unit: str) -> str:
    return f"{number:,.0f} {unit}" if unit == "MB" else f"{number:.2f} {unit}"
