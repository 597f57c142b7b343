"""Numbers as they are typed: series of rates rise by their step."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.cli.probing.schedules.number_lists import rates_of


@given(
    low=st.floats(0.01, 100),
    times=st.floats(1, 1_000),
    factor=st.floats(1.1, 10),
    more=st.floats(0.1, 100),
)
def test_a_series_of_rates_rises_by_its_step_as_far_as_it_fits(
    low: float, times: float, factor: float, more: float
) -> None:
    """From the first rate to the last that is not above the end, whatever the numbers."""
    low, factor, more = round(low, 2), round(factor, 2), round(more, 2)
    high = round(low * times, 2)
    assume(low <= high)
    for step, times_it, plus in ((f"{factor}x", factor, 0.0), (f"+{more}", 1.0, more)):
        rates = rates_of(f"{low}:{high}:{step}")
        assert rates[0] == low
        assert rates[-1] <= high * (1 + 1e-9)
        for rate, nearest in pairwise(rates):
            assert nearest == pytest.approx(rate * times_it + plus, rel=1e-6)
        assert len(rates) == 64 or rates[-1] * times_it + plus > high * (1 - 1e-9)
