"""The egress filter: which addresses the probe may call, judged before the first byte leaves.

A base address may be typed by anybody who sees the page, and the key travels with the request.
So: HTTPS, no credentials or query in the address, and every address that the name resolves to
must be a public one, or one that the :class:`~core.probe.addresses.reach.Reach` allows. Plain HTTP
and the ports of other services are for one's own networks and this computer alone. The name is
resolved once and the connection goes to the judged address, so that a name cannot change its mind
in between (DNS rebinding).
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from core.errors import EgressError
from core.probe.addresses.hosts import address_of, canonical_host, is_inside_name, server_name
from core.probe.addresses.judgement import Judgement, Verdict, judge
from core.probe.addresses.networks import Kind, Network
from core.probe.addresses.reach import INTERNET, SETTING, Reach

HTTPS_PORT: Final = 443
HTTP_PORT: Final = 80
FIRST_UNPRIVILEGED_PORT: Final = 1024

_MENDS: Final = {
    Kind.UNSPECIFIED: "type 127.0.0.1 for a server on this computer.",
    Kind.LOOPBACK: "it is called where a person typed or confirmed it (a program: allow_loopback).",
}
_USUAL_MEND: Final = "the probe never calls such an address."


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
    own: tuple[Network, ...] = ()
    """Networks of one's own in which this host may be."""
    inside: bool = False
    """Its name is of an own network: no proxy knows it."""

    @property
    def for_own_alone(self) -> bool:
        """Whether only one's own network may be called so: unencrypted, or at a reserved port."""
        other_service = self.port != HTTPS_PORT and self.port < FIRST_UNPRIVILEGED_PORT
        return self.scheme == "http" or other_service

    @property
    def direct(self) -> bool:
        """Whether it is called without a proxy, to which it would be another place."""
        ip = address_of(self.host)
        own_ip = ip is not None and judge(ip, self.own).verdict is Verdict.OWN
        return self.this_computer or self.inside or own_ip or self.scheme == "http"

    @property
    def authority(self) -> str:
        """Host and port, as a proxy is asked for them."""
        return server_name(self.host, self.port)

    @property
    def host_header(self) -> str:
        """What the Host header says: the port is left out where it is the scheme's own."""
        usual = HTTPS_PORT if self.scheme == "https" else HTTP_PORT
        return self.authority.removesuffix(f":{usual}") if self.port == usual else self.authority

    @property
    def url(self) -> str:
        """The address as one text, for a client that wants it so."""
        return f"{self.scheme}://{self.host_header}{self.path}"


def judge_url(url: str, reach: Reach = INTERNET) -> Address:
    """Take a base address apart; raises EgressError with the reason and the mend.

    ``reach``: what may be called beyond the public internet, there by plain HTTP and at any port,
    too. Of a name that is decided when it is resolved, by :func:`judge_ips`.
    """
    if "\\" in url or any(c.isspace() or not c.isprintable() for c in url):
        raise EgressError("The address contains a backslash, a space or a control character.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise EgressError(f"The address cannot be read: {error}.") from None
    host = _host(parts)
    if port is None:
        port = HTTPS_PORT if parts.scheme == "https" else HTTP_PORT
    server = server_name(host, port)
    address = Address(
        parts.scheme,
        host,
        port,
        parts.path.rstrip("/"),
        this_computer=reach.means_this_computer(host, server),
        own=reach.own_networks(host, server),
        inside=reach.is_inside(host, server),
    )
    if address_of(host) is not None:
        judge_ips(address, (host,))
    elif address.for_own_alone and not (address.this_computer or address.own):
        hint = f"If {host} is a server of your own, allow it with {SETTING}={host}."
        raise EgressError(_only_for_own(address, hint))
    return address


def judge_ips(address: Address, ips: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``ips`` if every one may be called; raises EgressError naming the one that may not.

    All are judged, not the first that fits: a name with one forbidden address among public ones
    is refused as a whole.
    """
    if not ips:
        raise EgressError(f"{address.host} has no address.")
    for ip in ips:
        judged = judge(ipaddress.ip_address(ip), () if address.this_computer else address.own)
        if judged.verdict not in _wanted(address):
            raise EgressError(_refusal(address, ip, judged))
    return ips


def _wanted(address: Address) -> frozenset[Verdict]:
    if address.this_computer:
        return frozenset({Verdict.LOOPBACK})
    own = frozenset({Verdict.OWN})
    return own if address.for_own_alone else own | {Verdict.PUBLIC}


def judge_proxied(address: Address) -> None:
    """Judge a host that a proxy will look up: raises EgressError for what must stay inside.

    An address is judged like any other; of a name only what it says can be judged, and it must
    be one of the public internet.
    """
    if address_of(address.host) is not None and not address.this_computer:
        judge_ips(address, (address.host,))
    elif address.direct or is_inside_name(address.host):
        raise EgressError(
            f"{address.host} is a name of an inner network: the probe does not ask a proxy "
            f"for those. If it is yours, {SETTING}={address.host} has it called directly."
        )


async def resolve(address: Address) -> tuple[str, ...]:
    """Every address of the host, judged, in the system's order of preference.

    Raises OSError (socket.gaierror) where the name is unknown and EgressError where it is known
    and forbidden.
    """
    loop = asyncio.get_running_loop()
    return judge_ips(address, await loop.run_in_executor(None, look_up, address))


def look_up(address: Address) -> tuple[str, ...]:
    """Every address of the host, not judged, once each. Raises OSError where it is unknown."""
    # Nobody is asked what a name below localhost is: it is this computer (RFC 6761, 6.3).
    name = "localhost" if address.host.endswith(".localhost") else address.host
    address_infos = socket.getaddrinfo(name, address.port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in address_infos))


def _refusal(address: Address, ip: str, judged: Judgement) -> str:
    """One sentence: who, what it is and whose word that is, and what may be called."""
    if address.this_computer:
        return (
            f"{address.host} means this computer and resolves to {ip} here, which is not it: "
            "type 127.0.0.1."
        )
    if judged.verdict is Verdict.PUBLIC:
        return _only_for_own(address, f"{ip} is no network of your own.")
    mend = _MENDS.get(judged.network.kind, _USUAL_MEND)
    if ip == address.host:
        if judged.ownable:
            mend = f"if it is yours, allow it with {SETTING}={judged.network.cidr}."
        return f"{ip} {judged.reason}: {mend}"
    name = f"{SETTING}={address.host}"
    return (
        f"{address.host} resolves to {ip}, which is not a public internet address: "
        f"it {judged.reason}."
        + (f" If it is yours, allow it with {name}." if judged.ownable else "")
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


def _only_for_own(address: Address, hint: str) -> str:
    """Why a host that is not in a network of one's own is not called in this way."""
    if address.scheme != "https":
        return (
            "The address is not encrypted: use https://. Plain http:// is for a server on this "
            f"computer that you typed, and for networks of your own. {hint}"
        )
    return (
        f"Port {address.port} is reserved for another service: use 443, or one from 1024 on. {hint}"
    )
