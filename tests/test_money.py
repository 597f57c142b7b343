"""Amounts in another currency: one rate, of a day, and none that nobody gave."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.errors import ScenarioError
from core.money import (
    DOLLARS,
    SIGNS,
    Money,
    Rate,
    catalogue_rates,
    is_of_usd,
    money_in,
    own_rate,
)

DAY = date(2026, 11, 30)
HALF = Money("GBP", Rate(2.0, "2026-11-30", "yours"))
"""A pound for two dollars."""

usd = st.floats(0.001, 1e9)
rates = st.floats(0.01, 100.0)


@given(usd, rates)
def test_an_amount_comes_back_at_its_rate(amount: float, rate: float) -> None:
    """As many of the currency as are worth the dollars; a column as each of its amounts."""
    money = Money("EUR", own_rate(rate, DAY))
    assert money.of(amount) * rate == pytest.approx(amount)
    assert money.of(np.array([amount, 0.0]))[0] == money.of(amount)
    assert DOLLARS.of(amount) == amount


@given(usd, rates, st.sampled_from([".6g", ",.2f", ".9g", "g"]))
def test_a_text_says_the_amount_to_three_digits(amount: float, rate: float, form: str) -> None:
    """However the model wrote it; all else in the text stays as it is."""
    written = format(amount, form)
    if float(written.replace(",", "")) == 0:
        return
    text = Money("CHF", own_rate(rate, DAY)).in_text(f"rent: ${written}/h x 730 h")
    assert text.startswith("rent: CHF\u00a0")
    assert text.endswith("/h x 730 h")
    value = float(text.split("\u00a0")[1].split("/h")[0].replace(",", ""))
    assert value == pytest.approx(float(written.replace(",", "")) / rate, rel=5.1e-3)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("$0.526/h x 730 h", "£0.263/h x 730 h"),
        ("costs $1,200.00 a month, $5 less.", "costs £600.00 a month, £2.50 less."),
        ("sources say $1e-05 to $0", "sources say £0.00000500 to £0"),
        ("billed 214 EUR, at 1.1637 USD for one", "billed 214 EUR, at 1.1637 USD for one"),
    ],
)
def test_only_amounts_of_dollars_are_turned(text: str, shown: str) -> None:
    """What is said in another currency, and the rate itself, are no such amounts."""
    assert HALF.in_text(text) == shown
    assert DOLLARS.in_text(text) == text


def test_a_name_says_the_currency_of_its_numbers() -> None:
    """Of a column, a unit of a row, a column of a file; no other name is touched."""
    assert HALF.named("5 % (USD/month)") == "5 % (GBP/month)"
    assert HALF.named("usd_per_month") == "gbp_per_month"
    assert HALF.in_unit(3.0, "USD/kWh") == (1.5, "GBP/kWh")
    assert HALF.in_unit(3.0, "tokens/s") == (3.0, "tokens/s")
    assert not is_of_usd("Usdan tokens")


def test_the_catalogue_rates_have_their_day_and_source() -> None:
    """The euro's is there; where nobody gave a rate it is asked for, never assumed."""
    listed = catalogue_rates(load_catalog().currencies)
    assert listed["EUR"].dated
    assert listed["EUR"].said_by.startswith("https://")
    assert money_in("EUR", listed).usd == listed["EUR"].usd
    assert money_in("EUR", listed, own_rate(1.2, DAY)).usd == 1.2
    assert money_in("USD", listed) is DOLLARS
    for code in sorted(set(SIGNS) - {"USD", *listed}):
        with pytest.raises(ScenarioError, match=f"no rate of {code}: say how many USD"):
            money_in(code, listed)
        assert money_in(code, listed, own_rate(1.3, DAY)).rate == Rate(1.3, "2026-11-30", "yours")


@pytest.mark.parametrize("rate", [0.0, -1.0, 0.001, 1e6, float("nan"), float("inf")])
def test_an_impossible_rate_is_refused(rate: float) -> None:
    """In one sentence with its limits."""
    with pytest.raises(ScenarioError, match="type one from 0\\.01 to 100"):
        own_rate(rate, DAY)


def test_another_currency_is_refused() -> None:
    """The ones that there are, are named."""
    with pytest.raises(ScenarioError, match="USD, EUR, GBP, CHF"):
        money_in("XAU", {})
