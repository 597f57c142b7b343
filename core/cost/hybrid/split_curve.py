"""The cheapest split of every volume as pieces of straight cost.

Whole replicas are counted until the bill is worth 500 of them; there the curve is exact, but for
steps of a base that follows the load, which are taken together where they are a twentieth of a per
cent. Beyond, parts of replicas are counted and half of one is added: within 0.1 % of the bill.
"""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from core.cost.curve.piecewise import STEP_GUARD_RELATIVE, Floats, Piecewise
from core.cost.hybrid.least_line import joined, least_lines
from core.cost.hybrid.split_cost import SplitCost
from core.cost.hybrid.split_edges import (
    APART,
    Reach,
    best_counts,
    one_more_usd,
    part_edges,
    reach,
    stretches,
    whole_edges,
)
from core.cost.hybrid.split_terms import SplitTerms
from core.cost.under_factors.many_factors import SAME

FAR: Final = 1e9
"""Times the volume from which lines are straight for good; who is least there is least for good."""

_INSIDE: Final = APART / 5
"""So near the ends of a stretch costs are read: beyond what a guard against rounding blurs."""

_LOOK: Final = 1e-6
"""Of what a replica carries: over less a slope is lost in the rounding of the rent."""

_LAST_PART: Final = 0.95
"""Of what is counted: within the rest it is looked for where to end."""


def split_curve(bill: SplitTerms) -> Piecewise:
    """Cost over volume in tokens/month; what is due each month beside the split apart."""
    far = reach(bill)
    edges = whole_edges(bill, far)
    edges, rounded_usd = _end_of_counting(bill, edges)
    counted = [
        least_lines(*_lines(bill, low, high, far), low, high, high)
        for low, high in stretches(edges)
    ]
    starts = part_edges(bill, float(edges[-1]))
    ends = np.append(starts[1:], FAR * starts[-1])
    lines = _lines(bill, starts, ends, rounded_usd=rounded_usd)
    straight = least_lines(*lines, starts, ends, np.append(starts[1:], math.inf))
    upper, fixed, slope = (np.concatenate(pair) for pair in zip(*counted, straight, strict=True))
    # Exactly k full replicas are k, whatever the last digits of the volume are.
    return joined([upper * (1 + STEP_GUARD_RELATIVE), fixed, slope])


def _end_of_counting(bill: SplitTerms, edges: Floats) -> tuple[Floats, float]:
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
    bill: SplitTerms,
    starts: Floats,
    ends: Floats,
    counted: Reach | None = None,
    rounded_usd: float = 0.0,
) -> tuple[Floats, Floats]:
    """Fixed part and slope of each count that may be the best: shape (counts, stretches).

    Whole ones within the reach, else parts of replicas and what rounding them adds. The API alone
    is the first. Lines are read near their start: far out their fixed part drowns in the bill.
    """
    shortest = _LOOK * bill.flat_capacity_tokens
    stops = np.where(starts > 0, np.minimum(ends, np.maximum(2 * starts, shortest)), ends)
    low = np.where(starts > 0, starts * (1 + _INSIDE), stops / 1e3)
    high = stops * (1 - _INSIDE)
    if counted is None:
        rows = [*_parts(bill, low, high, rounded_usd), *_whole(bill, low, high)]
    else:
        rows = _counts(bill, low, high, counted)
    alone = [SplitCost(bill, SAME, place).api_alone() for place in (low, high)]
    from_usd, to_usd = (np.vstack(side) for side in zip(alone, *rows, strict=True))
    usable = np.isfinite(from_usd) & np.isfinite(to_usd)
    with np.errstate(invalid="ignore"):  # inf - inf: the API does not take everything there
        slope = np.where(usable, (to_usd - from_usd) / (high - low), 0.0)
    return np.where(usable, from_usd - slope * low, math.inf), slope


def _counts(bill: SplitTerms, low: Floats, high: Floats, far: Reach) -> list[tuple[Floats, Floats]]:
    """Costs near either end of each whole count that may be the best."""
    counts, near = best_counts(bill, (low + high) / 2, far)
    sides = (SplitCost(bill, SAME, place).with_replicas(counts) for place in (low, high))
    from_usd, to_usd = (np.where(near, usd, math.inf) for usd in sides)
    return [(from_usd, to_usd)]


def _parts(
    bill: SplitTerms, low: Floats, high: Floats, rounded_usd: float
) -> Iterator[tuple[Floats, Floats]]:
    """Costs near either end of each place, with what rounding adds."""
    at_low, at_high = (SplitCost(bill, SAME, place, whole=False) for place in (low, high))
    for (a,), (b,) in zip(at_low.counts(), at_high.counts(), strict=True):
        yield at_low.with_replicas(a) + rounded_usd, at_high.with_replicas(b) + rounded_usd


def _whole(bill: SplitTerms, low: Floats, high: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Counts at which nothing is rounded: one replica where that is enough, and all of the quota.

    Those of a base that follows the load stand in steps, but for the first.
    """
    sides = [SplitCost(bill, SAME, place) for place in (low, high)]
    all_of_them = [] if bill.quota is None or bill.base.hours else [float(bill.quota)]
    for replicas in (1.0, *all_of_them):
        count = np.full(low.shape, replicas)
        fits = sides[1].allowed(count) == count
        from_usd, to_usd = (np.where(fits, s.with_replicas(count), math.inf) for s in sides)
        yield from_usd, to_usd
