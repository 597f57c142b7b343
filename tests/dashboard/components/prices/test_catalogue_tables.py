"""The catalogue as tables, over the frozen one."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from core.catalog.load import load_catalog
from core.catalog.schema import (
    Catalog,
    Confidence,
    Price,
    PriceUnit,
    RateKind,
    Source,
    SourceKind,
    Throughput,
    Tier,
)
from dashboard.components.prices import catalogue_tables as tables
from dashboard.components.prices.processor_table import cpu_table

TODAY = date(2027, 1, 1)


def half(_row: Throughput) -> float:
    """Every rate implies half of the peak."""
    return 0.5


def all_tables(catalog: Catalog, as_of: date = TODAY) -> dict[str, pd.DataFrame]:
    """Every table by a name."""
    return {
        "api": tables.api_table(catalog, as_of),
        "machines": tables.machine_table(catalog, as_of),
        "processors": cpu_table(catalog, as_of),
        "cards": tables.card_table(catalog, as_of),
        "models": tables.model_table(catalog, as_of),
        "quality": tables.quality_table(catalog, as_of),
        "throughput": tables.throughput_table(catalog, as_of, half),
        "latency": tables.latency_table(catalog, as_of),
        "assumptions": tables.assumption_table(catalog, as_of),
    }


def test_each_rate_says_what_was_timed_and_a_ceiling_is_called_one() -> None:
    """The model alone bounds its card; texts/s stand in a column of their own."""
    catalog = load_catalog()
    table = tables.throughput_table(catalog, TODAY, half)
    assert set(table["Timed"]) == set(tables.RATE_KINDS.values())
    alone = table["Timed"] == tables.RATE_KINDS[RateKind.MODEL_CALL]
    assert set(table[alone]["Status"]) == {tables.CEILING}
    assert tables.CEILING not in set(table[~alone]["Status"])
    assert (table["Tokens/s"].isna() != table["Texts/s"].isna()).all()
    assert (table["Status"] == tables.USED).sum() == sum(r.usable for r in catalog.throughputs)


def price(**changes: object) -> Price:
    """A price with its source."""
    source = Source(
        read=TODAY, kind=SourceKind.JUDGEMENT, confidence=Confidence.LOW, note="invented"
    )
    fields = {"usd": Decimal("0.1"), "unit": PriceUnit.PER_MTOK, "source": source}
    return Price.model_validate(fields | changes)


def test_every_number_of_the_catalogue_is_a_row(frozen_catalog: Catalog) -> None:
    """Nothing is left out, superseded prices and unusable rates included."""
    found = {name: len(table) for name, table in all_tables(frozen_catalog).items()}
    providers = frozen_catalog.providers
    assert found == {
        "api": sum(len(offer.prices) for p in providers for offer in p.api_offers),
        "machines": sum(len(offer.prices) for p in providers for offer in p.machines),
        "processors": len(frozen_catalog.cpus),
        "cards": len(frozen_catalog.cards),
        "models": len(frozen_catalog.models),
        "throughput": len(frozen_catalog.throughputs),
        "quality": len(frozen_catalog.scores),
        "latency": len(frozen_catalog.latencies),
        "assumptions": len(frozen_catalog.assumptions),
    }


def test_age_is_counted_from_the_day_that_is_passed_in(frozen_catalog: Catalog) -> None:
    """A year later every number is a year older, and nothing else has changed."""
    later = TODAY + timedelta(days=365)
    for name, table in all_tables(frozen_catalog).items():
        aged = all_tables(frozen_catalog, later)[name]
        assert ((aged["Age (days)"] - table["Age (days)"]) == 365).all(), name
        assert aged.drop(columns="Age (days)").equals(table.drop(columns="Age (days)")), name


def test_only_the_newest_price_of_an_offer_is_in_force(frozen_catalog: Catalog) -> None:
    """Each offer has exactly one row that is not superseded."""
    table = tables.api_table(frozen_catalog, TODAY)
    in_force = table[table["Status"] != tables.SUPERSEDED]
    assert in_force["Option id"].is_unique
    assert set(in_force["Option id"]) == set(table["Option id"])


def test_a_gpu_hour_costs_the_same_however_it_is_billed() -> None:
    """By the second, by the hour, in an instance of several cards."""
    by_hour = price(usd=Decimal(8), unit=PriceUnit.PER_HOUR)
    by_second = price(usd=Decimal(8) / 3_600, unit=PriceUnit.PER_SECOND)
    assert tables.usd_per_hour_each(by_hour, 4) == pytest.approx(2.0)
    assert tables.usd_per_hour_each(by_second, 4) == pytest.approx(2.0)
    assert tables.usd_per_hour_each(price(), 1) is None


def test_tiers_are_said_in_their_order() -> None:
    """Each bound with its price; a price without tiers says nothing."""
    tiered = price(tiers=(Tier(up_to_units=1e7, usd=Decimal("0.1")), Tier(usd=Decimal("0.05"))))
    assert tables.tiers_text(tiered).replace("\xa0", " ") == "$0.1 up to 10 M, then $0.05"
    assert tables.tiers_text(price()) == ""
