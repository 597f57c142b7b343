"""Which addresses may be called, and what the refusal says."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EgressError
from core.probe.egress import judge_ips, judge_url, resolve

API = judge_url("https://api.example.com/v1")
HERE = judge_url("http://localhost:8080/v1", allow_loopback=True)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://api.example.com/v1", "not encrypted"),
        ("ftp://api.example.com", "must begin with https"),
        ("api.example.com/v1", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("https://user:secret@api.example.com", "user name or password"),
        ("https://key@api.example.com", "user name or password"),
        ("https://api.example.com/v1?key=secret", "query"),
        ("https://api.example.com/v1#x", "fragment"),
        ("https:///v1", "names no host"),
        ("https://api.example.com:22/v1", "Port 22"),
        ("https://api.example.com:80/v1", "Port 80"),
        ("https://api.example.com:99999/v1", "cannot be read"),
        ("https://api.example.com/\r\nX: y", "control character"),
        ("https://api.example.com /v1", "space"),
        ("https://[::1/v1", "cannot be read"),
        ("https://a..b/v1", "not a host name"),
        ("https://[fe80::1%eth0]/v1", "network interface"),
        (f"https://{'x' * 64}.example.com", "not a host name"),
    ],
)
def test_a_forbidden_form_is_refused_in_a_sentence(url: str, words: str) -> None:
    """No name is resolved for these, and no secret of the address comes back."""
    with pytest.raises(EgressError, match=words) as refused:
        judge_url(url)
    assert "secret" not in str(refused.value)


def test_an_address_is_taken_apart() -> None:
    """Host, port, path and what the Host header says."""
    assert (API.host, API.port, API.path) == ("api.example.com", 443, "/v1")
    assert API.host_header == "api.example.com"
    assert judge_url("https://h.example:8443/").host_header == "h.example:8443"
    assert judge_url("https://[2606:4700::1]/v1").host_header == "[2606:4700::1]"
    assert judge_url("https://bücher.example").host == "xn--bcher-kva.example"
    assert HERE.host_header == "localhost:8080"


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",  # where clouds hand out credentials
        "0.0.0.0",  # noqa: S104  an address to refuse
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "2002:a9fe:a9fe::",  # 6to4 of 169.254.169.254
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",  # Teredo of 10.0.0.1
    ],
)
def test_no_private_address_is_called_in_any_disguise(ip: str) -> None:
    """Alone or beside a public one."""
    for ips in ((ip,), ("1.1.1.1", ip), (ip, "2606:4700::1111")):
        with pytest.raises(EgressError):
            judge_ips(API, ips)


@given(st.ip_addresses(network="10.0.0.0/8"))
def test_every_wrapping_of_a_private_address_is_seen_through(inner: object) -> None:
    """Mapped, compatible, 6to4 and NAT64 forms of any private IPv4 address."""
    high, low = divmod(int(inner), 2**16)  # type: ignore[call-overload]  # an IPv4Address
    for wrapped in (
        f"::ffff:{inner}",
        f"::{inner}",
        f"2002:{high:x}:{low:x}::1",
        f"64:ff9b::{high:x}:{low:x}",
    ):
        with pytest.raises(EgressError):
            judge_ips(API, (wrapped,))


@pytest.mark.parametrize("ip", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_pass(ip: str) -> None:
    """Also a public one in its mapped form."""
    assert judge_ips(API, (ip,)) == (ip,)


def test_plain_http_reaches_this_computer_alone() -> None:
    """A loopback address that the user typed, and nothing else by http."""
    assert judge_ips(HERE, ("127.0.0.1", "::1")) == ("127.0.0.1", "::1")
    for ips in (("1.1.1.1",), ("127.0.0.1", "1.1.1.1"), ("10.0.0.1",), ("0.0.0.0",)):  # noqa: S104
        with pytest.raises(EgressError):
            judge_ips(HERE, ips)
    with pytest.raises(EgressError, match="has no address"):
        judge_ips(API, ())


def test_a_name_is_resolved_and_all_its_addresses_are_judged() -> None:
    """Localhost by its name: allowed where it was asked for, refused elsewhere."""
    assert "127.0.0.1" in asyncio.run(resolve(HERE))
    with pytest.raises(EgressError, match="not a public internet address"):
        asyncio.run(resolve(judge_url("https://localhost:8443/v1")))
