"""What an owner's networks open, and that they never open anything else."""

import ipaddress
import re
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EgressError
from core.probe.addresses.egress import judge_ips, judge_proxied, judge_url
from core.probe.addresses.judgement import Verdict, judge
from core.probe.addresses.networks import OWNABLE, IPAddress, network_of
from core.probe.addresses.reach import INTERNET, Reach
from tests.probe.addresses.listed_addresses import PUBLIC, REFUSED
from tests.probe.addresses.test_judgement import forms
from tests.probe.support import target

ENTRIES: Final = (
    *("10.0.0.0/8", "10.1.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
    *("fc00::/7", "fd00::/8", "tei", "*.svc.cluster.local", "*.internal", "gpu.corp.example"),
)
HOSTS: Final = (
    *("tei", "db.svc.cluster.local", "host.docker.internal", "gpu.corp.example"),
    *("api.example.com", "metadata.google.internal", "svc.cluster.local", "xtei"),
)
EVERYWHERE: Final = Reach.of(ENTRIES, typed=[f"{host}:8080" for host in HOSTS])


def plain(ip: IPAddress) -> IPAddress:
    """The IPv4 address that a mapped one is."""
    return (getattr(ip, "ipv4_mapped", None) or ip) if ip.version == 6 else ip


def is_ownable(ip: IPAddress) -> bool:
    """Whether a person may number a machine so, by the table alone."""
    return network_of(plain(ip)).kind in OWNABLE


reaches = st.builds(
    Reach.of,
    st.lists(st.sampled_from(ENTRIES), max_size=5),
    st.lists(st.sampled_from([f"{host}:{port}" for host in HOSTS for port in (443, 8080)])),
)
any_ip = (
    st.sampled_from([*PUBLIC, *(ip for ip, _ in REFUSED)]).map(ipaddress.ip_address)
    | st.ip_addresses()
    | st.ip_addresses(network="10.0.0.0/8")
    | st.ip_addresses(network="169.254.0.0/16")
    | st.ip_addresses(network="fc00::/7")
    | st.integers(0, 2**32 - 1).flatmap(
        lambda number: st.sampled_from([*forms(ipaddress.IPv4Address(number)).values()])
    )
)


@given(reaches, st.sampled_from(HOSTS), st.sampled_from(("http", "https")), any_ip)
def test_no_reach_lets_a_forbidden_kind_through(
    reach: Reach, host: str, scheme: str, ip: IPAddress
) -> None:
    """Whatever is allowed, what a name leads to is public or such as people number their own."""
    try:
        judge_ips(judge_url(f"{scheme}://{host}:8080/v1", reach), (str(ip),))
    except EgressError:
        return
    assert is_ownable(ip) or (scheme == "https" and judge(ip).verdict is Verdict.PUBLIC)


@given(reaches, any_ip)
def test_what_is_public_stays_so_and_nothing_else_opens_by_itself(
    reach: Reach, ip: IPAddress
) -> None:
    """By https a public address needs no word; a private one needs one."""
    address = judge_url("https://api.other.example/v1", reach)
    allowed = judge(ip).verdict is Verdict.PUBLIC
    own = is_ownable(ip) and any(plain(ip) in cidr for cidr in reach.networks)
    if allowed or own:
        assert judge_ips(address, (str(ip),)) == (str(ip),)
    else:
        with pytest.raises(EgressError):
            judge_ips(address, (str(ip),))


def spellings(ip: ipaddress.IPv4Address) -> list[str]:
    """Ways in which a browser reads this very address."""
    number = int(ip)
    a, b, c, d = ip.packed
    return [
        str(ip),
        f"{ip}.",
        str(number),
        hex(number),
        f"0{number:o}",
        f"{a}.{b}.{c * 256 + d}",
        f"0x{a:x}.0{b:o}.{c}.{d}",
        f"[::ffff:{ip}]",
        f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
    ]


@given(
    st.ip_addresses(network="10.0.0.0/8")
    | st.ip_addresses(v=4)
    | st.sampled_from([ip for ip, _ in REFUSED if ":" not in ip]).map(ipaddress.IPv4Address)
)
def test_every_spelling_of_an_address_gets_the_same_answer(ip: ipaddress.IPv4Address) -> None:
    """Plain http reaches what is allowed, and nothing else, however it is written."""
    reach = Reach.of(["10.0.0.0/8", "tei"], typed=[])
    for host in spellings(ip):
        url = f"http://{host}:8080/v1"
        if ip in ipaddress.ip_network("10.0.0.0/8"):
            assert judge_url(url, reach).host == str(ip)
        else:
            with pytest.raises(EgressError):
                judge_url(url, reach)


@given(st.ip_addresses(network="10.0.0.0/8"))
def test_an_allowed_network_is_not_reached_by_way_of_another(inner: ipaddress.IPv4Address) -> None:
    """Translated, tunnelled or embedded it is another way, whoever allowed the address."""
    reach = Reach.of(["10.0.0.0/8"], typed=["tei:8080"])
    for name, ip in forms(inner).items():
        for url in (f"http://[{ip}]:8080/v1", "https://tei:8080/v1"):
            if name == "mapped":
                judge_ips(judge_url(url, reach), (str(ip),))
                continue
            with pytest.raises(EgressError):
                judge_ips(judge_url(url, reach), (str(ip),))


@given(st.sampled_from(["10.0.0.0/8", "100.64.0.0/10", "192.168.0.0/16", "fc00::/7"]), st.data())
def test_what_the_refusal_says_to_set_allows_it(cidr: str, data: st.DataObject) -> None:
    """The sentence names the setting with a value; with that value the same call is allowed."""
    ip = data.draw(st.ip_addresses(network=cidr).filter(is_ownable))
    host = f"[{ip}]" if ip.version == 6 else str(ip)
    if judge(ip).carried:  # a private network's own address that holds another one
        return
    calls: tuple[Callable[[Reach], object], ...] = (
        lambda reach: judge_url(f"http://{host}:8080/v1", reach),
        lambda reach: judge_ips(judge_url("https://gpu.corp.example/v1", reach), (str(ip),)),
        lambda reach: judge_ips(judge_url("http://tei:80/v1", reach), (str(ip),)),
    )
    for call in calls:
        with pytest.raises(EgressError) as refused:
            call(INTERNET)
        (value,) = re.findall(r"BREAKEVEN_ALLOW_NETWORKS=(\S+?)\.?$", str(refused.value))
        call(Reach.of([value]))


@given(st.sampled_from(PUBLIC))
def test_a_public_address_is_not_offered_as_ones_own(ip: str) -> None:
    """No setting helps there but https; a typed name that turns out to be public says so."""
    reach = Reach.of(["tei"], typed=["gpu.corp.example:8080"])
    host = f"[{ip}]" if ":" in ip else ip
    calls: tuple[Callable[[], object], ...] = (
        lambda: judge_url(f"http://{host}:8080/v1", reach),
        lambda: judge_ips(judge_url("http://tei/v1", reach), (ip,)),
        lambda: judge_ips(judge_url("http://gpu.corp.example:8080/v1", reach), (ip,)),
    )
    for call in calls:
        with pytest.raises(
            EgressError, match=r"use https://.*is no network of your own"
        ) as refused:
            call()
        assert "BREAKEVEN_ALLOW_NETWORKS" not in str(refused.value)


def test_what_is_never_allowed_is_not_offered() -> None:
    """Metadata, links, multicast: no setting is named that would not help."""
    for ip, _ in REFUSED:
        if is_ownable(ipaddress.ip_address(ip)):
            continue
        with pytest.raises(EgressError) as refused:
            judge_ips(judge_url("https://api.example.com/v1"), (ip,))
        assert "BREAKEVEN_ALLOW_NETWORKS" not in str(refused.value), ip


@pytest.mark.parametrize(
    ("url", "ips", "allowed"),
    [
        ("http://tei:80/v1", ("10.0.0.5",), True),
        ("http://tei/v1", ("172.18.0.2", "fd12::2"), True),
        ("http://tei:22/v1", ("10.0.0.5",), True),  # any port there
        ("http://x.svc.cluster.local:8080/v1", ("10.96.0.7",), True),
        ("https://gpu.corp.example/v1", ("10.0.0.5",), True),
        ("https://gpu.corp.example/v1", ("8.8.8.8",), True),
        ("http://gpu.corp.example/v1", ("8.8.8.8",), False),  # unencrypted into the internet
        ("http://gpu.corp.example/v1", ("10.0.0.5", "8.8.8.8"), False),
        ("https://gpu.corp.example:22/v1", ("8.8.8.8",), False),
        ("http://tei/v1", ("169.254.169.254",), False),
        ("http://tei/v1", ("10.0.0.5", "169.254.169.254"), False),
        ("http://tei/v1", ("127.0.0.1",), False),  # a name is never this computer
        ("http://tei/v1", ("100.100.100.200",), False),
        ("http://metadata.internal/v1", ("169.254.169.254",), False),
        ("https://svc.cluster.local/v1", ("10.0.0.5",), False),  # no name below itself
        ("https://xtei/v1", ("10.0.0.5",), False),
        ("https://tei.example/v1", ("10.0.0.5",), False),
    ],
)
def test_an_allowed_name_may_be_private_and_nothing_worse(
    url: str, ips: tuple[str, ...], allowed: bool
) -> None:
    """All its addresses are judged; unencrypted every one must be one's own."""
    reach = Reach.of(["tei", "*.svc.cluster.local", "gpu.corp.example", "*.internal"])
    if allowed:
        assert judge_ips(judge_url(url, reach), ips) == ips
        return
    with pytest.raises(EgressError):
        judge_ips(judge_url(url, reach), ips)


def test_an_allowed_network_serves_any_name_that_leads_there() -> None:
    """By http, too, as long as all of the name's addresses are in it."""
    address = judge_url("http://anything.example:8080/v1", Reach.of(["10.0.0.0/8"]))
    assert judge_ips(address, ("10.0.0.5",))
    for ip in ("8.8.8.8", "192.168.0.1", "127.0.0.1"):
        with pytest.raises(EgressError):
            judge_ips(address, (ip,))


def test_what_was_typed_is_one_server_and_not_its_neighbour() -> None:
    """Host and port; what was typed opens private addresses and this computer by its spelling."""
    reach = Reach(typed=("10.0.0.5:8080", "tei:8080", "[fd12::1]:80", "localhost:9000"))
    judge_url("http://10.0.0.5:8080/v1", reach)
    judge_url("http://[fd12:0:0::1]/v1", reach)
    judge_ips(judge_url("http://tei:8080/v1", reach), ("10.0.0.5",))
    assert judge_url("http://localhost:9000/v1", reach).this_computer
    for url in (
        *("http://10.0.0.5:8081/v1", "http://10.0.0.6:8080/v1", "http://tei/v1"),
        *("http://localhost:9001/v1", "http://127.0.0.1:9000/v1", "http://x.tei:8080/v1"),
    ):
        with pytest.raises(EgressError):
            judge_url(url, reach)


def test_a_plan_opens_no_private_address() -> None:
    """What it says of itself means this computer by its spelling, and nothing else."""
    for url in ("http://10.0.0.5:8080/v1", "http://tei:8080/v1", "https://192.168.0.1/v1"):
        with pytest.raises(EgressError):
            judge_ips(target(url, allow_loopback=True).address(INTERNET), ("10.0.0.5",))
    assert target("http://localhost:1/v1").address(INTERNET).this_computer


@pytest.mark.parametrize(
    ("url", "direct"),
    [
        ("http://anything.example:8080/v1", True),  # unencrypted: inside, or not at all
        ("https://10.0.0.5/v1", True),
        ("https://tei:8080/v1", True),
        ("https://x.internal/v1", True),
        ("https://gpu.corp.example/v1", True),
        ("https://nas.lan:8443/v1", True),  # typed, and a name of an inner network
        ("https://typed.example:8443/v1", False),  # typed, and it may well be outside
        ("https://api.example.com/v1", False),
        ("https://8.8.8.8/v1", False),
    ],
)
def test_what_is_inside_is_called_without_a_proxy(url: str, direct: bool) -> None:
    """A proxy is asked for what may be public, and for nothing that is allowed as one's own."""
    reach = Reach.of(
        ["10.0.0.0/8", "tei", "*.internal", "gpu.corp.example"],
        typed=["nas.lan:8443", "typed.example:8443"],
    )
    address = judge_url(url, reach)
    assert address.direct is direct
    if not direct:
        judge_proxied(address)


def test_a_name_that_is_left_to_the_proxy_and_looks_inner_is_told_the_setting() -> None:
    """An allowed network alone does not say that a name is in it."""
    with pytest.raises(EgressError, match=r"BREAKEVEN_ALLOW_NETWORKS=nas\.lan has it called dir"):
        judge_proxied(judge_url("https://nas.lan/v1", Reach.of(["10.0.0.0/8"])))
