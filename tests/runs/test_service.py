"""The whole story of a run: real worker processes, a real server, a real store."""

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import SecretStr

from core.catalog.schema import Endpoint, PriceUnit, WireFormat
from core.engines.common.status import engine_status
from core.errors import (
    AlreadyLiveError,
    BudgetError,
    BusyError,
    EgressError,
    MissingKeyError,
    RunError,
)
from core.probe.records.probe_plan import ApiTarget, ProbePlan
from core.probe.records.sample import Outcome, Phase
from core.runs.places.folders import lock_file, log_file
from core.runs.places.liveness import is_locked
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE, Rate, worst_case_usd
from core.runs.watching.watch import host_name
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.runs import RunState, add_run, change_run, get_run
from tests.conftest import need
from tests.oracles.ledger_totals import spent_on
from tests.runs.support import (
    KEY,
    api_plan,
    finished,
    local_plan,
    slow_plan,
    wait_until,
)
from tests.servers.delays import Delay
from tests.servers.formats.huggingface import HUGGINGFACE
from tests.servers.ground_truth import Config, GroundTruthServer

pytestmark = pytest.mark.usefixtures("warm_worker")

Serve = Callable[..., GroundTruthServer]
PRICE = Rate(Decimal("0.02"), PriceUnit.PER_MTOK)


def pid_of(store: Store, run_id: str) -> int:
    """Process id of a run's worker."""
    with store.read() as connection:
        run = get_run(connection, run_id)
    assert run is not None
    assert run.pid is not None
    return run.pid


def money(store: Store) -> tuple[int, int]:
    """Held and spent today, nano-USD."""
    with store.read() as connection:
        return spent_on(connection, datetime.now(UTC).date())


