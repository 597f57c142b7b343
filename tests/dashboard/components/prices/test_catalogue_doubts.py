"""What in the catalogue deserves doubt, over the frozen one."""

from datetime import date
from decimal import Decimal

from core.catalog.load import load_catalog
from core.catalog.schema import (
    ApiOffer,
    Catalog,
    Confidence,
    MachineOffer,
    Price,
    PriceUnit,
    Source,
    SourceKind,
    Throughput,
)
from dashboard.components.prices.catalogue_doubts import doubts, price_spread

TODAY = date(2027, 1, 1)


def half(_row: Throughput) -> float:
    """Every rate implies half of the peak."""
    return 0.5


def price(**changes: object) -> Price:
    """A price with its source."""
    source = Source(
        read=TODAY, kind=SourceKind.JUDGEMENT, confidence=Confidence.LOW, note="invented"
    )
    fields = {"usd": Decimal("0.1"), "unit": PriceUnit.PER_MTOK, "source": source}
    return Price.model_validate(fields | changes)


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
        offers: tuple[ApiOffer | MachineOffer, ...] = (*provider.api_offers, *provider.machines)
        for offer in offers:
            doubtful = offer.status != "current" or offer.price.low or offer.price.high
            assert not doubtful or offer.label in everything
            assert len(offer.prices) == 1 or offer.label in everything


def test_a_ceiling_is_no_doubt_and_a_rate_in_texts_keeps_its_unit() -> None:
    """The model call alone is shown as a ceiling in the table; texts/s are not called tokens/s."""
    said = {group.heading: group.sentences for group in doubts(load_catalog(), lambda _: None)}
    lines = said["Published rates that are not used"]
    assert not any("TensorRT (demo BERT)" in line for line in lines)
    assert any("texts/s" in line for line in lines)
    assert all(("texts/s. " in line) != ("tokens/s. " in line) for line in lines)


def test_the_shipped_catalogues_impossible_rates_are_told_with_their_share() -> None:
    """A rate above the card's peak is shown with the share that it would need."""
    groups = doubts(load_catalog(), lambda _: 15.0)
    text = "\n".join(line for group in groups for line in group.sentences)
    assert "an implied MFU of 1,500\xa0%" in text
