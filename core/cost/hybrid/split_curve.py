"""The cheapest split of every volume as pieces of straight cost.

Whole replicas are counted until the bill is worth 500 of them; there the curve is exact, but for
steps of a base that follows the load, which are taken together where they are a twentieth of a per
cent. Beyond, parts of replicas are counted and half of one is added: within 0.1 % of the bill.
"""

import math
from typing import Final

import numpy as np

from core.cost.curve.piecewise import STEP_GUARD_RELATIVE, Floats, Piecewise
from core.cost.hybrid.least_line import joined, least_lines
from core.cost.hybrid.split_cost import SplitCost, Splitting
from core.cost.hybrid.split_edges import (
    APART,
    Reach,
    best_counts,
    one_more_usd,
    part_edges,
    reach,
    whole_edges,
)
from core.cost.under_factors.many_factors import SAME

FAR: Final = 1e9
"""Times the volume from which lines are straight for good; who is least there is least for good."""

_INSIDE: Final = APART / 5
"""So near the ends of a stretch costs are read: beyond what a guard against rounding blurs."""

_AT_ONCE: Final = 700
"""Stretches: later ones have fewer counts beside which the best may lie."""

_LAST_PART: Final = 0.95
"""Of what is counted: within the rest it is looked for where to end."""


def split_curve(bill: Splitting) -> Piecewise:
    """Cost over volume in tokens/month; what is due each month beside the split apart."""
    far = reach(bill)
    edges = whole_edges(bill, far)
    edges, rounded_usd = _end_of_counting(bill, edges)
    counted = []
    for first in range(0, edges.size - 1, _AT_ONCE):
        part = edges[first : first + _AT_ONCE + 1]
        lines = _lines(bill, part[:-1], part[1:], far)
        counted.append(least_lines(*lines, part[:-1], part[1:], part[1:]))
    starts = part_edges(bill, float(edges[-1]))
    ends = np.append(starts[1:], FAR * starts[-1])
    lines = _lines(bill, starts, ends, rounded_usd=rounded_usd)
    straight = least_lines(*lines, starts, ends, np.append(starts[1:], math.inf))
    upper, fixed, slope = (np.concatenate(pair) for pair in zip(*counted, straight, strict=True))
    # Exactly k full replicas are k, whatever the last digits of the volume are.
    return joined([upper * (1 + STEP_GUARD_RELATIVE), fixed, slope])


def _end_of_counting(bill: Splitting, edges: Floats) -> tuple[Floats, float]:
    """The edges up to where whole replicas cost least more than parts of them; and what is added.

    Half a replica, or what they cost more there: so the bill does not fall where counting ends.
    """
    first = max(1, int(np.searchsorted(edges, _LAST_PART * edges[-1])))
    volumes = edges[first:]
    whole = SplitCost(bill, SAME, volumes).least()
    parts = SplitCost(bill, SAME, volumes, whole=False).least()
    with np.errstate(invalid="ignore"):  # inf - inf: nothing serves there
        more = np.nan_to_num(whole - parts, nan=0.0, posinf=math.inf)
    last = int(np.argmin(more))
    half = one_more_usd(bill) / 2
    return edges[: first + last + 1], max(half, float(more[last]))


def _lines(
    bill: Splitting,
    starts: Floats,
    ends: Floats,
    counted: Reach | None = None,
    rounded_usd: float = 0.0,
) -> tuple[Floats, Floats]:
    """Fixed part and slope of each count that may be the best: shape (counts, stretches).

    Whole ones within the reach, else parts of replicas and what rounding them adds. The API alone
    is the first. Lines are read near their start: far out their fixed part drowns in the bill.
    """
    stops = np.where(starts > 0, np.minimum(ends, 2 * starts + 1), ends)
    low = np.where(starts > 0, starts * (1 + _INSIDE), stops / 1e3)
    high = stops * (1 - _INSIDE)
    whole = counted is not None
    at_low, at_high = (SplitCost(bill, SAME, place, whole=whole) for place in (low, high))
    rows = [(at_low.api_alone(), at_high.api_alone())]
    if counted is not None:
        for count, near in best_counts(bill, (low + high) / 2, counted):
            usd = at_low.with_replicas(count), at_high.with_replicas(count)
            rows.append((np.where(near, usd[0], math.inf), np.where(near, usd[1], math.inf)))
    else:
        for a, b in zip(at_low.counts(), at_high.counts(), strict=True):
            usd = at_low.with_replicas(a), at_high.with_replicas(b)
            rows.append((usd[0] + rounded_usd, usd[1] + rounded_usd))
        rows.append(_single(bill, low, high))
        if bill.quota is not None and not bill.base.hours:  # all of them: nothing to round
            all_of_them = np.full(low.shape, float(bill.quota))
            rows.append((at_low.with_replicas(all_of_them), at_high.with_replicas(all_of_them)))
    from_usd, to_usd = (np.stack(side) for side in zip(*rows, strict=True))
    usable = np.isfinite(from_usd) & np.isfinite(to_usd)
    with np.errstate(invalid="ignore"):  # inf - inf: the API does not take everything there
        slope = np.where(usable, (to_usd - from_usd) / (high - low), 0.0)
    return np.where(usable, from_usd - slope * low, math.inf), slope


def _single(bill: Splitting, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """One replica where that is enough: a whole one, however cheap the API beside it is."""
    one = np.ones(low.shape)
    sides = [SplitCost(bill, SAME, place) for place in (low, high)]
    fits = sides[1].allowed(one) == 1
    from_usd, to_usd = (np.where(fits, side.with_replicas(one), math.inf) for side in sides)
    return from_usd, to_usd
