"""From the click on Start to the first measured number, in a running app: an API.

Through the real store, worker process and transport; the server is on this machine and answers in
20 ms. With the worker that the page makes ready when the form is opened, and with the one that
waits from the run before; beside them, without a budget, one that is started by the click itself.
The reference is the least program that asks the same server once: Python, aiohttp, one request.
"""

import subprocess
import sys
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
from tests.benchmarks.figure import Figure
from tests.benchmarks.probe.clients import target
from tests.benchmarks.report import Spread, load, ratios, table
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess

ROUNDS = 5
TIMES = 1.0
LEAST_PROGRAM = """
import asyncio, sys
import aiohttp
async def ask():
    async with aiohttp.ClientSession() as session:
        asked = {"model": "m", "input": ["where is my order"]}
        async with session.post(sys.argv[1] + "/embeddings", json=asked) as answer:
            return (await answer.json())["data"][0]["embedding"]
assert asyncio.run(ask())
"""
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


def least_program_s(base_url: str) -> float:
    """Seconds from the start of a new process to its end, with one vector between."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", LEAST_PROGRAM, base_url], check=True)
    return time.perf_counter() - began


def main() -> list[Figure]:
    """Measure with a new worker and a warm one; return both beside their budgets."""
    new, ready, warm, least = [], [], [], []
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
            least.append(least_program_s(server.base_url))
    timed = {
        "worker made ready when the form opened": ready,
        "worker that waited from the run before": warm,
    }
    others = {"worker started by the click": new, "least program with aiohttp": least}
    table(
        f"Click to first measured number, s: median (range) of {ROUNDS}; {load()}",
        ("", "seconds"),
        [(name, Spread.of(runs_s).text(digits=2)) for name, runs_s in (timed | others).items()],
    )
    return [
        Figure(f"{name}, against the least program", ratios(runs_s, least), TIMES)
        for name, runs_s in timed.items()
    ]
