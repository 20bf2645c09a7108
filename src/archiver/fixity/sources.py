"""What was sealed against the content that it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from archiver.diagnostics import Place, Report
from archiver.files import Folder, read_bytes, walk_content
from archiver.fixity.copies import Copy
from archiver.load import Manuscripts, list_sealable, load_seals, read_heading
from archiver.seals import FOLDER, Seal, trace_permalinks


def compare_sources(copy: Copy, seals: Sequence[Seal], root: Path, report: Report) -> int:
    """Tell each sealed post whose source is another now, or is gone, and each seal that only the copy or
    only the archive in `root` has; how many sources are as they were sealed.

    A post that was edited is no error: its own page says so, and a new seal tells it.
    """
    tree = walk_content(root, report)
    kept = load_seals(tree.seals, lambda path: read_bytes(root, path, report), report)
    published = {seal.digest for seal in seals}
    for seal in seals:
        if seal.digest not in kept.paths:
            report.error(
                "missing-seal",
                "the seal is published, but not among the archive's own",
                Place(f"{copy.name}/{FOLDER}/{seal.name}"),
            )
    for digest, path in kept.paths.items():
        if digest not in published:
            report.warn("unpublished-seal", "the copy is from before this seal", Place(path))
    there = dict(_list_sources(root, tree.folders)) if seals else {}
    sound = 0
    for permalink, history in trace_permalinks(seals).items():
        time, digest = history[-1]
        if permalink not in there:
            report.error(
                "sealed-permalink-gone",
                f"the permalink was sealed on {time}, and nothing in the content has it",
                Place(f"{copy.name}/{permalink}"),
            )
        elif there[permalink][1] != digest:
            report.warn(
                "changed-source",
                f"the source of {permalink} is not as it was sealed on {time}",
                Place(there[permalink][0]),
            )
        else:
            sound += 1
    return sound


def _list_sources(root: Path, folders: Sequence[Folder]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every permalink with the path and the digest of its source."""
    zone, manuscripts = ZoneInfo("UTC"), Manuscripts(root)
    for folder in folders:
        for path in folder.entries:
            heading = read_heading(path, folder.slug, zone, manuscripts)
            if heading.entry is not None:
                for permalink, digest in list_sealable(
                    [heading.entry], {path: heading.digest}
                ).items():
                    yield permalink, (path, digest)
