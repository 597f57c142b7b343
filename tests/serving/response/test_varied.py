"""Texts of different lengths: against the exact chain, and in their limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchTime
from core.serving.queue.batch_queue import solve
from core.serving.queue.batch_work import unpadded_batch_s
from core.serving.queue.queue_table import QueueTable
from core.serving.response.varied import (
    VariedTexts,
    highest_varied_rate,
    mean_batch,
    varied_response,
)

TIME = BatchTime(0.005, 0.002, 1.5e-5, 1_024)


def lognormal(mean: float, cv: float, limit: float, count: int = 250) -> tuple[float, ...]:
    """Equally likely lengths cut at a limit."""
    sd = math.sqrt(math.log1p(cv * cv))
    levels = (np.arange(count) + 0.5) / count
    lengths = np.exp(math.log(mean) - sd * sd / 2 + sd * ndtri(levels))
    return tuple(np.minimum(lengths, limit).tolist())


def test_up_to_a_cv_of_one_the_p95_is_close_to_the_exact_chain(queue_table: QueueTable) -> None:
    """Forty random batch times, caps, loads and lengths: 3 % off, never far too low."""
    rng = np.random.default_rng(20261126)
    errors: list[float] = []
    while len(errors) < 40:
        mean, cv = 10 ** rng.uniform(1.3, 3), rng.uniform(0.2, 1.0)
        limit = float(rng.choice([512, 2_048, 8_192]))
        if limit < mean:
            continue
        time = BatchTime(
            10 ** rng.uniform(-3, -1.7),
            10 ** rng.uniform(-3.5, -2),
            10 ** rng.uniform(-6, -4.3),
            768,
        )
        texts = VariedTexts(time, lognormal(mean, cv, limit))
        largest = int(rng.choice([1, 4, 16, 32]))
        curve = queue_table.curve(texts.cost, largest)
        rate = float(rng.uniform(0.05, 0.85)) * curve.full_rate_per_s
        exact = solve(rate, unpadded_batch_s(time, np.array(texts.lengths), largest))
        found = varied_response(texts, curve, largest, rate)
        assert exact is not None
        assert found is not None
        errors.append(found.p95_s / exact.response.p95_s - 1)
    assert float(np.mean(np.abs(errors))) < 0.035
    assert float(np.quantile(np.abs(errors), 0.95)) < 0.15
    assert min(errors) > -0.15
    assert max(errors) < 0.30


@given(st.floats(20, 2_000), st.floats(0.01, 0.95), st.sampled_from([1, 8, 32]))
def test_texts_that_are_alike_are_the_tables_own(
    queue_table: QueueTable, tokens: float, load: float, largest: int
) -> None:
    """One length: nothing is stretched, nothing added."""
    texts = VariedTexts(TIME, (tokens,))
    curve = queue_table.curve(texts.cost, largest)
    rate = load * curve.full_rate_per_s
    answer = curve.at(rate)
    assert answer is not None
    assert varied_response(texts, curve, largest, rate) == answer.response
    limit_s = 3 * curve.alone_s
    assert highest_varied_rate(texts, curve, largest, 0.95, limit_s) == curve.highest_rate(
        0.95, limit_s
    )


@settings(deadline=None, max_examples=50)
@given(st.floats(0.1, 1.5), st.sampled_from([1, 8, 32]))
def test_an_idle_replica_answers_in_the_texts_own_time(
    queue_table: QueueTable, cv: float, largest: int
) -> None:
    """Without load the percentiles are those of lone texts."""
    texts = VariedTexts(TIME, lognormal(300, cv, 8_192))
    curve = queue_table.curve(texts.cost, largest)
    found = varied_response(texts, curve, largest, 0.0)
    longest = np.sort(texts.alone_s)
    assert found is not None
    # 95 % of 32 nodes end between the 30th and the 31st.
    assert longest[29] * 0.999 <= found.p95_s <= longest[31] * 1.001
    assert found.mean_s == pytest.approx(float(longest.mean()), rel=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.floats(0.1, 1.5), st.floats(0.05, 0.9), st.sampled_from([1, 8, 32]))
def test_quantiles_rise_with_level_and_load(
    queue_table: QueueTable, cv: float, load: float, largest: int
) -> None:
    """Order holds whatever the lengths are."""
    texts = VariedTexts(TIME, lognormal(300, cv, 2_048))
    curve = queue_table.curve(texts.cost, largest)
    low = varied_response(texts, curve, largest, load * curve.full_rate_per_s)
    high = varied_response(texts, curve, largest, min(0.97, load * 1.05) * curve.full_rate_per_s)
    assert low is not None
    assert high is not None
    assert list(low.quantiles_s) == sorted(low.quantiles_s)
    assert low.p95_s <= high.p95_s * (1 + 1e-3)


@settings(deadline=None, max_examples=40)
@given(st.floats(0.1, 1.5), st.floats(0.01, 2), st.sampled_from([1, 8, 32]))
def test_the_highest_rate_keeps_the_limit_and_a_higher_one_does_not(
    queue_table: QueueTable, cv: float, limit_s: float, largest: int
) -> None:
    """At the rate the percentile is the limit; None where lone texts already exceed it."""
    texts = VariedTexts(TIME, lognormal(300, cv, 2_048))
    curve = queue_table.curve(texts.cost, largest)
    rate = highest_varied_rate(texts, curve, largest, 0.95, limit_s)
    if rate is None:
        assert float(np.quantile(texts.alone_s, 0.97)) > limit_s
        return
    found = varied_response(texts, curve, largest, rate)
    assert found is not None
    assert found.p95_s <= limit_s * 1.001


def test_an_overloaded_queue_has_no_answer(queue_table: QueueTable) -> None:
    """At the throughput of full batches and above: None."""
    texts = VariedTexts(TIME, lognormal(300, 1.0, 2_048))
    curve = queue_table.curve(texts.cost, 8)
    assert varied_response(texts, curve, 8, curve.full_rate_per_s) is None


@given(st.floats(0.01, 0.99), st.sampled_from([1, 2, 8, 64]))
def test_batches_hold_between_one_text_and_the_cap(load: float, largest: int) -> None:
    """The mean size is one at rest and never above the cap."""
    cost = VariedTexts(TIME, (300.0,)).cost
    size = mean_batch(load * cost.full_rate_per_s(largest), cost, largest)
    assert 1 - 1e-9 <= size <= largest


@pytest.mark.parametrize("lengths", [(), (0.0,), (float("nan"),), (-1.0, 5.0)])
def test_lengths_that_are_none_are_refused(lengths: tuple[float, ...]) -> None:
    """Positive and finite, at least one."""
    with pytest.raises(ModelInputError, match="lengths"):
        VariedTexts(TIME, lengths)
