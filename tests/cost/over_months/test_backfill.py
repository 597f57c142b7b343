"""One-off jobs: valleys, rented hours, APIs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.over_months.backfill import (
    api_backfill_days,
    api_batch_days,
    gpu_hours,
    plan_backfill,
    valley_tokens,
    valleys_finish_after_hours,
)
from core.errors import ModelInputError
from tests.oracles.corpus import api_backfill_usd

L4_TOKENS_PER_S = 62_200
L4_USD_PER_HOUR = 0.8048

rate_rows = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=30).map(np.array)


def test_ten_billion_tokens_take_a_card_two_days() -> None:
    """44.7 L4 hours and $36; by API $100 to $1,300, and 6.9 days at a million tokens a minute."""
    hours = float(gpu_hours(10e9, L4_TOKENS_PER_S))
    assert round(hours, 1) == 44.7
    assert round(hours * L4_USD_PER_HOUR) == 36
    assert api_backfill_usd(10e9, 0.02, batch_discount=0.5) == pytest.approx(100)
    assert api_backfill_usd(10e9, 0.13) == pytest.approx(1_300)
    days = api_backfill_days(10e9, 500, tokens_per_minute=1e6)
    assert days is not None
    assert round(float(days), 1) == 6.9


@given(rate_rows, st.floats(0.0, 120.0), st.integers(0, 100))
def test_valleys_are_what_the_load_leaves(rates: np.ndarray, capacity: float, hours: int) -> None:
    """3600 sum max(0, cap - x_h) over the hours, the period repeating itself."""
    expected = math.fsum(
        3_600 * max(0.0, capacity - float(rates[h % rates.size])) for h in range(hours)
    )
    assert valley_tokens(rates, capacity, hours) == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(rate_rows, st.floats(0.0, 120.0), st.floats(1.0, 1e9))
def test_when_the_valleys_finish_they_have_taken_all(
    rates: np.ndarray, capacity: float, tokens: float
) -> None:
    """The hours to finish, asked back, hold exactly the tokens; a moment earlier, fewer."""
    hours = valleys_finish_after_hours(tokens, rates, capacity)
    if math.isinf(hours):
        assert capacity - rates.min() < 1e-290
        return
    assert valley_tokens(rates, capacity, float(hours)) == pytest.approx(tokens, rel=1e-6)
    assert valley_tokens(rates, capacity, float(hours) * (1 - 1e-4)) < tokens


def test_a_job_ends_with_its_last_valley() -> None:
    """A fleet idle in the first of two hours is through after its first hour, not its second."""
    rates = np.array([0.0, 10.0])
    assert valleys_finish_after_hours(36_000, rates, 10.0) == 1.0
    assert valleys_finish_after_hours(72_000, rates, 10.0) == 3.0
    assert valleys_finish_after_hours(54_000, rates, 10.0) == 2.5
    assert valleys_finish_after_hours(0.0, rates, 10.0) == 0.0
    assert valleys_finish_after_hours(1.0, rates, 0.0) == math.inf


@given(
    rate_rows,
    st.floats(0.0, 120.0),
    st.floats(0.0, 1e9),
    st.floats(0.1, 500.0),
    st.one_of(st.just(math.inf), st.integers(0, 3).map(float)),
)
def test_a_plan_embeds_everything(
    rates: np.ndarray, capacity: float, tokens: float, deadline: float, most: float
) -> None:
    """Valleys and whole replicas hold the corpus by the deadline, or by when so few of them do."""
    plan = plan_backfill(tokens, rates, capacity, deadline, 1_000.0, most)
    extra, hours = float(plan.extra_replicas), float(plan.hours)
    assert extra <= most
    if math.isinf(hours):
        assert extra == 0
        return
    beside = float(plan.extra_hours) * 3_600 * 1_000
    assert plan.valley_tokens + beside == pytest.approx(tokens, rel=1e-9)
    assert plan.extra_hours <= extra * hours * (1 + 1e-9)
    if hours <= deadline * (1 + 1e-9):
        assert plan.valley_tokens <= valley_tokens(rates, capacity, deadline) * (1 + 1e-9)
        assert (extra - 1) * deadline <= plan.extra_hours  # one fewer would not do
    else:  # only where no more of them can be had
        assert extra == most
        assert valley_tokens(rates, capacity + extra * 1_000, hours) == pytest.approx(tokens)


def test_many_jobs_are_each_what_they_are_alone() -> None:
    """A row of corpora beside rows of hours, as for the months of a plan."""
    rng = np.random.default_rng(1)
    rates, tokens = rng.uniform(0, 100, (20, 24)), 10 ** rng.uniform(3, 10, 20)
    capacity, most = rng.uniform(0, 120, (20, 24)), rng.integers(0, 4, 20).astype(float)
    together = plan_backfill(tokens, rates, capacity, 48.0, 1_000.0, most)
    for job in range(20):
        alone = plan_backfill(
            float(tokens[job]), rates[job], capacity[job], 48.0, 1_000.0, float(most[job])
        )
        for name in ("valley_tokens", "extra_replicas", "extra_hours", "hours"):
            assert getattr(together, name)[job] == pytest.approx(float(getattr(alone, name)))


def test_a_trillion_tokens_in_a_month_take_four_cards() -> None:
    """100,000 tokens/s are 2,778 hours for 1e12 tokens; 720 hours of each make that 3.9 cards."""
    plan = plan_backfill(1e12, np.zeros(24), 0.0, 720.0, 100_000.0)
    assert float(plan.extra_hours) == pytest.approx(1e12 / 1e5 / 3_600)
    assert plan.extra_replicas == 4
    assert plan.hours == 720
    two = plan_backfill(1e12, np.zeros(24), 0.0, 720.0, 100_000.0, 2.0)
    assert two.hours == pytest.approx(1e12 / 1e5 / 3_600 / 2)


def test_a_queue_is_answered_within_its_window() -> None:
    """3 M tokens in 24 h are 10 B in 3,333 days at most; without the queue nobody knows."""
    assert api_batch_days(10e9, 3e6, 24.0) == pytest.approx(10e9 / 3e6)
    assert api_batch_days(10e9, 3e6, 12.0, load_share=0.5) == pytest.approx(10e9 / 3e6)
    assert api_batch_days(10e9, None, 24.0) is None
    assert api_batch_days(10e9, 3e6, None) is None


def test_the_tighter_limit_sets_the_days() -> None:
    """1,000 requests of 500 tokens a minute are half of a million tokens a minute."""
    by_tokens = api_backfill_days(1e9, 500, tokens_per_minute=1e6)
    both = api_backfill_days(1e9, 500, tokens_per_minute=1e6, requests_per_minute=1_000)
    busy = api_backfill_days(1e9, 500, tokens_per_minute=1e6, load_share=0.5)
    assert by_tokens is not None
    assert both == pytest.approx(2 * by_tokens)
    assert busy == pytest.approx(2 * by_tokens)
    assert api_backfill_days(1e9, 500) is None


@pytest.mark.parametrize("deadline", [0.0, -24.0, math.nan])
def test_a_deadline_that_is_past_is_refused(deadline: float) -> None:
    """It must lie ahead."""
    with pytest.raises(ModelInputError, match="deadline must lie ahead"):
        plan_backfill(1e9, np.ones(24), 10.0, deadline, 1_000.0, 1.0)


def test_other_impossible_jobs_are_refused() -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match="throughput in tokens/s must be above 0"):
        gpu_hours(1e9, 0.0)
    with pytest.raises(ModelInputError, match="tokens to embed"):
        gpu_hours(-1.0, 1.0)
    with pytest.raises(ModelInputError, match="hourly rates must be a row"):
        valley_tokens(np.array([]), 1.0, 1.0)
    with pytest.raises(ModelInputError, match="capacity of the fleet"):
        valley_tokens(np.ones(3), math.nan, 1.0)
    with pytest.raises(ModelInputError, match="hours to the deadline must be at least 0"):
        valley_tokens(np.ones(3), 2.0, math.inf)
    with pytest.raises(ModelInputError, match="tokens a minute must be above 0"):
        api_backfill_days(1e9, 500, tokens_per_minute=0.0)
    with pytest.raises(ModelInputError, match="share of the rate limit"):
        api_backfill_days(1e9, 500, tokens_per_minute=1.0, load_share=1.0)
    with pytest.raises(ModelInputError, match="batch discount must lie from 0 to 1"):
        api_backfill_usd(1e9, 0.02, batch_discount=1.5)


def test_valleys_of_next_to_nothing_never_finish() -> None:
    """Not in as many hours as a float can say."""
    assert valleys_finish_after_hours(1e12, np.array([0.0]), 5e-324) == math.inf


def test_each_row_of_hours_finishes_in_its_own_last_valley() -> None:
    """Ten seconds' tokens an hour: in the first of one day, in the last of another."""
    rates = np.array([[0.0, 10.0, 10.0, 10.0], [10.0, 10.0, 10.0, 0.0], [10.0, 0.0, 10.0, 10.0]])
    hours = valleys_finish_after_hours(np.full(3, 36_000.0), rates, 10.0)
    assert hours.tolist() == [1.0, 4.0, 2.0]
    twice = valleys_finish_after_hours(np.full(3, 72_000.0), rates, 10.0)
    assert twice.tolist() == [5.0, 8.0, 6.0]


def test_one_replica_more_takes_until_the_deadline() -> None:
    """A job of one hour and a half for one replica with two hours' time: spread over them."""
    plan = plan_backfill(1.5 * 3_600, np.zeros(24), 0.0, 2.0, 1.0)
    assert (float(plan.extra_replicas), float(plan.extra_hours)) == (1.0, 1.5)
    assert float(plan.hours) == 2.0
    two = plan_backfill(3 * 3_600, np.zeros(24), 0.0, 2.0, 1.0)
    assert (float(two.extra_replicas), float(two.hours)) == (2.0, 2.0)


def test_a_job_that_the_valleys_take_ends_with_them() -> None:
    """Half an hour's tokens in an idle fleet: no replica more, and through after that half hour."""
    plan = plan_backfill(1_800.0, np.zeros(24), 1.0, 2.0, 1.0)
    assert (float(plan.extra_replicas), float(plan.extra_hours)) == (0.0, 0.0)
    assert float(plan.hours) == pytest.approx(0.5)
