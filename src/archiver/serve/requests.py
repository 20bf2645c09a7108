"""What a request asks for, and whether it may: only this machine's browsers, only pages by their paths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from msgspec import Struct

_LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)


class Refusal(Exception):  # noqa: N818 (what a server says, and no fault of its own)
    """A request that is not answered, and why."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class Span(Struct, frozen=True):
    """A part of a file, from its first byte to behind its last."""

    start: int
    end: int


def check_host(named: Sequence[str], port: int) -> None:
    """Refuse a request in which this server has another name than this machine gives it.

    A page elsewhere can have its own name lead to this machine (DNS rebinding) and then read what is
    served here; the name is all that tells its requests from ours.
    """
    if len(named) == 1:
        name, _, given = named[0].strip().lower().partition(":")
        if name == "[":  # an address of IPv6 is full of colons
            name, _, given = named[0].strip().lower().partition("]:")
            name += "]"
        if name in _LOOPBACK and (given == str(port) or (not given and port == 80)):
            return
    raise Refusal(HTTPStatus.FORBIDDEN, f"This preview is at http://localhost:{port}/ only.")


def read_path(target: str) -> str:
    """The path in build/ that a request's target names (RFC 9112): no page has a path that is refused."""
    path = target.partition("?")[0].partition("#")[0]
    if not path.startswith("/"):
        raise Refusal(HTTPStatus.BAD_REQUEST, "The address is not one of a page here.")
    try:
        decoded = unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The address is not UTF-8.") from None
    below = decoded[1:]
    parts = below.split("/")
    odd = any(part in (".", "..") for part in parts) or "" in parts[:-1]
    # An encoded slash would make two parts of one.
    if odd or "\\" in below or not below.isprintable() or "%2f" in path.lower():
        raise Refusal(HTTPStatus.BAD_REQUEST, "The address is not one of a page here.")
    return below


def read_range(header: str | None, size: int) -> Span | None:
    """The part of a file that is asked for (RFC 9110, 14); None for all of it, or for several parts.

    Refusal where the file is shorter.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if found[1]:
        start = int(found[1])
        end = min(int(found[2]) + 1, size) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None
    else:
        start, end = max(0, size - int(found[2])), size
    if start >= end:
        raise Refusal(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "The file is shorter.")
    return Span(start, end)
