"""A corpus through an API: each of its interfaces with its own price and its own time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.catalog.schema import ApiOffer, Provider, RateLimit
from core.cost.curve.piecewise import Floats
from core.cost.monthly_bill import MonthlyBill
from core.cost.over_months.backfill import api_backfill_days, api_batch_days
from core.decide.answer.job_parts import Corpora, Job, JobPart, in_time
from core.decide.case import Case
from core.decide.options.terms.rate_limit import (
    account_limit,
    ceiling_of,
    counted_by,
    seconds_per_call,
)
from core.decide.options.terms.usage import discount_of_batches
from core.decide.result.option import Option
from core.units import MINUTES_PER_DAY

ALL_BUT_NONE: Final = 0.999
"""Of a limit that the daily load takes whole: a corpus waits next to for ever behind it."""

IN_TIME, UNKNOWN, LATE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Way:
    """One interface, by job."""

    usd: Floats
    days: Floats
    """nan: no limit is known."""


def by_api(
    asked: Corpora,
    option: Option,
    bill: MonthlyBill,
    provider: Provider,
    offer: ApiOffer,
    case: Case,
) -> Job:
    """The cheapest interface that is through by the deadline; price and time are of the same one.

    One of which nobody knows the time is taken where none is known to be in time, and the quickest
    where all are late.
    """
    limit = account_limit(provider, offer.id, case.tiers, case.own_limits)
    at_once = _at_once(asked, option, bill, offer, limit, case)
    off = discount_of_batches(offer.price)
    batched = np.zeros(asked.tokens.shape, dtype=np.bool_)
    usd, days = at_once.usd, at_once.days
    unknown = [""] * asked.tokens.size
    if off > 0:
        waiting = _by_batch(asked, option, bill, limit, case)
        batched = _better(waiting, at_once, case.scenario.workload.backfill_days)
        usd, days = np.where(batched, waiting.usd, usd), np.where(batched, waiting.days, days)
        no_time = f"; by batch it is {off:.0%} off, in a time that nobody knows"
        unknown = [no_time if nobody else "" for nobody in np.isnan(waiting.days)]

    def how(job: int) -> str:
        limit = "no limit of it is known" if np.isnan(days[job]) else "within its rate limit"
        if batched[job]:
            return f"through its batch interface, {off:.0%} off, {limit}"
        return f"through its synchronous interface, {limit}{unknown[job]}" if off > 0 else limit

    explanation = "{} tokens beyond the month's"
    return Job((JobPart("Usage", usd, explanation, asked.tokens),), days, how)


def _at_once(
    asked: Corpora,
    option: Option,
    bill: MonthlyBill,
    offer: ApiOffer,
    row: RateLimit | None,
    case: Case,
) -> _Way:
    """The interface that answers while one waits: its rate limit less the daily load."""
    usd = bill.added_usd(asked.tokens_per_month, asked.tokens, batched=False) * asked.api_price
    scenario, texts = case.scenario, case.load.texts(option.max_tokens)
    call_s = seconds_per_call(case.measurements.get(option.id), case.catalog.latency(option.id))
    counted = counted_by(
        offer, texts, scenario.serverless, scenario.workload.tokens_per_request, call_s
    )
    calendar = scenario.calendar
    limit = ceiling_of(row, counted, calendar, (1.0,), 1.0, bill.provider_curve())
    if limit is None:
        return _Way(usd, np.full(usd.shape, np.nan))
    share = 1 - (scenario.workload.deferrable_share if bill.batch_saving else 0.0)
    load = asked.tokens_per_month * share / limit.tokens_per_month
    days = api_backfill_days(
        asked.tokens,
        scenario.workload.tokens_per_request,
        limit.tokens_per_month / scenario.calendar.days_per_month / MINUTES_PER_DAY,
        load_share=np.minimum(ALL_BUT_NONE, load),
    )
    return _Way(usd, _known(days, usd))


def _by_batch(
    asked: Corpora, option: Option, bill: MonthlyBill, row: RateLimit | None, case: Case
) -> _Way:
    """The interface that answers within hours: its queue less what can wait of the daily load."""
    usd = bill.added_usd(asked.tokens_per_month, asked.tokens, batched=True) * asked.api_price
    scenario = case.scenario
    if row is None or row.batch_queue_tokens is None:
        return _Way(usd, np.full(usd.shape, np.nan))
    billed = case.load.texts(option.max_tokens).billed_share
    daily = asked.tokens_per_month * scenario.workload.deferrable_share
    queue, window = row.batch_queue_tokens, row.batch_window_hours
    a_day = api_batch_days(daily / scenario.calendar.days_per_month * billed, queue, window)
    days = api_batch_days(
        asked.tokens * billed,
        queue,
        window,
        load_share=np.minimum(ALL_BUT_NONE, 0.0 if a_day is None else a_day),
    )
    return _Way(usd, _known(days, usd))


def _known(days: Floats | None, usd: Floats) -> Floats:
    return np.full(usd.shape, np.nan) if days is None else days


def _better(one: _Way, other: _Way, deadline_days: float) -> NDArray[np.bool_]:
    """Whether one way is to be preferred to another, by job."""
    first, second = _rank(one.days, deadline_days), _rank(other.days, deadline_days)
    late = (first == LATE) & (second == LATE)
    ahead = np.where(late, one.days < other.days, one.usd < other.usd)
    result: NDArray[np.bool_] = (first < second) | ((first == second) & ahead)
    return result


def _rank(days: Floats, deadline_days: float) -> NDArray[np.int64]:
    by_deadline = np.where(in_time(days, deadline_days), IN_TIME, LATE)
    return np.where(np.isnan(days), UNKNOWN, by_deadline)
