"""The files of a copy against its `SHA256SUMS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from archiver.diagnostics import Place, Report
from archiver.fixity.copies import Copy, CopyError
from archiver.seals import STAMPS
from archiver.staging import SUMS, is_safe_path

Progress = Callable[[int, int], None]
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")
# After so many files in a row that could not be read, no other is tried.
_PATIENCE = 5


def read_sums_strictly(data: bytes, name: str, report: Report) -> dict[str, str]:
    """{path: digest} of a SHA256SUMS; a line that archiver would have written otherwise is an error."""
    sums: dict[str, str] = {}
    last = ""
    lines = data.decode(errors="surrogateescape").split("\n")
    for number, line in enumerate(lines[:-1], 1):
        match = _LINE.fullmatch(line)
        if match is None or not is_safe_path(match[2]) or match[2] in sums:
            _tell_line(
                name, number, line, "is not a digest, two spaces and a path of its own", report
            )
            continue
        if match[2] < last:
            _tell_line(name, number, line, "is out of order", report)
        last = match[2]
        sums[last] = match[1]
    if lines[-1] or not sums:
        _tell_line(name, len(lines), lines[-1], "is cut off", report)
    return sums


def compare_files(
    copy: Copy,
    sums: Mapping[str, str],
    listed: Mapping[str, str] | None,
    report: Report,
    progress: Progress | None,
) -> int:
    """Tell each file that is another, is missing, or is extra; how many are as they should be."""
    owners = {digest: path for path, digest in sums.items()}
    changed: dict[str, str] = {}
    missing: list[str] = []
    failed = 0
    for number, (path, digest) in enumerate(sums.items(), 1):
        if listed is not None and path not in listed:
            missing.append(path)
        elif listed is not None and listed[path]:
            report.error(
                "changed-file", f"there is no such file: {listed[path]}", _place(copy, path)
            )
            changed[path] = ""
        else:
            try:
                found = copy.digest(path)
                failed = 0
            except CopyError as error:
                if error.is_missing:
                    missing.append(path)
                    failed = 0
                else:
                    report.error(
                        "unreadable", f"the file cannot be read: {error}", _place(copy, path)
                    )
                    changed[path] = ""
                    failed += 1
            else:
                if found != digest:
                    changed[path] = found
        if progress:
            progress(number, len(sums))
        if failed == _PATIENCE:
            report.error(
                "unreadable",
                f"{failed} files in a row cannot be read, so {len(sums) - number} more were not tried",
                Place(copy.name),
            )
            break
    for path, found in changed.items():
        if found:
            other = owners.get(found)
            held = f"; it holds what belongs to {other}" if other else ""
            report.error(
                "changed-file", f"the file is not the one that was built{held}", _place(copy, path)
            )
    _tell_missing(copy, sums, listed, missing, report)
    return max(0, number - len(changed) - len(missing)) if sums else 0


def is_companion(path: str) -> bool:
    """Whether a file may lie beside SHA256SUMS: the list itself, or a signature or stamp of it."""
    return path == SUMS or (path.startswith(SUMS) and path.removeprefix(SUMS) in STAMPS)


def _tell_missing(
    copy: Copy,
    sums: Mapping[str, str],
    listed: Mapping[str, str] | None,
    missing: list[str],
    report: Report,
) -> None:
    """Files that are missing, and those that are extra: the same bytes may only have another name."""
    extra = [path for path in listed or () if path not in sums and not is_companion(path)]
    names: dict[str, str] = {}
    for path in extra if missing else ():
        try:
            names.setdefault(copy.digest(path), path)
        except CopyError:
            continue
    for path in missing:
        other = names.get(sums[path])
        renamed = f"; its bytes are in {other}" if other else ""
        report.error("missing-file", f"the file is missing{renamed}", _place(copy, path))
    for path in extra:
        fault = (listed or {})[path]
        report.error(
            "extra-file",
            "nothing of that name was built" + (f"; {fault}" if fault else ""),
            _place(copy, path),
        )


def _place(copy: Copy, path: str) -> Place:
    return Place(f"{copy.name}/{path}")


def _tell_line(name: str, number: int, line: str, fault: str, report: Report) -> None:
    place = Place(f"{name}/{SUMS}", number, 1, line, max(1, len(line)))
    report.error("bad-sums", f"the line {fault}", place)
