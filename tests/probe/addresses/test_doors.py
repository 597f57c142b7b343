"""Which sockets are opened: through both clients, from the address that is typed to connect(2).

Names are resolved by a table of the test; every attempt to connect is noted by the interpreter's
own audit, and one that would leave this computer ends there.
"""

import asyncio
import contextlib
import errno
import ipaddress
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pytest
from pydantic import SecretStr

from core.errors import EgressError
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.embedders.openai_sdk import OpenAISDK
from core.probe.records.embedder import Embedder, Fault
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from core.probe.wire.route import Route
from tests.probe.addresses.listed_addresses import PUBLIC, REFUSED
from tests.probe.support import KEY, target
from tests.probe.wire.test_transport import free_port
from tests.servers.ground_truth import GroundTruthServer
from tests.servers.network.tls import server_context, trusting_context

Start = Callable[..., GroundTruthServer]
Resolver = dict[str, Sequence[str]]
NAME: Final = "api.example.com"
CLIENTS: Final = (OpenAICompatible, OpenAISDK)
_WATCHES: list["Watch"] = []


class Watch:
    """What was connected to while it was looked at."""

    def __init__(self) -> None:
        self.connected: list[tuple[str, int]] = []

    def note(self, event: str, args: tuple[Any, ...]) -> None:
        """Called by the interpreter before it connects a socket."""
        if event != "socket.connect" or not isinstance(args[1], tuple):
            return
        ip, port = args[1][:2]
        self.connected.append((ip, port))
        if not ipaddress.ip_address(ip).is_loopback:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "kept on this computer")


def _audit(event: str, args: tuple[Any, ...]) -> None:
    for watch in _WATCHES:
        watch.note(event, args)


sys.addaudithook(_audit)  # one for the whole process: it cannot be taken away again


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Look at every connect until the test is over."""
    with contextlib.ExitStack() as looking:
        one = Watch()
        _WATCHES.append(one)
        looking.callback(_WATCHES.remove, one)
        yield one


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """What names resolve to; numbers and localhost mean what they mean."""
    table: Resolver = {}
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *args: Any, **fields: Any) -> list[Any]:
        ips = table.get(host)
        if ips is None:
            return real(host, port, *args, **fields)
        return [found for ip in ips for found in real(ip, port, *args, **fields)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table


async def _embed(embedder: Embedder) -> BaseException | None:
    try:
        await embedder.embed(["one"], timeout_s=5.0, timings=Timings())
    except (Fault, EgressError) as error:
        return error
    return None


def ends(
    client: Callable[..., Embedder],
    to: ApiTarget,
    before_each: Sequence[Callable[[], object]] = (lambda: None,),
    route: Route | None = None,
) -> list[BaseException | None]:
    """How one embedder's requests ended; something may change before each."""

    async def ask() -> list[BaseException | None]:
        embedder = client(to, SecretStr(KEY), route=route or Route())
        await embedder.open()
        try:
            found = []
            for change in before_each:
                change()
                found.append(await _embed(embedder))
            return found
        finally:
            await embedder.aclose()

    return asyncio.run(ask())


def far(url: str) -> ApiTarget:
    """A target that does not say that it is this computer."""
    return target(url, allow_loopback=False)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_name_of_a_refused_address_opens_no_socket(
    client: Callable[..., Embedder], names: Resolver, watch: Watch
) -> None:
    """Alone and behind a public one; each answer of the name service is judged anew."""
    answers = [answer for ip, _ in REFUSED for answer in ([ip], ["1.1.1.1", ip])]
    changes = [lambda ips=ips: names.update({NAME: ips}) for ips in answers]
    errors = ends(client, far(f"https://{NAME}/v1"), changes)
    assert watch.connected == []
    for i, (ip, words) in enumerate(REFUSED):
        for error in errors[2 * i : 2 * i + 2]:
            assert isinstance(error, EgressError), f"{ip}: {error!r}"
            assert words in str(error)
            assert str(error).startswith(f"{NAME} resolves to ")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_typed_refused_address_opens_no_socket(
    client: Callable[..., Embedder], names: Resolver, watch: Watch
) -> None:
    """By https and http, and whether or not the target says that it is this computer."""
    assert names == {}
    for ip, words in REFUSED:
        host = f"[{ip}]" if ":" in ip else ip
        for url in (f"https://{host}/v1", f"http://{host}:8080/v1"):
            with pytest.raises(EgressError) as refused:
                ends(client, far(url))
            assert words in str(refused.value)
            if "this computer itself" not in words and "127.0.0.0/8" not in words:
                with pytest.raises(EgressError):
                    ends(client, target(url))
    assert watch.connected == []


