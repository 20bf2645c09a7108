"""Rule: a table's alignment as a class, since pages carry no inline style."""

from __future__ import annotations

from markdown_it.rules_core import StateCore

_CLASSES = {"text-align:center": "center", "text-align:right": "end"}


def align_cells(state: StateCore) -> None:
    """Turn the parser's `style` attributes into classes; left is the default."""
    if "|" not in state.src:
        return
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            name = _CLASSES.get(str(token.attrs.pop("style")))
            if name:
                token.attrSet("class", name)
        if token.type == "th_open":
            token.attrSet("scope", "col")
