"""What a hybrid's API may take: so much that few enough of all texts are lost or unanswered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.violation import Rule
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.api_share import of_all
from core.decide.result.snapshot import OptionAtVolume
from core.measurement.measured import Measurement
from core.scenario import Hosting, Objective, Scenario, Serverless, Workload, hybrid_id
from tests.decide.conftest import Measure

API = "alpha/tiered"
BASE = "rent/l-1"
MIXED = hybrid_id(BASE, API)


def rows(
    scenario: Scenario, catalog: Catalog, measured: dict[str, Measurement] | None = None
) -> dict[str, OptionAtVolume]:
    """The hybrid, its base and its API, by option id."""
    hosting = Hosting(model="open/large", labour_usd_per_month=0)
    asked = scenario.model_copy(update={"options": (BASE, API, MIXED), "hosting": hosting})
    case = Case(asked, catalog, measured or {})
    return {row.option.id: row for row in at_volume(curves(case), case).rows}


def reads(catalog: Catalog, tokens: int) -> Catalog:
    """The catalogue with an API that reads so many tokens of a text."""
    sold = catalog.find_api(API)
    assert sold is not None
    provider, offer = sold
    changed = tuple(
        one.model_copy(update={"max_tokens": tokens}) if one.id == offer.id else one
        for one in provider.api_offers
    )
    others = tuple(p for p in catalog.providers if p.id != provider.id)
    update = {"providers": (*others, provider.model_copy(update={"api_offers": changed}))}
    return catalog.model_copy(update=update)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(3, 8).map(lambda exponent: 10.0**exponent),
    st.floats(0, 0.9),
    st.integers(1, 4),
    st.floats(0.0001, 1),
    st.sampled_from([64, 128, 512]),
    st.floats(0.0001, 1),
    st.floats(0, 1),
)
def test_few_enough_of_all_texts_are_lost_or_unanswered(
    frozen_catalog: Catalog,
    requests: float,
    failure_rate: float,
    tries: int,
    unanswered: float,
    window: int,
    lost: float,
    spread: float,
) -> None:
    """Whatever its API alone would leave: the hybrid serves, and no dearer than its base does."""
    scenario = Scenario(
        workload=Workload(requests_per_day=requests, tokens_per_request=150, length_cv=spread),
        serverless=Serverless(failure_rate=failure_rate, max_attempts=tries),
        objective=Objective(max_unanswered_share=unanswered, max_lost_share=lost, slo_p95_s=60),
    )
    by_id = rows(scenario, reads(frozen_catalog, window))
    base, api, mixed = by_id[BASE], by_id[API], by_id[MIXED]
    assert mixed.usd_per_month is not None
    assert mixed.feasible is base.feasible
    if not mixed.feasible:
        return
    assert (mixed.unanswered_share or 0) <= unanswered * (1 + 1e-6)
    assert mixed.lost_share is not None
    assert mixed.lost_share <= lost * (1 + 1e-6)
    assert mixed.usd_per_month <= (base.usd_per_month or 0) * (1 + 1e-9)
    if api.feasible:
        assert mixed.usd_per_month <= (api.usd_per_month or 0) * (1 + 1e-9)
    else:
        assert mixed.replicas


def test_texts_that_its_api_never_sees_do_not_refuse_it(frozen_catalog: Catalog) -> None:
    """A third of the calls fail at one attempt: so the API takes a thirtieth of the texts."""
    scenario = Scenario(
        workload=Workload(requests_per_day=1e8),
        serverless=Serverless(failure_rate=0.3, max_attempts=1),
        objective=Objective(max_unanswered_share=0.01),
    )
    by_id = rows(scenario, frozen_catalog)
    assert "30 % of the texts stay unanswered" in by_id[API].infeasible_reason
    mixed = by_id[MIXED]
    assert mixed.feasible
    assert mixed.api_share is not None
    assert 0 < mixed.api_share <= 0.01 / 0.3 + 1e-9
    assert mixed.unanswered_share == pytest.approx(0.3 * mixed.api_share)
    case = Case(scenario, frozen_catalog)
    # What its API takes at once is not known, and a thirtieth of so many is a lot.
    assert [one.rule for one in violations(mixed, case, Constraints())] == [Rule.NOT_KNOWN]


def test_failures_that_were_measured_of_an_api_reach_its_hybrid(
    frozen_catalog: Catalog, measure: Measure
) -> None:
    """Of 100 calls 50 failed, 40 % for certain: the API alone is out, and takes no more than that.

    Small loads, which without the run the API takes alone, keep a replica.
    """
    for requests in (1_000.0, 1e8):
        scenario = Scenario(
            workload=Workload(requests_per_day=requests),
            serverless=Serverless(max_attempts=1),
            objective=Objective(max_unanswered_share=0.01),
        )
        run = {API: measure(API, n_failed=50)}
        free, held = rows(scenario, frozen_catalog), rows(scenario, frozen_catalog, run)
        assert not held[API].feasible
        assert held[MIXED].feasible
        assert held[MIXED].replicas
        assert (held[MIXED].api_share or 0) < 0.01 / 0.4
        assert (free[MIXED].api_share or 0) > 0.01 / 0.4


def test_an_api_that_was_seen_too_slow_makes_no_hybrid(
    frozen_catalog: Catalog, measure: Measure
) -> None:
    """What it takes comes too late; and so does all where the hybrid's own run says it."""
    for measured_id in (API, BASE, MIXED):
        slow = {measured_id: measure(measured_id, 3.0, 2.5, 3.5)}
        demanded = Scenario(objective=Objective(slo_demanded=True))
        mixed = rows(demanded, frozen_catalog, slow)[MIXED]
        assert not mixed.feasible
        assert "above the objective" in mixed.infeasible_reason
    failing = {MIXED: measure(MIXED, n_failed=90)}
    mixed = rows(Scenario(), frozen_catalog, failing)[MIXED]
    assert "90 of 100 requests failed" in mixed.infeasible_reason


def test_the_window_that_is_named_is_that_of_the_side_that_refuses_it(
    frozen_catalog: Catalog,
) -> None:
    """Its replicas read 512 tokens, its API ten times as many: to shorten to 512 would help."""
    scenario = Scenario(workload=Workload(tokens_per_request=600))
    mixed = rows(scenario, reads(frozen_catalog, 5_120))[MIXED]
    assert not mixed.feasible
    (violated,) = violations(mixed, Case(scenario, frozen_catalog), Constraints())
    assert violated.rule is Rule.LENGTH
    assert "split texts to 512 tokens" in violated.relax


@pytest.mark.parametrize(
    ("base", "burst", "api_share", "expected"),
    [
        (0.1, 0.3, 0.25, 0.15),
        (None, 0.3, 0.25, None),
        (0.1, None, 0.25, None),
        (None, 0.3, 1.0, 0.3),
        (0.1, None, 0.0, 0.1),
        (0.1, None, 1.0, None),
    ],
)
def test_what_is_lost_of_all_is_not_known_where_it_is_not_of_a_side(
    base: float | None, burst: float | None, api_share: float, expected: float | None
) -> None:
    """Not known is not nothing; a side that takes nothing loses nothing."""
    lost = of_all(base, burst, api_share)
    assert lost == (None if expected is None else pytest.approx(expected))
