"""The month's bill of a GPU by the second that comes and goes with the load.

In an hour whose load one replica carries, the share of it is billed that
:class:`core.cost.by_replica.scale_to_zero.ScaleToZero` gives; in a busier hour as many replicas as
it needs, all of it. That share is smooth in the volume, so the curve follows it by straight pieces
between knots, within 0.1 % of it.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from core.cost.by_replica.billed_knots import smooth_knots
from core.cost.by_replica.credit import less_credit
from core.cost.by_replica.scale_to_zero import ScaleToZero
from core.cost.by_replica.waiting_work import (
    RidingAlong,
    WaitingWork,
    runs_per_day,
    said_of_runs,
)
from core.cost.curve.breakdown import CostLine, TokenLine
from core.cost.curve.checks import not_empty, not_negative, positive
from core.cost.curve.piecewise import Floats, Piecewise, Stair
from core.cost.monthly_bill import MonthlyBill, Running
from core.cost.under_factors.many_factors import Column, Factors
from core.units import SECONDS_PER_DAY

LEAST_LOAD: Final = 1e-15
"""Of the mean: an hour below has one request in centuries, and counts as empty. The volume at which
it would need a replica can be more than a float holds."""

_PLACED: Final = 1e-9
"""Of a volume, how near it is found."""

_COMPUTE_INPUTS: Final = ("volume", "throughput", "idle time-out", "cold start")


@dataclass(frozen=True, slots=True)
class PerSecondBill(MonthlyBill):
    """Replicas by the second over a day that repeats itself."""

    server: ScaleToZero
    relative_load: tuple[float, ...]
    """Load of each hour over the mean."""
    capacity_tokens_per_month: float
    """What one replica would carry in a month at an even load."""
    tokens_per_request: float
    seconds_per_month: float
    replica: CostLine
    """The GPU of one replica, up all month: the line that follows its price."""
    host: CostLine | None = None
    """The cores and the memory beside it, up all month; None: in the price of the GPU."""
    labour_usd_per_month: float = 0.0
    by_token: tuple[TokenLine, ...] = ()
    by_month: tuple[CostLine, ...] = ()
    free_usd: float = 0.0
    """Computing that is given each month."""
    waiting_work: WaitingWork | None = None
    """What can wait; None: nothing."""
    working_tokens_per_month: float | None = None
    """What one replica carries with no room left for bursts; None: the same."""
    _billed: Piecewise = field(init=False, repr=False, compare=False)
    """Replicas billed on average over the month, in the place of USD: worked out once."""

    def __post_init__(self) -> None:
        not_negative("load of an hour", not_empty("hourly load", np.array(self.relative_load)))
        positive("capacity of a replica", self.capacity_tokens_per_month)
        positive("tokens of a request", self.tokens_per_request)
        not_negative("free computing a month", self.free_usd)
        loads = tuple(load if load >= LEAST_LOAD else 0.0 for load in self.relative_load)
        object.__setattr__(self, "relative_load", loads)
        object.__setattr__(self, "_billed", self._replicas_billed())

    def curve(self) -> Piecewise:
        """Cost over volume in tokens/month."""
        compute = less_credit(self._compute, self.free_usd)
        return replace(
            compute,
            usd_fixed=compute.usd_fixed + self._fixed_usd,
            usd_per_token=compute.usd_per_token + self.beside_usd_per_token,
        )

    @property
    def _compute(self) -> Piecewise:
        """What computing costs, before anything is given."""
        up, usd = self._billed, self.replica_usd_per_month + self.host_usd_per_month
        stairs = tuple(replace(stair, usd=stair.usd * usd) for stair in up.stairs)
        return Piecewise(up.upper_tokens, up.usd_fixed * usd, up.usd_per_token * usd, stairs)

    def _replicas_billed(self) -> Piecewise:
        """Replicas billed on average over the month, in the place of USD."""
        if self.waiting_work is not None:
            return self._riding(self.waiting_work, self.capacity_tokens_per_month).billed()
        knots = self._knots()
        starts = np.concatenate(([0.0], knots))
        # Two places inside each piece give its line, whatever happens at its ends.
        spans = np.diff(np.append(starts, 2 * starts[-1] + 1))
        low, high = starts + spans / 1e6, starts + spans * (1 - 1e-6)
        at_low, at_high = self._last_replica_share(low), self._last_replica_share(high)
        slope = (at_high - at_low) / (high - low)
        count = len(self.relative_load)
        stairs = tuple(
            Stair(self.capacity_tokens_per_month / load if load > 0 else math.inf, 1 / count)
            for load in self.relative_load
        )
        return Piecewise(np.append(knots, math.inf), at_low - slope * low - 1, slope, stairs)

    def lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """The bill at a volume; the lines sum to the curve's value."""
        others = [line.at(tokens_per_month) for line in self.by_token]
        others += self.by_month
        if self.labour_usd_per_month > 0:
            explanation = "all replicas together, a month"
            others.append(CostLine("Labour", self.labour_usd_per_month, explanation, ("labour",)))
        lines = [self._compute_line(tokens_per_month)]
        compute = lines[0].usd_per_month
        if self.free_usd > 0:
            given = min(self.free_usd, compute)
            explanation = f"of ${self.free_usd:,.2f} a month that the account is given"
            lines.append(CostLine("Free use", -given, explanation, ("free use",)))
        return (*lines, *others)

    def _compute_line(self, tokens_per_month: float) -> CostLine:
        """GPU and host for as long as they are up."""
        up, parts = self.mean_replicas(tokens_per_month), [self.replica]
        if self.host is not None:
            parts.append(self.host)
        usd = up * math.fsum(part.usd_per_month for part in parts)
        average = f"{self._gathered(tokens_per_month)}{up:.4g} replicas on average x "
        explanation = average + ", ".join(part.explanation for part in parts)
        named = [name for part in parts for name in part.inputs]
        if self.waiting_work is not None:
            named += ["share that can wait", "deadline of what can wait"]
        return CostLine("Compute", usd, explanation, (*named, *_COMPUTE_INPUTS))

    def running(self, tokens_per_month: float) -> Running:
        """Those that are up in the busy hour, and who meets a cold start."""
        return Running(
            int(self.replicas_at(tokens_per_month)),
            0,
            self.mean_replicas(tokens_per_month),
            delayed_share=self.delayed_share(tokens_per_month),
            at_work=self._at_work(tokens_per_month),
            waiting_runs_per_day=self.waiting_runs_per_day(tokens_per_month),
        )

    def paid_replicas(self, tokens_per_month: Floats) -> Floats:
        """Up in the busy hour."""
        return self.replicas_at(tokens_per_month)

    def working_replicas(self, tokens_per_month: Floats) -> Floats:
        """In the busy hour."""
        return self.replicas_at(tokens_per_month)

    def by_hour(self, needed: Floats, working: Floats | float) -> Floats:  # noqa: ARG002  it follows
        """What each hour needs."""
        return needed

    @property
    def starts_cold(self) -> bool:
        """It stops when idle."""
        return True

    @property
    def idle_is_paid(self) -> bool:
        """What it works is billed, and nothing else."""
        return False

    @property
    def beside_usd_per_token(self) -> float:
        """Egress."""
        return math.fsum(line.usd_per_token for line in self.by_token)

    @property
    def replica_usd_per_month(self) -> float:
        """Rent of a GPU that never stops."""
        return self.replica.usd_per_month

    @property
    def host_usd_per_month(self) -> float:
        """Of what runs beside a GPU that never stops."""
        return self.host.usd_per_month if self.host else 0.0

    def under(self, factors: Factors, volume: Column) -> Column:
        """A faster replica is billed as one that has so much less to do: time-outs apart, it is."""
        by_token = self.beside_usd_per_token
        others_usd = math.fsum(line.usd_per_month for line in self.by_month)
        equivalent = volume / factors.capacity
        # What runs beside the GPU has a price of its own: it does not move with the GPU's.
        unit_usd = self.replica_usd_per_month * factors.price + self.host_usd_per_month
        compute = np.maximum(0.0, self._billed.at(equivalent) * unit_usd - self.free_usd)
        fixed_usd = self.labour_usd_per_month * factors.labour + others_usd
        return compute + by_token * volume + fixed_usd

    def replicas_at(self, tokens_per_month: Floats | float) -> Floats:
        """Replicas up in the busy hour (any shape): at least the one that a request starts."""
        peak = self.waiting_work.peak_load if self.waiting_work else max(self.relative_load)
        return Stair(self.capacity_tokens_per_month / peak, 1.0).count(tokens_per_month)

    def mean_replicas(self, tokens_per_month: float) -> float:
        """Replicas billed on average over the month."""
        # The pieces of a small volume cancel to the last digits of 1.
        return max(0.0, float(self._billed.at(tokens_per_month)))

    def waiting_runs_per_day(self, tokens_per_month: float) -> float | None:
        """Runs of its own that the work that can wait gets; 0: it rides along; None: none waits."""
        if self.waiting_work is None:
            return None
        days = self.seconds_per_month / SECONDS_PER_DAY
        requests = tokens_per_month / self.tokens_per_request
        return runs_per_day(requests / days, self.waiting_work)

    def _gathered(self, tokens_per_month: float) -> str:
        """How the work that can wait is done, in words; "" where none does."""
        runs = self.waiting_runs_per_day(tokens_per_month)
        if runs is None:
            return ""
        return f"{said_of_runs(runs)}; "

    def _riding(self, waiting: WaitingWork, carried_tokens: float) -> RidingAlong:
        loads = np.array(self.relative_load)
        a_request, seconds = self.tokens_per_request, self.seconds_per_month
        return RidingAlong(self.server, loads, carried_tokens, a_request, seconds, waiting)

    def _at_work(self, tokens_per_month: float) -> float:
        """Replicas' worth of work, on average: what is paid for at least."""
        carried = self.working_tokens_per_month or self.capacity_tokens_per_month
        waiting = self.waiting_work or WaitingWork(0.0, carried, max(self.relative_load))
        return self._riding(waiting, carried).at_work(tokens_per_month)

    def delayed_share(self, tokens_per_month: float) -> float:
        """Share of the requests of the month that cannot wait and meet a cold start."""
        online = 1 - self.waiting_work.share if self.waiting_work else 1.0
        if online == 0:
            return 0.0
        rates = self._requests_per_s(online * tokens_per_month, np.array(self.relative_load))
        total = float(rates.sum())
        if total == 0:
            return float(self.server.delayed_share(0.0))
        alone = rates * self.tokens_per_request * self.seconds_per_month
        delayed = np.where(
            alone <= self.capacity_tokens_per_month, self.server.delayed_share(rates), 0.0
        )
        return float(rates @ delayed) / total

    def tokens_delaying_at_most(self, share: float) -> float:
        """Volume a month from which at most this share of the requests meets a cold start.

        The share never rises with the volume: the more comes, the rarer it stands still. 0 where it
        is never higher.
        """
        low = 1.0
        if self.delayed_share(low) <= share:
            return 0.0
        rarest = min(load for load in self.relative_load if load > 0)
        high = 2 * max(low, self.capacity_tokens_per_month / rarest)
        while high > low * (1 + _PLACED):
            middle = math.sqrt(low * high)
            low, high = (low, middle) if self.delayed_share(middle) <= share else (middle, high)
        return high

    @property
    def _fixed_usd(self) -> float:
        beside = math.fsum(line.usd_per_month for line in self.by_month)
        return self.labour_usd_per_month + beside

    def _requests_per_s(self, tokens_per_month: Floats | float, load: Floats | float) -> Floats:
        tokens_per_s = np.asarray(tokens_per_month) * load / self.seconds_per_month
        result: Floats = tokens_per_s / self.tokens_per_request
        return result

    def _last_replica_share(self, tokens_per_month: Floats) -> Floats:
        """Billed share of the last replica of each hour, averaged over the hours."""
        total = np.zeros_like(tokens_per_month)
        for load in self.relative_load:
            alone = tokens_per_month * load <= self.capacity_tokens_per_month
            rates = self._requests_per_s(tokens_per_month, load)
            total += np.where(alone, self.server.billed_fraction(rates), 1.0)
        result: Floats = total / len(self.relative_load)
        return result

    def _knots(self) -> Floats:
        """Volumes between which the billed share is nearly straight, and those where it jumps."""
        loads = np.array([load for load in self.relative_load if load > 0])
        jumps = self.capacity_tokens_per_month / loads
        per_request = self.tokens_per_request * self.seconds_per_month
        smooth = smooth_knots(self.server, per_request, float(loads.max()), float(jumps.max()))
        result: Floats = np.unique(np.concatenate((smooth, jumps)))
        return result
