"""Markdown to Body: CommonMark with tables, strikethrough and footnotes, and the rules of this package.

A rule is a function of markdown-it's state, in a file of its own; `RULES` is their order, and the
whole of it. What the rules make themselves (pictures, embeds) goes into numbered slots, so that the
sanitiser sees only other people's markup and the theme decides how a slot looks.
"""

from __future__ import annotations

import re
from functools import cache

from mdit_py_plugins.footnote import footnote_plugin
from msgspec.structs import replace

from archiver.embeds import may_hold_wall
from archiver.markdown.blocks import fill_embeds
from archiver.markdown.context import Context, Gathered
from archiver.markdown.elements import block_elements
from archiver.markdown.footnotes import anchor_footnotes
from archiver.markdown.headings import anchor_headings
from archiver.markdown.links import resolve_links
from archiver.markdown.markup import lift_markup, number_tags
from archiver.markdown.parser import Parser
from archiver.markdown.pictures import frame_pictures
from archiver.markdown.plain import take_plain
from archiver.markdown.quotes import attribute_quotes
from archiver.markdown.references import mend_references
from archiver.markdown.slots import read_text_of
from archiver.markdown.tables import align_cells
from archiver.model import Body
from archiver.sanitize import ID_MARK, LINK_MARK, MAXIMUM_DEPTH, judge_shape, sanitize_html
from archiver.urls import quote_path

__all__ = ["Context", "render_body", "render_line"]

RULES = (
    mend_references,
    number_tags,
    anchor_headings,
    align_cells,
    fill_embeds,
    frame_pictures,
    resolve_links,
    attribute_quotes,
)


@cache
def _make_parser() -> Parser:
    parser = Parser()
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    anchor_footnotes(parser)
    block_elements(parser)
    for rule in RULES:
        parser.core.ruler.push(rule.__name__, rule)
    return parser


def render_body(text: str, context: Context) -> Body:
    """A Markdown text as a Body; problems go to the context's report. Never raises."""
    if not text.strip():
        return Body(markdown=text.strip("\n"))
    is_walled = may_hold_wall(text)
    begun, said, rest = ("", "", 0) if is_walled else take_plain(text)
    if rest == len(text):
        return Body(markdown=text.strip("\n"), html=begun, text=said)
    if rest:
        context = replace(context, first_line=context.first_line + text.count("\n", 0, rest))
    gathered = Gathered()
    env = {"context": context, "gathered": gathered}
    html = _make_parser().render(text[rest:], env)
    # Raw HTML may be of any shape, and Markdown nests as deep as there are asterisks.
    fault = judge_shape(html) if gathered.tags or html.count("<") > MAXIMUM_DEPTH else ""
    if fault:
        _refuse_shape(fault, context, gathered)
        return Body(markdown=text.strip("\n"), html="<p></p>")
    if gathered.tags or is_walled:
        html = lift_markup(html, context, gathered)
    html = _settle_ids(sanitize_html(html), context)
    return Body(
        markdown=text.strip("\n"),
        html=begun + html,
        text="\n".join(filter(None, (said, read_text_of(html)))),
        slots=tuple(gathered.slots),
        links=tuple(gathered.links),
        fragments=tuple(gathered.fragments),
    )


def render_line(text: str, context: Context) -> Body:
    """A Markdown text of one paragraph, without its `<p>`: a key point, a notice."""
    body = render_body(text, context)
    match = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>\s*", body.html, re.DOTALL)
    if match is None:
        return body
    return Body(
        markdown=body.markdown,
        html=match[1],
        text=body.text,
        slots=body.slots,
        links=body.links,
        fragments=body.fragments,
    )


def _refuse_shape(fault: str, context: Context, gathered: Gathered) -> None:
    context.report.error(
        "unreadable-html",
        f"the text would take too long to be read: {fault}",
        context.locate(None, gathered.tags[0].text if gathered.tags else ""),
        "no page needs that: is the HTML broken?",
    )


def _settle_ids(html: str, context: Context) -> str:
    """Ids made unique on any page that shows the body beside others."""
    html = html.replace(LINK_MARK, "")
    if ID_MARK not in html:
        return html
    linked = html.replace(f'"#{ID_MARK}', f'"#{quote_path(context.anchor)}.')
    return linked.replace(ID_MARK, f"{context.anchor}.")
