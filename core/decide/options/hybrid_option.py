"""Replicas for the base load and an API with the same vectors for the rest."""

import math
from collections.abc import Sequence
from dataclasses import replace

from core.catalog.schema import Catalog, ModelCard, PublishedLatency
from core.cost.by_replica.hosted_bill import HostedBill, whole_replicas
from core.cost.curve.breakdown import CostLine
from core.cost.hybrid.hybrid_bill import HybridBill
from core.cost.hybrid.vector_space import VectorSource, why_not_mixed
from core.cost.monthly_bill import MonthlyBill
from core.decide.capacity.answered import answers_enough, unanswered
from core.decide.capacity.meets_objective import blocked, meets_objective
from core.decide.case import Case
from core.decide.demands.of_provider import TO_DO
from core.decide.options.api_share import most_api_share
from core.decide.options.machine import quota_of
from core.decide.options.terms.account import account_of
from core.decide.options.terms.rate_limit import (
    account_limit,
    ceiling_of,
    counted_by,
    seconds_per_call,
)
from core.decide.options.terms.usage import usage_bill
from core.decide.result.obstacle import Refusal
from core.decide.result.option import BY_USE, SELF_HOSTED, Option, OptionKind
from core.decide.result.unknown import About, Unknown
from core.errors import ModelInputError
from core.measurement.measured import Measurement


def hybrid_option(
    option_id: str,
    hosted: tuple[Option, MonthlyBill | None],
    sold: tuple[Option, MonthlyBill | None],
    case: Case,
) -> tuple[Option, HybridBill | None]:
    """The hybrid of two options with their bills; no bill, and the reason, where there is none.

    Each side has what was measured of it. Texts that the API loses or leaves without an answer do
    not refuse it: the API takes no more than few enough of all.
    """
    (base, base_bill), (burst, burst_bill) = hosted, sold
    refused = _refused(base, base_bill, burst, case.catalog)
    missing = refused or base.unpriced_reason or burst.unpriced_reason
    offered, asked = case.catalog.find_api(burst.id), case.scenario
    own = case.measurements.get(option_id)
    tries, allowed = asked.serverless.max_attempts, asked.objective.max_unanswered_share
    answered = answers_enough(own, tries, allowed)
    refusal = base.refusal or _refusal(
        own,
        case.measurements.get(burst.id),
        unanswered(answered, None, allowed),
        asked.objective.demanded_p95_s,
        withdrawn=offered is not None and offered[1].status == "withdrawn",
        published=case.catalog.latency(burst.id),
    )
    option = replace(
        base,
        id=option_id,
        label=f"{base.label} + {burst.label}",
        kind=OptionKind.HYBRID,
        burst=burst,
        ceiling_tokens_per_month=None,
        ceiling_reason="",
        notes=(
            *base.notes,
            "the API takes the peaks and stands in for the spare replica",
            *(note for note in burst.notes if note in TO_DO.values()),
        ),
        unpriced_reason=missing,
        refusal=None if refused else refusal or next(iter(burst.against), None),
        unanswered_share=burst.unanswered_share,
        against=tuple(dict.fromkeys((*base.against, *burst.against))),
        limit=burst.limit,
        unknown=_unknown(own, (*base.unknown, *burst.unknown), asked.objective.demanded_p95_s),
        answered=answered,
    )
    whole = whole_replicas(base_bill)
    if missing or whole is None:
        return option, None
    bill = _bill(base, whole, (burst, burst_bill), case)
    if math.isfinite(bill.ceiling_tokens):
        ceiling = bill.ceiling_tokens
        option = replace(option, ceiling_tokens_per_month=ceiling, ceiling_reason="replicas")
    return option, bill


def _refusal(
    own: Measurement | None,
    of_api: Measurement | None,
    left: Refusal | None,
    demanded_p95_s: float | None,
    *,
    withdrawn: bool,
    published: PublishedLatency | None,
) -> Refusal | None:
    """Why it cannot serve at any volume: an API that is withdrawn or too slow, or its own run."""
    api = blocked(
        withdrawn=withdrawn,
        measured=of_api,
        published=published,
        demanded_p95_s=demanded_p95_s,
    )
    return api or blocked(unanswered=left, measured=own, demanded_p95_s=demanded_p95_s)


def _unknown(
    own: Measurement | None, of_parts: Sequence[Unknown], demanded_p95_s: float | None
) -> tuple[Unknown, ...]:
    """What is not known of its replicas, and of its API, which may get the whole peak.

    A run of the hybrid itself that decides its latency leaves only the API's limit open.
    """
    decided = demanded_p95_s is None or meets_objective(own, demanded_p95_s)[0] is not None
    return tuple(
        one for one in dict.fromkeys(of_parts) if not (decided and one.about is About.LATENCY)
    )


