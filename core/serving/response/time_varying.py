"""Load that changes from hour to hour: the mixture of the hours' responses, and overload.

Each hour is taken as if its rate had always held (pointwise stationary, Green and Kolesar 1991):
within 2 % of a simulated day that peaks at a load of 0.9, with a queue that settles in seconds.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelInputError
from core.serving.queue.response_law import Exceedance, smallest_time


@dataclass(frozen=True, slots=True)
class Mixture:
    """Response of all requests of a day or a month: every hour weighs by its requests."""

    weights: tuple[float, ...]
    """Share of all requests, hour by hour; their sum is 1."""
    laws: tuple[Exceedance, ...]

    def share_above(self, t_s: float) -> float:
        """Share of all requests that take longer than ``t_s``."""
        parts = zip(self.weights, self.laws, strict=True)
        return math.fsum(weight * law.share_above(t_s) for weight, law in parts)

    def percentile(self, level: float) -> float:
        """Percentile over all requests, s: that of the mixture, not a mean of percentiles."""
        return smallest_time(self.share_above, level, 1.0)


@dataclass(frozen=True, slots=True)
class VaryingLoad:
    """Responses under hourly rates; an objective must say which of the two it means."""

    all_requests: Mixture
    peak_hour: Exceedance


def over_hours(
    rates_per_s: Sequence[float], law_at: Callable[[float], Exceedance | None]
) -> VaryingLoad | None:
    """Mix the laws of hours of equal length; None where an hour is overloaded.

    ``law_at`` gives the response at a steady rate, None for a rate at which the queue never
    settles: :func:`fluid_backlog` then says how far it grows. Hours without requests have no
    weight. Raises ModelInputError without any request.
    """
    rates = _checked(rates_per_s)
    total = float(rates.sum())
    if total == 0:
        raise ModelInputError("without a request there is no response time")
    known: dict[float, Exceedance] = {}
    for rate in sorted({float(rate) for rate in rates if rate > 0}):
        law = law_at(rate)
        if law is None:
            return None
        known[rate] = law
    busy = [float(rate) for rate in rates if rate > 0]
    weights = tuple(rate / total for rate in busy)
    mixture = Mixture(weights, tuple(known[rate] for rate in busy))
    return VaryingLoad(mixture, known[max(busy)])


@dataclass(frozen=True, slots=True)
class Backlog:
    """Requests that pile up while more arrive than can be served."""

    requests: tuple[float, ...]
    """At the end of each interval."""
    largest_requests: float
    longest_wait_s: float
    """Of a request that arrives when most are waiting: largest / capacity."""


def fluid_backlog(
    rates_per_s: Sequence[float], capacity_per_s: float, interval_s: float
) -> Backlog:
    """Follow the backlog through intervals of equal length, from none at the start.

    It grows by (rate - capacity) x seconds and never falls below 0: a fluid, without the noise of
    single arrivals, right for overload and for nothing else. A load of exactly 1 adds none here,
    though its queue never settles.
    """
    if not (0 < capacity_per_s < math.inf and 0 < interval_s < math.inf):
        raise ModelInputError("capacity and interval must be positive and finite")
    waiting = 0.0
    ends = []
    for rate in _checked(rates_per_s).tolist():
        waiting = max(0.0, waiting + (rate - capacity_per_s) * interval_s)
        ends.append(waiting)
    largest = max(ends)  # the backlog is straight within an interval, so it peaks at an end
    return Backlog(tuple(ends), largest, largest / capacity_per_s)


def _checked(rates_per_s: Sequence[float]) -> NDArray[np.float64]:
    rates = np.asarray(rates_per_s, dtype=np.float64)
    if rates.ndim != 1 or not rates.size:
        raise ModelInputError("the rates are a list with at least one interval")
    if not (np.isfinite(rates).all() and (rates >= 0).all()):
        raise ModelInputError("rates are 0 or more and finite")
    return rates
