"""What could change the answer: chances, bands, and what each input is worth to know.

All figures rest on the same fixed draws, so that equal questions have equal answers.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.laws import TAIL
from core.cost.many_scenarios.value_of_information import Estimated
from core.decide.result.risk_result import InputWorth, OptionRisk, PairWorth, Risk
from core.decide.risk.margins import Margins
from core.decide.risk.mean_costs import cheapest, mean_usd
from core.decide.risk.risk_methods import Method, method_for
from core.decide.risk.risk_model import RiskModel

SAMPLES: Final = 20_000
PAIRED_INPUTS: Final = 8
"""Inputs of which pairs are looked at, those with the largest share of the variance."""

_NOTHING: Final = Estimated(0.0, 0.0)


def risk(model: RiskModel, samples: int = SAMPLES) -> Risk:
    """The whole analysis at the model's volume."""
    return analyse(model, method_for(model.uncertain, samples))


def analyse(model: RiskModel, method: Method) -> Risk:
    """The analysis by one of the methods."""
    volume = judged_volume(model)
    able = model.able(volume)
    if not able:
        return Risk(volume, None, None, (), 0.0, _NOTHING, (), (), method.samples)
    costs = drawn_costs(model, method, able)
    means = mean_usd(model)
    chosen = able.index(cheapest(means, able))
    options = option_risks(model, able, costs, means, method)
    able_to_win = contenders(costs)
    margins = Margins.over(model, able)
    indices = method.indices(margins)
    inputs = tuple(
        InputWorth(
            belief,
            *belief.law.ends,
            *margins.at_ends(belief),
            method.worth(able_to_win, (belief.name,)),
            indices[belief.name],
        )
        for belief in model.uncertain
    )
    everything = method.everything(costs)
    return Risk(
        tokens_per_month=volume,
        stated=options[margins.stated],
        chosen=options[chosen],
        options=tuple(sorted(options, key=lambda option: -option.chance.value)),
        stated_margin_usd=float(margins.of({}, 1)[0]),
        evpi=everything,
        inputs=tuple(sorted(inputs, key=_most_valuable)),
        pairs=_pairs(inputs, able_to_win, method) if everything.is_something else (),
        samples=method.samples,
    )


def judged_volume(model: RiskModel) -> float:
    """The volume that is judged with all inputs as stated, tokens/month."""
    return float(np.asarray(model.volume({})))


def drawn_costs(model: RiskModel, method: Method, able: Sequence[int]) -> Floats:
    """USD/month: one row an option that can serve, one column a sample."""
    return model.drawn_costs(method.draw, method.samples, able)


def _most_valuable(found: InputWorth) -> tuple[float, float]:
    worth = found.worth.value if found.worth.is_something else 0.0
    return -worth, -found.total_index.value


def option_risks(
    model: RiskModel, able: Sequence[int], costs: Floats, means: Floats, method: Method
) -> list[OptionRisk]:
    """Chance, band and mean of each option that can serve, in the scenario's order."""
    low, median, high = quantiles(costs, model.costs({}, 1, rows=able)[:, 0])
    return [
        OptionRisk(
            model.options[i].id,
            model.options[i].label,
            chance,
            float(low[row]),
            float(median[row]),
            float(high[row]),
            float(means[i]),
        )
        for row, (i, chance) in enumerate(zip(able, method.chances(costs), strict=True))
    ]


def quantiles(costs: Floats, stated: Floats) -> tuple[Floats, Floats, Floats]:
    """The samples (last axis) that 5 %, 50 % and 95 % of them do not pass.

    The ends are moved out to the stated cost where it lies beyond them: inputs in the middle of
    their ranges can together be at the edge, as with a fleet that is just large enough.
    """
    last = costs.shape[-1] - 1
    ranks = [round(share * last) for share in (TAIL, 0.5, 1 - TAIL)]
    ordered = np.partition(costs, ranks)
    low, high = ordered[..., ranks[0]], ordered[..., ranks[2]]
    return np.minimum(low, stated), ordered[..., ranks[1]], np.maximum(high, stated)


def contenders(costs: Floats) -> Floats:
    """The options that are the cheapest in some sample, or on average: no other can matter."""
    rows = np.union1d(np.argmin(costs, axis=0), [int(np.argmin(costs.mean(axis=1)))])
    result: Floats = costs[rows]
    return result


def _pairs(inputs: Sequence[InputWorth], costs: Floats, method: Method) -> tuple[PairWorth, ...]:
    """Worth of pairs, where no single input is worth anything though knowing all of them is."""
    if any(single.worth.is_something for single in inputs):
        return ()
    strongest = sorted(inputs, key=lambda single: -single.total_index.value)[:PAIRED_INPUTS]
    pairs = [
        PairWorth(
            one.belief,
            other.belief,
            method.worth(costs, (one.belief.name, other.belief.name)),
        )
        for one, other in combinations(strongest, 2)
    ]
    worth_something = [pair for pair in pairs if pair.worth.is_something]
    return tuple(sorted(worth_something, key=lambda pair: -pair.worth.value))
