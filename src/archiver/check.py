"""Problems that only the whole site shows: clashing paths, links between coverages, templates that no page
uses, words that are not translated, broken built pages."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from archiver.diagnostics import Place, Report, suggest
from archiver.files import Tree, cut_folder
from archiver.load import report_fragment
from archiver.model import Link, Site, Source
from archiver.staging import read_sums
from archiver.templates import list_templates
from archiver.theme import Theme, ThemeError
from archiver.urls import fold_path, is_remote

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser


def check_paths(paths: Iterable[tuple[str, Place]], report: Report) -> None:
    """No two pages may have one path, nor paths that differ only in case; each comes with its source."""
    seen: dict[str, tuple[str, Place]] = {}
    for path, source in paths:
        other = seen.setdefault(fold_path(path), (path, source))
        if other != (path, source):
            # A line in a file is a better place than a whole folder.
            here, there = sorted((source, other[1]), key=lambda place: not place.line)
            report.error(
                "same-permalink",
                f"the page {path} is also that of {there.path}",
                here,
                "rename one of the two, or remove the alias",
            )


class Linking(Protocol):
    """A coverage's links into others, what links may name in its files, and those with errors."""

    @property
    def outward(self) -> tuple[Link, ...]: ...

    @property
    def fragments(self) -> Mapping[str, tuple[str, ...]]: ...

    @property
    def unread(self) -> frozenset[str]: ...


def check_site_links(
    site: Site,
    tree: Tree,
    coverages: Sequence[Linking],
    read: Callable[[str], Source | None],
    report: Report,
) -> None:
    """Links from one coverage into another, and the site's own, must name headings that are there."""
    fragments = {path: of for one in coverages for path, of in one.fragments.items()}
    fragments[site.path] = site.introduction.fragments
    outward = [link for one in coverages for link in one.outward]
    outward += [link for link in site.introduction.links if link.target != site.path]
    unread = frozenset[str]().union(*(one.unread for one in coverages))
    folders = {site.path, *(folder.path for folder in tree.folders)}
    outward = [
        link
        for link in outward
        if folders & {link.target, cut_folder(link.target)} and link.target not in unread
    ]
    check_outward_links(outward, fragments, read, report)


def check_outward_links(
    links: Iterable[Link],
    fragments: Mapping[str, tuple[str, ...]],
    read: Callable[[str], Source | None],
    report: Report,
) -> None:
    """Links from one coverage into another must name headings that are there."""
    for link in links:
        if not link.fragment or link.fragment in fragments.get(link.target, ()):
            continue
        source = read(link.path)
        lines = source.text.split("\n") if source else []
        excerpt = lines[link.line - 1] if link.line <= len(lines) else ""
        place = Place(link.path, link.line, link.column, excerpt, len(link.fragment) + 1)
        report_fragment(link, place, report)


def check_templates(theme: Theme, report: Report) -> None:
    """Every template of a site's own theme must be one that something asks for."""
    known = list_templates(theme.folders[-1])
    for name, path in theme.list_unused().items():
        hint = suggest(name, known)
        report.warn("unused-template", "no page uses this template", Place(str(path)), hint)


def check_words(theme: Theme, homes: Iterable[tuple[str, Place]], report: Report) -> None:
    """Phrases that stand in English on pages of another language; each comes with where it is named."""
    own = theme.folders[0] / "words"
    for language, home in dict(homes).items():
        main = language.partition("-")[0]
        try:
            missing = theme.list_untranslated(language)
            known = theme.words(language).language == language
        except ThemeError:
            continue  # told when the words were read
        files = [own / f"{tag}.toml" for tag in (language, main)]
        file = next((file for file in files if file.is_file()), None)
        if not known:
            report.warn(
                "untranslated",
                f"there are no words in `{language}`: its pages have English ones",
                home,
                f"write words/{main}.toml in a theme of your own, as docs/themes.md tells",
            )
        elif missing:
            keys = ", ".join(f"`{key}`" for key in missing)
            report.warn(
                "untranslated",
                f"not translated, so that pages in `{language}` have English words: {keys}",
                Place(str(file)) if file else home,
                "" if file else f"write them into {own / main}.toml",
            )


def check_built(output: Path, report: Report) -> int:
    """Every link and fragment of every page in a built folder must lead somewhere in it.

    Returns how many pages were read. Pages are those that SHA256SUMS lists.
    """
    from selectolax.lexbor import LexborHTMLParser  # only a check reads pages

    owned = read_sums(output)
    pages = sorted(path for path in owned if path.endswith(".html"))
    ids: dict[str, frozenset[str]] = {}
    links: list[tuple[str, str, str]] = []
    for path in pages:
        try:
            tree = LexborHTMLParser((output / path).read_bytes())
        except OSError as error:
            place = Place(f"{output.name}/{path}")
            report.error("unreadable", f"the page cannot be read: {error.strerror}", place)
            continue
        ids[path] = frozenset(
            str(node.attributes["id"]) for node in tree.css("[id]") if node.attributes["id"]
        )
        for address in _list_addresses(tree):
            if address and not is_remote(address):
                target, _, fragment = address.partition("#")
                full = (
                    posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target)))
                    if target
                    else path
                )
                links.append((path, full, unquote(fragment)))
    for path, target, fragment in dict.fromkeys(links):
        place = Place(f"{output.name}/{path}")
        if target not in owned and not (output / target).is_file():
            report.error("broken-link", f"the page links to {target}, which is not there", place)
        elif fragment and target in ids and fragment not in ids[target]:
            report.error(
                "broken-fragment",
                f"the page links to {target}#{fragment}, but that page has no such place",
                place,
            )
    return len(pages)


def _list_addresses(tree: LexborHTMLParser) -> Iterator[str]:
    """What a page leads to, loads, or may choose to load."""
    for node in tree.css("[href], [src], [poster], [srcset]"):
        attributes = node.attributes
        yield attributes.get("href") or attributes.get("src") or ""
        yield attributes.get("poster") or ""
        for candidate in (attributes.get("srcset") or "").split(", "):
            yield candidate.partition(" ")[0]
