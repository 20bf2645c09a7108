"""A page of the site made ready for the preview: it loads the script that keeps it fresh."""

from __future__ import annotations

import hashlib
import re
from html import escape, unescape

from msgspec import Struct

OWN = "_preview/"
SCRIPT = f"{OWN}preview.js"
STYLE = f"{OWN}preview.css"
EVENTS = f"{OWN}events"
_META = re.compile(rb"<meta\b(?=[^>]*content-security-policy)[^>]*>", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
# What the script needs: itself, the stream of events and the fresh page, and the overlay's style.
_NEEDED = ("script-src", "connect-src", "style-src")
_BLANK = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<p>{title}</p>
</body>
</html>
"""


class Mark(Struct, frozen=True):
    """What a page says of itself to the preview's script: of which version it and its files are."""

    version: str
    files: str


def add_script(html: bytes, mark: Mark) -> bytes:
    """The page with the preview's script, which its policy lets in."""
    head, end, rest = html.partition(b"</head>")
    digest = hashlib.sha256(html).hexdigest()[:16]
    script = (
        f'<script src="/{SCRIPT}" defer data-page="{digest}" data-version="{escape(mark.version)}"'
        f' data-files="{escape(mark.files)}"></script>\n'
    ).encode()
    if not end:
        return html + script
    return _META.sub(_widen_meta, head) + script + end + rest


def widen_policy(policy: str) -> str:
    """A Content-Security-Policy under which a page may also load the preview's own files, and no more."""
    directives: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        words = directive.split()
        if words:
            directives.setdefault(words[0].lower(), words[1:])
    for name in _NEEDED:
        allowed = directives.get(name, directives.get("default-src"))
        if allowed is not None and not {"'self'", "*"} & set(allowed):
            directives[name] = [*(one for one in allowed if one != "'none'"), "'self'"]
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


def make_blank(title: str) -> bytes:
    """A page for where there is none to be shown."""
    return _BLANK.format(title=escape(title)).encode()


def _widen_meta(meta: re.Match[bytes]) -> bytes:
    def widen(content: re.Match[str]) -> str:
        return f'content="{escape(widen_policy(unescape(content[1][1:-1])), quote=False)}"'

    return _CONTENT.sub(widen, meta[0].decode(errors="surrogateescape"), count=1).encode(
        errors="surrogateescape"
    )
