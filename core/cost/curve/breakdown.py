"""The lines of a bill."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a bill."""

    label: str
    usd_per_month: float
    explanation: str
    """The inputs that make the sum, with their units."""
    inputs: tuple[str, ...] = ()
    """Names of the inputs, by which whoever made the bill finds where each comes from."""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """What is charged in proportion to the volume."""

    label: str
    usd_per_token: float
    explanation: str
    inputs: tuple[str, ...] = ()

    def at(self, tokens_per_month: float) -> CostLine:
        """The line of a month."""
        usd = self.usd_per_token * tokens_per_month
        return CostLine(self.label, usd, self.explanation, (*self.inputs, "volume"))


def amount(value: float, digits: int = 4) -> str:
    """A number in an explanation: rounded to so many digits, written without powers of ten."""
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0 or not math.isfinite(rounded):
        return f"{rounded:g}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
