"""Every input of the options' costs with what is believed of it."""

import math
from collections.abc import Sequence
from typing import Final

from core.catalog.schema import Assumption, Catalog
from core.cost.many_scenarios.laws import Law, LawKind, known
from core.decide.beliefs.belief_prices import prices, seconds
from core.decide.beliefs.belief_throughput import throughputs
from core.decide.case import Case
from core.decide.result.belief import (
    API_LABOUR,
    CEILING,
    ELECTRICITY,
    GROWTH,
    LABOUR,
    PEAK,
    VOLUME,
    Belief,
    around,
)
from core.decide.result.option import Option
from core.scenario import Workload

PEAK_FACTOR: Final = 1.5
"""Either way, where nobody has looked at the load: a judgement."""
MEASURED_PEAK_FACTOR: Final = 1.1
"""Either way, from a week or more of the user's own requests."""
GROWTH_EITHER_WAY: Final = 0.03
"""A month: a judgement."""


def beliefs(case: Case, options: Sequence[Option]) -> tuple[Belief, ...]:
    """Every input of the options' costs, with the range that its sources or a measurement give."""
    catalog, measurements = case.catalog, case.measurements
    hosting, load = case.scenario.hosting, case.scenario.workload
    hosted = [option for option in options if option.capacity is not None]
    inputs = prices(options, case.own_prices, catalog)
    for option in options:
        belief = seconds(option, measurements.get(option.id))
        if belief is not None and belief.name not in {one.name for one in inputs}:
            inputs.append(belief)
    inputs += throughputs(hosted, catalog, measurements)
    if hosted:
        inputs += [
            _labour(hosting.labour_usd_per_month, catalog),
            _peak(load),
            _ceiling(hosting.utilisation_ceiling, catalog),
        ]
    if usd := case.scenario.serverless.api_labour_usd_per_month:
        inputs.append(_labour(usd, catalog, API_LABOUR, "Labour around APIs"))
    if any(option.bought is not None or option.power is not None for option in hosted):
        inputs.append(_electricity(hosting.usd_per_kwh, catalog))
    return (
        *inputs,
        *beliefs_of_volume(case.scenario.tokens_per_month, case.scenario.workload.growth_per_month),
    )


def beliefs_of_volume(tokens_per_month: float, growth_per_month: float) -> tuple[Belief, Belief]:
    """What is believed of the volume and its growth: all that a step of the volume moves."""
    return _volume(tokens_per_month), _growth(growth_per_month)


def _labour(value: float, catalog: Catalog, name: str = LABOUR, label: str = "Labour") -> Belief:
    """People's time, of self-hosting or of APIs: each is believed apart from the other."""
    row = catalog.assumption("labour-month")
    law = _in_the_middle(value, row.low or row.value, row.high or row.value)
    basis = f"{row.label}: the sources differ by as much; yours is the middle."
    return Belief(name, label, "USD/month", law, basis)


def _peak(load: Workload) -> Belief:
    value = load.busy_hour_to_mean
    wide = around(
        LawKind.LOG_UNIFORM, value / PEAK_FACTOR, value, value * PEAK_FACTOR, (1.0, math.inf)
    )
    if not load.hour_weights:
        basis = f"A judgement: a factor of {PEAK_FACTOR:g} either way. Import your own load."
        return Belief(PEAK, "Peak-to-mean ratio", "x", wide, basis)
    factor = MEASURED_PEAK_FACTOR
    law = around(LawKind.LOG_UNIFORM, value / factor, value, value * factor, (1.0, math.inf))
    return Belief(PEAK, "Peak-to-mean ratio", "x", law, "From your own requests.", before=wide)


def _ceiling(value: float, catalog: Catalog) -> Belief:
    row = catalog.assumption("utilisation-ceiling")
    law = _assumed(row, value, (0.01, 1.0))
    return Belief(CEILING, "Utilisation ceiling", "fraction", law, f"{row.label}: a judgement.")


def _electricity(value: float, catalog: Catalog) -> Belief:
    rows = [row for row in catalog.assumptions if row.unit == "USD/kWh"]
    low = min((row.low or row.value for row in rows), default=value)
    high = max((row.high or row.value for row in rows), default=value)
    law = _in_the_middle(value, low, high)
    basis = "As wide as from industrial to household; yours is the middle."
    return Belief(ELECTRICITY, "Electricity", "USD/kWh", law, basis)


def _volume(value: float) -> Belief:
    basis = "Yours, taken as known. Give it a range where it is a forecast."
    return Belief(VOLUME, "Volume", "tokens/month", known(value), basis)


def _growth(value: float) -> Belief:
    low, high = value - GROWTH_EITHER_WAY, value + GROWTH_EITHER_WAY
    law = around(LawKind.NORMAL, low, value, high)
    basis = "A judgement: 3 points a month either way; no growth is taken as known."
    return Belief(GROWTH, "Growth per month", "fraction", law, basis)


def _assumed(row: Assumption, value: float, limits: tuple[float, float]) -> Law:
    return _in_the_middle(value, row.low or row.value, row.high or row.value, limits)


def _in_the_middle(
    value: float, low: float, high: float, limits: tuple[float, float] | None = None
) -> Law:
    """A law as wide as a range of sources, around the value: never stated at its own corner."""
    factor = math.sqrt(high / low)
    return around(LawKind.LOG_UNIFORM, value / factor, value, value * factor, limits)
