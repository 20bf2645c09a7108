"""A coverage as one Markdown document (CommonMark with tables), from its first post to its last.

It is made of what the pages show, and not of the posts' own Markdown: notes and references of one post
would be taken for those of another. Links and pictures have addresses where it is known where the site
is; without, pictures have their paths below the site, and links within it are only words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from archiver.embeds import make_card
from archiver.embeds.cards import Card, QuotedCard
from archiver.embeds.cards import Paragraph as Lines
from archiver.exports.overview import list_facts, render_points, spell_byline, tell_withdrawal
from archiver.exports.publication import Advance, Outcome, Publication
from archiver.importers.capture import Block, Medium, Paragraph, Quotation, Run
from archiver.importers.markdown import write_blocks, write_runs
from archiver.importers.markup import read_html
from archiver.markdown.headings import fit_headings
from archiver.markdown.slots import fill_slots
from archiver.model import Body, Coverage, Embed, Entry, Media, MediaKind
from archiver.urls import absolute_link, entry_path, timeline_path
from archiver.words import Words

# Two characters of private use mark where a picture or an embed belongs, until the words are Markdown.
_MARK = "\ue0f0{}\ue0f1"
_MARKED = re.compile("^(.*?)\ue0f0(\\d+)\ue0f1", re.MULTILINE)
_MARGIN = re.compile(r"[^\s>]")
_LOST = {
    MediaKind.PICTURE: "media_lost",
    MediaKind.VIDEO: "video_lost",
    MediaKind.AUDIO: "audio_lost",
    MediaKind.DOCUMENT: "document_lost",
}


class _Writer(Struct, frozen=True):
    """What a coverage's texts are written with."""

    coverage: Coverage
    words: Words
    zone: ZoneInfo
    base_url: str


def write_manuscript(
    publication: Publication,
    slug: str,
    base_url: str,
    write: Callable[[bytes], object],
    advance: Advance,
) -> Outcome:
    """Write a coverage; `base_url` is where the site is, or empty."""
    chronicle = publication.open_chronicle(slug)
    coverage = chronicle.coverage
    words = publication.open_theme().words(coverage.language)
    writer = _Writer(coverage, words, chronicle.zone, base_url)
    write(_write_front(publication, writer).encode())
    day: date | None = None
    count = 0
    for entry in chronicle.read_entries():
        if entry.date.day != day:
            day = entry.date.day
            write(f"\n## {words.day(day)}\n".encode())
        write(f"\n{_write_post(entry, writer)}\n".encode())
        count += 1
        advance()
    return Outcome(count, "post")


def _write_front(publication: Publication, writer: _Writer) -> str:
    coverage, words = writer.coverage, writer.words
    points = render_points(publication, coverage)
    parts = [f"# {_line(coverage.title)}"]
    if coverage.description:
        parts.append(f"*{_line(coverage.description)}*")
    if points.notice:
        parts.append(f"> {_write_line(points.notice, writer)}")
    parts.append(_write_facts(writer))
    parts.append(_write_body(coverage.introduction, writer, 2))
    if points.key_points:
        parts.append(f"## {_line(words['key_points'])}")
        parts.append("\n".join(f"- {_write_line(point, writer)}" for point in points.key_points))
    return "\n\n".join(part for part in parts if part) + "\n"


def _write_line(body: Body, writer: _Writer) -> str:
    return " ".join(_write_body(body, writer, 3).split("\n"))


def _write_facts(writer: _Writer) -> str:
    facts = []
    for fact in list_facts(writer.coverage, writer.words):
        run = Run(fact.text, fact.href)
        facts.append(f"- {_line(fact.name)}: {write_runs((run,), is_line=True)}")
    return "\n".join(facts)


def _write_post(entry: Entry, writer: _Writer) -> str:
    words = writer.words
    moment = entry.date.moment
    clock = f"{words.clock(moment)} {words.zone(moment)}" if moment else words["no_time"]
    parts = [f"### {_line(f'{clock}: {entry.title}' if entry.title else clock)}"]
    told = [
        words[name] for name in ("breaking", "key", "pinned", "summary") if getattr(entry, name)
    ]
    told += [f"{words['by']} {'; '.join(map(spell_byline, entry.byline))}"] if entry.byline else []
    if told:
        parts.append(f"*{_line(' · '.join(told))}*")
    if entry.withdrawn:
        parts += [_line(line) for line in tell_withdrawal(entry.withdrawn, words)]
    else:
        parts.append(_write_body(entry.body, writer, 4))
    for one in entry.corrections:
        noted = f"({words.stamp(one.date)}): {one.note}"
        parts.append(f"**{_line(words['correction'])}** {_line(noted)}")
    if entry.updated:
        parts.append(f"*{_line(words.say('updated', date=words.stamp(entry.updated)))}*")
    path = entry_path(entry.coverage, entry.slug)
    address = absolute_link(writer.base_url, path)
    shown = write_runs((Run(address or path, address),)) if address else f"`{path}`"
    parts.append(f"{_line(words['permalink'])}: {shown}")
    return "\n\n".join(part for part in parts if part)


