"""Tiers of many volumes at once, worked out by hand."""

import numpy as np
import pytest

from core.cost.under_factors.many_tiers import all_units, graduated

TIERS = ((100.0, 1.0), (200.0, 0.5), (float("inf"), 0.25))


def test_graduated_tiers_bill_what_falls_into_each() -> None:
    """100 at 1, the next 100 at a half, the rest at a quarter: a bound is the lower tier's."""
    units = np.array([0.0, 50.0, 100.0, 102.0, 200.0, 204.0])
    usd = [0.0, 50.0, 100.0, 101.0, 150.0, 151.0]
    assert graduated(TIERS, 1.0, units) == pytest.approx(usd)
    assert graduated(TIERS, 10.0, 10 * units) == pytest.approx(usd)


def test_a_price_for_all_units_is_the_last_tiers() -> None:
    """A hundred units cost a hundred, and 102 of them 51."""
    units = np.array([0.0, 50.0, 100.0, 102.0, 200.0, 204.0])
    usd = [0.0, 50.0, 100.0, 51.0, 100.0, 51.0]
    assert all_units(TIERS, 1.0, units) == pytest.approx(usd)
    assert all_units(TIERS, 10.0, 10 * units) == pytest.approx(usd)
