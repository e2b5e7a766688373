"""Connections to receivers: to public addresses alone, whatever a name resolves to when it counts.

An address is checked when a subscription is made, so that its maker hears of it, and again at each
connection, on the very address that is then connected to: a name that resolves to something else
by then (DNS rebinding) leads nowhere. Redirects are not followed, proxies are not asked.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

import httpcore

from services.common.failures import Transient

SEND_SECONDS = 10.0
CONNECT_SECONDS = 5.0
RESPONSE_BYTES = 64 * 1024
LONGEST_URL = 2_048
_NAT64 = IPv6Network("64:ff9b::/96")

Resolve = Callable[[str, int], Awaitable[list[str]]]


class Refused(Exception):
    """The door does not connect there; the message says why."""


class Unreached(Exception):
    """No answer; `code` is a word for metrics and the dead-letter view."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered. `retry_after` in seconds, where it says so."""

    status: int
    retry_after: float | None = None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, whatever IPv6 wraps it in."""
    ip: IPv4Address | IPv6Address | None = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.is_site_local:
            return False
        if ip in _NAT64:
            ip = IPv4Address(int(ip) & 0xFFFFFFFF)
        else:
            ip = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip
    return ip is not None and ip.is_global and not ip.is_multicast and not ip.is_reserved


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard:
    """Says where the door may connect. `allow_loopback` is for development."""

    def __init__(self, *, allow_loopback: bool = False, resolver: Resolve = resolve) -> None:
        self._allow_loopback = allow_loopback
        self._resolve = resolver

    async def check(self, url: str) -> None:
        """Refused when a subscription may not have this URL."""
        parts = _split(url)
        loopback = parts.scheme == "http"
        if parts.scheme != "https" and not (loopback and self._allow_loopback):
            raise Refused("must begin with https://")
        addresses = await self.addresses(str(parts.hostname), parts.port or 443)
        if loopback and not all(ip_address(each).is_loopback for each in addresses):
            raise Refused("must begin with https://, but for this machine's own address")

    async def addresses(self, host: str, port: int) -> list[str]:
        """Addresses of a name, all of which may be connected to; Refused otherwise."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                found = await self._resolve(host, port)
        except (OSError, UnicodeError, TimeoutError):
            raise Refused("its host has no address") from None
        if not found or not all(self._may(address) for address in found):
            raise Refused("its host is not on the open internet")
        return found

    def _may(self, address: str) -> bool:
        if is_public(address):
            return True
        return self._allow_loopback and ip_address(address.partition("%")[0]).is_loopback


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the address that was checked, not to the name."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._guard.addresses(host, port)
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout, None, socket_options)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise Refused("no receiver is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Line:
    """Posts to receivers. One for the process; how many connections is the sender's to bound."""

    def __init__(self, guard: Guard, *, trust: ssl.SSLContext | None = None) -> None:
        self.guard = guard
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=None,
            max_keepalive_connections=50,
            keepalive_expiry=10.0,
            network_backend=_GuardedBackend(guard),
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer within SEND_SECONDS; Unreached with a code when there is none."""
        status, answered, _ = await self._ask("POST", url, headers, body)
        return Answer(status, _retry_after(answered))

    async def get(self, url: str) -> bytes:
        """What lies there, RESPONSE_BYTES of it at most; Transient when it cannot be had."""
        try:
            status, _, content = await self._ask("GET", url, {}, b"")
        except Unreached as error:
            raise Transient(error.code) from error
        if status != 200:
            raise Transient(f"status_{status}")
        return content

    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._exchange(method, url, headers, body)
        except Refused as error:
            raise Unreached("refused_address") from error
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise Unreached("timed_out") from error
        except (httpcore.NetworkError, OSError) as error:
            raise Unreached("not_connected") from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise Unreached("no_http") from error

    async def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        timeouts = {"connect": CONNECT_SECONDS, "read": SEND_SECONDS, "write": SEND_SECONDS}
        content = bytearray()
        async with self._pool.stream(
            method,
            url,
            headers=list(headers.items()),
            content=body,
            extensions={"timeout": timeouts},
        ) as response:
            async for chunk in response.aiter_stream():
                content += chunk
                if len(content) > RESPONSE_BYTES:
                    break
            return response.status, response.headers, bytes(content[:RESPONSE_BYTES])

    async def close(self) -> None:
        """Closes what is open."""
        await self._pool.aclose()


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Refused("is not a URL") from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise Refused(f"must be at most {LONGEST_URL} printable ASCII characters")
    if not host or not parts.netloc:
        raise Refused("is not a URL with a host")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("must hold no password and no fragment")
    return parts


def _retry_after(headers: list[tuple[bytes, bytes]]) -> float | None:
    for name, value in headers:
        if name.lower() == b"retry-after" and value.strip().isdigit():
            return float(value)
    return None
