"""The prices of the installed package genai-prices, read offline.

https://github.com/pydantic/genai-prices: what it bundles is read; its update from the network is
never called.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any, Final

from core.catalog.check.price_list import Lacked, PriceList, Quote, is_embedding
from core.catalog.schema import Catalog, PriceUnit
from core.errors import CatalogError

PACKAGE: Final = "genai-prices"
INSTALL: Final = 'python -m pip install -e ".[prices]"'

THEIR_IDS: Final = {"bedrock": "aws", "azure-openai": "azure", "voyage": "voyageai"}
"""Our provider's id -> theirs, where they differ."""
_VECTORS_ONLY: Final = ("voyageai",)
"""Providers all of whose models there make vectors, whatever they are called."""


def genai_list(catalog: Catalog, today: date) -> PriceList:
    """What the package says today of the catalogue's offers. Raises CatalogError without it."""
    theirs = {provider.id: provider for provider in _providers()}
    quotes: dict[str, Quote] = {}
    known: set[tuple[str, str]] = set()
    for ours in catalog.providers:
        if (provider := theirs.get(THEIR_IDS.get(ours.id, ours.id))) is None:
            continue
        for offer in ours.api_offers:
            model = provider.find_model(offer.wire_model)
            if model is not None:
                quotes[f"{ours.id}/{offer.id}"] = _quote(model, today)
                known.add((provider.id, model.id))
    lacked = tuple(_lacked(theirs.values(), known, today))
    number = version(PACKAGE)
    return PriceList(f"{PACKAGE} {number}", PACKAGE, number, quotes, lacked)


def _providers() -> Any:
    try:
        from genai_prices.data import providers  # noqa: PLC0415 -- an extra; and 0.3 s of import
    except ImportError:
        raise CatalogError(f"The package {PACKAGE} is not installed. Run: {INSTALL}") from None
    return providers


def _quote(model: Any, today: date) -> Quote:
    """The price of input tokens; one with tiers is left out, for it is more than a number."""
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    usd = getattr(model.get_prices(noon), "input_mtok", None)
    batch = getattr(model.get_prices(noon, {"processing": "batch"}), "input_mtok", None)
    if not isinstance(usd, Decimal) or usd <= 0:
        return Quote(model.id, {})
    cheaper = batch if isinstance(batch, Decimal) and 0 < batch < usd else None
    return Quote(model.id, {PriceUnit.PER_MTOK: usd}, cheaper)


def _lacked(providers: Any, known: set[tuple[str, str]], today: date) -> Iterator[Lacked]:
    """Embedding models that the catalogue lacks; those that they call deprecated are none."""
    ours = {theirs: our for our, theirs in THEIR_IDS.items()}
    for provider in providers:
        for model in provider.models:
            vectors = provider.id in _VECTORS_ONLY or is_embedding(
                model.id, model.name, model.description
            )
            if vectors and not model.deprecated and (provider.id, model.id) not in known:
                name = ours.get(provider.id, provider.id)
                yield Lacked(name, model.id, _quote(model, today).usd)
