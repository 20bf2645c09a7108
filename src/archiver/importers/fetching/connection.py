"""A connection to the very IP address that was judged, with one deadline for all that is sent over it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx
from msgspec import Struct

from archiver.importers.fetching.addresses import Resolve, Target, resolve_host

Connect = Callable[[str, int, float], socket.socket]


def connect_socket(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to an IP address within some seconds."""
    return socket.create_connection((address, port), seconds)


class Network(Struct, frozen=True):
    """How hosts are resolved and connected to, and whose certificates are trusted."""

    resolve: Resolve = resolve_host
    connect: Connect = connect_socket
    trust: Callable[[], ssl.SSLContext] = httpcore.default_ssl_context


class Deadline:
    """A moment by which an answer has to be there; `elapsed` counts seconds, from whenever."""

    def __init__(self, elapsed: Callable[[], float], seconds: float) -> None:
        self._elapsed = elapsed
        self._end = elapsed() + seconds

    def limit(self, seconds: float | None) -> float:
        """How long something may take, at most so long. `httpcore.ReadTimeout` where time is up."""
        left = self._end - self._elapsed()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if seconds is None else min(left, seconds)


class Transport(httpx.BaseTransport):
    """Sends one request to a target: names are not resolved again, and what they were is not asked."""

    def __init__(self, target: Target, network: Network, deadline: Deadline) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=network.trust() if target.url.startswith("https:") else None,
            network_backend=_Backend(target, network.connect, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body not read yet; errors are httpcore's."""
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """End the connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore.NetworkBackend):
    def __init__(self, target: Target, connect: Connect, deadline: Deadline) -> None:
        self._target = target
        self._connect = connect
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if (host.strip("[]"), port) != (self._target.host.strip("[]"), self._target.port):
            raise httpcore.ConnectError(f"{host}:{port} was not judged")
        for number, address in enumerate(self._target.addresses, 1):
            try:
                with _name_errors(httpcore.ConnectTimeout, httpcore.ConnectError):
                    return _Stream(
                        self._connect(address, port, self._deadline.limit(timeout)), self._deadline
                    )
            except (httpcore.ConnectTimeout, httpcore.ConnectError):
                if number == len(self._target.addresses):
                    raise
        raise httpcore.ConnectError("no address")


class _Stream(httpcore.NetworkStream):
    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._socket = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _name_errors(httpcore.ReadTimeout, httpcore.ReadError):
            self._socket.settimeout(self._deadline.limit(timeout))
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _name_errors(httpcore.WriteTimeout, httpcore.WriteError):
            self._socket.settimeout(self._deadline.limit(timeout))
            self._socket.sendall(buffer)

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            with _name_errors(httpcore.ConnectTimeout, httpcore.ConnectError):
                self._socket.settimeout(self._deadline.limit(timeout))
                wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except Exception:
            self.close()
            raise
        return _Stream(wrapped, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return None


@contextmanager
def _name_errors(timeout: type[Exception], error: type[Exception]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as caught:
        raise timeout(str(caught)) from caught
    except OSError as caught:
        said = getattr(caught, "verify_message", "") or caught.strerror or str(caught)
        raise error(said.partition("\n")[0][:200]) from caught
