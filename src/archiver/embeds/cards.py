"""An Embed as a theme shows it: whose it is in words, its text as lines of linked runs, what is missing."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from archiver.embeds.providers import Provider, find_provider, spell_profile
from archiver.model import Anchor, Embed, Genre, Media, MediaKind, Quoted, Stamp
from archiver.times import write_stamp


class Run(Struct, frozen=True):
    """Some words of a line; `href` where they are a link."""

    text: str
    href: str = ""


Line = tuple[Run, ...]
Paragraph = tuple[Line, ...]


class Card(Struct, frozen=True):
    """All that the template of an embed may read.

    `missing` names what was not kept, as the theme's words do: `""` where all was, a genre where
    nothing of that was, `attachment` where a post's picture or film was not. `version_date` is `captured`
    for machines.
    """

    provider: str
    genre: Genre
    was_captured: bool
    missing: str
    url: str
    author: str
    handle: str
    date: Stamp | None
    title: str
    paragraphs: tuple[Paragraph, ...]
    media: tuple[Media, ...]
    transcript: tuple[Paragraph, ...]
    reply_to: QuotedCard | None
    quotes: QuotedCard | None
    label: tuple[str, ...]
    captured: Stamp | None
    version_date: str


class QuotedCard(Struct, frozen=True):
    """The post that was answered or quoted."""

    author: str
    handle: str
    paragraphs: tuple[Paragraph, ...]


# Addresses, and names as each platform writes them. An address does not end with the full stop of
# its sentence.
_ADDRESS = r"(?P<address>https?://[^\s<>\"'`\\^{|}]*[^\s<>\"'`\\^{|}.,;:!?)\]\u2026\u2013\u2014])"
_MENTION = r"(?<![\w@/.])(?P<mention>@[A-Za-z0-9_](?:[\w.-]*\w)?(?:@[\w-]+(?:\.[\w-]+)+)?)"
_LINKED = re.compile(f"{_ADDRESS}|{_MENTION}", re.ASCII)
_ATTACHED = re.compile(r"\bpic\.(?:twitter|x)\.com/\w+|\[image or embed\]")
# What is not the thing itself, only words about it.
_SUBSTANCE = {Genre.VIDEO: MediaKind.VIDEO, Genre.SOUND: MediaKind.AUDIO}


def make_card(embed: Embed) -> Card:
    """The card of an embed."""
    provider = find_provider(embed.provider)
    return Card(
        provider=provider.name,
        genre=embed.genre,
        was_captured=embed.was_captured,
        missing=_name_missing(embed),
        url=embed.url,
        author=embed.author,
        handle=embed.handle,
        date=embed.date,
        title=embed.title,
        paragraphs=_link_text(embed.text, embed.links, provider),
        media=_list_media(embed),
        transcript=_link_text(embed.transcript, (), provider),
        reply_to=_make_quoted(embed.reply_to, provider),
        quotes=_make_quoted(embed.quotes, provider),
        label=tuple(line for line in embed.label.split("\n") if line),
        captured=embed.captured,
        version_date=write_stamp(embed.captured) if embed.captured else "",
    )


def _list_media(embed: Embed) -> tuple[Media, ...]:
    """What is said in a film need not be there twice."""
    if not embed.transcript:
        return embed.media
    return tuple(replace(one, transcript="") if one.transcript else one for one in embed.media)


def _name_missing(embed: Embed) -> str:
    if not embed.was_captured:
        return embed.genre.value
    kept = {medium.kind for medium in embed.media if medium.href}
    if embed.genre is Genre.POST:
        return "attachment" if not embed.media and _ATTACHED.search(embed.text) else ""
    wanted = _SUBSTANCE.get(embed.genre, MediaKind.PICTURE)
    return "" if wanted in kept or MediaKind.DOCUMENT in kept else embed.genre.value


def _make_quoted(quoted: Quoted | None, provider: Provider) -> QuotedCard | None:
    if quoted is None:
        return None
    return QuotedCard(quoted.author, quoted.handle, _link_text(quoted.text, (), provider))


def _link_text(text: str, links: tuple[Anchor, ...], provider: Provider) -> tuple[Paragraph, ...]:
    """Paragraphs of lines; the words of `links` are found in their order, then addresses and names."""
    if not text:
        return ()
    runs = _link_known(text, list(links), provider)
    paragraphs: list[Paragraph] = []
    lines: list[Line] = []
    line: list[Run] = []

    def end_line() -> None:
        nonlocal line
        if line:
            lines.append(tuple(line))
        line = []

    for run in runs:
        for number, part in enumerate(re.split(r"(\n+)", run.text)):
            if number % 2 == 0:
                if part:
                    line.append(Run(part, run.href))
                continue
            end_line()
            if len(part) > 1 and lines:
                paragraphs.append(tuple(lines))
                lines = []
    end_line()
    if lines:
        paragraphs.append(tuple(lines))
    return tuple(paragraphs)


def _link_known(text: str, links: list[Anchor], provider: Provider) -> list[Run]:
    runs: list[Run] = []
    at = 0
    for link in links:
        found = _find_words(link.text, text, at)
        if found is None:
            continue
        runs += _link_spoken(text[at : found.start], provider)
        runs.append(Run(text[found.start : found.stop], link.url))
        at = found.stop
    return runs + _link_spoken(text[at:], provider)


def _find_words(words: str, text: str, at: int) -> range | None:
    """Where some words stand in a text, which may have them on two lines."""
    parts = words.split()
    if len(parts) == 1:
        start = text.find(parts[0], at)
        return range(start, start + len(parts[0])) if start >= 0 else None
    found = re.compile(r"\s+".join(map(re.escape, parts))).search(text, at)
    return range(*found.span()) if found else None


def _link_spoken(text: str, provider: Provider) -> list[Run]:
    """Addresses and mentions in a text of no links."""
    if "@" not in text and "://" not in text:
        return [Run(text)] if text else []
    runs: list[Run] = []
    at = 0
    for match in _LINKED.finditer(text):
        href = match["address"] or spell_profile(provider, match["mention"])
        if href:
            runs += [Run(text[at : match.start()])] if match.start() > at else []
            runs.append(Run(match[0], href))
            at = match.end()
    return runs + ([Run(text[at:])] if at < len(text) else [])
