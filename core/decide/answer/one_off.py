"""What does not come back every month: the corpus at the start, and its re-embedding."""

import math
from dataclasses import dataclass

import numpy as np

from core.catalog.schema import ApiOffer
from core.cost.by_replica.replicas import replicas_needed
from core.cost.curve.piecewise import Floats
from core.cost.over_months.backfill import api_backfill_days, plan_backfill
from core.cost.over_months.growth import corpus_tokens, growth_volumes
from core.cost.over_months.levelised import levelised_usd_per_mtok
from core.decide.capacity.fleet import Fleet
from core.decide.case import Case
from core.decide.options.api_option import entry_limit
from core.decide.options.usage import discount_of_batches
from core.decide.result.curves import OptionCurve
from core.decide.result.option import BY_USE, OptionKind
from core.decide.result.snapshot import OneOff
from core.scenario import Scenario
from core.units import MINUTES_PER_DAY

HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class _Job:
    """One embedding of the corpus."""

    usd: float | None
    days: float | None
    explanation: str


def one_off(curve: OptionCurve, fleet: Fleet, case: Case) -> OneOff | None:
    """The corpus through this option; None where there is no corpus.

    An API bills it on top of the month's tokens, by batch where it has a batch price. Replicas that
    are paid anyway take it in their valleys up to the deadline; what is left is embedded on rented
    hours. A later corpus meets the load and the fleet of today.
    """
    corpus = case.scenario.workload.corpus_tokens
    if corpus == 0:
        return None
    job = _job(corpus, curve, fleet, case)
    again = [_job(tokens, curve, fleet, case).usd for tokens in _corpora(case.scenario)]
    deadline = case.scenario.workload.backfill_days
    return OneOff(
        tokens=corpus,
        usd=job.usd,
        days=job.days,
        meets_deadline=job.days is None or job.days <= deadline * (1 + 1e-9),
        reembedding_usd=None if job.usd is None else math.fsum(usd or 0.0 for usd in again),
        explanation=job.explanation,
    )


def levelised(curve: OptionCurve, scenario: Scenario) -> float | None:
    """All cost over the horizon over all its tokens, both discounted, USD per 1M tokens.

    Months at the grown volume, as the option is billed each month; None without a price.
    """
    if curve.cost is None:
        return None
    load, months = scenario.workload, scenario.objective.horizon_months
    volumes = growth_volumes(scenario.tokens_per_month, load.growth_per_month, months)
    return levelised_usd_per_mtok(
        curve.cost.at(volumes), volumes, scenario.hosting.discount_rate_per_year
    )


def _corpora(scenario: Scenario) -> list[float]:
    """Tokens of each re-embedding: the corpus and the deferrable documents that came since."""
    load, months = scenario.workload, scenario.objective.horizon_months
    changes = [months * (i + 1) // (load.model_changes + 1) for i in range(load.model_changes)]
    added = scenario.tokens_per_month * load.deferrable_share
    return [
        corpus_tokens(load.corpus_tokens, added, load.growth_per_month, month) for month in changes
    ]


def _job(tokens: float, curve: OptionCurve, fleet: Fleet, case: Case) -> _Job:
    if curve.cost is None or curve.bill is None:
        return _Job(None, None, curve.option.unpriced_reason)
    sold = case.catalog.find_api(curve.option.id)
    if curve.option.kind in BY_USE and sold is not None:
        return _by_api(tokens, curve, sold[1], case)
    return _by_replicas(tokens, curve, fleet, case)


def _by_api(tokens: float, curve: OptionCurve, offer: ApiOffer, case: Case) -> _Job:
    assert curve.cost is not None  # noqa: S101
    assert curve.bill is not None  # noqa: S101
    scenario = case.scenario
    volume = scenario.tokens_per_month
    share, off = scenario.workload.deferrable_share, discount_of_batches(offer.price)
    # The corpus waits whole: of the tokens together, this share takes the batch price.
    waiting = (share * volume + tokens) / (volume + tokens)
    together = curve.bill.waiting(min(1.0, waiting)).curve()
    usd = float(together.at(volume + tokens) - curve.cost.at(volume))
    texts = case.load.texts(curve.option.max_tokens)
    limit = entry_limit(offer, texts, case, 1.0)
    days = None
    if limit is not None:
        load = volume * (1 - share if off else 1.0) / limit.tokens_per_month
        days = api_backfill_days(
            tokens,
            scenario.workload.tokens_per_request,
            limit.tokens_per_month / scenario.calendar.days_per_month / MINUTES_PER_DAY,
            load_share=min(0.999, load),
        )
    by_batch = f", {off:.0%} off by batch" if off else ""
    slow = "" if days is None else f"; its entry limit stretches that to {days:,.3g} days"
    return _Job(usd, days, f"{tokens:,.4g} tokens beyond the month's{by_batch}{slow}")


def _by_replicas(tokens: float, curve: OptionCurve, fleet: Fleet, case: Case) -> _Job:
    capacity, scenario = curve.option.capacity, case.scenario
    if capacity is None:
        return _Job(None, None, "its capacity is not known")
    deadline_hours = scenario.workload.backfill_days * HOURS_PER_DAY
    share = capacity.processed_share
    working = (fleet.replicas or 0) - fleet.spare_replicas
    if curve.option.kind is OptionKind.HYBRID and working == 0:
        return _Job(None, None, "no replica at this volume: see the API alone")
    mean_rate = scenario.tokens_per_month * share / scenario.calendar.seconds_per_month
    rates = mean_rate * np.array(case.load.rhythm.filled)
    planned = plan_backfill(
        tokens * share,
        rates,
        _carried_tokens_per_s(curve, working, rates * case.load.rhythm.burst),
        deadline_hours,
        capacity.nominal_tokens_per_s,
        _usd_per_hour(curve, scenario.calendar.hours_per_month),
    )
    hours = f"{planned.rented_gpu_hours:,.3g} replica hours"
    if planned.valley_tokens == 0:
        return _Job(planned.usd, scenario.workload.backfill_days, f"in {hours} of its own")
    alone = planned.valleys_finish_after_hours
    days = None if alone is None else min(alone, deadline_hours) / HOURS_PER_DAY
    explanation = f"{planned.valley_tokens / (tokens * share):.0%} in the valleys of the fleet"
    if planned.rented_gpu_hours > 0:
        explanation += f", the rest in {hours} beside it"
        days = scenario.workload.backfill_days
    return _Job(planned.usd, days, explanation)


def _carried_tokens_per_s(curve: OptionCurve, working: int, peaks: Floats) -> Floats | float:
    """What the fleet carries in each hour with the replicas that are paid then anyway.

    A GPU by the second has no idle time that is paid: what it works for the corpus is billed.
    """
    assert curve.option.capacity is not None  # noqa: S101  the caller has looked
    each, bill = curve.option.capacity.usable_tokens_per_s, curve.bill
    if bill is None or not bill.idle_is_paid:
        return 0.0
    return each * bill.by_hour(replicas_needed(peaks, each, 0), working)


def _usd_per_hour(curve: OptionCurve, hours_per_month: float) -> float:
    """Price of an hour of a replica beside the fleet; an owned one costs its month's share."""
    month = curve.bill.replica_usd_per_month if curve.bill else 0.0
    return month / hours_per_month
