"""The load-duration curve and what lies above and below a capacity."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.load.hourly_load import daily_profile
from core.errors import ModelInputError
from core.units import AVERAGE_MONTH
from tests.oracles.hybrid.load_duration import burst_spill, load_duration, monthly_load_duration
from tests.oracles.profiles import flat_profile

rate_rows = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=168).map(np.array)
capacities = st.floats(0.0, 2e6)


@given(rate_rows, capacities)
def test_what_lies_above_is_the_sum_over_hours(rates: np.ndarray, capacity: float) -> None:
    """3600 sum (x_h - K)+, and the rest below it."""
    curve = load_duration(rates, float(rates.size))
    above = math.fsum(3_600 * max(0.0, x - capacity) for x in rates)
    below = math.fsum(3_600 * min(x, capacity) for x in rates)
    # The difference of two large sums is as exact as those are.
    noise = 1e-12 * curve.total
    assert float(curve.above(capacity)) == pytest.approx(above, rel=1e-9, abs=noise)
    assert float(curve.below(capacity)) == pytest.approx(below, rel=1e-9, abs=noise)


@given(rate_rows, st.floats(0.0, 1e6), st.floats(1.0, 1e6))
def test_the_curve_is_the_slope_of_what_lies_above(
    rates: np.ndarray, low: float, width: float
) -> None:
    """Between two levels the integral of L lies between its values there, times the width."""
    curve = load_duration(rates, 730.0)
    integral = float(curve.above(low) - curve.above(low + width))
    noise = 1e-9 * curve.total
    assert integral <= 3_600 * width * float(curve.hours_above(low)) + noise
    assert integral >= 3_600 * width * float(curve.hours_above(low + width)) - noise


@given(rate_rows)
def test_the_ends_of_the_curve(rates: np.ndarray) -> None:
    """Above no capacity lies everything, above the peak nothing, exactly."""
    curve = load_duration(rates, 720.0)
    assert float(curve.above(0.0)) == curve.total
    assert float(curve.above(curve.peak_rate)) == 0
    assert float(curve.hours_above(curve.peak_rate)) == 0
    assert curve.total == pytest.approx(float(rates.mean()) * 720 * 3_600, rel=1e-9)


@given(rate_rows, st.floats(0.0, 1.0))
def test_a_rate_is_exceeded_for_no_longer_than_asked(rates: np.ndarray, share: float) -> None:
    """And any lower rate of the row is exceeded for longer."""
    curve = load_duration(rates, 730.0)
    rate = curve.rate_exceeded_for(share)
    assert float(curve.hours_above(rate)) <= share * 730 * (1 + 1e-9)
    lower = rates[rates < rate]
    if lower.size:
        assert float(curve.hours_above(lower.max())) > share * 730 * (1 - 1e-9)


def test_a_months_volume_lies_under_its_curve() -> None:
    """150 B tokens a month in any rhythm are 150 B tokens."""
    for profile in (flat_profile(), daily_profile(3.0)):
        curve = monthly_load_duration(profile, 150e9, AVERAGE_MONTH)
        assert curve.total == pytest.approx(150e9, rel=1e-12)
        assert curve.hours == pytest.approx(730)
        mean = 150e9 / (730 * 3_600)
        assert curve.peak_rate == pytest.approx(mean * profile.peak_to_mean, rel=1e-12)


def test_many_capacities_at_once() -> None:
    """Shapes are kept."""
    curve = load_duration(np.array([1.0, 2.0, 3.0]), 3.0)
    assert (curve.above(np.array([[0.0, 1.0], [2.5, 9.0]])) / 3_600).tolist() == [
        [6.0, 3.0],
        [0.5, 0.0],
    ]


@given(st.floats(0.1, 1e4), st.floats(0.0, 3.0), st.floats(0.01, 2.0))
def test_bursts_spill_what_integration_says(mean: float, ratio: float, cv: float) -> None:
    """The loss sd (phi(z) - z (1 - Phi(z))) is the integral of (x - K)+ over a normal density."""
    capacity, sd = ratio * mean, cv * mean
    z = np.linspace(min(max((capacity - mean) / sd, -14.0), 14.0), 14.0, 20_001)
    excess = (mean + sd * z - capacity) * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    step = z[1] - z[0]
    simpson = excess[0] + excess[-1] + 4 * excess[1:-1:2].sum() + 2 * excess[2:-1:2].sum()
    exact = min(mean, step / 3 * simpson)
    spilled = float(burst_spill(np.array(mean), capacity, cv))
    assert spilled == pytest.approx(exact, rel=1e-8, abs=1e-12 * mean)


@given(st.floats(0.0, 1e4), st.floats(0.0, 2e4), st.floats(0.0, 2.0), st.floats(0.0, 1.0))
def test_wilder_bursts_spill_more(mean: float, capacity: float, cv: float, more: float) -> None:
    """Spill rises with the variation, from (x - K)+ without any, never above the load."""
    calm, wild = (float(burst_spill(np.array(mean), capacity, c)) for c in (cv, cv + more))
    noise = 1e-12 * mean
    assert max(0.0, mean - capacity) <= calm <= wild + noise
    assert wild <= mean
    assert float(burst_spill(np.array(mean), capacity, 0.0)) == max(0.0, mean - capacity)


@pytest.mark.parametrize(
    ("rates", "hours", "field"),
    [
        (np.array([]), 730.0, "hourly rates must be a row"),
        (np.array([1.0, -1.0]), 730.0, "hourly rates must be at least 0"),
        (np.array([math.nan]), 730.0, "hourly rates must be at least 0"),
        (np.array([1.0]), 0.0, "hours a month must be above 0"),
        (np.array([1.0]), math.inf, "hours a month must be above 0"),
    ],
)
def test_impossible_curves_are_refused(rates: np.ndarray, hours: float, field: str) -> None:
    """No hours, negative or unknown load, a month of no length."""
    with pytest.raises(ModelInputError, match=field):
        load_duration(rates, hours)


def test_other_impossible_arguments_are_refused() -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match="volume a month"):
        monthly_load_duration(flat_profile(), math.nan, AVERAGE_MONTH)
    with pytest.raises(ModelInputError, match="share of the time must lie from 0 to 1"):
        load_duration(np.ones(2), 2.0).rate_exceeded_for(1.5)
    with pytest.raises(ModelInputError, match="variation inside the hour"):
        burst_spill(np.ones(2), 1.0, -0.1)
