"""The only reader of content/: a sorted walk over it, and its files as text."""

from __future__ import annotations

import os
import unicodedata
from codecs import BOM_UTF8
from hashlib import sha256
from itertools import islice
from pathlib import Path

from msgspec import Struct

from archiver.diagnostics import Place, Report
from archiver.model import Facts, Signature, Source
from archiver.names import find_clash, find_clashes, judge_path
from archiver.regular import OddFileError, judge_link, name_odd_file, read_signed

CONTENT = "content"
# What imports note of a coverage, below its folder.
NOTES = "captures/imported.json"
RESERVED_FOLDERS = frozenset({"media", "captures", "revisions", "seal"})
_IGNORED = frozenset({"README.md", "Thumbs.db", "desktop.ini"})
SEALS = "seal"
MAXIMUM_SIZE = 1024 * 1024  # bytes of a content file
MAXIMUM_SEAL = 1024 * 1024 * 1024  # bytes of a seal, which may name millions of posts
MAXIMUM_DEPTH = 32
# Of one coverage.
MAXIMUM_ENTRIES = 2_000_000
MAXIMUM_MEDIA = 200_000


class Folder(Struct, frozen=True):
    """The files of one coverage, as paths below the archive's root, sorted.

    `cleaned`, `broken` and `facts` are what `media` found of some of its media; `revisions` are earlier
    texts; `notes` is what imports noted of it, where there is such a file.
    """

    slug: str
    path: str
    entries: tuple[str, ...]
    media: tuple[str, ...]
    cleaned: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    facts: dict[str, Facts] = {}
    notes: str = ""


class Tree(Struct, frozen=True):
    """All content files: the site's settings (None where there are none), the coverages, and what lies
    in `seal/`."""

    site: str | None
    folders: tuple[Folder, ...]
    seals: tuple[str, ...] = ()


def walk_content(root: Path, report: Report) -> Tree:
    """List content/; files that belong nowhere are problems. The order never depends on the disk."""
    base = root / CONTENT
    if not base.is_dir():
        report.error(
            "no-content",
            "there is no folder `content`",
            Place(CONTENT),
            "run archiver in the archive's folder or name it with --root; "
            "`archiver new coverage NAME` starts one",
        )
        return Tree(None, ())
    site: str | None = None
    folders: list[Folder] = []
    seals: list[str] = []
    seen: dict[str, str] = {}
    for item, path in _list_folder(base, CONTENT, base, report):
        if item.is_dir():
            if item.name == SEALS:
                found = _list_folder(item, path, base, report)
                seals = [below for one, below in found if one.is_file()]
            elif item.name not in RESERVED_FOLDERS:
                folder = _walk_coverage(item, path, base, report)
                clash = find_clash(path, seen) if folder else None
                if clash:
                    _refuse_clash(clash, report)
                elif folder:
                    folders.append(folder)
        elif item.name == "site.md":
            site = path
        elif item.name.endswith(".md"):
            report.error(
                "entry-outside-coverage",
                "the entry lies outside any coverage",
                Place(path),
                "move it into the folder of its coverage, content/<coverage>/",
            )
        else:
            _warn_of_stray(path, report)
    return Tree(site, tuple(folders), tuple(seals))


def is_published(path: str) -> bool:
    """Whether a Markdown file below content/ is one that the walk takes: a coverage's own, or an entry."""
    top, *names = path.split("/")[1:] or [""]
    return (
        path.startswith(f"{CONTENT}/")
        and bool(names)
        and not RESERVED_FOLDERS & {top, names[0]}
        and not any(name[0] == "." or name in _IGNORED for name in (top, *names))
    )


def cut_folder(path: str) -> str:
    """The coverage's folder that a content file lies in."""
    return "/".join(path.split("/")[:2])


