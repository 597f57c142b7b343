"""How far what is allowed reaches: shares with rounding, and nothing at all."""

import pytest

from core.catalog.schema import Catalog
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.violation import Rule, Violation
from core.decide.capacity.meets_objective import allows
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.obstacle import Obstacle
from core.scenario import (
    THIS_MACHINE,
    Hosting,
    Objective,
    Scenario,
    Serverless,
    Workload,
    hybrid_id,
)
from tests.decide.conftest import Measure


@pytest.mark.parametrize("share", [0.1**3, 0.3 - 0.2, 1 - 0.9])
def test_what_only_rounding_adds_is_not_more(share: float) -> None:
    """A tenth is a tenth, however it was computed; a millionth more is more."""
    nearest = float(f"{share:.6g}")
    assert allows(nearest, share)
    assert not allows(nearest, share * 1.000_001)


def test_a_share_of_zero_allows_nothing() -> None:
    """Rounding makes no room beside 0."""
    assert allows(0.0, 0.0)
    assert not allows(0.0, 1e-300)


@pytest.mark.parametrize(("failing", "serves"), [(0.0, True), (0.1, False)])
def test_no_text_may_stay_unanswered(frozen_catalog: Catalog, failing: float, serves: bool) -> None:
    """0 can be asked: who never fails serves, who does is out, and no attempts are promised."""
    asked = Scenario(
        options=("alpha/flat",),
        objective=Objective(max_unanswered_share=0, max_lost_share=0),
        serverless=Serverless(failure_rate=failing),
    )
    case = Case(asked, frozen_catalog, {})
    (row,) = at_volume(curves(case), case).rows
    assert row.feasible is serves
    against = [v for v in violations(row, case, Constraints()) if v.rule is Rule.UNANSWERED]
    assert bool(against) is not serves
    assert all("0.1 % of the texts without an answer" in v.relax for v in against)
    assert not any("attempts" in v.relax for v in against)


def against(asked: Scenario, catalog: Catalog) -> list[Violation]:
    """What stands in the way of the scenario's one option."""
    case = Case(asked, catalog, {})
    (row,) = at_volume(curves(case), case).rows
    return list(violations(row, case, Constraints()))


def test_more_attempts_are_named_where_they_would_do(frozen_catalog: Catalog) -> None:
    """A tenth fails, a thousandth may: three attempts, or the tenth is allowed."""
    asked = Scenario(
        options=("alpha/flat",),
        objective=Objective(max_unanswered_share=0.001),
        serverless=Serverless(failure_rate=0.1, max_attempts=1),
    )
    (violation,) = against(asked, frozen_catalog)
    assert violation.rule is Rule.UNANSWERED
    assert violation.relax == "Allow 3 attempts, or 10 % of the texts without an answer."
    assert violation.times == pytest.approx(100)


def test_what_has_no_bill_says_whether_a_price_or_a_measurement_is_missing(
    frozen_catalog: Catalog,
) -> None:
    """This computer before it is measured; a card nobody names a price of; seconds not known."""
    hosting = Hosting(model="open/large")
    mine = Scenario(options=(THIS_MACHINE,), hosting=hosting)
    (unmeasured,) = against(mine, frozen_catalog)
    assert (unmeasured.rule, unmeasured.relax) == (Rule.MEASURED, "Measure it.")
    cards = tuple(c.model_copy(update={"usd_new": None}) for c in frozen_catalog.cards)
    unpriced = frozen_catalog.model_copy(update={"cards": cards})
    owned = Scenario(options=("owned/gpu-home",), hosting=hosting)
    (missing,) = against(owned, unpriced)
    assert (missing.rule, missing.relax) == (Rule.PRICE, "Enter your own price.")
    by_id = {provider.id: provider for provider in frozen_catalog.providers}
    beta = by_id["beta"]
    silent = tuple(
        o.model_copy(update={"seconds_per_request": None, "card": None}) for o in beta.api_offers
    )
    changed = beta.model_copy(update={"api_offers": silent})
    providers = tuple(changed if p.id == "beta" else p for p in frozen_catalog.providers)
    unknown = frozen_catalog.model_copy(update={"providers": providers})
    (seconds,) = against(Scenario(options=("beta/seconds",), hosting=hosting), unknown)
    assert (seconds.rule, seconds.relax) == (Rule.MEASURED, "Measure it.")
    powerless = tuple(c.model_copy(update={"tdp_w": None}) for c in frozen_catalog.cards)
    dark = frozen_catalog.model_copy(update={"cards": powerless})
    (other,) = against(owned, dark)
    assert (other.rule, other.relax) == (Rule.OTHER, "")


def test_each_obstacle_has_its_kind_whatever_its_words(
    frozen_catalog: Catalog, measure: Measure
) -> None:
    """Withdrawn, too long, failing, slow, limited: asked of the row, not read from a sentence."""
    hosting = Hosting(model="open/large")
    slow, failing = measure("alpha/flat", 9.0, 8.0, 10.0), measure("alpha/flat", n_failed=50)
    for asked, runs, obstacle, rule in (
        (Scenario(options=("rent/v-2",)), {}, Obstacle.WITHDRAWN, Rule.SOLD),
        (
            Scenario(options=("alpha/tiered",), workload=Workload(tokens_per_request=2_000)),
            {},
            Obstacle.LENGTH,
            Rule.LENGTH,
        ),
        (
            Scenario(options=("alpha/flat",), serverless=Serverless(failure_rate=0.9)),
            {},
            Obstacle.UNANSWERED,
            Rule.UNANSWERED,
        ),
        (
            Scenario(options=("alpha/flat",)),
            {"alpha/flat": failing},
            Obstacle.FAILURES,
            Rule.UNANSWERED,
        ),
        (
            Scenario(options=("alpha/flat",), objective=Objective(slo_demanded=True)),
            {"alpha/flat": slow},
            Obstacle.LATENCY,
            Rule.OBJECTIVE,
        ),
        (
            Scenario(options=("alpha/flat",), workload=Workload(requests_per_day=1e8)),
            {},
            Obstacle.LIMIT,
            Rule.LIMIT,
        ),
        (
            Scenario(options=("alpha/flat",), objective=Objective(region="eu")),
            {},
            None,
            None,
        ),
    ):
        case = Case(asked.model_copy(update={"hosting": hosting}), frozen_catalog, runs)
        (row,) = at_volume(curves(case), case).rows
        assert row.obstacle is obstacle
        assert bool(row.infeasible_reason) is (obstacle is not None)
        found = [v.rule for v in violations(row, case, Constraints())]
        assert rule is None or found == [rule]


def test_an_api_that_is_too_slow_for_its_hybrid_names_no_objective_that_would_do(
    frozen_catalog: Catalog, measure: Measure
) -> None:
    """What its replicas are predicted to take says nothing of the API."""
    name = hybrid_id("rent/l-1", "alpha/tiered")
    asked = Scenario(
        options=(name,),
        hosting=Hosting(model="open/large"),
        objective=Objective(slo_demanded=True),
    )
    case = Case(asked, frozen_catalog, {"alpha/tiered": measure("alpha/tiered", 9.0, 8.0, 10.0)})
    (row,) = at_volume(curves(case), case).rows
    assert row.obstacle is Obstacle.LATENCY
    (violation,) = violations(row, case, Constraints())
    assert (violation.rule, violation.relax) == (Rule.OBJECTIVE, "")
