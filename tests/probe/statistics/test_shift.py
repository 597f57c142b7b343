"""Location of differences, ranks, back-fill and warm-up, from first principles."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.probe.statistics.percentiles import back_fill, percentile, warm_up_length
from core.probe.statistics.shift import hodges_lehmann, rank_sum_p

VALUES = st.lists(st.integers(-8_000, 8_000).map(lambda i: i / 8), min_size=6, max_size=40)


@settings(deadline=None)
@given(VALUES)
def test_the_shift_is_the_median_of_all_pairwise_means(values: list[float]) -> None:
    """Listed one by one, against the counting by bisection."""
    n = len(values)
    walsh = [(values[i] + values[j]) / 2 for i in range(n) for j in range(i, n)]
    found = hodges_lehmann(values)
    assert found is not None
    assert found.value == pytest.approx(np.median(walsh), abs=1e-9)
    assert found.low <= found.value <= found.high


@settings(deadline=None)
@given(VALUES, st.integers(-100, 100), st.sampled_from([0.25, 0.5, 3.0]))
def test_the_shift_moves_and_stretches_with_its_values(
    values: list[float], by: float, factor: float
) -> None:
    """A law of every location, for the estimate and both ends."""
    plain = hodges_lehmann(values)
    moved = hodges_lehmann([factor * value + by for value in values])
    assert plain is not None
    assert moved is not None
    for before, after in (
        (plain.value, moved.value),
        (plain.low, moved.low),
        (plain.high, moved.high),
    ):
        assert after == pytest.approx(factor * before + by, abs=1e-6)


@pytest.mark.parametrize("n", [12, 60, 300])
def test_the_interval_of_the_shift_covers(n: int) -> None:
    """Nineteen times in twenty, for a law that is symmetric and one with heavy tails."""
    draw = np.random.default_rng(n)
    for law in (draw.normal, lambda size: draw.standard_t(3, size)):
        hits = 0
        for _ in range(400):
            found = hodges_lehmann(law(size=n))
            assert found is not None
            hits += found.low <= 0 <= found.high
        assert 0.925 <= hits / 400 <= 0.985


def test_neighbours_that_resemble_each_other_widen_the_interval() -> None:
    """An autoregression of 0.5 halves what a value is worth, at least."""
    draw, hits = np.random.default_rng(5), 0
    for _ in range(200):
        noise, values = draw.normal(size=200), np.empty(200)
        values[0] = noise[0]
        for i in range(1, 200):
            values[i] = 0.5 * values[i - 1] + noise[i]
        found = hodges_lehmann(values)
        assert found is not None
        hits += found.low <= 0 <= found.high
    assert hits / 200 >= 0.91


def test_a_shift_needs_six_finite_values() -> None:
    """Five have no 95 % interval; a failure has no difference."""
    assert hodges_lehmann([1.0] * 5) is None
    with pytest.raises(ModelInputError, match="finite"):
        hodges_lehmann([1.0] * 6 + [math.inf])


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 1000), min_size=2, max_size=9, unique=True),
    st.integers(1, 4),
)
def test_the_rank_sum_counts_all_choices(values: list[int], m: int) -> None:
    """Every way of choosing the firsts, one by one."""
    m = min(m, len(values) - 1)
    firsts, others = values[:m], values[m:]
    rank = {value: i for i, value in enumerate(sorted(values))}
    observed = sum(rank[value] for value in firsts)
    as_large = sum(
        sum(rank[value] for value in chosen) >= observed for chosen in combinations(values, m)
    )
    expected = as_large / math.comb(len(values), m)
    assert rank_sum_p(firsts, others) == pytest.approx(expected)


def test_one_value_against_two_has_three_places() -> None:
    """The largest of three is so by chance once in three times, the smallest always."""
    assert rank_sum_p([9.0], [1.0, 2.0]) == pytest.approx(1 / 3)
    assert rank_sum_p([1.5], [1.0, 2.0]) == pytest.approx(2 / 3)
    assert rank_sum_p([0.0], [1.0, 2.0]) == pytest.approx(1)
    assert rank_sum_p([8.0, 9.0], [1.0]) == pytest.approx(1 / 3)


def test_back_filling_adds_the_requests_that_were_not_sent() -> None:
    """A stall of a second at an answer in 0.1 s hid nine requests, each shorter by 0.1 s."""
    filled = sorted(back_fill([0.1] * 10 + [1.0], 0.1))
    assert len(filled) == 10 + 10
    assert filled[10:] == pytest.approx([0.1 * k for k in range(1, 11)], abs=0.01) or filled[
        -9:
    ] == pytest.approx([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    with pytest.raises(ModelInputError):
        back_fill([1.0], 0.0)


def test_back_filling_comes_near_an_open_loop() -> None:
    """10 ms of service, a stall of 200 ms every 20 s: the p99.9 of a closed loop is blind to it.

    From first principles: of the arrivals at 50/s, those during a stall wait for its rest, so
    that 1 % of all wait, evenly between 0 and 200 ms; the p99.5 waits 100 ms.
    """
    closed = ([0.01] * 1980 + [0.21]) * 10
    assert percentile(closed, 0.995) == pytest.approx(0.01)
    assert percentile(back_fill(closed, 0.01), 0.995) == pytest.approx(0.11, rel=0.1)


def test_a_warm_up_is_found_and_its_absence_too() -> None:
    """Twelve slow requests before eighty-eight usual ones; none; and none in noise."""
    draw = np.random.default_rng(3)
    usual = draw.lognormal(math.log(0.02), 0.1, 100)
    slow = usual.copy()
    slow[:12] *= 2
    assert 8 <= warm_up_length(slow.tolist()) <= 12
    alarms = sum(warm_up_length(draw.lognormal(0, 0.3, 100).tolist()) >= 3 for _ in range(200))
    assert alarms <= 0.06 * 200
    assert warm_up_length([0.1] * 15) == 0
    assert warm_up_length([0.1] * 50 + [math.inf] * 50) == 0


@pytest.mark.parametrize(("level", "least"), [(0.9, 5), (0.95, 6), (1 - 0.05 / 3, 7), (0.995, 9)])
def test_an_interval_that_so_few_values_cannot_have_is_not_given(level: float, least: int) -> None:
    """From the least to the greatest covers the median of n values with 1 - 2^(1 - n)."""
    assert hodges_lehmann(range(least - 1), level) is None
    assert hodges_lehmann(range(least), level) is not None
