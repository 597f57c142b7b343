"""Loads of known shape, and what of them a capacity carries."""

from collections.abc import Sequence
from typing import Final

from core.cost.curve.checks import not_negative, positive
from core.cost.curve.piecewise import Floats
from core.cost.load.hourly_load import HOURS_PER_DAY, LoadProfile
from core.errors import ModelInputError
from core.units import SECONDS_PER_DAY

DAYS_PER_WEEK: Final = 7


def mean_rate_per_s(volume_per_day: float) -> float:
    """Mean rate of a day's volume, lambda = V/86400 a second."""
    return not_negative("volume a day", volume_per_day) / SECONDS_PER_DAY


def flat_profile(burst_factor: float = 1.0) -> LoadProfile:
    """The same load in every hour."""
    return LoadProfile((1.0,) * HOURS_PER_DAY, burst_factor)


def weekly_profile(
    hour_weights: Sequence[float], day_weights: Sequence[float], burst_factor: float = 1.0
) -> LoadProfile:
    """168 weights of a week, w_hour x w_day, from the first hour of its first day."""
    if len(hour_weights) != HOURS_PER_DAY or len(day_weights) != DAYS_PER_WEEK:
        raise ModelInputError(
            f"a week needs {HOURS_PER_DAY} hour weights and {DAYS_PER_WEEK} day weights, "
            f"not {len(hour_weights)} and {len(day_weights)}"
        )
    weights = tuple(day * hour for day in day_weights for hour in hour_weights)
    return LoadProfile(weights, burst_factor)


def peak_rate(profile: LoadProfile, mean_rate: float) -> float:
    """Highest rate, bursts included, in the unit of the mean rate."""
    return not_negative("mean rate", mean_rate) * profile.peak_to_mean


def mean_rate_carried(profile: LoadProfile, capacity: float) -> float:
    """Mean rate at which the peak just meets a capacity, in its unit."""
    return positive("capacity", capacity) / profile.peak_to_mean


def hourly_rates(profile: LoadProfile, mean_rate: float) -> Floats:
    """Rate in each hour of the period, in the unit of the mean rate and in order of time."""
    result: Floats = not_negative("mean rate", mean_rate) * profile.relative
    return result
