"""What each option costs on average over the ranges of its inputs: what every decision rests on.

The means of the headline, the table, Risk, Plan, the leads and the flips are these: few draws that
are the same for all of them, so that they agree to the last digit and a step of the volume stays
quick. Chances and worths need many draws, and have them.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from core.cost.curve.break_even import LEAST_USD
from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.many import Column, costs_of_many
from core.cost.under_factors.many_factors import Factors
from core.decide.answer.rows import rounding_apart, stated_usd
from core.decide.risk.risk_methods import method_for
from core.decide.risk.risk_model import RiskModel

MEAN_SAMPLES: Final = 500
"""Stratified draws: the mean of one input's effect is nearly exact, and of steps within 1 %."""


def mean_usd(model: RiskModel) -> Floats:
    """Mean cost of each option at the model's volume, USD/month.

    E[C] over the fixed draws. Of an option whose inputs are all known it is its stated cost.
    """
    method = method_for(model.uncertain, MEAN_SAMPLES)
    volume = model.drawn_volume(method.draw)
    under = model.drawn_factors(method.draw, method.samples)
    drawn = [is_drawn(own, volume) for own in under]
    rows = [i for i, is_one in enumerate(drawn) if is_one]
    result = np.empty(len(under))
    result[rows] = model.drawn_costs(method.draw, method.samples, rows).mean(axis=1)
    for i, curve in enumerate(model.curves):
        if not drawn[i] and not isinstance(volume, np.ndarray) and curve.cost is not None:
            result[i] = stated_usd(curve.cost, volume)
    return result


def drawn_factors(model: RiskModel) -> tuple[Factors, ...]:
    """What the fixed draws multiply in each option's bill."""
    method = method_for(model.uncertain, MEAN_SAMPLES)
    return model.drawn_factors(method.draw, method.samples)


def is_drawn(own: Factors, volume: Column = 0.0) -> bool:
    """Whether anything that a cost rests on has a range."""
    return any(isinstance(column, np.ndarray) for column in (*own.columns, volume))


def cheapest(usd: Sequence[float] | Floats, among: Sequence[int]) -> int:
    """Which of some options costs least; of equals, rounding apart, the first."""
    return min(among, key=lambda i: (rounding_apart(float(usd[i])), i))


def mean_over(model: RiskModel, row: int, tokens: Floats, prices: Factors) -> Floats:
    """Mean cost of an option at each of some volumes, USD/month, under factors on its prices.

    ``prices`` has one value a volume, or one for all. Where the volume is a forecast each of them
    is as uncertain as the one that is asked about.
    """
    method = method_for(model.uncertain, MEAN_SAMPLES)
    own = model.drawn_factors(method.draw, method.samples)[row]
    volume: Column = model.drawn_volume(method.draw)
    if not is_drawn(own, volume):
        as_stated = [times(own, prices)]
        certain: Floats = costs_of_many([model.bills[row]], as_stated, tokens, tokens.size)[0]
        return certain
    share = volume / model.tokens_per_month if isinstance(volume, np.ndarray) else 1.0
    every = _every(tokens.size, method.samples)
    drawn = Factors(*map(every, prices.columns, own.columns))
    samples = tokens.size * method.samples
    usd = costs_of_many([model.bills[row]], [drawn], every(tokens, share), samples)[0]
    result: Floats = usd.reshape(tokens.size, method.samples).mean(axis=1)
    return result


def times(own: Factors, prices: Factors) -> Factors:
    """Both factors at once."""
    return Factors(*(a * b for a, b in zip(own.columns, prices.columns, strict=True)))


def means_along(model: RiskModel, tokens: Floats) -> Floats:
    """Mean cost by option and volume, USD/month, each volume taken as known."""
    usd = np.empty((len(model.options), tokens.size))
    method = method_for(model.uncertain, MEAN_SAMPLES)
    under = model.drawn_factors(method.draw, method.samples)
    every = _every(tokens.size, method.samples)
    for row, own in enumerate(under):
        if not is_drawn(own):
            usd[row] = stated_along(model, row, tokens)
            continue
        drawn = Factors(*(every(1.0, column) for column in own.columns))
        samples = tokens.size * method.samples
        costs = costs_of_many([model.bills[row]], [drawn], every(tokens, 1.0), samples)[0]
        usd[row] = costs.reshape(tokens.size, method.samples).mean(axis=1)
    return usd


def stated_along(model: RiskModel, row: int, tokens: Floats) -> Floats:
    """Cost of an option at each of some volumes with every input as stated, USD/month."""
    cost = model.curves[row].cost
    assert cost is not None  # noqa: S101  only priced options are judged
    usd = cost.at(tokens)
    result: Floats = np.where(np.abs(usd) >= LEAST_USD, usd, 0.0)
    return result


def _every(months: int, samples: int) -> Callable[[Column, Column], Column]:
    """Each of some values with each of the draws, in one column; a number where both are one."""

    def product(one: Column, other: Column) -> Column:
        if not isinstance(one, np.ndarray) and not isinstance(other, np.ndarray):
            return one * other
        by_month = np.broadcast_to(one, (months,))
        by_draw = np.broadcast_to(other, (samples,))
        result: Floats = np.multiply.outer(by_month, by_draw).ravel()
        return result

    return product
