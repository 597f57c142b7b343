"""The time of a batch: formula, limits, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchCost, BatchTime, work_tokens

T = BatchTime(start_s=0.005, floor_s=0.002, per_token_s=1e-6, hidden=768)


def test_attention_is_a_tenth_of_a_full_bert_window() -> None:
    """At s = 512 and d = 768 attention adds exactly a ninth of the rest."""
    assert work_tokens(512.0, 768) == pytest.approx(512 * (1 + 1 / 9), rel=1e-12)


def test_a_short_query_is_start_and_floor_and_a_large_batch_is_work() -> None:
    """The floor holds until the work of the tokens exceeds it."""
    assert T.seconds(1, 16) == pytest.approx(0.007, rel=1e-12)
    work = 128 * 512 * (1 + 512 / (6 * 768))
    assert T.seconds(128, 512) == pytest.approx(0.005 + 1e-6 * work, rel=1e-12)


@given(st.integers(1, 200), st.floats(1, 8_192))
def test_the_sizes_of_one_length_are_the_formula(texts: int, tokens: float) -> None:
    """of_sizes, seconds and full_rate_per_s are the same function."""
    cost = T.at_length(tokens)
    sizes = cost.of_sizes(texts)
    assert sizes[-1] == pytest.approx(T.seconds(texts, tokens), rel=1e-12)
    assert cost.full_rate_per_s(texts) == pytest.approx(texts / sizes[-1], rel=1e-12)
    assert (np.diff(sizes) >= 0).all()
    # A larger batch is never worse for throughput.
    assert (np.diff(np.arange(1, texts + 1) / sizes) >= -1e-9).all()


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_times_that_make_no_sense_are_refused(bad: float) -> None:
    """Negative, nan and infinite times name their field."""
    with pytest.raises(ModelInputError, match="start_s"):
        BatchTime(bad, 0.0, 1e-6, 768)
    with pytest.raises(ModelInputError, match="floor_s"):
        BatchCost(0.0, bad, 1e-6)


def test_work_that_is_free_and_texts_without_tokens_are_refused() -> None:
    """Nothing takes no time at all."""
    with pytest.raises(ModelInputError, match="per_token_s must be above 0"):
        BatchTime(0.1, 0.1, 0.0, 768)
    with pytest.raises(ModelInputError, match="hidden"):
        BatchTime(0.1, 0.1, 1e-6, 0)
    with pytest.raises(ModelInputError, match="more than 0 tokens"):
        T.at_length(0)
    with pytest.raises(ModelInputError, match="at least 1 text"):
        BatchCost(0, 0, 1).of_sizes(0)


@given(st.floats(1, 10), st.integers(1, 200), st.floats(1, 8_192))
def test_a_slower_device_takes_so_many_times_its_work(
    times: float, texts: int, tokens: float
) -> None:
    """What a batch takes beyond its start, and only that, is stretched."""
    before = T.seconds(texts, tokens) - T.start_s
    assert T.slower(times).seconds(texts, tokens) - T.start_s == pytest.approx(times * before)
