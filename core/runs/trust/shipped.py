"""The catalogue that ships with the product: what is trusted with a key, and at what price."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from core.catalog.load import load_catalog
from core.catalog.schema import ApiOffer, Catalog, Endpoint, Provider
from core.probe.records.probe_plan import ApiTarget
from core.runs.trust.origin import Origin, origin_of


@lru_cache(maxsize=1)
def shipped() -> Catalog:
    """Read once. No file of a user's is part of it."""
    return load_catalog()


@lru_cache(maxsize=1)
def origins_of_keys() -> Mapping[str, frozenset[Origin]]:
    """Servers that a key may be sent to, by the variable that holds it."""
    origins: dict[str, set[Origin]] = {}
    for _, endpoint in _endpoints():
        if endpoint.key_env is not None:
            origins.setdefault(endpoint.key_env, set()).add(origin_of(endpoint))
    return {name: frozenset(theirs) for name, theirs in origins.items()}


def provider_at(origin: Origin) -> Provider | None:
    """Whose server this is, where the catalogue knows it."""
    return next((p for p, endpoint in _endpoints() if origin_of(endpoint) == origin), None)


def offer_asked(target: ApiTarget) -> tuple[Provider, ApiOffer] | None:
    """The offer that this target asks: the catalogue's own address, format and model name."""
    asked = target.endpoint
    for provider, endpoint in _endpoints():
        if (endpoint.wire, endpoint.base_url) == (asked.wire, asked.base_url):
            for offer in provider.api_offers:
                if offer.wire_model == target.wire_model:
                    return provider, offer
    return None


def _endpoints() -> Iterator[tuple[Provider, Endpoint]]:
    for provider in shipped().providers:
        if provider.endpoint is not None:
            yield provider, provider.endpoint
