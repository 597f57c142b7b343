"""Stop means stop: whoever started a run takes it along, however that process ends."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from core.catalog.schema import PriceUnit
from core.runs import service
from core.runs.service import Runs
from core.runs.spending.worst_case import Rate
from core.runs.working.stop import OWNER_GONE, SIGNALLED
from core.settings import Settings
from core.store.open import Store
from core.store.runs import RunState, get_run
from tests.cli.terminal import environment
from tests.runs.support import api_plan, finished, slow_plan
from tests.runs.working.stopped import faults_of_stop, wait_for_requests, wait_until_worker_gone
from tests.servers.ground_truth import GroundTruthServer

Serve = Callable[..., GroundTruthServer]
PRICE = Rate(Decimal("0.02"), PriceUnit.PER_MTOK)
needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def pid_of(store: Store, run_id: str) -> int:
    """Process id of a run's worker."""
    with store.read() as connection:
        run = get_run(connection, run_id)
    assert run is not None
    assert run.pid is not None
    return run.pid


@pytest.mark.parametrize("by", ["kill", "end"])
def test_a_run_ends_with_the_process_that_started_it(
    tmp_path: Path, store: Store, settings: Settings, embedding_server: Serve, by: str
) -> None:
    """Killed without a word, or at its end without a close: nothing is sent for it any more."""
    server = embedding_server()
    file = tmp_path / "plan.json"
    file.write_text(slow_plan(server.base_url).model_dump_json())
    with subprocess.Popen(
        [sys.executable, "-m", "tests.runs.working.owner", str(settings.data_dir), str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(settings.data_dir),
    ) as owner:
        assert owner.stdout is not None
        run_id = owner.stdout.readline().decode().strip()
        wait_for_requests(server, 5)
        if by == "kill":
            owner.kill()
        else:
            owner.communicate(b"\n", timeout=60)
            wait_until_worker_gone(settings, run_id)  # at once: it was waited for
    assert faults_of_stop(store, settings, run_id, server) == []
    assert Runs(store, settings).view(run_id).error == OWNER_GONE


@needs_signals
def test_a_worker_that_gets_the_signal_itself_ends_its_run_in_order(
    runs: Runs, store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """A service manager signals every process of a unit, more than once: no sample is lost."""
    server = embedding_server()
    run_id = runs.start(slow_plan(server.base_url), rate=PRICE)
    wait_for_requests(server, 5)
    pid = pid_of(store, run_id)
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGHUP)
    assert finished(runs, run_id).error == SIGNALLED
    assert faults_of_stop(store, settings, run_id, server) == []


@needs_signals
def test_a_worker_that_waits_leaves_at_a_signal(runs: Runs, embedding_server: Serve) -> None:
    """It has done its run, and has nothing to end."""
    finished(runs, runs.start(api_plan(embedding_server().base_url), rate=PRICE))
    (member,) = runs._crew._members
    member.process.terminate()
    assert member.process.wait(timeout=60) == 0


def test_closing_cancels_what_is_live_and_waits_for_its_last_words(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """One that sends and one that has not begun; afterwards no process is left."""
    servers = embedding_server(), embedding_server()
    runs = Runs(store, settings)
    sending = runs.start(slow_plan(servers[0].base_url), rate=PRICE)
    wait_for_requests(servers[0], 3)
    queued = runs.start(slow_plan(servers[1].base_url), rate=PRICE)
    workers = [member.process for member in runs._crew._members]
    runs.close()
    assert [worker.poll() is None for worker in workers] == [False, False]
    assert faults_of_stop(store, settings, sending, servers[0]) == []
    assert runs.view(queued).state is RunState.CANCELLED
    assert servers[1].truths == []
    runs.close()


def test_dropping_the_runs_cancels_what_is_live(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """Nobody is left who could."""
    server = embedding_server()
    dropped = Runs(store, settings)
    run_id = dropped.start(slow_plan(server.base_url), rate=PRICE)
    wait_for_requests(server, 3)
    del dropped
    gc.collect()
    assert faults_of_stop(store, settings, run_id, server) == []


@needs_signals
def test_a_worker_that_does_not_stop_is_killed_at_the_close(
    store: Store, settings: Settings, embedding_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen, often while it writes, it hears nothing; its run is cancelled all the same."""
    monkeypatch.setattr(service, "CLOSE_PATIENCE_S", 0.2)
    server = embedding_server()
    runs = Runs(store, settings)
    run_id = runs.start(slow_plan(server.base_url), rate=PRICE)
    wait_for_requests(server, 3)
    pid = pid_of(store, run_id)
    os.kill(pid, signal.SIGSTOP)
    runs.close()
    view = runs.view(run_id)
    assert view.state is RunState.CANCELLED
    assert view.error is not None
    assert "ended from outside" in view.error
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
