"""Each medium of a coverage is judged once: whether it is safe to open, and whether it can be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archiver.diagnostics import Place, Problem, Report
from archiver.files import Folder
from archiver.media_types import SIGNED, find_ending, find_kind, is_signed
from archiver.model import MediaKind, Signature
from archiver.pictures import MAXIMUM_PIXELS, MAXIMUM_SIDE, is_too_large, read_size
from archiver.regular import OddFileError, read_regular, sign_file
from archiver.svg import MAXIMUM_SIZE, SvgError, clean_svg

_HEAD = 16
_LONGEST_LINE = 10_000
_NAMED = 4


class Judgement(Struct, frozen=True, array_like=True):
    """What was found of a medium that was like this: whether it is published cleaned, whether no browser
    can show it, and the problems with it."""

    path: str
    signature: Signature | None
    cleaned: bool = False
    broken: bool = False
    problems: tuple[Problem, ...] = ()


def judge_media(root: Path, paths: Iterable[str]) -> Iterator[Judgement]:
    """Whether each of some media is safe to open, and whether it can be shown."""
    for path in paths:
        report = Report()
        signature = sign_file(f"{root}/{path}")
        cleaned, broken = _judge_medium(root, path, report)
        yield Judgement(path, signature, cleaned, broken, report.problems)


def note_media(folder: Folder, judgements: Iterable[Judgement], report: Report) -> Folder:
    """The folder of a coverage with what was found of its media: `cleaned` are those that may not be
    published as they are, `broken` the pictures that no browser can show. Problems are reported.
    """
    cleaned: list[str] = []
    broken: list[str] = []
    for judgement in judgements:
        report.add(judgement.problems)
        if judgement.cleaned:
            cleaned.append(judgement.path)
        if judgement.broken:
            broken.append(judgement.path)
    return replace(folder, cleaned=tuple(cleaned), broken=tuple(broken))


def _judge_medium(root: Path, path: str, report: Report) -> tuple[bool, bool]:
    """Whether a medium must be cleaned, and whether it is broken."""
    kind, ending = find_kind(path), find_ending(path)
    try:
        if kind is None:
            _refuse(f"a file {_name(ending)} may run when it is opened", path, report)
        elif ending == "svg":
            return _judge_svg(root, path, report), False
        elif ending in SIGNED and not is_signed(read_regular(root / path, _HEAD)):
            _refuse(f"the file is not what its ending `.{ending}` says", path, report)
        elif kind is MediaKind.PICTURE:
            return False, not _judge_picture(root, path, report)
    except OddFileError as error:
        report.error("not-a-file", f"it is {error}, and nothing in it can be kept", Place(path))
    except OSError as error:
        report.error("unreadable", f"the file cannot be read: {error.strerror}", Place(path))
    return False, False


def read_cleaned(path: Path) -> bytes:
    """One of the `cleaned`, as it is published. SvgError where it is another file than was judged."""
    return clean_svg(read_regular(path, MAXIMUM_SIZE + 1)).data


def _refuse(message: str, path: str, report: Report) -> None:
    report.error(
        "unsafe-media",
        message,
        Place(path),
        "convert it to a picture, film, sound or document of a known kind, or put it into a .zip",
    )


def _name(ending: str) -> str:
    return f"that ends in `.{ending}`" if ending else "without an ending"


def _judge_svg(root: Path, path: str, report: Report) -> bool:
    """Whether another file must be published in its stead."""
    data = read_regular(root / path, MAXIMUM_SIZE + 1)
    if len(data) > MAXIMUM_SIZE:
        report.error(
            "file-too-large",
            f"the drawing is larger than {MAXIMUM_SIZE >> 20} MiB",
            Place(path),
            "publish it as a .png, and put the drawing into a .zip",
        )
        return False
    try:
        cleaned = clean_svg(data)
    except SvgError as error:
        report.error(
            "bad-svg",
            f"the drawing cannot be shown: {error}",
            Place(path, error.line, error.column, _cut_line(data, error.line)),
            "save it again as plain SVG, or as a .png",
        )
        return False
    if cleaned.removed:
        names = ", ".join(cleaned.removed[:_NAMED])
        more = len(cleaned.removed) - _NAMED
        report.warn(
            "svg-cleaned",
            f"what is published of the drawing is without {names}"
            + (f" and {more} more" if more > 0 else ""),
            Place(path),
            "only what draws is kept: compare the two, or publish it as a .png",
        )
    return cleaned.data != data


def _cut_line(data: bytes, line: int) -> str:
    lines = data.split(b"\n", line)
    excerpt = lines[line - 1].decode(errors="replace") if line <= len(lines) else ""
    return excerpt if len(excerpt) <= _LONGEST_LINE else ""


def _judge_picture(root: Path, path: str, report: Report) -> bool:
    """Whether a browser can show it."""
    size = read_size(root / path)
    if size is None:
        report.warn(
            "broken-picture",
            "the file holds no picture of any known kind; pages show a gap in its place",
            Place(path),
            "fetch it again: an error page may have been saved under its name",
        )
        return False
    width, height = size
    if is_too_large(width, height):
        report.error(
            "picture-too-large",
            f"the picture is {width:,} × {height:,} pixels large; no more than {MAXIMUM_PIXELS:,} in "
            f"all, and {MAXIMUM_SIDE:,} a side, can be shown",
            Place(path),
            "make a smaller one, and put this one into a .zip",
        )
    return True
