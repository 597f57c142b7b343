"""What is judged of one address, in every form that it can take."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.addresses.judgement import Verdict, judge
from tests.probe.addresses.listed_addresses import PUBLIC, REFUSED

NOT_PUBLIC_IPV4 = [ip for ip, _ in REFUSED if "." in ip and ":" not in ip]


def forms(inner: ipaddress.IPv4Address) -> dict[str, ipaddress.IPv6Address]:
    """Every form in which IPv6 is known to carry an IPv4 address."""
    number, public = int(inner), int(ipaddress.IPv4Address("8.8.8.8"))
    prefix = int(ipaddress.IPv6Address("2606:4700::"))
    teredo = 0x2001_0000 << 96
    found = {
        "mapped": 0xFFFF << 32 | number,
        "compatible": number,
        "translated": 0xFFFF << 48 | number,
        "NAT64": int(ipaddress.IPv6Address("64:ff9b::")) | number,
        "local NAT64": int(ipaddress.IPv6Address("64:ff9b:1::")) | number,
        "6to4": 0x2002 << 112 | number << 80 | 1,
        "Teredo's server": teredo | number << 64 | public ^ 0xFFFF_FFFF,
        "Teredo's client": teredo | public << 64 | number ^ 0xFFFF_FFFF,
        "ISATAP": prefix | 0x5EFE << 32 | number,
        "ISATAP of a public address": prefix | 0x0200_5EFE << 32 | number,
        "ISATAP in 6to4": 0x2002 << 112 | public << 80 | 0x5EFE << 32 | number,
    }
    return {name: ipaddress.IPv6Address(value) for name, value in found.items()}


def test_the_table_is_long_enough() -> None:
    """Hostile and legitimate ones, each once."""
    assert len({ip for ip, _ in REFUSED}) == len(REFUSED) >= 110
    assert len(set(PUBLIC)) == len(PUBLIC) >= 50


@pytest.mark.parametrize(("ip", "words"), REFUSED)
def test_a_refused_address_is_named_for_what_it_is(ip: str, words: str) -> None:
    """Network, purpose and source."""
    judged = judge(ipaddress.ip_address(ip))
    assert judged.verdict in {Verdict.REFUSED, Verdict.LOOPBACK}
    assert words in judged.reason
    assert judged.network.source in judged.reason


@pytest.mark.parametrize("ip", PUBLIC)
def test_a_public_address_is_public(ip: str) -> None:
    """Also the nearest neighbours of what is not."""
    assert judge(ipaddress.ip_address(ip)).verdict is Verdict.PUBLIC


@given(st.sampled_from(NOT_PUBLIC_IPV4).map(ipaddress.IPv4Address) | st.ip_addresses(v=4))
def test_what_is_refused_as_ipv4_is_refused_in_every_form_of_ipv6(
    inner: ipaddress.IPv4Address,
) -> None:
    """And what is public as IPv4 is public where a form is the same address or its translation."""
    plain = judge(inner).verdict
    for name, ip in forms(inner).items():
        verdict = judge(ip).verdict
        if plain is Verdict.PUBLIC:
            assert verdict is plain or name not in {"mapped", "NAT64", "ISATAP"}, name
        elif name == "mapped":
            assert verdict is plain
        elif int(ip) > 1:  # the compatible form of 0.0.0.1 is ::1
            assert verdict is Verdict.REFUSED, name


@given(st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address))
def test_outside_global_unicast_nothing_is_public(ip: ipaddress.IPv6Address) -> None:
    """But a public IPv4 address as it is or translated."""
    exceptions = ("2000::/3", "64:ff9b::/96", "::ffff:0:0/96")
    if not any(ip in ipaddress.ip_network(cidr) for cidr in exceptions):
        assert judge(ip).verdict is not Verdict.PUBLIC
