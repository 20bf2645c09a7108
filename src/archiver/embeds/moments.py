"""When a post was published, as the platforms write it into the numbers and the words of their posts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from archiver.model import Stamp
from archiver.times import ENGLISH_MONTHS

# The first numbers made this way, in each platform's count.
_FIRST_TWEET = 29_700_859_247
_TWITTER_EPOCH = 1_288_834_974_657
_INSTAGRAM_EPOCH = 1_314_220_021_721
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_DAY = re.compile(
    rf"(?:[a-z]+day,?\s+)?(?:(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(ENGLISH_MONTHS)}),?|"
    rf"(?P<second>{'|'.join(ENGLISH_MONTHS)})\s+(?P<first>\d{{1,2}}),?)\s+(?P<year>\d{{4}})",
    re.IGNORECASE,
)


def read_moment(provider: str, number: str) -> datetime | None:
    """The moment in UTC that a post's number holds, to the second; None where it holds none.

    Twitter and X: a snowflake, milliseconds above 22 bits (since November 2010). Instagram: the same
    above 23 bits, written in base 64. TikTok: seconds above 32 bits. Mastodon: milliseconds above 16
    bits. Bluesky: microseconds above 10 bits, in the base 32 of the AT Protocol's TID.
    """
    read = _READERS.get(provider)
    milliseconds = read(number) if read else 0
    # Before any of them, or after all of us: a number of another make.
    if not 1_200_000_000_000 < milliseconds < 4_000_000_000_000:
        return None
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def read_stamp(provider: str, number: str, zone: ZoneInfo) -> Stamp | None:
    """The same as a stamp in a zone."""
    moment = read_moment(provider, number)
    if moment is None:
        return None
    local = moment.astimezone(zone)
    return Stamp(local.date(), local)


def read_day(words: str) -> date | None:
    """The day that English words name in full, and nothing but a day."""
    match = _DAY.fullmatch(words.strip())
    if match is None:
        return None
    month = ENGLISH_MONTHS.index((match["month"] or match["second"]).lower()) + 1
    try:
        return date(int(match["year"]), month, int(match["day"] or match["first"]))
    except ValueError:
        return None


def _read_tweet(number: str) -> int:
    value = _read_decimal(number)
    return (value >> 22) + _TWITTER_EPOCH if value >= _FIRST_TWEET else 0


def _read_tiktok(number: str) -> int:
    return (_read_decimal(number) >> 32) * 1000


def _read_mastodon(number: str) -> int:
    return _read_decimal(number) >> 16


def _read_instagram(code: str) -> int:
    # Longer codes are those of private posts: a key follows the number.
    value = _read_digits(code, _BASE64) if len(code) == 11 else 0
    return (value >> 23) + _INSTAGRAM_EPOCH if value else 0


def _read_bluesky(code: str) -> int:
    return (_read_digits(code, _SORTABLE) >> 10) // 1000 if len(code) == 13 else 0


def _read_decimal(number: str) -> int:
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 20 else 0


def _read_digits(code: str, digits: str) -> int:
    value = 0
    for digit in code:
        place = digits.find(digit)
        if place < 0:
            return 0
        value = value * len(digits) + place
    return value


_READERS: dict[str, Callable[[str], int]] = {
    "twitter": _read_tweet,
    "x": _read_tweet,
    "instagram": _read_instagram,
    "tiktok": _read_tiktok,
    "mastodon": _read_mastodon,
    "bluesky": _read_bluesky,
}
