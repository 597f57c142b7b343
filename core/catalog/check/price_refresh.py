"""Newer prices as dated rows in one's own folder, never in the data that ships.

A row is written where the list disagrees, and where ours does not come from the same or a later
version of it. A price with tiers or fees is more than the list's number: it stays for a person.
"""

import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from core.catalog.check.price_check import DISAGREES, Beside, check_prices
from core.catalog.check.price_list import PriceList
from core.catalog.own.price_rows import with_newer_prices
from core.catalog.own.replacing import replace_all
from core.catalog.schema import Catalog, Price, Provider
from core.errors import CatalogError

HEAD: Final = "# Newer prices of offers that ship, written by `breakeven prices refresh`.\n"
ROW: Final = """
[[api_offers]]
id = "{offer}"
[[api_offers.prices]]
usd = {usd:f}
unit = "{unit}"{batch}
[api_offers.prices.source]
package = "{package}"
version = "{version}"
read = {today}
kind = "secondary"
confidence = "low"
note = "Model {model} of the package; before it the price was ${before:f}."
"""


def newer_prices(
    catalog: Catalog, shipped: Catalog, one: PriceList, today: date
) -> tuple[Beside, ...]:
    """Rows that a refresh would write: nothing where the catalogue knows it already."""
    ids = {provider.id for provider in shipped.providers}
    return tuple(
        row
        for row in check_prices(catalog, (one,), today, None).beside
        if row.verdict == DISAGREES
        and row.option_id.partition("/")[0] in ids
        and _may_follow(_price(catalog, row), one, today)
    )


def _price(catalog: Catalog, row: Beside) -> Price:
    sold = catalog.find_api(row.option_id)
    if sold is None:
        raise CatalogError(f"{row.option_id} is not in the catalogue: read it again")
    return sold[1].price


def _may_follow(price: Price, one: PriceList, today: date) -> bool:
    """Whether a row of this list, read today, is newer than a price and says all of it."""
    more = (price.tiers, price.free_units, price.usd_fixed_per_month, price.usd_minimum_per_month)
    if any(more) or price.usd_per_call is not None:
        return False
    source = price.source
    if source.package == one.package and _numbers(source.version) >= _numbers(one.version):
        return False
    return (source.as_of, source.read) < (today.isoformat(), today)


def _numbers(version: str | None) -> tuple[int, ...]:
    """Of "0.2.3" (0, 2, 3): enough to tell which release is later."""
    return tuple(int(part) for part in (version or "").split(".") if part.isdigit())


def write_prices(
    folder: Path, shipped: Catalog, rows: Sequence[Beside], one: PriceList, today: date
) -> tuple[Path, ...]:
    """Add the rows to the files of a folder of one's own; returns the files.

    Every text is checked before the first is written, and each file is replaced at once: a reader
    sees the old one or the new one. Raises CatalogError, and then nothing was written.
    """
    texts = {
        folder / "api" / f"{provider.id}.toml": _text(folder, provider, rows, one, today)
        for provider in shipped.providers
        if any(row.option_id.startswith(f"{provider.id}/") for row in rows)
    }
    try:
        replace_all(texts)
    except OSError as error:
        raise CatalogError(f"{folder} cannot be written: {error.strerror or error}") from error
    return tuple(texts)


def _text(
    folder: Path, provider: Provider, rows: Sequence[Beside], one: PriceList, today: date
) -> str:
    """The provider's file with its further rows at the end; what stands in it stays as it is."""
    path = folder / "api" / f"{provider.id}.toml"
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    text = before.rstrip("\n") + "\n" if before else f'{HEAD}id = "{provider.id}"\n'
    text += "".join(
        _row(row, one, today) for row in rows if row.option_id.startswith(f"{provider.id}/")
    )
    with_newer_prices(provider, path, tomllib.loads(text, parse_float=Decimal), {})
    return text


def _row(row: Beside, one: PriceList, today: date) -> str:
    batch = row.their_batch_usd
    return ROW.format(
        offer=row.option_id.partition("/")[2],
        usd=row.theirs_usd,
        unit=row.unit.value,
        batch="" if batch is None else f"\nbatch_usd = {batch:f}",
        package=one.package,
        version=one.version,
        today=today,
        model=row.their_model.replace("\\", "").replace('"', ""),
        before=row.ours_usd,
    )
