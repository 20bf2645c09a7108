"""Rule: a heading gets an id from its words, and a page's headings follow each other without a gap."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore

from archiver.markdown.context import gathered_of
from archiver.sanitize import ID_MARK
from archiver.urls import spell_slug

_HEADING = re.compile(r"<(/?)h([1-6])(?=[ >])")


def anchor_headings(state: StateCore) -> None:
    """Give every heading a fragment that is its own in this text."""
    fragments = gathered_of(state).fragments
    taken = set(fragments)
    counts: dict[str, int] = {}
    for position, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        children = state.tokens[position + 1].children or []
        words = spell_slug("".join(child.content for child in children))
        fragment, count = words, counts.get(words, 1)
        while fragment in taken:
            count += 1
            fragment = f"{words}-{count}"
        counts[words] = count
        taken.add(fragment)
        fragments.append(fragment)
        token.attrSet("id", ID_MARK + fragment)


def fit_headings(html: str, top: int) -> str:
    """Headings moved below the one that stands over them: the first is `top`, none skips a level."""
    if "<h" not in html:
        return html
    depth: list[int] = []
    current = top

    def fit(match: re.Match[str]) -> str:
        nonlocal current
        if match[1]:
            return f"</h{current}"
        level = int(match[2])
        while depth and depth[-1] >= level:
            depth.pop()
        depth.append(level)
        current = min(6, top + len(depth) - 1)
        return f"<h{current}"

    return _HEADING.sub(fit, html)
