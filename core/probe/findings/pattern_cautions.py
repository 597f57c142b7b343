"""Patterns in the times of requests that should be alike: drift, resemblance, a slow beginning.

A request that had to open a connection is slow for a reason of its own, so it is left out of the
patterns and counted by itself. What is smaller than 1 ms or 5 % is no pattern worth a sentence.
"""

from collections.abc import Sequence
from statistics import median
from typing import Final

from core.probe.records.sample import Sample
from core.probe.statistics.effect import matters
from core.probe.statistics.percentiles import (
    lag_one_correlation,
    percentile,
    two_sided_ranks,
    warm_up_length,
)
from core.probe.statistics.words import duration
from core.units import NS_PER_SECOND

CORRELATED: Final = 0.3
"""Rank correlation of neighbours above which an interval for independent samples is too narrow."""

MANY_NEW_CONNECTIONS: Final = 0.05
"""From this share on, handshakes reach into the p95."""

LEAST_SLOW: Final = 3
"""Fewer slow requests at the beginning than this are chance."""

_LEAST_FOR_PATTERNS: Final = 40
"""Below this, drift and correlation cannot be told from chance."""


def all_of(measured: Sequence[Sample]) -> tuple[str | None, ...]:
    """One sentence for each pattern, None where it is not there."""
    return (
        still_warming_up(measured),
        drift(measured),
        correlated(measured),
        new_connections(measured),
    )


def slow_beginning(measured: Sequence[Sample]) -> int:
    """How many requests at the beginning were slower than the rest by more than chance and 5 %.

    Counted without those that opened a connection.
    """
    times = _on_open_connections(measured)
    slow = warm_up_length(times)
    if slow == 0 or not matters(median(times[:slow]) - median(times[slow:]), median(times[slow:])):
        return 0
    return slow


def still_warming_up(measured: Sequence[Sample]) -> str | None:
    """First measured requests that are clearly slower than the rest."""
    slow = slow_beginning(measured)
    if slow < LEAST_SLOW:
        return None
    return (
        f"The first {slow} measured requests were slower than the rest: the warm-up was too short. "
        "They are in the percentiles."
    )


def drift(measured: Sequence[Sample]) -> str | None:
    """Medians of the two halves whose 95 % intervals do not meet."""
    times = _on_open_connections(measured)
    if len(times) < _LEAST_FOR_PATTERNS:
        return None
    halves = times[: len(times) // 2], times[len(times) // 2 :]
    lower, higher = sorted(map(median, halves))
    if not matters(higher - lower, lower):
        return None
    first, second = map(_median_interval, halves)
    if first[1] >= second[0] and second[1] >= first[0]:
        return None
    way = "rose" if second[0] > first[1] else "fell"
    return (
        f"Latency {way} during the run: the median lay in {duration(first[0])} to "
        f"{duration(first[1])} in the first half and in {duration(second[0])} to "
        f"{duration(second[1])} in the second."
    )


def correlated(measured: Sequence[Sample]) -> str | None:
    """Neighbours that resemble each other, as in a queue: the intervals are too narrow."""
    times = _on_open_connections(measured)
    if len(times) < _LEAST_FOR_PATTERNS:
        return None
    low, high = percentile(times, 0.05), percentile(times, 0.95)
    r = lag_one_correlation(times)
    if r < CORRELATED or not matters(high - low, low):
        return None
    worth = max(1, round(len(times) * (1 - r) / (1 + r)))
    return (
        f"Neighbouring requests resemble each other (rank correlation {r:.2f}), so the intervals "
        f"are narrower than they should be: {len(times)} requests are worth about {worth} "
        "independent ones."
    )


def new_connections(measured: Sequence[Sample]) -> str | None:
    """Handshakes inside the percentiles, where they take long enough to be seen there."""
    new = [s for s in measured if s.new_connection]
    if not measured or len(new) / len(measured) < MANY_NEW_CONNECTIONS:
        return None
    took = [took_s for s in new if (took_s := _handshake_s(s)) is not None]
    services = [s.service_s for s in measured if s.ok]
    if took and services and not matters(median(took), median(services)):
        return None
    return (
        f"{len(new)} of {len(measured)} measured requests opened a connection of their own: the "
        "handshake is part of their latency."
    )


def _handshake_s(sample: Sample) -> float | None:
    """From the sending until the connection stood, s; None where that is not known."""
    stood_ns = sample.tls_done_ns or sample.connected_ns
    if stood_ns is None or sample.sent_ns is None:
        return None
    return (stood_ns - sample.sent_ns) / NS_PER_SECOND


def _on_open_connections(measured: Sequence[Sample]) -> list[float]:
    return [s.response_s for s in measured if not s.new_connection]


def _median_interval(times: Sequence[float]) -> tuple[float, float]:
    """95 % interval of the median, s."""
    ordered = sorted(times)
    ranks = two_sided_ranks(len(ordered), 0.5)
    return ordered[(ranks.low or 1) - 1], ordered[(ranks.high or len(ordered)) - 1]
