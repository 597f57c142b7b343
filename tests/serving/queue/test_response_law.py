"""A law known by a few quantiles, and the inversion of shares above a time."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.queue.response_law import LEVELS, ResponseLaw, smallest_time

EXPONENTIAL = ResponseLaw(0.0, tuple(-math.log1p(-level) for level in LEVELS), 1.0)
FIXED = ResponseLaw(2.0, (2.0,) * len(LEVELS), 2.0)


@given(st.floats(0, 0.999))
def test_an_exponential_law_is_kept_exactly(level: float) -> None:
    """Between the quantiles the tail is exponential, so an exponential law loses nothing."""
    assert EXPONENTIAL.percentile(level) == pytest.approx(-math.log1p(-level), abs=1e-12)


@given(st.floats(0, 30))
def test_the_tail_goes_on_beyond_the_last_quantile(t_s: float) -> None:
    """The share above falls at the last known rate."""
    assert EXPONENTIAL.share_above(t_s) == pytest.approx(math.exp(-t_s), rel=1e-9)


@given(st.lists(st.floats(0, 5), min_size=len(LEVELS), max_size=len(LEVELS)), st.floats(0, 0.999))
def test_percentile_and_share_are_each_other_s_inverse(times: list[float], level: float) -> None:
    """At most 1 - level of the requests take longer than the percentile."""
    law = ResponseLaw(1.0, tuple(1 + time for time in sorted(times)), 3.0)
    assert law.share_above(law.percentile(level) * (1 + 1e-9)) <= 1 - level + 1e-6


def test_a_fixed_time_is_a_step() -> None:
    """All requests take 2 s: all are above 1.99, none above 2."""
    assert (FIXED.share_above(1.99), FIXED.share_above(2.0)) == (1.0, 0.0)
    assert smallest_time(FIXED.share_above, 0.95, 1.0) == pytest.approx(2.0, rel=1e-12)


def test_named_percentiles_are_the_quantiles() -> None:
    """p50, p95 and p99 are read at their levels."""
    named = (EXPONENTIAL.p50_s, EXPONENTIAL.p95_s, EXPONENTIAL.p99_s)
    assert named == pytest.approx((math.log(2), math.log(20), math.log(100)))


@pytest.mark.parametrize("level", [-0.1, 0.9999, 1.0, math.nan])
def test_levels_outside_what_is_known_are_refused(level: float) -> None:
    """Nothing is known above p99.9."""
    with pytest.raises(ModelInputError, match="level"):
        EXPONENTIAL.percentile(level)


@pytest.mark.parametrize(("level", "guess"), [(1.0, 1.0), (-0.1, 1.0), (0.5, 0.0)])
def test_an_inversion_without_an_answer_is_refused(level: float, guess: float) -> None:
    """Level 1 has no time, and a guess of 0 cannot be doubled."""
    with pytest.raises(ModelInputError):
        smallest_time(EXPONENTIAL.share_above, level, guess)


@given(st.floats(0, 10), st.floats(0, 0.999))
def test_a_way_there_and_back_moves_every_response(by_s: float, level: float) -> None:
    """Each quantile, the fastest and the mean come so much later."""
    law = EXPONENTIAL.later(by_s)
    assert law.percentile(level) == pytest.approx(EXPONENTIAL.percentile(level) + by_s)
    assert (law.fastest_s, law.mean_s) == pytest.approx((by_s, 1 + by_s))
