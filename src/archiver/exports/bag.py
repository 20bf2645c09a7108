"""A bag (BagIt 1.0, RFC 8493): the content, the site and the captures, with a digest of every file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from archiver import __version__
from archiver.exports.holdings import Fate, list_holdings, write_tombstone
from archiver.exports.packing import FolderPacker, Packer, TarPacker, ZipPacker
from archiver.exports.publication import (
    Advance,
    DigestReader,
    Outcome,
    Publication,
    compare_digests,
    open_anything,
)
from archiver.exports.survey import Contents, tell_withheld
from archiver.exports.target import open_folder, open_target
from archiver.installed import find_default_theme, list_below

DECLARATION = "bagit.txt"
_MANIFEST = "manifest-sha256.txt"
_IN_MEMORY = 1 << 16


class _Bag:
    """A bag as it is filled; the manifest is kept on the disk until all is in it."""

    def __init__(self, packer: Packer, manifest: BinaryIO) -> None:
        self._packer = packer
        self._manifest = manifest
        self._digest_of: dict[str, str] = {}
        self.files = self.bytes = 0

    def add_payload(self, path: str, source: Path) -> str:
        """A file to be kept; its SHA-256."""
        with open_anything(source) as file:
            return self._add(path, os.fstat(file.fileno()).st_size, file)

    def add_text(self, path: str, text: str) -> None:
        """A text to be kept."""
        data = text.encode()
        self._add(path, len(data), BytesIO(data))

    def _add(self, path: str, size: int, file: BinaryIO) -> str:
        reader = DigestReader(file)
        self._packer.add(f"data/{path}", size, reader)
        self._manifest.write(f"{reader.digest}  data/{_encode(path)}\n".encode())
        self.files += 1
        self.bytes += size
        return reader.digest

    def add_tag_file(self, path: str, data: bytes) -> None:
        """A file about the bag."""
        self._packer.add(path, len(data), BytesIO(data))
        self._digest_of[path] = hashlib.sha256(data).hexdigest()

    def close(self) -> None:
        """Write the manifests."""
        size = self._manifest.tell()
        self._manifest.seek(0)
        reader = DigestReader(self._manifest)
        self._packer.add(_MANIFEST, size, reader)
        self._digest_of[_MANIFEST] = reader.digest
        lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(self._digest_of.items()))
        self._packer.add("tagmanifest-sha256.txt", len(lines), BytesIO(lines.encode()))
        self._packer.close()


@contextmanager
def open_bag(target: Path, force: bool, date: datetime) -> Iterator[Packer]:
    """A bag to be filled: a folder, or one file where the name ends in .tar or .zip."""
    if target.suffix not in (".tar", ".zip"):
        with open_folder(target, force, DECLARATION) as folder:
            yield FolderPacker(folder)
        return
    with open_target(target, force) as out:
        pack = TarPacker if target.suffix == ".tar" else ZipPacker
        yield pack(out, target.stem, date)


def write_bag(contents: Contents, packer: Packer, advance: Advance) -> Outcome:
    """Fill a bag: the content lies in data/content, the site in data/site, its own theme in data/themes."""
    publication = contents.publication
    left = stones = 0
    withheld: list[str] = []
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as manifest:
        bag = _Bag(packer, manifest)  # type: ignore[arg-type]
        bag.add_tag_file(DECLARATION, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        for holding in list_holdings(publication, contents.register, contents.survey):
            match holding.fate:
                case Fate.GIVEN:
                    bag.add_payload(holding.path, publication.root / holding.path)
                case Fate.TOMBSTONE:
                    bag.add_text(holding.path, write_tombstone(publication.root, holding.path))
                    stones += 1
                case Fate.WITHHELD:
                    withheld.append(holding.digest)
                case Fate.UNPUBLISHED:
                    left += 1
            advance()
        for built in publication.list_files():
            found = bag.add_payload(f"site/{built.path}", publication.folder / built.path)
            compare_digests(built.path, found, built.digest)
            advance()
        for path, source in _list_theme(publication):
            bag.add_payload(path, source)
        info = _describe(publication, bag, contents.newest, sorted(set(withheld)))
        bag.add_tag_file("bag-info.txt", info)
        bag.close()
    return Outcome(bag.files, "file", tuple(_tell(left, stones, len(withheld))))


def _describe(publication: Publication, bag: _Bag, date: datetime, withheld: list[str]) -> bytes:
    site = publication.site
    told = [
        ("External-Description", site.description or site.title),
        ("External-Identifier", site.base_url),
        ("Bagging-Date", date.date().isoformat()),
        ("Payload-Oxum", f"{bag.bytes}.{bag.files}"),
        ("Bag-Software-Agent", f"archiver {__version__}"),
        *(("Withheld-Capture-SHA256", digest) for digest in withheld),
    ]
    return "".join(f"{name}: {' '.join(text.split())}\n" for name, text in told if text).encode()


def _list_theme(publication: Publication) -> Iterator[tuple[str, Path]]:
    """The files of the site's own theme, without which it could not be built again."""
    root = publication.root
    theme = root / "themes" / publication.site.theme
    if theme.resolve() == find_default_theme().resolve():
        return
    for path in list_below(theme):
        below = Path(path).relative_to(root).as_posix()
        if not any(part.startswith(".") for part in below.split("/")):
            yield below, Path(path)


def _tell(left: int, stones: int, withheld: int) -> Iterator[str]:
    if left:
        files = "1 file" if left == 1 else f"{left} files"
        yield f"Left out, as not published: {files} of content/."
    if stones:
        posts = "1 withdrawn post" if stones == 1 else f"{stones} withdrawn posts"
        yield f"Reduced to a tombstone: {posts}."
    yield from tell_withheld(withheld)


def _encode(path: str) -> str:
    """A path as a manifest writes it (RFC 8493, 2.1.3)."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
