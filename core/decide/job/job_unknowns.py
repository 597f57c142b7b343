"""Limits that nobody states, and what a job must ask of them before they matter.

A rate that the lowest published limit lets through is taken to pass anywhere, as for a month's
load; of batch interfaces likewise, by the slowest that anybody publishes.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from core.catalog.schema import YOURS, Catalog, RateLimit
from core.decide.capacity.meets_objective import shown_volume
from core.decide.job.job_way import JobAsk
from core.decide.result.limit_used import NO_RATE, NOT_KNOWN, LimitUsed
from core.decide.result.unknown import About, Unknown
from core.grade import Grade
from core.units import MINUTES_PER_DAY, SECONDS_PER_DAY, SECONDS_PER_HOUR

ASK = "Ask the provider, and type the limit of your account."


def unknown_rate(
    label: str,
    held: LimitUsed,
    ask: JobAsk,
    least_per_month: float,
    asked_per_month: float,
) -> tuple[Unknown, ...]:
    """Why a rate limit that nobody knows matters; none where the lowest published one suffices.

    The job asks ``asked_per_month`` tokens of an even month; the lowest limit that any provider
    publishes lets ``least_per_month`` through.
    """
    if asked_per_month <= least_per_month:
        return ()
    lowest = shown_volume(least_per_month / asked_per_month * ask.tokens_per_minute)
    needs = (
        f"The job needs {shown_volume(ask.tokens_per_minute)} tokens a minute; the lowest limit "
        f"that any provider publishes lets {lowest} through."
    )
    if held.grade is Grade.UNKNOWN or NO_RATE in held.words:
        sentence = f"The rate limit of {label} is not known. {needs}"
        return (Unknown(About.LIMIT, 0.0, sentence, ASK),)
    sentence = (
        f"What the limit of {label} ({held.words}) lets through depends on its latency, which is "
        f"not known. {needs}"
    )
    return (Unknown(About.LIMIT, 0.0, sentence, "Probe it."),)


@dataclass(frozen=True, eq=False)
class BatchRates:
    """What batch interfaces are published to take."""

    catalog: Catalog

    @cached_property
    def slowest(self) -> tuple[float, float]:
        """Tokens a day of the slowest, and the longest window in days; 0 and inf: none is."""
        rates, windows = (
            zip(*self._published(), strict=True) if any(self._published()) else ((), ())
        )
        return min(rates, default=0.0), max(windows, default=math.inf)

    def _published(self) -> Iterator[tuple[float, float]]:
        for provider in self.catalog.providers:
            for row in provider.rate_limits:
                queue, hours = row.batch_queue_tokens, row.batch_window_hours
                if queue is not None and hours is not None:
                    days = hours * SECONDS_PER_HOUR / SECONDS_PER_DAY
                    yield queue / days, days

    def used(self, row: RateLimit | None) -> LimitUsed:
        """The limit of a batch interface as it is shown."""
        queue = None if row is None else row.batch_queue_tokens
        window = None if row is None else row.batch_window_hours
        if row is None or (queue is None and window is None):
            return LimitUsed("", NOT_KNOWN, Grade.UNKNOWN, None)
        held = "a queue that is not known" if queue is None else f"a queue of {queue:,.0f} tokens"
        by = "at a time not known" if window is None else f"within {window:g} h"
        known = queue is not None and window is not None
        grade = None if row.tier == YOURS else row.source.grade
        return LimitUsed(
            row.tier, f"{held}, answered {by}", grade if known else Grade.UNKNOWN, row.source
        )


def unknown_batch(label: str, ask: JobAsk, published: BatchRates) -> tuple[Unknown, ...]:
    """Why it matters what a batch interface takes; none where the slowest published suffices."""
    a_day, window_days = published.slowest
    wanted = ask.tokens_per_minute * MINUTES_PER_DAY
    if wanted <= a_day and ask.days >= window_days:
        return ()
    sentence = (
        f"How much the batch interface of {label} takes at once, and how soon it answers, is not "
        f"known. The job needs {shown_volume(wanted)} tokens a day; the slowest that is published "
        f"takes {shown_volume(a_day)}."
    )
    return (Unknown(About.LIMIT, 0.0, sentence, "Ask the provider, or send a small batch first."),)
