"""A command that is stopped, by whatever signal, ends its probe: counted at the server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer

from core.cli.probing.stopping import stoppable
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.settings import Settings
from core.store.open import open_store
from core.store.runs import RunState
from tests.cli.terminal import breakeven, environment
from tests.runs.support import finished, slow_plan, wait_until
from tests.runs.working.stopped import faults_of_stop, wait_for_requests
from tests.servers.ground_truth import GroundTruthServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

Serve = Callable[..., GroundTruthServer]
Command = subprocess.Popen[str]


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    """The installation of the commands."""
    return Settings(data_dir=tmp_path / "data", database_url=None)


@contextmanager
def probing(folder: Path, url: str, *, terminal: int | None = None) -> Iterator[Command]:
    """The command, about to probe a server for minutes, with a price; killed at the end."""
    # A process inherits what its parent ignores, as tests in the background of a shell do.
    before = {n: signal.signal(n, signal.SIG_DFL) for n in (signal.SIGHUP, signal.SIGTERM)}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    pipe = subprocess.PIPE if terminal is None else terminal
    arguments = ["--base-url", url, "--model", "m", "--usd-per-mtok", "0.02"]
    load = ["--requests", "500", "--rate", "10"]
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "probe", *arguments, *load],
        stdin=terminal,
        stdout=pipe,
        stderr=pipe,
        text=True,
        env=environment(folder),
        start_new_session=terminal is not None,
    )
    for number, handler in before.items():
        signal.signal(number, handler)
    with process:
        try:
            yield process
        finally:
            process.kill()


def run_of(settings: Settings) -> str:
    """Id of the only run."""
    store = open_store(settings)
    (view,) = Runs(store, settings).recent()
    store.close()
    return view.run_id


def faults(settings: Settings, server: GroundTruthServer) -> list[str]:
    """What is wrong with the only run, which was stopped."""
    store = open_store(settings)
    found = faults_of_stop(store, settings, run_of(settings), server)
    store.close()
    return found


def test_sigterm_ends_the_probe_as_an_interrupt_does(
    here: Settings, embedding_server: Serve
) -> None:
    """What was measured is printed, the reason is the last line, and the status is the signal's."""
    server = embedding_server()
    with probing(here.data_dir, server.base_url) as command:
        wait_for_requests(server, 8)
        command.send_signal(signal.SIGTERM)
        out, err = command.communicate(timeout=60)
    assert command.returncode == 128 + signal.SIGTERM
    assert "answered" in out
    assert err.splitlines()[-1] == "cancelled: The run was cancelled."
    assert faults(here, server) == []


def test_who_is_impatient_leaves_nothing_behind(here: Settings, embedding_server: Serve) -> None:
    """Three signals in a row end the command at once, and its probe all the same."""
    server = embedding_server()
    with probing(here.data_dir, server.base_url) as command:
        wait_for_requests(server, 5)
        for name in ("SIGINT", "SIGINT", "SIGTERM"):
            command.send_signal(getattr(signal, name))
            time.sleep(0.02)
        command.communicate(timeout=60)
    assert command.returncode in {128 + signal.SIGINT, 128 + signal.SIGTERM}
    assert faults(here, server) == []


def test_a_closed_terminal_ends_the_probe(here: Settings, embedding_server: Serve) -> None:
    """Nobody is there to read what it says, and nothing more is sent."""
    server = embedding_server()
    ours, theirs = os.openpty()
    with probing(here.data_dir, server.base_url, terminal=theirs) as command:
        os.close(theirs)
        wait_for_requests(server, 5)
        os.close(ours)
        command.send_signal(signal.SIGHUP)  # what the system sends a terminal's own session
        command.wait(timeout=60)
    assert faults(here, server) == []


def test_the_same_probe_is_watched_and_goes_on_without_its_watcher(
    here: Settings, embedding_server: Serve
) -> None:
    """A second command says which run it watches; its Ctrl-C ends the watching alone."""
    server = embedding_server()
    with probing(here.data_dir, server.base_url) as first:
        wait_for_requests(server, 3)
        run_id = run_of(here)
        with probing(here.data_dir, server.base_url) as second:
            assert second.stderr is not None
            said = "".join(second.stderr.readline() for _ in range(2))
            assert f"run {run_id}" in said
            assert "You are watching it: Ctrl-C ends the watching, not the run." in said
            second.send_signal(signal.SIGINT)
            out, rest = second.communicate(timeout=60)
        assert (second.returncode, out) == (128 + signal.SIGINT, "")
        assert rest.splitlines()[-1] == f"No longer watched: run {run_id} goes on."
        wait_for_requests(server, len(server.truths) + 3)
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)
    assert faults(here, server) == []


def test_another_probe_of_the_endpoint_is_refused_and_the_first_can_be_cancelled(
    here: Settings, embedding_server: Serve
) -> None:
    """By its id, from another terminal; what has ended is said to have."""
    server = embedding_server()
    store = open_store(here)
    runs = Runs(store, here)
    run_id = runs.start(slow_plan(server.base_url), rate=FREE)
    wait_until(runs, run_id, lambda view: view.done > 3)
    refused = breakeven(here.data_dir, "probe", "--base-url", server.base_url, "--model", "other")
    told = " ".join(refused.stderr.split())
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "would measure each other" in told
    assert f"breakeven runs cancel {run_id}" in told
    assert breakeven(here.data_dir, "runs", "cancel", run_id).returncode == 0
    assert finished(runs, run_id).state is RunState.CANCELLED
    late = breakeven(here.data_dir, "runs", "cancel", run_id)
    assert (late.returncode, "ended already" in late.stderr) == (2, True)
    runs.close()
    store.close()


def test_a_signal_is_noted_once_and_ends_the_block_at_the_second() -> None:
    """What is ignored stays so, and the handlers of before are back afterwards."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    own = signal.getsignal(signal.SIGTERM)
    try:
        assert [_noted(signal.SIGHUP), _noted(signal.SIGTERM)] == [None, 143]
        with pytest.raises(typer.Exit) as ended:
            _stopped_twice()
        assert ended.value.exit_code == 143
        assert signal.getsignal(signal.SIGTERM) is own
    finally:
        signal.signal(signal.SIGHUP, before)


def _noted(number: int) -> int | None:
    with stoppable() as stop:
        signal.raise_signal(number)
        return stop.exit_code


def _stopped_twice() -> None:
    with stoppable():
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
