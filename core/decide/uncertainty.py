"""What could change the answer: chances, bands, and what each input is worth to know.

All figures rest on the same fixed draws, so that equal questions have equal answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from core.cost.laws import TAIL
from core.cost.many import Column
from core.cost.piecewise import Floats
from core.cost.sobol import total_indices
from core.cost.value_of_information import (
    Estimated,
    cells_of,
    chances_cheapest,
    evpi,
    evppi,
    joint_cells,
)
from core.decide.belief import Belief
from core.decide.draws import stratified_draws
from core.decide.risk_model import RiskModel
from core.decide.risk_result import InputWorth, OptionRisk, PairWorth, Risk

SAMPLES: Final = 20_000
SOBOL_SAMPLES: Final = 2_000
BLOCKS: Final = 50
"""Cells of one input; each has 400 of 20,000 samples."""
PAIR_BLOCKS: Final = 12
"""Cells of an input in a pair; each of the 144 joint ones has 139 samples."""
PAIRED_INPUTS: Final = 8
"""Inputs of which pairs are looked at, those with the largest share of the variance."""

_NOTHING: Final = Estimated(0.0, 0.0)


def risk(model: RiskModel, samples: int = SAMPLES) -> Risk:
    """The whole analysis at the model's volume."""
    draws = {b.name: stratified_draws(b.name, samples) for b in model.uncertain}
    return analyse(model, draws, samples)


def analyse(model: RiskModel, draws: Mapping[str, Floats], samples: int) -> Risk:
    """The analysis of given draws, one even column for each uncertain input."""
    volume = float(np.median(np.asarray(model.volume({}))))
    able = model.able(volume)
    if not able:
        return Risk(volume, None, None, (), 0.0, _NOTHING, (), (), samples)
    values = model.values(draws.__getitem__)
    costs = model.costs(values, samples, rows=able)
    chosen = int(np.argmin(costs.mean(axis=1)))
    options = _options(model, able, costs)
    able_to_win = contenders(costs)
    margins = _Margins.over(model, able)
    indices = margins.total_indices()
    inputs = tuple(
        InputWorth(
            belief,
            *belief.law.ends,
            *margins.at_ends(belief),
            evppi(able_to_win, cells_of(draws[belief.name], BLOCKS), BLOCKS),
            indices[belief.name],
        )
        for belief in model.uncertain
    )
    everything = evpi(costs)
    return Risk(
        tokens_per_month=volume,
        stated=options[margins.stated],
        chosen=options[chosen],
        options=tuple(sorted(options, key=lambda found: -found.chance.value)),
        stated_margin_usd=float(margins.of({}, 1)[0]),
        evpi=everything,
        inputs=tuple(sorted(inputs, key=_most_valuable)),
        pairs=_pairs(inputs, able_to_win, draws) if everything.is_something else (),
        samples=samples,
    )


def _most_valuable(found: InputWorth) -> tuple[float, float]:
    worth = found.worth.value if found.worth.is_something else 0.0
    return -worth, -found.total_index.value


def _options(model: RiskModel, able: Sequence[int], costs: Floats) -> list[OptionRisk]:
    low, median, high = quantiles(costs)
    return [
        OptionRisk(
            model.options[i].id,
            model.options[i].label,
            chance,
            float(low[row]),
            float(median[row]),
            float(high[row]),
        )
        for row, (i, chance) in enumerate(zip(able, chances_cheapest(costs), strict=True))
    ]


def quantiles(costs: Floats) -> tuple[Floats, Floats, Floats]:
    """The samples (last axis) that 5 %, 50 % and 95 % of them do not pass."""
    last = costs.shape[-1] - 1
    ranks = [round(share * last) for share in (TAIL, 0.5, 1 - TAIL)]
    ordered = np.partition(costs, ranks, axis=-1)
    return ordered[..., ranks[0]], ordered[..., ranks[1]], ordered[..., ranks[2]]


def contenders(costs: Floats) -> Floats:
    """The options that are the cheapest in some sample, or on average: no other can matter."""
    rows = np.union1d(np.argmin(costs, axis=0), [int(np.argmin(costs.mean(axis=1)))])
    result: Floats = costs[rows]
    return result


@dataclass(frozen=True, slots=True)
class _Margins:
    """By how much the answer at the stated values is cheaper than the best other, USD/month."""

    model: RiskModel
    able: Sequence[int]
    stated: int
    """Row, among those that are able, of the cheapest at the stated values."""

    @classmethod
    def over(cls, model: RiskModel, able: Sequence[int]) -> "_Margins":
        """The margins of the option that is the cheapest where every input is as stated."""
        return cls(model, able, int(np.argmin(model.costs({}, 1, rows=able)[:, 0])))

    def of(self, values: Mapping[str, Column], samples: int) -> Floats:
        """One margin a sample; 0 where there is no other option."""
        costs = self.model.costs(values, samples, rows=self.able)
        others = np.delete(costs, self.stated, axis=0)
        if others.shape[0] == 0:
            return np.zeros(samples)
        result: Floats = others.min(axis=0) - costs[self.stated]
        return result

    def at_ends(self, belief: Belief) -> tuple[float, float]:
        """With one input at either end of its range and all else as stated."""
        found = self.of({belief.name: np.array(belief.law.ends)}, 2)
        return float(found[0]), float(found[1])

    def total_indices(self) -> dict[str, Estimated]:
        """Total Sobol index of each uncertain input."""
        names = [belief.name for belief in self.model.uncertain]
        base = self.model.values(lambda name: stratified_draws(name, SOBOL_SAMPLES))
        again = self.model.values(lambda name: stratified_draws(name + "/again", SOBOL_SAMPLES))
        rows = [self.of(base | {name: again[name]}, SOBOL_SAMPLES) for name in names]
        if not rows:
            return {}
        found = total_indices(self.of(base, SOBOL_SAMPLES), np.stack(rows))
        return dict(zip(names, found, strict=True))


def _pairs(
    inputs: Sequence[InputWorth], costs: Floats, draws: Mapping[str, Floats]
) -> tuple[PairWorth, ...]:
    """Worth of pairs, where no single input is worth anything though knowing all of them is."""
    if any(found.worth.is_something for found in inputs):
        return ()
    strongest = sorted(inputs, key=lambda found: -found.total_index.value)[:PAIRED_INPUTS]
    cells = {f.belief.name: cells_of(draws[f.belief.name], PAIR_BLOCKS) for f in strongest}
    pairs = [
        PairWorth(
            one.belief,
            other.belief,
            evppi(
                costs,
                joint_cells(cells[one.belief.name], cells[other.belief.name], PAIR_BLOCKS),
                PAIR_BLOCKS**2,
            ),
        )
        for one, other in combinations(strongest, 2)
    ]
    worth_something = [pair for pair in pairs if pair.worth.is_something]
    return tuple(sorted(worth_something, key=lambda pair: -pair.worth.value))
