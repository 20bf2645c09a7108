"""Rule: raw HTML that the sanitiser will take away is told, with its place."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore

from archiver.markdown.context import context_of
from archiver.sanitize import TAGS

_OPENING = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)")


def warn_of_html(state: StateCore) -> None:
    """Warn of each element in raw HTML that no page will show."""
    for token in state.tokens:
        parts = [token] if token.type == "html_block" else token.children or []
        for part in parts:
            if part.type not in ("html_block", "html_inline"):
                continue
            for match in _OPENING.finditer(part.content):
                if match[1].lower() in TAGS:
                    continue
                context = context_of(state)
                context.report.warn(
                    "html-not-kept",
                    f"the HTML element `<{match[1]}>` is not kept, only the words in it",
                    context.locate(token.map, match[0]),
                    "write what it showed as Markdown, or as an `embed` block",
                )
