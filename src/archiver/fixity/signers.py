"""Who signed what a copy holds: its seals, and the list of its files."""

from __future__ import annotations

import tempfile
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from archiver.diagnostics import Place, Report
from archiver.fixity.copies import Copy, CopyError
from archiver.seals import FOLDER, Seal
from archiver.signatures import SignatureError, check_signature
from archiver.staging import SUMS


def check_signers(
    copy: Copy, seals: Sequence[Seal], files: Container[str], allowed: Path, report: Report
) -> dict[str, str]:
    """{path: who signed it} of what is signed by allowed signers.

    A seal names those before it by their digests, so a signature holds for them too: an error is each
    seal that no signed one follows, and every signature that is not right.
    """
    signed: dict[str, str] = {}
    for seal in seals:
        path = f"{FOLDER}/{seal.name}"
        if f"{path}.sig" in files:
            signer = _check(copy, path, allowed, seal.time, report)
            if signer:
                signed[path] = signer
    known = {seal.digest: seal for seal in seals}
    vouched = _follow(known, (one for one in seals if f"{FOLDER}/{one.name}" in signed))
    for seal in seals:
        if seal.digest not in vouched:
            report.error(
                "not-signed",
                "no allowed signer has signed the seal, nor one that follows it",
                Place(f"{copy.name}/{FOLDER}/{seal.name}"),
            )
    if not seals:
        report.error(
            "not-signed", "there is no seal that somebody could have signed", Place(copy.name)
        )
    if f"{SUMS}.sig" in files:
        signer = _check(copy, SUMS, allowed, None, report)
        if signer:
            signed[SUMS] = signer
    return signed


def _follow(known: Mapping[str, Seal], signed: Iterable[Seal]) -> set[str]:
    """The digests of some seals and of all before them."""
    found: set[str] = set()
    waiting = list(signed)
    while waiting:
        seal = waiting.pop()
        if seal.digest not in found:
            found.add(seal.digest)
            waiting.extend(known[parent] for parent in seal.parents if parent in known)
    return found


def _check(copy: Copy, path: str, allowed: Path, moment: datetime | None, report: Report) -> str:
    place = Place(f"{copy.name}/{path}.sig")
    try:
        data, signature = copy.read(path), copy.read(f"{path}.sig")
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder, "signature")
            draft.write_bytes(signature)
            return check_signature(data, draft, allowed, moment)
    except (CopyError, SignatureError) as error:
        report.error("bad-signature", f"the signature is not right: {error}", place)
        return ""
