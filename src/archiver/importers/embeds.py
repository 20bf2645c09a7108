"""Embeds that sources have as data, and an Embed as the YAML of an `embed` block, which reads back as it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from archiver.embeds import find_provider
from archiver.embeds.addresses import read_address
from archiver.embeds.moments import read_stamp
from archiver.matter import Plain, write_fields
from archiver.model import Embed, Genre, Quoted, Stamp
from archiver.times import write_stamp


def make_embed(
    address: str, zone: ZoneInfo, title: str = "", text: str = "", genre: Genre | None = None
) -> Embed | None:
    """What an address says of somebody else's post or player; None where it is no address."""
    found = read_address(address)
    if found is None:
        return None
    return Embed(
        provider=found.provider,
        genre=genre or found.genre,
        url=found.url,
        handle=found.handle,
        date=read_stamp(found.provider, found.number, zone),
        title=title,
        text=text,
    )


def write_embed(embed: Embed) -> str:
    """The fields of an embed that hold something, in the order of their table."""
    genre = embed.genre.value if embed.genre is not find_provider(embed.provider).genre else ""
    fields: dict[str, Any] = {
        "provider": embed.provider or "another site",
        "genre": genre,
        "url": embed.url,
        "author": embed.author,
        "handle": embed.handle,
        "date": _write_date(embed.date),
        "title": embed.title,
        "text": embed.text,
        "links": [{"text": link.text, "url": link.url} for link in embed.links],
        "media": [medium.href or medium.address for medium in embed.media],
        "transcript": embed.transcript,
        "reply_to": _write_quoted(embed.reply_to),
        "quotes": _write_quoted(embed.quotes),
        "label": embed.label,
        "captured": _write_date(embed.captured),
    }
    return write_fields({name: value for name, value in fields.items() if value})


def _write_quoted(quoted: Quoted | None) -> dict[str, str]:
    if quoted is None:
        return {}
    parts = {"author": quoted.author, "handle": quoted.handle, "text": quoted.text}
    return {name: value for name, value in parts.items() if value}


def _write_date(stamp: Stamp | None) -> str:
    return Plain(write_stamp(stamp)) if stamp else ""
