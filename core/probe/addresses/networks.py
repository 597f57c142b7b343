"""Which network an IP address is in, by a table of our own: what each is, and who says so.

Sources: IANA's IPv4 and IPv6 Special-Purpose Address Registries (as of 2025-10-09), its address
space and multicast registries, and for the clouds' own addresses their documentation. Python's
``is_global`` is not asked: what it says changes with the patch version of the interpreter.

The most particular row counts. IPv6 is public inside 2000::/3 alone, less what is taken out of it.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class Kind(StrEnum):
    """What a network is for, as a sentence calls it."""

    PUBLIC = "the public internet"
    NAT64 = "IPv4 by way of a translator"
    LOOPBACK = "this computer itself"
    UNSPECIFIED = "the unspecified address"
    OWN = "a network that this installation allows"
    PRIVATE = "a private network"
    SHARED = "a network behind a carrier's or a VPN's address translation"
    LINK_LOCAL = "addresses of the local link"
    SITE_LOCAL = "a site's own network"
    PLATFORM = "an address by which a cloud talks to its machines"
    DOCUMENTATION = "addresses for examples"
    BENCHMARKING = "addresses for tests of network devices"
    PROTOCOL = "addresses that protocols use among themselves"
    ANYCAST = "a service of the nearest router"
    IDENTIFIERS = "names of hosts that are no places"
    TUNNEL = "a tunnel to IPv4"
    EMBEDDED = "an IPv4 address in a form that is no longer routed"
    TRANSLATION = "a local translator to IPv4"
    DISCARD = "addresses whose traffic is thrown away"
    ROUTING = "segments of a routing domain"
    MULTICAST = "multicast groups"
    BROADCAST = "every host of a network"
    RESERVED = "addresses that are given to nobody"


REACHED: Final = frozenset({Kind.PUBLIC, Kind.NAT64})
"""Kinds that are called without further question."""
OWNABLE: Final = frozenset({Kind.PRIVATE, Kind.SHARED})
"""Kinds that people number their own machines from: a row of kind OWN may replace these alone."""


@dataclass(frozen=True, slots=True)
class Network:
    """One row of the table."""

    cidr: IPNetwork
    kind: Kind
    source: str
    what: str = ""
    """More exact words than those of the kind."""

    @property
    def words(self) -> str:
        """``in 10.0.0.0/8, a private network (RFC 1918)``; of a single address without "in"."""
        is_one = self.cidr.num_addresses == 1
        where = "" if is_one else f"in {self.cidr}, "
        return f"{where}{self.what or self.kind} ({self.source})"


def network(cidr: str, kind: Kind, source: str, what: str = "") -> Network:
    """A row. Raises ValueError for what is no network."""
    return Network(ipaddress.ip_network(cidr), kind, source, what)


NETWORKS: Final = (
    # IPv4: public, but for what follows.
    network("0.0.0.0/0", Kind.PUBLIC, "IANA IPv4 Address Space"),
    network("0.0.0.0/8", Kind.PROTOCOL, "RFC 791", "addresses of this network"),
    network("0.0.0.0/32", Kind.UNSPECIFIED, "RFC 1122"),
    network("10.0.0.0/8", Kind.PRIVATE, "RFC 1918"),
    network("100.64.0.0/10", Kind.SHARED, "RFC 6598"),
    network("127.0.0.0/8", Kind.LOOPBACK, "RFC 1122"),
    network("169.254.0.0/16", Kind.LINK_LOCAL, "RFC 3927"),
    network("172.16.0.0/12", Kind.PRIVATE, "RFC 1918"),
    network("192.0.0.0/24", Kind.PROTOCOL, "RFC 6890"),
    network("192.0.0.9/32", Kind.ANYCAST, "RFC 7723"),
    network("192.0.0.10/32", Kind.ANYCAST, "RFC 8155"),
    network("192.0.2.0/24", Kind.DOCUMENTATION, "RFC 5737"),
    network("192.88.99.0/24", Kind.TUNNEL, "RFC 7526", "former relays between IPv6 and IPv4"),
    network("192.168.0.0/16", Kind.PRIVATE, "RFC 1918"),
    network("198.18.0.0/15", Kind.BENCHMARKING, "RFC 2544"),
    network("198.51.100.0/24", Kind.DOCUMENTATION, "RFC 5737"),
    network("203.0.113.0/24", Kind.DOCUMENTATION, "RFC 5737"),
    network("224.0.0.0/4", Kind.MULTICAST, "RFC 5771"),
    network("240.0.0.0/4", Kind.RESERVED, "RFC 1112"),
    network("255.255.255.255/32", Kind.BROADCAST, "RFC 919"),
    # IPv6: given to nobody, but for what follows.
    network("::/0", Kind.RESERVED, "IANA IPv6 Address Space"),
    network("::/128", Kind.UNSPECIFIED, "RFC 4291"),
    network("::1/128", Kind.LOOPBACK, "RFC 4291"),
    network("::/96", Kind.EMBEDDED, "RFC 4291"),
    network("::ffff:0:0:0/96", Kind.EMBEDDED, "RFC 2765"),
    network("64:ff9b::/96", Kind.NAT64, "RFC 6052"),
    # Where in it the IPv4 address stands is the translator's own affair: it cannot be judged.
    network("64:ff9b:1::/48", Kind.TRANSLATION, "RFC 8215"),
    network("100::/64", Kind.DISCARD, "RFC 6666"),
    network("100:0:0:1::/64", Kind.DISCARD, "RFC 9780", "a prefix that stands for nothing"),
    network("2000::/3", Kind.PUBLIC, "RFC 4291"),
    network("2001::/23", Kind.PROTOCOL, "RFC 2928"),
    network("2001::/32", Kind.TUNNEL, "RFC 4380", "a Teredo tunnel to IPv4"),
    network("2001:1::1/128", Kind.ANYCAST, "RFC 7723"),
    network("2001:1::2/128", Kind.ANYCAST, "RFC 8155"),
    network("2001:1::3/128", Kind.ANYCAST, "RFC 9665"),
    network("2001:2::/48", Kind.BENCHMARKING, "RFC 5180"),
    network("2001:3::/32", Kind.PUBLIC, "RFC 7450", "relays of multicast"),
    network("2001:4:112::/48", Kind.PUBLIC, "RFC 7535", "name servers of project AS112"),
    network("2001:10::/28", Kind.IDENTIFIERS, "RFC 4843"),
    network("2001:20::/28", Kind.IDENTIFIERS, "RFC 7343"),
    network("2001:30::/28", Kind.IDENTIFIERS, "RFC 9374"),
    network("2001:db8::/32", Kind.DOCUMENTATION, "RFC 3849"),
    network("2002::/16", Kind.TUNNEL, "RFC 3056", "a 6to4 tunnel to IPv4"),
    network("3fff::/20", Kind.DOCUMENTATION, "RFC 9637"),
    network("5f00::/16", Kind.ROUTING, "RFC 9602"),
    network("fc00::/7", Kind.PRIVATE, "RFC 4193"),
    network("fe80::/10", Kind.LINK_LOCAL, "RFC 4291"),
    network("fec0::/10", Kind.SITE_LOCAL, "RFC 3879"),
    network("ff00::/8", Kind.MULTICAST, "RFC 4291"),
    # Where clouds hand out credentials and take orders from their machines.
    network("100.100.100.200/32", Kind.PLATFORM, "Alibaba Cloud, ECS instance metadata"),
    network("168.63.129.16/32", Kind.PLATFORM, "Microsoft Learn, What is 168.63.129.16"),
    network("169.254.42.42/32", Kind.PLATFORM, "Scaleway, metadata API"),
    network("169.254.169.254/32", Kind.PLATFORM, "AWS, Azure, Google and others, metadata service"),
    network("169.254.170.2/32", Kind.PLATFORM, "AWS, ECS task credentials"),
    network("169.254.170.23/32", Kind.PLATFORM, "AWS, EKS Pod Identity"),
    network("192.0.0.192/32", Kind.PLATFORM, "Oracle, predefined instance metadata"),
    network("fd00:42::42/128", Kind.PLATFORM, "Scaleway, metadata API"),
    network("fd00:a9fe:a9fe::1/128", Kind.PLATFORM, "Akamai, metadata service API"),
    network("fd00:c1::a9fe:a9fe/128", Kind.PLATFORM, "Oracle Cloud, instance metadata"),
    network("fd00:ec2::/32", Kind.PLATFORM, "AWS, services of an EC2 instance"),
    network("fd20:ce::254/128", Kind.PLATFORM, "Google Cloud, metadata server"),
    network("fe80::a9fe:a9fe/128", Kind.PLATFORM, "Akamai, metadata service API"),
)


def network_of(ip: IPAddress, own: Sequence[Network] = ()) -> Network:
    """The row of an address.

    ``own``: rows of kind OWN. One counts where the address is in a network that people number
    their own machines from, and nowhere else: no such row opens a cloud's own addresses.
    """
    row = max((row for row in NETWORKS if ip in row.cidr), key=lambda row: row.cidr.prefixlen)
    if row.kind not in OWNABLE:
        return row
    return next((ours for ours in own if ip in ours.cidr), row)
