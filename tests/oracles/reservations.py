"""Bills of fleets and reservations, hour by hour: what the shorter ways are held against."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.cost.by_replica.autoscaling import _highest_around
from core.cost.by_replica.replicas import replicas_needed
from core.cost.by_replica.spot_and_reserved import Tranche, chance_enough
from core.cost.curve.breakdown import CostLine
from core.cost.curve.checks import not_empty, not_negative, positive, whole
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError


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
    beyond = mean_beyond(schedule, whole("reserved replicas", reserved_replicas))
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
        for k in range(peak_replicas(schedule) + 1)
    ]
    return int(np.argmin(costs))


def peak_replicas(schedule: ReplicaSchedule) -> int:
    """Most replicas up at a time."""
    return int(schedule.replicas.max())


def mean_beyond(schedule: ReplicaSchedule, replicas: int) -> float:
    """Replicas up beyond so many, on average."""
    beyond = np.maximum(0.0, schedule.replicas - replicas)
    return float(schedule.lengths_hours @ beyond) / schedule.period_hours


def fleet_lines(tranches: Sequence[Tranche], hours_per_month: float) -> tuple[CostLine, ...]:
    """One line a tranche, n p (1 + iota t_rec) H: n replicas' worth of work in all hours."""
    positive("hours a month", hours_per_month)
    return tuple(
        CostLine(
            f"Rent, {tranche.purchase}",
            tranche.replicas * tranche.usd_per_useful_hour * hours_per_month,
            f"{tranche.replicas} x ${tranche.usd_per_useful_hour:.6g} a useful hour x "
            f"{hours_per_month:g} h",
        )
        for tranche in tranches
    )


def fleet_usd_per_month(tranches: Sequence[Tranche], hours_per_month: float) -> float:
    """The fleet's month, sum of n p (1 + iota t_rec) H."""
    return math.fsum(line.usd_per_month for line in fleet_lines(tranches, hours_per_month))


def replicas_for_chance(tranche: Tranche, needed: int, chance: float) -> int:
    """Fewest replicas bought like this of which ``needed`` work with at least this chance."""
    if not 0 < chance < 1:
        raise ModelInputError(f"chance must lie between 0 and 1, not {chance}")
    if whole("replicas needed", needed) == 0:
        return 0
    most = _MOST_SPARES * needed
    enough = bisect_left(
        range(needed, most + 1),
        chance,
        key=lambda replicas: chance_enough([replace(tranche, replicas=replicas)], needed),
    )
    if needed + enough > most:
        raise ModelInputError(
            f"availability of {tranche.availability:.3g} is too low: even {most} replicas "
            f"do not give {needed} with a chance of {chance:g}"
        )
    return needed + enough


_MOST_SPARES: Final = 20
"""Times the need beyond which nobody would buy replicas to be safe."""