def test_a_run_is_measured_stored_and_paid(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """Every request becomes a sample, the bill is what the server stated, the hold is gone."""
    server = embedding_server(Config(delay=Delay(median_s=0.01), api_key=KEY.get_secret_value()))
    plan = api_plan(server.base_url)
    view = finished(runs, runs.start(plan, rate=PRICE, key=KEY))
    assert (view.state, view.error) == (RunState.DONE, None)
    samples = runs.samples(view.run_id)
    assert view.done == view.planned == len(samples) == 23 == len(server.truths)
    assert [sample.seq for sample in samples] == list(range(23))
    assert [sample.phase for sample in samples[:3]] == [Phase.COLD, Phase.WARM_UP, Phase.WARM_UP]
    assert view.summary is not None
    assert view.summary.n_ok == 20
    assert view.summary.service_p50.value_s is not None
    assert view.summary.service_p50.value_s >= 0.01
    billed = sum(sample.tokens_billed or 0 for sample in samples)
    assert view.spent_usd == Decimal(billed * 20) / 10**9
    assert view.spent_usd <= view.worst_case_usd == worst_case_usd(plan, PRICE)
    assert money(store) == (0, billed * 20)


def test_a_finished_run_measures_its_option(runs: Runs, embedding_server: Serve) -> None:
    """The newest finished run of an option is its measurement, with where it was measured."""
    server = embedding_server()
    first = finished(runs, runs.start(api_plan(server.base_url), rate=FREE))
    second = finished(runs, runs.start(api_plan(server.base_url), rate=FREE))
    other = finished(runs, runs.start(api_plan(server.base_url, "endpoint/o/m"), rate=FREE))
    found = runs.measurements()
    assert {key: entry.run_id for key, entry in found.items()} == {
        "endpoint/test/m": second.run_id,
        "endpoint/o/m": other.run_id,
    }
    assert found["endpoint/test/m"].subject.place == "a test"
    assert found["endpoint/test/m"].summary == second.summary
    assert [view.run_id for view in runs.recent(2)] == [other.run_id, second.run_id]
    runs.delete(second.run_id)
    assert runs.measurements()["endpoint/test/m"].run_id == first.run_id


def test_the_record_says_on_what_it_was_measured(runs: Runs, embedding_server: Serve) -> None:
    """Software, processor, clock and load belong to a measurement."""
    server = embedding_server()
    view = finished(runs, runs.start(api_plan(server.base_url), rate=FREE))
    found = view.environment
    assert found is not None
    assert found.python == sys.version.split()[0]
    assert found.cpu
    assert found.clock_resolution_s < 1e-3
    assert "httptools" in dict(found.versions)
    assert found.model is None
    if hasattr(os, "getloadavg"):
        assert found.load_at_start is not None
        assert found.load_at_end is not None


def test_progress_and_latencies_are_there_while_it_runs(
    runs: Runs, embedding_server: Serve
) -> None:
    """Samples are committed as they come, and a live run has a summary of what it has."""
    server = embedding_server()
    run_id = runs.start(slow_plan(server.base_url), rate=FREE)
    early = wait_until(
        runs, run_id, lambda view: view.summary is not None and view.summary.n_ok > 0
    )
    assert early.state is RunState.RUNNING
    assert early.summary is not None
    assert early.summary.n_ok < early.planned
    so_far = early.summary.n_ok
    wait_until(runs, run_id, lambda view: view.summary is not None and view.summary.n_ok > so_far)
    live = runs.live()
    assert live is not None
    assert live.run_id == run_id


def test_a_cancelled_run_ends_soon_and_keeps_its_samples(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """What was measured stays; nothing more is held; it measures no option."""
    server = embedding_server()
    run_id = runs.start(slow_plan(server.base_url), rate=PRICE)
    wait_until(runs, run_id, lambda view: view.done > 3)
    runs.cancel(run_id)
    view = finished(runs, run_id)
    assert view.state is RunState.CANCELLED
    assert 3 < view.done < view.planned
    assert sum(sample.ok for sample in runs.samples(run_id)) >= view.done - 5
    assert runs.measurements() == {}
    held, spent = money(store)
    assert held == 0
    assert 0 < spent < int(view.worst_case_usd * 10**9)
    runs.cancel(run_id)
    assert runs.view(run_id).state is RunState.CANCELLED


def started_or_live(runs: Runs, plan: ProbePlan, rate: Rate) -> tuple[str, bool]:
    """Id of the run, and whether this call has started it."""
    try:
        return runs.start(plan, rate=rate), True
    except AlreadyLiveError as live:
        return live.run_id, False


def test_a_double_click_starts_one_run(runs: Runs, embedding_server: Serve) -> None:
    """Of eight threads with the same plan one starts it; seven are told which run it is."""
    plan = slow_plan(embedding_server().base_url)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: started_or_live(runs, plan, FREE), range(8)))
    ids = {run_id for run_id, _ in answers}
    assert [view.run_id for view in runs.recent()] == list(ids)
    assert sorted(new for _, new in answers) == [False] * 7 + [True]


