"""`archiver verify`: copies in folders and on the web, whatever was done to them."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from archiver.cli import cli
from archiver.diagnostics import Report
from archiver.fixity import FolderCopy, Known, Verified, verify_copy
from archiver.fixity.web import LIMITS, WebCopy
from archiver.seals import Seal, order_seals, read_seal, write_list, write_seal
from archiver.signatures import NAMESPACE, SignatureError, check_signature, sign_file
from archiver.staging import SUMS
from archiver.urls import digest_permalink
from book import PICTURE, Book
from sealing import DAY, MORNING, make_key, seal
from servers import PUBLIC, Server, Watch, make_answer, make_fetcher, open_server

CHANGES = 200


class Sealed(NamedTuple):
    """A built site with three seals; the key that signed the last two and the list of files, another
    key, and who may sign."""

    book: Book
    seals: tuple[Seal, ...]
    key: Path
    other_key: Path
    signers: Path

    @property
    def known(self) -> Known:
        """All that may be known of it."""
        return Known((self.seals[-1].digest,), self.signers)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """A site of two coverages, sealed on three days."""
    folder = tmp_path_factory.mktemp("sealed")
    posts = [
        f"=== post-{number}.md\n---\ndate: 2017-03-23T20:0{number}:00Z\n---\nSaid {number}\n"
        for number in range(6)
    ]
    river = "=== content/flood/river.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nIt rises.\n"
    book = Book(folder / "archive", "".join(posts) + river)
    book.write_bytes("content/event/media/bridge.png", PICTURE)
    key, other = make_key(folder / "key"), make_key(folder / "other")
    signers = folder / "signers"
    public = Path(f"{key}.pub").read_text()
    signers.write_text(f'desk@example.org namespaces="{NAMESPACE}" {public}')
    seals = []
    for number in range(3):
        book.write(f"=== late-{number}.md\n---\ndate: 2017-03-24T20:0{number}:00Z\n---\nLate\n")
        made = seal(book, MORNING + number * DAY)
        if number:
            sign_file(book.root / "content/seal" / made.name, key)
        seals.append(made)
    book.build()
    sign_file(book.output / SUMS, key)
    return Sealed(book, tuple(seals), key, other, signers)


def look(folder: Path, known: Known | None = None) -> tuple[Verified, list[tuple[str, str]]]:
    """What is found of a folder, and the problems: codes with paths in the folder."""
    report = Report()
    found = verify_copy(FolderCopy(folder), known or Known(), report)
    return found, [
        (one.code, one.place.path.removeprefix(f"{folder}").lstrip("/")) for one in report.problems
    ]


# -- tampering


class Vandal:
    """Changes a copy in one random way."""

    def __init__(self, sealed: Sealed, folder: Path, number: int) -> None:
        self.sealed, self.folder = sealed, folder
        self.random = random.Random(number)

    def list_files(self) -> list[str]:
        """The files of the copy, but for the signature of their list."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        found = sorted(path.relative_to(self.folder).as_posix() for path in paths)
        return [path for path in found if path != f"{SUMS}.sig"]

    def choose(self, number: int = 1) -> list[str]:
        """Some of the files."""
        return self.random.sample(self.list_files(), number)

    def name_new(self) -> str:
        """The path of a file that is not there."""
        folder = self.choose()[0].rpartition("/")
        name = "".join(self.random.choices("aZ09 _.-é\n", k=6)) + self.random.choice(["", ".html"])
        return f"{folder[0]}{folder[1]}x{name}"

    def list_again(self) -> None:
        """Make SHA256SUMS again, as it would be if all were right."""
        lines = [
            f"{hashlib.sha256((self.folder / path).read_bytes()).hexdigest()}  {path}\n"
            for path in self.list_files()
            if path != SUMS
        ]
        (self.folder / SUMS).write_text("".join(lines))

    def put_seals(self, seals: list[Seal]) -> None:
        """These seals in the place of all; the list of seals and SHA256SUMS are made again."""
        for path in (self.folder / "seal").glob("*.txt"):
            path.unlink()
        for one in seals:
            data = write_seal(one.time, one.parents, one.permalinks)
            (self.folder / "seal" / one.name).write_bytes(data)
        (self.folder / "seals.txt").write_bytes(write_list(order_seals(seals)))
        self.list_again()

    def alter(self, one: Seal, parents: tuple[str, ...]) -> Seal:
        """A seal with other parents, of which a line tells another digest."""
        path = self.random.choice(sorted(one.permalinks))
        links = {**one.permalinks, path: hashlib.sha256(self.random.randbytes(9)).hexdigest()}
        return read_seal(write_seal(one.time, parents, links))

    # What is done; each returns what must be named, and what has to be known for it.

    def change_byte(self) -> tuple[set[str], Known]:
        """A byte of any file; in the list of files, of what it says of one of them."""
        (path,) = self.choose()
        file = self.folder / path
        data = bytearray(file.read_bytes())
        spot = self.random.randrange(len(data))
        data[spot] ^= self.random.randrange(1, 256)
        if path == SUMS:
            line = file.read_bytes()[: spot + 1].count(b"\n", 0, spot)
            path = file.read_text().splitlines()[line][66:]
        file.write_bytes(data)
        return {path}, Known()

    def add_file(self) -> tuple[set[str], Known]:
        path = self.name_new()
        (self.folder / path).write_bytes(self.random.randbytes(self.random.choice([0, 9])))
        return {path}, Known()

    def remove_file(self) -> tuple[set[str], Known]:
        (path,) = self.choose()
        (self.folder / path).unlink()
        return {path}, Known()

    def rename_file(self) -> tuple[set[str], Known]:
        (path,) = self.choose()
        other = self.name_new()
        (self.folder / path).rename(self.folder / other)
        return {path, other} if path != SUMS else {path}, Known()

    def swap_files(self) -> tuple[set[str], Known]:
        while True:
            one, other = (self.folder / path for path in self.choose(2))
            first, second = one.read_bytes(), other.read_bytes()
            if first != second and SUMS not in (one.name, other.name):
                break
        one.write_bytes(second)
        other.write_bytes(first)
        return {path.relative_to(self.folder).as_posix() for path in (one, other)}, Known()

    def alter_seal(self) -> tuple[set[str], Known]:
        """A line of a seal; the list of files is made again."""
        one = self.random.choice(self.sealed.seals)
        changed = self.alter(one, one.parents)
        data = write_seal(changed.time, changed.parents, changed.permalinks)
        (self.folder / "seal" / one.name).write_bytes(data)
        self.list_again()
        return {f"seal/{one.name}"}, Known()

    def exchange_seal(self) -> tuple[set[str], Known]:
        """A seal but the newest for another, under its right name, with all lists made again."""
        number = self.random.randrange(2)
        seals = list(self.sealed.seals)
        seals[number] = self.alter(seals[number], seals[number].parents)
        self.put_seals(seals)
        return {f"seal/{seals[number + 1].name}"}, Known()

    def remove_seal(self) -> tuple[set[str], Known]:
        """A seal but the newest, with all lists made again."""
        number = self.random.randrange(2)
        seals = [one for one in self.sealed.seals if one is not self.sealed.seals[number]]
        self.put_seals(seals)
        return {f"seal/{self.sealed.seals[number + 1].name}"}, Known()

    def remove_newest(self) -> tuple[set[str], Known]:
        """The newest seal, all lists made again: only who knows it can miss it."""
        self.put_seals(list(self.sealed.seals[:-1]))
        (self.folder / "seal" / f"{self.sealed.seals[-1].name}.sig").unlink()
        self.list_again()
        return {""}, Known((self.sealed.seals[-1].digest,))

    def make_chain_again(self) -> tuple[set[str], Known]:
        """All seals from some number on, with all lists; the signatures are those of before, or gone, or
        of another key."""
        number = self.random.randrange(3)
        seals = list(self.sealed.seals[:number])
        for one in self.sealed.seals[number:]:
            seals.append(self.alter(one, (seals[-1].digest,) if seals else ()))
        newest = seals[-1]
        old = self.folder / "seal" / f"{self.sealed.seals[-1].name}.sig"
        for path in (self.folder / "seal").glob("*.sig"):
            if path != old:
                path.unlink()
        way = self.random.choice(["kept", "gone", "another"])
        signature = old.with_name(f"{newest.name}.sig")
        old.rename(signature) if way == "kept" else old.unlink()
        self.put_seals(seals)
        if way == "another":
            sign_file(self.folder / "seal" / newest.name, self.sealed.other_key)
        self.list_again()
        named = f"seal/{newest.name}"
        return {named if way == "gone" else f"{named}.sig"}, Known((), self.sealed.signers)

    def list_files_again(self) -> tuple[set[str], Known]:
        """A page, and the list of files made again: only its signature can tell."""
        page = self.random.choice([path for path in self.list_files() if path.endswith(".html")])
        (self.folder / page).write_text("<p>By hand.")
        self.list_again()
        return {f"{SUMS}.sig"}, Known((), self.sealed.signers)


