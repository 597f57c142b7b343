"""A fleet that follows the load: replicas over the hours of a period, and what they cost."""

import math
from dataclasses import dataclass

import numpy as np

from core.cost.checks import not_empty, not_negative, positive, whole
from core.cost.hosting import HoursAlike
from core.cost.piecewise import Floats
from core.cost.replicas import replicas_needed


@dataclass(frozen=True, slots=True)
class Autoscaler:
    """How replicas follow the load. The load is known ahead: it repeats itself."""

    capacity: float
    """Rate that one replica carries within the objective, in the unit of the load."""
    minimum: int = 1
    """Replicas that never stop; 0 scales to zero in hours without load."""
    startup_hours: float = 0.0
    """A replica is started, and paid, this long before it is needed."""
    cooldown_hours: float = 0.0
    """A replica is kept this long after it was needed."""
    spare: int = 0

    def __post_init__(self) -> None:
        positive("capacity of a replica", self.capacity)
        whole("minimum of replicas", self.minimum)
        whole("spare replicas", self.spare)
        not_negative("start-up in hours", self.startup_hours)
        not_negative("cooldown in hours", self.cooldown_hours)


@dataclass(frozen=True, slots=True, eq=False)
class ReplicaSchedule:
    """Replicas up in each stretch of a period that repeats itself."""

    start_hours: Floats
    """When each stretch begins, rising from 0."""
    lengths_hours: Floats
    replicas: Floats

    @property
    def period_hours(self) -> float:
        """Length of the period."""
        return math.fsum(self.lengths_hours)

    @property
    def mean_replicas(self) -> float:
        """Replicas paid for on average: their hours over the period's."""
        return float(self.lengths_hours @ self.replicas) / self.period_hours

    @property
    def peak_replicas(self) -> int:
        """Most replicas up at a time."""
        return int(self.replicas.max())

    def mean_beyond(self, replicas: int) -> float:
        """Replicas up beyond so many, on average."""
        beyond = np.maximum(0.0, self.replicas - replicas)
        return float(self.lengths_hours @ beyond) / self.period_hours


def autoscale(hourly_rates: Floats, scaler: Autoscaler) -> ReplicaSchedule:
    """R(t) = max over [t - cooldown, t + startup] of ceil(load/capacity), at least the minimum.

    Exact in continuous time: start-up and cooldown need not be whole hours. The last hour is
    followed by the first.
    """
    rates = not_empty("hourly rates", hourly_rates)
    needed = replicas_needed(rates, scaler.capacity, scaler.minimum, scaler.spare)
    # Inside an hour the window's ends pass into another hour at most once each.
    edges = np.unique([0.0, 1.0, scaler.cooldown_hours % 1, -scaler.startup_hours % 1])
    middles = (edges[:-1] + edges[1:]) / 2
    columns = [
        _highest_around(
            needed,
            math.floor(middle - scaler.cooldown_hours),
            math.floor(middle + scaler.startup_hours),
        )
        for middle in middles
    ]
    starts = np.arange(rates.size)[:, np.newaxis] + edges[:-1]
    return ReplicaSchedule(
        start_hours=starts.ravel(),
        lengths_hours=np.tile(np.diff(edges), rates.size),
        replicas=np.stack(columns, axis=1).ravel(),
    )


def autoscaled_usd_per_month(
    schedule: ReplicaSchedule,
    usd_per_hour: float,
    hours_per_month: float,
    reserved_replicas: int = 0,
    reserved_usd_per_hour: float = 0.0,
) -> float:
    """The sum of R(t) over the month: reserved replicas in every hour, the others as they run."""
    not_negative("price of a replica hour", usd_per_hour)
    not_negative("price of a reserved replica hour", reserved_usd_per_hour)
    positive("hours a month", hours_per_month)
    beyond = schedule.mean_beyond(whole("reserved replicas", reserved_replicas))
    hourly = reserved_replicas * reserved_usd_per_hour + beyond * usd_per_hour
    return hourly * hours_per_month


def best_reservation(
    schedule: ReplicaSchedule, usd_per_hour: float, reserved_usd_per_hour: float
) -> int:
    """Replicas to reserve at the lowest cost, the fewest of equals: all counts are tried.

    The k-th pays where k or more run for more than reserved/on-demand price of the time.
    """
    costs = [
        autoscaled_usd_per_month(schedule, usd_per_hour, 1.0, k, reserved_usd_per_hour)
        for k in range(schedule.peak_replicas + 1)
    ]
    return int(np.argmin(costs))


def hours_alike(
    relative_load: Floats, startup_hours: float, cooldown_hours: float
) -> tuple[HoursAlike, ...]:
    """Stretches of a repeating period by the load that a fleet must be ready for.

    ``relative_load`` has an hour's load each, in any unit. The most that comes between the cooldown
    before and the start-up after a moment decides, so that ceil(load/capacity) of these stretches
    is R(t) of :func:`autoscale` at every capacity: the count never falls with the load.
    """
    rates = not_negative("load of an hour", not_empty("hourly load", relative_load))
    peak = positive("load of the busiest hour", float(rates.max()))
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
