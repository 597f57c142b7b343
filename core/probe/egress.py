"""Which addresses the probe may call: judged before the first byte leaves.

A base address may be typed by anybody who sees the page, and the key travels with the request.
So: HTTPS, no credentials or query in the address, and every address that the name resolves to
must be a public one. The name is resolved once and the connection goes to the judged address,
so that a name cannot change its mind in between (DNS rebinding).
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from core.errors import EgressError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

HTTPS_PORT: Final = 443
HTTP_PORT: Final = 80
FIRST_UNPRIVILEGED_PORT: Final = 1024

INSIDE_NAMES: Final = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa")
"""Ends of names that are never public (RFC 6761, RFC 6762, RFC 8375, ICANN on .internal)."""

_NAT64: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_IPV4_COMPATIBLE: Final = ipaddress.ip_network("::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """A base address taken apart, its form already judged."""

    scheme: str
    host: str
    port: int
    path: str
    """Base path without a slash at its end."""
    allow_loopback: bool

    @property
    def authority(self) -> str:
        """Host and port, as a proxy is asked for them."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{name}:{self.port}"

    @property
    def host_header(self) -> str:
        """What the Host header says: the port is left out where it is the scheme's own."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = HTTPS_PORT if self.scheme == "https" else HTTP_PORT
        return name if self.port == usual else f"{name}:{self.port}"


def judge_url(url: str, *, allow_loopback: bool = False) -> Address:
    """Take a base address apart; raises EgressError with the reason and the mend.

    ``allow_loopback`` lets plain HTTP and any port through here; :func:`judge_ips` then insists
    on a loopback address.
    """
    if any(c.isspace() or not c.isprintable() for c in url):
        raise EgressError("The address contains a space or a control character.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise EgressError(f"The address cannot be read: {error}.") from None
    _judge_form(parts, allow_loopback=allow_loopback)
    if port is None:
        port = HTTPS_PORT if parts.scheme == "https" else HTTP_PORT
    if not allow_loopback and port != HTTPS_PORT and port < FIRST_UNPRIVILEGED_PORT:
        raise EgressError(
            f"Port {port} is reserved for another service: use 443, or one from 1024 on."
        )
    return Address(parts.scheme, _ascii_host(parts), port, parts.path.rstrip("/"), allow_loopback)


def judge_ips(address: Address, ips: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``ips`` if every one may be called; raises EgressError naming the one that may not.

    All are judged, not the first that fits: a name with one private address among public ones
    is refused as a whole.
    """
    judged = [ipaddress.ip_address(ip) for ip in ips]
    if not judged:
        raise EgressError(f"{address.host} has no address.")
    if address.allow_loopback and all(ip.is_loopback for ip in judged):
        return ips
    if address.scheme != "https":
        raise EgressError(
            f"http:// is allowed for this computer alone, and {address.host} is not it: "
            "use https://."
        )
    for ip in judged:
        if not all(_is_public(inner) for inner in _unwrapped(ip)):
            raise EgressError(
                f"{address.host} resolves to {ip}, which is not a public internet address: "
                "the probe does not call private networks."
            )
    return ips


def judge_proxied(address: Address) -> None:
    """Judge a host that a proxy will look up: raises EgressError for what must stay inside.

    An address is judged like any other; of a name only what it says can be judged, and it must
    be one of the public internet.
    """
    try:
        ip = ipaddress.ip_address(address.host)
    except ValueError:
        inside = address.host.endswith(INSIDE_NAMES) or "." not in address.host
        if inside or ends_in_number(address.host):
            raise EgressError(
                f"{address.host} is a name of an inner network: the probe does not ask a proxy "
                "for those."
            ) from None
        return
    judge_ips(address, (str(ip),))


def ends_in_number(host: str) -> bool:
    """Whether a name is an address in an old spelling, such as 0x7f.1 (WHATWG URL, 3.5)."""
    last = host.rstrip(".").rpartition(".")[2]
    return last.isdecimal() or last[:2].casefold() == "0x"


async def resolve(address: Address) -> tuple[str, ...]:
    """Every address of the host, judged, in the system's order of preference.

    Raises OSError (socket.gaierror) where the name is unknown and EgressError where it is known
    and forbidden.
    """
    found = await asyncio.get_running_loop().getaddrinfo(
        address.host, address.port, type=socket.SOCK_STREAM
    )
    ips = tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    return judge_ips(address, ips)


def _judge_form(parts: SplitResult, *, allow_loopback: bool) -> None:
    """The rules that need no name resolution."""
    if parts.scheme not in {"https", "http"}:
        raise EgressError(f"The address must begin with https://, not {parts.scheme or 'nothing'}.")
    if parts.scheme == "http" and not allow_loopback:
        raise EgressError(
            "The address is not encrypted: use https://. Plain http:// is allowed only for a "
            "server on this computer that you typed in yourself."
        )
    if parts.username is not None or parts.password is not None:
        raise EgressError(
            "The address carries a user name or password: give the key in its own field."
        )
    if parts.query or parts.fragment:
        raise EgressError("The address has a query (?) or a fragment (#): give the base address.")
    if not parts.hostname:
        raise EgressError("The address names no host.")


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if "%" in host:
        raise EgressError("The address names a network interface (%): use a public host name.")
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise EgressError(f"{host!r} is not a host name.") from None


def _unwrapped(ip: IPAddress) -> tuple[IPAddress, ...]:
    """The addresses that traffic to ``ip`` may really reach: IPv4 hidden in IPv6, taken out."""
    if isinstance(ip, ipaddress.IPv4Address):
        return (ip,)
    if ip.ipv4_mapped:
        return (ip.ipv4_mapped,)
    if ip.sixtofour:
        return (ip.sixtofour,)
    if ip.teredo:
        return ip.teredo
    if any(ip in net for net in (*_NAT64, _IPV4_COMPATIBLE)):
        return (ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF),)
    return (ip,)


def _is_public(ip: IPAddress) -> bool:
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
