"""How the replicas of an option are paid for, and the bill that comes of it."""

from dataclasses import dataclass, field, replace

import numpy as np

from core.cost.by_replica.autoscaling import hours_alike
from core.cost.by_replica.hosted_bill import HostedBill, HoursAlike
from core.cost.curve.breakdown import CostLine, TokenLine
from core.cost.load.hourly_load import HOURS_PER_DAY
from core.decide.capacity.electricity import Electricity
from core.decide.load.rhythm import Rhythm
from core.decide.options.machine import fleet_of
from core.decide.result.option import Option
from core.scenario import Hosting
from core.units import MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Paying:
    """How one replica is paid for."""

    acquisition: CostLine
    idle_energy: CostLine | None = None
    active_usd_per_token: float = 0.0
    busy_us: float = 0.0
    """Microseconds of computing for a processed token."""
    hours: tuple[HoursAlike, ...] = ()
    mean_load: float = 0.0
    shortest_run: float = 0.0
    by_token: tuple[TokenLine, ...] = field(default=())

    def with_power(self, power: Electricity) -> "Paying":
        """The same, with the electricity paid for apart."""
        return replace(
            self,
            idle_energy=power.idle,
            active_usd_per_token=power.active_usd_per_token,
            busy_us=power.busy_us,
        )


def following_load(paying: Paying, hosting: Hosting, rhythm: Rhythm) -> Paying:
    """The same, of a fleet that follows what cannot wait, with its start-up and cooldown.

    What can wait is gathered into one run a day, of an hour at least.
    """
    startup_hours = hosting.startup_minutes / MINUTES_PER_HOUR
    cooldown_hours = hosting.cooldown_minutes / MINUTES_PER_HOUR
    highest = max(rhythm.filled)
    return replace(
        paying,
        hours=hours_alike(np.array(rhythm.online), startup_hours, cooldown_hours, highest),
        mean_load=1 / highest,
        shortest_run=min(1.0, (startup_hours + 1 + cooldown_hours) / HOURS_PER_DAY),
    )


def bill_of(
    option: Option, paying: Paying, hosting: Hosting, storage: tuple[CostLine, ...]
) -> HostedBill | None:
    """The bill of whole replicas; None where price or capacity are not known."""
    capacity, fleet = option.capacity, fleet_of(hosting, option.many)
    if option.unpriced_reason or capacity is None:
        return None
    return HostedBill(
        capacity_tokens_per_month=capacity.tokens_per_month,
        spare_replicas=fleet.spare_replicas,
        labour_usd_per_month=hosting.labour_usd_per_month,
        acquisition=paying.acquisition,
        idle_energy=paying.idle_energy,
        active_usd_per_token=paying.active_usd_per_token,
        active_explanation=f"above idle while a kernel runs, {paying.busy_us:.3g} us a token",
        minimum_replicas=fleet.minimum_replicas,
        hours=paying.hours,
        mean_load=paying.mean_load,
        shortest_run=paying.shortest_run,
        by_token=paying.by_token,
        by_month=storage,
    )
