"""What was sent again: the pauses are ours, and no time of the server."""

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.embedders.wrapped.retrying import FIRST_PAUSE_S, Retrying
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import ColdStart
from core.probe.records.sample import Outcome
from core.probe.records.timings import REOPENED
from tests.probe.support import KEY, carry_out, plan, target
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]


def test_a_pause_of_ours_is_no_cold_start(embedding_server: Start) -> None:
    """A first call that is refused once and answered at once: not the half second between."""
    server = embedding_server(Config(faults={0: "500"}))
    a_plan = plan(server.base_url, retries=1)
    embedder = Retrying(OpenAICompatible(target(server.base_url), SecretStr(KEY)), 1)
    samples = carry_out(a_plan, embedder).samples
    summary = summarise(a_plan, samples)
    first = min(samples, key=lambda s: s.seq)
    assert first.attempts == 2
    assert first.response_s >= FIRST_PAUSE_S
    assert summary.cold_start_s == first.service_s < FIRST_PAUSE_S
    assert any("our own pauses among them, are left out" in said for said in summary.warnings)
    assert first.generator_lag_s is None


def test_a_connection_closed_while_idle_is_opened_again_at_once(embedding_server: Start) -> None:
    """A second of silence, and the server closes when it is asked: no failure, no pause, shown."""
    server = embedding_server(Config(faults={3: "close_unanswered"}))
    schedule = ColdStart(gaps_s=(1.05,), repeats=1, follow_ups=2)
    a_plan = plan(server.base_url, schedule=schedule)
    samples = carry_out(a_plan).samples
    assert {s.outcome for s in samples} == {Outcome.OK}
    (again,) = (s for s in samples if s.detail == REOPENED)
    assert again.seq == 3
    assert again.new_connection
    assert again.service_s < FIRST_PAUSE_S
    assert len(server.truths) == len(samples) + 1
    words = " ".join(summarise(a_plan, samples).warnings)
    assert "closed while it was idle was opened again, once: at once" in words


@pytest.mark.parametrize("retries", [1, 3])
def test_with_retries_a_closed_connection_costs_no_pause(
    embedding_server: Start, retries: int
) -> None:
    """Closed over a request, so it is an attempt, and counted; the server is well."""
    server = embedding_server(Config(faults={5: "close_unanswered"}))
    embedder = Retrying(OpenAICompatible(target(server.base_url), SecretStr(KEY)), retries)
    samples = carry_out(
        plan(server.base_url, rate_per_s=20.0, arrivals="constant"), embedder
    ).samples
    (again,) = (s for s in samples if s.attempts == 2)
    assert again.ok
    assert again.response_s < FIRST_PAUSE_S
