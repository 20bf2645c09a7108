"""The tables by which words are read, in a file for the script that reads them in a browser."""

from __future__ import annotations

from typing import Any

from archiver.digests import digest_value, make_digest
from archiver.pages import Sheet
from archiver.search.terms import DROPPED, LETTERS, LONGEST, UNSEEN, UNSPACED
from archiver.search.texts import TextsView


def list_tables() -> tuple[Any, ...]:
    """What `assets/terms.js` asks for: the most signs of a word, {letter: how it is spelt}, and as regular
    expressions of JavaScript: words, what is dropped of them, and runs of scripts without spaces (group 1)
    and of others."""
    unseen, dropped, unspaced = map(_spell_set, (UNSEEN, DROPPED, UNSPACED))
    letter = unseen + r"\p{L}\p{N}\p{M}"
    runs = f"((?:(?=[{unspaced}])[{letter}])+)|(?:(?![{unspaced}])[{letter}])+"
    return (LONGEST, LETTERS, f"[_{letter}]+", f"[{dropped}]+", runs)


def plan_letters(base: bytes) -> Sheet:
    """The file; `base` stands for archiver."""
    tables = list_tables()
    return Sheet(
        "search/letters.js",
        "texts",
        make_digest(base, digest_value(tables)),
        lambda: TextsView("letters", tables),
    )


def _spell_set(signs: str) -> str:
    return "".join(sign if sign == "-" else f"\\u{{{ord(sign):x}}}" for sign in signs)
