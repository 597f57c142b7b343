"""Carrying a measured batch time to another device."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchTime
from core.serving.batch.carry_over import DeviceLimits, carry_over

TIMES = st.floats(1e-6, 1.0)
LIMITS = st.builds(
    DeviceLimits, st.floats(0.01, 2_000.0), st.floats(5.0, 5_000.0), is_gpu=st.booleans()
)
FITS = st.builds(BatchTime, TIMES, TIMES, st.floats(1e-9, 1e-3), st.integers(64, 4_096))


@given(FITS, st.floats(0, 0.5), LIMITS)
def test_to_the_same_device_nothing_changes(
    fit: BatchTime, spread: float, here: DeviceLimits
) -> None:
    """What was measured here stays what it was, with its own spread alone."""
    carried = carry_over(fit, spread, here, here)
    assert carried.batch_time == fit
    assert carried.log_spread == pytest.approx(spread)


@given(FITS, st.floats(0, 0.5), LIMITS, LIMITS, st.floats(0.1, 10))
def test_each_time_scales_by_what_bounds_it(
    fit: BatchTime, spread: float, here: DeviceLimits, there: DeviceLimits, mfu_ratio: float
) -> None:
    """The start is the host's, the floor the memory's, the work of a token the arithmetic's."""
    carried = carry_over(fit, spread, here, there, mfu_ratio)
    found = carried.batch_time
    assert found.start_s == fit.start_s
    moved_s = found.floor_s * there.memory_gb_per_s
    assert moved_s == pytest.approx(fit.floor_s * here.memory_gb_per_s)
    done = found.per_token_s * there.dense_tflops * mfu_ratio
    assert done == pytest.approx(fit.per_token_s * here.dense_tflops)
    assert found.hidden == fit.hidden


@given(FITS, st.floats(0, 0.5), LIMITS, LIMITS)
def test_a_prediction_is_less_certain_than_the_measurement(
    fit: BatchTime, spread: float, here: DeviceLimits, there: DeviceLimits
) -> None:
    """Never surer than a factor of 4 on another device; less sure from a CPU to a GPU."""
    carried = carry_over(fit, spread, here, there)
    if here == there:
        return
    assert carried.log_spread > spread
    assert carried.factor >= 4 * (1 - 1e-9)
    if here.is_gpu != there.is_gpu:
        assert carried.factor > 4
    assert "Predicted" in carried.explanation


@given(FITS, LIMITS, LIMITS)
def test_there_and_back_is_where_one_was(
    fit: BatchTime, here: DeviceLimits, there: DeviceLimits
) -> None:
    """The ratios are each other's inverses."""
    back = carry_over(carry_over(fit, 0.1, here, there).batch_time, 0.1, there, here).batch_time
    assert back.per_token_s == pytest.approx(fit.per_token_s)
    assert back.floor_s == pytest.approx(fit.floor_s)


def test_nonsense_is_refused() -> None:
    """No device without a peak, no negative share."""
    limits = DeviceLimits(100.0, 300.0, is_gpu=True)
    fit = BatchTime(0.01, 0.0, 1e-5, 384)
    with pytest.raises(ModelInputError, match="peak of a device"):
        DeviceLimits(0.0, 300.0, is_gpu=True)
    with pytest.raises(ModelInputError, match="bandwidth of a device"):
        DeviceLimits(1.0, math.inf, is_gpu=True)
    with pytest.raises(ModelInputError, match="ratio of MFUs"):
        carry_over(fit, 0.1, limits, limits, mfu_ratio=0.0)
    with pytest.raises(ModelInputError, match="spread"):
        carry_over(fit, math.nan, limits, limits)
