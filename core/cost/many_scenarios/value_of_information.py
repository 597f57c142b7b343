"""Value of information (EVPI, EVPPI): the expected loss of deciding before one knows.

Costs come as one row a decision and one column a sample (or a state). The best decision on average
is d*. Knowing everything first saves EVPI = min_d E[C_d] - E[min_d C_d]; knowing one input first
saves EVPPI = min_d E[C_d] - E[min_d E[C_d | input]]. (Raiffa and Schlaifer 1961; EVPPI by sorting
into blocks: Strong and Oakley 2013.)
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.checks import not_negative
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError

Cells = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Estimated:
    """A figure from samples, with the standard deviation of its own error."""

    value: float
    standard_error: float

    @property
    def is_something(self) -> bool:
        """Whether it is above zero beyond two standard errors."""
        return self.value > 2 * self.standard_error and self.value > 0


def chances_cheapest(costs: Floats) -> tuple[Estimated, ...]:
    """How often each decision is the cheapest; of equals the first."""
    _check(costs)
    samples = costs.shape[1]
    counts = np.bincount(np.argmin(costs, axis=0), minlength=costs.shape[0])
    shares = (counts / samples).tolist()
    return tuple(Estimated(p, math.sqrt(p * (1 - p) / samples)) for p in shares)


def evpi(costs: Floats) -> Estimated:
    """Worth of knowing everything first: the mean of what the best decision regrets."""
    _check(costs)
    best = int(np.argmin(costs.mean(axis=1)))
    return _mean(costs[best] - costs.min(axis=0))


def evppi(costs: Floats, cells: Cells, count: int) -> Estimated:
    """Worth of knowing first into which of ``count`` cells a sample falls.

    The decision of a cell is found on every other sample and judged on the rest, and the other way
    round: choosing and judging by the same samples would find worth in pure noise. So a cell needs
    some hundred samples; the estimate errs downward by what is lost near indifference.
    """
    _check(costs)
    if cells.shape != (costs.shape[1],):
        raise ModelInputError("every sample needs its cell")
    best = int(np.argmin(costs.mean(axis=1)))
    half = np.arange(cells.size) & 1
    place = 2 * cells + half
    sums = np.stack([np.bincount(place, row, minlength=2 * count) for row in costs])
    filled = np.bincount(place, minlength=2 * count).reshape(count, 2)
    choice = np.argmin(sums, axis=0).reshape(count, 2)
    choice[filled == 0] = best
    choice_by_other_half = choice[:, ::-1].ravel()
    if np.all(choice_by_other_half == best):
        return Estimated(0.0, 0.0)
    chosen = choice_by_other_half[place]
    return _mean(costs[best] - np.take_along_axis(costs, chosen[np.newaxis], axis=0)[0])


def cells_of(draws: Floats, count: int) -> Cells:
    """Which of ``count`` equally likely cells each draw from 0 to 1 falls into."""
    return np.minimum((draws * count).astype(np.intp), count - 1)


def joint_cells(one: Cells, other: Cells, count: int) -> Cells:
    """Cells of a pair of inputs, ``count`` x ``count`` of them."""
    return one * count + other


def evpi_of_states(costs: Floats, chances: Floats) -> float:
    """EVPI exactly, of a few states: one column a state, ``chances`` their probabilities."""
    best = float((costs @ _probabilities(costs, chances)).min())
    return max(0.0, best - float(costs.min(axis=0) @ chances))


def evppi_of_states(costs: Floats, chances: Floats, cells: Cells) -> float:
    """EVPPI exactly: states of one cell cannot be told apart."""
    best = float((costs @ _probabilities(costs, chances)).min())
    informed = math.fsum(
        float((costs[:, cells == cell] @ chances[cells == cell]).min()) for cell in np.unique(cells)
    )
    return max(0.0, best - informed)


def _mean(values: Floats) -> Estimated:
    return Estimated(float(values.mean()), float(values.std()) / math.sqrt(values.size))


def _probabilities(costs: Floats, chances: Floats) -> Floats:
    _check(costs)
    not_negative("chances of the states", chances)
    if chances.shape != (costs.shape[1],) or not math.isclose(chances.sum(), 1, rel_tol=1e-9):
        raise ModelInputError("every state needs its chance, and the chances must sum to 1")
    return chances


def _check(costs: Floats) -> None:
    if costs.ndim != 2 or 0 in costs.shape:
        raise ModelInputError("costs need a row for each decision and a column for each sample")
    if not np.all(np.isfinite(costs)):
        raise ModelInputError("costs must be finite numbers: leave out what cannot serve")
