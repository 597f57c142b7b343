"""Cost of a token and break-even utilisation."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from tests.oracles.unit_cost import break_even_utilisation, usd_per_mtok

positives = st.floats(0.01, 1e5)


@given(positives, positives, st.floats(1e-9, 1e-4))
def test_at_the_break_even_utilisation_a_token_costs_what_the_api_asks(
    usd_per_hour: float, throughput: float, price: float
) -> None:
    """The two functions are inverses of each other."""
    u = break_even_utilisation(usd_per_hour, throughput, price)
    assert usd_per_mtok(usd_per_hour, throughput, u) == pytest.approx(price * 1e6, rel=1e-9)


def test_an_unused_card_has_no_unit_cost() -> None:
    """Absent, not endless."""
    assert usd_per_mtok(1.0, 1_000.0, 0.0) is None


def test_an_hours_price_over_an_hours_tokens() -> None:
    """0.8048 over 3,600 s of 62,200 tokens/s at 60 % used a third: $0.018 per 1M."""
    assert usd_per_mtok(0.8048, 62_200 * 0.6, 1 / 3) == pytest.approx(0.01797, abs=1e-5)


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_impossible_arguments_are_refused(bad: float) -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match="price of an hour"):
        usd_per_mtok(bad, 1.0, 1.0)
    with pytest.raises(ModelInputError, match="throughput"):
        usd_per_mtok(1.0, bad, 1.0)
    with pytest.raises(ModelInputError, match="utilisation"):
        usd_per_mtok(1.0, 1.0, bad)
    with pytest.raises(ModelInputError, match="the API's price of a token"):
        break_even_utilisation(1.0, 1.0, bad)
