"""Replicas for a rate."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_replica.replicas import replicas_needed
from core.cost.curve.piecewise import Stair
from core.errors import ModelInputError

capacities = st.floats(1e-3, 1e9)


@given(capacities, st.integers(1, 1_000_000))
def test_exactly_k_capacities_need_k(capacity: float, k: int) -> None:
    """Whatever the rounding of k times the capacity."""
    assert replicas_needed(k * capacity, capacity) == k


@given(capacities, st.floats(0.0, 1e6))
def test_it_counts_as_the_cost_curve_does(capacity: float, ratio: float) -> None:
    """One count of replicas in the whole model."""
    rate = ratio * capacity
    assert replicas_needed(rate, capacity) == Stair(capacity, 1.0).count(rate)


def test_minimum_and_spare() -> None:
    """The spare ones come on top of what is needed, the minimum does not."""
    rates = np.array([0.0, 5.0, 10.0, 10.1])
    assert replicas_needed(rates, 10.0).tolist() == [1, 1, 1, 2]
    assert replicas_needed(rates, 10.0, minimum=2, spare=1).tolist() == [3, 3, 3, 3]
    assert replicas_needed(rates, 10.0, minimum=0).tolist() == [0, 1, 1, 2]


def test_the_faintest_load_needs_a_replica() -> None:
    """Scaled to zero means no load, not little load."""
    assert replicas_needed(1e-12, 1e6, minimum=0) == 1


@pytest.mark.parametrize(
    ("rate", "capacity", "minimum", "spare", "field"),
    [
        (1.0, 0.0, 1, 0, "capacity of a replica must be above 0"),
        (1.0, math.inf, 1, 0, "capacity of a replica"),
        (-1.0, 1.0, 1, 0, "rate must be at least 0"),
        (math.nan, 1.0, 1, 0, "rate must be at least 0"),
        (1.0, 1.0, -1, 0, "minimum of replicas"),
        (1.0, 1.0, 1, -1, "spare replicas"),
    ],
)
def test_impossible_fleets_are_refused(
    rate: float, capacity: float, minimum: int, spare: int, field: str
) -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match=field):
        replicas_needed(rate, capacity, minimum, spare)
