"""An option that has no price by the day that is asked."""

from datetime import date

from core.catalog.option_names import with_model
from core.catalog.schema import ApiOffer, MachineOffer, PriceUnit
from core.decide.result.obstacle import Answered
from core.decide.result.option import Option, OptionKind, PriceUsed
from core.scenario import machine_and_model


def unpriced(
    option_id: str,
    offer: ApiOffer | MachineOffer,
    hosted_model: str,
    day: date | None,
    *,
    answered: Answered,
) -> Option:
    """The option, and from when on it has one. ``offer`` is with all of its prices."""
    kind, model, max_tokens = OptionKind.RENTED, hosted_model, None
    if isinstance(offer, MachineOffer) and offer.is_owned:
        kind = OptionKind.OWNED
    first, named = offer.prices[0], machine_and_model(option_id)[1]
    if isinstance(offer, ApiOffer):
        per_second = first.unit is PriceUnit.PER_SECOND
        kind = OptionKind.PER_SECOND if per_second else OptionKind.API
        model, max_tokens = offer.model or hosted_model, offer.max_tokens
    return Option(
        id=option_id,
        label=with_model(offer.label, named) if named else offer.label,
        kind=kind,
        model=model,
        price=PriceUsed(None, first.unit, None, None, overridden=False),
        capacity=None,
        max_tokens=max_tokens,
        ceiling_tokens_per_month=None,
        ceiling_reason="",
        notes=(),
        unpriced_reason=f"No price is known by {day}: the first is of {first.source.as_of}. "
        "Choose a later day, or enter your own price.",
        answered=answered,
    )
