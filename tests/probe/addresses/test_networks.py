"""The table of networks: whole, without doubles, and compared with what Python knows."""

import ipaddress
from typing import Final

import pytest

from core.probe.addresses.judgement import Verdict, judge
from core.probe.addresses.networks import NETWORKS, OWNABLE, IPAddress, Kind, network, network_of
from tests.probe.addresses.listed_addresses import PUBLIC, REFUSED

STRICTER: Final = {
    # Refused here, public to some version of Python, and why.
    "168.63.129.16/32": "public space by its number, and Azure's own on every machine there",
    "192.0.0.0/24": "protocols' own; Python lets parts of it through, as its version goes",
    "192.88.99.0/24": "relays that RFC 7526 ended: who answers there is unknown",
    "2001::/23": "anycast to the nearest router, and names of hosts that are no places",
    "2002::/16": "a tunnel to whatever stands behind an IPv4 address",
    "3fff::/20": "for examples since RFC 9637, which older versions do not know",
    "5f00::/16": "routing segments since RFC 9602, which older versions do not know",
    "64:ff9b::/96": "judged by the IPv4 address in it",
    "64:ff9b:1::/48": "which IPv4 address it reaches is the local translator's affair",
    "fec0::/10": "deprecated, and still the inside of a site where it is used",
    "2606:4700::/64": "ISATAP's identifiers in any network: Python does not look into them",
    "::/8": "IPv4 in forms that are no longer routed, and what is given to nobody",
}
LAXER: Final = {
    # Public here, refused by some version of Python, and why.
    "2001:3::/32": "globally reachable by IANA's registry (RFC 7450)",
    "2001:4:112::/48": "globally reachable by IANA's registry (RFC 7535)",
    "64:ff9b::/96": "every API has such an address where a network has no IPv4 of its own",
    "::ffff:0:0/96": "the IPv4 address itself, as an IPv6 socket writes it",
}


def looked_at() -> list[IPAddress]:
    """First, last and middle of every network, their neighbours, and the tests' own addresses."""
    found: list[IPAddress] = []
    for row in NETWORKS:
        kind, low, high = type(row.cidr[0]), int(row.cidr[0]), int(row.cidr[-1])
        near = {low - 1, low, low + 1, (low + high) // 2, high - 1, high, high + 1}
        found += [kind(n) for n in sorted(near) if 0 <= n < 2**row.cidr.max_prefixlen]
    return [*found, *map(ipaddress.ip_address, [*PUBLIC, *(ip for ip, _ in REFUSED)])]


def listed(ip: IPAddress, reasons: dict[str, str]) -> bool:
    """Whether an address is in one of these networks."""
    return any(ip in ipaddress.ip_network(cidr) for cidr in reasons)


def test_where_the_table_and_python_differ_there_is_a_reason() -> None:
    """At every edge of every network; a version of Python that knows more may differ less."""
    assert len(looked_at()) > 400
    for ip in looked_at():
        ours = judge(ip).verdict is Verdict.PUBLIC
        theirs = ip.is_global and not ip.is_multicast and not ip.is_reserved
        if ours != theirs:
            assert listed(ip, LAXER if ours else STRICTER), f"{ip} {judge(ip).reason}"


def test_every_reason_is_about_an_address_that_is_looked_at() -> None:
    """A reason that explains nothing is out of date."""
    for cidr in STRICTER:
        assert any(listed(ipaddress.ip_address(ip), {cidr: ""}) for ip, _ in REFUSED), cidr
    for cidr in LAXER:
        assert any(listed(ipaddress.ip_address(ip), {cidr: ""}) for ip in PUBLIC), cidr


def test_each_network_is_listed_once_with_its_source() -> None:
    """And every address of both kinds is in one."""
    assert len({row.cidr for row in NETWORKS}) == len(NETWORKS)
    assert all(row.source for row in NETWORKS)
    assert {"0.0.0.0/0", "::/0"} <= {str(row.cidr) for row in NETWORKS}


@pytest.mark.parametrize(
    ("ip", "own", "kind"),
    [
        ("10.1.2.3", "10.1.0.0/16", Kind.OWN),
        ("10.1.2.3", "0.0.0.0/0", Kind.OWN),
        ("10.2.0.1", "10.1.0.0/16", Kind.PRIVATE),
        ("fd12::1", "fd12::/16", Kind.OWN),
        ("100.101.1.1", "100.64.0.0/10", Kind.OWN),
        ("100.100.100.200", "100.64.0.0/10", Kind.PLATFORM),
        ("fd00:ec2::254", "fd00:ec2::254/128", Kind.PLATFORM),
        ("169.254.169.254", "169.254.169.254/32", Kind.PLATFORM),
        ("169.254.1.1", "169.254.0.0/16", Kind.LINK_LOCAL),
        ("127.0.0.1", "0.0.0.0/0", Kind.LOOPBACK),
        ("8.8.8.8", "0.0.0.0/0", Kind.PUBLIC),
    ],
)
def test_an_owners_network_opens_private_addresses_and_no_others(
    ip: str, own: str, kind: Kind
) -> None:
    """It is one more row; what belongs to a cloud, a link or this computer stays what it is."""
    row = network(own, Kind.OWN, "the owner")
    assert network_of(ipaddress.ip_address(ip), [row]).kind is kind
    verdict = judge(ipaddress.ip_address(ip), [row]).verdict
    assert (verdict is Verdict.OWN) == (kind is Kind.OWN)
    assert (network_of(ipaddress.ip_address(ip)).kind in OWNABLE) or kind is not Kind.OWN


def test_an_owners_network_is_not_reached_through_a_tunnel() -> None:
    """Mapped it is the same address; in any other form it is another way, and refused."""
    row = network("10.0.0.0/8", Kind.OWN, "the owner")
    assert judge(ipaddress.ip_address("::ffff:10.0.0.1"), [row]).verdict is Verdict.OWN
    for form in ("64:ff9b::10.0.0.1", "2002:a00:1::", "2606:4700::5efe:10.0.0.1"):
        assert judge(ipaddress.ip_address(form), [row]).verdict is Verdict.REFUSED
