"""A discount that one has, and one that should be asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from core.catalog.schema import Catalog, Price
from core.cost.curve.breakdown import CostLine
from core.decide.result.option import BY_USE, Option, OptionKind, PriceUsed
from core.errors import ScenarioError

PRICED: Final = frozenset({"price", "price of the API", "price of the GPU"})
"""Inputs of the lines that follow a price of the provider."""


def discounts_of(discounts: Iterable[tuple[str, float]], catalog: Catalog) -> Mapping[str, float]:
    """Shares off list by provider id. Raises ScenarioError for a provider that there is not."""
    shares = dict(discounts)
    strange = shares.keys() - {provider.id for provider in catalog.providers}
    if strange:
        raise ScenarioError(f"discounts: the catalogue has no provider {min(strange)!r}")
    return shares


def discount_words(price: Price) -> str:
    """That a price is less one's discount; "" of one by list."""
    return f"{100 * price.share_off:.3g} % off list: your discount" if price.share_off else ""


def worth_asking(option: Option, lines: Iterable[CostLine], from_usd: float) -> str:
    """That a bill by list price is so large that nobody pays it; "" of all others.

    ``lines`` are those of a month, ``from_usd`` the month's bill from which it is said. What one
    has negotiated, reserved or typed is no list price any more.
    """
    usd = sum(line.usd_per_month for line in lines if PRICED & set(line.inputs))
    by_list = [price for price in _paid_to_others(option) if _is_list(price)]
    if usd <= from_usd or not by_list:
        return ""
    return (
        f"${usd:,.0f} a month is by list price: at this size a discount is negotiated; type yours."
    )


def with_terms(option: Option, lines: Iterable[CostLine]) -> tuple[CostLine, ...]:
    """The lines of a bill, with one's own terms named in those that follow a price."""
    return tuple(_with_terms(option, line) for line in lines)


def _with_terms(option: Option, line: CostLine) -> CostLine:
    terms = {"price": option.price.said, "price of the GPU": option.price.said}
    if option.burst is not None:
        terms["price of the API"] = option.burst.price.said
    named = [terms.get(name, "") for name in line.inputs if name in PRICED]
    more = [words for words in named if words and words not in line.explanation]
    if not more:
        return line
    return replace(line, explanation=", ".join((line.explanation, *more)))


def _paid_to_others(option: Option) -> Iterable[PriceUsed]:
    """Prices that a provider asks: of a hybrid those of both sides, of what is owned none."""
    if option.kind in BY_USE or option.kind is OptionKind.RENTED:
        yield option.price
    if option.burst is not None:
        yield option.burst.price
        if option.owned is None and option.price.unit is not None:
            yield option.price


def _is_list(price: PriceUsed) -> bool:
    return not price.is_yours and not price.said
