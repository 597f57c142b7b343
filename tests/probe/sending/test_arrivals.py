"""Laws of the schedule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.probe.sending.arrivals import schedule_ns

RATES = st.floats(0.01, 10_000)
KINDS = st.sampled_from(["poisson", "constant"])


@given(st.integers(0, 500), RATES, KINDS, st.integers(0, 2**32))
def test_a_schedule_never_goes_back_and_has_every_request(
    n: int, rate: float, kind: str, seed: int
) -> None:
    """N due times, the first not before the start, none before its predecessor."""
    due = schedule_ns(n, rate, kind, seed)  # type: ignore[arg-type]  # drawn from the two
    assert due.shape == (n,)
    assert due.dtype == np.int64
    assert (np.diff(due, prepend=0) >= 0).all()


@given(st.integers(1, 500), RATES, st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_arrivals(n: int, rate: float, seed: int) -> None:
    """A run can be repeated, and a longer one begins like a shorter one."""
    due = schedule_ns(n, rate, "poisson", seed)
    assert (schedule_ns(n + 10, rate, "poisson", seed)[:n] == due).all()


@given(st.integers(1, 2_000), RATES)
def test_constant_arrivals_do_not_drift(n: int, rate: float) -> None:
    """The k-th request is due at k / rate, however many came before it."""
    due = schedule_ns(n, rate, "constant", 0)
    assert abs(int(due[-1]) - (n - 1) / rate * 1e9) <= max(1.0, 1e-6 * due[-1])


def test_poisson_gaps_are_exponential_with_the_mean_of_the_rate() -> None:
    """Mean 1/rate, standard deviation equal to it, and no memory from gap to gap."""
    gaps = np.diff(schedule_ns(40_000, 50.0, "poisson", 1)) / 1e9
    assert gaps.mean() == pytest.approx(0.02, rel=0.02)
    assert gaps.std() == pytest.approx(0.02, rel=0.03)
    assert np.mean(gaps > 0.02) == pytest.approx(np.exp(-1), abs=0.01)
    assert abs(np.corrcoef(gaps[:-1], gaps[1:])[0, 1]) < 0.02


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_rate_is_refused(rate: float) -> None:
    """A schedule needs a positive, finite rate."""
    with pytest.raises(ModelInputError, match="rate"):
        schedule_ns(3, rate, "poisson", 0)
    with pytest.raises(ModelInputError, match="requests"):
        schedule_ns(-1, 1.0, "poisson", 0)
