"""Intervals over queries: how often they hold the truth, and their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.quality.corpus import LEAST_QUERIES
from core.quality.paired_bootstrap import (
    DRAWS,
    holm,
    mean_interval,
    paired_difference,
)
from tests.quality.simulated import CORPORA, SHAPES, coverage, two_who_rank

FEW = 500
"""Draws in what does not look at the tails."""


@pytest.mark.parametrize("queries", [50, 500])
@pytest.mark.parametrize("name", ["recall 5", "recall 3", "recall 10", "alike", "ranks"])
def test_the_interval_holds_the_true_difference_as_often_as_it_says(
    name: str, queries: int
) -> None:
    """In 92 to 98 % of 1,000 simulated corpora, of 50 and of 500 queries."""
    assert 0.92 <= coverage(SHAPES[name], queries, seed=20_260, draws=FEW) <= 0.98


def test_the_interval_holds_the_true_difference_for_ten_queries() -> None:
    """The least for which a figure is given: in nine of ten at least."""
    assert coverage(SHAPES["ranks"], LEAST_QUERIES, seed=4, draws=FEW) >= 0.9


@pytest.mark.parametrize("queries", [50, 500])
@pytest.mark.parametrize("share", [0.6, 0.85, 0.95])
def test_the_interval_of_a_mean_holds_the_true_mean(share: float, queries: int) -> None:
    """Also close to the ceiling, where there are few different samples."""
    random = np.random.default_rng(8)
    held = 0
    for seed in range(CORPORA):
        found = mean_interval((random.random(queries) < share).astype(float), seed, FEW)
        held += found.low - 1e-9 <= share <= found.high + 1e-9
    assert 0.92 <= held / CORPORA <= 0.99


def test_two_alike_are_seldom_told_apart() -> None:
    """Of 1,000 pairs of equal models at most 65 have a p-value below 0.05."""
    random, made = np.random.default_rng(5), two_who_rank(0.0, 0.5)
    low = 0
    for seed in range(CORPORA):
        a, b = made(random, 50)
        low += paired_difference(a, b, seed, FEW).p < 0.05
    assert low <= 65


SCORE = st.sampled_from([0.0, 0.25, 0.5, 1.0])


@given(st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=12))
def test_swapping_the_sides_mirrors_the_interval(pairs: list[tuple[float, float]]) -> None:
    """To the last bit, with the same seed, and the p-value stays."""
    a, b = np.array(pairs).T
    one, other = (
        paired_difference(a, b, seed=1, draws=FEW),
        paired_difference(b, a, seed=1, draws=FEW),
    )
    assert (other.mean, other.low, other.high, other.p) == (-one.mean, -one.high, -one.low, one.p)


@given(st.lists(st.tuples(SCORE, st.floats(0, 1)), min_size=1, max_size=12))
def test_an_interval_holds_its_mean_and_stays_among_what_can_be(
    pairs: list[tuple[float, float]],
) -> None:
    """Between -1 and 1 for a difference, 0 and 1 for a mean; p is above 0."""
    a, b = np.array(pairs).T
    seen = paired_difference(a, b, seed=3, draws=FEW)
    assert -1 <= seen.low <= seen.mean <= seen.high <= 1
    assert 0 < seen.p <= 1
    mean = mean_interval(b, seed=3, draws=FEW)
    assert 0 <= mean.low <= mean.mean <= mean.high <= 1


@given(st.permutations(list(range(12))))
def test_the_order_of_the_queries_does_not_matter(order: list[int]) -> None:
    """Nor does anything else but the seed."""
    a, b = np.linspace(0, 1, 12), np.linspace(0, 1, 12) ** 2
    mixed = paired_difference(a[order], b[order], seed=9, draws=FEW)
    assert mixed.low == pytest.approx(paired_difference(a, b, seed=9, draws=FEW).low)


def test_where_no_query_differs_the_difference_may_still_be_three_in_n() -> None:
    """An interval of [0, 0] would claim of all queries what 50 have shown."""
    same = (np.arange(50) % 3 > 0).astype(float)
    seen = paired_difference(same, same, seed=0)
    assert (seen.mean, seen.p) == (0, 1)
    assert (seen.low, seen.high) == pytest.approx((-0.06, 0.06))
    # 1 - (1 - 0.06)^50 = 0.955: a difference on 6 % of all queries shows among 50 in 95 %.
    assert 1 - (1 - seen.high) ** 50 == pytest.approx(0.95, abs=0.01)
    mean = mean_interval(np.ones(50), seed=0)
    assert (mean.mean, mean.low, mean.high) == pytest.approx((1, 0.94, 1))
    assert mean_interval(np.zeros(50), seed=0).high == pytest.approx(0.06)


def test_one_query_that_differs_is_no_proof() -> None:
    """The bare bootstrap never sees the other side there."""
    a = np.ones(50)
    b = np.concatenate([[0.0], np.ones(49)])
    seen = paired_difference(a, b, seed=0)
    assert seen.low < -0.05 < 0 < seen.high
    assert seen.p > 0.3


def test_a_clear_difference_has_the_least_p_that_the_draws_allow() -> None:
    """Never 0: ten thousand draws cannot say one in a million."""
    assert paired_difference(np.zeros(60), np.ones(60), seed=0).p == pytest.approx(2 / (DRAWS + 1))


def test_holm_multiplies_the_least_by_all_and_keeps_the_order() -> None:
    """Holm's own procedure, worked by hand: 4 x 0.01, 3 x 0.02, then never less than before."""
    assert holm([0.04, 0.01, 0.02, 0.03]) == pytest.approx((0.06, 0.04, 0.06, 0.06))
    assert holm([0.9, 0.8]) == (1, 1)
    assert holm([]) == ()


@given(st.lists(st.floats(1e-4, 1), min_size=1, max_size=8))
def test_holm_lies_between_no_correction_and_bonferroni(values: list[float]) -> None:
    """And never turns the order round."""
    corrected = holm(values)
    for p, more in zip(values, corrected, strict=True):
        assert p <= more <= min(1, p * len(values)) + 1e-12
    assert [p for _, p in sorted(zip(values, corrected, strict=True))] == sorted(corrected)


def test_no_queries_and_unequal_numbers_are_refused() -> None:
    """There is no mean of nothing."""
    with pytest.raises(ModelInputError, match="as many scores"):
        paired_difference(np.ones(2), np.ones(3), seed=0)
    with pytest.raises(ModelInputError, match="needs a query"):
        mean_interval(np.ones(0), seed=0)
