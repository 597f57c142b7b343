"""How long a one-off job takes at a provider's limits: it sends as much as they let through."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.cost.by_use.rate_ceiling import Counted, rate_ceiling
from core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, Calendar

MONTHLY: Final = ("tokens_per_month", "usd_per_month")
"""Caps of a month: they let the job through at once up to the cap, and more in the next month."""


@dataclass(frozen=True, slots=True)
class JobDays:
    """How long it takes, and what makes it so long."""

    days: float | None
    """None: no limit with a rate is known."""
    binding: str
    """Name of the limit, as in the catalogue; "" where none is known."""
    at_least: bool = False
    """Whether no rate is known: a cap of a month alone makes it so long."""


def online_days(
    limits: Mapping[str, float], counted: Counted, tokens: float, usd: float, calendar: Calendar
) -> JobDays:
    """Days at the limits of the interface that answers while one waits, by their names.

    A rate of L a minute takes tokens/(L a day of what is counted). A cap C on a month's bill of U
    or on its tokens is met ceil(U/C) - 1 times, and each time the next month is waited for.
    """
    rates = {name: limit for name, limit in limits.items() if name not in MONTHLY}
    ceiling = rate_ceiling(rates, counted, 1.0, calendar)
    caps = [_months(name, limits[name], counted, tokens, usd) for name in MONTHLY if name in limits]
    waits, capped_by = max(caps, default=(0, ""))
    waited = waits * calendar.days_per_month
    if ceiling is None:
        # Without a rate a cap says how long it takes at the least, and nothing where none is met.
        return JobDays(waited, capped_by, at_least=True) if waits else JobDays(None, "")
    days = tokens / (ceiling.tokens_per_month / calendar.days_per_month)
    return JobDays(waited, capped_by) if waited > days else JobDays(days, ceiling.binding)


def batch_days(
    billed_tokens: float, queue_tokens: float | None, window_hours: float | None
) -> JobDays:
    """Days through a batch interface at most: a full queue is answered within its window.

    max(w, w tokens/queue)/24; days None where queue or window is not known.
    """
    if queue_tokens is None or window_hours is None:
        return JobDays(None, "")
    turns = max(1.0, billed_tokens / queue_tokens)
    return JobDays(turns * window_hours * SECONDS_PER_HOUR / SECONDS_PER_DAY, "batch_queue_tokens")


def _months(name: str, cap: float, counted: Counted, tokens: float, usd: float) -> tuple[int, str]:
    """How often the next month must be waited for."""
    used = usd if name == "usd_per_month" else tokens * counted.tokens / counted.tokens_offered
    return max(0, math.ceil(used / cap * (1 - 1e-12)) - 1), name
