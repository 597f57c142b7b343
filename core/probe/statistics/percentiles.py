"""Percentiles of a sample and how far they can be trusted, without assuming a distribution.

Intervals come from order statistics (David and Nagaraja, *Order Statistics*, ch. 7): the number
of observations at or below the true q-quantile is Binomial(n, q) whatever the law. A bootstrap
would cover a p95 only 85-89 % of the time at n = 50-100.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import ModelInputError

_ROUNDING = 1e-9
"""Guards a ceil against float noise: 0.95 x 60 must be rank 57, not 58."""

_MOST_FILLED = 100_000
"""Of one value: a hang of an hour at microseconds an answer must not fill the memory."""


@dataclass(frozen=True, slots=True)
class RankInterval:
    """Ranks, from 1, of the observations that bound a percentile; None: no such bound."""

    low: int | None
    high: int | None


def percentile(values: ArrayLike, q: float) -> float:
    """The q-quantile of ``values``; +inf stands for a failure.

    Type 7 (linear between neighbours) where all values are finite, else the inverted empirical
    distribution: the smallest value with at least q n observations at or below it.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    check_share(q, "q")
    if ordered.size == 0:
        raise ModelInputError("a percentile needs at least one value")
    if math.isfinite(ordered[-1]):
        return float(np.quantile(ordered, q))
    rank = max(1, math.ceil(q * ordered.size - _ROUNDING))
    return float(ordered[rank - 1])


@lru_cache(maxsize=256)
def two_sided_ranks(n: int, q: float, level: float = 0.95) -> RankInterval:
    """Equal-tailed interval of the q-quantile: at most (1 - level)/2 is missed on each side.

    A side without a rank has no bound: for a p95 at level 0.95 the upper one needs n >= 72, for
    a p99 n >= 368.
    """
    return _ranks(n, q, (1 - level) / 2)


@lru_cache(maxsize=256)
def one_sided_ranks(n: int, q: float, level: float = 0.95) -> RankInterval:
    """Two separate one-sided bounds of the q-quantile, each missed at most ``1 - level``.

    The upper bound of a p95 needs n >= 59, of a p99 n >= 299. Use one of the two, not both.
    """
    return _ranks(n, q, 1 - level)


def requests_for_interval(q: float, level: float = 0.95) -> int:
    """Smallest sample that has a two-sided interval of the q-quantile: 72 for a p95.

    The upper bound exists once q^n <= (1 - level)/2, the lower once (1-q)^n <= (1 - level)/2.
    """
    check_share(q, "q")
    check_share(level, "level")
    tail = (1 - level) / 2
    return max(math.ceil(math.log(tail) / math.log(p) - _ROUNDING) for p in (q, 1 - q))


def requests_for_precision(
    q: float, log_sigma: float, factor: float = 1.1, level: float = 0.95
) -> int:
    """Sample size for a q-quantile within a ``factor`` either way, for lognormal times.

    n = (z s / ln f)^2 q (1-q) / phi(z_q)^2, with s the standard deviation of the logarithm: the
    asymptotic variance of a sample quantile. 473 for a p95 at s = 0.5 and 10 %.
    """
    check_share(q, "q")
    check_share(level, "level")
    if log_sigma < 0 or factor <= 1:
        raise ModelInputError("the spread must be 0 or more and the factor above 1")
    normal = NormalDist()
    z = normal.inv_cdf(0.5 + level / 2)
    density = normal.pdf(normal.inv_cdf(q))
    return max(1, math.ceil((z * log_sigma / math.log(factor)) ** 2 * q * (1 - q) / density**2))


def failure_rate_upper_bound(n: int, level: float = 0.95) -> float:
    """Upper bound of the failure rate after ``n`` requests without a failure.

    1 - (1 - level)^(1/n): 3.7 % after 80 requests ("rule of three" in its exact form).
    """
    check_share(level, "level")
    if n < 1:
        raise ModelInputError("at least one request is needed")
    return float(-math.expm1(math.log1p(-level) / n))


def lag_one_correlation(values: Sequence[float]) -> float:
    """Correlation of neighbours, of the ranks: 0 for fewer than 3 values or equal ones.

    Ranks, because one slow request must not decide it; +inf for a failure is welcome.
    """
    if len(values) < 3:
        return 0.0
    ranks = mid_ranks(np.asarray(values, dtype=np.float64))
    before, after = ranks[:-1], ranks[1:]
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return 0.0
    return float(np.corrcoef(before, after)[0, 1])


def back_fill(values: Sequence[float], interval: float) -> list[float]:
    """Values with those added that a closed loop did not send while it waited.

    HdrHistogram's correction of coordinated omission: for a value v, also v - interval,
    v - 2 interval, ... while they are at least the interval. An estimate, not a measurement.
    """
    if not interval > 0:
        raise ModelInputError(f"the interval must be positive, not {interval}")
    filled = list(values)
    for value in values:
        missed = int(min(value, _MOST_FILLED * interval) / interval - 1 + _ROUNDING)
        filled.extend(value - k * interval for k in range(1, missed + 1))
    return filled


def warm_up_length(values: Sequence[float], window: int = 5) -> int:
    """How many values at the beginning lie clearly above the rest; 0 where none do.

    The end of the warm-up is the first k at which the median of the next ``window`` values lies
    within the noise of the last half: at or below the 97.5 % quantile of such medians there.
    """
    settled = np.asarray(values[len(values) // 2 :], dtype=np.float64)
    if settled.size < 4 * window:
        return 0
    # Not interpolated: a failure is +inf.
    limit = np.quantile(_running_medians(settled, window), 0.975, method="inverted_cdf")
    early = _running_medians(np.asarray(values[: len(values) // 2 + window - 1]), window)
    within = np.flatnonzero(early <= limit)
    return int(within[0]) if within.size else int(early.size)


def _running_medians(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    views = np.lib.stride_tricks.sliding_window_view(values, window)
    return np.asarray(np.median(views, axis=1))


def _ranks(n: int, q: float, tail: float) -> RankInterval:
    """Largest rank missed low at most ``tail``, smallest missed high at most ``tail``."""
    check_share(q, "q")
    check_share(tail, "level")
    if n < 1:
        return RankInterval(None, None)
    at_or_below = np.cumsum(_binomial_pmf(n, q))  # P(B <= j), j = 0..n
    low = int(np.searchsorted(at_or_below, tail, side="right"))  # P(B <= low-1) <= tail
    at_or_above = np.cumsum(_binomial_pmf(n, 1 - q))  # P(B >= n - j), by symmetry
    high = n + 1 - int(np.searchsorted(at_or_above, tail, side="right"))
    return RankInterval(low or None, high if high <= n else None)


def _binomial_pmf(n: int, q: float) -> NDArray[np.float64]:
    """P(B = j) for j = 0..n, B ~ Binomial(n, q), by logarithms so that no term underflows."""
    log_factorial = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, n + 1)))))
    j = np.arange(n + 1)
    log_choose = log_factorial[n] - log_factorial - log_factorial[::-1]
    return np.asarray(np.exp(log_choose + j * math.log(q) + (n - j) * math.log1p(-q)))


def mid_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks with ties sharing their mean."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[inverse])


def check_share(value: float, name: str) -> None:
    """Refuse what is no share strictly between 0 and 1, with a ModelInputError."""
    if not 0 < value < 1:
        raise ModelInputError(f"{name} must lie between 0 and 1, not {value}")
