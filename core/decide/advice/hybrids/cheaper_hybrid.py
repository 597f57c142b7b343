"""The cheapest suitable hybrid of all bases and all APIs with the same vectors."""

import heapq
import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.catalog.schema import ModelCard
from core.cost.under_factors.many_factors import Factors
from core.decide.advice.catalogue_options import machine_ids, named_pair
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.hybrids.burst_rates import BurstRate, BurstRates
from core.decide.advice.hybrids.least_hybrid import LeastHybrid
from core.decide.advice.least_bill import LeastBill
from core.decide.advice.recommend import enough_below
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.demands.of_model import of_licence
from core.decide.options.hybrid_option import hybrid_option
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import HOME, hybrid_id, hybrid_parts

Bound = tuple[float, str, int]
"""What its hybrids cost at the least, a machine, and the place of a model."""


@dataclass(frozen=True, eq=False)
class HybridSearch:
    """Branch and bound: bills only of those that can still be the cheapest."""

    case: Case
    demanded: Constraints
    models: Sequence[ModelCard]
    """Open models that the demands leave on a machine of one's own."""
    least: LeastBill

    @cached_property
    def _rates(self) -> BurstRates:
        return BurstRates(self.case, self.demanded, self.least)

    @cached_property
    def _bounds(self) -> LeastHybrid:
        return LeastHybrid(self.case, self.least)

    @cached_property
    def _machines(self) -> tuple[str, ...]:
        """What stands at all hours: a base that stops when idle needs no API for its peaks."""
        catalog, names = self.case.catalog, machine_ids(self.case.catalog)
        sold = {name: catalog.find_machine(name) for name in names}
        return tuple(
            name
            for name, offer in sold.items()
            if offer is None or offer[1].purchase != "serverless"
        )

    def cheapest(self, models: Set[str], than: OptionAtVolume) -> OptionAtVolume | None:
        """With one of these models, below another's bill and mean; None: there is none.

        Bases by their bound at the dense peak, lowest first; of those that are low enough each pair
        with an API by its own; of those that still are, the bill.
        """
        asked, below_usd = self.case.scenario, enough_below(than.usd_per_month)
        if asked.objective.region == HOME or self._labour_alone() >= below_usd:
            return None
        licence = asked.demands.licence
        named = [m for m in self.models if m.id in models and of_licence(m, licence) is None]
        burstable = [model for model in named if self._rates.of(model)]
        rough, exact = iter(self._at_peak(burstable, below_usd)), list[tuple[float, str]]()
        following, best = next(rough, None), None
        while exact or following:
            if following is not None and (not exact or following[0] < exact[0][0]):
                if following[0] < below_usd:
                    for pair in self._pairs(following[1], burstable[following[2]], below_usd):
                        heapq.heappush(exact, pair)
                following = next(rough, None)
                continue
            bound, name = heapq.heappop(exact)
            if bound >= below_usd:
                break
            row = self._suitable(name, below_usd, enough_below(than.mean_usd_per_month))
            if row is not None and row.usd_per_month is not None:
                best, below_usd = row, row.usd_per_month
        return best

    def _labour_alone(self) -> float:
        """Whatever runs: no base costs less."""
        return self.case.scenario.hosting.labour_usd_per_month

    def _at_peak(self, models: Sequence[ModelCard], below_usd: float) -> list[Bound]:
        near = [name for name in self._machines if self._begins_below(name, below_usd)]
        if not near or not models:
            return []
        least = [_below_all(self._rates.of(model)) for model in models]
        usd = self._bounds.at_peak(near, models, least)
        rows, columns = np.nonzero(usd < below_usd)
        bounds = usd[rows, columns].tolist()
        places = zip(bounds, rows.tolist(), columns.tolist(), strict=True)
        return sorted((bound, near[row], column) for bound, row, column in places)

    def _begins_below(self, machine: str, below_usd: float) -> bool:
        paid = self.least.paid(machine)
        return paid is not None and float(paid.fixed_usd) < below_usd

    def _pairs(
        self, machine: str, model: ModelCard, below_usd: float
    ) -> Iterator[tuple[float, str]]:
        """A base with each API, as far as their bounds are below a bill and they are no options."""
        base = named_pair(machine, model.id, self.case.scenario.hosting.model)
        for rate, bound in self._bounds.splitting(base, self._rates.of(model)):
            name = hybrid_id(base, rate.option_id)
            if bound < below_usd and name not in self.case.scenario.options:
                yield bound, name

    def _suitable(
        self, option_id: str, below_usd: float, below_mean_usd: float
    ) -> OptionAtVolume | None:
        """Its row, where it costs less, both sides have a part, and nothing stands in its way."""
        base, burst = hybrid_parts(option_id) or ("", "")
        if not self._rates.may_take(burst):
            return None
        sides = (self._rates.billed(name) for name in (base, burst))
        hosted, sold = ((side.option, side.bill) for side in sides)
        bill = hybrid_option(option_id, hosted, sold, self.case)[1]
        volume = self.case.scenario.tokens_per_month
        if bill is None or float(bill.under(Factors(), volume)) >= below_usd:
            return None
        alone = self.case.scenario.model_copy(update={"options": (option_id,)})
        asked = self.case.asking(alone)
        row = at_volume(curves(asked), asked).rows[0]
        split = row.api_share is not None and 0 < row.api_share < 1
        mean_usd = math.inf if row.mean_usd_per_month is None else row.mean_usd_per_month
        fits = split and row.feasible and mean_usd < below_mean_usd
        return row if fits and not violations(row, asked, self.demanded) else None


def _below_all(rates: Sequence[BurstRate]) -> BurstRate:
    """A rate below each of an API's."""
    usd = min(rate.usd_per_token for rate in rates)
    return BurstRate("", usd, max(rate.free_usd for rate in rates))
