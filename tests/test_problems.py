"""Every problem that archiver tells, as cases in broken/ with the exact words; RECORD=1 writes these anew."""

from __future__ import annotations

import ast
import fcntl
import os
import re
import shlex
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from archiver.check import check_built
from archiver.cli import main
from archiver.diagnostics import Report
from archiver.model import MediaKind
from archiver.staging import Lock
from book import Book

SOURCE = Path(__file__).parents[1] / "src/archiver"
CASES = sorted((Path(__file__).parent / "broken").glob("*.txt"))
RECORD = bool(os.environ.get("RECORD"))
# While the words are written anew, nothing else can be known of the cases.
SETTLED = [] if RECORD else CASES

EXPECTED = "=== EXPECTED\n"
CODE = re.compile(r"\b(error|warning)\[([a-z0-9-]+)\]")

# Functions of the source that are called with the code of a problem, first or second.
REPORTERS = {"error", "warn", "refuse", "_say", "DateError", "ThemeError", "Finding", "tell"}
# Codes that are put together from a part that varies, and what may stand for it.
PUT_TOGETHER = {
    "missing-{field}": ("date", "title"),
    "missing-{shot.kind.value}": tuple(kind.value for kind in MediaKind),
}
# No archive by itself shows these; they have tests of their own at the end of this module.
# (`bad-signature` repeats what OpenSSH says.)
WITHOUT_A_CASE = {"bad-signature", "busy", "changed-meanwhile", "too-many-files"}


class Case:
    """An archive with something wrong in it, and what standard error shows of a build.

    `=== path` begins a file, as in `book`. Besides, from top to bottom,

    - `=== bytes path` begins one whose path and text are escaped as in Python (`\\xff` is a byte);
    - `=== link path` begins a symbolic link to what the text names;
    - `=== sized path` begins a file of as many bytes as the text says, all of them the letter `a`;
    - `=== pipe path` and `=== socket path` make what is no file;
    - `=== no path` removes a file or folder that would be there;
    - `=== BUILT` builds the archive as it is so far;
    - `=== COMMAND` begins the arguments of archiver, where they are not just `build`;
    - `=== EXPECTED` ends the case.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        text = path.read_bytes().decode()
        self.archive, mark, self.expected = text.partition(EXPECTED)
        assert mark, f"{path.name} has no line {EXPECTED}"
        self.command = "build"

    @property
    def codes(self) -> set[str]:
        """The codes of all problems in it."""
        return {code for _, code in CODE.findall(self.expected)}

    @property
    def fails(self) -> bool:
        """Whether there is an error among them."""
        return "error" in {severity for severity, _ in CODE.findall(self.expected)}

    @property
    def is_of_content(self) -> bool:
        """Whether the problems lie in the archive, and not in the command or in what was built."""
        return not re.search("^=== (COMMAND|BUILT|build/)", self.archive, re.MULTILINE)

    @property
    def is_of_a_check(self) -> bool:
        """Whether only a check tells the problems."""
        return re.search("^=== COMMAND\ncheck", self.archive, re.MULTILINE) is not None

    def lay_out(self, root: Path) -> None:
        """Make the files in a folder, which is the current one."""
        book = Book(root, "=== content/event/coverage.md\n---\ntitle: A day in London\n---\n")
        for part in re.split(r"^=== ", self.archive, flags=re.MULTILINE)[1:]:
            heading, _, body = part.partition("\n")
            word, _, path = heading.partition(" ")
            if word == "bytes":
                file = root / os.fsdecode(unescape(path))
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(unescape(body))
            elif word == "sized":
                book.write_bytes(path, b"a" * int(body))
            elif word in ("pipe", "socket"):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                os.mknod(root / path, stat.S_IFIFO if word == "pipe" else stat.S_IFSOCK)
            elif word == "link":
                (root / path).symlink_to(body.strip())
            elif word == "no":
                target = root / path
                shutil.rmtree(target) if target.is_dir() else target.unlink()
            elif heading == "BUILT":
                book.build()
            elif heading == "COMMAND":
                self.command = body.strip()
            else:
                book.write(f"=== {part}")
        # A coverage that the case adds needs its coverage.md, unless that is what the case removes.
        if "=== no content" not in self.archive:
            Book(root)


def unescape(text: str) -> bytes:
    r"""The bytes that a text with Python's escapes means: `\xff`, `\r`."""
    return text.encode("ascii").decode("unicode_escape").encode("latin-1")


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run archiver in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["archiver", *shlex.split(command)])
    try:
        main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else -1
    return 0


