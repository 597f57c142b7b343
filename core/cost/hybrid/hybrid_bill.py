"""Replicas for the base load and an API for the rest: the cheapest split of every volume.

The curve is in :mod:`core.cost.hybrid.split_curve`, the cost of one split in
:mod:`core.cost.hybrid.split_cost`; many scenarios at once are priced by the same.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from core.cost.by_use.api_labour import labour_moved
from core.cost.curve.breakdown import CostLine, amount
from core.cost.curve.piecewise import Floats, Piecewise
from core.cost.hybrid.split_cost import SplitCost
from core.cost.hybrid.split_curve import split_curve
from core.cost.hybrid.split_terms import SplitTerms
from core.cost.monthly_bill import MonthlyBill, Running
from core.cost.under_factors.many_factors import SAME, Column, Factors


@dataclass(frozen=True, slots=True)
class HybridSplit:
    """How a volume is split."""

    replicas: int
    api_share: float
    """Of the tokens."""
    mean_replicas: float
    """Paid for on average over the month: fewer where they follow the load."""


@dataclass(frozen=True)
class HybridBill(SplitTerms, MonthlyBill):
    """Replicas for the base load, an API with the same vectors for what exceeds it.

    The API also stands in for the spare replica. Never dearer than either side alone.
    """

    by_month: tuple[CostLine, ...] = ()
    api_bill: MonthlyBill | None = None
    """Of the API where it takes everything, as its provider bills it."""

    def curve(self) -> Piecewise:
        """Cost over volume in tokens/month."""
        fixed = self._cost.usd_fixed + self._by_month_usd
        return replace(self._cost, usd_fixed=fixed)

    def split(self, tokens_per_month: float) -> HybridSplit:
        """The cheapest split at a volume; of the volume asked about last it is known."""
        split = self._latest.get(tokens_per_month)
        if split is None:
            split = self._split(tokens_per_month)
            self._latest.clear()
            self._latest[tokens_per_month] = split
        return split

    def _split(self, tokens_per_month: float) -> HybridSplit:
        cost = SplitCost(self, SAME, np.array([tokens_per_month]))
        count = cost.best_count()
        replicas = int(count[0])
        if replicas == 0:
            return HybridSplit(0, 1.0, 0.0)
        mean = float(np.minimum(cost.paid(count), count)[0])
        if tokens_per_month == 0:
            return HybridSplit(replicas, 0.0, mean)
        spilled = float(self.spilled_tokens(tokens_per_month, replicas))
        return HybridSplit(replicas, spilled / tokens_per_month, mean)

    @cached_property
    def _latest(self) -> dict[float, HybridSplit]:
        return {}

    @cached_property
    def _cost(self) -> Piecewise:
        return split_curve(self)

    def running(self, tokens_per_month: float) -> Running:
        """The base, and the share of the tokens that goes to the API."""
        split = self.split(tokens_per_month)
        return Running(split.replicas, 0, split.mean_replicas, api_share=split.api_share)

    def working_replicas(self, tokens_per_month: Floats) -> Floats:
        """Those of the cheapest split."""
        return SplitCost(self, SAME, tokens_per_month).best_count()

    def by_hour(self, needed: Floats, working: Floats | float) -> Floats:
        """The base at all hours, or what each needs of it."""
        if not self.base.hours:
            return np.full(needed.shape, working)
        result: Floats = np.minimum(needed, working)
        return result

    @property
    def spills(self) -> bool:
        """The API takes the rest."""
        return True

    @property
    def gathers(self) -> bool:
        """Its base does."""
        return self.base.gathers

    @property
    def beside_usd_per_token(self) -> float:
        """Of the base."""
        return self.base.beside_usd_per_token

    @property
    def replica_usd_per_month(self) -> float:
        """Of a replica of the base."""
        return self.base.replica_usd_per_month

    def under(self, factors: Factors, volume: Column) -> Column:
        """The cheapest split of each scenario: each has its own best count of replicas."""
        volumes = np.asarray(volume, dtype=np.float64)
        shape = np.broadcast_shapes(volumes.shape, *(np.shape(one) for one in factors.columns))
        split = SplitCost(self, factors, np.broadcast_to(volumes, shape).reshape(-1))
        beside = self._by_month_usd + labour_moved(self.by_month, factors.api_labour)
        result: Column = split.least().reshape(shape) + beside
        return result

    @property
    def ceiling_tokens(self) -> float:
        """Volume that the quota and the API's rate limit carry together; inf: without end."""
        if self.quota is None:
            return math.inf
        carried = self.quota * self.flat_capacity_tokens
        together = (carried + self.api_limit_tokens) / self.load.peak
        if self.least_load > 0:
            together = min(together, carried / self.least_load)
        return max(together, self.alone_limit)

    def lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """The bill at a volume; the lines sum to the curve's value."""
        split = self.split(tokens_per_month)
        spilled = split.api_share * tokens_per_month
        total = float(self.curve().at(tokens_per_month))
        cost = self.alone_curve if split.replicas == 0 else self.burst_curve
        api = float(cost.at(spilled)) if spilled > 0 or split.replicas == 0 else 0.0
        lines = [*self.by_month]
        if split.replicas > 0:
            hosted = total - api - self._by_month_usd
            count = f"{split.replicas} replicas"
            if self.base.hours:
                count = f"{split.mean_replicas:.4g} replicas on average"
            explanation = f"{count}, energy and labour included"
            lines.append(CostLine("Base, self-hosted", hosted, explanation, _BASE_INPUTS))
        explanation = f"{amount(spilled, 6)} tokens, {100 * split.api_share:.3g} % of all"
        return (*lines, CostLine("Bursts, API", api, explanation, ("price of the API", "volume")))

    def spilled_tokens(self, tokens_per_month: Floats | float, replicas: Floats | int) -> Floats:
        """Tokens a month beyond so many replicas, mean over the hours of (V w - k c)+."""
        carried = np.asarray(replicas) * self.flat_capacity_tokens
        return self.load.spilled(np.asarray(tokens_per_month, dtype=np.float64), carried)

    @property
    def _by_month_usd(self) -> float:
        return math.fsum(line.usd_per_month for line in self.by_month)


_BASE_INPUTS: Final = ("price of the GPU", "throughput", "volume", "load profile", "labour")
