"""A corpus embedded once: on idle capacity of the fleet (valleys), on rented hours, or by API."""

import math
from dataclasses import dataclass

import numpy as np

from core.cost.curve.checks import not_empty, not_negative, positive
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError
from core.units import MINUTES_PER_DAY, SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Backfill:
    """How a one-off job is done by a deadline."""

    valley_tokens: float
    """Embedded on idle capacity of the fleet (valleys): that costs nothing more."""
    rented_tokens: float
    """What the valleys leave over before the deadline."""
    rented_gpu_hours: float
    usd: float
    """Of the rented hours."""
    valleys_finish_after_hours: float | None
    """When the valleys alone would be through with all of it; None: never."""


def gpu_hours(tokens: float, tokens_per_s: float) -> float:
    """Hours of one GPU at full batches, tokens/(3600 mu)."""
    not_negative("tokens to embed", tokens)
    return tokens / (SECONDS_PER_HOUR * positive("throughput in tokens/s", tokens_per_s))


def valley_tokens(hourly_rates: Floats, capacity: Floats | float, hours: float) -> float:
    """Tokens that fit beside the load in the first hours, 3600 sum max(0, cap - x_h).

    The rates (tokens/s, in order of time) repeat from the start when they are through; of the last
    hour the part counts that is within.
    """
    free = _free_tokens(hourly_rates, capacity)
    periods, rest = divmod(not_negative("hours to the deadline", hours), free.size)
    whole_hours = int(rest)
    inside = free[:whole_hours].sum() + (rest - whole_hours) * free[whole_hours]
    return float(periods * free.sum() + inside)


def valleys_finish_after_hours(
    tokens: float, hourly_rates: Floats, capacity: Floats | float
) -> float | None:
    """Hours from the start until the valleys have taken so many tokens; None where there are none.

    A valley is filled evenly, so the last hour counts in part.
    """
    free = _free_tokens(hourly_rates, capacity)
    a_period = float(free.sum())
    if not_negative("tokens to embed", tokens) == 0:
        return 0.0
    # Valleys of next to nothing take longer than a float can say.
    if a_period == 0 or math.isinf(tokens / a_period):
        return None
    periods = math.floor(tokens / a_period)
    left = tokens - periods * a_period
    if left <= 0:
        # The job ends with the last valley of a period, not with the hours after it.
        periods, left = periods - 1, a_period
    taken = np.cumsum(free)
    last = min(int(np.searchsorted(taken, left)), int(np.flatnonzero(free)[-1]))
    before = float(taken[last] - free[last])
    part = min(1.0, (left - before) / float(free[last]))
    return float(periods * free.size + last + part)


def plan_backfill(
    tokens: float,
    hourly_rates: Floats,
    capacity: Floats | float,
    deadline_hours: float,
    tokens_per_s: float,
    usd_per_gpu_hour: float,
) -> Backfill:
    """Use idle capacity (valleys) up to the deadline and rent the rest.

    ``capacity`` is what the fleet carries in tokens/s, or what it carries in each hour where it
    follows the load; a rented GPU runs at ``tokens_per_s``.
    """
    if not deadline_hours > 0:
        raise ModelInputError(
            f"the deadline must lie ahead, more than 0 hours from the start, not {deadline_hours}"
        )
    not_negative("price of a GPU hour", usd_per_gpu_hour)
    fits = valley_tokens(hourly_rates, capacity, deadline_hours)
    in_valleys = min(tokens, fits)
    rented_hours = gpu_hours(tokens - in_valleys, tokens_per_s)
    return Backfill(
        valley_tokens=in_valleys,
        rented_tokens=tokens - in_valleys,
        rented_gpu_hours=rented_hours,
        usd=rented_hours * usd_per_gpu_hour,
        valleys_finish_after_hours=valleys_finish_after_hours(tokens, hourly_rates, capacity),
    )


def api_backfill_days(
    tokens: float,
    tokens_per_request: float,
    tokens_per_minute: float | None = None,
    requests_per_minute: float | None = None,
    load_share: float = 0.0,
) -> float | None:
    """Days that a rate limit stretches the job to, tokens/(1440 min(TPM, RPM m)).

    ``load_share`` of the limit is used by the daily load. None where no limit is known.
    """
    positive("tokens a request", tokens_per_request)
    limits = []
    if tokens_per_minute is not None:
        limits.append(positive("tokens a minute", tokens_per_minute))
    if requests_per_minute is not None:
        limits.append(positive("requests a minute", requests_per_minute) * tokens_per_request)
    if not limits:
        return None
    if not 0 <= load_share < 1:
        raise ModelInputError(
            f"the share of the rate limit that the load uses must be 0 or more and below 1, "
            f"not {load_share}"
        )
    left_per_minute = min(limits) * (1 - load_share)
    return not_negative("tokens to embed", tokens) / (MINUTES_PER_DAY * left_per_minute)


def _free_tokens(hourly_rates: Floats, capacity: Floats | float) -> Floats:
    """Tokens that fit into each hour beside its load."""
    rates = not_negative("hourly rates", not_empty("hourly rates", hourly_rates))
    carried = not_negative("capacity of the fleet in tokens/s", np.asarray(capacity, np.float64))
    result: Floats = SECONDS_PER_HOUR * np.maximum(0.0, carried - rates)
    return result
