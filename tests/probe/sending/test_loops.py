"""Every schedule against a real server whose truth is known."""

import re
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest

from core.measurement.report import LoadCurve
from core.probe.findings.summary import summarise
from core.probe.records.ending import EndReason
from core.probe.records.probe_plan import (
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    OpenLoop,
    Precision,
    ProbePlan,
    Ramp,
    ServerSweep,
)
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.records.schedules import Schedule
from core.probe.statistics.words import duration
from core.runs.starting.fresh_plan import fresh
from tests.harness.pace import at_our_pace
from tests.probe.records.test_probe_plan import SCHEDULES
from tests.probe.support import Done, carry_out, plan
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess, GroundTruthServer

Start = Callable[..., GroundTruthServer]
StartProcess = Callable[..., GroundTruthProcess]


def measured(run: Done) -> list[Sample]:
    """Measured samples in the order of their places."""
    return sorted((s for s in run.samples if s.phase is Phase.MEASURED), key=lambda s: s.seq)


def load_of(a_plan: ProbePlan) -> LoadCurve:
    """What a plan of rising load finds."""
    report = summarise(a_plan, carry_out(a_plan).samples).report
    assert report is not None
    assert report.load is not None
    return report.load


def whole(run: Done, a_plan: ProbePlan) -> bool:
    """Whether each planned request has one sample."""
    return sorted(s.seq for s in run.samples) == list(range(a_plan.planned))


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: s.kind)
def test_every_schedule_is_carried_out_whole(embedding_server: Start, schedule: Schedule) -> None:
    """One sample for each planned request, each answered, and the server saw as many.

    A sweep of a server leaves out what would show nothing new.
    """
    server = embedding_server()
    a_plan = plan(server.base_url, schedule=schedule)
    run = carry_out(a_plan)
    assert run.ending.reason is EndReason.COMPLETED
    assert whole(run, a_plan) or isinstance(schedule, ServerSweep)
    assert {s.outcome for s in run.samples} == {Outcome.OK}
    assert len(server.truths) == len(run.samples) <= a_plan.planned


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: s.kind)
def test_every_schedule_can_be_cancelled(embedding_server: Start, schedule: Schedule) -> None:
    """In the middle; what is left is recorded as not sent."""
    server = embedding_server(Config(delay=Delay(median_s=0.1)))
    a_plan = plan(server.base_url, schedule=schedule)
    run = carry_out(a_plan, cancelled=lambda samples: len(samples) >= 4)
    assert run.ending.reason is EndReason.CANCELLED
    assert whole(run, a_plan)
    assert len(server.truths) < a_plan.planned


def test_a_closed_loop_never_has_more_in_flight_than_workers(embedding_server: Start) -> None:
    """Three workers: at no time four requests between sending and answer."""

    def scene(slower: int) -> None:
        server = embedding_server(Config(delay=Delay("lognormal", 0.01 * slower, 0.5)))
        run = carry_out(plan(server.base_url, schedule=ClosedLoop(requests=60, workers=3)))
        spans = [(s.sent_ns or 0, s.completed_ns or 0) for s in measured(run)]
        most = max(sum(a <= begin < b for a, b in spans) for begin, _ in spans)
        assert most == 3
        assert all((s.generator_lag_s or 0) < 0.01 * slower for s in measured(run))

    at_our_pace(scene)


def test_a_closed_loop_says_that_it_cannot_see_stalls_and_shows_what_it_missed(
    embedding_server: Start,
) -> None:
    """One request meets the stall; the back-filled tail is far above the measured one."""

    def scene(slower: int) -> None:
        every_s, for_s = 1.0 * slower, 0.4 * slower
        delay = Delay(median_s=0.005 * slower, stall_every_s=every_s, stall_for_s=for_s)
        server = embedding_server(Config(delay=delay))
        a_plan = plan(server.base_url, schedule=ClosedLoop(requests=150))
        summary = summarise(a_plan, carry_out(a_plan).samples)
        assert any("cannot see stalls" in sentence for sentence in summary.warnings)
        assert summary.report is not None
        assert summary.report.back_filled is not None
        assert summary.response_p95.value_s is not None
        assert summary.report.back_filled.p95_s > 5 * summary.response_p95.value_s

    at_our_pace(scene)


