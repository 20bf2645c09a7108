"""What changed from one text to another, word by word; in languages without spaces, by character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

# Texts longer than this (in characters), or whose comparison takes more steps, are not compared: both
# bounds together are some tenths of a second.
MAXIMUM_LENGTH = 200_000
MAXIMUM_STEPS = 400_000

# Scripts that put no spaces between words: Thai and Lao, Myanmar, Khmer, Han with kana, Yi, and the
# ideographs beyond the first plane.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x2E80, 0xA4CF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x20000, 0x3FFFF),
)
# Joiners and the tones of skin belong to the sign before them, as all combining marks do.
_JOINERS = frozenset("\u200c\u200d")
_TONES = ("\U0001f3fb", "\U0001f3ff")


class Kind(StrEnum):
    """What became of some words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Span(Struct, frozen=True):
    """Words to which the same happened."""

    kind: Kind
    text: str


def compare_texts(before: str, after: str) -> tuple[Span, ...] | None:
    """The spans of two texts: `SAME` and `REMOVED` together are the first, `SAME` and `ADDED` the second.

    None where they are too long, or too different, for that to be found in reasonable time.
    """
    if max(len(before), len(after)) > MAXIMUM_LENGTH:
        return None
    old, new = list(cut_words(before)), list(cut_words(after))
    start = _count_common(old, new)
    end = _count_common(old[start:][::-1], new[start:][::-1])
    kept = _find_common(old[start : len(old) - end], new[start : len(new) - end])
    if kept is None:
        return None
    pairs = [(number, number) for number in range(start)]
    pairs += [(start + one, start + other) for one, other in kept]
    pairs += [(len(old) - number, len(new) - number) for number in range(end, 0, -1)]
    return tuple(_join_spans(_fold_scraps(_list_changes(old, new, pairs))))


def cut_words(text: str) -> Iterator[str]:
    """A text in its words, spaces, line breaks and other signs, which together are the text again."""
    start, in_word = 0, False
    for number, char in enumerate(text):
        if number and _belongs(char, text[number - 1]):
            continue
        letter = char.isalnum() and not _is_unspaced(char)
        if in_word and (letter or _is_inside(char, text, number)):
            continue
        if number > start:
            yield text[start:number]
        start, in_word = number, letter
    if start < len(text):
        yield text[start:]


def _belongs(char: str, before: str) -> bool:
    """Whether a character is part of the sign before it."""
    if char < "\u0300":
        return False
    return (
        char in _JOINERS
        or before == "\u200d"
        or _TONES[0] <= char <= _TONES[1]
        or (unicodedata.category(char)[0] == "M" and before not in " \n")
    )


def _is_inside(char: str, text: str, number: int) -> bool:
    """Whether an apostrophe stands in a word, or a point in a number."""
    if char in "'\u2019":
        return text[number + 1 : number + 2].isalpha()
    return char in ".,:" and text[number - 1].isdigit() and text[number + 1 : number + 2].isdigit()


def _is_unspaced(char: str) -> bool:
    if char < "\u0e00":
        return False
    code = ord(char)
    return any(first <= code <= last for first, last in _UNSPACED)


def _count_common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words two texts begin with alike."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _find_common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]] | None:
    """The places, in both, of the words that stay: as few as can be are removed and added (E. Myers, "An
    O(ND) Difference Algorithm and Its Variations", 1986). None where that takes too many steps.
    """
    width, height = len(old), len(new)
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    steps = 0
    for changes in range(width + height + 1):
        trail.append(dict(furthest))
        for line in range(-changes, changes + 1, 2):
            down = line == -changes or (line != changes and furthest[line - 1] < furthest[line + 1])
            x = furthest[line + 1] if down else furthest[line - 1] + 1
            reached = x
            while x < width and x - line < height and old[x] == new[x - line]:
                x += 1
            furthest[line] = x
            steps += 1 + x - reached
            if x >= width and x - line >= height:
                return _walk_back(trail, width, height)
        if steps + len(furthest) * len(trail) // 2 > MAXIMUM_STEPS:
            return None
    return []


def _walk_back(trail: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """The words that stay, found from the end along the trail."""
    kept: list[tuple[int, int]] = []
    for changes in range(len(trail) - 1, -1, -1):
        furthest, line = trail[changes], x - y
        down = line == -changes or (line != changes and furthest[line - 1] < furthest[line + 1])
        before = line + 1 if down else line - 1
        from_x = furthest[before]
        from_y = from_x - before
        while x > from_x and y > from_y and x > 0 and y > 0:
            x, y = x - 1, y - 1
            kept.append((x, y))
        x, y = from_x, from_y
    return kept[::-1]


# Words that stay, then words removed and words added there.
_Step = tuple[str, str, str]


def _list_changes(
    old: Sequence[str], new: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> list[_Step]:
    steps: list[_Step] = []
    same: list[str] = []
    x = y = 0
    for one, other in (*pairs, (len(old), len(new))):
        if one > x or other > y:
            steps.append(("".join(same), "".join(old[x:one]), "".join(new[y:other])))
            same = []
        if one < len(old):
            same.append(old[one])
        x, y = one + 1, other + 1
    return [*steps, ("".join(same), "", "")]


def _fold_scraps(steps: list[_Step]) -> list[_Step]:
    """Scraps between two changes that are longer than they are become part of them: a sentence that was
    written anew is easier to read whole than around its last `the`."""
    folded: list[_Step] = []
    for same, removed, added in steps:
        if folded and (removed or added):
            scrap = len(same.strip())
            around = (folded[-1], ("", removed, added))
            short = all(scrap <= max(len(gone), len(come)) for _, gone, come in around)
            if short and "\n" not in same and (scrap < 8 or not same.strip()):
                before, gone, come = folded[-1]
                folded[-1] = (before, gone + same + removed, come + same + added)
                continue
        folded.append((same, removed, added))
    return folded


def _join_spans(steps: list[_Step]) -> Iterator[Span]:
    for same, removed, added in steps:
        for kind, text in ((Kind.SAME, same), (Kind.REMOVED, removed), (Kind.ADDED, added)):
            if text:
                yield Span(kind, text)
