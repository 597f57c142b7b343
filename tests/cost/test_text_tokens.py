"""Billed, processed and padded tokens."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cost.lengths import LognormalLengths, truncated_mean
from core.cost.text_tokens import mean_longest, padded_tokens, padding_waste, text_tokens
from core.errors import ModelInputError

laws = st.builds(LognormalLengths, st.floats(1.0, 1e5), st.floats(0.0, 3.0))


@settings(deadline=None)
@given(laws, st.floats(0.1, 50.0), st.integers(1, 512))
def test_processed_is_at_most_padded_is_at_most_the_limit(
    lengths: LognormalLengths, ratio: float, batch: int
) -> None:
    """Cutting takes away, padding adds, and no text is longer than the limit."""
    limit = ratio * lengths.mean_tokens
    counts = text_tokens(lengths, limit, batch)
    assert counts.billed == lengths.mean_tokens
    assert counts.processed <= counts.padded * (1 + 1e-9)
    assert counts.padded <= limit * (1 + 1e-9)


@settings(deadline=None)
@given(laws, st.integers(1, 100))
def test_a_larger_batch_pads_more(lengths: LognormalLengths, batch: int) -> None:
    """The longest of n + 1 texts is no shorter than the longest of n; of 1 it is the mean."""
    limit = 4 * lengths.mean_tokens
    less, more = (mean_longest(lengths, limit, n) for n in (batch, batch + 1))
    assert less <= more * (1 + 1e-9)
    assert mean_longest(lengths, limit, 1) == truncated_mean(lengths, limit)


@pytest.mark.parametrize(("limit", "batch"), [(512, 4), (512, 32), (math.inf, 8)])
def test_simulated_batches_have_the_same_longest_text(limit: float, batch: int) -> None:
    """The integral agrees with the mean of simulated batches within four standard errors."""
    lengths = LognormalLengths(300, 0.9)
    rng = np.random.default_rng(11)
    texts = np.minimum(rng.lognormal(lengths.log_mean, lengths.log_sd, (20_000, batch)), limit)
    longest = texts.max(axis=1)
    error = float(longest.std()) / math.sqrt(longest.size)
    assert abs(float(longest.mean()) - mean_longest(lengths, limit, batch)) < 4 * error


@given(laws)
def test_two_texts_by_inclusion_and_exclusion(lengths: LognormalLengths) -> None:
    """The longer of two lognormal texts has mean 2 m Phi(s / sqrt 2): a closed form."""
    s = lengths.log_sd
    exact = lengths.mean_tokens * (1 + math.erf(s / 2))
    assert mean_longest(lengths, math.inf, 2) == pytest.approx(exact, rel=1e-9)


def test_batches_are_counted_by_hand() -> None:
    """Batches (1, 5), (2, 2) and (7) compute 10 + 4 + 7 tokens."""
    lengths = np.array([1.0, 5.0, 2.0, 2.0, 7.0])
    assert padded_tokens(lengths, 2) == 21
    assert padding_waste(lengths, 2) == pytest.approx(1 - 17 / 21)


@given(st.integers(1, 16), st.integers(1, 8), st.data())
def test_sorting_whole_batches_never_adds_padding(
    batch: int, batches: int, data: st.DataObject
) -> None:
    """Of all orders of whole batches the sorted one puts like with like and computes least.

    A last batch that is not full breaks the law: (2, 2), (1) computes 5 tokens, (1, 2), (2) 6.
    """
    count = batch * batches
    tokens = data.draw(st.lists(st.integers(1, 512), min_size=count, max_size=count))
    lengths = np.array(tokens, dtype=np.float64)
    assert padded_tokens(np.sort(lengths), batch) <= padded_tokens(lengths, batch)
    assert padded_tokens(lengths, 1) == lengths.sum()


def test_the_provider_counts_in_its_own_tokens() -> None:
    """A provider whose tokenizer makes a tenth more bills a tenth more, cut or not."""
    counts = text_tokens(LognormalLengths(500, 1), 512, 1, billed_per_own_token=1.1)
    assert counts.billed == pytest.approx(550)
    assert counts.processed == counts.padded == pytest.approx(0.6852085 * 500, rel=1e-6)


def test_impossible_batches_are_refused() -> None:
    """No text, no batch, no length."""
    with pytest.raises(ModelInputError, match="texts in a batch"):
        mean_longest(LognormalLengths(500, 1), 512, 0)
    with pytest.raises(ModelInputError, match="lengths must be a row"):
        padded_tokens(np.array([]), 4)
    with pytest.raises(ModelInputError, match="must not all be 0"):
        padding_waste(np.zeros(3), 4)
    with pytest.raises(ModelInputError, match="billed tokens for a token"):
        text_tokens(LognormalLengths(500, 1), 512, 4, billed_per_own_token=0.0)
