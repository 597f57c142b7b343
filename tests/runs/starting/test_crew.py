"""Workers that stay warm: used again, replaced where they cannot be, gone with their page."""

import gc
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.engines.common.wish import EngineWish
from core.runs.places.folders import lock_file, models_folder
from core.runs.places.liveness import is_locked
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.working import kept_engines
from core.settings import Settings
from core.store.open import Store
from core.store.runs import RunState, get_run
from tests.runs.support import KEY, PATIENCE_S, api_plan, finished, local_plan
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]


def done_by(runs: Runs, store: Store, run_id: str) -> int:
    """Process id of the worker of a run that went through, once that worker has let go of it.

    A run is done when its last row is written; its worker closes the log and the lock after that.
    """
    assert finished(runs, run_id).state is RunState.DONE
    with store.read() as connection:
        run = get_run(connection, run_id)
    assert run is not None
    assert run.pid is not None
    deadline = time.monotonic() + PATIENCE_S
    while is_locked(lock_file(runs._settings.data_dir, run_id)):
        assert time.monotonic() < deadline, f"the worker {run.pid} kept the lock of {run_id}"
        time.sleep(0.02)
    return run.pid


def wait_until_gone(pid: int) -> None:
    """Until there is no such process (ours are collected by a thread each)."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            os.kill(pid, 0)
        except OSError:
            return
        assert time.monotonic() < deadline, f"the worker {pid} did not end"
        time.sleep(0.02)


def test_a_worker_that_was_made_ready_takes_the_first_run_of_any_lane(
    runs: Runs, store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """Asked twice there is one; it has the run's own log, and ends with its page."""
    runs.make_ready()
    runs.make_ready()
    (member,) = runs._crew._members
    server = embedding_server()
    run_id = runs.start(api_plan(server.base_url), rate=FREE)
    assert done_by(runs, store, run_id) == member.process.pid
    assert (settings.data_dir / "logs" / f"{run_id}.log").read_bytes() == b""
    runs.make_ready()
    assert runs._crew._members == [member]
    runs.close()
    wait_until_gone(member.process.pid)


def test_a_worker_that_never_got_a_job_ends_quietly_with_its_page(runs: Runs) -> None:
    """Its input closes; that is no error."""
    runs.make_ready()
    (member,) = runs._crew._members
    runs.close()
    assert member.process.wait(timeout=60) == 0


def test_the_next_run_has_the_same_process_and_its_own_log_and_key(
    runs: Runs, store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """A warm worker takes the next job, with that job's key and with no trace of the last."""
    server = embedding_server()
    first = done_by(runs, store, runs.start(api_plan(server.base_url), rate=FREE))
    keyed = embedding_server(Config(api_key=KEY.get_secret_value()))
    run_id = runs.start(api_plan(keyed.base_url), rate=FREE, key=KEY)
    assert done_by(runs, store, run_id) == first
    assert (settings.data_dir / "logs" / f"{run_id}.log").read_bytes() == b""


def test_a_worker_that_was_killed_while_it_waited_is_replaced(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """The next run does not wait for a dead process."""
    server = embedding_server()
    first = done_by(runs, store, runs.start(api_plan(server.base_url), rate=FREE))
    os.kill(first, getattr(signal, "SIGKILL", signal.SIGTERM))
    wait_until_gone(first)
    assert done_by(runs, store, runs.start(api_plan(server.base_url), rate=FREE)) != first


def test_a_worker_whose_environment_has_the_new_key_is_not_used(
    runs: Runs, store: Store, embedding_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a name that does not smell of a secret, the key was let through for another job."""
    monkeypatch.setenv("INNOCENT_NAME", KEY.get_secret_value())
    server = embedding_server()
    first = done_by(runs, store, runs.start(api_plan(server.base_url), rate=FREE))
    second = done_by(runs, store, runs.start(api_plan(server.base_url), rate=FREE, key=KEY))
    assert second != first


def test_waiting_workers_go_with_their_page(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """Closed, or merely dropped: no process is left behind."""
    server = embedding_server()
    closed = Runs(store, settings)
    first = done_by(closed, store, closed.start(api_plan(server.base_url), rate=FREE))
    closed.close()
    wait_until_gone(first)
    dropped = Runs(store, settings)
    second = done_by(dropped, store, dropped.start(api_plan(server.base_url), rate=FREE))
    del dropped
    gc.collect()
    wait_until_gone(second)


def test_of_workers_that_wait_one_is_kept(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """Three at once, then one more run: the others do not sit in memory."""
    server = embedding_server()
    urls = [server.base_url, *(embedding_server().base_url for _ in range(2))]
    ids = [runs.start(api_plan(url), rate=FREE) for url in urls]
    pids = {done_by(runs, store, run_id) for run_id in ids}
    last = done_by(runs, store, runs.start(api_plan(server.base_url), rate=FREE))
    for pid in pids - {last}:
        wait_until_gone(pid)


@pytest.mark.local_model
def test_the_local_model_is_loaded_once(
    runs: Runs, store: Store, settings: Settings, exported_model: Path
) -> None:
    """The second run of the local model is done by the process that has it in memory."""
    shutil.copytree(exported_model, models_folder(settings.data_dir), copy_function=os.link)
    pid = done_by(runs, store, runs.start(local_plan(), rate=FREE))
    second = runs.start(local_plan(), rate=FREE)
    assert done_by(runs, store, second) == pid
    found = runs.view(second).environment
    assert found is not None
    assert found.model is not None


def test_an_engine_is_kept_for_the_same_wish_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another device or number of threads is loaded anew, and the last is let go first."""
    loaded: list[tuple[EngineWish, Path]] = []

    def load(wish: EngineWish, cache: Path) -> object:
        loaded.append((wish, cache))
        return object()

    monkeypatch.setattr(kept_engines, "load_engine", load)
    engines = kept_engines.Engines()
    one, two = EngineWish(device="cpu", threads=1), EngineWish(device="cpu", threads=2)
    other = EngineWish(threads=2)
    assert engines.get(one, tmp_path) is engines.get(one, tmp_path)
    assert engines.get(two, tmp_path) is not engines.get(other, tmp_path)
    assert [wish for wish, _ in loaded] == [one, two, other]
