"""From samples to numbers: what counts, what does not, and what is said about it."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.findings.cautions import cautions
from core.probe.findings.summary import summarise
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.statistics.estimates import estimate
from tests.probe.support import plan, sample

PLAN = plan("http://127.0.0.1:9/v1", requests=100)
TIMES = st.lists(st.floats(0.001, 10), min_size=1, max_size=120)


def varied(n: int, **changes: Any) -> list[Sample]:
    """Measured samples whose neighbours do not resemble each other."""
    return [sample(i, 0.1 + 0.01 * ((i * 37) % 11), **changes) for i in range(n)]


def said(samples: list[Sample]) -> str:
    """Everything that is said about these samples."""
    return " ".join(cautions(PLAN, samples))


@given(TIMES, st.randoms(use_true_random=False))
def test_the_order_in_which_samples_come_does_not_matter(
    times: list[float], random: object
) -> None:
    """Samples arrive in completion order; the summary is of the set."""
    samples = [sample(i, t) for i, t in enumerate(times)]
    shuffled = list(samples)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types it as object
    assert summarise(PLAN, shuffled) == summarise(PLAN, samples)


@given(TIMES, st.sampled_from([0.5, 0.95, 0.99]))
def test_an_interval_contains_its_percentile(times: list[float], q: float) -> None:
    """Low <= value <= high wherever they exist."""
    found = estimate(times, q)
    assert found.value_s is not None
    assert found.low_s is None or found.low_s <= found.value_s + 1e-12
    assert found.high_s is None or found.value_s <= found.high_s + 1e-12


def test_response_counts_from_the_intended_start_and_service_from_the_sending() -> None:
    """A request that our own client sent late is slow for its user all the same."""
    summary = summarise(PLAN, [sample(i, 0.1, lag_s=0.4) for i in range(80)])
    assert summary.response_p50.value_s == pytest.approx(0.5)
    assert summary.service_p50.value_s == pytest.approx(0.1)
    assert summary.generator_lag_p95_s == pytest.approx(0.4)


def test_the_cold_call_and_the_warm_up_stay_out_of_the_percentiles() -> None:
    """The first call is its own number."""
    samples = [
        sample(0, 9.0, phase=Phase.COLD, tokens_billed=5),
        sample(1, 5.0, phase=Phase.WARM_UP, tokens_billed=5),
        *varied(80, tokens_billed=5),
    ]
    summary = summarise(PLAN, samples)
    assert summary.cold_start_s == pytest.approx(9.0)
    assert summary.n_ok == 80
    assert summary.response_p99.value_s is not None
    assert summary.response_p99.value_s < 1
    assert summary.tokens_billed == 5 * 82


def test_failures_are_infinitely_slow() -> None:
    """6 % failures reach into the p95 and not into the median."""
    failed = [sample(i, 0.001, outcome=Outcome.SERVER_ERROR) for i in range(6)]
    summary = summarise(PLAN, [*failed, *(sample(6 + i) for i in range(94))])
    assert (summary.n_ok, summary.n_failed) == (94, 6)
    assert summary.response_p95.value_s is None
    assert summary.response_p50.value_s == pytest.approx(0.1)
    assert summary.response_p50.high_s == pytest.approx(0.1)
    assert summary.errors == (("server_error", 6),)


def test_requests_that_were_never_sent_say_nothing_of_the_endpoint() -> None:
    """A cancelled run is judged by what it asked; what was in flight counts as not answered."""
    unsent = [
        sample(90 + i, outcome=Outcome.CANCELLED, sent_ns=None, completed_ns=None) for i in range(5)
    ]
    in_flight = sample(99, outcome=Outcome.CANCELLED, completed_ns=None)
    summary = summarise(PLAN, [*varied(80), *unsent, in_flight])
    assert (summary.n_ok, summary.n_failed) == (80, 1)
    assert summary.response_p99.value_s is None
    assert summary.response_p50.value_s is not None


def test_below_72_requests_the_p95_has_no_upper_bound_and_it_is_said_how_many_are_missing() -> None:
    """71 requests: at least, not at most."""
    few, enough = summarise(PLAN, varied(71)), summarise(PLAN, varied(72))
    assert few.response_p95.high_s is None
    assert few.response_p95.low_s is not None
    assert enough.response_p95.high_s is not None
    assert "1 more are needed (72 in all)" in " ".join(few.warnings)
    assert "more are needed" not in " ".join(enough.warnings)


def test_an_empty_run_has_no_numbers() -> None:
    """Nothing measured is None, never 0."""
    summary = summarise(PLAN, [])
    assert summary.response_p50.value_s is None
    assert summary.cold_start_s is None
    assert summary.tokens_billed is None
    assert summary.tokens_per_s is None


def test_tokens_per_second_is_over_the_service_time() -> None:
    """50 tokens in 0.1 s each, however late they were sent."""
    summary = summarise(PLAN, [sample(i, 0.1, lag_s=1, tokens_billed=50) for i in range(10)])
    assert summary.tokens_per_s == pytest.approx(500)


def test_the_local_engines_queue_does_not_lower_its_throughput() -> None:
    """A request that waited 0.9 s for an engine that needs 0.1 s did 50 tokens in 0.1 s."""
    queued = [sample(i, 1.0, tokens_billed=50, server_ms=100.0) for i in range(10)]
    assert summarise(plan(), queued).tokens_per_s == pytest.approx(500)
    assert summarise(PLAN, queued).tokens_per_s == pytest.approx(50)


def test_a_quiet_run_gets_no_warning() -> None:
    """80 independent answers, sent in time, over one connection, all billed."""
    assert cautions(PLAN, varied(80, tokens_billed=5)) == ()


def test_a_late_client_is_named() -> None:
    """Lag beside the service time, not in absolute terms."""
    assert "bottleneck" in said(varied(80, lag_s=0.05))
    assert "bottleneck" not in said(varied(80, lag_s=0.002))


def test_refusals_by_our_own_cap_are_told_from_failures_of_the_endpoint() -> None:
    """The reader learns that the endpoint fell behind, and which cap spoke."""
    refused = [
        sample(80 + i, outcome=Outcome.REFUSED_BY_CAP, sent_ns=None, completed_ns=None)
        for i in range(10)
    ]
    words = said([*varied(80), *refused])
    assert "10 of 90 arrivals were refused because 64 requests" in words
    assert "failed" not in words
    assert summarise(PLAN, [*varied(80), *refused]).response_p95.value_s is None


def test_drift_and_resemblance_are_noticed() -> None:
    """A latency that climbs through the run."""
    climbing = [sample(i, 0.1 + 0.01 * i) for i in range(80)]
    words = said(climbing)
    assert "Latency rose during the run" in words
    assert "resemble each other" in words


def test_other_limits_are_said() -> None:
    """Connections, missing usage, rate limits, an early end, a failed first call."""
    assert "opened a connection" in said(varied(80, new_connection=True))
    assert "did not say how many tokens" in said(varied(80))
    assert "down to 12" in said(varied(80, requests_left=12))
    assert "down to" not in said(varied(80, requests_left=12_000))
    unsent = sample(1, outcome=Outcome.OVER_BUDGET, sent_ns=None, completed_ns=None)
    assert "spending cap was reached): 1 of 2" in said([sample(0), unsent])
    cold = sample(0, phase=Phase.COLD, outcome=Outcome.TIMEOUT)
    assert "first call failed (timeout)" in said([cold])


@given(TIMES)
def test_no_number_is_ever_infinite(times: list[float]) -> None:
    """What cannot be said is None: an infinity would not survive JSON."""
    failed = [sample(1000 + i, outcome=Outcome.RESET) for i in range(len(times))]
    summary = summarise(PLAN, [*(sample(i, t) for i, t in enumerate(times)), *failed])
    for found in (summary.response_p50, summary.response_p95, summary.service_p95):
        for number in (found.value_s, found.low_s, found.high_s):
            assert number is None or math.isfinite(number)
    assert type(summary).model_validate_json(summary.model_dump_json()) == summary
