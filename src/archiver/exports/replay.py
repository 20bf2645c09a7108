"""What a web archive holds: every file of the site below its address, and the captures it was made of.

The page of a post is of the moment in which the post was last changed; any other file is of the newest
date of its coverage, or of the site. A captured page is of the moment in which it was captured.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import BinaryIO

from archiver import __version__
from archiver.exports.publication import Advance, Outcome
from archiver.exports.survey import Contents, find_instant, list_captures, tell_withheld
from archiver.exports.warc import CAPTURED_ARCHIVE, CAPTURED_PAGES, Line, WebArchive, write_date
from archiver.model import Capture, Coverage
from archiver.staging import is_safe_path
from archiver.times import find_zone
from archiver.urls import absolute_link

_CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

# Bytes, more than the heads of a record and of what was answered ever have.
_HEADS = 4096


def write_warc(contents: Contents, out: BinaryIO, packed: bool, advance: Advance) -> Outcome:
    """The whole as one file, each record packed or none."""
    archive = WebArchive(out, packed)
    records = sum(1 for _ in write_records(contents, archive, advance))
    return Outcome(records, "record", tuple(tell_captures(contents)))


def write_records(contents: Contents, archive: WebArchive, advance: Advance) -> Iterator[Line]:
    """Write all of it, and tell of each record where it lies, but for those that no index names."""
    archive.add_info(contents.newest, _describe(contents))
    publication = contents.publication
    for built in publication.list_files():
        address = absolute_link(contents.base_url, built.path)
        path = publication.folder / built.path
        yield archive.add_response(address, find_date(contents, built.path), path, built.digest)
        advance()
    for coverage, capture in list_replayable(contents):
        path = publication.root / coverage.path.rpartition("/")[0] / capture.file
        if capture.file.endswith(CAPTURED_ARCHIVE):
            yield from archive.add_archive(path, capture.sha256)
        else:
            date = date_capture(coverage, capture)
            yield archive.add_resource(capture.url, date, path, capture.sha256)


def measure_records(contents: Contents) -> int:
    """How many bytes the records can have at most, in all."""
    publication = contents.publication
    paths = [
        publication.root / coverage.path.rpartition("/")[0] / capture.file
        for coverage, capture in list_replayable(contents)
    ]
    built = (publication.folder / one.path for one in publication.list_files())
    return sum(path.stat().st_size + _HEADS for path in chain(built, paths) if path.is_file())


def find_date(contents: Contents, path: str) -> datetime:
    """The date of a built file."""
    if contents.date:
        return contents.date
    post = contents.register.find_post(path)
    newest_of = contents.survey.newest_of
    return post.date if post else newest_of.get(path.partition("/")[0], contents.survey.newest)


def date_capture(coverage: Coverage, capture: Capture) -> datetime:
    """When a page was captured, where that is known."""
    zone = find_zone(coverage.timezone)
    assert zone is not None, "the build has read it"
    assert capture.captured is not None, "a capture without a time cannot be replayed"
    return find_instant(capture.captured, zone)


def list_replayable(contents: Contents) -> Iterator[tuple[Coverage, Capture]]:
    """The captures that can be replayed, once each: those whose address and time are known, and which are
    in the state in which they came."""
    seen = set(contents.survey.withheld.values())
    for coverage in contents.survey.coverages:
        for capture in list_captures(coverage):
            if capture.sha256 not in seen and _is_replayable(capture):
                seen.add(capture.sha256)
                yield coverage, capture


def tell_captures(contents: Contents) -> Iterator[str]:
    """What is told of captures that are not in it."""
    known = {
        capture.sha256
        for coverage in contents.survey.coverages
        for capture in list_captures(coverage)
    }
    withheld = known & set(contents.survey.withheld.values())
    left = known - withheld - {capture.sha256 for _, capture in list_replayable(contents)}
    if left:
        noun = "1 capture" if len(left) == 1 else f"{len(left)} captures"
        yield f"Left to the bag, having no address, no time or no form that replays: {noun}."
    yield from tell_withheld(len(withheld))


def _is_replayable(capture: Capture) -> bool:
    known = (*CAPTURED_PAGES, CAPTURED_ARCHIVE)
    return bool(
        capture.captured
        and capture.captured.moment
        and capture.url.startswith(("https://", "http://"))
        and capture.file.endswith(known)
        and is_safe_path(capture.file)
        and len(capture.sha256) == 64
    )


def _describe(contents: Contents) -> list[tuple[str, str]]:
    site = contents.publication.site
    return [
        ("software", f"archiver/{__version__}"),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", _CONFORMS),
        ("isPartOf", site.title),
        ("description", site.description),
        ("dates", f"those of the content, the newest of which is {write_date(contents.newest)}"),
        *(
            ("withheld-capture", f"sha256:{one}")
            for one in sorted(contents.survey.withheld.values())
        ),
    ]
