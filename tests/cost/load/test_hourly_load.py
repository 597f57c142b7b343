"""Load by the hour."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.cost.load.hourly_load import (
    LoadProfile,
    cosine_exponent,
    cosine_power_profile,
    daily_profile,
    valleys_filled,
)
from core.errors import ModelInputError
from tests.oracles.profiles import (
    flat_profile,
    hourly_rates,
    mean_rate_carried,
    mean_rate_per_s,
    peak_rate,
    weekly_profile,
)

weights = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=168).filter(any)
profiles = st.builds(LoadProfile, weights.map(tuple), st.floats(1.0, 5.0))


@given(profiles, st.floats(0.0, 1e6))
def test_the_hours_average_to_the_mean_rate(profile: LoadProfile, rate: float) -> None:
    """Spreading a volume over hours neither adds nor loses any."""
    assert float(hourly_rates(profile, rate).mean()) == pytest.approx(rate, rel=1e-12)


@given(profiles, st.floats(1e-3, 1e6))
def test_the_scale_of_the_weights_does_not_matter(profile: LoadProfile, scale: float) -> None:
    """Weights are ratios."""
    assume(max(profile.weights) > 1e-300)  # a float's last digits are no ratio any more
    scaled = LoadProfile(tuple(w * scale for w in profile.weights), profile.burst_factor)
    assert scaled.peak_to_mean == pytest.approx(profile.peak_to_mean, rel=1e-9)


@given(profiles, st.floats(0.1, 1e6))
def test_the_peak_is_the_busy_hour_times_the_burst(profile: LoadProfile, rate: float) -> None:
    """P = max(w)/mean(w) x burst, and the peak's capacity carries just that mean."""
    plain = max(profile.weights) / np.mean(profile.weights)
    assert profile.peak_to_mean == pytest.approx(plain * profile.burst_factor, rel=1e-9)
    peak = peak_rate(profile, rate)
    assert peak >= float(hourly_rates(profile, rate).max())
    assert mean_rate_carried(profile, peak) == pytest.approx(rate, rel=1e-12)


@given(st.floats(1.0, 24.0), st.integers(0, 23))
def test_a_day_has_the_peak_that_was_asked_for(peak: float, hour: int) -> None:
    """At any ratio, in the hour asked for, and falling evenly to both sides of it."""
    profile = daily_profile(peak, hour)
    relative = profile.relative
    assert profile.busy_hour_to_mean == pytest.approx(peak, rel=1e-9)
    assert relative[hour] == pytest.approx(relative.max(), rel=1e-12)
    around = np.roll(relative, -hour)
    assert around[1:] == pytest.approx(around[:0:-1], rel=1e-9, abs=1e-12)
    assert np.all(np.diff(around[:13]) <= 1e-12)


def test_a_peak_of_twice_the_mean_is_the_cosine_itself() -> None:
    """The two families of days meet where the exponent is 1."""
    assert cosine_exponent(2.0) == pytest.approx(1.0)
    below, above = daily_profile(2.0 - 1e-12), daily_profile(2.0)
    assert below.relative == pytest.approx(above.relative, abs=1e-9)


def test_an_exponent_of_two_point_six_gives_a_peak_of_three() -> None:
    """The profile of the hybrid example: peak 3.00 at two in the afternoon."""
    profile = cosine_power_profile(2.6056)
    assert round(profile.peak_to_mean, 2) == 3.00
    assert int(profile.relative.argmax()) == 14


def test_a_week_multiplies_hours_and_days() -> None:
    """168 weights, the hours of the first day first."""
    hours = [1.0] * 12 + [3.0] * 12
    days = [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5]
    profile = weekly_profile(hours, days)
    assert len(profile.weights) == 168
    assert profile.weights[23] == 3.0
    assert profile.weights[5 * 24] == 0.5
    assert profile.peak_to_mean == pytest.approx(3 / (2 * 6 / 7))


def test_a_flat_load_has_no_peak_but_its_bursts() -> None:
    """Peak-to-mean 1, or the burst factor."""
    assert flat_profile().peak_to_mean == 1
    assert flat_profile(1.5).peak_to_mean == 1.5


def test_a_hundred_thousand_a_day_are_one_and_a_bit_a_second() -> None:
    """1.157 requests a second."""
    assert mean_rate_per_s(100_000) == pytest.approx(1.1574, abs=1e-4)


