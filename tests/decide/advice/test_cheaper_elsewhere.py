"""The whole catalogue is searched for the same vectors at a lower bill."""

import math
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.catalog.schema import Benchmark, Catalog
from core.decide.advice.catalogue_options import (
    any_model_apis,
    machine_ids,
    models_like,
    named_pair,
    open_models,
    own_model_apis,
)
from core.decide.advice.cheaper_elsewhere import cheaper_elsewhere
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.least_bill import LeastBill
from core.decide.advice.recommend import LEAST_SAVING, small_bill
from core.decide.advice.recommend_result import Cheaper
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import billed_options
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import (
    Demands,
    Hosting,
    Licence,
    LongTexts,
    Objective,
    Scenario,
    Serverless,
    Workload,
    machine_and_model,
)

LARGE, M3, QWEN = "BAAI/bge-large-en-v1.5", "BAAI/bge-m3", "Qwen/Qwen3-Embedding-0.6B"
DEAR = "aws/p5.4xlarge"
"""An H100 by the hour: dearer than many."""


def asked(catalog: Catalog, requests_per_day: float, *option_ids: str, region: str = "") -> Case:
    """These options at a volume."""
    return Case(
        Scenario(
            workload=Workload(requests_per_day=requests_per_day),
            objective=Objective(region=region),
            hosting=Hosting(model=M3),
            options=option_ids,
        ),
        catalog,
    )


def row_of(case: Case) -> OptionAtVolume:
    """The first row of its table."""
    return at_volume(curves(case), case).rows[0]


def catalogue_options(
    catalog: Catalog, hosted_model: str, models: frozenset[str] | None = None
) -> tuple[str, ...]:
    """Option ids of what is sold with any of these models; None: with any that the catalogue has.

    A machine with ``hosted_model``, the scenario's own, has the short id. Hybrids and this computer
    are left out: the one is made of the others, the other is no offer.
    """
    wanted = [model.id for model in catalog.models if models is None or model.id in models]
    hosted = [model.id for model in open_models(catalog) if models is None or model.id in models]
    pairs = (*any_model_apis(catalog), *machine_ids(catalog))
    return (
        *own_model_apis(catalog, wanted),
        *(named_pair(machine, name, hosted_model) for machine in pairs for name in hosted),
    )


@pytest.fixture(scope="module")
def every_offer(catalog: Catalog) -> Callable[[float, str], list[tuple[Case, OptionAtVolume]]]:
    """Every offer with the vectors of M3, asked alone at a volume in a region, with its row.

    What is demanded does not change a row: those of one volume and region are asked for once.
    """
    ids = catalogue_options(catalog, M3, models_like(M3, catalog))

    @cache
    def asked_alone(requests_per_day: float, region: str) -> list[tuple[Case, OptionAtVolume]]:
        cases = [asked(catalog, requests_per_day, option_id, region=region) for option_id in ids]
        return [(case, row_of(case)) for case in cases]

    return asked_alone


@pytest.mark.parametrize(
    ("requests_per_day", "region"),
    [(1e4, ""), (1e7, ""), (1e9, ""), (1e7, "eu"), (1e9, "eu"), (1e9, "home")],
)
def test_it_finds_what_looking_at_every_offer_finds(
    catalog: Catalog,
    every_offer: Callable[[float, str], list[tuple[Case, OptionAtVolume]]],
    requests_per_day: float,
    region: str,
) -> None:
    """At any volume and in any place, within what is demanded: the bounds leave nothing out."""
    case, demanded = asked(catalog, requests_per_day, DEAR, region=region), Constraints()
    than = row_of(case)
    assert than.usd_per_month is not None
    cheapest, least = None, than.usd_per_month * (1 - LEAST_SAVING)
    for alone, row in every_offer(requests_per_day, region):
        usd = math.inf if row.usd_per_month is None else row.usd_per_month
        less = usd < least and mean_of(row) < mean_of(than) * (1 - LEAST_SAVING)
        if row.feasible and less and not violations(row, alone, demanded):
            cheapest, least = row, usd
    found = cheaper_elsewhere(case, than, demanded).same_vectors
    assert (found is None) == (cheapest is None)
    if found is not None and cheapest is not None:
        assert found.row.usd_per_month == cheapest.usd_per_month
        assert found.usd_per_month == mean_of(cheapest)
        assert found.saving_usd_per_month == mean_of(than) - mean_of(cheapest)


def mean_of(row: OptionAtVolume) -> float:
    """What it costs on average; inf where nobody can say."""
    return math.inf if row.mean_usd_per_month is None else row.mean_usd_per_month


