"""Prices of a day: each offer's newest that was known by then, and none before its first."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.catalog.rows.prices import Price, PriceUnit, known_by
from core.catalog.rows.provenance import Source
from core.catalog.schema import ApiOffer, Catalog, MachineOffer
from core.errors import CatalogError

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
READ = date(2026, 11, 23)


def source(dated: str | None) -> Source:
    """A source of a date."""
    fields = {"url": "https://a.example", "read": READ, "dated": dated}
    return Source.model_validate(fields | {"kind": "secondary", "confidence": "low"})


def offers(catalog: Catalog) -> Iterator[ApiOffer | MachineOffer]:
    """Everything that is sold."""
    for provider in catalog.providers:
        yield from provider.api_offers
        yield from provider.machines


@pytest.mark.parametrize(
    ("dated", "first"),
    [
        ("2026", date(2026, 1, 1)),
        ("2026-06", date(2026, 6, 1)),
        ("2026-06-15", date(2026, 6, 15)),
        ("2025 to 2026-02", date(2026, 2, 1)),
        (None, READ),
    ],
)
def test_a_month_counts_from_its_first_day_and_a_year_likewise(
    dated: str | None, first: date
) -> None:
    """The day before there is no price, on that day there is."""
    price = Price(usd=Decimal(1), unit=PriceUnit.PER_MTOK, source=source(dated))
    assert known_by((price,), first) == (price,)
    assert known_by((price,), first - timedelta(days=1)) == ()


def test_a_date_that_is_no_day_is_refused() -> None:
    """A thirteenth month has no first day."""
    with pytest.raises(ValidationError, match="month"):
        source("2025-13")


def test_the_far_future_is_as_no_day(catalog: Catalog) -> None:
    """All prices are known by then."""
    assert catalog.as_of(date(2100, 12, 31)) == catalog.as_of(None) == catalog


@given(one=DAYS, other=DAYS)
def test_a_later_day_never_has_an_older_price(one: date, other: date, catalog: Catalog) -> None:
    """What was known by a day is the beginning of what was known by a later one."""
    before, after = sorted((one, other))
    known = zip(offers(catalog.as_of(before)), offers(catalog.as_of(after)), strict=True)
    for first, second in known:
        assert second.prices[: len(first.prices)] == first.prices


@given(day=DAYS)
def test_the_price_of_a_day_is_the_newest_that_began(day: date, catalog: Catalog) -> None:
    """Worked out apart, from the text of the dates."""
    for whole, by_then in zip(offers(catalog), offers(catalog.as_of(day)), strict=True):
        firsts = [
            (price, (price.source.as_of + "-01-01")[:10] <= day.isoformat())
            for price in whole.prices
        ]
        assert by_then.prices == tuple(price for price, began in firsts if began)


def test_a_price_of_ones_own_needs_the_unit_alone(frozen_catalog: Catalog) -> None:
    """Nothing that was charged or given later besides goes into the bill of an earlier day."""
    day, name = date(2001, 1, 1), "alpha/tiered"
    sold = frozen_catalog.as_of(day, {name}).find_api(name)
    whole = frozen_catalog.find_api(name)
    assert sold is not None
    assert whole is not None
    (price,) = sold[1].prices
    assert (price.unit, price.tiers) == (whole[1].prices[0].unit, ())
    bare = frozen_catalog.as_of(day).find_api(name)
    assert bare is not None
    with pytest.raises(CatalogError, match="no price by the day that is asked"):
        _ = bare[1].price
    assert not any(offer.prices for offer in offers(frozen_catalog.as_of(day)))
