"""Percentiles of a run with their intervals, and sentences where there is only one bound."""

from collections.abc import Iterator, Sequence
from typing import Final

from core.measurement.estimate import Estimate
from core.probe.statistics.percentiles import (
    RankInterval,
    one_sided_ranks,
    percentile,
    two_sided_ranks,
)
from core.probe.statistics.words import duration

LEVEL: Final = 0.95


def estimate(values_s: Sequence[float], q: float) -> Estimate:
    """The q-quantile with its 95 % interval.

    Where the sample is too small for a two-sided one, the lower bound is a one-sided 95 % bound
    ("at least") and there is no upper bound.
    """
    if not values_s:
        return Estimate(value_s=None, level=LEVEL)
    ordered = sorted(values_s)
    ranks = two_sided_ranks(len(ordered), q, LEVEL)
    if ranks.high is None:
        ranks = RankInterval(one_sided_ranks(len(ordered), q, LEVEL).low, None)
    value_s = percentile(ordered, q)
    low_s = _at(ordered, ranks.low)
    return Estimate(
        value_s=finite(value_s),
        # With up to five values the largest is a lower bound of the p99, above type 7's estimate.
        low_s=None if low_s is None else min(low_s, value_s),
        high_s=_at(ordered, ranks.high),
        level=LEVEL,
    )


def one_sided_bounds(values_s: Sequence[float]) -> tuple[str, ...]:
    """For p95 and p99, where there is no two-sided interval: what may be said all the same."""
    ordered = sorted(values_s)
    return tuple(sentence for q in (0.95, 0.99) for sentence in _bounds(ordered, q))


def _bounds(ordered: Sequence[float], q: float) -> Iterator[str]:
    n, name = len(ordered), f"p{q * 100:.0f}"
    if n == 0 or two_sided_ranks(n, q, LEVEL).high is not None:
        return
    ranks = one_sided_ranks(n, q, LEVEL)
    low_s, high_s = _at(ordered, ranks.low), _at(ordered, ranks.high)
    if low_s is not None:
        yield f"The {name} is at least {duration(low_s)}, with 95 % confidence ({n} requests)."
    if high_s is not None:
        yield f"The {name} is at most {duration(high_s)}, with 95 % confidence ({n} requests)."


def _at(ordered: Sequence[float], rank: int | None) -> float | None:
    return None if rank is None else finite(ordered[rank - 1])


def finite(value: float) -> float | None:
    """The value, or None for the +inf of a failure."""
    return value if value != float("inf") else None
