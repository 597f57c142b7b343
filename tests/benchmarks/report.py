"""How a benchmark says what it measured: medians with their range, ratios, the machine's load."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

CONSOLE = Console(soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Spread:
    """Several runs of one thing: their median, the lowest and the highest, in one unit."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, runs: Sequence[float]) -> "Spread":
        """Return the spread of all runs; none is dropped. Raises ValueError without a run."""
        if not runs:
            raise ValueError("A benchmark needs at least one run.")
        return cls(statistics.median(runs), min(runs), max(runs))

    def text(self, scale: float = 1.0, digits: int = 0) -> str:
        """Return "300 (280 to 340)" in a unit that is ``scale`` times smaller."""
        median, low, high = (
            f"{scale * value:,.{digits}f}" for value in (self.median, self.low, self.high)
        )
        return f"{median} ({low} to {high})"


def ratios(runs: Sequence[float], reference_runs: Sequence[float]) -> Spread:
    """Return the ratio of each run to the reference's run of the same round.

    Rounds are interleaved, so that a noisy neighbour slows both sides of a ratio.
    """
    return Spread.of([run / other for run, other in zip(runs, reference_runs, strict=True)])


def load() -> str:
    """Return the machine's load averages and its number of processors, in words."""
    processors = os.cpu_count()
    if not hasattr(os, "getloadavg"):  # Windows keeps none
        return f"load average not known, {processors} processors"
    averages = ", ".join(f"{average:.2f}" for average in os.getloadavg())
    return f"load average {averages} on {processors} processors"


def take_precedence() -> str:
    """Ask the system to run this process and its children before others; say whether it does.

    On a shared machine a wait for the processor would be measured instead of the code.
    """
    try:
        niceness = os.nice(-10)
    except (AttributeError, OSError):  # Windows has none; only the owner of the machine may
        return "at the usual priority"
    return f"at niceness {niceness}, before other programs"


def say(text: str) -> None:
    """Print a line."""
    CONSOLE.print(text, highlight=False)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is left-aligned, the others are numbers."""
    drawn = Table(title=title, title_justify="left")
    for index, column in enumerate(columns):
        drawn.add_column(column, justify="left" if index == 0 else "right")
    for row in rows:
        drawn.add_row(*row)
    CONSOLE.print(drawn)
