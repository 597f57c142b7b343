"""What an API costs: units billed per token, graduated tiers, and the rate limit's ceiling."""

import math
from dataclasses import dataclass

import numpy as np

from core.cost.breakdown import CostLine
from core.cost.piecewise import Piecewise
from core.errors import ModelInputError
from core.units import MINUTES_PER_DAY, TOKENS_PER_MTOK, Calendar

CHARACTERS_PER_MCHAR = 1_000_000.0


def mtok_per_token() -> float:
    """Billed units per token where the unit is a million tokens."""
    return 1 / TOKENS_PER_MTOK


def mchar_per_token(characters_per_token: float) -> float:
    """Billed units per token where the unit is a million characters."""
    return characters_per_token / CHARACTERS_PER_MCHAR


def requests_per_token(tokens_per_request: float) -> float:
    """Billed units per token where the unit is a request of one text."""
    return 1 / tokens_per_request


def seconds_per_token(seconds_per_request: float, tokens_per_request: float) -> float:
    """Billed units per token where the unit is a second of compute."""
    return seconds_per_request / tokens_per_request


@dataclass(frozen=True, slots=True)
class ApiBill:
    """A bill by the unit, in graduated tiers."""

    tiers: tuple[tuple[float, float], ...]
    """(upper bound in billed units a month, USD per unit), rising; the last bound is inf."""
    units_per_token: float
    unit_name: str
    """What is billed, in the plural: "M tokens"."""

    def __post_init__(self) -> None:
        bounds = [upper for upper, _ in self.tiers]
        if not bounds or not math.isinf(bounds[-1]) or bounds != sorted(set(bounds)):
            raise ModelInputError("tiers need rising upper bounds, the last one without end")
        if not self.units_per_token > 0:
            raise ModelInputError(f"units per token must be above 0, not {self.units_per_token}")

    def curve(self) -> Piecewise:
        """Cost over volume: sum of p_i * (min(u, t_{i+1}) - t_i)+, a bound in the lower tier."""
        upper_units = np.array([upper for upper, _ in self.tiers])
        usd_per_unit = np.array([usd for _, usd in self.tiers])
        # A tier's line is lifted by what the units below it cost more (or less) than in it.
        lift = upper_units[:-1] * (usd_per_unit[:-1] - usd_per_unit[1:])
        fixed = np.concatenate(([0.0], np.cumsum(lift)))
        return Piecewise(
            upper_units / self.units_per_token, fixed, usd_per_unit * self.units_per_token
        )

    def lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """One line for each tier that the volume reaches; they sum to the curve's value."""
        units = tokens_per_month * self.units_per_token
        lines = []
        lower = 0.0
        for upper, usd in self.tiers:
            billed = min(units, upper) - lower
            if billed > 0 or lower == 0:
                explanation = f"{billed:,.6g} {self.unit_name} at ${usd:.9g}"
                lines.append(CostLine("Usage", billed * usd, explanation))
            lower = min(units, upper)
        return tuple(lines)


def flat_bill(usd_per_unit: float, units_per_token: float, unit_name: str) -> ApiBill:
    """A bill with one price at every volume."""
    return ApiBill(((math.inf, usd_per_unit),), units_per_token, unit_name)


@dataclass(frozen=True, slots=True)
class RateCeiling:
    """The volume at which a rate limit binds in the busy hour."""

    tokens_per_month: float
    binding: str
    """"requests_per_minute" or "tokens_per_minute"."""


def rate_ceiling(
    requests_per_minute: float | None,
    tokens_per_minute: float | None,
    tokens_per_request: float,
    peak_to_mean: float,
    calendar: Calendar,
) -> RateCeiling | None:
    """Volume that a limit lets through: 1440 * min(RPM, TPM/m) / P requests on an average day.

    The peak-to-mean ratio P is there because the limit is met in the busy hour. A request carries
    one text of m tokens. None where neither limit is known.
    """
    limits: list[tuple[float, str]] = []
    if requests_per_minute is not None:
        limits.append((requests_per_minute, "requests_per_minute"))
    if tokens_per_minute is not None:
        limits.append((tokens_per_minute / tokens_per_request, "tokens_per_minute"))
    if not limits:
        return None
    requests, binding = min(limits, key=lambda limit: limit[0])
    requests_per_day = MINUTES_PER_DAY * requests / peak_to_mean
    volume = requests_per_day * tokens_per_request * calendar.days_per_month
    return RateCeiling(volume, binding)
