"""The cost of a hybrid with every count of replicas, one by one."""

import math

import numpy as np

from core.cost.curve.piecewise import Floats
from core.cost.hybrid.hybrid_bill import HybridBill
from core.cost.under_factors.many_factors import SAME


def most_replicas(bill: HybridBill, tokens: float) -> int:
    """As many as carry the busiest hour."""
    return max(1, math.ceil(tokens * max(bill.relative_load) / bill.flat_capacity_tokens - 1e-9))


def costs_by_count(bill: HybridBill, tokens: float) -> Floats:
    """USD/month with 0, 1, 2 ... replicas, within quota; inf where the API takes too much."""
    most = most_replicas(bill, tokens)
    counts = range((most if bill.quota is None else min(bill.quota, most)) + 1)
    return np.array([_usd(bill, tokens, count) for count in counts])


def promised(bill: HybridBill, tokens: float) -> float:
    """How near the curve is to the least over all counts, as a share of the bill.

    Exact but for rounding where whole replicas are counted: up to 48 of them, and of a base that is
    up at all hours until the bill is worth 500. Else parts are counted, or steps taken together.
    """
    if tokens * max(bill.relative_load) <= 48 * bill.flat_capacity_tokens:
        return 1e-8
    worth = 500 * bill.base.usd_per_replica_month
    counted = not bill.base.hours and float(bill.under(SAME, tokens)) < worth
    return 1e-8 if counted else 1e-3


def _usd(bill: HybridBill, tokens: float, count: int) -> float:
    capacity, loads = bill.flat_capacity_tokens, np.array(bill.relative_load)
    exceeding = np.maximum(0.0, tokens * loads - count * capacity)
    if count == 0:
        limit = bill.alone_limit_tokens
        limit = bill.api_limit_tokens / loads.max() if limit is None else limit
        limit = 0.0 if bill.most_api_share < 1 else limit
        return math.inf if tokens > limit else float(bill.alone_curve.at(tokens))
    if exceeding.max() > bill.api_limit_tokens:
        return math.inf
    if exceeding.mean() > bill.most_api_share * tokens + 1e-9 * capacity:
        return math.inf
    up = float(count)
    if bill.base.hours:
        needed = [math.ceil(tokens * loads.max() * h.load / capacity) for h in bill.base.hours]
        shares = [h.share for h in bill.base.hours]
        up = sum(share * min(count, n) for share, n in zip(shares, needed, strict=True))
    spilled = float(exceeding.mean())
    if bill.base.mean_load > 0:
        up = max(up, bill.base.shortest_run, (tokens - spilled) / capacity)
    api = float(bill.burst_curve.at(spilled)) if spilled > 1e-9 * tokens else 0.0
    hosted = bill.base.usd_per_token * (tokens - spilled) + up * bill.base.usd_per_replica_month
    return bill.base.fixed_usd_per_month + hosted + api
