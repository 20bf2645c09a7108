"""The whole of a build on one screen: content is walked, coverages are built, then the site's own pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archiver.build.albums import Studio, make_albums
from archiver.build.binding import bind_volumes, print_volumes
from archiver.build.books import Books, LostPartError
from archiver.build.coverage import Built, Task, build_coverage
from archiver.build.elsewhere import Elsewhere
from archiver.build.kept import Account, Resource, Summary
from archiver.build.press import Press
from archiver.build.result import Progress, Result
from archiver.build.settled import Settled, Walked, digest_listing, is_settled, sign_site, walk_site
from archiver.check import check_paths, check_site_links, check_templates, check_words
from archiver.dataset import SCHEMA, SCHEMA_FILE
from archiver.diagnostics import Place, Report, suggest
from archiver.digests import digest_value, make_digest
from archiver.files import CONTENT, Tree, read_bytes, read_source
from archiver.ledger import Ledger
from archiver.load import Seals, check_sealed, load_seals, load_site, place_field
from archiver.model import Body, Site, Source
from archiver.pages import (
    LISTS,
    Outline,
    PostView,
    Recent,
    Sheet,
    digest_lists,
    plan_files,
    plan_lists,
    plan_search,
    plan_site,
    sort_outlines,
    unpack_posts,
)
from archiver.regular import sign_file
from archiver.seals import LIST, Seal, choose_heads, withhold_seals, write_list
from archiver.search import plan_letters, plan_names
from archiver.staging import SUMS, Staging, Written, commit, plan_commit, write_sums
from archiver.theme import Theme, load_theme
from archiver.workers import map_jobs


class Order(Struct, frozen=True):
    """What is to be built, and where: to nowhere without `staging`, which comes with its books."""

    root: Path
    walked: Walked
    jobs: int
    staging: Staging | None = None
    books: Books | None = None
    only: str | None = None
    progress: Progress | None = None


class Bases(Struct, frozen=True):
    """What stands for archiver (`tools`), with the theme too, and with the site's settings; and for each
    coverage, by slug, with what seals say of it."""

    tools: bytes
    theme: bytes
    site: bytes
    coverages: Mapping[str, bytes] = {}


class Made(Struct, frozen=True):
    """All files of a site; where there are errors the list is not complete.

    `built` are the coverages that were built, `kept` those that could stay as they were; `listing`
    stands for all files that the site was made of, and is empty where nothing can; `chain` are the seals
    as they are published, which those of a coverage by itself are not.
    """

    bases: Bases
    built: tuple[Built, ...] = ()
    kept: tuple[Account, ...] = ()
    pages: tuple[Written, ...] = ()
    listing: bytes = b""
    seals: Seals = Seals()
    chain: tuple[Seal, ...] = ()

    @property
    def written(self) -> list[Written]:
        """The files."""
        parts = (
            *(one.written for one in self.built),
            *(one.outputs for one in self.kept),
            self.pages,
        )
        return [file for part in parts for file in part]

    @property
    def summaries(self) -> list[Summary]:
        """All coverages, by their names."""
        found = [one.summary for one in self.built] + [one.summary for one in self.kept]
        return sorted(found, key=lambda summary: summary.slug)

    @property
    def outlines(self) -> tuple[Outline, ...]:
        """Those that can be published."""
        return sort_outlines(one.outline for one in self.summaries if one.outline)


def run_build(
    root: Path,
    walked: Walked,
    staging: Staging,
    ledger: Ledger,
    *,
    jobs: int,
    only: str | None,
    strict: bool,
    progress: Progress | None,
) -> Result:
    """Build a site into its staging folder and bring the output up to date, if nothing is wrong."""
    report = Report()
    staging.empty()
    books = Books(ledger, staging)
    order = Order(root, walked, jobs, staging, books, only, progress)
    try:
        made = _make_site(order, report)
    except LostPartError:
        # The ledger holds less than it says it does: it is no good.
        report = Report()
        staging.empty()
        books = Books(ledger, staging, anew=True)
        made = _make_site(replace(order, books=books), report)
    found, outlines, written = report.problems, made.outlines, made.written
    sums = staging.write(SUMS, write_sums(written))
    plan = plan_commit(staging, [*written, sums], report)
    result = Result(
        report.problems,
        coverages=len(outlines),
        posts=sum(outline.count for outline in outlines),
        pages=len(written),
        changed=sum(path != SUMS for path in plan["place"]),
        removed=len(plan["remove"]),
        outlines=outlines,
    )
    if not result.finish(strict, False).failed:
        commit(staging, plan)
        settled = Settled(made.bases.tools, made.listing, found, result.coverages, result.posts)
        books.close(made.built, made.kept, made.bases.coverages, (*made.pages, sums), settled)
    return result


def run_check(root: Path, *, jobs: int, progress: Progress | None) -> Result:
    """Go through the whole pipeline and write nothing."""
    report = Report()
    made = _make_site(Order(root, walk_site(root, None), jobs, progress=progress), report)
    outlines = made.outlines
    posts = sum(outline.count for outline in outlines)
    return Result(
        report.problems,
        len(outlines),
        posts,
        pages=len(made.written),
        outlines=outlines,
        sealable={path: digest for one in made.built for path, digest in one.sealable.items()},
        seals=made.chain,
    )


def _make_site(order: Order, report: Report) -> Made:
    """Every file of the site, staged."""
    root, staging, books = order.root, order.staging, order.books
    clock = staging.read_clock() if staging else 0
    tools, strays = order.walked.tools, order.walked.strays
    report.add(strays)
    tree = _choose(order.walked.tree, order.only, report)
    if not (root / CONTENT).is_dir():
        return Made(Bases(tools, b"", b""))
    own = sign_site(root, tree)

    def read(path: str) -> Source | None:
        return read_source(root, path, report)

    def find_for(base_url: str) -> Elsewhere:
        return Elsewhere(root, base_url, order.only)

    site = load_site(tree.site, read, find_for, report)
    place = place_field(site.path, "theme", lambda path: read_source(root, path, Report()))
    theme = load_theme(root, site.theme, place, report)
    seals = load_seals(tree.seals, lambda path: read_bytes(root, path, report), report)
    bases = _find_bases(tools, theme, site, tree, seals)
    kept: dict[str, Account] = {}
    if books:
        kept = books.find_accounts(
            tree.folders, order.walked.listings, bases.coverages, find_for(site.base_url)
        )
    for account in kept.values():
        report.add(account.summary.problems)
    folders = [folder for folder in tree.folders if folder.slug not in kept]
    resources = {
        folder.slug: books.find_resource(folder.slug, bases.coverages[folder.slug])
        if books
        else Resource()
        for folder in folders
    }
    studio = Studio(root, staging, bases.tools, clock, order.jobs, order.progress)
    albums = make_albums(studio, folders, resources)
    tasks = [
        Task(
            root,
            folder,
            site,
            staging,
            order.only,
            bases.tools,
            bases.theme,
            clock,
            albums[folder.slug][0],
            replace(resources[folder.slug], gallery=None),
            order.jobs,
            seals.histories.get(folder.slug, {}),
        )
        for folder in folders
    ]
    if books:
        for slug, (_, gallery) in albums.items():
            books.note_gallery(slug, gallery)
    built: list[Built] = []
    for one in _build_coverages(tasks, theme, order):
        report.add(one.summary.problems)
        built.append(books.note(one) if books else one)
    made = Made(bases, tuple(built), tuple(kept.values()), seals=seals)
    check_site_links(site, tree, made.summaries, read, report)
    if not staging:
        check_templates(theme, report)
        check_words(theme, _list_languages(root, site, made), report)
    if order.only is None:
        made = replace(made, chain=_check_seals(seals, tree, made.summaries, report))
    pages = () if report.has_errors else tuple(_print_site(order, site, theme, made, report))
    # Where names of files clash, that has been told: their pages would only say it again.
    if not any(problem.code == "paths-clash" for problem in report.problems):
        check_paths(_list_sources(site, made, pages), report)
    listings = {one.summary.slug: one.listing for one in built}
    listings |= {slug: one.listing for slug, one in kept.items()}
    parts = [listings[folder.slug] for folder in tree.folders]
    sure = all(parts) and all(is_settled(signature, clock) for _, signature in own)
    return replace(
        made,
        pages=pages,
        listing=digest_listing(own, strays, parts) if sure and order.only is None else b"",
    )


def _find_bases(tools: bytes, theme: Theme, site: Site, tree: Tree, seals: Seals) -> Bases:
    """A coverage knows nothing of the site's introduction, nor of what was sealed in others."""
    with_theme = make_digest(tools, theme.digest)
    base = make_digest(with_theme, digest_value(replace(site, introduction=Body())))
    slugs = [folder.slug for folder in tree.folders]
    sealed = {slug: seals.histories.get(slug) for slug in slugs}
    coverages = {
        slug: make_digest(base, digest_value(of)) if of else base for slug, of in sealed.items()
    }
    return Bases(tools, with_theme, base, coverages)


