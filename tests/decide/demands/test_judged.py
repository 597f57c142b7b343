"""Laws of demands: asking less never shuts anybody out, and every answer says the same."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.advice.constraints import Constraints, violations
from core.decide.answer.rows import not_known_to_serve
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.flips.flips import Judge
from core.decide.options.options import billed_options
from core.decide.result.obstacle import DEMANDED
from core.decide.risk.risk_model import risk_model
from core.scenario import (
    DEFAULT_OPTIONS,
    HOME,
    LANGUAGES,
    Demands,
    Licence,
    Objective,
    Retention,
    Scenario,
    Workload,
    hybrid_id,
)

OPTIONS = (
    *DEFAULT_OPTIONS,
    *("mistral/mistral-embed", "ovhcloud/bge-m3", "voyage/voyage-4-lite", "venice/bge-m3"),
    *("aws/g6.xlarge@nvidia/NV-Embed-v2", "modal/l4", "owned/rtx-4090@BAAI/bge-m3"),
    hybrid_id("owned/rtx-4090@BAAI/bge-m3", "ovhcloud/bge-m3"),
)
DEMANDED_FIELDS: dict[str, tuple[str, Any]] = {
    "region": ("objective", ""),
    "budget_usd_per_month": ("demands", None),
    "retention": ("demands", Retention.ALLOWED),
    "languages": ("demands", ()),
    "least_tokens": ("demands", 0),
    "licence": ("demands", Licence.ANY),
}
"""Each demand with the value that demands nothing."""

questions = st.builds(
    Scenario,
    workload=st.builds(
        Workload, requests_per_day=st.floats(1, 9).map(lambda power: float(10**power))
    ),
    objective=st.builds(Objective, region=st.sampled_from(["", "eu", "uk", "us", "asia", HOME])),
    demands=st.builds(
        Demands,
        budget_usd_per_month=st.none() | st.floats(0, 1e5),
        retention=st.sampled_from(Retention),
        languages=st.lists(st.sampled_from(list(LANGUAGES)), max_size=2).map(tuple),
        least_tokens=st.sampled_from([0, 300, 5_000]),
        licence=st.sampled_from(Licence),
    ),
    options=st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=6, unique=True).map(tuple),
)
laws = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module", autouse=True)
def _there(catalog: Catalog) -> None:
    """Every option that is asked is one of the catalogue."""
    whole = {machine.partition("@")[0] for machine in OPTIONS if not machine.startswith("hybrid/")}
    assert whole <= {*catalog.option_ids()}


@laws
@given(scenario=questions, name=st.sampled_from(list(DEMANDED_FIELDS)))
def test_dropping_a_demand_never_removes_an_option(
    catalog: Catalog, scenario: Scenario, name: str
) -> None:
    """Nor raises the cheapest bill: a place that is chosen costs a surcharge, none takes it off."""
    section, nothing = DEMANDED_FIELDS[name]
    part = getattr(scenario, section).model_copy(update={name: nothing})
    judge = Judge(Case(scenario, catalog))
    before = judge.costs(scenario)
    after = judge.costs(scenario.model_copy(update={section: part}))
    assert set(before) <= set(after)
    assert min(after.values(), default=0.0) <= min(before.values(), default=np.inf)


@laws
@given(scenario=questions, lower=st.floats(0, 1))
def test_lowering_the_budget_never_adds_an_option(
    catalog: Catalog, scenario: Scenario, lower: float
) -> None:
    """At the volume asked, and nowhere on the axis: the grid and the leads have fewer, too."""
    budget = scenario.demands.budget_usd_per_month
    less = scenario.demands.model_copy(
        update={"budget_usd_per_month": (1e4 if budget is None else budget) * lower}
    )
    poorer = scenario.model_copy(update={"demands": less})
    judge = Judge(Case(scenario, catalog))
    assert set(judge.costs(poorer)) <= set(judge.costs(scenario))
    rich, poor = (curves(Case(asked, catalog)) for asked in (scenario, poorer))
    for one, other in zip(rich.curves, poor.curves, strict=True):
        assert not np.any(other.feasible & ~one.feasible)
    for lead in poor.winners:
        curve = next(c for c in poor.curves if c.option.id == lead.option_id)
        assert curve.cost is not None
        inside = min(
            (lead.from_tokens_per_month + lead.to_tokens_per_month) / 2,
            2 * lead.from_tokens_per_month + 1,
        )
        assert not not_known_to_serve(curve, inside)


@laws
@given(scenario=questions)
def test_table_verdict_risk_flips_and_plan_agree_on_who_suits(
    catalog: Catalog, scenario: Scenario
) -> None:
    """One judgement; whoever is out by a demand says which, and what to relax."""
    case = Case(scenario, catalog)
    drawn = curves(case)
    shot = at_volume(drawn, case)
    able = {row.option.id for row in shot.rows if row.can_serve}
    assert set(Judge(case).costs(scenario)) == able
    options = [item.option for item in billed_options(case)]
    model = risk_model(drawn, case.catalog, beliefs(case, options), shot.tokens_per_month)
    assert {model.options[i].id for i in model.able(shot.tokens_per_month)} == able
    for row in shot.rows:
        out = violations(row, case, Constraints())
        assert (row.can_serve is True) == (not out)
        if row.obstacle in DEMANDED:
            assert row.against[0].kind is row.obstacle
            assert row.relax[0]
            assert {violation.relax for violation in out} >= set(row.relax)
    leads = [lead.option_id for lead in drawn.winners if _holds(lead, shot.tokens_per_month)]
    assert bool(leads) == bool(able)


def test_a_hybrid_is_judged_by_both_of_its_sides(catalog: Catalog) -> None:
    """What its base or its API breaks it breaks; what is to be done at the API is said of it."""
    mixed = hybrid_id("owned/rtx-4090@BAAI/bge-m3", "ovhcloud/bge-m3")
    for region, kind in (("us", "place"), ("eu", None), (HOME, "place")):
        asked = Scenario(objective=Objective(region=region), options=(mixed,))
        (row,) = at_volume(curves(Case(asked, catalog)), Case(asked, catalog)).rows
        assert row.obstacle == kind, row.infeasible_reason
    english = hybrid_id("owned/rtx-4080", "cloudflare/bge-large-en-v1.5")
    asked = Scenario(
        demands=Demands(languages=("de",), retention=Retention.ZERO), options=(english,)
    )
    (row,) = at_volume(curves(Case(asked, catalog)), Case(asked, catalog)).rows
    assert row.obstacle == "language"
    assert {one.about.value for one in row.unknown} == {"retention"}


def _holds(lead: Any, volume: float) -> bool:
    return bool(lead.from_tokens_per_month < volume <= lead.to_tokens_per_month)
