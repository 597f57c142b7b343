"""The law of a response time as far as it is known: a few quantiles and the mean."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from core.errors import ModelInputError

LEVELS: Final = (0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""The quantiles that a queue is solved for and that the shipped table holds."""

BISECTIONS: Final = 200


class Exceedance(Protocol):
    """Anything that knows how many responses take longer than a time."""

    def share_above(self, t_s: float) -> float:
        """Share of the requests whose response takes longer than ``t_s`` seconds."""
        ...


@dataclass(frozen=True, slots=True)
class ResponseLaw:
    """Response time (wait and service) in seconds, by its quantiles at :data:`LEVELS`."""

    fastest_s: float
    """No response is quicker: the service of a request that finds the server idle."""
    quantiles_s: tuple[float, ...]
    """At LEVELS, never falling."""
    mean_s: float

    @property
    def p50_s(self) -> float:
        """Median."""
        return self.quantiles_s[LEVELS.index(0.5)]

    @property
    def p95_s(self) -> float:
        """95th percentile."""
        return self.quantiles_s[LEVELS.index(0.95)]

    @property
    def p99_s(self) -> float:
        """99th percentile."""
        return self.quantiles_s[LEVELS.index(0.99)]

    def later(self, by_s: float) -> "ResponseLaw":
        """The same responses, each so many seconds later: a way there and back of one length."""
        if by_s == 0:
            return self
        quantiles = tuple(quantile + by_s for quantile in self.quantiles_s)
        return ResponseLaw(self.fastest_s + by_s, quantiles, self.mean_s + by_s)

    def percentile(self, level: float) -> float:
        """Quantile at a level in [0, 0.999], seconds.

        Between two known levels the logarithm of the share above falls linearly with the time:
        right for an exponential tail, an interpolation elsewhere. Raises ModelInputError above
        0.999: nothing is known of the tail beyond.
        """
        if not 0 <= level <= LEVELS[-1]:
            raise ModelInputError(f"a level lies between 0 and {LEVELS[-1]}, not {level}")
        depths = [0.0, *(-math.log1p(-known) for known in LEVELS)]
        return float(np.interp(-math.log1p(-level), depths, [self.fastest_s, *self.quantiles_s]))

    def share_above(self, t_s: float) -> float:
        """Share of the requests that take longer than ``t_s``; beyond p99.9 its tail goes on."""
        if t_s < self.fastest_s:
            return 1.0
        times = np.array([self.fastest_s, *self.quantiles_s])
        depths = np.array([0.0, *(-math.log1p(-known) for known in LEVELS)])
        after = int(np.searchsorted(times, t_s, side="right"))
        if after == len(times):
            after -= 1
        if times[after] <= times[after - 1]:  # the tail beyond has no width
            return 0.0
        slope = (depths[after] - depths[after - 1]) / (times[after] - times[after - 1])
        return math.exp(-(depths[after - 1] + slope * (t_s - times[after - 1])))


def smallest_time(share_above: Callable[[float], float], level: float, guess_s: float) -> float:
    """Quantile by bisection: the smallest time that at most ``1 - level`` of the requests exceed.

    ``share_above`` must never rise; ``guess_s`` is any positive time of the right order. Raises
    ModelInputError unless 0 <= level < 1 and the guess is positive.
    """
    if not (0 <= level < 1 and guess_s > 0):
        raise ModelInputError(f"a level lies in [0, 1) and a guess above 0, not {level}, {guess_s}")
    allowed = 1 - level
    low, high = 0.0, guess_s
    while share_above(high) > allowed:
        low, high = high, 2 * high
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if share_above(middle) > allowed else (low, middle)
    return high
