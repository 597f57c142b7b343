"""Attempts and calls."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_use.retries import NO_RETRIES, Retries, expected_attempts, success_share
from core.errors import ModelInputError
from tests.oracles.pieces import calls_needed

failure_rates = st.floats(0.0, 1.0)
attempt_limits = st.integers(1, 50)


@given(failure_rates, attempt_limits)
def test_attempts_are_counted_one_by_one(failure_rate: float, limit: int) -> None:
    """The k-th attempt is made if the k - 1 before it failed: 1 + f + ... + f^(K-1)."""
    counted = math.fsum(failure_rate**k for k in range(limit))
    assert float(expected_attempts(failure_rate, limit)) == pytest.approx(counted, rel=1e-9)


@given(failure_rates, attempt_limits)
def test_each_answer_is_one_success(failure_rate: float, limit: int) -> None:
    """Attempts times the chance of one to succeed are the answers, 1 - f^K."""
    attempts = float(expected_attempts(failure_rate, limit))
    answered = float(success_share(failure_rate, limit))
    assert attempts * (1 - failure_rate) == pytest.approx(answered, rel=1e-9, abs=1e-12)


def test_the_limits() -> None:
    """Without failures one attempt, with nothing but failures all of them."""
    assert expected_attempts(np.array([0.0, 1.0]), 5).tolist() == [1, 5]
    assert success_share(np.array([0.0, 1.0]), 5).tolist() == [1, 0]
    assert float(expected_attempts(1 - 1e-15, 5)) == pytest.approx(5, rel=1e-12)
    assert NO_RETRIES.billed_attempts == 1


@given(failure_rates, attempt_limits)
def test_who_bills_failures_bills_more(failure_rate: float, limit: int) -> None:
    """With failed attempts billed there is at least as much to pay as without."""
    with_failed = Retries(failure_rate, limit, failed_billed=True).billed_attempts
    without = Retries(failure_rate, limit, failed_billed=False).billed_attempts
    assert without <= 1 <= with_failed


@given(st.integers(0, 10**9), st.integers(1, 2_048))
def test_calls_are_filled_up(items: int, items_per_call: int) -> None:
    """As whole numbers divide, rounded up."""
    assert int(calls_needed(items, items_per_call)) == -(-items // items_per_call)


def test_impossible_retries_are_refused() -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match="failure rate must lie from 0 to 1"):
        Retries(1.1)
    with pytest.raises(ModelInputError, match="failure rate must lie from 0 to 1"):
        expected_attempts(math.nan, 3)
    with pytest.raises(ModelInputError, match=r"attempts for a request .* at least 1, not 0"):
        Retries(0.1, 0)
    with pytest.raises(ModelInputError, match="items in a call"):
        calls_needed(10, 0)
    with pytest.raises(ModelInputError, match="items must be at least 0"):
        calls_needed(-1, 10)
