"""Retries: none unless asked for, all counted, each timed by itself, and paid for."""

import asyncio
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.embedders.wrapped import retrying
from core.probe.embedders.wrapped.retrying import Retrying
from core.probe.records.embedder import Answer, Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from tests.harness.pace import at_our_pace
from tests.probe.sending.test_run_probe import Purse
from tests.probe.support import KEY, carry_out, plan, target
from tests.probe.wire.test_transport import in_order
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "FIRST_PAUSE_S", 0.02)


def asked(url: str, retries: int, *, timeout_s: float = 10) -> tuple[Answer, Timings]:
    """One request. Raises Fault."""

    async def ask() -> tuple[Answer, Timings]:
        embedder = Retrying(OpenAICompatible(target(url), SecretStr(KEY)), retries)
        timings = Timings()
        try:
            return await embedder.embed(["one"], timeout_s=timeout_s, timings=timings), timings
        finally:
            await embedder.aclose()

    return asyncio.run(ask())


@pytest.mark.parametrize("fault", ["500", "reset", "close_unanswered"])
def test_a_failure_that_passes_is_answered_and_counted(embedding_server: Start, fault: str) -> None:
    """Two failures, then an answer: three attempts, and the moments of the last of them."""
    server = embedding_server(Config(faults={0: fault, 1: "500"}))
    answer, timings = asked(server.base_url, 3)
    assert answer.reported.attempts == 3
    assert answer.reported.earlier_unclear
    assert len(server.truths) == 3
    assert in_order(timings)
    assert timings.sent_ns is not None
    assert timings.completed_ns is not None
    second, last = server.truths[1], server.truths[2]
    assert second.received_ns < timings.sent_ns <= last.received_ns <= timings.completed_ns


def test_what_was_turned_away_unread_is_not_paid(embedding_server: Start) -> None:
    """A rate limit bills nothing; its stated wait is kept."""
    server = embedding_server(Config(faults={0: "429"}))
    with pytest.raises(Fault) as found:
        asked(server.base_url, 3, timeout_s=2)
    assert found.value.outcome is Outcome.RATE_LIMITED
    assert found.value.reported.retry_after_s == 7
    assert (found.value.reported.attempts, len(server.truths)) == (1, 1)
    assert not found.value.reported.earlier_unclear


def test_after_the_last_retry_the_last_failure_is_told(embedding_server: Start) -> None:
    """With its number."""
    server = embedding_server()
    with pytest.raises(Fault) as found:
        asked(server.fault_url("500"), 2)
    assert (found.value.outcome, found.value.reported.attempts) == (Outcome.SERVER_ERROR, 3)
    assert len(server.truths) == 3


@pytest.mark.parametrize("fault", ["401", "404", "bad_json", "redirect", "400"])
def test_what_stays_wrong_is_not_sent_again(embedding_server: Start, fault: str) -> None:
    """A refused key above all."""
    server = embedding_server()
    with pytest.raises(Fault) as found:
        asked(server.fault_url(fault), 3)
    assert found.value.reported.attempts == 1
    assert len(server.truths) == 1


def test_all_attempts_share_the_total_time(embedding_server: Start) -> None:
    """A server that hangs is not waited for twice."""

    def scene(slower: int) -> None:
        server = embedding_server(Config(faults={0: "500", 1: "hang"}))
        with pytest.raises(Fault) as found:
            asked(server.base_url, 3, timeout_s=0.4 * slower)
        assert found.value.outcome is Outcome.TIMEOUT
        assert len(server.truths) == 2

    at_our_pace(scene)


def test_a_run_keeps_the_number_of_attempts_and_pays_what_is_unclear(
    embedding_server: Start,
) -> None:
    """By default a failure is a failure; with retries a sample says how often it was sent."""
    plain = carry_out(plan(embedding_server(Config(faults={5: "500"})).base_url))
    # Which of two on their way comes sixth is the network's choice.
    (failed,) = (sample for sample in plain.samples if not sample.ok)
    assert failed.outcome is Outcome.SERVER_ERROR
    assert {sample.attempts for sample in plain.samples} == {1}
    server = embedding_server(Config(faults={5: "500"}))
    purse = Purse(100)
    embedder = Retrying(OpenAICompatible(target(server.base_url), SecretStr(KEY)), 1)
    done = carry_out(plan(server.base_url), embedder, budget=purse)
    assert set(done.outcomes()) == {Outcome.OK}
    (again,) = (sample for sample in done.samples if sample.attempts == 2)
    assert again.ok
    assert [tokens for _, tokens in purse.settled].count(None) == 1
