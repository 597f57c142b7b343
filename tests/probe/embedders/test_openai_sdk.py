"""Through OpenAI's client: the same answers, the same names for faults, its own time on top."""

import asyncio
import math
import socket
from collections.abc import Callable

import numpy as np
import pytest
from pydantic import SecretStr

from core.errors import EgressError, RunError
from core.probe.answers.answer_check import AnswerCheck
from core.probe.embedders.openai_sdk import OpenAISDK
from core.probe.records.embedder import Answer, Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from core.probe.wire.route import Proxy, Route
from tests.harness.pace import SLOWER
from tests.probe.fault_outcomes import SLOW
from tests.probe.support import KEY, carry_out, plan, target
from tests.probe.test_faults import NO_FAULTS, OUTCOMES
from tests.probe.wire.test_transport import free_port, in_order
from tests.servers.embeddings import tokens_of, vector_of
from tests.servers.ground_truth import Config, GroundTruthServer
from tests.servers.network.tls import EXPIRED_CERTIFICATE, server_context, trusting_context

Start = Callable[..., GroundTruthServer]
TEXTS = ["one", "Zürich"]

WAITS = {"not_http", "absurd_length", "both_lengths", "endless_interim"}
"""What its parser takes for an answer that is not whole yet."""
OWN: dict[str, set[Outcome]] = {
    # It decodes by itself what the probe names more exactly, or does not see the difference.
    "close_unanswered": {Outcome.BAD_HTTP, Outcome.RESET},
    "short_body": {Outcome.BAD_HTTP, Outcome.RESET},
    "short_header": {Outcome.BAD_HTTP, Outcome.RESET},
    "error_object": {Outcome.BAD_JSON, Outcome.ERROR_IN_BODY},
    "gzip_bomb": {Outcome.BAD_HTTP},
    "huge_body": {Outcome.TOO_LARGE},
    "null_component": {Outcome.NOT_FINITE, Outcome.MISSING_VECTOR},
    "cut_base64": {Outcome.BAD_JSON, Outcome.MISSING_VECTOR},
    "text_vector": {Outcome.BAD_JSON, Outcome.MISSING_VECTOR, Outcome.WRONG_DIMENSIONS},
    "empty_vector": {Outcome.BAD_JSON, Outcome.MISSING_VECTOR, Outcome.WRONG_DIMENSIONS},
    "endless_header": {Outcome.BAD_HTTP},
    "endless_trailer": {Outcome.BAD_HTTP},
    "long_header": {Outcome.BAD_HTTP},
    "big_integers": {Outcome.NOT_FINITE, Outcome.BAD_JSON},
    "true_vector": {Outcome.WRONG_DIMENSIONS},
    "reset_at_once": {Outcome.RESET},
} | {name: {Outcome.TIMEOUT} for name in WAITS}
PASSES = {"no_length", "bare_lf"}
"""Answers that the probe's own transport refuses on principle and this client reads."""


def asked(
    base_url: str, *, times: int = 1, timeout_s: float = 20.0, route: Route | None = None
) -> list[tuple[Answer, Timings]]:
    """The judged answers to the same texts, with their times. Raises Fault."""

    async def ask() -> list[tuple[Answer, Timings]]:
        embedder = OpenAISDK(target(base_url), SecretStr(KEY), route=route or Route())
        check = AnswerCheck(asked_model="m", expected_dims=384)
        found = []
        await embedder.open()
        try:
            for _ in range(times):
                timings = Timings()
                answer = await embedder.embed(TEXTS, timeout_s=timeout_s, timings=timings)
                found.append((check.judge(TEXTS, answer), timings))
        finally:
            await embedder.aclose()
        return found

    return asyncio.run(ask())


def test_vectors_tokens_and_times_come_through_the_client(embedding_server: Start) -> None:
    """The same as the probe's own client gets, with a connection that is kept."""
    server = embedding_server(Config(api_key=KEY))
    first, second = asked(server.base_url, times=2)
    for answer, timings in (first, second):
        assert np.allclose(answer.vectors, [vector_of(text, 384) for text in TEXTS], atol=1e-7)
        assert answer.tokens_billed == sum(map(tokens_of, TEXTS))
        assert answer.reported.server_ms is not None
        assert in_order(timings)
        assert timings.request_written_ns is not None
        assert timings.first_byte_ns is not None
    assert [timings.new_connection for _, timings in (first, second)] == [True, False]
    assert len(server.truths) == 2


