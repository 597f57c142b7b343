"""A bill against the budget: at one volume, and over an interval of volumes."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from core.cost.curve.break_even import TIE_RELATIVE, meetings, turning_volumes
from core.cost.curve.piecewise import Piecewise, affine
from core.decide.demands.demand_words import usd_enough, usd_words
from core.decide.result.obstacle import Obstacle, Refusal

Interval = tuple[float, float]
"""Volumes, tokens/month: left-open and right-closed."""

FAR: Final = 2.0
"""Where nothing turns any more, so many times the last volume is as good as any other."""


def is_within(usd_per_month: float, budget_usd: float | None) -> bool:
    """Whether a month's bill is no more than the budget; what only rounding adds is not more."""
    return budget_usd is None or usd_per_month <= budget_usd * (1 + TIE_RELATIVE)


def over_budget(usd_per_month: float | None, budget_usd: float | None) -> Refusal | None:
    """That a month's bill is above the budget, and by how much; a bill that is not known is not."""
    if budget_usd is None or usd_per_month is None or is_within(usd_per_month, budget_usd):
        return None
    over = usd_per_month - budget_usd
    return Refusal(
        Obstacle.BUDGET,
        f"It costs {usd_words(usd_per_month)} a month at this volume, {usd_words(over)} above your "
        f"budget of {usd_words(budget_usd)}.",
        relax=f"Raise the budget to {usd_enough(usd_per_month)} a month.",
        times=usd_per_month / budget_usd if budget_usd > 0 else float("inf"),
    )


def affordable(cost: Piecewise, budget_usd: float) -> tuple[Interval, ...]:
    """The intervals of volume in which a cost is within the budget, in rising order.

    A cost may pass the budget and come back: tiers end, whole replicas replace an API. The side
    turns only where the cost meets the budget, so one look between two such volumes settles it.
    """
    turns = turning_volumes(meetings(cost, affine(budget_usd, 0.0)))
    edges = sorted({0.0, math.inf, *turns})
    within: list[Interval] = []
    for start, end in pairwise(edges):
        inside = min((start + end) / 2, FAR * start + 1)
        if not is_within(float(cost.at(inside)), budget_usd):
            continue
        if within and within[-1][1] == start:
            within[-1] = (within[-1][0], end)
        else:
            within.append((start, end))
    return tuple(within)


def overlap(stretch: Interval, intervals: tuple[Interval, ...] | None) -> Iterator[Interval]:
    """The parts of a stretch that lie in some of the intervals; all of it where there are none."""
    if intervals is None:
        yield stretch
    for low, high in intervals or ():
        start, end = max(stretch[0], low), min(stretch[1], high)
        if start < end:
            yield start, end
