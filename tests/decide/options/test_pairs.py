"""An option is a machine with a model on it: what holds of every pair."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.cost.many_scenarios.many import Factors, costs_of_many
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.flips.flips import Judge, flips
from core.decide.options.options import billed_options
from core.decide.plan.plan import plan
from core.decide.result.curves import OptionCurve
from core.decide.result.snapshot import OptionAtVolume
from core.decide.risk.analyse_risk import risk
from core.decide.risk.risk_model import risk_model
from core.errors import ScenarioError
from core.measurement.measured import Measurement
from core.scenario import (
    THIS_MACHINE,
    Hosting,
    LongTexts,
    Objective,
    Scenario,
    Serverless,
    Vectors,
    Workload,
    hybrid_id,
    pair_id,
)
from tests.decide.conftest import Measure

SMALL, LARGE, M3 = "BAAI/bge-small-en-v1.5", "BAAI/bge-large-en-v1.5", "BAAI/bge-m3"
QWEN, HUGE = "Qwen/Qwen3-Embedding-0.6B", "Qwen/Qwen3-Embedding-8B"
MODELS = (
    SMALL,
    LARGE,
    M3,
    QWEN,
    HUGE,
    "jinaai/jina-embeddings-v3",
    "openai/text-embedding-3-small",
)
L4, BY_SECOND, OWNED = "aws/g6.xlarge", "modal/l4", "owned/rtx-4080"
MACHINES = (
    L4,
    BY_SECOND,
    OWNED,
    THIS_MACHINE,
    "aws/p4d.24xlarge",
    "runpod/rtx-4090",
    "replicate/t4",
)
BURSTS = ("cloudflare/bge-m3", "cloudflare/bge-large-en-v1.5", "replicate/t4")
NOTHING: dict[str, Measurement] = {}

machines = st.sampled_from(MACHINES)
models = st.sampled_from(MODELS)
questions = st.builds(
    Scenario,
    workload=st.builds(
        Workload,
        requests_per_day=st.sampled_from([10.0, 5e4, 3e6, 4e8]),
        tokens_per_request=st.sampled_from([20.0, 500.0, 3_000.0]),
        long_texts=st.sampled_from(LongTexts),
        length_cv=st.sampled_from([0.0, 1.0]),
        deferrable_share=st.sampled_from([0.0, 0.4]),
        corpus_tokens=st.sampled_from([0.0, 1e9]),
        growth_per_month=st.sampled_from([0.0, 0.1]),
    ),
    objective=st.builds(
        Objective, slo_p95_s=st.sampled_from([0.01, 0.5]), horizon_months=st.just(6)
    ),
    serverless=st.builds(Serverless, keep_warm=st.booleans()),
    hosting=st.builds(
        Hosting,
        model=models,
        autoscale=st.booleans(),
        spare_replicas=st.integers(0, 2),
        maximum_replicas=st.sampled_from([5, 100_000]),
    ),
    vectors=st.builds(Vectors, stored_millions=st.sampled_from([0.0, 50.0])),
)
laws = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def curve_numbers(curve: OptionCurve) -> dict[str, Any]:
    """Everything but the names."""
    option, capacity = curve.option, curve.option.capacity
    rate = capacity and replace(capacity, replica=None)
    return {
        "option": replace(option, id="", label="", burst=None, capacity=None),
        "capacity": rate,
        "usd": None if curve.usd_per_month is None else curve.usd_per_month.tolist(),
        "replicas": None if curve.replicas is None else curve.replicas.tolist(),
        "feasible": curve.feasible.tolist(),
        "floor": curve.floor_tokens_per_month,
    }


def row_numbers(row: OptionAtVolume) -> dict[str, Any]:
    """The same of a row of the table."""
    return {f.name: getattr(row, f.name) for f in fields(row) if f.name != "option"}


def asked(scenario: Scenario, options: Sequence[str], catalog: Catalog) -> list[dict[str, Any]]:
    """The numbers of each option, in the order asked."""
    case = Case(scenario.model_copy(update={"options": tuple(options)}), catalog, NOTHING)
    drawn = curves(case)
    rows = {row.option.id: row for row in at_volume(drawn, case).rows}
    return [curve_numbers(c) | row_numbers(rows[c.option.id]) for c in drawn.curves]


@laws
@given(scenario=questions, machine=machines, burst=st.sampled_from(BURSTS))
def test_the_scenarios_own_model_may_be_named_or_not(
    catalog: Catalog, scenario: Scenario, machine: str, burst: str
) -> None:
    """Of a machine, and of a hybrid with it: exactly the same numbers."""
    own = pair_id(machine, scenario.hosting.model)
    plain = [machine, hybrid_id(machine, burst)]
    named = [own, hybrid_id(own, burst)]
    assume_open = catalog.model(scenario.hosting.model)
    if assume_open is not None and assume_open.kind == "api":  # refused in other words
        return
    assert asked(scenario, named, catalog) == asked(scenario, plain, catalog)


def test_of_all_pages_the_numbers_are_the_same(catalog: Catalog) -> None:
    """Risk and plan too: inputs, chances and paths of the same options by longer names."""
    found = []
    for option_ids in (
        (L4, OWNED, "cloudflare/bge-m3"),
        (pair_id(L4, LARGE), pair_id(OWNED, LARGE), "cloudflare/bge-m3"),
    ):
        asks = Scenario(workload=Workload(requests_per_day=3e6, growth_per_month=0.1))
        case = Case(asks.model_copy(update={"options": option_ids}), catalog, NOTHING)
        drawn = curves(case)
        believed = beliefs(case, [curve.option for curve in drawn.curves])
        model = risk_model(drawn, catalog, believed, case.scenario.tokens_per_month)
        spread = [(o.usd_low, o.usd_high, o.chance) for o in risk(model).options]
        path = plan(drawn, case).best
        assert path is not None
        found.append(([(b.name, b.law) for b in believed], spread, path.usd))
    assert found[0] == found[1]


@laws
@given(scenario=questions, machine=machines, model_id=models)
def test_many_scenarios_cost_a_pair_what_its_curve_says(
    catalog: Catalog, scenario: Scenario, machine: str, model_id: str
) -> None:
    """The quick way and the exact one agree."""
    option_ids = (pair_id(machine, model_id),)
    case = Case(scenario.model_copy(update={"options": option_ids}), catalog, NOTHING)
    bill = billed_options(case)[0].bill
    if bill is None:
        return
    volumes = np.geomspace(1e6, 1e12, 7)
    quick = costs_of_many([bill], [Factors()], volumes, volumes.size)[0]
    np.testing.assert_allclose(quick, bill.curve().at(volumes), rtol=1e-9)


@laws
@given(
    scenario=questions,
    pairs=st.lists(st.tuples(machines, models), min_size=2, max_size=4, unique=True),
    data=st.data(),
)
def test_side_by_side_in_any_order_each_has_the_numbers_it_has_alone(
    catalog: Catalog, scenario: Scenario, pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    """One option says nothing of another, whatever model that one has."""
    ids = [pair_id(machine, model_id) for machine, model_id in pairs]
    order = data.draw(st.permutations(ids))
    together = dict(zip(order, asked(scenario, order, catalog), strict=True))
    for option_id in ids:
        assert [together[option_id]] == asked(scenario, [option_id], catalog)


@laws
@given(machine=machines, model_id=models, burst=st.sampled_from([*BURSTS, "voyage/voyage-4"]))
def test_a_hybrid_is_of_one_vector_space(
    catalog: Catalog, machine: str, model_id: str, burst: str
) -> None:
    """Whatever the scenario's own model is, the base's own decides."""
    option_ids = (hybrid_id(pair_id(machine, model_id), burst),)
    scenario = Scenario(hosting=Hosting(model=M3), options=option_ids)
    found = billed_options(Case(scenario, catalog, NOTHING))[0]
    sold = catalog.find_api(burst)
    assert sold is not None
    vectors = sold[1].model or M3
    if found.bill is not None:
        assert vectors == model_id
    if vectors != model_id and machine not in (THIS_MACHINE, "replicate/t4"):
        assert found.option.unpriced_reason.startswith("No hybrid: ")


def test_a_declared_vector_space_is_one_for_hybrids_of_pairs_too(catalog: Catalog) -> None:
    """Voyage's open model and its larger ones share theirs."""
    nano = pair_id(L4, "voyageai/voyage-4-nano")
    scenario = Scenario(options=(hybrid_id(nano, "voyage/voyage-4"),))
    assert billed_options(Case(scenario, catalog, NOTHING))[0].option.unpriced_reason == ""


