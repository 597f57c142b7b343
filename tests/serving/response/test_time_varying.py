"""Hours of different load: the mixture, the peak, overload."""

import math
from bisect import bisect_right

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchCost
from core.serving.queue.batch_chain import Floats
from core.serving.queue.batch_queue import solve
from core.serving.queue.response_law import LEVELS, Exceedance, ResponseLaw
from core.serving.response.time_varying import fluid_backlog, over_hours
from tests.oracles.serving.queues import peak_percentile


def m_m_1(rate_per_s: float) -> Exceedance | None:
    """Response of one exponential server of mean 1 s."""
    if rate_per_s >= 1:
        return None
    mean_s = 1 / (1 - rate_per_s)
    times = tuple(-mean_s * math.log1p(-level) for level in LEVELS)
    return ResponseLaw(0.0, times, mean_s)


@given(st.floats(0.01, 0.95), st.integers(1, 24))
def test_equal_hours_are_one_hour(rate: float, hours: int) -> None:
    """A steady rate is its own mixture and its own peak."""
    mixed = over_hours([rate] * hours, m_m_1)
    assert mixed is not None
    expected = math.log(20) / (1 - rate)
    assert mixed.all_requests.percentile(0.95) == pytest.approx(expected, rel=1e-9)
    assert peak_percentile(mixed, 0.95) == pytest.approx(expected, rel=1e-9)


def test_hours_weigh_by_their_requests() -> None:
    """Two hours, 0.2 and 0.8 a second: the share above is 0.2 of one and 0.8 of the other."""
    mixed = over_hours([0.2, 0.0, 0.8], m_m_1)
    assert mixed is not None
    expected = 0.2 * math.exp(-3 * 0.8) + 0.8 * math.exp(-3 * 0.2)
    assert mixed.all_requests.share_above(3.0) == pytest.approx(expected, rel=1e-9)


@given(st.lists(st.floats(0.01, 0.95), min_size=2, max_size=24))
def test_the_mixture_lies_between_the_quietest_and_the_busiest_hour(rates: list[float]) -> None:
    """Its percentile is none of the hours' averages, but it is bounded by them."""
    mixed = over_hours(rates, m_m_1)
    assert mixed is not None
    p95 = mixed.all_requests.percentile(0.95)
    quiet, busy = (math.log(20) / (1 - rate) for rate in (min(rates), max(rates)))
    assert quiet * (1 - 1e-9) <= p95 <= busy * (1 + 1e-9)
    assert peak_percentile(mixed, 0.95) == pytest.approx(busy, rel=1e-9)


def test_a_simulated_day_is_the_mixture_of_its_hours() -> None:
    """A day of 24 steps that swings to a load of 0.9 at a batcher: p95 within 3 %."""
    batch_s = BatchCost(0.010, 0.0, 0.001).of_sizes(32)
    peak = 0.9 * 32 / batch_s[-1]
    hours = [peak * (0.5 - 0.5 * math.cos(2 * math.pi * hour / 24)) for hour in range(24)]

    def law_at(rate: float) -> ResponseLaw | None:
        solved = solve(rate, batch_s)
        return None if solved is None else solved.response

    mixed = over_hours(hours, law_at)
    assert mixed is not None
    seen = simulated_day_s(hours, batch_s.tolist(), hour_s=30.0)
    assert mixed.all_requests.percentile(0.95) == pytest.approx(np.quantile(seen, 0.95), rel=0.03)
    at_mean_rate = law_at(float(np.mean(hours)))
    assert at_mean_rate is not None
    assert at_mean_rate.p95_s < 0.9 * np.quantile(seen, 0.95)


def simulated_day_s(rates: list[float], batch_s: list[float], hour_s: float) -> Floats:
    """Sojourn times over a day whose hours are shortened."""
    rng = np.random.default_rng(6)
    arrivals = np.sort(
        np.concatenate(
            [
                (hour + rng.random(rng.poisson(rate * hour_s))) * hour_s
                for hour, rate in enumerate(rates)
            ]
        )
    )
    times, ends = arrivals.tolist(), np.empty(len(arrivals))
    now, served = 0.0, 0
    while served < len(times):
        now = max(now, times[served])
        after = bisect_right(times, now, served, min(len(times), served + len(batch_s)))
        now += batch_s[after - served - 1]
        ends[served:after] = now
        served = after
    sojourn: Floats = ends - arrivals
    return sojourn


def test_an_overloaded_hour_has_no_stationary_answer() -> None:
    """A peak at or above capacity gives None: the backlog says what happens then."""
    assert over_hours([0.2, 1.0], m_m_1) is None


def test_a_backlog_grows_and_drains() -> None:
    """Two seconds of 3 over 2 a second leave 2 waiting; they drain at the idle rate."""
    backlog = fluid_backlog([1, 3, 3, 1.5, 0, 1], capacity_per_s=2.0, interval_s=1.0)
    assert backlog.requests == (0.0, 1.0, 2.0, 1.5, 0.0, 0.0)
    assert backlog.largest_requests == 2.0
    assert backlog.longest_wait_s == 1.0


@given(st.lists(st.floats(0, 10), min_size=1, max_size=48), st.floats(0.1, 10))
def test_a_backlog_is_never_negative_and_falls_with_capacity(
    rates: list[float], capacity: float
) -> None:
    """More capacity never leaves more waiting; none waits below capacity."""
    small, large = fluid_backlog(rates, capacity, 60.0), fluid_backlog(rates, 2 * capacity, 60.0)
    assert min(small.requests) >= 0
    assert all(more >= less for more, less in zip(small.requests, large.requests, strict=True))
    assert (small.largest_requests == 0) == all(rate <= capacity for rate in rates)


def test_nonsense_is_refused() -> None:
    """No hours, no requests, no capacity, negative rates."""
    for wrong in (
        lambda: over_hours([], m_m_1),
        lambda: over_hours([0.0], m_m_1),
        lambda: over_hours([-1.0], m_m_1),
        lambda: over_hours([math.nan], m_m_1),
        lambda: fluid_backlog([1.0], 0.0, 1.0),
        lambda: fluid_backlog([1.0], 1.0, math.inf),
    ):
        with pytest.raises(ModelInputError):
            wrong()
