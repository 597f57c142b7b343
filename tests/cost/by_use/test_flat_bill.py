"""API bills: exact tiers, units, rate limits."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_use.flat_bill import (
    ApiBill,
    flat_bill,
    tokens_per_mchar,
    tokens_per_second,
)
from core.errors import ModelInputError
from tests.cost.strategies import api_bills, volumes

TIERED = ApiBill(((100.0, 0.10), (1_000.0, 0.05), (math.inf, 0.02)), 1e6, "M tokens")


def graduated(bill: ApiBill, tokens: float) -> Decimal:
    """The sum over tiers of price times the units that fall into it, in exact decimals."""
    units = Decimal(tokens) / Decimal(bill.tokens_per_unit)
    total, lower = Decimal(0), Decimal(0)
    for upper, usd in bill.tiers:
        top = units if math.isinf(upper) else min(units, Decimal(upper))
        total += max(Decimal(0), top - lower) * Decimal(usd)
        lower = units if math.isinf(upper) else Decimal(upper)
    return total


@given(api_bills(), volumes)
def test_tiers_are_graduated_exactly(bill: ApiBill, tokens: float) -> None:
    """Each tier's price holds for the units that fall into that tier, and for no others."""
    assert float(bill.curve().at(tokens)) == pytest.approx(
        float(graduated(bill, tokens)), rel=1e-9, abs=1e-12
    )


@given(api_bills(), volumes)
def test_the_lines_sum_to_the_bill(bill: ApiBill, tokens: float) -> None:
    """The itemised bill and the curve are the same money."""
    total = sum(line.usd_per_month for line in bill.lines(tokens))
    assert total == pytest.approx(float(bill.curve().at(tokens)), rel=1e-9, abs=1e-12)


@given(api_bills(), st.lists(volumes, min_size=2, max_size=20))
def test_more_volume_never_costs_less(bill: ApiBill, tokens: list[float]) -> None:
    """Graduated tiers are monotone in volume, whatever the order of their prices."""
    rising = np.sort(np.array(tokens))
    usd = bill.curve().at(rising)
    assert np.all(np.diff(usd) >= -1e-9 * usd[1:])


@given(st.floats(0.001, 1.0), st.floats(1.001, 10.0), volumes)
def test_a_dearer_price_costs_more(usd: float, factor: float, tokens: float) -> None:
    """At every volume the bill rises with the price."""
    cheap = flat_bill(usd, 1e6, "M tokens").curve()
    dear = flat_bill(usd * factor, 1e6, "M tokens").curve()
    assert dear.at(tokens) > cheap.at(tokens)


def test_a_bound_belongs_to_the_lower_tier() -> None:
    """The unit at the bound is billed at the lower tier's price; only the next one is not."""
    at_bound = 100 * 1e6
    assert float(TIERED.curve().at(at_bound)) == pytest.approx(100 * 0.10, rel=1e-12)
    assert len(TIERED.lines(at_bound)) == 1
    assert float(TIERED.curve().at(at_bound + 1e6)) == pytest.approx(10 + 0.05, rel=1e-12)
    assert len(TIERED.lines(at_bound + 1e6)) == 2


def test_nothing_costs_nothing() -> None:
    """At zero volume the bill is one line of 0 USD."""
    assert float(TIERED.curve().at(0.0)) == 0
    assert [line.usd_per_month for line in TIERED.lines(0.0)] == [0]


@pytest.mark.parametrize("price", ["0.02", "0.13", "0.012", "0.00012", "0.279932"])
def test_decimal_prices_stay_exact(price: str) -> None:
    """A quoted decimal times whole units is the decimal product, to the last digit of a float."""
    bill = flat_bill(float(Decimal(price)), 1e6, "M tokens")
    for mtok in (1, 1_500, 10_000_000):
        exact = float(Decimal(price) * mtok)
        assert bill.lines(mtok * 1e6)[0].usd_per_month == pytest.approx(exact, rel=2.3e-16)
        assert float(bill.curve().at(mtok * 1e6)) == pytest.approx(exact, rel=4.5e-16)


def test_billed_units_follow_the_text() -> None:
    """A million characters at 4 a token are 250,000 tokens; 50 ms a 500-token text, 10,000 a s."""
    assert tokens_per_mchar(4.0) == 250_000
    assert tokens_per_second(0.05, 500) == pytest.approx(10_000)
    by_request = flat_bill(0.001, 500, "requests").curve()
    assert float(by_request.at(1e6)) == pytest.approx(2.0)


@pytest.mark.parametrize(
    "tiers",
    [(), ((100.0, 1.0),), ((5.0, 1.0), (5.0, 2.0), (math.inf, 1.0)), ((math.inf, 1.0), (5.0, 2.0))],
)
def test_tiers_that_leave_a_volume_without_a_price_are_refused(
    tiers: tuple[tuple[float, float], ...],
) -> None:
    """Tiers must rise and the last must have no end."""
    with pytest.raises(ModelInputError, match="rising upper bounds"):
        ApiBill(tiers, 1e6, "M tokens")


def test_a_unit_without_tokens_is_refused() -> None:
    """A billed unit that holds no tokens has no cost per token."""
    with pytest.raises(ModelInputError, match="tokens per unit"):
        flat_bill(1.0, 0.0, "nothing")
