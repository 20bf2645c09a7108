"""Rule: raw HTML that the sanitiser will take away is told, with its place."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore

from archiver.markdown.context import Context, context_of
from archiver.sanitize import DROPPED, TAGS
from archiver.urls import scheme_of

_OPENING = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)")
_LINK = re.compile(r"""<a\s[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


def warn_of_html(state: StateCore) -> None:
    """Warn of each element in raw HTML that no page will show."""
    for token in state.tokens:
        parts = [token] if token.type == "html_block" else token.children or []
        for part in parts:
            if part.type not in ("html_block", "html_inline"):
                continue
            _warn_of_links(part.content, token.map, context_of(state))
            for match in _OPENING.finditer(part.content):
                if match[1].lower() in TAGS:
                    continue
                context = context_of(state)
                context.report.warn(
                    "html-not-kept",
                    f"the HTML element `<{match[1]}>` is not kept, "
                    + (
                        "nor what is in it"
                        if match[1].lower() in DROPPED
                        else "only the words in it"
                    ),
                    context.locate(token.map, match[0]),
                    "write what it showed as Markdown, or as an `embed` block",
                )


def _warn_of_links(html: str, lines: list[int] | None, context: Context) -> None:
    for match in _LINK.finditer(html):
        if not scheme_of(match[1]):
            context.report.warn(
                "html-link-not-kept",
                f"the link to `{match[1]}` is not kept: in raw HTML it cannot be checked",
                context.locate(lines, match[1]),
                "write it as a Markdown link",
            )
