"""Commands that are stopped at random moments, in every way, counted at the server they probe."""

import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

from core.runs.places.liveness import is_locked
from core.runs.service import Runs
from core.runs.watching.run_view import RunView
from core.runs.watching.watch import START_GRACE
from core.settings import Settings
from core.store.open import open_store
from core.store.runs import RunState
from tests.cli.terminal import environment
from tests.reliability.trial import Trial
from tests.runs.working.stopped import faults_of_stop, wait_for_requests
from tests.servers.ground_truth import GroundTruthServer

ROUNDS: Final = 24
SENDING_SHARE: Final = 0.7
"""Share of the rounds that are stopped while they send; the others at any moment of the start."""
START_S: Final = 3.0
MOST_REQUESTS: Final = 12
LAST_REQUEST_S: Final = 1.0
"""Nothing may come later than this after the signal."""
WAYS: Final = {
    "Ctrl-C": ("SIGINT",),
    "SIGTERM": ("SIGTERM",),
    "SIGHUP": ("SIGHUP",),
    "Ctrl-C twice": ("SIGINT", "SIGINT"),
    "SIGTERM twice": ("SIGTERM", "SIGTERM"),
    "Ctrl-C, SIGTERM, SIGKILL": ("SIGINT", "SIGTERM", "SIGKILL"),
    "SIGKILL": ("SIGKILL",),
}


def main(seed: int) -> Trial:
    """Stop one command after another; what is found wrong, and how late the last request came."""
    draw, trial = random.Random(seed), Trial()
    lasts: list[float] = []
    states: Counter[str] = Counter()
    sent = 0
    for number in range(ROUNDS):
        way, after_s = draw.choice(list(WAYS)), draw.uniform(0.0, START_S)
        requests = draw.randint(1, MOST_REQUESTS) if draw.random() < SENDING_SHARE else 0
        with tempfile.TemporaryDirectory() as folder, GroundTruthServer() as server:
            last_s, state, faults = _round(Path(folder), server, WAYS[way], after_s, requests)
            sent += len(server.truths)
        states[state] += 1
        lasts += [] if last_s is None else [last_s]
        moment = f"{requests} requests" if requests else f"{after_s:.2f} s"
        trial.faults += [f"round {number}, {way} after {moment}: {one}" for one in faults]
    late = [last_s for last_s in lasts if last_s > 0]
    latest_s = max(late, default=0.0)
    trial.expect(latest_s <= LAST_REQUEST_S, f"a request came {latest_s:.2f} s after the signal")
    trial.figures = {
        "rounds": ROUNDS,
        "rounds_that_had_sent": len(lasts),
        "requests": sent,
        "rounds_with_a_request_after_the_signal": len(late),
        "last_request_after_the_signal_s_median": round(statistics.median(late), 3) if late else 0,
        "last_request_after_the_signal_s_most": round(latest_s, 3),
        "states": ", ".join(f"{name} {count}" for name, count in states.most_common()),
    }
    return trial


def _round(
    folder: Path,
    server: GroundTruthServer,
    names: tuple[str, ...],
    after_s: float,
    requests: int,
) -> tuple[float | None, str, list[str]]:
    """When the last request came from the signal on, how the run ended, and what is wrong."""
    settings = Settings(data_dir=folder, database_url=None)
    command = _command(folder, server)
    if requests:
        wait_for_requests(server, requests)
        time.sleep(after_s / 10)  # not always just after a request
    else:
        time.sleep(after_s)
    signalled_ns = time.perf_counter_ns()
    for name in names:
        command.send_signal(getattr(signal, name))
        time.sleep(0.05)
    command.wait(timeout=60)
    while any(is_locked(lock) for lock in folder.glob("locks/*.lock")):
        time.sleep(0.02)
    store = open_store(settings)
    runs = Runs(store, settings).recent()
    state, faults = _judged(runs)
    if state == RunState.CANCELLED.value:
        faults += faults_of_stop(store, settings, runs[0].run_id, server)
    store.close()
    last_ns = max((truth.received_ns for truth in server.truths), default=None)
    return None if last_ns is None else (last_ns - signalled_ns) / 1e9, state, faults


def _command(folder: Path, server: GroundTruthServer) -> "subprocess.Popen[bytes]":
    """A probe that would take a minute and costs something."""
    arguments = ["--base-url", server.base_url, "--model", "m", "--usd-per-mtok", "0.02"]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "core.cli",
            "probe",
            *arguments,
            "--requests",
            "600",
            "--rate",
            "10",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(folder),
    )


def _judged(runs: list[RunView]) -> tuple[str, list[str]]:
    """How the only run ended; one that was killed before its worker had it may look queued."""
    if not runs:
        return "not begun", []
    (run,) = runs
    if run.state is RunState.QUEUED and run.done == 0:
        return f"queued, lost after {START_GRACE.seconds} s", []
    faults = [] if run.state is RunState.CANCELLED else [f"the run is {run.state.value}"]
    return run.state.value, faults
