"""Read the catalogue's TOML files into one checked, immutable Catalog."""

import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

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
    Throughput,
)
from core.catalog.rows.offers import Provider
from core.catalog.rows.provenance import Row
from core.catalog.schema import Catalog
from core.errors import CatalogError, ModelInputError
from core.serving.queue.queue_table import QueueTable

DATA: Final = Path(__file__).with_name("data")
"""The catalogue that ships with the product."""

QUEUE: Final = Path(__file__).parent.parent / "serving" / "data" / "batch_queue.npz"

Table = dict[str, Any]
RowType = TypeVar("RowType", bound=Row)


def load_catalog(folder: Path | None = None) -> Catalog:
    """Load a catalogue folder; the one that ships with the product by default.

    ``folder`` holds ``api/*.toml`` and ``machine/*.toml``, one file a provider and named after it,
    and ``cards``, ``models``, ``quality``, ``throughput``, ``latency``, ``assumptions`` and
    ``conflicts`` ``.toml``; where machines have no card ``cpus.toml``, where prices are not in USD
    ``currencies.toml``.

    Raises CatalogError, which names file, row and mend, where anything does not hold together.
    """
    folder = DATA if folder is None else folder
    if not folder.is_dir():
        raise CatalogError(f"{folder} is not a folder: name one that holds a catalogue")
    currencies = _rows_if_any(folder / "currencies.toml", "currencies", Currency)
    rates = {currency.id: currency.usd for currency in currencies}
    catalog = Catalog(
        providers=tuple(_providers(folder, rates)),
        cards=_rows(folder / "cards.toml", "cards", Card),
        cpus=_rows_if_any(folder / "cpus.toml", "cpus", Cpu),
        currencies=currencies,
        models=_rows(folder / "models.toml", "models", ModelCard),
        scores=_rows(folder / "quality.toml", "scores", QualityScore),
        throughputs=_rows(folder / "throughput.toml", "throughputs", Throughput),
        latencies=_rows(folder / "latency.toml", "latencies", PublishedLatency),
        assumptions=_rows(folder / "assumptions.toml", "assumptions", Assumption),
        conflicts=_rows(folder / "conflicts.toml", "conflicts", Conflict),
        queue=_queue_table(),
    )
    check_references(catalog)
    return catalog


def _queue_table() -> QueueTable:
    """The solved queue; the same for every catalogue, since it knows no prices."""
    try:
        with np.load(QUEUE, allow_pickle=False) as arrays:
            return QueueTable.from_arrays(arrays)
    except (OSError, ValueError, zipfile.BadZipFile, ModelInputError) as error:
        raise CatalogError(
            f"{_name(QUEUE)} cannot be used ({error}): make it anew with "
            "python -m core.serving.queue.tabulate, or install the package again"
        ) from error


def _providers(folder: Path, rates: Mapping[str, Decimal]) -> Iterator[Provider]:
    """Every provider of the folder: those that sell calls first, then those that rent machines."""
    seen: dict[str, Path] = {}
    for path in [*sorted(folder.glob("api/*.toml")), *sorted(folder.glob("machine/*.toml"))]:
        provider = _validated(path, _read(path), Provider, rates=rates)
        if provider.id != path.stem:
            raise CatalogError(
                f"{_name(path)}: the provider's id is {provider.id!r}: "
                f"name the file {provider.id}.toml, or mend the id"
            )
        if provider.id in seen:
            raise CatalogError(
                f"{_name(path)}: provider {provider.id!r} already has a file, "
                f"{_name(seen[provider.id])}: put all its offers in one of them"
            )
        seen[provider.id] = path
        yield provider


def _rows(path: Path, key: str, row_type: type[RowType]) -> tuple[RowType, ...]:
    """The ``[[key]]`` rows of one file."""
    table = _read(path)
    strangers = sorted(set(table) - {key})
    if strangers:
        raise CatalogError(
            f"{_name(path)}: unknown key {strangers[0]!r}: this file holds [[{key}]] rows only"
        )
    rows = table.get(key, [])
    if not isinstance(rows, list):
        raise CatalogError(f"{_name(path)}: write each row under its own [[{key}]]")
    return tuple(_validated(path, row, row_type, (key, i)) for i, row in enumerate(rows))


def _rows_if_any(path: Path, key: str, row_type: type[RowType]) -> tuple[RowType, ...]:
    """The same of a file that a catalogue may do without."""
    return _rows(path, key, row_type) if path.exists() else ()


def _read(path: Path) -> Table:
    """One TOML file, its decimal numbers kept exactly as written."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise CatalogError(f"{_name(path)} is missing: restore it") from error
    except OSError as error:
        raise CatalogError(f"{_name(path)} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CatalogError(
            f"{_name(path)}: byte {error.start} is not UTF-8: save the file as UTF-8 text"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError, ArithmeticError, ValueError) as error:
        raise CatalogError(f"{_name(path)} is not valid TOML: {error}") from error


def _validated(
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
        raise CatalogError("\n".join(f"{_name(path)}, {text}" for text in where)) from error


def _name(path: Path) -> str:
    """A file as the reader knows it: with its folder, not with the whole path of a machine."""
    return f"{path.parent.name}/{path.name}"