@pytest.mark.parametrize(
    ("option_id", "why"),
    [
        (pair_id("aws/g4dn.xlarge", HUGE), "The weights of Qwen/Qwen3-Embedding-8B take 15.1 GB"),
        (pair_id(L4, "nobody/knows"), "The catalogue has no model nobody/knows"),
        (pair_id(L4, "openai/text-embedding-3-small"), "sold as an API only"),
        (pair_id(THIS_MACHINE, M3), "Not measured yet"),
    ],
)
def test_what_cannot_run_says_so_in_its_place(catalog: Catalog, option_id: str, why: str) -> None:
    """The option stays in the table with one sentence and no price; the others go on."""
    cards = [card.model_copy(update={"memory_gb": 12.0}) for card in catalog.cards]
    small = catalog.model_copy(update={"cards": tuple(cards)})
    case = Case(Scenario(options=(option_id, L4)), small, NOTHING)
    refused, other = at_volume(curves(case), case).rows[::-1]
    assert refused.option.id == option_id
    assert why in refused.option.unpriced_reason
    assert refused.usd_per_month is None
    assert refused.option.capacity is None
    assert other.usd_per_month is not None


def test_an_api_that_sells_its_own_model_takes_no_other(catalog: Catalog) -> None:
    """It is no machine."""
    scenario = Scenario(options=(pair_id("cloudflare/bge-m3", M3),))
    with pytest.raises(ScenarioError, match="sells its own model"):
        billed_options(Case(scenario, catalog, NOTHING))


