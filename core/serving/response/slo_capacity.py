"""What a replica carries within a latency objective: the largest rate, or why there is none."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.errors import ModelInputError
from core.serving.queue.batch_chain import Floats
from core.serving.queue.batch_queue import solve
from core.serving.queue.response_law import LEVELS

BISECTIONS: Final = 20
"""The exact search ends within a millionth of the full throughput."""


@dataclass(frozen=True, slots=True)
class Feasible:
    """One replica keeps the objective up to this rate."""

    rate_per_s: float
    """Texts a second, above 0 and below the throughput of full batches."""
    load: float
    """The rate over the throughput of full batches: the utilisation that the objective allows."""
    zero_load_s: float
    """The percentile of a replica that is nearly idle."""


@dataclass(frozen=True, slots=True)
class Infeasible:
    """No number of replicas keeps the objective: a lone request already takes too long."""

    zero_load_s: float
    """The percentile of a replica that is nearly idle, at or above the limit."""
    reason: str


Capacity = Feasible | Infeasible


def capacity_exact(
    batch_s: Floats,
    limit_s: float,
    level: float = 0.95,
    highest_load: float = 1.0,
    bisections: int = BISECTIONS,
) -> Capacity:
    """The same from the exact solution, for any batch times, varied ones too; up to seconds.

    ``batch_s`` as for :func:`core.serving.queue.batch_queue.solve`. Assumes that the percentile
    rises with the rate. Loads above ``highest_load`` are not looked at: near 1 a solution takes
    long and the least error of a batch time changes everything; an objective that holds there gives
    it.
    """
    _check(limit_s, level)
    place = LEVELS.index(level)

    def percentile_s(rate_per_s: float) -> float:
        solved = solve(rate_per_s, batch_s)
        return math.inf if solved is None else solved.response.quantiles_s[place]

    zero_load_s = percentile_s(0.0)
    full_rate_per_s = len(batch_s) / float(batch_s[-1].mean())
    most_per_s = highest_load * full_rate_per_s
    if zero_load_s > limit_s:
        rate_per_s = 0.0
    elif highest_load < 1 and percentile_s(most_per_s) <= limit_s:
        rate_per_s = most_per_s
    else:
        rate_per_s = _largest(percentile_s, most_per_s, limit_s, bisections)
    return capacity_of(rate_per_s, full_rate_per_s, zero_load_s, limit_s, level)


def _largest(
    percentile_s: Callable[[float], float], most_per_s: float, limit_s: float, bisections: int
) -> float:
    low, high = 0.0, most_per_s
    for _ in range(bisections):
        middle = (low + high) / 2
        low, high = (middle, high) if percentile_s(middle) <= limit_s else (low, middle)
    return low


def capacity_of(
    rate_per_s: float, full_rate_per_s: float, zero_load_s: float, limit_s: float, level: float
) -> Capacity:
    """A capacity from the largest rate that keeps the limit, 0 where none does.

    ``zero_load_s`` is the percentile of a replica that is nearly idle.
    """
    if rate_per_s > 0:
        return Feasible(rate_per_s, rate_per_s / full_rate_per_s, zero_load_s)
    return Infeasible(
        zero_load_s,
        f"A request that finds the replica idle takes {zero_load_s:.4g} s at p{100 * level:g}, "
        f"the objective is {limit_s:.4g} s: more replicas do not help; shorter texts, a smaller "
        "model or a faster card do.",
    )


def _check(limit_s: float, level: float) -> None:
    if not 0 < limit_s < math.inf:
        raise ModelInputError(f"a latency objective is positive and finite, not {limit_s}")
    if level not in LEVELS:
        raise ModelInputError(f"capacity is known at the levels {LEVELS}, not at {level}")
