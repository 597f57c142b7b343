import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.rows.limits import ONLINE_LIMITS
from core.cost.by_use.flat_bill import ApiBill
from core.cost.by_use.rate_ceiling import Counted, rate_ceiling, spend_ceiling
from core.cost.curve.piecewise import affine
from core.units import THIRTY_DAYS

TEXT = Counted(tokens_offered=500, requests=1, texts=1, tokens=500, seconds_per_call=0.5)
NAMES = (
    "requests_per_minute",
    "texts_per_minute",
    "tokens_per_minute",
    "requests_per_day",
    "tokens_per_month",
    "requests_in_flight",
)


def ceiling(limits: dict[str, float], counted: Counted = TEXT, peak: float = 3.0) -> float:
    """Volume under limits, tokens a month of thirty days."""
    found = rate_ceiling(limits, counted, peak, THIRTY_DAYS)
    assert found is not None
    return found.tokens_per_month


@pytest.mark.parametrize(
    ("name", "limit", "texts_per_day"),
    [
        ("requests_per_minute", 3_000, 1_440 * 3_000 / 3),
        ("texts_per_minute", 2_000, 1_440 * 2_000 / 3),
        ("tokens_per_minute", 1e6, 1_440 * 2_000 / 3),
        ("requests_per_day", 2_000, 2_000),
        ("tokens_per_month", 1.5e9, 1.5e9 / 500 / 30),
        ("requests_in_flight", 200, 200 / 0.5 * 86_400 / 3),
    ],
)
def test_a_limit_lets_through_what_its_unit_says(
    name: str, limit: float, texts_per_day: float
) -> None:
    """Minutes are met in the busy hour, days by the mean day, months by their total."""
    assert ceiling({name: limit}) == pytest.approx(texts_per_day * 500 * 30, rel=1e-12)


def test_every_limit_of_the_catalogue_has_a_volume() -> None:
    """None is left out silently; the spend cap is met on the bill instead."""
    assert set(ONLINE_LIMITS) == {*NAMES, "usd_per_month"}


@given(
    limits=st.dictionaries(st.sampled_from(NAMES), st.floats(1, 1e12), min_size=1),
    peak=st.floats(1, 50),
)
def test_the_tightest_binds_and_is_named(limits: dict[str, float], peak: float) -> None:
    """Together they let through what the least of them does alone."""
    found = rate_ceiling(limits, TEXT, peak, THIRTY_DAYS)
    alone = {name: ceiling({name: limit}, peak=peak) for name, limit in limits.items()}
    assert found is not None
    assert found.tokens_per_month == min(alone.values()) == alone[found.binding]


@given(name=st.sampled_from(NAMES), limit=st.floats(1, 1e9), peak=st.floats(1, 50))
def test_twice_the_limit_lets_twice_as_much_through(name: str, limit: float, peak: float) -> None:
    """Of every kind."""
    assert ceiling({name: 2 * limit}, peak=peak) == pytest.approx(
        2 * ceiling({name: limit}, peak=peak)
    )


def test_texts_that_share_a_call_still_count_one_by_one() -> None:
    """A limit on texts is the same in calls of 96; one on calls lets 96 times as much through."""
    together = Counted(tokens_offered=500, requests=1 / 96, texts=1, tokens=500)
    assert ceiling({"texts_per_minute": 2_000}, together) == ceiling({"texts_per_minute": 2_000})
    assert ceiling({"requests_per_minute": 2_000}, together) == pytest.approx(
        96 * ceiling({"requests_per_minute": 2_000})
    )


def test_calls_in_flight_of_an_unknown_time_are_no_ceiling() -> None:
    """Unknown stays unknown: neither 0 nor without end."""
    nobody_knows = Counted(tokens_offered=500, requests=1, texts=1, tokens=500)
    assert rate_ceiling({"requests_in_flight": 200}, nobody_knows, 3.0, THIRTY_DAYS) is None
    assert rate_ceiling({}, TEXT, 3.0, THIRTY_DAYS) is None


def test_a_flat_load_under_a_million_tokens_a_minute_is_43_billion_a_month() -> None:
    """1M tokens a minute for 30 days at an even load."""
    assert ceiling({"tokens_per_minute": 1e6}, peak=1.0) == pytest.approx(43.2e9)


@pytest.mark.parametrize(
    ("texts", "binding", "texts_per_minute"),
    [
        (1, "requests_per_minute", 3_000),
        (10, "requests_per_minute", 30_000),
        (100, "tokens_per_minute", 50_000),
        (2_048, "tokens_per_minute", 50_000),
    ],
)
def test_a_call_counts_once_whatever_texts_it_carries(
    texts: int, binding: str, texts_per_minute: int
) -> None:
    """Texts of 20 tokens under 3,000 calls and 1M tokens a minute."""
    counted = Counted(tokens_offered=20, requests=1 / texts, texts=1, tokens=20)
    limits = {"requests_per_minute": 3_000.0, "tokens_per_minute": 1e6}
    found = rate_ceiling(limits, counted, 1.0, THIRTY_DAYS)
    assert found is not None
    assert found.binding == binding
    assert found.tokens_per_month == pytest.approx(texts_per_minute * 1_440 * 20 * 30)


@given(
    usd=st.floats(0.001, 1e4),
    prices=st.lists(st.floats(0.001, 10), min_size=3, max_size=3),
)
def test_a_bill_at_its_spend_cap_is_the_cap(usd: float, prices: list[float]) -> None:
    """Whatever the tiers; below it the bill is lower."""
    bounds = (100.0, 1_000.0, math.inf)
    curve = ApiBill(tuple(zip(bounds, prices, strict=True)), 1e6, "M tokens").curve()
    volume = spend_ceiling(curve, usd)
    assert float(curve.at(volume)) == pytest.approx(usd, rel=1e-9)
    assert np.all(curve.at(np.linspace(0, volume, 50)) <= usd * (1 + 1e-9))


def test_a_fee_above_the_cap_leaves_nothing_and_a_free_bill_everything() -> None:
    """The two ends."""
    assert spend_ceiling(affine(10.0, 0.0), 5.0) == 0
    assert spend_ceiling(affine(1.0, 0.0), 5.0) == math.inf


def test_calls_that_take_no_time_are_never_too_many_at_once() -> None:
    """Without end where they take none, not stated where nobody knows."""
    at_once = replace(TEXT, seconds_per_call=0.0)
    assert ceiling({"requests_in_flight": 10}, at_once) == math.inf
    assert (
        rate_ceiling(
            {"requests_in_flight": 10}, replace(TEXT, seconds_per_call=None), 3.0, THIRTY_DAYS
        )
        is None
    )
    assert rate_ceiling({"usd_per_month": 10}, TEXT, 3.0, THIRTY_DAYS) is None
