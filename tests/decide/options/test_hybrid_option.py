"""Hybrids as options: allowed between the same weights, refused with the reason else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.cost.hybrid.hybrid_bill import HybridBill
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.hybrid_option import mixable_apis
from core.decide.options.options import Billed, billed_options
from core.decide.result.option import OptionKind
from core.measurement.measured import Measurement
from core.scenario import Hosting, Scenario, Vectors, Workload, hybrid_id, hybrid_parts

NOTHING: dict[str, Measurement] = {}
SAME = hybrid_id("rent/l-1", "alpha/tiered")
"""open/large on both sides."""


def ask(option_id: str, catalog: Catalog, **workload: float) -> Billed:
    """One hybrid of the default question."""
    scenario = Scenario(
        workload=Workload(**workload),
        hosting=Hosting(model="open/large"),
        options=(option_id,),
    )
    return billed_options(Case(scenario, catalog, NOTHING))[0]


def test_the_same_weights_make_a_hybrid(frozen_catalog: Catalog) -> None:
    """It has the base's capacity, no rate limit of its own, and a bill."""
    found = ask(SAME, frozen_catalog)
    assert found.option.kind is OptionKind.HYBRID
    assert found.option.capacity is not None
    assert isinstance(found.bill, HybridBill)
    assert found.option.unpriced_reason == ""


@pytest.mark.parametrize(
    ("option_id", "why"),
    [
        (hybrid_id("rent/l-1", "alpha/flat"), "do not mix"),
        (hybrid_id("alpha/tiered", "alpha/tiered"), "its base must be a GPU"),
        (hybrid_id("rent/l-1", "owned/gpu-home"), "its burst an API"),
    ],
)
def test_anything_else_is_refused_with_the_reason(
    frozen_catalog: Catalog, option_id: str, why: str
) -> None:
    """The option stays in the table, without a price."""
    found = ask(option_id, frozen_catalog)
    assert found.bill is None
    assert found.option.unpriced_reason.startswith("No hybrid: ")
    assert why in found.option.unpriced_reason


@pytest.mark.parametrize(
    ("base", "why"),
    [("modal/l4", "stops when idle needs no API"), ("owned/h100", "Enter your own.")],
)
def test_a_base_that_stops_or_has_no_price_makes_no_hybrid(
    catalog: Catalog, base: str, why: str
) -> None:
    """The reason is the base's own where it has one."""
    mixed = hybrid_id(base, "cloudflare/bge-large-en-v1.5")
    scenario = Scenario(hosting=Hosting(model="BAAI/bge-large-en-v1.5"), options=(mixed,))
    found = billed_options(Case(scenario, catalog, NOTHING))[0]
    assert found.bill is None
    assert why in found.option.unpriced_reason


@settings(max_examples=60, deadline=None)
@given(
    st.floats(1, 8).map(lambda exponent: 10.0**exponent),
    st.floats(1, 20),
    st.floats(1, 3),
    st.floats(0, 1),
    st.integers(0, 2),
    st.booleans(),
)
def test_a_hybrid_is_never_dearer_than_either_of_its_parts(
    frozen_catalog: Catalog,
    requests: float,
    peak: float,
    burst: float,
    waits: float,
    spare: int,
    follows: bool,
) -> None:
    """Whatever the load: its base with its spare, following the load or not, and its API."""
    scenario = Scenario(
        workload=Workload(
            requests_per_day=requests,
            peak_to_mean=peak,
            burst_factor=burst,
            deferrable_share=waits,
        ),
        hosting=Hosting(model="open/large", spare_replicas=spare, autoscale=follows),
        options=(SAME, *(hybrid_parts(SAME) or ())),
    )
    found = curves(Case(scenario, frozen_catalog, NOTHING))
    rows = at_volume(found, Case(scenario, frozen_catalog, NOTHING)).rows
    usd = {row.option.id: row.usd_per_month or 0.0 for row in rows}
    for part in hybrid_parts(SAME) or ():
        assert usd[SAME] <= usd[part] * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(st.floats(5, 9).map(lambda e: 10.0**e), st.floats(0, 1), st.floats(1, 10))
def test_documents_by_batch_pass_its_apis_limit_too(
    frozen_catalog: Catalog, requests: float, waits: float, burst: float
) -> None:
    """Wherever its API alone can serve, the hybrid is no dearer."""
    provider, offer = frozen_catalog.find_api("alpha/flat") or (None, None)
    assert provider is not None
    assert offer is not None
    same = offer.model_copy(update={"model": "open/large", "max_tokens": None})
    changed = provider.model_copy(update={"api_offers": (same,)})
    others = tuple(p for p in frozen_catalog.providers if p.id != provider.id)
    catalog = frozen_catalog.model_copy(update={"providers": (*others, changed)})
    mixed = hybrid_id("rent/l-1", "alpha/flat")
    scenario = Scenario(
        workload=Workload(requests_per_day=requests, deferrable_share=waits, burst_factor=burst),
        hosting=Hosting(model="open/large"),
        options=(mixed, "alpha/flat"),
    )
    found = curves(Case(scenario, catalog, NOTHING))
    rows = {r.option.id: r for r in at_volume(found, Case(scenario, catalog, NOTHING)).rows}
    alone, both = rows["alpha/flat"], rows[mixed]
    assert both.usd_per_month is not None
    if alone.feasible:
        assert both.usd_per_month <= (alone.usd_per_month or 0) * (1 + 1e-9)


