"""What an owner may write down as allowed, and what never."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.addresses.allowed_entries import read_entry
from core.probe.addresses.networks import NETWORKS, OWNABLE, IPNetwork
from tests.probe.addresses.listed_addresses import PUBLIC, REFUSED

OWN = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        (" 192.168.1.0/24 ", "192.168.1.0/24"),
        ("100.64.0.0/10", "100.64.0.0/10"),
        ("fd12:3456::/32", "fd12:3456::/32"),
        ("10.1.2.3", "10.1.2.3/32"),
        ("10.1", "10.0.0.1/32"),
        ("[fd12::1]", "fd12::1/128"),
        ("TEI", "tei"),
        ("tei.", "tei"),
        ("my_tei", "my_tei"),
        ("host.docker.internal", "host.docker.internal"),
        ("gpu.corp.example", "gpu.corp.example"),
        ("*.svc.cluster.local", "*.svc.cluster.local"),
        ("*.Corp.Example", "*.corp.example"),
        ("*.internal", "*.internal"),
        ("*.local", "*.local"),
        ("*.ts.net", "*.ts.net"),
    ],
)
def test_networks_hosts_and_suffixes_are_read(typed: str, entry: str) -> None:
    """In one spelling, which reads as itself."""
    assert str(read_entry(typed)) == entry
    assert str(read_entry(entry)) == entry


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0.0.0.0/0", "0.0.0.0/0 is in 0.0.0.0/0, the public internet"),
        ("::/0", "::/0 is in ::/0"),
        ("0.0.0.0/1", "0.0.0.0/1 is"),
        ("10.0.0.0/7", "only networks within 10.0.0.0/8"),
        ("172.0.0.0/8", "only networks within"),
        ("fc00::/6", "fc00::/6 is"),
        ("8.8.8.0/24", "8.8.8.0/24 is in 0.0.0.0/0, the public internet"),
        ("8.8.8.8", "the public internet"),
        ("169.254.0.0/16", "addresses of the local link"),
        ("169.254.169.254", "an address by which a cloud talks to its machines"),
        ("2852039166", "an address by which a cloud talks to its machines"),
        ("100.100.100.200", "an address by which a cloud talks to its machines"),
        ("fd00:ec2::254", "an address by which a cloud talks to its machines"),
        ("fd00:ec2::/64", "an address by which a cloud talks to its machines"),
        ("224.0.0.0/4", "multicast groups"),
        ("fe80::/10", "addresses of the local link"),
        ("::ffff:10.0.0.0/104", "is in ::/0"),
        ("64:ff9b::a00:0/104", "IPv4 by way of a translator"),
        ("192.0.2.0/24", "addresses for examples"),
        ("127.0.0.0/8", "this computer itself"),
        ("localhost", "this computer, which needs no entry"),
        ("127.1", "this computer, which needs no entry"),
        ("[::1]", "this computer, which needs no entry"),
        ("*.localhost", "no names of one's own"),
        ("10.0.0.5/8", "has host bits set"),
        ("10.0.0.0/33", "is no network"),
        ("tei/8", "is no network"),
        ("*", "no name of a host"),
        ("*.", "no name of a host"),
        ("*.com", "names of everybody"),
        ("*.*.example", "no name of a host"),
        ("a.*.example", "no name of a host"),
        ("*.10.0.0.1", "no names of one's own"),
        ("tei:8080", "is no"),
        ("https://tei", "is no"),
        ("me@tei", "is no"),
        ("te i", "is no"),
        ("-", "no name of a host"),
        ("metadata.goog", "by which a cloud talks"),
        ("*.metadata.goog", "by which a cloud talks"),
    ],
)
def test_what_is_not_ones_own_is_refused_by_name(typed: str, words: str) -> None:
    """With the reason; an allowed network is whole within one that people number their own from."""
    with pytest.raises(ValueError, match=r".") as refused:
        read_entry(typed)
    assert words in str(refused.value)


def networks() -> st.SearchStrategy[IPNetwork]:
    """Any network of either kind."""
    v4 = st.builds(
        lambda ip, bits: ipaddress.ip_network((ip, bits), strict=False),
        st.ip_addresses(v=4),
        st.integers(0, 32),
    )
    v6 = st.builds(
        lambda ip, bits: ipaddress.ip_network((ip, bits), strict=False),
        st.sampled_from([row.cidr[0] for row in NETWORKS if row.cidr.version == 6])
        | st.ip_addresses(v=6),
        st.integers(0, 128),
    )
    near = st.builds(
        lambda cidr, bits: (
            ipaddress.ip_network(cidr).supernet(new_prefix=bits)
            if bits < ipaddress.ip_network(cidr).prefixlen
            else ipaddress.ip_network((ipaddress.ip_network(cidr)[0], bits))
        ),
        st.sampled_from(OWN),
        st.integers(0, 32),
    )
    return v4 | v6 | near


@given(networks())
def test_an_allowed_network_is_within_one_that_people_number_their_own_from(
    network: IPNetwork,
) -> None:
    """First and last address, and never one that a cloud keeps for itself as a whole."""
    try:
        read = read_entry(str(network))
    except ValueError:
        return
    assert read == network
    rows = [row for row in NETWORKS if network[0] in row.cidr and network[-1] in row.cidr]
    assert max(rows, key=lambda row: row.cidr.prefixlen).kind in OWNABLE


@pytest.mark.parametrize("ip", [*PUBLIC, *(ip for ip, _ in REFUSED)])
def test_of_single_addresses_only_private_ones_are_allowed(ip: str) -> None:
    """Of all that the judgement knows by name."""
    address = ipaddress.ip_address(ip)
    mapped = getattr(address, "ipv4_mapped", None) or address
    clouds = [row.cidr for row in NETWORKS if row.kind not in OWNABLE and row.cidr.prefixlen > 16]
    own = any(mapped in ipaddress.ip_network(cidr) for cidr in OWN)
    own = own and not any(mapped in cidr for cidr in clouds)
    try:
        assert read_entry(f"[{ip}]" if ":" in ip else ip) == ipaddress.ip_network(mapped)
    except ValueError:
        assert not own
    else:
        assert own