def read_tree(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder but content: when it was written, and what it holds."""
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.relative_to(root).parts[0] != "content"
    }


def list_codes() -> Iterator[str]:
    """Every code that the source can report."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name == "_report_missing":
                field = node.args[1]
                assert isinstance(field, ast.Constant)
                assert field.value in PUT_TOGETHER["missing-{field}"]
            elif name in REPORTERS:
                yield from find_code(node.args[:2])


def find_code(arguments: list[ast.expr]) -> Iterator[str]:
    """The code among the first arguments of a call: written out, or put together."""
    for argument in arguments:
        if isinstance(argument, ast.JoinedStr):
            pattern = ast.unparse(argument)[2:-1]
            if re.fullmatch(r"[a-z-]*\{[^ ]+\}[a-z-]*", pattern):
                for word in PUT_TOGETHER[pattern]:
                    yield re.sub(r"\{.+\}", word, pattern)
                return
        elif isinstance(argument, ast.Constant) and re.fullmatch(
            r"[a-z0-9-]+", str(argument.value)
        ):
            yield str(argument.value)
            return


def spread(cases: Iterable[Path]) -> pytest.MarkDecorator:
    """Run a test for each of some cases."""
    return pytest.mark.parametrize("case", [*cases], ids=lambda path: path.stem, indirect=True)


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """One of the cases, where the current folder is an empty one of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return Case(request.param)


@pytest.fixture(scope="module")
def old_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was built before."""
    text = "=== content/old/post.md\n---\ndate: 2016-01-01T12:00:00Z\n---\nWords\n"
    return Book(tmp_path_factory.mktemp("old"), text).build().output


@spread(CASES)
def test_problems_are_told_in_these_words(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case.lay_out(tmp_path)
    code = run(case.command, monkeypatch)
    told = capsys.readouterr().err
    if RECORD:
        path = Path(__file__).parent / "broken" / f"{case.name}.txt"
        path.write_bytes(f"{case.archive}{EXPECTED}{told}".encode())
        case = Case(path)
    assert told == case.expected
    assert code == int(case.fails)


@spread(path for path in SETTLED if Case(path).fails)
def test_an_error_changes_nothing_on_the_disk(
    case: Case, old_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(old_site, tmp_path / "build")
    case.lay_out(tmp_path)
    before = read_tree(tmp_path)
    assert "build/SHA256SUMS" in before
    assert run(case.command, monkeypatch) == 1
    assert read_tree(tmp_path) == before
    assert not list(tmp_path.rglob(".*.staging"))


@spread(path for path in SETTLED if not Case(path).fails and not Case(path).is_of_a_check)
def test_warnings_stop_nothing_until_the_build_is_strict(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case.lay_out(tmp_path)
    before = read_tree(tmp_path)
    assert run(f"{case.command} --strict", monkeypatch) == 1
    problems = case.expected.replace(": warning[", ": error[")
    problems, _, count = problems.rstrip("\n").rpartition("\n")
    assert capsys.readouterr().err == (
        f"{problems}\n{count.replace('warning', 'error')}\nNothing was written.\n"
    )
    assert read_tree(tmp_path) == before
    assert run(case.command, monkeypatch) == 0
    assert read_tree(tmp_path) != before


@spread(path for path in SETTLED if Case(path).is_of_content)
def test_check_tells_of_the_content_what_build_tells(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case.lay_out(tmp_path)
    assert run("check", monkeypatch) == int(case.fails)
    assert capsys.readouterr().err == case.expected.removesuffix("Nothing was written.\n")
    assert not (tmp_path / "build").exists()


def test_every_code_in_the_source_has_a_case_or_a_test() -> None:
    shown = {code for path in CASES for code in Case(path).codes}
    assert shown | WITHOUT_A_CASE == set(list_codes())


@pytest.mark.parametrize("path", SETTLED, ids=lambda path: path.stem)
def test_a_case_is_named_after_a_code_that_it_shows(path: Path) -> None:
    assert path.stem.partition(".")[0] in Case(path).codes


def test_the_problems_of_all_files_come_together_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book = Book(
        tmp_path,
        """\
=== content/stray.txt
=== content/site.md
---
title: The archive
langage: en
---
=== content/b/coverage.md
---
title: B
started: 2017-03-23T12:00:00Z
timezone: Nowhere
---
=== content/b/one.md
---
order: 1st
date: 2017-03-23T10:00:00Z
titel: One
---
![](media/one.png)

See [two](two.md) and [three](three.md).
=== content/a/two.md
---
title: Two
=== content/a/one.md
---
date: yesterday
byline: {}
key: yes
---
<b><i>words</i></b> <u><blink>words</blink></u>
""",
    ).write_bytes("content/c/one.md", b"---\ndate: 2017\n---\n\n\xff")
    found = book.try_build().result.problems
    assert [(one.place.path, one.place.line, one.place.column, one.code) for one in found] == [
        ("content/a/one.md", 2, 7, "not-a-date"),
        ("content/a/one.md", 4, 6, "wrong-type"),
        ("content/a/one.md", 6, 24, "html-not-kept"),
        ("content/a/two.md", 1, 1, "front-matter-not-closed"),
        ("content/b/coverage.md", 4, 11, "unknown-timezone"),
        ("content/b/one.md", 2, 8, "wrong-type"),
        ("content/b/one.md", 3, 1, "before-start"),
        ("content/b/one.md", 4, 1, "unknown-field"),
        ("content/b/one.md", 6, 5, "missing-picture"),
        ("content/b/one.md", 6, 5, "picture-without-alt"),
        ("content/b/one.md", 8, 11, "broken-link"),
        ("content/b/one.md", 8, 31, "broken-link"),
        ("content/c", 0, 0, "no-coverage-file"),
        ("content/site.md", 3, 1, "unknown-field"),
        ("content/stray.txt", 0, 0, "stray-file"),
    ]
    assert not book.output.exists()


LINKED = """\
=== content/site.md
---
title: The archive
base_url: https://example.org/news/
---
## Überblick

[Up](#überblick), [an event](event/coverage.md#über-alles), [a post](event/post.md#café).
=== content/event/coverage.md
---
title: An event
notice: See [a post](post.md#café) and [the event](#über-alles)
key_points: ["[Up](#über-alles) ^[A note.]", "Another ^[note]"]
---
## Über alles

[Another](../next/coverage.md#before) and [its post](../next/post.md#who), [home](../site.md#überblick).
=== content/event/post.md
---
date: 2017-03-23T20:25:00Z
aliases: [older, next/older]
---
## Café

[Up](#café), [the event](coverage.md#über-alles), [a footnote][note], <https://example.org>.

[note]: ../next/post.md#who
=== content/next/coverage.md
---
title: The day after
---
## Before
=== content/next/post.md
---
date: 2017-03-24T09:00:00Z
---
## Who?

Everybody.
"""


def test_links_that_lead_somewhere_are_no_problem_and_do(tmp_path: Path) -> None:
    book = Book(tmp_path, LINKED).build()
    assert not book.result.problems
    report = Report()
    assert check_built(book.output, report)
    assert not report.problems
    assert '_introduction.%C3%BCber-alles">the event' in book.read("event/post.html")
    assert 'href="event/index.html#_introduction.%C3%BCber-alles"' in book.read("index.html")
    assert not book.build(only="event").result.problems


def test_a_problem_is_told_once_however_many_processes_work(tmp_path: Path) -> None:
    text = "".join(
        f"=== content/{name}/post-{number}.md\n---\ndate: 2017-03-23T10:00:00Z\nx{number}: 1\n---\nWords\n"
        for name in ("a", "b", "c")
        for number in range(150)
    )
    book = Book(tmp_path, text)
    alone = book.try_build(jobs=1).result.problems
    assert len(alone) == 450
    assert book.try_build(jobs=3).result.problems == alone


def test_a_build_that_runs_into_another_one_says_so_and_leaves_it_alone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Lock, "PATIENCE", 0.1)
    Book(tmp_path, "=== a.md\n---\ndate: 2017-03-23T10:00:00Z\n---\nWords\n")
    staging = tmp_path / ".build.staging"
    staging.mkdir()
    (staging / "half").touch()
    handle = os.open(staging, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert run("build", monkeypatch) == 1
    finally:
        os.close(handle)
    assert capsys.readouterr().err == (
        "build: error[busy]: another build is writing to build\n1 error\nNothing was written.\n"
    )
    assert (staging / "half").exists()
    assert run("build", monkeypatch) == 0
