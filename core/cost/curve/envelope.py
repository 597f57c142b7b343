"""The lower envelope of many costs: the cheapest at every volume among those that serve."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.break_even import (
    LEAST_USD,
    TIE_RELATIVE,
    distinct,
    meetings,
    turning_volumes,
)
from core.cost.curve.piecewise import Floats, Piecewise

_NEARLY_ALL: Final = 0.999
"""Of a stretch: so near its end costs are compared that tie near its start."""


@dataclass(frozen=True, slots=True)
class Lead:
    """An interval of volume, left-open and right-closed, with one cheapest cost."""

    from_tokens: float
    to_tokens: float
    """inf: for good."""
    index: int
    """Position of the cheapest among the costs handed in; the first of equals."""


def lower_envelope(
    costs: Sequence[Piecewise],
    ceilings_tokens: Sequence[float],
    floors_tokens: Sequence[float] | None = None,
) -> list[Lead]:
    """The lower envelope from zero volume to infinity: the cheapest, in rising intervals.

    A cost takes part from its floor (0 where none is given) up to its ceiling (0: not at all; inf:
    without end). Intervals that nobody can serve are left out. The order of two costs turns only
    where they meet, so the cheapest of all is settled by one look between any two such volumes.
    """
    floors = floors_tokens or [0.0] * len(costs)
    taking_part = _contenders(costs, ceilings_tokens, floors)
    if not taking_part:
        return []
    limits = [limit[i] for limit in (ceilings_tokens, floors) for i in taking_part]
    edges = _edges([costs[i] for i in taking_part], limits)
    # Not far beyond its start: at a volume large enough any fixed difference is a tie.
    near = 2 * edges + 1
    middles = (edges[:-1] + edges[1:]) / 2
    inside = np.append(np.where(edges[:-1] > 0, np.minimum(middles, near[:-1]), middles), near[-1])
    usd = np.stack([costs[i].at(inside) for i in taking_part])
    ceilings = np.array([ceilings_tokens[i] for i in taking_part])[:, np.newaxis]
    absent = inside > ceilings
    absent |= inside < np.array([floors[i] for i in taking_part])[:, np.newaxis]
    usd[absent] = math.inf
    best = _first_of_equals(usd, _further_on([costs[i] for i in taking_part], edges, absent))
    served = np.logical_not(np.all(absent, axis=0))
    leads: list[Lead] = []
    for (low, high), winner, is_served in zip(
        pairwise([*edges.tolist(), math.inf]), best.tolist(), served.tolist(), strict=True
    ):
        if not is_served:
            continue
        index = taking_part[winner]
        if leads and leads[-1].index == index and leads[-1].to_tokens == low:
            leads[-1] = Lead(leads[-1].from_tokens, high, index)
        else:
            leads.append(Lead(low, high, index))
    return leads


def _contenders(
    costs: Sequence[Piecewise], ceilings_tokens: Sequence[float], floors_tokens: Sequence[float]
) -> list[int]:
    """Those that can serve at all and are not plainly beaten by another: few pairs are left."""
    able = [i for i, ceiling in enumerate(ceilings_tokens) if ceiling > 0]
    return [
        i
        for i in able
        if not any(
            ceilings_tokens[j] >= ceilings_tokens[i]
            and floors_tokens[j] <= floors_tokens[i]
            and _beats(costs[j], costs[i], earlier=j < i)
            for j in able
            if j != i
        )
    ]


def _beats(one: Piecewise, other: Piecewise, *, earlier: bool) -> bool:
    """Whether a straight cost lies nowhere above another straight cost or staircase.

    Of equals the earlier stays, so a later one must be lower by more than the tolerance of a tie.
    """
    if one.stairs or one.upper_tokens.size > 1 or other.upper_tokens.size > 1:
        return False
    if one.usd_fixed[0] > other.usd_fixed[0]:
        return False
    slope, others_slope = one.usd_per_token[0], other.asymptotic_usd_per_token
    if earlier:
        return bool(slope <= others_slope)
    return bool(slope * (1 + TIE_RELATIVE) < others_slope)


def _edges(costs: Sequence[Piecewise], limits_tokens: Sequence[float]) -> Floats:
    """Zero, every volume at which two of the costs turn, and every ceiling and floor."""
    volumes = [0.0, *(limit for limit in limits_tokens if math.isfinite(limit))]
    for a, b in combinations(costs, 2):
        volumes += turning_volumes(meetings(a, b))
    return distinct(np.array(volumes), TIE_RELATIVE)


def _further_on(costs: Sequence[Piecewise], edges: Floats, absent: NDArray[np.bool_]) -> Floats:
    """What each costs near the end of each stretch, USD/month; of the endless one USD/token."""
    ends = edges[:-1] + (edges[1:] - edges[:-1]) * _NEARLY_ALL
    usd = np.stack([np.append(cost.at(ends), cost.asymptotic_usd_per_token) for cost in costs])
    usd[absent] = math.inf
    return usd


def _first_of_equals(usd: Floats, further_on: Floats) -> NDArray[np.intp]:
    """Row of the lowest cost in each column; of those that tie there, the lowest further on.

    Within a stretch no two costs turn, so of two that are equal near its start for the tolerance of
    a tie alone, the one that is lower further on is lower everywhere. Of equals the first row.
    """
    tied = usd <= np.maximum(_nearly(usd.min(axis=0)), usd.min(axis=0) + LEAST_USD)
    later = np.where(tied, further_on, math.inf)
    first: NDArray[np.intp] = np.argmax(tied & (later <= _nearly(later.min(axis=0))), axis=0)
    return first


def _nearly(usd: Floats) -> Floats:
    """The most that is still equal to a cost."""
    result: Floats = usd * (1 + TIE_RELATIVE)
    return result
