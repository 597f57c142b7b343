"""The cheapest split of every volume between replicas and an API, as one exact cost curve.

With k replicas the cost is affine between the volumes at which an hour's load reaches what they
carry and those at which the API's tiers begin. The curve is the least of these over k, each
stretch of it with its k. k = 0 is the API alone.

The same cost for very many scenarios is in :mod:`core.cost.hybrid.many_hybrid`: what changes here
changes there, and a test holds the two together.
"""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.curve.breakdown import CostLine
from core.cost.curve.checks import not_empty, not_negative, positive
from core.cost.curve.piecewise import STEP_GUARD, Floats, Piecewise
from core.cost.hybrid.least_line import _least_at, _one_line, _only_turn, _turns
from core.cost.hybrid.many_hybrid import hybrid_costs
from core.cost.monthly_bill import MonthlyBill, Running
from core.cost.under_factors.many_factors import Column, Factors

MOST_REPLICAS: Final = 48
"""Counts that are followed one by one. Beyond, the curve is what the cost per token comes down to:
a lower bound, missed by less than one replica in as many."""

FAR: Final = 1e9
"""Times the volume from which lines are straight for good; who is least there is least for good."""

NOTHING: Final = 1e-12
"""Of the busiest hour's load: what comes in an hour of less bends nothing at any volume."""


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
    _pieces: "_Pieces" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        positive("capacity of a replica", self.flat_capacity_tokens)
        not_negative("load of an hour", not_empty("hourly load", np.array(self.relative_load)))
        object.__setattr__(self, "_pieces", _Envelope(self).pieces())

    def curve(self) -> Piecewise:
        """Cost over volume in tokens/month."""
        fixed = self._pieces.usd_fixed + self._by_month_usd
        return Piecewise(self._pieces.upper_tokens, fixed, self._pieces.usd_per_token)

    def split(self, tokens_per_month: float) -> HybridSplit:
        """The cheapest split at a volume."""
        at = int(np.searchsorted(self._pieces.upper_tokens, tokens_per_month, side="left"))
        replicas = int(self._pieces.replicas[at])
        if replicas < 0:  # beyond the counts that are followed
            needed = self._pieces.replicas_per_token * tokens_per_month
            replicas = math.ceil(needed * (1 - STEP_GUARD))
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
        return np.array([float(self.split(v).replicas) for v in tokens_per_month.tolist()])

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
        shares, loads = self.readiness()
        most = float(self.split(tokens_per_month).replicas)
        needed = tokens_per_month * loads / self.flat_capacity_tokens
        up = np.minimum(most, np.ceil(needed * (1 - STEP_GUARD)))
        return min(most, float(shares @ up))

    def readiness(self) -> tuple[Floats, Floats]:
        """Stretches of the month, and the load over the mean that replicas are up for in each.

        One stretch without end where they do not follow the load: the base is up at all hours.
        """
        if not self.base.hours:
            return np.array([1.0]), np.array([math.inf])
        ordered = sorted(self.base.hours, key=lambda part: part.load)
        shares = np.array([part.share for part in ordered])
        return shares, max(self.relative_load) * np.array([part.load for part in ordered])

    @property
    def ceiling_tokens(self) -> float:
        """Volume that the quota and the API's rate limit carry together; inf: without end.

        Beyond the counts that are followed one by one it is that of the cheapest split in the end.
        """
        if self.quota is None:
            return math.inf
        carried = self.quota * self.flat_capacity_tokens
        if self.quota > MOST_REPLICAS:
            needed = self._pieces.replicas_per_token * self.flat_capacity_tokens
            return carried / needed if self._pieces.replicas[-1] < 0 else math.inf
        together = (carried + self.api_limit_tokens) / max(self.relative_load)
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
        explanation = f"{spilled:,.6g} tokens, {split.api_share:.3g} of all"
        return (*lines, CostLine("Bursts, API", api, explanation, ("price of the API", "volume")))

    def spilled_tokens(self, tokens_per_month: Floats | float, replicas: Floats | int) -> Floats:
        """Tokens a month beyond so many replicas, mean over the hours of (V w - k c)+."""
        volume = np.asarray(tokens_per_month, dtype=np.float64)
        carried = np.asarray(replicas) * self.flat_capacity_tokens
        ratio = carried / np.where(volume > 0, volume, 1.0)
        knots, excess = _excess(self.relative_load)
        result: Floats = volume * np.interp(ratio, knots, excess)
        return result

    @property
    def _by_month_usd(self) -> float:
        return math.fsum(line.usd_per_month for line in self.by_month)


_BASE_INPUTS: Final = ("price of the GPU", "throughput", "volume", "load profile", "labour")


