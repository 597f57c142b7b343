"""An option that is paid by use: an API, by the token, character, request or second."""

import math

from core.catalog.schema import ApiOffer, Catalog, Price, PriceUnit
from core.cost.api import (
    ApiBill,
    RateCeiling,
    flat_bill,
    rate_ceiling,
    tokens_per_mchar,
    tokens_per_second,
)
from core.decide.notes import price_note, reading_note, vectors_note
from core.decide.objective import blocked_reason
from core.decide.result import Option, OptionKind, PriceUsed
from core.errors import ModelInputError, ScenarioError
from core.measurement import Measurement
from core.scenario import Scenario
from core.units import TOKENS_PER_MTOK

UNIT_NAMES = {
    PriceUnit.PER_MTOK: "M tokens",
    PriceUnit.PER_MCHAR: "M characters",
    PriceUnit.PER_REQUEST: "requests",
    PriceUnit.PER_SECOND: "seconds of compute",
}


def api_option(
    option_id: str,
    offer: ApiOffer,
    scenario: Scenario,
    catalog: Catalog,
    measured: Measurement | None,
) -> tuple[Option, ApiBill | None]:
    """The option and its bill; no bill where a price in seconds lacks the seconds."""
    bill, unpriced = _bill(option_id, offer, scenario)
    model_id = offer.model or scenario.hosting.model
    model = catalog.model(model_id)
    max_tokens = offer.max_tokens or (model.max_tokens if model else None)
    ceiling = _ceiling(offer, scenario)
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
        notes=_notes(offer, model_id, max_tokens, scenario),
        unpriced_reason=unpriced,
        blocked_reason=blocked_reason(
            withdrawn=offer.status == "withdrawn",
            max_tokens=max_tokens,
            tokens_per_request=scenario.workload.tokens_per_request,
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


def api_bill(
    price: Price, tokens_per_unit: float, own_usd_per_unit: float | None = None
) -> ApiBill:
    """The bill of a price; the user's own price holds at every volume, in place of all tiers."""
    name = UNIT_NAMES[price.unit]
    if own_usd_per_unit is not None:
        return flat_bill(own_usd_per_unit, tokens_per_unit, name)
    if not price.tiers:
        return flat_bill(float(price.usd), tokens_per_unit, name)
    tiers = tuple((tier.up_to_units or math.inf, float(tier.usd)) for tier in price.tiers)
    return ApiBill(tiers, tokens_per_unit, name)


def tokens_per_unit(offer: ApiOffer, scenario: Scenario) -> float:
    """Tokens in a billed unit at the scenario's text length.

    Raises ModelInputError where the offer bills seconds and does not say how many.
    """
    load = scenario.workload
    match offer.price.unit:
        case PriceUnit.PER_MTOK:
            return TOKENS_PER_MTOK
        case PriceUnit.PER_MCHAR:
            return tokens_per_mchar(load.characters_per_token)
        case PriceUnit.PER_REQUEST:
            return load.tokens_per_request
        case PriceUnit.PER_SECOND if offer.seconds_per_request is not None:
            return tokens_per_second(offer.seconds_per_request, load.tokens_per_request)
    raise ModelInputError(
        "Billed by the second, and the seconds that a request takes are not known. "
        "Probe it, then add seconds_per_request to its catalogue row."
    )


def _bill(option_id: str, offer: ApiOffer, scenario: Scenario) -> tuple[ApiBill | None, str]:
    try:
        per_unit = tokens_per_unit(offer, scenario)
    except ModelInputError as why:
        return None, str(why)
    return api_bill(offer.price, per_unit, own_price(option_id, scenario)), ""


def _ceiling(offer: ApiOffer, scenario: Scenario) -> RateCeiling | None:
    limit = offer.rate_limit
    if limit is None:
        return None
    return rate_ceiling(
        limit.requests_per_minute,
        limit.tokens_per_minute,
        scenario.workload.tokens_per_request,
        scenario.workload.peak_to_mean,
        scenario.calendar,
    )


def _notes(
    offer: ApiOffer, model_id: str, max_tokens: int | None, scenario: Scenario
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
        reading_note(max_tokens, scenario.workload.tokens_per_request),
        f"assumes {seconds:g} s of compute a request" if seconds else "",
        price_note(offer.price),
    )
    return tuple(note for note in notes if note)
