"""A theme: templates, words and assets; a site's own theme lies over the default one, file by file."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import TemplateError
from jinja2.meta import find_referenced_templates
from markupsafe import Markup

from archiver.catalogues import check_catalogue, list_tags, read_catalogue
from archiver.diagnostics import Place, Report, suggest
from archiver.digests import make_digest
from archiver.embeds import make_card
from archiver.icons import MASTER, MAXIMUM_ICON, NAMES, SIZES, draw_icon
from archiver.installed import DEFAULT_THEME, find_default_theme
from archiver.markdown.headings import fit_headings
from archiver.markdown.slots import fill_slots
from archiver.model import Body, Embed, Media, Page
from archiver.pages.views import PostView, Surround
from archiver.regular import OddFileError, read_regular
from archiver.templates import Templates, ThemeError, list_templates, locate_mistake
from archiver.words import Words

__all__ = ["ASSETS", "Theme", "ThemeError", "load_theme"]

ASSETS = "assets"
_FALLBACK = "en"
# How many cards are kept: those of the posts that are on several pages at a time.
MOST_CARDS = 2_000


class Theme:
    """The folders of a theme, the site's own first, and what is read from them."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self._words: dict[str, Words] = {}
        self._surrounds: dict[Surround, SimpleNamespace] = {}
        self._cards: dict[tuple[int, Words], tuple[Embed, str]] = {}

    def __reduce__(self) -> tuple[type[Theme], tuple[tuple[Path, ...]]]:
        """Another process reads for itself what is in the folders."""
        return Theme, (self.folders,)

    def words(self, language: str) -> Words:
        """The words in a language: its own catalogue, that of its main language, else English."""
        if language not in self._words:
            self._words[language] = self._read_words(language)
        return self._words[language]

    def list_assets(self) -> dict[str, Path]:
        """{path in build/: file} of the theme's style, script and icons, sorted.

        Where a site's own theme has an icon, the default theme's are none of its.
        """
        found: dict[str, Path] = {}
        own = self.folders[0] / ASSETS
        has_own = any((own / name).is_file() for name in (*NAMES, MASTER))
        for folder in reversed(self.folders):
            for path in sorted((folder / ASSETS).rglob("*")):
                if has_own and folder != self.folders[0] and path.name in NAMES:
                    continue
                if path.is_file() and not path.name.startswith("."):
                    found[f"{ASSETS}/{path.relative_to(folder / ASSETS).as_posix()}"] = path
        return dict(sorted(found.items()))

    def list_icons(self) -> dict[str, tuple[Path, int]]:
        """{path in build/: the picture that it is made of, and its size} of the icons still to be drawn."""
        master = self.folders[0] / ASSETS / MASTER
        if not master.is_file():
            return {}
        drawn = {f"{ASSETS}/{name}": (master, size) for name, size in SIZES.items()}
        there = self.list_assets()
        return {path: icon for path, icon in drawn.items() if path not in there}

    def draw_icon(self, master: Path, size: int) -> bytes:
        """One of these. ThemeError where it cannot be made."""
        try:
            icon = draw_icon(read_regular(master, MAXIMUM_ICON + 1), size)
        except (OSError, OddFileError):
            icon = None
        if icon is None:
            message = "no icon can be made of it: it is no PNG, or a damaged or very large one"
            raise ThemeError("bad-icon", message, Place(str(master)))
        return icon

    @cached_property
    def icons(self) -> frozenset[str]:
        """The names of the icons that pages may link to."""
        found = {*self.list_assets(), *self.list_icons()}
        return frozenset(name for name in NAMES if f"{ASSETS}/{name}" in found)

    @cached_property
    def digest(self) -> bytes:
        """What stands for all that the theme holds."""
        found = [path for folder in self.folders for path in sorted(folder.rglob("*"))]
        return make_digest(*(part for path in found if path.is_file() for part in _read_part(path)))

    def render(self, page: Page) -> bytes:
        """The page of a template named after the page's kind. ThemeError says what is wrong where."""
        name = f"{page.kind}.html"
        view = page.view
        words = self.words(view.frame.language)
        try:
            show = self._shower(words)
            surround = view.frame.surround
            around = self._surrounds.get(surround)
            if around is None:
                parts = {
                    part: Markup(  # noqa: S704 (a template's own output)
                        self._templates.get_template(f"parts/{part}.html").render(
                            surround=surround, words=words, show=show, icons=self.icons
                        )
                    )
                    for part in ("head", "masthead", "colophon", "tools")
                }
                around = self._surrounds[surround] = SimpleNamespace(**parts)
            text = self._templates.get_template(name).render(
                page=view,
                frame=view.frame,
                surround=surround,
                around=around,
                words=words,
                show=show,
            )
        except ThemeError:
            raise
        except Exception as error:
            raise locate_mistake(error, name, self.folders) from error
        return text.encode()

    def show_body(self, body: Body, words: Words, top: int = 2) -> Markup:
        """A body's HTML with its slots filled and its headings below level `top`."""
        html = fill_slots(body, lambda slot, inline: self._show_slot(slot, inline, words))
        if "<table>" in html:
            # A table wider than a phone scrolls by itself, with the keyboard too.
            html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
            html = html.replace("</table>", "</table></div>")
        return Markup(fit_headings(html, top))  # noqa: S704 (sanitised, see `markdown`)

    def show_post(self, post: PostView, words: Words) -> Markup:
        """A post as feeds have it: its body with what became of it, or what stands in its place.

        ThemeError says what is wrong where.
        """
        name = "parts/text.html"
        try:
            if post.plain:
                return self.show_body(post.body, words)
            template = self._templates.get_template(name)
            text = template.render(post=post, words=words, show=self._shower(words))
        except Exception as error:
            raise locate_mistake(error, name, self.folders) from error
        return Markup(text.strip())  # noqa: S704 (a template's own output)

    def _shower(self, words: Words) -> Callable[..., Markup]:
        def show(body: Body, top: int = 2) -> Markup:
            if not isinstance(body, Body):
                raise TypeError(f"`show` takes a body, and no `{type(body).__name__}`")
            return self.show_body(body, words, top)

        return show

    def _show_slot(self, slot: Media | Embed, inline: bool, words: Words) -> str:
        if isinstance(slot, Embed):
            return self._show_card(slot, words)
        return self._templates.get_template("parts/media.html").render(
            media=slot, inline=inline, words=words
        )

    def _show_card(self, embed: Embed, words: Words) -> str:
        """A post stands on its own page, on one of the timeline, among the newest: its card is made once."""
        # An embed that is kept cannot lose its number to another.
        wanted = (id(embed), words)
        kept = self._cards.get(wanted)
        if kept is None:
            if len(self._cards) >= MOST_CARDS:
                self._cards.clear()
            html = self._templates.get_template("parts/embed.html").render(
                card=make_card(embed),
                words=words,
                show_media=lambda media: Markup(self._show_slot(media, False, words)),  # noqa: S704
            )
            kept = self._cards[wanted] = (embed, html)
        return kept[1]

    @cached_property
    def _templates(self) -> Templates:
        return Templates(self.folders)

    def list_unused(self) -> dict[str, Path]:
        """{name: file} of a site's own templates that nothing asks for: a name may be misspelt."""
        own, default = self.folders[0], self.folders[-1]
        found = list_templates(own)
        asked: set[str | None] = set()
        for path in found.values() if own != default else ():
            try:
                tree = self._templates.parse(path.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError, TemplateError):
                continue  # told when it is used
            asked.update(find_referenced_templates(tree))
        # A name that is put together may be any.
        unused = {} if None in asked else found
        return {
            name: path
            for name, path in unused.items()
            if name not in asked and not (default / name).is_file()
        }

    def list_untranslated(self, language: str) -> tuple[str, ...]:
        """The phrases of the English catalogues that no catalogue of a language has."""
        found = (path for tag in list_tags(language) for path in self._find_catalogues(tag))
        known = {key for path in found for key in read_catalogue(path)}
        english = (read_catalogue(path) for path in self._find_catalogues(_FALLBACK))
        return tuple(dict.fromkeys(key for one in english for key in one if key not in known))

    def _find_catalogues(self, tag: str) -> list[Path]:
        """The catalogues with exactly this tag, the default theme's first."""
        paths = (folder / "words" / f"{tag}.toml" for folder in reversed(self.folders))
        return [path for path in paths if path.is_file()]

    def _read_words(self, language: str) -> Words:
        """A catalogue over the English one, so that a phrase that is not translated is still there."""
        phrases: dict[str, Any] = {}
        english: dict[str, Any] = {}  # as the default theme has them, whose templates fill them
        known = _FALLBACK
        for tag in dict.fromkeys((_FALLBACK, *list_tags(language))):
            for path in self._find_catalogues(tag):
                found = read_catalogue(path)
                if not path.is_relative_to(self.folders[-1]):
                    check_catalogue(path, found, english)
                if tag == _FALLBACK:
                    english = found | english
                phrases |= found
                if tag != _FALLBACK:
                    known = language
        if language.split("-")[0] == _FALLBACK:
            known = language
        return Words(known, phrases)


def _read_part(path: Path) -> tuple[bytes, bytes]:
    try:
        return os.fsencode(path), path.read_bytes()
    except OSError:
        return os.fsencode(path), b""  # told when it is used


def load_theme(root: Path, name: str, place: Place, report: Report) -> Theme:
    """The theme that a site names: `themes/<name>/` in its root, over the default theme."""
    default = find_default_theme()
    themes = root / "themes"
    known = (
        sorted(path.name for path in themes.iterdir() if path.is_dir()) if themes.is_dir() else []
    )
    own = themes / name
    if name in known and own.resolve() != default.resolve():
        return Theme((own, default))
    if name != DEFAULT_THEME and name not in known:
        report.error(
            "unknown-theme",
            f"there is no theme `{name}`",
            place,
            suggest(name, [*known, DEFAULT_THEME])
            or f"the themes here are {', '.join(sorted({DEFAULT_THEME, *known}))}",
        )
    return Theme((default,))
