"""The queue that a batch leaves behind: an embedded Markov chain, solved exactly.

A greedy batcher serves ``k = min(max(n, 1), B)`` of the ``n`` requests that wait when a batch
ends (with nobody there it waits for one), and ``max(n, 1) - k + Poisson(rate T(k))`` wait when
that batch ends: the bulk-service queue of Bailey (1954) and Neuts (1967), T depending on k.

Batch times come as an array of shape (B, nodes), s: row ``k - 1`` holds equally likely times of
a batch of ``k`` texts; one node is a time that does not vary.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DEVIATIONS: Final = 8.0
"""A Poisson count this many standard deviations above its mean has a chance below 1e-13."""
BISECTIONS: Final = 100


@dataclass(frozen=True, slots=True)
class Chain:
    """Stationary law of the number of requests that wait when a batch ends."""

    probabilities: Floats
    """Of 0 to N - 1 waiting requests."""
    ratio: float
    """From N - 1 on every probability is this many times the one before."""


def load(rate_per_s: float, batch_s: Floats) -> float:
    """Arrival rate over the throughput of full batches, rho = rate E T(B) / B."""
    return float(rate_per_s * batch_s[-1].mean() / len(batch_s))


def poisson(means: Floats, length: int) -> Floats:
    """Chances of 0 to length - 1 events for each mean > 0: shape (len(means), length)."""
    counts = np.arange(float(length))
    log_factorials = np.concatenate(([0.0], np.cumsum(np.log(counts[1:]))))
    logs: Floats = np.log(means)[:, None] * counts
    logs -= log_factorials
    logs -= means[:, None]
    np.exp(logs, out=logs)
    return logs


def upper_count(mean: float) -> int:
    """A count that Poisson events of this mean do not reach."""
    return int(mean + DEVIATIONS * np.sqrt(mean + 1)) + 12


def reachable_batch(rate_per_s: float, batch_s: Floats) -> int:
    """The largest batch that ever comes about, at most B.

    A queue longer than what arrives during its own batch does not grow; a cap beyond that length
    changes no result, and a smaller chain is solved faster.
    """
    arrivals = rate_per_s * np.maximum.accumulate(batch_s.max(axis=1))
    limits = arrivals + (DEVIATIONS + 2) * np.sqrt(arrivals + 1) + 12
    beyond = np.flatnonzero(np.arange(1, len(batch_s) + 1) > limits)
    return int(beyond[0]) + 1 if len(beyond) else len(batch_s)


def stationary(rate_per_s: float, batch_s: Floats) -> Chain:
    """Solve the chain for a load below 1.

    The chain is cut where the queue is so long that only the slowest geometric decay is left,
    and closed with that decay, so that its size does not grow with the load.
    """
    batch = len(batch_s)
    most = upper_count(rate_per_s * float(batch_s.max()))
    # Oscillations of the period B die out as exp(-sqrt(2 pi / B) n) or faster.
    states = max(batch, most) + int(10 * np.sqrt(batch)) + 20
    ratio = decay_ratio(batch, rate_per_s * batch_s[-1])
    arrivals = poisson(rate_per_s * batch_s.ravel(), states)
    arrivals = arrivals.reshape(batch, -1, states).mean(axis=1)
    balance = _transitions(arrivals, states, ratio).T - np.eye(states)
    balance[0] = 1.0
    balance[0, -1] = 1 / (1 - ratio)
    right = np.zeros(states)
    right[0] = 1.0
    probabilities = np.maximum(np.linalg.solve(balance, right), 0.0)
    total = probabilities.sum() + probabilities[-1] * ratio / (1 - ratio)
    return Chain(probabilities / total, ratio)


def _transitions(arrivals: Floats, states: int, ratio: float) -> Floats:
    """Chances from a state to a state; the last row stands for itself and all longer queues."""
    batch = len(arrivals)
    rows = np.empty((states, states))
    rows[1 : batch + 1] = arrivals
    rows[0] = arrivals[0]
    # A queue longer than the batch leaves n - B behind: the arrivals of a full batch, shifted.
    padded = np.concatenate((np.zeros(states), arrivals[-1]))
    windows = np.lib.stride_tricks.sliding_window_view(padded, states)
    left = np.arange(1, states)
    full = windows[states - left]
    rows[batch + 1 :] = full[: states - batch - 1]
    # From state N - 1 + i the queue falls below N for i <= B only.
    rows[-1] = ratio ** np.arange(batch + 1) @ full[states - batch - 2 :]
    return rows


def decay_ratio(batch: int, full_batch_arrivals: Floats) -> float:
    """Ratio of neighbouring chances of long queues: 1/z, where z > 1 and z^B = E exp(a (z - 1)).

    The root is bracketed by doubling, then bisected.
    ``full_batch_arrivals`` are the equally likely mean numbers ``a`` of arrivals during a full
    batch; their mean must be below B.
    """

    def drift(log_z: float) -> float:
        exponents = full_batch_arrivals * np.expm1(log_z)
        top = float(exponents.max())
        return batch * log_z - top - float(np.log(np.exp(exponents - top).mean()))

    low, high = 0.0, 1e-12
    while drift(high) > 0:  # concave and 0 at 0: positive up to the root, negative beyond
        low, high = high, 2 * high
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if drift(middle) > 0 else (low, middle)
    return float(np.exp(-low))
