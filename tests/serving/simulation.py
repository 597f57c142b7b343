"""A replica with greedy batching, simulated request by request: what the theory is held against."""

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.serving.queue.batch_chain import Floats

WARM_UP = 20
"""One part in this many is left out at the start."""


@dataclass(frozen=True)
class Simulated:
    """Sojourn times after the warm-up, and what the batches were like."""

    seconds: Floats
    mean_batch: float
    busy_share: float

    def percentile(self, level: float) -> float:
        """Percentile of the sojourn."""
        return float(np.quantile(self.seconds, level))


def poisson_arrivals(rate_per_s: float, requests: int, rng: np.random.Generator) -> Floats:
    """Arrival times whose mean gap is exactly the wanted one: less noise at high loads."""
    gaps = rng.exponential(1.0, requests)
    times: NDArray[np.float64] = np.cumsum(gaps / (gaps.mean() * rate_per_s))
    return times


def simulate(rate_per_s: float, batch_s: Floats, requests: int, seed: int) -> Simulated:
    """Serve Poisson arrivals in batches; (sizes,) or (sizes, equally likely times) as in solve."""
    rng = np.random.default_rng(seed)
    times = (batch_s if batch_s.ndim == 2 else batch_s[:, None]).tolist()
    arrivals = poisson_arrivals(rate_per_s, requests, rng).tolist()
    drawn = rng.integers(0, len(times[0]), requests).tolist()
    ends = np.empty(requests)
    now = busy_s = 0.0
    served = batches = 0
    while served < requests:
        now = max(now, arrivals[served])
        after = bisect_right(arrivals, now, served, min(requests, served + len(times)))
        took_s = times[after - served - 1][drawn[batches]]
        now += took_s
        busy_s += took_s
        ends[served:after] = now
        served = after
        batches += 1
    kept = (ends - arrivals)[requests // WARM_UP :]
    return Simulated(kept, requests / batches, busy_s / now)