def test_a_second_probe_of_the_local_model_waits_for_the_first(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """Another plan is refused while one is live, also from another process's point of view."""
    write_live(store, settings, local_plan())
    with pytest.raises(BusyError, match=r"local model is live here: This machine \(0 of 9"):
        runs.start(local_plan(seed=1), rate=FREE)


def test_some_apis_are_probed_at_once_and_no_more_than_the_setting_says(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """Each has its own process and samples, beside a run of the local model."""
    two = settings.model_copy(update={"api_runs_at_once": 2})
    runs = Runs(store, two)
    write_live(store, two, local_plan())
    first, second, last = (embedding_server().base_url for _ in range(3))
    ids = [runs.start(slow_plan(url), rate=FREE) for url in (first, second)]
    for run_id in ids:
        wait_until(runs, run_id, lambda view: view.done > 3)
    assert pid_of(store, ids[0]) != pid_of(store, ids[1])
    assert [view.run_id for view in runs.all_live()][:2] == ids[::-1]
    with pytest.raises(BusyError, match=r"Probes of 2 APIs.*BREAKEVEN_API_RUNS_AT_ONCE"):
        runs.start(slow_plan(last), rate=FREE)
    runs.cancel(ids[0])
    finished(runs, ids[0])
    third = runs.start(slow_plan(last), rate=FREE)
    for run_id in (ids[1], third):
        runs.cancel(run_id)
        assert finished(runs, run_id).state is RunState.CANCELLED
    runs.close()


def test_many_who_start_different_runs_at_once_get_the_seats_there_are(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """Eight threads, three seats: three runs and five refusals, never a fourth run."""
    runs = Runs(store, settings.model_copy(update={"api_runs_at_once": 3}))
    urls = [embedding_server().base_url for _ in range(8)]

    def attempt(url: str) -> str | None:
        try:
            return runs.start(slow_plan(url), rate=FREE)
        except BusyError:
            return None

    with ThreadPoolExecutor(8) as pool:
        ids = [run_id for run_id in pool.map(attempt, urls) if run_id is not None]
    assert len(ids) == len(runs.all_live()) == 3
    for run_id in ids:
        runs.cancel(run_id)
        finished(runs, run_id)
    runs.close()


def write_live(store: Store, settings: Settings, plan: ProbePlan) -> None:
    """A run of this host that has just been queued."""
    now = datetime.now(UTC)
    with store.write() as connection:
        add_run(
            connection,
            "waiting",
            plan,
            host=host_name(settings),
            lane=plan.target.kind,
            created_at=now,
            heartbeat_at=now,
            planned=9,
            worst_case_nano_usd=0,
            spend_day=now.date(),
        )


def test_a_killed_worker_leaves_a_lost_run_with_its_samples(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """Nobody can say what was still sent: the hold counts as spent. The next run may start."""
    server = embedding_server()
    run_id = runs.start(slow_plan(server.base_url), rate=PRICE)
    before = wait_until(runs, run_id, lambda view: view.done > 3)
    os.kill(pid_of(store, run_id), getattr(signal, "SIGKILL", signal.SIGTERM))
    view = finished(runs, run_id)
    assert view.state is RunState.LOST
    assert view.error is not None
    assert f"{view.done} requests stored until then are kept" in view.error
    assert len(runs.samples(run_id)) >= before.done
    assert view.summary is not None
    assert view.summary.n_ok > 0
    held, spent = money(store)
    assert held == 0
    assert spent == pytest.approx(int(view.worst_case_usd * 10**9), rel=0.01)
    assert runs.measurements() == {}
    again = finished(runs, runs.start(api_plan(server.base_url), rate=FREE))
    assert again.state is RunState.DONE


def test_a_stopped_worker_is_killed_when_it_does_not_hear_its_cancellation(
    runs: Runs, store: Store, embedding_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frozen process cannot end itself: after the grace it is ended from outside."""
    if not hasattr(signal, "SIGSTOP"):
        pytest.skip("this system cannot freeze a process")
    run_id = runs.start(slow_plan(embedding_server().base_url), rate=FREE)
    wait_until(runs, run_id, lambda view: view.done > 3)
    pid = pid_of(store, run_id)
    os.kill(pid, signal.SIGSTOP)
    runs.cancel(run_id)
    view = finished(runs, run_id)
    assert view.state is RunState.CANCELLED
    assert view.error is not None
    assert "ended from outside" in view.error


def test_a_worker_that_dies_before_it_begins_is_noticed_at_once(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """A run must not look queued for ever; its money is free again."""
    runs = Runs(store, settings)
    settings.data_dir.joinpath("locks").write_text("a file where a folder must be")
    run_id = runs.start(api_plan(embedding_server().base_url), rate=PRICE)
    view = finished(runs, run_id)
    assert view.state is RunState.LOST
    assert view.error is not None
    assert "ended before it began" in view.error
    assert str(log_file(settings.data_dir, run_id)) in view.error
    assert money(store) == (0, 0)
    settings.data_dir.joinpath("locks").unlink()


def test_a_run_of_a_dead_page_is_found_by_the_next_one(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """Page and worker both died; who opens the page again finds a lost run, not a live one."""
    first = Runs(store, settings)
    run_id = first.start(slow_plan(embedding_server().base_url), rate=FREE)
    wait_until(first, run_id, lambda view: view.done > 3)
    os.kill(pid_of(store, run_id), getattr(signal, "SIGKILL", signal.SIGTERM))
    lock = lock_file(settings.data_dir, run_id)
    next_page = Runs(store, settings)
    assert finished(next_page, run_id).state is RunState.LOST
    assert next_page.live() is None
    assert lock.exists()


def test_a_run_that_was_ended_elsewhere_stops_its_worker(
    runs: Runs, store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """A worker that was taken for dead writes nothing more and goes."""
    run_id = runs.start(slow_plan(embedding_server().base_url), rate=FREE)
    wait_until(runs, run_id, lambda view: view.done > 3)
    with store.write() as connection:
        change_run(connection, run_id, state=RunState.LOST.value)
    stored = len(runs.samples(run_id))
    lock = lock_file(settings.data_dir, run_id)
    wait_until(runs, run_id, lambda _: not is_locked(lock))
    assert len(runs.samples(run_id)) == stored
    assert runs.view(run_id).state is RunState.LOST


@pytest.mark.parametrize(
    ("fault", "words"),
    [("401", "refused the key"), ("500", "None of the first calls"), ("hang", "None of the first")],
)
def test_a_run_without_answers_fails_with_a_sentence(
    runs: Runs, embedding_server: Serve, fault: str, words: str
) -> None:
    """A run that measured nothing is no measurement, and says why."""
    server = embedding_server()
    plan = api_plan(server.fault_url(fault), timeout_s=0.2 if fault == "hang" else 60.0)
    view = finished(runs, runs.start(plan, rate=FREE, key=KEY))
    assert view.state is RunState.FAILED
    assert view.error is not None
    assert words in view.error
    assert runs.measurements() == {}


def test_without_warm_up_a_run_without_answers_fails_too(
    runs: Runs, embedding_server: Serve
) -> None:
    """Each failure is counted in the sentence."""
    plan = api_plan(embedding_server().fault_url("500"), warm_up_requests=0)
    view = finished(runs, runs.start(plan, rate=FREE))
    assert view.state is RunState.FAILED
    assert view.error is not None
    assert view.error.startswith(
        "Not one measured request was answered: 21 server_error. What came"
    )


def test_an_answer_without_a_bill_counts_at_its_worst_case(
    runs: Runs, embedding_server: Serve
) -> None:
    """What is not stated is not assumed to be free."""
    plan = api_plan(embedding_server().fault_url("no_usage"))
    view = finished(runs, runs.start(plan, rate=PRICE))
    assert view.state is RunState.DONE
    assert float(view.spent_usd) == pytest.approx(float(view.worst_case_usd), rel=0.01)


@pytest.mark.parametrize(
    "cap", ["spend_cap_per_run_usd", "spend_cap_per_day_usd", "spend_cap_total_usd"]
)
def test_a_plan_above_a_cap_sends_nothing(
    store: Store, settings: Settings, embedding_server: Serve, cap: str
) -> None:
    """The sentence names the amount, the cap and its variable; no run and no hold is left."""
    server = embedding_server()
    runs = Runs(store, settings.model_copy(update={cap: Decimal("0.000001")}))
    with pytest.raises(
        BudgetError, match=rf"above the cap of \$0\.000001.*BREAKEVEN_{cap.upper()}"
    ):
        runs.start(api_plan(server.base_url), rate=PRICE)
    assert runs.recent() == []
    assert money(store) == (0, 0)
    assert server.truths == []


@pytest.mark.parametrize(
    ("unit", "advice"),
    [
        (PriceUnit.PER_MTOK, "Send fewer requests or shorter texts, or raise"),
        (PriceUnit.PER_SECOND, r"Send fewer requests or set a shorter timeout: .*, or raise"),
        (PriceUnit.PER_REQUEST, "Send fewer requests, or raise"),
    ],
)
def test_a_refusal_advises_what_would_make_this_probe_cheaper(
    runs: Runs, unit: PriceUnit, advice: str
) -> None:
    """Shorter texts do not help where seconds are billed, nor a shorter wait where tokens are."""
    with pytest.raises(BudgetError, match=advice):
        runs.start(api_plan("http://127.0.0.1:1/v1"), rate=Rate(Decimal(1_000), unit))


def test_the_day_fills_up_run_by_run(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """What earlier runs spent today is no longer there for the next."""
    plan = api_plan(embedding_server().fault_url("no_usage"))
    cap = worst_case_usd(plan, PRICE) * Decimal("1.5")
    runs = Runs(store, settings.model_copy(update={"spend_cap_per_day_usd": cap}))
    assert finished(runs, runs.start(plan, rate=PRICE)).state is RunState.DONE
    with pytest.raises(BudgetError, match="a day"):
        runs.start(plan, rate=PRICE)


def test_a_missing_key_is_named_before_anything_starts(runs: Runs) -> None:
    """The sentence names the variable of this provider."""
    endpoint = Endpoint.model_validate(
        {
            "wire": WireFormat.OPENAI_COMPATIBLE,
            "base_url": "https://api.openai.com/v1",
            "key_env": "OPENAI_API_KEY",
        }
    )
    plan = api_plan("http://127.0.0.1:1/v1", target=ApiTarget(endpoint=endpoint, wire_model="m"))
    for key in (None, SecretStr("")):
        with pytest.raises(MissingKeyError, match="set OPENAI_API_KEY"):
            runs.start(plan, rate=PRICE, key=key)
    assert runs.recent() == []


def test_a_wire_format_that_nobody_speaks_is_named(runs: Runs) -> None:
    """A provider without an embedder stays priced and cannot be probed."""
    endpoint = Endpoint.model_validate(
        {"wire": WireFormat.BEDROCK, "base_url": "https://example.com"}
    )
    plan = api_plan("http://127.0.0.1:1/v1", target=ApiTarget(endpoint=endpoint, wire_model="m"))
    with pytest.raises(RunError, match="speaks bedrock"):
        runs.start(plan, rate=PRICE)


def test_typed_addresses_can_be_switched_off(store: Store, settings: Settings) -> None:
    """A deployment that strangers reach probes listed providers only."""
    runs = Runs(store, settings.model_copy(update={"allow_custom_base_url": False}))
    with pytest.raises(EgressError, match="BREAKEVEN_ALLOW_CUSTOM_BASE_URL"):
        runs.start(api_plan("http://127.0.0.1:1/v1"), rate=FREE)


def test_a_forbidden_name_is_refused_before_a_worker_starts(runs: Runs) -> None:
    """A name is judged by what it means now; nothing is stored, and nobody is started."""
    endpoint = Endpoint.model_validate(
        {"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": "https://localhost:8443/v1"}
    )
    plan = api_plan("http://127.0.0.1:1/v1", target=ApiTarget(endpoint=endpoint, wire_model="m"))
    with pytest.raises(EgressError, match=r"localhost resolves to .*this computer itself"):
        runs.start(plan, rate=FREE)
    assert runs.recent() == []
    assert runs._crew.run_ids == frozenset()


def test_unknown_runs_are_named(runs: Runs) -> None:
    """A stale link is a sentence."""
    for look in (runs.view, runs.cancel, runs.samples, runs.delete):
        with pytest.raises(RunError, match="There is no run deadbeef"):
            look("deadbeef")


def test_a_live_run_cannot_be_deleted(runs: Runs, embedding_server: Serve) -> None:
    """It is cancelled first."""
    run_id = runs.start(slow_plan(embedding_server().base_url), rate=FREE)
    with pytest.raises(RunError, match="Cancel it first"):
        runs.delete(run_id)


def test_the_same_story_on_postgresql(
    postgresql_settings: Settings, embedding_server: Serve
) -> None:
    """Start, double click, kill, cancel and finish work alike on the shared database."""
    store = open_store(postgresql_settings)
    runs = Runs(store, postgresql_settings)
    server = embedding_server()
    slow = slow_plan(server.base_url)
    with ThreadPoolExecutor(4) as pool:
        (lost,) = {
            run_id for run_id, _ in pool.map(lambda _: started_or_live(runs, slow, PRICE), range(4))
        }
    wait_until(runs, lost, lambda view: view.done > 3)
    os.kill(pid_of(store, lost), getattr(signal, "SIGKILL", signal.SIGTERM))
    assert finished(runs, lost).state is RunState.LOST
    done = finished(runs, runs.start(api_plan(server.base_url), rate=PRICE))
    assert done.state is RunState.DONE
    assert runs.measurements()["endpoint/test/m"].run_id == done.run_id
    assert money(store)[0] == 0
    store.close()


@pytest.mark.local_model
def test_the_local_model_is_measured(runs: Runs) -> None:
    """The packaged model runs in the worker; revision and hardware join the measurement."""
    need(engine_status().ready, "the extra: " + engine_status().advice)
    view = finished(runs, runs.start(local_plan(), rate=FREE))
    assert (view.state, view.error) == (RunState.DONE, None)
    samples = runs.samples(view.run_id)
    assert {sample.outcome for sample in samples} == {Outcome.OK}
    assert all(sample.dims == 384 and sample.tokens_billed for sample in samples)
    subject = runs.measurements()["this-machine"].subject
    assert subject.revision is not None
    assert subject.hardware is not None
    assert subject.hardware.endswith("1 thread")


@pytest.mark.local_model
def test_a_cancellation_while_the_model_loads_does_not_wait_for_it(
    store: Store, settings: Settings
) -> None:
    """Loading takes seconds and cannot be interrupted: the worker leaves without it."""
    need(engine_status().ready, "the extra: " + engine_status().advice)
    runs = Runs(store, settings)
    run_id = runs.start(local_plan(), rate=FREE)
    wait_until(runs, run_id, lambda view: view.state is RunState.LOADING)
    runs.cancel(run_id)
    view = finished(runs, run_id)
    assert view.state is RunState.CANCELLED
    assert view.done == 0


def test_an_inspection_comes_after_the_run_and_is_paid_within_its_hold(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """Its findings are stored with the run, apart from the samples, and travel with it."""
    server = embedding_server()
    plan = api_plan(server.fault_url("truncating"), inspect=True)
    view = finished(runs, runs.start(plan, rate=PRICE))
    assert view.state is RunState.DONE
    assert view.inspection is not None
    assert view.inspection.truncation == "silent"
    assert len(runs.samples(view.run_id)) == plan.planned
    assert len(server.truths) > plan.planned
    assert view.spent_usd <= view.worst_case_usd
    held, spent = money(store)
    assert (held, spent) == (0, int(view.spent_usd * 10**9))
    assert '"truncation": "silent"' in runs.export([view.run_id])


def test_retries_are_held_and_paid_for(runs: Runs, embedding_server: Serve) -> None:
    """The worst case is that of all attempts; what may have been billed twice is paid so."""
    server = embedding_server(Config(faults={4: "500"}))
    once, twice = (api_plan(server.base_url, retries=retries) for retries in (0, 1))
    assert worst_case_usd(twice, PRICE) == 2 * worst_case_usd(once, PRICE)
    view = finished(runs, runs.start(twice, rate=PRICE))
    assert view.state is RunState.DONE
    samples = runs.samples(view.run_id)
    assert sorted(sample.attempts for sample in samples) == [1] * 22 + [2]
    (again,) = (sample for sample in samples if sample.attempts == 2)
    billed = sum(sample.tokens_billed or 0 for sample in samples if sample is not again)
    assert view.spent_usd > Decimal(billed * 20) / 10**9
    assert view.summary is not None
    assert any("sent 2 times in all" in sentence for sentence in view.summary.warnings)


def test_the_hardware_that_an_api_states_belongs_to_its_measurement(
    runs: Runs, embedding_server: Serve
) -> None:
    """Text Embeddings Inference says on what it computes; a server that is silent has none."""
    server = embedding_server()
    endpoint = Endpoint.model_validate(
        {"wire": "huggingface", "base_url": server.dialect_url(HUGGINGFACE, "tei_headers")}
    )
    plan = api_plan(server.base_url)
    target = ApiTarget(endpoint=endpoint, wire_model="m", allow_loopback=True)
    told = plan.model_copy(update={"target": target})
    assert finished(runs, runs.start(told, rate=FREE)).state is RunState.DONE
    assert runs.measurements()["endpoint/test/m"].subject.hardware == "gpu+optimized"
    silent = finished(runs, runs.start(plan, rate=FREE))
    assert silent.environment is not None
    assert silent.environment.hardware is None
