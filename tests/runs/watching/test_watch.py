"""Who is taken for dead, when, and who is not."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.runs.places.folders import lock_file
from core.runs.places.liveness import kept_locked
from core.runs.service import Runs
from core.runs.spending.run_budget import hold
from core.runs.spending.worst_case import FREE
from core.runs.watching import watch
from core.runs.watching.watch import START_GRACE, host_name
from core.settings import Settings
from core.store.open import Store
from core.store.runs import RunState, add_run, change_run, get_run
from tests.oracles.ledger_totals import spent_on
from tests.runs.support import api_plan, finished, slow_plan, wait_until
from tests.servers.ground_truth import GroundTruthServer

PLAN = api_plan("http://127.0.0.1:1/v1")
AGES_AGO = timedelta(hours=1)


def write(store: Store, settings: Settings, *, age: timedelta, **columns: Any) -> None:
    """A live run of this host that was begun, and gave its last sign of life, some time ago."""
    then = datetime.now(UTC) - age
    row: dict[str, Any] = {
        "host": host_name(settings),
        "created_at": then,
        "heartbeat_at": then,
        "planned": 23,
        "worst_case_nano_usd": 100,
        "spend_day": datetime.now(UTC).date(),
    }
    with store.write() as connection:
        add_run(connection, "a", PLAN, **(row | columns))
        hold(connection, "a", 100, settings)


def money(store: Store) -> tuple[int, int]:
    """Held and spent today, nano-USD."""
    with store.read() as connection:
        return spent_on(connection, datetime.now(UTC).date())


def test_a_run_that_nobody_began_is_lost_after_the_grace(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """A page that died between writing and starting leaves no run queued; no money is gone."""
    write(store, settings, age=START_GRACE + timedelta(seconds=1))
    assert runs.view("a").state is RunState.LOST
    assert money(store) == (0, 0)


def test_a_run_that_was_just_queued_is_given_time(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """A slow computer needs seconds to start a process; cancelling does not wait for it."""
    write(store, settings, age=timedelta(seconds=1))
    assert runs.view("a").state is RunState.QUEUED
    assert runs.live() is not None
    runs.cancel("a")
    assert runs.view("a").state is RunState.CANCELLED
    assert money(store) == (0, 0)


def test_a_run_without_its_lock_is_lost_and_its_hold_is_spent(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """Its process is gone, whatever its process id is used for today."""
    write(store, settings, age=timedelta(0), state="running", pid=os.getpid())
    assert runs.view("a").state is RunState.LOST
    assert money(store) == (0, 100)


def test_an_old_heartbeat_alone_kills_nobody(runs: Runs, store: Store, settings: Settings) -> None:
    """After the computer's sleep the page may look before the worker has woken."""
    write(store, settings, age=AGES_AGO, state="running", pid=os.getpid())
    with kept_locked(lock_file(settings.data_dir, "a")):
        assert runs.view("a").state is RunState.RUNNING
        assert runs.view("a").state is RunState.RUNNING


def test_a_frozen_worker_is_lost_after_a_while(
    runs: Runs,
    store: Store,
    embedding_server: Callable[..., GroundTruthServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A heartbeat that stands still while one looks: the process is killed, the run lost."""
    if not hasattr(signal, "SIGSTOP"):
        pytest.skip("this system cannot freeze a process")
    run_id = runs.start(slow_plan(embedding_server().base_url), rate=FREE)
    wait_until(runs, run_id, lambda view: view.done > 3)
    with store.read() as connection:
        run = get_run(connection, run_id)
    assert run is not None
    assert run.pid is not None
    os.kill(run.pid, signal.SIGSTOP)
    monkeypatch.setattr(watch, "HUNG_S", 0.5)
    assert finished(runs, run_id).state is RunState.LOST


def test_a_run_of_another_computer_is_judged_by_its_heartbeat(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """Its process cannot be seen from here: fresh is alive, silent is lost; it blocks nobody."""
    write(store, settings, age=timedelta(seconds=1), host="elsewhere", state="running")
    assert runs.view("a").state is RunState.RUNNING
    assert runs.live() is None
    with store.write() as connection:
        change_run(connection, "a", heartbeat_at=datetime.now(UTC) - AGES_AGO)
    assert [view.state for view in runs.recent()] == [RunState.LOST]


def test_a_cancelled_run_whose_worker_died_is_cancelled(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """What the user asked for is what is shown."""
    write(store, settings, age=timedelta(0), state="running", pid=os.getpid())
    with store.write() as connection:
        change_run(connection, "a", cancel_requested_at=datetime.now(UTC))
    assert runs.view("a").state is RunState.CANCELLED
