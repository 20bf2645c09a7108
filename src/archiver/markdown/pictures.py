"""Rule: a picture by itself becomes a figure with caption and credit; a missing or remote one, a gap."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from archiver.diagnostics import Place
from archiver.markdown.context import Context, context_of, gathered_of, make_token
from archiver.markdown.slots import mark_slot
from archiver.model import Media, MediaKind
from archiver.urls import is_remote, quote_path

_KINDS = {
    MediaKind.VIDEO: ("mp4", "webm", "ogv", "mov", "m4v"),
    MediaKind.AUDIO: ("mp3", "m4a", "ogg", "oga", "opus", "wav", "flac", "aac"),
    MediaKind.DOCUMENT: ("pdf", "csv", "txt", "docx", "xlsx", "zip", "json"),
}
_CREDIT = re.compile(r"(?:^|\s)Credit:\s*(?P<credit>(?:(?!\sCredit:).)+)$", re.DOTALL)


def frame_pictures(state: StateCore) -> None:
    """Take every picture out of the text and into a slot."""
    tokens: list[Token] = []
    for token in state.tokens:
        children = token.children or []
        if not any(child.type == "image" for child in children):
            tokens.append(token)
            continue
        alone = all(
            child.type in ("image", "softbreak") or not child.content.strip()
            for child in children
            if child.type != "hardbreak"
        ) and (tokens[-1].type == "paragraph_open" if tokens else False)
        slots = [_fill_slot(state, token, child, inline=not alone) for child in children]
        if alone:
            opening = tokens.pop()
            for slot in slots:
                if slot.type == "html_inline":
                    figure = make_token("html_block", "", 0)
                    figure.content = slot.content + "\n"
                    figure.map = opening.map
                    tokens.append(figure)
            tokens.append(_SKIP)
        else:
            token.children = slots
            tokens.append(token)
    state.tokens = _drop_closings(tokens)


# Stands where a paragraph was dissolved, so that its closing tag goes too.
_SKIP = Token("dissolved", "", 0)


def _drop_closings(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    dissolved = False
    for token in tokens:
        if token is _SKIP:
            dissolved = True
        elif dissolved and token.type == "paragraph_close":
            dissolved = False
        else:
            kept.append(token)
    return kept


def _fill_slot(state: StateCore, block: Token, token: Token, inline: bool) -> Token:
    if token.type != "image":
        return token
    context, gathered = context_of(state), gathered_of(state)
    address = str(token.attrs.get("src", ""))
    alt = " ".join(_read_alt(token).split())
    place = context.locate(block.map, address)
    title = str(token.attrs.get("title", ""))
    media = find_picture(address, alt, title, place, context)
    if not alt and media.kind is MediaKind.PICTURE:
        context.report.warn(
            "picture-without-alt",
            "the picture has no alt text",
            place,
            "say between `[` and `]` what it shows, for those who cannot see it",
        )
    slot = Token("html_inline", "", 0)
    slot.content = mark_slot(len(gathered.slots), inline)
    gathered.slots.append(media)
    return slot


def _read_alt(token: Token) -> str:
    return "".join(
        child.content if child.content else " " if "break" in child.type else _read_alt(child)
        for child in token.children or []
    )


def find_picture(address: str, alt: str, title: str, place: Place, context: Context) -> Media:
    """A medium by its address: one of the coverage's own, or a gap that a warning tells of."""
    match = _CREDIT.search(title)
    credit = match["credit"].strip() if match else ""
    caption = (title[: match.start()] if match else title).strip()
    kind = _find_kind(address)
    if is_remote(address):
        context.report.warn(
            "remote-media",
            f"`{address}` is on another host and is not shown",
            place,
            "save it in the coverage's media/ folder and write `media/…` here",
        )
        return Media(kind, "", alt, caption, credit, address)
    found = context.find_media(address)
    if found is None:
        context.report.warn(
            f"missing-{kind.value}",
            f"there is no file `{address}`; the page shows a gap",
            place,
            f"put it into {context.folder}/media/",
        )
        return Media(kind, "", alt, caption, credit, address)
    return Media(kind, quote_path(found), alt, caption, credit)


def _find_kind(address: str) -> MediaKind:
    ending = address.split("?")[0].split("#")[0].rpartition(".")[2].lower()
    for kind, endings in _KINDS.items():
        if ending in endings:
            return kind
    return MediaKind.PICTURE
