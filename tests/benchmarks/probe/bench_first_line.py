"""From `breakeven probe` in a shell to the first number that it prints, and what the whole costs.

A new process of the command, its worker started by it, the real store and transport; the server is
on this machine and answers at once. Eight measured requests, one every 50 ms, so that the time is
the command's own. The reference is the least program that asks the same server once: Python,
aiohttp, one request.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from tests.benchmarks.figure import Figure
from tests.benchmarks.page.bench_first_number import LEAST_PROGRAM
from tests.benchmarks.report import Spread, load, ratios, table
from tests.benchmarks.server import ROOT
from tests.servers.ground_truth import GroundTruthProcess

ROUNDS = 5
TIMES_FIRST = 8.0
TIMES_PERCENTILE = 8.5
TIMES_PROCESSOR = 14.0
COMMAND = ("-m", "core.cli", "probe", "--model", "m", "--requests", "8", "--rate", "20")
NUMBER, PERCENTILE = "so far", "p50"


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one process: to its first number, to a percentile, and of all processors."""

    first_s: float
    percentile_s: float
    processor_s: float


def command_s(base_url: str) -> Took:
    """The command from its start; its worker's processor time is in its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "BREAKEVEN_DATA_DIR": folder}
        before, began = _processor_s(), time.perf_counter()
        with subprocess.Popen(
            [sys.executable, *COMMAND, "--base-url", base_url, "--arrivals", "constant"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
        ) as process:
            assert process.stderr is not None
            first_s = percentile_s = None
            for line in process.stderr:
                if NUMBER in line:
                    now_s = time.perf_counter() - began
                    first_s = first_s or now_s
                    percentile_s = percentile_s or (now_s if PERCENTILE in line else None)
        if process.returncode or first_s is None or percentile_s is None:
            raise RuntimeError(f"The command ended with {process.returncode} and no number.")
        return Took(first_s, percentile_s, _processor_s() - before)


def least_program_s(base_url: str) -> Took:
    """A new process, from its start to its end, with one vector between."""
    before, began = _processor_s(), time.perf_counter()
    subprocess.run([sys.executable, "-c", LEAST_PROGRAM, base_url], check=True)
    took_s = time.perf_counter() - began
    return Took(took_s, took_s, _processor_s() - before)


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> list[Figure]:
    """Measure both sides by turns; return the ratios beside their budgets."""
    ours, least = [], []
    with GroundTruthProcess() as server:
        for _ in range(ROUNDS):
            ours.append(command_s(server.base_url))
            least.append(least_program_s(server.base_url))
    sides = {"breakeven probe": ours, "least program with aiohttp": least}
    table(
        f"Start to first number, s: median (range) of {ROUNDS}; {load()}",
        ("", "first number", "first percentile", "processor time to the end"),
        [
            (
                name,
                Spread.of([one.first_s for one in took]).text(digits=2),
                Spread.of([one.percentile_s for one in took]).text(digits=2),
                Spread.of([one.processor_s for one in took]).text(digits=2),
            )
            for name, took in sides.items()
        ],
    )
    timed = {
        ("to the first number", TIMES_FIRST): "first_s",
        ("to the first percentile", TIMES_PERCENTILE): "percentile_s",
        ("processor time of the whole command and its worker", TIMES_PROCESSOR): "processor_s",
    }
    return [
        Figure(
            f"breakeven probe, {what}, against the least program",
            ratios([getattr(o, field) for o in ours], [getattr(n, field) for n in least]),
            budget,
        )
        for (what, budget), field in timed.items()
    ]
