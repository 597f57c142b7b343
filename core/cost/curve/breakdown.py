"""The lines of a bill."""

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
