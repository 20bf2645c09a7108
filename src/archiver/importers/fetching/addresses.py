"""Which addresses are fetched: public hosts over http and https, at the usual ports, without a password."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

import httpx
from msgspec import Struct

Resolve = Callable[[str, int], list[str]]

PORTS = frozenset((80, 443, 8080, 8443))
_LONGEST = 4096
# What `is_global` leaves open in some versions of Python, or rightly calls global: ranges that lead
# elsewhere than they say (6to4, Teredo, IPv4-compatible), and a cloud's own host (Azure's 168.63.129.16).
_REFUSED = tuple(
    map(
        ipaddress.ip_network,
        """0.0.0.0/8 100.64.0.0/10 192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 240.0.0.0/4
        168.63.129.16/32 ::/96 64:ff9b:1::/48 2001::/32 2002::/16 fec0::/10""".split(),
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class FetchError(Exception):
    """Why something could not be fetched, said to the person who asked for it.

    `may_pass` says whether trying again may help, after `wait` seconds where the server names them;
    `status` is that of the answer, 0 where there was none.
    """

    def __init__(
        self, reason: str, may_pass: bool = False, wait: float | None = None, status: int = 0
    ) -> None:
        super().__init__(reason)
        self.may_pass = may_pass
        self.wait = wait
        self.status = status


class Target(Struct, frozen=True):
    """An address that was judged: its spelling without fragment, its host in ASCII, its port, and the
    IP addresses that may be connected to, which are those that were judged."""

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]


def judge_address(address: str, resolve: Resolve, allow_private: bool = False) -> Target:
    """The target of an address. FetchError where it is none that is fetched.

    The host is resolved once, here; of a name with several addresses each must be public.
    """
    try:
        url = httpx.URL(address.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise FetchError("the address cannot be read") from error
    if url.scheme not in ("http", "https"):
        raise FetchError("only addresses that begin with http:// or https:// are fetched")
    if url.userinfo:
        raise FetchError("the address holds a user's name or a password")
    host = url.raw_host.decode("ascii", errors="replace")
    if not host:
        raise FetchError("the address names no host")
    if "%" in host:
        raise FetchError("the address cannot be read")
    if len(str(url)) > _LONGEST:
        raise FetchError(f"the address is longer than {_LONGEST} characters")
    port = url.port or (443 if url.scheme == "https" else 80)
    if port not in PORTS and not allow_private:
        raise FetchError(f"port {port} of `{host}` is none that websites use")
    try:
        found = tuple(dict.fromkeys(resolve(host, port)))
    except (OSError, UnicodeError) as error:
        passing = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        raise FetchError(f"the host `{host}` is not known", passing) from error
    if not found:
        raise FetchError(f"the host `{host}` is not known")
    if not allow_private:
        for one in found:
            if not is_public(one):
                raise FetchError(f"`{host}` is at {one}, which is no public address")
    return Target(str(url), host, port, found)


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's on the internet, and not of this machine or its networks."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id:
            return False
        inner = ip.ipv4_mapped
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    if any(ip.version == network.version and ip in network for network in _REFUSED):
        return False
    return ip.is_global and not (
        ip.is_multicast or ip.is_reserved or ip.is_private or ip.is_loopback or ip.is_unspecified
    )


def resolve_host(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