def test_huge_weights_do_not_overflow() -> None:
    """Only ratios count, whatever their size."""
    assert LoadProfile((1e308, 1e308, 0.0)).peak_to_mean == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ((), "at least one weight; it is empty"),
        ((0.0, 0.0), "must not all be 0"),
        ((1.0, -1.0), "weights of the load profile must be at least 0"),
        ((1.0, math.nan), "weights of the load profile must be at least 0"),
        ((1.0, math.inf), "weights of the load profile must be at least 0"),
    ],
)
def test_impossible_profiles_are_refused(bad: tuple[float, ...], sentence: str) -> None:
    """No hours, no load, negative, unknown or endless load."""
    with pytest.raises(ModelInputError, match=sentence):
        LoadProfile(bad)


@pytest.mark.parametrize("peak", [0.99, 24.01, math.nan, math.inf, -1.0])
def test_an_impossible_daily_peak_is_refused(peak: float) -> None:
    """A day's busiest hour brings at least the mean and at most all of the load."""
    with pytest.raises(ModelInputError, match="busy hour over the mean"):
        daily_profile(peak)


def test_other_impossible_arguments_are_refused() -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match="burst factor must be at least 1"):
        flat_profile(0.5)
    with pytest.raises(ModelInputError, match="busy hour must lie from 0 to 23, not 24"):
        daily_profile(3.0, 24)
    with pytest.raises(ModelInputError, match="24 hour weights and 7 day weights, not 23 and 7"):
        weekly_profile([1.0] * 23, [1.0] * 7)
    with pytest.raises(ModelInputError, match="mean rate must be at least 0"):
        hourly_rates(flat_profile(), -1.0)
    with pytest.raises(ModelInputError, match="volume a day"):
        mean_rate_per_s(math.nan)
    with pytest.raises(ModelInputError, match="exponent"):
        cosine_power_profile(-1.0)


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=48), st.floats(0.0, 1.0))
def test_what_can_wait_fills_the_valleys_and_nothing_else(hours: list[float], q: float) -> None:
    """All of it is carried, no hour falls below what cannot wait, and all valleys end level."""
    load = np.array(hours)
    filled = valleys_filled(load, q)
    online = load * (1 - q)
    assert filled.sum() == pytest.approx(load.sum(), rel=1e-9, abs=1e-9)
    assert np.all(filled >= online * (1 - 1e-12))
    raised = filled[filled > online * (1 + 1e-9) + 1e-9]
    if raised.size:
        assert raised == pytest.approx(np.full(raised.size, filled.min()))
    assert filled.max() <= max(online.max(), load.mean()) * (1 + 1e-9) + 1e-12


def test_a_load_that_can_wait_as_a_whole_is_flat() -> None:
    """With everything deferrable the peak is the mean; with nothing, the load is as it was."""
    load = np.array([0.0, 1.0, 5.0])
    assert valleys_filled(load, 1.0).tolist() == pytest.approx([2.0, 2.0, 2.0])
    assert valleys_filled(load, 0.0).tolist() == load.tolist()


@pytest.mark.parametrize(("peak", "busiest"), [(1.0, 1 / 24), (2.0, 2 / 24), (24.0, 1.0)])
def test_a_day_may_be_even_or_have_all_its_load_in_one_hour(peak: float, busiest: float) -> None:
    """Both ends are days, and so is the one where the families meet."""
    relative = daily_profile(peak).relative
    assert relative.max() / relative.sum() == pytest.approx(busiest, rel=1e-9)
    assert daily_profile(3.0, 0).relative.argmax() == 0
    assert daily_profile(3.0, 23).relative.argmax() == 23
    if peak >= 2:
        assert cosine_exponent(peak) >= 1 - 1e-9


def test_where_nothing_can_wait_the_load_stays_as_it_comes() -> None:
    """To the last digit, and the same row; where a little can, the lowest hours take it."""
    load = np.array([0.1, 0.2, 2.7])
    assert valleys_filled(load, 0.0) is load
    tenth = valleys_filled(load, 0.1)
    assert tenth[2] == pytest.approx(2.43)
    assert tenth[:2] == pytest.approx((3.0 - 2.43) / 2)
