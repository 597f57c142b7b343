"""What a run found beyond its percentiles, from samples whose truth is known."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from core.measurement.latency import LatencySummary
from core.measurement.report import RunReport
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import ClosedLoop, ColdStart, ConcurrencySweep, OpenLoop, Ramp
from core.probe.records.sample import Outcome, Phase, Sample
from tests.probe.support import plan, sample

URL = "http://127.0.0.1:9/v1"
PLAN = plan(URL, requests=80)


def report_of(samples: list[Sample]) -> RunReport:
    """The report of an open loop."""
    found = summarise(PLAN, samples).report
    assert found is not None
    return found


def test_the_network_is_what_the_server_does_not_claim() -> None:
    """100 ms in all, 60 by its own word, of which 10 in its queue and 45 in its model."""
    told: dict[str, Any] = {"server_ms": 60.0, "server_queue_ms": 10.0, "server_inference_ms": 45.0}
    share = report_of([sample(i, 0.1, **told) for i in range(5)] + [sample(5, 0.1)]).server
    assert share is not None
    assert share.n == 5
    assert share.server_s == pytest.approx(0.06)
    assert share.network_s == pytest.approx(0.04)
    assert share.queue_s == pytest.approx(0.01)
    assert share.inference_s == pytest.approx(0.045)
    assert share.tokenization_s is None
    assert report_of([sample(0, 0.1)]).server is None


def test_the_first_byte_is_counted_from_the_sending_and_a_failure_has_none() -> None:
    """30 of 100 ms to the first byte; three failures of forty leave the p95 without an end."""
    half = [replace(s, first_byte_ns=(s.sent_ns or 0) + 30_000_000) for s in _answers(40)]
    found = report_of(half)
    assert found.first_byte_p50 is not None
    assert found.first_byte_p50.value_s == pytest.approx(0.03)
    failed = [sample(i, outcome=Outcome.TIMEOUT) for i in range(3)]
    found = report_of(failed + half[3:])
    assert found.first_byte_p95 is not None
    assert found.first_byte_p95.value_s is None
    assert report_of(_answers(40)).first_byte_p50 is None


def test_the_rate_of_answers_leaves_out_failures_and_what_came_too_late() -> None:
    """Forty requests at one a second: ten fail and ten take longer than the objective."""
    own = plan(URL, schedule=OpenLoop(requests=40, rate_per_s=1.0), slo_s=0.2)
    samples = [sample(i, 0.1) for i in range(20)] + [sample(20 + i, 0.5) for i in range(10)]
    samples += [sample(30 + i, outcome=Outcome.TIMEOUT) for i in range(10)]
    found = summarise(own, samples).report
    assert found is not None
    assert found.answered_per_s == pytest.approx(30 / 40)
    assert found.good_per_s == pytest.approx(20 / 40)
    assert report_of(_answers(40)).good_per_s is None


def _answers(count: int) -> list[Sample]:
    return [sample(i, 0.1) for i in range(count)]


def test_failures_have_plain_percentiles_beside_the_adjusted_ones() -> None:
    """Ten of a hundred fail: the p95 is out of reach, that of the answers is not."""
    samples = [sample(i, 0.1) for i in range(90)]
    samples += [sample(90 + i, outcome=Outcome.TIMEOUT) for i in range(10)]
    summary = summarise(PLAN, samples)
    assert summary.response_p95.value_s is None
    assert summary.report is not None
    assert summary.report.plain is not None
    assert summary.report.plain.p95_s == pytest.approx(0.1)
    assert summary.report.failure_rate_high is None
    assert report_of([sample(i, 0.1) for i in range(90)]).plain is None


def test_no_failure_bounds_the_failure_rate() -> None:
    """None in eighty: fewer than 3.7 % with 95 % confidence."""
    found = report_of([sample(i, 0.1) for i in range(80)])
    assert found.failure_rate_high == pytest.approx(1 - 0.05 ** (1 / 80))


def test_small_samples_have_one_sided_bounds_in_sentences() -> None:
    """Below 59 only 'at least', from 59 on 'at most' too, from 72 on an interval instead."""
    by_n = {
        n: report_of([sample(i, 0.001 * (i + 1)) for i in range(n)]).bounds for n in (30, 60, 80)
    }
    assert by_n[30][0].startswith("The p95 is at least")
    assert not any("p95 is at most" in sentence for sentence in by_n[30])
    assert "The p95 is at most 60 ms, with 95 % confidence (60 requests)." in by_n[60]
    assert not any("p95" in sentence for sentence in by_n[80])
    assert any("p99 is at least" in sentence for sentence in by_n[80])


def test_the_missing_requests_follow_from_the_spread() -> None:
    """A spread of 0.5 needs 473 requests for 10 %; 80 are there."""
    quantiles = [math.exp(0.5 * z) for z in _normal_scores(80)]
    found = report_of([sample(i, 0.02 * q) for i, q in enumerate(quantiles)])
    assert found.more_requests == pytest.approx(473 - 80, abs=20)
    assert report_of([sample(i, 0.1) for i in range(10)]).more_requests is None


def _normal_scores(n: int) -> list[float]:
    """Values with mean 0 and standard deviation 1, in an order without a pattern."""
    values = [math.sin(12.9898 * i) * 43758.5453 % 1 for i in range(n)]
    mean = sum(values) / n
    spread = math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1))
    return [(v - mean) / spread for v in values]


def test_a_closed_loop_fills_in_what_it_did_not_send() -> None:
    """Fifty answers in 10 ms and one in a second stand for a hundred and forty-nine."""
    a_plan = plan(URL, schedule=ClosedLoop(requests=51))
    samples = [sample(i, 0.01) for i in range(50)] + [sample(50, 1.0)]
    found = summarise(a_plan, samples).report
    assert found is not None
    assert found.back_filled is not None
    assert found.back_filled.p50_s == pytest.approx(0.26, rel=0.1)


def test_a_late_generator_is_client_bound() -> None:
    """Half of the service time late is too much, a hundredth is not."""
    assert report_of([sample(i, 0.1, lag_s=0.05) for i in range(50)]).client_bound
    assert not report_of([sample(i, 0.1, lag_s=0.001) for i in range(50)]).client_bound


def test_the_percentiles_of_a_sweep_are_those_of_its_lowest_load() -> None:
    """A mixture of loads would describe none of them."""
    a_plan = plan(URL, schedule=ConcurrencySweep(workers=(1, 8), requests=10))
    samples = [sample(i, 0.01 if i < 10 else 0.5, step=i // 10) for i in range(20)]
    summary = summarise(a_plan, samples)
    assert summary.response_p50.value_s == pytest.approx(0.01)
    assert summary.n_ok == 20
    assert not any("rose during the run" in sentence for sentence in summary.warnings)


def test_a_ramp_without_an_objective_has_its_knee_where_the_tail_doubles() -> None:
    """Three rates at 20, 30 and 90 ms."""
    a_plan = plan(URL, schedule=Ramp(rates_per_s=(1, 2, 4), step_s=5))
    steps = [0] * 5 + [1] * 10 + [2] * 20
    samples = [sample(i, (0.02, 0.03, 0.09)[step], step=step) for i, step in enumerate(steps)]
    found = summarise(a_plan, samples).report
    assert found is not None
    assert found.load is not None
    assert found.load.knee == 1
    assert found.load.goodput_per_s is None


def test_a_slow_connection_is_not_a_cold_model() -> None:
    """First calls that open a connection are slow as a whole, ready as quick as warm ones."""
    a_plan = plan(URL, schedule=ColdStart(gaps_s=(1.0,), repeats=3, follow_ups=3))
    samples = [sample(0, 0.3, phase=Phase.COLD)]
    for _ in range(3):
        due_s = len(samples)
        stood_ns = due_s * 10**9 + 280_000_000
        opened: dict[str, Any] = {"new_connection": True, "connected_ns": stood_ns}
        samples.append(sample(due_s, 0.3, phase=Phase.COLD, step=1, **opened))
        samples += [sample(due_s + 1 + i, 0.02, step=1) for i in range(3)]
    found = summarise(a_plan, samples).report
    assert found is not None
    assert found.cold is not None
    (gap,) = found.cold.gaps
    assert gap.opened == 3
    assert not gap.cold
    assert gap.first_p50.value_s == pytest.approx(0.3)
    assert gap.ready_p50.value_s == pytest.approx(0.02)
    assert found.cold.cold_from_s is None


def test_what_an_older_version_stored_still_loads() -> None:
    """Without report, overhead and rivals, as every summary was before there were any."""
    stored = json.loads(summarise(PLAN, [sample(i, 0.1) for i in range(80)]).model_dump_json())
    for name in ("report", "overhead", "rivals"):
        del stored[name]
    old = LatencySummary.model_validate_json(json.dumps(stored))
    assert old.report is None
    assert old.rivals == ()
