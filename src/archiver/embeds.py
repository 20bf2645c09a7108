"""An embed block, as written in a post, to an Embed: what somebody else's platform showed, as text."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from archiver.diagnostics import Place, Report
from archiver.fields import EMBED, Reading, read_fields
from archiver.matter import Matter, read_yaml
from archiver.model import Embed, Media

# The names that readers know, where they are not the word itself with a capital.
_NAMES = {
    "twitter": "Twitter",
    "x": "X",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "soundcloud": "SoundCloud",
    "datawrapper": "Datawrapper",
    "google-maps": "Google Maps",
}


def name_provider(provider: str) -> str:
    """A provider as a reader knows it."""
    return _NAMES.get(provider.casefold(), provider[:1].upper() + provider[1:])


def read_embed(
    text: str,
    first_line: int,
    matter: Matter,
    zone: ZoneInfo,
    report: Report,
    find_media: Callable[[str, Place], Media],
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
    return Embed(**fields)
