"""Rule: a picture by itself becomes a figure with caption and credit; a missing or remote one, a gap."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from msgspec.structs import replace

from archiver.diagnostics import Place
from archiver.embeds import Shot, read_web_address
from archiver.markdown.context import Context, context_of, gathered_of, make_token
from archiver.markdown.slots import mark_slot
from archiver.media_types import POSTERS, TRANSCRIPTS, find_kind
from archiver.model import Candidate, Facts, Media, MediaKind
from archiver.renditions import WIDTHS, is_shown
from archiver.transcripts import read_transcript
from archiver.urls import copy_path, is_remote, quote_path, scheme_of

# As wide as the column, on a screen of two pixels to a pixel, but not much more.
_POSTER = 1600
_CREDIT = re.compile(r"(?:^|\s)Credit:\s*(?P<credit>(?:(?!\sCredit:).)+)$", re.DOTALL)


def frame_pictures(state: StateCore) -> None:
    """Take every picture out of the text and into a slot."""
    if "![" not in state.src:
        return
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
    """A medium by its address, with the title that Markdown gives it: its caption and credit."""
    match = _CREDIT.search(title)
    credit = match["credit"].strip() if match else ""
    caption = (title[: match.start()] if match else title).strip()
    return make_media(Shot(_find_kind(address), address, alt, caption, credit), place, context)


def make_media(shot: Shot, place: Place, context: Context, pasted: bool = False) -> Media:
    """A picture, film or sound of the coverage's own, or a gap that is told.

    In `pasted` HTML a path may be one at its publisher's: there it stops no build.
    """
    address, scheme = shot.address, scheme_of(shot.address)
    gap = Media(shot.kind, "", shot.alt, shot.caption, shot.credit, address)
    if scheme == "data":
        context.report.warn(
            "remote-media",
            "the picture is written into the text itself and is not shown",
            place,
            "save it as a file in the coverage's media/ folder and write `media/…` here",
        )
        return replace(gap, address="")
    if scheme in ("http", "https") or address.startswith("//"):
        context.report.warn(
            "remote-media",
            f"`{address}` is on another host and is not shown",
            place,
            "save it in the coverage's media/ folder and write `media/…` here",
        )
        return replace(gap, address=read_web_address(address))
    # One letter is the name of a disk.
    if (len(scheme) > 1 and scheme != "file") or not address.strip():
        context.report.warn(
            f"missing-{shot.kind.value}",
            f"`{address}` names no file; the page shows a gap"
            if address.strip()
            else "the address of a file is missing; the page shows a gap",
            place,
            f"put it into {context.folder}/media/",
        )
        return replace(gap, address="")
    if _leads_out(address, context):
        tell = context.report.warn if pasted else context.report.error
        tell(
            "unsafe-path",
            f"`{address}` leads out of the coverage's folder",
            place,
            "put the file into the coverage's media/ folder and write `media/…` here",
        )
        return gap if pasted else replace(gap, address="")
    found = context.find_media(address)
    if found is None:
        context.report.warn(
            f"missing-{shot.kind.value}",
            f"there is no file `{address}`; the page shows a gap",
            place,
            f"put it into {context.folder}/media/",
        )
        return gap
    if found in context.broken:
        return gap
    return _show(replace(gap, href=quote_path(found), address=""), found, context)


def _show(medium: Media, path: str, context: Context) -> Media:
    """A medium that is there, with what is known of it and what is kept beside it."""
    if medium.kind is MediaKind.DOCUMENT:
        return medium
    facts = context.find_facts(path)
    medium = replace(medium, width=facts.width, height=facts.height)
    if medium.kind is MediaKind.PICTURE:
        return replace(medium, candidates=_list_candidates(path, facts))
    transcript = _find_transcript(path, context)
    if medium.kind is MediaKind.VIDEO:
        medium = _find_poster(medium, path, context)
    return replace(medium, transcript=transcript)


def _list_candidates(path: str, facts: Facts) -> tuple[Candidate, ...]:
    """The copies of a picture; the picture too, where it is no wider than they may be."""
    found = [Candidate(quote_path(copy_path(path, width)), width) for width in facts.copies]
    if found and facts.width <= WIDTHS[-1] and is_shown(path):
        found.append(Candidate(quote_path(path), facts.width))
    return tuple(found)


def _find_poster(film: Media, path: str, context: Context) -> Media:
    stem = path.rpartition(".")[0]
    names = (f"{stem}.poster.{ending}" for ending in POSTERS)
    found = next((name for name in names if name in context.media), None)
    if found is None or found in context.broken:
        return film
    facts = context.find_facts(found)
    poster = Media(MediaKind.PICTURE, quote_path(found), width=facts.width, height=facts.height)
    return add_poster(film, replace(poster, candidates=_list_candidates(found, facts)))


def add_poster(film: Media, poster: Media) -> Media:
    """A film with a picture that stands for it; where nothing tells the film's size, it has the picture's."""
    candidates = [one for one in poster.candidates if one.width <= _POSTER]
    href = candidates[-1].href if candidates else poster.href
    if not film.width:
        film = replace(film, width=poster.width, height=poster.height)
    return replace(film, poster=href)


def _find_transcript(path: str, context: Context) -> str:
    stem = path.rpartition(".")[0]
    for ending in TRANSCRIPTS:
        name = f"{stem}.{ending}"
        if name not in context.media:
            continue
        context.find_facts(name)
        words = read_transcript(context.read_words(name), ending == "vtt")
        if words is not None:
            return words
        context.report.warn(
            "broken-transcript",
            "the transcript is not shown: it is not UTF-8, or larger than 1 MiB",
            Place(f"{context.folder}/{name}"),
            "save it as UTF-8",
        )
    return ""


def _leads_out(address: str, context: Context) -> bool:
    """Whether a path is absolute, or climbs out of the coverage, however it is spelled."""
    path = unquote(address.split("?")[0].split("#")[0])
    if is_remote(address) or path.startswith("/") or "\\" in path or "\0" in path:
        return True
    found = context.find_content(address)
    below = posixpath.normpath(posixpath.join(context.folder, path))
    home = context.folder + "/"
    return not found.startswith(home) and not below.startswith(home)


def _find_kind(address: str) -> MediaKind:
    return find_kind(address.split("?")[0].split("#")[0]) or MediaKind.PICTURE
