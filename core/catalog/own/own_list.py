"""What is of one's own, as a list: each option and rate with its price, its place and its file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.catalog.own.own_rows import OwnRows, own_rows
from core.catalog.own.own_writing import RATE_PREFIX
from core.catalog.rows.facts import Card
from core.catalog.rows.offers import ApiOffer, MachineOffer, Provider
from core.catalog.rows.prices import Price
from core.catalog.rows.provenance import Source
from core.catalog.rows.rate_rows import Throughput
from core.catalog.schema import Catalog
from core.catalog.table_files import Tables
from core.scenario import OWNED_PREFIX, pair_id

RowKind = TypeVar("RowKind", Card, Throughput)


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One option or rate."""

    id: str
    kind: str
    """"API", "machine", "card" or "rate"."""
    label: str
    price: str
    """As it is billed; of a rate, the rate."""
    where: str
    """Address of an API, what works in a machine."""
    who: str
    file: str

    @property
    def is_option(self) -> bool:
        """Whether it can be compared; a rate is of another option."""
        return self.kind != "rate"


def own_entries(folder: Path, shipped: Catalog) -> tuple[OwnEntry, ...]:
    """All of a folder, newer prices of what ships left out. Raises CatalogError."""
    own = own_rows(folder, shipped, Tables())
    ships = {provider.id for provider in shipped.providers}
    added = [provider for provider in own.providers.values() if provider.id not in ships]
    return (
        *(_api(p, offer) for p in added for offer in p.api_offers),
        *(_machine(p, offer) for p in added for offer in p.machines),
        *_rows(own),
    )


def _rows(own: OwnRows) -> Iterator[OwnEntry]:
    for card in _of(own, "cards", Card):
        price = (
            "not sold alone" if card.usd_new is None else f"${card.usd_new.normalize():f} to buy"
        )
        what = f"{card.dense_tflops:g} TFLOP/s, {card.bandwidth_gb_s:g} GB/s"
        option_id = f"{OWNED_PREFIX}{card.id}"
        yield OwnEntry(option_id, "card", card.name, price, what, _who(card.source), "cards.toml")
    for row in _of(own, "throughputs", Throughput):
        of = row.machine or f"{OWNED_PREFIX}{row.card}"
        unit = "tokens" if row.tokens_per_s else "texts"
        rate = f"{row.tokens_per_s or row.texts_per_s:g} {unit}/s"
        batch = f", {row.batch_texts} a batch" if row.batch_texts else ""
        what = f"texts of {row.tokens_per_text or 0:g} tokens{batch}, {row.server}"
        rate_id = RATE_PREFIX + pair_id(of, row.model)
        who = _who(row.source)
        yield OwnEntry(rate_id, "rate", f"{row.model} on {of}", rate, what, who, "throughput.toml")


def _of(own: OwnRows, key: str, kind: type[RowKind]) -> Iterator[RowKind]:
    yield from (row for row in own.rows.get(key, ()) if isinstance(row, kind))


def _api(provider: Provider, offer: ApiOffer) -> OwnEntry:
    endpoint = provider.endpoint
    where = "" if endpoint is None else f"{endpoint.base_url} ({endpoint.wire.value})"
    return OwnEntry(
        f"{provider.id}/{offer.id}",
        "API",
        offer.label,
        price_words(offer.price),
        where,
        _who(offer.price.source),
        f"api/{provider.id}.toml",
    )


def _machine(provider: Provider, offer: MachineOffer) -> OwnEntry:
    works = f"{offer.card_count} x {offer.card}" if offer.card else f"{offer.vcpus} x {offer.cpu}"
    many = "" if offer.count is None else f", {offer.count} there"
    return OwnEntry(
        f"{provider.id}/{offer.id}",
        "machine",
        offer.label,
        "there already" if offer.purchase == "there" else price_words(offer.price),
        works + many,
        _who(offer.price.source),
        f"machine/{provider.id}.toml",
    )


def price_words(price: Price) -> str:
    """A price in words: "$0.02 per 1M tokens", "free"."""
    if price.usd == 0:
        return "free"
    return f"${price.usd.normalize():f} {price.unit.words}"


def _who(source: Source) -> str:
    return f"{source.person or source.where or 'judgement'}, {source.read}"
