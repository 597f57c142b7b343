"""By which way requests leave, and how far: a proxy, whose certificates count, own networks.

Nothing of it is taken from the environment: who wants that says so in the settings.
"""

import asyncio
import base64
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from core.errors import SettingsError
from core.probe.addresses.reach import INTERNET, Reach
from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome

MOST_HEAD_BYTES: Final = 16 * 1024
_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?\r\n")
_NAME: Final = re.compile(r"[A-Za-z0-9.:_-]+")


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy that opens tunnels (CONNECT, RFC 9110, 9.3.6)."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)
    """Value of Proxy-Authorization; empty for none."""


@dataclass(frozen=True, slots=True)
class Route:
    """How a connection is made."""

    tls: ssl.SSLContext | None = None
    """Replaces the system's certificates, for a private authority."""
    proxy: Proxy | None = None
    reach: Reach = INTERNET
    """What beyond the public internet may be called."""

    @property
    def label(self) -> str:
        """For the record of a measurement."""
        return "direct" if self.proxy is None else "through a proxy"


DIRECT: Final = Route()


def proxy_of(url: str) -> Proxy:
    """The proxy at ``http://[user:password@]host:port``. Raises SettingsError, without the URL."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
        parts = urlsplit("")
    plain = parts.path in {"", "/"} and not parts.query and not parts.fragment
    if parts.scheme != "http" or not host or not plain or not _NAME.fullmatch(host):
        raise SettingsError(
            "BREAKEVEN_PROXY is no address of an HTTP proxy. Give http://host:port, with "
            "user:password@ before the host where it asks for them, or environment."
        )
    return Proxy(host, port or 80, _basic(parts.username, parts.password))


def _basic(user: str | None, password: str | None) -> str:
    """RFC 7617."""
    if user is None:
        return ""
    pair = f"{unquote(user)}:{unquote(password or '')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


async def open_tunnel(
    proxy: Proxy, authority: str, make: Callable[[], asyncio.Protocol]
) -> tuple[asyncio.Transport, asyncio.Protocol]:
    """A connection to ``authority`` (host:port) through the proxy, handed to a new protocol.

    Raises Fault where the proxy refuses, OSError where it cannot be reached.
    """
    loop = asyncio.get_running_loop()
    transport, greeter = await loop.create_connection(_Greeter, proxy.host, proxy.port)
    try:
        transport.write(_connect_request(proxy, authority))
        await greeter.answered
    except BaseException:
        transport.abort()
        raise
    protocol = make()
    transport.set_protocol(protocol)
    protocol.connection_made(transport)
    return transport, protocol


def _connect_request(proxy: Proxy, authority: str) -> bytes:
    key = f"Proxy-Authorization: {proxy.authorization}\r\n" if proxy.authorization else ""
    return f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{key}\r\n".encode("ascii")


class _Greeter(asyncio.Protocol):
    """Waits for the head of the proxy's answer."""

    def __init__(self) -> None:
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._head = b""

    def data_received(self, data: bytes) -> None:
        """Bytes of the head; the tunnel begins behind it, and nobody speaks before we do."""
        self._head += data
        _, end, surplus = self._head.partition(b"\r\n\r\n")
        if self.answered.done():
            return
        if not end and len(self._head) <= MOST_HEAD_BYTES:
            return
        status = _STATUS_LINE.match(self._head)
        if not end or status is None or surplus:
            self._fail("it does not answer as an HTTP proxy")
        elif status[1][:1] != b"2":
            self._fail(_refusal(int(status[1])))
        else:
            self.answered.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's signature
        """It closed instead of answering."""
        if not self.answered.done():
            self._fail("it closed the connection")

    def _fail(self, words: str) -> None:
        self.answered.set_exception(Fault(Outcome.PROXY, f"the proxy opened no tunnel: {words}"))


def _refusal(status: int) -> str:
    words = {
        403: "it does not allow this host",
        407: "it asks for a user and password (BREAKEVEN_PROXY)",
        502: "it cannot reach this host",
        504: "this host did not answer it",
    }
    return f"status {status}" + (f", {words[status]}" if status in words else "")
