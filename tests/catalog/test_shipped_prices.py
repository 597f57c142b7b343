"""The catalogue that ships: prices within reason, and in keeping with each other."""

from collections import defaultdict
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

import pytest

from core.catalog.load import DATA, load_catalog
from core.catalog.schema import Catalog, Confidence, Price, PriceUnit, SourceKind
from core.scenario import DEFAULT_OPTIONS, THIS_MACHINE, hybrid_parts
from core.units import SECONDS_PER_HOUR

# Wide enough for every market seen, narrow enough that a price entered in the wrong unit, or
# 1,000 times off, falls out. Hourly and per-second bounds are for one GPU.
BOUNDS_USD = {
    PriceUnit.PER_MTOK: (0.003, 1.0),
    PriceUnit.PER_MCHAR: (0.003, 0.3),
    PriceUnit.PER_REQUEST: (0.000_001, 0.002),
    PriceUnit.PER_SECOND: (0.000_05, 0.005),
    PriceUnit.PER_HOUR: (0.1, 15.0),
    PriceUnit.PER_MONTH: (0.1 * 730, 15.0 * 730),
}
VCPU_HOUR_USD = (0.002, 0.1)
"""Of a machine without a card, for one of its vCPUs."""
COMPARABLE_RATE = 5.0
"""Rent of one kind of card differs by less than this from the median: markets, not slips."""


class Quoted(NamedTuple):
    """A price with the option it belongs to and the GPUs it pays for."""

    option_id: str
    price: Price
    card_count: int
    card: str | None
    vcpus: int | None = None
    """Of a machine without a card."""


def quoted(catalog: Catalog) -> Iterator[Quoted]:
    """Every price of every offer, old ones included."""
    for provider in catalog.providers:
        for api in provider.api_offers:
            for price in api.prices:
                yield Quoted(f"{provider.id}/{api.id}", price, 1, api.card)
        for gpu in provider.machines:
            for price in gpu.prices:
                vcpus = None if gpu.card else gpu.vcpus
                yield Quoted(f"{provider.id}/{gpu.id}", price, gpu.card_count, gpu.card, vcpus)


def test_nothing_that_ships_is_ones_own_word(catalog: Catalog) -> None:
    """Every seller has a page, no row is of kind "yours", nothing ships that is free."""
    assert all(provider.homepage for provider in catalog.providers)
    assert '"yours"' not in catalog.model_dump_json(exclude={"queue"})
    assert all(quote.price.usd > 0 for quote in quoted(catalog))


ALL = list(quoted(load_catalog()))
IDS = [f"{quote.option_id} {quote.price.source.as_of}" for quote in ALL]


def bounds_usd(quote: Quoted) -> tuple[float, float]:
    """Between which a price may lie: of one card, or of all vCPUs of a machine without one."""
    if quote.vcpus is None:
        return BOUNDS_USD[quote.price.unit]
    hours = 730 if quote.price.unit is PriceUnit.PER_MONTH else 1
    return VCPU_HOUR_USD[0] * quote.vcpus * hours, VCPU_HOUR_USD[1] * quote.vcpus * hours


@pytest.mark.parametrize("quote", ALL, ids=IDS)
def test_a_price_is_within_reason_for_its_unit(quote: Quoted) -> None:
    """Price, range, batch price and tiers lie where such prices lie."""
    price = quote.price
    low, high = bounds_usd(quote)
    numbers = [price.usd, price.low, price.high, price.batch_usd, *(t.usd for t in price.tiers)]
    for usd in (float(n) / quote.card_count for n in numbers if n is not None):
        assert low <= usd <= high


@pytest.mark.parametrize("quote", ALL, ids=IDS)
def test_a_price_claims_no_more_than_its_source_gives(quote: Quoted) -> None:
    """A list price is dated to the month at least; a secondary one is never above low."""
    source = quote.price.source
    assert source.kind in {SourceKind.LIST_PRICE, SourceKind.SECONDARY}
    assert source.where
    assert source.dated is not None
    if source.kind is SourceKind.LIST_PRICE:
        assert len(source.as_of) >= len("2026-11")
    else:
        assert source.confidence is Confidence.LOW


HOURLY = {
    PriceUnit.PER_SECOND: SECONDS_PER_HOUR,
    PriceUnit.PER_HOUR: 1,
    PriceUnit.PER_MONTH: 1 / 730,
}


def rates_usd_per_gpu_hour() -> dict[str, list[tuple[str, float]]]:
    """Rent of each card by the hour, whatever the unit it is billed in; on demand only."""
    rates = defaultdict(list)
    for option_id, price, card_count, card, _ in ALL:
        if card is None or "spot" in option_id:
            continue
        hours = HOURLY[price.unit]
        rates[card].append((option_id, float(price.usd) * hours / card_count))
    return rates


