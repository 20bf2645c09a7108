"""What goes where in a book, known before any of it is written: chapters, and the pictures in them."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from archiver.exports.epub.pictures import find_core_type, name_picture
from archiver.exports.publication import Publication
from archiver.exports.records import Chronicle
from archiver.exports.register import Register
from archiver.exports.survey import find_newest, find_newest_of_post
from archiver.model import Embed, Entry, Media, MediaKind
from archiver.urls import entry_path

# A chapter with more posts is slow to open on a small reader.
POSTS_A_CHAPTER = 100


class Chapter(Struct, frozen=True):
    """A day, or a part of one: its file, when it begins, and how many posts it holds."""

    path: str
    day: date
    part: int
    began: datetime | None
    posts: int


class Picture(Struct, frozen=True):
    """A picture of the book: its file there, the one in build/ with its SHA-256, and its media type."""

    path: str
    source: str
    digest: str
    media_type: str


class Plan(Struct, frozen=True):
    """The chapters, the pictures, and the newest date in the coverage; `described` says whether each
    picture has words for those who can't see it."""

    chapters: tuple[Chapter, ...]
    pictures: tuple[Picture, ...]
    newest: datetime
    described: bool


def plan_book(publication: Publication, chronicle: Chronicle, register: Register) -> Plan:
    """Go through a coverage. The register is told in which chapter the page of each post is, and which
    file each picture of build/ is in the book."""
    slug = chronicle.coverage.slug
    digests = {
        built.path: built.digest
        for built in publication.list_files()
        if built.path.startswith(f"{slug}/media/")
    }
    chapters: list[Chapter] = []
    pictures: dict[str, Picture] = {}
    newest = find_newest(chronicle.coverage, chronicle.zone)
    described = True
    for entry in chronicle.read_entries():
        newest = max(newest, find_newest_of_post(entry, chronicle.zone))
        _add_post(chapters, entry)
        register.place(entry_path(slug, entry.slug), chapters[-1].path)
        for medium in list_pictures(entry):
            path = f"{slug}/{medium.href}"
            described = described and bool(medium.alt)
            if path not in pictures and path in digests:
                kind = find_core_type(publication.folder / path)
                if kind:
                    name = name_picture(len(pictures) + 1, kind)
                    pictures[path] = Picture(name, path, digests[path], kind)
                    register.place(path, name)
    return Plan(tuple(chapters), tuple(pictures.values()), newest, described)


def list_pictures(entry: Entry) -> list[Media]:
    """The pictures of a post, those in its embeds too, that were kept."""
    media = [slot for slot in entry.body.slots if isinstance(slot, Media)]
    for slot in entry.body.slots:
        if isinstance(slot, Embed):
            media += slot.media
    return [one for one in media if one.href and one.kind is MediaKind.PICTURE]


def _add_post(chapters: list[Chapter], entry: Entry) -> None:
    """A post in the last chapter, or in a new one where its day is another or that one is full."""
    day = entry.date.day
    last = chapters[-1] if chapters else None
    if last and last.day == day and last.posts < POSTS_A_CHAPTER:
        chapters[-1] = Chapter(last.path, day, last.part, last.began, last.posts + 1)
        return
    part = last.part + 1 if last and last.day == day else 1
    path = f"{day}.xhtml" if part == 1 else f"{day}-{part}.xhtml"
    chapters.append(Chapter(f"day-{path}", day, part, entry.date.moment, 1))
