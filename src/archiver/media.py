"""Each medium of a coverage is judged once: whether it is safe to open, and whether it can be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archiver.diagnostics import Place, Problem, Report
from archiver.digests import make_digest
from archiver.files import Folder
from archiver.films import read_film_header
from archiver.media_types import SIGNED, TRANSCRIPTS, find_ending, find_kind, is_signed
from archiver.model import Facts, MediaKind, Signature
from archiver.pictures import MAXIMUM_PIXELS, MAXIMUM_SIDE, is_too_large, read_header
from archiver.regular import OddFileError, read_regular, sign_file
from archiver.renditions import plan_widths
from archiver.svg import MAXIMUM_SIZE, SvgError, clean_svg, measure_svg
from archiver.transcripts import MAXIMUM_TRANSCRIPT

_HEAD = 16
_LONGEST_LINE = 10_000
_NAMED = 4
# What takes a place out of a file and leaves all else.
_REMOVERS = {
    "picture": "`exiftool -gps:all= -xmp:geotag= FILE`",
    "film": "`ffmpeg -i FILE -map_metadata -1 -c copy NEW`",
}


class Judgement(Struct, frozen=True, array_like=True):
    """What was found of a medium that was like this: whether it is published cleaned, whether no browser
    can show it, the problems with it, and what is known of it. The copies are those that should be made."""

    path: str
    signature: Signature | None
    cleaned: bool = False
    broken: bool = False
    problems: tuple[Problem, ...] = ()
    facts: Facts = Facts()


def judge_media(root: Path, paths: Iterable[str]) -> Iterator[Judgement]:
    """Whether each of some media is safe to open, and whether it can be shown."""
    for path in paths:
        report = Report()
        signature = sign_file(f"{root}/{path}")
        verdict = _judge_medium(root, path, report)
        yield Judgement(path, signature, *verdict[:2], report.problems, verdict[2])


def note_media(folder: Folder, judgements: Iterable[Judgement], report: Report) -> Folder:
    """The folder of a coverage with what was found of its media: `cleaned` are those that may not be
    published as they are, `broken` the pictures that no browser can show, `facts` what is known of the
    others. Problems are reported.
    """
    cleaned: list[str] = []
    broken: list[str] = []
    facts: dict[str, Facts] = {}
    for judgement in judgements:
        report.add(judgement.problems)
        if judgement.cleaned:
            cleaned.append(judgement.path)
        if judgement.broken:
            broken.append(judgement.path)
        if judgement.facts != _NO_FACTS:
            facts[judgement.path] = judgement.facts
    return replace(folder, cleaned=tuple(cleaned), broken=tuple(broken), facts=facts)


_Verdict = tuple[bool, bool, Facts]
_NO_FACTS = Facts()
_NOTHING: _Verdict = (False, False, _NO_FACTS)


def _judge_medium(root: Path, path: str, report: Report) -> _Verdict:
    """Whether a medium must be cleaned, whether it is broken, and what is known of it."""
    kind, ending = find_kind(path), find_ending(path)
    try:
        if kind is None:
            _refuse(f"a file {_name(ending)} may run when it is opened", path, report)
        elif ending == "svg":
            return _judge_svg(root, path, report)
        elif ending in SIGNED and not is_signed(read_regular(root / path, _HEAD)):
            _refuse(f"the file is not what its ending `.{ending}` says", path, report)
        elif kind is MediaKind.PICTURE:
            return _judge_picture(root, path, report)
        elif kind is MediaKind.VIDEO:
            return _judge_film(root, path, report)
        elif ending in TRANSCRIPTS:
            words = read_regular(root / path, MAXIMUM_TRANSCRIPT + 1)
            return False, False, Facts(digest=make_digest(words))
    except OddFileError as error:
        report.error("not-a-file", f"it is {error}, and nothing in it can be kept", Place(path))
    except OSError as error:
        report.error("unreadable", f"the file cannot be read: {error.strerror}", Place(path))
    return _NOTHING


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


def _judge_svg(root: Path, path: str, report: Report) -> _Verdict:
    data = read_regular(root / path, MAXIMUM_SIZE + 1)
    if len(data) > MAXIMUM_SIZE:
        report.error(
            "file-too-large",
            f"the drawing is larger than {MAXIMUM_SIZE >> 20} MiB",
            Place(path),
            "publish it as a .png, and put the drawing into a .zip",
        )
        return _NOTHING
    try:
        cleaned = clean_svg(data)
    except SvgError as error:
        report.error(
            "bad-svg",
            f"the drawing cannot be shown: {error}",
            Place(path, error.line, error.column, _cut_line(data, error.line)),
            "save it again as plain SVG, or as a .png",
        )
        return _NOTHING
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
    return cleaned.data != data, False, Facts(*measure_svg(cleaned.data))


def _cut_line(data: bytes, line: int) -> str:
    lines = data.split(b"\n", line)
    excerpt = lines[line - 1].decode(errors="replace") if line <= len(lines) else ""
    return excerpt if len(excerpt) <= _LONGEST_LINE else ""


def _judge_picture(root: Path, path: str, report: Report) -> _Verdict:
    header = read_header(root / path)
    if header is None:
        report.warn(
            "broken-picture",
            "the file holds no picture of any known kind; pages show a gap in its place",
            Place(path),
            "fetch it again: an error page may have been saved under its name",
        )
        return False, True, _NO_FACTS
    width, height = header.size
    if is_too_large(width, height):
        report.error(
            "picture-too-large",
            f"the picture is {width:,} × {height:,} pixels large; no more than {MAXIMUM_PIXELS:,} in "
            f"all, and {MAXIMUM_SIDE:,} a side, can be shown",
            Place(path),
            "make a smaller one, and put this one into a .zip",
        )
        return _NOTHING
    if header.has_place:
        _tell_place("picture", path, report)
    return False, False, Facts(width, height, plan_widths(path, header))


def _judge_film(root: Path, path: str, report: Report) -> _Verdict:
    header = read_film_header(root / path)
    if header is None:
        return _NOTHING
    if header.has_place:
        _tell_place("film", path, report)
    return False, False, Facts(*header.size)


def _tell_place(noun: str, path: str, report: Report) -> None:
    report.warn(
        "tells-place",
        f"the {noun} tells where it was taken, and is published as it is",
        Place(path),
        f"if nobody may know, take it out of the file: {_REMOVERS[noun]}",
    )