def test_what_is_chosen_is_not_news(catalog: Catalog) -> None:
    """With the cheapest among the options there is nothing to say; nor of a bill of nothing."""
    case = asked(catalog, 1e7, DEAR)
    found = cheaper_elsewhere(case, row_of(case)).same_vectors
    assert found is not None
    again = asked(catalog, 1e7, DEAR, found.row.option.id)
    assert cheaper_elsewhere(again, row_of(again)).same_vectors is None
    assert cheaper_elsewhere(case, None).all == ()


def test_it_has_the_same_vectors(catalog: Catalog) -> None:
    """Those of what it is set against, also where that names a model of its own."""
    case = asked(catalog, 1e7, f"aws/g6e.xlarge@{QWEN}")
    found = cheaper_elsewhere(case, row_of(case)).same_vectors
    assert found is not None
    assert found.row.option.model == QWEN
    assert models_like("voyageai/voyage-4-nano", catalog) >= {"voyage/voyage-4"}
    assert models_like(M3, catalog) == {M3}


def test_every_offer_of_the_catalogue_is_an_option(catalog: Catalog) -> None:
    """Each id can be compared; machines with the scenario's own model have the short id."""
    ids = catalogue_options(catalog, LARGE, frozenset({LARGE, M3, "openai/text-embedding-3-small"}))
    assert len(set(ids)) == len(ids)
    assert {DEAR, f"{DEAR}@{M3}", "cloudflare/bge-m3", "openai/text-embedding-3-small"} <= {*ids}
    assert f"replicate/t4@{M3}" in ids
    assert not any("openai" in (machine_and_model(option_id)[1] or "") for option_id in ids)
    case = Case(Scenario(hosting=Hosting(model=LARGE)).model_copy(update={"options": ids}), catalog)
    assert {item.option.model for item in billed_options(case)} <= {
        LARGE,
        M3,
        "openai/text-embedding-3-small",
    }
    assert len(catalogue_options(catalog, LARGE)) > 20 * len(ids) / 3


