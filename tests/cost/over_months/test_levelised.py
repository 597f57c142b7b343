"""Levelised cost."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_replica.capital import capital_recovery
from core.cost.over_months.growth import growth_volumes
from core.cost.over_months.levelised import levelised_usd_per_mtok, present_value, total_present_usd
from core.errors import ModelInputError

rates = st.floats(0.0, 1.0)
horizons = st.integers(1, 120)
money = st.floats(0.0, 1e6)


@given(money, money, rates, horizons, st.floats(1e6, 1e12))
def test_of_an_even_load_it_is_the_capital_recovery(
    price: float, residual: float, rate: float, months: int, tokens: float
) -> None:
    """The same month every month: the levelised cost is the equal payment over a month's tokens."""
    levelised = levelised_usd_per_mtok(
        np.full(months, 100.0), np.full(months, tokens), rate, price, residual
    )
    monthly = 100.0 + capital_recovery(price, residual, rate, months)
    scale = (price + residual + 100) / tokens * 1e6
    assert levelised == pytest.approx(monthly / tokens * 1e6, rel=1e-9, abs=1e-9 * scale)


@given(money, money, rates, horizons, st.floats(-0.3, 0.5))
def test_sold_at_this_price_the_horizon_breaks_even(
    price: float, monthly: float, rate: float, months: int, growth: float
) -> None:
    """Income at the levelised price is worth today what the cost is worth."""
    tokens = growth_volumes(1e9, growth, months)
    usd = np.full(months, monthly)
    levelised = levelised_usd_per_mtok(usd, tokens, rate, price)
    assert levelised is not None
    income = present_value(levelised * tokens / 1e6, rate)
    assert income == pytest.approx(total_present_usd(usd, rate, price), rel=1e-9, abs=1e-9)


@given(rates, horizons)
def test_a_constant_price_is_its_own_levelised_price(rate: float, months: int) -> None:
    """However the volume grows."""
    tokens = growth_volumes(1e9, 0.1, months)
    assert levelised_usd_per_mtok(tokens * 0.02e-6, tokens, rate) == pytest.approx(0.02, rel=1e-9)


def test_without_interest_it_is_cost_over_tokens() -> None:
    """1,200 for the card, 3 months at 50, 200 back, over 3 B tokens."""
    usd, tokens = np.full(3, 50.0), np.full(3, 1e9)
    assert levelised_usd_per_mtok(usd, tokens, 0.0, 1_200, 200) == pytest.approx(1_150 / 3_000)


@given(money, rates)
def test_one_month_is_discounted_once(amount: float, rate: float) -> None:
    """A year's rate to the twelfth."""
    assert present_value(np.array([amount]), rate) == pytest.approx(
        amount / (1 + rate) ** (1 / 12), rel=1e-12
    )


@given(st.floats(1e-9, 1e9))
def test_more_tokens_for_as_much_more_money_have_the_same_price(factor: float) -> None:
    """From a part of a token a month to billions."""
    usd, tokens = np.array([1.0, 2.0, 4.0]), np.array([5.0, 1.0, 3.0])
    scaled = levelised_usd_per_mtok(factor * usd, factor * tokens, 0.05)
    assert scaled == pytest.approx(levelised_usd_per_mtok(usd, tokens, 0.05), rel=1e-9)


def test_without_tokens_there_is_no_price() -> None:
    """Absent, not endless."""
    assert levelised_usd_per_mtok(np.ones(3), np.zeros(3), 0.05) is None


def test_impossible_horizons_are_refused() -> None:
    """Each error names its field."""
    one = np.ones(3)
    with pytest.raises(ModelInputError, match="monthly tokens must be a row"):
        levelised_usd_per_mtok(np.array([]), np.array([]), 0.05)
    with pytest.raises(ModelInputError, match="same months, not 3 and 2"):
        levelised_usd_per_mtok(one, np.ones(2), 0.05)
    with pytest.raises(ModelInputError, match="tokens of a month"):
        levelised_usd_per_mtok(one, -one, 0.05)
    with pytest.raises(ModelInputError, match="monthly amounts must be finite"):
        levelised_usd_per_mtok(one * math.nan, one, 0.05)
    with pytest.raises(ModelInputError, match="discount rate"):
        levelised_usd_per_mtok(one, one, -0.05)
    with pytest.raises(ModelInputError, match="capital must be at least 0"):
        levelised_usd_per_mtok(one, one, 0.05, -1.0)
    with pytest.raises(ModelInputError, match="residual value"):
        levelised_usd_per_mtok(one, one, 0.05, 0.0, math.inf)
