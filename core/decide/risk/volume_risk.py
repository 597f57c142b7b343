"""Chances and bands along the volume axis, and where self-hosting first gets ahead."""

import math
from typing import Final

import numpy as np

from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.laws import TAIL
from core.cost.many_scenarios.many import Column
from core.decide.options.options import is_self_hosted
from core.decide.result.belief import GROWTH, VOLUME
from core.decide.result.risk_result import Axis, Band, CrossingBand
from core.decide.risk.analyse_risk import quantiles
from core.decide.risk.mean_costs import MEAN_SAMPLES
from core.decide.risk.risk_methods import Method, method_for
from core.decide.risk.risk_model import RiskModel

AXIS_POINTS: Final = 31
LOWEST_TOKENS: Final = 1e7
HIGHEST_TOKENS: Final = 1e13


def volume_risk(model: RiskModel, samples: int = MEAN_SAMPLES, points: int = AXIS_POINTS) -> Axis:
    """All options at volumes from 1e7 to 1e13 tokens a month, under one set of draws."""
    grid = np.geomspace(LOWEST_TOKENS, HIGHEST_TOKENS, points)
    if not model.options:
        nothing = np.empty((0, points))
        return Axis(grid, (), (), nothing, nothing, (), None, samples)
    method = method_for(model.uncertain, samples)
    costs = _costs(model, grid, method)
    able = np.zeros((len(model.options), points), dtype=bool)
    for column, volume in enumerate(grid.tolist()):
        able[list(model.able(volume)), column] = True
    stated = model.costs({}, points, grid)
    servable = np.where(able[:, :, np.newaxis], costs, math.inf)
    cheapest = np.argmin(servable, axis=0)
    chances = np.stack([(cheapest == row).mean(axis=1) for row in range(len(costs))])
    return Axis(
        tokens_per_month=grid,
        option_ids=tuple(option.id for option in model.options),
        labels=tuple(option.label for option in model.options),
        chances=np.where(able, chances, 0.0),
        means=np.stack([_mean(rows) for rows in costs]),
        bands=tuple(_band(*rows) for rows in zip(costs, stated, strict=True)),
        crossing=_crossing(model, grid, costs),
        samples=method.samples,
    )


def _costs(model: RiskModel, grid: Floats, method: Method) -> Floats:
    """USD/month by option, volume and sample."""
    drawn, samples = model.values(method.draw), method.samples
    values: dict[str, Column] = {
        name: np.tile(column, grid.size)
        for name, column in drawn.items()
        if name not in (VOLUME, GROWTH)
    }
    result = np.empty((len(model.options), grid.size, samples))
    moved = [i for i in range(len(model.options)) if model.depends(i, values)]
    certain = [i for i in range(len(model.options)) if i not in moved]
    result[certain] = model.costs({}, grid.size, grid, certain)[:, :, np.newaxis]
    tokens = np.repeat(grid, samples)
    result[moved] = model.costs(values, tokens.size, tokens, moved).reshape(-1, grid.size, samples)
    return result


def _mean(costs: Floats) -> Floats:
    """The mean of one option by volume; that of a certain cost is the cost itself."""
    result: Floats = costs[:, 0] if np.all(costs == costs[:, :1]) else costs.mean(axis=1)
    return result


def _band(costs: Floats, stated: Floats) -> Band:
    """The band of one option, by volume and sample; a certain cost needs no sorting."""
    if np.array_equal(costs[:, 0], costs[:, -1]):
        return Band(costs[:, 0], costs[:, 0], costs[:, 0])
    return Band(*quantiles(costs, stated))


def _crossing(model: RiskModel, grid: Floats, costs: Floats) -> CrossingBand | None:
    """Per sample the first volume at which the best self-hosted option is under the best API.

    On cost alone, as all break-evens: a rate limit decides who may serve, not who is cheaper.
    """
    usable = [not option.blocked_reason for option in model.options]
    own = np.array([is_self_hosted(option) for option in model.options])
    hosted, apis = costs[own & usable], costs[~own & usable]
    if not (len(hosted) and len(apis)):
        return None
    lead = apis.min(axis=0) - hosted.min(axis=0)
    ahead = lead > 0
    reached = ahead.any(axis=0)
    first = np.where(reached, np.argmax(ahead, axis=0), 0)
    volumes = np.where(reached, _between(grid, lead, first), math.inf)
    ranked = np.sort(volumes)
    ends = [float(ranked[round(share * (ranked.size - 1))]) for share in (TAIL, 0.5, 1 - TAIL)]
    low, median, high = (end if math.isfinite(end) else None for end in ends)
    return CrossingBand(low, median, high, float(1 - reached.mean()))


def _between(
    grid: Floats, lead: Floats, first: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> Floats:
    """Where the lead passes 0 just before the grid's first volume with one, on a log axis."""
    sample = np.arange(first.size)
    before = np.maximum(first - 1, 0)
    after_usd, before_usd = lead[first, sample], lead[before, sample]
    rise = np.where(after_usd > before_usd, after_usd - before_usd, math.inf)
    share_back = np.clip(after_usd / rise, 0.0, 1.0)
    result: Floats = grid[first] * np.exp(-np.log(grid[first] / grid[before]) * share_back)
    return result
