"""Newer prices of offers that ship: all that may be added to a provider that ships."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from core.catalog.complaints import sentences
from core.catalog.load import validated
from core.catalog.rows.offers import ApiOffer, MachineOffer, Provider
from core.catalog.rows.prices import Price, Prices
from core.catalog.rows.provenance import Row, Slug
from core.catalog.table_files import Table, file_name
from core.errors import CatalogError

LISTS: Final = ("api_offers", "machines")

Offer = TypeVar("Offer", ApiOffer, MachineOffer)


class OfferPrices(Row):
    """Further prices of one offer."""

    id: Slug
    prices: Prices


class PriceRows(Row):
    """The file of a provider that ships, with prices alone."""

    id: Slug
    api_offers: tuple[OfferPrices, ...] = ()
    machines: tuple[OfferPrices, ...] = ()


def with_newer_prices(
    shipped: Provider, path: Path, table: Table, rates: Mapping[str, Decimal]
) -> Provider:
    """The provider with the newer prices of a file. Raises CatalogError for anything else in it."""
    _refuse_other_keys(shipped, path, table)
    added = validated(path, table, PriceRows, rates=rates)
    changed = {
        "api_offers": _priced(shipped.api_offers, added.api_offers, path, "api_offers"),
        "machines": _priced(shipped.machines, added.machines, path, "machines"),
    }
    return shipped.model_copy(update=changed)


def _refuse_other_keys(shipped: Provider, path: Path, table: Table) -> None:
    """What is said of a row that ships is never replaced, not even by the same."""
    rule = (
        f"{shipped.id} ships with the product, and only newer prices of its offers may be added: "
        "take it out, or give a provider of your own another id"
    )
    strangers = [key for key in table if key not in ("id", *LISTS)]
    strangers += [
        f"{key}[{i}] ({row.get('id', 'without id')}) {name}"
        for key in LISTS
        for i, row in enumerate(_tables(table.get(key)))
        for name in row
        if name not in ("id", "prices")
    ]
    if strangers:
        raise CatalogError(f"{file_name(path)}, {strangers[0]}: {rule}")


def _tables(rows: Any) -> list[Table]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _priced(
    offers: tuple[Offer, ...], added: tuple[OfferPrices, ...], path: Path, key: str
) -> tuple[Offer, ...]:
    """The offers in their order, each with its further prices behind its own."""
    known = {offer.id: offer for offer in offers}
    for i, row in enumerate(added):
        where = f"{file_name(path)}, {key}[{i}] ({row.id})"
        if row.id not in known:
            raise CatalogError(
                f"{where}: {path.stem} ships without such an offer, and only newer prices of its "
                "offers may be added: sell it under a provider of your own"
            )
        known[row.id] = _with(known[row.id], row, where)
    return tuple(known[offer.id] for offer in offers)


def _with(offer: Offer, row: OfferPrices, where: str) -> Offer:
    newest, first = offer.price, row.prices[0]
    if _date(first) <= _date(newest):
        raise CatalogError(
            f"{where}: its price of {first.source.as_of}, read {first.source.read}, is not newer "
            f"than the one of {newest.source.as_of}, read {newest.source.read}: only newer ones "
            "may be added"
        )
    try:
        return type(offer).model_validate({**dict(offer), "prices": (*offer.prices, *row.prices)})
    except ValidationError as error:
        faults = "; ".join(sentences(error, {}))
        raise CatalogError(f"{where}: {faults}") from error


def _date(price: Price) -> tuple[str, Any]:
    return price.source.as_of, price.source.read
