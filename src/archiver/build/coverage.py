"""One coverage: loaded, rendered and written; a summary is all that is kept in memory of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archiver.build.data import KeptPieces, open_data
from archiver.build.desk import Desk
from archiver.build.elsewhere import Elsewhere
from archiver.build.kept import Album, Resource, Shelf, Summary, pack, unpack
from archiver.build.press import Press
from archiver.build.reading import (
    Reader,
    digest_read,
    keep_revisions,
    read_headings,
)
from archiver.build.workshop import (
    BATCH,
    Batch,
    Left,
    Printed,
    Workshop,
    cut_batches,
    print_batch,
)
from archiver.dataset import write_end, write_head
from archiver.diagnostics import Report
from archiver.digests import make_digest
from archiver.files import Folder
from archiver.load import (
    Gathered,
    Heading,
    Histories,
    Kept,
    Manuscripts,
    Overview,
    check_links,
    find_gone,
    gather_coverage,
    list_fragments,
    list_pages_asked,
    list_sealable,
    list_secret,
    read_overview,
    spell_page,
    withdraw_media,
)
from archiver.media import Judgement, note_media
from archiver.model import Coverage, Link, Site
from archiver.pages import (
    Brief,
    Edition,
    digest_frame,
    make_outline,
    pack_posts,
    plan_coverage,
    plan_media,
)
from archiver.regular import sign_file
from archiver.search import Part, PartName, count_names, count_tags
from archiver.staging import Staging, Written
from archiver.theme import Theme, ThemeError
from archiver.words import Words
from archiver.workers import map_jobs

# Of a coverage with more posts than this, no more are made at once than a batch.
LONG = 2000
# Of so many posts the texts are remembered from when their front matter was read.
_REMEMBERED = 10 * LONG


class Task(Struct, frozen=True):
    """One coverage to be built.

    `tools` stands for archiver, `base` for archiver, the theme and the site; `clock` is the file
    system's when the build began; `album` holds its media; `sealed` is what seals say of its permalinks.
    Processes share a long coverage, `jobs` of them.
    """

    root: Path
    folder: Folder
    site: Site
    staging: Staging | None
    only: str | None
    tools: bytes
    base: bytes
    clock: int
    album: Album
    resource: Resource = Resource()
    jobs: int = 1
    sealed: Histories = {}

    @property
    def is_long(self) -> bool:
        """Whether it is worth sharing."""
        return len(self.folder.entries) > LONG

    @property
    def size(self) -> int:
        """How many posts are likely to be made: few where a build before has left something."""
        return 1 if self.resource.is_near else len(self.folder.entries)


class Built(Struct, frozen=True):
    """What came of a coverage: a summary, the files written, what to keep for the next build, and the
    newest posts, packed. `listing` stands for the files that it was made of, `parts` are those of the
    index that are new; `sealable` are its permalinks with the digests of their sources, where it was only
    checked."""

    summary: Summary
    written: tuple[Written, ...] = ()
    listing: bytes = b""
    shelf: bytes = b""
    recent: bytes = b""
    parts: tuple[Part, ...] = ()
    sealable: Mapping[str, str] = {}


def build_coverage(theme: Theme, task: Task, advance: Callable[[int], None] | None = None) -> Built:
    """Load, render and stage one coverage; `advance` is told how many posts are done as they are."""
    report = Report()
    shelf = unpack(task.resource.shelf, Shelf)
    read = _read_coverage(task, shelf if shelf and shelf.tools == task.tools else None, report)
    shop = _open_shop(theme, task, shelf, read, report)
    coverage = read.gathered.coverage
    head = write_head(task.site, coverage)
    path = f"{coverage.slug}/coverage.json"
    with closing(open_data(None if shop.proofing else task.staging, path, head)) as data:
        pieces = shop.left.pieces
        desk, edition = shop.open_desk()
        briefs: dict[str, Brief] = {}
        written: list[Written] = []
        parts: list[PartName] = []
        new_parts: list[Part] = []
        for printed in _print_batches(task, shop, desk, edition):
            report.add(printed.problems)
            written += printed.written
            if advance:
                advance(len(printed.briefs))
            briefs |= printed.briefs
            desk.briefs.update(printed.briefs)
            for slug, brief in printed.briefs.items() if data.is_kept else ():
                piece = printed.pieces.get(slug) or (pieces and pieces.find(slug, brief))
                data.add(piece or desk.write_piece(slug))
            parts += printed.parts
            new_parts += printed.new_parts
        outward = check_links(read.gathered, briefs, read.manuscripts, report)
        published = withdraw_media(read.gathered, (one.asked for one in briefs.values()), report)
        summary = _summarize(read, briefs, outward, task.sealed)
        if report.has_errors or shop.proofing:
            return Built(replace(summary, problems=report.problems))
        written += shop.press.print_sheets(plan_coverage(edition), report)
        end = write_end(published)
        key = make_digest(shop.whole, head, edition.join_keys(coverage.entries), end)
        written.append(shop.press.find_printed(path, key) or data.finish(key, end))
    signatures = {judgement.path: judgement.signature for judgement in read.media}
    written += shop.press.copy_media(plan_media(published), signatures)
    written += _choose_copies(task, published)
    outline = make_outline(edition)
    summary = replace(
        summary,
        outline=outline,
        problems=report.problems,
        parts=tuple(parts),
        names=count_names(coverage.entries),
        tags=count_tags(coverage.entries),
    )
    kept = Shelf(
        task.tools,
        read.gathered.zone.key,
        shop.frame,
        tuple(read.headings),
        briefs,
        key,
        len(head),
        tuple(entry.slug for entry in coverage.entries),
        tuple(read.revisions),
    )
    listing = digest_read(
        task.folder, read.overview, read.headings, read.media, read.revisions, task.clock
    )
    posts = task.resource.posts if outline.recent == task.resource.recent else None
    return Built(
        summary,
        tuple(written),
        listing,
        pack(kept),
        posts or pack_posts(edition),
        tuple(new_parts),
        list_sealable(coverage.entries, read.gathered.digests) if task.staging is None else {},
    )


class _Read(Struct, frozen=True):
    """A coverage as it was read."""

    folder: Folder
    media: Sequence[Judgement]
    overview: Overview
    headings: Sequence[Heading]
    gathered: Gathered
    manuscripts: Manuscripts
    elsewhere: Elsewhere
    revisions: Sequence[Kept]


def _read_coverage(task: Task, shelf: Shelf | None, report: Report) -> _Read:
    root, site = task.root, task.site
    media = task.album.judgements
    folder = note_media(task.folder, media, report)
    manuscripts = Manuscripts(root, _REMEMBERED)
    overview = read_overview(root, folder, site, manuscripts.read, report)
    reader = Reader(root, folder, overview.zone, task.clock, manuscripts)
    headings = read_headings(reader, shelf, task.jobs if task.is_long else 1)
    for heading in headings:
        report.add(heading.problems)
    elsewhere = Elsewhere(root, site.base_url, task.only)
    revisions = keep_revisions(root, folder, task.clock, shelf)
    gathered = gather_coverage(
        folder, site, overview, headings, manuscripts, elsewhere, report, revisions, task.sealed
    )
    return _Read(folder, media, overview, headings, gathered, manuscripts, elsewhere, revisions)


def _open_shop(
    theme: Theme, task: Task, shelf: Shelf | None, read: _Read, report: Report
) -> Workshop:
    coverage = read.gathered.coverage
    words = Words("en", {})
    proofing = report.has_errors or not read.gathered.readable
    try:
        words = theme.words(coverage.language)
    except ThemeError as error:
        report.error(error.code, str(error), error.place)
        proofing = True
    frame, whole = digest_frame(task.base, task.site, coverage)
    kept: dict[str, Brief] = {}
    if shelf is not None and shelf.frame == frame:
        # A brief holds for the very file it was made of.
        known = {heading.path: heading.digest for heading in shelf.headings}
        kept = {
            heading.slug: shelf.briefs[heading.slug]
            for heading in read.headings
            if heading.slug in shelf.briefs
            and known.get(heading.path) == heading.digest
            and shelf.briefs[heading.slug].edited == read.gathered.edited.get(heading.slug, "")
        }
    press = Press(theme, task.staging, task.root, {one.path: one for one in task.resource.outputs})
    return Workshop(
        task.site,
        read.gathered,
        read.manuscripts,
        kept,
        words,
        (frame, whole),
        press,
        proofing,
        Left(
            _find_pieces(f"{coverage.slug}/coverage.json", task, shelf, frame),
            {part.name: part for part in task.resource.parts},
        ),
    )


def _print_batches(task: Task, shop: Workshop, desk: Desk, edition: Edition) -> Iterator[Printed]:
    """All batches of a coverage, in their order; a short one is a single batch, at the desk given."""
    if not task.is_long:
        yield print_batch(shop, Batch(0, 0, len(shop.chunks), shop.runs), desk, edition)
        return
    batches = list(cut_batches(shop, BATCH))
    # In their order, or what comes before its turn would have to wait in memory; but the last, to which the
    # page of the newest belongs, is the longest, and first.
    last = len(batches) - 1
    sizes = [min(shop.count_new(batch), BATCH) + (batch.number == last) for batch in batches]
    waiting: dict[int, Printed] = {}
    turn = 0
    for printed in map_jobs(_print_at_own_desk, shop, batches, sizes, task.jobs):
        waiting[printed.number] = printed
        while turn in waiting:
            yield waiting.pop(turn)
            turn += 1


def _print_at_own_desk(shop: Workshop, batch: Batch) -> Printed:
    desk, edition = shop.open_desk()
    return print_batch(shop, batch, desk, edition)


def _find_pieces(path: str, task: Task, shelf: Shelf | None, frame: bytes) -> KeptPieces | None:
    """The entries of the data as an earlier build has left them, where the file is still that one."""
    left = next((one for one in task.resource.outputs if one.path == path), None)
    if task.staging is None or shelf is None or left is None:
        return None
    if shelf.frame != frame or shelf.data != left.key:
        return None
    file = task.staging.output / path
    if not left.signature or sign_file(f"{file}") != left.signature:
        return None
    return KeptPieces(file, shelf.head, shelf.slugs, shelf.briefs)


def _choose_copies(task: Task, published: Coverage) -> Iterator[Written]:
    """The copies of those pictures that are published; of the others nothing may stay."""
    media = frozenset(published.media)
    for copy in task.album.copies:
        if copy.original in media:
            yield copy.file
        elif task.staging:
            task.staging.drop(copy.file.path)


def _summarize(
    read: _Read, briefs: Mapping[str, Brief], outward: tuple[Link, ...], sealed: Histories
) -> Summary:
    coverage, folder = read.gathered.coverage, read.folder
    published = {entry.path for entry in coverage.entries}
    unread = frozenset(path for path in folder.entries if path not in published)
    if not read.gathered.readable:
        unread = frozenset((coverage.path, *folder.entries))
    asked = {path for brief in briefs.values() for path in list_pages_asked(brief.asked)}
    asked = {path for path in asked if not path.startswith(f"{folder.path}/")}
    return Summary(
        folder.slug,
        folder.path,
        len(folder.entries),
        outward=outward if read.gathered.readable else (),
        fragments=list_fragments(read.gathered, briefs) if read.gathered.readable else {},
        aliases=dict(read.gathered.aliases) if read.gathered.readable else {},
        elsewhere={
            path: spell_page(read.elsewhere(path)) for path in sorted(asked | read.elsewhere.asked)
        },
        unread=unread,
        gone=_find_gone(read, sealed),
        secret=list_secret(coverage.entries),
    )


def _find_gone(read: _Read, sealed: Histories) -> tuple[str, ...]:
    """The sealed permalinks that have no page here; where a file cannot be read, that has been told."""
    if not read.gathered.readable or read.gathered.broken:
        return ()
    return find_gone(read.gathered.coverage.entries, read.gathered.digests, sealed)
