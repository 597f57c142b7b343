"""Attempts and calls."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_use.retries import NO_RETRIES, Retries, attempts_needed, expected_attempts
from core.errors import ModelInputError
from tests.oracles.pieces import calls_needed

failure_rates = st.floats(0.0, 1.0)
below_one = st.floats(0.0, 0.999)
attempt_limits = st.integers(1, 50)


@given(failure_rates, attempt_limits)
def test_attempts_are_counted_one_by_one(failure_rate: float, limit: int) -> None:
    """The k-th attempt is made if the k - 1 before it failed: 1 + f + ... + f^(K-1)."""
    counted = math.fsum(failure_rate**k for k in range(limit))
    assert float(expected_attempts(failure_rate, limit)) == pytest.approx(counted, rel=1e-9)


@given(below_one, attempt_limits)
def test_a_billed_failure_is_paid_by_the_texts_that_are_answered(f: float, limit: int) -> None:
    """Attempts made over texts answered: both depend on the limit, their ratio does not."""
    made = math.fsum(f**k for k in range(limit))
    answered = math.fsum((1 - f) * f**k for k in range(limit))
    retries = Retries(f, limit, failed_billed=True)
    assert retries.billed_attempts == pytest.approx(made / answered, rel=1e-9)
    assert 1 - retries.unanswered_share == pytest.approx(answered, rel=1e-9, abs=1e-12)


def test_the_limits() -> None:
    """Without failures one attempt, with nothing but failures all of them."""
    assert expected_attempts(np.array([0.0, 1.0]), 5).tolist() == [1, 5]
    assert float(expected_attempts(1 - 1e-15, 5)) == pytest.approx(5, rel=1e-12)
    assert NO_RETRIES.billed_attempts == 1
    assert NO_RETRIES.unanswered_share == 0


@given(below_one, below_one, attempt_limits, st.booleans())
def test_an_answered_text_never_gets_cheaper_as_more_fails(
    one: float, other: float, limit: int, failed_billed: bool
) -> None:
    """Whoever pays for the failed attempts, and however many are allowed."""
    less, more = sorted((one, other))
    rare, often = (Retries(f, limit, failed_billed) for f in (less, more))
    assert 1 <= rare.billed_attempts <= often.billed_attempts
    assert rare.unanswered_share <= often.unanswered_share


@given(st.floats(0, 0.99), st.floats(0.0001, 1))
def test_the_attempts_that_would_do_are_the_fewest(f: float, allowed: float) -> None:
    """So many leave few enough, one fewer leaves too many."""
    needed = attempts_needed(f, allowed)
    assert needed is not None
    assert f**needed <= allowed * (1 + 1e-6)
    assert needed == 1 or f ** (needed - 1) > allowed


def test_some_failures_no_attempts_mend() -> None:
    """Where all fail, or none may be left; a tenth to the third is a thousandth."""
    assert attempts_needed(1.0, 0.5) is None
    assert attempts_needed(0.5, 0.0) is None
    assert attempts_needed(0.0, 0.0) == 1
    assert attempts_needed(0.1, 0.001) == 3


@given(st.integers(0, 10**9), st.integers(1, 2_048))
def test_calls_are_filled_up(items: int, items_per_call: int) -> None:
    """As whole numbers divide, rounded up."""
    assert int(calls_needed(items, items_per_call)) == -(-items // items_per_call)


def test_impossible_retries_are_refused() -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match="failure rate must lie from 0 to 1"):
        Retries(1.1)
    with pytest.raises(ModelInputError, match="failure rate must be below 1: else no text"):
        Retries(1.0)
    with pytest.raises(ModelInputError, match="failure rate must lie from 0 to 1"):
        expected_attempts(math.nan, 3)
    with pytest.raises(ModelInputError, match=r"attempts for a request .* at least 1, not 0"):
        Retries(0.1, 0)
    with pytest.raises(ModelInputError, match="items in a call"):
        calls_needed(10, 0)
    with pytest.raises(ModelInputError, match="items must be at least 0"):
        calls_needed(-1, 10)
