"""What does not come back every month: the corpus at the start, and its re-embedding."""

from dataclasses import dataclass

import numpy as np

from core.catalog.schema import Catalog
from core.cost.backfill import api_backfill_days, plan_backfill
from core.cost.growth import growth_volumes, reembedding_tokens
from core.cost.levelised import levelised_usd_per_mtok
from core.decide.fleet import Fleet
from core.decide.result import BY_USE, OneOff, OptionCurve, OptionKind
from core.decide.rhythm import rhythm_of
from core.decide.texts import text_load
from core.decide.usage import discount_of_batches
from core.scenario import Scenario

HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class _Job:
    """One embedding of the corpus."""

    usd: float | None
    days: float | None
    explanation: str


def one_off(
    curve: OptionCurve, fleet: Fleet, scenario: Scenario, catalog: Catalog
) -> OneOff | None:
    """The corpus through this option; None where there is no corpus.

    An API bills it at the price of the month's last token, by batch where it has a batch price.
    Replicas take it in their valleys up to the deadline; what is left is embedded on rented hours.
    """
    corpus = scenario.workload.corpus_tokens
    if corpus == 0:
        return None
    job = _job(corpus, curve, fleet, scenario, catalog)
    again = _again_tokens(scenario)
    deadline = scenario.workload.backfill_days
    return OneOff(
        tokens=corpus,
        usd=job.usd,
        days=job.days,
        meets_deadline=job.days is None or job.days <= deadline * (1 + 1e-9),
        reembedding_usd=None if job.usd is None else job.usd / corpus * again,
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


def _again_tokens(scenario: Scenario) -> float:
    """Tokens of all re-embeddings: the corpus and the deferrable documents that came since."""
    load, months = scenario.workload, scenario.objective.horizon_months
    changes = [months * (i + 1) // (load.model_changes + 1) for i in range(load.model_changes)]
    added = scenario.tokens_per_month * load.deferrable_share
    return reembedding_tokens(load.corpus_tokens, added, load.growth_per_month, changes)


def _job(
    tokens: float, curve: OptionCurve, fleet: Fleet, scenario: Scenario, catalog: Catalog
) -> _Job:
    if curve.cost is None or curve.bill is None:
        return _Job(None, None, curve.option.unpriced_reason)
    found = catalog.find_api(curve.option.id)
    if curve.option.kind in BY_USE and found is not None:
        return _by_api(tokens, curve, scenario, catalog)
    return _by_replicas(tokens, curve, fleet, scenario)


def _by_api(tokens: float, curve: OptionCurve, scenario: Scenario, catalog: Catalog) -> _Job:
    found = catalog.find_api(curve.option.id)
    assert found is not None  # noqa: S101  the caller has looked
    assert curve.cost is not None  # noqa: S101
    offer, volume = found[1], scenario.tokens_per_month
    billed = text_load(scenario.workload, curve.option.max_tokens).billed_share
    share, off = scenario.workload.deferrable_share, discount_of_batches(offer.price)
    # The month's bill already has the batch price on the share that waits; the corpus waits whole.
    usd = float(curve.cost.at(volume + tokens) - curve.cost.at(volume))
    usd *= (1 - off) / (1 - share * off)
    limit = offer.rate_limit
    days = None
    if limit is not None:
        load = 0.0
        if curve.option.ceiling_tokens_per_month:
            mean_ceiling = curve.option.ceiling_tokens_per_month
            mean_ceiling *= rhythm_of(scenario.workload).online_peak
            load = min(0.999, volume / mean_ceiling)
        days = api_backfill_days(
            tokens * billed,
            scenario.workload.tokens_per_request,
            limit.tokens_per_minute,
            limit.requests_per_minute,
            load,
        )
    by_batch = f", {off:.0%} off by batch" if off else ""
    slow = "" if days is None else f"; its entry limit stretches that to {days:,.3g} days"
    return _Job(usd, days, f"{tokens:,.4g} tokens beyond the month's{by_batch}{slow}")


def _by_replicas(tokens: float, curve: OptionCurve, fleet: Fleet, scenario: Scenario) -> _Job:
    capacity = curve.option.capacity
    if capacity is None:
        return _Job(None, None, "its capacity is not known")
    deadline_hours = scenario.workload.backfill_days * HOURS_PER_DAY
    share = capacity.processed_share
    working = (fleet.replicas or 0) - fleet.spare_replicas
    if curve.option.kind is OptionKind.HYBRID and working == 0:
        return _Job(None, None, "no replica at this volume: see the API alone")
    mean_rate = scenario.tokens_per_month * share / scenario.calendar.seconds_per_month
    rates = mean_rate * np.array(rhythm_of(scenario.workload).filled)
    planned = plan_backfill(
        tokens * share,
        rates,
        working * capacity.usable_tokens_per_s,
        deadline_hours,
        capacity.nominal_tokens_per_s,
        _usd_per_hour(curve, scenario),
    )
    alone = planned.valleys_finish_after_hours
    days = None if alone is None else min(alone, deadline_hours) / HOURS_PER_DAY
    said = f"{planned.valley_tokens / (tokens * share):.0%} in the valleys of the fleet"
    if planned.rented_gpu_hours > 0:
        said += f", the rest in {planned.rented_gpu_hours:,.3g} replica hours beside it"
        days = scenario.workload.backfill_days
    return _Job(planned.usd, days, said)


def _usd_per_hour(curve: OptionCurve, scenario: Scenario) -> float:
    """Price of an hour of a replica beside the fleet; an owned one costs its month's share."""
    bill = curve.bill
    base = getattr(bill, "base", bill)
    line = getattr(base, "acquisition", None) or getattr(base, "replica", None)
    month = line.usd_per_month if line is not None else 0.0
    return float(month) / scenario.calendar.hours_per_month