def test_more_workers_bring_more_until_the_replicas_are_busy(
    embedding_process: StartProcess,
) -> None:
    """Two replicas of 80 ms: 12.5, 25 and no more than 25 answers/s."""

    def scene(slower: int) -> None:
        server = embedding_process(Config(delay=Delay(median_s=0.08 * slower, replicas=2)))
        a_plan = plan(server.base_url, schedule=ConcurrencySweep(workers=(1, 2, 4), requests=24))
        summary = summarise(a_plan, carry_out(a_plan).samples)
        assert summary.report is not None
        curve = summary.report.load
        assert curve is not None
        one, two, four = (step.answered_per_s * slower for step in curve.steps)
        assert 9 <= one <= 12.6
        assert 1.7 <= two / one <= 2.1
        assert four <= 25.3
        assert curve.knee == 1
        assert "2 at a time" in curve.sentence

    at_our_pace(scene)


def test_a_ramp_stops_at_the_rate_that_is_too_much(embedding_process: StartProcess) -> None:
    """One replica of 10 ms carries less than 100/s; 200/s is tried, 400/s is not."""

    def scene(slower: int) -> None:
        server = embedding_process(Config(delay=Delay(median_s=0.01 * slower, replicas=1)))
        rates = tuple(rate / slower for rate in (20, 50, 200, 400))
        schedule = Ramp(rates_per_s=rates, step_s=1.0 * slower, arrivals="constant")
        slo_s = 0.1 * slower
        limits = {"slo_s": slo_s, "in_flight_cap": 500, "timeout_s": 20.0 * slower}
        a_plan = plan(server.base_url, schedule=schedule, **limits)
        run = carry_out(a_plan)
        assert run.ending.reason is EndReason.SATURATED
        assert whole(run, a_plan)
        assert {s.step for s in measured(run) if s.asked} == {0, 1, 2}
        summary = summarise(a_plan, run.samples)
        assert summary.report is not None
        curve = summary.report.load
        assert curve is not None
        assert curve.knee == 1
        assert [step.saturated for step in curve.steps] == [False, False, True]
        assert curve.goodput_per_s == pytest.approx(rates[1], rel=0.25)
        assert f"the limit is their server: at {rates[2]:g}/s it falls behind" in curve.sentence
        assert (
            f"up to {rates[1]:g} requests/s met the objective of {duration(slo_s)}"
            in curve.sentence
        )
        assert not any("ended early" in sentence for sentence in summary.warnings)

    at_our_pace(scene)


