"""What imports noted of a coverage, in `captures/imported.json`: only what its pages show is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from archiver.diagnostics import Place, Report
from archiver.matter import FORBIDDEN
from archiver.model import Notes, Signature
from archiver.regular import OddFileError, read_signed

MAXIMUM_SIZE = 64 * 2**20  # bytes


def read_notes(root: Path, path: str, report: Report) -> tuple[Notes, Signature | None]:
    """The notes in a file, and what the file was like; without a path there are none."""
    if not path:
        return Notes(), None
    try:
        raw, signature = read_signed(f"{root}/{path}", MAXIMUM_SIZE + 1)
        data = msgspec.json.decode(raw) if len(raw) <= MAXIMUM_SIZE else None
    except (OSError, OddFileError, msgspec.MsgspecError, UnicodeError, RecursionError):
        data, signature = None, None
    if not isinstance(data, dict):
        report.warn(
            "broken-notes",
            "the notes of the imports cannot be read, so that the provenance page lacks them",
            Place(path),
            "import the captures again, which writes it anew",
        )
        return Notes(), signature
    origins = {f"media/{name}": address for address, name in _list_texts(data.get("media"))}
    return Notes(dict(sorted(origins.items())), dict(_list_texts(data.get("doubts")))), signature


def _list_texts(value: Any) -> list[tuple[str, str]]:
    """The texts in an object by their names, each as a page may hold it, sorted."""
    items = value.items() if isinstance(value, dict) else ()
    return sorted((_clean(name), _clean(text)) for name, text in items if isinstance(text, str))


def _clean(text: str) -> str:
    return " ".join(FORBIDDEN.sub("\ufffd", text).split())
