"""What a benchmark found of one thing, beside its budget: a value that can be printed and kept."""

import math
from dataclasses import dataclass

from tests.benchmarks.report import Spread


@dataclass(frozen=True, slots=True)
class Figure:
    """Five runs of one thing and what they must keep to.

    A budget is a ratio to a reference that the same run measured: it says the same on any machine.
    """

    what: str
    """What was compared with what, in words."""
    runs: Spread
    budget: float
    unit: str = "times"
    at_least: bool = False
    """Whether more is better; else the budget is the most that is allowed."""

    @property
    def kept(self) -> bool:
        """Whether the median keeps the budget."""
        return self.used <= 1

    @property
    def used(self) -> float:
        """Share of the budget that the median uses: 1 is all of it, above is missed."""
        value, most = self.runs.median, self.budget
        if self.at_least:
            value, most = most, value
        return value / most if most > 0 else 1.0 if value <= 0 else math.inf

    def sentence(self) -> str:
        """Return "the probe against aiohttp: 7.50 (7.10 to 7.80) times, at least 2: kept"."""
        side = "at least" if self.at_least else "at most"
        word = "kept" if self.kept else "MISSED"
        return f"{self.what}: {self.measured()} {self.unit}, {side} {digits(self.budget)}: {word}"

    def measured(self) -> str:
        """Return "7.5 (7.1 to 7.83)": the median and the range."""
        runs = self.runs
        return f"{digits(runs.median)} ({digits(runs.low)} to {digits(runs.high)})"


def digits(value: float) -> str:
    """Three digits, and all whole ones."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
