"""An option that is paid by use: an API, by the token, character, request or second."""

import math

from core.catalog.schema import ApiOffer, Catalog, ModelCard, Price, PriceUnit
from core.cost.api import RateCeiling, rate_ceiling
from core.cost.bill import UsageBill
from core.cost.retries import expected_attempts
from core.decide.notes import cut_note, price_note, reading_note, vectors_note
from core.decide.objective import blocked_reason
from core.decide.result import Option, OptionKind, PriceUsed
from core.decide.rhythm import rhythm_of
from core.decide.storage_lines import storage_lines
from core.decide.texts import TextLoad, text_load
from core.decide.usage import usage_bill
from core.errors import ModelInputError, ScenarioError
from core.measurement import Measurement
from core.scenario import Scenario


def api_option(
    option_id: str,
    offer: ApiOffer,
    scenario: Scenario,
    catalog: Catalog,
    measured: Measurement | None,
) -> tuple[Option, UsageBill | None]:
    """The option and its bill; no bill where a price in seconds lacks the seconds."""
    model_id = offer.model or scenario.hosting.model
    model = catalog.model(model_id)
    max_tokens = offer.max_tokens or (model.max_tokens if model else None)
    texts = text_load(scenario.workload, max_tokens)
    bill, unpriced = _bill(option_id, offer, model, texts, scenario)
    ceiling = _ceiling(offer, texts, scenario)
    per_second = offer.price.unit is PriceUnit.PER_SECOND
    option = Option(
        id=option_id,
        label=offer.label,
        kind=OptionKind.PER_SECOND if per_second else OptionKind.API,
        model=model_id,
        price=price_used(option_id, offer.price, scenario),
        capacity=None,
        max_tokens=max_tokens,
        ceiling_tokens_per_month=ceiling.tokens_per_month if ceiling else None,
        ceiling_reason=ceiling.binding if ceiling else "",
        notes=_notes(offer, model_id, max_tokens, texts, scenario),
        unpriced_reason=unpriced,
        blocked_reason=blocked_reason(
            withdrawn=offer.status == "withdrawn",
            max_tokens=max_tokens,
            workload=scenario.workload,
            measured=measured,
            slo_p95_s=scenario.objective.slo_p95_s,
        ),
    )
    return option, bill


def price_used(option_id: str, price: Price, scenario: Scenario) -> PriceUsed:
    """The list price, or the user's own in its place. A Decimal becomes a float here, once."""
    own = own_price(option_id, scenario)
    listed = float(price.usd)
    return PriceUsed(
        usd=listed if own is None else own,
        unit=price.unit,
        list_usd=listed,
        source=price.source,
        overridden=own is not None,
    )


def own_price(option_id: str, scenario: Scenario) -> float | None:
    """The user's price of an option, or None where the list price holds.

    Raises ScenarioError for one that is no price. 0 is one: some have their GPU for nothing.
    """
    own = scenario.own_price(option_id)
    if own is not None and not (math.isfinite(own) and own >= 0):
        raise ScenarioError(f"prices: {option_id} cannot cost {own}; enter 0 or more, or clear it")
    return own


def _bill(
    option_id: str, offer: ApiOffer, model: ModelCard | None, texts: TextLoad, scenario: Scenario
) -> tuple[UsageBill | None, str]:
    try:
        bill = usage_bill(
            offer,
            scenario,
            texts,
            own_usd=own_price(option_id, scenario),
            deferrable_share=scenario.workload.deferrable_share,
            by_month=storage_lines(model, scenario),
        )
    except ModelInputError as why:
        return None, str(why)
    return bill, ""


def _ceiling(offer: ApiOffer, texts: TextLoad, scenario: Scenario) -> RateCeiling | None:
    """What the entry limit lets through: of what cannot wait, where the rest goes by batch."""
    rhythm = rhythm_of(scenario.workload)
    by_batch = offer.price.batch_usd is not None
    return entry_limit(offer, texts, scenario, rhythm.online_peak if by_batch else rhythm.peak)


def entry_limit(
    offer: ApiOffer, texts: TextLoad, scenario: Scenario, peak: float
) -> RateCeiling | None:
    """The month's volume whose peak meets the entry limit: every attempt counts, every chunk.

    None where no limit is known, or nothing comes at the peak.
    """
    limit = offer.rate_limit
    if limit is None or peak == 0:
        return None
    asked = scenario.serverless
    attempts = float(expected_attempts(asked.failure_rate, asked.max_attempts))
    return rate_ceiling(
        limit.requests_per_minute and limit.requests_per_minute / (attempts * texts.texts),
        limit.tokens_per_minute and limit.tokens_per_minute / (attempts * texts.billed_share),
        scenario.workload.tokens_per_request,
        peak,
        scenario.calendar,
    )


def _notes(
    offer: ApiOffer,
    model_id: str,
    max_tokens: int | None,
    texts: TextLoad,
    scenario: Scenario,
) -> tuple[str, ...]:
    status = {
        "current": "",
        "legacy": "legacy: still sold, not for new projects",
        "withdrawn": "withdrawn from sale",
    }
    seconds = offer.seconds_per_request
    notes = (
        status[offer.status],
        vectors_note(model_id, scenario.hosting.model),
        cut_note(texts) or reading_note(max_tokens, scenario.workload),
        f"assumes {seconds:g} s of compute a request" if seconds else "",
        price_note(offer.price),
    )
    return tuple(note for note in notes if note)
