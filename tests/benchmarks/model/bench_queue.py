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
from tests.benchmarks.report import Spread, ratios, table, within
from tests.oracles.serving.queues import capacity_from_curve

ROUNDS = 5
LOOK_UPS = 200
BUDGET_MS = 1.0
SLO_S = 0.1
COST = BatchCost(0.010, 0.002, 0.001)
CAPS = (1, 8, 24, 32, 64, 200)
LOAD = 0.7


def main() -> bool:
    """Measure both in turn, cap by cap; return whether a look-up keeps its budget."""
    with np.load(FILE, allow_pickle=False) as arrays:
        shipped = QueueTable.from_arrays(arrays)
    kept = [_measure(shipped, cap) for cap in CAPS]
    table(
        f"Percentiles and capacity at a load of {LOAD:g}, {ROUNDS} interleaved rounds: "
        "median (range)",
        ("cap", "look-up, ms", "exact, ms", "exact / look-up", "p95 off by"),
        [row for row, _ in kept],
    )
    worst_ms = max(median_ms for _, median_ms in kept)
    return within("slowest look-up, ms", worst_ms, BUDGET_MS, digits=3)


def _measure(shipped: QueueTable, cap: int) -> tuple[tuple[str, ...], float]:
    """One row of the report, and the median of a look-up in ms."""
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
    row = (
        str(cap),
        Spread.of(look_up_ms).text(digits=3),
        Spread.of(exact_ms).text(digits=1),
        ratios(exact_ms, look_up_ms).text(),
        f"{off:+.2%}",
    )
    return row, Spread.of(look_up_ms).median


def _each_ms(call: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - began) / times * 1_000
