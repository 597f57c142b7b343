"""What self-hosting costs: replicas by the month, energy by the token, labour once."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.cost.by_replica.capital import capital_recovery
from core.cost.by_replica.gathered import at_least_full
from core.cost.curve.breakdown import CostLine, TokenLine
from core.cost.curve.piecewise import Floats, Piecewise, Stair, affine, whole_steps
from core.cost.monthly_bill import MonthlyBill, Running
from core.cost.under_factors.many_factors import Column, Factors
from core.errors import ModelInputError
from core.units import SECONDS_PER_HOUR, WATTS_PER_KILOWATT, Calendar


@dataclass(frozen=True, slots=True)
class HoursAlike:
    """Hours of the month in which a fleet that follows the load has one size."""

    share: float
    """Of the month."""
    load: float
    """What they must carry over what the peak must carry, 0 to 1: with the hours around, in which
    replicas start up and cool down."""


@dataclass(frozen=True, slots=True)
class HostedBill(MonthlyBill):
    """A bill for replicas: whole ones for the peak, spare ones beside them, labour once."""

    capacity_tokens_per_month: float
    """Mean volume that one replica carries, peak included."""
    spare_replicas: int
    labour_usd_per_month: float
    acquisition: CostLine
    """One replica's month of rent or of capital: the line that follows its price."""
    idle_energy: CostLine | None = None
    """One replica's month of standing there switched on, where it is not in the rent."""
    active_usd_per_token: float = 0.0
    """Energy above idle for one token."""
    active_explanation: str = ""
    minimum_replicas: int = 1
    """That work at any volume, the spare ones apart."""
    hours: tuple[HoursAlike, ...] = ()
    """Of a fleet that follows the load, for what cannot wait; empty: as many replicas as the peak
    needs, at all hours."""
    mean_load: float = 0.0
    """Of all work over what the peak must carry, of a fleet that follows the load: it pays for as
    many full replicas at least."""
    shortest_run: float = 0.0
    """Share of the month that one replica of such a fleet stands at least: beside an API it has no
    minimum."""
    by_token: tuple[TokenLine, ...] = ()
    """What else goes with the volume: egress."""
    by_month: tuple[CostLine, ...] = ()
    """What else is due each month: storage."""

    def __post_init__(self) -> None:
        if not self.capacity_tokens_per_month > 0:
            raise ModelInputError(
                f"a replica must carry something, not {self.capacity_tokens_per_month} tokens/month"
            )

    @property
    def usd_per_replica_month(self) -> float:
        """What a replica costs a month before it has processed a token."""
        idle = self.idle_energy.usd_per_month if self.idle_energy else 0.0
        return self.acquisition.usd_per_month + idle

    @property
    def fixed_usd_per_month(self) -> float:
        """What is due once, however many replicas there are."""
        return self.labour_usd_per_month + math.fsum(line.usd_per_month for line in self.by_month)

    @property
    def usd_per_token(self) -> float:
        """What goes with the volume: energy above idle, egress."""
        return self.active_usd_per_token + self.beside_usd_per_token

    @property
    def stairs(self) -> tuple[Stair, ...]:
        """Replicas that work: one staircase, or one for each group of hours."""
        unit, least = self.usd_per_replica_month, self.minimum_replicas
        capacity = self.capacity_tokens_per_month
        if not self.hours:
            return (Stair(capacity, unit, least),)
        return tuple(
            Stair(capacity / part.load if part.load > 0 else math.inf, unit * part.share, least)
            for part in self.hours
        )

    def curve(self) -> Piecewise:
        """Cost over volume: max(minimum, ceil(V/capacity)) + spare replicas, tokens and labour.

        Of a fleet that follows the load replicas are the mean of that over the hours.
        """
        fixed = self.fixed_usd_per_month + self.spare_replicas * self.usd_per_replica_month
        if not self.gathers:
            return replace(affine(fixed, self.usd_per_token), stairs=self.stairs)
        full_tokens = self.capacity_tokens_per_month / self.mean_load
        paid = at_least_full(self.stairs, full_tokens, self.usd_per_replica_month)
        return replace(
            paid,
            usd_fixed=paid.usd_fixed + fixed,
            usd_per_token=paid.usd_per_token + self.usd_per_token,
        )

    def replicas_at(self, tokens_per_month: Floats | float) -> Floats:
        """Replicas that work in the busy hour, spare ones apart (any shape)."""
        busiest = Stair(self.capacity_tokens_per_month, 1.0, self.minimum_replicas)
        return busiest.count(tokens_per_month)

    def replicas(self, tokens_per_month: float) -> int:
        """Replicas paid for in the busy hour at a volume, spare included."""
        return int(self.replicas_at(tokens_per_month)) + self.spare_replicas

    def mean_replicas(self, tokens_per_month: float) -> float:
        """Replicas paid for on average over the month, spare included."""
        return float(self.replica_months(np.array(tokens_per_month)))

    def replica_months(self, tokens_per_month: Floats) -> Floats:
        """Replicas paid for on average over the month (any shape), spare included."""
        if not self.hours:
            return self.paid_replicas(tokens_per_month)
        paid = np.maximum(self._standing(tokens_per_month), self._full(tokens_per_month))
        result: Floats = paid + self.spare_replicas
        return result

    def _standing(self, tokens_per_month: Floats) -> Floats:
        """Replicas that stand for what cannot wait, on average over the month."""
        standing = np.zeros_like(tokens_per_month)
        for part, stair in zip(self.hours, self.stairs, strict=True):
            standing = standing + part.share * stair.count(tokens_per_month)
        return standing

    def _full(self, tokens_per_month: Floats) -> Floats:
        """Replicas that would be full with all the work, of a fleet that follows the load."""
        return tokens_per_month * (self.mean_load / self.capacity_tokens_per_month)

    def running(self, tokens_per_month: float) -> Running:
        """Those that work and the spare ones."""
        working = int(self.replicas_at(tokens_per_month))
        return Running(working, self.spare_replicas, self.mean_replicas(tokens_per_month))

    def paid_replicas(self, tokens_per_month: Floats) -> Floats:
        """In the busy hour, spare included."""
        return self.replicas_at(tokens_per_month) + self.spare_replicas

    def working_replicas(self, tokens_per_month: Floats) -> Floats:
        """In the busy hour."""
        return self.replicas_at(tokens_per_month)

    def by_hour(self, needed: Floats, working: Floats | float) -> Floats:
        """A fleet that follows the load has what each hour needs, and its minimum."""
        if not self.hours:
            return np.full(needed.shape, working)
        result: Floats = np.maximum(needed, self.minimum_replicas)
        return result

    @property
    def gathers(self) -> bool:
        """A fleet that follows the load does, where anything can wait."""
        return bool(self.hours) and self.mean_load > 0

    @property
    def beside_usd_per_token(self) -> float:
        """Egress."""
        return math.fsum(line.usd_per_token for line in self.by_token)

    @property
    def replica_usd_per_month(self) -> float:
        """Rent or capital, without the electricity."""
        return self.acquisition.usd_per_month

    def under(self, factors: Factors, volume: Column) -> Column:
        """Labour + (replicas + spare) (rent + idle) + tokens, each with its factor.

        Replicas are max(least, ceil(V/C)), or the mean of that over the groups of hours of a fleet
        that follows the load.
        """
        idle_usd = self.usd_per_replica_month - self.acquisition.usd_per_month
        groups = [(part.share, part.load) for part in self.hours] or [(1.0, 1.0)]
        paid: Column = 0.0
        for share, load in groups:
            carried = self.capacity_tokens_per_month / load if load > 0 else math.inf
            needed = whole_steps(np.asarray(volume / (carried * factors.capacity)))
            paid = paid + share * np.maximum(float(self.minimum_replicas), needed)
        full = volume * self.mean_load / (self.capacity_tokens_per_month * factors.capacity)
        paid = np.maximum(paid, full) + self.spare_replicas
        rent_usd = self.acquisition.usd_per_month * factors.price
        usd = paid * (rent_usd + idle_usd * factors.idle_energy)
        by_token = self.usd_per_token - self.active_usd_per_token
        if self.usd_per_token > 0:
            usd = usd + (self.active_usd_per_token * factors.active_energy + by_token) * volume
        others_usd = self.fixed_usd_per_month - self.labour_usd_per_month
        return usd + (self.labour_usd_per_month * factors.labour + others_usd)

    def lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """The bill at a volume; the lines sum to the curve's value."""
        paid = self.mean_replicas(tokens_per_month)
        count = self._count(paid, tokens_per_month)
        lines = [
            CostLine(
                line.label,
                paid * line.usd_per_month,
                f"{count} x {line.explanation}",
                (*line.inputs, *_REPLICA_INPUTS),
            )
            for line in (self.acquisition, self.idle_energy)
            if line is not None
        ]
        if self.active_usd_per_token > 0:
            active = TokenLine(
                "Energy, active", self.active_usd_per_token, self.active_explanation, _ENERGY_INPUTS
            )
            lines.append(active.at(tokens_per_month))
        lines += [line.at(tokens_per_month) for line in self.by_token]
        lines += self.by_month
        if self.labour_usd_per_month > 0:
            explanation = "all replicas together, a month"
            lines.append(CostLine("Labour", self.labour_usd_per_month, explanation, ("labour",)))
        return tuple(lines)

    def _count(self, paid: float, tokens_per_month: float) -> str:
        spare = f" ({self.spare_replicas} spare)" if self.spare_replicas else ""
        volume = np.array(tokens_per_month)
        if self.hours and self._full(volume) > self._standing(volume):
            return f"{paid:.4g} replicas on average{spare}, all full: what can wait is gathered"
        whole = round(paid)
        if math.isclose(paid, whole, rel_tol=1e-12):
            return f"{whole} {'replica' if whole == 1 else 'replicas'}{spare}"
        return f"{paid:.4g} replicas on average{spare}"


