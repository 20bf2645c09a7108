"""The words of a text as a search compares them: case, accents and ways of writing a letter do not count.

`themes/default/assets/terms.js` does the same in a browser, step by step and by the same tables; a test
holds the two together.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from itertools import chain
from typing import NamedTuple

# Of a longer word only the beginning counts: such are addresses and codes.
LONGEST = 40
# What has no width or only turns the direction, and may stand in a word: soft hyphens, joiners.
UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
# Signs over, under and in letters that readers leave out when they type: accents, the points of Hebrew
# (niqqud), the vowels of Arabic (harakat) and its stretched line (tatweel), choices of a glyph. Signs of
# other scripts, where they are vowels that nobody leaves out, are kept.
DROPPED = (
    f"{UNSEEN}"
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u08ca-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U000e0100-\U000e01ef"
)
# Letters that are written in several ways and have no accent that could be taken off: of Latin and Greek;
# alef, ta marbuta, alef maksura, and Persian's kaf, ye and he; the last forms of Hebrew; digits.
LETTERS = {
    **dict(zip("ßæœøđðłħŧıςĸŋ", "ss ae oe o d d l h t i σ k n".split(), strict=True)),
    "þ": "th",
    **dict(zip("ٱةىکیےەہھۃ", "اهيكييهههه", strict=True)),
    **dict(zip("ךםןףץ", "כמנפצ", strict=True)),
    **dict(zip("٠١٢٣٤٥٦٧٨٩", "0123456789", strict=True)),
    **dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True)),
    **dict(zip("०१२३४५६७८९", "0123456789", strict=True)),
}
_LETTERS = str.maketrans(LETTERS)
# Scripts that write no spaces between words; of these each pair of signs is a term.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Before these there are no signs that belong to a letter, but for those without a width.
_BEYOND = "\u0300-\u1fff\u20d0-\u20ff\u2c00-\U0010ffff"


# What stands between words of texts that have nothing else beyond ASCII, and what does so within ASCII.
_USUAL = "“”‘’–—…£€"
_BETWEEN = {code: " " for code in range(0x80) if not chr(code).isalnum()}


class _Patterns(NamedTuple):
    """What is compiled when words are first read: most builds have none to read."""

    beyond: re.Pattern[str]
    plain: re.Pattern[str]
    dropped: re.Pattern[str]
    runs: re.Pattern[str]
    unspaced: re.Pattern[str]


def split_terms(text: str) -> list[str]:
    """The terms of a text in their order, with as many as there are places.

    A word is a term; hyphens, apostrophes and all that is neither letter nor digit stand between words.
    A run of signs in a script without spaces gives a term of two signs at each place, and one of a single
    sign at its end.
    """
    if not text.isascii():
        for sign in _USUAL:
            text = text.replace(sign, " ")
    if text.isascii():
        terms = text.translate(_BETWEEN).lower().split()
        if max(map(len, terms), default=0) > LONGEST:
            return [term[:LONGEST] for term in terms]
        return terms
    patterns = _compile()
    find = (_full() if patterns.beyond.search(text) else patterns.plain).findall
    return list(chain.from_iterable(map(_TERMS.__getitem__, find(text))))


class _Terms(dict[str, tuple[str, ...]]):
    """The terms of each word that has come up; when there are very many, it begins anew."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) > 200_000:
            self.clear()
        # The words of long texts are short strings that many posts share.
        terms = self[word] = tuple(sys.intern(term) for term in _make_terms(word))
        return terms


_TERMS = _Terms()


def _make_terms(word: str) -> list[str]:
    if word.isascii():
        return [part[:LONGEST] for part in word.lower().split("_") if part]
    patterns = _compile()
    word = unicodedata.normalize("NFKD", word)
    word = unicodedata.normalize("NFC", patterns.dropped.sub("", word)).lower().translate(_LETTERS)
    terms: list[str] = []
    for part in _full().findall(word.replace("_", " ")):
        for run in patterns.runs.findall(part):
            if patterns.unspaced.match(run):
                terms += [run[at : at + 2] for at in range(len(run))]
            else:
                terms.append(run[:LONGEST])
    return terms


@cache
def _compile() -> _Patterns:
    patterns = (f"[{_BEYOND}]", f"[\\w{UNSEEN}]+", f"[{DROPPED}]+")
    runs = (f"[{UNSPACED}]+|[^{UNSPACED}]+", f"[{UNSPACED}]")
    return _Patterns(*map(re.compile, (*patterns, *runs)))


@cache
def _full() -> re.Pattern[str]:
    """A word of any script: letters, digits, and the signs that belong to them (Unicode's category M)."""
    marks: list[list[int]] = []
    for code in (*range(0x300, 0x3100), *range(0xA66F, 0x1F000), *range(0xE0100, 0xE01F0)):
        if unicodedata.category(chr(code))[0] == "M":
            if marks and marks[-1][1] == code - 1:
                marks[-1][1] = code
            else:
                marks.append([code, code])
    ranges = "".join(f"{chr(first)}-{chr(last)}" for first, last in marks)
    return re.compile(f"[\\w{UNSEEN}{ranges}]+")