@pytest.mark.parametrize("sign", ["headers", "429"])
def test_a_ramp_stops_at_the_first_sign_of_a_rate_limit(embedding_server: Start, sign: str) -> None:
    """A 429, or fewer requests left than a second at this rate needs."""

    def scene(slower: int) -> None:
        config = (
            Config(requests_left=20 + 20 // slower)
            if sign == "headers"
            else Config(faults={30: "429"})
        )
        server = embedding_server(config)
        schedule = Ramp(rates_per_s=(20 / slower, 40 / slower), step_s=1 * slower)
        a_plan = plan(server.base_url, schedule=schedule)
        run = carry_out(a_plan)
        assert run.ending.reason is EndReason.RATE_LIMIT
        assert whole(run, a_plan)
        # Requests on their way when the sign comes are a few.
        assert len(server.truths) <= (3 + 25 if sign == "headers" else 35)

    at_our_pace(scene)


def test_a_ramp_counts_only_the_steps_that_it_finished(embedding_server: Start) -> None:
    """A limit of 12 a second shows itself at 40/s: few answers there, and nothing follows."""
    server = embedding_server(Config(requests_a_second=12))
    schedule = Ramp(rates_per_s=(3, 40), step_s=1, arrivals="constant")
    curve = load_of(plan(server.base_url, schedule=schedule, slo_s=2.0))
    assert [step.finished for step in curve.steps] == [True, False]
    assert curve.knee == 0
    assert curve.capacity_per_s == pytest.approx(3)
    assert curve.goodput_per_s == curve.capacity_per_s
    assert curve.limited_by == "rate_limit"
    assert re.search(
        r"the limit is their rate limit: at 40/s (\d+ of 12 requests were left"
        r"|\d+ of \d+ requests were refused for it, 12 being allowed)\.$",
        curve.sentence,
    )


def test_a_ramp_says_the_capacity_that_it_saw(embedding_process: StartProcess) -> None:
    """Four replicas of 20 ms answer 200 a second; half of it is all that the lower step shows."""

    def scene(slower: int) -> None:
        server = embedding_process(Config(delay=Delay(median_s=0.02 * slower, replicas=4)))
        low, high = 100 / slower, 400 / slower
        schedule = Ramp(rates_per_s=(low, high), step_s=1.0 * slower, arrivals="constant")
        slo_s = 0.1 * slower
        limits = {"slo_s": slo_s, "in_flight_cap": 500, "timeout_s": 20.0 * slower}
        curve = load_of(plan(server.base_url, schedule=schedule, **limits))
        assert curve.capacity_per_s == pytest.approx(198 / slower, rel=0.1)
        seen = f"Capacity seen: {curve.capacity_per_s:.3g} answers/s at {high:g} requests/s"
        assert seen in curve.sentence
        assert (
            f"; up to {low:g} requests/s met the objective of {duration(slo_s)}" in curve.sentence
        )
        assert curve.sentence.endswith(f"their server: at {high:g}/s it falls behind.")

    at_our_pace(scene)


def test_a_pause_is_no_limit_of_the_server(embedding_process: StartProcess) -> None:
    """0.6 s of every second nothing is answered: the cap grows with those that wait for it."""

    def scene(slower: int) -> None:
        delay = Delay(median_s=0.002 * slower, stall_every_s=1.0 * slower, stall_for_s=0.6 * slower)
        server = embedding_process(Config(delay=delay))
        wish = plan(
            server.base_url, requests=400, rate_per_s=200.0 / slower, timeout_s=20.0 * slower
        )
        a_plan = fresh(wish, {"texts"})
        assert (wish.in_flight_cap, a_plan.in_flight_cap) == (64, 400)
        summary = summarise(a_plan, carry_out(a_plan).samples)
        assert summary.n_failed == 0
        # 0.57 s by itself; a busy machine adds to it, and no cap makes it infinite.
        assert summary.response_p95.value_s is not None
        assert 0.5 * slower < summary.response_p95.value_s < 3 * slower

    at_our_pace(scene)


def test_a_cap_of_ours_that_binds_is_named_as_ours(embedding_process: StartProcess) -> None:
    """Four at a time at 100 ms are 40 a second: the server could do more, and is not blamed."""

    def scene(slower: int) -> None:
        server = embedding_process(Config(delay=Delay(median_s=0.1 * slower)))
        schedule = Ramp(
            rates_per_s=(10 / slower, 200 / slower), step_s=0.5 * slower, arrivals="constant"
        )
        a_plan = plan(server.base_url, schedule=schedule, in_flight_cap=4)
        run = carry_out(a_plan)
        assert run.ending.reason is EndReason.CLIENT_LIMIT
        summary = summarise(a_plan, run.samples)
        assert summary.report is not None
        assert summary.report.load is not None
        assert summary.report.load.limited_by == "client"
        assert not summary.report.load.steps[-1].saturated
        cap = f"at {200 / slower:g}/s its cap of 4 requests in flight was reached."
        assert summary.report.load.sentence.endswith(f"the limit is our client: {cap}")
        assert any("our own cap, not a limit of the endpoint" in said for said in summary.warnings)

    at_our_pace(scene)


def test_batches_show_what_is_fixed_and_what_grows(embedding_process: StartProcess) -> None:
    """10 ms, 1 ms a text and 0.2 ms a token, found again."""

    def scene(slower: int) -> None:
        delay = Delay(
            median_s=0.010 * slower, per_text_s=0.001 * slower, per_token_s=0.0002 * slower
        )
        server = embedding_process(Config(delay=delay))
        schedule = BatchSweep(sizes=(1, 4, 16), characters=(20, 400), repeats=5)
        a_plan = plan(server.base_url, schedule=schedule)
        summary = summarise(a_plan, carry_out(a_plan).samples)
        assert summary.report is not None
        curve = summary.report.batches
        assert curve is not None
        assert curve.fit is not None
        assert curve.fit.per_unit_s is not None
        assert curve.fit.fixed_s / slower == pytest.approx(0.0105, abs=0.002)
        assert curve.fit.per_text_s / slower == pytest.approx(0.001, abs=0.0006)
        assert curve.fit.per_unit_s / slower == pytest.approx(0.0002, rel=0.25)
        assert curve.fit.unit == "token"
        assert curve.best_texts == 16
        assert summary.tokens_per_s == curve.best_tokens_per_s

    at_our_pace(scene)


def test_cold_starts_are_found_at_their_gap(server_process: StartProcess) -> None:
    """A server that falls asleep after 0.25 s of silence and needs 80 ms to wake."""

    def scene(slower: int) -> None:
        delay = Delay(median_s=0.01 * slower, cold_after_s=0.25 * slower, cold_s=0.08 * slower)
        server = server_process(Config(delay=delay))
        gaps_s = (0.05 * slower, 0.12 * slower, 0.5 * slower)
        schedule = ColdStart(gaps_s=gaps_s, repeats=3, follow_ups=3)
        a_plan = plan(server.base_url, schedule=schedule)
        run = carry_out(a_plan)
        summary = summarise(a_plan, run.samples)
        assert summary.report is not None
        curve = summary.report.cold
        assert curve is not None
        assert [gap.cold for gap in curve.gaps] == [False, False, True]
        assert curve.cold_from_s == gaps_s[2]
        said = f"Cold after {duration(gaps_s[2])} of silence, not yet after {duration(gaps_s[1])}"
        assert said in curve.sentence
        assert summary.response_p50.value_s is not None
        assert summary.response_p50.value_s < 0.05 * slower
        ordered = sorted(run.samples, key=lambda s: s.seq)
        for before, after in pairwise(ordered[3:]):
            if after.phase is Phase.COLD:
                silent_s = (after.intended_ns - (before.completed_ns or 0)) / 1e9
                assert silent_s >= schedule.gaps_s[after.step - 1] - 0.001

    at_our_pace(scene)


def test_a_run_stops_once_it_is_precise(embedding_server: Start) -> None:
    """At the first look, after a hundred, where all answers take the same."""

    def scene(slower: int) -> None:
        server = embedding_server(Config(delay=Delay(median_s=0.03 * slower)))
        a_plan = plan(
            server.base_url,
            schedule=OpenLoop(requests=1000, rate_per_s=200 / slower),
            stop_at=Precision(quantile=0.5, factor=1.3),
        )
        run = carry_out(a_plan)
        assert run.ending.reason is EndReason.PRECISE
        assert run.ending.sentence == ""
        assert whole(run, a_plan)
        assert 100 <= sum(s.asked for s in run.samples) < 250
        assert {s.detail for s in run.samples if not s.asked} == {
            "the wanted precision was reached"
        }

    at_our_pace(scene)


def test_a_run_ends_at_its_longest_time(embedding_server: Start) -> None:
    """Workers that would go on for minutes are stopped after half a second."""
    server = embedding_server(Config(delay=Delay(median_s=0.05)))
    a_plan = plan(server.base_url, schedule=ClosedLoop(requests=9000), longest_s=0.5)
    began = time.monotonic()
    run = carry_out(a_plan)
    assert time.monotonic() - began < 60
    assert run.ending.reason is EndReason.OUT_OF_TIME
    assert whole(run, a_plan)
    assert Counter(s.asked for s in run.samples)[True] < 30
