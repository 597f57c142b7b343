"""Batch times that vary from batch to batch on a machine that others use too."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelInputError
from core.serving.batch.batch_fit import BatchTiming
from core.serving.batch.batch_time import BatchTime

Floats = NDArray[np.float64]

NODES: Final = 8


def noise_factors(timings: Sequence[BatchTiming], batch_time: BatchTime) -> tuple[float, ...]:
    """Eight equally likely factors between a batch and its fitted time, from all repeats.

    A fit to the quickest repeats says what the device can do; its users wait for all the others
    too. Each factor is the mean of an eighth of measured/fitted over every repeat, so that their
    mean is the mean of all. Raises ModelInputError without a repeat.
    """
    ratios = np.sort(
        [
            second / batch_time.seconds(timing.texts, timing.tokens_per_text)
            for timing in timings
            for second in timing.seconds
        ]
    )
    if not ratios.size or not (np.isfinite(ratios).all() and (ratios > 0).all()):
        raise ModelInputError("noise is told by repeats that are positive and finite")
    cumulated = np.concatenate(([0.0], np.cumsum(ratios)))
    edges = np.linspace(0, len(ratios), NODES + 1)
    sums = np.diff(np.interp(edges, np.arange(len(ratios) + 1), cumulated))
    return tuple((sums * NODES / len(ratios)).tolist())


def noisy_batch_s(
    batch_time: BatchTime, tokens_per_text: float, largest: int, factors: Sequence[float]
) -> Floats:
    """Batch times for :func:`core.serving.queue.batch_queue.solve`: shape (largest, factors), s."""
    if not factors:
        raise ModelInputError("at least one factor is needed; 1 alone means no noise")
    times = batch_time.at_length(tokens_per_text).of_sizes(largest)
    varied: Floats = times[:, None] * np.asarray(factors, dtype=np.float64)[None, :]
    return varied