WAYS: tuple[Callable[[Vandal], tuple[set[str], Known]], ...] = (
    Vandal.change_byte,
    Vandal.add_file,
    Vandal.remove_file,
    Vandal.rename_file,
    Vandal.swap_files,
    Vandal.alter_seal,
    Vandal.exchange_seal,
    Vandal.remove_seal,
    Vandal.remove_newest,
    Vandal.make_chain_again,
    Vandal.list_files_again,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_change_to_a_copy_is_found_and_named(
    way: Callable[[Vandal], tuple[set[str], Known]], sealed: Sealed, tmp_path: Path
) -> None:
    for number in range(WAYS.index(way), CHANGES, len(WAYS)):
        folder = tmp_path / f"copy-{number}"
        shutil.copytree(sealed.book.output, folder)
        named, known = way(Vandal(sealed, folder, number))
        _, problems = look(folder, known)
        assert problems, number
        assert named <= {path for _, path in problems}, number
        shutil.rmtree(folder)


def test_a_copy_that_nobody_touched_has_no_problems_whatever_is_known(sealed: Sealed) -> None:
    root = sealed.book.root
    for known in (Known(), sealed.known, replace(sealed.known, archive=root)):
        found, problems = look(sealed.book.output, known)
        assert problems == []
        assert found.sound == found.files == len(sealed.book.files()) - 2
        assert found.seals == sealed.seals
    assert found.sources == 10
    assert set(found.signed.values()) == {"desk@example.org"}
    assert len(found.signed) == 3
    assert found.signatures == 2


def test_a_seal_that_is_withheld_is_not_missed_and_holds_the_chain(tmp_path: Path) -> None:
    secret = "event/a-name-that-gives-it-away.html"
    text = "---\ndate: 2017-03-23T20:45:00Z\n---\nWords\n"
    book = Book(tmp_path, f"=== {secret[6:-5]}.md\n{text}=== vigil.md\n{text}")
    first = seal(book)
    book.remove(f"content/{secret[:-5]}.md").write(
        "=== removed-1.md\n---\ndate: 2017-03-23T20:45:00Z\n"
        f"withdrawn: {{date: 2018-01-01, was: ['{digest_permalink(secret)}']}}\n---\n"
    )
    last = seal(book, MORNING + DAY)
    book.build()
    found, problems = look(book.output, Known((first.digest, last.digest), archive=tmp_path))
    assert problems == []
    assert [one.withheld for one in found.seals] == [True, False]
    # Without its line, the chain has a gap.
    line = f"withheld {first.digest} 2017-03-24T09:00:00Z\n"
    listed = book.read("seals.txt").replace(line, "")
    (book.output / "seals.txt").write_text(listed)
    assert ("missing-seal", f"seal/{last.name}") in look(book.output)[1]


# -- folders


def test_a_copy_needs_no_archive_and_no_list_of_seals(sealed: Sealed, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    (folder / SUMS).write_text(f"{hashlib.sha256(b'a').hexdigest()}  a.txt\n")
    found, problems = look(folder)
    assert (found.files, found.sound, found.seals, problems) == (1, 1, (), [])


def test_a_list_of_files_that_is_cut_off_is_told(sealed: Sealed, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(sealed.book.output, folder)
    whole = (folder / SUMS).read_bytes()
    for length in (0, 10, len(whole) - 1):
        (folder / SUMS).write_bytes(whole[:length])
        assert ("bad-sums", SUMS) in look(folder)[1]


def test_names_that_are_no_text_are_told(sealed: Sealed, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(sealed.book.output, folder)
    name = os.fsdecode(b"caf\xe9\x1b[2J.html")
    (folder / name).write_text("")
    done = run("verify", str(folder), "--format", "json")
    assert done.returncode == 1
    assert [one["path"] for one in json.loads(done.stdout)] == [f"{folder}/{name}"]
    done = run("verify", str(folder))
    assert "\x1b" not in done.stderr
    assert "caf\\udce9\\u001b[2J.html: error[extra-file]" in done.stderr


def test_links_are_not_followed_and_pipes_not_opened(sealed: Sealed, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(sealed.book.output, folder)
    shutil.move(folder / "event", tmp_path / "event")
    (folder / "event").symlink_to(tmp_path / "event")
    (folder / "index.html").unlink()
    os.mkfifo(folder / "index.html")
    _, problems = look(folder)
    assert ("extra-file", "event") in problems
    assert ("missing-file", "event/index.html") in problems
    assert ("changed-file", "index.html") in problems


def test_large_files_are_read_in_pieces(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    size = 1 << 29
    with (folder / "film.mp4").open("wb") as file:
        file.truncate(size)
    digest = hashlib.sha256()
    for _ in range(1024):
        digest.update(bytes(size >> 10))
    (folder / SUMS).write_text(f"{digest.hexdigest()}  film.mp4\n")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20)); "
        f"sys.argv = ['archiver', 'verify', {str(folder)!r}]; from archiver.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 of 1 file as SHA256SUMS says")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run archiver by itself."""
    return subprocess.run(
        [sys.executable, "-m", "archiver", *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"},
        check=False,
    )


# -- sources


def test_sources_that_changed_since_are_told_and_are_errors_only_where_that_is_asked_for(
    sealed: Sealed, tmp_path: Path
) -> None:
    shutil.copytree(sealed.book.root, tmp_path / "archive")
    root = tmp_path / "archive"
    one, other = (root / f"content/event/post-{number}.md" for number in (1, 2))
    first, second = one.read_text(), other.read_text()
    one.write_text(second)
    other.write_text(first)
    done = run("verify", str(root / "build"))
    assert done.returncode == 0
    assert (
        "event/post-1.md: warning[changed-source]: the source of event/post-1.html" in done.stderr
    )
    assert "event/post-2.md: warning[changed-source]" in done.stderr
    assert "8 sources in" in done.stdout
    assert run("verify", str(root / "build"), "--strict").returncode == 1
    one.unlink()
    done = run("verify", str(sealed.book.output), "--content", str(root / "content"))
    assert done.returncode == 1
    assert "event/post-1.html: error[sealed-permalink-gone]" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--seal", "abc"],
        ["--seal", "g" * 64],
        ["--content", "."],
        ["--allowed-signers", "nowhere"],
    ],
)
def test_wrong_usage_is_told(
    arguments: list[str], sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("verify", str(sealed.book.output), *arguments).returncode == 2


# -- the web


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that has nothing yet."""
    with open_server() as server:
        yield server


def serve(server: Server, folder: Path, prefix: str = "/archive/") -> None:
    """Have a server answer with the files of a folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            server.routes[prefix + name] = make_answer(path.read_bytes())


def look_at(
    server: Server, known: Known | None = None, address: str = ""
) -> tuple[Verified, list[tuple[str, str]], str]:
    """What is found at an address, with the problems, and all that is said of them."""
    report = Report()
    limits = replace(LIMITS, allow_private=True, answer=5, attempts=1)
    copy = WebCopy(address or f"{server.address}/archive/index.html", make_fetcher(Watch(), limits))
    found = verify_copy(copy, known or Known(), report)
    problems = [(one.code, one.place.path.partition("/archive")[2]) for one in report.problems]
    return found, problems, " ".join(one.message for one in report.problems)


def test_a_copy_on_the_web_is_verified_but_for_extra_files(sealed: Sealed, server: Server) -> None:
    serve(server, sealed.book.output)
    server.routes["/archive/extra.html"] = make_answer("extra")
    found, problems, _ = look_at(server, sealed.known)
    assert problems == []
    assert not found.is_whole
    assert found.sound == found.files
    assert len(found.signed) == 3


def test_on_the_web_what_changed_or_is_missing_is_named(sealed: Sealed, server: Server) -> None:
    serve(server, sealed.book.output)
    server.routes["/archive/event/post-1.html"] = make_answer("By hand")
    del server.routes["/archive/event/post-2.html"]
    del server.routes[f"/archive/seal/{sealed.seals[0].name}"]
    server.routes["/archive/event/post-3.html"] = make_answer("", status="403 Forbidden")
    _, problems, said = look_at(server)
    assert set(problems) >= {
        ("changed-file", "/event/post-1.html"),
        ("missing-file", "/event/post-2.html"),
        ("missing-file", f"/seal/{sealed.seals[0].name}"),
        ("missing-seal", f"/seal/{sealed.seals[1].name}"),
        ("unreadable", "/event/post-3.html"),
    }
    assert "403 Forbidden" in said


def test_a_copy_on_the_web_leads_to_no_other_host(sealed: Sealed, server: Server) -> None:
    serve(server, sealed.book.output)
    page = (sealed.book.output / "index.html").read_bytes()
    server.routes["/archive/index.html"] = make_answer("", "Location: ./", status="301 Moved")
    server.routes["/archive/"] = make_answer(page)
    server.routes["/archive/404.html"] = make_answer(
        "", f"Location: http://localhost:{server.port}/archive/404.html", status="302 Found"
    )
    _, problems, said = look_at(server)
    assert problems == [("unreadable", "/404.html")]
    assert "another host, `localhost`" in said


def test_only_public_addresses_are_verified_unless_others_are_allowed(server: Server) -> None:
    done = run("verify", f"{server.address}/archive")
    assert done.returncode == 1
    assert "error[no-sums]" in done.stderr
    assert server.asked == []
    done = run("verify", f"{server.address}/archive", "--allow-private")
    assert server.paths == ["/archive/SHA256SUMS"]
    assert "there is no such file" in done.stderr


def test_a_server_that_is_gone_is_not_asked_for_every_file(sealed: Sealed, server: Server) -> None:
    server.routes[f"/archive/{SUMS}"] = make_answer((sealed.book.output / SUMS).read_bytes())
    for line in (sealed.book.output / SUMS).read_text().splitlines():
        server.routes[f"/archive/{line[66:]}"] = make_answer("", status="503 Service Unavailable")
    _, problems, said = look_at(server)
    assert sum(code == "unreadable" for code, _ in problems) == 6
    assert "more were not tried" in said
    assert len(server.asked) < 20


def test_the_command_verifies_an_address_and_says_what_cannot_be_known(
    sealed: Sealed, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(server, sealed.book.output, "/")
    fetcher = make_fetcher(Watch(), server=server, resolve=lambda host, port: [PUBLIC])
    cli(["verify", "http://archive.example/"], obj=fetcher, standalone_mode=False)
    said = capsys.readouterr()
    assert said.err == ""
    assert "Whether there are extra files can't be known at an address." in said.out


# -- signatures


def test_a_signature_is_made_and_checked_by_openssh_itself(sealed: Sealed, tmp_path: Path) -> None:
    file = tmp_path / "seal.txt"
    file.write_bytes(b"archiver seal 1\n")
    signature = sign_file(file, sealed.key)
    check = ["ssh-keygen", "-Y", "verify", "-f", str(sealed.signers), "-I", "desk@example.org"]
    command = [*check, "-n", NAMESPACE, "-s", str(signature)]
    subprocess.run(command, input=file.read_bytes(), check=True, capture_output=True)
    assert (
        check_signature(file.read_bytes(), signature, sealed.signers, MORNING) == "desk@example.org"
    )
    with pytest.raises(SignatureError):
        check_signature(b"archiver seal 2\n", signature, sealed.signers, MORNING)


def test_a_signature_of_another_key_or_for_another_purpose_does_not_count(
    sealed: Sealed, tmp_path: Path
) -> None:
    file = tmp_path / "seal.txt"
    file.write_bytes(b"archiver seal 1\n")
    other = sign_file(file, sealed.other_key)
    with pytest.raises(SignatureError):
        check_signature(file.read_bytes(), other, sealed.signers)
    other.unlink()
    command = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(sealed.key), "-n", "git", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(SignatureError):
        check_signature(file.read_bytes(), other, sealed.signers)


def test_a_key_need_only_have_been_valid_when_it_signed(sealed: Sealed, tmp_path: Path) -> None:
    file, signers = tmp_path / "seal.txt", tmp_path / "signers"
    file.write_bytes(b"archiver seal 1\n")
    signature = sign_file(file, sealed.key)
    public = Path(f"{sealed.key}.pub").read_text()
    signers.write_text(f'desk@example.org valid-before="20170325" {public}')
    assert check_signature(file.read_bytes(), signature, signers, MORNING) == "desk@example.org"
    with pytest.raises(SignatureError):
        check_signature(file.read_bytes(), signature, signers, MORNING + 2 * DAY)


def test_a_signature_holds_for_all_seals_before_it_and_for_none_after(
    sealed: Sealed, tmp_path: Path
) -> None:
    shutil.copytree(sealed.book.root, tmp_path / "archive")
    book = Book(tmp_path / "archive")
    (book.output / f"{SUMS}.sig").unlink()
    assert look(book.output, Known((), sealed.signers))[1] == []
    book.write("=== more.md\n---\ndate: 2017-03-25T20:00:00Z\n---\nMore\n")
    last = seal(book, MORNING + 5 * DAY)
    book.build()
    assert look(book.output, Known((), sealed.signers))[1] == [("not-signed", f"seal/{last.name}")]


def test_without_openssh_that_is_said(
    sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SignatureError, match="no `ssh-keygen` here"):
        sign_file(tmp_path / "x", sealed.key)
