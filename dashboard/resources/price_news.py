"""Prices of the package genai-prices that are newer than the catalogue's, and writing them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from core.catalog.check.genai_list import genai_list
from core.catalog.check.price_check import Beside
from core.catalog.check.price_list import PriceList
from core.catalog.check.price_refresh import newer_prices, write_prices
from core.catalog.load import load_catalog
from core.errors import CatalogError
from core.settings import load_settings
from dashboard.resources.cached import cached_catalogue


@dataclass(frozen=True, slots=True)
class PriceNews:
    """What a refresh would write."""

    listed: PriceList
    rows: tuple[Beside, ...]
    folder: Path
    """Of one's own; what ships is never written."""
    today: date


def price_news() -> PriceNews:
    """What differs today. Raises CatalogError without the package, or for a broken folder."""
    if refusal := cached_catalogue.refusal():
        raise CatalogError(refusal)
    catalog, today = cached_catalogue.catalog(), datetime.now(tz=UTC).date()
    listed = genai_list(catalog, today)
    rows = newer_prices(catalog, load_catalog(), listed, today)
    return PriceNews(listed, rows, load_settings().own_catalog, today)


def write_news() -> None:
    """Write what differs, and read the catalogue again. Raises CatalogError."""
    news = price_news()
    write_prices(news.folder, load_catalog(), news.rows, news.listed, news.today)
    cached_catalogue.read_again()
