"""Ticks of a time axis."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.base.time_axis import tick_values_s
from tests.dashboard.past_runs import api_plan, whole_run

PLAN = api_plan(requests=80)
RUN = whole_run(PLAN, failures=[8, 9, 40])
times_s = st.floats(1e-4, 100.0)


@given(times_s, st.floats(1.5, 1e5))
def test_ticks_lie_within_the_axis_and_rise(low_s: float, factor: float) -> None:
    """Round times only; a decade has at least two, and no axis is crowded."""
    ticks = tick_values_s(low_s, low_s * factor)
    assert ticks == sorted(set(ticks))
    assert all(low_s <= tick <= low_s * factor for tick in ticks)
    assert len(ticks) <= 9
    if factor >= 10:
        assert len(ticks) >= 2
