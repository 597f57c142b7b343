"""What a purchase costs a month."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_replica.capital import capital_recovery, monthly_rate
from core.errors import ModelInputError

prices = st.floats(1.0, 1e6)
rates = st.floats(0.0, 1.0)
lifetimes = st.integers(1, 120)


def present_value(payment: float, residual: float, rate: float, months: int) -> float:
    """What the payments and the resale are worth at time 0, summed month by month."""
    per_month = (1 + rate) ** (1 / 12)
    paid = sum(payment / per_month**month for month in range(1, months + 1))
    return float(paid + residual / per_month**months)


@given(prices, st.floats(0.0, 1.0), rates, lifetimes)
def test_payments_and_resale_are_worth_the_price(
    price: float, residual_fraction: float, rate: float, months: int
) -> None:
    """Discounted month by month, the payments and the resale value buy the thing exactly."""
    residual = residual_fraction * price
    payment = capital_recovery(price, residual, rate, months)
    assert present_value(payment, residual, rate, months) == pytest.approx(price, rel=1e-9)


@given(prices, st.floats(0.0, 1.0), lifetimes)
def test_without_interest_the_loss_of_value_is_spread_evenly(
    price: float, residual_fraction: float, months: int
) -> None:
    """At r = 0 the payment is (P - S)/n, and a vanishing rate comes down to it."""
    residual = residual_fraction * price
    straight = (price - residual) / months
    assert capital_recovery(price, residual, 0.0, months) == straight
    assert capital_recovery(price, residual, 1e-13, months) == pytest.approx(
        straight, rel=1e-9, abs=price * 1e-11
    )


def test_one_month_pays_the_price_with_interest_less_the_resale() -> None:
    """At n = 1 the payment is P (1 + i) - S."""
    i = monthly_rate(0.12)
    assert capital_recovery(1_000, 300, 0.12, 1) == pytest.approx(1_000 * (1 + i) - 300, rel=1e-12)


@given(rates)
def test_twelve_monthly_rates_make_the_effective_annual_rate(rate: float) -> None:
    """(1 + i)^12 is 1 + r."""
    assert (1 + monthly_rate(rate)) ** 12 == pytest.approx(1 + rate, rel=1e-12)


@given(prices, rates, lifetimes)
def test_dearer_money_costs_more(price: float, rate: float, months: int) -> None:
    """The payment rises with the rate and falls with the resale value."""
    payment = capital_recovery(price, 0.0, rate, months)
    assert capital_recovery(price, 0.0, rate + 0.1, months) > payment
    assert capital_recovery(price, 0.5 * price, rate, months) < payment


@pytest.mark.parametrize("rate", [-0.01, float("nan"), float("inf")])
def test_a_rate_outside_its_domain_is_refused(rate: float) -> None:
    """A negative, unknown or endless rate names itself in the error."""
    with pytest.raises(ModelInputError, match="discount rate"):
        capital_recovery(1_000, 0, rate, 36)


def test_a_lifetime_of_no_month_is_refused() -> None:
    """A thing that lasts no month has no monthly cost."""
    with pytest.raises(ModelInputError, match="at least 1 month"):
        capital_recovery(1_000, 0, 0.05, 0)
