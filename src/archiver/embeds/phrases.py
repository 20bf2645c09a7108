"""What consent walls say in each language, as rules to recognise them by; `phrases.toml` is the data."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from archiver.embeds.providers import PROVIDERS

# Those that walls name and that embed nothing by themselves.
_OTHERS = "meta google riddle snapchat whatsapp omny playbuzz typeform sketchfab matterport".split()
# Names that stand in walls, in lower case, and the provider each means.
NAMES = {
    **{provider.name.casefold(): provider.slug for provider in PROVIDERS},
    **{name: name for name in _OTHERS},
} | {
    unicodedata.normalize("NFC", name): provider
    for provider, names in {
        "": "a third party|third party|third-party|external|social media",
        "twitter": "twitter|твитер|твиттер|твіттер|تويتر|توییتر|توئیتر|ٹوئٹر|ټویټر|ट्विटर|টুইটার|推特",
        "x": "x|x (formerly twitter)|x (twitter)|x/twitter|twitter/x",
        "youtube": "youtube|google youtube|you tube|ютуб|јутјуб|يوتيوب|یوتیوب|یوٹیوب|यूट्यूब|ইউটিউব",
        "instagram": "instagram|инстаграм|انستغرام|إنستغرام|اینستاگرام|انسٹاگرام|इंस्टाग्राम",
        "facebook": "facebook|фейсбук|фејсбук|فيسبوك|فیس بوک|فیسبوک|فیس بک|फ़ेसबुक|फेसबुक|ফেসবুক|臉書",
        "tiktok": "tiktok|tik tok|тикток|تيك توك|تیک تاک|ٹک ٹاک",
        "telegram": "telegram|телеграм|تيليغرام|تلگرام",
    }.items()
    for name in names.split("|")
}
LONGEST_NAME = 40
# Soft hyphens, joiners and marks of direction: copying adds some and loses others.
_JOINERS = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF)
_INVISIBLE = "".join(map(chr, (*_JOINERS, *range(0x2066, 0x206A))))
ASKS = "?？؟"
# In a paragraph, a name with what is glued to it; no sentence ends there.
_WORDS = r"(?:(?![.!?।。]\s).){1,60}?"
_NAME = rf"(?P<name>[^\s{ASKS}](?:[^\n{ASKS}]{{0,{LONGEST_NAME - 2}}}?[^\s{ASKS}])??)"


class Phrases(Struct, frozen=True, forbid_unknown_fields=True):
    """What walls say in one language; `phrases.toml` explains the fields."""

    language: str
    heading: str = ""
    body: tuple[str, ...] = ()
    button: str = ""
    gone: str = ""
    link: str = ""
    warning: str = ""
    skip: str = ""
    end: str = ""


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """All of `phrases.toml`."""

    furniture: tuple[str, ...]
    phrases: tuple[Phrases, ...]


# A word's first character, the word, and other words.
Mark = tuple[str, str, tuple[str, ...]]


class Rules(Struct, frozen=True):
    """The phrases as patterns."""

    headings: tuple[re.Pattern[str], ...]
    body: re.Pattern[str]
    buttons: frozenset[str]
    agreeing: re.Pattern[str]
    gone: frozenset[str]
    links: tuple[re.Pattern[str], ...]
    furniture: re.Pattern[str]
    warning: re.Pattern[str]
    skips: tuple[re.Pattern[str], ...]
    ends: tuple[re.Pattern[str], ...]


def name_provider_of(name: str) -> str:
    """The provider of a name as a wall writes it; an unknown one in lower case with hyphens."""
    folded = " ".join(clean(name).casefold().split()).strip("'\"“”‘«»[]")
    known = NAMES.get(folded)
    if known is not None:
        return known
    return "-".join(re.findall(r"[^\s\-_/.,:;!()\[\]{}<>\"'“”‘«»|\\]+", folded))


def clean(text: str) -> str:
    """A text composed (NFC), with plain apostrophes, without what cannot be seen."""
    if text.isascii():
        return text
    for mark in _INVISIBLE:
        if mark in text:
            text = text.replace(mark, "")
    if "’" in text:
        text = text.replace("’", "'")
    return unicodedata.normalize("NFC", text)


def level(text: str) -> str:
    """A cleaned text in lower case, without the marks that are written in every language: so most
    texts in English are ASCII, which says much of what they can't hold.
    """
    if not text.isascii():
        text = text.replace("’", "'")
        for mark in "“”‘–—…":
            text = text.replace(mark, " ")
    return clean(text).lower()


def fold(text: str) -> str:
    return text.casefold().strip(" .…,:;'\"“”‘’«»[]()>→")


@cache
def read_marks() -> dict[tuple[bool, bool], tuple[Mark, ...]]:
    """What a wall cannot do without, by whether its text is ASCII and whether it asks."""
    texts = [text for p in _read_table().phrases for text in (p.heading, p.link) if text]
    return {
        (ascii_only, asking): tuple(
            dict.fromkeys(
                _mark(text)
                for text in texts
                if (asking or text[-1] not in ASKS)
                and (not ascii_only or level(text.lstrip("¿")).isascii())
            )
        )
        for ascii_only in (False, True)
        for asking in (False, True)
    }


@cache
def read_rules() -> Rules:
    """The phrases as patterns; compiling them takes longer than most sites without walls should wait."""
    table = _read_table()
    phrases = table.phrases
    buttons = [phrase.button for phrase in phrases if phrase.button]
    openings = [opening.removesuffix("{}") for phrase in phrases for opening in phrase.body]
    warnings = [_spell(phrase.warning, ".{1,90}") for phrase in phrases if phrase.warning]
    return Rules(
        headings=tuple(_compile_heading(phrase.heading) for phrase in phrases if phrase.heading),
        body=re.compile(
            f"(?:{'|'.join(_spell(text, _WORDS) for text in openings)})(?P<rest>.*)",
            re.IGNORECASE | re.DOTALL,
        ),
        buttons=frozenset(fold(clean(button)) for button in buttons),
        agreeing=re.compile("|".join(_spell(button) for button in buttons), re.IGNORECASE),
        gone=frozenset(fold(clean(phrase.gone)) for phrase in phrases if phrase.gone),
        links=_compile_lines(phrase.link for phrase in phrases),
        furniture=re.compile(f"(?:{'|'.join(map(_spell, table.furniture))})\\Z", re.IGNORECASE),
        warning=re.compile(rf"(?:{'|'.join(warnings)})[\s.።。။।]*", re.IGNORECASE),
        skips=_compile_lines(phrase.skip for phrase in phrases),
        ends=_compile_lines(phrase.end for phrase in phrases),
    )


@cache
def _read_table() -> Table:
    text = Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Table)


def _compile_heading(text: str) -> re.Pattern[str]:
    asked = text.rstrip(ASKS)
    after = "" if asked == text else rf" ?[{ASKS}]+"
    # A platform's name that ends a line ends with the line.
    if asked.endswith("{}") and not after:
        after = r"\Z"
    return re.compile(_spell(asked.lstrip("¿"), _NAME).join(("¿? ?", after)), re.IGNORECASE)


def _compile_lines(texts: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Whole lines; phrases that differ in nothing are one."""
    return tuple(
        re.compile(_spell(text, _NAME), re.IGNORECASE) for text in dict.fromkeys(texts) if text
    )


def _spell(text: str, name: str = "") -> str:
    """A phrase as a pattern, with `name` in its gap."""
    pieces = [re.escape(re.sub(r"\s+", " ", piece)) for piece in clean(text).split("{}")]
    return name.join(pieces)


def _mark(text: str) -> Mark:
    """The longest word of a phrase after its first character, and the other words."""
    words = re.findall(rf"[^\s{{}}{ASKS}¿()]+", level(text))
    words.sort(key=len, reverse=True)
    return words[0][0], words[0], tuple(words[1:])
