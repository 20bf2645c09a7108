"""The words of a theme in one language, and dates, times and numbers as that language writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from unicodedata import bidirectional

from babel.core import get_global
from babel.dates import (
    format_date,
    format_interval,
    format_time,
    format_timedelta,
    get_timezone_name,
)
from babel.numbers import format_decimal

from archiver.diagnostics import suggest
from archiver.languages import find_direction, find_locale
from archiver.model import Stamp
from archiver.times import find_zone

# Where Unicode has, and will have, what is written from right to left (UAX #9, and the mark U+200F).
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


class PhraseError(Exception):
    """A phrase that is asked for as it is not; the text says how."""


class Words:
    """A catalogue: `[key]` is a phrase, `say` fills it, `count` chooses the form that a number needs."""

    def __init__(self, language: str, phrases: Mapping[str, Any]) -> None:
        self.language = language
        self.direction = find_direction(language)
        self._phrases = phrases

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Words)
            and self.language == other.language
            and self._phrases == other._phrases
        )

    def __hash__(self) -> int:
        return hash(self.language)

    def __getitem__(self, key: str) -> str:
        phrase = self._phrases.get(key)
        if isinstance(phrase, str):
            return phrase
        if phrase is None:
            hint = suggest(key, self._phrases)
            raise PhraseError(f"there is no phrase `{key}`" + (f": {hint}" if hint else ""))
        raise PhraseError(f"`{key}` has a form for each number: write `words.count`")

    def say(self, key: str, **values: object) -> str:
        """A phrase with its `{names}` filled; what is written the other way is isolated (UAX #9)."""
        filled = {name: self.isolate(value) for name, value in values.items()}
        phrase = self[key]
        try:
            return phrase.format(**filled)
        except KeyError as error:
            raise PhraseError(f"nothing is given for `{{{error.args[0]}}}` of `{key}`") from None

    def isolate(self, value: object) -> str:
        """A value as it stands among these words: between FSI and PDI if it is written the other way,
        or else its signs and numbers would change places with those beside it.
        """
        text = str(value)
        if self.direction == "ltr":
            foreign = not text.isascii() and any(
                bidirectional(one) in ("R", "AL") for one in _RIGHT_TO_LEFT.findall(text)
            )
        else:
            foreign = any(bidirectional(one) == "L" for one in text)
        return f"\u2068{text}\u2069" if foreign else text

    def count(self, key: str, number: int) -> str:
        """A phrase in the plural form that a number takes (CLDR), with `{n}` filled."""
        forms: Any = self._phrases.get(key)
        if not isinstance(forms, Mapping):
            self[key]
            raise PhraseError(f"`{key}` has no forms for numbers: write `words.say`")
        form = find_locale(self.language).plural_form(number)
        phrase: str = forms.get(form) or forms["other"]
        return phrase.format(n=self.number(number))

    def forms(self, key: str) -> str:
        """All forms of a phrase that a number needs, as JSON: for a script, which learns the number."""
        return json.dumps(dict(self._phrases[key]), ensure_ascii=False)

    def number(self, number: int) -> str:
        """A whole number with its separators."""
        return _format_number(number, self.language)

    def day(self, day: date) -> str:
        """A day in full: `Thursday, 23 March 2017`."""
        return _format_day(day, self.language, "full")

    def short_day(self, day: date) -> str:
        """A day without its name: `23 March 2017`."""
        return _format_day(day, self.language, "long")

    def span(self, first: date, last: date) -> str:
        """From one day to another: `20–21 July 1969`."""
        if first == last:
            return self.short_day(first)
        return _format_span(first, last, self.language)

    def clock(self, moment: datetime, seconds: bool = False) -> str:
        """The time of day: `20:25`, `8:25 PM`; with seconds if asked."""
        return _format_clock(
            moment.hour, moment.minute, moment.second if seconds else -1, self.language
        )

    def hour(self, moment: datetime) -> str:
        """The beginning of an hour with its zone: `20:00 GMT`."""
        return f"{self.clock(moment)} {self.zone(moment)}"

    def zone(self, moment: datetime) -> str:
        """The zone's short name at a moment: `GMT`, `BST`, `MESZ`; where the language has none, its
        distance from UTC. What tzdata calls zones is English.
        """
        name = moment.tzname() or ""
        if name.isalpha() and self.language.startswith("en"):
            return name
        offset = moment.utcoffset() or timedelta()
        return _shorten_zone(getattr(moment.tzinfo, "key", ""), offset, self.language)

    def duration(self, duration: timedelta) -> str:
        """A length of time in its largest unit: `10 minutes`, `1 day`."""
        return _format_duration(duration, self.language)

    def zone_name(self, zone: str) -> str:
        """A zone in full, whatever the season: `British Time`."""
        return _name_zone(zone, self.language)

    def stamp(self, stamp: Stamp, seconds: bool = False) -> str:
        """A stamp in full, with its zone; a bare day is only that."""
        if stamp.moment is None:
            return self.short_day(stamp.day)
        return self.say(
            "day_and_time",
            day=self.short_day(stamp.day),
            time=self.clock(stamp.moment, seconds and stamp.moment.second != 0),
            zone=self.zone(stamp.moment),
        )


# The digit for nought in each numbering system that is the usual one of a language (CLDR). Babel knows
# which one that is, but writes Latin digits.
_NOUGHTS = {
    "adlm": "\U0001e950",
    "arab": "\u0660",
    "arabext": "\u06f0",
    "beng": "\u09e6",
    "cakm": "\U00011136",
    "deva": "\u0966",
    "hmnp": "\U0001e140",
    "mtei": "\uabf0",
    "mymr": "\u1040",
    "nkoo": "\u07c0",
    "olck": "\u1c50",
    "tibt": "\u0f20",
}
# When zones are looked at to learn which of their times is that of summer.
_SEASONS = (datetime(2024, 1, 15), datetime(2024, 7, 15))

# Zones of no territory: Babel calls theirs the time of an unknown region.
_UNIVERSAL = frozenset("UTC Etc/UTC Etc/UCT Etc/Universal Etc/Zulu UCT Universal Zulu".split())


@lru_cache(maxsize=50_000)
def _format_day(day: date, language: str, form: Any) -> str:
    return _spell_digits(format_date(day, form, locale=find_locale(language)), language)


@lru_cache(maxsize=10_000)
def _format_span(first: date, last: date, language: str) -> str:
    span = format_interval(first, last, "yMMMMd", locale=find_locale(language))
    return _spell_digits(span, language)


@lru_cache(maxsize=100_000)
def _format_clock(hour: int, minute: int, second: int, language: str) -> str:
    if second < 0:
        return _format_time(hour, minute, 0, "short", language)
    around = _find_around(hour, minute, language)
    if around is None:
        return _format_time(hour, minute, second, "medium", language)
    before, after = around
    return f"{before}{_spell_digits(f'{second:02}', language)}{after}"


@lru_cache(maxsize=10_000)
def _find_around(hour: int, minute: int, language: str) -> tuple[str, str] | None:
    """What a language writes before and after the two digits of a second: posts have sixty times as many
    times as minutes. None where it does not write two."""
    first, last = (_format_time(hour, minute, second, "medium", language) for second in (0, 59))
    before, _, after = last.rpartition(_spell_digits("59", language))
    return (before, after) if f"{before}{_spell_digits('00', language)}{after}" == first else None


def _format_time(hour: int, minute: int, second: int, form: Any, language: str) -> str:
    moment = datetime(2000, 1, 1, hour, minute, second)
    return _spell_digits(format_time(moment, form, locale=find_locale(language)), language)


@lru_cache(maxsize=100)
def _format_duration(duration: timedelta, language: str) -> str:
    length = format_timedelta(duration, threshold=1, locale=find_locale(language))
    return _spell_digits(length, language)


@lru_cache(maxsize=10_000)
def _format_number(number: int, language: str) -> str:
    locale = find_locale(language)
    return _spell_digits(
        format_decimal(number, locale=locale, numbering_system="default"), language
    )


def _spell_digits(text: str, language: str) -> str:
    """A text with the digits that are usual in a language, in all dates, times and numbers alike."""
    nought = _NOUGHTS.get(find_locale(language).default_numbering_system)
    if nought is None:
        return text
    return text.translate({ord("0") + n: chr(ord(nought) + n) for n in range(10)})


@lru_cache(maxsize=1_000)
def _shorten_zone(zone: str, offset: timedelta, language: str) -> str:
    """The abbreviation that a language has for a zone that is so far from UTC, or the distance."""
    clock = None if zone in _UNIVERSAL else find_zone(zone)
    seasons = [clock.utcoffset(day) or timedelta() for day in _SEASONS] if clock else []
    # What a zone is called today says nothing of other times that it once had.
    if offset in seasons:
        kind = "standard" if offset == min(seasons) else "daylight"
        locale = find_locale(language)
        meta = get_global("meta_zones").get(zone)
        for names in (locale.time_zones.get(zone, {}), locale.meta_zones.get(meta, {})):
            name = str(names.get("short", {}).get(kind) or "")
            if any(letter.isalpha() for letter in name):
                return name
    minutes = round(abs(offset).total_seconds() / 60)
    sign = "-" if offset < timedelta() else "+"
    distance = f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}" if minutes else "UTC"
    return _spell_digits(distance, language)


@lru_cache(maxsize=1_000)
def _name_zone(zone: str, language: str) -> str:
    locale = find_locale(language)
    if zone in _UNIVERSAL:
        names = locale.time_zones.get("Etc/UTC", {}).get("long", {})
        return str(names.get("standard", "UTC"))
    if zone == "GMT" or zone.startswith("Etc/"):
        return zone.removeprefix("Etc/")
    try:
        return get_timezone_name(find_zone(zone), locale=locale)
    except LookupError:
        return zone  # a zone that belongs to no territory has no name in some languages
