"""Values of JSON that nobody vouches for: each is of the kind that was asked for, or empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

# Tags that part no words; every other one does.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|time|u)"
    r"(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_DROPPED = re.compile(r"<(script|style|template)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)


def find(value: Any, *path: str | int) -> Any:
    """What stands at a path of names and places; None where there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def find_text(value: Any, *path: str | int) -> str:
    """The text at a path, without white space around it."""
    found = find(value, *path)
    return found.strip() if isinstance(found, str) else ""


def find_line(value: Any, *path: str | int) -> str:
    """The text at a path, white space run together."""
    return " ".join(find_text(value, *path).split())


def find_object(value: Any, *path: str | int) -> dict[str, Any]:
    """The object at a path."""
    found = find(value, *path)
    return found if isinstance(found, dict) else {}


def find_objects(value: Any, *path: str | int) -> list[dict[str, Any]]:
    """The objects of the list at a path."""
    found = find(value, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def find_number(value: Any, *path: str | int) -> int:
    """The number at a path, a page's say; 0 where there is none or it makes no sense as a count."""
    found = find(value, *path)
    text = str(found) if isinstance(found, int) and not isinstance(found, bool) else ""
    text = found.strip() if isinstance(found, str) else text
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def is_set(value: Any, *path: str | int) -> bool:
    """Whether a switch at a path is on: true, or the word for it."""
    found = find(value, *path)
    return found is True or (isinstance(found, str) and found.strip().lower() == "true")


def walk_objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a value, the outer before the inner, in their order."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            yield one
            pending += reversed(list(one.values()))
        elif isinstance(one, list):
            pending += reversed(one)


def strip_tags(html: str) -> str:
    """The words of some HTML, found without parsing it: a second opinion for the audit of losses."""
    text = _INLINE.sub("", _DROPPED.sub(" ", html))
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", text)).split())


def spell_language(tag: str) -> str:
    """A language tag as it is usually written (RFC 5646, 2.1.1): `en-gb` is `en-GB`."""
    parts = tag.strip().replace("_", "-").split("-")
    cased = [part.upper() if len(part) == 2 else part for part in parts[1:]]
    return "-".join([parts[0].lower(), *cased])


def split_names(byline: str) -> tuple[str, ...]:
    """The names in a line such as "Edited by A, B and C (now); D (earlier)"."""
    line = re.sub(r"\([^()]*\)", " ", " ".join(byline.split()))
    names = re.split(r"[;,|]\s*(?:and\s+)?|\s(?:and|&)\s", line)
    by = re.compile(
        r"^(?:(?:edited|reported|reporting|written|produced)\s+)?by:?\s+", re.IGNORECASE
    )
    kept = (" ".join(by.sub("", name.strip()).split()) for name in names)
    return tuple(dict.fromkeys(name for name in kept if name))


def name_missing_pages(page: int, pages: int) -> tuple[str, ...]:
    """Which pages of a coverage one capture does not hold, in a sentence."""
    if not 0 < page <= pages or pages == 1:
        return ()
    others = [*_spell_range(1, page - 1), *_spell_range(page + 1, pages)]
    verb = "is" if pages == 2 else "are"
    return (
        f"page{'s' if pages > 2 else ''} {' and '.join(others)} of {pages} {verb} not in this capture",
    )


def _spell_range(first: int, last: int) -> list[str]:
    if first > last:
        return []
    return [str(first) if first == last else f"{first} to {last}"]
