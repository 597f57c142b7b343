"""Whether not even an idle replica answers in time."""

from dataclasses import replace

from core.catalog.schema import Catalog
from core.cost.by_replica.hosted_bill import whole_replicas
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.options.hosted_option import rented_option
from core.decide.options.machine import too_slow
from core.scenario import Hosting, Objective, Scenario
from tests.decide.conftest import Measure

L4 = "rent/l-1"


def test_what_was_measured_is_judged_by_its_measurement(
    frozen_catalog: Catalog, measure: Measure
) -> None:
    """500 tokens at 50,000 a second take 10 ms: not within 5 ms, unless a run saw that."""
    asked = Scenario(
        options=(L4,), hosting=Hosting(model="open/large"), objective=Objective(slo_p95_s=0.005)
    )
    option = curves(Case(asked, frozen_catalog)).curves[0].option
    assert option.blocked_reason
    assert too_slow(option.capacity, None) == option.blocked_reason
    run = measure(L4, 0.002, 0.001, 0.003)
    assert too_slow(option.capacity, run) == ""
    seen = curves(Case(asked, frozen_catalog, {L4: run})).curves[0].option
    assert seen.blocked_reason == ""
    assert option.capacity is not None
    assert too_slow(replace(option.capacity, replica=None), None) == ""
    assert too_slow(None, None) == ""


def test_a_run_of_a_following_base_is_a_whole_month_at_most(frozen_catalog: Catalog) -> None:
    """Up for a day before and a day after: all of the month, not twice; a few minutes are not."""
    for minutes, share in ((1_440.0, 1.0), (30.0, 2 / 24), (0.0, 1 / 24)):
        hosting = Hosting(
            model="open/large", autoscale=True, startup_minutes=minutes, cooldown_minutes=minutes
        )
        case = Case(Scenario(options=(L4,), hosting=hosting), frozen_catalog)
        sold = frozen_catalog.find_machine(L4)
        assert sold is not None
        bill = whole_replicas(rented_option(L4, *sold, case)[1])
        assert bill is not None
        assert abs(bill.shortest_run - share) < 1e-12
