"""The ways in which a style sheet loads something, found in its tokens (CSS Syntax 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.audit.addresses import judge_address
from archiver.audit.findings import Finding

# Functions whose strings are addresses.
FUNCTIONS = frozenset({"url", "src", "image", "image-set", "-webkit-image-set"})
# Rules whose strings are addresses, and of what kind of file.
AT_RULES = {"import": ".css"}
# Rules whose addresses are only names.
NAMES = frozenset({"namespace"})
# Rules that name an encoding, which may hide everything.
ENCODINGS = frozenset({"charset"})
# Functions that put in what stands elsewhere, so that an address can't be seen where it is used.
SUBSTITUTES = frozenset({"var", "env", "attr", "if", "inherit"})

_ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\n\r\f])?|[^\n\r\f0-9a-fA-F])"
_NAME = rf"(?:[\w\-\x80-\U0010ffff]|{_ESCAPE})+"
_TOKEN = re.compile(
    r"/\*.*?(?:\*/|\Z)"
    r'|"(?P<double>(?:[^"\\\n\r\f]|\\(?:\r\n|.|\Z))*)"?'
    r"|'(?P<single>(?:[^'\\\n\r\f]|\\(?:\r\n|.|\Z))*)'?"
    rf"|@(?P<rule>{_NAME})"
    rf"|(?P<name>{_NAME})(?P<call>\()?"
    r"|(?P<mark>[(){};])",
    re.DOTALL,
)
# An address without quotes; one that begins with a quote is a string.
_BARE = re.compile(rf"[ \t\n\r\f]*((?!['\" \t\n\r\f])(?:[^)\\]|{_ESCAPE}|\\)*)", re.DOTALL)
_ESCAPED = re.compile(
    r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\n\r\f])?|(\r\n|[\n\r\f])|(.))", re.DOTALL
)


def audit_style(text: str, path: str) -> Iterator[Finding]:
    """What a style sheet, or what stands in `style`, loads from outside the folder.

    `path` is that of the file in the built folder. Offsets are in the text.
    """
    calls: list[str] = []
    rule, at = "", 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        if match["rule"]:
            rule = _unescape(match["rule"]).lower()
        elif match["call"]:
            name = _unescape(match["name"]).lower()
            if name in SUBSTITUTES and FUNCTIONS.intersection(calls[-50:]):
                yield Finding(
                    "leak",
                    f"`{calls[-1]}()` may load anything: its address comes from `{name}()`",
                    match.start(),
                    len(match[0]),
                )
            bare = _BARE.match(text, at) if name == "url" else None
            if bare:
                at = bare.end()
            if bare and name in FUNCTIONS:
                yield from _judge(bare[1], path, rule, name, bare.start(1))
            calls.append(name)
        elif match["double"] is not None or match["single"] is not None:
            group = "double" if match["double"] is not None else "single"
            if rule in ENCODINGS and match[group].lower() != "utf-8":
                yield Finding("not-audited", "the style sheet is not UTF-8", match.start(group))
            elif rule in AT_RULES or (calls and calls[-1] in FUNCTIONS):
                name = calls[-1] if calls else ""
                yield from _judge(match[group], path, rule, name, match.start(group))
        elif match["mark"] == "(":
            calls.append("")
        elif match["mark"] == ")":
            del calls[-1:]
        elif match["mark"]:
            rule = ""
            # No function reaches over a block's end.
            if match["mark"] == "}":
                calls.clear()


def _judge(raw: str, path: str, rule: str, function: str, offset: int) -> Iterator[Finding]:
    if rule in NAMES:
        return
    address = _unescape(raw).strip(" \t\n\r\f")
    who = f"`@{rule}`" if rule in AT_RULES else f"`{function}()`"
    width = max(1, len(raw.rstrip()))
    for found in judge_address(address, path, who=who, picture=rule not in AT_RULES):
        yield Finding(found.code, found.message, offset, width)
    suffix = AT_RULES.get(rule, "")
    if not names_kind(address, suffix):
        yield Finding(
            "not-audited", f"{who} loads a file that is not named `{suffix}`", offset, width
        )


def names_kind(address: str, *suffixes: str) -> bool:
    """Whether an address names a file with one of some endings, without which it goes unread here."""
    return re.split(r"[?#]", address.strip(), maxsplit=1)[0].lower().endswith(suffixes)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_read_escape, text) if "\\" in text else text


def _read_escape(match: re.Match[str]) -> str:
    if match[1]:
        number = int(match[1], 16)
        legal = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
        return chr(number) if legal else "\ufffd"
    return match[3] or ""
