"""Reads all that a browser could run or that could load something in a built folder, and tells what does.

The folder is judged as it is, and by none of the code that made it: also files that archiver did
not write. Rules are tables and small functions: `markup` for elements and attributes, `styles`,
`scripts`, and `policy` for the Content-Security-Policy.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from archiver.audit.documents import audit_document
from archiver.audit.findings import Finding
from archiver.audit.pages import audit_page
from archiver.audit.scripts import audit_script
from archiver.audit.styles import audit_style
from archiver.diagnostics import Place, Report, locate
from archiver.sanitize import judge_shape
from archiver.staging import read_sums

__all__ = ["audit_output"]

MAXIMUM_SIZE = 32 * 2**20
# A file with more than these is wrong as a whole.
MOST_FINDINGS = 50
# Up to here, nothing takes long to read.
MUCH_TEXT = 100_000
_EXCERPT = 400

Audit = Callable[[str, str], Iterator[Finding]]

# How a file is read, by the ending of its name.
KINDS: dict[str, Audit] = {
    **dict.fromkeys((".html", ".htm", ".shtml"), audit_page),
    **dict.fromkeys((".svg", ".xhtml", ".xht", ".xml", ".xsl", ".xslt"), audit_document),
    **dict.fromkeys((".rss", ".atom", ".rdf", ".mathml", ".mml"), audit_document),
    **dict.fromkeys((".css",), audit_style),
    **dict.fromkeys((".js", ".mjs"), lambda text, path: audit_script(text)),
}
# Kinds of files that can load and run, and that nothing here can read.
OPAQUE = frozenset(
    """.asx .hta .htc .m3u .m3u8 .mht .mhtml .mpd .smil .svgz .swf .wasm .webarchive .xdp""".split()
)
# What a browser takes for what its name says, and never for a page.
INERT = frozenset(
    """.aac .apng .avif .bmp .csv .flac .gif .ico .jpeg .jpg .json .m4a .m4v .md .mov .mp3 .mp4
    .oga .ogg .ogv .opus .otf .pdf .png .tif .tiff .toml .ttf .txt .vtt .wav .webm .webp .woff
    .woff2 .zip""".split()
)
# How a page begins, to a browser that has only its bytes (WHATWG MIME Sniffing, 7.1).
_LIKE_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*<(?:!--|(?:!doctype html|html|head|script|iframe|h1|div|font"
    rb"|table|a|style|title|b|body|br|p|meta|svg|img)[\t\n\f\r />])",
    re.IGNORECASE,
)
_LIKE_DOCUMENT = re.compile(rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*<\?xml")
_SNIFFED = 1445
# A byte order mark counts for more than what a page says of itself (WHATWG Encoding, 4.2).
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def audit_output(output: Path, report: Report) -> int:
    """Report all that leads, loads, sends or runs what it must not, in every file below a built folder.

    Returns how many files were read. Errors: `leak`, `runs-script`, `no-policy`, `weak-policy`, and
    `not-audited` for what can't be judged: too large, not UTF-8, of a kind that is not known.
    """
    owned = read_sums(output)
    read = 0
    for path in _walk_files(output, report):
        place = Place(f"{output.name}/{path}")
        hint = (
            "build again; if it comes back, take it out of the theme"
            if path in owned
            else "archiver did not write this file: mend it, or take it away"
        )
        try:
            data, audit = _read_file(output / path)
        except OSError as error:
            report.error("unreadable", f"the page cannot be read: {error.strerror}", place)
            continue
        except _NotAuditedError as error:
            report.error("not-audited", str(error), place, hint)
            continue
        if audit is None:
            continue
        read += 1
        text, complaint = _decode(data)
        if complaint:
            report.error("not-audited", complaint, place, hint)
        fault = judge_shape(text) if audit is audit_page and len(text) > MUCH_TEXT else ""
        if fault:
            report.error("not-audited", fault, place, hint)
            continue
        for found in islice(audit(text, path), MOST_FINDINGS):
            spot = _place(place.path, text, found)
            report.error(found.code, found.message, spot, found.hint or hint)
    return read


class _NotAuditedError(Exception):
    """Why a file can't be judged."""


def _walk_files(output: Path, report: Report) -> Iterator[str]:
    def tell(error: OSError) -> None:
        folder = Path(error.filename or output)
        name = f"{output.name}/{folder.relative_to(output).as_posix()}"
        report.error("unreadable", f"the page cannot be read: {error.strerror}", Place(name))

    root = output.resolve()
    for folder, folders, names in os.walk(output, onerror=tell):
        folders.sort()
        for name in sorted([*names, *folders]):
            item = Path(folder, name)
            path = item.relative_to(output).as_posix()
            # What a link leads to within the folder is read where it is.
            if item.is_symlink():
                if not item.resolve().is_relative_to(root):
                    message = "the file is a link out of the folder"
                    hint = "put a copy in its place: what it leads to does not come along"
                    report.error("leak", message, Place(f"{output.name}/{path}"), hint)
            elif name in names and stat.S_ISREG(item.lstat().st_mode):
                yield path


def _read_file(path: Path) -> tuple[bytes, Audit | None]:
    """What a file holds, and how to read it: not at all, if it is inert."""
    # Unlike `Path.suffix`, this is also what `.js` by itself ends in.
    suffix = path.name[path.name.rfind(".") :].lower() if "." in path.name else ""
    audit = KINDS.get(suffix)
    if suffix in INERT:
        return b"", None
    if suffix in OPAQUE:
        raise _NotAuditedError(f"what a file `*{suffix}` does can't be told")
    with path.open("rb") as file:
        if not audit:
            begin = file.read(_SNIFFED)
            file.seek(0)
            if begin.startswith(tuple(MARKS.values())):
                begin = begin.decode("utf-16", errors="replace").encode()
            if _LIKE_PAGE.match(begin):
                audit = audit_page
            elif _LIKE_DOCUMENT.match(begin):
                audit = audit_document
            else:
                return b"", None
        data = file.read(MAXIMUM_SIZE + 1)
    if len(data) > MAXIMUM_SIZE:
        raise _NotAuditedError(f"the file is larger than {MAXIMUM_SIZE >> 20} MiB")
    return data, audit


def _decode(data: bytes) -> tuple[str, str]:
    """A file's text as a browser decodes it, and what is wrong with its encoding."""
    for encoding, mark in MARKS.items():
        if data.startswith(mark):
            text = data[2:].decode(encoding, errors="replace")
            return text, "the file is in UTF-16; archiver writes UTF-8"
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode(), ""
    except UnicodeDecodeError:
        return data.decode(errors="replace"), "the file is not UTF-8"


def _place(path: str, text: str, found: Finding) -> Place:
    if found.offset < 0:
        return Place(path)
    place = locate(path, text, found.offset, found.width)
    # A line may be a whole file.
    excerpt = place.excerpt if len(place.excerpt) <= _EXCERPT else ""
    return Place(path, place.line, place.column, excerpt, min(found.width, _EXCERPT))
