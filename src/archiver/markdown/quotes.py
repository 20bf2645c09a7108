"""Rule: the last line of a block quote that begins with a dash says whose words they are."""

from __future__ import annotations

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from archiver.markdown.context import make_token

_DASHES = ("\u2014", "\u2013", "\u2015", "-- ")


def attribute_quotes(state: StateCore) -> None:
    """Move attributions out of their quotes, into a caption below."""
    if ">" not in state.src:
        return
    position = 0
    while position < len(state.tokens):
        if state.tokens[position].type == "blockquote_open":
            _attribute(state.tokens, position)
        position += 1


def _attribute(tokens: list[Token], start: int) -> None:
    level = tokens[start].level
    end = next(
        position
        for position in range(start, len(tokens))
        if tokens[position].type == "blockquote_close" and tokens[position].level == level
    )
    if tokens[end - 1].type != "paragraph_close" or tokens[end - 1].level != level + 1:
        return
    words = tokens[end - 2]
    children = words.children or []
    breaks = [n for n, child in enumerate(children) if child.type in ("softbreak", "hardbreak")]
    cut = breaks[-1] + 1 if breaks else 0
    if cut >= len(children) or not children[cut].content.startswith(_DASHES):
        return
    if cut == 0 and end - 3 == start + 1:
        return  # a quote that is nothing but a line with a dash in front
    caption = Token("inline", "", 0)
    caption.children = children[cut:]
    caption.content = words.content
    moved = [
        make_token("figcaption_open", "figcaption", 1, **{"class": "attribution"}),
        caption,
        make_token("figcaption_close", "figcaption", -1),
        make_token("figure_close", "figure", -1),
    ]
    kept = tokens[start : end - 3] if cut == 0 else tokens[start:end]
    if cut:
        words.children = children[: cut - 1]
    opening = make_token("figure_open", "figure", 1, **{"class": "quote"})
    # The quote itself stands one further on, and is passed over by the caller's next step.
    quote = [tokens[start].copy(type="quote_open", level=level), *kept[1:], tokens[end]]
    tokens[start : end + 1] = [opening, *quote, *moved]
