"""How much a server answers at once, by samples whose times are known."""

from dataclasses import replace

import pytest

from core.probe.records.probe_plan import ServerSweep
from core.probe.records.sample import Outcome, Sample
from core.probe.statistics.of_server.server_loads import (
    answered_per_s,
    at_half,
    brings_more,
    keeps_objective,
    may_bring_more,
    most_answered_per_s,
    texts_under_load,
)
from tests.probe.support import plan, sample

SWEEP = ServerSweep(
    sizes=(1, 4, 16),
    tokens=(16,),
    load_tokens=16,
    workers=(1, 2),
    rounds=2,
    shares=(0.2, 0.6),
    load_requests=4,
)
PLAN = plan("http://127.0.0.1:9/v1", schedule=SWEEP, slo_s=1.0)
LOADS = [step for step, _ in SWEEP.loads]


def at(begins: float, took: float, step: int, texts: int = 1) -> Sample:
    """An answer that was due, and sent, at a moment, s."""
    made, begins_ns = sample(0, took, step=step, texts=texts), round(begins * 1e9)
    ends_ns = begins_ns + round(took * 1e9)
    return replace(made, intended_ns=begins_ns, sent_ns=begins_ns, completed_ns=ends_ns)


@pytest.mark.parametrize(
    ("times", "texts"),
    [
        ({1: 0.01, 4: 0.02, 16: 0.08}, 4),  # 5 ms a text, as with 16: the smaller is as good
        ({1: 0.01, 4: 0.03, 16: 0.05}, 16),
        ({1: 0.01, 4: 0.03, 16: 0.60}, 4),  # 16 leave no room to wait within the objective
        ({1: 0.70, 4: 0.80, 16: 0.90}, 1),  # none does: the quickest there is
    ],
)
def test_the_best_batch_within_the_objective_is_sent_under_load(
    times: dict[int, float], texts: int
) -> None:
    """The least time a text, with half of the objective left for waiting."""
    samples = [at(i, took, step) for i, (step, took) in enumerate(enumerate(times.values()))]
    assert texts_under_load(PLAN, samples) == texts
    assert texts_under_load(PLAN, []) is None


def test_answers_a_second_are_those_of_a_loop_that_was_carried_out_whole() -> None:
    """From the first sending to the last answer; a loop that was broken off counts for nothing."""
    (first, _), (second, _) = SWEEP.loops
    one = [at(0, 0.5, first), at(0.5, 0.5, first)]
    assert answered_per_s(one) == pytest.approx(2.0)
    broken_off = [at(2, 0.1, second)]
    assert most_answered_per_s(SWEEP, [*one, *broken_off]) == pytest.approx(2.0)
    assert answered_per_s([]) == most_answered_per_s(SWEEP, []) == 0.0


def test_a_tenth_more_is_more() -> None:
    """The first number of workers always is; noise is not."""
    assert brings_more([1.0])
    assert brings_more([1.0, 1.2])
    assert not brings_more([1.0, 2.0, 2.1])


def test_one_number_of_workers_that_brought_no_more_ends_nothing() -> None:
    """A stall of a moment looks like the end: two in a row are believed."""
    assert may_bring_more([1.0])
    assert may_bring_more([1.0, 0.4])
    assert may_bring_more([1.0, 2.0, 2.1])
    assert may_bring_more([1.0, 0.4, 2.0])
    assert not may_bring_more([1.0, 2.0, 2.1, 2.1])
    assert not may_bring_more([1.0, 0.9, 1.0])


def test_a_rate_is_kept_within_the_objective_and_without_falling_behind() -> None:
    """Not with a failure, a p95 above it, or answers slower than the requests come in."""
    good = [at(i, 0.2, LOADS[0]) for i in range(4)]
    assert keeps_objective(PLAN, good)
    assert not keeps_objective(PLAN, [])
    failed = replace(good[0], outcome=Outcome.SERVER_ERROR, completed_ns=None)
    assert not keeps_objective(PLAN, [failed, *good[1:]])
    assert not keeps_objective(PLAN, [at(i, 1.5, LOADS[0]) for i in range(4)])
    slower = [at(0.1 * i, 0.2 + 0.2 * i, LOADS[0]) for i in range(4)]
    assert not keeps_objective(PLAN, slower)


def test_the_latency_is_that_of_the_load_nearest_to_half() -> None:
    """And before there was any load, that of the smallest requests."""
    cells = [at(0, 0.1, 0), at(1, 0.3, 2)]
    assert at_half(SWEEP, cells) == cells[:1]
    loads = [at(5, 0.2, LOADS[0]), at(9, 0.4, LOADS[1])]
    assert at_half(SWEEP, [*cells, *loads]) == loads[1:]
