"""The bill of an API offer for the scenario's texts: unit, retries, tiers, batch price, fees."""

import math
from typing import Final

from core.catalog.schema import ApiOffer, Price, PriceUnit
from core.cost.by_use.flat_bill import tokens_per_mchar, tokens_per_second
from core.cost.by_use.retries import Retries
from core.cost.by_use.usage_bill import CallFees, TierRule, UsageBill, batch_discount
from core.cost.curve.breakdown import CostLine
from core.decide.load.text_load import TextLoad
from core.decide.options.terms.account import Account
from core.errors import ModelInputError
from core.scenario import Serverless, Workload
from core.units import TOKENS_PER_MTOK

UNIT_NAMES: Final = {
    PriceUnit.PER_MTOK: "M tokens",
    PriceUnit.PER_MCHAR: "M characters",
    PriceUnit.PER_REQUEST: "requests",
    PriceUnit.PER_SECOND: "seconds of compute",
}

NO_ACCOUNT: Final = Account()


def usage_bill(
    offer: ApiOffer,
    texts: TextLoad,
    load: Workload,
    calls: Serverless,
    *,
    account: Account = NO_ACCOUNT,
    own_usd: float | None = None,
    seconds_per_text: float | None = None,
    deferrable_share: float = 0.0,
    by_month: tuple[CostLine, ...] = (),
) -> UsageBill:
    """A month's bill over the tokens offered.

    ``account`` is what its provider gives and asks for. ``own_usd`` is the user's price of a unit:
    it holds at every volume, in place of all tiers. ``seconds_per_text`` are what an offer by the
    second bills. ``deferrable_share`` of the volume takes the batch price, where the offer has one.
    Raises ModelInputError where an offer bills seconds and nothing says how many.
    """
    price, per_call = offer.price, texts_per_call(offer, calls, texts.tokens)
    return UsageBill(
        tiers=_tiers(price, own_usd),
        tokens_per_unit=tokens_per_unit(offer, texts, load, seconds_per_text),
        unit_name=UNIT_NAMES[price.unit],
        rule=TierRule(price.tier_rule),
        free_units=(price.free_units or 0.0) + account.free_units,
        free_money_units=account.free_money_units,
        plan_usd=account.plan_usd,
        planless_units=account.planless_units,
        planless_money_units=account.planless_money_units,
        fixed_usd=float(price.usd_fixed_per_month or 0),
        minimum_usd=float(price.usd_minimum_per_month or 0),
        batch_share=deferrable_share,
        batch_discount=discount_of_batches(price),
        retries=retries_of(calls),
        calls=_call_fees(price, per_call, load.tokens_per_request / texts.texts),
        by_month=by_month,
    )


def retries_of(calls: Serverless) -> Retries:
    """How failures of an API are met."""
    return Retries(calls.failure_rate, calls.max_attempts, calls.failed_billed)


def tokens_per_unit(
    offer: ApiOffer, texts: TextLoad, load: Workload, seconds_per_text: float | None
) -> float:
    """Tokens offered for a billed unit: what chunks repeat is billed, too."""
    a_request = load.tokens_per_request / texts.texts
    match offer.price.unit:
        case PriceUnit.PER_MTOK:
            return TOKENS_PER_MTOK / texts.billed_share
        case PriceUnit.PER_MCHAR:
            return tokens_per_mchar(load.characters_per_token) / texts.billed_share
        case PriceUnit.PER_REQUEST:
            return a_request
        case PriceUnit.PER_SECOND if seconds_per_text is not None:
            return tokens_per_second(seconds_per_text, a_request)
    raise ModelInputError(
        "Billed by the second, and the seconds that a request takes are not known. "
        "Probe it, then add seconds_per_request to its catalogue row."
    )


def texts_per_call(offer: ApiOffer, calls: Serverless, tokens_per_text: float) -> int:
    """Texts that one call carries: the scenario's, or the most that the provider takes.

    It may take so many texts, and so many tokens of all of them; a text of the mean length counts.
    """
    asked = calls.items_per_call
    by_tokens = (offer.max_tokens_per_request or math.inf) / tokens_per_text
    return max(1, int(min(asked, offer.max_inputs_per_request or asked, by_tokens)))


def discount_of_batches(price: Price) -> float:
    """What the batch price takes off the list price, as a share; 0 where there is none."""
    if price.batch_usd is None:
        return 0.0
    return batch_discount(float(price.usd), float(price.batch_usd))


def _tiers(price: Price, own_usd: float | None) -> tuple[tuple[float, float], ...]:
    if own_usd is not None:
        return ((math.inf, own_usd),)
    if not price.tiers:
        return ((math.inf, float(price.usd)),)
    return tuple((tier.up_to_units or math.inf, float(tier.usd)) for tier in price.tiers)


def _call_fees(price: Price, texts_per_call: int, tokens_per_text: float) -> CallFees | None:
    if price.usd_per_call is None:
        return None
    tokens = texts_per_call * tokens_per_text
    return CallFees(tokens_per_call=tokens, usd_per_call=float(price.usd_per_call))
