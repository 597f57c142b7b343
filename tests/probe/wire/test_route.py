"""Through a company's proxy, with its certificates: a real proxy, a real TLS server behind it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from core.errors import EgressError, SettingsError
from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from core.probe.wire.route import Proxy, Route, proxy_of
from tests.probe.support import ask_in_turn
from tests.probe.wire.test_transport import free_port, in_order
from tests.servers.ground_truth import GroundTruthServer
from tests.servers.network.proxy import ProxyServer
from tests.servers.network.tls import API_CERTIFICATE, API_HOST, server_context, trusting_context

Start = Callable[..., GroundTruthServer]
URL = f"https://{API_HOST}/v1"


@pytest.fixture
def behind(embedding_server: Start) -> Iterator[Callable[..., ProxyServer]]:
    """Start a proxy, with an embedding server behind it that is called api.example.test."""
    with ExitStack() as running:

        def start(**changes: object) -> ProxyServer:
            server = embedding_server(tls=server_context(API_CERTIFICATE))
            proxy = ProxyServer(server.port, **changes)  # type: ignore[arg-type]  # its fields
            return running.enter_context(proxy)

        yield start


def through(proxy: ProxyServer, url: str = URL, *, user: str = "", timeout_s: float = 20) -> object:
    """Two requests through a proxy to an address that is no loopback address. Raises Fault."""
    at = proxy_of(proxy.url.replace("//", f"//{user}"))
    route = Route(tls=trusting_context(API_CERTIFICATE), proxy=at)
    return ask_in_turn(
        url, [["one"], ["two"]], route=route, timeout_s=timeout_s, allow_loopback=False
    )


def test_a_tunnel_carries_requests_and_is_kept_alive(behind: Callable[..., ProxyServer]) -> None:
    """The name goes to the proxy, TLS to the server behind it; the second request reuses both."""
    proxy = behind()
    answers = through(proxy)
    assert isinstance(answers, list)
    (_, first), (_, second) = answers
    assert proxy.asked == [f"{API_HOST}:443"]
    assert (first.new_connection, second.new_connection) == (True, False)
    assert first.dns_done_ns is None
    assert first.connected_ns is not None
    assert first.tls_done_ns is not None
    assert in_order(first)
    assert in_order(second)


def test_a_proxy_that_asks_for_a_password_gets_it(behind: Callable[..., ProxyServer]) -> None:
    """Basic credentials from the address, escapes undone; a 407 says what to set."""
    wants = "Basic bWU6cEB3"  # me:p@w
    proxy = behind(authorization=wants)
    assert through(proxy, user="me:p%40w@")
    with pytest.raises(Fault, match=r"status 407.*BREAKEVEN_PROXY") as refused:
        through(proxy)
    assert refused.value.outcome is Outcome.PROXY


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"answer": b"HTTP/1.1 403 Forbidden\r\n\r\n"}, "does not allow this host"),
        ({"answer": b"HTTP/1.1 502 Bad Gateway\r\n\r\n"}, "cannot reach this host"),
        ({"answer": b"SSH-2.0-OpenSSH_9.9\r\n\r\n"}, "does not answer as an HTTP proxy"),
        ({"answer": b"X" * 20_000}, "does not answer as an HTTP proxy"),
        ({"closes": True}, "it closed the connection"),
    ],
)
def test_a_proxy_that_opens_no_tunnel_has_its_own_outcome(
    behind: Callable[..., ProxyServer], changes: dict[str, object], words: str
) -> None:
    """It is not the provider that failed."""
    with pytest.raises(Fault, match=words) as refused:
        through(behind(**changes))
    assert refused.value.outcome is Outcome.PROXY


def test_a_proxy_that_says_nothing_does_not_outlive_the_deadline(
    behind: Callable[..., ProxyServer],
) -> None:
    """The total time holds for the tunnel, too."""
    with pytest.raises(Fault) as found:
        through(behind(hangs=True), timeout_s=0.3)
    assert found.value.outcome is Outcome.TIMEOUT


def test_a_proxy_that_is_not_there_is_named() -> None:
    """Nobody listens on its port."""
    with pytest.raises(Fault, match="no proxy: Connection refused") as found:
        through(ProxyServer(0, port=free_port()))
    assert found.value.outcome is Outcome.PROXY


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "db.internal",
        "printer.local",
        "router.lan",
        "intranet",
        "x.localhost",
        "127.0.0.1",
        "10.0.0.7",
        "169.254.169.254",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "0x7f.1",
        "2130706433",
        "localhost.",
        "LOCALHOST.",
        "db.internal.",
        "DB.Internal",
        "intranet.",
        "printer.local.",
        "metadata.google.internal.",
        "metadata.goog",
        "git.corp",
        "10.0.0.7.",
        "0xA9FEA9FE",
        "0.0.0.0",  # noqa: S104  an address to refuse
        "[::]",
        "168.63.129.16",
        "192.0.0.192",
        "[fec0::1]",
        "[fd00:ec2::254]",
        "[64:ff9b::a00:1]",
        "[::ffff:0:a00:1]",
        "[2606:4700::5efe:a00:1]",
    ],
)
def test_a_proxy_is_not_asked_for_what_is_inside(
    behind: Callable[..., ProxyServer], host: str
) -> None:
    """Its network is full of machines that must not get texts and a key."""
    proxy = behind()
    with pytest.raises(EgressError):
        through(proxy, f"https://{host}/v1")
    assert proxy.asked == []


@pytest.mark.parametrize("host", ["API.Example.Test", "api.example.test."])
def test_a_proxy_is_asked_for_the_one_spelling_of_a_host(
    behind: Callable[..., ProxyServer], host: str
) -> None:
    """The certificate behind it is for that spelling, and is verified."""
    proxy = behind()
    assert through(proxy, f"https://{host}/v1")
    assert proxy.asked == [f"{API_HOST}:443"]


def test_this_computer_is_not_asked_for_through_a_proxy(embedding_server: Start) -> None:
    """Loopback there would be another computer."""
    proxy = Proxy("127.0.0.1", free_port())
    assert ask_in_turn(embedding_server().base_url, [["one"]], route=Route(proxy=proxy))


def test_the_address_of_a_proxy_is_read() -> None:
    """With or without its scheme; a password is kept out of its repr."""
    assert proxy_of("http://proxy.corp:3128") == proxy_of("proxy.corp:3128")
    assert proxy_of("http://proxy.corp") == Proxy("proxy.corp", 80)
    keyed = proxy_of("http://me:hunter2@proxy.corp:3128/")
    assert (keyed.host, keyed.port) == ("proxy.corp", 3128)
    assert "hunter2" not in repr(keyed)
    assert keyed.authorization not in repr(keyed)


@pytest.mark.parametrize(
    "url",
    [
        "https://me:hunter2@proxy:1",
        "socks5://me:hunter2@proxy:1",
        "http://me:hunter2@",
        "http://me:hunter2@proxy:hunter2",
        "http://me:hunter2@proxy:1/path",
        "http://me:hunter2@[::1",
        "http://me:hunter2@pro xy:1",
        "",
    ],
)
def test_an_address_of_no_proxy_is_refused_without_repeating_it(url: str) -> None:
    """The sentence names the variable and the form."""
    with pytest.raises(SettingsError, match="BREAKEVEN_PROXY is no address") as refused:
        proxy_of(url)
    assert "hunter2" not in str(refused.value)
