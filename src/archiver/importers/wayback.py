"""Pages that a replay tool rewrote (Wayback Machine, pywb): addresses are made the originals again."""

from __future__ import annotations

import re
from datetime import UTC, datetime

# As captures name their tool.
WAYBACK = "Wayback Machine"

# https://web.archive.org/web/20230515115054im_/https://… and the same from the root, or of a pywb.
_REWRITTEN = re.compile(
    rb"(?:(?:https?:)?//web\.archive\.org)?/(?:web|[\w-]{1,40})/(?P<moment>\d{14})(?:[a-z]{2}_)?/"
    rb"(?P<original>https?:(?:\\?/){2}|//)"
)
_TOOLBAR = re.compile(
    rb"<!-- BEGIN WAYBACK TOOLBAR INSERT -->.*?<!-- END WAYBACK TOOLBAR INSERT -->", re.DOTALL
)
_SELF = re.compile(
    rb"(?:FILE ARCHIVED ON (?P<date>\d\d:\d\d:\d\d \w{3} \d\d, \d{4})|"
    rb"wbinfo\.url = \"(?P<url>[^\"]+)\"|"
    rb"__wm\.wombat\(\"(?P<wombat>[^\"]+)\",\"(?P<moment>\d{14})\")"
)


def restore_addresses(data: bytes) -> tuple[bytes, str, datetime | None]:
    """A page as it was before it was rewritten, its address, and when it was archived.

    A page that no replay tool rewrote comes back as it is, with nothing known.
    """
    first = _REWRITTEN.search(data)
    if first is None:
        return data, "", None
    address, moment = "", None
    for found in _SELF.finditer(data):
        named = found["url"] or found["wombat"]
        address = address or (named or b"").decode("utf-8", errors="replace")
        if found["moment"]:
            moment = _read_digits(found["moment"])
        elif found["date"] and moment is None:
            moment = _read_words(found["date"])
    restored = _REWRITTEN.sub(lambda match: match["original"], _TOOLBAR.sub(b"", data))
    return restored, address, moment or _read_digits(first["moment"])


def name_replay(data: bytes) -> str:
    """The archive whose replay rewrote a page, where it is the best known; else nothing."""
    first = _REWRITTEN.search(data)
    if first is None:
        return ""
    return WAYBACK if b"web.archive.org" in data else ""


def _read_digits(digits: bytes) -> datetime | None:
    try:
        return datetime.strptime(digits.decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _read_words(words: bytes) -> datetime | None:
    try:
        return datetime.strptime(words.decode(), "%H:%M:%S %b %d, %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