def _write_body(body: Body, writer: _Writer, top: int) -> str:
    """A text whose headings are below level `top - 1`."""
    marked = fill_slots(body, lambda slot, inline: _mark(slot, inline, body))
    written = write_blocks(read_html(fit_headings(marked, top), writer.zone, _find_here(writer)))

    def fill(match: re.Match[str]) -> str:
        slot = body.slots[int(match[2])]
        shown = write_blocks(_make_blocks(slot, writer))
        margin = _MARGIN.sub(" ", match[1])
        return match[1] + f"\n{margin}".join(shown.split("\n"))

    while _MARKED.search(written):
        written = _MARKED.sub(fill, written)
    return written


def _mark(slot: Media | Embed, inline: bool, body: Body) -> str:
    mark = _MARK.format(body.slots.index(slot))
    return mark if inline else f"<p>{mark}</p>"


def _make_blocks(slot: Media | Embed, writer: _Writer) -> tuple[Block, ...]:
    if isinstance(slot, Media):
        return (_make_medium(slot, writer),)
    return (Quotation(tuple(_make_card(make_card(slot), writer))),)


def _make_medium(medium: Media, writer: _Writer) -> Block:
    words = writer.words
    if not medium.href:
        told = " ".join(part for part in (words[_LOST[medium.kind]], medium.alt) if part)
        runs = (Run(told, emphasis=True),)
        return Paragraph(
            (*runs, Run(" "), Run(medium.address, medium.address)) if medium.address else runs
        )
    path = f"{writer.coverage.slug}/{medium.href}"
    address = absolute_link(writer.base_url, path) or path
    if medium.kind is MediaKind.PICTURE:
        return Medium(medium.kind, address, medium.alt, medium.caption, medium.credit)
    name = medium.caption or medium.alt or path.rpartition("/")[2]
    return Paragraph((Run(f"{words['media_file']}: "), Run(name, address)))


def _make_card(card: Card, writer: _Writer) -> list[Block]:
    words = writer.words
    provider = card.provider or words["embed_elsewhere"]
    who = " ".join(part for part in (card.author, card.handle) if part)
    told = [words.say(f"embed_{card.genre}", provider=provider), who]
    head = ": ".join(part for part in told if part)
    blocks: list[Block] = [
        Paragraph((Run(head, strong=True), Run(f", {words.stamp(card.date)}" if card.date else "")))
    ]
    if card.reply_to:
        blocks.append(_make_quoted("embed_reply", card.reply_to, words))
    if card.title:
        blocks.append(Paragraph((Run(card.title, strong=True),)))
    blocks += _make_paragraphs(card.paragraphs)
    if card.quotes:
        blocks.append(_make_quoted("embed_quote", card.quotes, words))
    blocks += [_make_medium(medium, writer) for medium in card.media]
    if card.transcript:
        blocks.append(Paragraph((Run(words["embed_transcript"], strong=True),)))
        blocks += _make_paragraphs(card.transcript)
    lost = f"embed_lost_{card.genre}" if not card.was_captured else ""
    lost = lost or (f"embed_without_{card.missing}" if card.missing else "")
    if lost:
        blocks.append(Paragraph((Run(words[lost], emphasis=True),)))
    blocks += [Paragraph((Run(line),)) for line in card.label]
    if card.url:
        blocks.append(Paragraph((Run(f"{words['embed_original']}: "), Run(card.url, card.url))))
    return blocks


def _make_quoted(phrase: str, card: QuotedCard, words: Words) -> Block:
    author = card.author or card.handle or words["embed_somebody"]
    said = Paragraph((Run(words.say(phrase, author=author)),))
    return Quotation((said, *_make_paragraphs(card.paragraphs)))


def _make_paragraphs(paragraphs: tuple[Lines, ...]) -> list[Block]:
    return [Paragraph(tuple(_join_lines(lines))) for lines in paragraphs]


def _join_lines(lines: Lines) -> Iterator[Run]:
    for number, line in enumerate(lines):
        if number:
            yield Run("\n")
        yield from (Run(run.text, run.href) for run in line)


def _find_here(writer: _Writer) -> str:
    return absolute_link(writer.base_url, timeline_path(writer.coverage.slug))


def _line(text: str) -> str:
    """Words as Markdown, on one line."""
    return write_runs((Run(" ".join(text.split())),), is_line=True)
