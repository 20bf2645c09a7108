"""The index of words of a whole site: parts of coverages are bound to volumes, and the new ones printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from archiver.build.books import Books
from archiver.build.kept import Summary
from archiver.build.press import Press
from archiver.pages import Outline
from archiver.search import Shelved, Volume, cut_volumes, write_volume
from archiver.staging import Written


def bind_volumes(
    base: bytes, outlines: Iterable[Outline], summaries: Mapping[str, Summary]
) -> list[Volume]:
    """The volumes of coverages in their order; `base` stands for archiver."""
    parts = [Shelved(one.slug, part) for one in outlines for part in summaries[one.slug].parts]
    return cut_volumes(parts, base)


def print_volumes(volumes: Iterable[Volume], press: Press, books: Books) -> Iterator[Written]:
    """The files of volumes, one volume after the other; no other is in memory meanwhile."""
    for volume in volumes:
        printed = press.find_folder(volume.folder, volume.key, "index.js")
        yield from printed
        if not printed:
            parts = (books.find_part(one.slug, one.part.name) for one in volume.parts)
            for path, data in write_volume(volume, parts):
                yield replace(press.writer.write(path, data), key=volume.key)
