"""What each option costs in each month of the horizon, and what entering and leaving it costs."""

import math
from dataclasses import dataclass

import numpy as np

from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.many import Factors, costs_of_many
from core.cost.over_months.growth import growth_volumes
from core.cost.over_months.levelised import discount_factors
from core.cost.over_months.switching import Journey
from core.decide.answer.rows import not_known_to_serve
from core.decide.options.options import is_by_use
from core.decide.plan.plan_moves import Moves
from core.decide.plan.plan_terms import PlanTerms
from core.decide.result.curves import ByMean, Curves, OptionCurve
from core.scenario import Scenario
from core.units import MONTHS_PER_YEAR


@dataclass(frozen=True, slots=True)
class Horizon:
    """The priced options over the months: what they cost on average over the inputs' ranges."""

    curves: tuple[OptionCurve, ...]
    tokens_per_month: Floats
    running: Floats
    """[option, month]: without the capital of owned cards. inf: it cannot serve that month."""
    capital: Floats
    """[option, month]: of owned cards at today's price."""
    gpu_price: Floats
    """Price of a GPU in each month over today's."""
    api_price: Floats
    rate_per_year: float
    stated: Floats
    """[option, month]: with every input as stated. inf: it cannot serve that month."""

    @property
    def months(self) -> int:
        """Length of the horizon."""
        return int(self.tokens_per_month.size)

    @property
    def usd_per_month(self) -> Floats:
        """[option, month]: with cards bought at that month's price."""
        return self.running + self.capital * self.gpu_price


def horizon(curves: Curves, scenario: Scenario, api_decline: float, gpu_decline: float) -> Horizon:
    """Every option's cost in every month, with the volume grown and prices fallen to it."""
    months = scenario.objective.horizon_months
    load = scenario.workload
    volumes = growth_volumes(scenario.tokens_per_month, load.growth_per_month, months)
    years = np.arange(months) / MONTHS_PER_YEAR
    api, gpu = (1 - api_decline) ** years, (1 - gpu_decline) ** years
    priced = tuple(curve for curve in curves.curves if curve.cost is not None)
    running, capital, stated = [], [], []
    for curve in priced:
        prices = Factors(api if is_by_use(curve.option) else gpu, burst=api)
        of_month, of_capital = _months(curve, curves.by_mean, volumes, prices)
        unable = _unable(curve, volumes)
        running.append(np.where(unable, math.inf, of_month))
        stated.append(np.where(unable, math.inf, _as_stated(curve, volumes, prices)))
        capital.append(of_capital)
    empty = np.empty((0, months))
    return Horizon(
        curves=priced,
        tokens_per_month=volumes,
        running=np.stack(running) if running else empty,
        capital=np.stack(capital) if capital else empty,
        gpu_price=gpu,
        api_price=api,
        rate_per_year=scenario.hosting.discount_rate_per_year,
        stated=np.stack(stated) if stated else empty,
    )


def _months(
    curve: OptionCurve, by_mean: ByMean, volumes: Floats, prices: Factors
) -> tuple[Floats, Floats]:
    """Mean cost of each month, and the part of it that is the capital of cards bought today."""
    option = curve.option
    if option.bought is None:
        return by_mean.over(option.id, volumes, prices), np.zeros(volumes.size)
    rest, whole = (by_mean.over(option.id, volumes, Factors(share)) for share in (0.0, 1.0))
    return rest, whole - rest


def _as_stated(curve: OptionCurve, volumes: Floats, prices: Factors) -> Floats:
    bill = curve.bill
    assert bill is not None  # noqa: S101  only priced options are planned with
    usd: Floats = costs_of_many([bill], [prices], volumes, volumes.size)[0]
    return usd


def _unable(curve: OptionCurve, volumes: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Months whose volume the option cannot serve."""
    return np.array([bool(not_known_to_serve(curve, volume)) for volume in volumes.tolist()])


def journey(priced: Horizon, moves: Moves, terms: PlanTerms) -> Journey:
    """Segments and changes for the search of the cheapest path, in USD of today."""
    months = priced.months
    worth = discount_factors(priced.rate_per_year, months)
    at_start = np.concatenate(([1.0], worth))
    segments = _between(priced.running * worth) + _capital(priced, worth)
    segments += moves.leaving * at_start
    first = segments[:, 0] + moves.beginning[:, np.newaxis]
    first = first - _credits(priced, segments[:, 0], terms)
    return Journey(first, segments, moves.changing * at_start[:months])


def _capital(priced: Horizon, worth: Floats) -> Floats:
    """[option, first, end]: payments for cards, each at the price of the month it is bought in.

    In month t of a stay that began in f they are c_f p_f + sum over f < s <= t of (c_s - c_(s-1))
    p_s: the fleet of the first month, then what each later month adds (or retires).
    """
    price = priced.gpu_price
    added = np.diff(priced.capital, axis=1, prepend=priced.capital[:, :1]) * price
    total = np.cumsum(added, axis=1)
    at_first = priced.capital * price - total
    at_first = np.append(at_first, np.zeros((at_first.shape[0], 1)), axis=1)[:, :, np.newaxis]
    worth_from = _between(worth[np.newaxis])[0]
    result: Floats = worth_from * at_first + _between(total * worth)
    return result


def _between(by_month: Floats) -> Floats:
    """[option, first, end]: sums of the months from one to before another; inf spreads."""
    finite = np.where(np.isfinite(by_month), by_month, 0.0)
    total = _from_zero(finite)
    unserved = _from_zero(np.isinf(by_month).astype(np.float64))
    sums = total[:, np.newaxis, :] - total[:, :, np.newaxis]
    gaps = unserved[:, np.newaxis, :] - unserved[:, :, np.newaxis]
    result: Floats = np.where(gaps > 0, math.inf, sums)
    return result


def _from_zero(by_month: Floats) -> Floats:
    return np.concatenate((np.zeros((by_month.shape[0], 1)), np.cumsum(by_month, axis=1)), axis=1)


def _credits(priced: Horizon, spent: Floats, terms: PlanTerms) -> Floats:
    """[option, end]: what credits pay of the option that one begins with."""
    provider = terms.credits_with
    gives = [bool(provider) and c.option.id.startswith(f"{provider}/") for c in priced.curves]
    paid = np.minimum(terms.credits_usd, np.where(np.isfinite(spent), spent, 0.0))
    result: Floats = np.where(np.array(gives)[:, np.newaxis], paid, 0.0)
    return result
