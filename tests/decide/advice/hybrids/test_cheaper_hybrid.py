"""The cheapest hybrid is found among all bases and all APIs with the same vectors."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.cost.curve.piecewise import Piecewise
from core.decide.advice.catalogue_options import machine_ids, named_pair, open_models
from core.decide.advice.cheaper_elsewhere import cheaper_elsewhere
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.hybrids.burst_rates import BurstRates, least_rate
from core.decide.advice.hybrids.cheaper_hybrid import HybridSearch
from core.decide.advice.hybrids.least_hybrid import LeastHybrid
from core.decide.advice.least_bill import LeastBill
from core.decide.advice.recommend import LEAST_SAVING
from core.decide.advice.violation import Rule
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.hybrid_option import mixable_apis
from core.decide.options.options import billed_options
from core.decide.result.option import OptionKind
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import (
    Demands,
    Hosting,
    Licence,
    Objective,
    Scenario,
    Workload,
    hybrid_id,
    hybrid_parts,
)
from tests.decide.advice.test_cheaper_elsewhere import APIS, M3, MACHINES, OPEN, part_of, questions

NANO = "voyageai/voyage-4-nano"
L4, M3_API = "aws/g6.xlarge", "cloudflare/bge-m3"
PEAKY = Workload(requests_per_day=1e8, peak_to_mean=10)
"""1.5 T tokens a month, ten times as much in the busy hour: replicas of the peak stand idle."""
LIGHT = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def pairs(catalog: Catalog, hosted: str, models: frozenset[str]) -> Iterator[str]:
    """Every hybrid of a machine with one of these models and an API that mixes with it."""
    for model, machine in product(open_models(catalog), machine_ids(catalog)):
        if model.id in models:
            base = named_pair(machine, model.id, hosted)
            for api in mixable_apis(model.id, catalog):
                offered = catalog.find_api(api)
                own = offered is not None and offered[1].model is not None
                yield hybrid_id(base, api if own else named_pair(api, model.id, hosted))


def rows(case: Case, names: Iterator[str]) -> Iterator[tuple[Case, OptionAtVolume]]:
    """Each asked alone."""
    for name in names:
        alone = case.asking(case.scenario.model_copy(update={"options": (name,)}))
        yield alone, at_volume(curves(alone), alone).rows[0]


def rows_below(case: Case) -> OptionAtVolume:
    """A row of any option, whose mean everything is below."""
    alone = case.asking(case.scenario.model_copy(update={"options": (M3_API,)}))
    return replace(at_volume(curves(alone), alone).rows[0], mean_usd_per_month=math.inf)


def looked_at(case: Case, models: frozenset[str], below: float, demanded: Constraints) -> float:
    """The least bill of all hybrids that suit and have both parts; inf: none."""
    least = math.inf
    for alone, row in rows(case, pairs(case.catalog, case.scenario.hosting.model, models)):
        usd = row.usd_per_month
        split = row.api_share is not None and 0 < row.api_share < 1
        if usd is not None and usd < min(least, below) and split and row.feasible:
            least = least if violations(row, alone, demanded) else usd
    return least


def search_of(case: Case, demanded: Constraints) -> HybridSearch:
    """A search with bounds of its own."""
    return HybridSearch(case, demanded, open_models(case.catalog), LeastBill(case))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(scenario=questions, commercial=st.booleans(), data=st.data())
def test_it_finds_what_the_bill_of_every_hybrid_finds(
    catalog: Catalog, scenario: Scenario, data: st.DataObject, *, commercial: bool
) -> None:
    """For any question, demand and part of the catalogue: the bounds leave nothing out."""

    def some(names: tuple[str, ...], most: int) -> set[str]:
        return {*data.draw(st.lists(st.sampled_from(names), max_size=most))}

    apis = {M3_API, "voyage/voyage-4-lite", *some(APIS, 8)}
    part = part_of(catalog, {L4, *some(MACHINES, 3)}, apis, {M3, NANO, *some(OPEN, 2)})
    labour = data.draw(st.sampled_from([0.0, 2_700.0]))
    hosting = scenario.hosting.model_copy(update={"model": M3, "labour_usd_per_month": labour})
    demands = Demands(licence=Licence.NOT_FORBIDDEN if commercial else Licence.ANY)
    question = {"hosting": hosting, "options": (), "demands": demands}
    case, demanded = Case(scenario.model_copy(update=question), part), Constraints()
    models = frozenset(model.id for model in open_models(part))
    below = data.draw(st.sampled_from([math.inf, 1e5, 3e3]))
    than = replace(rows_below(case), usd_per_month=below / (1 - LEAST_SAVING))
    row = search_of(case, demanded).cheapest(models, than)
    usd = math.inf if row is None or row.usd_per_month is None else row.usd_per_month
    assert usd == looked_at(case, models, below, demanded)


@LIGHT
@given(scenario=questions, data=st.data())
def test_a_bound_is_never_above_the_bill_of_a_hybrid(
    catalog: Catalog, scenario: Scenario, data: st.DataObject
) -> None:
    """At the dense peak and at the published rate, of every base with every API that suit.

    Of what is not known to suit no bound is asked.
    """
    model_id = data.draw(st.sampled_from([M3, NANO, "Qwen/Qwen3-Embedding-8B"]))
    model = catalog.model(model_id)
    assert model is not None
    machine = data.draw(st.sampled_from(MACHINES))
    hosting = scenario.hosting.model_copy(update={"model": M3})
    case = Case(scenario.model_copy(update={"hosting": hosting}), catalog)
    least = LeastBill(case)
    rates, bounds = BurstRates(case, Constraints(), least), LeastHybrid(case, least)
    rate = data.draw(st.sampled_from(rates.of(model)))
    base = named_pair(machine, model.id, M3)
    name = hybrid_id(base, rate.option_id)
    alone = case.asking(case.scenario.model_copy(update={"options": (name,)}))
    row = at_volume(curves(alone), alone).rows[0]
    if row.usd_per_month is None or not row.can_serve or not row.replicas:
        return
    ((_, bound),) = bounds.splitting(base, [rate])
    assert bound <= row.usd_per_month * (1 + 1e-9)
    assert float(bounds.at_peak([machine], [model], [rate])[0, 0]) <= row.usd_per_month * (1 + 1e-9)


steps = st.lists(
    st.tuples(st.floats(0, 1e4), st.floats(0, 1e-5), st.floats(1.5, 10)), min_size=1, max_size=4
)


@given(pieces=steps, at=st.floats(1e3, 1e12), part=st.floats(0, 1))
def test_an_api_never_costs_less_than_its_straight_line(
    pieces: list[tuple[float, float, float]], at: float, part: float
) -> None:
    """Whatever its tiers, free units and steps: any part of the volume, in its order of tiers."""
    uppers = np.append(np.cumprod([1e6 * each[2] for each in pieces])[:-1], math.inf)
    cost = Piecewise(
        uppers, np.array([each[0] for each in pieces]), np.array([each[1] for each in pieces])
    )
    slope, free = least_rate(cost, at)
    line = slope * at * part - free
    assert line <= float(cost.at(at * part)) + 1e-6 * max(1.0, abs(line))


def test_a_peaky_load_is_told_its_hybrid(catalog: Catalog) -> None:
    """1.5 T tokens a month at ten times the mean: the base carries most, the API the tip.

    By hand: a replica that works only in the busiest hours costs its whole month, while the API
    asks for the few tokens alone. So the hybrid undercuts the replicas of the whole peak, and the
    sentence says how many replicas, whose API, and how much less.
    """
    hosting = Hosting(model=M3, labour_usd_per_month=200)
    case = Case(Scenario(workload=PEAKY, hosting=hosting, options=(M3_API,)), catalog)
    shot = at_volume(curves(case), case)
    than = shot.rows[0]
    cheaper = cheaper_elsewhere(case, than)
    hybrid = cheaper.same_hybrid
    assert hybrid is not None
    assert cheaper.same_vectors is not None
    assert hybrid.row.option.kind is OptionKind.HYBRID
    assert hybrid.row.option.burst is not None
    assert hybrid.usd_per_month < cheaper.same_vectors.usd_per_month * (1 - LEAST_SAVING)
    assert hybrid in cheaper.all
    provider = (hybrid_parts(hybrid.row.option.id) or ("", ""))[1].partition("/")[0]
    assert f"base on {hybrid.row.replicas} x " in hybrid.sentence
    assert f"bursts to {hybrid.row.option.burst.label}" in hybrid.sentence
    assert f"${hybrid.saving_usd_per_month:,.2f} less" in hybrid.sentence
    chosen = case.scenario.model_copy(update={"options": (M3_API, hybrid.row.option.id)})
    again = cheaper_elsewhere(case.asking(chosen), than).same_hybrid
    assert again is None or again.row.option.id != hybrid.row.option.id
    home = case.scenario.model_copy(update={"objective": Objective(region="home")})
    kept_home = cheaper_elsewhere(case.asking(home), than)
    assert kept_home.same_hybrid is kept_home.other_hybrid is None
    elsewhere = cheaper_elsewhere(case, than, Constraints(providers=frozenset({"novita"})))
    assert elsewhere.same_hybrid is None or provider == "novita"


@pytest.mark.parametrize(
    ("demanded", "rules"),
    [
        (Constraints(), set()),
        (Constraints(providers=frozenset({"aws"})), {Rule.PROVIDER}),
        (Constraints(providers=frozenset({"cloudflare"})), {Rule.PROVIDER}),
        (Constraints(providers=frozenset({"aws", "cloudflare"})), set()),
        (Constraints(keys_at_hand=frozenset()), {Rule.KEY}),
    ],
)
def test_both_sides_of_a_hybrid_are_held_to_what_is_demanded(
    catalog: Catalog, demanded: Constraints, rules: set[Rule]
) -> None:
    """Its base's provider, its API's, and the API's key."""
    name = hybrid_id(L4, M3_API)
    case = Case(Scenario(hosting=Hosting(model=M3), options=(name,)), catalog)
    row = at_volume(curves(case), case).rows[0]
    assert {violation.rule for violation in violations(row, case, demanded)} == rules


def test_a_base_that_may_not_be_hosted_makes_no_hybrid(catalog: Catalog) -> None:
    """Weights that forbid a business to host them are out, alone and with an API for the bursts."""
    model, api = "jinaai/jina-embeddings-v3", "jina/jina-embeddings-v3"
    name = hybrid_id(f"{L4}@{model}", api)
    case = Case(Scenario(options=(name,)), catalog)
    row = at_volume(curves(case), case).rows[0]
    assert billed_options(case)[0].bill is not None
    assert Rule.LICENCE in {v.rule for v in violations(row, case, Constraints())}
    any_licence = case.scenario.model_copy(update={"demands": Demands(licence=Licence.ANY)})
    other = case.asking(any_licence)
    row = at_volume(curves(other), other).rows[0]
    assert Rule.LICENCE not in {v.rule for v in violations(row, other, Constraints())}
