"""Affine pieces and endless staircases."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.curve.piecewise import Piecewise, Stair, affine, whole_steps
from tests.oracles.pieces import staircase

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


@given(
    st.lists(st.tuples(capacities, st.floats(0, 1e4), st.integers(0, 5)), max_size=5), capacities
)
def test_staircases_add_up(stairs: list[tuple[float, float, int]], volume: float) -> None:
    """A cost with several is the sum of costs with one each, on either side of any step."""
    parts = [staircase(0.0, 0.0, tokens, usd, least) for tokens, usd, least in stairs]
    flat = affine(3.0, 1e-9)
    both = replace(flat, stairs=tuple(part.stairs[0] for part in parts))
    at = float(flat.at(volume)) + sum(float(part.at(volume)) for part in parts)
    above = float(flat.just_above(volume)) + sum(float(part.just_above(volume)) for part in parts)
    assert float(both.at(volume)) == pytest.approx(at, rel=1e-12)
    assert float(both.just_above(volume)) == pytest.approx(above, rel=1e-12)


def test_a_staircase_that_scales_to_zero_costs_nothing_without_a_token() -> None:
    """At no volume none stands, above it the first does."""
    cost = staircase(0.0, 0.0, 1e9, 5.0, least=0)
    assert cost.at(0.0) == 0
    assert cost.just_above(0.0) == 5


def test_a_staircase_without_end_stays_at_its_minimum() -> None:
    """Hours without load need no more than the minimum, at any volume."""
    cost = staircase(0.0, 0.0, math.inf, 5.0, least=2)
    assert cost.at(np.array([0.0, 1e30])).tolist() == [10, 10]
    assert cost.just_above(1e30) == 10
    assert cost.steps(10).size == 0


def test_the_steps_are_where_the_cost_may_bend_or_jump() -> None:
    """The bounds of its pieces, and the first whole capacities of each staircase, rising."""
    stairs = (Stair(10.0, 1.0), Stair(4.0, 1.0))
    bounds = np.array([7.0, math.inf])
    cost = Piecewise(bounds, np.zeros(2), np.zeros(2), stairs)
    assert cost.steps(3).tolist() == [4.0, 7.0, 8.0, 10.0, 12.0, 20.0, 30.0]
    assert affine(1.0, 1.0).steps(3).size == 0


def test_whole_steps_into_an_array_are_those_of_a_new_one() -> None:
    """In place or not: exactly k parts need k, a little more than the guard one more."""
    steps = np.array([0.0, 1e-10, 1.0, 2.0 + 1e-8, 3.5])
    assert whole_steps(steps).tolist() == [0.0, 0.0, 1.0, 3.0, 4.0]
    into = steps.copy()
    assert whole_steps(into, out=into) is into
    assert into.tolist() == [0.0, 0.0, 1.0, 3.0, 4.0]
