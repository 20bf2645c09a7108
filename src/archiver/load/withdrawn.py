"""What goes with a withdrawn post: media that no other post names."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from archiver.diagnostics import Place, Report
from archiver.load.bodies import Asked, list_media_asked
from archiver.load.coverage import Gathered
from archiver.model import Coverage


def withdraw_media(
    gathered: Gathered, asked: Iterable[tuple[Asked, ...]], report: Report
) -> Coverage:
    """The coverage with the media that are published; `asked` is what was asked for each of its texts.

    Where a post is withdrawn, what nothing names any more may have been its own. Its text is gone, and
    nothing else could tell.
    """
    coverage = gathered.coverage
    if report.has_errors or not any(entry.withdrawn for entry in coverage.entries):
        return coverage
    named = {*gathered.named}.union(*map(list_media_asked, asked))
    home = f"{gathered.folder.path}/"
    kept = tuple(path for path in coverage.media if path.removeprefix(home) in named)
    for path in coverage.media:
        if path.removeprefix(home) not in named:
            report.warn(
                "withheld-media",
                "the file is not published: no post names it, and one that is withdrawn may have",
                Place(path),
                "remove it, or name it in a post if it never was that post's",
            )
    return replace(coverage, media=kept)
