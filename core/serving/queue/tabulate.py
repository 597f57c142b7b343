"""Make the shipped table of response times: ``python -m core.serving.queue.tabulate``.

Every point is the exact solution of :func:`core.serving.queue.batch_queue.solve`. The nodes were
chosen so that interpolation stays close to it; tests/serving/queue/test_queue_table.py asks random
places between them.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.serving.queue.batch_queue import solve
from core.serving.queue.batch_shape import ALONE_HALF, ALONE_WEIGHT, load_at, unit_times
from core.serving.queue.queue_table import STEPS_PER_LOG

FILE: Final = Path(__file__).parent.parent / "data" / "batch_queue.npz"
BATCHES: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
KNEES: Final = (0.0, 0.07, 0.15, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
OVERHEADS: Final = (0.0, 0.03, 0.07, 0.13, 0.2, 0.3, 0.42, 0.56, 0.7, 0.85, 1.0)
# A percentile p leaves the time of a single text where a share 1 - p finds the server busy: there
# it bends, and there are nodes.
ALONE: Final = (
    *(0.0, 0.001, 0.002, 0.00355, 0.005, 0.0065, 0.008, 0.0101, 0.0125, 0.016, 0.0205, 0.025),
    *(0.032, 0.04, 0.0508, 0.06, 0.075, 0.088, 0.1, 0.125, 0.16, 0.2, 0.25, 0.3, 0.36, 0.45),
    *(0.55, 0.7, 0.9),
)
"""Nodes of low load: work offered in single texts, rate T(1)."""


def places() -> NDArray[np.float64]:
    """Nodes of the axis of loads, to a load of about 0.99."""
    alone = np.array(ALONE)
    low = ALONE_WEIGHT * alone / (alone + ALONE_HALF)
    middle = (2.78, 2.86, 2.94, *np.arange(3.02, 4.0, 0.1))
    high = (*np.arange(4.02, 5.4, 0.2), *np.arange(5.4, 7.4, 0.3))
    return np.round([*low, *middle, *high], 6)


def column(largest: int, knee: float, overhead: float) -> NDArray[np.uint16]:
    """Steps of ln(time / alone) over the loads: shape (places, quantiles and mean)."""
    times = unit_times(largest, knee, overhead)
    gain = float(largest / times[-1])
    rows = []
    for place in places():
        solved = solve(load_at(float(place), gain) * gain, times)
        assert solved is not None  # noqa: S101  the last load lies below 1
        rows.append([*solved.response.quantiles_s, solved.response.mean_s])
    # What falls with the load falls by the error of the discretised times alone.
    logs = np.maximum.accumulate(np.log(rows), axis=0)
    return np.rint(np.maximum(logs, 0.0) * STEPS_PER_LOG).astype(np.uint16)


def corners() -> list[tuple[int, float, float]]:
    """Nodes that differ: where the whole batch is flat, knee and overhead say nothing."""
    inner = [
        (largest, knee, overhead)
        for largest in BATCHES[1:]
        for knee in KNEES[:-1]
        for overhead in OVERHEADS[:-1]
    ]
    return [(largest, 1.0, 1.0) for largest in BATCHES] + inner


def solve_all() -> dict[str, NDArray[np.generic]]:
    """Solve every node, on all processors; returns the arrays of the file."""
    wanted = corners()
    with ProcessPoolExecutor() as pool:
        columns = dict(zip(wanted, pool.map(column, *zip(*wanted, strict=True)), strict=True))
    steps = np.array(
        [
            [[columns.get((b, k, o), columns[b, 1.0, 1.0]) for o in OVERHEADS] for k in KNEES]
            for b in BATCHES
        ]
    )
    return {
        "batches": np.array(BATCHES),
        "knees": np.array(KNEES),
        "overheads": np.array(OVERHEADS),
        "places": places(),
        "steps": steps,
    }


def main() -> int:
    """Solve and write; returns the exit status."""
    began = time.perf_counter()
    arrays = solve_all()
    FILE.parent.mkdir(exist_ok=True)
    np.savez_compressed(FILE, allow_pickle=False, **arrays)
    seconds = time.perf_counter() - began
    sys.stdout.write(f"{FILE}: {FILE.stat().st_size:,} bytes in {seconds:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
