"""Connections, TLS and the times of the phases, on real sockets."""

import socket
import ssl
from collections.abc import Callable

import numpy as np
import pytest
from pydantic import SecretStr

from core.errors import EgressError, RunError
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from tests.harness.pace import at_our_pace
from tests.probe.support import KEY, ask_in_turn, carry_out, plan, target
from tests.servers.delays import Delay
from tests.servers.embeddings import tokens_of, vector_of
from tests.servers.ground_truth import Config, GroundTruthServer
from tests.servers.network.tls import server_context, trusting_context

Start = Callable[..., GroundTruthServer]


def outcome_of(base_url: str, *, tls: ssl.SSLContext | None = None) -> Fault:
    """The fault of a first request to this address."""
    with pytest.raises(Fault) as found:
        ask_in_turn(base_url, [["one"]], tls=tls)
    return found.value


def free_port() -> int:
    """A loopback port on which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return int(holder.getsockname()[1])


def in_order(timings: Timings) -> bool:
    """Whether the moments that were reached follow each other."""
    moments = [
        timings.sent_ns,
        timings.dns_done_ns,
        timings.connected_ns,
        timings.tls_done_ns,
        timings.request_written_ns,
        timings.first_byte_ns,
        timings.completed_ns,
    ]
    reached = [moment for moment in moments if moment is not None]
    return reached == sorted(reached)


def test_vectors_tokens_and_model_arrive_as_sent(embedding_server: Start) -> None:
    """Bit by bit what the server computed, in the order of the texts."""
    texts = ["one", "zwei Wörter", "三"]
    ((answer, _),) = ask_in_turn(embedding_server().base_url, [texts])
    assert np.array_equal(answer.vectors, np.stack([vector_of(t, 384) for t in texts]))
    assert answer.vectors.dtype == np.float32
    assert answer.tokens_billed == sum(map(tokens_of, texts))
    assert answer.model == "m"
    assert answer.reported.http_status == 200


def test_the_first_use_of_a_connection_is_flagged_and_has_its_phases(
    embedding_server: Start,
) -> None:
    """Name, connect and write on the first request; only write on those that follow."""
    server = embedding_server(Config(delay=Delay(median_s=0.01)))
    answers = ask_in_turn(server.base_url, [["one"]] * 3)
    (_, first), *later = answers
    assert first.new_connection
    assert first.dns_done_ns is not None
    assert first.connected_ns is not None
    assert first.tls_done_ns is None
    for _, timings in later:
        assert not timings.new_connection
        assert timings.dns_done_ns is timings.connected_ns is None
    assert all(in_order(timings) for _, timings in answers)
    assert {truth.connection for truth in server.truths} == {1}


def test_the_first_byte_is_told_from_the_last(embedding_server: Start) -> None:
    """The server sends its head 50 ms before its body."""

    def scene(_: int) -> None:
        ((_answer, timings),) = ask_in_turn(embedding_server().fault_url("split"), [["one"]])
        assert timings.first_byte_ns is not None
        assert timings.completed_ns is not None
        assert timings.completed_ns - timings.first_byte_ns >= 45_000_000

    at_our_pace(scene)


def test_the_servers_own_time_is_read(embedding_server: Start) -> None:
    """openai-processing-ms says what was injected."""
    server = embedding_server(Config(delay=Delay(median_s=0.0125)))
    ((answer, _),) = ask_in_turn(server.base_url, [["one"]])
    assert answer.reported.server_ms == pytest.approx(12.5)


def test_a_large_request_is_written_whole(embedding_server: Start) -> None:
    """More than a socket buffer holds: 2,000 texts, 8 MB."""
    texts = [f"{i} " + "x" * 4_000 for i in range(2_000)]
    ((answer, timings),) = ask_in_turn(embedding_server().base_url, [texts])
    assert answer.vectors.shape == (2_000, 384)
    assert in_order(timings)


def test_tls_is_verified_and_timed_apart(embedding_server: Start) -> None:
    """TCP stands before TLS, TLS before the request; localhost is tried at all its addresses."""
    server = embedding_server(tls=server_context())
    answers = ask_in_turn(server.base_url, [["one"]] * 2, tls=trusting_context())
    first = answers[0][1]
    assert first.connected_ns is not None
    assert first.tls_done_ns is not None
    assert first.tls_done_ns > first.connected_ns
    assert in_order(first)
    assert answers[1][1].tls_done_ns is None
    assert len(server.truths) == 2


def test_an_unknown_certificate_is_refused(embedding_server: Start) -> None:
    """The system does not know this authority, so no request is sent."""
    server = embedding_server(tls=server_context())
    fault = outcome_of(server.base_url)
    assert fault.outcome is Outcome.TLS
    assert "certificate" in fault.detail
    assert not server.truths


def test_a_certificate_for_another_name_is_refused(embedding_server: Start) -> None:
    """The right authority, but the address was called by its number."""
    server = embedding_server(tls=server_context())
    url = server.base_url.replace("localhost", "127.0.0.1")
    fault = outcome_of(url, tls=trusting_context())
    assert fault.outcome is Outcome.TLS
    assert not server.truths


def test_https_to_a_server_without_tls_fails_in_the_handshake(embedding_server: Start) -> None:
    """The wrong scheme is a TLS fault, not a timeout."""
    url = embedding_server().base_url.replace("http://", "https://")
    assert outcome_of(url, tls=trusting_context()).outcome is Outcome.TLS


def test_http_to_a_server_with_tls_is_no_answer(embedding_server: Start) -> None:
    """The other way round."""
    url = embedding_server(tls=server_context()).base_url.replace("https://", "http://")
    assert outcome_of(url).outcome in {Outcome.RESET, Outcome.BAD_HTTP}


def test_nobody_listening_and_an_unknown_name_are_told_apart() -> None:
    """CONNECT and DNS, without the address in their details."""
    refused = outcome_of(f"http://127.0.0.1:{free_port()}/v1")
    assert refused.outcome is Outcome.CONNECT
    assert "127.0.0.1" not in refused.detail
    assert outcome_of("https://no-such-host.invalid/v1").outcome is Outcome.DNS


def test_proxies_of_the_environment_are_ignored(
    embedding_server: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would be timed, and would see the request."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    server = embedding_server()
    ask_in_turn(server.base_url, [["one"]])
    assert len(server.truths) == 1


def test_a_name_that_resolves_to_this_computer_needs_the_users_word() -> None:
    """A remote target that points at localhost gets no request at all."""
    a_plan = plan("https://localhost:8443/v1", target_changes={"allow_loopback": False})
    with pytest.raises(EgressError, match="not a public internet address"):
        carry_out(a_plan)


@pytest.mark.parametrize("key", ["sk-a b", "sk-a\r\nX-Evil: 1", "sk-ключ", "sk-a\n"])
def test_a_key_that_would_break_the_request_is_refused(key: str) -> None:
    """In a sentence without the key."""
    with pytest.raises(RunError, match="copy it again") as refused:
        OpenAICompatible(target("http://127.0.0.1:9/v1"), SecretStr(key))
    assert "sk-" not in str(refused.value)


def test_without_a_key_no_authorization_is_sent(embedding_server: Start) -> None:
    """A server on this computer may need none."""
    server = embedding_server()
    carry_out(plan(server.base_url, requests=1), key="")
    assert not any(truth.bearer for truth in server.truths)
    carry_out(plan(server.base_url, requests=1), key=KEY)
    assert server.truths[-1].bearer