@pytest.mark.parametrize(("card", "rates"), rates_usd_per_gpu_hour().items())
def test_rents_of_one_card_are_comparable(card: str, rates: list[tuple[str, float]]) -> None:
    """Per second, per hour and per instance of eight come to the same order of money."""
    middle = median(rate for _, rate in rates)
    odd = [r for r in rates if not middle / COMPARABLE_RATE <= r[1] <= middle * COMPARABLE_RATE]
    assert not odd, f"{card}: around {middle} USD/h"


def test_spot_is_cheaper_than_on_demand(catalog: Catalog) -> None:
    """A spot price above the same machine's on-demand price would be a slip."""
    for provider in catalog.providers:
        offers = {offer.id: offer for offer in provider.machines}
        for offer in offers.values():
            on_demand = offers.get(offer.id.removesuffix("-spot"))
            if offer.purchase == "spot" and on_demand not in {None, offer}:
                assert on_demand is not None
                assert offer.price.usd < on_demand.price.usd


def test_every_default_option_is_sold(catalog: Catalog) -> None:
    """The first screen asks for nothing that the catalogue lacks."""
    parts = {part for name in DEFAULT_OPTIONS for part in hybrid_parts(name) or (name,)}
    assert parts - {THIS_MACHINE} <= set(catalog.option_ids())


def test_everything_that_the_note_names_is_there(catalog: Catalog) -> None:
    """RTX 4080, p3.2xlarge, OpenAI, Hugging Face, Together and Replicate have their place."""
    ids = set(catalog.option_ids())
    assert {
        "openai/text-embedding-3-small",
        "openai/text-embedding-3-large",
        "openai/text-embedding-ada-002",
        "huggingface/hf-inference",
        "together/multilingual-e5-large-instruct",
        "replicate/t4",
        "aws/p3.2xlarge",
        "owned/rtx-4080",
    } <= ids
    assert any(i.startswith("huggingface/endpoint-") for i in ids)


def test_the_notes_prices_belong_where_the_market_has_them(catalog: Catalog) -> None:
    """0.0001 per 1K tokens is ada-002's price, and 500 tokens at HF cost far below 0.0006."""
    small = catalog.find_api("openai/text-embedding-3-small")
    large = catalog.find_api("openai/text-embedding-3-large")
    ada = catalog.find_api("openai/text-embedding-ada-002")
    face = catalog.find_api("huggingface/hf-inference")
    assert small
    assert large
    assert ada
    assert face
    assert float(ada[1].price.usd) == pytest.approx(0.0001 * 1000)
    assert small[1].price.usd < ada[1].price.usd < large[1].price.usd
    seconds = face[1].seconds_per_request
    assert seconds is not None
    assert float(face[1].price.usd) * seconds < 0.0006 / 50


def test_the_withdrawn_instance_stays_and_says_so(catalog: Catalog) -> None:
    """p3.2xlarge is kept, marked; the RTX 4080 is no longer made."""
    p3, card = catalog.find_machine("aws/p3.2xlarge"), catalog.card("rtx-4080")
    assert p3
    assert card
    assert (p3[1].status, p3[1].card, str(p3[1].price.usd)) == ("withdrawn", "v100-16", "3.06")
    assert (str(card.usd_new), card.discontinued) == ("1199", True)


def test_openai_has_its_entry_limit_on_every_model(catalog: Catalog) -> None:
    """A million tokens a minute bind long before the cost does."""
    provider = next(p for p in catalog.providers if p.id == "openai")
    limits = [provider.limit_of(offer.id) for offer in provider.api_offers]
    assert [limit and (limit.tier, limit.tokens_per_minute) for limit in limits] == [
        ("tier 1", 1_000_000)
    ] * 3


def test_a_provider_without_an_endpoint_says_why(catalog: Catalog) -> None:
    """Priced and not probed is a state with a reason, written in its file."""
    for provider in catalog.providers:
        if provider.api_offers and provider.endpoint is None:
            text = next(DATA.glob(f"*/{provider.id}.toml")).read_text(encoding="utf-8")
            assert "No endpoint: " in text.partition("\nid = ")[0]


def test_an_endpoint_is_safe_to_send_a_key_to(catalog: Catalog) -> None:
    """HTTPS, a key variable of its own, no credentials, query or path's end in the address."""
    endpoints = [p.endpoint for p in catalog.providers if p.endpoint is not None]
    keys = [endpoint.key_env for endpoint in endpoints]
    assert len(keys) == len(set(keys))
    for endpoint in endpoints:
        assert endpoint.base_url.scheme == "https"
        assert endpoint.key_env
        assert endpoint.base_url.username is None
        assert endpoint.base_url.query is None
        assert not str(endpoint.base_url).endswith(("/", "/embeddings", "/embed"))
