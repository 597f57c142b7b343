"""The same analysis from a million samples, in batches: it can be watched and stopped."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from core.cost.many_scenarios.value_of_information import (
    Estimated,
    cells_of,
    chances_cheapest,
    evpi,
    evppi,
)
from core.decide.result.risk_result import LongRun
from core.decide.risk.analyse_risk import contenders
from core.decide.risk.draws import independent_draws
from core.decide.risk.risk_methods import BLOCKS
from core.decide.risk.risk_model import RiskModel
from core.errors import ModelInputError

MILLION: Final = 1_000_000
BATCH: Final = 20_000


def long_risk(model: RiskModel, samples: int = MILLION, batch: int = BATCH) -> Iterator[LongRun]:
    """Yield what is known after each batch. Errors are those of the mean over the batches."""
    able = model.able(float(np.median(np.asarray(model.volume({})))))
    if not able:
        raise ModelInputError("no option can serve this volume: there is nothing to choose between")
    figures: list[list[float]] = []
    for number in range(max(2, math.ceil(samples / batch))):
        figures.append(_figures(model, able, number, batch))
        if number > 0:
            yield _so_far(model, able, figures, batch, samples)


def _figures(model: RiskModel, able: Sequence[int], number: int, batch: int) -> list[float]:
    """Chances of the options, EVPI, and EVPPI of the inputs in one batch."""
    uncertain = model.uncertain
    draws = {b.name: independent_draws(b.name, batch, number) for b in uncertain}
    costs = model.costs(model.values(draws.__getitem__), batch, rows=able)
    able_to_win = contenders(costs)
    worths = [evppi(able_to_win, cells_of(draws[b.name], BLOCKS), BLOCKS) for b in uncertain]
    estimates = [*chances_cheapest(costs), evpi(costs), *worths]
    return [figure.value for figure in estimates]


def _so_far(
    model: RiskModel, able: Sequence[int], figures: list[list[float]], batch: int, samples: int
) -> LongRun:
    table = np.array(figures)
    means, errors = table.mean(axis=0), table.std(axis=0, ddof=1) / math.sqrt(len(table))
    estimates = [Estimated(*pair) for pair in zip(means.tolist(), errors.tolist(), strict=True)]
    count = len(able)
    ids = [model.options[i].id for i in able]
    return LongRun(
        done=len(table) * batch,
        planned=max(samples, 2 * batch),
        chances=tuple(zip(ids, estimates[:count], strict=True)),
        evpi=estimates[count],
        worths=tuple(zip(model.uncertain, estimates[count + 1 :], strict=True)),
    )
