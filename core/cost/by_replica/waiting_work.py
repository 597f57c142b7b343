"""What a GPU by the second costs where some of the work can wait: it rides along, or is gathered.

Work that can wait is done while the GPU is up for work that cannot: it needs no start and no idle
time-out of its own. Of an hour with rate lambda of what cannot wait and a share b of the time at
work, all work counted, the share 1 - (1 - b) / (e^(lambda T) + lambda t_c) is billed. Where
requests that cannot wait come less often than once in its deadline, the work is gathered into one
run in that time, with one start and one time-out. More runs would cost more starts, so that one is
the cheapest.

In full batches it takes less time than alone. An hour whose load needs several replicas has room
beside it; what does not fit there runs on further ones for as long as it takes. So more work that
can wait never costs more.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cost.by_replica.billed_knots import smooth_knots
from core.cost.by_replica.scale_to_zero import ScaleToZero
from core.cost.curve.checks import positive, share
from core.cost.curve.piecewise import Floats, Piecewise, whole_steps
from core.units import SECONDS_PER_DAY

LEAST_SHARE: Final = 0.01
"""Less work that can wait than that is treated as work that cannot."""

_INSIDE: Final = 1e-6
"""Of a stretch: so near its ends the share is read."""


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """The part of the work that can wait."""

    share: float
    """Of the tokens."""
    full_tokens_per_month: float
    """What one replica works through in a month of full batches."""
    peak_load: float
    """Load of the busiest hour over the mean where it lies in the valleys."""
    runs_per_day: float = 1.0
    """As few as the deadline allows: 24 h over it."""

    def __post_init__(self) -> None:
        share("share that can wait", self.share)
        positive("tokens in a month of full batches", self.full_tokens_per_month)
        positive("runs a day", self.runs_per_day)


def runs_per_day(requests_per_day: float, waiting: WaitingWork) -> float:
    """Runs of its own that work that can wait gets a day; 0: it rides along with the rest."""
    online = requests_per_day * (1 - waiting.share)
    return 0.0 if online >= waiting.runs_per_day else min(waiting.runs_per_day, requests_per_day)


def said_of_runs(runs: float) -> str:
    """How often a day work that can wait is run, in words."""
    if runs == 0:
        return "what can wait rides along"
    return f"what can wait: {runs:.3g} {'run' if runs == 1 else 'runs'} a day"


@dataclass(frozen=True, slots=True)
class RidingAlong:
    """The replicas that are up, hour by hour of a day that repeats itself."""

    server: ScaleToZero
    relative_load: Floats
    """Of each hour over the mean, all work as it comes."""
    capacity_tokens: float
    """What one replica carries of what cannot wait, in a month at an even load."""
    tokens_per_request: float
    seconds_per_month: float
    waiting: WaitingWork

    def billed(self) -> Piecewise:
        """Replicas billed on average over the month by volume, in the place of USD."""
        knots = self._knots()
        starts = np.concatenate(([0.0], knots))
        spans = np.diff(np.append(starts, 2 * starts[-1] + 1))
        low, high = starts + spans * _INSIDE, starts + spans * (1 - _INSIDE)
        at_low, at_high = self.up(low).mean(axis=0), self.up(high).mean(axis=0)
        slope = (at_high - at_low) / (high - low)
        return Piecewise(np.append(knots, math.inf), at_low - slope * low, slope)

    def up(self, tokens_per_month: Floats) -> Floats:
        """Replicas billed in each hour: shape (hours, volumes)."""
        online = self._online(tokens_per_month)
        need = online / self.capacity_tokens
        alone = self._rates(online) * self.server.service_mean_s
        works = self._works(tokens_per_month)
        single = need <= 1
        rates = self.occasions(tokens_per_month)
        asleep = self.server.asleep_share(rates, np.minimum(1.0, alone + works))
        result: Floats = np.maximum(
            np.where(single, 1 - asleep, whole_steps(need)),
            np.where(single, np.minimum(alone, need), need) + works,
        )
        return result

    def at_work(self, tokens_per_month: float) -> float:
        """Replicas' worth of work, on average over the month."""
        volume = np.array([tokens_per_month])
        online = self._online(volume)
        need, alone = online / self.capacity_tokens, self._rates(online)
        busy = np.where(need <= 1, np.minimum(alone * self.server.service_mean_s, need), need)
        return float((busy + self._works(volume)).mean())

    def occasions(self, tokens_per_month: Floats) -> Floats:
        """Requests a second that cannot wait, or runs, in each hour: shape (hours, volumes)."""
        rates = self._rates(np.outer(self.relative_load, tokens_per_month))
        a_run = self.waiting.runs_per_day / SECONDS_PER_DAY
        result: Floats = np.maximum(rates * (1 - self.waiting.share), np.minimum(rates, a_run))
        return result

    def _online(self, tokens_per_month: Floats) -> Floats:
        result: Floats = np.outer(self.relative_load * (1 - self.waiting.share), tokens_per_month)
        return result

    def _works(self, tokens_per_month: Floats) -> Floats:
        """Replicas' worth of full batches in each hour."""
        load = self.relative_load * (self.waiting.share / self.waiting.full_tokens_per_month)
        result: Floats = np.outer(load, tokens_per_month)
        return result

    def _rates(self, tokens_per_month: Floats) -> Floats:
        result: Floats = tokens_per_month / (self.seconds_per_month * self.tokens_per_request)
        return result

    def _knots(self) -> Floats:
        """Volumes between which the replicas billed are nearly straight."""
        share, full = self.waiting.share, self.waiting.full_tokens_per_month
        loads = np.unique(self.relative_load[self.relative_load > 0])
        per_request = self.tokens_per_request * self.seconds_per_month
        a_run = self.waiting.runs_per_day / SECONDS_PER_DAY * per_request / loads
        # From here on the work that can wait fills what whole replicas leave over.
        filled = full / (share * loads)
        # And from here on it never sleeps: one replica is at work all the time.
        alone = min(self.server.service_mean_s / per_request, 1 / self.capacity_tokens)
        awake = 1 / (((1 - share) * alone + share / full) * loads)
        steps = [filled, awake, a_run]
        carried = self.capacity_tokens / (1 - share) if share < 1 else math.inf
        if math.isfinite(carried):
            steps.append(a_run / (1 - share))
            counts = np.arange(1.0, math.floor(full / share / carried) + 2)
            steps.append(np.outer(counts, carried / loads).ravel())
            whole = 1 / (1 / carried + share / full)
            steps.append(np.outer(np.append(counts, counts[-1] + 1), whole / loads).ravel())
        jumps = np.concatenate(steps)
        last = max(float(jumps.max()), self.capacity_tokens / float(loads.min()))
        smooth = smooth_knots(self.server, per_request, float(loads.max()), last)
        result: Floats = np.unique(np.concatenate((smooth, jumps)))
        return result
