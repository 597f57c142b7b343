"""Two ways to look at what is not known: many draws, or every state where there are few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.laws import LawKind
from core.cost.many_scenarios.sobol import total_indices
from core.cost.many_scenarios.value_of_information import (
    Cells,
    Estimated,
    cells_of,
    chances_cheapest,
    evpi,
    evpi_of_states,
    evppi,
    evppi_of_states,
    joint_cells,
)
from core.decide.result.belief import Belief
from core.decide.risk.draws import stratified_draws
from core.decide.risk.margins import Margins

SOBOL_SAMPLES: Final = 2_000
BLOCKS: Final = 50
"""Cells of one input; each has 400 of 20,000 samples."""
PAIR_BLOCKS: Final = 12
"""Cells of an input in a pair; each of the 144 joint ones has 139 samples."""
MOST_TWO_STATE_INPUTS: Final = 12
"""4,096 states: beyond it draws are quicker."""


class Method(Protocol):
    """How the analysis gets its columns and makes figures of them."""

    @property
    def samples(self) -> int:
        """Values in a column."""

    def draw(self, name: str) -> Floats:
        """Uniform draws of an input, by its name."""

    def chances(self, costs: Floats) -> tuple[Estimated, ...]:
        """How often each option is the cheapest."""

    def everything(self, costs: Floats) -> Estimated:
        """EVPI."""

    def worth(self, costs: Floats, names: Sequence[str]) -> Estimated:
        """EVPPI of one input, or of two together."""

    def indices(self, margins: Margins) -> dict[str, Estimated]:
        """Total Sobol index of each uncertain input."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """Given uniform draws of each uncertain input."""

    draws: Mapping[str, Floats]
    samples: int

    def draw(self, name: str) -> Floats:
        """The column that was given."""
        return self.draws[name]

    def chances(self, costs: Floats) -> tuple[Estimated, ...]:
        """Shares of the samples."""
        return chances_cheapest(costs)

    def everything(self, costs: Floats) -> Estimated:
        """Mean regret."""
        return evpi(costs)

    def worth(self, costs: Floats, names: Sequence[str]) -> Estimated:
        """By cells of the input, or of both."""
        count = BLOCKS if len(names) == 1 else PAIR_BLOCKS
        cells = [cells_of(self.draws[name], count) for name in names]
        if len(cells) == 1:
            return evppi(costs, cells[0], count)
        return evppi(costs, joint_cells(cells[0], cells[1], count), count * count)

    def indices(self, margins: Margins) -> dict[str, Estimated]:
        """By exchanging one input's draws at a time."""
        model = margins.model
        base = model.values(lambda name: stratified_draws(name, SOBOL_SAMPLES))
        again = model.values(lambda name: stratified_draws(name + "/again", SOBOL_SAMPLES))
        rows = [margins.of(base | {name: again[name]}, SOBOL_SAMPLES) for name in again]
        if not rows:
            return {}
        total_effects = total_indices(margins.of(base, SOBOL_SAMPLES), np.stack(rows))
        return dict(zip(again, total_effects, strict=True))


@dataclass(frozen=True, slots=True)
class Enumerated:
    """Every combination of inputs that are each at one of two ends: exact, without an error."""

    names: tuple[str, ...]

    @property
    def samples(self) -> int:
        """Combinations, all equally likely."""
        return 1 << len(self.names)

    def draw(self, name: str) -> Floats:
        """A quarter for the low end, three quarters for the high one."""
        return np.where(self._high(name), 0.75, 0.25)

    def chances(self, costs: Floats) -> tuple[Estimated, ...]:
        """Shares of the states."""
        return tuple(Estimated(found.value, 0.0) for found in chances_cheapest(costs))

    def everything(self, costs: Floats) -> Estimated:
        """EVPI of the states."""
        return Estimated(evpi_of_states(costs, self._equal), 0.0)

    def worth(self, costs: Floats, names: Sequence[str]) -> Estimated:
        """EVPPI of the states."""
        cells = sum(self._high(name).astype(np.intp) << n for n, name in enumerate(names))
        return Estimated(evppi_of_states(costs, self._equal, np.asarray(cells)), 0.0)

    def indices(self, margins: Margins) -> dict[str, Estimated]:
        """E[Var(f | all others)]/Var(f): ends that differ by d have a variance of d^2/4."""
        values = margins.model.values(self.draw)
        base = margins.of(values, self.samples)
        variance = float(base.var())
        total_effects = {}
        for name in self.names:
            other = values | {name: np.asarray(values[name])[self._other_end(name)]}
            quarter = float(np.mean((base - margins.of(other, self.samples)) ** 2)) / 4
            total_effects[name] = Estimated(quarter / variance if variance else 0.0, 0.0)
        return total_effects

    @property
    def _equal(self) -> Floats:
        return np.full(self.samples, 1 / self.samples)

    def _bit(self, name: str) -> int:
        return self.names.index(name)

    def _high(self, name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        high = (np.arange(self.samples) >> self._bit(name)) & 1
        return high.astype(np.bool_)

    def _other_end(self, name: str) -> Cells:
        """Place of the state that differs in this input alone."""
        return np.arange(self.samples) ^ (1 << self._bit(name))


def method_for(uncertain: Sequence[Belief], samples: int) -> Method:
    """All states where every input has two of them and there are few; else draws."""
    two_states = all(belief.law.kind is LawKind.TWO_STATES for belief in uncertain)
    if uncertain and two_states and len(uncertain) <= MOST_TWO_STATE_INPUTS:
        return Enumerated(tuple(belief.name for belief in uncertain))
    return Sampled({b.name: stratified_draws(b.name, samples) for b in uncertain}, samples)
