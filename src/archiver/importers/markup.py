"""HTML of a post to blocks: embeds and pictures are lifted first, as from a post with raw HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.embeds import LIFTED, Lift, Shot, lift_embeds
from archiver.embeds.passages import BLOCKS
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
)
from archiver.sanitize import SCHEMES, judge_shape
from archiver.urls import scheme_of

# Noncharacters mark what was lifted; a page that brings its own, as they are or as references, loses
# them (U+FDD0 to U+FDEF, 64976 to 65007).
_OWN_MARKS = re.compile(
    r"[\ufdd0-\ufdef]|&#(?:x0*fd[de][0-9a-f](?![0-9a-f])|0*(?:6497[6-9]|649[89]\d|6500[0-7])(?!\d));?",
    re.IGNORECASE,
)
_HIDDEN = frozenset("script style template noscript head title svg math button form".split())
_BLOCKS = BLOCKS - {"form"} | {"body", "gu-island", "legend"}
_MARKS = {
    "strong": "strong",
    "b": "strong",
    "em": "emphasis",
    "i": "emphasis",
    "cite": "emphasis",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "s": "deleted",
    "del": "deleted",
    "strike": "deleted",
}


def read_html(html: str, zone: ZoneInfo, address: str = "") -> tuple[Block, ...]:
    """The blocks of some HTML; relative addresses are those of a page at `address`."""
    html = _OWN_MARKS.sub("", html)
    if judge_shape(html):
        return (Paragraph((Run(_squeeze(re.sub(r"<[^>]*>", " ", html))),)),)
    lifted = lift_embeds(html, zone)
    body = LexborHTMLParser(f"<!doctype html><body>{lifted.html}").body
    assert body is not None, "a parsed document has a body"
    return tuple(_Reader(lifted.lifts, address).read(body))


def read_line(html: str, zone: ZoneInfo, address: str = "") -> Runs:
    """HTML of one line as runs: a title, a key point."""
    runs: list[Run] = []
    for block in read_html(html, zone, address):
        if isinstance(block, Paragraph | Heading):
            runs += [Run(" "), *block.runs] if runs else block.runs
    return tuple(runs)


class _Reader:
    def __init__(self, lifts: tuple[Lift, ...], address: str) -> None:
        self.lifts = lifts
        self.address = address

    def read(self, node: LexborNode) -> list[Block]:
        """The blocks below a node; words between them are paragraphs."""
        blocks: list[Block] = []
        inline: list[Run] = []

        def end_paragraph() -> None:
            for part in self.part(inline):
                blocks.append(part)
            inline.clear()

        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag in _HIDDEN:
                continue
            if tag in _BLOCKS or (tag not in _MARKS and tag != "a" and _holds_block(child)):
                end_paragraph()
                blocks += self.read_block(child)
            else:
                inline += self.read_inline(child, Run(""))
        end_paragraph()
        return blocks

    def read_block(self, node: LexborNode) -> list[Block]:
        tag = node.tag or ""
        if tag in ("ul", "ol"):
            items = [tuple(self.read(item)) for item in node.iter() if item.tag == "li"]
            kept = tuple(item for item in items if item)
            start = node.attributes.get("start") or "1"
            first = int(start) if start.isdecimal() and len(start) < 9 else 1
            return [Listing(kept, tag == "ol", first)] if kept else []
        if tag == "blockquote":
            return self.read_quotation(node)
        if re.fullmatch("h[1-6]", tag):
            runs = tidy_runs(run for block in self.read(node) for run in _runs_of(block))
            others = [b for b in self.read(node) if not isinstance(b, Paragraph | Heading)]
            heading = [Heading(int(tag[1]), runs)] if runs else []
            return [*heading, *others]
        if tag == "pre":
            text = (node.text() or "").strip("\n")
            return [Preformatted(text)] if text.strip() else []
        if tag == "hr":
            return [Rule()]
        if tag == "table":
            return self.read_table(node)
        return self.read(node)

    def read_quotation(self, node: LexborNode) -> list[Block]:
        """A quotation; what a `footer` or a `cite` of its own says is whose words they are."""
        source = node.css_first("footer, cite")
        attribution: Runs = ()
        if source is not None and source.parent is not None and source.parent.mem_id == node.mem_id:
            attribution = tidy_runs(run for block in self.read(source) for run in _runs_of(block))
            source.decompose()
        blocks = tuple(self.read(node))
        if all(isinstance(block, Embedded | Medium) for block in blocks):
            return list(blocks)
        return [Quotation(blocks, attribution)]

    def read_table(self, node: LexborNode) -> list[Block]:
        rows: list[tuple[Runs, ...]] = []
        others: list[Block] = []
        for row in node.css("tr"):
            cells: list[Runs] = []
            for cell in row.iter():
                if cell.tag not in ("td", "th"):
                    continue
                blocks = self.read(cell)
                others += [b for b in blocks if isinstance(b, Embedded | Medium | Table)]
                parts = [_runs_of(block) for block in blocks]
                runs = [run for part in parts if part for run in (*part, Run(" "))]
                cells.append(tidy_runs(runs))
            if any(cells):
                rows.append(tuple(cells))
        return [*([Table(tuple(rows))] if rows else []), *others]

    def read_inline(self, node: LexborNode, form: Run) -> Iterator[Run]:
        tag = node.tag or ""
        if tag == "-text":
            yield replace(form, text=re.sub(r"[ \t\r\n\f]+", " ", node.text_content or ""))
            return
        if tag == "br":
            yield replace(form, text="\n")
            return
        if tag in _HIDDEN or tag == "-comment":
            return
        if tag in _MARKS:
            form = replace(form, **{_MARKS[tag]: True})
        elif tag == "a":
            href = resolve(node.attributes.get("href") or "", self.address)
            form = replace(form, href=href)
        elif tag == "q":
            yield replace(form, text="\u201c")
        for child in node.iter(include_text=True):
            yield from self.read_inline(child, form)
            if child.tag in _BLOCKS:
                yield replace(form, text=" ")
        if tag == "q":
            yield replace(form, text="\u201d")

    def part(self, runs: list[Run]) -> Iterator[Block]:
        """Runs as paragraphs, parted by what was lifted out of them."""
        kept: list[Run] = []
        for run in runs:
            at = 0
            for match in LIFTED.finditer(run.text):
                kept.append(replace(run, text=run.text[at : match.start()]))
                lift = self.lifts[int(match[1])]
                at = match.end()
                tidied = tidy_runs(kept)
                if tidied:
                    yield Paragraph(tidied)
                kept = []
                yield self.make_block(lift)
            kept.append(replace(run, text=run.text[at:]))
        tidied = tidy_runs(kept)
        if tidied:
            yield Paragraph(tidied)

    def make_block(self, lift: Lift) -> Block:
        if isinstance(lift.content, Shot):
            shot = lift.content
            address = resolve(shot.address, self.address) or shot.address
            return Medium(shot.kind, address, shot.alt, shot.caption, shot.credit)
        return Embedded(lift.content)


def tidy_runs(runs: Iterator[Run] | list[Run]) -> Runs:
    """Runs with white space as a reader sees it, those of one kind joined, none empty."""
    joined: list[Run] = []
    for run in runs:
        text = re.sub(r"[ \t\r\f]*\n[ \t\r\f]*", "\n", re.sub(r"[ \t\r\f]+", " ", run.text))
        before = joined[-1].text if joined else "\n"
        if before.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if text.startswith("\n") and before.endswith(" "):
            joined[-1] = replace(joined[-1], text=before.rstrip(" "))
            if not joined[-1].text:
                joined.pop()
        if not text:
            continue
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    while joined and not joined[0].text.strip():
        joined.pop(0)
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[0] = replace(joined[0], text=joined[0].text.lstrip())
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)


def resolve(href: str, address: str) -> str:
    """A link as an address on the web, or nothing where it leads nowhere from elsewhere."""
    cleaned = href.strip()
    if not cleaned or cleaned.startswith("#"):
        return ""
    try:
        full = urljoin(address, cleaned) if address else cleaned
    except ValueError:
        return ""
    return full if scheme_of(full) in SCHEMES else ""


def _runs_of(block: Block) -> Runs:
    if isinstance(block, Paragraph | Heading):
        return block.runs
    if isinstance(block, Listing):
        parts = (run for item in block.items for one in item for run in (*_runs_of(one), Run(" ")))
        return tuple(parts)
    if isinstance(block, Quotation):
        return tuple(run for one in block.blocks for run in (*_runs_of(one), Run(" ")))
    return ()


def _holds_block(node: LexborNode) -> bool:
    return any(one.tag in _BLOCKS for one in node.css("*") if one.mem_id != node.mem_id)


def _squeeze(text: str) -> str:
    return " ".join(text.split())
