"""Whether an IP address may be called, whatever form it is written in."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.probe.addresses.networks import OWNABLE, REACHED, IPAddress, Kind, Network, network_of

_LOW_32_BITS: Final = 0xFFFF_FFFF
_IN_THE_LOW_BITS: Final = tuple(
    ipaddress.IPv6Network(cidr) for cidr in ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")
)
"""IPv4-compatible (RFC 4291), IPv4-translated (RFC 2765), NAT64's well-known prefix (RFC 6052)."""
_ISATAP: Final = 0x0000_5EFE
_ISATAP_MASK: Final = 0xFDFF_FFFF
"""Interface identifiers ::0:5efe:a.b.c.d and ::200:5efe:a.b.c.d in any network (RFC 5214)."""


class Verdict(StrEnum):
    """What may be done with an address."""

    PUBLIC = "public"
    LOOPBACK = "loopback"
    OWN = "own"
    """In a network that the owner of this installation allows."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason."""

    verdict: Verdict
    network: Network
    reason: str
    """What follows the address in a sentence: "is in 10.0.0.0/8, a private network (RFC 1918)"."""
    carried: bool = False
    """Whether the network is that of an IPv4 address which the address only holds."""

    @property
    def ownable(self) -> bool:
        """Whether its owner could allow it: it is itself in a private network, or behind a VPN."""
        return self.network.kind in OWNABLE and not self.carried


def judge(ip: IPAddress, own: Sequence[Network] = ()) -> Judgement:
    """Judge an address and every IPv4 address that is hidden in it.

    ``own``: networks of kind OWN that are called, too. An address is as good as the worst that
    traffic to it may reach.
    """
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:  # the same place, as an IPv6 socket writes it
            return judge(ip.ipv4_mapped, own)
        for inner in hidden(ip):
            inner_judgement = judge(inner)
            if inner_judgement.verdict is not Verdict.PUBLIC:
                reason = f"holds {inner}, which {inner_judgement.reason}"
                return Judgement(Verdict.REFUSED, inner_judgement.network, reason, carried=True)
    row = network_of(ip, own)
    return Judgement(_verdict(row.kind), row, f"is {row.words}")


def hidden(ip: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """The IPv4 addresses that traffic to ``ip`` may really reach; an address may hold several."""
    value = int(ip)
    low = ipaddress.IPv4Address(value & _LOW_32_BITS)
    is_low = value > 1 and any(ip in form for form in _IN_THE_LOW_BITS)  # not :: and ::1
    if is_low or (value >> 32) & _ISATAP_MASK == _ISATAP:
        return (low, *_tunnelled(ip))
    return _tunnelled(ip)


def _tunnelled(ip: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """The end of a 6to4 tunnel (RFC 3056); server and client of a Teredo tunnel (RFC 4380)."""
    return (*((ip.sixtofour,) if ip.sixtofour else ()), *(ip.teredo or ()))


def _verdict(kind: Kind) -> Verdict:
    if kind in REACHED:
        return Verdict.PUBLIC
    return {Kind.LOOPBACK: Verdict.LOOPBACK, Kind.OWN: Verdict.OWN}.get(kind, Verdict.REFUSED)
