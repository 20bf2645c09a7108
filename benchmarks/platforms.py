"""Made-up embeds for a corpus: as `embed` blocks, as HTML that platforms hand out, and as plain Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import NamedTuple

# Numbers of posts hold their time only since 2010: what is embedded is younger than the coverage.
_YEARS_LATER = 17
_TWITTER_EPOCH = 1_288_834_974_657
_INSTAGRAM_EPOCH = 1_314_220_021_721
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

MakeWords = Callable[[Random, int], list[str]]


class Embedded(NamedTuple):
    """An embed as it is written in a post, and its words as plain Markdown.

    `is_pasted` says that it is others' HTML, of which only archiver makes a card.
    """

    markdown: str
    plain: str
    is_pasted: bool


class _Said(NamedTuple):
    """What a made-up account said, and where: `link` and `mention` stand at the ends of the paragraphs."""

    author: str
    handle: str
    date: datetime
    first: str
    link: str
    second: str
    mention: str
    url: str


def make_embed(number: int, date: datetime, random: Random, make_words: MakeWords) -> Embedded:
    """The embed of that number in a coverage, in a post of a date: every second is a block."""
    return _SHAPES[number % len(_SHAPES)](_make_said(date, random, make_words), random, make_words)


def _make_said(date: datetime, random: Random, make_words: MakeWords) -> _Said:
    first, second, names = (make_words(random, count) for count in (14, 9, 6))
    moment = date.replace(year=date.year + _YEARS_LATER, day=min(date.day, 28))
    number = (int(moment.timestamp() * 1000) - _TWITTER_EPOCH) << 22 | random.getrandbits(22)
    handle = f"@{names[1]}{names[4]}"
    return _Said(
        author=f"The {names[1].capitalize()} {names[4].capitalize()}",
        handle=handle,
        date=moment,
        first=f"{' '.join(first).capitalize()}:",
        link=f"https://example.org/{'-'.join(first[:3])}",
        second=f"{' '.join(second).capitalize()}, says",
        mention=f"@{second[1]}{random.randint(10, 99)}",
        url=f"https://twitter.com/{handle[1:]}/status/{number}",
    )


def _write_block(said: _Said, answered: str = "") -> str:
    return (
        f"```embed\nprovider: twitter\nurl: {said.url}\nauthor: {said.author}\n"
        f"handle: '{said.handle}'\ndate: {said.date:%Y-%m-%dT%H:%M:%S}Z\n"
        f"text: |\n  {said.first} {said.link}\n\n  {said.second} {said.mention}\n"
        f"{answered}```"
    )


def _write_plain(said: _Said) -> str:
    """The words that are on a card, with the same links."""
    profile = f"https://twitter.com/{said.mention[1:]}"
    return (
        f"{said.first} <{said.link}>\n\n{said.second} [{said.mention}]({profile})\n\n"
        f"{said.author} {said.handle}, {said.date.day} {said.date:%B %Y, %H:%M} UTC\n\n<{said.url}>"
    )


def _make_block(said: _Said, random: Random, make_words: MakeWords) -> Embedded:
    return Embedded(_write_block(said), _write_plain(said), False)


def _make_answer(said: _Said, random: Random, make_words: MakeWords) -> Embedded:
    """A post that answers another one."""
    words = " ".join(make_words(random, 9)).capitalize() + "."
    other = f"The {make_words(random, 2)[1].capitalize()} Office"
    answered = f"reply_to:\n  author: {other}\n  text: {words}\n"
    plain = f"In answer to {other}\n\n{words}\n\n{_write_plain(said)}"
    return Embedded(_write_block(said, answered), plain, False)


def _make_lost_block(said: _Said, random: Random, make_words: MakeWords) -> Embedded:
    """A post of which only the author and the address are known: it was not captured."""
    block = (
        f"```embed\nprovider: twitter\nurl: {said.url}\nauthor: {said.author}\n"
        f"handle: '{said.handle}'\n```"
    )
    return Embedded(block, f"{said.author} {said.handle}\n\n<{said.url}>", False)


def _make_tweet(said: _Said, random: Random, make_words: MakeWords) -> Embedded:
    html = (
        '<blockquote class="twitter-tweet" data-lang="en"><p lang="en" dir="ltr">'
        f'{said.first} <a href="{said.link}">{said.link}</a><br><br>{said.second} '
        f'<a href="https://twitter.com/{said.mention[1:]}">{said.mention}</a></p>&mdash; '
        f'{said.author} ({said.handle}) <a href="{said.url}?ref_src=twsrc%5Etfw">'
        f"{said.date:%B} {said.date.day}, {said.date.year}</a></blockquote>\n"
        '<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>'
    )
    return Embedded(html, _write_plain(said), True)


def _make_film(said: _Said, random: Random, make_words: MakeWords) -> Embedded:
    """YouTube's frame: a title and an address, and nothing of the film."""
    number = "".join(random.choices(_BASE64, k=11))
    html = (
        f'<iframe width="560" height="315" src="https://www.youtube.com/embed/{number}" '
        f'title="{said.first[:-1]}" frameborder="0" allow="accelerometer; autoplay; '
        'clipboard-write; encrypted-media; gyroscope; picture-in-picture; web-share" '
        "allowfullscreen></iframe>"
    )
    return Embedded(html, f"{said.first[:-1]}\n\n<https://www.youtube.com/watch?v={number}>", True)


def _make_photograph(said: _Said, random: Random, make_words: MakeWords) -> Embedded:
    """Instagram's quotation with its caption."""
    number = (int(said.date.timestamp() * 1000) - _INSTAGRAM_EPOCH) << 23 | random.getrandbits(23)
    code = "".join(_BASE64[number >> shift & 63] for shift in range(60, -1, -6))
    url = f"https://www.instagram.com/p/{code}/"
    html = (
        f'<blockquote class="instagram-media" data-instgrm-captioned data-instgrm-permalink="{url}'
        '?utm_source=ig_embed&amp;utm_campaign=loading" data-instgrm-version="14" '
        'style="background:#FFF"><div style="padding:16px"><a '
        f'href="{url}?utm_source=ig_embed" target="_blank"><div><svg width="50px" height="50px"><g>'
        '<path d="M1,1"></path></g></svg></div><div>View this post on Instagram</div></a>'
        f"<p>{said.first[:-1]}. {said.second} {said.mention}</p>"
        f'<p><a href="{url}?utm_source=ig_embed">A post shared by {said.author} ({said.handle})</a>'
        '</p></div></blockquote>\n<script async src="//www.instagram.com/embed.js"></script>'
    )
    plain = (
        f"{said.first[:-1]}. {said.second} "
        f"[{said.mention}](https://www.instagram.com/{said.mention[1:]}/)\n\n"
        f"{said.author} {said.handle}\n\nView this post on Instagram\n\n<{url}>"
    )
    return Embedded(html, plain, True)


_SHAPES: Sequence[Callable[[_Said, Random, MakeWords], Embedded]] = (
    _make_block,
    _make_tweet,
    _make_answer,
    _make_film,
    _make_block,
    _make_photograph,
    _make_lost_block,
    _make_tweet,
    _make_block,
    _make_film,
)