def _refused(base: Option, base_bill: MonthlyBill | None, burst: Option, catalog: Catalog) -> str:
    """Why these two make no hybrid; "" where they do."""
    if base.kind not in SELF_HOSTED or burst.kind not in BY_USE:
        return "No hybrid: its base must be a GPU that is rented or owned, its burst an API."
    if why := why_not_mixed(vectors_of(base.model, catalog), vectors_of(burst.model, catalog)):
        return f"No hybrid: {why}."
    if base_bill is not None and whole_replicas(base_bill) is None:
        return "No hybrid: a base that stops when idle needs no API for its peaks."
    return ""


def mixable_apis(model_id: str, catalog: Catalog) -> tuple[str, ...]:
    """Option ids of the APIs whose vectors mix with those of a self-hosted model."""
    own = vectors_of(model_id, catalog)
    return tuple(
        f"{provider.id}/{offer.id}"
        for provider in catalog.providers
        for offer in provider.api_offers
        if offer.status != "withdrawn"
        and not why_not_mixed(own, vectors_of(offer.model or model_id, catalog))
    )


def _bill(
    base: Option,
    base_bill: HostedBill,
    sold: tuple[Option, MonthlyBill | None],
    case: Case,
) -> HybridBill:
    burst, api_bill = sold
    offered = case.catalog.find_api(burst.id)
    if base.capacity is None or offered is None or api_bill is None:
        raise ModelInputError(f"a hybrid needs a capacity and an API: {base.id}, {burst.id}")
    rhythm, load, calls = case.load.rhythm, case.scenario.workload, case.scenario.serverless
    texts = case.load.texts(burst.max_tokens)
    own, share = case.own_prices.get(burst.id), load.deferrable_share
    account = account_of(*offered, own, case.scenario.calendar)
    seconds = burst.seconds_per_text
    bursts = usage_bill(
        offered[1], texts, load, calls, account=account, own_usd=own, seconds_per_text=seconds
    )
    alone = replace(bursts, batch_share=share)
    alone_limit = burst.ceiling_tokens_per_month
    # What exceeds the replicas comes as it does, bursts and all.
    row = account_limit(offered[0], offered[1].id, case.tiers, case.own_limits)
    call_s = seconds_per_call(case.measurements.get(burst.id), case.catalog.latency(burst.id))
    counted = counted_by(offered[1], texts, calls, load.tokens_per_request, call_s)
    calendar, storage = case.scenario.calendar, case.storage(base.model)
    whole, standing = standing_anyway(base, base_bill)
    limit = ceiling_of(row, counted, calendar, (1.0,), rhythm.burst, bursts.curve())
    return HybridBill(
        # Its plan is due where a replica runs; what is stored is due beside the API, too.
        base=replace(whole, by_month=tuple(x for x in whole.by_month if x not in storage)),
        flat_capacity_tokens=base.capacity.tokens_per_month * max(rhythm.filled),
        relative_load=rhythm.filled,
        api_alone=alone,
        api_burst=bursts,
        api_limit_tokens=limit.tokens_per_month if limit else math.inf,
        alone_limit_tokens=math.inf if alone_limit is None else alone_limit,
        quota=quota_of(case.scenario.hosting, base.many),
        most_api_share=most_api_share(
            base,
            burst,
            case.measurements.get(burst.id),
            calls.max_attempts,
            case.scenario.objective,
        ),
        by_month=(*case.beside_api(base.model), *standing),
        api_bill=api_bill,
    )


def standing_anyway(base: Option, bill: HostedBill) -> tuple[HostedBill, tuple[CostLine, ...]]:
    """The bill without what its machines cost at any load, and that apart, where they are so many.

    The API beside them spares nothing of it, however few of them work.
    """
    if base.many is None:
        return bill, ()
    lines = tuple(
        replace(
            line,
            usd_per_month=base.many * line.usd_per_month,
            explanation=f"{base.many} that stand at any load x {line.explanation}",
        )
        for line in (bill.acquisition, bill.idle_energy)
        if line is not None
    )
    nothing = replace(bill.acquisition, usd_per_month=0.0)
    return replace(bill, acquisition=nothing, idle_energy=None), lines


def vectors_of(model_id: str | None, catalog: Catalog) -> VectorSource:
    """What makes the vectors, as far as the catalogue knows.

    Models of one declared space are sold at several lengths, so theirs are not held against them.
    """
    model: ModelCard | None = catalog.model(model_id or "")
    space = model.vector_space if model else None
    dims = model.dims if model and space is None else None
    return VectorSource(model_id or "unknown", dims=dims, shared_space=space)
