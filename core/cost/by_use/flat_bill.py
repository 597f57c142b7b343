"""What an API costs: tokens in a billed unit, and graduated tiers."""

import math
from dataclasses import dataclass

import numpy as np

from core.cost.curve.breakdown import CostLine, amount
from core.cost.curve.piecewise import Piecewise
from core.errors import ModelInputError

CHARACTERS_PER_MCHAR = 1_000_000.0

USAGE_INPUTS = ("price", "volume")


def tokens_per_mchar(characters_per_token: float) -> float:
    """Tokens in a billed unit of a million characters."""
    return CHARACTERS_PER_MCHAR / characters_per_token


def tokens_per_second(seconds_per_request: float, tokens_per_request: float) -> float:
    """Tokens in a billed second of compute, of requests that carry one text each."""
    return tokens_per_request / seconds_per_request


@dataclass(frozen=True, slots=True)
class ApiBill:
    """A bill by the unit, in graduated tiers."""

    tiers: tuple[tuple[float, float], ...]
    """(upper bound in billed units a month, USD per unit), rising; the last bound is inf."""
    tokens_per_unit: float
    """Tokens in a billed unit: 1e6 of a million tokens, a text's length of a request."""
    unit_name: str
    """What is billed, in the plural: "M tokens"."""

    def __post_init__(self) -> None:
        bounds = [upper for upper, _ in self.tiers]
        if not bounds or not math.isinf(bounds[-1]) or bounds != sorted(set(bounds)):
            raise ModelInputError("tiers need rising upper bounds, the last one without end")
        if not self.tokens_per_unit > 0:
            raise ModelInputError(f"tokens per unit must be above 0, not {self.tokens_per_unit}")

    def curve(self) -> Piecewise:
        """Cost over volume: sum of p_i * (min(u, t_{i+1}) - t_i)+, a bound in the lower tier."""
        upper_units = np.array([upper for upper, _ in self.tiers])
        usd_per_unit = np.array([usd for _, usd in self.tiers])
        # A tier's line is lifted by what the units below it cost more (or less) than in it.
        lift = upper_units[:-1] * (usd_per_unit[:-1] - usd_per_unit[1:])
        fixed = np.concatenate(([0.0], np.cumsum(lift)))
        return Piecewise(
            upper_units * self.tokens_per_unit, fixed, usd_per_unit / self.tokens_per_unit
        )

    def lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """One line for each tier that the volume reaches; they sum to the curve's value."""
        units = tokens_per_month / self.tokens_per_unit
        lines: list[CostLine] = []
        lower = 0.0
        for upper, usd in self.tiers:
            billed = min(units, upper) - lower
            if billed > 0 or not lines:
                explanation = f"{amount(billed, 6)} {self.unit_name} at ${usd:.9g}"
                lines.append(CostLine("Usage", billed * usd, explanation, USAGE_INPUTS))
            lower = min(units, upper)
        return tuple(lines)


def flat_bill(usd_per_unit: float, tokens_per_unit: float, unit_name: str) -> ApiBill:
    """A bill with one price at every volume."""
    return ApiBill(((math.inf, usd_per_unit),), tokens_per_unit, unit_name)
