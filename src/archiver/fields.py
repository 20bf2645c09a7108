"""What each front-matter field means: a reader a field, a table a kind of file.

A reader takes a Value and says what it means, or reports a located problem. The tables are the
whole vocabulary: a name that is not in them is an unknown field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from archiver.diagnostics import Report, suggest
from archiver.languages import judge_language
from archiver.matter import Matter, Pair, Value
from archiver.model import (
    Anchor,
    Byline,
    Capture,
    Correction,
    Genre,
    Origin,
    Provenance,
    Quoted,
    Rights,
    Stamp,
    Withdrawal,
)
from archiver.times import DateError, find_zone, list_zones, read_date
from archiver.urls import judge_slug


class Reading(Struct, frozen=True):
    """What a reader needs beside the value: the file it stands in, the zone of its dates, the report."""

    matter: Matter
    zone: ZoneInfo
    report: Report

    def refuse(self, value: Value, code: str, message: str, hint: str = "") -> None:
        """Report an error at a value."""
        self.report.error(code, message, self.matter.place_value(value), hint)


Reader = Callable[[Value, str, Reading], Any]


def read_fields(
    pairs: Mapping[str, Pair], table: Mapping[str, Reader], reading: Reading
) -> dict[str, Any]:
    """The fields of a mapping by the table; unknown names are errors, empty values are left out."""
    fields: dict[str, Any] = {}
    for name, pair in pairs.items():
        reader = table.get(name)
        if reader is None:
            reading.report.error(
                "unknown-field",
                f"unknown field `{name}`",
                reading.matter.place(pair.line, pair.column, max(1, len(name))),
                suggest(name, table) or f"the fields here are {', '.join(table)}",
            )
            continue
        if is_empty(pair):
            continue
        value = reader(pair.value, name, reading)
        if value is not None:
            fields[name] = value
    return fields


def is_empty(pair: Pair | None) -> bool:
    """Whether a field is not there, or has no value."""
    return pair is None or not pair.value.data


def _wrong_type(value: Value, name: str, wanted: str, reading: Reading, hint: str = "") -> None:
    kind = type(value.data)
    shape = "text" if kind is str else "a list" if kind is list else "a mapping"
    reading.refuse(value, "wrong-type", f"`{name}` should be {wanted}, not {shape}", hint)


def read_text(value: Value, name: str, reading: Reading) -> str | None:
    """Text on one line: white space runs together, and nothing else is no text."""
    if not isinstance(value.data, str):
        _wrong_type(value, name, "text", reading)
        return None
    return unicodedata.normalize("NFC", " ".join(value.data.split())) or None


def read_passage(value: Value, name: str, reading: Reading) -> str | None:
    """Text whose line breaks count."""
    if not isinstance(value.data, str):
        _wrong_type(value, name, "text", reading)
        return None
    return value.data.strip("\n") if value.data.strip() else None


def read_flag(value: Value, name: str, reading: Reading) -> bool | None:
    """`true` or `false`."""
    if value.data in ("true", "false"):
        return bool(value.data == "true")
    if not isinstance(value.data, str):
        _wrong_type(value, name, "`true` or `false`", reading)
        return None
    reading.refuse(value, "wrong-type", f"`{name}` should be `true` or `false`, not `{value.data}`")
    return None


def read_whole(value: Value, name: str, reading: Reading) -> int | None:
    """A whole number."""
    if not isinstance(value.data, str):
        _wrong_type(value, name, "a whole number", reading)
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,15}", value.data):
        reading.refuse(
            value, "wrong-type", f"`{name}` should be a whole number, not `{value.data}`"
        )
        return None
    return int(value.data)


def read_natural(value: Value, name: str, reading: Reading) -> int | None:
    """A whole number from 1."""
    number = read_whole(value, name, reading)
    if number is not None and number < 1:
        reading.refuse(value, "wrong-type", f"`{name}` should be 1 or more, not {number}")
        return None
    return number


def read_choice(choices: tuple[str, ...]) -> Reader:
    """One of a few words."""

    def read(value: Value, name: str, reading: Reading) -> str | None:
        if not isinstance(value.data, str):
            _wrong_type(value, name, "text", reading)
            return None
        if value.data not in choices:
            listed = " or ".join(f"`{choice}`" for choice in choices)
            reading.refuse(
                value,
                "wrong-type",
                f"`{name}` should be {listed}, not `{value.data}`",
                suggest(value.data, choices),
            )
            return None
        return value.data

    return read


def read_stamp(value: Value, name: str, reading: Reading) -> Stamp | None:
    """A date: see `times.read_date`."""
    if not isinstance(value.data, str):
        _wrong_type(value, name, "a date", reading)
        return None
    try:
        return read_date(value.data, reading.zone)
    except DateError as error:
        reading.refuse(value, error.code, str(error), error.hint)
        return None


def read_zone(value: Value, name: str, reading: Reading) -> str | None:
    """The name of an IANA time zone."""
    if not isinstance(value.data, str):
        _wrong_type(value, name, "a time zone", reading)
        return None
    if find_zone(value.data) is None:
        reading.refuse(
            value,
            "unknown-timezone",
            f"there is no time zone `{value.data}`",
            suggest(value.data, list_zones()) or "write an IANA name such as `Europe/London`",
        )
        return None
    return value.data


def read_language(value: Value, name: str, reading: Reading) -> str | None:
    """A BCP 47 language tag."""
    if not isinstance(value.data, str):
        _wrong_type(value, name, "a language tag", reading)
        return None
    fault = judge_language(value.data)
    if fault:
        reading.refuse(value, "unknown-language", *fault)
        return None
    return value.data


def read_theme(value: Value, name: str, reading: Reading) -> str | None:
    """The name of a folder in themes/."""
    text = read_text(value, name, reading)
    fault = judge_slug(text) if text is not None else ""
    if fault:
        reading.refuse(value, "unknown-theme", f"`{text}` cannot be the name of a theme: {fault}")
        return None
    return text


def read_address(value: Value, name: str, reading: Reading) -> str | None:
    """An address on the web."""
    if not isinstance(value.data, str):
        _wrong_type(value, name, "an address", reading)
        return None
    address = value.data.strip()
    if not re.match("https?://[^/?#]", address, re.I) or re.search(r"[\s<>\"\\^`{|}]", address):
        reading.refuse(
            value,
            "bad-address",
            f"`{address}` is not a web address",
            "it should begin with https:// or http:// and a host, and hold no spaces",
        )
        return None
    return address


def read_base(value: Value, name: str, reading: Reading) -> str | None:
    """The address of a folder on the web."""
    address = read_address(value, name, reading)
    if address and ("?" in address or "#" in address):
        reading.refuse(
            value,
            "bad-address",
            f"`{address}` is not the address of a folder",
            "leave out what follows the `?` or `#`: the pages' names are put behind it",
        )
        return None
    return address


def read_list(read_item: Reader) -> Reader:
    """A list, each item read by one reader."""

    def read(value: Value, name: str, reading: Reading) -> tuple[Any, ...] | None:
        if not isinstance(value.data, list):
            plain = isinstance(value.data, str) and read_item in (
                read_text,
                read_passage,
                _read_alias,
            )
            hint = f"write `{name}: [{value.data}]`" if plain else ""
            _wrong_type(value, name, "a list", reading, hint)
            return None
        items = (read_item(item, name, reading) for item in value.data if item.data != "")
        return tuple(item for item in items if item is not None)

    return read


def read_one_or_more(read_item: Reader) -> Reader:
    """A list, or one item by itself."""

    def read(value: Value, name: str, reading: Reading) -> tuple[Any, ...] | None:
        if isinstance(value.data, list):
            items: tuple[Any, ...] | None = read_list(read_item)(value, name, reading)
            return items
        item = read_item(value, name, reading)
        return None if item is None else (item,)

    return read


def read_record(
    kind: Callable[..., Any], table: Mapping[str, Reader], required: tuple[str, ...] = ()
) -> Reader:
    """A mapping with fields of its own."""

    def read(value: Value, name: str, reading: Reading) -> Any:
        if not isinstance(value.data, dict):
            listed = ", ".join(table)
            hint = f"write `{name}: {{{(required or tuple(table))[0]}: …}}`"
            _wrong_type(value, name, f"a mapping of {listed}", reading, hint)
            return None
        before = len(reading.report)
        fields = read_fields(value.data, table, reading)
        for field in required:
            if field not in fields and len(reading.report) == before:
                hint = f"add `{field}: …`"
                reading.refuse(value, "missing-field", f"`{name}` needs `{field}`", hint)
        return kind(**fields) if all(field in fields for field in required) else None

    return read


def read_byline(value: Value, name: str, reading: Reading) -> Byline | None:
    """A name, or a mapping of name, role and place."""
    if isinstance(value.data, str):
        text = read_text(value, name, reading)
        return Byline(text) if text else None
    if not isinstance(value.data, dict):
        _wrong_type(value, name, "a name, or a mapping of name, role, place", reading)
        return None
    byline: Byline | None = _read_named(value, name, reading)
    return byline


_read_named = read_record(
    Byline, {"name": read_text, "role": read_text, "place": read_text}, ("name",)
)


def _read_rights(value: Value, name: str, reading: Reading) -> Rights | None:
    if isinstance(value.data, str):
        return Rights(licence=" ".join(value.data.split()))
    rights: Rights | None = read_record(Rights, {"licence": read_text, "holder": read_text})(
        value, name, reading
    )
    return rights


def _read_alias(value: Value, name: str, reading: Reading) -> str | None:
    text = read_text(value, name, reading)
    return text.removesuffix(".html").lstrip("/") if text else None


def _read_digest(value: Value, name: str, reading: Reading) -> str | None:
    text = read_text(value, name, reading)
    if text is not None and not re.fullmatch("sha256:[0-9a-f]{64}", text):
        reading.refuse(
            value,
            "wrong-type",
            f"`{name}` should be the digest of a permalink, not `{text}`",
            "write `sha256:` and the 64 digits of `printf %s coverage/old-name.html | sha256sum`",
        )
        return None
    return text


def _read_genre(value: Value, name: str, reading: Reading) -> Genre | None:
    word = read_choice(tuple(genre.value for genre in Genre))(value, name, reading)
    return Genre(word) if word else None


_read_quoted = read_record(Quoted, {"author": read_text, "handle": read_text, "text": read_passage})

SITE: dict[str, Reader] = {
    "format": read_choice(("1",)),
    "title": read_text,
    "description": read_text,
    "language": read_language,
    "timezone": read_zone,
    "base_url": read_base,
    "theme": read_theme,
    "timeline_page_size": read_natural,
    "search": read_flag,
}

_CAPTURE: dict[str, Reader] = {
    "file": read_text,
    "url": read_address,
    "captured": read_stamp,
    "format": read_text,
    "tool": read_text,
    "sha256": read_text,
}

COVERAGE: dict[str, Reader] = {
    "title": read_text,
    "description": read_text,
    "language": read_language,
    "timezone": read_zone,
    "status": read_choice(("live", "closed")),
    "started": read_stamp,
    "ended": read_stamp,
    "contributors": read_one_or_more(read_byline),
    "key_points": read_list(read_passage),
    "notice": read_passage,
    "rights": _read_rights,
    "source": read_record(
        Provenance,
        {
            "publisher": read_text,
            "url": read_address,
            "captures": read_list(read_record(Capture, _CAPTURE)),
            "missing": read_one_or_more(read_text),
        },
    ),
}

ENTRY: dict[str, Reader] = {
    "date": read_stamp,
    "order": read_whole,
    "updated": read_stamp,
    "title": read_text,
    "byline": read_one_or_more(read_byline),
    "key": read_flag,
    "pinned": read_flag,
    "breaking": read_flag,
    "summary": read_flag,
    "tags": read_list(read_text),
    "language": read_language,
    "source": read_record(Origin, {"id": read_text, "url": read_address}),
    "aliases": read_list(_read_alias),
    "slug": read_text,
    "corrections": read_list(
        read_record(Correction, {"date": read_stamp, "note": read_text}, ("date", "note"))
    ),
    "withdrawn": read_record(
        Withdrawal,
        {
            "date": read_stamp,
            "by": read_text,
            "reason": read_text,
            "was": read_one_or_more(_read_digest),
        },
        ("date",),
    ),
    "draft": read_flag,
}

EMBED: dict[str, Reader] = {
    "provider": read_text,
    "genre": _read_genre,
    "url": read_address,
    "author": read_text,
    "handle": read_text,
    "date": read_stamp,
    "title": read_text,
    "text": read_passage,
    "links": read_list(
        read_record(Anchor, {"text": read_text, "url": read_address}, ("text", "url"))
    ),
    "media": read_one_or_more(read_text),
    "poster": read_text,
    "transcript": read_passage,
    "reply_to": _read_quoted,
    "quotes": _read_quoted,
    "label": read_passage,
    "captured": read_stamp,
}