def test_three_models_stand_side_by_side_with_their_own_texts_and_vectors(catalog: Catalog) -> None:
    """Each by its own limit, dimensions and speed; each says which model it is."""
    ids = (pair_id(L4, SMALL), pair_id(L4, M3), pair_id("aws/g6e.xlarge", QWEN), L4)
    scenario = Scenario(
        workload=Workload(tokens_per_request=2_000), vectors=Vectors(stored_millions=10)
    )
    case = Case(scenario.model_copy(update={"options": ids}), catalog, NOTHING)
    options = [item.option for item in billed_options(case)]
    assert [option.model for option in options] == [SMALL, M3, QWEN, LARGE]
    assert [option.max_tokens for option in options] == [512, 8_192, 32_768, 512]
    assert [option.label for option in options[:2]] == [
        "AWS g6.xlarge (L4) with bge-small-en-v1.5",
        "AWS g6.xlarge (L4) with bge-m3",
    ]
    assert options[3].label == "AWS g6.xlarge (L4)"
    stored = [
        next(line.usd_per_month for line in item.bill.lines(1e9) if "orage" in line.label)
        for item in billed_options(case)
        if item.bill is not None
    ]
    assert stored[0] / stored[1] == pytest.approx(384 / 1024)
    assert "do not mix" in " ".join(options[1].notes)
    names = {b.name for b in beliefs(case, options) if b.name.startswith("throughput")}
    assert len(names) == 4
    assert [b.label for b in beliefs(case, options) if b.name == f"price/{L4}"] == [
        "Price of AWS g6.xlarge (L4)"
    ]


