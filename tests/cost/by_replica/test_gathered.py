"""Work that can wait, gathered on a fleet that follows the load."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cost.by_replica.autoscaling import hours_alike
from core.cost.by_replica.gathered import FAR, rates_gathered
from core.cost.by_replica.hosted_bill import HostedBill, HoursAlike
from core.cost.curve.breakdown import CostLine
from core.cost.load.hourly_load import daily_profile, valleys_filled
from tests.cost.strategies import following_bills, volumes

FULL_TOKENS = 1e9


def fleet(peak: float, waits: float, startup_hours: float = 0.1) -> HostedBill:
    """Replicas of 1e9 tokens a month at $100, over a day with such a busy hour."""
    comes = daily_profile(peak).relative
    highest = float(valleys_filled(comes, waits).max())
    return HostedBill(
        capacity_tokens_per_month=FULL_TOKENS / highest,
        spare_replicas=0,
        labour_usd_per_month=0.0,
        acquisition=CostLine("Rent", 100.0, "rent"),
        hours=hours_alike(comes * (1 - waits), startup_hours, 0.25, highest),
        mean_load=1 / highest,
    )


@pytest.mark.parametrize(
    ("waits", "usd"), [(0.0, 200), (0.3, 200), (0.4, 150), (0.9, 150), (1.0, 150)]
)
def test_an_even_load_of_one_and_a_half_replicas(waits: float, usd: float) -> None:
    """Two stand at all hours, until one carries what cannot wait: then half of one is gathered."""
    bill = fleet(1.0, waits)
    assert float(bill.curve().at(1.5 * FULL_TOKENS)) == pytest.approx(usd, rel=1e-9)
    said = bill.lines(1.5 * FULL_TOKENS)[0].explanation
    assert said.startswith(
        "2 replicas x" if usd == 200 else "1.5 replicas on average, all full: what can wait"
    )


@settings(max_examples=40, deadline=None)
@given(st.floats(1, 20), st.tuples(st.floats(0, 1), st.floats(0, 1)), volumes)
def test_more_that_can_wait_never_costs_more(
    peak: float, shares: tuple[float, float], tokens: float
) -> None:
    """To the last digit; and no more than where it is spread over the valleys."""
    less, more = (fleet(peak, share) for share in sorted(shares))
    usd = [float(bill.replica_months(np.array(tokens))) for bill in (less, more)]
    assert usd[1] <= usd[0] * (1 + 1e-12)
    filled = valleys_filled(daily_profile(peak).relative, max(shares))
    spread = replace(more, hours=hours_alike(filled, 0.1, 0.25), mean_load=0.0)
    assert usd[1] <= float(spread.replica_months(np.array(tokens))) * (1 + 1e-9)
    assert int(more.replicas_at(tokens)) == int(spread.replicas_at(tokens))


@settings(max_examples=60, deadline=None)
@given(following_bills(), volumes)
def test_the_curve_is_what_is_paid(bill: HostedBill, tokens: float) -> None:
    """At any volume: exactly where steps are listed, within 0.1 % beyond."""
    paid = sum(line.usd_per_month for line in bill.lines(tokens))
    usd = float(bill.curve().at(tokens))
    far = tokens * bill.mean_load > FAR * bill.capacity_tokens_per_month
    assert usd == pytest.approx(paid, rel=1e-3 if far else 1e-9, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(following_bills())
def test_the_bill_never_falls(bill: HostedBill) -> None:
    """Not where steps are no longer listed either."""
    curve = bill.curve()
    knots = curve.upper_tokens[:-1]
    assert np.all(curve.at(knots) <= curve.just_above(knots) * (1 + 1e-9))
    assert np.all(np.diff(curve.at(knots)) >= -1e-9 * curve.at(knots)[1:])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=1, max_size=24),
    st.floats(0.5, 10),
)
def test_all_is_done_on_what_is_there(hours: list[tuple[float, float]], each: float) -> None:
    """No hour is asked for more than its replicas carry, none for less than cannot wait."""
    online, waiting = np.array(hours).T
    standing = np.ceil(online / each)
    total = np.array([online.sum() + waiting.sum()])
    most = np.full(online.shape, max(standing.max(), math.ceil(total[0] / each)))
    rates = rates_gathered(online, total, standing, each, most)
    assert rates.sum() == pytest.approx(total[0], rel=1e-9)
    assert np.all(rates >= online - 1e-9)
    replicas = np.ceil(rates / each * (1 - 1e-9))
    assert np.all(replicas <= most)
    assert replicas.sum() <= max(standing.sum(), math.ceil(total[0] / each)) + 1e-9


def test_rows_of_hours_are_gathered_each_for_itself() -> None:
    """A month of a plan has what it has alone, whatever the others hold."""
    online = np.array([[1.0, 3.0, 2.0], [5.0, 0.0, 1.0]])
    total = np.array([[12.0], [9.0]])
    standing, most = np.ceil(online / 2.0), np.full(online.shape, 4.0)
    rows = rates_gathered(online, total, standing, 2.0, most)
    for i in range(2):
        alone = rates_gathered(online[i], total[i], standing[i], 2.0, most[i])
        assert rows[i] == pytest.approx(alone)
        assert rows[i].sum() == pytest.approx(float(total[i, 0]))


def test_replicas_that_are_just_full_are_counted_as_whole_ones() -> None:
    """One of one: nothing is gathered beyond what stands."""
    rent, alike = CostLine("Rent", 100.0, "rent"), (HoursAlike(1.0, 1.0),)
    bill = HostedBill(FULL_TOKENS, 0, 0.0, rent, hours=alike, mean_load=1.0)
    assert bill.lines(FULL_TOKENS)[0].explanation == "1 replica x rent"
    assert bill.lines(2 * FULL_TOKENS)[0].explanation == "2 replicas x rent"
