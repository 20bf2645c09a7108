"""Media of the coverages that are built: judged, and their pictures' copies made, before any text is read.

A page that shows a picture names its copies, and of these only those are kept that are smaller than the
picture. All pictures of all coverages are shared among processes; each has one in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archiver.build.kept import Album, Copy, Developed, Gallery, Resource, pack, unpack
from archiver.build.press import find_left
from archiver.build.result import Progress
from archiver.build.settled import is_settled
from archiver.diagnostics import Severity
from archiver.digests import make_digest
from archiver.files import Folder
from archiver.media import Judgement, judge_media
from archiver.model import Signature
from archiver.regular import OddFileError, read_regular, sign_file
from archiver.renditions import is_shown, make_renditions, name_recipe
from archiver.staging import Staging, Written
from archiver.urls import copy_path
from archiver.workers import map_jobs

_MEDIA_A_JOB = 100
# Of a larger file no copies are made.
_MOST_BYTES = 1 << 28
# What a picture takes, in posts: so much whatever its size, and so many pixels as long as a post.
_POSTS_A_PICTURE, _PIXELS_A_POST = 50, 40_000


class Studio(Struct, frozen=True):
    """Where albums are made: `tools` stands for archiver, `clock` is the file system's when the build
    began; without `staging` no copies are made, and all that should be are taken for made."""

    root: Path
    staging: Staging | None
    tools: bytes
    clock: int
    jobs: int
    progress: Progress | None = None


def make_albums(
    studio: Studio, folders: Sequence[Folder], resources: Mapping[str, Resource]
) -> dict[str, tuple[Album, bytes]]:
    """The album of each coverage by its slug, and the same packed for the next build."""
    galleries = {
        folder.slug: unpack(resources[folder.slug].gallery, Gallery) or Gallery(b"")
        for folder in folders
    }
    judged = _judge(studio, folders, galleries)
    works = [
        work
        for folder in folders
        for work in _list_works(studio, folder, judged, galleries[folder.slug])
    ]
    developed = _develop_all(studio, works, resources)
    made = {}
    for folder in folders:
        judgements = [judged[path] for path in folder.media]
        own = [developed[path] for path in folder.media if path in developed]
        gallery = Gallery(studio.tools, tuple(judgements), tuple(one for one, _ in own))
        made[folder.slug] = _put_together(judgements, own), pack(gallery)
    return made


class Work(Struct, frozen=True):
    """A picture whose copies, of these widths, may have to be made; `known` is what was made of it before,
    and `left` are the files, where they still are as they were left."""

    path: str
    slug: str
    below: str
    signature: Signature | None
    widths: tuple[int, ...]
    size: int
    known: Developed | None = None
    left: tuple[Written, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether all copies are there, if the picture is the same as before."""
        return self.known is not None and len(self.left) == len(self.known.widths)

    def name_copy(self, width: int) -> str:
        """The path of a copy in build/."""
        return f"{self.slug}/{copy_path(self.below, width)}"


def _judge(
    studio: Studio, folders: Sequence[Folder], galleries: Mapping[str, Gallery]
) -> dict[str, Judgement]:
    """What is found of all media, by path."""
    found: dict[str, Judgement] = {}
    for gallery in galleries.values():
        for kept in gallery.judgements if gallery.tools == studio.tools else ():
            if kept.signature and kept.signature == sign_file(f"{studio.root}/{kept.path}"):
                found[kept.path] = kept
    new = [path for folder in folders for path in folder.media if path not in found]
    parts = [tuple(new[n : n + _MEDIA_A_JOB]) for n in range(0, len(new), _MEDIA_A_JOB)]
    sizes = [len(part) for part in parts]
    for judgements in map_jobs(_judge_part, studio.root, parts, sizes, studio.jobs):
        for one in judgements:
            sure = is_settled(one.signature, studio.clock)
            found[one.path] = one if sure else replace(one, signature=None)
    return found


def _judge_part(root: Path, paths: Iterable[str]) -> tuple[Judgement, ...]:
    return tuple(judge_media(root, paths))