def test_a_quota_holds_for_its_base(frozen_catalog: Catalog) -> None:
    """The API takes what two replicas do not carry."""
    scenario = Scenario(
        workload=Workload(requests_per_day=1e8),
        hosting=Hosting(model="open/large", maximum_replicas=2, labour_usd_per_month=0),
        options=(SAME,),
    )
    found = curves(Case(scenario, frozen_catalog, NOTHING))
    (row,) = at_volume(found, Case(scenario, frozen_catalog, NOTHING)).rows
    assert row.feasible
    assert row.replicas == 2
    assert row.api_share is not None
    assert row.api_share > 0.5
    capacity = row.option.capacity
    assert capacity is not None
    # What they cannot take goes to the API, so in the busy hour they run at their ceiling.
    ceiling = capacity.usable_tokens_per_s / capacity.nominal_tokens_per_s
    assert row.utilisation == pytest.approx(ceiling)


@pytest.mark.parametrize("prices", [(), (("alpha/tiered", 0.07),)])
def test_at_no_replica_it_is_its_api(
    frozen_catalog: Catalog, prices: tuple[tuple[str, float], ...]
) -> None:
    """A thousand requests a day are the API's alone: same bill, all of the tokens.

    At one's own price of the API, too.
    """
    scenario = Scenario(
        workload=Workload(requests_per_day=1_000),
        hosting=Hosting(model="open/large"),
        options=(SAME, "alpha/tiered"),
        prices=prices,
    )
    found = curves(Case(scenario, frozen_catalog, NOTHING))
    rows = {r.option.id: r for r in at_volume(found, Case(scenario, frozen_catalog, NOTHING)).rows}
    hybrid = rows[SAME]
    assert (hybrid.replicas, hybrid.api_share) == (0, 1)
    assert hybrid.usd_per_month == pytest.approx(rows["alpha/tiered"].usd_per_month)


@pytest.mark.parametrize(("requests", "replicas"), [(1_000, False), (1e8, True)])
def test_a_hybrid_keeps_its_vectors_once(
    frozen_catalog: Catalog, requests: float, replicas: bool
) -> None:
    """One line of their storage, with replicas beside the API and without."""
    load = Workload(requests_per_day=requests)
    hosting = Hosting(model="open/large", labour_usd_per_month=0, spare_replicas=0)
    without, kept = (
        Scenario(workload=load, hosting=hosting, options=(SAME, "rent/l-1"), vectors=vectors)
        for vectors in (Vectors(), Vectors(stored_millions=100))
    )
    rows = []
    for scenario in (without, kept):
        case = Case(scenario, frozen_catalog, NOTHING)
        rows.append({row.option.id: row for row in at_volume(curves(case), case).rows})
    before, after = (found[SAME] for found in rows)
    lines = [line for line in after.lines if line.label == "Vector storage"]
    assert lines == [x for x in rows[1]["rent/l-1"].lines if x.label == "Vector storage"]
    (line,) = lines
    assert line.usd_per_month > 0
    assert (after.replicas != 0) is replicas
    assert before.usd_per_month is not None
    assert after.usd_per_month == pytest.approx(before.usd_per_month + line.usd_per_month)
    assert sum(x.usd_per_month for x in after.lines) == pytest.approx(after.usd_per_month)
    assert not any(x.label == "Vector storage" for x in before.lines)


def test_models_of_one_declared_space_mix(catalog: Catalog) -> None:
    """The open model of a family stands beside the family's APIs, and beside nothing else."""
    apis = mixable_apis("voyageai/voyage-4-nano", catalog)
    assert {"voyage/voyage-4", "voyage/voyage-4-lite"} <= set(apis)
    named = [name for name in apis if catalog.find_api(name)[1].model is not None]  # type: ignore[index]
    assert all("voyage-4" in name for name in named)


def test_ids_of_hybrids_read_back() -> None:
    """An id gives its parts, and what is none gives nothing."""
    assert hybrid_parts(SAME) == ("rent/l-1", "alpha/tiered")
    for other in ("rent/l-1", "hybrid/", "hybrid/a", "hybrid/+b", "hybrid/a+"):
        assert hybrid_parts(other) is None
