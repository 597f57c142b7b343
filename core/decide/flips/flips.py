"""What would change the answer: for each input the nearest value at which another option wins.

Every flip is verified: the scenario is evaluated anew just short of it and just beyond it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from core.catalog.schema import PriceUnit
from core.decide.answer.rows import not_known_to_serve, rounding_apart
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.flips.flip_search import edge, looks
from core.decide.flips.turned_inputs import Input, inputs
from core.decide.options.options import billed_options, curve_of
from core.decide.risk.by_mean import by_mean
from core.errors import BreakevenError
from core.scenario import Objective, Scenario, hybrid_parts, machine_id

PRICE_REACH: Final = 1_000.0
"""A price is turned by at most this factor either way."""


@dataclass(frozen=True, slots=True)
class Flip:
    """An input, and the value from which on another option is the cheapest feasible one."""

    name: str
    """URL key of the input, or ``price/<option id>``."""
    label: str
    unit: str
    price_unit: PriceUnit | None
    """Of a price that is billed in one."""
    value: float
    """As it is now."""
    flips_at: float
    """The first value beyond which the answer is another."""
    still_at: float
    """The last one found at which it is not: the other side of the same flip."""
    winner_id: str
    """Who wins beyond it; "" where nobody can serve."""
    winner: str
    is_price: bool = False

    @property
    def rises(self) -> bool:
        """Whether the input must rise."""
        return self.flips_at > self.value


@dataclass(frozen=True, slots=True)
class Judge:
    """Who is the cheapest feasible option of a scenario on average, as the headline says it."""

    case: Case
    """The question as it stands: others are asked of the same catalogue and measurements."""
    allowed: frozenset[str] | None = None
    """Options that the user's demands leave; None: all."""

    def winner(self, scenario: Scenario) -> str:
        """Its id; "" where nobody can serve."""
        costs = self.costs(scenario)
        return min(costs, key=lambda name: (costs[name], list(costs).index(name)), default="")

    def costs(self, scenario: Scenario) -> dict[str, float]:
        """Mean monthly cost of each feasible option, in the scenario's order."""
        case, volume = self.case.asking(scenario), scenario.tokens_per_month
        cold_start_s, slo_p95_s = scenario.serverless.cold_start_s, scenario.objective.slo_p95_s
        budget = scenario.demands.budget_usd_per_month
        drawn = [curve_of(item, cold_start_s, slo_p95_s, budget) for item in billed_options(case)]
        believed = beliefs(case, [curve.option for curve in drawn])
        means = by_mean(drawn, believed, case.ranges, case.catalog).at(volume)
        return {
            # Rounded as the table is, so that equal costs stay in the scenario's order.
            curve.option.id: rounding_apart(means[curve.option.id])
            for curve in drawn
            if curve.option.id in means
            if self.allowed is None or curve.option.id in self.allowed
            if not not_known_to_serve(curve, volume)
        }


def flips(judge: Judge, labels: Mapping[str, str]) -> Iterator[tuple[str, tuple[Flip, ...]]]:
    """Turn one input after the other; yield its label with its flips below and above, if any.

    ``labels`` has the page's name of each option. It takes some evaluations of the model for each
    input, hence the pauses.
    """
    scenario = judge.case.scenario
    before = judge.winner(scenario)
    for entry in inputs(scenario):
        if _moves_this_month(entry, scenario):
            yield entry.label, _of_input(entry, judge, before, labels)
    for machine in dict.fromkeys(map(machine_id, scenario.options)):
        label = labels.get(machine, machine)
        yield f"Price of {label}", _of_price(machine, label, judge, labels)


def _moves_this_month(entry: Input, scenario: Scenario) -> bool:
    """Whether the monthly comparison can depend on an input: growth and corpus are the plan's."""
    turned = (entry.turned(scenario, limit) for limit in (entry.low, entry.high))
    return any(_this_month(one) != _this_month(scenario) for one in turned)


def _this_month(scenario: Scenario) -> tuple[Scenario, float]:
    """All that the monthly comparison depends on: the curves' question, and the volume."""
    asked = scenario.without_volume()
    fields = Objective.model_fields
    plain = {name: fields[name].default for name in ("horizon_months", "close_share")}
    objective = asked.objective.model_copy(update=plain)
    return asked.model_copy(update={"objective": objective}), scenario.tokens_per_month


def _of_input(
    entry: Input, judge: Judge, before: str, labels: Mapping[str, str]
) -> tuple[Flip, ...]:
    scenario = judge.case.scenario
    now, costs = entry.of(scenario), judge.costs(scenario)

    def winner(value: float) -> str | None:
        return _winner(judge, entry.turned(scenario, value))

    nearest_flips = []
    for limit in (entry.low, entry.high):
        if limit == now or _moves_nothing(judge, entry.turned(scenario, limit), costs):
            continue
        values = looks(now, limit, logarithmic=entry.logarithmic, whole=entry.whole)
        if (sides := edge(winner, before, values, whole=entry.whole)) is not None:
            still, beyond, who = sides
            name = labels.get(who, who)
            nearest_flips.append(
                Flip(entry.url_key, entry.label, entry.unit, None, now, beyond, still, who, name)
            )
    return tuple(nearest_flips)


def _of_price(
    machine: str,
    label: str,
    judge: Judge,
    labels: Mapping[str, str],
) -> tuple[Flip, ...]:
    """The price of a machine or an API: only its options and their hybrids are computed anew.

    A price that is typed is known, so the answer that turns is the one with it known as it is now.
    """
    scenario = judge.case.scenario
    moved = tuple(n for n in scenario.options if machine in map(machine_id, _parts(n)))
    alone = scenario.model_copy(update={"options": moved})
    priced = next(iter(billed_options(judge.case.asking(alone))), None)
    now = priced.option.price.usd if priced else None
    if priced is None or not now:
        return ()
    others = {n: usd for n, usd in judge.costs(scenario).items() if n not in moved}
    order = {name: place for place, name in enumerate(scenario.options)}

    def winner(usd: float) -> str:
        prices = tuple({**dict(scenario.prices), machine: usd}.items())
        costs = others | judge.costs(alone.model_copy(update={"prices": prices}))
        return min(costs, key=lambda name: (costs[name], order[name]), default="")

    before = winner(now)
    nearest_flips = []
    for limit in (now / PRICE_REACH, now * PRICE_REACH):
        values = looks(now, limit, logarithmic=True, whole=False)
        if (sides := edge(winner, before, values, whole=False)) is not None:
            still, beyond, who = sides
            unit = priced.option.price.unit
            flip = Flip(
                f"price/{machine}", f"Price of {label}", "USD", unit, now, beyond, still, who,
                labels.get(who, who), is_price=True,
            )  # fmt: skip
            nearest_flips.append(flip)
    return tuple(nearest_flips)


def _parts(option_id: str) -> tuple[str, ...]:
    """An option itself; of a hybrid the two that it is made of."""
    return hybrid_parts(option_id) or (option_id,)


def _moves_nothing(judge: Judge, turned: Scenario, costs: Mapping[str, float]) -> bool:
    """Whether an input that was turned to its limit leaves every cost as it was."""
    try:
        return judge.costs(turned) == costs
    except BreakevenError:
        return False


def _winner(judge: Judge, scenario: Scenario) -> str | None:
    """The winner; None where the model refuses the value: no answer is no other answer."""
    try:
        return judge.winner(scenario)
    except BreakevenError:
        return None
