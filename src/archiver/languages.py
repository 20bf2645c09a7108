"""What is known of a language by its BCP 47 tag: whether it exists, and which way it is written."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale, UnknownLocaleError

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(-(?P<script>[a-z]{4}))?(-(?P<region>[a-z]{2}|\d{3}))?"
    r"(-([a-z\d]{5,8}|\d[a-z\d]{3}))*",
    re.IGNORECASE,
)
# RFC 5646, section 4.4.1.
LONGEST_TAG = 35
_RIGHT_TO_LEFT_SCRIPTS = {"arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg", "mand", "samr"}
_RIGHT_TO_LEFT = set("ar arc ckb dv fa he iw khw ks lrc mzn nqo pnb ps sd syr ug ur yi".split())
_USUAL_MISTAKES = {"uk": "GB", "el": "GR", "en": "GB"}


@cache
def judge_language(tag: str) -> tuple[str, str] | None:
    """Why a tag names no language, with a hint; None where it is fine."""
    match = _TAG.fullmatch(tag) if len(tag) <= LONGEST_TAG else None
    if match is None:
        return f"`{tag}` is not a language tag", "write a BCP 47 tag such as `en-GB`, `cy` or `ar`"
    english = Locale("en")
    if match["language"].lower() not in english.languages:
        return (
            f"there is no language `{match['language']}`",
            "write one such as `en-GB`, `cy` or `ar`",
        )
    region = match["region"]
    if region and region.upper() not in english.territories:
        meant = _USUAL_MISTAKES.get(region.lower())
        hint = f"did you mean `{match['language']}-{meant}`?" if meant else ""
        return f"there is no region `{region}`", hint
    return None


@cache
def find_direction(tag: str) -> str:
    """`rtl` or `ltr`: which way a language is written, by its script where the tag names one."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return "ltr"
    if match["script"]:
        return "rtl" if match["script"].lower() in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if match["language"].lower() in _RIGHT_TO_LEFT else "ltr"


@cache
def find_locale(tag: str) -> Locale:
    """The locale that comes nearest to a language tag; English where none does."""
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        pass
    try:
        return Locale.parse(tag.split("-")[0])
    except (UnknownLocaleError, ValueError):
        return Locale("en")
