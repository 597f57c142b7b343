"""What nobody has set is drawn for each run, and stands in its plan."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.schema import PriceUnit
from core.probe.records.probe_plan import MOST_IN_FLIGHT, ProbePlan, Rival
from core.probe.records.schedules import (
    BatchSweep,
    ClosedLoop,
    OpenLoop,
    Paired,
    Ramp,
    Schedule,
)
from core.runs.spending.worst_case import Rate, plan_nano_usd
from core.runs.starting.candidates import custom_candidate, plan_for
from core.runs.starting.fresh_plan import fresh
from tests.probe.records.test_probe_plan import SCHEDULES
from tests.probe.support import SUBJECT, plan, target

URL = "http://127.0.0.1:9/v1"
DOLLAR_PER_MTOK = Rate(Decimal(1), PriceUnit.PER_MTOK)


def made(**fields: Any) -> ProbePlan:
    """A plan as the page and the command make it."""
    return plan_for(custom_candidate(URL, "m"), None, texts=("one", "two"), **fields)


def test_two_runs_of_one_wish_have_arrivals_of_their_own() -> None:
    """Else three runs would agree better with each other than with the truth."""
    plans = [made() for _ in range(20)]
    assert len({one.seed for one in plans}) == 20
    assert all(plans[0].same_wish(one) for one in plans)


def test_a_chosen_seed_is_kept_and_tells_two_wishes_apart() -> None:
    """Also from a file, in which it stands."""
    assert made(seed=7) == made(seed=7)
    assert not made(seed=7).same_wish(made(seed=8))
    assert not made(seed=7).same_wish(made())
    written = plan(URL, seed=3)
    assert fresh(written, written.model_fields_set).seed == 3


def test_a_stored_plan_keeps_the_seed_that_was_drawn() -> None:
    """The store and a file bring the same plan back."""
    one = made()
    assert ProbePlan.model_validate_json(one.model_dump_json()) == one


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: s.kind)
def test_what_a_plan_may_cost_does_not_depend_on_the_draw(schedule: Schedule) -> None:
    """What the form says before the start holds for the run that is started."""
    costs = {
        plan_nano_usd(plan(URL, schedule=schedule, seed=seed), DOLLAR_PER_MTOK) for seed in range(5)
    }
    assert len(costs) == 1


@given(st.integers(1, 10_000), st.floats(0.1, 1_000), st.floats(0.1, 60))
def test_the_cap_holds_all_that_are_due_while_one_waits(
    requests: int, rate_per_s: float, timeout_s: float
) -> None:
    """Of any open loop: a pause of the server is never taken for a limit, up to 1,024."""
    schedule = OpenLoop(requests=requests, rate_per_s=rate_per_s)
    wish = plan(URL, schedule=schedule, timeout_s=timeout_s)
    waiting = min(requests, math.ceil(rate_per_s * timeout_s))
    cap = fresh(wish, {"schedule"}).in_flight_cap
    assert cap == min(MOST_IN_FLIGHT, max(64, waiting))
    assert fresh(wish, {"in_flight_cap"}).in_flight_cap == wish.in_flight_cap


@pytest.mark.parametrize(
    ("schedule", "cap"),
    [
        (Ramp(rates_per_s=(1, 8, 32), step_s=10), 320),
        (Ramp(rates_per_s=(1, 100), step_s=60), 1_024),
        (Paired(pairs=100, rate_per_s=4), 160),
        (ClosedLoop(workers=16), 64),
        (BatchSweep(), 64),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_every_schedule_has_the_cap_that_it_needs(schedule: Schedule, cap: int) -> None:
    """A ramp by its highest rate, a comparison for each target; who waits needs none."""
    rivals = (Rival(subject=SUBJECT, target=target(URL)),) if schedule.kind == "paired" else ()
    assert fresh(plan(URL, schedule=schedule, rivals=rivals), {}).in_flight_cap == cap
