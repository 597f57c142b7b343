"""Autoscaling, a fleet that follows the load: replicas over the hours, and what they cost."""

import math

import numpy as np

from core.cost.by_replica.hosted_bill import HoursAlike
from core.cost.curve.checks import not_empty, not_negative, positive
from core.cost.curve.piecewise import Floats


def hours_alike(
    relative_load: Floats, startup_hours: float, cooldown_hours: float, peak: float | None = None
) -> tuple[HoursAlike, ...]:
    """Stretches of a repeating period by the load that a fleet must be ready for.

    ``relative_load`` has an hour's load each, in any unit. The most that comes between the cooldown
    before and the start-up after a moment decides, so that ceil(load/capacity) of these stretches
    is R(t) of :func:`autoscale` at every capacity: the count never falls with the load. Loads are
    over ``peak``, else over the busiest hour's.
    """
    rates = not_negative("load of an hour", not_empty("hourly load", relative_load))
    peak = positive("load of the busiest hour", float(rates.max()) if peak is None else peak)
    edges = np.unique([0.0, 1.0, cooldown_hours % 1, -startup_hours % 1])
    middles = (edges[:-1] + edges[1:]) / 2
    shares: dict[float, float] = {}
    for middle, length in zip(middles, np.diff(edges), strict=True):
        around = _highest_around(
            rates, math.floor(middle - cooldown_hours), math.floor(middle + startup_hours)
        )
        for load in np.round(around / peak, 12).tolist():
            shares[load] = shares.get(load, 0.0) + float(length) / rates.size
    return tuple(HoursAlike(share, load) for load, share in sorted(shares.items()))


def _highest_around(needed: Floats, first: int, last: int) -> Floats:
    """Highest of the hours from ``first`` to ``last`` after each hour, round the period."""
    if last - first + 1 >= needed.size:
        return np.full(needed.size, needed.max())
    shifted = [np.roll(needed, -offset) for offset in range(first, last + 1)]
    highest: Floats = np.max(shifted, axis=0)
    return highest
