"""Rule: links between content files become links between pages, and each is checked."""

from __future__ import annotations

from urllib.parse import unquote

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from archiver.markdown.context import Context, Gathered, context_of, gathered_of
from archiver.model import Link
from archiver.sanitize import ID_MARK, LINK_MARK, SCHEMES
from archiver.urls import is_remote, quote_path, scheme_of


def resolve_links(state: StateCore) -> None:
    """Spell every relative link as the page or file it means; report those that mean nothing."""
    for block in state.tokens:
        for token in block.children or []:
            if token.type == "link_open":
                _resolve(token, block, context_of(state), gathered_of(state))


def _resolve(token: Token, block: Token, context: Context, gathered: Gathered) -> None:
    address = str(token.attrs.get("href", ""))
    scheme = scheme_of(address)
    if scheme:
        if scheme not in SCHEMES:
            context.report.warn(
                "link-not-kept",
                f"the link to `{address}` is not kept, only its words",
                context.locate(block.map, address),
                f"links may begin with {', '.join(f'{one}:' for one in sorted(SCHEMES))}",
            )
        return
    path, _, quoted = address.partition("#")
    fragment = unquote(quoted)
    place = context.locate(block.map, address)
    if is_remote(address):
        context.report.error(
            "broken-link",
            f"`{address}` leads out of the archive",
            place,
            "an address on the web begins with https://; a link to an entry is relative and ends with .md",
        )
        return
    # Where the fragment begins: that is what is reported if it is not there.
    column = place.excerpt.find("#", place.column - 1) + 1 or place.column
    if not path and not context.detached:
        gathered.links.append(
            Link(context.matter.source.path, fragment, place.path, place.line, column)
        )
        token.attrSet("href", f"#{ID_MARK}{quote_path(fragment)}")
        return
    if path.endswith(".md") or not path:
        target = context.find_content(path) if path else context.matter.source.path
        found = context.find_page(target)
        if found is None:
            context.report.error(
                "broken-link",
                f"there is no published entry `{target}`",
                place,
                "links go to content files, as seen from this one",
            )
            return
        href, anchor = found
        if not href:
            context.report.warn(
                "link-left-out",
                f"`{target}` is not part of this build; its link is only words here",
                place,
                "with a `base_url` in content/site.md it would lead to the whole archive",
            )
            del token.attrs["href"]
            return
        if fragment:
            gathered.links.append(Link(target, fragment, place.path, place.line, column))
            href = f"{href}#{quote_path(f'{anchor}.{fragment}')}"
        token.attrSet("href", href if scheme_of(href) else LINK_MARK + href)
        return
    medium = context.find_media(path)
    if medium is None:
        context.report.error(
            "broken-link",
            f"there is no file `{address}` in the coverage's media/",
            place,
            "an address on the web begins with https://; a link to an entry is relative and ends with .md",
        )
        return
    token.attrSet("href", LINK_MARK + quote_path(medium))
