"""The catalogue that ships with a folder of one's own behind it, or why that is refused."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.catalog.load import load_catalog
from core.catalog.own.own_rows import own_rows
from core.catalog.references import check_references
from core.catalog.schema import ApiOffer, Card, Catalog, MachineOffer, Provider
from core.catalog.table_files import Tables
from core.errors import CatalogError

Offer = TypeVar("Offer", ApiOffer, MachineOffer)


@dataclass(frozen=True, slots=True)
class Joined:
    """What is compared and priced with."""

    catalog: Catalog
    """With the rows of one's own, or as it ships where those are refused."""
    refusal: str = ""
    """Why the folder of one's own is not read at all; "" where it is, or there is none."""


def joined_catalog(
    folder: Path, shipped: Catalog | None = None, cache: Path | None = None
) -> Joined:
    """The catalogue that ships, and behind it what a folder of one's own adds.

    A folder with anything wrong in it is refused whole: half of it would be another catalogue
    than its author meant. ``cache``: JSON file with the tables of an earlier start. Raises
    CatalogError only for the catalogue that ships.
    """
    tables = Tables(cache)
    shipped = load_catalog(tables=tables) if shipped is None else shipped
    try:
        joined = join(folder, shipped, tables)
    except CatalogError as error:
        return Joined(
            shipped,
            f"Your own catalogue folder {folder} is not read, for in it is wrong:\n{error}",
        )
    tables.keep()
    return Joined(joined)


def join(folder: Path, shipped: Catalog, tables: Tables) -> Catalog:
    """The catalogue that ships with what a folder adds. Raises CatalogError for anything wrong."""
    own = own_rows(folder, shipped, tables)
    if not own.providers and not own.rows:
        return shipped
    providers = [own.providers.pop(provider.id, provider) for provider in shipped.providers]
    changed = {key: (*getattr(shipped, key), *rows) for key, rows in own.rows.items()}
    names = {
        "own_providers": frozenset(own.providers),
        "own_cards": frozenset(
            card.id for card in own.rows.get("cards", ()) if isinstance(card, Card)
        ),
    }
    added = [_as_yours(provider) for provider in own.providers.values()]
    joined = shipped.model_copy(update={"providers": (*providers, *added), **changed, **names})
    check_references(joined)
    return joined


def _as_yours(provider: Provider) -> Provider:
    """The provider with offers whose names say whose they are, wherever they stand."""
    return provider.model_copy(
        update={
            "api_offers": tuple(_named(offer) for offer in provider.api_offers),
            "machines": tuple(_named(offer) for offer in provider.machines),
        }
    )


def _named(offer: Offer) -> Offer:
    return offer.model_copy(update={"label": f"Yours: {offer.label}"})
