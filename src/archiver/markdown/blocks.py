"""Rule: a fenced block whose first word is `embed` becomes an embed in a slot."""

from __future__ import annotations

from markdown_it.rules_core import StateCore

from archiver.diagnostics import Place
from archiver.embeds import read_block
from archiver.markdown.context import context_of, gathered_of, make_token
from archiver.markdown.pictures import add_poster, find_picture
from archiver.markdown.slots import mark_slot
from archiver.model import Media


def fill_embeds(state: StateCore) -> None:
    """Read each embed block; where it cannot be read its problems are reported."""
    context, gathered = context_of(state), gathered_of(state)

    def find_media(address: str, place: Place) -> Media:
        return find_picture(address, "", "", place, context)

    for position, token in enumerate(state.tokens):
        if token.type != "fence" or token.info.split()[:1] != ["embed"]:
            continue
        line = context.first_line + (token.map[0] if token.map else 0)
        embed = read_block(
            token.content,
            line + 1,
            context.matter,
            context.zone,
            context.report,
            find_media,
            add_poster,
        )
        if embed is None:
            continue
        slot = make_token("html_block", "", 0)
        slot.content = mark_slot(len(gathered.slots)) + "\n"
        gathered.slots.append(embed)
        state.tokens[position] = slot