@dataclass(frozen=True, slots=True)
class _Pieces:
    upper_tokens: Floats
    usd_fixed: Floats
    usd_per_token: Floats
    replicas: NDArray[np.int64]
    """-1 in the stretch beyond the counts that are followed."""
    replicas_per_token: float


def _excess(relative_load: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Mean of (w - r)+ over the hours: straight between the loads r of the hours."""
    loads = np.unique(np.append(relative_load, 0.0))
    hours = np.array(relative_load)
    return loads, np.maximum(0.0, hours - loads[:, np.newaxis]).mean(axis=1)


class _Envelope:
    """The least over k, in pieces."""

    def __init__(self, bill: HybridBill) -> None:
        self._bill = bill
        self._knots, self._mean_excess = _excess(bill.relative_load)
        self._most = MOST_REPLICAS if bill.quota is None else min(bill.quota, MOST_REPLICAS)
        self._ends_at_quota = bill.quota is not None and bill.quota <= MOST_REPLICAS
        self._ratio, self._in_the_end = self._best_ratio()
        # The API alone is cheapest in the end, or a quota is met: no more counts come to stay.
        self._followed_for_good = self._ends_at_quota or self._ratio == 0
        if self._ratio == 0:  # a dear tier may still ask for more: as many as carry it all
            self._ratio, self._in_the_end = float(self._knots[-1]), self._carried_usd

    def pieces(self) -> _Pieces:
        """Pieces in rising volume, neighbours of one line joined."""
        edges = self._edges()
        ends = np.append(edges[1:], 2 * edges[-1] + 1)
        # Lines are read near their start: far out their fixed part drowns in the bill.
        reach = np.where(edges > 0, np.minimum(ends, 2 * edges + 1), ends)
        low, high = edges + (reach - edges) / 3, edges + (reach - edges) * 2 / 3
        at_low, at_high = self._usd(low, ends), self._usd(high, ends)
        usable = np.isfinite(at_low) & np.isfinite(at_high)
        with np.errstate(invalid="ignore"):  # inf - inf: a count that is not allowed there
            slope = np.where(usable, (at_high - at_low) / (high - low), 0.0)
        fixed = np.where(usable, at_low - slope * low, math.inf)
        rows: list[tuple[float, float, float, int]] = []
        closed = [*edges[1:].tolist(), math.inf]
        # The last stretch has no end: its lines may still cross far beyond where they were read.
        ends = np.append(ends[:-1], FAR * ends[-1])
        best = _least_at(fixed, slope, edges, ends)
        once = _only_turn(fixed, slope, edges, ends, best)
        for i, upper in enumerate(closed):
            start, stop = float(edges[i]), float(ends[i])
            first, last = int(best[0][i]), int(best[1][i])
            line = (upper, float(fixed[last, i]), float(slope[last, i]), last)
            if first == last:
                rows.append(line)
            elif start < once[i] < stop:
                rows.append((float(once[i]), float(fixed[first, i]), float(slope[first, i]), first))
                rows.append(line)
            else:
                rows += _turns(fixed[:, i], slope[:, i], start, stop, upper)
        return self._joined(rows)

    def _edges(self) -> Floats:
        """Zero, and every volume at which the cost of some count bends or jumps."""
        bill, most = self._bill, self._most
        counts = np.arange(1, most + 1)
        loads = self._knots[self._knots > NOTHING * self._knots[-1]]
        bends = [(counts * bill.flat_capacity_tokens / load) for load in loads]
        tiers = [bill.api_alone.upper_tokens[:-1]]
        for bound in bill.api_burst.upper_tokens[:-1]:
            tiers += [np.array([self._volume_that_spills(k, bound)]) for k in counts.tolist()]
        limits = np.empty(0)
        if math.isfinite(bill.api_limit_tokens):
            carried = np.arange(most + 1) * bill.flat_capacity_tokens
            limits = (carried + bill.api_limit_tokens) / loads.max()
        alone = np.array([self._alone_limit])
        alone = alone[np.isfinite(alone)]
        volumes = np.unique(np.concatenate(([0.0, self._tail], *bends, *tiers, limits, alone)))
        rising = volumes[np.append(True, np.diff(volumes) > 1e-12 * volumes[1:])]
        if self._followed_for_good:
            every: Floats = rising
            return every
        # Beyond the counts that are followed only the API alone bends, or ends.
        beyond = np.unique(np.concatenate((tiers[0], alone)))
        return np.concatenate((rising[rising <= self._tail], beyond[beyond > self._tail]))

    def _volume_that_spills(self, replicas: int, tokens: float) -> float:
        """Volume at which so many tokens exceed so many replicas."""
        volumes = replicas * self._bill.flat_capacity_tokens / self._knots[:0:-1]
        spilled = volumes * self._mean_excess[:0:-1]  # what they carry is the load of an hour
        if tokens > spilled[-1]:
            # Every hour with load is above the replicas: all of what comes on top spills.
            idle_hours = float(np.interp(0.0, self._knots, self._mean_excess))
            return float(volumes[-1] + (tokens - spilled[-1]) / idle_hours)
        return float(np.interp(tokens, spilled, volumes))

    @property
    def _tail(self) -> float:
        """Volume beyond which more replicas than are followed would be cheapest."""
        if self._ends_at_quota:
            return 0.0
        return MOST_REPLICAS * self._bill.flat_capacity_tokens / self._ratio

    @property
    def _alone_limit(self) -> float:
        alone = self._bill.alone_limit_tokens
        return self._bill.api_limit_tokens / float(self._knots[-1]) if alone is None else alone

    def _best_ratio(self) -> tuple[float, float]:
        """Replicas' capacity over the volume that is cheapest in the end, and its USD/token.

        The cost of a token is straight between the loads of the hours, so the best is one of them.
        """
        bill = self._bill
        price = float(bill.api_burst.usd_per_token[-1])
        unit = bill.base.usd_per_replica_month / bill.flat_capacity_tokens
        carried_share = 1 - self._mean_excess
        shares, loads = bill.readiness()
        up = np.minimum(self._knots[:, np.newaxis], loads) @ shares
        usd = unit * up + bill.base.usd_per_token * carried_share + price * self._mean_excess
        self._carried_usd = float(usd[-1])
        alone = float(bill.api_alone.usd_per_token[-1])
        if math.isfinite(bill.api_limit_tokens):
            # Beside a large load a fixed rate is nothing: the replicas must carry the peak.
            return float(self._knots[-1]), float(usd[-1])
        best = int(np.argmin(usd))
        return (float(self._knots[best]), float(usd[best])) if usd[best] < alone else (0.0, alone)

    def _usd(self, volumes: Floats, ends: Floats) -> Floats:
        """Cost of every count at every volume, the stretch beyond last: shape (counts, volumes)."""
        bill, base = self._bill, self._bill.base
        counts = np.arange(self._most + 1, dtype=np.float64)[:, np.newaxis]
        spilled = bill.spilled_tokens(volumes, counts)
        api = np.where(spilled > 0, bill.api_burst.at(spilled), 0.0)
        usd = self._up(volumes) * base.usd_per_replica_month + base.usd_per_token * (
            volumes - spilled
        )
        usd = usd + base.fixed_usd_per_month + api
        usd[0] = bill.api_alone.at(volumes)
        if math.isfinite(bill.api_limit_tokens):
            peak = ends * self._knots[-1] - counts * bill.flat_capacity_tokens
            passed = peak > bill.api_limit_tokens * (1 + 1e-9)
            passed[0] = ends > self._alone_limit * (1 + 1e-9)
            if self._ends_at_quota:  # the last count is drawn on: its ceiling says where it ends
                passed[-1] = False
            usd[passed] = math.inf
        beyond = np.full((1, volumes.size), math.inf)
        if not self._ends_at_quota:
            far = volumes > self._tail
            if not self._followed_for_good:
                usd[1:, far] = math.inf
            beyond[0, far] = (base.fixed_usd_per_month + self._in_the_end * volumes)[far]
        return np.concatenate((usd, beyond))

    def _up(self, volumes: Floats) -> Floats:
        """Replicas up on average for every count at every volume: shape (counts, volumes).

        The j-th is up while the load exceeds what those before it carry, so that k of them are up
        for the sum of its shares of the time up to k.
        """
        shares, loads = self._bill.readiness()
        before = np.arange(self._most, dtype=np.float64)[:, np.newaxis]
        with np.errstate(divide="ignore", invalid="ignore"):  # no volume: nothing is exceeded
            carried = before * self._bill.flat_capacity_tokens / volumes * (1 + STEP_GUARD)
        above = np.append(np.cumsum(shares[::-1])[::-1], 0.0)
        up = above[np.searchsorted(loads, np.nan_to_num(carried, posinf=math.inf), side="right")]
        result: Floats = np.cumsum(np.concatenate((np.zeros((1, volumes.size)), up)), axis=0)
        return result

    def _joined(self, rows: list[tuple[float, float, float, int]]) -> _Pieces:
        joined: list[tuple[float, float, float, int]] = []
        for row in rows:
            if joined and joined[-1][3] == row[3] and _one_line(joined[-1], row):
                joined[-1] = (row[0], *joined[-1][1:])
            else:
                joined.append(row)
        upper, fixed, slope, counts = zip(*joined, strict=True)
        beyond = self._most + 1
        return _Pieces(
            np.array(upper),
            np.array(fixed),
            np.array(slope),
            np.array([-1 if k == beyond else k for k in counts]),
            self._ratio / self._bill.flat_capacity_tokens,
        )