_REPLICA_INPUTS: Final = (
    "volume",
    "throughput",
    "latency objective",
    "utilisation ceiling",
    "peak-to-mean ratio",
    "spare replicas",
)
_ENERGY_INPUTS: Final = ("throughput", "card power", "idle power", "electricity", "PUE")


def whole_replicas(bill: MonthlyBill | None) -> HostedBill | None:
    """The bill of replicas that carry everything themselves; None for every other kind.

    What moving, buying and catching up mean is asked of these alone.
    """
    return bill if isinstance(bill, HostedBill) else None


def rent_line(usd_per_hour: float, calendar: Calendar) -> CostLine:
    """A month of one rented replica: it runs every hour, used or not."""
    hours = calendar.hours_per_month
    said = f"${usd_per_hour:.6g}/h x {hours:g} h"
    return CostLine("Rent", usd_per_hour * hours, said, ("price", "calendar"))


def capital_line(
    price_usd: float, residual_fraction: float, rate_per_year: float, months: int
) -> CostLine:
    """A month of one bought card: its price less its resale value, spread over its life."""
    usd = capital_recovery(price_usd, residual_fraction * price_usd, rate_per_year, months)
    explanation = (
        f"${price_usd:,.2f} over {months} months, {residual_fraction:.0%} resale value, "
        f"{rate_per_year:.1%} a year"
    )
    inputs = ("price", "card lifetime", "residual value", "discount rate")
    return CostLine("Capital", usd, explanation, inputs)


