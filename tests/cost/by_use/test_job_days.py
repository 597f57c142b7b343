"""How long a provider's limits make a one-off job, by rates, caps of a month and batch queues."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_use.job_days import batch_days, online_days
from core.cost.by_use.rate_ceiling import Counted
from core.units import THIRTY_DAYS

COUNTED = Counted(tokens_offered=500, requests=1, texts=1, tokens=500)


def test_ten_billion_tokens_at_a_million_a_minute_by_hand() -> None:
    """10e9/(1e6 x 1,440) = 6.94 days; 3,000 calls of 500 tokens let half as much more through."""
    limits = {"requests_per_minute": 3_000.0, "tokens_per_minute": 1e6}
    found = online_days(limits, COUNTED, 10e9, 200.0, THIRTY_DAYS)
    assert found.days == pytest.approx(6.944, rel=1e-3)
    assert found.binding == "tokens_per_minute"


@pytest.mark.parametrize(
    ("usd", "days"), [(50.0, 6.944), (51.0, 30.0), (100.0, 30.0), (120.0, 60.0)]
)
def test_a_cap_of_a_month_is_waited_for_where_it_is_met(usd: float, days: float) -> None:
    """$50 a month: a job of $50 does not meet it, one of $51 waits for the next month."""
    limits = {"tokens_per_minute": 1e6, "usd_per_month": 50.0}
    found = online_days(limits, COUNTED, 10e9, usd, THIRTY_DAYS)
    assert found.days == pytest.approx(days, rel=1e-3)
    assert not found.at_least


def test_a_cap_alone_says_no_more_than_how_long_it_takes_at_the_least() -> None:
    """What is taken at once is not known: no time, or at least so many months."""
    assert online_days({"usd_per_month": 50.0}, COUNTED, 1e9, 20.0, THIRTY_DAYS).days is None
    late = online_days({"usd_per_month": 50.0}, COUNTED, 1e9, 120.0, THIRTY_DAYS)
    assert (late.days, late.at_least, late.binding) == (60.0, True, "usd_per_month")
    assert online_days({}, COUNTED, 1e9, 20.0, THIRTY_DAYS).days is None


def test_a_batch_queue_is_answered_within_its_window_and_not_sooner() -> None:
    """3 M tokens in 24 h: 10 B take 3,333 days, one million a day; without a queue nobody knows."""
    assert batch_days(10e9, 3e6, 24).days == pytest.approx(10_000 / 3)
    assert batch_days(1e6, 3e6, 24).days == 1.0
    assert batch_days(1e6, None, 24).days is None
    assert batch_days(1e6, 3e6, None).days is None


@given(st.floats(1e3, 1e15), st.floats(1, 100), st.floats(1, 1e9), st.floats(1, 1e6))
def test_more_tokens_never_take_less_time(
    tokens: float, more: float, rate: float, cap: float
) -> None:
    """At a rate, under a cap, and by batch."""
    limits = {"tokens_per_minute": rate, "usd_per_month": cap}
    first = online_days(limits, COUNTED, tokens, tokens / 1e6, THIRTY_DAYS).days
    then = online_days(limits, COUNTED, tokens * more, tokens * more / 1e6, THIRTY_DAYS).days
    assert first is not None
    assert then is not None
    assert then >= first
    assert (batch_days(tokens * more, rate, 24).days or 0) >= (
        batch_days(tokens, rate, 24).days or 0
    )
