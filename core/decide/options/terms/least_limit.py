"""The lowest rate limit that any provider publishes: above it an unknown one matters."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.catalog.schema import ApiOffer, Catalog, Provider, RateLimit
from core.cost.by_use.rate_ceiling import rate_ceiling
from core.decide.capacity.meets_objective import shown_volume
from core.decide.case import Load
from core.decide.options.terms.rate_limit import SPEND, busiest_day, counted_by, online_hours
from core.decide.result.limit_used import NO_RATE, LimitUsed
from core.decide.result.unknown import About, Unknown
from core.grade import Grade
from core.scenario import Serverless
from core.units import Calendar


def unknown_limit(
    label: str,
    held_to: LimitUsed,
    least_published: Callable[[], float],
    *,
    reached: bool,
) -> tuple[Unknown, ...]:
    """Why a limit that nobody knows matters; none where no load could break it.

    A load that the lowest published limit lets through is taken to pass anywhere: that is the
    strictest that anybody states to a paying account. A cap on a month's bill says nothing of what
    is taken at once. ``least_published``: what that one lets through, tokens/month. ``reached``:
    the limit that is known has a volume, or nothing meets it.
    """
    no_rate = held_to.grade is Grade.UNKNOWN or NO_RATE in held_to.words
    if (reached and not no_rate) or math.isinf(least := least_published()):
        return ()
    lowest = (
        f"the lowest that any provider publishes lets {shown_volume(least)} tokens/month through "
        "at your peak."
    )
    if no_rate:
        sentence = f"The rate limit of {label} is not known, and {lowest}"
        step = "Ask the provider, and type the limit of your account."
    else:
        sentence = (
            f"What the limit of {label} ({held_to.words}) lets through depends on its latency, "
            f"which is not known, and {lowest}"
        )
        step = "Probe it."
    return (Unknown(About.LIMIT, least, sentence, step),)


@dataclass(frozen=True, slots=True)
class PublishedLimits:
    """Every published rate limit before one question's texts and rhythm.

    Of paying accounts: free and trial tiers are left out. Caps on a month's bill are no rates.
    """

    catalog: Catalog
    load: Load
    calls: Serverless
    calendar: Calendar

    def least(self) -> float:
        """The least volume that any lets through, tokens/month; inf where none is published."""
        return min(self._volumes(), default=math.inf)

    def _volumes(self) -> Iterator[float]:
        for provider in self.catalog.providers:
            for offer in provider.api_offers:
                row = _paying(provider, offer)
                volume = None if row is None else self._volume(row, offer)
                if volume is not None:
                    yield volume

    def _volume(self, row: RateLimit, offer: ApiOffer) -> float | None:
        rhythm, tokens = self.load.rhythm, self.load.workload.tokens_per_request
        hours = online_hours(offer, rhythm)
        peak = max(hours) * rhythm.burst
        if peak == 0:
            return None
        texts = self.load.texts(self.catalog.longest_text(offer, offer.model))
        counted = counted_by(offer, texts, self.calls, tokens, None)
        rates = {name: value for name, value in row.online.items() if name != SPEND}
        ceiling = rate_ceiling(rates, counted, peak, self.calendar, busiest_day(hours))
        return None if ceiling is None else ceiling.tokens_per_month


def _paying(provider: Provider, offer: ApiOffer) -> RateLimit | None:
    """The limit of a new paying account with a rate in it; None where none is published."""
    row = provider.limit_of(offer.id)
    tiered = any(limit.entry for limit in provider.rate_limits)
    if row is None or not row.has_a_rate or (tiered and not row.entry):
        return None
    return row
