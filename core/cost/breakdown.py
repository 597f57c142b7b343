"""The lines of a bill."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a bill."""

    label: str
    usd_per_month: float
    explanation: str
    """The inputs that make the sum, with their units."""
