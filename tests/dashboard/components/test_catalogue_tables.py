"""The catalogue as tables, over the frozen one."""

import math
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.catalog.schema import (
    ApiOffer,
    Catalog,
    Confidence,
    GpuOffer,
    Price,
    PriceUnit,
    Source,
    SourceKind,
    Throughput,
    Tier,
)
from dashboard.components import catalogue_tables as tables
from dashboard.components.catalogue_doubts import doubts, price_spread
from dashboard.components.catalogue_view import caption

TODAY = date(2027, 1, 1)


def half(_row: Throughput) -> float:
    """Every rate implies half of the peak."""
    return 0.5


def all_tables(catalog: Catalog, as_of: date = TODAY) -> dict[str, pd.DataFrame]:
    """Every table by a name."""
    return {
        "api": tables.api_table(catalog, as_of),
        "gpu": tables.gpu_table(catalog, as_of),
        "cards": tables.card_table(catalog, as_of),
        "models": tables.model_table(catalog, as_of),
        "throughput": tables.throughput_table(catalog, as_of, half),
        "latency": tables.latency_table(catalog, as_of),
        "assumptions": tables.assumption_table(catalog, as_of),
    }


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
        "gpu": sum(len(offer.prices) for p in providers for offer in p.gpu_offers),
        "cards": len(frozen_catalog.cards),
        "models": len(frozen_catalog.models),
        "throughput": len(frozen_catalog.throughputs),
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
    assert tables.usd_per_gpu_hour(by_hour, 4) == pytest.approx(2.0)
    assert tables.usd_per_gpu_hour(by_second, 4) == pytest.approx(2.0)
    assert tables.usd_per_gpu_hour(price(), 1) is None


def test_tiers_are_said_in_their_order() -> None:
    """Each bound with its price; a price without tiers says nothing."""
    tiered = price(tiers=(Tier(up_to_units=1e7, usd=Decimal("0.1")), Tier(usd=Decimal("0.05"))))
    assert tables.tiers_text(tiered).replace("\xa0", " ") == "$0.1 up to 10 M, then $0.05"
    assert tables.tiers_text(price()) == ""


@given(
    st.lists(st.sampled_from(["Alpha", "flat", "usd", "0.1", "per", "nothing-at-all"]), max_size=4)
)
def test_a_search_keeps_exactly_the_rows_with_every_word(words: list[str]) -> None:
    """Order, case and repetition of the words do not matter."""
    table = pd.DataFrame(
        {
            "a": ["Alpha flat", "Beta", None],
            "b": [0.1, float("nan"), 2.0],
            "c": ["per usd", "", "per"],
        }
    )
    found = tables.matching(table, " ".join(words).upper())
    again = tables.matching(table, " ".join(sorted(words + words)))
    assert found.equals(again)
    for row in found.to_dict("records"):
        assert all(word.casefold() in str(row).casefold() for word in words)
    if not words:
        assert len(found) == len(table)


def test_a_search_does_not_find_what_is_absent() -> None:
    """A programme writes absence as "nan" or "None"; that is nothing to look for."""
    table = pd.DataFrame({"a": ["x", "y"], "b": [None, 1.0]})
    assert tables.matching(table, "nan").empty
    assert tables.matching(table, "none").empty


@pytest.mark.parametrize(
    ("ages", "of", "start"),
    [
        ([1], 1, "1 row, read 1 day ago."),
        ([0, 0], 2, "2 rows, read 0 days ago."),
        ([3, 40], 9, "2 of 9 rows, read 3 to 40 days ago."),
        ([], 9, "0 of 9 rows."),
    ],
)
def test_the_caption_says_how_much_and_how_old(ages: list[int], of: int, start: str) -> None:
    """The age of what is shown is in sight above it."""
    assert caption(pd.DataFrame({"Age (days)": ages}), of).startswith(start)


def test_columns_that_nothing_fills_are_not_shown() -> None:
    """A column of unknowns takes room and says nothing; one known value keeps it."""
    table = pd.DataFrame({"a": ["", ""], "b": [None, 1.0], "c": [float("nan")] * 2, "d": [0, 0]})
    assert list(tables.filled(table)) == ["b", "d"]


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("Price (USD)", 0.1, "$0.10"),
        ("Price (USD)", 0.0125, "$0.0125"),
        ("New (USD)", 1199.0, "$1,199.00"),
        ("Implied MFU", 0.31, "31 %"),
        ("Tokens/s", 62_200.0, "62,200"),
        ("bf16", True, "yes"),
        ("Read", date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_a_cell_is_shown_by_its_column(column: str, value: object, text: str) -> None:
    """Money has its sign and its cents, a share its percent."""
    assert tables.cell_text(column, value).replace("\xa0", " ") == text


def test_what_is_unknown_of_a_row_is_left_out() -> None:
    """Absent is not a word on the page."""
    record: dict[str, object] = {"a": None, "b": "", "c": math.nan, "d": 0.0, "e": "x", "f": "y"}
    assert [name for name, _ in tables.fields_of(record, skip=["f"])] == ["d", "e"]


def test_a_spread_says_what_is_used() -> None:
    """From the lowest to the highest that a source says, the price in force beside it."""
    spread = price(low=Decimal("0.05"), high=Decimal("0.15"))
    text = price_spread(spread)
    assert text == "sources say $0.05 to $0.15 per 1M tokens; $0.10 is used"


def test_every_doubtful_row_has_its_sentence(frozen_catalog: Catalog) -> None:
    """As many sentences as unusable rates; each spread, withdrawn and changed offer is named."""
    said = {group.heading: group.sentences for group in doubts(frozen_catalog, half)}
    unusable = [row for row in frozen_catalog.throughputs if not row.usable]
    assert len(said.get("Published rates that are not used", ())) == len(unusable)
    everything = "\n".join(line for lines in said.values() for line in lines)
    for provider in frozen_catalog.providers:
        offers: tuple[ApiOffer | GpuOffer, ...] = (*provider.api_offers, *provider.gpu_offers)
        for offer in offers:
            doubtful = offer.status != "current" or offer.price.low or offer.price.high
            assert not doubtful or offer.label in everything
            assert len(offer.prices) == 1 or offer.label in everything


def test_the_shipped_catalogues_impossible_rates_are_told_with_their_share() -> None:
    """A rate above the card's peak is shown with the share that it would need."""
    groups = doubts(load_catalog(), lambda _: 15.0)
    text = "\n".join(line for group in groups for line in group.sentences)
    assert "an implied MFU of 1,500\xa0%" in text
