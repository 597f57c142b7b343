"""Read the catalogue's TOML files into one checked, immutable Catalog."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from pydantic import ValidationError

from core.catalog.complaints import sentences
from core.catalog.references import check_references
from core.catalog.rows.currencies import RATES, Currency
from core.catalog.rows.facts import (
    Assumption,
    Card,
    Conflict,
    Cpu,
    ModelCard,
    PublishedLatency,
    QualityScore,
)
from core.catalog.rows.offers import Provider
from core.catalog.rows.provenance import Row
from core.catalog.rows.rate_rows import Throughput
from core.catalog.schema import Catalog
from core.catalog.table_files import Table, Tables, file_name
from core.errors import CatalogError, ModelInputError
from core.serving.queue.queue_table import QueueTable
from core.uncollected import uncollected

DATA: Final = Path(__file__).with_name("data")
"""The catalogue that ships with the product."""

QUEUE: Final = Path(__file__).parent.parent / "serving" / "data" / "batch_queue.npz"

PROVIDER_FOLDERS: Final = ("api", "machine")
"""Folders with one file a provider: those that sell calls, then those that rent machines."""

ROWS: Final[Mapping[str, tuple[str, type[Row]]]] = {
    "cards": ("cards", Card),
    "models": ("models", ModelCard),
    "quality": ("scores", QualityScore),
    "throughput": ("throughputs", Throughput),
    "latency": ("latencies", PublishedLatency),
    "assumptions": ("assumptions", Assumption),
    "conflicts": ("conflicts", Conflict),
    "cpus": ("cpus", Cpu),
    "currencies": ("currencies", Currency),
}
"""Files that hold rows: the name of their list, which is the catalogue's field, and of what."""

OPTIONAL: Final = ("cpus", "currencies")
"""Files that a catalogue may do without."""

RowType = TypeVar("RowType", bound=Row)


def load_catalog(folder: Path | None = None, tables: Tables | None = None) -> Catalog:
    """Load a catalogue folder; the one that ships with the product by default.

    ``folder`` holds ``api/*.toml`` and ``machine/*.toml``, one file a provider and named after it,
    and ``cards``, ``models``, ``quality``, ``throughput``, ``latency``, ``assumptions`` and
    ``conflicts`` ``.toml``; where machines have no card ``cpus.toml``, where prices are not in USD
    ``currencies.toml``. ``tables`` reads the files; it may know them from before.

    Raises CatalogError, which names file, row and mend, where anything does not hold together.
    """
    folder = DATA if folder is None else folder
    if not folder.is_dir():
        raise CatalogError(f"{folder} is not a folder: name one that holds a catalogue")
    tables = tables or Tables()
    with uncollected():
        rows = {
            key: read_rows(folder / f"{name}.toml", key, row, tables)
            for name, (key, row) in ROWS.items()
            if name not in OPTIONAL or (folder / f"{name}.toml").exists()
        }
        providers = tuple(_providers(folder, tables, rates_of(rows.get("currencies", ()))))
        catalog = Catalog.model_validate({"providers": providers, "queue": _queue_table(), **rows})
    check_references(catalog)
    return catalog


def rates_of(currencies: Iterable[Row]) -> dict[str, Decimal]:
    """USD for one of each currency."""
    return {row.id: row.usd for row in currencies if isinstance(row, Currency)}


def _queue_table() -> QueueTable:
    """The solved queue; the same for every catalogue, since it knows no prices."""
    try:
        with np.load(QUEUE, allow_pickle=False) as arrays:
            return QueueTable.from_arrays(arrays)
    except (OSError, ValueError, zipfile.BadZipFile, ModelInputError) as error:
        raise CatalogError(
            f"{file_name(QUEUE)} cannot be used ({error}): make it anew with "
            "python -m core.serving.queue.tabulate, or install the package again"
        ) from error


def _providers(folder: Path, tables: Tables, rates: Mapping[str, Decimal]) -> Iterator[Provider]:
    """Every provider of the folder: those that sell calls first, then those that rent machines."""
    seen: dict[str, Path] = {}
    for path in (p for kind in PROVIDER_FOLDERS for p in sorted(folder.glob(f"{kind}/*.toml"))):
        provider = read_provider(path, tables.read(path), rates)
        if provider.id in seen:
            raise CatalogError(
                f"{file_name(path)}: provider {provider.id!r} already has a file, "
                f"{file_name(seen[provider.id])}: put all its offers in one of them"
            )
        seen[provider.id] = path
        yield provider


def read_provider(path: Path, table: Table, rates: Mapping[str, Decimal]) -> Provider:
    """A provider's own file, which is named after it."""
    provider = validated(path, table, Provider, rates=rates)
    if provider.id != path.stem:
        raise CatalogError(
            f"{file_name(path)}: the provider's id is {provider.id!r}: "
            f"name the file {provider.id}.toml, or mend the id"
        )
    return provider


def read_rows(path: Path, key: str, row_type: type[RowType], tables: Tables) -> tuple[RowType, ...]:
    """The ``[[key]]`` rows of one file."""
    table = tables.read(path)
    strangers = sorted(set(table) - {key})
    if strangers:
        raise CatalogError(
            f"{file_name(path)}: unknown key {strangers[0]!r}: this file holds [[{key}]] rows only"
        )
    rows = table.get(key, [])
    if not isinstance(rows, list):
        raise CatalogError(f"{file_name(path)}: write each row under its own [[{key}]]")
    return tuple(validated(path, row, row_type, (key, i)) for i, row in enumerate(rows))


def validated(
    path: Path,
    table: Table,
    row_type: type[RowType],
    row: tuple[str | int, ...] = (),
    rates: Mapping[str, Decimal] | None = None,
) -> RowType:
    """One row, or every complaint about it at once."""
    try:
        return row_type.model_validate(table, context={RATES: rates or {}})
    except ValidationError as error:
        where = sentences(error, table, row)
        raise CatalogError("\n".join(f"{file_name(path)}, {text}" for text in where)) from error
