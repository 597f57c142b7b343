"""The interval of a share of failures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from core.measurement.failures import TAIL, failure_interval, requests_to_tell


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_where_the_count_is_no_surprise(counts: tuple[int, int]) -> None:
    """At an end a count this far from it, or farther, has a chance of 2.5 %."""
    failed, sent = counts
    low, high = failure_interval(failed, sent)
    assert low <= failed / sent <= high
    if failed > 0:
        assert binom.sf(failed - 1, sent, low) == pytest.approx(TAIL, rel=1e-6)
    if failed < sent:
        assert binom.cdf(failed, sent, high) == pytest.approx(TAIL, rel=1e-6)


def test_it_is_that_of_the_textbook() -> None:
    """Clopper and Pearson's, as scipy has it; of nothing nothing is known."""
    exact = binomtest(7, 80).proportion_ci(method="exact")
    assert failure_interval(7, 80) == pytest.approx((exact.low, exact.high))
    assert failure_interval(0, 0) == (0.0, 1.0)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_so_many_more_requests_decide_and_fewer_do_not(counts: tuple[int, int]) -> None:
    """With the same share failing, the interval leaves the allowed share on one side."""
    (failed, sent), allowed = counts, 0.1
    low, high = failure_interval(failed, sent)
    if low > allowed or high <= allowed:
        return
    more = requests_to_tell(failed, sent, allowed)
    if more is None:  # the very share that is allowed
        assert failed / sent == pytest.approx(allowed, abs=1e-3)
        return
    total = sent + more
    low, high = failure_interval(failed / sent * total, total)
    assert low > allowed or high <= allowed
    low, high = failure_interval(failed / sent * (total - 1), total - 1)
    assert more == 1 or low <= allowed < high


def test_what_cannot_be_told_is_not_counted() -> None:
    """A tenth that fails is never told from a tenth that may; nor is anything from nothing."""
    assert requests_to_tell(1, 10, 0.1) is None
    assert requests_to_tell(0, 0, 0.1) is None
    assert requests_to_tell(0, 10, 0.1) == 26
