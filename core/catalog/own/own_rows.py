"""The rows of a folder of one's own, checked; none names a key or a row that ships."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core.catalog.load import ROWS, rates_of, read_provider, read_rows
from core.catalog.own.own_files import own_files
from core.catalog.own.price_rows import with_newer_prices
from core.catalog.rows.offers import Provider
from core.catalog.rows.provenance import Row
from core.catalog.schema import Catalog
from core.catalog.table_files import Table, Tables, file_name
from core.errors import CatalogError
from core.scenario import HYBRID_PREFIX, OWNED_PREFIX, THIS_MACHINE

SECRETS: Final = ("key_env", "account_env")
RESERVED: Final = (OWNED_PREFIX.strip("/"), HYBRID_PREFIX.strip("/"), THIS_MACHINE, "endpoint")
"""First words of options that are no offers, and of addresses that were typed."""


@dataclass(slots=True)
class OwnRows:
    """What a folder adds to the catalogue that ships."""

    providers: dict[str, Provider] = field(default_factory=dict)
    """By id: new ones, and those that ship with newer prices."""
    rows: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    """By the field of the catalogue."""


def own_rows(folder: Path, shipped: Catalog, tables: Tables) -> OwnRows:
    """Everything in a folder. Raises CatalogError with a sentence for each file that is wrong."""
    own, wrong = OwnRows(), []
    for path in own_files(folder):
        try:
            _add(own, folder, path, shipped, tables)
        except CatalogError as error:
            wrong.append(str(error))
    if wrong:
        raise CatalogError("\n".join(wrong))
    return own


def _add(own: OwnRows, folder: Path, path: Path, shipped: Catalog, tables: Tables) -> None:
    if path.parent != folder:
        _add_provider(own, path, tables.read(path), shipped)
        return
    key, kind = ROWS[path.stem]
    rows = read_rows(path, key, kind, tables)
    known = {getattr(row, "id", None) for row in getattr(shipped, key)} - {None}
    for i, row in enumerate(rows):
        if (row_id := getattr(row, "id", None)) in known:
            raise CatalogError(
                f"{file_name(path)}, {key}[{i}] ({row_id}): this id ships with the product, and "
                "no row that ships is replaced: give yours another id"
            )
    own.rows[key] = rows


def _add_provider(own: OwnRows, path: Path, table: Table, shipped: Catalog) -> None:
    provider_id = table.get("id")
    if provider_id in own.providers:
        raise CatalogError(f"{file_name(path)}: provider {provider_id!r} already has a file here")
    theirs = next((known for known in shipped.providers if known.id == provider_id), None)
    if theirs is not None:
        own.providers[theirs.id] = with_newer_prices(
            theirs, path, table, rates_of(shipped.currencies)
        )
        return
    for name in _secrets(table):
        raise CatalogError(
            f"{file_name(path)}, endpoint.{name}: a file of one's own names no variable, for "
            "with it a file from elsewhere could have your key sent anywhere: take it out"
        )
    provider = read_provider(path, table, rates_of(shipped.currencies))
    if provider.id in RESERVED:
        raise CatalogError(f"{file_name(path)}: the id {provider.id!r} is taken: choose another")
    own.providers[provider.id] = provider


def _secrets(table: Table) -> Iterator[str]:
    endpoint: Any = table.get("endpoint")
    if isinstance(endpoint, dict):
        yield from (name for name in SECRETS if name in endpoint)
