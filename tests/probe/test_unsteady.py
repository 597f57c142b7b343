"""What changes while a run goes on: names that stop resolving, servers that move, clocks that jump.

The resolver and the wall clock are the only things faked here.
"""

import asyncio
import socket
import ssl
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from core.errors import EgressError
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome, Sample
from core.probe.records.timings import Timings
from core.probe.wire.route import Route
from tests.probe.support import KEY, ask_in_turn, carry_out, plan, target
from tests.probe.wire.test_transport import free_port
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer
from tests.servers.network.tls import EXPIRED_CERTIFICATE, server_context, trusting_context

Start = Callable[..., GroundTruthServer]
GOING = {Outcome.RESET, Outcome.STALE_CONNECTION}
"""What may happen to a request that is on its way when the server goes."""
HOST = "localhost"


class Resolver:
    """Stands in for the system's: one name, with the addresses it has at the moment."""

    def __init__(self) -> None:
        self.ips: list[str] = ["127.0.0.1"]
        self.asked = 0

    def __call__(self, host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        """As socket.getaddrinfo."""
        if host != HOST:
            return self._real(host, port, *rest, **more)
        self.asked += 1
        if not self.ips:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in self.ips]

    _real = staticmethod(socket.getaddrinfo)


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """The resolver of this process, for one name."""
    stand_in = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", stand_in)
    return stand_in


def asked_in_turn(url: str, between: Callable[[int], None]) -> list[Outcome]:
    """Outcomes of three requests over one embedder; ``between`` is called before each."""

    async def ask() -> list[Outcome]:
        embedder = OpenAICompatible(target(url), SecretStr(KEY))
        found = []
        for number in range(3):
            between(number)
            await asyncio.sleep(0.05)
            try:
                await embedder.embed(["one"], timeout_s=5, timings=Timings())
                found.append(Outcome.OK)
            except Fault as fault:
                found.append(fault.outcome)
        await embedder.aclose()
        return found

    return asyncio.run(ask())


@contextmanager
def mortal() -> Iterator[tuple[GroundTruthServer, Callable[[], None]]]:
    """A server, and a way to end it before the block does."""
    with ExitStack() as running:
        server = running.enter_context(GroundTruthServer())
        yield server, running.close


def url_of(server: GroundTruthServer) -> str:
    """The server by the name that the stand-in resolver knows."""
    return server.base_url.replace("127.0.0.1", HOST)


def test_a_server_and_its_name_that_go_are_told_apart(resolver: Resolver) -> None:
    """Nobody at the old address is CONNECT; then the name is asked anew, and has none: DNS."""
    with mortal() as (server, stop):
        url = url_of(server)

        def between(number: int) -> None:
            if number == 1:
                stop()
            if number == 2:
                resolver.ips = []

        assert asked_in_turn(url, between) == [Outcome.OK, Outcome.CONNECT, Outcome.DNS]
    assert resolver.asked == 2


def test_a_server_that_moves_to_a_forbidden_address_is_not_followed(resolver: Resolver) -> None:
    """What a name means is judged each time it is asked: no rebinding in the middle of a run."""
    with mortal() as (server, stop):
        url = url_of(server)

        def between(number: int) -> None:
            if number == 1:
                stop()
                resolver.ips = ["10.0.0.7"]

        with pytest.raises(EgressError, match=r"10\.0\.0\.7 here, which is not it"):
            asked_in_turn(url, between)


@contextmanager
def listener(port: int) -> Iterator[socket.socket]:
    """A socket that accepts and says nothing."""
    with socket.socket() as waiting:
        waiting.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        waiting.bind(("127.0.0.1", port))
        waiting.listen()
        yield waiting


def test_dns_failures_in_a_run_are_counted_and_the_run_goes_on(resolver: Resolver) -> None:
    """Each request that met one has its name, to the last of the plan."""
    with mortal() as (server, stop):

        def disturb(samples: list[Sample]) -> bool:
            if len(samples) >= 5 and resolver.ips:
                resolver.ips = []
                stop()
            return False

        a_plan = plan(url_of(server), requests=40, rate_per_s=40)
        done = carry_out(a_plan, cancelled=disturb)
    counts = Counter(sample.outcome for sample in done.samples)
    assert counts.total() == 43
    assert counts[Outcome.OK] >= 5
    assert counts[Outcome.DNS] >= 10
    assert set(counts) <= {Outcome.OK, Outcome.DNS, Outcome.CONNECT} | GOING


def test_a_tls_handshake_that_never_comes_does_not_outlive_the_deadline() -> None:
    """TCP stands, and then nothing."""
    port = free_port()
    with listener(port), pytest.raises(Fault) as found:
        ask_in_turn(
            f"https://localhost:{port}/v1",
            [["one"]],
            route=Route(tls=trusting_context()),
            timeout_s=0.4,
        )
    assert found.value.outcome is Outcome.TIMEOUT


def test_an_expired_certificate_is_named(embedding_server: Start) -> None:
    """Even where its authority is trusted."""
    server = embedding_server(tls=server_context(EXPIRED_CERTIFICATE))
    with pytest.raises(Fault, match=r"certificate: .*expired") as found:
        ask_in_turn(server.base_url, [["one"]], tls=trusting_context(EXPIRED_CERTIFICATE))
    assert found.value.outcome is Outcome.TLS
    assert not server.truths


def test_an_old_protocol_is_refused_in_the_handshake(embedding_server: Start) -> None:
    """A server that knows TLS 1.0 alone gets no key."""
    old = server_context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of it, rightly
        old.maximum_version = ssl.TLSVersion.TLSv1
        old.minimum_version = ssl.TLSVersion.TLSv1
    server = embedding_server(tls=old)
    with pytest.raises(Fault) as found:
        ask_in_turn(server.base_url, [["one"]], tls=trusting_context())
    assert found.value.outcome is Outcome.TLS
    assert not server.truths


def test_a_wall_clock_that_jumps_moves_no_measurement(
    embedding_server: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour forth and two back, in the middle of a run: every time is monotonic."""
    real, jump = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + jump[0])

    def leap() -> None:
        for seconds in (3_600.0, -7_200.0):
            time.sleep(0.05)
            jump[0] = seconds

    server = embedding_server(Config(delay=Delay(median_s=0.01)))
    leaping = threading.Thread(target=leap)
    leaping.start()
    done = carry_out(plan(server.base_url, requests=30, rate_per_s=150))
    leaping.join()
    assert set(done.outcomes()) == {Outcome.OK}
    assert all(0.01 <= sample.service_s < 5 for sample in done.samples)
