"""What a hybrid costs at least: cheap to say, and never above its bill.

K replicas that each carry C tokens a month at an even load, and an API at p a token for the rest:

usd >= labour + K c + p x mean over the hours of (V w - K C)+  -  what the API gives for nothing

C is a replica's full batches under the utilisation ceiling and the burst inside the hour, which no
objective makes more. The right side is convex in K, so its least over all real K >= 1 lies where
the next part of a replica costs as much as what it spares: c = p C x the share of hours above.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.catalog.schema import ModelCard
from core.cost.curve.piecewise import Floats
from core.cost.hybrid.hours_by_load import HoursByLoad
from core.decide.advice.hybrids.burst_rates import BurstRate
from core.decide.advice.least_bill import ROUNDING, LeastBill
from core.decide.advice.peak_work import Paid
from core.decide.case import Case


@dataclass(frozen=True, eq=False)
class LeastHybrid:
    """Lower bounds of a month's bill at the scenario's volume, USD."""

    case: Case
    least: LeastBill

    @cached_property
    def _hours(self) -> HoursByLoad:
        return HoursByLoad(self.case.load.rhythm.filled)

    @property
    def _under_ceiling(self) -> float:
        """Of a replica's full batches, what it carries at an even load at the most."""
        return self.case.scenario.hosting.utilisation_ceiling / self.case.load.rhythm.burst

    @property
    def _follows(self) -> bool:
        """Whether replicas are paid by the hours in which they are needed."""
        return self.case.scenario.hosting.autoscale

    def at_peak(
        self, machines: Sequence[str], models: Sequence[ModelCard], rates: Sequence[BurstRate]
    ) -> Floats:
        """One row a machine and one column a model with its cheapest API: at the dense peak."""
        paid = [self.least.paid(name) or Paid(math.inf, math.inf, 1.0) for name in machines]
        fixed = np.array([[one.fixed_usd] for one in paid])
        replica = np.array([[one.usd_per_month] for one in paid])
        seconds = self.least.peak_seconds(machines, models) / self._under_ceiling
        month = self.case.scenario.calendar.seconds_per_month
        own = np.where(np.isinf(replica), math.inf, replica * seconds / month)
        volume = self.case.scenario.tokens_per_month
        cheapest = np.minimum(own, np.array([rate.usd_per_token for rate in rates]))
        free = np.array([rate.free_usd for rate in rates])
        served = np.maximum(0.0 if self._follows else replica, volume * cheapest - free)
        result: Floats = np.where(np.isinf(fixed), math.inf, fixed + served) * ROUNDING
        return result

    def splitting(
        self, base_id: str, rates: Sequence[BurstRate]
    ) -> Iterator[tuple[BurstRate, float]]:
        """Of a base with each API; nothing where its model does not run there in time."""
        paid, full = self.least.paid(base_id), self.least.tokens_per_s(base_id)
        if paid is None or full is None:
            return
        month = self.case.scenario.calendar.seconds_per_month
        carried, usd = full * month * self._under_ceiling, float(paid.usd_per_month)
        for rate in rates:
            least = self._least(usd, carried, rate.usd_per_token) - rate.free_usd
            yield rate, float(paid.fixed_usd + max(0.0, least)) * ROUNDING

    def _least(self, replica_usd: float, carried: float, usd_per_token: float) -> float:
        """Least over all splits, labour and what is free apart."""
        volume = self.case.scenario.tokens_per_month
        if self._follows:
            return volume * min(replica_usd / carried, usd_per_token)
        count = 1.0
        if 0 < carried < math.inf:
            count = max(1.0, volume * self._level(replica_usd, carried * usd_per_token) / carried)
        spilled = self._hours.spilled(np.array([volume]), np.array([count * carried]))
        return replica_usd * count + usd_per_token * float(spilled[0])

    def _level(self, replica_usd: float, spared_usd: float) -> float:
        """Load over the mean up to which replicas pay: exceeded in as many hours as they need."""
        if spared_usd <= replica_usd:
            return 0.0
        return float(self._hours.exceeded_for(np.array(replica_usd / spared_usd)))
