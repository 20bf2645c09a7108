"""What was sealed stays where it was: whatever is done to an archive, no page vanishes without an error.

`EXAMPLES=500` tries so many archives, others each time; else a few, always the same.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from archiver.build import build_site
from archiver.cli.importing import import_captures
from book import list_digests
from sealing import DAY, MORNING, seal_archive

pytestmark = pytest.mark.usefixtures("compiled_once")

EXAMPLES = os.environ.get("EXAMPLES")
ADDRESS = "https://news.example.org/live/vigil"
ANY = st.integers(0, 99)
NAMES = st.sampled_from(["bells", "candles", "night", "square"])


def make_page(posts: dict[int, tuple[int, int]]) -> str:
    """A live page of some posts: by number the minute and the version of each."""
    updates = [
        {
            "@type": "BlogPosting",
            "headline": f"Headline {number} as of {version}",
            "url": f"{ADDRESS}#post-{number}",
            "datePublished": f"2017-03-23T20:{minute:02}:00Z",
            "articleBody": f"What was known of {number} at {version}.",
        }
        for number, (minute, version) in posts.items()
    ]
    blog = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": "A vigil in the square",
        "url": ADDRESS,
        "publisher": {"name": "The News"},
        "liveBlogUpdate": updates,
    }
    script = f'<script type="application/ld+json">{json.dumps(blog)}</script>'
    return f'<!doctype html><html lang="en"><head>{script}</head><body></body></html>'


def set_field(path: Path, field: str, value: str) -> None:
    """Give a file another value of a field of front matter, which takes a line."""
    text = re.sub(rf"^{field}:.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(text.replace("---\n", f"---\n{field}: {value}\n", 1), encoding="utf-8")


class Newsroom(RuleBasedStateMachine):
    """People go on working on an archive that was sealed."""

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        self.root = Path(self.home.name)
        self.folder = self.root / "content/event"
        self.posts = {number: (number, 0) for number in range(4)}
        self.number = 0
        self.day = 0
        # The permalinks that were ever sealed, and the older ones of each file.
        self.sealed: set[str] = set()
        self.older: dict[str, list[str]] = {}

    @initialize()
    def begin(self) -> None:
        """A page is imported and sealed."""
        (self.root / "content").mkdir()
        self.set_page_size(3)
        self.bring_in()
        self.seal()

    def teardown(self) -> None:
        self.home.cleanup()

    @invariant()
    def keep_every_page(self) -> None:
        """Nothing is wrong, and each permalink that was ever sealed is there."""
        if self.sealed:
            result = build_site(self.root, self.root / "build")
            assert not result.failed, result.problems
            assert self.sealed <= list_digests(self.root / "build").keys()

    @rule()
    def seal(self) -> None:
        """What is published is sealed again."""
        self.day += 1
        made = seal_archive(self.root, MORNING + self.day * DAY)
        self.sealed |= set(made.permalinks) if made else set()

    # What a newsroom does

    @rule(which=ANY, number=ANY)
    def edit_title(self, which: int, number: int) -> None:
        """Another title."""
        set_field(self.find_post(which), "title", f'"Another title: {number}"')

    @rule(which=ANY, version=ANY, minute=st.integers(0, 59))
    def import_again(self, which: int, version: int, minute: int) -> None:
        """The page is fetched again: a post has another headline, text and time."""
        self.posts[which % len(self.posts)] = (minute, version)
        self.bring_in()

    @rule(minute=st.integers(0, 59))
    def import_more(self, minute: int) -> None:
        """The page has a post more."""
        self.posts[len(self.posts)] = (minute, 0)
        self.bring_in()

    @rule(which=ANY, minute=st.integers(0, 59), order=st.integers(0, 9))
    def order_anew(self, which: int, minute: int, order: int) -> None:
        """A post goes to another place on the timeline."""
        path = self.find_post(which)
        set_field(path, "date", f"2017-03-23T20:{minute:02}:00Z")
        set_field(path, "order", str(order))

    @rule(size=st.integers(1, 9))
    def set_page_size(self, size: int) -> None:
        """Timeline pages hold more or fewer posts."""
        text = (
            f"---\ntitle: The archive\ntimezone: Europe/London\ntimeline_page_size: {size}\n---\n"
        )
        (self.root / "content/site.md").write_text(text, encoding="utf-8")

    @rule(which=ANY, name=NAMES, slug=st.booleans())
    def rename_with_alias(self, which: int, name: str, slug: bool) -> None:
        """Another name, or another slug; the older ones stay as aliases."""
        path = self.find_post(which)
        old = self.find_slug(path)
        older = [*self.older.get(str(path), []), old]
        self.number += 1
        new = f"{name}-{self.number}"
        set_field(path, "aliases", json.dumps(older))
        if slug:
            set_field(path, "slug", new)
        else:
            path.write_text(re.sub(r"(?m)^slug:.*\n", "", path.read_text(encoding="utf-8")))
            self.older.pop(str(path), None)
            path = path.rename(path.with_name(f"{new}.md"))
        self.older[str(path)] = older

    @rule(which=ANY, name=NAMES)
    def file_away(self, which: int, name: str) -> None:
        """A post's file goes to a folder below, which is no part of its permalink."""
        path = self.find_post(which)
        (self.folder / name).mkdir(exist_ok=True)
        older = self.older.pop(str(path), [])
        self.older[str(path.rename(self.folder / name / path.name))] = older

    @rule(which=ANY)
    def withdraw(self, which: int) -> None:
        """A post becomes a tombstone."""
        path = self.find_post(which)
        set_field(path, "withdrawn", "{date: 2018-01-01, by: The editor}")

    # What it may not do

    @rule(which=ANY)
    def delete(self, which: int) -> None:
        """Without a tombstone, that is an error which names every permalink."""
        path = self.find_post(which)
        data = path.read_bytes()
        lost = self.list_sealed(path)
        path.unlink()
        self.expect_errors(lost)
        path.write_bytes(data)

    @rule(which=ANY, name=NAMES)
    def rename_without_alias(self, which: int, name: str) -> None:
        """Another name, and nothing that leads there."""
        path = self.find_post(which)
        lost = self.list_sealed(path) - {
            f"event/{old}.html" for old in self.older.get(str(path), [])
        }
        data = path.read_bytes()
        other = path.with_name(f"{name}-lost.md")
        other.write_bytes(re.sub(rb"(?m)^slug:.*\n", b"", data))
        path.unlink()
        self.expect_errors(lost)
        other.unlink()
        path.write_bytes(data)

    @rule(which=ANY)
    def keep_back(self, which: int) -> None:
        """A post that was published becomes a draft again."""
        path = self.find_post(which)
        data = path.read_bytes()
        set_field(path, "draft", "true")
        self.expect_errors(self.list_sealed(path))
        path.write_bytes(data)

    @rule(which=ANY)
    def forget_aliases(self, which: int) -> None:
        """The older permalinks of a post lead nowhere."""
        path = self.find_post(which)
        data = path.read_bytes()
        set_field(path, "aliases", "[]")
        own = f"event/{self.find_slug(path)}.html"
        self.expect_errors(self.list_sealed(path) - {own})
        path.write_bytes(data)

    # How it is done

    def bring_in(self) -> None:
        """Import the page as it is now."""
        page = self.root / "page.html"
        page.write_text(make_page(self.posts), encoding="utf-8")
        words = [str(page), "--into", "event", "--root", str(self.root)]
        done = CliRunner().invoke(import_captures, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output

    def find_post(self, which: int) -> Path:
        """The file of one of the posts."""
        reserved = {"captures", "revisions", "media"}
        paths = [
            path
            for path in sorted(self.folder.rglob("*.md"))
            if path.name != "coverage.md" and path.relative_to(self.folder).parts[0] not in reserved
        ]
        return paths[which % len(paths)]

    def find_slug(self, path: Path) -> str:
        """The slug of a post."""
        said = re.search(r"^slug: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        return said[1] if said else path.stem

    def list_sealed(self, path: Path) -> set[str]:
        """The sealed permalinks that lead to a post."""
        names = [self.find_slug(path), *self.older.get(str(path), [])]
        return self.sealed & {f"event/{name}.html" for name in names}

    def expect_errors(self, lost: set[str]) -> None:
        """A build names each of the permalinks that are lost, and changes nothing; it does so only then."""
        before = list_digests(self.root / "build")
        result = build_site(self.root, self.root / "build")
        told = {
            permalink
            for permalink in self.sealed
            for problem in result.problems
            if problem.code == "sealed-permalink-gone" and f" {permalink} " in problem.message
        }
        assert told == lost
        assert result.failed == bool(lost)
        assert not lost or list_digests(self.root / "build") == before


def test_no_sealed_page_vanishes_without_an_error() -> None:
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=int(EXAMPLES or 12),
            stateful_step_count=40 if EXAMPLES else 20,
            derandomize=not EXAMPLES,
            deadline=None,
        ),
    )
