"""A bill against the budget, at one volume and along the axis."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.curve.piecewise import Piecewise, Stair, affine
from core.decide.demands.demand_words import listed, usd_enough, usd_words
from core.decide.demands.of_budget import affordable, is_within, over_budget, overlap
from core.decide.result.obstacle import Obstacle


def test_a_bill_above_the_budget_says_by_how_much_and_what_would_do() -> None:
    """$18.004 against $10: $8.00 above; $18.00 would not be enough, $18.01 is."""
    refusal = over_budget(18.004, 10.0)
    assert refusal is not None
    assert refusal.kind is Obstacle.BUDGET
    assert "$18.00 a month at this volume, $8.00 above your budget of $10.00" in refusal.sentence
    assert refusal.relax == "Raise the budget to $18.01 a month."
    assert refusal.times == pytest.approx(1.8004)
    assert over_budget(10.0, 10.0) is None
    assert over_budget(None, 0.0) is None
    assert over_budget(5.0, None) is None
    nothing = over_budget(1e-5, 0.0)
    assert nothing is not None
    assert math.isinf(nothing.times)


@given(st.floats(0, 1e12, allow_subnormal=False))
def test_what_is_said_to_be_enough_is_enough(usd: float) -> None:
    """Typed as it stands, the amount lets the bill in, and is no more than 1 % above it."""
    typed = float(usd_enough(usd).removeprefix("$").replace(",", ""))
    assert is_within(usd, typed)
    assert typed <= usd * 1.01 + 1e-300


@pytest.mark.parametrize(
    ("usd", "words"), [(0, "$0.00"), (1_234.5, "$1,234.50"), (0.0012345, "$0.00123")]
)
def test_amounts_keep_three_digits_below_a_dollar(usd: float, words: str) -> None:
    """Cents above."""
    assert usd_words(usd) == words


def test_a_list_is_read_as_a_sentence() -> None:
    """Commas, and one joint."""
    assert listed(["A"]) == "A"
    assert listed(["A", "B", "C"]) == "A, B and C"


COSTS = {
    "flat": affine(10.0, 0.0),
    "by use": affine(0.0, 0.01),
    "stairs": Piecewise(
        np.array([math.inf]), np.array([2.0]), np.array([0.0]), (Stair(700.0, 3.0),)
    ),
    # All units at the price of their tier: at 1,000 the bill falls from 10 to 5.
    "tiers": Piecewise(np.array([1e3, math.inf]), np.array([0.0, 0.0]), np.array([0.01, 0.005])),
}


@pytest.mark.parametrize("name", COSTS)
@given(budget=st.floats(0, 100), volume=st.floats(1, 1e6))
def test_the_intervals_are_where_the_bill_is_within_the_budget(
    name: str, budget: float, volume: float
) -> None:
    """At any volume, for a flat bill, one by use, whole replicas, and one that falls at a tier."""
    cost = COSTS[name]
    usd = float(cost.at(volume))
    inside = any(low < volume <= high for low, high in affordable(cost, budget))
    if abs(usd - budget) > 1e-6 * max(budget, 1e-3):
        assert inside == (usd <= budget)


def test_a_bill_that_falls_at_a_tier_comes_in_again() -> None:
    """$7 allow 700 at $0.01, nothing up to 1,000, and from there 1,400 at $0.005."""
    assert affordable(COSTS["tiers"], 7.0) == ((0.0, 700.0), (1_000.0, 1_400.0))
    assert list(overlap((600.0, 1_200.0), ((0.0, 700.0), (1_000.0, 1_400.0)))) == [
        (600.0, 700.0),
        (1_000.0, 1_200.0),
    ]
    assert list(overlap((1.0, 2.0), None)) == [(1.0, 2.0)]
    assert list(overlap((1.0, 2.0), ())) == []
