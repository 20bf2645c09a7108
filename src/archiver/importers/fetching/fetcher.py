"""One address fetched: redirects judged, sizes and times bounded, busy servers waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from typing import NoReturn, TypeVar

import httpcore
import httpx
from msgspec import Struct

from archiver import __version__
from archiver.importers.fetching.addresses import FetchError, Target, judge_address
from archiver.importers.fetching.answers import Answer, Exchange, read_body
from archiver.importers.fetching.connection import Deadline, Network, Transport

Found = TypeVar("Found")

AGENT = f"archiver/{__version__} (keeps a record of live coverage)"
_MOVED = (301, 302, 303, 307, 308)
_BUSY = (429, 503)
_BROKEN = (500, 502, 504)


class Clock(Struct, frozen=True):
    """What time it is, a way to wait for some seconds, and a count of seconds that only grows."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    elapsed: Callable[[], float]


class Limits(Struct, frozen=True):
    """Seconds to connect, and for a whole answer; the bytes of an answer, and of all pages of a
    coverage, as sent and as unpacked; redirects, pages and attempts; the seconds between two requests
    to a host; and the most seconds that a busy server is waited for. `stay` is whether to go no further
    where another host is named."""

    connect: float = 10
    answer: float = 60
    size: int = 64 * 2**20
    total: int = 256 * 2**20
    redirects: int = 10
    pages: int = 100
    attempts: int = 3
    pause: float = 1
    patience: float = 120
    allow_private: bool = False
    stay: bool = False


class Fetcher:
    """Fetches addresses one after the other; remembers when it last asked each host."""

    def __init__(self, clock: Clock, limits: Limits | None = None, network: Network | None = None):
        self.clock = clock
        self.limits = limits or Limits()
        self._network = network or Network()
        self._asked: dict[str, float] = {}

    def fetch(self, address: str, size: int = 0) -> Answer:
        """What is at an address, of at most `size` bytes (0: as the limits say). FetchError if nothing."""
        most = size or self.limits.size
        return self._try(lambda: read_body(self._follow(address, most, True), most))

    def digest(self, address: str) -> str:
        """The SHA-256 of what is at an address, in hexadecimal, which is not kept. FetchError if nothing."""
        last = self._try(lambda: self._follow(address, self.limits.size, False)[-1])
        if last.find("content-encoding").lower() not in ("", "identity"):
            raise FetchError("the answer is packed, though that was not asked for")
        return last.sha256

    def _try(self, find: Callable[[], Found]) -> Found:
        """What is found, tried again where that may help."""
        for attempt in range(1, self.limits.attempts + 1):
            try:
                return find()
            except FetchError as error:
                if not error.may_pass or attempt == self.limits.attempts:
                    raise
                wait = 2.0**attempt if error.wait is None else error.wait
                if wait > self.limits.patience:
                    raise FetchError(f"{error}, and asks to wait for {wait:.0f} seconds") from error
                self.clock.sleep(wait)
        raise FetchError("nothing was tried")

    def _follow(self, address: str, size: int, keep: bool) -> tuple[Exchange, ...]:
        exchanges: list[Exchange] = []
        host = ""
        for _ in range(self.limits.redirects + 1):
            target = judge_address(address, self._network.resolve, self.limits.allow_private)
            host = host or target.host
            if self.limits.stay and target.host != host:
                raise FetchError(f"it leads on to another host, `{target.host}`")
            exchange = self._ask(target, size, keep)
            exchanges.append(exchange)
            if exchange.status in (200, 203):
                return tuple(exchanges)
            location = exchange.find("location")
            if exchange.status not in _MOVED or not location:
                self._refuse(exchange)
            try:
                address = str(httpx.URL(target.url).join(location))
            except (httpx.InvalidURL, ValueError) as error:
                raise FetchError("it leads on to an address that cannot be read") from error
        raise FetchError(f"it leads on more than {self.limits.redirects} times")

    def _ask(self, target: Target, size: int, keep: bool) -> Exchange:
        """One request and its answer, whatever the answer is."""
        self._pause(target.host)
        deadline = Deadline(self.clock.elapsed, self.limits.answer)
        moment = self.clock.now()
        headers = {
            "User-Agent": AGENT,
            "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate" if keep else "identity",
            "Connection": "close",
        }
        limits = httpx.Timeout(self.limits.answer, connect=self.limits.connect)
        # No client of httpx: that would read proxies and passwords from the environment.
        request = httpx.Request(
            "GET", target.url, headers=headers, extensions={"timeout": limits.as_dict()}
        )
        try:
            with Transport(target, self._network, deadline) as transport:
                answer = transport.handle_request(request)
                digest = sha256()
                body = _collect(answer, size, None if keep else digest.update)
        except httpcore.ConnectTimeout as error:
            raise FetchError(f"`{target.host}` does not answer", may_pass=True) from error
        except (httpcore.TimeoutException, httpx.TimeoutException) as error:
            reason = f"the answer was not there within {self.limits.answer:g} seconds"
            raise FetchError(reason) from error
        except httpcore.ConnectError as error:
            reason = f"no connection to `{target.host}`: {error}"
            raise FetchError(reason, may_pass=True) from error
        except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
            raise FetchError("the answer broke off, or is none", may_pass=True) from error
        except (httpx.HTTPError, httpcore.ProtocolError, ValueError) as error:
            raise FetchError("the answer cannot be read") from error
        return Exchange(
            address=target.url,
            moment=moment.astimezone(UTC).replace(microsecond=0),
            asked=tuple(request.headers.raw),
            status=answer.status_code,
            answered=tuple(answer.headers.raw),
            body=body,
            sha256="" if keep else digest.hexdigest(),
        )

    def _pause(self, host: str) -> None:
        asked = self._asked.get(host)
        if asked is not None:
            wait = asked + self.limits.pause - self.clock.elapsed()
            if wait > 0:
                self.clock.sleep(wait)
        self._asked[host] = self.clock.elapsed()

    def _refuse(self, exchange: Exchange) -> NoReturn:
        try:
            phrase = f"{exchange.status} {HTTPStatus(exchange.status).phrase}"
        except ValueError:
            phrase = str(exchange.status)
        wait = read_wait(exchange.find("retry-after"), exchange.moment)
        raise FetchError(
            f"the server answered {phrase}",
            may_pass=exchange.status in (*_BUSY, *_BROKEN),
            wait=wait if exchange.status in _BUSY else None,
            status=exchange.status,
        )


def read_wait(text: str, now: datetime) -> float | None:
    """How many seconds `Retry-After` asks for: a number, or a date (RFC 9110, 10.2.3)."""
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _collect(
    answer: httpx.Response, size: int, take: Callable[[bytes], object] | None = None
) -> bytes:
    """The body as it was sent, or nothing where something else takes it piece by piece; what it says of
    its length counts only against it."""
    too_much = f"the answer is larger than {size >> 20} MiB" if size >> 20 else "it is too large"
    said = answer.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > size:
        raise FetchError(too_much)
    parts: list[bytes] = []
    length = 0
    for part in answer.iter_raw():
        length += len(part)
        if length > size:
            raise FetchError(too_much)
        if take:
            take(part)
        else:
            parts.append(part)
    return b"".join(parts)
