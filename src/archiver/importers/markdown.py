"""Blocks to Markdown that renders to the same words: small, exact, and readable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from archiver.importers.capture import (
    Block,
    Embedded,
    Heading,
    Listing,
    Medium,
    Paragraph,
    Preformatted,
    Quotation,
    Rule,
    Run,
    Runs,
    Table,
    Written,
    join_runs,
)
from archiver.importers.embeds import write_embed

# What begins a block where it begins a line.
_LINE_START = re.compile(
    r"(?P<mark>#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|={1,}\s*$|-{2,}|_{3,}|~{3,}|:(?=-)|\|)"
    r"|(?P<number>\d{1,9})(?P<after>[.)])(?=\s|$)"
)
_LINKING = re.compile(r"\][(\[:]|\[\^")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")


def write_blocks(blocks: Iterable[Block]) -> str:
    """The Markdown of some blocks, a blank line between them."""
    parts: list[str] = []
    before: Block | None = None
    other_mark = False
    for block in blocks:
        # Two lists in a row are one, unless their marks differ.
        is_again = (
            isinstance(block, Listing)
            and isinstance(before, Listing)
            and before.ordered == block.ordered
        )
        other_mark = is_again and not other_mark
        if isinstance(block, Quotation) and isinstance(before, Quotation):
            parts.append("<!-- -->")
        written = _write_block(block, other_mark)
        if written:
            parts.append(written)
            before = block
    return "\n\n".join(parts)


def write_runs(runs: Runs, is_line: bool = False) -> str:
    """The Markdown of some words; `is_line` puts line breaks to where only a line can be."""
    brackets = bool(_LINKING.search(join_runs(runs)))
    parts: list[str] = []
    for href, group in groupby(runs, key=lambda run: run.href):
        words = list(group)
        before = _last(parts)
        text = _write_group(words, brackets or bool(href), "[" if href else before)
        if href and text.strip():
            if before == "!":  # with a bracket behind it, it would begin a picture
                parts[-1] = f"{parts[-1][:-1]}\\!"
            text = f"[{text}]({_write_address(href)})"
        parts.append(text)
    text = "".join(parts)
    if is_line:
        return re.sub(r"\s*\\?\n\s*", " ", text).strip()
    return "\n".join(map(_mend_start, text.split("\n")))


def _write_block(block: Block, other_mark: bool) -> str:
    match block:
        case Paragraph(runs):
            return write_runs(runs)
        case Heading(level, runs):
            text = write_runs(runs, is_line=True)
            # A hash at the end would be taken for one that closes the heading.
            text = re.sub(r"(#+)$", r"\\\1", text)
            return f"{'#' * max(2, min(level, 6))} {text}" if text else ""
        case Listing():
            return _write_list(block, other_mark)
        case Quotation(blocks, attribution):
            inner = write_blocks(blocks)
            if attribution:
                said = re.sub(r"^\s*[\u2014\u2013-]+\s*", "", write_runs(attribution, is_line=True))
                inner += f"\n\n\u2014 {said}"
            return _prefix(inner, "> ", ">")
        case Table(rows):
            return _write_table(rows)
        case Preformatted(text):
            return _fence(text, "")
        case Rule():
            return "***"
        case Medium():
            return _write_medium(block)
        case Embedded(embed):
            return _fence(write_embed(embed), "embed")
        case Written(markdown):
            return markdown.strip("\n")


def _write_list(block: Listing, other_mark: bool) -> str:
    lines: list[str] = []
    is_loose = any(len(item) > 1 for item in block.items)
    for number, item in enumerate(block.items, block.start):
        mark = ("*" if other_mark else "-") + " "
        if block.ordered:
            mark = f"{number}{')' if other_mark else '.'} "
        inner = write_blocks(item)
        if inner == "***" or inner.startswith("***\n"):  # behind a star it would be one more
            inner = "___" + inner[3:]
        lines.append(mark + _prefix(inner, " " * len(mark), "").removeprefix(" " * len(mark)))
    return ("\n\n" if is_loose else "\n").join(lines)


def _write_table(rows: tuple[tuple[Runs, ...], ...]) -> str:
    width = max(len(row) for row in rows)
    written = []
    for row in rows:
        cells = [_write_cell(cell) for cell in row] + [""] * (width - len(row))
        written.append(f"| {' | '.join(cells)} |")
    return "\n".join([written[0], "|" + " --- |" * width, *written[1:]])


def _write_cell(runs: Runs) -> str:
    text = re.sub(r"\\?\n", "<br>", write_runs(runs))
    return text.replace("|", "\\|")


def _write_medium(medium: Medium) -> str:
    alt = re.sub(r"([\\\[\]`*_<&!])", r"\\\1", " ".join(medium.alt.split()))
    caption = " ".join(medium.caption.split())
    credit = f"Credit: {' '.join(medium.credit.split())}" if medium.credit else ""
    title = " ".join(part for part in (caption, credit) if part)
    quoted = re.sub(r'([\\"])', r"\\\1", _ENTITY.sub("&amp;", title))
    return f"![{alt}]({_write_address(medium.address)}" + (f' "{quoted}")' if title else ")")


def _write_address(address: str) -> str:
    cleaned = re.sub(
        r"[\s<>\\]", lambda one: "".join(f"%{b:02X}" for b in one[0].encode()), address
    )
    cleaned = _ENTITY.sub("&amp;", cleaned)
    return f"<{cleaned}>" if re.search(r"[()]", cleaned) or not cleaned else cleaned


def _fence(text: str, info: str) -> str:
    ticks = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, ticks + 1)
    return f"{fence}{info}\n{text.rstrip()}\n{fence}"


def _prefix(text: str, prefix: str, empty: str) -> str:
    return "\n".join(prefix + line if line else empty for line in text.split("\n"))


def _write_group(runs: list[Run], brackets: bool, before: str) -> str:
    parts: list[str] = []
    for place, run in enumerate(runs):
        inner = run.text
        core = inner.strip(" \n")
        if not core or not (run.strong or run.emphasis or run.code or run.deleted):
            parts.append(_escape(inner, brackets))
            continue
        lead = inner[: len(inner) - len(inner.lstrip(" \n"))]
        tail = inner[len(inner.rstrip(" \n")) :]
        prior = (lead or "".join(parts) or before)[-1:]
        following = (tail or (runs[place + 1].text if place + 1 < len(runs) else ""))[:1]
        parts.append(_escape(lead, brackets) + _mark(core, run, brackets, prior, following))
        parts.append(_escape(tail, brackets))
    return "".join(parts)


def _mark(core: str, run: Run, brackets: bool, prior: str, following: str) -> str:
    if run.code:
        ticks = max((len(one) for one in re.findall("`+", core)), default=0)
        space = " " if core.startswith("`") or core.endswith("`") else ""
        text = "`" * (ticks + 1) + space + core.replace("\n", " ") + space + "`" * (ticks + 1)
    else:
        text = _escape(core, brackets)
    # What the outer of two marks sees within is the inner one.
    nested = run.deleted and (run.emphasis or run.strong)
    plain = (
        not {prior, following, core[:1], core[-1:]} & set("*_~")
        and _flanks(prior, "~" if nested else core[:1])
        and _flanks(following, "~" if nested else core[-1:])
        and "\n" not in core
    )
    for wanted, mark, tag in (
        (run.deleted, "~~", "s"),
        (run.emphasis, "*", "em"),
        (run.strong, "**", "strong"),
    ):
        if wanted:
            text = f"{mark}{text}{mark}" if plain else f"<{tag}>{text}</{tag}>"
    return text


def _flanks(outside: str, inside: str) -> bool:
    """Whether a mark between two characters opens or closes (CommonMark, 6.2)."""
    return (
        not _is_punctuation(inside) or not outside or outside.isspace() or _is_punctuation(outside)
    )


def _is_punctuation(char: str) -> bool:
    return bool(char) and unicodedata.category(char)[0] in "PS"


def _escape(text: str, brackets: bool) -> str:
    escaped = re.sub(r"([\\`*<]|~(?=~)|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", text)
    escaped = _ENTITY.sub(r"\\&", escaped)
    form = r"([\[\]])" if brackets else r"(!(?=\[))"
    escaped = re.sub(form, r"\\\1", escaped)
    return escaped.replace("\n", "\\\n")


def _mend_start(line: str) -> str:
    match = _LINE_START.match(line)
    if match is None:
        return line
    if match["number"]:
        return f"{match['number']}\\{line[len(match['number']) :]}"
    return "\\" + line


def _last(parts: list[str]) -> str:
    return parts[-1][-1:] if parts else ""


def iterate_media(blocks: Iterable[Block]) -> Iterator[Medium]:
    """Every picture, film and sound in some blocks."""
    for block in blocks:
        match block:
            case Medium():
                yield block
            case Listing(items):
                for item in items:
                    yield from iterate_media(item)
            case Quotation(inner):
                yield from iterate_media(inner)
            case _:
                continue
