"""The only reader of content/: a sorted walk over it, and its files as text."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from msgspec import Struct

from archiver.diagnostics import Place, Report
from archiver.matter import FORBIDDEN
from archiver.model import Source
from archiver.urls import fold_path

CONTENT = "content"
RESERVED_FOLDERS = frozenset({"media", "captures", "revisions", "seal"})
_IGNORED = frozenset({"README.md", "Thumbs.db", "desktop.ini"})
# Such a name would break a link, or a line of SHA256SUMS.
_UNSAFE = frozenset("\\\t\n\r\u2028\u2029")


class Folder(Struct, frozen=True):
    """The files of one coverage, as paths below the archive's root, sorted."""

    slug: str
    path: str
    entries: tuple[str, ...]
    media: tuple[str, ...]


class Tree(Struct, frozen=True):
    """All content files: the site's settings (None where there are none) and the coverages."""

    site: str | None
    folders: tuple[Folder, ...]


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
    clashes: dict[str, str] = {}
    for item in _scan(base):
        path = f"{CONTENT}/{item.name}"
        if not _is_taken(item, base, path, report):
            continue
        if item.is_dir():
            if item.name not in RESERVED_FOLDERS:
                folder = _walk_coverage(item, path, base, report)
                if folder is not None and _is_alone(path, clashes, report):
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
    return Tree(site, tuple(folders))


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
    try:
        with open(f"{root}/{path}", "rb", buffering=0) as file:  # noqa: PTH123 (ten thousand times)
            raw = file.read()
    except OSError as error:
        report.error("unreadable", f"the file cannot be read: {error.strerror}", Place(path), "")
        return None
    try:
        text = raw.decode("utf-8-sig")
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
    return Source(path, text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text)


def _scan(folder: Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as items:
        kept = [item for item in items if item.name[0] != "." and item.name not in _IGNORED]
    return sorted(kept, key=lambda item: item.name)


def _walk_coverage(
    folder: os.DirEntry[str], path: str, base: Path, report: Report
) -> Folder | None:
    entries: list[str] = []
    media: list[str] = []
    has_overview = False
    pending = [(folder, path)]
    while pending:
        current, where = pending.pop()
        for item in _scan(current):
            below = f"{where}/{item.name}"
            if not _is_taken(item, base, below, report):
                continue
            if item.is_dir():
                if where == path and item.name in RESERVED_FOLDERS:
                    if item.name == "media":
                        media.extend(_walk_media(item, below, base, report))
                else:
                    pending.append((item, below))
            elif where == path and item.name == "coverage.md":
                has_overview = True
            elif item.name.endswith(".md"):
                entries.append(below)
            else:
                _warn_of_stray(below, report)
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
    _refuse_clashes(media, report)
    return Folder(
        unicodedata.normalize("NFC", folder.name),
        path,
        tuple(sorted(entries)),
        tuple(sorted(media)),
    )


def _walk_media(folder: os.DirEntry[str], path: str, base: Path, report: Report) -> list[str]:
    found: list[str] = []
    for item in _scan(folder):
        below = f"{path}/{item.name}"
        if not _is_taken(item, base, below, report):
            continue
        if item.is_dir():
            found.extend(_walk_media(item, below, base, report))
        else:
            found.append(below)
    return found


def _is_taken(item: os.DirEntry[str], base: Path, path: str, report: Report) -> bool:
    """Whether a file may be taken: by its name, and by where it really lies."""
    if FORBIDDEN.search(item.name) or _UNSAFE & set(item.name):
        report.error(
            "unsafe-name",
            "the name holds a backslash, a line break, a control character, or bytes that are not UTF-8",
            Place(path),
            "rename it",
        )
        return False
    if not item.is_symlink():
        return True
    target = Path(item.path).resolve()
    if target.is_relative_to(base.resolve()) and not item.is_dir():
        return True
    report.error(
        "symlink",
        "the link leads out of content/ or to a folder",
        Place(path),
        "put the file itself here",
    )
    return False


def _refuse_clashes(media: list[str], report: Report) -> None:
    seen: dict[str, str] = {}
    for path in sorted(media):
        _is_alone(path, seen, report)


def _is_alone(path: str, seen: dict[str, str], report: Report) -> bool:
    other = seen.setdefault(fold_path(path), path)
    if other != path:
        report.error(
            "paths-clash",
            f"the name differs only in case from `{other}`",
            Place(path),
            "rename one: many disks cannot hold both",
        )
    return other == path


def _warn_of_stray(path: str, report: Report) -> None:
    report.warn(
        "stray-file",
        "the file is not published: it is neither an entry (.md) nor in media/",
        Place(path),
        "move it into the coverage's media/ folder, or out of content/",
    )


def _count_files(entries: int) -> str:
    return "an entry" if entries == 1 else f"{entries} entries" if entries else "media"
