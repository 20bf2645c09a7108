"""The catalogues of a theme: TOML files with its words, read and judged before any page is made."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from archiver.diagnostics import Place
from archiver.regular import read_regular
from archiver.templates import ThemeError

MAXIMUM_WORDS = 1024 * 1024  # bytes of a catalogue
# The form that every table has, and all that there may be (CLDR, plural categories).
_OTHER = "other"
_FORMS = frozenset({"zero", "one", "two", "few", "many", _OTHER})


def list_tags(language: str) -> tuple[str, ...]:
    """The tags of the catalogues that a language is read from: that of its main language lies below."""
    return tuple(dict.fromkeys((language.split("-")[0], language)))


def read_catalogue(path: Path) -> dict[str, Any]:
    """The phrases in a file, and tables of forms, by key. ThemeError where they cannot be read."""
    try:
        raw = read_regular(path, MAXIMUM_WORDS + 1)
    except OSError as error:
        raise ThemeError(
            "broken-words", f"the words cannot be read: {error.strerror}", Place(str(path))
        ) from error
    if len(raw) > MAXIMUM_WORDS:
        raise ThemeError(
            "file-too-large",
            f"the words are larger than {MAXIMUM_WORDS >> 20} MiB",
            Place(str(path)),
        )
    try:
        return tomllib.loads(raw.decode())
    except RecursionError as error:
        raise ThemeError(
            "broken-words",
            "the words cannot be read: they are nested too deep",
            Place(str(path)),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(
            "broken-words", f"the words cannot be read: {error}", _place_error(path, error)
        ) from error


def check_catalogue(path: Path, found: Mapping[str, Any], english: Mapping[str, Any]) -> None:
    """Every phrase of a catalogue must be one that templates can fill as they fill the English one.

    ThemeError for the first that is not: a table without `other`, one where a phrase belongs, a name that
    nothing is put in for.
    """
    for key, phrase in found.items():
        fault = next(_find_faults(key, phrase, english.get(key)), "")
        if fault:
            raise ThemeError("broken-words", fault, _place_key(path, key))


def _find_faults(key: str, phrase: Any, english: Any) -> Iterator[str]:
    if not isinstance(phrase, str | dict):
        yield f"`{key}` is neither a phrase nor a table of forms"
    elif english is not None and isinstance(phrase, dict) is not isinstance(english, dict):
        if isinstance(phrase, dict):
            yield f"`{key}` is one phrase, and no table of forms"
        else:
            yield f"`{key}` needs a table of the forms that numbers take, as words/en.toml has it"
    elif isinstance(phrase, dict):
        if _OTHER not in phrase:
            yield f"`{key}` has no form `{_OTHER}`, which numbers take that no other form is for"
        for form, text in phrase.items():
            if form not in _FORMS:
                yield f"`{key}` has a form `{form}`, which is none of {_name(_FORMS)}"
            elif not isinstance(text, str):
                yield f"the form `{form}` of `{key}` is no phrase"
            else:
                yield from _find_names(f"the form `{form}` of `{key}`", text, frozenset({"n"}))
    elif english is not None:
        yield from _find_names(f"`{key}`", phrase, frozenset(_list_names(english)))
    else:
        yield from _find_names(f"`{key}`", phrase, None)


def _find_names(who: str, phrase: str, known: frozenset[str] | None) -> Iterator[str]:
    """What is wrong with the `{names}` of a phrase; `known` are those that something is put in for."""
    try:
        names = list(_list_names(phrase))
    except ValueError as error:
        yield f"{who} is no phrase that can be filled: {error}"
        return
    for name in names:
        if known is None and not name.isidentifier():
            yield f"{who} has `{{{name}}}`, which is no name"
        elif known is not None and name not in known:
            filled = _name({f"{{{one}}}" for one in known}) or "nothing"
            yield f"{who} has `{{{name}}}`, but what is put in is {filled}"


def _list_names(phrase: str) -> Iterator[str]:
    for _, name, form, conversion in string.Formatter().parse(phrase):
        if name is not None:
            yield name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")


def _name(words: frozenset[str] | set[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words))


def _place_error(path: Path, error: Exception) -> Place:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    return _place_at(path, int(found[1]), int(found[2])) if found else Place(str(path))


def _place_key(path: Path, key: str) -> Place:
    """Where a key is, a table's too; the file alone where it is written in some other way."""
    name = rf"(?:\"{re.escape(key)}\"|'{re.escape(key)}'|{re.escape(key)})"
    wanted = re.compile(rf"[ \t]*(?:\[[ \t]*{name}[ \t]*[\].]|{name}[ \t]*[.=])")
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if wanted.match(line):
            return _place_at(path, number, len(line) - len(line.lstrip()) + 1)
    return Place(str(path))


def _place_at(path: Path, line: int, column: int) -> Place:
    lines = path.read_text(encoding="utf-8").split("\n")
    return Place(str(path), line, column, lines[line - 1] if line <= len(lines) else "")
