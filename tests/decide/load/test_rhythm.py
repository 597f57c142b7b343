"""Hours of the scenario's load."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decide.load.rhythm import rhythm_of
from core.scenario import Workload


@given(st.floats(1, 50), st.floats(1, 10), st.floats(0, 1))
def test_the_peak_is_what_was_asked_for(busy_hour: float, burst: float, waits: float) -> None:
    """Busy hour and burst multiply; what can wait takes no part in the peak until all is level."""
    load = Workload(peak_to_mean=busy_hour, burst_factor=burst, deferrable_share=waits)
    rhythm = rhythm_of(load)
    assert max(rhythm.online) * rhythm.burst == pytest.approx(busy_hour * burst * (1 - waits))
    assert rhythm.peak == pytest.approx(
        max(max(rhythm.online) * rhythm.burst, rhythm.burst * min(rhythm.filled))
    )
    assert np.mean(rhythm.filled) == pytest.approx(1)
    assert min(rhythm.filled) >= 0


def test_a_peak_beyond_24_is_a_burst_inside_one_hour() -> None:
    """All of a day's load can come in one hour, not in less: the rest is a burst in it."""
    rhythm = rhythm_of(Workload(peak_to_mean=48))
    assert max(rhythm.filled) == 24
    assert rhythm.burst == 2
    assert rhythm.peak == 48


def test_hours_of_ones_own_replace_the_smooth_day() -> None:
    """Their busiest hour is the peak, whatever the ratio says."""
    week = (0.0,) * 84 + (1.0,) * 84
    load = Workload(peak_to_mean=9, hour_weights=week)
    assert load.busy_hour_to_mean == 2
    assert rhythm_of(load).peak == 2
    assert len(rhythm_of(load).filled) == 168


@pytest.mark.parametrize("weights", [(1.0,) * 23, (0.0,) * 24, (-1.0,) * 24, (float("nan"),) * 24])
def test_hours_that_are_none_are_refused(weights: tuple[float, ...]) -> None:
    """A day or a week of numbers of 0 or more, not all 0."""
    with pytest.raises(ValueError, match=r"hour|greater|finite"):
        Workload(hour_weights=weights)


def test_an_hour_of_next_to_nothing_is_an_hour_of_nothing() -> None:
    """It would ask for a step beyond all volumes."""
    rhythm = rhythm_of(Workload(hour_weights=(1e-300,) + (1.0,) * 23))
    assert rhythm.filled[0] == 0


def test_weights_in_any_unit_have_the_same_peak() -> None:
    """Next to the largest that is allowed and the smallest float, too: only ratios count."""
    weights = (*(1.0,) * 23, 25.0)
    for unit in (1.0, 4e13, 1e-300):
        load = Workload(hour_weights=tuple(unit * weight for weight in weights))
        assert load.busy_hour_to_mean == pytest.approx(12.5)
        assert rhythm_of(load).peak == pytest.approx(12.5)
