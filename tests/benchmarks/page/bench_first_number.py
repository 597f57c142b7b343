"""From the click on Start to the first measured number, in a running app: an API.

Through the real store, worker process and transport; the server is on this machine and answers in
20 ms. With the worker that the page makes ready when the form is opened, and with the one that
waits from the run before; beside them, without a budget, one that is started by the click itself.
"""

import tempfile
import time
from pathlib import Path

from core.measurement.latency import Subject
from core.probe.records.probe_plan import OpenLoop, ProbePlan
from core.probe.sample_texts import sample_texts
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.settings import Settings
from core.store.open import open_store
from tests.benchmarks.probe.clients import target
from tests.benchmarks.report import Spread, load, table, within
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess

ROUNDS = 5
LIMIT_S = 1.0
PATIENCE_S = 60.0
POLL_S = 0.005
READING_S = 4.0
"""Between opening the form and the click on Start."""


def first_number_s(runs: Runs, base_url: str) -> float:
    """Seconds until the store has a percentile of measured requests; then the run is cancelled."""
    plan = ProbePlan(
        subject=Subject(option_id="endpoint/benchmark/m", label="benchmark", model="m"),
        target=target(base_url),
        texts=sample_texts(),
        schedule=OpenLoop(requests=80, rate_per_s=8),
    )
    began = time.perf_counter()
    run_id = runs.start(plan, rate=FREE)
    while (summary := runs.view(run_id).summary) is None or not summary.n_ok:
        if time.perf_counter() - began > PATIENCE_S:
            raise TimeoutError("no number came")
        time.sleep(POLL_S)
    took_s = time.perf_counter() - began
    runs.cancel(run_id)
    while runs.view(run_id).live:
        time.sleep(POLL_S)
    return took_s


def main() -> bool:
    """Measure with a new worker and a warm one; return whether both keep the budget."""
    new, ready, warm = [], [], []
    with GroundTruthProcess(Config(delay=Delay(median_s=0.02))) as server:
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                settings = Settings(data_dir=Path(folder))
                store = open_store(settings)
                runs = Runs(store, settings)
                new.append(first_number_s(runs, server.base_url))
                warm.append(first_number_s(runs, server.base_url))
                runs.close()
                runs = Runs(store, settings)
                runs.make_ready()
                time.sleep(READING_S)
                ready.append(first_number_s(runs, server.base_url))
                runs.close()
                store.close()
    found = {
        "worker made ready when the form opened": Spread.of(ready),
        "worker that waited from the run before": Spread.of(warm),
    }
    unready = ("worker started by the click", Spread.of(new))
    table(
        f"Click to first measured number, s: median (range) of {ROUNDS}; {load()}",
        ("", "seconds"),
        [(name, spread.text(digits=2)) for name, spread in (*found.items(), unready)],
    )
    kept = [within(name, spread.median, LIMIT_S) for name, spread in found.items()]
    return all(kept)
