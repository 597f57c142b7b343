"""What self-hosting costs: replicas by the month, energy by the token, labour once."""

from dataclasses import dataclass

from core.cost.breakdown import CostLine
from core.cost.finance import capital_recovery
from core.cost.piecewise import Piecewise, staircase
from core.errors import ModelInputError
from core.units import SECONDS_PER_HOUR, WATTS_PER_KILOWATT, Calendar


@dataclass(frozen=True, slots=True)
class HostedBill:
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

    def curve(self) -> Piecewise:
        """Cost over volume: max(1, ceil(V/capacity)) + spare replicas, energy and labour."""
        unit = self.usd_per_replica_month
        fixed = self.labour_usd_per_month + self.spare_replicas * unit
        return staircase(fixed, self.active_usd_per_token, self.capacity_tokens_per_month, unit)

    def replicas(self, tokens_per_month: float) -> int:
        """Replicas paid for at a volume, spare included."""
        return int(self.curve().replicas_at(tokens_per_month)) + self.spare_replicas

    def lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """The bill at a volume; the lines sum to the curve's value."""
        paid = self.replicas(tokens_per_month)
        spare = f" ({self.spare_replicas} spare)" if self.spare_replicas else ""
        count = f"{paid} {'replica' if paid == 1 else 'replicas'}{spare}"
        lines = [
            CostLine(line.label, paid * line.usd_per_month, f"{count} x {line.explanation}")
            for line in (self.acquisition, self.idle_energy)
            if line is not None
        ]
        if self.active_usd_per_token > 0:
            usd = self.active_usd_per_token * tokens_per_month
            lines.append(CostLine("Energy, active", usd, self.active_explanation))
        if self.labour_usd_per_month > 0:
            lines.append(
                CostLine("Labour", self.labour_usd_per_month, "all replicas together, a month")
            )
        return tuple(lines)


def rent_line(usd_per_hour: float, calendar: Calendar) -> CostLine:
    """A month of one rented replica: it runs every hour, used or not."""
    hours = calendar.hours_per_month
    return CostLine("Rent", usd_per_hour * hours, f"${usd_per_hour:.6g}/h x {hours:g} h")


def capital_line(
    price_usd: float, residual_fraction: float, rate_per_year: float, months: int
) -> CostLine:
    """A month of one bought card: its price less its resale value, spread over its life."""
    usd = capital_recovery(price_usd, residual_fraction * price_usd, rate_per_year, months)
    explanation = (
        f"${price_usd:,.2f} over {months} months, {residual_fraction:.0%} resale value, "
        f"{rate_per_year:.1%} a year"
    )
    return CostLine("Capital", usd, explanation)


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
    return CostLine("Energy, idle", usd, explanation)


def active_energy_usd_per_token(
    tdp_w: float,
    idle_w: float,
    nominal_tokens_per_s: float,
    usd_per_kwh: float,
    power_usage_effectiveness: float,
) -> float:
    """Energy above idle for one token, USD: full batches at full power, W_tdp - W_idle.

    The card is busy for 1/nominal seconds a token whatever the load, so this does not depend on
    the duty cycle.
    """
    hours_per_token = 1 / (nominal_tokens_per_s * SECONDS_PER_HOUR)
    above_idle_w = max(0.0, tdp_w - idle_w)
    return energy_kwh(hours_per_token, above_idle_w, power_usage_effectiveness) * usd_per_kwh
