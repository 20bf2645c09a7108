"""Where an address in a built file leads, as a browser reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from archiver.audit.findings import Finding, show
from archiver.sanitize import SCHEMES
from archiver.urls import is_remote, scheme_of

# A reader chooses to follow these; nothing is loaded from them.
LINK_SCHEMES = SCHEMES
# Addresses that carry what they lead to, and so may carry a script.
CARRIERS = frozenset({"javascript", "vbscript", "data", "blob", "filesystem"})
# A picture within an address loads nothing and runs nothing; the policy allows it too.
_DATA_PICTURE = re.compile(r"data:image/", re.IGNORECASE)
# `C|/x` beside a file: address is another drive (WHATWG URL, Windows drive letter).
_DRIVE = re.compile(r"[A-Za-z]\|(?:[/?#]|$)")
# The parts of a `srcset`; the first and the last of them match anything.
_BETWEEN = re.compile(r"[\t\n\f\r ,]*")
_CANDIDATE = re.compile(r"[^\t\n\f\r ,][^\t\n\f\r ]*")
_DESCRIPTORS = re.compile(r"(?:[^,(]|\([^)]*\)?)*")
_STRIPPED = str.maketrans("", "", "\t\n\r")
_CONTROLS = "".join(map(chr, range(0x21)))


def judge_address(
    address: str, path: str, *, who: str, deed: str = "loads", picture: bool = False
) -> Iterator[Finding]:
    """What is wrong with an address that something (`who`) loads, refreshes or connects to.

    `path` is that of the file in the built folder; `picture` says that the address is shown as a
    picture, so that `data:image/…` is harmless.
    """
    if picture and _DATA_PICTURE.match(_strip(address)):
        return
    if scheme_of(address) in CARRIERS:
        yield Finding("runs-script", f"{who} carries its own content: {show(address)}")
    elif leads_out(address, path.count("/")):
        yield Finding("leak", f"{who} {deed} {show(address)}, outside the folder")


def judge_link(address: str, path: str, *, who: str) -> Iterator[Finding]:
    """What is wrong with an address that a reader may choose to follow."""
    if scheme_of(address) not in LINK_SCHEMES:
        yield from judge_address(address, path, who=who, deed="leads to")


@lru_cache(maxsize=10_000)
def leads_out(address: str, depth: int) -> bool:
    """Whether an address leads out of a folder, in a file that lies so many folders down in it."""
    if is_remote(address):
        return True
    # Browsers differ in what they decode of a path; the one that decodes most decides.
    target = unquote(re.split(r"[?#]", _strip(address), maxsplit=1)[0]).replace("\\", "/")
    if target.startswith("/") or _DRIVE.match(target):
        return True
    for part in target.split("/")[:-1]:
        if part == "..":
            depth -= 1
        elif part not in (".", ""):
            depth += 1
        if depth < 0:
            return True
    return depth < 1 and target.rpartition("/")[2] == ".."


def read_candidates(srcset: str) -> Iterator[str]:
    """The addresses of a `srcset` (HTML, parsing a srcset attribute)."""
    at = 0
    while match := _CANDIDATE.match(srcset, _BETWEEN.match(srcset, at).end()):  # type: ignore[union-attr]
        at = match.end()
        if not match[0].endswith(","):
            at = _DESCRIPTORS.match(srcset, at).end()  # type: ignore[union-attr]
        yield match[0].rstrip(",")


def read_refresh(content: str) -> str:
    """The address in a `meta refresh` (HTML, shared declarative refresh steps); empty for this page.

    More lenient than the standard, so that no browser reads an address where this reads none.
    """
    match = re.match(
        r"\s*[\d.+-]*[\s;,]*(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))",
        content,
        re.IGNORECASE | re.DOTALL,
    )
    return next((part for part in match.groups() if part), "") if match else ""


def _strip(address: str) -> str:
    return address.strip(_CONTROLS).translate(_STRIPPED)
