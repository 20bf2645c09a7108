"""A coverage as `coverage.json`: every field and text, so that the content can be made from it again.

`format` is the version of this shape. Fields are named as in front matter and hold what it holds;
`markdown` is a text as it was written, `html` and `text` are what was made of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from archiver.model import (
    Body,
    Byline,
    Coverage,
    Embed,
    Entry,
    Media,
    Provenance,
    Revision,
    Site,
    Stamp,
)
from archiver.pages.posts import count_lost
from archiver.times import write_stamp
from archiver.urls import entry_path, relative_link

FORMAT = 1
# The JSON Schema of this shape, as it is published, and where it lies here.
SCHEMA = "assets/coverage.schema.json"
SCHEMA_FILE = Path(__file__).resolve().parent / "coverage.schema.json"


# Between two entries, each on a line of its own so that versions can be compared.
BETWEEN = b",\n"


# What is told of a medium, where there is any.
_MEDIUM = ("href", "alt", "caption", "credit", "address", "width", "height", "poster", "transcript")


def write_head(site: Site, coverage: Coverage) -> bytes:
    """The beginning of a coverage's JSON, up to its first entry."""
    head = json.dumps(describe_coverage(site, coverage), ensure_ascii=False, indent=1)
    return f'{head[:-2]},\n "entries": [\n'.encode()


def write_end(coverage: Coverage) -> bytes:
    """The end of a coverage's JSON, after its last entry: which media are published is known by then."""
    media = [path.removeprefix(_folder(coverage)) for path in coverage.media]
    published, origins = frozenset(media), coverage.notes.origins
    listed = _drop_empty(
        {
            "media": media,
            "origins": {path: origins[path] for path in origins if path in published},
        }
    )
    fields = [
        f',\n "{name}": {json.dumps(one, ensure_ascii=False)}' for name, one in listed.items()
    ]
    return f"\n]{''.join(fields)}\n}}\n".encode()


def write_entry(entry: Entry) -> bytes:
    """One entry of a coverage's JSON."""
    return msgspec.json.encode(describe_entry(entry))


def describe_coverage(site: Site, coverage: Coverage) -> dict[str, Any]:
    """The coverage's own fields."""
    notes = coverage.notes
    permalinks = {
        entry.path.removeprefix(_folder(coverage)): entry_path(coverage.slug, entry.slug)
        for entry in (coverage.entries if notes.doubts else ())
        if not entry.withdrawn
    }
    data: dict[str, Any] = {
        "$schema": relative_link(f"{coverage.slug}/coverage.json", SCHEMA),
        "format": FORMAT,
        "site": site.title,
        "coverage": coverage.slug,
        "path": coverage.path,
        "title": coverage.title,
        "description": coverage.description,
        "language": coverage.language,
        "timezone": coverage.timezone,
        "status": coverage.status,
        "started": _stamp(coverage.started),
        "ended": _stamp(coverage.ended),
        "contributors": [_byline(byline) for byline in coverage.contributors],
        "key_points": [point.markdown for point in coverage.key_points],
        "notice": coverage.notice.markdown if coverage.notice else "",
        "rights": _rights(coverage),
        "source": _source(coverage.source) if coverage.source else None,
        "doubts": {
            permalinks[name]: doubt for name, doubt in notes.doubts.items() if name in permalinks
        },
    }
    kept = _drop_empty(data)
    kept["introduction"] = _body(coverage.introduction)
    return kept


