"""The pages of a book that are read: its title page, its introduction, and its chapters."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import unquote

from msgspec import Struct

from archiver.exports.epub.package import CONTENTS, INTRODUCTION, Mark, Part, name_chapter
from archiver.exports.epub.plan import Chapter
from archiver.exports.epub.xhtml import (
    Element,
    Finder,
    add_html,
    judge_address,
    make,
    spell_id,
    write_page,
)
from archiver.exports.overview import (
    Points,
    list_facts,
    render_points,
    spell_byline,
    tell_withdrawal,
)
from archiver.exports.publication import Advance, Publication
from archiver.exports.register import Register
from archiver.installed import find_default_theme
from archiver.languages import find_direction
from archiver.load import INTRODUCTION as INTRODUCTION_ANCHOR
from archiver.model import Body, Coverage, Entry
from archiver.pages.posts import write_headline
from archiver.theme import Theme
from archiver.urls import absolute_link, entry_path, scheme_of, timeline_path
from archiver.words import Words


class Bound(Struct, frozen=True):
    """A chapter that was written, and its lines in the table of contents."""

    page: bytes
    part: Part


class Binder:
    """Makes the pages of one book. The register knows what of the site is where in it."""

    def __init__(
        self, publication: Publication, coverage: Coverage, words: Words, register: Register
    ) -> None:
        self._publication = publication
        self._coverage = coverage
        self._words = words
        self._register = register
        # A site's own templates may be of any shape; a book's pages may not.
        self._theme = Theme((find_default_theme(),))

    def write_title(self, moment: datetime) -> bytes:
        """The title page, which says where the book comes from."""
        coverage, words, site = self._coverage, self._words, self._publication.site
        section = make("section", make("h1", coverage.title), epub_type="titlepage")
        if coverage.description:
            section.append(make("p", coverage.description))
        facts = make("dl")
        for fact in list_facts(coverage, words):
            address = judge_address(fact.href)
            said: str | Element = make("a", fact.text, href=address) if address else fact.text
            facts.extend([make("dt", fact.name), make("dd", said)])
        if len(facts):
            section.append(facts)
        home = absolute_link(site.base_url, timeline_path(coverage.slug))
        title = (
            make("a", site.title, href=home) if judge_address(home) else make("cite", site.title)
        )
        made = make("p", f"{words['book_made']} ", title, ".", class_="note")
        section.append(made)
        section.append(make("p", words.say("book_date", date=f"{moment:%Y-%m-%d}"), class_="note"))
        return write_page(coverage.title, coverage.language, section)

    def write_introduction(self) -> tuple[str, bytes]:
        """The introduction with the notice and the key points; what it is called, and its page."""
        coverage, words = self._coverage, self._words
        points = render_points(self._publication, coverage)
        title = words["book_introduction"]
        section = make("section", make("h1", title), epub_type="introduction")
        finder = self._make_finder(INTRODUCTION)
        if points.notice:
            notice = make("div", class_="note")
            self._add_body(notice, points.notice, finder, 2)
            section.append(notice)
        self._add_body(section, coverage.introduction, finder, 2)
        self._add_points(section, points, finder)
        if coverage.status == "live":
            section.append(make("p", words["live_note"], class_="note"))
        return title, write_page(title, coverage.language, section)

    def write_chapter(self, chapter: Chapter, entries: Iterable[Entry], advance: Advance) -> Bound:
        """A chapter with its posts."""
        title = name_chapter(chapter, self._words)
        section = make("section", make("h1", title), epub_type="chapter")
        finder = self._make_finder(chapter.path)
        events: list[Mark] = []
        for entry in entries:
            section.append(self._make_post(entry, finder))
            if entry.key:
                href = f"{chapter.path}#{spell_id(entry.slug)}"
                events.append(Mark(href, write_headline(entry, self._words)))
            advance()
        page = write_page(title, self._coverage.language, section)
        return Bound(page, Part(Mark(chapter.path, title), tuple(events)))

    def _make_post(self, entry: Entry, finder: Finder) -> Element:
        words = self._words
        language = entry.language or self._coverage.language
        article = Element("article", {"id": spell_id(entry.slug)})
        if language != self._coverage.language:
            article.attrib |= {"lang": language, "xml:lang": language}
        moment = entry.date.moment
        clock = f"{words.clock(moment)} {words.zone(moment)}" if moment else words["no_time"]
        heading = make("h2", make("span", clock, class_="when", dir=self._direction))
        if entry.title:
            heading.append(make("span", f" {entry.title}", dir="auto"))
        article.append(heading)
        flags = ("breaking", "key", "pinned", "summary")
        labels = [words[name] for name in flags if getattr(entry, name)]
        if labels:
            article.append(make("p", " · ".join(labels), class_="labels"))
        if entry.byline:
            names = "; ".join(map(spell_byline, entry.byline))
            article.append(make("p", f"{words['by']} {names}", class_="byline"))
        if entry.withdrawn:
            for line in tell_withdrawal(entry.withdrawn, words):
                article.append(make("p", line, class_="withdrawn"))
        else:
            text = make("div", dir=find_direction(language))
            self._add_body(text, entry.body, finder, 3)
            article.append(text)
        for one in entry.corrections:
            noted = f" ({words.stamp(one.date)}): {one.note}"
            article.append(make("p", make("strong", words["correction"]), noted))
        if entry.updated:
            updated = words.say("updated", date=words.stamp(entry.updated))
            article.append(make("p", updated, class_="updated"))
        article.append(self._make_permalink(entry))
        return article

    def _make_permalink(self, entry: Entry) -> Element:
        path = entry_path(entry.coverage, entry.slug)
        address = absolute_link(self._publication.site.base_url, path)
        shown = make("a", address, href=address) if judge_address(address) else make("code", path)
        return make("p", f"{self._words['permalink']}: ", shown, class_="permalink", dir="ltr")

    def _add_points(self, section: Element, points: Points, finder: Finder) -> None:
        if not points.key_points:
            return
        listing = make("ul")
        for point in points.key_points:
            item = make("li")
            self._add_body(item, point, finder, 3)
            listing.append(item)
        section.extend([make("h2", self._words["key_points"]), listing])

    def _add_body(self, parent: Element, body: Body, finder: Finder, top: int) -> None:
        add_html(parent, str(self._theme.show_body(body, self._words, top)), finder)

    def _make_finder(self, here: str) -> Finder:
        def find_link(href: str) -> str | None:
            if href.startswith("#"):
                return f"{here}#{spell_id(unquote(href[1:]))}"
            return judge_address(href) if scheme_of(href) else self._find_page(href)

        return Finder(find_link, self._find_picture, self._say_left_out)

    def _find_page(self, href: str) -> str | None:
        """Where a page of the site is: in the book, else on the web."""
        slug = self._coverage.slug
        path, fragment = self._resolve(href)
        place = self._register.find_place(path)
        if place and path.endswith(".html"):
            name = fragment or posixpath.basename(path).removesuffix(".html")
            return f"{place}#{spell_id(name)}"
        if path == timeline_path(slug):
            if fragment.startswith(f"{INTRODUCTION_ANCHOR}."):
                return f"{INTRODUCTION}#{spell_id(fragment)}"
            return CONTENTS
        address = absolute_link(self._publication.site.base_url, path)
        return judge_address(f"{address}#{fragment}" if fragment and address else address)

    def _find_picture(self, source: str) -> str | None:
        return self._register.find_place(self._resolve(source)[0])

    def _say_left_out(self, source: str) -> str:
        return self._words.say("book_left_out", name=posixpath.basename(unquote(source)))

    def _resolve(self, href: str) -> tuple[str, str]:
        """A link of the coverage's folder as a path in build/, and its fragment."""
        path, _, fragment = href.partition("#")
        whole = posixpath.normpath(f"{self._coverage.slug}/{unquote(path)}")
        return whole, unquote(fragment)

    @property
    def _direction(self) -> str:
        return find_direction(self._coverage.language)
