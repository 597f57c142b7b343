"""A corpus embedded once: in valleys of the fleet, on replicas beside it, or by API.

Every function takes one job, or many: the last axis of ``hourly_rates`` is the hours, all before it
are jobs, and the other arguments have the shape of these.
"""

import math
from dataclasses import dataclass

import numpy as np

from core.cost.curve.checks import not_negative, positive
from core.cost.curve.piecewise import STEP_GUARD, Floats
from core.errors import ModelInputError
from core.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Backfill:
    """How one-off jobs are done by a deadline, by job."""

    valley_tokens: Floats
    """Embedded by the fleet in its valleys: the replicas are paid for anyway."""
    extra_replicas: Floats
    """Whole replicas beside the fleet."""
    extra_hours: Floats
    """What those work together, hours of one replica in full batches."""
    hours: Floats
    """From the start to the end: the deadline where replicas stand beside; inf: it never ends."""


def gpu_hours(tokens: Floats | float, tokens_per_s: float) -> Floats:
    """Hours of one GPU at full batches, tokens/(3600 mu)."""
    embedded = not_negative("tokens to embed", np.asarray(tokens, np.float64))
    rate = SECONDS_PER_HOUR * positive("throughput in tokens/s", tokens_per_s)
    result: Floats = embedded / rate
    return result


def valley_tokens(hourly_rates: Floats, capacity: Floats | float, hours: float) -> Floats:
    """Tokens that fit beside the load in the first hours, 3600 sum max(0, cap - x_h).

    The rates (tokens/s, in order of time) repeat from the start when they are through; of the last
    hour the part counts that is within.
    """
    free = _free_tokens(hourly_rates, capacity)
    periods, rest = divmod(not_negative("hours to the deadline", hours), free.shape[-1])
    whole_hours = int(rest)
    inside = free[..., :whole_hours].sum(axis=-1) + (rest - whole_hours) * free[..., whole_hours]
    result: Floats = periods * free.sum(axis=-1) + inside
    return result


def valleys_finish_after_hours(
    tokens: Floats | float, hourly_rates: Floats, capacity: Floats | float
) -> Floats:
    """Hours from the start until the valleys have taken so many tokens; inf where there are none.

    A valley is filled evenly, so the last hour counts in part.
    """
    free = _free_tokens(hourly_rates, capacity)
    wanted = not_negative("tokens to embed", np.asarray(tokens, np.float64))
    period = free.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        turns = wanted / period
    # Valleys of next to nothing take longer than a float can say.
    never = ~np.isfinite(turns)
    periods = np.floor(np.where(never, 0.0, turns))
    left = np.where(never, 0.0, wanted) - periods * period
    # The job ends with the last valley of a period, not with the hours after it.
    full = left <= 0
    periods, left = periods - full, np.where(full, period, left)
    taken = np.cumsum(free, axis=-1)
    last_valley = free.shape[-1] - 1 - np.argmax(free[..., ::-1] > 0, axis=-1)
    last = np.minimum((taken < left[..., np.newaxis]).sum(axis=-1), last_valley)
    there = last[..., np.newaxis]
    size = np.take_along_axis(free, there, axis=-1)[..., 0]
    before = np.take_along_axis(taken, there, axis=-1)[..., 0] - size
    part = np.minimum(1.0, (left - before) / np.where(size > 0, size, 1.0))
    hours = periods * free.shape[-1] + last + part
    result: Floats = np.where(wanted == 0, 0.0, np.where(never, math.inf, hours))
    return result


def plan_backfill(
    tokens: Floats | float,
    hourly_rates: Floats,
    capacity: Floats | float,
    deadline_hours: float,
    tokens_per_s: float,
    most_extra: Floats | float = math.inf,
) -> Backfill:
    """Fill the valleys up to the deadline; whole replicas beside the fleet take the rest.

    ``capacity`` is what the fleet carries in tokens/s, or what it carries in each hour where it
    follows the load; a replica beside it runs at ``tokens_per_s``. There are ``most_extra`` of
    those at most: where the deadline asks for more, the job ends later.
    """
    if not deadline_hours > 0:
        raise ModelInputError(
            f"the deadline must lie ahead, more than 0 hours from the start, not {deadline_hours}"
        )
    wanted = not_negative("tokens to embed", np.asarray(tokens, np.float64))
    in_valleys = np.minimum(wanted, valley_tokens(hourly_rates, capacity, deadline_hours))
    extra_hours = gpu_hours(wanted - in_valleys, tokens_per_s)
    needed = np.ceil(extra_hours / deadline_hours * (1 - STEP_GUARD))
    extra = np.asarray(np.minimum(needed, most_extra))
    beside = np.asarray(capacity, np.float64) + extra[..., np.newaxis] * tokens_per_s
    late = needed > extra
    spread = (extra > 0) & ~late
    ends = valleys_finish_after_hours(wanted, hourly_rates, beside)
    rate = tokens_per_s * SECONDS_PER_HOUR
    in_the_end = extra * np.where(np.isfinite(ends), ends, 0.0)
    worked = np.where(late, np.minimum(in_the_end, gpu_hours(wanted, tokens_per_s)), extra_hours)
    return Backfill(
        valley_tokens=np.where(late, wanted - worked * rate, in_valleys),
        extra_replicas=extra,
        extra_hours=worked,
        hours=np.where(spread, deadline_hours, ends),
    )


def api_backfill_days(
    tokens: Floats | float,
    tokens_per_request: float,
    tokens_per_minute: float | None = None,
    requests_per_minute: float | None = None,
    load_share: Floats | float = 0.0,
) -> Floats | None:
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
    if not np.all((np.asarray(load_share) >= 0) & (np.asarray(load_share) < 1)):
        raise ModelInputError(
            f"the share of the rate limit that the load uses must be 0 or more and below 1, "
            f"not {load_share}"
        )
    left_per_minute = min(limits) * (1 - np.asarray(load_share, np.float64))
    embedded = not_negative("tokens to embed", np.asarray(tokens, np.float64))
    result: Floats = embedded / (MINUTES_PER_DAY * left_per_minute)
    return result


def api_batch_days(
    tokens: Floats | float,
    queue_tokens: float | None,
    window_hours: float | None,
    load_share: Floats | float = 0.0,
) -> Floats | None:
    """Days that a batch interface takes at most: a full queue is answered within its window.

    tokens/(queue/window), whatever is done sooner; ``load_share`` of the queue is used by the daily
    load. None where queue or window are not known.
    """
    if queue_tokens is None or window_hours is None:
        return None
    minute = positive("tokens in the queue", queue_tokens) / (
        positive("window of a batch in hours", window_hours) * MINUTES_PER_HOUR
    )
    return api_backfill_days(tokens, 1.0, minute, load_share=load_share)


def _free_tokens(hourly_rates: Floats, capacity: Floats | float) -> Floats:
    """Tokens that fit into each hour beside its load."""
    rates = not_negative("hourly rates", np.asarray(hourly_rates, np.float64))
    if rates.ndim == 0 or rates.size == 0:
        raise ModelInputError("hourly rates must be a row of at least one value")
    carried = not_negative("capacity of the fleet in tokens/s", np.asarray(capacity, np.float64))
    result: Floats = SECONDS_PER_HOUR * np.maximum(0.0, carried - rates)
    return result
