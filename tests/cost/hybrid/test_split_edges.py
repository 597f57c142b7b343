"""The counts of replicas that are tried between two edges, and how often a split is looked for."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from core.cost.by_replica.autoscaling import hours_alike
from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.curve.breakdown import CostLine
from core.cost.hybrid.hybrid_bill import HybridBill
from core.cost.hybrid.split_cost import SplitCost
from core.cost.hybrid.split_edges import best_counts, reach, whole_edges
from core.cost.under_factors.many_factors import SAME
from tests.cost.hybrid.test_many_replicas import hybrids
from tests.cost.strategies import by_the_token

WEEK = tuple(1 + 0.9 * math.sin(0.7 * hour) * math.cos(0.011 * hour * hour) for hour in range(168))


@settings(max_examples=25, deadline=None)
@given(hybrids())
def test_a_count_is_tried_once_and_the_best_is_among_them(bill: HybridBill) -> None:
    """Of hundreds of places most have the same whole numbers beside them."""
    far = reach(bill)
    edges = whole_edges(bill, far)[:300]
    middles = (edges[:-1] + edges[1:]) / 2
    counts, near = best_counts(bill, middles, far)
    split = SplitCost(bill, SAME, middles)
    tried = np.where(near, split.with_replicas(counts), math.inf).min(axis=0, initial=math.inf)
    assert np.minimum(tried, split.api_alone()) == pytest.approx(split.least(), rel=1e-12)
    for column, mask in zip(counts.T, near.T, strict=True):
        # Places of tiers do not rise with those of the hours: those alone may come again.
        again = len(bill.tier_bounds) * 2 + 2
        assert np.unique(column[mask]).size >= mask.sum() - again


def test_a_week_that_is_followed_tries_few_counts() -> None:
    """Of 168 hours with their hours around: a tenth of two counts a place."""
    week = np.array(WEEK) / np.mean(WEEK)
    hours = hours_alike(week, 0.1, 0.5, float(week.max()))
    peak = float(week.max())
    rent = CostLine("Rent", 500.0, "rent")
    base = HostedBill(1e9 / peak, 1, 0.0, rent, hours=hours, mean_load=1 / peak)
    api = by_the_token(2e-6)
    bill = HybridBill(base, 1e9, tuple(week.tolist()), api, api)
    far = reach(bill)
    edges = whole_edges(bill, far)
    _, near = best_counts(bill, (edges[:-1] + edges[1:]) / 2, far)
    assert len(bill.bends_of_following) > 150
    assert near.sum() < 0.1 * 2 * len(bill.bends_of_following) * (edges.size - 1)


def test_the_split_of_a_volume_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs, its mean and its lines are of one split; another volume is another one."""
    looked: list[float] = []
    best_count = SplitCost.best_count

    def counting(split: SplitCost) -> np.ndarray:
        looked.append(1)
        return best_count(split)

    monkeypatch.setattr(SplitCost, "best_count", counting)
    base = HostedBill(1e9, 0, 0.0, CostLine("Rent", 100.0, "rent"))
    api = by_the_token(1e-6)
    bill = HybridBill(base, 1e9, (0.5, 1.5), api, api)
    for tokens in (3e9, 7e9, 3e9):
        looked.clear()
        running = bill.running(tokens)
        assert bill.split(tokens).replicas == running.working
        assert bill.lines(tokens)
        assert len(looked) == 1
