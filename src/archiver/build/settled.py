"""Whether anything has changed since the last build: files are told apart without being read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from archiver.build.result import Result
from archiver.diagnostics import Problem, Report
from archiver.digests import digest_value, make_digest
from archiver.files import CONTENT, Folder, Tree, walk_content
from archiver.installed import digest_installed, list_below
from archiver.ledger import Ledger
from archiver.model import Signature
from archiver.regular import read_times, sign_file
from archiver.staging import SUMS, read_sums

# File systems tell times in steps: of a few milliseconds, or of up to two seconds where there are no
# fractions. A file that changed so short a time before it was read may change again in the same step.
STEP = 20_000_000
COARSE_STEP = 2_000_000_000
# A file's path, and what it is like.
Signed = tuple[str, Signature | None]
# Its row in the ledger.
SETTLED = "site"


class Settled(Struct, frozen=True):
    """The state in which a build has left everything. Equal states make equal sites.

    `base` stands for archiver itself, `listing` for all of content/ and the themes, `outputs` for the
    built files; the rest is what the build said.
    """

    base: bytes
    listing: bytes
    problems: tuple[Problem, ...]
    coverages: int
    posts: int
    outputs: bytes = b""


class Listings(dict[str, bytes]):
    """What stands for the files of each coverage, by slug; they are looked at when it is asked for first."""

    def __init__(self, root: Path, tree: Tree) -> None:
        self._root = root
        self._folders = {folder.slug: folder for folder in tree.folders}

    def __missing__(self, slug: str) -> bytes:
        self[slug] = digest_folder(self._root, self._folders[slug])
        return self[slug]


class Walked(Struct, frozen=True):
    """What lies in content/, what lies there and should not, what stands for archiver, and what for the
    files."""

    tree: Tree
    strays: tuple[Problem, ...]
    tools: bytes
    listings: Listings


def walk_site(root: Path, only: str | None) -> Walked:
    """Go through content/, for all that a build needs to know of it."""
    report = Report()
    tree = walk_content(root, report)
    return Walked(tree, report.problems, digest_tools(only), Listings(root, tree))


def find_settled(root: Path, output: Path, walked: Walked, ledger: Ledger) -> Result | None:
    """The result of the last build of a whole site, where a build now would do nothing; else None."""
    row = ledger.read(SETTLED)
    if row is None or not (root / CONTENT).is_dir():
        return None
    try:
        settled = msgspec.msgpack.decode(row, type=Settled)
    except msgspec.MsgspecError:
        return None
    if settled.base != walked.tools:
        return None
    tree = walked.tree
    folders = (walked.listings[folder.slug] for folder in tree.folders)
    if settled.listing != digest_listing(sign_site(root, tree), walked.strays, folders):
        return None
    sums = read_sums(output)
    if settled.outputs != digest_outputs(
        digest_output(path, sign_file(f"{output}/{path}")) for path in (*sums, SUMS)
    ):
        return None
    return Result(settled.problems, settled.coverages, settled.posts, len(sums))


def digest_tools(only: str | None) -> bytes:
    """What stands for archiver itself, and for what it was asked to build."""
    return make_digest(digest_installed(), (only or "").encode())


def sign_site(root: Path, tree: Tree) -> list[Signed]:
    """The files of an archive that belong to no coverage: its settings, its seals and its themes."""
    paths = [f"{root}/{path}" for path in (tree.site, *tree.seals) if path]
    return [(path, sign_file(path)) for path in (*paths, *list_below(root / "themes"))]


def digest_listing(
    signed: Iterable[Signed], strays: Iterable[Problem], folders: Iterable[bytes]
) -> bytes:
    """What stands for the content of an archive and its themes: the files of the site itself, what was
    found lying where it should not, and each of the coverages."""
    # A name need not be text that could be encoded.
    own = (repr([*listed]).encode(errors="backslashreplace") for listed in (signed, strays))
    return make_digest(*own, *folders)


def list_files(folder: Folder) -> tuple[str, ...]:
    """The files that a coverage is made of."""
    notes = (folder.notes,) if folder.notes else ()
    return (
        f"{folder.path}/coverage.md",
        *folder.entries,
        *folder.media,
        *folder.revisions,
        *notes,
    )


def digest_files(folder: Folder, signatures: Iterable[Signature | None]) -> bytes:
    """What stands for the files of a coverage, whose signatures come in the order of `list_files`."""
    return digest_value(list(zip(list_files(folder), signatures, strict=True)))


def digest_folder(root: Path, folder: Folder) -> bytes:
    """What stands for the files of a coverage as they are now."""
    return digest_files(folder, (sign_file(f"{root}/{path}") for path in list_files(folder)))


def digest_output(path: str, signature: Signature | None) -> bytes:
    """What stands for a built file as it is; nothing where it has no signature."""
    return digest_value((path, signature)) if signature else b""


def digest_outputs(outputs: Iterable[bytes]) -> bytes:
    """What stands for built files, of each of which `digest_output` was taken."""
    return make_digest(b"".join(sorted(outputs)))


def is_settled(signature: Signature | None, clock: int) -> bool:
    """Whether a file that was like this at some moment of the file system's clock must change its
    signature when it changes again (git calls one that need not "racy")."""
    if signature is None:
        return False
    modified, changed = read_times(signature)
    coarse = not modified % 1_000_000 and not changed % 1_000_000
    return max(modified, changed) < clock - (COARSE_STEP if coarse else STEP)
