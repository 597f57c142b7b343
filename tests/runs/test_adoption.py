"""Which run measures an option: the newest open loop, or the one that a person has chosen."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.catalog.schema import PriceUnit
from core.errors import RunError
from core.probe.records.probe_plan import ApiTarget, ClosedLoop, Paired, ProbePlan, Rival
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE, Rate, plan_nano_usd
from core.runs.starting.job import Access
from core.runs.watching.run_view import RunView
from core.store.open import Store
from core.store.runs import RunState
from core.store.tables import ledger
from tests.runs.support import KEY, api_plan, slow_plan, wait_until
from tests.servers.ground_truth import Config, GroundTruthServer

pytestmark = pytest.mark.usefixtures("warm_worker")

Serve = Callable[..., GroundTruthServer]
PRICE = Rate(usd=FREE.usd + 1, unit=PriceUnit.PER_MTOK)


def finished(runs: Runs, run_id: str) -> RunView:
    """The run once it has ended."""
    return wait_until(runs, run_id, lambda view: not view.live)


def paired_plan(base_url: str) -> ProbePlan:
    """Two targets on one server, the second with a key and a price of its own."""
    first = api_plan(base_url)
    assert isinstance(first.target, ApiTarget)
    rival = Rival(
        subject=first.subject.model_copy(
            update={"option_id": "endpoint/other/m", "label": "other"}
        ),
        target=first.target,
    )
    return api_plan(
        base_url,
        schedule=Paired(pairs=10, rate_per_s=100),
        rivals=(rival,),
    )


def test_a_closed_loop_measures_an_option_only_when_it_is_chosen(
    runs: Runs, embedding_server: Serve
) -> None:
    """It cannot see stalls; the page says so, and a person may use it all the same."""
    server = embedding_server()
    opened = finished(runs, runs.start(api_plan(server.base_url), rate=FREE))
    assert opened.summary is not None
    assert opened.summary.overhead is not None
    assert opened.summary.overhead.p50_s > 0
    schedule = ClosedLoop(requests=10)
    plan = api_plan(server.base_url, schedule=schedule)
    closed = finished(runs, runs.start(plan, rate=FREE))
    assert closed.state is RunState.DONE
    assert runs.measurements()["endpoint/test/m"].run_id == opened.run_id
    runs.adopt(closed.run_id)
    assert runs.adoptions() == {"endpoint/test/m": closed.run_id}
    assert runs.measurements()["endpoint/test/m"].run_id == closed.run_id
    runs.release("endpoint/test/m")
    assert runs.measurements()["endpoint/test/m"].run_id == opened.run_id


def test_a_cancelled_run_cannot_be_chosen(runs: Runs, embedding_server: Serve) -> None:
    """Who stops a run when it looks good has chosen the result."""
    run_id = runs.start(slow_plan(embedding_server().base_url), rate=FREE)
    wait_until(runs, run_id, lambda view: view.done > 3)
    runs.cancel(run_id)
    finished(runs, run_id)
    with pytest.raises(RunError, match="chosen the result"):
        runs.adopt(run_id)


def test_a_comparison_asks_each_target_with_its_key_and_pays_from_one_hold(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """Free and without a key one way, at a price and with one the other; both can be adopted."""
    server = embedding_server(Config())
    plan = paired_plan(server.base_url)
    with pytest.raises(RunError, match="its price and its key"):
        runs.start(plan, rate=FREE)
    access = Access.at(PRICE, KEY)
    view = finished(runs, runs.start(plan, rate=FREE, rivals=(access,)))
    assert view.state is RunState.DONE
    assert view.planned == view.done == 2 * (1 + 2 + 10)
    samples = runs.samples(view.run_id)
    assert {s.target for s in samples} == {0, 1}
    assert sum(truth.bearer for truth in server.truths) == 13
    billed = sum(s.tokens_billed or 0 for s in samples if s.target == 1)
    with store.read() as connection:
        spent = connection.execute(select(ledger.c.held_nano_usd, ledger.c.spent_nano_usd)).one()
    assert tuple(spent) == (0, billed * 1000)
    assert billed * 1000 <= plan_nano_usd(plan, FREE, PRICE)
    assert runs.measurements() == {}
    runs.adopt(view.run_id, 1)
    assert view.summary is not None
    assert runs.measurements()["endpoint/other/m"].summary == view.summary.rivals[0]


def test_a_plan_that_would_never_end_is_refused_in_a_sentence(
    runs: Runs, embedding_server: Serve
) -> None:
    """At a request in a hundred seconds nothing is sent, held or written down."""
    server = embedding_server()
    with pytest.raises(RunError, match=r"takes 277.8 h, and a run may take 2 h at most"):
        runs.start(api_plan(server.base_url, requests=10_000, rate_per_s=0.01), rate=FREE)
    assert runs.recent() == []
    assert not server.truths
