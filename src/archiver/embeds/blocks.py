"""An embed block, as written in a post, to an Embed."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from archiver.diagnostics import Place, Report
from archiver.embeds.addresses import read_address
from archiver.embeds.providers import find_provider
from archiver.fields import EMBED, Reading, read_fields
from archiver.matter import Matter, read_yaml
from archiver.model import Embed, Media, MediaKind


def read_block(
    text: str,
    first_line: int,
    matter: Matter,
    zone: ZoneInfo,
    report: Report,
    find_media: Callable[[str, Place], Media],
    add_poster: Callable[[Media, Media], Media],
) -> Embed | None:
    """An embed from its YAML, whose first line is `first_line` of the file; None where it cannot be read."""
    pairs = read_yaml(text, first_line, matter, report, "embed")
    if pairs is None:
        return None
    reading = Reading(matter, zone, report)
    fields = read_fields(pairs, EMBED, reading)
    if "provider" not in fields:
        report.error(
            "missing-field",
            "the embed does not say whose it is",
            matter.place(first_line - 1, 1, 3),
            "add a line such as `provider: twitter`",
        )
        return None
    if "media" in fields:
        value = pairs["media"].value
        items = value.data if isinstance(value.data, list) else [value]
        places = {" ".join(item.data.split()): matter.place_value(item) for item in items}
        fields["media"] = tuple(
            find_media(address, places.get(address, matter.place_value(value)))
            for address in fields["media"]
        )
    if "poster" in fields:
        place = matter.place_value(pairs["poster"].value)
        poster = find_media(fields.pop("poster"), place)
        fields["media"] = _add_poster(fields.get("media", ()), poster, add_poster)
    provider = find_provider(fields["provider"])
    found = read_address(fields.get("url", ""))
    fields["provider"] = provider.slug
    is_theirs = found is not None and found.provider == provider.slug
    fields.setdefault("genre", found.genre if found and is_theirs else provider.genre)
    return Embed(**fields)


def _add_poster(
    media: tuple[Media, ...], poster: Media, add: Callable[[Media, Media], Media]
) -> tuple[Media, ...]:
    """The first film has the poster; where none was kept, it is all that there is of one."""
    for number, medium in enumerate(media):
        if medium.kind is MediaKind.VIDEO and medium.href and poster.href:
            return (*media[:number], add(medium, poster), *media[number + 1 :])
    return (*media, poster)