def _list_works(
    studio: Studio, folder: Folder, judged: Mapping[str, Judgement], gallery: Gallery
) -> Iterator[Work]:
    """The pictures of a coverage that should have copies, and may have them."""
    known = {one.path: one for one in gallery.developed}
    for path in folder.media if studio.staging else ():
        facts, problems = judged[path].facts, judged[path].problems
        if facts.copies and not any(one.severity is Severity.ERROR for one in problems):
            yield Work(
                path,
                folder.slug,
                path.removeprefix(f"{folder.path}/"),
                judged[path].signature,
                facts.copies,
                _POSTS_A_PICTURE + facts.width * facts.height // _PIXELS_A_POST,
                known.get(path),
            )


_Outcome = tuple[Developed, tuple[Written, ...]]


def _develop_all(
    studio: Studio, works: Sequence[Work], resources: Mapping[str, Resource]
) -> dict[str, _Outcome]:
    """What there is of each picture, by its path: of those that are as they were, what was left."""
    if not works or not studio.staging:
        return {}
    recipe = name_recipe()
    outputs = {
        slug: {one.path: one for one in resource.outputs} for slug, resource in resources.items()
    }
    done: dict[str, _Outcome] = {}
    new: list[Work] = []
    for work in works:
        known = work.known if work.known and work.known.recipe == recipe else None
        left = _find_left(work, known, outputs[work.slug], studio.staging) if known else ()
        work = replace(work, known=known, left=left)
        if known and work.is_done and known.signature and known.signature == work.signature:
            done[work.path] = known, left
        else:
            new.append(work)
    room = Room(studio.root, studio.staging, recipe)
    shared = map_jobs(_develop, room, new, [work.size for work in new], studio.jobs)
    for number, (developed, written) in enumerate(shared, 1):
        done[developed.path] = developed, written
        if studio.progress:
            studio.progress(number, len(new), "pictures")
    return done


def _find_left(
    work: Work, known: Developed, outputs: Mapping[str, Written], staging: Staging
) -> tuple[Written, ...]:
    found = (
        find_left(outputs, staging.output, work.name_copy(width), _make_key(known, width))
        for width in known.widths
    )
    return tuple(one for one in found if one)


class Room(Struct, frozen=True):
    """What a process needs to make copies: `recipe` stands for how they are made."""

    root: Path
    staging: Staging
    recipe: bytes


def _develop(room: Room, work: Work) -> _Outcome:
    """Make the copies of a picture, unless its bytes are what they were made of before."""
    nothing = Developed(work.path, work.signature, b"", room.recipe, ())
    try:
        data = read_regular(room.root / work.path, _MOST_BYTES + 1)
    except (OSError, OddFileError):
        return nothing, ()  # it has just gone: the next build tells
    if len(data) > _MOST_BYTES:
        return nothing, ()
    digest = make_digest(data)
    if work.known and work.known.digest == digest and work.is_done:
        return replace(work.known, signature=work.signature), work.left
    made = make_renditions(data, work.widths, keep_all=not is_shown(work.path))
    widths = tuple(one.width for one in made)
    developed = replace(nothing, digest=digest, widths=widths)
    written = tuple(
        replace(
            room.staging.write(work.name_copy(one.width), one.data),
            key=_make_key(developed, one.width),
        )
        for one in made
    )
    return developed, written


def _make_key(developed: Developed, width: int) -> bytes:
    return make_digest(developed.recipe, developed.digest, b"%d" % width)


def _put_together(judgements: Iterable[Judgement], own: Iterable[_Outcome]) -> Album:
    """Judgements that tell the copies that there are, and these."""
    outcomes = {developed.path: (developed.widths, written) for developed, written in own}
    return Album(
        tuple(
            replace(one, facts=replace(one.facts, copies=outcomes[one.path][0]))
            if one.path in outcomes
            else one
            for one in judgements
        ),
        tuple(Copy(path, file) for path, (_, written) in outcomes.items() for file in written),
    )
