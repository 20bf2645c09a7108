"""A copy verified: all that can be known of it, told together."""

from __future__ import annotations

from collections.abc import Container, Mapping
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from archiver.diagnostics import Place, Report
from archiver.fixity.chain import check_known, check_pages, read_chain
from archiver.fixity.copies import Copy, CopyError
from archiver.fixity.signers import check_signers
from archiver.fixity.sources import compare_sources
from archiver.fixity.sums import Progress, compare_files, read_sums_strictly
from archiver.seals import FOLDER, Seal
from archiver.staging import SUMS


class Known(Struct, frozen=True):
    """What is known besides a copy: digests of seals, or how they begin; a file of allowed signers; and
    the folder of the archive that the site was made of."""

    seals: tuple[str, ...] = ()
    signers: Path | None = None
    archive: Path | None = None


class Verified(Struct, frozen=True):
    """What was found: how many files there should be and how many are right, the digest of their list,
    the seals, {path: who signed it}, and how many sources are as they were sealed. `is_whole` says
    whether files that are extra could be known."""

    files: int = 0
    sound: int = 0
    sums: str = ""
    seals: tuple[Seal, ...] = ()
    signed: Mapping[str, str] = {}
    signatures: int = 0
    sources: int = 0
    is_whole: bool = True


def verify_copy(
    copy: Copy, known: Known, report: Report, progress: Progress | None = None
) -> Verified:
    """Compare a copy with what it says of itself, and with what is known besides."""
    listed = copy.list_files()
    try:
        data = copy.read(SUMS)
    except CopyError as error:
        reason = "there is no such file" if error.is_missing else str(error)
        message = f"the list of all files cannot be read: {reason}"
        hint = "a folder that archiver built has it at its top"
        report.error("no-sums", message, Place(f"{copy.name}/{SUMS}"), hint)
        return Verified()
    sums = read_sums_strictly(data, copy.name, report)
    files = _find_files(copy, sums, listed)
    sound = compare_files(copy, sums, listed, report, progress)
    names = {path for path in (*sums, *(listed or ())) if path.startswith(f"{FOLDER}/")}
    seals = read_chain(copy, files, names, report)
    check_pages(copy, seals, sums, report)
    check_known(copy, seals, known.seals, report)
    signed: dict[str, str] = {}
    if known.signers:
        signed = check_signers(copy, seals, files, known.signers, report)
    sources = compare_sources(copy, seals, known.archive, report) if known.archive else 0
    return Verified(
        len(sums),
        sound,
        sha256(data).hexdigest(),
        seals,
        signed,
        sum(f"{FOLDER}/{seal.name}.sig" in files for seal in seals),
        sources,
        listed is not None,
    )


def _find_files(
    copy: Copy, sums: Mapping[str, str], listed: Mapping[str, str] | None
) -> Container[str]:
    """The files of a copy: as it lists them, else those that it should have, and the signature of their
    list where there is one."""
    if listed is not None:
        return {path for path, fault in listed.items() if not fault}
    try:
        copy.read(f"{SUMS}.sig")
    except CopyError:
        return set(sums)
    return {*sums, f"{SUMS}.sig"}