def describe_entry(entry: Entry) -> dict[str, Any]:
    """One entry: its permalink, its fields, its text, and what is missing of it."""
    data: dict[str, Any] = {
        "permalink": entry_path(entry.coverage, entry.slug),
        "path": entry.path,
        "slug": entry.slug,
        "date": _stamp(entry.date),
        "time_recorded": entry.date.moment is not None,
        "order": entry.order,
        "updated": _stamp(entry.updated),
        "title": entry.title,
        "byline": [_byline(byline) for byline in entry.byline],
        "key": entry.key,
        "pinned": entry.pinned,
        "breaking": entry.breaking,
        "summary": entry.summary,
        "tags": list(entry.tags),
        "language": entry.language,
        "source": _drop_empty({"id": entry.source.id, "url": entry.source.url})
        if entry.source
        else None,
        "aliases": list(entry.aliases),
        "corrections": [
            {"date": _stamp(correction.date), "note": correction.note}
            for correction in entry.corrections
        ],
        "revisions": [_revision(revision) for revision in entry.revisions],
        "withdrawn": _drop_empty(
            {
                "date": _stamp(entry.withdrawn.date),
                "by": entry.withdrawn.by,
                "reason": entry.withdrawn.reason,
            }
        )
        if entry.withdrawn
        else None,
        "gaps": _count_gaps(entry),
    }
    kept = {
        name: value
        for name, value in data.items()
        if value or name == "time_recorded" or (name == "order" and value is not None)
    }
    kept |= _body(entry.body)
    return kept


def _revision(revision: Revision) -> dict[str, str]:
    """An earlier text; `captured` is when another was first found in its place."""
    return _drop_empty(
        {
            "path": revision.path,
            "captured": _stamp(revision.captured),
            "updated": _stamp(revision.updated),
            "title": revision.title,
            "markdown": revision.body.markdown,
            "text": revision.body.text,
        }
    )


def _count_gaps(entry: Entry) -> dict[str, int]:
    embeds, media = count_lost(entry.body)
    gaps = {"embeds": embeds, "media": media, "times": int(entry.date.moment is None)}
    return {kind: count for kind, count in gaps.items() if count}


def _body(body: Body) -> dict[str, Any]:
    """A text; in its `html` the slots are `<figure>` elements that number `slots`."""
    data: dict[str, Any] = {
        "markdown": body.markdown,
        "html": body.html.replace("\ufdd0", "slot ").replace("\ufdd1", ""),
        "text": body.text,
    }
    if body.slots:
        data["slots"] = [_slot(slot) for slot in body.slots]
    return data


def _slot(slot: Media | Embed) -> dict[str, Any]:
    if isinstance(slot, Media):
        return {"kind": slot.kind.value} | _drop_empty(
            {name: getattr(slot, name) for name in _MEDIUM if getattr(slot, name)}
        )
    data: dict[str, Any] = {
        name: getattr(slot, name)
        for name in ("provider", "url", "author", "handle", "title", "text", "transcript", "label")
    }
    data["genre"] = slot.genre.value
    data["links"] = [{"text": link.text, "url": link.url} for link in slot.links]
    data["date"], data["captured"] = _stamp(slot.date), _stamp(slot.captured)
    data["media"] = [_slot(medium) for medium in slot.media]
    for name in ("reply_to", "quotes"):
        quoted = getattr(slot, name)
        if quoted:
            data[name] = _drop_empty(
                {part: getattr(quoted, part) for part in ("author", "handle", "text")}
            )
    return {"kind": "embed", "was_captured": slot.was_captured} | _drop_empty(data)


def _source(source: Provenance) -> dict[str, Any]:
    captures = [
        _drop_empty(
            {
                "file": capture.file,
                "url": capture.url,
                "captured": _stamp(capture.captured),
                "format": capture.format,
                "tool": capture.tool,
                "sha256": capture.sha256,
            }
        )
        for capture in source.captures
    ]
    return _drop_empty(
        {
            "publisher": source.publisher,
            "url": source.url,
            "captures": captures,
            "missing": list(source.missing),
        }
    )


def _rights(coverage: Coverage) -> dict[str, str]:
    rights = coverage.rights
    return _drop_empty({"licence": rights.licence, "holder": rights.holder}) if rights else {}


def _byline(byline: Byline) -> dict[str, str]:
    return _drop_empty({"name": byline.name, "role": byline.role, "place": byline.place})


def _stamp(stamp: Stamp | None) -> str:
    return write_stamp(stamp) if stamp else ""


def _folder(coverage: Coverage) -> str:
    return coverage.path.rpartition("/")[0] + "/"


def _drop_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value or value == 0}
