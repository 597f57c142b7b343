"""How much of the time a batching replica computes: for energy, never a measure of load.

A GPU that serves small batches is busy nearly all the time long before it is full: with a start
worth ten texts and batches of up to 32 it is busy for two thirds of the time at a tenth of its
throughput.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchCost
from core.serving.queue.batch_chain import Floats, upper_count

ROUNDS: Final = 100
SETTLED: Final = 1e-8
NOTHING: Final = 1e-300
"""Stands for a mean of 0, whose logarithm there is none of."""


def busy_share(rate_per_s: ArrayLike, cost: BatchCost, largest: int) -> Floats:
    """Share of the time that a batch is in progress, at each rate of texts (any shape).

    Batches per second are rate/E[k], each takes E[T(k)], so the share is rate E[T]/E[k], exactly.
    The sizes k = min(max(N, 1), B) are taken with N Poisson of the mean batch time: what waited
    longer than one batch is left out. Within 10 % of the exact chain, 1 % on average; exact for
    B = 1 and in both limits. 1 at and beyond the throughput of full batches. Raises
    ModelInputError for a negative rate or B < 1.
    """
    rates = np.asarray(rate_per_s, dtype=np.float64)
    if largest < 1:
        raise ModelInputError(f"a batch holds at least 1 text, not {largest}")
    if not (np.isfinite(rates).all() and (rates >= 0).all()):
        raise ModelInputError("rates are 0 or more and finite")
    load = rates / cost.full_rate_per_s(largest)
    settled = np.minimum(load, 1.0) * cost.full_rate_per_s(largest)
    size, time_s = _mean_batch(settled.ravel(), cost, largest)
    share = settled * (time_s / size).reshape(rates.shape)
    result: Floats = np.where(load >= 1, 1.0, np.clip(share, np.minimum(load, 1.0), 1.0))
    return result


def _mean_batch(rates: Floats, cost: BatchCost, largest: int) -> tuple[Floats, Floats]:
    """Mean size and time of a batch at each rate: the root of m - rate E[T(min(max(N, 1), B))].

    Newton's method, as dE[f(N)]/dm = E[f(N + 1) - f(N)] for Poisson N. A further text adds at most
    T(B)/B, so the slope is at least 1 - load and there is one root, from rate T(1) to rate T(B);
    a step that leaves the bracket of the root is replaced by bisection.
    """
    counts = np.arange(upper_count(largest) + largest + 1, dtype=np.float64)
    sizes = np.clip(counts, 1, largest)
    times_s = cost.start_s + np.maximum(cost.floor_s, cost.per_text_s * sizes)
    gains_s = np.diff(times_s, append=times_s[-1])
    log_factorials = gammaln(counts + 1)
    low, high = rates * times_s[0], rates * times_s[-1]
    means, chances = low, np.zeros((rates.size, counts.size))
    for _ in range(ROUNDS):
        logs = np.log(np.maximum(means, NOTHING))[:, np.newaxis] * counts
        chances = np.exp(logs - means[:, np.newaxis] - log_factorials)
        chances[:, -1] += np.maximum(0.0, 1 - chances.sum(axis=1))
        gap = means - rates * (chances @ times_s)
        if (np.abs(gap) <= SETTLED * means).all():
            break
        low, high = np.where(gap <= 0, means, low), np.where(gap >= 0, means, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = means - gap / (1 - rates * (chances @ gains_s))
        means = np.where((low <= step) & (step <= high), step, (low + high) / 2)
    return chances @ sizes, chances @ times_s


def least_busy_s_per_text(rates_per_s: Floats, cost: BatchCost, largest: int) -> float:
    """Seconds of computing for a text in the best of several days of hours of equal length.

    ``rates_per_s`` is of the shape (days, hours). Between T(B)/B in full batches and T(1) in
    batches of one; T(1) where nothing comes.
    """
    distinct, places = np.unique(rates_per_s, return_inverse=True)
    busy = busy_share(distinct, cost, largest)[places.reshape(rates_per_s.shape)]
    totals = [math.fsum(day) for day in rates_per_s]
    return min(
        math.fsum(day) / total if total > 0 else cost.seconds(1)
        for day, total in zip(busy, totals, strict=True)
    )
