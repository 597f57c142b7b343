"""GPUs by the second with work that can wait: it rides along, or is gathered into a run a day."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cost.by_replica.per_second import PerSecondBill
from core.cost.by_replica.scale_to_zero import ScaleToZero
from core.cost.by_replica.waiting_work import LEAST_SHARE, WaitingWork
from core.cost.curve.breakdown import CostLine
from core.units import THIRTY_DAYS

SECONDS = THIRTY_DAYS.seconds_per_month
RENT = CostLine("Rent", 576.0, "$0.8/h x 720 h", ("price", "calendar"))


def bill(
    server: ScaleToZero, loads: tuple[float, ...], share: float, carried: float = 20_000.0
) -> PerSecondBill:
    """A replica of so many tokens/s for texts of 500 tokens; half as many more in full batches."""
    peak = max(loads)
    waiting = WaitingWork(share, 1.5 * carried * SECONDS, peak) if share >= LEAST_SHARE else None
    return PerSecondBill(
        server=server,
        relative_load=loads,
        capacity_tokens_per_month=carried * SECONDS,
        tokens_per_request=500.0,
        seconds_per_month=SECONDS,
        replica=RENT,
        waiting_work=waiting,
    )


@st.composite
def servers(draw: st.DrawFn) -> ScaleToZero:
    """Any time-out and cold start; a text takes longer alone than in a full batch."""
    mean_s = draw(st.floats(0.017, 0.2))
    timeout_s = draw(st.one_of(st.just(math.inf), st.floats(0, 3_600)))
    return ScaleToZero(timeout_s, draw(st.floats(0, 600)), mean_s, mean_s**2)


hours = st.one_of(st.just(0.0), st.floats(0.01, 5.0))
days = st.lists(hours, min_size=1, max_size=24).filter(any)
shares = st.one_of(st.sampled_from([0.0, 0.01, 1.0]), st.floats(0, 1))
volumes = st.floats(4, 13).map(lambda exponent: 10.0**exponent)


@settings(max_examples=60, deadline=None)
@given(servers(), days, shares, shares, st.lists(volumes, min_size=1, max_size=8))
def test_more_work_that_can_wait_never_costs_more(
    server: ScaleToZero, day: list[float], one: float, other: float, tokens: list[float]
) -> None:
    """At any volume, up to the 0.1 % that the straight pieces are off."""
    loads = tuple(load * len(day) / sum(day) for load in day)
    less, more = (bill(server, loads, share) for share in sorted((one, other)))
    usd = less.curve().at(np.array(tokens)), more.curve().at(np.array(tokens))
    assert np.all(usd[1] <= usd[0] * (1 + 1e-3) + 1e-6)


@settings(max_examples=60, deadline=None)
@given(servers(), days, shares, volumes)
def test_what_is_paid_for_is_at_least_what_works(
    server: ScaleToZero, day: list[float], share: float, tokens: float
) -> None:
    """So a duty cycle is 1 at most, without a time-out too; and no work is done for nothing."""
    loads = tuple(load * len(day) / sum(day) for load in day)
    running = bill(server, loads, share).running(tokens)
    assert running.at_work is not None
    assert 0 < running.at_work <= running.mean * (1 + 1e-3) + 1e-9


@settings(max_examples=30, deadline=None)
@given(servers(), days, volumes)
def test_the_lines_sum_to_the_curve_where_work_waits(
    server: ScaleToZero, day: list[float], tokens: float
) -> None:
    """The itemised bill and the curve are the same money, and say how it is gathered."""
    loads = tuple(load * len(day) / sum(day) for load in day)
    asked = bill(server, loads, 0.4)
    lines = asked.lines(tokens)
    total = math.fsum(line.usd_per_month for line in lines)
    assert total == pytest.approx(float(asked.curve().at(tokens)), rel=1e-9)
    assert lines[0].explanation.startswith("what can wait")


def test_one_run_a_day_costs_its_work_one_start_and_one_time_out() -> None:
    """30 runs of 167 s at full batches, 20 s of start and 60 s of time-out: 2 hours of 720."""
    gathered = bill(ScaleToZero(60.0, 20.0, 0.02, 0.0004), (1.0,), 1.0)
    tokens = 30 * 5e6
    run_s = 5e6 / 30_000 + 20 + 60
    up = gathered.running(tokens)
    assert up.mean == pytest.approx(30 * run_s / SECONDS, rel=1e-3)
    assert up.waiting_runs_per_day == 1
    assert up.delayed_share == 0
    assert gathered.lines(tokens)[0].explanation.startswith("what can wait: 1 run a day; ")


def test_beside_work_that_cannot_wait_it_rides_along() -> None:
    """No start of its own: what is billed is its batches, in what the GPU would have slept."""
    server = ScaleToZero(0.0, 0.0, 0.02, 0.0004)
    half = bill(server, (1.0,), 0.5)
    tokens = 0.1 * half.capacity_tokens_per_month
    running = half.running(tokens)
    alone_s, batch_s = 0.02 / 500, 1 / 30_000
    each = tokens / SECONDS / 2
    assert running.waiting_runs_per_day == 0
    assert running.mean == pytest.approx(each * (alone_s + batch_s), rel=1e-4)
    assert running.at_work == pytest.approx(running.mean, rel=1e-4)


def test_less_than_one_text_a_day_is_a_run_each() -> None:
    """There is nothing to gather: half a text a day is half a run."""
    rare = bill(ScaleToZero(60.0, 20.0, 0.02, 0.0004), (1.0,), 1.0)
    assert rare.running(0.5 * 30 * 500.0).waiting_runs_per_day == pytest.approx(0.5)


def test_nothing_that_can_wait_is_said_of_nothing() -> None:
    """Neither of a bill without such work."""
    plain = replace(bill(ScaleToZero(60.0, 20.0, 0.02, 0.0004), (1.0,), 0.5), waiting_work=None)
    assert plain.running(1e9).waiting_runs_per_day is None
    assert not plain.lines(1e9)[0].explanation.startswith("what can wait")


@pytest.mark.parametrize("share", [0.77, 0.88])
def test_where_work_first_fills_a_replica_the_curve_has_a_corner(share: float) -> None:
    """It cut the corner by 1 %, and more that can wait then cost more."""
    server = ScaleToZero(60.0, 20.0, 0.011, 0.000121)
    asked = bill(server, (1.0,), share, 30_000.0)
    assert asked.waiting_work is not None
    riding = asked._riding(asked.waiting_work, asked.capacity_tokens_per_month)
    alone_s, batch_s = 0.011 / 500, 1 / 45_000
    full = SECONDS / ((1 - share) * alone_s + share * batch_s)
    near = np.geomspace(0.95, 1.05, 41) * full
    assert asked.curve().at(near) == pytest.approx(576 * riding.up(near).mean(axis=0), rel=1e-6)


@pytest.mark.parametrize("replicas", [1, 2, 3])
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_where_work_that_waits_fills_whole_replicas_the_curve_has_corners(
    replicas: int, share: float
) -> None:
    """Of 20,000 tokens/s that cannot wait, and 30,000 in full batches, with so many of them."""
    asked = bill(ScaleToZero(60.0, 20.0, 0.011, 0.000121), (1.0,), share)
    assert asked.waiting_work is not None
    riding = asked._riding(asked.waiting_work, asked.capacity_tokens_per_month)
    full = replicas * SECONDS / ((1 - share) / 20_000 + share / 30_000)
    near = np.geomspace(0.97, 1.03, 41) * full
    assert asked.curve().at(near) == pytest.approx(576 * riding.up(near).mean(axis=0), rel=1e-6)
