"""What a file or folder of content/ may be called: its name must work on every disk and in every link."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from archiver.matter import FORBIDDEN
from archiver.urls import fold_path, is_device

MAXIMUM_NAME = 200
MAXIMUM_PATH = 800
# Such a name would break a link, or a line of SHA256SUMS.
_BREAKS = {"\t": "a tab", "\n": "a line break", "\r": "a line break", "\\": "a backslash"}
_BREAKS |= {"\u2028": "a line break", "\u2029": "a line break"}
# exFAT and NTFS, which the sticks are formatted with that archives are carried on, hold no such name.
_ELSEWHERE = frozenset('<>:"|?*')
# Overrides and isolates make `gpj.exe` read as `exe.jpg` (Unicode TR 36).
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ENCODED = re.compile("%(?:2e|2f|5c|00)", re.IGNORECASE)
# By far the most names need no closer look.
_PLAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


def judge_name(name: str) -> str:
    """Why a file or folder may not be called so, or nothing."""
    if is_device(name):
        return "it is the name of a device on Windows"
    if len(name.encode(errors="replace")) > MAXIMUM_NAME:
        return f"it is longer than {MAXIMUM_NAME} bytes"
    return "" if _PLAIN.fullmatch(name) else _judge_characters(name)


def _judge_characters(name: str) -> str:
    for char in name:
        if char in _BREAKS:
            return f"it holds {_BREAKS[char]}"
        if char in _ELSEWHERE:
            return f"it holds `{char}`, which many disks cannot"
    forbidden = FORBIDDEN.search(name)
    if forbidden:
        if forbidden[0] >= "\ud800" and forbidden[0] <= "\udfff":
            return "it holds bytes that are not UTF-8"
        return f"it holds the character U+{ord(forbidden[0]):04X}, which can stand in no page"
    reordering = _REORDERING.search(name)
    if reordering:
        return f"it holds U+{ord(reordering[0]):04X}, which makes it read as another name"
    encoded = _ENCODED.search(name)
    if encoded:
        return f"it holds `{encoded[0]}`, which links read as another character"
    if name[0] == " " or name[-1] in " .":
        which = "ends in a dot" if name[-1] == "." else "begins or ends with a space"
        return f"it {which}, which many disks leave out"
    return ""


def judge_path(path: str) -> str:
    """Why a path below the archive's root may not be so, or nothing: of its names, only the last is
    judged, since the walk has come through the others.
    """
    fault = judge_name(path.rpartition("/")[2])
    if not fault and len(path.encode()) > MAXIMUM_PATH:
        return f"with its folders it is longer than {MAXIMUM_PATH} bytes"
    return fault


def find_clash(path: str, seen: dict[str, str]) -> tuple[str, str, str] | None:
    """A path, the one of those `seen` ({folded: as written}) that many disks take for the same, and in
    what the two differ; None, and the path is among those seen, where there is no such other.
    """
    other = seen.setdefault(fold_path(path), path)
    if other == path:
        return None
    same = unicodedata.normalize("NFC", path) == unicodedata.normalize("NFC", other)
    return path, other, "how its accents are coded" if same else "case"


def find_clashes(paths: Sequence[str], top: str) -> Iterator[tuple[str, str, str]]:
    """The clashes among files below the folder `top`, and among the folders they lie in, each once."""
    seen: dict[str, str] = {}
    alone: dict[str, bool] = {top: True}
    for path in sorted(paths):
        below = top
        for name in path.removeprefix(top + "/").split("/"):
            above, below = below, f"{below}/{name}"
            if below not in alone:
                clash = find_clash(below, seen) if alone[above] else None
                alone[below] = alone[above] and clash is None
                if clash:
                    yield clash