def _check_seals(
    seals: Seals, tree: Tree, summaries: Sequence[Summary], report: Report
) -> tuple[Seal, ...]:
    """Tell which sealed permalinks are gone; the seals as they may be published."""
    gone = (permalink for one in summaries for permalink in one.gone)
    slugs = (folder.slug for folder in tree.folders)
    secret = frozenset(digest for one in summaries for digest in one.secret)
    check_sealed(seals, gone, slugs, (one.aliases for one in summaries), secret, report)
    return withhold_seals(seals.ordered, secret)


def _build_coverages(tasks: Sequence[Task], theme: Theme, order: Order) -> Iterator[Built]:
    """Long coverages one after the other, each shared by all processes; of the others each by one."""
    total = sum(len(task.folder.entries) for task in tasks)
    done = 0

    def advance(posts: int) -> None:
        nonlocal done
        done += posts
        if order.progress:
            order.progress(done, total)

    for task in tasks:
        if task.is_long:
            yield build_coverage(theme, task, advance)
    short = [task for task in tasks if not task.is_long]
    sizes = [task.size for task in short]
    for built in map_jobs(build_coverage, theme, short, sizes, order.jobs):
        yield built
        advance(built.summary.size)


def _print_site(
    order: Order, site: Site, theme: Theme, made: Made, report: Report
) -> Iterator[Written]:
    """The pages that no coverage owns, and the theme's assets."""
    books = order.books
    outputs = {file.path: file for file in books.find_pages()} if books else {}
    press = Press(theme, order.staging, order.root, outputs)

    def find_posts(recent: Sequence[Recent]) -> Sequence[PostView]:
        if books:
            return books.find_posts(recent)
        posts = {post.path: post for one in made.built for post in unpack_posts(one.recent)}
        return [posts[one.path] for one in recent]

    words = theme.words(site.language)
    base = make_digest(made.bases.site, digest_value(site.introduction))
    outlines = made.outlines
    sheets = list(plan_site(site, base, outlines, find_posts, words, choose_heads(made.chain)))
    for folder, names_of in LISTS.items():
        printed = press.find_folder(folder, digest_lists(base, folder, outlines))
        yield from printed
        if not printed:
            sheets += plan_lists(site, base, outlines, folder, names_of, words)
    if site.search:
        summaries = {summary.slug: summary for summary in made.summaries}
        volumes = bind_volumes(made.bases.tools, outlines, summaries) if books else []
        # The newest first.
        names = [volume.name for volume in reversed(volumes)]
        sheets.append(plan_search(site, base, names, words))
        if books:
            sheets.append(_plan_names(made, outlines, summaries))
            if volumes:
                sheets.append(plan_letters(made.bases.tools))
            yield from print_volumes(volumes, press, books)
    yield from press.share_sheets(sheets, report, order.jobs)
    yield from press.print_icons(report)
    for path, original in theme.list_assets().items():
        yield press.writer.copy(path, original)
    yield press.writer.copy(SCHEMA, SCHEMA_FILE)
    if made.chain:
        yield press.writer.write(LIST, write_list(made.chain))
        sealed = made.seals.list_published(made.chain)
        signatures = {path: sign_file(f"{order.root}/{path}") for path in sealed}
        yield from press.copy_media(plan_files(sealed), signatures)


