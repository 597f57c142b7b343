"""How long a request stays with a greedy batcher: the exact law, as weighted points.

A Poisson arrival finds the server idle, or a batch of k in progress for a time u that is uniform
over its length T. Then ``left + Poisson(rate u)`` requests are ahead of it. It waits for the rest
of the batch and for one full batch for every B requests ahead, and shares its own batch with
those ahead that are left over and with those that came behind it in the meantime.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.serving.queue.batch_chain import Chain, Floats, poisson, upper_count

CELLS: Final = 600
"""Points of elapsed time, shared out over the batch sizes by the time that they take up."""
MIN_CELLS: Final = 6
MAX_CELLS: Final = 300
GOLDEN: Final = 0.6180339887498949
NEGLIGIBLE: Final = 1e-12
"""A share of the requests that changes no result."""
MAX_FULL_BATCHES: Final = 256
"""Full batches ahead that are followed one by one; an exponential tail stands for more."""
SUM_NODES: Final = 8
"""Equally likely values that stand for the time of several full batches in a row."""
TAIL_POINTS: Final = 200


@dataclass(frozen=True, slots=True)
class Points:
    """Weighted values of the sojourn time."""

    seconds: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class _Finding:
    """Arrivals that find a batch in progress, a row for each size and elapsed time."""

    rest_s: Floats
    """Rest of the batch in progress: shape (rows,)."""
    ahead: Floats
    """Weight of the row with m requests ahead: shape (rows, a multiple of B)."""


def busy_points(
    rate_per_s: float, batch_s: Floats, chain: Chain, in_progress: Floats
) -> Iterator[Points]:
    """Points of the requests that find the server busy; their weights sum to ``in_progress``.

    ``in_progress[k - 1, j]``: chance that an arrival finds a batch of k with the time of node j.
    ``batch_s`` ends with the largest batch that comes about.
    """
    batch = len(batch_s)
    short = _during_smaller(rate_per_s, batch_s, in_progress)
    long, beyond = _during_full(rate_per_s, batch_s[-1], batch, chain, in_progress[-1])
    levels = max(short.ahead.shape[1], long.ahead.shape[1]) // batch
    waits = np.zeros(1)
    for level in range(levels):
        for finding in (short, long):
            ahead = finding.ahead[:, level * batch : (level + 1) * batch]
            yield from _served(rate_per_s, batch_s, finding.rest_s, ahead, waits)
        waits = _one_more(waits, batch_s[-1])
    if beyond > NEGLIGIBLE:
        from_s = float(waits.mean() + long.rest_s.mean() + batch_s[-1].mean())
        yield _tail(from_s, rate_per_s * (1 / chain.ratio - 1), beyond)


def _during_smaller(rate_per_s: float, batch_s: Floats, in_progress: Floats) -> _Finding:
    """Arrivals during a batch below B: nobody was left behind, all ahead came since its start."""
    batch = len(batch_s)
    elapsed, rest, weights = _elapsed(
        batch_s[:-1].ravel(), in_progress[:-1].ravel(), float(in_progress.sum())
    )
    if not len(elapsed):
        return _Finding(elapsed, np.zeros((0, 0)))
    length = _whole_batches(upper_count(rate_per_s * float(batch_s[:-1].max())), batch)
    return _Finding(rest, poisson(rate_per_s * elapsed, length) * weights[:, None])


def _during_full(
    rate_per_s: float, full_s: Floats, batch: int, chain: Chain, in_progress: Floats
) -> tuple[_Finding, float]:
    """Arrivals during a batch of B, and the weight of those with too many ahead to be followed."""
    total = float(in_progress.sum())
    elapsed, rest, weights = _elapsed(full_s, in_progress, max(total, NEGLIGIBLE))
    if not len(elapsed):
        return _Finding(elapsed, np.zeros((0, 0))), 0.0
    came = poisson(rate_per_s * elapsed, upper_count(rate_per_s * float(full_s.max())))
    left = _left_behind(chain, batch, MAX_FULL_BATCHES * batch)
    length = _whole_batches(min(len(left), MAX_FULL_BATCHES * batch) + came.shape[1], batch)
    ahead = _convolved(came, left[None, :], length) * weights[:, None]
    return _Finding(rest, ahead), float(weights.sum() - ahead.sum())


def _left_behind(chain: Chain, batch: int, longest: int) -> Floats:
    """Chances of 0, 1, ... requests left in the queue when a batch of B starts."""
    starts = chain.probabilities[batch:].copy()
    if batch == 1:
        starts[0] += chain.probabilities[0]
    last = starts[-1]
    total = starts.sum() + last * chain.ratio / (1 - chain.ratio)
    if last > NEGLIGIBLE * total:
        needed = np.log(NEGLIGIBLE * total / last) / np.log(chain.ratio)
        further = np.arange(1.0, 1 + int(min(needed, longest)))
        starts = np.concatenate((starts, last * chain.ratio**further))
    law: Floats = starts / total
    return law


def _elapsed(times_s: Floats, shares: Floats, total: float) -> tuple[Floats, Floats, Floats]:
    """Elapsed time, rest and weight of a point in each cell of each batch time.

    The points of the first time lie in the middles of their cells. Those of each further time are
    shifted by the golden ratio, so that equal times of several sizes do not fall on one lattice.
    """
    cells = np.clip(np.ceil(CELLS * shares / total), MIN_CELLS, MAX_CELLS)
    cells = np.where(shares > NEGLIGIBLE, cells, 0).astype(np.int64)
    times = np.repeat(times_s, cells)
    first = np.repeat(np.cumsum(cells) - cells, cells)
    place = np.repeat((0.5 + GOLDEN * np.arange(len(cells))) % 1.0, cells)
    fraction = (np.arange(len(times)) - first + place) / np.repeat(cells, cells)
    weights = np.repeat(shares / np.maximum(cells, 1), cells)
    return fraction * times, (1 - fraction) * times, weights


def _served(
    rate_per_s: float, batch_s: Floats, rest_s: Floats, ahead: Floats, waits_s: Floats
) -> Iterator[Points]:
    """Points of the rows of one level: rest, then a whole number of full batches, then its own."""
    likely = ahead.sum(axis=1) > NEGLIGIBLE if ahead.size else np.zeros(0, dtype=np.bool_)
    if not likely.any():
        return
    ahead = ahead[likely] / len(waits_s)
    for wait_s in waits_s:
        start_s = rest_s[likely] + wait_s
        own = _own_batch(ahead, rate_per_s * start_s)
        row, size = np.nonzero(own > NEGLIGIBLE / 10)
        seconds = start_s[row, None] + batch_s[size]
        weights = np.repeat(own[row, size] / batch_s.shape[1], batch_s.shape[1])
        yield Points(seconds.ravel(), weights)


def _own_batch(ahead: Floats, behind: Floats) -> Floats:
    """Weights of sizes 1 to B of the own batch: min(B, ahead + 1 + Poisson(behind))."""
    batch = ahead.shape[1]
    total = ahead.sum(axis=1)
    if batch == 1:
        return ahead
    own = _convolved(ahead, poisson(behind, batch), batch)
    own[:, -1] = np.maximum(total - own[:, :-1].sum(axis=1), 0.0)
    return own


def _one_more(waits_s: Floats, full_s: Floats) -> Floats:
    """Equally likely values of the sum with one more full batch: at most SUM_NODES, mean kept."""
    sums = np.sort((waits_s[:, None] + full_s[None, :]).ravel())
    if len(sums) <= SUM_NODES:
        return sums
    edges = np.linspace(0, len(sums), SUM_NODES + 1)
    cumulated = np.concatenate(([0.0], np.cumsum(sums)))
    return np.diff(np.interp(edges, np.arange(len(cumulated)), cumulated)) / np.diff(edges)


def _tail(from_s: float, decay_per_s: float, weight: float) -> Points:
    """An exponential tail: many requests ahead are geometric in number, their time exponential."""
    middles = (np.arange(TAIL_POINTS) + 0.5) / TAIL_POINTS
    seconds = from_s - np.log1p(-middles) / decay_per_s
    return Points(seconds, np.full(TAIL_POINTS, weight / TAIL_POINTS))


def _convolved(first: Floats, second: Floats, length: int) -> Floats:
    """Row by row, the laws of the sums; chances of 0 to length - 1."""
    size = 1 << (first.shape[1] + second.shape[1] - 1).bit_length()
    product = np.fft.rfft(first, size) * np.fft.rfft(second, size)
    sums: NDArray[np.float64] = np.fft.irfft(product, size)[:, :length]
    if sums.shape[1] < length:
        sums = np.pad(sums, ((0, 0), (0, length - sums.shape[1])))
    return sums


def _whole_batches(count: int, batch: int) -> int:
    return -(-count // batch) * batch
