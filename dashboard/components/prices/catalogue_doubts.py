"""What in the catalogue deserves doubt: disagreement, impossible rates, offers gone from sale."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.catalog.schema import ApiOffer, Catalog, MachineOffer, Price, Source, Throughput
from dashboard import formats
from dashboard.components.prices.catalogue_tables import (
    NOT_USED,
    ImpliedMfu,
    hardware_text,
    rate_status,
)


@dataclass(frozen=True, slots=True)
class Doubts:
    """Sentences under one heading."""

    heading: str
    sentences: tuple[str, ...]


def doubts(catalog: Catalog, implied_mfu: ImpliedMfu) -> tuple[Doubts, ...]:
    """Everything that a reader of the tables should know first; empty headings are left out."""
    groups = (
        Doubts("Sources that disagree", tuple(_disagreements(catalog))),
        Doubts("Sources that contradict what stood here", tuple(_contradictions(catalog))),
        Doubts("Prices that changed", tuple(_changes(catalog))),
        Doubts("Published rates that are not used", tuple(_unusable(catalog, implied_mfu))),
        Doubts("No longer sold, or on the way out", tuple(_gone(catalog))),
    )
    return tuple(group for group in groups if group.sentences)


def _offers(catalog: Catalog) -> Iterator[ApiOffer | MachineOffer]:
    for provider in catalog.providers:
        yield from provider.api_offers
        yield from provider.machines


def _disagreements(catalog: Catalog) -> Iterator[str]:
    for offer in _offers(catalog):
        if offer.price.low is not None or offer.price.high is not None:
            yield f"{offer.label}: {price_spread(offer.price)}."
        elif _says_so(offer.price.source):
            yield f"{offer.label}: {offer.price.source.note.rstrip('.')}."
    for card in catalog.cards:
        if card.usd_street_low is not None and card.usd_street_high is not None:
            low, high = (
                formats.usd(float(price)) for price in (card.usd_street_low, card.usd_street_high)
            )
            new = f", {formats.usd(float(card.usd_new))} at launch" if card.usd_new else ""
            yield f"{card.name}: {low} to {high} in the shops{new}."
    for name, source in _facts(catalog):
        if _says_so(source):
            yield f"{name}: {source.note.rstrip('.')}."


def _contradictions(catalog: Catalog) -> Iterator[str]:
    for row in catalog.conflicts:
        yield (
            f"{row.about}, {row.field}: {row.stood.rstrip('.')}; a source says "
            f"{row.found.rstrip('.')}. {row.made_of_it}."
        )


def _says_so(source: Source) -> bool:
    """A datasheet's figures fit in no range: the row's note then says in words that they differ."""
    return "sources disagree" in source.note.casefold()


def price_spread(price: Price) -> str:
    """What the sources of a price say, from lowest to highest, and what is used."""
    low, high = price.low or price.usd, price.high or price.usd
    unit = formats.PRICE_UNITS[price.unit]
    return f"sources say {usd(low)} to {usd(high)} {unit}; {usd(price.usd)} is used"


def usd(amount: Decimal) -> str:
    """A price as quoted: $0.0125."""
    return formats.usd_exact(float(amount))


def _facts(catalog: Catalog) -> Iterator[tuple[str, Source]]:
    yield from ((card.name, card.source) for card in catalog.cards)
    yield from ((model.id, model.source) for model in catalog.models)
    yield from ((row.label, row.source) for row in catalog.assumptions)


def _changes(catalog: Catalog) -> Iterator[str]:
    for offer in _offers(catalog):
        if len(offer.prices) > 1:
            history = ", then ".join(
                f"{usd(price.usd)} ({price.source.as_of})" for price in offer.prices
            )
            yield f"{offer.label}: {history} {formats.PRICE_UNITS[offer.price.unit]}."


def _unusable(catalog: Catalog, implied_mfu: ImpliedMfu) -> Iterator[str]:
    for row in catalog.throughputs:
        if rate_status(row) == NOT_USED:
            share = implied_mfu(row)
            implied = "" if share is None else f", an implied MFU of {formats.percent(share)}"
            yield (
                f"{row.model} on {hardware_text(row)} ({row.server}): {rate_text(row)}{implied}. "
                f"{row.verdict[:1].upper()}{row.verdict[1:].rstrip('.')}."
            )


def rate_text(row: Throughput) -> str:
    """The published rate in the unit that the source gives."""
    if row.tokens_per_s is not None:
        return f"{formats.count(row.tokens_per_s)} tokens/s"
    return "" if row.texts_per_s is None else f"{formats.count(row.texts_per_s)} texts/s"


def _gone(catalog: Catalog) -> Iterator[str]:
    for offer in _offers(catalog):
        if offer.status != "current":
            note = f": {offer.note.rstrip('.')}" if offer.note else ""
            yield f"{offer.label} is {offer.status}{note}."
    for card in catalog.cards:
        if card.discontinued:
            yield f"{card.name} is discontinued."