def energy_kwh(hours: float, power_w: float, power_usage_effectiveness: float) -> float:
    """Energy from the grid, kWh = H * PUE * W / 1000."""
    return hours * power_usage_effectiveness * power_w / WATTS_PER_KILOWATT


def idle_energy_line(
    idle_w: float, usd_per_kwh: float, power_usage_effectiveness: float, calendar: Calendar
) -> CostLine:
    """A month of one owned card standing idle; what work adds is counted by the token."""
    hours = calendar.hours_per_month
    usd = energy_kwh(hours, idle_w, power_usage_effectiveness) * usd_per_kwh
    explanation = (
        f"{hours:g} h x {idle_w:g} W x PUE {power_usage_effectiveness:g} at ${usd_per_kwh:.4g}/kWh"
    )
    return CostLine("Energy, idle", usd, explanation, ("idle power", "electricity", "PUE"))


def active_energy_usd_per_token(
    active_w: float,
    idle_w: float,
    busy_s_per_token: float,
    usd_per_kwh: float,
    power_usage_effectiveness: float,
) -> float:
    """Energy above idle for one token, USD: (W_active - W_idle) for as long as the card is busy.

    kWh = H PUE (W_idle (1 - b) + W_active b)/1000 with b the share of the time that a kernel runs
    (GPU busy, not the load) is the idle line plus this for every token.
    """
    hours_per_token = busy_s_per_token / SECONDS_PER_HOUR
    above_idle_w = max(0.0, active_w - idle_w)
    return energy_kwh(hours_per_token, above_idle_w, power_usage_effectiveness) * usd_per_kwh
