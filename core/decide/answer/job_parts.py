"""What is asked of a one-off job, and what it is made of: one value for each corpus."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.breakdown import CostLine, amount
from core.cost.curve.piecewise import Floats


@dataclass(frozen=True, slots=True)
class Corpora:
    """Corpora to embed, each for itself, beside a month's volume."""

    tokens: Floats
    tokens_per_month: Floats
    """Volume that goes on beside."""
    gpu_price: Floats | float = 1.0
    """Prices of machines over those of today."""
    api_price: Floats | float = 1.0


@dataclass(frozen=True, slots=True)
class JobPart:
    """One kind of cost of every job."""

    label: str
    usd: Floats
    said: str
    """How it comes about, ``{}`` standing for the amount."""
    amount: Floats

    def explanation(self, job: int) -> str:
        """How it comes about for one of them."""
        return self.said.format(amount(float(self.amount[job])))


@dataclass(frozen=True, slots=True)
class Job:
    """The jobs with all that they use."""

    parts: tuple[JobPart, ...]
    days: Floats
    """inf: it is never through; nan: no limit is known."""
    how: Callable[[int], str]
    """How one of them is done, in words."""

    @property
    def usd(self) -> Floats:
        """All of it."""
        result: Floats = np.sum([part.usd for part in self.parts], axis=0)
        return result

    def lines(self, job: int) -> tuple[CostLine, ...]:
        """What one of them is made of; they sum to its cost."""
        return tuple(
            CostLine(part.label, float(part.usd[job]), part.explanation(job))
            for part in self.parts
            if part.usd[job] > 0
        )


def either(of_first: NDArray[np.bool_], first: Job, words: str, other: Job) -> Job:
    """Jobs of which one way does some and another the rest; ``words`` go before the first's words.

    Each way has no tokens, and so costs nothing, where the other does the job.
    """

    def how(job: int) -> str:
        return f"{words}{first.how(job)}" if of_first[job] else other.how(job)

    days = np.where(of_first, first.days, other.days)
    return Job((*first.parts, *other.parts), days, how)


def in_time(days: Floats, deadline_days: float) -> NDArray[np.bool_]:
    """Whether each job is through by the deadline, but for rounding; never where nobody knows."""
    result: NDArray[np.bool_] = days <= deadline_days * (1 + 1e-9)
    return result
