"""What an account is given and asked for by its provider, in the units of one offer.

What is free is the account's, for all its offers together: each option is compared as if it were
the only one that uses it. A day's share is taken as used up evenly over the days of the month.
"""

from dataclasses import dataclass
from typing import Final

from core.catalog.schema import Allowance, ApiOffer, Plan, Provider
from core.cost.curve.breakdown import CostLine
from core.units import Calendar

MONEY: Final = "USD"


@dataclass(frozen=True, slots=True)
class Account:
    """Of one offer, by the month."""

    free_units: float = 0.0
    """Billed units that the plan gives, in units of the provider's own."""
    free_money_units: float = 0.0
    """Billed units that the money buys which the plan gives, at the price used."""
    plan_usd: float = 0.0
    planless_units: float = 0.0
    """Billed units that may be used without the plan, in units of the provider's own."""
    planless_money_units: float = 0.0
    """Billed units that the money buys which is given without the plan."""


def account_of(
    provider: Provider, offer: ApiOffer, own_usd: float | None, calendar: Calendar
) -> Account:
    """The plan that the offer needs, and what is free with it and without it."""
    listed = float(offer.price.list_usd)  # a discount makes no unit larger
    used = float(offer.price.usd) if own_usd is None else own_usd

    def units(plan: Plan | None) -> tuple[float, float]:
        """Of the provider's own, and those that money buys."""
        if plan is None or plan.free is None:
            return 0.0, 0.0
        # Money buys more at a price of one's own; the provider's own units do not.
        money = plan.free.unit == MONEY
        price = used if money else listed
        given = free_usd(plan.free, calendar) / price if price > 0 else 0.0
        return (0.0, given) if money else (given, 0.0)

    paid = provider.plan_for(offer.id, sells_more=True)
    fee = float(paid.usd_per_month or 0) if paid else 0.0
    free = provider.plan_for(offer.id, sells_more=False)
    (own, by_money), (planless, planless_by_money) = units(paid), units(free)
    return Account(own, by_money, fee, planless, planless_by_money)


def free_usd(allowance: Allowance, calendar: Calendar) -> float:
    """What an allowance is worth a month at the provider's own price of its unit, USD."""
    times = calendar.days_per_month if allowance.per == "day" else 1.0
    return allowance.amount * float(allowance.usd_per_unit) * times


def plan_lines(plan: Plan | None) -> tuple[CostLine, ...]:
    """The fee of a plan, a month; none where it asks for none."""
    if plan is None or not plan.usd_per_month:
        return ()
    usd = float(plan.usd_per_month)
    return (CostLine("Plan", usd, "a month, all its offers", ("plan",)),)


def plan_note(provider: Provider, offer_id: str) -> str:
    """Whose the free use is; "" where there is none."""
    plan = provider.plan_for(offer_id, sells_more=True)
    if plan is None or plan.free is None:
        return ""
    return f"{free_words(plan.free)} free, for all offers of the account together"


def free_words(allowance: Allowance) -> str:
    """An allowance as its provider counts it."""
    money = allowance.unit == MONEY
    amount = f"${allowance.amount:g}" if money else f"{allowance.amount:,g} {allowance.unit}"
    return f"{amount} a {allowance.per}"
