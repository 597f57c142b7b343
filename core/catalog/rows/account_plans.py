"""What a provider asks of an account, and gives it, whichever of its offers are used."""

from typing import Literal

from pydantic import model_validator

from core.catalog.rows.provenance import Flag, Name, Positive, PositiveDecimal, Row, Slug, Source


class Allowance(Row):
    """What an account may use for nothing: all its offers together, not each of them."""

    amount: Positive
    unit: Name
    """As the provider counts it: "neurons"; "USD" where it is money."""
    usd_per_unit: PositiveDecimal
    """What one of them costs beyond; 1 where it is money."""
    per: Literal["day", "month"]
    """When it begins anew. What a day leaves of it is lost."""


class Plan(Row):
    """One kind of account. Credits that are given once are in none: no month has them again."""

    name: Name
    usd_per_month: PositiveDecimal | None = None
    """Fee, used or not; absent: none."""
    free: Allowance | None = None
    sells_more: Flag
    """Whether use beyond what is free can be bought on it; if not, calls fail from there on."""
    offers: tuple[Slug, ...] = ()
    """Ids of the offers that it is needed for; empty: all of the provider's."""
    source: Source

    @model_validator(mode="after")
    def _says_something(self) -> "Plan":
        if self.free is None and (self.usd_per_month is None or not self.sells_more):
            raise ValueError("the plan has neither a fee nor anything free: leave it out")
        if not self.sells_more and self.usd_per_month is not None:
            raise ValueError("a plan that sells nothing more is free: leave out usd_per_month")
        return self

    def is_for(self, offer_id: str) -> bool:
        """Whether an offer falls under it."""
        return not self.offers or offer_id in self.offers


class Credit(Row):
    """What an account is given once, or must buy at first. No month's bill has it in it."""

    kind: Literal["credit", "first_purchase"]
    amount: Positive
    unit: Name
    """As the provider counts it: "tokens"; "USD" where it is money."""
    terms: str = ""
    """For whom, and until when: "each account and model", "90 days"."""
    offers: tuple[Slug, ...] = ()
    """Ids of the offers that it is for; empty: all of the provider's."""
    source: Source


def check_plans(plans: tuple[Plan, ...], offer_ids: list[str]) -> None:
    """Raise ValueError where an offer has two plans of a kind, or a plan names no offer."""
    for plan in plans:
        if strangers := sorted(set(plan.offers) - set(offer_ids)):
            raise ValueError(f"plan {plan.name!r} names no offer of the provider: {strangers[0]}")
    for offer_id in offer_ids:
        kinds = [plan.sells_more for plan in plans if plan.is_for(offer_id)]
        if len(kinds) != len(set(kinds)):
            raise ValueError(f"{offer_id} has two plans that sell more, or two that do not")
        if kinds == [False]:
            raise ValueError(f"{offer_id} has a plan that ends, and none that sells more")
