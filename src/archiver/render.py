"""One Page to bytes: the table of renderers by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archiver.feeds import write_atom, write_json_feed
from archiver.model import Page
from archiver.pages.views import PostView
from archiver.search import write_texts
from archiver.sitemaps import write_robots, write_sitemap, write_sitemap_index
from archiver.theme import Theme

Renderer = Callable[[Page, Theme], bytes]


def _render_template(page: Page, theme: Theme) -> bytes:
    return theme.render(page)


def _render_atom(page: Page, theme: Theme) -> bytes:
    return write_atom(page.view, _make_shower(page, theme))


def _render_json_feed(page: Page, theme: Theme) -> bytes:
    return write_json_feed(page.view, _make_shower(page, theme))


def _render_texts(page: Page, theme: Theme) -> bytes:
    return write_texts(page.view)


def _make_shower(page: Page, theme: Theme) -> Callable[[PostView], str]:
    words = theme.words(page.view.language)
    return lambda post: str(theme.show_post(post, words))


RENDERERS: Mapping[str, Renderer] = {
    "index": _render_template,
    "timeline": _render_template,
    "part": _render_template,
    "entry": _render_template,
    "alias": _render_template,
    "names": _render_template,
    "list": _render_template,
    "lost": _render_template,
    "provenance": _render_template,
    "search": _render_template,
    "atom": _render_atom,
    "json-feed": _render_json_feed,
    "texts": _render_texts,
    "sitemap": lambda page, theme: write_sitemap(page.view),
    "sitemap-index": lambda page, theme: write_sitemap_index(page.view),
    "robots": lambda page, theme: write_robots(page.view),
}


def render_page(page: Page, theme: Theme) -> bytes:
    """The bytes of a page of any kind but `file`, which is copied, and `drawing`, which is cleaned."""
    return RENDERERS[page.kind](page, theme)
