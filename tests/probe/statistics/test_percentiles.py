"""Intervals checked against exact binomial sums and by simulation from first principles."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.probe.statistics.percentiles import (
    failure_rate_upper_bound,
    lag_one_correlation,
    one_sided_ranks,
    percentile,
    requests_for_interval,
    requests_for_precision,
    two_sided_ranks,
)

SHARES = st.sampled_from([Fraction(1, 2), Fraction(9, 10), Fraction(19, 20), Fraction(99, 100)])
FINITE = st.floats(1e-6, 1e6)


def at_or_below(j: int, n: int, q: Fraction) -> Fraction:
    """P(B <= j) for B ~ Binomial(n, q), exactly."""
    return sum((math.comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(j + 1)), Fraction(0))


@given(st.integers(1, 120), SHARES)
def test_ranks_are_the_tightest_whose_tails_hold(n: int, q: Fraction) -> None:
    """Each side is missed at most 2.5 %, and one rank further in would be missed more."""
    tail = Fraction(25, 1000)
    ranks = two_sided_ranks(n, float(q))
    low = ranks.low or 0
    assert low == 0 or at_or_below(low - 1, n, q) <= tail
    assert at_or_below(low, n, q) > tail
    high = ranks.high or n + 1
    assert high == n + 1 or 1 - at_or_below(high - 1, n, q) <= tail
    assert 1 - at_or_below(high - 2, n, q) > tail or high == 1


@pytest.mark.parametrize(("q", "two_sided", "one_sided"), [(0.95, 72, 59), (0.99, 368, 299)])
def test_an_upper_bound_exists_from_the_known_sizes_on(
    q: float, two_sided: int, one_sided: int
) -> None:
    """72 and 368 requests for a two-sided interval, 59 and 299 for a one-sided bound."""
    assert two_sided_ranks(two_sided - 1, q).high is None
    assert two_sided_ranks(two_sided, q).high == two_sided
    assert one_sided_ranks(one_sided - 1, q).high is None
    assert one_sided_ranks(one_sided, q).high == one_sided
    assert requests_for_interval(q) == two_sided


@pytest.mark.parametrize("q", [0.5, 0.95])
@pytest.mark.parametrize("n", [20, 80, 300])
def test_intervals_cover_the_truth_at_least_as_often_as_they_say(q: float, n: int) -> None:
    """4,000 samples of a skewed law: no side is missed more than 2.5 % of the time."""
    draws = np.sort(np.random.default_rng(7).lognormal(0, 0.8, (4_000, n)), axis=1)
    truth = np.quantile(np.random.default_rng(8).lognormal(0, 0.8, 2_000_000), q)
    ranks = two_sided_ranks(n, q)
    allowed = 0.025 + 4 * math.sqrt(0.025 * 0.975 / len(draws))
    if ranks.low is not None:
        assert np.mean(draws[:, ranks.low - 1] > truth) <= allowed
    if ranks.high is not None:
        assert np.mean(draws[:, ranks.high - 1] < truth) <= allowed


@given(st.lists(FINITE, min_size=1, max_size=60), st.floats(0.01, 0.99))
def test_a_percentile_of_finite_values_is_numpys_linear_one(values: list[float], q: float) -> None:
    """Type 7, whatever the order of the values."""
    expected = np.quantile(values, q)
    assert percentile(values, q) == pytest.approx(expected)
    assert percentile(values[::-1], q) == pytest.approx(expected)


@given(st.lists(FINITE, min_size=1, max_size=40), st.integers(1, 40), st.floats(0.01, 0.99))
def test_a_percentile_with_failures_is_an_observation_with_enough_below(
    values: list[float], failures: int, q: float
) -> None:
    """With failures as +inf at least q n observations are at or below it, and no smaller has."""
    everything = [*values, *[math.inf] * failures]
    found = percentile(everything, q)
    needed = q * len(everything) - 1e-6
    assert found in everything
    assert sum(v <= found for v in everything) >= needed
    assert sum(v < found for v in everything) < q * len(everything)


def test_a_rank_is_not_lost_to_float_noise() -> None:
    """0.95 x 60 is 57: the 57th of 60 values, three of which are failures."""
    values = [float(i) for i in range(1, 58)] + [math.inf] * 3
    assert percentile(values, 0.95) == 57.0


@given(st.lists(FINITE, min_size=2, max_size=40), st.integers(0, 39), st.floats(0.01, 0.99))
def test_a_failure_never_improves_a_percentile(values: list[float], at: int, q: float) -> None:
    """Replacing an answer by a failure can only raise it, beyond the change of definition."""
    worse = list(values)
    worse[at % len(values)] = math.inf
    ordered = sorted(values)
    below = ordered[max(0, math.ceil(q * len(values)) - 2)]
    assert percentile(worse, q) >= below * (1 - 1e-12)


@pytest.mark.parametrize(
    ("log_sigma", "n"), [(0.2, 76), (0.3, 170), (0.5, 473), (0.8, 1209), (1.0, 1889)]
)
def test_requests_for_ten_percent(log_sigma: float, n: int) -> None:
    """The asymptotic formula for a p95, at five spreads."""
    assert requests_for_precision(0.95, log_sigma) == n


def test_the_precision_formula_is_right_where_it_is_used() -> None:
    """A sample of that size estimates the p95 of a lognormal within 10 % about 95 % of the time."""
    n = requests_for_precision(0.95, 0.5)
    draws = np.random.default_rng(3).lognormal(0, 0.5, (3_000, n))
    truth = math.exp(0.5 * 1.6448536269514722)
    ratio = np.quantile(draws, 0.95, axis=1) / truth
    within = np.mean((ratio < 1.1) & (ratio > 1 / 1.1))
    assert 0.93 <= within <= 0.97


@given(st.integers(1, 10_000))
def test_no_failure_bounds_the_failure_rate_exactly(n: int) -> None:
    """At the bound, n requests without a failure happen 5 % of the time."""
    assert (1 - failure_rate_upper_bound(n)) ** n == pytest.approx(0.05)


def test_neighbours_that_resemble_each_other_are_noticed() -> None:
    """An autoregressive series correlates, an independent one does not, failures included."""
    rng = np.random.default_rng(5)
    noise = rng.standard_normal(2_000)
    walk = np.zeros(2_000)
    for i in range(1, 2_000):
        walk[i] = 0.8 * walk[i - 1] + noise[i]
    assert lag_one_correlation(np.exp(walk).tolist()) == pytest.approx(0.8, abs=0.06)
    assert abs(lag_one_correlation(noise.tolist())) < 0.06
    assert lag_one_correlation([1.0] * 50) == 0
    assert lag_one_correlation([1.0, math.inf]) == 0
    assert lag_one_correlation([1.0] * 25 + [math.inf] * 25) > 0.9


def test_three_values_are_the_fewest_with_neighbours_to_compare() -> None:
    """Two pairs rise alike, or turn; one pair alone says nothing."""
    assert lag_one_correlation([1.0, 2.0, 3.0]) == pytest.approx(1)
    assert lag_one_correlation([1.0, 3.0, 2.0]) == pytest.approx(-1)
    assert lag_one_correlation([1.0, 2.0]) == 0


@pytest.mark.parametrize("q", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_outside_zero_and_one_is_refused(q: float) -> None:
    """No percentile 0 or 100, and none of nothing."""
    with pytest.raises(ModelInputError):
        percentile([1.0], q)
    with pytest.raises(ModelInputError):
        two_sided_ranks(10, q)
    with pytest.raises(ModelInputError):
        requests_for_precision(q, 0.5)
    with pytest.raises(ModelInputError, match="at least one"):
        percentile([], 0.5)
