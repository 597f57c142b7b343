"""The prices of a copy of LiteLLM's map, a JSON file that somebody names.

The form of https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json: a key
a model, ``litellm_provider``, ``mode``, and costs in USD for one token or character. 0.0 stands
there for what nobody entered, so it is unknown here.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from core.catalog.check.price_list import Lacked, PriceList, Quote
from core.catalog.schema import Catalog, PriceUnit
from core.errors import CatalogError

PACKAGE: Final = "litellm"
MOST_BYTES: Final = 50_000_000
MILLION: Final = 1_000_000

OUR_IDS: Final = {
    "azure": "azure-openai",
    "azure_ai": "azure-openai",
    "gemini": "google",
    "vertex_ai": "vertex",
    "vertex_ai-embedding-models": "vertex",
    "together_ai": "together",
    "fireworks_ai": "fireworks",
    "fireworks_ai-embedding-models": "fireworks",
    "jina_ai": "jina",
    "cohere_chat": "cohere",
}
"""Their provider -> our id, where they differ."""
_COSTS: Final = {
    "input_cost_per_token": PriceUnit.PER_MTOK,
    "input_cost_per_character": PriceUnit.PER_MCHAR,
}
_BATCH: Final = "input_cost_per_token_batches"


def litellm_list(file: Path, catalog: Catalog) -> PriceList:
    """What a file says of the catalogue's offers. Raises CatalogError for another form."""
    rows = dict(_embeddings(_read(file), file))
    known = {
        (provider.id, offer.wire_model.lower()): f"{provider.id}/{offer.id}"
        for provider in catalog.providers
        for offer in provider.api_offers
    }
    quotes = {known[key]: quote for key, quote in rows.items() if key in known}
    lacked = tuple(
        Lacked(provider, quote.model, quote.usd)
        for (provider, name), quote in rows.items()
        if (provider, name) not in known
    )
    return PriceList(f"LiteLLM ({file.name})", PACKAGE, "", quotes, lacked)


def _read(file: Path) -> Mapping[str, Any]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise CatalogError(
                f"{file} has more than {MOST_BYTES // MILLION} MB: it is no price map"
            )
        document = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise CatalogError(f"{file} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError, ArithmeticError):
        raise CatalogError(f"{file} is no JSON: give a copy of LiteLLM's price map") from None
    if not isinstance(document, dict):
        raise CatalogError(f"{file} is no price map: its JSON must be an object, a key a model")
    return document


def _embeddings(document: Mapping[str, Any], file: Path) -> Iterator[tuple[tuple[str, str], Quote]]:
    """Provider and model in small letters, with the quote, of each model that embeds."""
    any_row = False
    for key, row in document.items():
        if not isinstance(row, dict) or row.get("mode") != "embedding":
            continue
        theirs = str(row.get("litellm_provider", ""))
        any_row = True
        usd = {unit: cost * MILLION for name, unit in _COSTS.items() if (cost := _cost(row, name))}
        batch = _cost(row, _BATCH)
        quote = Quote(key, usd, None if batch is None else batch * MILLION)
        yield (OUR_IDS.get(theirs, theirs), _model(key, theirs).lower()), quote
    if not any_row:
        raise CatalogError(f"{file} has no model of the mode embedding: it is no price map")


def _cost(row: Mapping[str, Any], name: str) -> Decimal | None:
    """USD for one; None where it is absent, 0 or no number."""
    cost = row.get(name)
    if isinstance(cost, bool) or not isinstance(cost, Decimal | int):
        return None
    cost = Decimal(cost)
    return cost if cost.is_finite() and cost > 0 else None


def _model(key: str, provider: str) -> str:
    """The API's own name: without the provider before it, where that is there."""
    first, slash, rest = key.partition("/")
    return rest if slash and provider.startswith(first) else key
