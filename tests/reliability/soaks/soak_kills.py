"""Workers that are killed with -9 at random moments: nothing that was committed may be lost.

In each round a run is started and its worker killed, from before it has begun to after many
samples. What was committed at that moment must be there afterwards, nothing may stay held, and
the database must be whole.
"""

import os
import random
import shutil
import signal
import sqlite3
import tempfile
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Final

from core.catalog.schema import PriceUnit
from core.runs.places.folders import lock_file
from core.runs.places.liveness import is_locked
from core.runs.service import Runs
from core.runs.spending.worst_case import Rate
from core.runs.working.reporter import BATCH_S
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.runs import RunState, get_run
from tests.oracles.ledger_totals import spent_in_all
from tests.reliability.trial import Trial
from tests.runs.support import api_plan, finished
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

ROUNDS: Final = 30
MOST_SAMPLES: Final = 300
"""A worker is killed after so many committed samples at most."""
PRICE: Final = Rate(Decimal("0.02"), PriceUnit.PER_MTOK)


def main(seed: int) -> Trial:
    """Kill thirty workers."""
    return kill_in_rounds(seed, ROUNDS)


def kill_in_rounds(seed: int, rounds: int) -> Trial:
    """Kill so many workers, each at a moment of its own."""
    draw, trial = random.Random(seed), Trial()
    folder = Path(tempfile.mkdtemp(prefix="breakeven-kills-"))
    settings = Settings(data_dir=folder / "data", spend_cap_per_day_usd=Decimal(100))
    store = open_store(settings)
    runs = Runs(store, settings)
    kept = []
    try:
        with GroundTruthServer(Config(delay=Delay(median_s=0.005))) as server:
            for number in range(rounds):
                plan = api_plan(server.base_url, seed=number, requests=2_000, rate_per_s=200.0)
                run_id = runs.start(plan, rate=PRICE)
                wait_for(settings, run_id, draw.choice((0, draw.randrange(MOST_SAMPLES))))
                time.sleep(draw.uniform(0, BATCH_S))
                kill(store, settings, run_id)
                kept.append(expect_kept(trial, runs, settings, run_id))
        expect_whole(trial, store, settings, kept)
    finally:
        runs.close()
        store.close()
        shutil.rmtree(folder)
    trial.expect(sum(kept) > 0, "No worker had committed anything: nothing was tried.")
    trial.figures["workers_killed"] = rounds
    trial.figures["samples_committed"] = sum(kept)
    trial.figures["fewest_and_most_of_a_run"] = f"{min(kept)} and {max(kept)}"
    return trial


def expect_kept(trial: Trial, runs: Runs, settings: Settings, run_id: str) -> int:
    """Whether all that a killed worker had committed is there; return how much it was."""
    committed = raw_samples(settings, run_id)
    view = finished(runs, run_id)
    trial.expect(view.state is RunState.LOST, f"{run_id} is {view.state.value}, not lost.")
    seqs = [sample.seq for sample in runs.samples(run_id)]
    trial.expect(seqs == committed, f"{run_id}: {len(seqs)} of {len(committed)} samples are left.")
    trial.expect(view.done == len(seqs), f"{run_id}: done is {view.done}, samples {len(seqs)}.")
    return len(seqs)


def wait_for(settings: Settings, run_id: str, samples: int) -> None:
    """Wait until the run has committed so many samples; by count, as times differ by the load."""
    deadline = time.monotonic() + 60
    while len(raw_samples(settings, run_id)) < samples:
        assert time.monotonic() < deadline, "the worker does not get on"
        time.sleep(0.005)


def kill(store: Store, settings: Settings, run_id: str) -> None:
    """Kill the worker, as soon as it has said who it is, and wait until it is gone."""
    deadline = time.monotonic() + 60
    pid = None
    while pid is None:
        assert time.monotonic() < deadline, "no worker began"
        with store.read() as connection:
            run = get_run(connection, run_id)
        pid = None if run is None else run.pid
    os.kill(pid, signal.SIGKILL)
    while is_locked(lock_file(settings.data_dir, run_id)):
        assert time.monotonic() < deadline, "the worker would not die"
        time.sleep(0.005)


def raw_samples(settings: Settings, run_id: str) -> list[int]:
    """What the file itself says was committed."""
    with closing(sqlite3.connect(settings.database_file)) as database:
        query = "SELECT seq FROM samples WHERE run_id = ? ORDER BY seq"
        return [seq for (seq,) in database.execute(query, (run_id,))]


def expect_whole(trial: Trial, store: Store, settings: Settings, kept: list[int]) -> None:
    """Nothing is held, no sample is missing or has no run, and the file is whole."""
    with store.read() as connection:
        held, spent = spent_in_all(connection)
    trial.expect(held == 0, f"{held} nano-USD are held by nobody.")
    trial.figures["spent_usd"] = str(Decimal(spent) / 10**9)
    with closing(sqlite3.connect(settings.database_file)) as database:
        (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
        orphans = database.execute("PRAGMA foreign_key_check").fetchall()
        (stored,) = database.execute("SELECT count(*) FROM samples").fetchone()
        (by_runs,) = database.execute("SELECT sum(spent_nano_usd) FROM runs").fetchone()
    trial.expect(verdict == "ok", f"The database is damaged: {verdict}.")
    trial.expect(not orphans, f"{len(orphans)} samples have no run.")
    trial.expect(stored == sum(kept), f"{stored} of {sum(kept)} samples are there at the end.")
    trial.expect(by_runs == spent, f"The runs spent {by_runs}, the ledger says {spent}.")
