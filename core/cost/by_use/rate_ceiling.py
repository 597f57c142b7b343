"""The volume that a provider's rate limits let through, whatever it counts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.cost.curve.piecewise import Piecewise
from core.units import MINUTES_PER_DAY, SECONDS_PER_DAY, Calendar

PER_DAY: Final = {
    "requests_per_minute": MINUTES_PER_DAY,
    "texts_per_minute": MINUTES_PER_DAY,
    "tokens_per_minute": MINUTES_PER_DAY,
    "requests_per_day": 1.0,
}
"""How many of its periods a day has, by limit."""

COUNTS: Final = {
    "requests_per_minute": "requests",
    "texts_per_minute": "texts",
    "tokens_per_minute": "tokens",
    "requests_per_day": "requests",
}
"""What of a text is counted, by limit."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a provider counts of one text that is offered: every attempt, every chunk."""

    tokens_offered: float
    """Mean length of a text as it is offered."""
    requests: float
    """Calls; below 1 where texts share a call."""
    texts: float
    """Texts after they were split, by attempts."""
    tokens: float
    """Billed tokens, by attempts."""
    seconds_per_call: float | None = None
    """Time that a call takes; None where nobody knows it."""


@dataclass(frozen=True, slots=True)
class RateCeiling:
    """The volume at which a rate limit binds in the busy hour."""

    tokens_per_month: float
    binding: str
    """Name of the limit, as in the catalogue: "requests_per_minute"."""


def rate_ceiling(
    limits: Mapping[str, float],
    counted: Counted,
    peak_to_mean: float,
    calendar: Calendar,
    busiest_day: float = 1.0,
) -> RateCeiling | None:
    """Volume that limits let through: the least of all, each met in its own busiest period.

    A limit of L a minute lets D L / (c P) texts through on an average day: D minutes a day, c
    counted of a text, P the peak over the mean. One a day is met on the busiest day, one a month by
    the month's total, calls in flight by their mean time (Little: in flight = rate x time).
    ``limits`` by their names in the catalogue; None where none of them has a volume.
    """
    volumes = {
        name: volume
        for name, limit in limits.items()
        if (volume := _volume(name, limit, counted, peak_to_mean, calendar, busiest_day))
        is not None
    }
    if not volumes:
        return None
    binding = min(volumes, key=volumes.__getitem__)
    return RateCeiling(volumes[binding], binding)


def _volume(
    name: str,
    limit: float,
    counted: Counted,
    peak: float,
    calendar: Calendar,
    busiest_day: float,
) -> float | None:
    """Tokens a month under one limit; None where its time is not known, or it is no such limit."""
    if name == "tokens_per_month":
        return limit * counted.tokens_offered / counted.tokens
    if name == "requests_in_flight":
        seconds = counted.seconds_per_call
        if seconds is None:
            return None
        a_day, count = limit / seconds * SECONDS_PER_DAY if seconds > 0 else math.inf, "requests"
    elif name in PER_DAY:
        a_day, count = limit * PER_DAY[name], COUNTS[name]
        peak = busiest_day if name == "requests_per_day" else peak
    else:
        return None
    texts = a_day / (float(getattr(counted, count)) * peak)
    return texts * counted.tokens_offered * calendar.days_per_month


def spend_ceiling(curve: Piecewise, usd_per_month: float) -> float:
    """Volume up to which a bill without steps stays within a spend cap, tokens a month; inf: all.

    ``curve`` is what the provider bills, USD a month over tokens a month.
    """
    low = 0.0
    pieces = zip(curve.upper_tokens, curve.usd_fixed, curve.usd_per_token, strict=True)
    for upper, usd_fixed, usd_per_token in pieces:
        if usd_fixed + usd_per_token * low > usd_per_month:
            return low
        if usd_per_token > 0 and (volume := (usd_per_month - usd_fixed) / usd_per_token) < upper:
            return float(volume)
        low = float(upper)
    return math.inf
