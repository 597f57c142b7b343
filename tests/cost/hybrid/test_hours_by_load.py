"""What of the load exceeds a capacity, by hand: half of the hours at 0.5, half at 1.5 of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.curve.piecewise import STEP_GUARD
from core.cost.hybrid.hours_by_load import HoursByLoad

TWO = HoursByLoad((0.5, 1.5))
days = st.lists(st.floats(0.01, 5.0), min_size=1, max_size=24).map(
    lambda hours: tuple(hour * len(hours) / sum(hours) for hour in hours)
)


@pytest.mark.parametrize(
    ("load", "share"), [(0.0, 1.0), (0.25, 0.75), (0.5, 0.5), (1.0, 0.25), (1.5, 0.0)]
)
def test_above_a_load_lies_a_share_of_all_tokens(load: float, share: float) -> None:
    """Up to 0.5 both halves exceed it, beyond that the busy one alone; and the other way round."""
    assert float(TWO.exceeding(np.array(load))) == pytest.approx(share)
    assert float(TWO.exceeded_by(np.array(share))) == pytest.approx(load)


@given(days, st.floats(0, 1))
def test_what_lies_above_the_load_that_a_share_exceeds_is_that_share(
    day: tuple[float, ...], share: float
) -> None:
    """The two ask the same curve from either side."""
    load = HoursByLoad(day)
    back = load.exceeding(load.exceeded_by(np.array(share)))
    assert float(back) == pytest.approx(share, abs=1e-9)


def test_a_load_is_exceeded_for_a_share_of_the_hours() -> None:
    """The busiest for none of them, the lower one for half, nothing for all."""
    shares = np.array([0.0, 0.49, 0.5, 0.99, 1.0])
    assert TWO.exceeded_for(shares).tolist() == [1.5, 1.5, 0.5, 0.5, 0.0]


def test_what_just_carries_the_peak_lets_nothing_through() -> None:
    """Not where it is short by a step's guard either, and a little where it is short by two."""
    flat = HoursByLoad((1.0,))
    short = np.array([0.0, 1.0, 2.0])
    spilled = flat.spilled(np.ones(3), 1 - short * STEP_GUARD)
    assert spilled[:2].tolist() == [0.0, 0.0]
    assert spilled[2] == pytest.approx(2e-9, rel=1e-6)
    assert TWO.spilled(np.array([0.0, 4.0, 4.0]), np.array([1.0, 6.0, 4.0])).tolist() == [0, 0, 1]


@given(days, st.floats(0.01, 100.0), st.floats(1e-3, 1e3))
def test_at_the_volume_that_spills_so_much_it_does(
    day: tuple[float, ...], carried: float, tokens: float
) -> None:
    """At any capacity, beyond the volume at which every hour exceeds it as well."""
    load = HoursByLoad(day)
    volume = load.volumes_that_spill(np.array([carried]), tokens)
    assert load.spilled(volume, np.array([carried])) == pytest.approx(tokens, rel=1e-9)
