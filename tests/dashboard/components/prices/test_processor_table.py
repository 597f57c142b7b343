"""Kinds of processor, and machines without a card, as tables."""

from datetime import date
from decimal import Decimal

from core.catalog.schema import Catalog, Price, PriceUnit
from dashboard.components.prices import catalogue_tables as tables
from dashboard.components.prices.processor_table import cpu_table

TODAY = date(2026, 11, 30)


def test_a_processor_says_that_its_peak_is_computed(frozen_catalog: Catalog) -> None:
    """In the heading of every column that holds one."""
    (row,) = cpu_table(frozen_catalog, TODAY).to_dict("records")
    assert row["fp32 TFLOP/s a vCPU, computed"] == 0.1
    assert row["A vCPU is"] == "a thread"


def test_machines_are_told_apart_by_what_works_in_them(catalog: Catalog) -> None:
    """A word to search for; a card-hour of the one, a vCPU-hour of the other, never both."""
    table = tables.machine_table(catalog, TODAY).set_index("Option id")
    card, processor = table.loc["aws/g6.2xlarge"], table.loc["hetzner/ccx13"]
    assert (card["Works with"], processor["Works with"]) == ("GPU", "processor alone")
    assert table["USD per GPU-hour"].isna().equals(table["USD per vCPU-hour"].notna())
    assert processor["As billed"] == "43 EUR at 1.1637 USD"


def test_a_month_is_spread_over_its_hours(frozen_catalog: Catalog) -> None:
    """$73 a month on two vCPUs are $0.05 an hour of each, of 730 hours."""
    source = frozen_catalog.cards[0].source
    price = Price(usd=Decimal(73), unit=PriceUnit.PER_MONTH, source=source)
    assert tables.usd_per_hour_each(price, 2) == 0.05
