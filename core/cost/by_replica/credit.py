"""A cost less what is given each month: nothing up to a volume, so much less beyond."""

from dataclasses import replace

import numpy as np

from core.cost.curve.piecewise import Piecewise

_PLACED = 1e-12
"""Of a volume, how near it is found."""


def less_credit(cost: Piecewise, credit_usd: float) -> Piecewise:
    """max(0, cost - credit), exact, of a cost that never falls with the volume."""
    if credit_usd <= float(cost.at(0.0)):
        return replace(cost, usd_fixed=cost.usd_fixed - credit_usd)
    end = _reaches(cost, credit_usd)
    inside = [cost.upper_tokens[cost.upper_tokens < end], np.array([end])]
    for stair in cost.stairs:
        steps = stair.tokens * np.arange(1, float(stair.count(end)) + 1)
        inside.append(steps[steps < end])
    cuts = np.unique(np.concatenate(inside))
    # Below the end the pieces take away what the stairs have there.
    standing = sum(stair.usd * stair.count(cuts) for stair in cost.stairs)
    beyond = cost.upper_tokens > end
    return Piecewise(
        np.append(cuts, cost.upper_tokens[beyond]),
        np.append(-standing * np.ones(cuts.size), cost.usd_fixed[beyond] - credit_usd),
        np.append(np.zeros(cuts.size), cost.usd_per_token[beyond]),
        cost.stairs,
    )


def _reaches(cost: Piecewise, usd: float) -> float:
    """The largest volume, but for rounding, at which a cost is at most so much."""
    low, high = 0.0, 1.0
    while float(cost.at(high)) <= usd:
        low, high = high, 2 * high
    while high - low > _PLACED * high:
        middle = (low + high) / 2
        low, high = (middle, high) if float(cost.at(middle)) <= usd else (low, middle)
    return low
