"""Rule: a character reference to what no page may hold becomes the sign for a lost character."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from archiver.matter import FORBIDDEN

_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));?")
_LOST = "\ufffd"
# In HTML these mean the characters of Windows-1252 (&#150; is a dash), but for five that mean nothing.
_WINDOWS = frozenset(range(0x80, 0xA0)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}


def mend_references(state: StateCore) -> None:
    """Forbidden characters cannot be written as such (`matter`); here they cannot be referred to."""
    if "&#" in state.src:
        for token in state.tokens:
            _mend(token)


def _mend(token: Token) -> None:
    if token.type in ("html_block", "html_inline"):
        token.content = _REFERENCE.sub(_replace, token.content)
    token.content = FORBIDDEN.sub(_LOST, token.content)
    for name, value in token.attrs.items():
        token.attrs[name] = FORBIDDEN.sub(_LOST, str(value))
    for child in token.children or ():
        _mend(child)


def _replace(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    if number in _WINDOWS:
        return match[0]
    refers = number > 0x10FFFF or FORBIDDEN.match(chr(number))
    return _LOST if refers else match[0]
