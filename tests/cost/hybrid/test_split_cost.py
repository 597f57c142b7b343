"""The cost of one split, by hand."""

import math

import numpy as np
import pytest

from core.cost.by_replica.hosted_bill import HostedBill, HoursAlike
from core.cost.curve.breakdown import CostLine
from core.cost.hybrid.hybrid_bill import HybridBill
from core.cost.hybrid.split_cost import SplitCost, _whole_beside
from core.cost.under_factors.many_factors import SAME, Factors
from tests.cost.strategies import by_the_token

RENT = CostLine("Rent", 100.0, "rent")
DEAR = by_the_token(1e-3)


def test_energy_of_the_tokens_and_rent_have_prices_of_their_own() -> None:
    """Two replicas of 100 with 2e9 tokens at 1e-8: 200 and 20, of which one part is multiplied."""
    base = HostedBill(1e9, 0, 30.0, RENT, active_usd_per_token=1e-8)
    bill = HybridBill(base, 1e9, (1.0,), DEAR, DEAR)
    for factors, usd in (
        (SAME, 250.0),
        (Factors(active_energy=2.0), 270.0),
        (Factors(active_energy=0.5), 240.0),
        (Factors(price=2.0), 450.0),
        (Factors(labour=2.0), 280.0),
        (Factors(burst=2.0), 250.0),
        (Factors(idle_energy=2.0), 250.0),
    ):
        assert bill.under(factors, 2e9) == pytest.approx(usd)


def gathered(volume: float, capacity: float = 1.0) -> SplitCost:
    """An even load, half of which can wait: what stands is for the other half."""
    base = HostedBill(
        capacity, 0, 0.0, RENT, hours=(HoursAlike(1.0, 0.5),), mean_load=1.0, shortest_run=0.1
    )
    bill = HybridBill(base, capacity, (1.0,), DEAR, DEAR, alone_limit_tokens=0.0)
    return SplitCost(bill, SAME, np.array([volume]))


@pytest.mark.parametrize(
    ("count", "short"), [(1.0, 0.0), (2.0, 0.0), (3.0, 1.0), (4.0, 2.0), (9.0, 2.0)]
)
def test_what_stands_is_short_by_what_all_that_is_carried_needs_more(
    count: float, short: float
) -> None:
    """Four replicas' worth of work: two stand for what cannot wait, be there ever so many."""
    assert float(gathered(4.0).short(np.array([count]))[0]) == pytest.approx(short)


def test_of_a_load_that_cannot_wait_there_is_room() -> None:
    """One and a half stand in two whole replicas: half of one too many, and nothing is short."""
    hours = (HoursAlike(1.0, 1.0),)
    base = HostedBill(1.0, 0, 0.0, RENT, hours=hours, mean_load=1.0)
    split = SplitCost(HybridBill(base, 1.0, (1.0,), DEAR, DEAR), SAME, np.array([1.5]))
    assert float(split.short(np.array([2.0]))[0]) == pytest.approx(-0.5)


@pytest.mark.parametrize("capacity", [1.0, 1e3, 1e9])
def test_of_no_volume_a_replica_stands_for_the_shortest_run(capacity: float) -> None:
    """However little it carries: no stretch of the month needs one."""
    assert float(gathered(0.0, capacity).paid(np.ones(1))[0]) == pytest.approx(0.1)


def test_where_nothing_comes_an_api_beside_the_base_costs_nothing() -> None:
    """No place has a replica beside it, not by its tiers either."""
    tiers = by_the_token(1e-9)
    base = HostedBill(1e9, 0, 0.0, RENT)
    bill = HybridBill(base, 1e9, (0.5, 1.5), tiers, tiers)
    assert float(bill.under(SAME, 0.0)) == 0
    assert bill.split(0.0).replicas == 0
    assert math.isinf(bill.ceiling_tokens)


def test_places_are_the_whole_counts_on_either_side() -> None:
    """Of a number that is whole but for rounding it is that number twice."""
    places = np.array([1.5, 2.0, 3.0 - 1e-12, 3.0 + 1e-12])
    below, above = _whole_beside(places)
    assert below.tolist() == [1.0, 2.0, 3.0, 3.0]
    assert above.tolist() == [2.0, 2.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("replicas", "usd"), [(1.4, 150), (1.5, 150), (1.6, 160), (1.75, 175), (1.99, 199), (2.5, 250)]
)
def test_where_what_stands_is_just_full_the_cost_begins_to_rise(
    replicas: float, usd: float
) -> None:
    """An even load, half of which waits: one and two stand by turns up to one and a half full."""
    hours = (HoursAlike(0.5, 0.25), HoursAlike(0.5, 0.75))
    base = HostedBill(1e9, 0, 0.0, RENT, hours=hours, mean_load=1.0)
    bill = HybridBill(base, 1e9, (1.0, 1.0), DEAR, DEAR, alone_limit_tokens=0.0)
    assert float(bill.curve().at(replicas * 1e9)) == pytest.approx(usd, rel=1e-9)
    assert bill.under(SAME, replicas * 1e9) == pytest.approx(usd, rel=1e-9)
