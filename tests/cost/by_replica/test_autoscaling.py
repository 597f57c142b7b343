"""Replicas that follow the load."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cost.by_replica.autoscaling import hours_alike
from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.by_replica.replicas import replicas_needed
from core.cost.curve.breakdown import CostLine
from core.errors import ModelInputError
from tests.oracles.reservations import (
    Autoscaler,
    autoscale,
    autoscaled_usd_per_month,
    best_reservation,
    peak_replicas,
)

rate_rows = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=30).map(np.array)
delays = st.one_of(st.integers(0, 40).map(float), st.floats(0.0, 40.0))
scalers = st.builds(
    Autoscaler, st.floats(1.0, 50.0), st.integers(0, 3), delays, delays, st.integers(0, 2)
)


@settings(deadline=None)
@given(rate_rows, scalers, st.floats(0.0, 1.0))
def test_at_any_moment_the_fleet_is_the_highest_need_around(
    rates: np.ndarray, scaler: Autoscaler, part: float
) -> None:
    """R(t) = max of the need over [t - cooldown, t + startup], hours wrapping round."""
    schedule = autoscale(rates, scaler)
    needed = replicas_needed(rates, scaler.capacity, scaler.minimum, scaler.spare)
    moment = part * rates.size
    first = math.floor(moment - scaler.cooldown_hours)
    last = math.floor(moment + scaler.startup_hours)
    # A window's end exactly on the hour belongs to either side.
    ends = (moment - scaler.cooldown_hours, moment + scaler.startup_hours, moment)
    if any(abs(end - round(end)) < 1e-6 for end in ends):
        return
    highest = max(needed[h % rates.size] for h in range(first, last + 1))
    stretch = int(np.searchsorted(schedule.start_hours, moment, side="right")) - 1
    assert schedule.replicas[stretch] == highest


@settings(deadline=None)
@given(rate_rows, scalers)
def test_the_stretches_fill_the_period(rates: np.ndarray, scaler: Autoscaler) -> None:
    """They follow each other without gap or overlap."""
    schedule = autoscale(rates, scaler)
    assert schedule.period_hours == pytest.approx(rates.size, rel=1e-12)
    ends = schedule.start_hours + schedule.lengths_hours
    assert ends[:-1] == pytest.approx(schedule.start_hours[1:], abs=1e-9)
    assert schedule.start_hours[0] == 0


@settings(deadline=None)
@given(rate_rows, scalers)
def test_it_lies_between_the_need_and_the_peak(rates: np.ndarray, scaler: Autoscaler) -> None:
    """Never fewer than an instant fleet, never more than one for the peak."""
    needed = replicas_needed(rates, scaler.capacity, scaler.minimum, scaler.spare)
    schedule = autoscale(rates, scaler)
    assert needed.mean() - 1e-9 <= schedule.mean_replicas <= needed.max() + 1e-9
    assert peak_replicas(schedule) == needed.max()


def test_fractions_of_an_hour_are_exact() -> None:
    """One busy hour of four; started a quarter of an hour early, kept half an hour late."""
    rates = np.array([0.0, 10.0, 0.0, 0.0])
    schedule = autoscale(rates, Autoscaler(10.0, 0, startup_hours=0.25, cooldown_hours=0.5))
    assert schedule.mean_replicas == pytest.approx((1 + 0.25 + 0.5) / 4, rel=1e-12)
    usd = autoscaled_usd_per_month(schedule, 2.0, 730.0)
    assert usd == pytest.approx(2.0 * 730 * 1.75 / 4, rel=1e-12)


def test_without_delays_it_is_the_need_of_each_hour() -> None:
    """An instant fleet."""
    rates = np.array([0.0, 5.0, 10.0, 10.1, 35.0])
    schedule = autoscale(rates, Autoscaler(10.0, minimum=0))
    assert schedule.replicas.tolist() == [0, 1, 1, 2, 4]


def test_no_load_at_all_is_free() -> None:
    """Scaled to zero for good."""
    schedule = autoscale(np.zeros(24), Autoscaler(10.0, minimum=0, cooldown_hours=5))
    assert autoscaled_usd_per_month(schedule, 2.0, 730.0) == 0


def test_an_endless_cooldown_is_a_fixed_fleet() -> None:
    """Longer than the period, however long."""
    for hours in (3.0, 1e300):
        schedule = autoscale(np.array([1.0, 30.0, 1.0]), Autoscaler(10.0, cooldown_hours=hours))
        assert schedule.mean_replicas == 3


@settings(deadline=None)
@given(rate_rows, scalers, st.floats(0.1, 5.0), st.floats(0.0, 1.2))
def test_the_best_reservation_is_used_enough(
    rates: np.ndarray, scaler: Autoscaler, usd: float, ratio: float
) -> None:
    """Each reserved replica runs for at least the price ratio of the time, no other for more."""
    schedule = autoscale(rates, scaler)
    k = best_reservation(schedule, usd, ratio * usd)

    def used(count: int) -> float:
        up = schedule.lengths_hours[schedule.replicas >= count].sum()
        return float(up) / schedule.period_hours

    if k > 0:
        assert used(k) >= ratio - 1e-9
    if k < peak_replicas(schedule):
        assert used(k + 1) <= ratio + 1e-9
    reserved = autoscaled_usd_per_month(schedule, usd, 730.0, k, ratio * usd)
    assert reserved <= autoscaled_usd_per_month(schedule, usd, 730.0) * (1 + 1e-12)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((0.0,), "capacity of a replica"),
        ((math.nan,), "capacity of a replica"),
        ((1.0, -1), "minimum of replicas"),
        ((1.0, 1, -1.0), "start-up in hours"),
        ((1.0, 1, 0.0, math.inf), "cooldown in hours"),
        ((1.0, 1, 0.0, 0.0, -1), "spare replicas"),
    ],
)
def test_impossible_scalers_are_refused(arguments: tuple[float], field: str) -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match=field):
        Autoscaler(*arguments)


def test_other_impossible_arguments_are_refused() -> None:
    """No hours, negative load, negative prices."""
    with pytest.raises(ModelInputError, match="hourly rates must be a row"):
        autoscale(np.array([]), Autoscaler(1.0))
    with pytest.raises(ModelInputError, match="rate must be at least 0"):
        autoscale(np.array([-1.0]), Autoscaler(1.0))
    schedule = autoscale(np.ones(3), Autoscaler(1.0))
    with pytest.raises(ModelInputError, match="price of a replica hour"):
        autoscaled_usd_per_month(schedule, -1.0, 730.0)
    with pytest.raises(ModelInputError, match="hours a month"):
        autoscaled_usd_per_month(schedule, 1.0, 0.0)
    with pytest.raises(ModelInputError, match="price of a reserved replica hour"):
        autoscaled_usd_per_month(schedule, 1.0, 730.0, 1, math.nan)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(0.0, 100.0), min_size=1, max_size=30).filter(any),
    st.floats(0.5, 500.0),
    st.floats(0.0, 30.0),
    st.floats(0.0, 30.0),
    st.integers(1, 3),
)
def test_hours_alike_make_the_same_fleet(
    hours: list[float], capacity: float, startup: float, cooldown: float, minimum: int
) -> None:
    """At every capacity a bill by groups of hours has the mean replicas of the schedule."""
    rates = np.array(hours)
    scaler = Autoscaler(capacity, minimum, startup, cooldown)
    schedule = autoscale(rates, scaler)
    groups = hours_alike(rates, startup, cooldown)
    assert sum(part.share for part in groups) == pytest.approx(1)
    rent = CostLine("Rent", 1.0, "rent")
    peak = float(rates.max())
    bill = HostedBill(capacity / peak, 0, 0.0, rent, minimum_replicas=minimum, hours=groups)
    assert bill.mean_replicas(1.0) == pytest.approx(schedule.mean_replicas, rel=1e-9)