@pytest.mark.parametrize("client", CLIENTS)
def test_a_public_address_is_connected_to_as_it_was_judged(
    client: Callable[..., Embedder], names: Resolver, watch: Watch
) -> None:
    """Exactly that number, never the name again."""
    changes = [lambda ip=ip: names.update({NAME: [ip]}) for ip in PUBLIC]
    errors = ends(client, far(f"https://{NAME}:8443/v1"), changes)
    for ip, error in zip(PUBLIC, errors, strict=True):
        assert isinstance(error, Fault), f"{ip}: {error!r}"
        assert error.outcome is Outcome.CONNECT
    assert [ipaddress.ip_address(ip) for ip, _ in watch.connected] == [
        ipaddress.ip_address(ip) for ip in PUBLIC
    ]
    assert {port for _, port in watch.connected} == {8443}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700::1111]", "134744072", "0x8.8.2056"])
def test_a_typed_public_address_is_connected_to(
    client: Callable[..., Embedder], host: str, watch: Watch
) -> None:
    """In any spelling of its number."""
    (error,) = ends(client, far(f"https://{host}/v1"))
    assert isinstance(error, Fault)
    assert [ip for ip, _ in watch.connected] == [host.strip("[]") if ":" in host else "8.8.8.8"]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("meant", [False, True])
def test_a_public_name_that_turns_to_this_computer_is_not_followed(
    client: Callable[..., Embedder],
    meant: bool,
    embedding_server: Start,
    names: Resolver,
    watch: Watch,
) -> None:
    """Whatever the target says of itself: only what was typed can mean this computer."""
    server = embedding_server(tls=server_context())
    turns = [["8.8.8.8"], ["127.0.0.1"], ["::1"], ["8.8.4.4", "127.0.0.1"]]
    changes = [lambda ips=ips: names.update({NAME: ips}) for ips in turns]
    to = target(f"https://{NAME}:{server.port}/v1", allow_loopback=meant)
    first, *turned = ends(client, to, changes, Route(tls=trusting_context()))
    assert isinstance(first, Fault)
    assert all(isinstance(error, EgressError) for error in turned)
    assert {ip for ip, _ in watch.connected} == {"8.8.8.8"}
    assert server.truths == []
    with pytest.raises(EgressError, match="not encrypted"):
        ends(client, target(f"http://{NAME}:{server.port}/v1", allow_loopback=meant))


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("spelling", "header"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("[::ffff:127.0.0.1]", "127.0.0.1"),
        ("localhost", "localhost"),
        ("localhost.", "localhost"),
        ("LOCALHOST", "localhost"),
        ("model.localhost", "model.localhost"),
    ],
)
def test_this_computer_is_asked_in_every_spelling(
    client: Callable[..., Embedder], spelling: str, header: str, embedding_server: Start
) -> None:
    """By plain http; the server reads the one spelling of the host."""
    server = embedding_server()
    assert ends(client, target(f"http://{spelling}:{server.port}/v1")) == [None]
    assert [truth.host for truth in server.truths] == [f"{header}:{server.port}"]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("host", ["[::1]", "[0:0:0:0:0:0:0:1]"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_computer_is_asked_by_ipv6(
    client: Callable[..., Embedder], host: str, scheme: str, watch: Watch
) -> None:
    """Where nobody listens, the attempt goes to ::1."""
    (error,) = ends(client, target(f"{scheme}://{host}:{free_port()}/v1"))
    assert isinstance(error, Fault)
    assert {ip for ip, _ in watch.connected} == {"::1"}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_dot_at_the_end_changes_neither_header_nor_certificate(
    client: Callable[..., Embedder], embedding_server: Start
) -> None:
    """The server's certificate is for localhost, and is verified."""
    server = embedding_server(tls=server_context())
    route = Route(tls=trusting_context())
    to = target(f"https://LocalHost.:{server.port}/v1")
    assert ends(client, to, route=route) == [None]
    assert [truth.host for truth in server.truths] == [f"localhost:{server.port}"]


@pytest.mark.parametrize("client", CLIENTS)
def test_localhost_that_means_another_computer_is_not_called(
    client: Callable[..., Embedder], names: Resolver, watch: Watch
) -> None:
    """A hosts file may say anything: plain http and any key go nowhere else."""
    names["localhost"] = ["10.0.0.5"]
    (error,) = ends(client, target("http://localhost:8080/v1"))
    assert isinstance(error, EgressError)
    assert "localhost means this computer and resolves to 10.0.0.5" in str(error)
    assert watch.connected == []
