"""One replica with greedy dynamic batching under Poisson arrivals, solved exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.errors import ModelInputError
from core.serving.queue.batch_chain import Chain, Floats, load, reachable_batch, stationary
from core.serving.queue.batch_sojourn import NEGLIGIBLE, Points, busy_points
from core.serving.queue.response_law import LEVELS, ResponseLaw

HELD_POINTS: Final = 400_000
"""Points in memory before they are merged."""
MERGED_WITHIN: Final = 1e-4
"""Times whose logarithms differ by less become one."""


@dataclass(frozen=True, slots=True)
class BatchQueue:
    """What a replica under a load looks like in the long run."""

    load: float
    """Arrival rate over the throughput of full batches, below 1."""
    response: ResponseLaw
    mean_batch: float
    """Texts in a batch, over batches."""
    busy_share: float
    """Share of the time that a batch is in progress. For energy; never a measure of load."""


def solve(rate_per_s: float, batch_s: Floats) -> BatchQueue | None:
    """Solve the queue; None where it never settles: at a load rho = rate E T(B) / B of 1 or more.

    ``batch_s`` has the shape (B,) for times that depend on the batch size alone, or (B, nodes)
    with equally likely times of each size, s. Percentiles agree with long simulations within 2 %
    for fixed times. Raises ModelInputError for times that are not positive and finite, that fall
    as the batch grows, or a negative rate.
    """
    times = _checked(rate_per_s, batch_s)
    rho = load(rate_per_s, times)
    if rho >= 1:
        return None
    busy_alone = rate_per_s * float(times[0].mean())
    if busy_alone < NEGLIGIBLE:
        nobody = Points(np.zeros(0), np.zeros(0))
        return BatchQueue(rho, _law(times[0], 1.0, nobody), 1.0, busy_alone)
    times = times[: reachable_batch(rate_per_s, times)]
    chain = stationary(rate_per_s, times)
    sizes = _batch_sizes(chain, len(times))
    idle_s = float(chain.probabilities[0]) / rate_per_s
    cycle_s = idle_s + float(sizes @ times.mean(axis=1))
    in_progress = sizes[:, None] * times / (times.shape[1] * cycle_s)
    busy = _merged(busy_points(rate_per_s, times, chain, in_progress))
    idle_share = idle_s / cycle_s
    mean_batch = float(sizes @ np.arange(1, len(sizes) + 1))
    return BatchQueue(rho, _law(times[0], idle_share, busy), mean_batch, 1 - idle_share)


def _checked(rate_per_s: float, batch_s: Floats) -> Floats:
    times = np.asarray(batch_s, dtype=np.float64)
    times = times[:, None] if times.ndim == 1 else times
    if times.ndim != 2 or not times.size:
        raise ModelInputError("batch times need the shape (sizes,) or (sizes, nodes)")
    if not (np.isfinite(times).all() and (times > 0).all()):
        raise ModelInputError("batch times must be positive and finite")
    if (np.diff(times.mean(axis=1)) < -1e-9 * times.mean(axis=1)[1:]).any():
        raise ModelInputError("a larger batch cannot take less time than a smaller one")
    if not 0 <= rate_per_s < np.inf:
        raise ModelInputError(f"the rate must be 0 or more and finite, not {rate_per_s}")
    return times


def _batch_sizes(chain: Chain, batch: int) -> Floats:
    """Chances that a batch holds 1 to B texts."""
    sizes = chain.probabilities[: batch + 1].copy()
    sizes[1] += sizes[0]
    sizes[-1] += 1 - chain.probabilities[: batch + 1].sum()
    return sizes[1:]


def _merged(parts: Iterable[Points]) -> Points:
    """All points as one sorted set: those within a ten-thousandth of each other become one.

    It bounds the memory, and equal values from several batch sizes count as one value.
    """
    merged: list[Points] = []
    count = 0
    for part in parts:
        merged.append(part)
        count += len(part.seconds)
        if count > HELD_POINTS:
            merged = [_merge(merged)]
            count = len(merged[0].seconds)
    return _merge(merged) if merged else Points(np.zeros(0), np.zeros(0))


def _merge(parts: list[Points]) -> Points:
    seconds = np.concatenate([part.seconds for part in parts])
    weights = np.concatenate([part.weights for part in parts])
    bins = np.rint(np.log(seconds) / MERGED_WITHIN).astype(np.int64)
    bins -= bins.min()
    mass = np.bincount(bins, weights).astype(np.float64)
    sums = np.bincount(bins, weights * seconds)
    return Points(sums[mass > 0] / mass[mass > 0], mass[mass > 0])


def _law(alone_s: Floats, idle_share: float, busy: Points) -> ResponseLaw:
    """Quantiles of the points of all requests: a batch of one at once, or those of the busy time.

    A point stands for a stretch of a continuous law, so the cumulative share runs straight from
    the middle of one to the middle of the next. One fixed time of those who find the server idle
    is a true step: it enters with its lower and its upper end.
    """
    total = idle_share + float(busy.weights.sum())
    fixed = len(alone_s) == 1
    # Half of a step at each end of it: the middles of such halves are then its ends.
    alone = np.repeat(alone_s, 2) if fixed else np.sort(alone_s)
    seconds = np.concatenate((alone, busy.seconds))
    weights = np.concatenate((np.full(len(alone), idle_share / len(alone)), busy.weights))
    order = np.argsort(seconds, kind="stable")
    seconds, weights = seconds[order], weights[order]
    shares = np.cumsum(weights) - weights / 2
    if fixed:
        lower, upper = np.flatnonzero(order < 2)
        shares[lower] -= idle_share / 4
        shares[upper] += idle_share / 4
    quantiles = np.interp(LEVELS, shares / total, seconds)
    mean_s = float(seconds @ weights / total)
    return ResponseLaw(float(alone_s.min()), tuple(quantiles.tolist()), mean_s)