def faulted(server: GroundTruthServer, name: str) -> Fault:
    """What a fault of the server ends in.

    On a busy computer a short limit can end before the request has left: then it gets a longer one.
    """
    for slower in SLOWER:
        timeout_s = 0.5 * slower if name in SLOW | WAITS else 60.0
        with pytest.raises(Fault) as found:
            asked(server.fault_url(name), times=2, timeout_s=timeout_s)
        if server.truths:
            return found.value
        assert found.value.outcome is Outcome.TIMEOUT, found.value
    pytest.fail(f"no request arrived within {timeout_s} s")


@pytest.mark.parametrize("name", sorted(set(OUTCOMES) - PASSES - {"swapped_silently"}))
def test_every_fault_has_a_name_through_the_client_too(embedding_server: Start, name: str) -> None:
    """Asked once, never retried, never a success, and over within its deadline."""
    server = embedding_server()
    fault = faulted(server, name)
    assert fault.outcome in OWN.get(name, {OUTCOMES[name]}), fault
    assert KEY not in str(fault)
    assert len(server.truths) == (2 if name == "unstable" else 1)


@pytest.mark.parametrize("name", sorted((NO_FAULTS - {"gzip", "idle_close"}) | PASSES))
def test_unusual_but_right_answers_are_answers(embedding_server: Start, name: str) -> None:
    """What the probe's own client takes for an answer, this one does, too."""
    ((answer, _),) = asked(embedding_server().fault_url(name))
    assert answer.vectors.shape == (2, 384)


def test_it_is_a_target_of_a_run(embedding_server: Start) -> None:
    """A whole run goes through it, on the same schedule."""
    server = embedding_server()
    a_plan = plan(server.base_url, target_changes={"client": "openai_sdk"})
    done = carry_out(a_plan, OpenAISDK(target(server.base_url), SecretStr(KEY)))
    assert set(done.outcomes()) == {Outcome.OK}
    assert all(sample.service_s < math.inf for sample in done.samples)


def test_nothing_of_the_environment_is_used(
    embedding_server: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No proxy, no key, no address of somebody else's."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://example.com/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another")
    server = embedding_server(Config(api_key=KEY))
    asked(server.base_url)
    assert server.truths[0].bearer


def test_certificates_are_verified_against_the_name(embedding_server: Start) -> None:
    """Though the connection goes to an address."""
    good = embedding_server(tls=server_context())
    assert asked(good.base_url, route=Route(tls=trusting_context()))
    expired = embedding_server(tls=server_context(EXPIRED_CERTIFICATE))
    with pytest.raises(Fault) as found:
        asked(expired.base_url, route=Route(tls=trusting_context(EXPIRED_CERTIFICATE)))
    assert found.value.outcome is Outcome.TLS


def test_what_cannot_be_reached_has_its_name() -> None:
    """Nobody there, a forbidden address, a proxy that the client is not taken through."""
    with pytest.raises(Fault) as found:
        asked(f"http://127.0.0.1:{free_port()}/v1")
    assert found.value.outcome is Outcome.CONNECT
    with pytest.raises(EgressError):
        asked("http://10.0.0.1/v1")
    with pytest.raises(RunError, match="proxy"):
        OpenAISDK(target("https://api.example.com/v1"), None, route=Route(proxy=Proxy("p", 1)))


def test_an_address_that_nobody_answers_at_is_passed_over(
    embedding_server: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name with two addresses, the first of them dead: the resolver is the only thing faked."""
    server = embedding_server()
    real = socket.getaddrinfo

    def both(host: str, port: int, *rest: object, **more: object) -> object:
        if host != "localhost":
            return real(host, port, *rest, **more)  # type: ignore[arg-type]  # passed on as it is
        ips = ("127.0.0.9", "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    first, second = asked(server.base_url.replace("127.0.0.1", "localhost"), times=2)
    assert first[1].new_connection
    assert not second[1].new_connection
