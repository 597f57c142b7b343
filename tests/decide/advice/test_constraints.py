"""How far what is allowed reaches: shares with rounding, and nothing at all."""

import pytest

from core.catalog.schema import Catalog
from core.decide.advice.constraints import Constraints, Rule, violations
from core.decide.capacity.meets_objective import allows
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.scenario import Objective, Scenario, Serverless


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
