"""Media that a capture only has addresses of, fetched one by one and put away at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit

from archiver.importers.fetching.addresses import FetchError
from archiver.importers.fetching.fetcher import Fetcher
from archiver.importers.media import Fetched, find_ending, name_medium

MAXIMUM_SIZE = 50 * 2**20
MAXIMUM_TOTAL = 2 * 2**30


class MediaFetch:
    """Fetches the media of a run: within 50 MB each and 2 GB in all, and what failed not again.

    `tell` is called with how many are done, of how many.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        tell: Callable[[int, int], None],
        size: int = MAXIMUM_SIZE,
        total: int = MAXIMUM_TOTAL,
    ) -> None:
        self._fetcher = fetcher
        self._tell = tell
        self._size = size
        self._left = total
        self._failed: dict[str, str] = {}

    def fetch(
        self, addresses: Iterable[str], home: str, store: Callable[[str, bytes], None]
    ) -> Fetched:
        """Fetch media by their addresses, as seen from a page; `store` puts a file away by its name."""
        names: dict[str, str] = {}
        reasons: dict[str, str] = {}
        wanted = list(dict.fromkeys(addresses))
        for number, address in enumerate(wanted, 1):
            try:
                whole = _join(home, address)
                names[whole] = self._fetch(whole, store)
            except FetchError as error:
                reasons[address] = str(error)
            self._tell(number, len(wanted))
        return Fetched(names, reasons)

    def _fetch(self, address: str, store: Callable[[str, bytes], None]) -> str:
        if address in self._failed:
            raise FetchError(self._failed[address])
        try:
            if urlsplit(address).scheme not in ("http", "https"):
                raise FetchError(
                    "it was not saved with the page, and its address is none of the web"
                )
            if self._left <= 0:
                raise FetchError("all media together are larger than is fetched in one run")
            data = self._fetcher.fetch(address, min(self._size, self._left)).data
            if not find_ending(data):
                raise FetchError(
                    "what is there is no picture, film, sound or document that is kept"
                )
        except FetchError as error:
            self._failed[address] = str(error)
            raise
        self._left -= len(data)
        name = name_medium(data)
        try:
            store(name, data)
        except OSError as error:
            raise FetchError(f"it cannot be written: {error.strerror or error}") from error
        return name


def _join(home: str, address: str) -> str:
    try:
        return urljoin(home, address)
    except ValueError as error:
        raise FetchError("the address cannot be read") from error
