"""The readers, one file a publisher or format; to add one is a file and a line here.

The first that recognises a record reads it: particular ones come before general ones.
"""

from __future__ import annotations

from archiver.importers.reader import Reader
from archiver.importers.readers import (
    amp,
    bbc_live,
    bbc_lx,
    express,
    gedi,
    guardian_api,
    guardian_blocks,
    guardian_model,
    guardian_page,
    headings,
    json_ld,
    live24,
    microdata,
    nyt,
    own,
    plain_text,
    reach,
    superdesk,
    wordpress,
    wrapper,
)
from archiver.importers.record import Record

READERS: tuple[Reader, ...] = (
    own.READER,
    reach.READER,
    gedi.READER,
    express.READER,
    nyt.READER,
    amp.READER,
    superdesk.READER,
    wordpress.READER,
    live24.READER,
    bbc_lx.READER,
    bbc_live.READER,
    guardian_model.READER,
    guardian_api.READER,
    guardian_page.READER,
    guardian_blocks.READER,
    microdata.READER,
    json_ld.READER,
    headings.READER,
    wrapper.READER,
    plain_text.READER,
)


def find_reader(record: Record, name: str = "") -> Reader | None:
    """The reader of a record: the named one, else the first that recognises it."""
    for reader in READERS:
        if reader.name == name or (not name and reader.recognise(record)):
            return reader
    return None
