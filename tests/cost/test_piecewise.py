"""Affine pieces and endless staircases."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.piecewise import Piecewise, affine, staircase

capacities = st.floats(1e5, 1e12)


@given(capacities, st.integers(1, 10_000_000))
def test_exactly_k_capacities_need_k_replicas(capacity: float, k: int) -> None:
    """At a step the lower count holds, whatever the rounding of k times the capacity."""
    cost = staircase(0.0, 0.0, capacity, 1.0)
    assert cost.stairs[0].count(k * capacity) == k
    assert cost.at(k * capacity) == k
    assert cost.just_above(k * capacity) == k + 1


@given(capacities, st.integers(0, 1_000_000), st.floats(1e-4, 1 - 1e-4))
def test_between_two_steps_the_next_count_holds(capacity: float, k: int, part: float) -> None:
    """Any volume properly inside a step needs one replica more than the full steps below it."""
    cost = staircase(0.0, 0.0, capacity, 1.0)
    assert cost.stairs[0].count((k + part) * capacity) == k + 1
    assert cost.just_above((k + part) * capacity) == k + 1


def test_no_volume_still_needs_one_replica() -> None:
    """A service that waits for its first text is not free."""
    assert staircase(10.0, 0.0, 1e9, 5.0).at(0.0) == 15


def test_a_bound_belongs_to_the_lower_piece() -> None:
    """At a bound the value is the lower piece's, its limit from above the upper one's."""
    cost = Piecewise(np.array([10.0, math.inf]), np.array([1.0, 5.0]), np.array([0.0, 0.0]))
    assert cost.at(10.0) == 1
    assert cost.just_above(10.0) == 5


@given(st.floats(0, 1e6), st.floats(0, 1e-6), capacities, st.floats(0, 1e4))
def test_the_mean_cost_of_a_token_comes_down_to_the_asymptotic_slope(
    fixed: float, slope: float, capacity: float, step_usd: float
) -> None:
    """Far out the cost per token is the slope plus one step's cost over one step's tokens."""
    cost = staircase(fixed, slope, capacity, step_usd)
    far = 1e9 * capacity
    expected = slope + step_usd / capacity
    assert cost.asymptotic_usd_per_token == pytest.approx(expected, rel=1e-12)
    assert float(cost.at(far)) / far == pytest.approx(expected, rel=1e-6, abs=fixed / far + 1e-18)


def test_volumes_keep_their_shape() -> None:
    """The cost of a table of volumes is a table of the same shape."""
    cost = affine(1.0, 2.0)
    assert cost.at(np.ones((3, 4))).shape == (3, 4)
    assert cost.at(5.0).shape == ()
