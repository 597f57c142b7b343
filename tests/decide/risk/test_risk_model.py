"""What a drawn input does to all costs is what turning it in the scenario does."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.laws import LawKind
from core.decide.beliefs.beliefs_of import beliefs, beliefs_of_volume
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.options.options import billed_options
from core.decide.result.belief import (
    CEILING,
    ELECTRICITY,
    LABOUR,
    PEAK,
    PRICE,
    SECONDS,
    VOLUME,
    Range,
    with_ranges,
)
from core.decide.result.option import Option, OptionKind
from core.decide.risk.analyse_risk import risk
from core.decide.risk.certainty import certainty
from core.decide.risk.draws import stratified_draws
from core.decide.risk.risk_model import RiskModel, risk_model
from core.scenario import (
    DEFAULT_OPTIONS,
    Hosting,
    Objective,
    Scenario,
    Workload,
    hybrid_id,
)

SCENARIO = Scenario(workload=Workload(requests_per_day=3e7), options=(*DEFAULT_OPTIONS, "modal/l4"))


def model_of(scenario: Scenario, catalog: Catalog) -> RiskModel:
    """The risk model of a scenario."""
    drawn = curves(Case(scenario, catalog))
    believed = beliefs(Case(scenario, catalog), [curve.option for curve in drawn.curves])
    return risk_model(drawn, catalog, believed, scenario.tokens_per_month)


def evaluated(scenario: Scenario, catalog: Catalog) -> dict[str, float]:
    """Every option's cost as the model itself says."""
    return {
        item.option.id: float(item.bill.curve().at(scenario.tokens_per_month))
        for item in billed_options(Case(scenario, catalog))
        if item.bill is not None
    }


def hosting(**fields: float) -> Callable[[Scenario], Scenario]:
    """Turn inputs of self-hosting."""
    return lambda s: s.model_copy(update={"hosting": s.hosting.model_copy(update=fields)})


def workload(**fields: float) -> Callable[[Scenario], Scenario]:
    """Turn inputs of the load."""
    return lambda s: s.model_copy(update={"workload": s.workload.model_copy(update=fields)})


def priced(option_id: str, usd: float) -> Callable[[Scenario], Scenario]:
    """Set a price of one's own."""
    return lambda s: s.model_copy(update={"prices": ((option_id, usd),)})


def nearness(option: Option) -> float:
    """Relative error of the samples' costs: none but for what they keep of the stated load.

    The energy of a token of one's own card, and the idle time-outs of a GPU by the second.
    """
    if option.kind is OptionKind.OWNED:
        return 0.01
    return 0.002 if option.id.startswith("modal/") else 1e-6


TURNS: dict[str, tuple[dict[str, float], Callable[[Scenario], Scenario]]] = {
    "labour": ({LABOUR: 4_321.0}, hosting(labour_usd_per_month=4_321.0)),
    "electricity": ({ELECTRICITY: 0.4}, hosting(usd_per_kwh=0.4)),
    "a lower ceiling": ({CEILING: 0.31}, hosting(utilisation_ceiling=0.31)),
    "a higher ceiling": ({CEILING: 0.9}, hosting(utilisation_ceiling=0.9)),
    "volume": ({VOLUME: 2.25e10}, workload(requests_per_day=1.5e6)),
    "an API's price": (
        {PRICE + "openai/text-embedding-3-small": 0.03},
        priced("openai/text-embedding-3-small", 0.03),
    ),
    "a rent": ({PRICE + "aws/g6.xlarge": 1.3}, priced("aws/g6.xlarge", 1.3)),
    "the API of a hybrid": (
        {PRICE + "cloudflare/bge-large-en-v1.5": 0.03},
        priced("cloudflare/bge-large-en-v1.5", 0.03),
    ),
}


@pytest.mark.parametrize("turn", TURNS)
def test_a_value_costs_what_the_scenario_with_it_costs(note_catalog: Catalog, turn: str) -> None:
    """All options at once: what an input does not touch does not move."""
    values, turned = TURNS[turn]
    model = model_of(SCENARIO, note_catalog)
    columns = {name: np.array([value]) for name, value in values.items()}
    found = model.costs(columns, 1)[:, 0]
    expected = evaluated(turned(SCENARIO), note_catalog)
    for option, usd in zip(model.options, found, strict=True):
        assert usd == pytest.approx(expected[option.id], rel=nearness(option)), option.id


def test_another_peak_costs_what_the_scenario_with_it_costs(note_catalog: Catalog) -> None:
    """Exact for replicas, which carry the peak; a hybrid's hours keep their shape."""
    model = model_of(SCENARIO, note_catalog)
    found = model.costs({PEAK: np.array([4.0])}, 1)[:, 0]
    expected = evaluated(workload(peak_to_mean=4.0)(SCENARIO), note_catalog)
    for option, usd in zip(model.options, found, strict=True):
        if option.id.startswith(("hybrid/", "modal/")):
            assert usd == pytest.approx(expected[option.id], rel=0.25), option.id
        else:
            assert usd == pytest.approx(expected[option.id], rel=nearness(option)), option.id


def test_without_a_change_it_is_the_scenarios_own_cost(note_catalog: Catalog) -> None:
    """The stated values give the stated costs, whatever the kind of bill."""
    model = model_of(SCENARIO, note_catalog)
    expected = evaluated(SCENARIO, note_catalog)
    found = dict(zip((o.id for o in model.options), model.costs({}, 1)[:, 0], strict=True))
    assert found == pytest.approx(expected, rel=1e-9)
    assert {o.kind.value for o in model.options} >= {"api", "per_second", "rented", "hybrid"}


