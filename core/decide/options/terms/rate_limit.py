"""The rate limit that an API is held to: the chosen tier's, else a new paying account's."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from core.catalog.schema import NO_LIMIT, ApiOffer, Provider, PublishedLatency, RateLimit
from core.cost.by_use.rate_ceiling import Counted, RateCeiling, rate_ceiling, spend_ceiling
from core.cost.by_use.retries import expected_attempts
from core.cost.curve.piecewise import Piecewise
from core.decide.load.rhythm import Rhythm
from core.decide.load.text_load import TextLoad
from core.decide.options.terms.usage import texts_per_call
from core.decide.result.limit_used import NO_RATE, LimitUsed
from core.grade import Grade
from core.measurement.measured import Measurement
from core.scenario import Serverless
from core.units import Calendar

SPEND: Final = "usd_per_month"


def account_limit(
    provider: Provider,
    offer_id: str,
    tiers: Mapping[str, str],
    own_limits: Mapping[str, Mapping[str, float]],
) -> RateLimit | None:
    """The rate limit of an offer: the user's own, else that of the account's tier; both by id."""
    own = own_limits.get(provider.id, NO_LIMIT)
    return provider.limit_of(offer_id, tiers.get(provider.id), own)


def limit_remark(used: LimitUsed, ceiling: RateCeiling | None) -> str:
    """What an unknown limit leaves open; "" where a volume comes of it."""
    if used.grade is Grade.UNKNOWN:
        return "its rate limit is not known"
    if NO_RATE in used.words:
        return f"of its rate limit only a cap is known: {used.words}"
    if ceiling is None:
        return f"what its limit of {used.words} lets through depends on its latency: measure it"
    return ""


def online_hours(offer: ApiOffer, rhythm: Rhythm) -> tuple[float, ...]:
    """Load of each hour that meets the limit: of what cannot wait, where the rest can."""
    return rhythm.online if offer.price.batch_usd is not None else rhythm.filled


def ceiling_of(
    limit: RateLimit | None,
    counted: Counted,
    calendar: Calendar,
    hours: Sequence[float],
    burst: float,
    billed: Piecewise | None,
) -> RateCeiling | None:
    """The month's volume whose busy hour meets a limit.

    ``hours`` is the load of each hour over the mean, ``burst`` the highest rate inside an hour over
    the hour's mean, ``billed`` what the provider bills over the volume. None where no limit with a
    volume is known, or nothing comes.
    """
    peak = max(hours) * burst
    if limit is None or peak == 0:
        return None
    known = limit.online
    ceiling = rate_ceiling(known, counted, peak, calendar, busiest_day(hours))
    if SPEND not in known or billed is None:
        return ceiling
    capped = RateCeiling(spend_ceiling(billed, known[SPEND]), SPEND)
    if math.isinf(capped.tokens_per_month):
        return ceiling
    both = [capped] if ceiling is None else [ceiling, capped]
    return min(both, key=lambda one: one.tokens_per_month)


def counted_by(
    offer: ApiOffer,
    texts: TextLoad,
    asked: Serverless,
    tokens_per_request: float,
    seconds_per_call: float | None,
) -> Counted:
    """What the provider counts of a text: every attempt, every chunk.

    A call carries as many texts as the scenario says, and no more than the provider takes.
    """
    attempts = float(expected_attempts(asked.failure_rate, asked.max_attempts))
    sent = attempts * texts.texts
    return Counted(
        tokens_offered=tokens_per_request,
        requests=sent / texts_per_call(offer, asked, texts.tokens),
        texts=sent,
        tokens=attempts * texts.billed_share * tokens_per_request,
        seconds_per_call=seconds_per_call,
    )


def seconds_per_call(
    measured: Measurement | None, published: PublishedLatency | None
) -> float | None:
    """Time that a call takes: measured, else as published; None where neither is known."""
    if measured is not None and measured.summary.service_p50.value_s is not None:
        return measured.summary.service_p50.value_s
    return (published.p50_high_s or published.p50_low_s) if published else None


def busiest_day(hours: Sequence[float]) -> float:
    """Load of the busiest day over the mean day of all load."""
    days = [sum(hours[first : first + 24]) for first in range(0, len(hours), 24)]
    return max(days) / min(24, len(hours))
