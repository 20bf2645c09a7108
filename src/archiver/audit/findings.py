"""What a rule of the audit has found in one file, before its place is known."""

from __future__ import annotations

from msgspec import Struct

_SHOWN = 80


class Finding(Struct, frozen=True):
    """One thing in one file: a code, what is wrong, and where.

    `offset` counts characters from the file's start, and is -1 where only the file as a whole is
    known. Rules that see an element and not the file name its attribute and the value instead;
    `within` is then an offset in that value, or in the element's text.
    """

    code: str
    message: str
    offset: int = -1
    width: int = 1
    attribute: str = ""
    value: str = ""
    within: int = 0
    hint: str = ""


def show(address: str) -> str:
    """An address as a message quotes it: its beginning, between backticks."""
    cut = address.strip()[:_SHOWN]
    return f"`{cut}…`" if len(address.strip()) > _SHOWN else f"`{cut}`"