def read_source(root: Path, path: str, report: Report) -> Source | None:
    """A content file as text: UTF-8, a byte order mark accepted, line ends made `\\n`."""
    hint = "split it into several posts, or put what is not text into media/"
    found = _read_file(root, path, MAXIMUM_SIZE, hint, report)
    if found is None:
        return None
    raw, signature = found
    try:
        # Python's own decoder is several times as fast as the one that looks for the mark.
        text = raw.decode("utf-8-sig" if raw.startswith(BOM_UTF8) else "utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        start = before.rfind(b"\n") + 1
        line = raw[start:].split(b"\n", 1)[0].removesuffix(b"\r").decode(errors="replace")
        column = len(raw[start : error.start].decode(errors="replace")) + 1
        report.error(
            "not-utf-8",
            f"the byte 0x{raw[error.start]:02x} is not UTF-8",
            Place(path, before.count(b"\n") + 1, column, line),
            "save the file as UTF-8",
        )
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Source(path, text, sha256(raw).digest(), signature)


def read_bytes(root: Path, path: str, report: Report) -> bytes | None:
    """A seal, or what lies beside it, as it is."""
    found = _read_file(root, path, MAXIMUM_SEAL, "", report)
    return found[0] if found else None


def _read_file(
    root: Path, path: str, limit: int, hint: str, report: Report
) -> tuple[bytes, Signature] | None:
    """A file of at most so many bytes, and what it was like; the `hint` is for a larger one."""
    try:
        raw, signature = read_signed(f"{root}/{path}", limit + 1)
    except OddFileError as error:
        _refuse_odd_file(str(error), path, report)
        return None
    except OSError as error:
        report.error("unreadable", f"the file cannot be read: {error.strerror}", Place(path), "")
        return None
    if len(raw) > limit:
        message = f"the file is larger than {limit >> 20} MiB"
        report.error("file-too-large", message, Place(path), hint)
        return None
    return raw, signature


def _list_folder(
    folder: Path | os.DirEntry[str], path: str, base: Path, report: Report
) -> list[tuple[os.DirEntry[str], str]]:
    """What may be taken of a folder, sorted by name, with paths below the archive's root."""
    try:
        with os.scandir(folder) as items:
            found = list(islice(items, MAXIMUM_ENTRIES + 1))
    except OSError as error:
        report.error("unreadable", f"the folder cannot be read: {error.strerror}", Place(path), "")
        return []
    if len(found) > MAXIMUM_ENTRIES:
        _refuse_number(MAXIMUM_ENTRIES, "files", path, report)
        return []
    kept = [item for item in found if item.name[0] != "." and item.name not in _IGNORED]
    kept.sort(key=lambda item: item.name)
    paths = [f"{path}/{item.name}" for item in kept]
    return [
        (item, below)
        for item, below in zip(kept, paths, strict=True)
        if _is_taken(item, base, below, report)
    ]


def _walk_coverage(
    folder: os.DirEntry[str], path: str, base: Path, report: Report
) -> Folder | None:
    entries: list[str] = []
    media: list[str] = []
    revisions: list[str] = []
    has_overview = False
    pending = [(folder, path, entries)]
    while pending:
        current, where, among = pending.pop()
        for item, below in _list_folder(current, where, base, report):
            if item.is_dir():
                if where != path or item.name not in RESERVED_FOLDERS:
                    pending.append((item, below, among))
                elif item.name == "media":
                    pending.append((item, below, media))
                elif item.name == "revisions":
                    pending.append((item, below, revisions))
            elif among is media:
                media.append(below)
            elif where == path and item.name == "coverage.md":
                has_overview = True
            elif item.name.endswith(".md"):
                among.append(below)
            else:
                _warn_of_stray(below, report)
        for paths, limit, noun in (
            (entries, MAXIMUM_ENTRIES, "entries"),
            (media, MAXIMUM_MEDIA, "files in media/"),
            (revisions, MAXIMUM_ENTRIES, "files in revisions/"),
        ):
            if len(paths) > limit:
                _refuse_number(limit, noun, path, report)
                return None
    if not has_overview:
        if not entries and not media:
            return None
        report.error(
            "no-coverage-file",
            f"the folder holds {_count_files(len(entries))} but no coverage.md",
            Place(path),
            f"write {path}/coverage.md; `archiver new coverage {folder.name}` starts one",
        )
        return None
    for clash in find_clashes(media, f"{path}/media"):
        _refuse_clash(clash, report)
    return Folder(
        unicodedata.normalize("NFC", folder.name),
        path,
        tuple(sorted(entries)),
        tuple(sorted(media)),
        revisions=tuple(sorted(revisions)),
        notes=f"{path}/{NOTES}" if _is_plain(Path(folder.path, NOTES)) else "",
    )


def _is_plain(file: Path) -> bool:
    """Whether there is a file, and no link to one, in a folder that is none either."""
    return file.is_file() and not file.is_symlink() and not file.parent.is_symlink()


def _is_taken(item: os.DirEntry[str], base: Path, path: str, report: Report) -> bool:
    """Whether a file may be taken: by its name, by what it is, and by where it really lies."""
    fault = judge_path(path)
    if fault:
        report.error("unsafe-name", f"the name is not safe: {fault}", Place(path), "rename it")
        return False
    if item.is_symlink():
        fault = judge_link(item.path, base)
        if fault:
            report.error("symlink", f"the link {fault}", Place(path), "put the file itself here")
        return not fault
    if item.is_dir():
        if path.count("/") > MAXIMUM_DEPTH:
            report.error(
                "nested-too-deep",
                f"the folder lies more than {MAXIMUM_DEPTH} folders deep",
                Place(path),
                "move it further up",
            )
            return False
    elif not item.is_file():
        _refuse_odd_file(name_odd_file(item.stat().st_mode), path, report)
        return False
    return True


def _refuse_odd_file(name: str, path: str, report: Report) -> None:
    report.error(
        "not-a-file",
        f"it is {name or 'no file'}, and nothing in it can be kept",
        Place(path),
        "put a file here, or remove it",
    )


def _refuse_number(limit: int, noun: str, path: str, report: Report) -> None:
    report.error(
        "too-many-files",
        f"the folder holds more than {limit} {noun}",
        Place(path),
        "make several coverages of it",
    )


def _refuse_clash(clash: tuple[str, str, str], report: Report) -> None:
    path, other, difference = clash
    report.error(
        "paths-clash",
        f"the name differs only in {difference} from `{other}`",
        Place(path),
        "rename one: many disks cannot hold both",
    )


def _warn_of_stray(path: str, report: Report) -> None:
    report.warn(
        "stray-file",
        "the file is not published: it is neither an entry (.md) nor in media/",
        Place(path),
        "move it into the coverage's media/ folder, or out of content/",
    )


def _count_files(entries: int) -> str:
    return "an entry" if entries == 1 else f"{entries} entries" if entries else "media"
