"""What of a post can be found: its title, its text, and the words of its embeds and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from archiver.model import Body

# The words of an embed or a medium in the order in which a reader meets them.
_SPOKEN = ("author", "handle", "title", "text", "alt", "caption", "credit", "transcript")
_QUOTED = ("reply_to", "quotes")


class _Slot(Struct):
    """An embed or a medium, or a post that one answers, as `coverage.json` tells it."""

    author: str = ""
    handle: str = ""
    title: str = ""
    text: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    transcript: str = ""
    media: tuple[_Slot, ...] = ()
    reply_to: _Slot | None = None
    quotes: _Slot | None = None


class _Piece(Struct):
    text: str = ""
    slots: tuple[_Slot, ...] = ()


_PIECES = msgspec.json.Decoder(_Piece)


def join_body(body: Body) -> str:
    """All words of a body: its text, then those of its embeds and media, a line for each."""
    return _join(body.text, body.slots)


def join_piece(piece: bytes) -> str:
    """The same of a post's part of `coverage.json`."""
    found = _PIECES.decode(piece)
    return _join(found.text, found.slots)


def _join(text: str, slots: Sequence[Any]) -> str:
    return "\n".join((text, *_list_words(slots))) if slots else text


def _list_words(slots: Sequence[Any]) -> Iterator[str]:
    for slot in slots:
        yield from filter(None, (getattr(slot, name, "") for name in _SPOKEN))
        yield from _list_words(getattr(slot, "media", ()))
        yield from _list_words([one for name in _QUOTED if (one := getattr(slot, name, None))])
