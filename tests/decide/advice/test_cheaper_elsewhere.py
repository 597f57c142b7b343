"""The whole catalogue is searched for the same vectors at a lower bill."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.advice.catalogue_options import catalogue_options, models_like
from core.decide.advice.cheaper_elsewhere import LEAST_SAVING, cheaper_elsewhere
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.least_bill import LeastBill
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import billed_options
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import (
    Hosting,
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


@pytest.mark.parametrize("requests_per_day", [1e4, 1e7, 1e9])
@pytest.mark.parametrize("demanded", [Constraints(), Constraints(stay_home=True)])
@pytest.mark.parametrize("region", ["", "eu"])
def test_it_finds_what_looking_at_every_offer_finds(
    catalog: Catalog, requests_per_day: float, demanded: Constraints, region: str
) -> None:
    """At any volume and in any place, within what is demanded: the bounds leave nothing out."""
    case = asked(catalog, requests_per_day, DEAR, region=region)
    than = row_of(case)
    assert than.usd_per_month is not None
    cheapest, least = None, than.usd_per_month * (1 - LEAST_SAVING)
    for option_id in catalogue_options(catalog, M3, models_like(M3, catalog)):
        alone = asked(catalog, requests_per_day, option_id, region=region)
        row = row_of(alone)
        usd = math.inf if row.usd_per_month is None else row.usd_per_month
        if row.feasible and usd < least and not violations(row, alone, demanded):
            cheapest, least = row, usd
    found = cheaper_elsewhere(case, than, demanded)
    assert (found is None) == (cheapest is None)
    if found is not None and cheapest is not None:
        assert found.row.usd_per_month == cheapest.usd_per_month
        assert found.saving_usd_per_month == than.usd_per_month - least


def test_what_is_chosen_is_not_news(catalog: Catalog) -> None:
    """With the cheapest among the options there is nothing to say; nor of a bill of nothing."""
    case = asked(catalog, 1e7, DEAR)
    found = cheaper_elsewhere(case, row_of(case))
    assert found is not None
    again = asked(catalog, 1e7, DEAR, found.row.option.id)
    assert cheaper_elsewhere(again, row_of(again)) is None
    assert cheaper_elsewhere(case, None) is None


def test_it_has_the_same_vectors(catalog: Catalog) -> None:
    """Those of what it is set against, also where that names a model of its own."""
    case = asked(catalog, 1e7, f"aws/g6e.xlarge@{QWEN}")
    found = cheaper_elsewhere(case, row_of(case))
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
    """Of every kind of machine, with any model, load, fleet and price."""
    ids = catalogue_options(catalog, LARGE, frozenset({LARGE, M3, "BAAI/bge-small-en-v1.5"}))
    names = data.draw(st.lists(st.sampled_from(ids), min_size=3, max_size=3))
    for name in names:
        case = Case(scenario.model_copy(update={"options": (name,)}), catalog)
        bill, least = billed_options(case)[0].bill, LeastBill(case)
        if bill is None:
            continue
        usd = float(bill.curve().at(scenario.tokens_per_month))
        assert least.standing(name) <= usd * (1 + 1e-9)
        assert least.carrying(name) <= usd * (1 + 1e-9)
