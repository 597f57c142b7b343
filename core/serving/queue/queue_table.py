"""Response times of a batching replica in microseconds: read off a table that was solved once.

The table is made by :mod:`core.serving.queue.tabulate` with the exact solution and read by its
caller. It is for texts of one length; a law of lengths needs
:func:`core.serving.queue.batch_queue.solve`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchCost
from core.serving.queue.batch_shape import load_at, load_axis, shape_of
from core.serving.queue.response_law import LEVELS, ResponseLaw

Floats = NDArray[np.float64]

STEPS_PER_LOG: Final = 2048.0
"""The table holds ln(time / time of a single text) as whole numbers of these steps."""
MEAN: Final = len(LEVELS)
"""Place of the mean after the quantiles in the last dimension."""


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """What the table says of one load."""

    load: float
    """Arrival rate over the throughput of full batches, below 1."""
    response: ResponseLaw
    notes: tuple[str, ...]
    """Sentences about what lies outside the table; empty inside."""


@dataclass(frozen=True, slots=True)
class LoadCurve:
    """One replica at every load: cut out of the table once, then read as often as wanted."""

    alone_s: float
    """Time of a single text, s."""
    full_rate_per_s: float
    """Texts a second in full batches: the rate at load 1."""
    gain: float
    places: Floats
    """On the axis of loads, rising from 0."""
    logs: Floats
    """ln(time / alone) at each place: quantiles at LEVELS, then the mean; never falling."""
    notes: tuple[str, ...]

    def at(self, rate_per_s: float) -> TableAnswer | None:
        """Look a rate up; None where the queue never settles (load of 1 or more).

        p50 to p99 and the mean are within 3 % of the exact solution at 99 of 100 places and within
        6 % at the worst of 2,000 random ones, where texts hardly share anything in a large batch;
        the median error is 0.1 %.
        Above the last load of the table times go on as 1/(1 - load), which is their limit for
        high loads, and a note says so. Raises ModelInputError for a negative or nan rate.
        """
        if not rate_per_s >= 0:
            raise ModelInputError(f"the rate must be 0 or more, not {rate_per_s}")
        load = rate_per_s / self.full_rate_per_s
        if load >= 1:
            return None
        place = load_axis(load, self.gain)
        if place <= self.places[-1]:
            return TableAnswer(load, self._law(self._logs_at(place)), self.notes)
        last = self._last_load()
        logs = self.logs[-1] + math.log((1 - last) / (1 - load))
        note = f"Load {load:.4g} lies above the table's {last:.4g}: continued as 1/(1 - load)."
        return TableAnswer(load, self._law(logs), (*self.notes, note))

    def highest_rate(self, level: float, limit_s: float) -> float | None:
        """Largest rate whose percentile keeps a limit; None where even a lone text exceeds it.

        ``level`` is one of LEVELS. Always below ``full_rate_per_s``.
        """
        if level not in LEVELS:
            raise ModelInputError(f"the table knows the levels {LEVELS}, not {level}")
        if not limit_s >= self.alone_s:
            return None
        column = self.logs[:, LEVELS.index(level)]
        target = math.log(limit_s / self.alone_s)
        after = int(np.searchsorted(column, target, side="right"))
        if after == len(column):
            last = self._last_load()
            return self.full_rate_per_s * (1 - (1 - last) * math.exp(column[-1] - target))
        part = (target - column[after - 1]) / (column[after] - column[after - 1])
        place = self.places[after - 1] + part * (self.places[after] - self.places[after - 1])
        return self.full_rate_per_s * load_at(float(place), self.gain)

    def _last_load(self) -> float:
        return load_at(float(self.places[-1]), self.gain)

    def _logs_at(self, place: float) -> Floats:
        after = max(1, int(np.searchsorted(self.places, place)))
        width = self.places[after] - self.places[after - 1]
        part = (place - self.places[after - 1]) / width
        logs: Floats = (1 - part) * self.logs[after - 1] + part * self.logs[after]
        return logs

    def _law(self, logs: Floats) -> ResponseLaw:
        times = (self.alone_s * np.exp(logs)).tolist()
        return ResponseLaw(self.alone_s, tuple(times[:MEAN]), times[MEAN])


@dataclass(frozen=True, slots=True)
class QueueTable:
    """Response times over cap, knee, overhead and load."""

    batches: NDArray[np.int64]
    knees: Floats
    overheads: Floats
    places: Floats
    steps: NDArray[np.uint16]
    """ln(time / alone) in steps: shape (batches, knees, overheads, places, quantiles and mean)."""

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "QueueTable":
        """Take the arrays of the shipped file, as ``numpy.load`` gives them.

        Raises ModelInputError where one is missing or does not fit the others.
        """
        names = ("batches", "knees", "overheads", "places", "steps")
        missing = [name for name in names if name not in arrays]
        if missing:
            raise ModelInputError(f"the queue table has no array {', '.join(missing)}")
        table = cls(
            np.asarray(arrays["batches"], dtype=np.int64),
            np.asarray(arrays["knees"], dtype=np.float64),
            np.asarray(arrays["overheads"], dtype=np.float64),
            np.asarray(arrays["places"], dtype=np.float64),
            np.asarray(arrays["steps"], dtype=np.uint16),
        )
        axes = (table.batches, table.knees, table.overheads, table.places)
        if table.steps.shape != (*map(len, axes), MEAN + 1):
            raise ModelInputError("the queue table's arrays do not fit each other: make it anew")
        return table

    def curve(self, cost: BatchCost, largest: int) -> LoadCurve:
        """Cut out one batch cost and one cap B.

        Between two caps of the table the cost is placed at each of them, so that loads at which
        the cap does not matter agree. A cap above the last one is answered for the last one, and
        a note says so: such a replica carries at least as much. Raises ModelInputError for B < 1.
        """
        if largest < 1:
            raise ModelInputError(f"a batch holds at least 1 text, not {largest}")
        cap = min(largest, int(self.batches[-1]))
        notes = () if cap == largest else (f"Batches up to {cap} only: the table ends there.",)
        after = int(np.searchsorted(self.batches, cap))
        logs = self._logs(cost, after)
        if cap < self.batches[after]:
            before = math.log(int(self.batches[after - 1]))
            part = (math.log(cap) - before) / (math.log(int(self.batches[after])) - before)
            logs = part * logs + (1 - part) * self._logs(cost, after - 1)
        gain = shape_of(cost, cap).gain
        return LoadCurve(cost.seconds(1), cost.full_rate_per_s(cap), gain, self.places, logs, notes)

    def _logs(self, cost: BatchCost, batch_index: int) -> Floats:
        shape = shape_of(cost, int(self.batches[batch_index]))
        knee, knee_part = _between(self.knees, shape.knee)
        over, over_part = _between(self.overheads, shape.overhead)
        square = self.steps[batch_index, knee : knee + 2, over : over + 2]
        weights = np.outer((1 - knee_part, knee_part), (1 - over_part, over_part))
        logs: Floats = np.tensordot(weights, square, axes=2) / STEPS_PER_LOG
        return logs


def _between(axis: Floats, value: float) -> tuple[int, float]:
    """Index of the node below a value, and how far it lies on the way to the next."""
    below = min(max(int(np.searchsorted(axis, value)) - 1, 0), len(axis) - 2)
    return below, float((value - axis[below]) / (axis[below + 1] - axis[below]))
