"""The load-duration curve: for how many hours a rate is exceeded, and how much lies above it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from core.cost.curve.checks import not_empty, not_negative, positive, share
from core.cost.curve.piecewise import Floats
from core.cost.load.hourly_load import LoadProfile
from core.cost.load.normal import normal_cdf, normal_pdf
from core.units import SECONDS_PER_HOUR, Calendar
from tests.oracles.profiles import hourly_rates

_CERTAIN_Z: Final = 40.0
"""Standard deviations beyond which a normal loss is 0 to a float."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadDurationCurve:
    """Hourly mean rates in falling order, each held for the same time of a month.

    Rates are per second (tokens/s or requests/s), what lies under the curve is in tokens or
    requests a month.
    """

    rates: Floats
    """In falling order."""
    hours_each: float
    """Hours of the month that each rate stands for."""
    amounts: Floats
    """What the 0, 1, 2, ... highest rates bring in all, one more than there are rates."""

    @property
    def hours(self) -> float:
        """Length of the month, h."""
        return self.hours_each * self.rates.size

    @property
    def peak_rate(self) -> float:
        """Rate of the busiest hour."""
        return float(self.rates[0])

    @property
    def total(self) -> float:
        """All that comes in a month."""
        return float(self.amounts[-1])

    def hours_above(self, rate: ArrayLike) -> Floats:
        """L(x): hours of the month with a rate above x (any shape)."""
        result: Floats = np.multiply(self.hours_each, self._count_above(rate), dtype=np.float64)
        return result

    def above(self, capacity: ArrayLike) -> Floats:
        """What exceeds a capacity, 3600 sum_h (x_h - K)+: the integral of L from K up (any shape).

        Zero or more; in hours that just meet the capacity it is exactly 0.
        """
        level = np.asarray(capacity, dtype=np.float64)
        count = self._count_above(level)
        seconds = self.hours_each * SECONDS_PER_HOUR
        result: Floats = np.maximum(0.0, self.amounts[count] - level * (count * seconds))
        return result

    def below(self, capacity: ArrayLike) -> Floats:
        """What a capacity carries, 3600 sum_h min(x_h, K): the integral of L from 0 up to K."""
        result: Floats = self.total - self.above(capacity)
        return result

    def rate_exceeded_for(self, share_of_time: float) -> float:
        """Lowest rate that is exceeded for at most this share of the hours, P(X > x) <= share."""
        # The rounding of share x hours must not pass a whole number of hours.
        count = int(share("share of the time", share_of_time) * self.rates.size * (1 + 1e-12))
        return 0.0 if count >= self.rates.size else float(self.rates[count])

    def _count_above(self, rate: ArrayLike) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        ascending = self.rates[::-1]
        return self.rates.size - np.asarray(np.searchsorted(ascending, rate, side="right"))


def load_duration(hourly_rates: Floats, hours: float) -> LoadDurationCurve:
    """Sort the rates of the hours of a period that fills a month of so many hours."""
    rates = not_negative("hourly rates", not_empty("hourly rates", hourly_rates))
    falling = np.sort(rates)[::-1]
    hours_each = positive("hours a month", hours) / rates.size
    amounts = np.concatenate(([0.0], np.cumsum(falling))) * hours_each * SECONDS_PER_HOUR
    return LoadDurationCurve(falling, hours_each, amounts)


def monthly_load_duration(
    profile: LoadProfile, volume_per_month: float, calendar: Calendar
) -> LoadDurationCurve:
    """The curve of a month's volume (tokens or requests) that comes in a profile's rhythm."""
    mean_rate = not_negative("volume a month", volume_per_month) / calendar.seconds_per_month
    return load_duration(hourly_rates(profile, mean_rate), calendar.hours_per_month)


def burst_spill(hourly_rates: Floats, capacity: ArrayLike, cv: float) -> Floats:
    """Mean rate that exceeds a capacity where the rate inside the hour is normal.

    E[(X - K)+] = sd (phi(z) - z (1 - Phi(z))), z = (K - x)/sd, sd = cv x. Never below (x - K)+, to
    which it falls at cv = 0, nor above x: a normal rate may be negative, a load may not. Shapes are
    broadcast.
    """
    not_negative("variation inside the hour", cv)
    mean = np.asarray(hourly_rates, dtype=np.float64)
    level = np.asarray(capacity, dtype=np.float64)
    certain = np.maximum(0.0, mean - level)
    sd = cv * mean
    with np.errstate(over="ignore"):  # a capacity out of all proportion: clipped just below
        z = np.clip((level - mean) / np.where(sd > 0, sd, 1.0), -_CERTAIN_Z, _CERTAIN_Z)
    spilled = np.where(sd > 0, sd * normal_loss(z), certain)
    result: Floats = np.minimum(mean, np.maximum(certain, spilled))
    return result


def normal_loss(z: ArrayLike) -> Floats:
    """E[(Z - z)+] = phi(z) - z (1 - Phi(z)) of a standard normal Z."""
    x = np.asarray(z, dtype=np.float64)
    # Far up both terms cancel; what is left is below the smallest difference they can show.
    result: Floats = np.maximum(0.0, normal_pdf(x) - x * normal_cdf(-x))
    return result
