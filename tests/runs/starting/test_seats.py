"""One endpoint is probed once at a time, whoever starts it and from wherever."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from core.errors import AlreadyLiveError, BusyError
from core.measurement.latency import Subject
from core.probe.records.probe_plan import LocalTarget, ProbePlan
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.starting.job import Access
from core.runs.starting.seats import refuse_same
from core.runs.sweep.sweep_job import question_document, sweep_plan
from core.runs.sweep.sweep_question import SWEEP, SweepQuestion
from core.runs.watching.watch import host_name
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.runs import add_run, change_run, live_runs
from tests.runs.support import api_plan, finished, local_plan, slow_plan, wait_until
from tests.servers.ground_truth import GroundTruthServer

Serve = Callable[..., GroundTruthServer]


def compared(url: str, other: str) -> ProbePlan:
    """A comparison of two servers."""
    return api_plan(
        url,
        schedule={"kind": "paired", "pairs": 20, "rate_per_s": 50.0},
        rivals=[{"subject": local_plan().subject, "target": api_plan(other).target}],
    )


def write_live(store: Store, host: str, plan: ProbePlan, **columns: object) -> None:
    """A run that has just been queued somewhere."""
    now = datetime.now(UTC)
    row: dict[str, object] = {
        "host": host,
        "created_at": now,
        "heartbeat_at": now,
        "planned": 9,
        "worst_case_nano_usd": 0,
        "spend_day": now.date(),
        "lane": "api",
    }
    with store.write() as connection:
        add_run(connection, "elsewhere", plan, **(row | columns))


def test_another_probe_of_an_endpoint_is_refused_and_names_the_first(
    runs: Runs, embedding_server: Serve
) -> None:
    """Another plan, another model, a comparison: none may begin; afterwards each may."""
    one, two = embedding_server(), embedding_server()
    run_id = runs.start(slow_plan(one.base_url), rate=FREE)
    wait_until(runs, run_id, lambda view: view.done > 3)
    refusal = (
        rf"localhost:\d+ is being probed .*\d+ of 5003 requests, run {run_id}.*cancel {run_id}"
    )
    with pytest.raises(BusyError, match=refusal) as refused:
        runs.start(slow_plan(one.base_url, seed=1), rate=FREE)
    assert not isinstance(refused.value, AlreadyLiveError)
    elsewhere = one.base_url.replace("127.0.0.1", "localhost").replace("/v1", "/other/v1")
    for plan in (api_plan(elsewhere, "endpoint/other/m"), compared(two.base_url, one.base_url)):
        with pytest.raises(BusyError, match="would measure each other"):
            runs.start(plan, rate=FREE, rivals=[Access.at(FREE, None) for _ in plan.rivals])
    assert [view.run_id for view in runs.recent()] == [run_id]
    assert two.truths == []
    runs.cancel(run_id)
    finished(runs, run_id)
    again = finished(runs, runs.start(api_plan(one.base_url), rate=FREE))
    assert again.done == again.planned


@pytest.mark.parametrize("database", ["settings", "postgresql_settings"])
def test_of_many_who_start_at_once_one_probes_the_endpoint(
    request: pytest.FixtureRequest, embedding_server: Serve, database: str
) -> None:
    """Six stores with connections of their own, six plans: one run and five refusals."""
    installation: Settings = request.getfixturevalue(database)
    url = embedding_server().base_url
    stores = [open_store(installation) for _ in range(6)]
    services = [Runs(store, installation) for store in stores]

    def attempt(number: int) -> str:
        try:
            return services[number].start(slow_plan(url, seed=number), rate=FREE)
        except BusyError as busy:
            return str(busy)

    with ThreadPoolExecutor(len(services)) as pool:
        answers = list(pool.map(attempt, range(len(services))))
    ids = [answer for answer in answers if re.fullmatch("[0-9a-f]{16}", answer)]
    assert len(ids) == 1
    assert sum(ids[0] in answer for answer in answers) == len(services)
    assert len(services[0].recent()) == 1
    for service in services:
        service.close()
    for store in stores:
        store.close()


def test_another_computer_is_in_the_way_of_a_common_endpoint_alone(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """Its loopback is not ours; a server that both reach is one server."""
    server = embedding_server()
    write_live(store, "another:/data", slow_plan(server.base_url))
    ours = finished(runs, runs.start(api_plan(server.base_url), rate=FREE))
    assert ours.done == ours.planned
    public = "https://api.example.com/v1"
    with store.write() as connection:
        change_run(connection, "elsewhere", plan=slow_plan(public).model_dump_json())
    with pytest.raises(BusyError, match=r"api\.example\.com:443 is being probed already"):
        runs.start(api_plan(public), rate=FREE)


def test_the_same_sweep_is_one_that_asks_the_same(store: Store, settings: Settings) -> None:
    """Two sweeps with other loads have equal plans; only an equal question is the same run."""
    subject = Subject(option_id="this-machine", label="This machine", model="MiniLM")
    question, other = SweepQuestion(tokens_per_text=64), SweepQuestion(tokens_per_text=128)
    plan, host = sweep_plan(subject, LocalTarget(), question), host_name(settings)
    write_live(store, host, plan, lane="local", kind=SWEEP, report=question_document(question))
    with store.read() as connection:
        live = live_runs(connection)
    refuse_same(plan, other, live, host)
    refuse_same(plan, question, live, "another:/data")
    with pytest.raises(AlreadyLiveError, match="live here already"):
        refuse_same(plan, question, live, host)
