"""An incremental build equals a clean one byte for byte, whatever was changed, damaged or broken off.

`EXAMPLES=500` tries so many archives, others each time; else a few, always the same.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from archiver import workers
from archiver.build import build_site, check_site
from archiver.diagnostics import Problem, Severity
from archiver.seals import make_seal, read_seal
from archiver.staging import SUMS
from book import list_digests
from comparing import (
    Clean,
    build_clean,
    check_sums,
    count_posts,
    find_ledger,
    list_differences,
    list_stamps,
    name_problems,
)
from newsroom import FLAGS, UNTIMED, Archive, Coverage, Post, Site, write_archive
from sealing import DAY, MORNING

pytestmark = pytest.mark.usefixtures("compiled_once", "small_index")

EXAMPLES = os.environ.get("EXAMPLES")
PAST, FUTURE = 981_173_106, 4_070_908_800  # seconds: in 2001, in 2099
NAMES = ("bridge", "flood", "vigil")
EXTRA = "themes/own/assets/extra.css"

# -- ways to break a build off


class StoppedError(BaseException):
    """The process ends here."""


@contextmanager
def die_at_step(number: int) -> Iterator[None]:
    """Nothing is moved, made or removed on the disk any more after so many steps, as if killed."""
    steps = 0
    with pytest.MonkeyPatch.context() as patch:
        for name in ("replace", "rename", "unlink", "mkdir", "rmdir"):
            original = getattr(os, name)

            def step(*arguments: Any, original: Any = original, **options: Any) -> Any:
                nonlocal steps
                steps += 1
                if steps > number:
                    raise StoppedError
                return original(*arguments, **options)

            patch.setattr(os, name, step)
        with suppress(StoppedError):
            yield


# -- an archive that changes

ANY = st.integers(0, 99)
RARELY = st.integers(0, 3).map(lambda number: number == 3)
FILE_NAMES = st.sampled_from(["bridge", "noon", "zero"])
SOME = (None, 0, 1, 2)
POST: dict[str, tuple[Any, ...]] = {
    "words": tuple(range(100)),
    "more": (0, 1, 2),
    "title": SOME,
    "heading": SOME,
    "day": (0, 1, 2),
    "minute": (0, 1, 2, 59, 60, 61, 125, 299),
    "order": (0, 1, 2, 3),
    "folder": ("", "days", "days/deep"),
    "byline": ("", "Ana", "ANA", "{name: Ben, role: Desk, place: London}"),
    "tags": ((), ("Rail",), ("rail", "bridges"), ("bridges", "Rail")),
    "flags": ((), *((flag,) for flag in FLAGS), ("key", "breaking")),
    "aliases": ((), ("older",), ("older", "flood/older"), ("nowhere/older",)),
    "language": ("", "cy", "ar"),
    "home": ("", *NAMES),
    "picture": ("", "a.png", "b.png", "map.svg", "lost.png", "photo.jpg", "deep/film.mp4"),
    "document": (False, True),
    "embed": SOME,
    "corrected": (False, True),
    "updated": SOME,
    "origin": SOME,
    "withdrawn": (False, True),
    "draft": (False, True),
    "revisions": (
        (),
        (("001", 0),),
        (("001", 1),),
        (("001", 1), ("2017-03-23", 2)),
        (("2017-03-23T210000Z", 1), ("2017-03-23", 2)),
    ),
}
COVERAGE: dict[str, tuple[Any, ...]] = {
    "title": (0, 1, 2),
    "notice": SOME,
    "zone": ("", "Asia/Kathmandu", "America/New_York"),
    "language": ("", "en", "de"),
    "status": ("", "live", "closed"),
    "started": ("", "2017-03-20", "2017-03-22"),
    "points": ((), (1,), (0, 2), (7,), (9, 10)),
    "heading": (0, 1, 2),
    "rights": SOME,
    "capture": SOME,
    "notes": SOME,
    "picture": ("", "a.png", "lost.png"),
}
SITE: dict[str, tuple[Any, ...]] = {
    "title": (0, 1, 2),
    "base": SOME,
    "page_size": (2, 3, 4),
    "theme": ("own", ""),
    "language": ("en-GB", "fr"),
    "zone": ("Europe/London", "UTC"),
    "search": (True, True, False),
}
MEDIA = st.sampled_from(
    """a.png b.png map.svg notes.csv photo.jpg photo.jpg photo.jpg deep/film.mp4 deep/film.poster.jpg
    deep/film.vtt""".split()
)
THEME = st.sampled_from(
    """entry.html timeline.html part.html list.html provenance.html parts/colophon.html parts/media.html
    parts/embed.html words/en.toml words/de.toml assets/style.css assets/extra.css""".split()
)


def choose_fields(table: dict[str, tuple[Any, ...]]) -> st.SearchStrategy[list[tuple[str, int]]]:
    """One or two names of a table, and a number that chooses a value."""
    return st.lists(st.tuples(st.sampled_from(list(table)), ANY), min_size=1, max_size=2)


def choose_other(values: Sequence[Any], current: Any, number: int) -> Any:
    """One of the values, another than the current one."""
    others = [value for value in values if value != current]
    return others[number % len(others)]


def change_fields(
    value: Any, table: dict[str, tuple[Any, ...]], changes: list[tuple[str, int]]
) -> Any:
    """A value of which some fields are others."""
    for name, number in changes:
        other = choose_other(table[name], getattr(value, name), number)
        value = value._replace(**{name: other})
    return value


# What is wrong with a file that holds these instead; a warning stops no build.
BREAKS: dict[str, Callable[[bytes], bytes]] = {
    "field": lambda data: data.replace(b"---\n", b"---\nupdatd: 2017-03-24\n", 1),
    "date": lambda data: b"---\nno date\n---\nWords\n",
    "link": lambda data: data + b"\n[x](nowhere.md)\n",
    "fragment": lambda data: data + b"\n[x](../flood/coverage.md#nowhere)\n",
    "bytes": lambda data: data + b"\xff",
    "nothing": lambda data: b"",
    "template": lambda data: data + b"{% if",
    "warning": lambda data: data + b"\n![](media/nowhere.png)\n",
}
BUILDS: list[dict[str, Any]] = [{}, {}, {}, {"clean": True}, {"jobs": 2}, {"strict": True}]


class Newsroom(RuleBasedStateMachine):
    """People change an archive and build it; the site is always that of a clean build."""

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        self.root = Path(self.home.name)
        self.output = self.root / "build"
        self.archive = make_archive()
        self.broken: dict[str, bytes] = {}
        self.sealed: dict[str, bytes] = {}
        self.clock = "now"
        self.renames = False
        self.number = max(self.archive.posts)
        self.patience = 1
        self.changes = 0
        self.failures = 0
        # What somebody has written over in build/, and what a build that was broken off had begun.
        self.tampered: dict[str, bytes] = {}
        self.begun: list[Mapping[str, str]] = []
        self.earlier: list[bytes] = []
        self.write()

    @initialize(patience=st.sampled_from([1, 1, 2, 3]))
    def begin(self, patience: int) -> None:
        """The site is there; from now on it is built after every few changes."""
        self.patience = patience
        self.build()
        shutil.copytree(self.output, self.root / "copy")

    def teardown(self) -> None:
        """Whatever was changed last is built, too."""
        try:
            if self.changes:
                self.build()
        finally:
            self.home.cleanup()

    @invariant()
    def build_after_some_changes(self) -> None:
        """Several changes may come to one build."""
        if self.changes >= self.patience:
            self.build()

    # Changes of the content

    @rule(which=ANY, number=ANY)
    def edit_words(self, which: int, number: int) -> None:
        """Other words of the same length."""
        self.change_post(which, [("words", number)])

    @rule(which=ANY, number=ANY)
    def change_revisions(self, which: int, number: int) -> None:
        """An earlier text of a post is new, another, or gone."""
        self.change_post(which, [("revisions", number)])

    @rule(which=ANY, changes=choose_fields(POST))
    def change_post(self, which: int, changes: list[tuple[str, int]]) -> None:
        """A thing or two about a post is another."""
        number = self.find_post(which)
        if number is not None:
            self.put_post(number, change_fields(self.archive.posts[number], POST, changes))

    @rule(which=ANY, to=ANY, deep=st.booleans())
    def link_posts(self, which: int, to: int, deep: bool) -> None:
        """A post leads to another, in this coverage or in the next."""
        number, target = self.find_post(which), self.find_post(to)
        if number is not None and target is not None:
            links = (*self.archive.posts[number].links, (target, deep))
            self.put_post(number, self.archive.posts[number]._replace(links=links[-2:]))

    @rule(of=st.sampled_from(NAMES), name=FILE_NAMES, fields=choose_fields(POST))
    def add_post(self, of: str, name: str, fields: list[tuple[str, int]]) -> None:
        """A post more, perhaps the first of its coverage."""
        self.number += 1
        name = f"{name}-{self.number}"
        coverages = {of: Coverage(), **self.archive.coverages}
        self.archive = self.archive._replace(coverages=coverages)
        self.put_post(self.number, change_fields(Post(of, name), POST, fields))

    @rule(which=ANY, careless=RARELY)
    def delete_post(self, which: int, careless: bool) -> None:
        """A post less; links to it may be left behind."""
        number = self.find_post(which)
        if number is not None:
            posts = {key: post for key, post in self.archive.posts.items() if key != number}
            self.put_posts(posts, number if careless else None)

    @rule(which=ANY, name=FILE_NAMES, careless=RARELY, slug=st.booleans())
    def rename_post(self, which: int, name: str, careless: bool, slug: bool) -> None:
        """Another file name, or another permalink with the same; links may be left as they were."""
        number = self.find_post(which)
        if number is not None:
            self.number += 1
            other = f"{name}-{self.number}"
            post = self.archive.posts[number]
            post = post._replace(slug=other) if slug else post._replace(name=other, slug="")
            self.put_posts({**self.archive.posts, number: post}, number if careless else None)

    @rule(which=ANY, to=st.sampled_from(NAMES), careless=RARELY)
    def move_post(self, which: int, to: str, careless: bool) -> None:
        """A post goes to another coverage."""
        number = self.find_post(which)
        if number is not None and to in self.archive.coverages:
            post = self.archive.posts[number]._replace(coverage=to)
            self.put_posts({**self.archive.posts, number: post}, number if careless else None)

    @rule(one=ANY, other=ANY)
    def swap_files(self, one: int, other: int) -> None:
        """Two files change names: both keep their sizes and times, and each lies in the other's place."""
        first, second = self.find_post(one), self.find_post(other)
        if first is None or second is None or first == second:
            return
        here, there = (self.root / self.archive.posts[key].path for key in (first, second))
        aside = here.with_name("aside")
        here.rename(aside)
        there.rename(here)
        aside.rename(there)
        posts = dict(self.archive.posts)
        a, b = posts[first], posts[second]
        posts[first] = a._replace(coverage=b.coverage, folder=b.folder, name=b.name)
        posts[second] = b._replace(coverage=a.coverage, folder=a.folder, name=a.name)
        self.put_posts(posts)

    @rule(which=st.sampled_from(NAMES), changes=choose_fields(COVERAGE))
    def change_coverage(self, which: str, changes: list[tuple[str, int]]) -> None:
        """A thing or two about a coverage is another."""
        if which in self.archive.coverages:
            coverage = change_fields(self.archive.coverages[which], COVERAGE, changes)
            coverages = {**self.archive.coverages, which: coverage}
            self.put(self.archive._replace(coverages=coverages))

    @rule(which=st.sampled_from(NAMES), to=st.sampled_from(NAMES))
    def rename_coverage(self, which: str, to: str) -> None:
        """A folder has another name: its files keep their times; or it is gone with all its posts."""
        if which not in self.archive.coverages or len(self.archive.coverages) < 2:
            return
        coverages = {key: one for key, one in self.archive.coverages.items() if key != which}
        posts = {
            key: post for key, post in self.archive.posts.items() if post.coverage not in (which,)
        }
        media = dict(self.archive.media)
        if to not in self.archive.coverages:
            home = self.root / "content"
            shutil.rmtree(home / to, ignore_errors=True)
            (home / which).rename(home / to)
            coverages[to] = self.archive.coverages[which]
            for key, post in self.archive.posts.items():
                if post.coverage == which:
                    posts[key] = post._replace(coverage=to)
        for path in self.archive.media:
            if path.startswith(f"content/{which}/"):
                number = media.pop(path)
                if to in coverages and to not in self.archive.coverages:
                    media[path.replace(which, to, 1)] = number
        archive = self.archive._replace(coverages=coverages, posts=posts, media=media)
        self.put(archive)

    @rule(changes=choose_fields(SITE))
    def change_site(self, changes: list[tuple[str, int]]) -> None:
        """A setting or two of the archive is another."""
        self.put(self.archive._replace(site=change_fields(self.archive.site, SITE, changes)))

    @rule(of=st.sampled_from(NAMES), name=MEDIA, number=ANY)
    def change_media(self, of: str, name: str, number: int) -> None:
        """A picture, drawing, table or film is new, another, or gone."""
        if of in self.archive.coverages:
            media = change_number(self.archive.media, f"content/{of}/media/{name}", number)
            self.put(self.archive._replace(media=media))

    @rule(name=THEME, number=ANY)
    def change_theme(self, name: str, number: int) -> None:
        """A template, catalogue or asset of the site's own theme is new, another, or gone."""
        theme = change_number(self.archive.theme, f"themes/own/{name}", number)
        self.put(self.archive._replace(theme=theme))

    @rule(which=ANY, fault=st.sampled_from(list(BREAKS)))
    def break_file(self, which: int, fault: str) -> None:
        """Something is wrong with a file."""
        files = write_archive(self.archive)
        right = ".html" if fault == "template" else ".md"
        paths = sorted(path for path in files if path.endswith(right))
        if paths:
            path = paths[which % len(paths)]
            self.broken[path] = BREAKS[fault](files[path])
            self.put(self.archive)

    @rule()
    def seal(self) -> None:
        """What is published is sealed, if nothing is wrong with it."""
        result = check_site(self.root)
        time = MORNING + len(self.sealed) * DAY
        data = None if result.failed else make_seal(result.seals, result.sealable, time)
        if data is not None:
            self.sealed[f"content/seal/{read_seal(data).name}"] = data
            self.put(self.archive)

    @rule(which=ANY)
    def lose_seal(self, which: int) -> None:
        """A seal is gone, the newest or one that another names."""
        paths = sorted(self.sealed)
        if paths:
            del self.sealed[paths[which % len(paths)]]
            self.put(self.archive)

    # Clocks and ways to write

    @rule(clock=st.sampled_from(["now", "as it was", "past", "future"]), renames=st.booleans())
    def set_clock(self, clock: str, renames: bool) -> None:
        """Files that are changed from now on have these times, and are written like this."""
        self.clock, self.renames = clock, renames

    @rule(which=ANY, when=st.sampled_from([None, PAST, FUTURE]))
    def touch(self, which: int, when: int | None) -> None:
        """A file's time is another, and nothing in it."""
        paths = sorted(path for path in (self.root / "content").rglob("*") if path.is_file())
        os.utime(paths[which % len(paths)], None if when is None else (when, when))
        self.changes += 1

    # What happens to the ledger and to build/

    @rule(
        way=st.sampled_from(["gone", "cut", "flipped", "empty", "other", "earlier"]),
        place=st.floats(0, 1),
    )
    def damage_ledger(self, way: str, place: float) -> None:
        """The ledger is gone, or not what the last build wrote."""
        ledger = find_ledger(self.output)
        data = ledger.read_bytes() if ledger.is_file() else b""
        spot = int(place * max(0, len(data) - 1))
        if way == "gone":
            ledger.unlink(missing_ok=True)
        elif way == "other":
            ledger.write_bytes(os.fsencode(f"{place}") * 9)
        elif way == "empty":
            ledger.write_bytes(b"")
        elif way == "earlier" and self.earlier:
            ledger.write_bytes(self.earlier[0])
        elif data:
            flipped = data[:spot] + bytes([data[spot] ^ 1 << spot % 8]) + data[spot + 1 :]
            ledger.write_bytes(data[:spot] if way == "cut" else flipped)
        self.changes += 1

    @rule(which=ANY, same_size=st.booleans(), same_time=st.booleans())
    def tamper(self, which: int, same_size: bool, same_time: bool) -> None:
        """Somebody writes into a built file."""
        path = self.find_built(which)
        if path is None:
            return
        file = self.output / path
        status, data = file.stat(), file.read_bytes()
        changed = (
            b"?" + data[1:] if same_size and data[:1] not in (b"", b"?") else b"By hand " + data
        )
        file.write_bytes(changed)
        if same_time:
            os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.tampered[path] = changed
        self.changes += 1

    @rule(which=ANY, all_of_it=RARELY)
    def delete_built(self, which: int, all_of_it: bool) -> None:
        """A built file is gone, or the whole site; the ledger is not."""
        path = self.find_built(which)
        if all_of_it:
            shutil.rmtree(self.output, ignore_errors=True)
            self.tampered.clear()
        elif path is not None:
            (self.output / path).unlink()
            self.tampered.pop(path, None)
        self.changes += 1

    @rule()
    def bring_back_output(self) -> None:
        """The site is a copy of the first one, with the times that its files had."""
        if not self.begun:
            shutil.rmtree(self.output, ignore_errors=True)
            shutil.copytree(self.root / "copy", self.output)
            self.tampered.clear()
            self.changes += 1

    # Builds

    @rule(options=st.sampled_from(BUILDS))
    def build_as(self, options: dict[str, Any]) -> None:
        """A build, in one way or another."""
        self.build(**options)

    @rule(name=st.sampled_from(NAMES))
    def build_only_one(self, name: str) -> None:
        """One coverage as a site of its own, in another folder."""
        clean = build_clean(self.root, name)
        output = self.root / "only"
        before = list_digests(output)
        result = build_site(self.root, output, only=name)
        assert name_problems(result, self.root) == clean.problems
        assert list_differences(list_digests(output), before if clean.failed else clean.files) == []

    @rule(calls=st.integers(1, 3))
    def stop_build(self, calls: int) -> None:
        """Ctrl-C while coverages are built."""
        clean, before, told = build_clean(self.root), list_digests(self.output), 0

        def progress(done: int, total: int, noun: str = "posts") -> None:
            nonlocal told
            told += 1
            if told == calls:
                raise KeyboardInterrupt

        with suppress(KeyboardInterrupt):
            build_site(self.root, self.output, progress=progress)
        self.expect_whole(before, clean)
        self.begun.append(clean.files)
        self.changes += 1

    @rule(steps=st.integers(0, 30))
    def kill_build(self, steps: int) -> None:
        """The process ends at some step on the disk."""
        clean, before = build_clean(self.root), list_digests(self.output)
        with die_at_step(steps):
            build_site(self.root, self.output)
        self.expect_whole(before, clean)
        self.begun.append(clean.files)
        self.changes += 1

    # How it is done

    def find_post(self, which: int) -> int | None:
        """One of the posts, if there is any."""
        numbers = sorted(self.archive.posts)
        return numbers[which % len(numbers)] if numbers else None

    def find_built(self, which: int) -> str | None:
        """One of the built files, if there is any; not the list of them, which says whose they are."""
        paths = sorted(set(list_digests(self.output)) - {SUMS})
        return paths[which % len(paths)] if paths else None

    def put(self, archive: Archive) -> None:
        """The archive is this from now on."""
        self.archive = archive
        self.write()
        self.changes += 1

    def put_post(self, number: int, post: Post) -> None:
        """A post is this from now on."""
        self.put_posts({**self.archive.posts, number: post})

    def put_posts(self, posts: Mapping[int, Post], left: int | None = None) -> None:
        """The posts are these; files that lead to the one that is `left` stay as they were."""
        if left is not None:
            files = write_archive(self.archive)
            for post in self.archive.posts.values():
                if left in dict(post.links):
                    self.broken[post.path] = files[post.path]
        self.put(self.archive._replace(posts=posts))

    def write(self) -> None:
        """Bring the files up to date; what is right already is not written."""
        files = write_archive(self.archive)
        self.broken = {path: data for path, data in self.broken.items() if path in files}
        files |= self.broken | self.sealed
        for name in ("content", "themes"):
            for path in sorted((self.root / name).rglob("*"), reverse=True):
                if path.is_file() and path.relative_to(self.root).as_posix() not in files:
                    path.unlink()
                elif path.is_dir() and not any(path.iterdir()):
                    path.rmdir()
        for name, data in files.items():
            path = self.root / name
            if not path.is_file() or path.read_bytes() != data:
                self.write_file(path, data)

    def write_file(self, path: Path, data: bytes) -> None:
        """Write a file, in its place or beside it, with the time that the clock shows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        status = path.stat() if path.exists() else None
        if self.renames:
            draft = path.with_name("draft~")
            draft.write_bytes(data)
            draft.replace(path)
        else:
            path.write_bytes(data)
        if self.clock == "as it was" and status is not None:
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        elif self.clock in ("past", "future"):
            os.utime(path, (PAST, PAST) if self.clock == "past" else (FUTURE, FUTURE))

    def expect_whole(self, before: Mapping[str, str], clean: Clean) -> None:
        """Every file is one of the old site or one of the new, or of what was begun before."""
        sites = [before, *self.begun] + ([] if clean.failed else [clean.files])
        for path, digest in list_digests(self.output).items():
            assert any(site.get(path) == digest for site in sites), f"{path} is torn"

    def build(self, strict: bool = False, **options: Any) -> None:
        """Build, and judge the outcome by that of a clean build of the same content."""
        clean, before, stamps = self.look()
        # What a build that was broken off had begun is finished first, and by then is as it should be.
        tampered = {path for path, data in self.tampered.items() if self.read_built(path) == data}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workers, "WORTH_SHARING", 0)
            patch.setattr(workers, "JOBS_A_SHIFT", 1)
            result = build_site(self.root, self.output, strict=strict, **options)
        told = {
            one.place.path.partition("/")[2]
            for one in result.problems
            if one.code == "output-changed"
        }
        self.changes = 0
        expected = clean.problems
        if strict:
            expected = tuple(
                Problem(one.code, Severity.ERROR, one.place, one.message, one.hint)
                for one in expected
            )
        assert name_problems(result, self.root) == expected
        if clean.failed or (strict and result.problems):
            assert result.failed
            self.expect_whole(before, clean._replace(failed=True))
            assert self.begun or list_stamps(self.output) == stamps
            self.mend_sometimes()
            return
        assert not result.failed
        assert told == tampered if not self.begun else told <= tampered
        assert (result.pages, count_posts(result)) == (clean.pages, clean.counts)
        after = list_digests(self.output)
        for path in tampered - clean.files.keys():
            # What nobody would miss is not thrown away: the one who wrote it takes it with him.
            if after.pop(path, None):
                assert self.read_built(path) == self.tampered[path]
                (self.output / path).unlink()
        assert list_differences(after, clean.files) == []
        check_sums(self.output)
        if options.get("clean"):
            assert result.changed == clean.pages
        elif not self.begun:
            written = list_differences(before, clean.files)
            assert result.changed == len(set(written) & clean.files.keys() - {SUMS})
            now = list_stamps(self.output)
            assert {path for path in now if now[path] != stamps.get(path)} <= set(written)
        self.tampered.clear()
        self.begun.clear()
        self.build_again(clean)
        ledger = find_ledger(self.output)
        if ledger.is_file():
            self.earlier = [*self.earlier, ledger.read_bytes()][-2:]

    def mend_sometimes(self) -> None:
        """Nobody leaves an archive broken for long: a site that is never built shows nothing."""
        self.failures += 1
        if self.failures % 2 == 0:
            self.broken.clear()
            self.sealed.clear()
            self.put(self.archive._replace(theme=self.archive.theme or {EXTRA: 0}))

    def build_again(self, clean: Clean) -> None:
        """A build of what has just been built changes nothing, and tells the same."""
        before = list_stamps(self.output)
        result = build_site(self.root, self.output)
        assert (result.changed, result.removed, result.resumed) == (0, 0, False)
        assert result.problems == tuple(
            one for one in result.problems if one.code != "output-changed"
        )
        assert name_problems(result, self.root) == clean.problems
        assert (result.pages, count_posts(result)) == (clean.pages, clean.counts)
        assert list_stamps(self.output) == before

    def look(self) -> tuple[Clean, dict[str, str], dict[str, tuple[int, int]]]:
        """What there should be, and what there is."""
        return build_clean(self.root), list_digests(self.output), list_stamps(self.output)

    def read_built(self, path: str) -> bytes | None:
        """A built file, if it is there."""
        file = self.output / path
        return file.read_bytes() if file.is_file() else None


def make_archive() -> Archive:
    """Three coverages: one of many days and parts, one of one page, one of two posts without times."""
    posts = {
        0: Post("bridge", "noon-0", minute=0, words=1, tags=("Rail",), byline="Ana"),
        1: Post(
            "bridge",
            "noon-1",
            minute=1,
            title=1,
            heading=1,
            links=((0, False),),
            revisions=(("2017-03-23", 0),),
        ),
        2: Post("bridge", "noon-2", minute=2, embed=0, home="flood", flags=("key",)),
        3: Post("bridge", "noon-3", minute=3, picture="a.png", aliases=("older",)),
        4: Post("bridge", "noon-4", minute=61, links=((7, True),), folder="days"),
        5: Post("bridge", "noon-5", day=2, minute=61, embed=1, byline="ANA"),
        6: Post("bridge", "noon-6", day=2, minute=62, draft=True),
        7: Post("flood", "noon-7", minute=0, heading=2, links=((1, True), (9, False))),
        8: Post("flood", "noon-8", minute=5, picture="map.svg", document=True, withdrawn=True),
        9: Post("vigil", "noon-9", day=UNTIMED, order=1, tags=("rail",), picture="photo.jpg"),
        10: Post("vigil", "noon-10", day=UNTIMED, order=2, title=2, links=((9, False),)),
    }
    media = {"content/bridge/media/a.png": 0, "content/flood/media/map.svg": 1}
    media["content/flood/media/notes.csv"] = 0
    media |= {"content/vigil/media/photo.jpg": 0, "content/bridge/media/deep/film.mp4": 0}
    theme = {EXTRA: 0, "themes/own/parts/colophon.html": 0}
    coverages = {
        "bridge": Coverage(points=(1,), notes=1, capture=1),
        "flood": Coverage(),
        "vigil": Coverage(notice=0),
    }
    return Archive(Site(theme="own"), coverages, posts, media, theme)


def change_number(values: Mapping[str, int], path: str, number: int) -> dict[str, int]:
    """The same values with one of them another, or gone."""
    rest = {key: value for key, value in values.items() if key != path}
    other = choose_other(SOME, values.get(path), number)
    return rest if other is None else {**rest, path: other}


def test_an_incremental_build_equals_a_clean_one_byte_for_byte() -> None:
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=int(EXAMPLES or 25),
            stateful_step_count=40 if EXAMPLES else 25,
            derandomize=not EXAMPLES,
            deadline=None,
        ),
    )
