"""When savings have paid for the capital."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.over_months.payback import Payback, cumulative_savings, payback
from core.errors import ModelInputError

savings_rows = st.lists(st.floats(-1_000.0, 1_000.0), min_size=1, max_size=60)


@given(st.floats(1.0, 10_000.0), savings_rows, st.floats(0.0, 0.5))
def test_it_is_the_first_month_that_covers_the_capital(
    capital: float, savings: list[float], rate: float
) -> None:
    """Counted month by month, and whether it lasts."""
    found = payback(capital, np.array(savings), rate)
    total, covered = 0.0, []
    for month, saving in enumerate(savings, 1):
        total += saving / (1 + rate) ** (month / 12)
        if abs(total - capital) < 1e-6:
            return  # rounding decides
        covered.append(total > capital)
    first = covered.index(True) + 1 if True in covered else None
    assert found.month == first
    assert found.holds_at_horizon == covered[-1]
    if first is None:
        assert found == Payback(None, None, False, None)
    elif False in covered[first:]:
        assert found.lost_in_month == first + 1 + covered[first:].index(False)
    else:
        assert found.lost_in_month is None


def test_equality_counts() -> None:
    """12 months of 100 pay 1,200 in month 12, of 0.1 pay 1.2 in spite of rounding."""
    assert payback(1_200, np.full(36, 100.0)).month == 12
    assert payback(1.2, np.full(36, 0.1)).month == 12
    assert payback(1_200.01, np.full(36, 100.0)).month == 13


def test_inside_the_month_savings_come_evenly() -> None:
    """1,250 at 100 a month is twelve and a half months."""
    found = payback(1_250, np.full(36, 100.0))
    assert found.month == 13
    assert found.interpolated_months == pytest.approx(12.5)


@given(st.floats(0.01, 1e6), st.floats(1.0, 1e5))
def test_even_savings_pay_back_after_capital_over_saving(capital: float, saving: float) -> None:
    """The interpolated payback is the quotient, the whole month its ceiling."""
    found = payback(capital, np.full(600, saving))
    exact = capital / saving
    if found.month is None:
        assert exact > 600 * (1 - 1e-9)
    else:
        assert found.interpolated_months == pytest.approx(exact, rel=1e-8)
        assert found.month == math.ceil(exact * (1 - 1e-8))


def test_reached_and_lost_again() -> None:
    """Savings that turn into losses: paid in month 2, lost in month 4."""
    found = payback(100, np.array([60.0, 60.0, -10.0, -20.0, -5.0]))
    assert (found.month, found.lost_in_month, found.holds_at_horizon) == (2, 4, False)


def test_lost_and_regained() -> None:
    """It may be lost on the way and hold in the end."""
    found = payback(100, np.array([110.0, -20.0, 30.0]))
    assert (found.month, found.lost_in_month, found.holds_at_horizon) == (1, 2, True)


def test_nothing_to_pay_is_paid_at_once() -> None:
    """Without capital month 0, also where losses follow."""
    assert payback(0, np.ones(3)) == Payback(0, 0.0, True, None)
    assert payback(0, -np.ones(3)) == Payback(0, 0.0, False, 1)


def test_never_is_none() -> None:
    """Not within the horizon: no month, no number."""
    assert payback(100, np.ones(3)) == Payback(None, None, False, None)


@given(savings_rows)
def test_the_curve_starts_at_nothing(savings: list[float]) -> None:
    """Cumulative savings, one more point than months."""
    curve = cumulative_savings(np.array(savings))
    assert curve[0] == 0
    assert len(curve) == len(savings) + 1
    assert float(curve[-1]) == pytest.approx(math.fsum(savings), abs=1e-9)


def test_dearer_money_pays_back_later() -> None:
    """Discounted savings are worth less."""
    plain, discounted = (payback(1_000, np.full(36, 100.0), rate).month for rate in (0.0, 0.5))
    assert plain is not None
    assert discounted is not None
    assert plain < discounted


def test_impossible_savings_are_refused() -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match="capital must be at least 0"):
        payback(-1.0, np.ones(3))
    with pytest.raises(ModelInputError, match="monthly savings must be a row"):
        payback(1.0, np.array([]))
    with pytest.raises(ModelInputError, match="monthly savings must be finite"):
        payback(1.0, np.array([math.nan]))
    with pytest.raises(ModelInputError, match="discount rate"):
        payback(1.0, np.ones(3), -0.1)
