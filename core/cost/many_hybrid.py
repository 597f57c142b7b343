"""Costs of a hybrid in very many scenarios: each with its own best count of replicas.

With one API price the cost is convex in the count k once there is a first: the k-th replica pays
while it is used more than u* = c_h/(C p), the break-even utilisation, so the best k lies beside the
load that is exceeded for that share of the hours (the newsvendor's fractile). The whole numbers
around it, none at all, and the fewest that the API's limit allows are compared. Tiers of the API
are priced as they are; the fractile then takes the last tier's price.
"""

import math
from typing import Final

import numpy as np

from core.cost.hybrid_bill import HybridBill
from core.cost.many_factors import Column, Factors
from core.cost.piecewise import STEP_GUARD, Floats

_FREE: Final = 1e-300
"""Stands for a price of nothing: what is free for each token is used whatever a replica costs."""


def hybrid_costs(bill: HybridBill, factors: Factors, volume: Column) -> Column:
    """USD/month of the cheapest split of each scenario."""
    volumes = np.asarray(volume, dtype=np.float64)
    load = _Load(bill)
    carried = bill.flat_capacity_tokens * factors.capacity
    best = np.asarray(bill.api_alone.at(volumes) * factors.burst)
    if math.isfinite(bill.api_limit_tokens):
        too_much = volumes * load.peak > bill.api_limit_tokens * (1 + STEP_GUARD)
        best = np.where(too_much, math.inf, best)
    ratio = load.exceeded_for(_break_even_use(bill, factors))
    needed = ratio * volumes / carried
    low = np.floor(needed)
    for count in (low, low + 1):
        best = np.minimum(best, _with(bill, load, factors, volumes, carried, count))
    others = math.fsum(line.usd_per_month for line in bill.by_month)
    result: Column = best + others
    return result


def _break_even_use(bill: HybridBill, factors: Factors) -> Floats:
    """u*: share of its time that a replica must be used, at an even load, to pay."""
    saved = bill.api_burst.usd_per_token[-1] * factors.burst - _usd_per_token(bill, factors)
    worth = np.maximum(saved, _FREE) * (bill.flat_capacity_tokens * factors.capacity)
    result: Floats = np.asarray(_unit_usd(bill, factors) / worth, dtype=np.float64)
    return result


def _unit_usd(bill: HybridBill, factors: Factors) -> Column:
    base = bill.base
    idle = base.usd_per_replica_month - base.acquisition.usd_per_month
    return base.acquisition.usd_per_month * factors.price + idle * factors.idle_energy


def _usd_per_token(bill: HybridBill, factors: Factors) -> Column:
    base = bill.base
    others = base.usd_per_token - base.active_usd_per_token
    return base.active_usd_per_token * factors.active_energy + others


def _with(
    bill: HybridBill,
    load: "_Load",
    factors: Factors,
    volumes: Floats,
    carried: Column,
    count: Floats,
) -> Floats:
    """Cost of so many replicas, at least one and as many as the API's limit demands."""
    least: Column = 1.0
    if math.isfinite(bill.api_limit_tokens):
        beyond = (volumes * load.peak - bill.api_limit_tokens * (1 + STEP_GUARD)) / carried
        least = np.maximum(1.0, np.ceil(beyond - STEP_GUARD))
    count = np.maximum(least, count)
    spilled = load.spilled(volumes, count * carried)
    api = np.where(spilled > 0, bill.api_burst.at(spilled), 0.0) * factors.burst
    labour = bill.base.labour_usd_per_month
    fixed = labour * factors.labour + (bill.base.fixed_usd_per_month - labour)
    hosted = count * _unit_usd(bill, factors) + _usd_per_token(bill, factors) * (volumes - spilled)
    result: Floats = fixed + hosted + api
    return result


class _Load:
    """The hours of the month by their load over the mean."""

    def __init__(self, bill: HybridBill) -> None:
        hours = np.array(bill.relative_load)
        self._falling = np.sort(hours)[::-1]
        self._knots = np.unique(np.append(hours, 0.0))
        self._excess = np.maximum(0.0, hours - self._knots[:, np.newaxis]).mean(axis=1)
        self.peak = float(hours.max())

    def exceeded_for(self, share: Floats) -> Floats:
        """Load over the mean that is exceeded for at most this share of the hours."""
        place = np.minimum(share * self._falling.size, self._falling.size).astype(np.intp)
        padded = np.append(self._falling, 0.0)
        result: Floats = padded[place]
        return result

    def spilled(self, volumes: Floats, carried: Floats) -> Floats:
        """Tokens a month beyond what is carried, mean over the hours of (V w - k c)+."""
        ratio = carried / np.where(volumes > 0, volumes, 1.0)
        result: Floats = volumes * np.interp(ratio, self._knots, self._excess)
        return result
