"""Newer prices are written as dated rows of one's own, once, at once, and never over others."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.catalog.check.price_check import Beside
from core.catalog.check.price_list import PriceList, Quote
from core.catalog.check.price_refresh import newer_prices, write_prices
from core.catalog.own.joined import joined_catalog
from core.catalog.schema import Catalog, PriceUnit
from core.errors import CatalogError
from tests.catalog.own.own_texts import MINE, newer, write

TODAY = date(2026, 12, 24)


def listed(usd: str, option: str = "alpha/flat", version: str = "9.0.0") -> PriceList:
    """A list of a package with one price."""
    quote = Quote('a "model"\\', {PriceUnit.PER_MTOK: Decimal(usd)}, Decimal(usd) / 2)
    return PriceList(f"genai-prices {version}", "genai-prices", version, {option: quote})


def refreshed(folder: Path, shipped: Catalog, one: PriceList, today: date) -> Catalog:
    """What is compared after a refresh."""
    catalog = joined_catalog(folder, shipped).catalog
    write_prices(folder, shipped, newer_prices(catalog, shipped, one, today), one, today)
    joined = joined_catalog(folder, shipped)
    assert joined.refusal == ""
    return joined.catalog


def rows_of(catalog: Catalog, option: str = "alpha/flat") -> list[tuple[Decimal, str | None]]:
    """Prices of an offer with the version that they come from, oldest first."""
    sold = catalog.find_api(option)
    assert sold is not None
    return [(price.usd, price.source.version) for price in sold[1].prices]


def test_a_newer_price_becomes_a_dated_row_with_its_source(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """Package, version and day stand in it; what ships is before it, as it was."""
    shipped = rows_of(frozen_catalog)
    catalog = refreshed(tmp_path, frozen_catalog, listed("0.7"), TODAY)
    assert rows_of(catalog) == [*shipped, (Decimal("0.7"), "9.0.0")]
    sold = catalog.find_api("alpha/flat")
    assert sold is not None
    assert sold[1].price.source.where == "PyPI: genai-prices 9.0.0"
    assert sold[1].price.source.as_of == "2026-12-24"
    assert sold[1].price.batch_usd == Decimal("0.35")


def test_a_second_refresh_writes_nothing(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """The same list a day later has nothing new, and a later version adds one row behind."""
    refreshed(tmp_path, frozen_catalog, listed("0.7"), TODAY)
    (file,) = tmp_path.rglob("*.toml")
    before = file.read_bytes()
    later = TODAY + timedelta(days=1)
    refreshed(tmp_path, frozen_catalog, listed("0.7"), later)
    assert file.read_bytes() == before
    catalog = refreshed(tmp_path, frozen_catalog, listed("0.8", version="9.0.1"), later)
    assert [usd for usd, _ in rows_of(catalog)][-2:] == [Decimal("0.7"), Decimal("0.8")]
    assert file.read_bytes().startswith(before.rstrip())


@pytest.mark.parametrize("version", ["8.9.9", "9.0.0"])
def test_an_older_list_takes_no_price_back(
    tmp_path: Path, frozen_catalog: Catalog, version: str
) -> None:
    """Somebody with an older package does not undo what a newer one said."""
    catalog = refreshed(tmp_path, frozen_catalog, listed("0.7"), TODAY)
    older, later = listed("0.3", version=version), TODAY + timedelta(days=9)
    assert newer_prices(catalog, frozen_catalog, older, later) == ()


def test_what_a_user_wrote_in_the_file_stays(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """Comments, rows and other files; the row goes behind them."""
    text = "# mine\n" + newer()
    file = write(tmp_path, "api/alpha.toml", text)
    other = write(tmp_path, "api/mine.toml", MINE)
    catalog = refreshed(tmp_path, frozen_catalog, listed("0.7"), TODAY)
    assert file.read_text().startswith(text)
    assert other.read_text() == MINE
    assert [usd for usd, _ in rows_of(catalog)][-2:] == [Decimal("0.5"), Decimal("0.7")]
    assert sorted(path.name for path in (tmp_path / "api").iterdir()) == ["alpha.toml", "mine.toml"]


def test_a_price_with_tiers_or_fees_is_left_to_a_person(frozen_catalog: Catalog) -> None:
    """The list has one number, and a new row would lose the rest."""
    assert newer_prices(frozen_catalog, frozen_catalog, listed("9", "alpha/tiered"), TODAY) == ()


def test_a_row_of_ones_own_provider_is_not_refreshed(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """Whose prices it has, only its author knows."""
    write(tmp_path, "api/mine.toml", MINE)
    catalog = joined_catalog(tmp_path, frozen_catalog).catalog
    assert newer_prices(catalog, frozen_catalog, listed("9", "mine/small"), TODAY) == ()


def test_what_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """A file where the folder should be, or a row that is not newer: a sentence, no half file."""
    one = listed("0.7")
    rows = newer_prices(frozen_catalog, frozen_catalog, one, TODAY)
    blocked = write(tmp_path, "blocked", "")
    with pytest.raises(CatalogError, match="cannot be written"):
        write_prices(blocked, frozen_catalog, rows, one, TODAY)
    (stale,) = (as_beside for as_beside in rows)
    assert isinstance(stale, Beside)
    with pytest.raises(CatalogError, match="is not newer"):
        write_prices(tmp_path / "own", frozen_catalog, [stale], one, date(2020, 1, 1))
    assert not (tmp_path / "own").exists()
