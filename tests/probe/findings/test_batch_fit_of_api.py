"""The fit of a batch sweep, by times that are known exactly."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.measurement.report import BatchCurve
from core.probe.findings.batch_fit_of_api import batch_curve
from core.probe.records.probe_plan import BatchSweep
from core.probe.records.sample import Outcome, Sample
from tests.probe.support import plan, sample

SCHEDULE = BatchSweep(sizes=(1, 4, 16, 64), characters=(40, 400), repeats=5)
PLAN = plan("http://127.0.0.1:9/v1", schedule=SCHEDULE)


def curve_of(
    fixed_s: float,
    per_text_s: float,
    per_token_s: float,
    noise: float = 0.0,
    *,
    billed: bool = True,
) -> BatchCurve:
    """The curve of requests that take exactly so long, times lognormal noise."""
    draw, samples = np.random.default_rng(1), list[Sample]()
    for _ in range(SCHEDULE.repeats):
        for step, (texts, characters) in enumerate(SCHEDULE.cells):
            tokens = texts * (characters or 0) // 4
            time_s = fixed_s + per_text_s * texts + per_token_s * tokens
            time_s *= math.exp(noise * draw.normal())
            told = tokens if billed else None
            one = sample(len(samples), time_s, step=step, texts=texts, tokens_billed=told)
            samples.append(one)
    found = batch_curve(PLAN, samples)
    assert found is not None
    return found


@settings(deadline=None)
@given(
    st.floats(0.001, 0.1),
    st.sampled_from([0.0, 0.0005, 0.01]),
    st.sampled_from([0.0, 1e-5, 1e-3]),
)
def test_what_is_exact_is_found_exactly(
    fixed_s: float, per_text_s: float, per_token_s: float
) -> None:
    """All three coefficients, none below zero, and nothing left over."""
    fit = curve_of(fixed_s, per_text_s, per_token_s).fit
    assert fit is not None
    largest = fixed_s + 64 * per_text_s + 6400 * per_token_s
    assert fit.fixed_s == pytest.approx(fixed_s, rel=1e-3)
    assert 64 * abs(fit.per_text_s - per_text_s) < 1e-3 * largest
    assert fit.per_unit_s is not None
    assert 6400 * abs(fit.per_unit_s - per_token_s) < 1e-3 * largest
    assert fit.worst < 1e-3


def test_noise_and_one_slow_answer_do_not_bend_the_line() -> None:
    """5 % of noise: within 10 %, and the residual says how well it describes."""
    fit = curve_of(0.02, 0.001, 2e-5, noise=0.05).fit
    assert fit is not None
    assert fit.fixed_s == pytest.approx(0.02, rel=0.1)
    assert fit.per_text_s == pytest.approx(0.001, rel=0.15)
    assert fit.per_unit_s == pytest.approx(2e-5, rel=0.15)
    assert 0 < fit.residual < 0.1


def test_without_tokens_characters_stand_in() -> None:
    """A server that does not bill by tokens and has no known tokenizer."""
    fit = curve_of(0.02, 0.001, 2e-5, billed=False).fit
    assert fit is not None
    assert fit.unit == "character"
    assert fit.per_unit_s == pytest.approx(5e-6, rel=1e-3)


def test_the_best_size_is_the_smallest_that_is_nearly_the_quickest_a_text() -> None:
    """With much that is fixed the largest; with nothing fixed the smallest."""
    assert curve_of(0.1, 0.001, 0.0).best_texts == 64
    assert curve_of(0.0, 0.001, 0.0).best_texts == 1
    assert "64 texts a request are enough" in curve_of(0.1, 0.001, 0.0).sentence


def test_failures_are_told_and_two_sizes_are_not_fitted() -> None:
    """A size that nobody answered has no time."""
    samples = [sample(i, 0.1, step=i % 2, texts=1 + 3 * (i % 2)) for i in range(6)]
    samples.append(sample(6, step=2, outcome=Outcome.SERVER_ERROR, texts=16))
    found = batch_curve(PLAN, samples)
    assert found is not None
    assert found.fit is None
    assert [(step.n, step.n_ok) for step in found.steps] == [(3, 3), (3, 3), (1, 0)]
