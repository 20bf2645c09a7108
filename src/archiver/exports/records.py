"""A coverage as its `coverage.json` tells it, post by post: of a long one that is a large file.

`dataset` writes it: a head, and then an entry on each line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from archiver.dataset import FORMAT
from archiver.exports.target import ExportError
from archiver.markdown.slots import mark_slot
from archiver.model import (
    Anchor,
    Body,
    Byline,
    Capture,
    Correction,
    Coverage,
    Embed,
    Entry,
    Genre,
    Media,
    MediaKind,
    Origin,
    Provenance,
    Quoted,
    Rights,
    Stamp,
    Withdrawal,
)
from archiver.times import find_zone, read_date

_ENTRIES = b' "entries": ['
_SLOT = re.compile(r"<(figure|span)>slot (\d{1,6})</\1>")


class Chronicle(Struct, frozen=True):
    """A coverage whose entries are read one by one, in their order; `coverage` holds none of them.

    Of its key points and its notice only the Markdown is known.
    """

    file: Path
    coverage: Coverage
    zone: ZoneInfo

    def read_entries(self) -> Iterator[Entry]:
        """The entries, each with its body."""
        with self.file.open("rb") as file:
            for line in file:
                if line.startswith(_ENTRIES):
                    break
            for line in file:
                if line.startswith(b"]"):
                    return
                # Where there are no entries, the line is empty.
                if data := line.rstrip(b",\n"):
                    yield read_entry(msgspec.json.decode(data), self)
        raise ExportError(f"{self.file} is not whole", "`archiver build --clean` writes it again")


def open_chronicle(file: Path) -> Chronicle:
    """A coverage's data. ExportError where it is of another format."""
    head = bytearray()
    with file.open("rb") as lines:
        for line in lines:
            if line.startswith(_ENTRIES):
                break
            head += line
    data = json.loads(bytes(head).rstrip(b",\n") + b"\n}")
    if data.get("format") != FORMAT:
        raise ExportError(
            f"{file} is of format {data.get('format')}, and this archiver reads format {FORMAT}",
            "`archiver build` writes it again",
        )
    zone = find_zone(data["timezone"])
    assert zone is not None, "the build has read it"
    return Chronicle(file, _read_coverage(data, zone), zone)


def read_entry(data: dict[str, Any], chronicle: Chronicle) -> Entry:
    """An entry as `dataset.describe_entry` writes it."""
    zone = chronicle.zone
    withdrawn = data.get("withdrawn")
    source = data.get("source")
    return Entry(
        path=data["path"],
        coverage=chronicle.coverage.slug,
        slug=data["slug"],
        date=read_date(data["date"], zone),
        order=data.get("order"),
        updated=_read_stamp(data, "updated", zone),
        title=data.get("title", ""),
        byline=_read_bylines(data.get("byline", ())),
        key=data.get("key", False),
        pinned=data.get("pinned", False),
        breaking=data.get("breaking", False),
        summary=data.get("summary", False),
        tags=tuple(data.get("tags", ())),
        language=data.get("language", ""),
        source=Origin(**source) if source else None,
        aliases=tuple(data.get("aliases", ())),
        corrections=tuple(
            Correction(read_date(one["date"], zone), one["note"])
            for one in data.get("corrections", ())
        ),
        withdrawn=Withdrawal(
            read_date(withdrawn["date"], zone),
            withdrawn.get("by", ""),
            withdrawn.get("reason", ""),
        )
        if withdrawn
        else None,
        body=_read_body(data, zone),
    )


def _read_coverage(data: dict[str, Any], zone: ZoneInfo) -> Coverage:
    rights = data.get("rights")
    source = data.get("source")
    notice = data.get("notice")
    return Coverage(
        path=data["path"],
        slug=data["coverage"],
        title=data["title"],
        language=data["language"],
        timezone=data["timezone"],
        description=data.get("description", ""),
        status=data.get("status", "closed"),
        started=_read_stamp(data, "started", zone),
        ended=_read_stamp(data, "ended", zone),
        contributors=_read_bylines(data.get("contributors", ())),
        key_points=tuple(Body(markdown=point) for point in data.get("key_points", ())),
        notice=Body(markdown=notice) if notice else None,
        rights=Rights(rights.get("licence", ""), rights.get("holder", "")) if rights else None,
        source=_read_provenance(source, zone) if source else None,
        introduction=_read_body(data["introduction"], zone),
        media=tuple(data.get("media", ())),
    )


def _read_provenance(data: dict[str, Any], zone: ZoneInfo) -> Provenance:
    return Provenance(
        data.get("publisher", ""),
        data.get("url", ""),
        tuple(
            Capture(
                file=one.get("file", ""),
                url=one.get("url", ""),
                captured=_read_stamp(one, "captured", zone),
                format=one.get("format", ""),
                tool=one.get("tool", ""),
                sha256=one.get("sha256", ""),
            )
            for one in data.get("captures", ())
        ),
        tuple(data.get("missing", ())),
    )


def _read_body(data: dict[str, Any], zone: ZoneInfo) -> Body:
    slots = tuple(_read_slot(slot, zone) for slot in data.get("slots", ()))

    def mark(match: re.Match[str]) -> str:
        number = int(match[2])
        return mark_slot(number, match[1] == "span") if number < len(slots) else match[0]

    html = data.get("html", "")
    return Body(
        markdown=data.get("markdown", ""),
        html=_SLOT.sub(mark, html) if slots else html,
        text=data.get("text", ""),
        slots=slots,
    )


def _read_slot(data: dict[str, Any], zone: ZoneInfo) -> Media | Embed:
    if data["kind"] != "embed":
        return _read_media(data)
    words = ("url", "author", "handle", "title", "text", "transcript", "label")
    quoted: dict[str, Any] = {
        name: Quoted(**data[name]) for name in ("reply_to", "quotes") if name in data
    }
    return Embed(
        provider=data.get("provider", ""),
        genre=Genre(data["genre"]),
        date=_read_stamp(data, "date", zone),
        captured=_read_stamp(data, "captured", zone),
        links=tuple(Anchor(one["text"], one["url"]) for one in data.get("links", ())),
        media=tuple(_read_media(one) for one in data.get("media", ())),
        **{name: data.get(name, "") for name in words},
        **quoted,
    )


def _read_media(data: dict[str, Any]) -> Media:
    told = {name: value for name, value in data.items() if name not in ("kind", "href")}
    return Media(MediaKind(data["kind"]), data.get("href", ""), **told)


def _read_bylines(data: Any) -> tuple[Byline, ...]:
    return tuple(Byline(one["name"], one.get("role", ""), one.get("place", "")) for one in data)


def _read_stamp(data: dict[str, Any], name: str, zone: ZoneInfo) -> Stamp | None:
    text = data.get(name)
    return read_date(text, zone) if text else None
