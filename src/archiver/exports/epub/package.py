"""What a book says of itself: its package document (EPUB 3.3) and its table of contents."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from msgspec import Struct

from archiver.exports.epub.plan import Chapter, Plan
from archiver.exports.epub.xhtml import Element, judge_address, make, write_page, write_xml
from archiver.languages import find_direction
from archiver.model import Coverage, Site
from archiver.urls import absolute_link, timeline_path
from archiver.words import Words

_XHTML = "application/xhtml+xml"
TITLE, INTRODUCTION, CONTENTS, STYLE = "title.xhtml", "introduction.xhtml", "nav.xhtml", "style.css"


class Mark(Struct, frozen=True):
    """A line of the table of contents: where it leads, and its words."""

    href: str
    label: str


class Part(Struct, frozen=True):
    """A chapter in the table of contents, with its key events below."""

    mark: Mark
    events: tuple[Mark, ...] = ()


def write_package(site: Site, coverage: Coverage, plan: Plan, words: Words, modified: str) -> bytes:
    """The package document."""
    root = Element(
        "package",
        {
            "xmlns": "http://www.idpf.org/2007/opf",
            "version": "3.0",
            "unique-identifier": "id",
            "xml:lang": words.language,
            "prefix": "schema: http://schema.org/",
        },
    )
    root.append(_describe(site, coverage, plan, words, modified))
    manifest, spine = make("manifest"), make("spine")
    spine.set("page-progression-direction", find_direction(coverage.language))
    pages = [TITLE, CONTENTS, INTRODUCTION, *(chapter.path for chapter in plan.chapters)]
    for number, path in enumerate(pages, 1):
        item = make("item", id=f"page-{number}", href=path, media_type=_XHTML)
        if path == CONTENTS:
            item.set("properties", "nav")
        manifest.append(item)
        spine.append(make("itemref", idref=f"page-{number}"))
    manifest.append(make("item", id="style", href=STYLE, media_type="text/css"))
    for number, picture in enumerate(plan.pictures, 1):
        name, kind = f"picture-{number}", picture.media_type
        manifest.append(make("item", id=name, href=picture.path, media_type=kind))
    root.extend([manifest, spine])
    return write_xml(root)


def write_contents(
    parts: Iterable[Part], introduction: str, coverage: Coverage, words: Words
) -> bytes:
    """The table of contents: days, or parts of them, and their key events."""
    lines = make("ol", _make_line(Mark(INTRODUCTION, introduction)))
    for part in parts:
        line = _make_line(part.mark)
        if part.events:
            line.append(make("ol", *map(_make_line, part.events)))
        lines.append(line)
    title = words["book_contents"]
    toc = make("nav", make("h1", title), lines, epub_type="toc", role="doc-toc", id="toc")
    return write_page(title, coverage.language, toc)


def name_book(site: Site, slug: str) -> str:
    """The book's own name: made of the coverage's address, else of the archive's title and its own name."""
    known = absolute_link(site.base_url, timeline_path(slug)) or f"{site.title} {slug}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'book {known}')}"


def name_chapter(chapter: Chapter, words: Words) -> str:
    """A chapter's title: its day, and when it begins where it is a later part of that."""
    day = words.day(chapter.day)
    if chapter.part == 1:
        return day
    if chapter.began is None:
        return words.say("part_number", part=day, number=words.number(chapter.part))
    return words.say("hour_of_day", day=day, hour=words.hour(chapter.began))


def _describe(site: Site, coverage: Coverage, plan: Plan, words: Words, modified: str) -> Element:
    metadata = Element("metadata", {"xmlns:dc": "http://purl.org/dc/elements/1.1/"})

    def describe(name: str, text: str) -> None:
        if text:
            metadata.append(make(f"dc:{name}", text))

    metadata.append(make("dc:identifier", name_book(site, coverage.slug), id="id"))
    source, rights = coverage.source, coverage.rights
    describe("title", coverage.title)
    describe("language", coverage.language)
    for name in dict.fromkeys(byline.name for byline in coverage.contributors):
        describe("creator", name)
    describe("publisher", source.publisher if source and source.publisher else site.title)
    describe("source", (judge_address(source.url) or "") if source else "")
    describe("rights", ", ".join(filter(None, (rights.licence, rights.holder))) if rights else "")
    describe("description", coverage.description)
    if plan.chapters:
        describe("date", plan.chapters[0].day.isoformat())
    for name, text in _describe_access(plan, words):
        metadata.append(make("meta", text, property=f"schema:{name}"))
    metadata.append(make("meta", modified, property="dcterms:modified"))
    return metadata


def _describe_access(plan: Plan, words: Words) -> list[tuple[str, str]]:
    """Who can read it, and how (EPUB Accessibility 1.1)."""
    features = [
        "tableOfContents",
        "structuralNavigation",
        "readingOrder",
        "displayTransformability",
    ]
    if plan.pictures and plan.described:
        features.append("alternativeText")
    told = [("accessMode", "textual")]
    told += [("accessMode", "visual")] if plan.pictures else []
    told += [("accessModeSufficient", "textual")] if plan.described else []
    told += [("accessibilityFeature", feature) for feature in features]
    told.append(("accessibilityHazard", "unknown" if plan.pictures else "none"))
    summary = "book_access" if plan.described else "book_access_some"
    return [*told, ("accessibilitySummary", words[summary])]


def _make_line(mark: Mark) -> Element:
    return make("li", make("a", mark.label, href=mark.href))
