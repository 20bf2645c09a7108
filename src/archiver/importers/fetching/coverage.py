"""An address to the captures of a coverage: its page, and all other pages that this leads to."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec.structs import replace

from archiver import __version__
from archiver.importers.fetching.addresses import FetchError
from archiver.importers.fetching.answers import Answer
from archiver.importers.fetching.fetcher import Fetcher
from archiver.importers.fetching.pages import list_pages
from archiver.importers.fetching.warc import write_warc
from archiver.importers.importing import Options, Read, Sighting, name_folder
from archiver.importers.merge import name_coverage
from archiver.importers.readers import find_reader
from archiver.importers.record import Record
from archiver.importers.report import Refusal
from archiver.importers.wayback import name_replay, restore_addresses


def survey_address(
    address: str, fetcher: Fetcher, options: Options, refused: list[Refusal]
) -> Iterator[Sighting]:
    """The captures at an address and on the pages of the same coverage; what fails is refused."""
    waiting = [address]
    seen = {address}
    found = size = 0
    while waiting and found < fetcher.limits.pages:
        source = waiting.pop(0)
        try:
            answer = fetcher.fetch(source)
        except FetchError as error:
            refused.append(Refusal(source, str(error)))
            continue
        found += 1
        size += len(answer.data)
        if size > fetcher.limits.total:
            reason = f"all pages together are larger than {fetcher.limits.total >> 20} MiB"
            refused.append(Refusal(source, reason))
            return
        record = make_record(answer)
        reader = find_reader(record, options.reader)
        capture = reader.read(record, options.zone) if reader else None
        if capture is None or not capture.posts:
            if source == address:
                reasons = capture.missing if capture else ()
                reason = "; ".join(reasons) or "no live coverage was found in it"
                refused.append(Refusal(source, reason))
            continue
        capture = replace(capture, captured=capture.captured or record.captured)
        # Pages that a replay tool rewrote name those of the original site: another capture.
        for one in list_pages(record, capture) if record.address == answer.address else ():
            if one not in seen:
                seen.add(one)
                waiting.append(one)
        seen.add(answer.address)
        waiting = [one for one in waiting if one != answer.address]
        name = name_coverage(capture) or address
        read = Read(source, record, capture)
        yield Sighting(source, found - 1, name, name_folder(capture), read)
    if waiting:
        reason = f"{len(waiting)} pages more than the {fetcher.limits.pages} that are fetched"
        refused.append(Refusal(address, reason))


def make_record(answer: Answer) -> Record:
    """What was fetched as a record, with the web archive that keeps it."""
    restored, archived, moment = restore_addresses(answer.page)
    return Record(
        data=restored,
        name=urlsplit(answer.address).path.rpartition("/")[2],
        address=archived or answer.address,
        captured=moment or answer.moment,
        kept=write_warc(answer.exchanges),
        tool=name_replay(answer.page) or f"archiver/{__version__}",
    )
