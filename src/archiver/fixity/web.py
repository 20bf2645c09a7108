"""A copy on the web: what is there besides can't be known."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from archiver.fixity.copies import CopyError
from archiver.importers.fetching.addresses import FetchError
from archiver.importers.fetching.fetcher import Fetcher, Limits
from archiver.urls import absolute_link

# A site is asked for its own files, so no host is spared, and a film may take its time.
LIMITS = Limits(answer=900, size=1 << 40, pause=0, stay=True)
# A seal, or the list of all files.
_LARGEST = 1 << 30
_GONE = (404, 410)


class WebCopy:
    """A copy at an address, its files fetched one after the other, and from that host only."""

    def __init__(self, address: str, fetcher: Fetcher) -> None:
        parts = urlsplit(address)
        folder = parts.path.removesuffix("index.html").rstrip("/")
        self.name = urlunsplit((parts.scheme, parts.netloc, folder, "", ""))
        self._fetcher = fetcher

    def list_files(self) -> None:
        """Nobody knows."""

    def digest(self, path: str) -> str:
        """The SHA-256 of a file in hexadecimal."""
        try:
            return self._fetcher.digest(absolute_link(self.name, path))
        except FetchError as error:
            raise CopyError(str(error), error.status in _GONE) from error

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        try:
            return self._fetcher.fetch(absolute_link(self.name, path), _LARGEST).data
        except FetchError as error:
            raise CopyError(str(error), error.status in _GONE) from error
