"""Latency and capacity for the page: the shipped table beside the exact solution.

A look-up is everything that the page asks for one option: cut the cost and the cap out of the
table, read the percentiles at a rate, and find the largest rate within an objective.
"""

import time
from collections.abc import Callable

import numpy as np

from core.serving.batch.batch_time import BatchCost
from core.serving.queue.batch_queue import BatchQueue, solve
from core.serving.queue.queue_table import QueueTable, TableAnswer
from core.serving.queue.tabulate import FILE
from core.serving.response.slo_capacity import Capacity
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, load, ratios, table
from tests.oracles.serving.queues import capacity_from_curve

ROUNDS = 5
LOOK_UPS = 200
TIMES_AS_QUICK = 40.0
SLO_S = 0.1
COST = BatchCost(0.010, 0.002, 0.001)
CAPS = (1, 8, 24, 32, 64, 200)
LOAD = 0.7


def main() -> list[Figure]:
    """Measure both in turn, cap by cap; return the smallest gain beside its budget."""
    with np.load(FILE, allow_pickle=False) as arrays:
        shipped = QueueTable.from_arrays(arrays)
    measured = [_measure(shipped, cap) for cap in CAPS]
    table(
        f"Percentiles and capacity at a load of {LOAD:g}, {ROUNDS} interleaved rounds: "
        f"median (range); {load()}",
        ("cap", "look-up, ms", "exact, ms", "exact / look-up", "p95 off by"),
        [row for row, _ in measured],
    )
    least = min((gain for _, gain in measured), key=lambda gain: gain.median)
    return [
        Figure("a look-up, against the exact solution", least, TIMES_AS_QUICK, at_least=True),
    ]


def _measure(shipped: QueueTable, cap: int) -> tuple[tuple[str, ...], Spread]:
    """One row of the report, and how many times as quick a look-up is."""
    rate_per_s = LOAD * COST.full_rate_per_s(cap)
    batch_s = COST.of_sizes(cap)

    def look_up() -> tuple[TableAnswer | None, Capacity]:
        curve = shipped.curve(COST, cap)
        return curve.at(rate_per_s), capacity_from_curve(curve, SLO_S)

    def exact() -> BatchQueue | None:
        return solve(rate_per_s, batch_s)

    read, solved = look_up()[0], exact()
    if read is None or solved is None:
        raise RuntimeError("A load below 1 has an answer.")
    look_up_ms, exact_ms = [], []
    for _ in range(ROUNDS):
        look_up_ms.append(_each_ms(look_up, LOOK_UPS))
        exact_ms.append(_each_ms(exact, 1))
    off = read.response.p95_s / solved.response.p95_s - 1
    gain = ratios(exact_ms, look_up_ms)
    row = (
        str(cap),
        Spread.of(look_up_ms).text(digits=3),
        Spread.of(exact_ms).text(digits=1),
        gain.text(),
        f"{off:+.2%}",
    )
    return row, gain


def _each_ms(call: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - began) / times * 1_000