def test_a_machine_has_one_price_with_any_model(catalog: Catalog) -> None:
    """A price of one's own moves all its options; one for a single model is refused."""
    ids = (pair_id(L4, SMALL), L4)
    scenario = Scenario(options=ids, prices=((L4, 0.5),))
    options = [item.option for item in billed_options(Case(scenario, catalog, NOTHING))]
    assert [option.price.usd for option in options] == [0.5, 0.5]
    wrong = Scenario(options=ids, prices=((pair_id(L4, SMALL), 0.5),))
    with pytest.raises(ScenarioError, match="one price with any"):
        billed_options(Case(wrong, catalog, NOTHING))


def test_a_flip_of_a_machines_price_moves_all_its_models(catalog: Catalog) -> None:
    """One search for a machine, whatever runs on it, and its hybrids with it."""
    base = pair_id(L4, M3)
    other = pair_id(OWNED, M3)
    ids = (base, pair_id(L4, SMALL), hybrid_id(base, "cloudflare/bge-m3"), other)
    load = Workload(requests_per_day=2e8)
    case = Case(Scenario(workload=load, hosting=Hosting(model=M3), options=ids), catalog, NOTHING)
    labels = {option_id: option_id for option_id in ids}
    found = [(name, its) for name, its in flips(Judge(case), labels) if name.startswith("Price of")]
    assert [name for name, _ in found if "hybrid" not in name] == [
        f"Price of {L4}",
        f"Price of {OWNED}",
    ]
    assert {flip.name for _, its in found for flip in its} <= {
        f"price/{L4}",
        f"price/{OWNED}",
    }
    turned = [flip for _, its in found for flip in its if flip.name == f"price/{L4}"]
    assert turned
    for flip in turned:
        dear = case.scenario.model_copy(update={"prices": ((L4, flip.flips_at),)})
        assert Judge(case).winner(dear) == flip.winner_id


def test_a_prediction_far_from_every_row_says_so(catalog: Catalog) -> None:
    """Neither the card nor the size was ever published; where either was, no word."""
    far, near_card, near_size = (
        pair_id("aws/g6e.xlarge", SMALL),
        pair_id("aws/g6.xlarge", SMALL),
        pair_id("aws/g6e.xlarge", QWEN),
    )
    case = Case(Scenario(options=(far, near_card, near_size)), catalog, NOTHING)
    said = [" ".join(item.option.notes) for item in billed_options(case)]
    assert "predicted far from what was published: no server is on NVIDIA L40S" in said[0]
    assert "far from" not in said[1] + said[2]
    assert all("throughput predicted" in notes for notes in said)


def test_this_machine_is_measured_by_model(catalog: Catalog, measure: Measure) -> None:
    """A run of one model says nothing of another; a run under the model's own name counts."""
    run = measure(THIS_MACHINE, tokens_per_s=1_000.0)
    small = run.model_copy(update={"subject": run.subject.model_copy(update={"model": SMALL})})
    named = run.model_copy(update={"subject": run.subject.model_copy(update={"model": M3})})
    runs = {THIS_MACHINE: small, f"{THIS_MACHINE}/{M3}": named}
    ids = (THIS_MACHINE, pair_id(THIS_MACHINE, SMALL), pair_id(THIS_MACHINE, M3))
    case = Case(Scenario(options=(*ids, pair_id(THIS_MACHINE, QWEN))), catalog, runs)
    rows = {row.option.id: row for row in at_volume(curves(case), case).rows}
    assert [rows[option_id].measured for option_id in ids] == [small, small, named]
    assert rows[pair_id(THIS_MACHINE, QWEN)].measured is None
    rates = [rows[name].option.capacity for name in ids[:2]]
    assert None not in rates
    assert len({rate.tokens_per_month for rate in rates if rate}) == 1
