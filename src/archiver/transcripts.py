"""The words of a film or sound as kept beside it: plain text, or the cues of a WebVTT file.

A `<track>` would not be loaded from a disk, so its words are put into the page (W3C WebVTT, section 4).
"""

from __future__ import annotations

import html as entities
import re

from archiver.matter import FORBIDDEN

MAXIMUM_TRANSCRIPT = 1024 * 1024  # bytes
_TIMES = re.compile(
    r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"<[^>]*>")
# A paragraph ends where nobody speaks for so long, in milliseconds.
_PAUSE = 2_000


def read_transcript(data: bytes, is_cues: bool) -> str | None:
    """Paragraphs between empty lines; None where the bytes are no UTF-8, or too many."""
    if len(data) > MAXIMUM_TRANSCRIPT:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    text = FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if is_cues:
        return _read_cues(text)
    blocks = re.split(r"\n[ \t]*\n", text)
    return "\n\n".join(filter(None, map(_join_lines, blocks)))


def _read_cues(text: str) -> str:
    """What is said in WebVTT: a line for each cue, a paragraph for each voice and after each pause."""
    paragraphs: list[list[str]] = []
    speaker, last = "", 0
    for block in re.split(r"\n{2,}", text):
        lines = block.strip("\n").split("\n")
        place = next((n for n, line in enumerate(lines[:2]) if _TIMES.match(line.strip())), None)
        if place is None:
            continue
        times = _TIMES.match(lines[place].strip())
        assert times is not None, "it was found just now"
        start, end = _count(times.groups()[:4]), _count(times.groups()[4:])
        payload = "\n".join(lines[place + 1 :])
        voice = _VOICE.search(payload)
        who = _clean(voice[1]) if voice else ""
        said = _clean(payload)
        # Captions that roll up say each line again.
        if not said or (paragraphs and paragraphs[-1][-1] == said):
            last = max(last, end)
            continue
        if not paragraphs or who != speaker or start - last >= _PAUSE:
            paragraphs.append([])
            said = f"{who}: {said}" if who and who != speaker else said
        paragraphs[-1].append(said)
        speaker, last = who, end
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


def _count(parts: tuple[str | None, ...]) -> int:
    """Hours, minutes, seconds and thousandths as milliseconds."""
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _clean(text: str) -> str:
    return " ".join(entities.unescape(_TAG.sub("", text)).split())


def _join_lines(block: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in block.split("\n"))))
