"""An option that is paid by use: an API, by the token, character, request or second."""

from functools import partial

from core.catalog.schema import ApiOffer, Price, PriceUnit, Provider
from core.cost.by_use.usage_bill import UsageBill
from core.cost.curve.breakdown import CostLine
from core.decide.capacity.answered import answers_enough, unanswered
from core.decide.capacity.meets_objective import (
    blocked,
    loses_too_much,
    slowest_published_s,
    unknown_latency,
)
from core.decide.capacity.replica_capacity import unfit_reason
from core.decide.case import Case
from core.decide.load.cut_vectors import cut_remark, kept_dimensions
from core.decide.load.text_load import TextLoad
from core.decide.mine.negotiating import discount_words
from core.decide.options.terms.account import Account, account_of, plan_note
from core.decide.options.terms.billed_seconds import billed_seconds
from core.decide.options.terms.least_limit import PublishedLimits, unknown_limit
from core.decide.options.terms.rate_limit import (
    account_limit,
    ceiling_of,
    counted_by,
    limit_remark,
    online_hours,
    seconds_per_call,
)
from core.decide.options.terms.remarks import (
    api_labour_note,
    cut_note,
    price_note,
    reading_note,
    unanswered_note,
    vectors_note,
)
from core.decide.options.terms.usage import retries_of, usage_bill
from core.decide.result.limit_used import limit_used
from core.decide.result.option import Option, OptionKind, PriceUsed
from core.errors import ModelInputError


def api_option(
    option_id: str, provider: Provider, offer: ApiOffer, case: Case
) -> tuple[Option, UsageBill | None]:
    """The option and its bill; no bill where a price in seconds lacks the seconds."""
    hosted, load = case.scenario.hosting.model, case.scenario.workload
    objective, model_id = case.scenario.objective, offer.model or hosted
    model = case.catalog.model(model_id)
    max_tokens = case.catalog.longest_text(offer, model_id)
    texts = case.load.texts(max_tokens)
    own = case.own_prices.get(option_id)
    retries, measured = retries_of(case.scenario.serverless), case.measurements.get(option_id)
    account = account_of(provider, offer, own, case.scenario.calendar)
    per_second = offer.price.unit is PriceUnit.PER_SECOND
    unfit = unfit_reason(model, case.catalog.card(offer.card or "")) if per_second else ""
    seconds = billed_seconds(offer, texts, case) if per_second and not unfit else None
    beside = case.beside_api(model_id)
    bill, unpriced = (
        (None, unfit) if unfit else _bill(offer, texts, own, seconds, account, beside, case)
    )
    dimensions = kept_dimensions(model, case.scenario.vectors.dimensions)
    rhythm = case.load.rhythm
    limit = account_limit(provider, offer.id, case.tiers, case.own_limits)
    billed = bill.provider_curve() if bill else None
    hours = online_hours(offer, rhythm)
    call_s = seconds_per_call(measured, case.catalog.latency(option_id))
    counted = counted_by(offer, texts, case.scenario.serverless, load.tokens_per_request, call_s)
    ceiling = ceiling_of(limit, counted, case.scenario.calendar, hours, rhythm.burst, billed)
    held_to = limit_used(limit)
    limits = PublishedLimits(
        case.whole, case.load, case.scenario.serverless, case.scenario.calendar
    )
    answered = answers_enough(measured, retries.max_attempts, objective.max_unanswered_share)
    option = Option(
        id=option_id,
        label=offer.label,
        kind=OptionKind.PER_SECOND if per_second else OptionKind.API,
        model=model_id,
        price=price_used(offer.price, own),
        capacity=None,
        max_tokens=max_tokens,
        ceiling_tokens_per_month=ceiling.tokens_per_month if ceiling else None,
        ceiling_reason=ceiling.binding if ceiling else "",
        notes=_notes(
            offer,
            plan_note(provider, offer.id),
            seconds,
            vectors_note(model_id, hosted, case.catalog),
            cut_note(texts) or reading_note(max_tokens, load),
            unanswered_note(retries.unanswered_share),
            limit_remark(held_to, ceiling),
            cut_remark(dimensions, model, offer),
            api_labour_note(case.scenario.serverless.api_labour_usd_per_month),
        ),
        unpriced_reason=unpriced,
        refusal=blocked(
            withdrawn=offer.status == "withdrawn",
            unfit=unfit,
            lost=loses_too_much(max_tokens, texts, objective.max_lost_share),
            unanswered=unanswered(answered, retries, objective.max_unanswered_share),
            measured=measured,
            published=case.catalog.latency(option_id),
            demanded_p95_s=objective.demanded_p95_s,
        ),
        answered=answered,
        lost_share=None if max_tokens is None else texts.lost_share,
        unanswered_share=retries.unanswered_share,
        seconds_per_text=seconds,
        limit=held_to,
        unknown=(
            *unknown_latency(
                offer.label,
                measured,
                objective.demanded_p95_s,
                partial(case.once, "slowest published", partial(slowest_published_s, case.catalog)),
            ),
            *unknown_limit(
                offer.label,
                held_to,
                partial(case.once, "least published limit", limits.least),
                reached=ceiling is not None or max(hours) == 0,
            ),
        ),
    )
    return option, bill


def price_used(price: Price, own: float | None) -> PriceUsed:
    """The list price less one's discount, or the user's own in its place.

    A Decimal becomes a float here, once.
    """
    return PriceUsed(
        usd=float(price.usd) if own is None else own,
        unit=price.unit,
        list_usd=float(price.list_usd),
        source=price.source,
        overridden=own is not None,
        said=discount_words(price) if own is None else "",
    )


def _bill(
    offer: ApiOffer,
    texts: TextLoad,
    own_usd: float | None,
    seconds: float | None,
    account: Account,
    beside: tuple[CostLine, ...],
    case: Case,
) -> tuple[UsageBill | None, str]:
    """Its bill, or why there is none."""
    load, calls = case.scenario.workload, case.scenario.serverless
    share = load.deferrable_share
    try:
        return usage_bill(
            offer,
            texts,
            load,
            calls,
            account=account,
            own_usd=own_usd,
            seconds_per_text=seconds,
            deferrable_share=share,
            by_month=beside,
        ), ""
    except ModelInputError as why:
        return None, str(why)


def _notes(
    offer: ApiOffer,
    plan: str,
    seconds: float | None,
    vectors: str,
    reading: str,
    unanswered: str,
    limit: str,
    dimensions: str,
    labour: str,
) -> tuple[str, ...]:
    status = {
        "current": "",
        "legacy": "legacy: still sold, not for new projects",
        "withdrawn": "withdrawn from sale",
    }
    notes = (
        status[offer.status],
        vectors,
        reading,
        unanswered,
        f"assumes {seconds:.3g} s of compute a text" if seconds else "",
        price_note(offer.price),
        plan,
        limit,
        dimensions,
        labour,
    )
    return tuple(note for note in notes if note)