questions = st.builds(
    Scenario,
    objective=st.builds(Objective, region=st.sampled_from(["", "", "eu", "home"])),
    demands=st.builds(
        Demands,
        licence=st.sampled_from(Licence),
        languages=st.sampled_from([(), ("de",)]),
        least_tokens=st.sampled_from([0, 2_000]),
        budget_usd_per_month=st.sampled_from([None, None, 500.0, 2_000.0]),
    ),
    workload=st.builds(
        Workload,
        requests_per_day=st.sampled_from([1.0, 1e5, 1e7, 1e9]),
        tokens_per_request=st.sampled_from([20.0, 500.0, 3_000.0]),
        long_texts=st.sampled_from(LongTexts),
        length_cv=st.sampled_from([0.0, 1.0]),
        deferrable_share=st.sampled_from([0.0, 0.5, 1.0]),
        peak_to_mean=st.sampled_from([1.0, 3.0]),
    ),
    serverless=st.builds(Serverless, keep_warm=st.booleans()),
    hosting=st.builds(
        Hosting,
        autoscale=st.booleans(),
        spare_replicas=st.integers(0, 2),
        minimum_replicas=st.integers(1, 4),
        reserved_share=st.sampled_from([0.0, 0.5]),
        spot_share=st.sampled_from([0.0, 0.5]),
        utilisation_ceiling=st.sampled_from([0.2, 0.6, 1.0]),
    ),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(scenario=questions, data=st.data())
def test_a_bound_is_never_above_the_bill(
    catalog: Catalog, scenario: Scenario, data: st.DataObject
) -> None:
    """Of every kind of machine and API, with any model, load, fleet and price."""
    ids = catalogue_options(catalog, LARGE)
    names = data.draw(st.lists(st.sampled_from(ids), min_size=3, max_size=3))
    for name in names:
        case = Case(scenario.model_copy(update={"options": (name,)}), catalog)
        bill, least = billed_options(case)[0].bill, LeastBill(case)
        if bill is None:
            continue
        usd = float(bill.curve().at(scenario.tokens_per_month))
        assert least.standing(name) <= usd * (1 + 1e-9)
        assert least.carrying(name) <= usd * (1 + 1e-9) or not suits(case)
        machine, model_id = machine_and_model(name)
        model = catalog.model(model_id or LARGE)
        if model is not None and (catalog.find_machine(machine) or catalog.owned_card(machine)):
            at_peak = float(least.at_peak([machine], [model])[0, 0])
            assert least.standing(name) <= at_peak * (1 + 1e-9)
            assert at_peak <= least.carrying(name) * (1 + 1e-9)


def suits(case: Case) -> bool:
    """Whether the case's only option is known to suit."""
    row = at_volume(curves(case), case).rows[0]
    return row.feasible and not row.unknown


MACHINES = machine_ids(load_catalog())
APIS = tuple(f"{p.id}/{o.id}" for p in load_catalog().providers for o in p.api_offers)
OPEN = tuple(model.id for model in open_models(load_catalog()))


def part_of(whole: Catalog, machines: set[str], apis: set[str], models: set[str]) -> Catalog:
    """A catalogue with fewer offers, and fewer models that can be hosted."""
    providers = tuple(
        provider.model_copy(
            update={
                "machines": tuple(
                    o for o in provider.machines if f"{provider.id}/{o.id}" in machines
                ),
                "api_offers": tuple(
                    o for o in provider.api_offers if f"{provider.id}/{o.id}" in apis
                ),
            }
        )
        for provider in whole.providers
    )
    kept = tuple(model for model in whole.models if model.kind == "api" or model.id in models)
    cards = tuple(card for card in whole.cards if card.usd_new is None or card.id == "rtx-4090")
    return whole.model_copy(update={"providers": providers, "models": kept, "cards": cards})


demands = st.builds(
    Constraints,
    benchmark=st.just(Benchmark.MTEB_ENGLISH_V2),
    least_score=st.sampled_from([None, 55.0, 60.0]),
)


def stated_usd(case: Case, ids: tuple[str, ...]) -> dict[str, float]:
    """The bill of each, every input as stated."""
    every = case.asking(case.scenario.model_copy(update={"options": ids}))
    volume = case.scenario.tokens_per_month
    return {
        item.option.id: float(item.bill.curve().at(volume))
        for item in billed_options(every)
        if item.bill is not None
    }


def looked_at(
    case: Case, models: frozenset[str], than: OptionAtVolume, demanded: Constraints
) -> OptionAtVolume | None:
    """The least bill of all that suits, found by asking every one for its bill; None: none."""
    ids = tuple(catalogue_options(case.catalog, M3, models))
    costs, most = stated_usd(case, ids), (than.usd_per_month or 0.0) * (1 - LEAST_SAVING)
    for name, usd in sorted(costs.items(), key=lambda item: item[1]):
        if usd >= most:
            break
        alone = case.asking(case.scenario.model_copy(update={"options": (name,)}))
        row = row_of(alone)
        less = mean_of(row) < mean_of(than) * (1 - LEAST_SAVING)
        if row.can_serve and less and not violations(row, alone, demanded):
            return row
    return None


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(scenario=questions, demanded=demands, data=st.data())
def test_the_search_finds_what_the_bill_of_every_offer_finds(
    catalog: Catalog, scenario: Scenario, demanded: Constraints, data: st.DataObject
) -> None:
    """With the same vectors and with any model, for any question, demand and part of the prices."""

    def some(names: tuple[str, ...], most: int) -> set[str]:
        return {*data.draw(st.lists(st.sampled_from(names), max_size=most))}

    part = part_of(catalog, {DEAR, *some(MACHINES, 6)}, some(APIS, 12), {M3, *some(OPEN, 5)})
    part = part.model_copy(
        update={"cards": tuple(c for c in part.cards if c.usd_new is None or c.id == "rtx-4090")}
    )
    hosting = scenario.hosting.model_copy(update={"model": M3})
    case = Case(scenario.model_copy(update={"hosting": hosting, "options": (DEAR,)}), part)
    than = row_of(case)
    found = cheaper_elsewhere(case, than, demanded)
    if than.usd_per_month is None:
        assert found.all == ()
        return
    same = looked_at(case, frozenset({M3}), than, demanded)
    assert found_usd(found.same_vectors) == stated_of(same)
    reached = same or than
    others = frozenset(model.id for model in part.models) - {M3}
    least = None
    if stated_of(reached) >= small_bill(hosting):
        least = looked_at(case, others, reached, demanded)
    assert found_usd(found.other_model) == stated_of(least)


def stated_of(row: OptionAtVolume | None) -> float:
    """Its bill as stated; inf of none."""
    return math.inf if row is None or row.usd_per_month is None else row.usd_per_month


def found_usd(found: Cheaper | None) -> float:
    """The same of what was found."""
    return stated_of(None if found is None else found.row)


def test_another_model_is_offered_beside_the_same_vectors(catalog: Catalog) -> None:
    """It says that all must be embedded again; a floor of quality holds for it, too."""
    case = asked(catalog, 1e9, DEAR)
    found = cheaper_elsewhere(case, row_of(case))
    assert found.same_vectors is not None
    assert found.other_model is not None
    assert found.other_model.usd_per_month < found.same_vectors.usd_per_month
    assert found.other_model.row.option.model != M3
    assert "everything must be embedded again" in found.other_model.sentence
    board, floor = Benchmark.MTEB_ENGLISH_V2, 66.0
    good = cheaper_elsewhere(case, row_of(case), Constraints(benchmark=board, least_score=floor))
    assert good.other_model is not None
    score = catalog.score(good.other_model.row.option.model or "", board)
    assert score is not None
    assert score.score >= floor
    kept = cheaper_elsewhere(case, row_of(case), Constraints(same_weights_as=M3))
    assert kept.other_model is None
