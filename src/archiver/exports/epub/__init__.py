"""A coverage as a book (EPUB 3.3): title page, contents, introduction, and a chapter for each day.

Chapters are written one by one; what they link to in each other is known from a first reading. What a
page of the site shows of a picture or an embed, the book shows too, in the words of the default theme's
parts; films, sound and pictures that not every reader knows are named.
"""

from __future__ import annotations

import zipfile
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from archiver.exports.epub.chapters import Binder
from archiver.exports.epub.package import (
    CONTENTS,
    INTRODUCTION,
    STYLE,
    TITLE,
    Part,
    write_contents,
    write_package,
)
from archiver.exports.epub.plan import Picture, plan_book
from archiver.exports.packing import make_member
from archiver.exports.publication import (
    PIECE,
    Advance,
    DigestReader,
    Outcome,
    Publication,
    compare_digests,
    open_anything,
)
from archiver.exports.register import Register
from archiver.exports.warc import write_date

_CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""


class _Book:
    """A book as it grows."""

    def __init__(self, out: BinaryIO, date: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w")
        self._date = date
        # Readers look for it at a place counted in bytes (EPUB 3.3, 4.2.3).
        self._zip.writestr(make_member("mimetype", date), b"application/epub+zip")
        self._zip.writestr(self._name("META-INF/container.xml"), _CONTAINER)

    def add(self, path: str, data: bytes) -> None:
        """A page."""
        self._zip.writestr(self._name(f"EPUB/{path}"), data)

    def add_picture(self, picture: Picture, source: Path) -> None:
        """A picture, piece by piece."""
        info = make_member(f"EPUB/{picture.path}", self._date)
        with open_anything(source) as file, self._zip.open(info, "w") as out:
            reader = DigestReader(file)
            while piece := reader.read(PIECE):
                out.write(piece)
        compare_digests(picture.source, reader.digest, picture.digest)

    def close(self) -> None:
        """Write the directory."""
        self._zip.close()

    def _name(self, path: str) -> zipfile.ZipInfo:
        return make_member(path, self._date, zipfile.ZIP_DEFLATED)


def write_epub(
    publication: Publication, slug: str, date: datetime | None, out: BinaryIO, advance: Advance
) -> Outcome:
    """Write a coverage; `date` stands for the newest in it where somebody wished for one."""
    chronicle = publication.open_chronicle(slug)
    coverage, site = chronicle.coverage, publication.site
    words = publication.open_theme().words(coverage.language)
    with closing(Register()) as register:
        plan = plan_book(publication, chronicle, register)
        binder = Binder(publication, coverage, words, register)
        moment = date or plan.newest
        book = _Book(out, moment)
        book.add(TITLE, binder.write_title(moment))
        introduction, page = binder.write_introduction()
        book.add(INTRODUCTION, page)
        entries = chronicle.read_entries()
        parts: list[Part] = []
        count = 0
        for chapter in plan.chapters:
            written = binder.write_chapter(chapter, islice(entries, chapter.posts), advance)
            book.add(chapter.path, written.page)
            parts.append(written.part)
            count += chapter.posts
        book.add(CONTENTS, write_contents(parts, introduction, coverage, words))
        book.add(STYLE, Path(__file__).with_name("style.css").read_bytes())
        for picture in plan.pictures:
            book.add_picture(picture, publication.folder / picture.source)
        package = write_package(site, coverage, plan, words, write_date(moment))
        book.add("package.opf", package)
        book.close()
    return Outcome(count, "post")
