"""When the load comes: weights by the hour of the day or of the week, and bursts inside the hour.

A rate by the hour is lambda(h) = mean rate x w_h / mean(w). The peak that capacity is bought for is
the busy hour's rate times the burst inside it.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cost.curve.checks import at_least, between, not_negative, share, whole
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError

HOURS_PER_DAY: Final = 24
AFTERNOON_HOUR: Final = 14

_PEAK_OF_COSINE: Final = 2.0
"""Busy hour over the mean of (1 + cos)/2 itself, whose mean is a half."""

_LARGEST_EXPONENT: Final = 4096.0
"""Beyond it the hours beside the peak weigh nothing to a float."""


@dataclass(frozen=True, slots=True)
class LoadProfile:
    """A period that repeats itself, one weight an hour: 24 of a day, 168 of a week, or any number.

    Only the ratios of the weights count.
    """

    weights: tuple[float, ...]
    burst_factor: float = 1.0
    """Highest rate inside the busy hour over that hour's mean, >= 1."""

    def __post_init__(self) -> None:
        if not self.weights:
            raise ModelInputError("the load profile must have at least one weight; it is empty")
        not_negative("weights of the load profile", np.array(self.weights))
        if not any(self.weights):
            raise ModelInputError("weights of the load profile must not all be 0")
        at_least(1.0, "burst factor", self.burst_factor)

    @property
    def relative(self) -> Floats:
        """Each hour's load over the mean load: mean 1."""
        # Scaled by the largest first, so that no sum overflows.
        weights = np.array(self.weights) / max(self.weights)
        result: Floats = weights / weights.mean()
        return result

    @property
    def busy_hour_to_mean(self) -> float:
        """Load of the busiest hour over the mean load, max(w)/mean(w)."""
        return float(self.relative.max())

    @property
    def peak_to_mean(self) -> float:
        """Highest rate, bursts included, over the mean rate."""
        return self.busy_hour_to_mean * self.burst_factor


def cosine_power_profile(
    exponent: float, busy_hour: int = AFTERNOON_HOUR, burst_factor: float = 1.0
) -> LoadProfile:
    """A day with one smooth peak, w(h) = ((1 + cos(2 pi (h - busy hour)/24))/2)^exponent."""
    between(0.0, _LARGEST_EXPONENT, "exponent of the daily profile", exponent)
    between(0, HOURS_PER_DAY - 1, "busy hour", whole("busy hour", busy_hour))
    weights = np.roll(_cosine(), busy_hour) ** exponent
    return LoadProfile(tuple(weights.tolist()), burst_factor)


def daily_profile(
    busy_hour_to_mean: float, busy_hour: int = AFTERNOON_HOUR, burst_factor: float = 1.0
) -> LoadProfile:
    """A smooth day whose busy hour is so many times the mean, from 1 (even) to 24 (all of it).

    From 2 up the cosine to a power. A power below 1 would leave one hour a day dead and the others
    nearly even, so below a peak of 2 it is the cosine itself, 1 + (P - 1) cos; at 2 the two agree.
    """
    if busy_hour_to_mean >= _PEAK_OF_COSINE:
        return cosine_power_profile(cosine_exponent(busy_hour_to_mean), busy_hour, burst_factor)
    between(0, HOURS_PER_DAY - 1, "busy hour", whole("busy hour", busy_hour))
    swing = at_least(1.0, "busy hour over the mean", busy_hour_to_mean) - 1
    weights = 1 + swing * (2 * np.roll(_cosine(), busy_hour) - 1)
    return LoadProfile(tuple(weights.tolist()), burst_factor)


def cosine_exponent(busy_hour_to_mean: float) -> float:
    """Exponent at which the daily cosine profile has a given peak of 2 to 24, by bisection."""
    if not _PEAK_OF_COSINE <= busy_hour_to_mean <= HOURS_PER_DAY:
        raise ModelInputError(
            f"busy hour over the mean must lie from {_PEAK_OF_COSINE:g} to {HOURS_PER_DAY}, not "
            f"{busy_hour_to_mean}: a day's load cannot come in less than one of its hours"
        )
    low, high, cosine = 1.0, _LARGEST_EXPONENT, _cosine()
    while low < (middle := (low + high) / 2) < high:
        if 1 / np.mean(cosine**middle) < busy_hour_to_mean:
            low = middle
        else:
            high = middle
    return high


def valleys_filled(relative_load: Floats, deferrable_share: float) -> Floats:
    """Valley filling: load of the hours over the mean, what can wait put into the lowest hours.

    What cannot wait comes as it does; the rest fills the low hours up to one level L
    (water-filling), with mean(max(w_h (1 - q), L)) = mean(w): the least peak that carries it all.
    Same shape.
    """
    online = relative_load * (1 - share("share that can wait", deferrable_share))
    total = float(relative_load.sum())
    rising = np.sort(online)
    # With the k lowest hours under water the level is what is left of the total, over k.
    above = total - (rising.sum() - np.cumsum(rising))
    levels = above / np.arange(1, rising.size + 1)
    # The first k whose level does not reach the next hour.
    next_hour = np.append(rising[1:], math.inf)
    level = float(levels[np.argmax(levels <= next_hour)])
    result: Floats = np.maximum(online, level) if deferrable_share > 0 else relative_load
    return result


def _cosine() -> Floats:
    """(1 + cos(2 pi h/24))/2 of the 24 hours: 1 in the first, exactly 0 twelve hours later."""
    angle = 2 * math.pi * np.arange(HOURS_PER_DAY) / HOURS_PER_DAY
    result: Floats = (1 + np.cos(angle)) / 2
    return result