@pytest.mark.parametrize("quota", [None, 20], ids=["no quota", "a quota of 20"])
def test_a_hybrid_that_follows_its_load_costs_the_same_on_every_page(
    catalog: Catalog, quota: int | None
) -> None:
    """At the stated values Risk prices it as the first screen does: hours and quota included."""
    base, burst = "aws/g6.xlarge", "cloudflare/bge-large-en-v1.5"
    hosted = Hosting(autoscale=True, model="BAAI/bge-large-en-v1.5")
    if quota is not None:
        hosted = hosted.model_copy(update={"maximum_replicas": quota})
    scenario = Scenario(
        workload=Workload(requests_per_day=3e7, peak_to_mean=8),
        hosting=hosted,
        options=(base, burst, hybrid_id(base, burst)),
    )
    model, stated = model_of(scenario, catalog), evaluated(scenario, catalog)
    costs = model.costs({}, 1)[:, 0]
    for option, usd in zip(model.options, costs, strict=True):
        assert usd == pytest.approx(stated[option.id], rel=1e-9), option.label


def test_a_higher_ceiling_helps_only_up_to_the_objective(note_catalog: Catalog) -> None:
    """A replica that waits for its objective carries no more under a looser ceiling."""
    for slo_p95_s, binds in ((0.025, True), (10.0, False)):
        scenario = Scenario(
            workload=Workload(requests_per_day=1e8),
            objective=Objective(slo_p95_s=slo_p95_s),
            options=("aws/g6.xlarge",),
        )
        model = model_of(scenario, note_catalog)
        costs = model.costs({CEILING: np.array([0.6, 0.95])}, 2)[0]
        assert (costs[1] == costs[0]) is np.bool_(binds)
        assert costs[1] <= costs[0]


def test_seconds_of_the_api_move_its_hybrid_too(note_catalog: Catalog) -> None:
    """Twice the seconds a request are twice the API's part of the bill, here all of it."""
    api = "huggingface/hf-inference"
    scenario = Scenario(options=(api, hybrid_id("aws/g6.xlarge", api)))
    model = model_of(scenario, note_catalog)
    stated = model._belief(SECONDS + api)
    assert stated > 0
    seconds = {SECONDS + api: np.array([0.5, 1.0, 2.0]) * stated}
    alone, both = model.costs(seconds, 3)
    assert alone == pytest.approx(alone[1] * np.array([0.5, 1.0, 2.0]))
    assert both == pytest.approx(alone)


def test_a_faster_card_takes_less_energy_for_a_token(note_catalog: Catalog) -> None:
    """Twice as fast, half as long at full power; at half the speed twice as long."""
    scenario = Scenario(options=("owned/rtx-4080",))
    model = model_of(scenario, note_catalog)
    (item,) = billed_options(Case(scenario, note_catalog))
    assert item.bill is not None
    lines = item.bill.lines(scenario.tokens_per_month)
    active_usd = next(line.usd_per_month for line in lines if line.label == "Energy, active")
    assert active_usd > 0.01
    speed = model._belief(model.throughputs[0])
    usd = model.costs({model.throughputs[0]: speed * np.array([0.5, 1.0, 2.0])}, 3)[0]
    assert usd - usd[1] == pytest.approx(active_usd * np.array([1.0, 0.0, -0.5]), rel=1e-6)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    asked=st.lists(
        st.tuples(st.sampled_from([1e3, 1e5, 1e7]), st.sampled_from([0.0, 0.1]), st.booleans()),
        min_size=2,
        max_size=3,
    ),
    own=st.sampled_from([{}, {VOLUME: Range(LawKind.LOG_UNIFORM, 1e6, 1e12)}]),
)
def test_a_model_taken_to_another_volume_is_the_model_of_that_volume(
    note_catalog: Catalog, asked: list[tuple[float, float, bool]], own: dict[str, Range]
) -> None:
    """Whatever was asked before, with and without growth, and where the volume has a range."""
    base = model_of(Scenario().without_volume(), note_catalog)
    for requests_per_day, growth, at_horizon in asked:
        load = Workload(requests_per_day=requests_per_day, growth_per_month=growth)
        scenario, months = Scenario(workload=load), 35 if at_horizon else 0
        of_volume, _ = with_ranges(beliefs_of_volume(scenario.tokens_per_month, growth), own)
        taken = base.asking(scenario.tokens_per_month, of_volume, months)
        fresh = model_of(scenario, note_catalog)
        fresh = replace(fresh, beliefs=with_ranges(fresh.beliefs, own)[0], months_ahead=months)
        assert {*taken.beliefs} == {*fresh.beliefs}
        assert certainty(taken, 200) == certainty(fresh, 200)
        assert risk(taken, 200) == risk(fresh, 200)


def test_a_step_of_the_volume_draws_nothing_anew(note_catalog: Catalog) -> None:
    """The uniform draws are asked for once; another number of samples asks for its own."""
    asked: list[str] = []

    def draw(name: str) -> Floats:
        asked.append(name)
        return stratified_draws(name, 200)

    base = model_of(Scenario(), note_catalog)
    base.drawn_costs(draw, 200, range(len(base.bills)))
    assert {*asked} == {belief.name for belief in base.uncertain}
    asked.clear()
    other = base.asking(1e12, beliefs_of_volume(Scenario().tokens_per_month, 0.0), 0)
    costs = other.drawn_costs(draw, 200, range(len(base.bills)))
    assert asked == []
    fresh = other.costs(other.values(draw), 200)
    assert np.array_equal(costs, fresh)
