"""Work that can wait: it never makes an option dearer, and the row says how it is gathered."""

import json

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog
from core.cli.commands.compare_command import document_of
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.scenario import Hosting, Scenario, Serverless, Workload, hybrid_id

OPTIONS = (
    "openai/text-embedding-3-small",
    "cloudflare/bge-large-en-v1.5",
    "aws/g6.xlarge",
    "modal/l4",
    "owned/rtx-4080",
    hybrid_id("aws/g6.xlarge", "cloudflare/bge-large-en-v1.5"),
)
CATALOG = load_catalog()
VOLUMES = np.geomspace(1e6, 1e13, 60)


def asked(
    share: float, peak: float = 3.0, *, follows: bool = False, **serverless: float
) -> Scenario:
    """10,000 requests a day, so much of which can wait, and nobody to pay for looking after it."""
    load = Workload(requests_per_day=1e4, deferrable_share=share, peak_to_mean=peak)
    hosting = Hosting(labour_usd_per_month=0, autoscale=follows)
    called = Serverless.model_validate(serverless)
    return Scenario(workload=load, hosting=hosting, serverless=called, options=OPTIONS)


@settings(max_examples=20, deadline=None)
@example(shares=(0.0, 0.3), peak=1.0, idle=60.0, follows=True)
@given(
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    peak=st.floats(1, 20),
    idle=st.sampled_from([0.0, 60.0, 3_600.0]),
    follows=st.booleans(),
)
def test_more_work_that_can_wait_never_costs_more(
    shares: tuple[float, float], peak: float, idle: float, follows: bool
) -> None:
    """Every kind of option at any volume, up to what small batches at night add to the current."""
    less, more = (
        curves(Case(asked(share, peak, follows=follows, idle_timeout_s=idle), CATALOG))
        for share in sorted(shares)
    )
    for before, after in zip(less.curves, more.curves, strict=True):
        assert before.cost is not None
        assert after.cost is not None
        # The curve of a GPU by the second follows its formula by straight pieces.
        near = 1e-3 if before.option.id == "modal/l4" else 1e-9
        # An even day is not always the best one beside an API that lets through so much an hour.
        near = 1e-4 if before.option.burst is not None else near
        usd = before.cost.at(VOLUMES), after.cost.at(VOLUMES)
        assert np.all(usd[1] <= usd[0] * (1 + near) + 1e-6), before.option.id


def shown(catalog: Catalog, share: float) -> tuple[Scenario, Snapshot]:
    """The answer for a GPU by the second alone."""
    scenario = asked(share).model_copy(update={"options": ("modal/l4",)})
    case = Case(scenario, catalog)
    return scenario, at_volume(curves(case), case)


@pytest.mark.parametrize(
    ("share", "usd", "runs"),
    [(0.0, 532.4, None), (0.25, 514.7, 0.0), (0.5, 486.9, 0.0), (1.0, 1.45, 1.0)],
)
def test_a_gpu_by_the_second_gathers_what_can_wait(
    catalog: Catalog, share: float, usd: float, runs: float | None
) -> None:
    """All of it in one run a day costs a dollar or so; beside other requests it rides along.

    Before the $30 that the account is given each month.
    """
    (row,) = shown(catalog, share)[1].rows
    assert row.lines[0].usd_per_month == pytest.approx(usd, abs=0.6)
    assert row.usd_per_month == pytest.approx(max(0.0, usd - 30), abs=0.6)
    assert row.waiting_runs_per_day == runs
    assert row.waiting_words == {
        None: "",
        0.0: "what can wait rides along",
        1.0: "what can wait: 1 run a day",
    }.get(runs)


@pytest.mark.parametrize(
    ("share", "rented", "mixed"), [(0.0, 3_879.1, 3_863.0), (0.25, 3_416.1, 3_416.1)]
)
def test_replicas_that_follow_the_load_are_full_with_what_can_wait(
    share: float, rented: float, mixed: float
) -> None:
    """Of 30 million requests a day: $579.456 for each of 450 G tokens / 76.33 G a replica."""
    asks = asked(share, follows=True)
    load = asks.workload.model_copy(update={"requests_per_day": 3e7})
    hosting = asks.hosting.model_copy(update={"spare_replicas": 0})
    case = Case(asks.model_copy(update={"workload": load, "hosting": hosting}), CATALOG)
    rows = {row.option.id: row for row in at_volume(curves(case), case).rows}
    assert rows["aws/g6.xlarge"].usd_per_month == pytest.approx(rented, abs=0.1)
    assert rows[OPTIONS[-1]].usd_per_month == pytest.approx(mixed, abs=0.1)
    gathered = "all full: what can wait is gathered" in rows["aws/g6.xlarge"].lines[0].explanation
    assert gathered == (share > 0)


def test_the_answer_for_a_program_says_the_runs_a_day(catalog: Catalog) -> None:
    """As a number beside the bill."""
    scenario, snapshot = shown(catalog, 1.0)
    found = curves(Case(scenario, catalog))
    (option,) = json.loads(json.dumps(document_of(scenario, found, snapshot)))["options"]
    assert option["waiting_runs_per_day"] == 1


@pytest.mark.parametrize("idle", [0.0, 60.0])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("requests_per_day", [1e3, 1e5, 1e7])
def test_no_gpu_by_the_second_works_more_than_it_is_paid_for(
    catalog: Catalog, idle: float, share: float, requests_per_day: float
) -> None:
    """Without an idle time-out, too, where all that is billed is work."""
    scenario = asked(share, idle_timeout_s=idle, cold_start_s=0.0)
    load = scenario.workload.model_copy(update={"requests_per_day": requests_per_day})
    case = Case(scenario.model_copy(update={"workload": load, "options": ("modal/l4",)}), catalog)
    (row,) = at_volume(curves(case), case).rows
    assert row.duty_cycle is not None
    assert 0 < row.duty_cycle <= 1 + 1e-9
    if idle == 0 and share == 0 and requests_per_day == 1e3:
        assert row.duty_cycle == pytest.approx(1.0)


@pytest.mark.parametrize(("hours", "runs"), [(24, 1.0), (48, 0.5), (168, 24 / 168)])
def test_a_later_deadline_takes_fewer_runs(catalog: Catalog, hours: float, runs: float) -> None:
    """Each with one start and one time-out of 80 s together; the work itself stays the same."""

    def row(within: float) -> OptionAtVolume:
        asks = asked(1.0, peak=1.0)
        load = asks.workload.model_copy(update={"deferrable_within_hours": within})
        case = Case(asks.model_copy(update={"workload": load, "options": ("modal/l4",)}), catalog)
        return at_volume(curves(case), case).rows[0]

    found, daily = row(hours), row(24)
    assert found.waiting_runs_per_day == pytest.approx(runs)
    assert f"what can wait: {runs:.3g} run" in found.lines[0].explanation
    assert found.mean_replicas is not None
    assert daily.mean_replicas is not None
    saved_s = (1 - runs) * 80
    assert (daily.mean_replicas - found.mean_replicas) * 86_400 == pytest.approx(saved_s, abs=0.5)
    assert "deadline of what can wait" in found.lines[0].inputs
