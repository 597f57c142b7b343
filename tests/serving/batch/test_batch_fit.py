"""Fitting the batch time to measured batches."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_fit import BatchTiming, FittedBatchTime, fit_batch_time
from core.serving.batch.batch_time import BatchTime
from tests.oracles.serving.queues import PROBE_SHAPES

HIDDEN = 1_024
SHAPES = (*PROBE_SHAPES, (1, 128), (4, 16), (16, 512))
TRUTH = BatchTime(0.004, 0.003, 2e-6, HIDDEN)


def measured(truth: BatchTime, noise: float = 0.0, seed: int = 0) -> list[BatchTiming]:
    """Seven repeats of every shape; noise only ever adds, and one repeat in seven is ruined."""
    rng = np.random.default_rng(seed)

    def repeats(texts: int, tokens: int) -> tuple[float, ...]:
        true_s = truth.seconds(texts, tokens)
        scatter = true_s * (1 + rng.exponential(noise, 7) if noise else np.ones(7))
        scatter[3] *= 5
        return tuple(scatter.tolist())

    return [BatchTiming(texts, tokens, repeats(texts, tokens)) for texts, tokens in SHAPES]


def worst_error(fitted: FittedBatchTime, truth: BatchTime) -> float:
    """Largest relative error over a grid of shapes inside the probed range."""
    grid = [(n, s) for n in (1, 2, 4, 8, 16, 32, 64, 128) for s in (16, 32, 64, 128, 256, 512)]
    return max(abs(fitted.batch_time.seconds(n, s) / truth.seconds(n, s) - 1) for n, s in grid)


@given(
    st.floats(-4, -1).map(lambda e: 10.0**e),
    st.floats(0, 1),
    st.floats(-4.4, -1).map(lambda e: 10.0**e),
)
@settings(max_examples=25, deadline=None)
def test_an_exact_law_is_found_again(start: float, floor_part: float, token_part: float) -> None:
    """Without noise every shape is predicted within 1 %, whichever of the three times rules.

    The shapes in between too, but for a floor so near the work of a probe that the probes cannot
    tell it: then within 10 %.
    """
    truth = BatchTime(start, floor_part * start, token_part * start, HIDDEN)
    fitted = fit_batch_time(measured(truth), HIDDEN)
    assert fitted.worst_log < 0.01
    assert fitted.shapes == len(SHAPES)
    assert worst_error(fitted, truth) < 0.10


def test_noise_that_only_adds_is_seen_through() -> None:
    """The least of seven repeats with 10 % noise: within 20 % at the corner, 2 % of spread."""
    for seed in range(5):
        fitted = fit_batch_time(measured(TRUTH, 0.10, seed), HIDDEN)
        assert worst_error(fitted, TRUTH) < 0.20
        assert 0 < fitted.log_spread < 0.02


def test_a_ruined_shape_moves_the_fit_little_and_shows_as_spread() -> None:
    """One shape three times too slow: soft-L1 keeps the others, the worst residual names it."""
    timings = measured(TRUTH)
    slow = timings[4]
    timings[4] = replace(slow, seconds=tuple(3 * second for second in slow.seconds))
    fitted = fit_batch_time(timings, HIDDEN)
    assert worst_error(fitted, TRUTH) < 0.25
    assert fitted.worst_log == pytest.approx(math.log(3), rel=0.15)
    assert fitted.log_spread > 0.3


def test_a_low_quantile_can_stand_for_the_minimum() -> None:
    """A quantile of the repeats instead of their minimum never fits a quicker machine."""
    timings = measured(TRUTH, 0.2, 3)
    least = fit_batch_time(timings, HIDDEN)
    quarter = fit_batch_time(timings, HIDDEN, low_quantile=0.25)
    assert quarter.batch_time.seconds(64, 256) > least.batch_time.seconds(64, 256)


def test_the_unit_of_time_does_not_matter() -> None:
    """Ten times slower everywhere is ten times every time, and the same spread."""
    timings = measured(TRUTH, 0.05, 1)
    slower = [replace(t, seconds=tuple(10 * second for second in t.seconds)) for t in timings]
    one, ten = fit_batch_time(timings, HIDDEN), fit_batch_time(slower, HIDDEN)
    assert ten.batch_time.seconds(8, 64) == pytest.approx(10 * one.batch_time.seconds(8, 64), 1e-3)
    assert ten.log_spread == pytest.approx(one.log_spread, abs=1e-3)


@pytest.mark.parametrize(
    ("timings", "said"),
    [
        ([], "more than 3 different batch shapes; 0"),
        (measured(TRUTH)[:3], "more than 3"),
        (measured(TRUTH)[:1] * 9, "; 1 were measured"),
        ([BatchTiming(n, 8, (0.1,)) for n in (1, 2, 4, 8)], "not slower"),
        ([BatchTiming(n, 8, (0.1 / n,)) for n in (1, 2, 4, 8)], "not slower"),
        ([BatchTiming(n, 8, (0.1 * n,)) for n in (10, 11, 12, 13)], "factor of 2"),
        ([BatchTiming(n, 8, (-0.1 * n,)) for n in (1, 2, 4, 8)], "positive"),
        ([BatchTiming(n, 8, (math.nan,)) for n in (1, 2, 4, 8)], "positive"),
        ([BatchTiming(n, 0, (0.1 * n,)) for n in (1, 2, 4, 8)], "at least one token"),
        ([*measured(TRUTH), BatchTiming(0, 8, (0.1,))], "at least one text"),
        ([*measured(TRUTH), BatchTiming(2, 8, ())], "no time of 2 texts"),
    ],
)
def test_measurements_that_say_nothing_are_refused(timings: list[BatchTiming], said: str) -> None:
    """Too few shapes, no work between them, no time or nonsense: each has its sentence."""
    with pytest.raises(ModelInputError, match=said):
        fit_batch_time(timings, HIDDEN)
