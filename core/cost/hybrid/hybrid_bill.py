"""Replicas for the base load and an API for the rest: the cheapest split of every volume.

The curve is in :mod:`core.cost.hybrid.split_curve`, the cost of one split in
:mod:`core.cost.hybrid.split_cost`; many scenarios at once are priced by the same.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.curve.breakdown import CostLine, amount
from core.cost.curve.checks import not_empty, not_negative, positive
from core.cost.curve.piecewise import Floats, Piecewise
from core.cost.hybrid.hours_by_load import HoursByLoad
from core.cost.hybrid.many_hybrid import hybrid_costs
from core.cost.hybrid.split_cost import SplitCost
from core.cost.hybrid.split_curve import split_curve
from core.cost.monthly_bill import MonthlyBill, Running
from core.cost.under_factors.many_factors import SAME, Column, Factors


@dataclass(frozen=True, slots=True)
class HybridSplit:
    """How a volume is split."""

    replicas: int
    api_share: float
    """Of the tokens."""


@dataclass(frozen=True, slots=True)
class HybridBill(MonthlyBill):
    """Replicas for the base load, an API with the same vectors for what exceeds it.

    The API also stands in for the spare replica. Never dearer than either side alone.
    """

    base: HostedBill
    """The self-hosted side; its spare ones and minimum take no part."""
    flat_capacity_tokens: float
    """What one replica carries in a month at an even load, tokens."""
    relative_load: tuple[float, ...]
    """Load of each hour over the mean."""
    api_alone: Piecewise
    """The API's cost of everything: its batch discount included."""
    api_burst: Piecewise
    """The API's cost of what exceeds the base: that cannot wait."""
    api_limit_tokens: float = math.inf
    """What the API's rate limit lets through in a month at an even load."""
    alone_limit_tokens: float | None = None
    """What it lets through of everything in a month; None: the limit over the busiest hour."""
    quota: int | None = None
    """Most replicas that can be had; None: no end."""
    by_month: tuple[CostLine, ...] = ()
    load: HoursByLoad = field(init=False, repr=False, compare=False)
    """The hours by their load over the mean."""
    readiness: tuple[Floats, Floats] = field(init=False, repr=False, compare=False)
    """Shares of the month, and the load over the mean that replicas are up for in each, rising.

    One share without end where they do not follow the load: the base is up at all hours.
    """
    load_of_enough: float | None = field(init=False, repr=False, compare=False)
    """Load from which replicas that stand for what cannot wait are enough for all that they carry;
    None: at every load, or nothing is gathered."""
    _cost: Piecewise = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        positive("capacity of a replica", self.flat_capacity_tokens)
        not_negative("load of an hour", not_empty("hourly load", np.array(self.relative_load)))
        object.__setattr__(self, "load", HoursByLoad(self.relative_load))
        object.__setattr__(self, "readiness", self._ready())
        enough = self.load.load_of_enough(*self.readiness) if self.gathers else None
        object.__setattr__(self, "load_of_enough", enough)
        object.__setattr__(self, "_cost", split_curve(self))

    def curve(self) -> Piecewise:
        """Cost over volume in tokens/month."""
        fixed = self._cost.usd_fixed + self._by_month_usd
        return replace(self._cost, usd_fixed=fixed)

    def split(self, tokens_per_month: float) -> HybridSplit:
        """The cheapest split at a volume."""
        split = SplitCost(self, SAME, np.array([tokens_per_month]))
        replicas = int(split.best_count()[0])
        if replicas == 0 or tokens_per_month == 0:
            return HybridSplit(replicas, 1.0 if replicas == 0 else 0.0)
        spilled = self.spilled_tokens(tokens_per_month, replicas)
        return HybridSplit(replicas, float(spilled) / tokens_per_month)

    def running(self, tokens_per_month: float) -> Running:
        """The base, and the share of the tokens that goes to the API."""
        split = self.split(tokens_per_month)
        mean = self.mean_replicas(tokens_per_month) if split.replicas else 0.0
        return Running(split.replicas, 0, mean, api_share=split.api_share)

    def working_replicas(self, tokens_per_month: Floats) -> Floats:
        """Those of the cheapest split."""
        return SplitCost(self, SAME, tokens_per_month).best_count()

    def by_hour(self, needed: Floats, working: Floats | float) -> Floats:
        """The base at all hours, or what each needs of it."""
        if not self.base.hours:
            return np.full(needed.shape, working)
        result: Floats = np.minimum(needed, working)
        return result

    def added_usd(self, volume: Floats, tokens: Floats, *, batched: bool) -> Floats:
        """What the API asks that answers alone; by what share by batch its own bill says."""
        del batched
        return np.asarray(self.api_alone.at(volume + tokens) - self.api_alone.at(volume))

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
        """The cheapest split of each scenario."""
        return hybrid_costs(self, factors, volume)

    def mean_replicas(self, tokens_per_month: float) -> float:
        """Replicas paid for on average over the month: fewer where they follow the load."""
        count = np.array([float(self.split(tokens_per_month).replicas)])
        paid = SplitCost(self, SAME, np.array([tokens_per_month])).paid(count)
        return float(np.minimum(paid, count)[0])

    def _ready(self) -> tuple[Floats, Floats]:
        if not self.base.hours:
            return np.array([1.0]), np.array([math.inf])
        ordered = sorted(self.base.hours, key=lambda part: part.load)
        shares = np.array([part.share for part in ordered])
        return shares, self.load.peak * np.array([part.load for part in ordered])

    @property
    def ceiling_tokens(self) -> float:
        """Volume that the quota and the API's rate limit carry together; inf: without end."""
        if self.quota is None:
            return math.inf
        carried = self.quota * self.flat_capacity_tokens
        together = (carried + self.api_limit_tokens) / self.load.peak
        alone = self.alone_limit_tokens
        return together if alone is None else max(together, alone)

    def lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """The bill at a volume; the lines sum to the curve's value."""
        split = self.split(tokens_per_month)
        spilled = split.api_share * tokens_per_month
        total = float(self.curve().at(tokens_per_month))
        cost = self.api_alone if split.replicas == 0 else self.api_burst
        api = float(cost.at(spilled)) if spilled > 0 or split.replicas == 0 else 0.0
        lines = [*self.by_month]
        if split.replicas > 0:
            hosted = total - api - self._by_month_usd
            count = f"{split.replicas} replicas"
            if self.base.hours:
                count = f"{self.mean_replicas(tokens_per_month):.4g} replicas on average"
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