def _list_languages(root: Path, site: Site, made: Made) -> Iterator[tuple[str, Place]]:
    """The languages of all pages, and the file that names each."""

    def place(path: str) -> Place:
        return place_field(path, "language", lambda name: read_source(root, name, Report()))

    for one in reversed(made.summaries):
        if one.outline and one.outline.language != site.language:
            yield one.outline.language, place(f"{one.path}/coverage.md")
    yield site.language, place(site.path)


def _plan_names(made: Made, outlines: Sequence[Outline], summaries: Mapping[str, Summary]) -> Sheet:
    """What a search can be narrowed to."""
    published = [summaries[outline.slug] for outline in outlines]
    return plan_names(
        made.bases.tools,
        [(outline.slug, outline.title) for outline in outlines],
        [summary.names for summary in published],
        [summary.tags for summary in published],
    )


def _list_sources(site: Site, made: Made, pages: Sequence[Written]) -> Iterator[tuple[str, Place]]:
    """All files with the place in the content that asks for them."""
    parts = [(one.summary, one.written) for one in made.built]
    parts += [(one.summary, one.outputs) for one in made.kept]
    for summary, files in sorted(parts, key=lambda part: part[0].slug):
        home = Place(summary.path)
        for file in files:
            yield file.path, summary.aliases.get(file.path, home)
    home = Place(site.path)
    for file in pages:
        asset = file.path.startswith("assets/")
        yield file.path, Place(f"the theme ({file.path})") if asset else home


def _choose(tree: Tree, only: str | None, report: Report) -> Tree:
    if only is None:
        return tree
    chosen = tuple(folder for folder in tree.folders if folder.slug == only)
    if not chosen:
        slugs = [folder.slug for folder in tree.folders]
        report.error(
            "unknown-coverage",
            f"there is no coverage `{only}`",
            Place(CONTENT),
            suggest(only, slugs) or f"the coverages are {', '.join(slugs)}",
        )
    return Tree(tree.site, chosen, tree.seals)
