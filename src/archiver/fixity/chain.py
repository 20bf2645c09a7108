"""The seals that a copy publishes: that each is what the next one says, and that none is missing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from archiver.diagnostics import Place, Report
from archiver.fixity.copies import Copy, CopyError
from archiver.seals import (
    FOLDER,
    LIST,
    NAME,
    Seal,
    SealError,
    SealList,
    find_heads,
    order_seals,
    read_list,
    read_seal,
)


def read_chain(
    copy: Copy, files: Container[str], names: Iterable[str], report: Report
) -> tuple[Seal, ...]:
    """The seals of a copy in their order; `files` are those that it has, `names` those in the folder of
    seals. Whatever does not hold together is an error."""
    paths = sorted(path for path in names if NAME.fullmatch(path.removeprefix(f"{FOLDER}/")))
    if LIST not in files:
        for path in paths:
            message = f"there is a seal, but no list {LIST}, which would name the others"
            report.error("missing-seal", message, Place(f"{copy.name}/{path}"))
        return ()
    place = Place(f"{copy.name}/{LIST}")
    try:
        of = read_list(copy.read(LIST))
    except (SealError, CopyError) as error:
        report.error("bad-seal", f"the list of seals cannot be used: {error}", place)
        of = SealList()
    newest, listed = of.newest, of.paths
    found = {seal.digest: seal for seal in of.withheld}
    for path in sorted({*listed, *paths}):
        seal = _read_seal(copy, path, listed, report)
        if seal is not None:
            found[seal.digest] = seal
    _check_links(copy, found, report)
    heads = find_heads(found.values())
    if newest and heads != newest:
        told, there = (", ".join(one[:16] for one in each) or "none" for each in (newest, heads))
        report.error("missing-seal", f"the newest seal should be {told}, but is {there}", place)
    return order_seals(found.values())


def check_pages(copy: Copy, seals: Iterable[Seal], files: Container[str], report: Report) -> None:
    """Every permalink that was ever sealed must be a page of the copy."""
    for permalink in sorted({path for seal in seals for path in seal.permalinks}):
        if permalink not in files:
            report.error(
                "sealed-permalink-gone",
                "the permalink was sealed, but is not among the files that were built",
                Place(f"{copy.name}/{permalink}"),
            )


def check_known(copy: Copy, seals: Iterable[Seal], known: Iterable[str], report: Report) -> None:
    """Seals that somebody knows of by their digests, or by how these begin, must be there."""
    digests = [seal.digest for seal in seals]
    for one in known:
        if not any(digest.startswith(one) for digest in digests):
            report.error(
                "missing-seal", f"the seal {one}, which you know of, is not there", Place(copy.name)
            )


def _read_seal(copy: Copy, path: str, listed: Mapping[str, str], report: Report) -> Seal | None:
    place = Place(f"{copy.name}/{path}")
    try:
        seal = read_seal(copy.read(path))
    except SealError as error:
        report.error(
            "bad-seal",
            f"the file is no seal: {error}",
            Place(place.path, error.line, 1 if error.line else 0),
        )
        return None
    except CopyError as error:
        what = "the seal is missing" if error.is_missing else f"the seal cannot be read: {error}"
        report.error("missing-seal", what, place)
        return None
    if f"{FOLDER}/{seal.name}" != path or listed.get(path, seal.digest) != seal.digest:
        report.error("changed-seal", "the seal is not the one that its name tells", place)
        return None
    if listed and path not in listed:
        report.error("changed-seal", f"the seal is not among those that {LIST} lists", place)
    return seal


def _check_links(copy: Copy, found: Mapping[str, Seal], report: Report) -> None:
    for seal in found.values():
        for number, parent in enumerate(seal.parents, 4):
            place = Place(f"{copy.name}/{FOLDER}/{seal.name}", number, 8, f"parent {parent}", 64)
            if parent not in found:
                message = f"the seal before {seal.digest[:16]}, {parent[:16]}, is not there"
                where = Place(f"{copy.name}/{LIST}") if seal.withheld else place
                report.error("missing-seal", message, where)
