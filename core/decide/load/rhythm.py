"""When the scenario's load comes: hour by hour over the mean, and the peak that must be carried."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cost.curve.piecewise import STEP_GUARD
from core.cost.load.hourly_load import HOURS_PER_DAY, daily_profile, valleys_filled
from core.scenario import Workload

LEAST_HOUR: Final = 1e-9
"""Load of an hour over the busiest one's."""
WAITING_STEP: Final = 0.05
"""Of the work: how finely it is tried how much of it waits."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A day or a week that repeats itself."""

    hours: tuple[float, ...]
    """Load of each hour over the mean, as it comes."""
    online: tuple[float, ...]
    """Load of each hour over the mean of all load, of what cannot wait."""
    filled: tuple[float, ...]
    """The same after valley filling: what can wait is in the lowest hours; mean 1."""
    burst: float
    """Highest rate inside an hour over the hour's mean."""
    less_waiting: tuple[tuple[float, ...], ...] = ()
    """``filled`` where less waits than could: nothing, or some of it in whole steps. More work that
    can wait only adds to them."""

    @property
    def peak(self) -> float:
        """Highest rate that replicas must carry over the mean rate."""
        return max(self.filled) * self.burst


def rhythm_of(workload: Workload) -> Rhythm:
    """The rhythm of a workload.

    Without hour weights of its own it is a smooth day with one busy hour. A busy hour above 24
    times the mean is a burst inside an hour: a day's load cannot come in less than one.
    """
    weights, burst = workload.hour_weights, workload.burst_factor
    if weights:
        hours = np.array(weights) / max(weights)
        # An hour of next to nothing is an hour of nothing: no step lies beyond all volumes.
        hours = np.where(hours < LEAST_HOUR, 0.0, hours)
        hours /= hours.mean()
    else:
        busy_hour = workload.busy_hour_to_mean
        in_a_day = min(busy_hour, float(HOURS_PER_DAY))
        hours = daily_profile(in_a_day).relative
        # The profile is found by bisection; the peak is what was asked for.
        hours[np.argmax(hours)] = in_a_day
        burst *= busy_hour / in_a_day
    online = hours * (1 - workload.deferrable_share)
    filled = valleys_filled(hours, workload.deferrable_share)
    less = tuple(
        tuple(valleys_filled(hours, step * WAITING_STEP).tolist())
        for step in range(int(workload.deferrable_share / WAITING_STEP + STEP_GUARD) + 1)
    )
    return Rhythm(
        tuple(hours.tolist()), tuple(online.tolist()), tuple(filled.tolist()), burst, less
    )
