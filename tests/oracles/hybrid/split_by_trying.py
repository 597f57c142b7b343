"""The cost of a hybrid with every count of replicas, one by one."""

import math

import numpy as np

from core.cost.curve.piecewise import Floats
from core.cost.hybrid.hybrid_bill import HybridBill


def most_replicas(bill: HybridBill, tokens: float) -> int:
    """As many as carry the busiest hour."""
    return max(1, math.ceil(tokens * max(bill.relative_load) / bill.flat_capacity_tokens - 1e-9))


def costs_by_count(bill: HybridBill, tokens: float) -> Floats:
    """USD/month with 0, 1, 2 ... replicas, within quota; inf where the API's limit is passed."""
    most = most_replicas(bill, tokens)
    counts = range((most if bill.quota is None else min(bill.quota, most)) + 1)
    return np.array([_usd(bill, tokens, count) for count in counts])


def _usd(bill: HybridBill, tokens: float, count: int) -> float:
    capacity, loads = bill.flat_capacity_tokens, np.array(bill.relative_load)
    exceeding = np.maximum(0.0, tokens * loads - count * capacity)
    if count == 0:
        limit = bill.alone_limit_tokens
        limit = bill.api_limit_tokens / loads.max() if limit is None else limit
        return math.inf if tokens > limit else float(bill.api_alone.at(tokens))
    if exceeding.max() > bill.api_limit_tokens:
        return math.inf
    up = float(count)
    if bill.base.hours:
        needed = [math.ceil(tokens * loads.max() * h.load / capacity) for h in bill.base.hours]
        shares = [h.share for h in bill.base.hours]
        up = sum(share * min(count, n) for share, n in zip(shares, needed, strict=True))
    spilled = float(exceeding.mean())
    if bill.base.mean_load > 0:
        up = max(up, bill.base.shortest_run, (tokens - spilled) / capacity)
    api = float(bill.api_burst.at(spilled)) if spilled > 1e-9 * tokens else 0.0
    hosted = bill.base.usd_per_token * (tokens - spilled) + up * bill.base.usd_per_replica_month
    return bill.base.fixed_usd_per_month + hosted + api
