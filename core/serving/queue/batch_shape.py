"""Batching told by two numbers between 0 and 1, and load by one: the axes of the shipped table.

Response times in units of the time of a single text depend on the cap B, on how far a batch grows
before it takes longer (the knee), on how much of a full batch is overhead, and on the load. Every
batch cost lies inside the square of knee and overhead, so nothing falls off the table's edge but
very large caps and loads close to 1.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.serving.batch.batch_time import BatchCost

ALONE_WEIGHT: Final = 3.0
ALONE_HALF: Final = 0.1
FULL_HALF: Final = 0.05
BISECTIONS: Final = 60


@dataclass(frozen=True, slots=True)
class BatchShape:
    """Where a batch cost lies on the axes of the table, for a cap B."""

    knee: float
    """ln f / ln B: batches up to f texts take as long as one; 0: none, 1: all."""
    overhead: float
    """Between 0, where a text beyond the knee costs f-th of a single batch, and 1, nothing."""
    gain: float
    """Throughput of full batches over that of single texts: B T(1) / T(B), from 1 to B."""


def shape_of(cost: BatchCost, largest: int) -> BatchShape:
    """Place a cost on the axes."""
    gain = largest * cost.seconds(1) / cost.seconds(largest)
    flat = min(max(cost.floor_s / cost.per_text_s, 1.0), float(largest))
    if flat >= largest or largest == 1:
        return BatchShape(1.0, 1.0, gain)
    knee = math.log(flat) / math.log(largest)
    overhead = math.log(gain / flat) / math.log(largest / flat)
    return BatchShape(knee, min(max(overhead, 0.0), 1.0), gain)


def unit_times(largest: int, knee: float, overhead: float) -> NDArray[np.float64]:
    """Batch times of 1 to B texts of a place on the axes, in units of the time of one text."""
    flat = largest**knee
    gain = flat ** (1 - overhead) * largest**overhead
    sizes = np.arange(1, largest + 1)
    if flat >= largest:
        return np.ones(largest)
    slope = (largest / gain - 1) / (largest - flat)
    times: NDArray[np.float64] = 1 + slope * np.maximum(0.0, sizes - flat)
    return times


def load_axis(load: float, gain: float) -> float:
    """Place of a load rho < 1 on the table's axis.

    While the server is mostly idle, everything depends on the work offered in single texts,
    x = rate T(1) = rho gain; near saturation on 1 - rho. The axis runs with the first, then with
    the second, so that laws of different gain bend at the same places.
    """
    alone = load * gain
    low = ALONE_WEIGHT * alone / (alone + ALONE_HALF)
    return low - math.log1p(-load) * load / (load + FULL_HALF)


def load_at(place: float, gain: float) -> float:
    """The load at a place (>= 0) of the axis: the inverse of :func:`load_axis`."""
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if load_axis(middle, gain) < place else (low, middle)
    return low
