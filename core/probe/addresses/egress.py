"""The egress filter: which addresses the probe may call, judged before the first byte leaves.

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
from core.probe.addresses.hosts import address_of, canonical_host, is_inside_name, is_this_computer
from core.probe.addresses.judgement import Judgement, Verdict, judge
from core.probe.addresses.networks import Kind

HTTPS_PORT: Final = 443
HTTP_PORT: Final = 80
FIRST_UNPRIVILEGED_PORT: Final = 1024

_MENDS: Final = {
    Kind.UNSPECIFIED: "type 127.0.0.1 for a server on this computer.",
    Kind.LOOPBACK: "a target must say that it means this computer (allow_loopback).",
}
_USUAL_MEND: Final = "the probe calls addresses of the public internet alone."


@dataclass(frozen=True, slots=True)
class Address:
    """A base address taken apart, its form already judged."""

    scheme: str
    host: str
    """In its one spelling: see :func:`core.probe.addresses.hosts.canonical_host`."""
    port: int
    path: str
    """Base path without a slash at its end."""
    this_computer: bool
    """Somebody typed an address of this computer, and means it."""

    @property
    def authority(self) -> str:
        """Host and port, as a proxy is asked for them."""
        return f"{self._bracketed}:{self.port}"

    @property
    def host_header(self) -> str:
        """What the Host header says: the port is left out where it is the scheme's own."""
        usual = HTTPS_PORT if self.scheme == "https" else HTTP_PORT
        return self._bracketed if self.port == usual else self.authority

    @property
    def url(self) -> str:
        """The address as one text, for a client that wants it so."""
        return f"{self.scheme}://{self.host_header}{self.path}"

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def judge_url(url: str, *, allow_loopback: bool = False) -> Address:
    """Take a base address apart; raises EgressError with the reason and the mend.

    ``allow_loopback`` lets plain HTTP and any port through to a host that is this computer by
    what was typed; :func:`judge_ips` then insists on a loopback address. For any other host it
    changes nothing.
    """
    if "\\" in url or any(c.isspace() or not c.isprintable() for c in url):
        raise EgressError("The address contains a backslash, a space or a control character.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise EgressError(f"The address cannot be read: {error}.") from None
    host = _host(parts)
    this_computer = allow_loopback and is_this_computer(host)
    if port is None:
        port = HTTPS_PORT if parts.scheme == "https" else HTTP_PORT
    address = Address(parts.scheme, host, port, parts.path.rstrip("/"), this_computer)
    if address_of(host) is not None:
        judge_ips(address, (host,))
    if not this_computer:
        _judge_far(address)
    return address


def judge_ips(address: Address, ips: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``ips`` if every one may be called; raises EgressError naming the one that may not.

    All are judged, not the first that fits: a name with one private address among public ones
    is refused as a whole.
    """
    if not ips:
        raise EgressError(f"{address.host} has no address.")
    wanted = Verdict.LOOPBACK if address.this_computer else Verdict.PUBLIC
    for ip in ips:
        judged = judge(ipaddress.ip_address(ip))
        if judged.verdict is not wanted:
            raise EgressError(_refusal(address, ip, judged))
    return ips


def judge_proxied(address: Address) -> None:
    """Judge a host that a proxy will look up: raises EgressError for what must stay inside.

    An address is judged like any other; of a name only what it says can be judged, and it must
    be one of the public internet.
    """
    if address_of(address.host) is not None and not address.this_computer:
        judge_ips(address, (address.host,))
    elif address.this_computer or is_inside_name(address.host):
        raise EgressError(
            f"{address.host} is a name of an inner network: the probe does not ask a proxy "
            "for those."
        )


async def resolve(address: Address) -> tuple[str, ...]:
    """Every address of the host, judged, in the system's order of preference.

    Raises OSError (socket.gaierror) where the name is unknown and EgressError where it is known
    and forbidden.
    """
    # Nobody is asked what a name below localhost is: it is this computer (RFC 6761, 6.3).
    name = "localhost" if address.host.endswith(".localhost") else address.host
    address_infos = await asyncio.get_running_loop().getaddrinfo(
        name, address.port, type=socket.SOCK_STREAM
    )
    ips = tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in address_infos))
    return judge_ips(address, ips)


def _refusal(address: Address, ip: str, judged: Judgement) -> str:
    """One sentence: who, what it is and whose word that is, and what may be called."""
    if address.this_computer:
        return (
            f"{address.host} means this computer and resolves to {ip} here, which is not it: "
            "type 127.0.0.1."
        )
    mend = _MENDS.get(judged.network.kind, _USUAL_MEND)
    if ip == address.host:
        return f"{ip} {judged.reason}: {mend}"
    return (
        f"{address.host} resolves to {ip}, which is not a public internet address: "
        f"it {judged.reason}."
    )


def _host(parts: SplitResult) -> str:
    """The host in its one spelling, of an address whose parts are those of a base address."""
    if parts.scheme not in {"https", "http"}:
        raise EgressError(f"The address must begin with https://, not {parts.scheme or 'nothing'}.")
    if parts.username is not None or parts.password is not None:
        raise EgressError(
            "The address carries a user name or password: give the key in its own field."
        )
    if parts.query or parts.fragment:
        raise EgressError("The address has a query (?) or a fragment (#): give the base address.")
    if not parts.hostname:
        raise EgressError("The address names no host.")
    if "%" in parts.hostname:
        raise EgressError("The address names a network interface (%): use a public host name.")
    return canonical_host(parts.hostname)


def _judge_far(address: Address) -> None:
    """What holds for every host but this computer."""
    if address.scheme != "https":
        raise EgressError(
            "The address is not encrypted: use https://. Plain http:// is allowed only for a "
            "server on this computer that you typed in yourself."
        )
    if address.port != HTTPS_PORT and address.port < FIRST_UNPRIVILEGED_PORT:
        raise EgressError(
            f"Port {address.port} is reserved for another service: use 443, or one from 1024 on."
        )
