"""Noise of batch times, and what it makes of a queue."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_fit import BatchTiming
from core.serving.batch.batch_noise import NODES, noise_factors, noisy_batch_s
from core.serving.batch.batch_time import BatchTime
from core.serving.queue.batch_queue import solve

TRUTH = BatchTime(0.002, 0.001, 1e-4, 384)


def repeats(factors: list[float]) -> list[BatchTiming]:
    """One shape whose repeats are these multiples of its fitted time."""
    return [BatchTiming(4, 32, tuple(f * TRUTH.seconds(4, 32) for f in factors))]


@given(st.lists(st.floats(0.5, 20), min_size=1, max_size=60))
def test_the_factors_rise_and_keep_the_mean(ratios: list[float]) -> None:
    """Eight equally likely values with the mean of all repeats, within their range."""
    factors = noise_factors(repeats(ratios), TRUTH)
    assert len(factors) == NODES
    assert np.mean(factors) == pytest.approx(np.mean(ratios))
    assert list(factors) == pytest.approx(sorted(factors))
    assert min(ratios) * (1 - 1e-9) <= factors[0]
    assert factors[-1] <= max(ratios) * (1 + 1e-9)


def test_without_noise_the_queue_is_the_plain_one() -> None:
    """All factors 1: the same percentiles as the fitted times alone."""
    factors = noise_factors(repeats([1.0] * 20), TRUTH)
    noisy = solve(100.0, noisy_batch_s(TRUTH, 32, 16, factors))
    plain = solve(100.0, TRUTH.at_length(32).of_sizes(16))
    assert noisy is not None
    assert plain is not None
    assert noisy.response.p95_s == pytest.approx(plain.response.p95_s, rel=0.01)


def test_noise_lengthens_the_tail() -> None:
    """One batch in eight three times as long is felt at p95 more than in the median."""
    calm = solve(60.0, noisy_batch_s(TRUTH, 32, 16, (1.0,)))
    rough = solve(60.0, noisy_batch_s(TRUTH, 32, 16, (1.0,) * 7 + (3.0,)))
    assert calm is not None
    assert rough is not None
    assert rough.response.p95_s > 1.5 * calm.response.p95_s
    assert rough.response.p50_s < 1.5 * calm.response.p50_s


@pytest.mark.parametrize("ratios", [[], [float("nan")], [-1.0]])
def test_times_that_are_none_are_refused(ratios: list[float]) -> None:
    """A sentence, not a nan in a latency."""
    with pytest.raises(ModelInputError, match="repeats"):
        noise_factors(repeats(ratios), TRUTH)
    with pytest.raises(ModelInputError, match="at least one factor"):
        noisy_batch_s(TRUTH, 32, 16, ())
