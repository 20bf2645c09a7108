"""The names and addresses by which a script reaches a network, or runs what it has read.

A script is searched as text, comments and strings too: what is a comment takes a parser of
JavaScript to know, and a word that has no business in a script can be left out of its comments.
A script that means to hide what it does can hide it from any reading: these rules keep honest
scripts honest, and the policy of the page and the digests in SHA256SUMS do the rest.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator

from archiver.audit.findings import Finding, show

# Name → the pattern that shows it in use.
REACHES = {
    "fetch": r"\bfetch\b",
    "XMLHttpRequest": r"\bXMLHttpRequest\b",
    "ActiveXObject": r"\bActiveXObject\b",
    "WebSocket": r"\bWebSocket(?:Stream)?\b",
    "EventSource": r"\bEventSource\b",
    "WebTransport": r"\bWebTransport\b",
    "RTCPeerConnection": r"\b(?:webkit|moz)?RTCPeerConnection\b",
    "PresentationRequest": r"\bPresentationRequest\b",
    "sendBeacon": r"\bsendBeacon\b",
    "importScripts": r"\bimportScripts\b",
    "import": r"\bimport(?:\s*[(\"'{*]|\s+[\w$]+(?:\s*,|\s+from\b))",
    "export from": r"\bexport\b[^;\n]{0,1000}\bfrom\s*[\"']",
    "Worker": r"\b(?:Shared)?Worker\b",
    "serviceWorker": r"\bserviceWorker\b",
    "addModule": r"\baddModule\b",
    "new Image": r"\bnew\s+(?:window\.|self\.|globalThis\.)?Image\b",
    "new Audio": r"\bnew\s+(?:window\.|self\.|globalThis\.)?Audio\b",
    "open": r"(?:\b(?:window|self|globalThis|top|parent)\s*\.\s*|(?<![\w$.]))open\s*\(",
    "location": r"\blocation(?:\s*\.\s*href)?\s*=(?!=)",
    "location.assign": r"\blocation\s*\.\s*(?:assign|replace)\b",
    "form.submit": r"\.\s*(?:submit|requestSubmit)\s*\(",
}
RUNS = {
    "eval": r"\beval\b",
    "Function": r"\bFunction\s*\(",
    "constructor": r"\bconstructor\s*\(\s*[\"'`]|\.\s*constructor\s*\.\s*constructor\b",
    "setTimeout": r"\bset(?:Timeout|Interval)\s*\(\s*[\"'`]",
    "document.write": r"\bdocument\s*\.\s*writeln?\b",
    "insertAdjacentHTML": r"\binsertAdjacentHTML\b",
    "createContextualFragment": r"\bcreateContextualFragment\b",
    "setHTMLUnsafe": r"\b(?:setHTMLUnsafe|parseHTMLUnsafe)\b",
    "srcdoc": r"\bsrcdoc\b",
    "execScript": r"\bexecScript\b",
    "a computed name of the window": (
        r"\b(?:window|self|globalThis|frames|navigator)\s*(?:\?\.)?\s*\[(?!\s*\d)"
    ),
}
# Names of vocabularies (XML namespaces) are no addresses: nothing is loaded from them.
_VOCABULARY = (
    r"http://www\.w3\.org/(?:1999/xhtml|1999/xlink|2000/svg|2000/xmlns/?|1998/Math/MathML)[\"'`]"
)
# A literal that is, or within a line holds, an address of another place.
_ADDRESS = re.compile(
    rf"[\"'`](?!{_VOCABULARY})"
    r"((?:[^\"'`\n]*?\b[a-z][a-z0-9+.-]{1,20}:[/\\]{2}|\s*(?:[/\\]{2,}+(?![\s*]|$)|/(?=[\w~.])"
    r"|(?:https?|wss?|ftp|file|data|blob|javascript|vbscript):))[^\"'`\s]*)",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{0*([0-9a-fA-F]{1,6})\})")


# A file of data for a script: one call, and nothing but JSON between its brackets.
_DATA = re.compile(r"archiverSearch\.take\((.*)\);\s*", re.DOTALL)


def is_data(text: str) -> bool:
    """Whether a script only hands over what JSON can say: whatever they say, nothing of it
    runs. What takes them is a script like others."""
    match = _DATA.fullmatch(text)
    if match is None:
        return False
    try:
        json.loads(f"[{match[1]}]", object_pairs_hook=_judge_members)
    except (ValueError, RecursionError):
        return False
    return True


def _judge_members(members: list[tuple[str, object]]) -> None:
    # In a script, unlike in JSON, a member called `__proto__` does something.
    if any(name == "__proto__" for name, _ in members):
        raise ValueError


def audit_script(text: str) -> Iterator[Finding]:
    """What in a script reaches a network, names another place, or runs text; offsets are in the text."""
    if is_data(text):
        return
    plain, spots = _decode(text)
    for table, code, deed in (
        (REACHES, "leak", "can reach a network"),
        (RUNS, "runs-script", "can run what it has read"),
    ):
        for name, pattern in table.items():
            for match in re.finditer(pattern, plain):
                where = _find_offset(spots, match.start())
                yield Finding(
                    code, f"the script {deed}: it uses `{name}`", where, match.end() - match.start()
                )
    for match in _ADDRESS.finditer(plain):
        yield Finding(
            "leak",
            f"the script holds the address {show(match[1])}",
            _find_offset(spots, match.start(1)),
            len(match[1]),
        )


def _decode(text: str) -> tuple[str, list[tuple[int, int]]]:
    r"""A script with its escapes of ASCII letters and marks (`\u0066`) read, and where its parts were.

    That is a list of (offset in what was read, offset in the text), sorted.
    """
    parts: list[str] = []
    spots = [(0, 0)]
    length = at = 0
    for match in _WRITTEN.finditer(text):
        char = chr(min(int(match[1] or match[2] or match[3], 16), 0x10FFFF))
        # Quotes and line breaks would end a literal that they are only part of.
        if "!" <= char <= "~" and char not in "\"'`":
            parts += (text[at : match.start()], char)
            length += match.start() - at + 1
            at = match.end()
            spots.append((length, at))
    return "".join([*parts, text[at:]]), spots


def _find_offset(spots: list[tuple[int, int]], offset: int) -> int:
    here, there = spots[bisect_right(spots, offset, key=lambda spot: spot[0]) - 1]
    return there + offset - here
