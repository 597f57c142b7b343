"""Which addresses may be called, and what the refusal says."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.errors import EgressError
from core.probe.addresses.egress import judge_ips, judge_url, resolve
from core.probe.addresses.reach import Reach

API = judge_url("https://api.example.com/v1")
HERE = judge_url("http://localhost:8080/v1", Reach(this_computer=True))


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


HOSTILE = (
    "http://api.openai.com/v1",  # not encrypted
    "http://169.254.169.254/latest/meta-data/iam",
    "https://169.254.169.254/v1",
    "https://[fd00:ec2::254]/v1",  # the same of another cloud, by IPv6
    "https://100.100.100.200/v1",  # and of a third
    "https://metadata.google.internal/v1",
    "https://127.0.0.1/v1",
    "https://127.1/v1",
    "https://127.0.1.3:8443/v1",
    "https://0/v1",
    "https://0.0.0.0/v1",
    "https://2130706433/v1",  # 127.0.0.1 as one number
    "https://0x7f000001/v1",
    "https://0x7f.0.0.1/v1",
    "https://0177.0.0.1/v1",
    "https://017700000001/v1",
    "https://10.0.0.1/v1",
    "https://10.1/v1",
    "https://172.16.0.1/v1",
    "https://172.31.255.255/v1",
    "https://192.168.0.1/v1",
    "https://192.168.257/v1",
    "https://100.64.0.1/v1",
    "https://198.18.0.1/v1",
    "https://192.0.2.1/v1",
    "https://203.0.113.7/v1",
    "https://224.0.0.1/v1",
    "https://240.0.0.1/v1",
    "https://255.255.255.255/v1",
    "https://[::1]/v1",
    "https://[::]/v1",
    "https://[::ffff:127.0.0.1]/v1",
    "https://[::ffff:7f00:1]/v1",
    "https://[::ffff:a9fe:a9fe]/v1",
    "https://[::127.0.0.1]/v1",
    "https://[64:ff9b::7f00:1]/v1",
    "https://[64:ff9b:1::a00:1]/v1",
    "https://[2002:7f00:1::]/v1",
    "https://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/v1",
    "https://[fe80::1]/v1",
    "https://[fe80::1%25eth0]/v1",
    "https://[fc00::1]/v1",
    "https://[ff02::1]/v1",
    "https://[2001:db8::1]/v1",
    "https://localhost/v1",
    "https://localhost.:8443/v1",
    "https://LOCALHOST:8443/v1",
    "https://api.openai.com@127.0.0.1/v1",
    "https://api.openai.com:secret@169.254.169.254/v1",
    "https://api.openai.com:22/v1",
    "https://api.openai.com:6379/v1\r\nX: y",
    "https://api.openai.com:443\\@127.0.0.1/v1",
    "https://①②⑦.⓪.⓪.①/v1",  # digits that a name's normal form turns into 127.0.0.1
    "https://127。0。0。1/v1",
    "https://api.openai.com/v1?next=https://10.0.0.1",
    "https://api.openai.com/v1#@10.0.0.1",
    "gopher://127.0.0.1:6379/_x",
    "file:///etc/passwd",
    "ftp://api.openai.com/v1",
    "dict://127.0.0.1:11211/stats",
    "//api.openai.com/v1",
    "https://",
    "https:///v1",
)

LEGITIMATE = (
    ("https://api.openai.com/v1", "162.159.140.245"),
    ("https://api.cohere.com/v2", "34.96.76.122"),
    ("https://router.huggingface.co/hf-inference", "108.138.246.71"),
    ("https://generativelanguage.googleapis.com/v1beta", "142.250.185.74"),
    ("https://api.voyageai.com/v1", "2606:4700::6812:1f0c"),
    ("https://api.replicate.com/v1", "104.18.1.2"),
    ("https://embeddings.example.com:8443/v1", "8.8.8.8"),
    ("https://embeddings.example.com:1024", "8.8.4.4"),
    ("https://bücher.example/v1", "1.1.1.1"),
    ("https://1.1.1.1/v1", "1.1.1.1"),
    ("https://[2606:4700::1111]/v1", "2606:4700::1111"),
    ("https://API.OpenAI.com/v1/", "162.159.140.245"),
    ("https://a-name.with-dashes.example.co.uk/path/v1", "9.9.9.9"),
)


def reached(url: str) -> tuple[str, ...]:
    """The addresses that a typed URL leads to. Raises EgressError, or OSError for no such name."""
    return asyncio.run(resolve(judge_url(url)))


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused(url: str) -> None:
    """By its form, or by what the system makes of it: in a sentence, before a byte leaves."""
    try:
        with pytest.raises(EgressError) as refused:
            reached(url)
    except OSError:
        return  # a spelling that this system does not take for an address: nobody is called
    assert "secret" not in str(refused.value)


def test_the_table_is_long_enough_and_most_of_it_is_refused_by_us() -> None:
    """Not because a name is unknown here: the refusal is our own rule."""
    assert len(set(HOSTILE)) >= 40
    ours = 0
    for url in HOSTILE:
        try:
            reached(url)
        except EgressError:
            ours += 1
        except OSError:
            continue
    assert ours >= 50


@pytest.mark.parametrize(("url", "ip"), LEGITIMATE)
def test_a_legitimate_address_is_allowed(url: str, ip: str) -> None:
    """Where its name means a public address, which is given here: no name is asked for."""
    assert judge_ips(judge_url(url), (ip,)) == (ip,)


def test_every_address_of_the_catalogue_is_allowed() -> None:
    """And its form is judged like any other."""
    found = [p.endpoint for p in load_catalog().providers if p.endpoint is not None]
    assert len(found) >= 10
    for endpoint in found:
        judge_ips(judge_url(str(endpoint.base_url)), ("1.1.1.1",))
